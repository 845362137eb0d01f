//! The one way from the window to the host.

use serde_json::{Value, json};

/// Hands a command of `console-ipc` over to `console-core`.
///
/// # Errors
/// The error object of `console-ipc`, as JSON.
#[tauri::command]
pub(crate) async fn dispatch(name: String, request: Value) -> Result<Value, Value> {
    let _ = request;
    Err(not_ready(&name))
}

fn not_ready(name: &str) -> Value {
    json!({ "kind": "not_ready", "command": name })
}
