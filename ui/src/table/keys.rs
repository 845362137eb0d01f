//! Keys of a list: the one that works outside its table, and those of the table for the sheet of all keys.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::model::Table;
use crate::kit::shortcut;
use crate::words::{Word, table::keys as texts};

/// Keys a table hears itself, as people read them.
const KEYS: [(&str, Word); 8] = [
    ("↑ / ↓", texts::row),
    ("← / →", texts::cell),
    ("Home / End", texts::ends),
    ("Enter", texts::open),
    ("Space", texts::select),
    ("Shift+↑ / ↓", texts::extend),
    ("Ctrl+C", texts::copy),
    ("Ctrl+A", texts::all),
];

/// Tells the table's keys in the sheet of all keys as long as the component around lives.
pub(super) fn tell() {
    for (keys, label) in KEYS {
        shortcut::tell(keys, label);
    }
}

/// Selects all rows with Ctrl+A anywhere on the page of a list. What is no field would select the texts of the
/// whole window otherwise.
pub(super) fn select_all_anywhere(table: Table) {
    let handle = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let control = event.ctrl_key() || event.meta_key();
        if event.default_prevented() || !control || !matches!(event.key().as_str(), "a" | "A") {
            return;
        }
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let within = |selector: &str| {
            target
                .as_ref()
                .is_some_and(|target| matches!(target.closest(selector), Ok(Some(_))))
        };
        if within("input:not([type=checkbox],[type=radio]), textarea, [contenteditable]") {
            return;
        }
        event.prevent_default();
        let apart = within("dialog, .list-panel, .menu");
        let on_page = within(".page") || target.is_some_and(|it| it.tag_name() == "BODY");
        if on_page && !apart {
            table.select_all();
        }
    });
    on_cleanup(move || handle.remove());
}
