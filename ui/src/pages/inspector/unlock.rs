//! What a passphrase would open, and the field for it. It is used once: the host wipes it, and the field is emptied.

use console_ipc::IpcError;
use console_ipc::inspect::UnlockInspection;
use console_ipc::secret::InwardSecret;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::desk::Desk;
use crate::ipc;
use crate::kit::{
    Button, ErrorNotice, Form, FormFrame, Glyph, Kind, Notice, Sign, TextField, Tone, icon, sign,
};
use crate::state::App;
use crate::words::inspector::locked as texts;

/// What is locked, with the field for its passphrase; and what one has opened.
#[component]
pub(super) fn Locked(
    /// The inspection.
    id: String,
    /// Where it is locked.
    places: Memo<Vec<String>>,
    desk: Desk,
) -> AnyView {
    let id = StoredValue::new(id);
    let opened = RwSignal::new(Vec::<String>::new());
    let any = Memo::new(move |_| places.with(|it| !it.is_empty()));
    let came = move || {
        let places = opened.get();
        (!places.is_empty()).then(|| {
            view! {
                <p class="after" role="status">{sign(Sign::Good)} <span>{texts::opened(places.join(", "))}</span></p>
            }
        })
    };
    let part = move || {
        any.get().then(|| {
            view! {
                <section class="report-part locked">
                    <h2 class="row">{icon(Glyph::Lock)} {texts::title}</h2>
                    <p class="second">{move || texts::text(places.get().join(", "))}</p>
                    <Passphrase id=id opened=opened desk=desk />
                </section>
            }
        })
    };
    view! { {part} {came} }.into_any()
}

#[component]
fn Passphrase(id: StoredValue<String>, opened: RwSignal<Vec<String>>, desk: Desk) -> AnyView {
    let form = Form::question();
    let passphrase = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    // The field is made anew for each try: it is not the user who left it empty.
    let tries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        if passphrase.with(|it| !it.is_empty()) {
            wrong.set(false);
        }
    });
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        // Taken out of the field: nothing keeps it here.
        let typed = passphrase.try_update(std::mem::take).unwrap_or_default();
        let request = UnlockInspection {
            id: id.get_value(),
            passphrase: InwardSecret::new(typed),
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            tries.try_update(|tries| *tries += 1);
            match answer {
                Ok(unlocked) if unlocked.opened.is_empty() => {
                    wrong.try_set(true);
                }
                Ok(unlocked) => {
                    opened.try_set(unlocked.opened);
                    App::expect().inspections.update(|count| *count += 1);
                    desk.changed();
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <div class="locked-form">
                {move || {
                    let again = tries.get() > 0;
                    view! {
                        <TextField
                            label=texts::passphrase
                            help=texts::help
                            value=passphrase
                            kind=Kind::Secret
                            required=true
                            autofocus=again
                        />
                    }
                }}
                <Button label=texts::r#try glyph=Glyph::Unlock submit=true busy=busy />
            </div>
            {move || wrong.get().then(|| view! { <Notice tone=Tone::Bad text=texts::wrong /> })}
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
        </FormFrame>
    }
    .into_any()
}
