//! The one way from the window to the host: a command of `console-ipc`, typed on both sides.

use console_ipc::error::{ErrorKind, NextStep};
use console_ipc::{Command, IpcError};
use js_sys::{Function, JSON, Object, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::beforehand;

/// Sends a command to the host and waits for its answer.
///
/// # Errors
/// The host's error, or [`ErrorKind::Protocol`] when window and host don't understand each other.
pub async fn call<C: Command + Serialize>(request: C) -> Result<C::Response, IpcError> {
    let text =
        serde_json::to_string(&request).map_err(|error| protocol(C::NAME, &error.to_string()))?;
    drop(request);
    let answer = exchange(C::NAME, &text).await?;
    serde_json::from_str(&answer).map_err(|error| protocol(C::NAME, &error.to_string()))
}

/// Sends a command and drops its answer, for what reports through events anyway. A failure goes to the
/// status line.
pub fn send<C: Command + Serialize>(request: C) {
    wasm_bindgen_futures::spawn_local(async move {
        if let Err(error) = call(request).await {
            crate::state::App::expect().report(error);
        }
    });
}

/// The part of a call that is the same for every command.
async fn exchange(name: &'static str, request: &str) -> Result<String, IpcError> {
    let answer = match beforehand::take(name).await {
        Some(answer) => answer,
        None => invoke(name, request).await,
    };
    match answer {
        Ok(answer) => stringify(&answer).ok_or_else(|| protocol(name, "the answer is no JSON")),
        Err(error) => Err(read_error(name, &error)),
    }
}

async fn invoke(name: &str, request: &str) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let internals = Reflect::get(&window, &"__TAURI_INTERNALS__".into())?;
    let invoke: Function = Reflect::get(&internals, &"invoke".into())?.dyn_into()?;
    let arguments = Object::new();
    Reflect::set(&arguments, &"name".into(), &name.into())?;
    Reflect::set(&arguments, &"request".into(), &JSON::parse(request)?)?;
    let promise: Promise = invoke
        .call2(&internals, &"dispatch".into(), &arguments)?
        .dyn_into()?;
    JsFuture::from(promise).await
}

fn stringify(value: &JsValue) -> Option<String> {
    if value.is_undefined() {
        return Some("null".to_owned());
    }
    JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
}

/// The host rejects with an [`IpcError`]; whatever else comes is a fault between window and host.
fn read_error(name: &str, error: &JsValue) -> IpcError {
    let text = stringify(error).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|_| {
        let detail = error.as_string().unwrap_or(text);
        protocol(name, &detail)
    })
}

fn protocol(name: &str, detail: &str) -> IpcError {
    IpcError::new(ErrorKind::Protocol, NextStep::Report)
        .with("command", name)
        .with("detail", detail)
}
