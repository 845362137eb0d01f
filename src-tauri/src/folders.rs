//! Where the application keeps what it keeps.

use std::env;
use std::path::PathBuf;

use tauri::{AppHandle, Manager};

/// Moves everything the application keeps below one folder. Tests use it to start from nothing.
const OVERRIDE: &str = "EDGE_CONSOLE_DATA_DIR";

/// The application's own folders. They need not exist yet.
pub(crate) struct Folders {
    /// What the user has chosen: profiles, settings, secrets where there is no keyring.
    pub(crate) config: PathBuf,
    /// What the application has recorded: the journal, and the lock that keeps a second console out.
    pub(crate) data: PathBuf,
}

impl Folders {
    /// The folders the platform gives this application, or those the environment names.
    ///
    /// # Errors
    /// When the platform names none, as without a home.
    pub(crate) fn of(app: &AppHandle) -> Result<Self, tauri::Error> {
        if let Some(folder) = env::var_os(OVERRIDE).filter(|it| !it.is_empty()) {
            let folder = PathBuf::from(folder);
            return Ok(Self {
                config: folder.join("config"),
                data: folder.join("data"),
            });
        }
        Ok(Self {
            config: app.path().app_config_dir()?,
            data: app.path().app_data_dir()?,
        })
    }
}
