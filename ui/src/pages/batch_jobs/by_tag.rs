//! Choosing all that have a tag.

use console_ipc::IpcError;
use console_ipc::inventory::{CountValues, CountsAnswer};
use console_ipc::query::Query;
use leptos::prelude::*;

use super::targets::{MOST, TargetKind};
use crate::format;
use crate::kit::{
    Button, Choice, Dialog, ErrorNotice, Form, FormFrame, Look, Notice, Select, Skeleton, Tone,
};
use crate::pages::parts::Asked;
use crate::state::App;
use crate::table::{NotGathered, Picked, matching, one_of};
use crate::words;
use crate::words::batch_jobs::targets as texts;

/// Asks for a tag and adds all that have it.
#[component]
pub(super) fn ByTag(
    kind: &'static TargetKind,
    open: RwSignal<bool>,
    #[prop(into)] on_pick: Callback<Vec<Picked>>,
    /// Called with their number when they are too many.
    #[prop(into)]
    on_many: Callback<u64>,
) -> AnyView {
    view! {
        <Dialog open=open title=texts::by_tag>
            <Content kind=kind open=open on_pick=on_pick on_many=on_many />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Content(
    kind: &'static TargetKind,
    open: RwSignal<bool>,
    on_pick: Callback<Vec<Picked>>,
    on_many: Callback<u64>,
) -> AnyView {
    let form = Form::new();
    let tag = RwSignal::new(String::new());
    let freshness = App::expect().freshness(kind.resource());
    let asked = Asked::new(
        move || {
            // Read, not only tracked: a memo that was never read never tells.
            freshness.with(|_| ());
            CountValues {
                resource: kind.resource().to_owned(),
                columns: vec![kind.tags.to_owned()],
                query: Query::default(),
            }
        },
        |answer: CountsAnswer| {
            let complete = answer.freshness.as_of_ms.is_some();
            let mut tags = answer.counts.into_iter().next().unwrap_or_default();
            tags.retain(|(tag, _)| !tag.is_empty());
            tags.sort();
            (tags, complete)
        },
    );
    let choices = Signal::derive(move || {
        asked.value.with(|known| {
            let tags = known.iter().flat_map(|(tags, _)| tags);
            tags.map(|(tag, count)| {
                Choice::new(tag.clone(), format!("{tag} ({})", format::count(*count)))
            })
            .collect::<Vec<_>>()
        })
    });
    let state = Memo::new(move |_| {
        asked.value.with(|known| {
            known
                .as_ref()
                .map(|(tags, complete)| (tags.len(), *complete))
        })
    });
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<IpcError>);
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        let query = Query {
            filter: one_of(kind.tags, vec![tag.get_untracked()]),
            ..Query::default()
        };
        busy.set(true);
        failed.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            let found = matching(kind.resource(), query, MOST).await;
            busy.try_set(false);
            // Nobody waits for them in a dialog that is closed.
            match found {
                Ok(found) => {
                    form.saved();
                    let _ = on_pick.try_run(found);
                    open.try_set(false);
                }
                Err(NotGathered::TooMany(count)) => {
                    form.saved();
                    let _ = on_many.try_run(count);
                    open.try_set(false);
                }
                Err(NotGathered::Failed(error)) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let error = move || failed.get().or_else(|| asked.error.get());
    let body = move || {
        match state.get() {
        None | Some((0, false)) => view! { <Skeleton lines=2 /> }.into_any(),
        Some((0, true)) => {
            view! { <Notice tone=Tone::Info text=texts::no_tags /> }.into_any()
        }
        Some(_) => view! {
            <FormFrame form=form on_submit=submit>
                <Select label=texts::tag choices=choices value=tag help=texts::tag_help required=true />
                <div class="dialog-actions">
                    <Button label=words::kit::cancel on_press=move || open.set(false) />
                    <Button label=texts::add look=Look::Primary submit=true busy=busy />
                </div>
            </FormFrame>
        }
        .into_any(),
    }
    };
    view! {
        {move || error().map(|error| view! { <ErrorNotice error=error on_retry=move || asked.reload() /> })}
        {body}
    }
    .into_any()
}
