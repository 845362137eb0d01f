//! A page that needs no profile, before there is one: the package inspector beside the first choice.

use leptos::prelude::*;

use crate::kit::shortcut::{self, ShortcutHelp};
use crate::kit::{Glyph, icon};
use crate::{chunks, words};

/// The package inspector without the frame around it.
#[component]
pub fn Bare() -> AnyView {
    shortcut::start();
    Effect::new(move |_| {
        document().set_title(&format!("{} – Edge Console", words::inspector::title.get()));
    });
    view! {
        <div class="bare">
            <header class="bare-head">
                <a class="page-crumb" href="#/">{icon(Glyph::ArrowLeft)} {words::start::title}</a>
            </header>
            <main class="page" id="page" tabindex="-1">{chunks::inspector(Vec::new())}</main>
        </div>
        <ShortcutHelp />
    }
    .into_any()
}
