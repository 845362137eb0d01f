//! Profiles, the session, where secrets are kept, and the write lock.

use serde::{Deserialize, Serialize};

use crate::command;
use crate::error::IpcError;
use crate::notice::Notice;
use crate::secret::InwardSecret;
use crate::settings::Settings;

/// Everything the window needs to draw its frame.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetState {}
command!(GetState = "get_state" -> AppState);

/// Everything the window needs to draw its frame.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppState {
    /// The console's version.
    pub version: String,
    /// Whether nobody has chosen a profile yet.
    pub first_run: bool,
    /// The profiles, the simulator first.
    pub profiles: Vec<Profile>,
    /// The session.
    pub session: SessionState,
    /// The write lock of the profile in use.
    pub guard: GuardState,
    /// Where secrets are kept.
    pub secret_store: SecretStoreState,
    /// Settings of the window.
    pub settings: Settings,
    /// What was noticed at start.
    #[serde(default)]
    pub notices: Vec<Notice>,
}

/// Most nodes of a simulated fleet.
pub const MOST_NODES: u64 = 1_000_000;

/// Fewest characters of the passphrase of an encrypted file.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// Lets a credential that the service refused be tried once more, because the user asks for it. Without it
/// nothing signs in with it again: services lock users who fail too often.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrySignInAgain {}
command!(TrySignInAgain = "try_sign_in_again" -> ());

/// A place to work in: an account, a project, an instance, and how to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Identifier. Empty for a new one.
    #[serde(default)]
    pub id: String,
    /// Name, unique among profiles.
    pub name: String,
    /// Colour of its mark.
    pub colour: ProfileColour,
    /// Whether it is production, which the window shows over the whole top bar.
    pub production: bool,
    /// What it connects to.
    pub target: Target,
    /// Whether its secret is stored. Told by the host, ignored on the way in.
    #[serde(default)]
    pub has_secret: bool,
}

/// Colour of a profile's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "colours say themselves")]
pub enum ProfileColour {
    Teal,
    Blue,
    Violet,
    Magenta,
    Red,
    Orange,
    Yellow,
    Green,
    Grey,
}

/// What a profile connects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "there is a handful of profiles, and a box would be in the way of all who read them"
)]
pub enum Target {
    /// The simulator inside the application. Its account and secrets are made at each start.
    Simulator(SimulatorTarget),
    /// The service.
    Cloud(CloudTarget),
}

/// The simulated cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulatorTarget {
    /// Number of nodes.
    pub nodes: u64,
    /// Which fleet: the same seed gives the same one.
    pub seed: u64,
    /// Edition of the instance.
    pub edition: Edition,
}

/// Edition of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// Shared, without an instance header.
    Professional,
    /// An instance of one's own.
    Platinum,
}

/// A project in the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudTarget {
    /// Region, where the addresses are a preset's: `cn-north-4`.
    pub region: String,
    /// Address of the service.
    pub endpoint: String,
    /// Address of IAM.
    pub iam_endpoint: String,
    /// Project by name; empty when only the identifier is known.
    pub project_name: String,
    /// Project by identifier; looked up by name when empty.
    pub project_id: String,
    /// Platinum instance; empty on the professional edition.
    pub instance_id: String,
    /// How to sign in.
    pub credential: CredentialKind,
    /// How to reach the service.
    pub proxy: ProxyChoice,
    /// PEM of a further issuer to trust; empty for none.
    pub extra_ca: String,
}

/// How to sign in, without the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CredentialKind {
    /// Account, user and password.
    Password {
        /// The account.
        domain: String,
        /// The IAM user.
        user: String,
    },
    /// Access key and secret key.
    AccessKey {
        /// The access key.
        access_key: String,
    },
}

/// How to reach the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "proxy", rename_all = "snake_case")]
pub enum ProxyChoice {
    /// As the system says.
    System,
    /// Directly.
    Direct,
    /// By this one.
    Url {
        /// Its address.
        url: String,
    },
}

/// Adds a profile (empty identifier) or replaces one.
#[derive(Debug, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Serialize))]
pub struct SaveProfile {
    /// The profile.
    pub profile: Profile,
    /// Password or secret key; absent to keep the stored one.
    #[serde(default)]
    pub secret: Option<InwardSecret>,
    /// Security token of temporary keys.
    #[serde(default)]
    pub security_token: Option<InwardSecret>,
}
command!(SaveProfile = "save_profile" -> Profile);

/// Copies a profile under another name, without its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DuplicateProfile {
    /// The one to copy.
    pub id: String,
    /// The copy's name.
    pub name: String,
}
command!(DuplicateProfile = "duplicate_profile" -> Profile);

/// Deletes a profile and its secret. The simulator's can't be deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteProfile {
    /// The one to delete.
    pub id: String,
    /// Its name, typed.
    pub confirmation: String,
}
command!(DeleteProfile = "delete_profile" -> ());

/// Uses another profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SwitchProfile {
    /// The one to use.
    pub id: String,
}
command!(SwitchProfile = "switch_profile" -> SessionState);

/// Tries a profile without saving or using it.
#[derive(Debug, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Serialize))]
pub struct TestConnection {
    /// The profile as typed.
    pub profile: Profile,
    /// Password or secret key; absent to use the stored one.
    #[serde(default)]
    pub secret: Option<InwardSecret>,
    /// Security token of temporary keys.
    #[serde(default)]
    pub security_token: Option<InwardSecret>,
}
command!(TestConnection = "test_connection" -> ConnectionReport);

/// How a trial went, step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionReport {
    /// The steps in their order. After a failed one the rest is skipped.
    pub steps: Vec<ConnectionStep>,
    /// Projects the user may work in, where IAM told.
    pub projects: Vec<ProjectChoice>,
}

/// A project to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectChoice {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// One step of a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionStep {
    /// Which.
    pub step: Step,
    /// How it went.
    pub outcome: StepOutcome,
}

/// The steps of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// IAM can be reached, and its certificate is trusted.
    ReachIam,
    /// IAM accepts the credential.
    SignIn,
    /// The project exists and may be used.
    Project,
    /// The service can be reached, and its certificate is trusted.
    ReachService,
    /// The service answers a first request: credential, project and instance fit.
    FirstRequest,
}

/// How a step went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum StepOutcome {
    /// Well, in so many milliseconds.
    Passed {
        /// Milliseconds.
        elapsed_ms: u32,
    },
    /// Badly.
    Failed {
        /// Why.
        error: IpcError,
    },
    /// Not tried.
    Skipped,
}

/// The session of the profile in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionState {
    /// Which session it is; each has a higher number than those before. 0 when there is none.
    pub number: u64,
    /// Profile in use, if any.
    pub profile_id: Option<String>,
    /// Connection.
    pub connection: Connection,
    /// Name of the project.
    pub project: String,
    /// Identifier of the project.
    pub project_id: String,
    /// Region, or the host of the endpoint.
    pub region: String,
    /// Account, or the access key.
    pub account: String,
    /// Platinum instance; empty on the professional edition.
    pub instance_id: String,
    /// Whether it is the simulator.
    pub simulator: bool,
    /// Seconds the computer's clock is ahead of the service's, when it matters.
    pub clock_skew_seconds: Option<i64>,
}

/// State of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "connection", rename_all = "snake_case")]
pub enum Connection {
    /// No profile in use.
    None,
    /// Signing in.
    Connecting,
    /// The last request was answered.
    Connected,
    /// The last request failed; what is shown is older.
    Failed {
        /// Why.
        error: IpcError,
    },
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretStoreState {
    /// The store in use.
    pub store: SecretStore,
    /// Whether it works, told by writing, reading and deleting a probe at start.
    pub usable: bool,
    /// Whether the user has to choose, because there is no keyring.
    pub choice_needed: bool,
    /// Why the keyring doesn't work, when it doesn't. Never holds a secret.
    pub reason: Option<String>,
}

/// Kinds of secret stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretStore {
    /// Secret Service.
    SecretService,
    /// macOS Keychain.
    Keychain,
    /// Windows Credential Manager.
    CredentialManager,
    /// A file encrypted with a passphrase.
    EncryptedFile,
    /// Memory: gone when the application ends.
    Memory,
    /// None chosen yet.
    None,
}

/// Chooses where secrets are kept where there is no keyring, or opens the encrypted file.
#[derive(Debug, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Serialize))]
pub struct ChooseSecretStore {
    /// `EncryptedFile` or `Memory`; a keyring to try it again.
    pub store: SecretStore,
    /// Passphrase of the encrypted file.
    #[serde(default)]
    pub passphrase: Option<InwardSecret>,
}
command!(ChooseSecretStore = "choose_secret_store" -> SecretStoreState);

/// Begins a new encrypted file and uses it: the way out when the old one is damaged or its passphrase is
/// forgotten. The old one is kept beside it under another name. One that is open is not replaced.
#[derive(Debug, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Serialize))]
pub struct StartSecretFile {
    /// Passphrase of the new file.
    pub passphrase: InwardSecret,
}
command!(StartSecretFile = "start_secret_file" -> SecretFileStarted);

/// A new encrypted file is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretFileStarted {
    /// The store now.
    pub state: SecretStoreState,
    /// Where the old file is kept. Absent when there was none.
    #[serde(default)]
    pub kept: Option<String>,
}

/// The write lock of the profile in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "guard", rename_all = "snake_case")]
pub enum GuardState {
    /// Nothing can be changed.
    Locked,
    /// Changes are possible until then.
    Unlocked {
        /// End, in milliseconds since the epoch.
        until_ms: i64,
        /// Why it was unlocked.
        reason: String,
    },
    /// The simulator: always open.
    Open,
}

/// Unlocks writing for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UnlockWrites {
    /// For how long, 1 to 480 minutes.
    pub minutes: u32,
    /// Why: kept in the journal. Must not be empty.
    pub reason: String,
}
command!(UnlockWrites = "unlock_writes" -> GuardState);

/// Locks writing at once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LockWrites {}
command!(LockWrites = "lock_writes" -> GuardState);
