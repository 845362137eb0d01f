//! The picture by keys: arrows go up and down among sources, rules and destinations, and along the lines.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::super::drawing::Drawing;
use crate::flow::Arrangement;

/// What a part is called in the page: its column (`s`, `r` or `t`) and its place from above.
pub(super) fn name(column: char, place: usize) -> String {
    format!("{column}{place}")
}

/// Moves the focus to the part that an arrow points to.
pub(super) fn move_focus(drawing: Memo<Drawing>, event: &KeyboardEvent) {
    // Alt with an arrow goes back in the window.
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let focused = document().active_element();
    let Some(spot) = focused.and_then(|it| it.get_attribute("data-spot")) else {
        return;
    };
    let next = drawing.with_untracked(|it| next(&it.places, &spot, &event.key()));
    let Some(next) = next else { return };
    event.prevent_default();
    let found = document().query_selector(&format!("[data-spot={next}]"));
    if let Ok(Some(found)) = found {
        // Links of a drawing have a focus as those of text have, whatever their type is called.
        let _ = found.unchecked_into::<HtmlElement>().focus();
    }
}

fn next(places: &Arrangement, spot: &str, key: &str) -> Option<String> {
    let (column, place) = (spot.chars().next()?, spot.get(1..)?.parse::<usize>().ok()?);
    let length = match column {
        's' => places.sources.len(),
        'r' => places.middles.len(),
        _ => places.targets.len(),
    };
    let within = |place: usize| (place < length).then(|| name(column, place));
    match (key, column) {
        ("ArrowUp", _) => within(place.checked_sub(1)?),
        ("ArrowDown", _) => within(place + 1),
        ("Home", _) => within(0),
        ("End", _) => within(length.checked_sub(1)?),
        ("ArrowRight", 's') => Some(name('r', *places.sources.get(place)?.flows.first()?)),
        ("ArrowRight", 'r') => Some(name('t', places.middles.get(place)?.target)),
        ("ArrowLeft", 't') => Some(name('r', *places.targets.get(place)?.flows.first()?)),
        ("ArrowLeft", 'r') => Some(name('s', places.middles.get(place)?.source)),
        _ => None,
    }
}
