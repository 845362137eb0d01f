//! Choosing by a paste: identifiers or names from a sheet, a ticket, a mail; with what was recognised and what not.

use std::collections::HashSet;
use std::time::Duration;

use console_ipc::IpcError;
use leptos::prelude::*;

use super::targets::{TargetKind, Targets};
use crate::format;
use crate::kit::{
    Button, CopyButton, Dialog, ErrorNotice, Form, FormFrame, Kind, Look, Notice, Sign, StateSign,
    TextField, Tone, Width,
};
use crate::names;
use crate::state::App;
use crate::table::{Picked, find};
use crate::words;
use crate::words::batch_jobs::targets as texts;

/// Rest of the typing before the names are looked up.
const REST: Duration = Duration::from_millis(200);

/// What of a paste is what.
#[derive(Clone, Default, PartialEq)]
struct Recognised {
    /// Found, and not chosen yet.
    new: Vec<Picked>,
    /// Found, and chosen already.
    chosen: usize,
    /// Found nowhere.
    unknown: Vec<String>,
}

/// Asks for a paste and adds what it names.
#[component]
pub(super) fn Paste(
    targets: Targets,
    open: RwSignal<bool>,
    #[prop(into)] on_pick: Callback<Vec<Picked>>,
) -> AnyView {
    view! {
        <Dialog open=open title=texts::paste width=Width::Wide>
            <Content targets=targets open=open on_pick=on_pick />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Content(targets: Targets, open: RwSignal<bool>, on_pick: Callback<Vec<Picked>>) -> AnyView {
    let kind = targets.kind;
    let form = Form::new();
    let typed = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| typed.with(|typed| names::split(typed)));
    let found = RwSignal::new(None::<Recognised>);
    let failed = RwSignal::new(None::<IpcError>);
    // Counts lookups, so that late answers to older ones are dropped.
    let count = StoredValue::new(0_u64);
    let freshness = App::expect().freshness(kind.resource());
    let complete = Memo::new(move |_| freshness.with(|it| it.as_of_ms.is_some()));
    Effect::new(move |_| {
        let wanted = wanted.get();
        // More may be recognised when more rows are there.
        freshness.with(|_| ());
        let number = count.try_update_value(|count| {
            *count += 1;
            *count
        });
        if wanted.is_empty() {
            found.set(None);
            failed.set(None);
            return;
        }
        let is_late = move || count.try_get_value() != number;
        let look = move || {
            if is_late() {
                return;
            }
            wasm_bindgen_futures::spawn_local(async move {
                let answer = recognise(kind, wanted).await;
                if is_late() {
                    return;
                }
                match answer {
                    Ok((rows, unknown)) => {
                        let known: HashSet<String> = targets.list.with_untracked(|all| {
                            all.iter().map(|target| target.id.clone()).collect()
                        });
                        let (old, new): (Vec<Picked>, Vec<Picked>) =
                            rows.into_iter().partition(|row| known.contains(&row.id));
                        failed.set(None);
                        found.set(Some(Recognised {
                            new,
                            chosen: old.len(),
                            unknown,
                        }));
                    }
                    Err(error) => failed.set(Some(error)),
                }
            });
        };
        set_timeout(look, REST);
    });
    let new =
        Memo::new(move |_| found.with(|found| found.as_ref().map_or(0, |found| found.new.len())));
    let submit = move || {
        let picked = found.with_untracked(|found| found.as_ref().map(|it| it.new.clone()));
        if let Some(picked) = picked.filter(|picked| !picked.is_empty()) {
            form.saved();
            open.set(false);
            on_pick.run(picked);
        }
    };
    let verdict = move || found.get().map(verdict);
    let reading = move || {
        (!complete.get() && !wanted.with(Vec::is_empty))
            .then(|| view! { <Notice tone=Tone::Info text=texts::still_reading /> })
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <div class="job-paste">
                <TextField
                    label=texts::pasted
                    value=typed
                    help=texts::pasted_help
                    kind=Kind::CodeLines
                    required=true
                    autofocus=true
                />
            </div>
            {reading}
            {move || failed.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div role="status">{verdict}</div>
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || open.set(false) />
                <Button
                    label=move || match new.get() {
                        0 => texts::add.get().to_owned(),
                        count => texts::add_some(format::count(count as u64)),
                    }
                    look=Look::Primary
                    submit=true
                    disabled=Signal::derive(move || new.get() == 0)
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// What was recognised, and what not: in words, with what isn't known to be copied.
fn verdict(found: Recognised) -> AnyView {
    let line = |sign: Sign, text: String| view! { <li><StateSign sign=sign word=text /></li> };
    let number = |count: usize| format::count(count as u64);
    let new = line(Sign::Good, texts::recognised(number(found.new.len())));
    let chosen = (found.chosen > 0).then(|| line(Sign::Off, texts::chosen(number(found.chosen))));
    let unknown = (!found.unknown.is_empty()).then(|| {
        let all = found.unknown.join("\n");
        view! {
            {line(Sign::Bad, texts::unknown(number(found.unknown.len())))}
            <li class="job-unknown">
                <pre class="code selectable" tabindex="0" aria-label=texts::unknown_label>{all.clone()}</pre>
                <CopyButton text=all />
            </li>
        }
    });
    view! { <ul class="job-verdict">{new} {chosen} {unknown}</ul> }.into_any()
}

/// The rows that are named by their identifiers or names, each once, and what names none.
async fn recognise(
    kind: &'static TargetKind,
    wanted: Vec<String>,
) -> Result<(Vec<Picked>, Vec<String>), IpcError> {
    let mut rows = find(kind.resource(), "id", &wanted).await?;
    rows.extend(find(kind.resource(), "name", &wanted).await?);
    let mut once = HashSet::new();
    rows.retain(|row| once.insert(row.id.clone()));
    // Filters don't tell upper from lower case, so neither does this.
    let known: HashSet<String> = rows
        .iter()
        .flat_map(|row| [row.id.to_lowercase(), row.name.to_lowercase()])
        .collect();
    let unknown = wanted.into_iter();
    let unknown = unknown
        .filter(|name| !known.contains(&name.to_lowercase()))
        .collect();
    Ok((rows, unknown))
}
