//! The one way from the window to the host, and the one from the host to the desktop.

use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use console_core::{Console, Copied, Host, Options};
use console_ipc::IpcError;
use serde_json::Value;
use tauri::{AppHandle, DragDropEvent, Manager, State, Window};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tokio::sync::{oneshot, watch};

use crate::clipboard;
use crate::folders::Folders;

/// The console, as soon as it has started. The window opens meanwhile.
pub(crate) struct Starting(watch::Receiver<Option<Console>>);

/// How long the end of the application waits for the console's.
const LONGEST_CLOSE: Duration = Duration::from_secs(3);

/// Starts the console behind the window.
///
/// # Errors
/// When the platform has no folders for it. What goes wrong later is said in a dialog, and ends the
/// application: it could do nothing.
pub(crate) fn start(app: &AppHandle) -> Result<(), tauri::Error> {
    let folders = Folders::of(app)?;
    let (started, starting) = watch::channel(None);
    app.manage(Starting(starting));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let host = std::sync::Arc::new(Desktop(app.clone()));
        match Console::start(Options::new(folders.config, folders.data, host)).await {
            Ok(console) => {
                started.send_replace(Some(console));
            }
            Err(error) => give_up(&app, &error).await,
        }
    });
    Ok(())
}

/// Ends the console with the application: its session, its simulators, and its hold on the folders.
pub(crate) fn end(app: &AppHandle) {
    let Some(starting) = app.try_state::<Starting>() else {
        return;
    };
    // Nothing to end yet when it is still starting.
    let console = starting.0.borrow().clone();
    if let Some(console) = console {
        tauri::async_runtime::block_on(close(&console));
    }
}

/// Whether a window may close. Where something would be lost, the user is asked, and their answer closes it.
pub(crate) fn may_close(window: &Window) -> bool {
    let console = window
        .try_state::<Starting>()
        .and_then(|starting| starting.0.borrow().clone());
    let Some(question) = console.and_then(|console| console.close_question()) else {
        return true;
    };
    let answers = MessageDialogButtons::OkCancelCustom(question.close, question.stay);
    let asked = window.clone();
    window
        .dialog()
        .message(question.text)
        .title(question.title)
        .kind(MessageDialogKind::Warning)
        .buttons(answers)
        .parent(window)
        .show(move |close| {
            if close {
                // A window that is gone already is closed.
                let _ = asked.destroy();
            }
        });
    false
}

/// Files are held over the window, or dropped on it. The page never gets their paths: it couldn't use them.
pub(crate) fn drag(window: &Window, event: &DragDropEvent) {
    let Some(starting) = window.try_state::<Starting>() else {
        return;
    };
    let over = |files: usize| {
        // While the console starts, there is no page yet that could show it.
        if let Some(console) = starting.0.borrow().as_ref() {
            console.files_over(u32::try_from(files).unwrap_or(u32::MAX));
        }
    };
    match event {
        DragDropEvent::Enter { paths, .. } => over(paths.len()),
        DragDropEvent::Leave => over(0),
        DragDropEvent::Drop { paths, .. } => {
            let paths = paths.clone();
            let mut starting = starting.0.clone();
            tauri::async_runtime::spawn(async move {
                if let Some(console) = started(&mut starting).await {
                    console.inspect_dropped(paths).await;
                }
            });
        }
        // Where over the window doesn't matter, and neither does what may be added to these.
        _ => {}
    }
}

/// The console as soon as it has started. `None` when it can't: the application is about to end then, and says why in a
/// dialog.
async fn started(starting: &mut watch::Receiver<Option<Console>>) -> Option<Console> {
    let console = starting.wait_for(Option::is_some).await;
    console.ok()?.clone()
}

/// Closes the console, unless something it waits for holds the application up.
async fn close(console: &Console) {
    // What is left undone then is what the end of the process does as well.
    let _ = tokio::time::timeout(LONGEST_CLOSE, console.close()).await;
}

/// Hands a command of `console-ipc` over to `console-core`.
///
/// # Errors
/// Whatever the command fails with.
#[tauri::command]
pub(crate) async fn dispatch(
    starting: State<'_, Starting>,
    name: String,
    request: Value,
) -> Result<Value, IpcError> {
    match started(&mut starting.0.clone()).await {
        Some(console) => console.dispatch(&name, request).await,
        None => std::future::pending().await,
    }
}

/// The desktop the window is on.
struct Desktop(AppHandle);

impl Host for Desktop {
    fn choose_save_path(
        &self,
        suggested_name: String,
    ) -> Pin<Box<dyn Future<Output = Option<PathBuf>> + Send + '_>> {
        let (choose, chosen) = oneshot::channel();
        let mut dialog = self.0.dialog().file().set_file_name(suggested_name);
        if let Some(window) = self.0.get_webview_window("main") {
            dialog = dialog.set_parent(&window);
        }
        dialog.save_file(move |path| {
            // Nobody waits any more when the window has been closed meanwhile.
            let _ = choose.send(path);
        });
        Box::pin(async move { chosen.await.ok().flatten()?.into_path().ok() })
    }

    fn choose_open_paths(&self) -> Pin<Box<dyn Future<Output = Vec<PathBuf>> + Send + '_>> {
        let (choose, chosen) = oneshot::channel();
        let mut dialog = self.0.dialog().file();
        if let Some(window) = self.0.get_webview_window("main") {
            dialog = dialog.set_parent(&window);
        }
        dialog.pick_files(move |paths| {
            // Nobody waits any more when the window has been closed meanwhile.
            let _ = choose.send(paths);
        });
        Box::pin(async move {
            let chosen = chosen.await.ok().flatten().unwrap_or_default();
            let paths = chosen.into_iter().filter_map(|path| path.into_path().ok());
            paths.collect()
        })
    }

    fn read_clipboard(&self) -> Pin<Box<dyn Future<Output = Copied> + Send + '_>> {
        Box::pin(clipboard::read(&self.0))
    }
}

/// Says why the console can't start, and ends the application.
async fn give_up(app: &AppHandle, error: &console_core::StartError) {
    let reasons: Vec<String> =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| {
            error.source()
        })
        .map(ToString::to_string)
        .collect();
    let reason = reasons.join(": ");
    // For whoever started it where no dialog is seen. Nothing can be done when nobody reads.
    let _ = writeln!(std::io::stderr(), "edge-console: {reason}");
    let (close, closed) = oneshot::channel();
    app.dialog()
        .message(reason)
        .title("Edge Console")
        .kind(MessageDialogKind::Error)
        .show(move |_| {
            // Whoever waits is in this very function.
            let _ = close.send(());
        });
    // A dialog that could not be shown has nothing to wait for.
    let _ = closed.await;
    app.exit(1);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use console_core::{Console, Options, SaveFolder};

    use super::{Duration, close};

    #[test]
    fn what_has_ended_can_be_started_again() {
        let folder = tempfile::tempdir().unwrap();
        let options = || {
            let save = Arc::new(SaveFolder::new(folder.path().join("saved")));
            let (config, data) = (folder.path().join("config"), folder.path().join("data"));
            Options {
                keyring: None,
                lock_patience: Duration::ZERO,
                ..Options::new(config, data, save)
            }
        };
        tauri::async_runtime::block_on(async {
            let console = Console::start(options()).await.unwrap();
            assert!(
                Console::start(options()).await.is_err(),
                "the folders are held"
            );
            // A start that comes too early waits for the end of the one before it.
            let patient = Options {
                lock_patience: Duration::from_secs(60),
                ..options()
            };
            let (again, ()) = tokio::join!(Console::start(patient), close(&console));
            again.unwrap();
        });
    }
}
