//! Files over the window: whatever it shows, they can be dropped on it, and the inspector opens.

use console_ipc::inspect::Inspected;
use leptos::html;
use leptos::prelude::*;

use crate::kit::{Glyph, icon};
use crate::pages::INSPECTOR;
use crate::state::App;
use crate::words::inspector as texts;
use crate::{format, router};

/// Shows what came of inputs, however they were given: the first that was opened, or why none was.
pub fn follow() {
    let app = App::expect();
    Effect::new(move |_| {
        if let Some(address) = app.inspected.with(|it| it.as_ref().and_then(where_to_look)) {
            router::go(&address);
        }
    });
}

fn where_to_look(inspected: &Inspected) -> Option<String> {
    match inspected.opened.first() {
        Some(first) => Some(format!("#/{INSPECTOR}/{}", first.id)),
        None => (!inspected.refused.is_empty()).then(|| format!("#/{INSPECTOR}")),
    }
}

/// What covers the window while files are held over it.
#[component]
pub fn DropCover() -> AnyView {
    let app = App::expect();
    let over = Memo::new(move |_| app.ready.get() && app.files_over.get() > 0);
    view! { {move || over.get().then(|| view! { <Cover /> })} }.into_any()
}

#[component]
fn Cover() -> AnyView {
    let app = App::expect();
    let node: NodeRef<html::Div> = NodeRef::new();
    Effect::new(move |_| {
        if let Some(cover) = node.get() {
            // In the top layer, so that a dialog doesn't hide it. An engine that has none shows it above the page.
            let _ = cover.show_popover();
        }
    });
    let said = move || texts::dropping(format::count(u64::from(app.files_over.get())));
    view! {
        <div class="drop-cover" popover="manual" role="status" node_ref=node>
            <div>
                {icon(Glyph::Package)}
                <strong>{texts::drop_here}</strong>
                <span class="second">{said}</span>
            </div>
        </div>
    }
    .into_any()
}
