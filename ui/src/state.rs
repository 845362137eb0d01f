//! What the whole window knows: session, lock, profiles, settings, tasks, traffic, freshness.
//!
//! The host tells of changes through events; pages read the signals of [`App`].

use std::cell::Cell;
use std::collections::BTreeMap;

use console_ipc::IpcError;
use console_ipc::bulk::TaskSummary;
use console_ipc::inspect::Inspected;
use console_ipc::inventory::{Freshness, RefreshResource};
use console_ipc::notice::Notice;
use console_ipc::profile::{
    AppState, Connection, GetState, GuardState, Profile, SecretStore, SecretStoreState,
    SessionState, Target, TrySignInAgain,
};
use console_ipc::settings::{Language, Settings};
use leptos::prelude::*;

mod appearance;
mod events;
pub mod prefs;

pub use appearance::save_settings;

/// Errors the status line keeps.
const ERRORS_KEPT: usize = 50;

/// The signals of the window. One for all: [`App::expect`].
#[derive(Clone, Copy)]
pub struct App {
    /// Whether the host has told its state. Until then nothing else means anything.
    pub ready: RwSignal<bool>,
    /// Why the host didn't.
    pub start_error: RwSignal<Option<IpcError>>,
    /// The console's version.
    pub version: RwSignal<String>,
    /// Whether nobody has chosen a profile yet.
    pub first_run: RwSignal<bool>,
    /// The profiles, the simulator first.
    pub profiles: RwSignal<Vec<Profile>>,
    /// The session.
    pub session: RwSignal<SessionState>,
    /// The write lock.
    pub guard: RwSignal<GuardState>,
    /// Where secrets are kept.
    pub secret_store: RwSignal<SecretStoreState>,
    /// What was noticed at start.
    pub notices: RwSignal<Vec<Notice>>,
    /// Settings of the window.
    pub settings: RwSignal<Settings>,
    /// Tasks, newest first.
    pub tasks: RwSignal<Vec<TaskSummary>>,
    /// Time of the last request in milliseconds; none before the first.
    pub latency_ms: RwSignal<Option<u32>>,
    /// Errors since the session began.
    pub error_count: RwSignal<u32>,
    /// The last errors with their time in milliseconds since the epoch, newest first.
    pub errors: RwSignal<Vec<(i64, IpcError)>>,
    /// Freshness of each resource by its kind.
    freshness: RwSignal<BTreeMap<String, Freshness>>,
    /// Grows with each new or finished entry of the journal.
    pub journal: RwSignal<u64>,
    /// Files that are held over the window.
    pub files_over: RwSignal<u32>,
    /// What came of the files or the text that were given last, to be inspected.
    pub inspected: RwSignal<Option<Inspected>>,
    /// Grows when something was learned of an inspection.
    pub inspections: RwSignal<u64>,
    /// Grows when the calendar of certificates has changed.
    pub calendar: RwSignal<u64>,
    /// Milliseconds since the epoch, moving on every ten seconds: what relative times follow.
    pub now: RwSignal<i64>,
    /// Grows when the page is to read again what is not in the inventory: by hand, by timer, after a change.
    pub refresh: RwSignal<u64>,
    /// Kinds of the inventory the page shows.
    pub shown: RwSignal<&'static [&'static str]>,
    /// When a page read what it shows outside the inventory, in milliseconds since the epoch.
    pub read_at: RwSignal<Option<i64>>,
}

thread_local! {
    /// The one of the window: handlers of events have no context to find it in.
    static APP: Cell<Option<App>> = const { Cell::new(None) };
}

impl App {
    /// The state of the window.
    pub fn expect() -> Self {
        APP.get()
            .expect("the application starts it before anything is drawn")
    }

    /// Makes the signals, asks the host for its state and follows its events. Called once.
    pub fn start() -> Self {
        let app = Self {
            ready: RwSignal::new(false),
            start_error: RwSignal::new(None),
            version: RwSignal::new(String::new()),
            first_run: RwSignal::new(false),
            profiles: RwSignal::new(Vec::new()),
            session: RwSignal::new(no_session()),
            guard: RwSignal::new(GuardState::Locked),
            secret_store: RwSignal::new(SecretStoreState {
                store: SecretStore::None,
                usable: false,
                choice_needed: false,
                reason: None,
            }),
            notices: RwSignal::new(Vec::new()),
            settings: RwSignal::new(Settings::default()),
            tasks: RwSignal::new(Vec::new()),
            latency_ms: RwSignal::new(None),
            error_count: RwSignal::new(0),
            errors: RwSignal::new(Vec::new()),
            freshness: RwSignal::new(BTreeMap::new()),
            journal: RwSignal::new(0),
            files_over: RwSignal::new(0),
            inspected: RwSignal::new(None),
            inspections: RwSignal::new(0),
            calendar: RwSignal::new(0),
            now: RwSignal::new(now_ms()),
            refresh: RwSignal::new(0),
            shown: RwSignal::new(&[]),
            read_at: RwSignal::new(None),
        };
        APP.set(Some(app));
        appearance::follow(app);
        events::follow(app);
        app
    }

    /// Reads the host's state again.
    pub async fn reload(self) {
        match crate::ipc::call(GetState {}).await {
            Ok(state) => {
                // Nothing is shown before its words are there.
                crate::words::speak(appearance::spoken(state.settings.language)).await;
                self.take(state);
            }
            Err(error) => {
                crate::words::speak(appearance::spoken(Language::System)).await;
                if !self.ready.get_untracked() {
                    self.start_error.set(Some(error));
                } else {
                    self.report(error);
                }
            }
        }
    }

    fn take(self, state: AppState) {
        self.start_error.set(None);
        set_if_changed(self.version, state.version);
        set_if_changed(self.first_run, state.first_run);
        set_if_changed(self.profiles, state.profiles);
        self.take_session(state.session);
        set_if_changed(self.guard, state.guard);
        set_if_changed(self.secret_store, state.secret_store);
        set_if_changed(self.notices, state.notices);
        set_if_changed(self.settings, state.settings);
        set_if_changed(self.ready, true);
    }

    /// Uses a session the host told of. Another profile's rows mean nothing any more.
    pub fn take_session(self, session: SessionState) {
        if self
            .session
            .with_untracked(|now| now.profile_id != session.profile_id)
        {
            self.freshness.set(BTreeMap::new());
            self.errors.set(Vec::new());
            self.error_count.set(0);
            self.latency_ms.set(None);
            self.read_at.set(None);
        }
        set_if_changed(self.session, session);
    }

    /// Keeps an error for the status line.
    pub fn report(self, error: IpcError) {
        self.errors.update(|errors| {
            errors.insert(0, (now_ms(), error));
            errors.truncate(ERRORS_KEPT);
        });
    }

    /// Takes over what came of inputs that were given.
    pub fn take_inspected(self, inspected: Inspected) {
        self.inspections.update(|count| *count += 1);
        self.inspected.set(Some(inspected));
    }

    /// The profile in use, tracked.
    pub fn profile(self) -> Option<Profile> {
        let id = self.session.with(|session| session.profile_id.clone())?;
        self.profiles
            .with(|profiles| profiles.iter().find(|profile| profile.id == id).cloned())
    }

    /// Whether writing is possible now, tracked.
    pub fn can_write(self) -> bool {
        !matches!(self.guard.get(), GuardState::Locked)
    }

    /// How fresh the inventory of a resource is, as a signal.
    pub fn freshness(self, kind: &'static str) -> Memo<Freshness> {
        Memo::new(move |_| {
            self.freshness
                .with(|all| all.get(kind).cloned().unwrap_or_default())
        })
    }

    /// How fresh the inventory of a resource is, tracked.
    pub fn freshness_of(self, kind: &str) -> Option<Freshness> {
        self.freshness.with(|all| all.get(kind).cloned())
    }

    /// Takes over the freshness an answer told, unless a later one is known. Generations begin anew with each
    /// session, so what was complete later is news whatever its generation.
    pub fn note_freshness(self, kind: &str, freshness: &Freshness) {
        let stale = self.freshness.with_untracked(|all| {
            all.get(kind).is_some_and(|known| {
                known == freshness
                    || known.generation > freshness.generation
                        && known.as_of_ms >= freshness.as_of_ms
            })
        });
        if !stale {
            self.freshness.update(|all| {
                all.insert(kind.to_owned(), freshness.clone());
            });
        }
    }

    /// Reads again what the page shows, because the user asks for it: what was refused is tried again too.
    pub fn refresh_page(self) {
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = crate::ipc::call(TrySignInAgain {}).await {
                self.report(error);
            }
            self.read_page_again();
        });
    }

    /// Reads again what the page shows.
    fn read_page_again(self) {
        for kind in self.shown.get_untracked() {
            crate::ipc::send(RefreshResource {
                resource: (*kind).to_owned(),
                id: None,
            });
        }
        self.refresh.update(|count| *count += 1);
    }
}

/// The profile connects to the simulator.
pub fn is_simulator(profile: &Profile) -> bool {
    matches!(profile.target, Target::Simulator(_))
}

/// Milliseconds since the epoch.
pub fn now_ms() -> i64 {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "whole milliseconds, far below 2^53"
    )]
    let now = js_sys::Date::now() as i64;
    now
}

/// Sets a signal only when its value is another: nobody draws again for nothing. Nothing happens when whoever
/// made it is gone.
pub fn set_if_changed<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|now| *now != value) == Some(true) {
        signal.set(value);
    }
}

fn no_session() -> SessionState {
    SessionState {
        number: 0,
        profile_id: None,
        connection: Connection::None,
        project: String::new(),
        project_id: String::new(),
        region: String::new(),
        account: String::new(),
        instance_id: String::new(),
        simulator: false,
        clock_skew_seconds: None,
    }
}
