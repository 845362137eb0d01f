//! A second view of a list: the same rows as a picture, a key away from the table.

use console_ipc::query::Filter;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::model::Table;
use crate::kit::shortcut;
use crate::kit::{Tab, Tabs};
use crate::router::{self, Router};
use crate::words::Word;
use crate::words::table::view as texts;

/// The value of the query that says which view of a list is shown; nothing for the table.
pub(super) const VIEW: &str = "view";

/// The table among the views.
const TABLE: &str = "table";

/// The key that goes from one view to the other.
const KEY: &str = "V";

/// A list's rows as a picture.
pub struct Picture {
    /// Its name in addresses: `routes`.
    pub name: &'static str,
    /// Its name beside that of the table.
    pub label: Word,
    /// Draws it. What stands for a row has its identifier as `data-row`, and can have the focus.
    pub view: fn(PictureContext) -> AnyView,
}

/// What a picture knows of its list.
#[derive(Clone, Copy)]
pub struct PictureContext {
    /// Which rows it shows.
    pub filter: Signal<Filter>,
    /// The row in the side panel; empty when there is none.
    pub row: Signal<String>,
}

/// Whether the picture is in use. It stays as it was while another page is gone to.
pub(super) fn in_use(picture: Option<&'static Picture>) -> Memo<bool> {
    let router = Router::the();
    let own = router.address_now().path;
    Memo::new(move |known: Option<&bool>| {
        let address = router.address();
        match known.filter(|_| address.path != own) {
            Some(known) => *known,
            None => picture.is_some_and(|picture| address.get(VIEW) == Some(picture.name)),
        }
    })
}

/// Hears the key that goes from one view to the other.
pub(super) fn listen(picture: &'static Picture, drawn: Memo<bool>) {
    shortcut::register(KEY, texts::key, move || {
        choose(match drawn.get_untracked() {
            true => TABLE,
            false => picture.name,
        });
    });
}

/// The views to choose from.
pub(super) fn tabs(picture: &'static Picture, drawn: Memo<bool>) -> AnyView {
    let tabs = vec![
        Tab::new(TABLE, texts::table),
        Tab::new(picture.name, picture.label),
    ];
    let current = Signal::derive(move || {
        let name = if drawn.get() { picture.name } else { TABLE };
        name.to_owned()
    });
    view! { <Tabs label=texts::label tabs=tabs current=current on_choose=move |name: String| choose(&name) /> }
        .into_any()
}

fn choose(view: &str) {
    router::set_query(VIEW, if view == TABLE { "" } else { view });
}

/// The picture of the rows that match. `used` says whether a key of the list was for it.
pub(super) fn view(
    picture: &'static Picture,
    table: Table,
    row: Signal<String>,
    used: impl Fn(KeyboardEvent) -> bool + Send + Sync + 'static,
) -> AnyView {
    let context = PictureContext {
        filter: table.filter.into(),
        row,
    };
    let keys = move |event: KeyboardEvent| {
        if used(event.clone()) {
            event.prevent_default();
        }
    };
    // What it reads while it is made is not what it stands for.
    let drawn = untrack(|| (picture.view)(context));
    view! { <div class="list-picture" on:keydown=keys>{drawn}</div> }.into_any()
}

/// Gives the focus to what stands for the row in hand, else to the first of the picture.
pub(super) fn focus(list: NodeRef<leptos::html::Div>, table: Table) {
    let Some(list) = list.get_untracked() else {
        return;
    };
    let row = table.cursor.get_untracked().and_then(|cursor| cursor.id);
    let find = |selector: &str| list.query_selector(selector).ok().flatten();
    let found = row
        .and_then(|id| find(&format!("[data-row=\"{id}\"]")))
        .or_else(|| find("[data-row]"));
    // Links of a drawing have a focus as those of text have, whatever their type is called.
    if let Some(found) = found.map(JsCast::unchecked_into::<HtmlElement>) {
        let _ = found.focus();
    }
}
