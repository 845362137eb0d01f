//! Theme and language, applied to the whole document.

use console_ipc::settings::{Language, SaveSettings, Settings, Theme};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::App;
use crate::ipc;
use crate::words::{self, Lang};

/// Keeps the document as the settings say.
pub(super) fn follow(app: App) {
    let choice = Memo::new(move |_| {
        app.settings
            .with(|settings| (settings.theme, settings.language))
    });
    Effect::new(move |_| {
        let (theme, language) = choice.get();
        let language = spoken(language);
        spawn_local(words::speak(language));
        if let Some(root) = document().document_element() {
            // Attributes with fixed names can't be refused.
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light => root.set_attribute("data-theme", "light"),
                Theme::Dark => root.set_attribute("data-theme", "dark"),
                Theme::Contrast => root.set_attribute("data-theme", "contrast"),
            };
            let _ = root.set_attribute("lang", language.tag());
        }
    });
}

/// The language of a choice.
pub(super) fn spoken(choice: Language) -> Lang {
    match choice {
        Language::System => system_language(),
        Language::En => Lang::En,
        Language::Zh => Lang::Zh,
    }
}

/// Changes the settings at once and has the host keep them.
pub fn save_settings(change: impl FnOnce(&mut Settings)) {
    let app = App::expect();
    let mut settings = app.settings.get_untracked();
    change(&mut settings);
    if app.settings.get_untracked() != settings {
        app.settings.set(settings.clone());
        ipc::send(SaveSettings { settings });
    }
}

fn system_language() -> Lang {
    match window().navigator().language() {
        Some(tag) if tag.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}
