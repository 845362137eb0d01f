//! What the console asks of the desktop it runs on.

use std::env;
use std::path::PathBuf;

use futures_util::future::BoxFuture;

/// Names the folder into which files are saved without asking: for kiosks and for tests of the window,
/// where nobody can answer a native dialog.
pub const SAVE_FOLDER_VARIABLE: &str = "EDGE_CONSOLE_SAVE_DIR";

/// What the console asks of the desktop it runs on.
pub trait Host: Send + Sync + 'static {
    /// Asks the user where to save a file. `None` when they changed their mind.
    fn choose_save_path(&self, suggested_name: String) -> BoxFuture<'_, Option<PathBuf>>;
}

/// Saves into one folder without asking. A name that is taken gets a number.
#[derive(Debug, Clone)]
pub struct SaveFolder(PathBuf);

impl SaveFolder {
    /// Saves into this folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder that [`SAVE_FOLDER_VARIABLE`] names. `None` when it names none.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        env::var_os(SAVE_FOLDER_VARIABLE)
            .filter(|folder| !folder.is_empty())
            .map(|folder| Self(folder.into()))
    }
}

impl Host for SaveFolder {
    fn choose_save_path(&self, suggested_name: String) -> BoxFuture<'_, Option<PathBuf>> {
        let (stem, extension) = match suggested_name.split_once('.') {
            Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
            None => (suggested_name, String::new()),
        };
        Box::pin(async move {
            (1_u32..)
                .map(|number| match number {
                    1 => self.0.join(format!("{stem}{extension}")),
                    _ => self.0.join(format!("{stem} ({number}){extension}")),
                })
                .find(|path| !path.exists())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, SaveFolder};

    #[tokio::test]
    async fn a_taken_name_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let host = SaveFolder::new(folder.path().to_owned());
        let choose = || host.choose_save_path("gw.tar.gz".to_owned());
        assert_eq!(choose().await, Some(folder.path().join("gw.tar.gz")));
        std::fs::write(folder.path().join("gw.tar.gz"), "").unwrap();
        assert_eq!(choose().await, Some(folder.path().join("gw (2).tar.gz")));
    }
}
