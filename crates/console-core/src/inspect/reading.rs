//! Reading what is to be inspected: regular files only, and of none more than a package could have.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use console_ipc::error::NextStep;
use console_ipc::{ErrorKind, IpcError};
use zeroize::Zeroizing;

use crate::files::{file_error, plain_name};

/// The largest input, in bytes. Packages have some kilobytes; what pretends to be one is to be named as well.
pub(super) const LARGEST: u64 = MEBIBYTES * 1024 * 1024;

/// The same in mebibytes.
const MEBIBYTES: u64 = 32;

/// Something to inspect.
pub(super) struct Input {
    /// The name it goes by.
    pub(super) name: String,
    /// What it holds. May hold keys.
    pub(super) bytes: Zeroizing<Vec<u8>>,
}

/// Reads a file whole, under its own name without the folder.
///
/// # Errors
/// [`ErrorKind::NotAFile`] for anything but a regular file, or a link to one; [`ErrorKind::TooLarge`], told without
/// reading it; [`ErrorKind::File`] when it can't be read.
pub(super) fn file(path: &Path) -> Result<Input, IpcError> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Ok(Input {
        name: plain_name(&name.to_string_lossy()),
        bytes: contents(path)?,
    })
}

/// Reads a file whole, without waiting for anything: a pipe that nobody writes into would never end.
///
/// # Errors
/// Those of [`file`].
pub(super) fn contents(path: &Path) -> Result<Zeroizing<Vec<u8>>, IpcError> {
    let failed = |error: &io::Error| file_error(path, error, NextStep::ChooseAnotherFile);
    // Asked before opening: opening alone makes some devices do something.
    regular(path, &fs::metadata(path).map_err(|error| failed(&error))?)?;
    let file = open(path).map_err(|error| failed(&error))?;
    // And after it: the name may lead elsewhere by now.
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    regular(path, &metadata)?;
    if metadata.len() > LARGEST {
        return Err(too_large().with("path", path.display()));
    }
    match whole(file, metadata.len()) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(too_large().with("path", path.display())),
        Err(error) => Err(failed(&error)),
    }
}

/// Reads to the end, unless that is too far. `expected` is how much there seems to be, in bytes.
pub(super) fn whole(source: impl Read, expected: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let capacity = usize::try_from(expected.min(LARGEST)).unwrap_or(0);
    // One more, so that the end is found without growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity + 1));
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let fits = bytes.len() as u64 <= LARGEST;
    Ok(fits.then_some(bytes))
}

/// An input is larger than what is read of one.
pub(super) fn too_large() -> IpcError {
    IpcError::new(ErrorKind::TooLarge, NextStep::ChooseAnotherFile).with("mebibytes", MEBIBYTES)
}

fn regular(path: &Path, metadata: &fs::Metadata) -> Result<(), IpcError> {
    if metadata.is_file() {
        return Ok(());
    }
    let error = IpcError::new(ErrorKind::NotAFile, NextStep::ChooseAnotherFile);
    Err(error.with("path", path.display()))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use console_ipc::ErrorKind;

    use super::{LARGEST, file};

    #[test]
    fn a_file_is_read_under_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gw\u{202e}-1.tar.gz");
        std::fs::write(&path, b"content").unwrap();
        let input = file(&path).unwrap();
        assert_eq!(
            (input.name.as_str(), &input.bytes[..]),
            ("gw-1.tar.gz", &b"content"[..])
        );
    }

    #[test]
    fn a_large_file_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        let large = std::fs::File::create(&path).unwrap();
        large.set_len(LARGEST).unwrap();
        assert_eq!(file(&path).unwrap().bytes.len() as u64, LARGEST);
        // Far more than there is memory for, and on the disk nothing.
        large.set_len(1 << 42).unwrap();
        let error = file(&path).map(drop).unwrap_err();
        assert_eq!(
            (error.kind, error.values["mebibytes"].as_str()),
            (ErrorKind::TooLarge, "32")
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let kind = |name: &str| file(&folder.path().join(name)).map(drop).unwrap_err().kind;
        assert_eq!(kind("."), ErrorKind::NotAFile);
        assert_eq!(kind("nothing"), ErrorKind::File);
        // Nobody writes into it: reading it would never end.
        let made = std::process::Command::new("mkfifo")
            .arg(folder.path().join("pipe"))
            .status();
        assert!(made.unwrap().success());
        assert_eq!(kind("pipe"), ErrorKind::NotAFile);
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero")).unwrap();
        assert_eq!(kind("zero"), ErrorKind::NotAFile);
        std::fs::write(folder.path().join("file"), "a").unwrap();
        std::os::unix::fs::symlink("file", folder.path().join("link")).unwrap();
        assert_eq!(&file(&folder.path().join("link")).unwrap().bytes[..], b"a");
    }
}
