//! The console: what it is started with, what it is made of, and how commands reach their handlers.

use std::fs::{File, TryLockError};
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use console_ipc::error::NextStep;
use console_ipc::event::{Event, EventBatch, NextEvents};
use console_ipc::notice::Notice;
use console_ipc::profile::{AppState, Connection, GetState, GuardState, SessionState};
use console_ipc::settings::SaveSettings;
use console_ipc::window::{CloseQuestion, HoldWindow};
use console_ipc::{Command, ErrorKind, IpcError};
use serde_json::Value;
use tokio::sync::watch;

use crate::bulk::Tasks;
use crate::clock::{Clock, Random, SystemClock, SystemRandom};
use crate::events::Events;
use crate::files::{private_folder, watched};
use crate::host::{Answered, Host};
use crate::inspect::Inspector;
use crate::journal::Journal;
use crate::profiles::Profiles;
use crate::secrets::{SecretBackend, Secrets, StoredSecret, SystemKeyring};
use crate::session::{Session, Simulators, no_session};
use crate::settings::SettingsFile;

/// The name under which secrets stand in the system's keyring.
const KEYRING_SERVICE: &str = "edge-console";

/// How long scrypt takes over a passphrase: 2 to the power of this. About a second on a small machine.
const SCRYPT_WORK: u8 = 16;

/// So long a start waits for the console before it, which may still be ending.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How often the folders are tried meanwhile.
const LOCK_GLANCE: Duration = Duration::from_millis(20);

/// What a console is started with.
pub struct Options {
    /// Folder of what the user has chosen: profiles, settings, the encrypted file.
    pub config_dir: PathBuf,
    /// Folder of what the application has recorded: the journal.
    pub data_dir: PathBuf,
    /// The desktop.
    pub host: Arc<dyn Host>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// The system's keyring; none where the user has to choose another place in any case.
    pub keyring: Option<Arc<dyn SecretBackend>>,
    /// How long scrypt takes over a passphrase, as a power of two.
    pub scrypt_work: u8,
    /// How long to wait for another console that has the same folders.
    pub lock_patience: Duration,
}

impl Options {
    /// Everything as on a real desktop. Files are saved where the user says, or without asking into the
    /// folder that [`SAVE_FOLDER_VARIABLE`](crate::SAVE_FOLDER_VARIABLE) names; opened are those the user chooses,
    /// or without asking those in the folder that [`OPEN_FOLDER_VARIABLE`](crate::OPEN_FOLDER_VARIABLE) names.
    #[must_use]
    pub fn new(config_dir: PathBuf, data_dir: PathBuf, host: Arc<dyn Host>) -> Self {
        Self {
            config_dir,
            data_dir,
            host: Arc::new(Answered::by_environment(host)),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keyring: Some(Arc::new(SystemKeyring::new(KEYRING_SERVICE))),
            scrypt_work: SCRYPT_WORK,
            lock_patience: LOCK_PATIENCE,
        }
    }
}

/// Why a console can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A folder can't be created or entered.
    #[error("the folder {path} can't be used")]
    Folder {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another console works with the same folders: both would write the same files.
    #[error("another console is using {path}")]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// A file of ours can't be read or written.
    #[error("a file can't be used")]
    File(#[source] IpcError),
}

/// The application without a window. Cloning gives another handle on the same one.
#[derive(Clone)]
pub struct Console {
    pub(crate) core: Arc<Core>,
}

/// What a console is made of.
pub(crate) struct Core {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) events: Events,
    pub(crate) profiles: Profiles,
    pub(crate) settings: SettingsFile,
    /// Tells those who refresh when the pace changes, in seconds; 0 for never.
    pub(crate) refresh_seconds: watch::Sender<u32>,
    pub(crate) secrets: Secrets,
    pub(crate) journal: Journal,
    pub(crate) tasks: Tasks,
    pub(crate) inspector: Inspector,
    pub(crate) simulators: Simulators,
    pub(crate) current: RwLock<Current>,
    /// Held while one profile is exchanged for another.
    pub(crate) switching: tokio::sync::Mutex<()>,
    notices: Mutex<Vec<Notice>>,
    /// What to ask before the window is closed.
    close_question: Mutex<Option<CloseQuestion>>,
    /// Keeps others out of our folders until the console is closed.
    lock: Mutex<Option<File>>,
}

/// The session in use.
#[derive(Clone)]
pub(crate) enum Current {
    /// No profile is in use.
    None,
    /// A profile is in use, but there is nothing to call the service with.
    Failed(Box<SessionState>),
    /// A profile is in use.
    Live(Arc<Session>),
}

/// Handles one command.
pub(crate) trait Handle<C: Command> {
    /// Does what the command asks for.
    fn handle(&self, request: C) -> impl Future<Output = Result<C::Response, IpcError>> + Send;
}

macro_rules! dispatcher {
    ($($command:path,)+) => {
        impl Console {
            /// Does what the window asks for: a command by its name, with its request as JSON.
            ///
            /// # Errors
            /// [`ErrorKind::Protocol`] when there is no such command or the request has another shape,
            /// otherwise whatever the command fails with.
            pub async fn dispatch(&self, name: &str, request: Value) -> Result<Value, IpcError> {
                match name {
                    $(<$command as Command>::NAME => run::<$command>(self, request).await,)+
                    _ => Err(IpcError::new(ErrorKind::Protocol, NextStep::Report).with("command", name)),
                }
            }
        }
    };
}
console_ipc::for_each_command!(dispatcher);

async fn run<C: Command>(console: &Console, request: Value) -> Result<Value, IpcError>
where
    Console: Handle<C>,
{
    let request = serde_json::from_value::<C>(request).map_err(|error| protocol::<C>(&error))?;
    // Boxed so that the future of the whole dispatch is not as large as that of its largest handler.
    let response = watched(Box::pin(console.handle(request))).await?;
    serde_json::to_value(response).map_err(crate::error::internal)
}

/// A request of another shape. Most of what the parser says could quote a secret, so that is left out.
fn protocol<C: Command>(error: &serde_json::Error) -> IpcError {
    let told = IpcError::new(ErrorKind::Protocol, NextStep::Report).with("command", C::NAME);
    let reason = error.to_string();
    if reason.starts_with("missing field") {
        told.with("detail", reason)
    } else {
        told
    }
}

impl Console {
    /// Starts a console: opens its files, tries the keyring, and takes up the profile that was in use
    /// when it last ended. The last two go on after this has returned.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let opening = tokio::task::spawn_blocking(move || Core::open(options)).await;
        let core = opening.map_err(|error| StartError::File(crate::error::internal(error)))??;
        let console = Self {
            core: Arc::new(core),
        };
        let begun = console.clone();
        tokio::spawn(async move {
            let core = &begun.core;
            core.secrets.begin(&*core.random).await;
            core.events.push(Event::State);
            watched(begun.resume()).await;
        });
        Ok(console)
    }

    /// What to ask before the window is closed. `None` when nothing would be lost.
    #[must_use]
    pub fn close_question(&self) -> Option<CloseQuestion> {
        self.core
            .close_question
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Ends the session, wipes the secrets that were held back, and lets another console use the folders.
    /// The profile in use is taken up again at the next start. For the end of the application.
    pub async fn close(&self) {
        let switching = self.core.switching.lock().await;
        self.leave_while(&switching);
        self.core.simulators.stop_all().await;
        self.core
            .lock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    /// Takes up the profile that was in use, unless the window was faster or nobody has chosen one.
    async fn resume(&self) {
        let switching = self.core.switching.lock().await;
        if let (Current::None, Some(id)) = (self.core.current(), self.core.profiles.active()) {
            // What went wrong is in the session's state, which the window shows.
            let _told = self.switch_while(&switching, &id).await;
        }
        self.forget_left_behind(&switching).await;
    }
}

impl Core {
    fn open(options: Options) -> Result<Self, StartError> {
        for folder in [&options.config_dir, &options.data_dir] {
            private_folder(folder).map_err(|source| StartError::Folder {
                path: folder.clone(),
                source,
            })?;
        }
        let lock = lock(&options.data_dir, options.lock_patience)?;
        let now_ms = options.clock.now_ms();
        let mut notices = Vec::new();
        let profiles =
            Profiles::open(&options.config_dir, now_ms, &mut notices).map_err(StartError::File)?;
        let settings = SettingsFile::open(&options.config_dir, now_ms, &mut notices)
            .map_err(StartError::File)?;
        let journal =
            Journal::open(&options.data_dir, now_ms, &mut notices).map_err(StartError::File)?;
        let inspector =
            Inspector::open(&options.data_dir, now_ms, &mut notices).map_err(StartError::File)?;
        Ok(Self {
            secrets: Secrets::new(&options.config_dir, options.keyring, options.scrypt_work),
            refresh_seconds: watch::Sender::new(settings.current().refresh_seconds),
            clock: options.clock,
            random: options.random,
            host: options.host,
            events: Events::new(),
            profiles,
            settings,
            journal,
            tasks: Tasks::default(),
            inspector,
            simulators: Simulators::default(),
            current: RwLock::new(Current::None),
            switching: tokio::sync::Mutex::new(()),
            notices: Mutex::new(notices),
            close_question: Mutex::new(None),
            lock: Mutex::new(Some(lock)),
        })
    }

    pub(crate) fn current(&self) -> Current {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The session in use, for whatever calls the service.
    pub(crate) fn session(&self) -> Result<Arc<Session>, IpcError> {
        match self.current() {
            Current::Live(session) => Ok(session),
            Current::Failed(state) => Err(match state.connection {
                Connection::Failed { error } => error,
                _ => IpcError::new(ErrorKind::NotConnected, NextStep::TryAgain),
            }),
            Current::None => Err(IpcError::new(ErrorKind::NotConnected, NextStep::Nothing)),
        }
    }

    pub(crate) fn session_state(&self) -> SessionState {
        match self.current() {
            Current::Live(session) => session.state(),
            Current::Failed(state) => *state,
            Current::None => no_session(),
        }
    }

    pub(crate) fn guard_state(&self) -> GuardState {
        match self.current() {
            Current::Live(session) => session.guard.state(),
            Current::Failed(_) | Current::None => GuardState::Locked,
        }
    }

    pub(crate) fn add_notice(&self, notice: Notice) {
        self.notices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notice);
        self.events.push(Event::State);
    }

    fn notices(&self) -> Vec<Notice> {
        self.notices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a profile's secret is in reach.
    pub(crate) fn reaches(&self, secret: &StoredSecret) -> bool {
        self.secrets.reaches(secret)
    }
}

/// Keeps other consoles out of a folder until the file is closed. One that is about to end is waited for:
/// who closes the window and opens it again at once means no second one.
fn lock(folder: &std::path::Path, patience: Duration) -> Result<File, StartError> {
    let path = folder.to_owned();
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))
        .map_err(|source| StartError::Folder {
            path: path.clone(),
            source,
        })?;
    let deadline = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(LOCK_GLANCE);
            }
            Err(TryLockError::WouldBlock) => return Err(StartError::InUse { path }),
            // Some network file systems know no locks. Going without is better than not starting.
            Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
}

impl Handle<GetState> for Console {
    async fn handle(&self, _: GetState) -> Result<AppState, IpcError> {
        let core = &self.core;
        Ok(AppState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            first_run: core.profiles.is_untouched(),
            profiles: core.profiles.list(|secret| core.reaches(secret)),
            session: core.session_state(),
            guard: core.guard_state(),
            secret_store: core.secrets.state(),
            settings: core.settings.current(),
            notices: core.notices(),
        })
    }
}

impl Handle<HoldWindow> for Console {
    async fn handle(&self, request: HoldWindow) -> Result<(), IpcError> {
        *self
            .core
            .close_question
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = request.question;
        Ok(())
    }
}

impl Handle<NextEvents> for Console {
    async fn handle(&self, request: NextEvents) -> Result<EventBatch, IpcError> {
        Ok(self.core.events.after(request.after).await)
    }
}

impl Handle<SaveSettings> for Console {
    async fn handle(&self, request: SaveSettings) -> Result<(), IpcError> {
        let core = Arc::clone(&self.core);
        blocking(move || {
            let lead_days = core.settings.current().certificate_lead_days;
            core.settings.save(request.settings)?;
            if core.settings.current().certificate_lead_days != lead_days {
                // Other certificates end soon now.
                core.events.push(Event::Calendar);
            }
            core.refresh_seconds.send_if_modified(|pace| {
                let now = core.settings.current().refresh_seconds;
                std::mem::replace(pace, now) != now
            });
            core.events.push(Event::State);
            Ok(())
        })
        .await
    }
}

/// Does something that may take long on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IpcError> + Send + 'static,
) -> Result<T, IpcError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(crate::error::internal(error)),
    }
}
