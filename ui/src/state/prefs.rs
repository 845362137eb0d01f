//! What the window keeps for itself: columns, widths, saved views.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{App, save_settings};

/// Reads a preference. `None` when there is none or it has another shape by now.
pub fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    let value = App::expect()
        .settings
        .with_untracked(|settings| settings.window.get(key).cloned())?;
    serde_json::from_value(value).ok()
}

/// Like [`get`], tracked.
pub fn track<T: DeserializeOwned>(key: &str) -> Option<T> {
    let value = App::expect()
        .settings
        .with(|settings| settings.window.get(key).cloned())?;
    serde_json::from_value(value).ok()
}

/// Keeps a preference.
pub fn set<T: Serialize>(key: &str, value: &T) {
    // What the window keeps are plain lists and texts, which always serialise.
    if let Ok(value) = serde_json::to_value(value) {
        save_settings(|settings| {
            settings.window.insert(key.to_owned(), value);
        });
    }
}

/// The key of a preference that belongs to the profile in use: `columns/node` becomes `PROFILE/columns/node`.
pub fn of_profile(key: &str) -> String {
    let id = App::expect()
        .session
        .with_untracked(|session| session.profile_id.clone());
    format!("{}/{key}", id.unwrap_or_default())
}
