//! A file that the host has saved, told where it was asked for.

use console_ipc::call::Saved;
use console_ipc::error::ErrorKind;
use console_ipc::{Command, IpcError};
use leptos::prelude::*;
use serde::Serialize;

use crate::ipc;
use crate::kit::{ErrorNotice, Sign, sign};

/// Where it was saved, or why it wasn't. Nothing while nothing was asked for, or the user changed their mind.
pub type SavedTo = RwSignal<Option<Result<String, IpcError>>>;

/// Has the host save something.
pub fn save<C: Command<Response = Saved> + Serialize>(request: C, saved: SavedTo) {
    saved.set(None);
    wasm_bindgen_futures::spawn_local(async move {
        let outcome = match ipc::call(request).await {
            Ok(Saved::Written { path, .. }) => Some(Ok(path)),
            Ok(Saved::Cancelled) => None,
            Err(error) if error.kind == ErrorKind::Cancelled => None,
            Err(error) => Some(Err(error)),
        };
        saved.try_set(outcome);
    });
}

/// What became of it, above a list.
pub fn saved_banner(saved: SavedTo, text: fn(String) -> String) -> AnyView {
    let said = move || {
        saved.get().map(|outcome| {
            let said = match outcome {
                Ok(path) => view! {
                    <p class="after" role="status">{sign(Sign::Good)} <span class="selectable">{text(path)}</span></p>
                }
                .into_any(),
                Err(error) => view! { <ErrorNotice error=error /> }.into_any(),
            };
            view! { <div class="list-banner">{said}</div> }
        })
    };
    view! { {said} }.into_any()
}
