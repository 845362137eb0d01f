//! What was copied, read by the host: a key that somebody pastes never is in the window.

use console_core::Copied;
use tauri::AppHandle;

/// Reads it. Nothing when whoever holds it doesn't hand it over.
#[cfg(target_os = "linux")]
pub(crate) async fn read(app: &AppHandle) -> Copied {
    use std::time::Duration;

    use tokio::sync::oneshot;

    /// The program that something was copied from has so long to hand it over.
    const PATIENCE: Duration = Duration::from_secs(5);

    let (tell, told) = oneshot::channel();
    // The toolkit is spoken to on its own thread only.
    if app
        .run_on_main_thread(move || linux::request(tell))
        .is_err()
    {
        return Copied::Nothing;
    }
    match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(copied)) => copied,
        Ok(Err(_)) | Err(_) => Copied::Nothing,
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::PathBuf;

    use console_core::Copied;
    use gtk::{Clipboard, gdk, glib};
    use tokio::sync::oneshot;

    /// Asks for files, and for text when there are none. The library the window is made of does it, so that there is
    /// no second one.
    pub(super) fn request(tell: oneshot::Sender<Copied>) {
        let clipboard = Clipboard::get(&gdk::SELECTION_CLIPBOARD);
        let files = gdk::Atom::intern("text/uri-list");
        clipboard.request_contents(&files, move |clipboard, data| {
            let uris = data.uris();
            let paths: Vec<PathBuf> = uris.iter().filter_map(|uri| path(uri)).collect();
            if paths.is_empty() {
                clipboard.request_text(move |_, text| {
                    let text = text.map(|text| Copied::Text(text.to_owned().into()));
                    // Nobody waits any more when it took too long.
                    drop(tell.send(text.unwrap_or_default()));
                });
            } else {
                drop(tell.send(Copied::Files(paths)));
            }
        });
    }

    /// The file an address leads to, when it is one on this computer.
    fn path(uri: &str) -> Option<PathBuf> {
        let (path, host) = glib::filename_from_uri(uri).ok()?;
        host.is_none_or(|host| host.is_empty() || host == "localhost")
            .then_some(path)
    }

    #[cfg(test)]
    mod tests {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::path::{Path, PathBuf};

        use super::path;

        #[test]
        fn files_of_this_computer_alone_are_files() {
            let here = Some(PathBuf::from("/a b/gw.tgz"));
            assert_eq!(path("file:///a%20b/gw.tgz"), here);
            assert_eq!(path("file://localhost/a%20b/gw.tgz"), here);
            let odd = OsStr::from_bytes(b"/\xff.tgz");
            assert_eq!(path("file:///%ff.tgz").as_deref(), Some(Path::new(odd)));
            for elsewhere in [
                "file://other/gw.tgz",
                "https://localhost/gw.tgz",
                "gw.tgz",
                "",
            ] {
                assert_eq!(path(elsewhere), None, "{elsewhere}");
            }
        }
    }
}

/// Reads it. Nothing when it can't be read.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn read(_: &AppHandle) -> Copied {
    let read = tauri::async_runtime::spawn_blocking(|| {
        let mut clipboard = arboard::Clipboard::new().ok()?;
        match clipboard.get().file_list() {
            Ok(paths) if !paths.is_empty() => Some(Copied::Files(paths)),
            _ => Some(Copied::Text(clipboard.get_text().ok()?.into())),
        }
    });
    read.await.ok().flatten().unwrap_or_default()
}
