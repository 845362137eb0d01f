//! The sheet of one change: what will happen, what is sent, what became of it.

use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::call::{Preview, PreviewCall, ReadCall, SendCall, SentAnswer, Withheld};
use console_ipc::error::ErrorKind;
use console_ipc::inventory::RefreshResource;
use ief_api::catalogue::{operation, resource};
use ief_api::operation::{Call, Effect as CallEffect};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use super::change::Change;
use super::host::focus_sheet;
use super::package::{PackageState, Packages};
use super::prevented::Prevented;
use super::request::{Differences, Request};
use crate::kit::form::Check;
use crate::kit::form::problem_words;
use crate::kit::{
    AfterLine, Button, ErrorNotice, Form, FormFrame, Look, Notice, Skeleton, Text, TextField, Tone,
};
use crate::relations::BeforeDeletion;
use crate::state::App;
use crate::words::sheet as texts;
use crate::{format, ipc, shell};

/// Where a sheet stands, as far as closing it goes.
#[derive(Clone, Copy)]
pub struct Progress {
    /// Whether a request is on its way.
    busy: RwSignal<bool>,
    /// What can be saved only now.
    packages: RwSignal<Option<PackageState>>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            packages: RwSignal::new(None),
        }
    }

    /// Whether a request is on its way.
    pub(super) fn is_busy(self) -> bool {
        self.busy.get_untracked()
    }

    /// A sheet closes unless its request is on its way or a package is lost with it; then it asks.
    pub(super) fn may_close(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.packages
            .get_untracked()
            .is_none_or(PackageState::may_close)
    }
}

/// Where a change stands.
#[derive(Clone)]
enum Stage {
    /// What it would send is being asked.
    Asking,
    /// It can be sent, or says why not.
    Ready(Box<Preview>),
    /// What it would send can't be told.
    Stuck(IpcError),
    /// The service has done it.
    Done(Box<SentAnswer>),
    /// Nobody knows whether it took place.
    Unknown(IpcError),
    /// What it would send belongs to a session that has ended. It is not asked anew: this sheet was opened for
    /// what that one has shown.
    Outlived,
}

/// The sheet.
#[component]
pub fn SendSheet(
    /// What it sends.
    change: Arc<Change>,
    /// Whether it may be closed.
    progress: Progress,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
) -> AnyView {
    progress.packages.set(None);
    if !change.obstacles.is_empty() {
        return view! { <Prevented change=change on_close=on_close /> }.into_any();
    }
    let stage = RwSignal::new(Stage::Asking);
    let ask = {
        let request = PreviewCall {
            call: change.call.clone(),
            target: change.target.clone(),
        };
        move || {
            let request = request.clone();
            stage.set(Stage::Asking);
            wasm_bindgen_futures::spawn_local(async move {
                stage.try_set(match ipc::call(request).await {
                    Ok(preview) => Stage::Ready(Box::new(preview)),
                    Err(error) => Stage::Stuck(error),
                });
            });
        }
    };
    ask();
    let ask = Callback::new(move |()| ask());
    let sentence = change.sentence.clone();
    view! {
        {move || (!matches!(stage.get(), Stage::Done(_))).then(|| view! {
            <p class="sheet-sentence">{sentence.clone().view()}</p>
        })}
        {move || match stage.get() {
            Stage::Asking => view! { <Skeleton lines=4 /> }.into_any(),
            Stage::Stuck(error) => view! { <ErrorNotice error=error on_retry=ask /> }.into_any(),
            Stage::Ready(preview) => view! {
                <Ready change=change.clone() preview=*preview stage=stage progress=progress on_close=on_close />
            }
            .into_any(),
            Stage::Done(answer) => view! {
                <Done change=change.clone() answer=*answer progress=progress on_close=on_close />
            }
            .into_any(),
            Stage::Unknown(error) => view! { <Unknown change=change.clone() error=error on_close=on_close /> }.into_any(),
            Stage::Outlived => view! { <Outlived on_close=on_close /> }.into_any(),
        }}
    }
    .into_any()
}

#[component]
fn Outlived(on_close: Callback<()>) -> AnyView {
    focus_sheet();
    view! {
        <Notice tone=Tone::Attention text=texts::other_session />
        <div class="dialog-actions sheet-actions">
            <Button label=texts::close look=Look::Primary on_press=move || on_close.run(()) />
        </div>
    }
    .into_any()
}

#[component]
fn Ready(
    change: Arc<Change>,
    preview: Preview,
    stage: RwSignal<Stage>,
    progress: Progress,
    on_close: Callback<()>,
) -> AnyView {
    let app = App::expect();
    let form = Form::new();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<IpcError>);
    let busy = progress.busy;
    let confirmation = preview.confirmation.clone();
    let session = preview.session;
    let danger = preview.effect == CallEffect::Delete || confirmation.is_some();
    let invalid = !preview.violations.is_empty();
    focus_sheet();
    let locked = Signal::derive(move || !app.can_write());
    let submit = {
        let change = change.clone();
        let confirmed = confirmation.is_some();
        move || {
            if invalid || locked.get_untracked() || busy.get_untracked() {
                return;
            }
            let request = SendCall {
                call: change.call.clone(),
                target: change.target.clone(),
                confirmation: confirmed.then(|| typed.get_untracked()),
                seen_version: change.seen_version.clone(),
                session,
            };
            let on_done = change.on_done.clone();
            busy.set(true);
            error.set(None);
            wasm_bindgen_futures::spawn_local(async move {
                let answer = ipc::call(request).await;
                busy.set(false);
                match answer {
                    Ok(answer) => {
                        form.saved();
                        if let Some(on_done) = on_done {
                            on_done(answer.clone());
                        }
                        App::expect().refresh.update(|count| *count += 1);
                        stage.try_set(Stage::Done(Box::new(answer)));
                    }
                    Err(failed) if failed.kind == ErrorKind::OutcomeUnknown => {
                        form.saved();
                        stage.try_set(Stage::Unknown(failed));
                    }
                    Err(failed)
                        if failed.kind == ErrorKind::Changed
                            && failed.values.contains_key("profile") =>
                    {
                        form.saved();
                        stage.try_set(Stage::Outlived);
                    }
                    Err(failed) => {
                        error.try_set(Some(failed));
                    }
                }
            });
        }
    };
    let breaks = change
        .breaks
        .clone()
        .into_iter()
        .map(|what| view! { <li>{what.view()}</li> })
        .collect_view();
    let breaks = (!change.breaks.is_empty()).then(|| {
        view! {
            <div class="notice notice-attention">
                <div class="notice-text">
                    <p class="notice-what">{texts::breaks}</p>
                    <ul class="sheet-breaks">{breaks}</ul>
                </div>
            </div>
        }
    });
    // Read anew when the sheet opens: what uses the thing may have changed since its page was drawn.
    let users = change
        .target
        .as_ref()
        .filter(|_| preview.effect == CallEffect::Delete)
        .and_then(|target| {
            let spec = resource(&target.resource)?;
            // What is only taken off another thing stays, and so does what uses it.
            let own = [spec.id_parameter];
            let deletes_it = operation(&change.call.operation)?.path_parameters == own;
            let (id, name) = (target.id.clone(), target.name.clone());
            deletes_it.then(|| view! { <BeforeDeletion kind=spec.kind id=id name=name /> })
        });
    let beforehand = known_beforehand(&preview);
    // The body of the preview has its secrets masked, that of the call has not.
    let differences = match (&change.before, &preview.body) {
        (Some(before), Some(after)) => {
            Some(view! { <Differences before=before.clone() after=after.clone() /> })
        }
        _ => None,
    };
    let violations = preview
        .violations
        .iter()
        .map(|violation| {
            let (path, problem) = (violation.path.clone(), violation.problem.clone());
            view! { <li><code>{path}</code>" " {move || problem_words(&problem)}</li> }
        })
        .collect_view();
    let violations = invalid.then(|| {
        view! {
            <div class="notice notice-bad" role="alert">
                <div class="notice-text">
                    <p class="notice-what">{texts::invalid}</p>
                    <ul class="notice-violations">{violations}</ul>
                </div>
            </div>
        }
    });
    // Whoever has not typed the name can't press the button either.
    let unnamed = {
        let name = confirmation.clone();
        Memo::new(move |_| {
            name.as_ref()
                .is_some_and(|name| typed.with(|typed| typed != name))
        })
    };
    // Made within the form, so that it belongs to it.
    let confirm = move || {
        confirmation.map(|name| {
            let wanted = name.clone();
            let check: Check = Arc::new(move |text: &str| {
                if text == wanted {
                    Ok(())
                } else {
                    Err(texts::not_the_name.get().to_owned())
                }
            });
            let shown = name.clone();
            view! {
                <TextField
                    label=move || texts::type_name(&shown)
                    value=typed
                    check=check
                    required=true
                    autofocus=true
                />
            }
        })
    };
    let open_request = differences.is_none();
    view! {
        <FormFrame form=form on_submit=submit>
            {beforehand}
            {breaks}
            {users}
            {differences}
            <Request preview=preview open=open_request />
            {violations}
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
                    label=change.send.clone()
                    look=if danger { Look::Danger } else { Look::Primary }
                    submit=true
                    busy=busy
                    disabled=Signal::derive(move || invalid || locked.get() || unnamed.get())
                    hint=move || match (locked.get(), unnamed.get()) {
                        (true, _) => texts::locked.get(),
                        (false, true) => texts::not_the_name.get(),
                        (false, false) => "",
                    }
                />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Why the service will refuse it, as far as that is known before it is sent.
fn known_beforehand(preview: &Preview) -> AnyView {
    let platinum = preview
        .needs_platinum
        .then(|| view! { <Notice tone=Tone::Attention text=texts::needs_platinum /> });
    let refused = preview.refused_at_ms.map(|at| {
        let action = preview.action.clone().unwrap_or_default();
        let text = move || texts::lacks_right(&action, format::time_of_day(at));
        view! { <Notice tone=Tone::Attention text=text /> }
    });
    let lost = preview.lost_at_ms.map(|at| {
        let text = move || texts::sent_before(format::time_of_day(at));
        view! { <Notice tone=Tone::Attention text=text /> }
    });
    view! { {lost} {platinum} {refused} }.into_any()
}

#[component]
fn Done(
    change: Arc<Change>,
    answer: SentAnswer,
    progress: Progress,
    on_close: Callback<()>,
) -> AnyView {
    let withheld: Vec<Withheld> = answer.answer.withheld.clone();
    let undo = change
        .undo
        .clone()
        .map(|undo| Callback::new(move |()| super::send(undo())));
    let request_id = answer.answer.request_id.clone();
    let journal_id = answer.journal_id.clone();
    let after = match (undo, request_id) {
        (Some(undo), request_id) => view! {
            <AfterLine text=change.done.clone() request_id=request_id.unwrap_or_default() journal_id=journal_id on_undo=undo />
        }
        .into_any(),
        (None, request_id) => view! {
            <AfterLine text=change.done.clone() request_id=request_id.unwrap_or_default() journal_id=journal_id />
        }
        .into_any(),
    };
    let packages = (!withheld.is_empty()).then(|| {
        let name = change
            .package
            .clone()
            .unwrap_or_else(|| "package.tar.gz".to_owned());
        let state = PackageState::new(withheld, name);
        progress.packages.set(Some(state));
        view! { <Packages state=state on_drop=on_close /> }
    });
    let wide = packages.is_none();
    focus_sheet();
    // What leads away from the result leaves it, unless something has to be saved first.
    let leave = move |event: leptos::ev::MouseEvent| {
        let link = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok())
            .and_then(|it| it.closest("a[href]").ok().flatten());
        match link.map(|_| progress.may_close()) {
            None => {}
            Some(true) => on_close.run(()),
            Some(false) => event.prevent_default(),
        }
    };
    view! {
        <div class="sheet-after" on:click=leave>{after}</div>
        <div on:click=leave>{packages}</div>
        <div class="dialog-actions sheet-actions">
            <Button
                label=texts::close
                look=if wide { Look::Primary } else { Look::Plain }
                on_press=move || {
                    if progress.may_close() {
                        on_close.run(());
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// What the service has now of what a change was about: the thing itself, or one of the name that was to be created.
async fn look_for(change: &Change) -> Result<Text, IpcError> {
    let spec = operation(&change.call.operation);
    if let Some(target) = change
        .target
        .as_ref()
        .filter(|target| !target.id.is_empty())
    {
        ipc::call(RefreshResource {
            resource: target.resource.clone(),
            id: Some(target.id.clone()),
        })
        .await?;
        return Ok(Text::from(texts::looked));
    }
    let kind = spec.and_then(|spec| resource(spec.touches.first()?));
    let name = kind.and_then(|kind| {
        let body = change.call.body.as_ref()?;
        kind.name_of(kind.thing(body)).map(str::to_owned)
    });
    let (Some(kind), Some(name)) = (kind, name) else {
        return Ok(Text::from(texts::looked_elsewhere));
    };
    // Asked of the service itself: the list of the inventory may be older.
    let rows = kind.list.page.map_or("", |page| page.rows);
    let answer = ipc::call(ReadCall {
        call: Call {
            operation: kind.list.name.to_owned(),
            query: kind
                .list
                .query_parameters
                .iter()
                .filter(|parameter| parameter.name == "name")
                .map(|parameter| (parameter.name.to_owned(), name.clone()))
                .collect(),
            ..Call::default()
        },
    })
    .await?;
    let rows = answer.body.get(rows).and_then(Value::as_array);
    let there = rows
        .into_iter()
        .flatten()
        .any(|row| kind.name_of(row) == Some(&name));
    Ok(match there {
        true => Text::from(move || texts::looked_there(&name)),
        false => Text::from(move || texts::looked_missing(&name)),
    })
}

/// The answer was lost after sending. It is never sent again blindly: looking comes first.
#[component]
fn Unknown(change: Arc<Change>, error: IpcError, on_close: Callback<()>) -> AnyView {
    let looked = RwSignal::new(None::<Result<Text, IpcError>>);
    focus_sheet();
    let look = move || {
        let change = change.clone();
        looked.set(None);
        wasm_bindgen_futures::spawn_local(async move {
            let found = look_for(&change).await;
            App::expect().refresh_page();
            looked.try_set(Some(found));
        });
    };
    view! {
        <ErrorNotice error=error />
        <p>{texts::unknown}</p>
        {move || looked.get().map(|found| match found {
            Ok(text) => view! { <Notice text=text /> }.into_any(),
            Err(error) => view! { <ErrorNotice error=error /> }.into_any(),
        })}
        <div class="dialog-actions sheet-actions">
            <a href="#/journal" on:click=move |_| on_close.run(())>{texts::journal}</a>
            <span class="spacer"></span>
            <Button label=texts::close on_press=move || on_close.run(()) />
            <Button label=texts::look look=Look::Primary on_press=look />
        </div>
    }
    .into_any()
}
