//! What the console asks of the desktop it runs on.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use zeroize::Zeroizing;

/// Names the folder into which files are saved without asking: for kiosks and for tests of the window,
/// where nobody can answer a native dialog.
pub const SAVE_FOLDER_VARIABLE: &str = "EDGE_CONSOLE_SAVE_DIR";

/// Names the folder whose files are opened without asking, for the same places.
pub const OPEN_FOLDER_VARIABLE: &str = "EDGE_CONSOLE_OPEN_DIR";

/// What the console asks of the desktop it runs on.
pub trait Host: Send + Sync + 'static {
    /// Asks the user where to save a file. `None` when they changed their mind.
    fn choose_save_path(&self, suggested_name: String) -> BoxFuture<'_, Option<PathBuf>>;

    /// Asks the user for files to open. None when they changed their mind.
    fn choose_open_paths(&self) -> BoxFuture<'_, Vec<PathBuf>>;

    /// What was copied.
    fn read_clipboard(&self) -> BoxFuture<'_, Copied>;
}

/// What was copied. It may hold a key, so it is never shown.
#[derive(Default)]
pub enum Copied {
    /// Nothing that could be read.
    #[default]
    Nothing,
    /// Text.
    Text(Zeroizing<String>),
    /// Files.
    Files(Vec<PathBuf>),
}

impl fmt::Debug for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Files(paths) => f.debug_tuple("Files").field(paths).finish(),
        }
    }
}

/// A desktop, some of whose questions the environment has answered.
pub(crate) struct Answered {
    desktop: Arc<dyn Host>,
    save: Option<SaveFolder>,
    open: Option<PathBuf>,
}

impl Answered {
    /// Takes the answers from [`SAVE_FOLDER_VARIABLE`] and [`OPEN_FOLDER_VARIABLE`].
    pub(crate) fn by_environment(desktop: Arc<dyn Host>) -> Self {
        Self {
            desktop,
            save: SaveFolder::from_environment(),
            open: folder_in(OPEN_FOLDER_VARIABLE),
        }
    }
}

impl Host for Answered {
    fn choose_save_path(&self, suggested_name: String) -> BoxFuture<'_, Option<PathBuf>> {
        match &self.save {
            Some(folder) => folder.choose_save_path(suggested_name),
            None => self.desktop.choose_save_path(suggested_name),
        }
    }

    fn choose_open_paths(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        match &self.open {
            Some(folder) => Box::pin(async move { contents(folder) }),
            None => self.desktop.choose_open_paths(),
        }
    }

    fn read_clipboard(&self) -> BoxFuture<'_, Copied> {
        self.desktop.read_clipboard()
    }
}

/// What is in a folder, by name. Nothing when it can't be read: nobody is there to be told.
fn contents(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The folder a variable names. `None` when it names none.
fn folder_in(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).filter(|folder| !folder.is_empty());
    folder.map(PathBuf::from)
}

/// Saves into one folder without asking. A name that is taken gets a number. Opens nothing, and nothing was copied.
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
        folder_in(SAVE_FOLDER_VARIABLE).map(Self)
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

    fn choose_open_paths(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(std::future::ready(Vec::new()))
    }

    fn read_clipboard(&self) -> BoxFuture<'_, Copied> {
        Box::pin(std::future::ready(Copied::Nothing))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Answered, Copied, Host, SaveFolder};

    #[tokio::test]
    async fn a_taken_name_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let host = SaveFolder::new(folder.path().to_owned());
        let choose = || host.choose_save_path("gw.tar.gz".to_owned());
        assert_eq!(choose().await, Some(folder.path().join("gw.tar.gz")));
        std::fs::write(folder.path().join("gw.tar.gz"), "").unwrap();
        assert_eq!(choose().await, Some(folder.path().join("gw (2).tar.gz")));
    }

    #[tokio::test]
    async fn what_the_environment_says_is_not_asked() {
        let folder = tempfile::tempdir().unwrap();
        let (saved, files) = (folder.path().join("saved"), folder.path().join("files"));
        std::fs::create_dir(&files).unwrap();
        for name in ["b.pem", "a.tar.gz"] {
            std::fs::write(files.join(name), "").unwrap();
        }
        let desktop = Arc::new(SaveFolder::new(saved.clone()));
        let kiosk = Answered {
            desktop,
            save: None,
            open: Some(files.clone()),
        };
        let opened = kiosk.choose_open_paths().await;
        assert_eq!(opened, [files.join("a.tar.gz"), files.join("b.pem")]);
        let chosen = kiosk.choose_save_path("a".to_owned()).await;
        assert_eq!(
            chosen,
            Some(saved.join("a")),
            "the desktop is asked for the rest"
        );
    }

    #[test]
    fn what_was_copied_is_not_shown() {
        let copied = Copied::Text(String::from("canary").into());
        assert_eq!(format!("{copied:?}"), "Text(6 bytes)");
    }
}
