//! Rows of a form that people add and remove.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Gives the focus to the first field of the last row, once it is drawn. `rows` selects rows inside the element
/// with the id.
pub fn focus_last(id: &str, rows: &str) {
    let selector = format!("#{id} {rows}");
    request_animation_frame(move || {
        let Ok(found) = document().query_selector_all(&selector) else {
            return;
        };
        let last = found.length().checked_sub(1).and_then(|at| found.item(at));
        let field = last
            .and_then(|row| row.dyn_into::<Element>().ok())
            .and_then(|row| row.query_selector("input, select, textarea").ok().flatten())
            .and_then(|field| field.dyn_into::<HtmlElement>().ok());
        if let Some(field) = field {
            // Only what can't have it refuses the focus.
            let _ = field.focus();
        }
    });
}

/// Rows that people add and remove. Their signals live as long as the form does.
#[derive(Clone, Copy)]
pub struct Rows<T: Copy + Send + Sync + 'static> {
    list: RwSignal<Vec<(u32, T)>>,
    next: StoredValue<u32>,
    owner: StoredValue<Owner>,
}

impl<T: Copy + Send + Sync + 'static> Rows<T> {
    /// No rows yet.
    pub fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Adds a row and tells its number.
    pub fn add(self, make: impl FnOnce() -> T) -> u32 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let row = self.owner.with_value(|owner| owner.with(make));
        self.list.update(|list| list.push((number, row)));
        number
    }

    /// Takes a row away.
    pub fn remove(self, number: u32) {
        self.list
            .update(|list| list.retain(|(known, _)| *known != number));
    }

    /// The rows with their numbers, tracked.
    pub fn get(self) -> Vec<(u32, T)> {
        self.list.get()
    }

    /// How many there are, tracked.
    pub fn count(self) -> usize {
        self.list.with(Vec::len)
    }
}

impl<T: Copy + Send + Sync + 'static> Default for Rows<T> {
    fn default() -> Self {
        Self::new()
    }
}
