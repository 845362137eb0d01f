//! The place of sheets in the window: one at a time, above the page.

use std::cell::Cell;
use std::sync::Arc;

use console_ipc::call::PreviewCall;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::change::{Bulk, Change};
use super::send::Progress;
use crate::kit::{Dialog, Form, Text, Width};
use crate::state::App;
use crate::{chunks, ipc};

/// What is open.
#[derive(Clone)]
enum Sheet {
    Send(Arc<Change>),
    Bulk(Arc<Bulk>),
}

#[derive(Clone, Copy)]
struct Host {
    sheet: RwSignal<Option<Sheet>>,
    open: RwSignal<bool>,
}

thread_local! {
    /// The one of the window: row actions have no context to find it in.
    static HOST: Cell<Option<Host>> = const { Cell::new(None) };
}

/// Shows what a change will send, and sends it when the user says so.
pub fn send(change: Change) {
    show(Sheet::Send(Arc::new(change)));
}

/// Shows what would be done with many rows, and does it when the user says so.
pub fn bulk(bulk: Bulk) {
    show(Sheet::Bulk(Arc::new(bulk)));
}

/// Has the host check a form's change first: what breaks a rule shows at its field, else the sheet opens.
pub fn check_and_send(form: Form, change: Change) {
    let request = PreviewCall {
        call: change.call.clone(),
        target: change.target.clone(),
    };
    let profile = profile_in_use();
    wasm_bindgen_futures::spawn_local(async move {
        let preview = ipc::call(request).await;
        if profile_in_use() != profile {
            // What the form shows belongs to the profile it was filled in for.
            return;
        }
        match preview {
            Ok(preview) if !preview.violations.is_empty() => {
                form.show_violations(preview.violations);
            }
            // What else may be wrong the sheet tells itself.
            Ok(_) => send(change),
            Err(error) if !error.violations.is_empty() => form.show_violations(error.violations),
            Err(error) => App::expect().report(error),
        }
    });
}

fn profile_in_use() -> Option<String> {
    let session = App::expect().session;
    session.with_untracked(|session| session.profile_id.clone())
}

fn show(sheet: Sheet) {
    if let Some(host) = HOST.get() {
        // Closed first, so that a sheet opened from another is made anew.
        host.open.set(false);
        host.sheet.set(Some(sheet));
        host.open.set(true);
    }
}

/// Closes the sheet, unless it has something unsaved.
pub fn close() {
    if let Some(host) = HOST.get() {
        host.open.set(false);
    }
}

/// Gives the focus to what the sheet asks for: a text to type, else its main button. What had it is gone, or
/// lies in a dialog below, which stays open.
pub(super) fn focus_sheet() {
    request_animation_frame(|| {
        let choices = [
            ".dialog-sheet[open] .dialog-body .field > .input",
            ".dialog-sheet[open] .packages .button-primary",
            ".dialog-sheet[open] .sheet-actions button[type=submit]",
            ".dialog-sheet[open] .sheet-actions button:last-of-type",
        ];
        let found = choices
            .iter()
            .find_map(|choice| document().query_selector(choice).ok().flatten());
        if let Some(found) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus fails only for what can't have it.
            let _ = found.focus();
        }
    });
}

/// The sheets. Stands once, in the frame.
#[component]
pub fn SheetHost() -> AnyView {
    let host = Host {
        sheet: RwSignal::new(None),
        open: RwSignal::new(false),
    };
    HOST.set(Some(host));
    let close = Callback::new(move |()| host.open.set(false));
    let progress = Progress::new();
    // What a sheet shows belongs to the profile it was opened in. A request on its way arrives, and is told.
    let profile = Memo::new(move |_| App::expect().session.with(|it| it.profile_id.clone()));
    Effect::watch(
        move || profile.get(),
        move |_, _, _| {
            if !progress.is_busy() {
                host.open.set(false);
            }
        },
        false,
    );
    // What was typed is not kept any longer than it is looked at: there may be secrets in it.
    Effect::new(move |_| {
        if !host.open.get() {
            host.sheet.set(None);
        }
    });
    let title = Text::from(move || match host.sheet.get() {
        Some(Sheet::Send(change)) => change.title.get(),
        Some(Sheet::Bulk(bulk)) => bulk.title.get(),
        None => "".into(),
    });
    view! {
        <Dialog open=host.open title=title width=Width::Sheet may_close=move |()| progress.may_close()>
            {move || match host.sheet.get() {
                Some(Sheet::Send(change)) => chunks::send_sheet(change, progress, close),
                Some(Sheet::Bulk(bulk)) => chunks::bulk_sheet(bulk, close),
                None => ().into_any(),
            }}
        </Dialog>
    }
    .into_any()
}
