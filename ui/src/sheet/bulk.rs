//! The sheet of a bulk action: first the plan, then the task.

use std::sync::Arc;

use console_ipc::bulk::{BulkPlan, PlanBulk, StartBulk, TaskState, TaskSummary};
use console_ipc::{ErrorKind, IpcError};
use leptos::prelude::*;

use super::change::Bulk;
use super::host::focus_sheet;
use super::task::TaskView;
use crate::kit::form::Check;
use crate::kit::{
    Button, ErrorNotice, Form, FormFrame, Look, Notice, Skeleton, Text, TextField, Tone,
};
use crate::state::App;
use crate::words::sheet as texts;
use crate::words::sheet::bulk as bulks;
use crate::{format, ipc, shell, words};

/// Where a bulk action stands.
#[derive(Clone)]
enum Stage {
    Planning,
    Planned(Box<BulkPlan>),
    Stuck(IpcError),
    Started(String),
}

/// The sheet.
#[component]
pub fn BulkSheet(
    /// What it does.
    bulk: Arc<Bulk>,
    /// Closes it. A task goes on without it.
    #[prop(into)]
    on_close: Callback<()>,
) -> AnyView {
    let stage = RwSignal::new(Stage::Planning);
    // Why the plan is another one than the user has seen before.
    let changed = RwSignal::new(false);
    let request = PlanBulk {
        action: bulk.action.clone(),
    };
    let plan = move || {
        let request = request.clone();
        stage.set(Stage::Planning);
        wasm_bindgen_futures::spawn_local(async move {
            stage.try_set(match ipc::call(request).await {
                Ok(plan) => Stage::Planned(Box::new(plan)),
                Err(error) => Stage::Stuck(error),
            });
        });
    };
    plan();
    let again = Callback::new(move |()| plan());
    let sentence = bulk.sentence.clone();
    view! {
        <p class="sheet-sentence">{sentence.view()}</p>
        {move || match stage.get() {
            Stage::Planning => view! { <Skeleton lines=3 /> }.into_any(),
            Stage::Stuck(error) => view! { <ErrorNotice error=error on_retry=again /> }.into_any(),
            Stage::Planned(plan) => view! {
                {changed.get_untracked().then(|| view! { <Notice tone=Tone::Attention text=bulks::changed /> })}
                <Planned bulk=bulk.clone() plan=*plan stage=stage on_changed=move |()| {
                    changed.set(true);
                    again.run(());
                } on_close=on_close />
            }
            .into_any(),
            Stage::Started(id) => view! {
                <TaskView id=id.clone() />
                <div class="dialog-actions sheet-actions">
                    <span class="second sheet-keys">{move || goes_on(&id).then(|| bulks::goes_on.get())}</span>
                    <Button label=texts::close look=Look::Primary on_press=move || on_close.run(()) />
                </div>
            }
            .into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Planned(
    bulk: Arc<Bulk>,
    plan: BulkPlan,
    stage: RwSignal<Stage>,
    /// Called when other rows match by now than the plan has shown.
    #[prop(into)]
    on_changed: Callback<()>,
    on_close: Callback<()>,
) -> AnyView {
    let app = App::expect();
    let form = Form::new();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<IpcError>);
    let locked = Signal::derive(move || !app.can_write());
    let will_do = plan.will;
    let session = plan.session;
    let nothing = will_do == 0;
    let confirmed = plan.confirmation.is_some();
    let action = bulk.action.clone();
    let on_start = bulk.on_start.clone();
    focus_sheet();
    let submit = move || {
        if nothing || locked.get_untracked() || busy.get_untracked() {
            return;
        }
        let request = StartBulk {
            action: action.clone(),
            confirmation: confirmed.then(|| typed.get_untracked()),
            will: Some(will_do),
            session,
        };
        let on_start = on_start.clone();
        busy.set(true);
        error.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            let answer: Result<TaskSummary, _> = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(task) => {
                    form.saved();
                    let id = task.id.clone();
                    note(app, task);
                    if let Some(on_start) = &on_start {
                        on_start();
                    }
                    stage.try_set(Stage::Started(id));
                }
                Err(failed) if failed.kind == ErrorKind::Changed => {
                    // Nobody waits for a new plan in a sheet that is closed.
                    let _ = on_changed.try_run(());
                }
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let more = plan.will.saturating_sub(plan.examples.len() as u64);
    let examples = plan.examples.join(", ");
    let examples = (!examples.is_empty()).then(|| {
        let text = if more > 0 {
            bulks::and_more(examples, format::count(more))
        } else {
            examples
        };
        view! { <p class="second selectable">{text}</p> }
    });
    let cannot = (plan.cannot > 0).then(|| cannot(&bulk, &plan));
    // Whoever has not typed the text can't press the button either.
    let unnamed = {
        let wanted = plan.confirmation.clone();
        Memo::new(move |_| {
            wanted
                .as_ref()
                .is_some_and(|wanted| typed.with(|typed| typed != wanted))
        })
    };
    let wanted = plan.confirmation.clone();
    // Made within the form, so that it belongs to it.
    let confirm = move || {
        wanted.map(|wanted| {
            let shown = wanted.clone();
            let check: Check = Arc::new(move |text: &str| {
                if text == wanted {
                    Ok(())
                } else {
                    Err(bulks::not_the_text.get().to_owned())
                }
            });
            view! {
                <TextField
                    label=move || bulks::type_text(&shown)
                    value=typed
                    check=check
                    required=true
                    autofocus=true
                />
            }
        })
    };
    let calls = 1 + bulk.action.then.len() as u64;
    let will = format::count(plan.will * calls);
    view! {
        <FormFrame form=form on_submit=submit>
            <div class="stack">
                <p><strong>{move || bulks::will(&will)}</strong></p>
                {examples}
                {cannot}
            </div>
            {move || locked.get().then(|| view! {
                <Notice
                    tone=Tone::Attention
                    text=texts::locked
                    action=(Text::from(texts::unlock), Callback::new(|()| shell::unlock::ask()))
                />
            })}
            {confirm()}
            {move || error.get().map(|error| view! { <ErrorNotice error=error /> })}
            <div class="dialog-actions sheet-actions">
                <span class="second sheet-keys">{texts::keys}</span>
                <Button label=texts::cancel on_press=move || on_close.run(()) />
                <Button
                    label=bulk.send.clone()
                    look=if bulk.danger { Look::Danger } else { Look::Primary }
                    submit=true
                    busy=busy
                    disabled=Signal::derive(move || nothing || locked.get() || unnamed.get())
                    hint=move || match (locked.get(), unnamed.get()) {
                        (true, _) => texts::locked.get(),
                        (false, true) => bulks::not_the_text.get(),
                        (false, false) => "",
                    }
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// What can't be done, with the value that stands in the way.
fn cannot(bulk: &Bulk, plan: &BulkPlan) -> AnyView {
    let column = bulk
        .action
        .only_when
        .as_ref()
        .map(|(column, _)| column.clone())
        .unwrap_or_default();
    let kind = bulk.action.resource.clone();
    let count = format::count(plan.cannot);
    let lines = plan
        .cannot_examples
        .iter()
        .map(|(name, value)| {
            let (kind, column, name, value) =
                (kind.clone(), column.clone(), name.clone(), value.clone());
            let line = move || match value.as_str() {
                // It has gone since it was selected.
                "" => name.clone(),
                value => bulks::cannot_row(
                    words::column(&kind, &column),
                    &name,
                    words::value(&kind, &column, value),
                ),
            };
            view! {
                <li class="selectable">{line}</li>
            }
        })
        .collect_view();
    let more = plan
        .cannot
        .saturating_sub(plan.cannot_examples.len() as u64);
    let more = (more > 0).then(|| {
        let more = format::count(more);
        view! { <li>{move || bulks::more(&more)}</li> }
    });
    view! {
        <div class="notice notice-attention">
            <div class="notice-text">
                <p class="notice-what">{move || bulks::cannot(&count)}</p>
                <ul class="sheet-breaks">{lines} {more}</ul>
            </div>
        </div>
    }
    .into_any()
}

/// Whether a task still has something to do.
fn goes_on(id: &str) -> bool {
    let state = App::expect().tasks.with(|tasks| {
        let task = tasks.iter().find(|task| task.id == id);
        task.map(|task| task.state)
    });
    matches!(state, Some(TaskState::Running | TaskState::Paused))
}

/// Takes over a task before its first event.
fn note(app: App, task: TaskSummary) {
    app.tasks.update(|tasks| {
        if tasks.iter().all(|known| known.id != task.id) {
            tasks.insert(0, task);
        }
    });
}
