//! Pages of what only platinum instances have.

use console_ipc::profile::Connection;
use leptos::prelude::*;

use crate::kit::{EmptyState, Glyph};
use crate::state::App;
use crate::words::Word;

/// A page, or why this profile has none: its title, and what stands there instead.
pub fn platinum_only(
    title: Word,
    (instead, why): (Word, Word),
    glyph: Glyph,
    page: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let is_professional = is_professional();
    let body = move || match is_professional.get() {
        true => view! {
            <div class="page-body">
                <div class="page-head"><h1>{title}</h1></div>
                <EmptyState title=instead text=why glyph=glyph />
            </div>
        }
        .into_any(),
        false => untrack(&page),
    };
    view! { {body} }.into_any()
}

/// Whether the profile is known to use the professional edition: somebody has signed in, and it names no instance.
pub fn is_professional() -> Memo<bool> {
    let app = App::expect();
    Memo::new(move |_| {
        app.session.with(|session| {
            session.instance_id.is_empty() && matches!(session.connection, Connection::Connected)
        })
    })
}
