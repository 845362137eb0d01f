//! What the parts of the page share: the inspections, what is marked, and for when they are judged.

use console_ipc::IpcError;
use console_ipc::inspect::{
    ChooseAndInspect, ForgetInspection, InspectClipboard, Inspected, InspectionSummary,
    MOST_COMPARED, ReportLanguage,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::judged::When;
use super::{INSPECTOR, address_of};
use crate::ipc;
use crate::kit::shortcut;
use crate::pages::parts::Asked;
use crate::router::{self, Address, Router};
use crate::state::{App, set_if_changed};
use crate::words::inspector as texts;
use crate::words::{self, Lang};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The inspections of this run, newest first.
    pub(super) all: Asked<Vec<InspectionSummary>>,
    /// Those that are marked to be compared, in the order in which they were.
    pub(super) marked: RwSignal<Vec<String>>,
    /// For when they are judged. It stays while another one is shown.
    pub(super) when: RwSignal<When>,
    /// Why nothing could be opened the last time.
    pub(super) error: RwSignal<Option<IpcError>>,
    /// Whether something is being opened.
    pub(super) busy: RwSignal<bool>,
    /// Whether nothing that could be inspected was copied.
    pub(super) nothing: RwSignal<bool>,
}

impl Desk {
    pub(super) fn new(all: Asked<Vec<InspectionSummary>>, when: RwSignal<When>) -> Self {
        let desk = Self {
            all,
            marked: RwSignal::new(Vec::new()),
            when,
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
            nothing: RwSignal::new(false),
        };
        // Those that came together are marked: one press compares them.
        let app = App::expect();
        Effect::new(move |_| {
            let ids = app.inspected.with(|it| it.as_ref().map(together));
            if let Some(ids) = ids.filter(|ids| ids.len() > 1) {
                desk.marked.set(ids);
            }
        });
        // A mark on what is gone would count for nothing.
        Effect::new(move |_| {
            let held = all.value.with(|all| {
                let all = all.as_ref()?;
                Some(all.iter().map(|it| it.id.clone()).collect::<Vec<_>>())
            });
            let Some(held) = held else { return };
            let mut marked = desk.marked.get_untracked();
            let before = marked.len();
            // What has just come may not be in the list yet.
            let new = app.inspected.with_untracked(|it| it.as_ref().map(together));
            let new = new.unwrap_or_default();
            marked.retain(|id| held.contains(id) || new.contains(id));
            if marked.len() != before {
                desk.marked.set(marked);
            }
        });
        desk
    }

    /// Has the user choose files.
    pub(super) fn choose(self) {
        self.open(async || ipc::call(ChooseAndInspect {}).await);
    }

    /// Inspects what was copied.
    pub(super) fn paste(self) {
        let name = texts::pasted.now().to_owned();
        self.nothing.set(false);
        self.open(async move || {
            let inspected = ipc::call(InspectClipboard { name: name.clone() }).await?;
            let none = inspected.opened.is_empty() && inspected.refused.is_empty();
            self.nothing.try_set(none);
            Ok(inspected)
        });
    }

    fn open(self, ask: impl AsyncFnOnce() -> Result<Inspected, IpcError> + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = ask().await;
            self.busy.try_set(false);
            match answer {
                Ok(inspected) => App::expect().take_inspected(inspected),
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }

    /// Pastes by Ctrl+V as long as the page is there, unless it is meant for a field.
    pub(super) fn paste_by_keys(self) {
        shortcut::tell("Ctrl+V", texts::keys::paste);
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            let pastes = !event.default_prevented() && shortcut::keys_of(&event) == "Ctrl+V";
            if pastes && !shortcut::typing(&event) {
                event.prevent_default();
                self.paste();
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Marks one to be compared, or takes its mark away.
    pub(super) fn mark(self, id: &str, mark: bool) {
        self.marked.update(|marked| {
            marked.retain(|known| known != id);
            if mark && marked.len() < MOST_COMPARED {
                marked.push(id.to_owned());
            }
        });
    }

    /// Whether one is marked, tracked.
    pub(super) fn is_marked(self, id: &str) -> bool {
        self.marked
            .with(|marked| marked.iter().any(|known| known == id))
    }

    /// Compares those that are marked.
    pub(super) fn compare(self) {
        let ids = self.marked.get_untracked().join(",");
        let address = Address::new([INSPECTOR]).with(super::COMPARE, &ids);
        router::go(&address.to_string());
    }

    /// Forgets one, and shows that beside it. Answers which that is.
    pub(super) fn forget(self, id: &str) -> Option<String> {
        let next = self.all.value.with_untracked(|all| {
            let all = all.as_ref()?;
            let at = all.iter().position(|it| it.id == id)?;
            let beside = all
                .get(at + 1)
                .or(at.checked_sub(1).and_then(|at| all.get(at)));
            beside.map(|it| it.id.clone())
        });
        let shown = Router::the().address_now().path.get(1).cloned();
        if shown.as_deref() == Some(id) {
            router::replace(match &next {
                Some(next) => address_of(next),
                None => Address::new([INSPECTOR]),
            });
        }
        self.all.value.update(|all| {
            if let Some(all) = all {
                all.retain(|it| it.id != id);
            }
        });
        ipc::send(ForgetInspection { id: id.to_owned() });
        next
    }

    /// The time to judge for, tracked. None is now.
    pub(super) fn at(self) -> Option<i64> {
        self.when.with(When::at)
    }

    /// Asks for the list again, and shows no error of before.
    pub(super) fn changed(self) {
        set_if_changed(self.error, None);
        self.all.reload();
    }
}

/// Two that came together: whoever opens more wants to choose.
fn together(inspected: &Inspected) -> Vec<String> {
    match inspected.opened.as_slice() {
        [first, second] => vec![first.id.clone(), second.id.clone()],
        _ => Vec::new(),
    }
}

/// The language of reports, tracked.
pub fn spoken() -> ReportLanguage {
    match words::language() {
        Lang::En => ReportLanguage::En,
        Lang::Zh => ReportLanguage::Zh,
    }
}
