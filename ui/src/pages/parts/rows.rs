//! Rows of a form that people add and remove.

use ief_api::rules::Rule;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::kit::form::expect_form;
use crate::kit::{Button, Glyph, IconButton, Look, unique};
use crate::words::{self, Word};

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

    /// Rows that are there already.
    pub fn of(rows: impl IntoIterator<Item = T>) -> Self {
        let list = (0..).zip(rows).collect::<Vec<_>>();
        let next = list.last().map_or(0, |(number, _)| number + 1);
        Self {
            list: RwSignal::new(list),
            next: StoredValue::new(next),
            ..Self::new()
        }
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

/// The button that adds a row to a form, and how many there may be. It tells the form that it was touched.
#[component]
pub fn AddRow(
    /// What the button says.
    label: Word,
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// The rule that says how many there may be. Without one, as many as people like.
    #[prop(optional)]
    rule: Option<&'static Rule>,
    /// Adds one.
    #[prop(into)]
    add: Callback<()>,
) -> AnyView {
    let form = expect_form();
    let most = rule.and_then(Rule::max_entries);
    let full = Memo::new(move |_| most.is_some_and(|most| count.get() >= most));
    let of = move || most.map(|most| words::kit::count_of(count.get(), most));
    view! {
        <div class="row">
            <Button
                label=label
                glyph=Glyph::Plus
                look=Look::Quiet
                disabled=Signal::from(full)
                hint=move || of().filter(|_| full.get()).unwrap_or_default()
                on_press=move || {
                    form.touch();
                    add.run(());
                }
            />
            <span class="second small number">{of}</span>
        </div>
    }
    .into_any()
}

/// Edits a list whose rows are found by their place in the body, as the service's complaints name it.
pub fn row_list<T: Copy + Send + Sync + 'static>(
    rows: Rows<T>,
    add: Word,
    rule: Option<&'static Rule>,
    make: fn() -> T,
    class: &'static str,
    fields: impl Fn(usize, T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let form = expect_form();
    let line = move |(at, (number, row)): (usize, (u32, T))| {
        let remove = move || {
            form.touch();
            rows.remove(number);
        };
        view! {
            <li class=class>
                {fields(at, row)}
                <IconButton glyph=Glyph::Trash label=move || words::kit::remove_line(at + 1) on_press=remove />
            </li>
        }
        .into_any()
    };
    let id = unique("rows");
    let place = id.clone();
    let add_one = move || {
        rows.add(make);
        focus_last(&place, "> li");
    };
    let count = Signal::derive(move || rows.count());
    let add_row = match rule {
        Some(rule) => view! { <AddRow label=add count=count rule=rule add=add_one /> }.into_any(),
        None => view! { <AddRow label=add count=count add=add_one /> }.into_any(),
    };
    view! {
        <ul class="pairs" id=id>{move || rows.get().into_iter().enumerate().map(&line).collect_view()}</ul>
        {add_row}
    }
    .into_any()
}
