//! The one way from the window to the host, and the one from the host to the desktop.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use console_core::{Console, Host, Options};
use console_ipc::IpcError;
use serde_json::Value;
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tokio::sync::{oneshot, watch};

use crate::folders::Folders;

/// The console, as soon as it has started. The window opens meanwhile.
pub(crate) struct Starting(watch::Receiver<Option<Console>>);

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
    let mut starting = starting.0.clone();
    let console = match starting.wait_for(Option::is_some).await {
        Ok(console) => console.clone(),
        // The application is about to end, and says why in a dialog.
        Err(_) => None,
    };
    match console {
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
}

/// Says why the console can't start, and ends the application.
async fn give_up(app: &AppHandle, error: &console_core::StartError) {
    let reasons: Vec<String> =
        std::iter::successors(Some(error as &dyn std::error::Error), |error| {
            error.source()
        })
        .map(ToString::to_string)
        .collect();
    let (close, closed) = oneshot::channel();
    app.dialog()
        .message(reasons.join(": "))
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
