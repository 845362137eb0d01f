//! Unlocking writes: for how long, and why.

use std::cell::Cell;
use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::profile::UnlockWrites;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::kit::form::Check;
use crate::kit::{
    Button, Choice, Dialog, ErrorNotice, Form, FormFrame, Kind, Look, NumberField, Radio, TextField,
};
use crate::state::App;
use crate::{ipc, words};

/// Most characters of a reason.
const REASON_MAX: usize = 500;

/// What the radio says for a length of one's own.
const OTHER: &str = "other";

thread_local! {
    static OPEN: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
}

/// Asks for how long and why, then unlocks.
pub fn ask() {
    if let Some(open) = OPEN.get() {
        open.set(true);
    }
}

/// The dialog. Stands once, in the frame.
#[component]
pub fn UnlockDialog() -> AnyView {
    let open = RwSignal::new(false);
    OPEN.set(Some(open));
    view! {
        <Dialog open=open title=words::guard::unlock_title>
            <Content open=open />
        </Dialog>
    }
    .into_any()
}

fn short_enough(reason: &str) -> Result<(), String> {
    match reason.trim().chars().count() {
        0 => Err(words::problems::missing.get().to_owned()),
        length if length > REASON_MAX => Err(words::problems::too_long(length, REASON_MAX)),
        _ => Ok(()),
    }
}

#[component]
fn Content(open: RwSignal<bool>) -> AnyView {
    let app = App::expect();
    let form = Form::new();
    let choice = RwSignal::new("15".to_owned());
    let minutes = RwSignal::new(Some(15));
    let reason = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    let submit = move || {
        let minutes = match choice.get_untracked().parse() {
            Ok(minutes) => minutes,
            Err(_) => minutes
                .get_untracked()
                .and_then(|it| u32::try_from(it).ok())
                .unwrap_or(15),
        };
        let request = UnlockWrites {
            minutes,
            reason: reason.get_untracked().trim().to_owned(),
        };
        busy.set(true);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(guard) => {
                    form.saved();
                    app.guard.set(guard);
                    open.set(false);
                }
                Err(failed) => error.set(Some(failed)),
            }
        });
    };
    let choices = [15, 60, 240]
        .map(|minutes| Choice::new(minutes.to_string(), move || words::guard::minutes(minutes)))
        .into_iter()
        .chain([Choice::new(OTHER, words::guard::other)])
        .collect::<Vec<_>>();
    let name = move || {
        app.profile()
            .map(|profile| profile.name)
            .unwrap_or_default()
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p>{move || words::guard::unlock_text(name())}</p>
            <Radio label=words::guard::how_long choices=choices value=choice inline=true />
            {move || (choice.get() == OTHER).then(|| view! {
                <NumberField
                    label=words::guard::minutes_label
                    value=minutes
                    unit=words::guard::unit
                    min=1
                    max=480
                    required=true
                />
            })}
            <TextField
                label=words::guard::reason
                help=words::guard::reason_help
                value=reason
                check=Arc::new(short_enough) as Check
                kind=Kind::Lines
                required=true
                autofocus=true
            />
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || open.set(false) />
                <Button label=words::guard::unlock look=Look::Primary submit=true busy=busy />
            </div>
        </FormFrame>
    }
    .into_any()
}
