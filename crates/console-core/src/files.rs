//! Files that are there whole or not at all.

use std::cell::Cell;
use std::fs::{self, File};
use std::future::{Future, poll_fn};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;

use console_ipc::error::NextStep;
use console_ipc::{ErrorKind, IpcError};
use edge_package::inspect::is_hidden;
use tempfile::NamedTempFile;

/// Writes a file readable by its owner only: beside its place first, forced to the disk, then renamed.
///
/// # Errors
/// What the file system says; the file is as it was before then.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<u64> {
    debug_assert!(
        !IN_HANDLER.get(),
        "a disk may take seconds: writing is for `blocking`"
    );
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    // Temporary files are made for their owner's eyes only, and renaming keeps that.
    let mut file = NamedTempFile::with_prefix_in(".edge-console-", folder)?;
    let mut writer = BufWriter::new(file.as_file_mut());
    write(&mut writer)?;
    writer.flush()?;
    drop(writer);
    let bytes = file.as_file().metadata()?.len();
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)?;
    Ok(bytes)
}

thread_local! {
    /// Whether this thread is in the middle of a handler, so that others wait for their turn on it.
    static IN_HANDLER: Cell<bool> = const { Cell::new(false) };
}

/// Runs a handler so that, in debug builds, writing a file on its thread panics instead of holding up others.
pub(crate) async fn watched<T>(handler: impl Future<Output = T>) -> T {
    let mut handler = pin!(handler);
    poll_fn(|context| {
        let before = IN_HANDLER.replace(true);
        let polled = handler.as_mut().poll(context);
        IN_HANDLER.set(before);
        polled
    })
    .await
}

/// Reads a file. `None` when there is none.
pub(crate) fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Moves a file that can't be used out of the way, so that nothing in it is lost, and says where it is.
pub(crate) fn set_aside(path: &Path, now_ms: i64) -> io::Result<PathBuf> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".unreadable-{now_ms}"));
    let aside = path.with_file_name(name);
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Creates a folder that only its owner can enter.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The longest name, in bytes: file systems allow 255, and something may be put after it.
const LONGEST_NAME: usize = 120;

/// The name without anything that would lead to another folder, that a file system refuses, or that makes
/// it look like another name.
pub(crate) fn plain_name(suggested: &str) -> String {
    let mut name: String = suggested
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c => c,
        })
        .collect();
    if name.len() > LONGEST_NAME {
        let extension = extension(&name).to_owned();
        name.truncate(name.floor_char_boundary(LONGEST_NAME - extension.len()));
        name.push_str(&extension);
    }
    let name = name.trim().trim_start_matches('.').trim_end_matches('.');
    if name.is_empty() {
        "edge-console".to_owned()
    } else {
        name.to_owned()
    }
}

/// What tells the kind of a file, such as `.tar.gz`. Empty when nothing does.
fn extension(name: &str) -> &str {
    const LONGEST: usize = 16;
    let end = &name[name.ceil_char_boundary(name.len().saturating_sub(LONGEST))..];
    let plain = end.trim_start_matches(|c: char| c != '.');
    let told = plain
        .bytes()
        .all(|b| b == b'.' || b.is_ascii_alphanumeric());
    if told { plain } else { "" }
}

/// A file that could not be read or written, as the window shows it.
pub(crate) fn file_error(path: &Path, error: &io::Error, next: NextStep) -> IpcError {
    IpcError::new(ErrorKind::File, next)
        .with("path", path.display())
        .with("detail", error)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    // The new name is on the disk only when the folder is.
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};

    #[cfg(debug_assertions)]
    use super::watched;
    use super::{plain_name, set_aside, write_whole};

    #[cfg(debug_assertions)]
    #[tokio::test]
    #[should_panic(expected = "writing is for `blocking`")]
    async fn a_handler_does_not_write_on_its_own_thread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let written = watched(async { write_whole(&path, |file| file.write_all(b"a")) });
        written.await.unwrap();
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_whole(&path, |file| file.write_all(b"old")).unwrap();
        let failed = write_whole(&path, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left behind"
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_what_was_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "for all").unwrap();
        write_whole(&path, |file| file.write_all(b"for me")).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn what_is_set_aside_keeps_its_contents() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "{half").unwrap();
        let aside = set_aside(&path, 7).unwrap();
        assert!(!path.exists());
        assert_eq!(fs::read_to_string(aside).unwrap(), "{half");
    }

    #[test]
    fn names_stay_in_their_folder() {
        assert_eq!(plain_name("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain_name("  "), "edge-console");
        assert_eq!(plain_name("..."), "edge-console");
        assert_eq!(plain_name("节点.tar.gz"), "节点.tar.gz");
        assert_eq!(plain_name("a\u{0}b\nc\u{85}"), "abc");
    }

    #[test]
    fn names_are_what_they_look_like() {
        assert_eq!(plain_name("a\u{202e}gpj.exe"), "agpj.exe");
        assert_eq!(plain_name("\u{2067}a\u{2069}\u{200f}\u{61c}\u{feff}"), "a");
        assert_eq!(plain_name("\u{202e}"), "edge-console");
    }

    #[test]
    fn names_fit_into_any_file_system() {
        assert_eq!(plain_name(&"a".repeat(500)).len(), 120);
        let name = plain_name(&format!("a{}", "节".repeat(500)));
        assert_eq!(name, format!("a{}", "节".repeat(39)));
        let name = plain_name(&format!("{}.tar.gz", "节".repeat(64)));
        assert_eq!(name, format!("{}.tar.gz", "节".repeat(37)));
    }
}
