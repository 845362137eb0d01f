//! The dialog in which columns are chosen and put in order.

use leptos::prelude::*;

use super::model::Table;
use crate::kit::{Button, Checkbox, Dialog, Glyph, IconButton, Look};
use crate::words;
use crate::words::table::columns as texts;

/// Chooses columns while `open` is true. What is changed shows at once.
#[component]
pub(super) fn ColumnsDialog(
    /// The table.
    table: Table,
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> AnyView {
    view! {
        <Dialog open=open title=texts::dialog>
            <p class="second">{texts::help}</p>
            <ul class="columns-list">{move || lines(table)}</ul>
            <footer class="dialog-actions">
                <Button label=texts::reset look=Look::Quiet on_press=move || table.reset_layout() />
                <span class="spacer"></span>
                <Button label=texts::done look=Look::Primary on_press=move || open.set(false) />
            </footer>
        </Dialog>
    }
    .into_any()
}

/// The shown columns in their order, then the others in the resource's.
fn lines(table: Table) -> AnyView {
    let shown: Vec<&'static str> = table.layout.with(|layout| {
        let names = layout
            .columns
            .iter()
            .filter_map(|column| table.spec.column(&column.name));
        names.map(|column| column.name).collect()
    });
    let hidden = table
        .spec
        .columns
        .iter()
        .map(|column| column.name)
        .filter(|name| !shown.contains(name));
    let last = shown.len().saturating_sub(1);
    let lines = shown.iter().copied().chain(hidden).enumerate();
    lines
        .map(|(at, name)| line(table, name, at <= last && shown.contains(&name), at, last))
        .collect_view()
        .into_any()
}

fn line(table: Table, name: &'static str, is_shown: bool, at: usize, last: usize) -> AnyView {
    let label = move || words::column(table.spec.kind, name);
    let value = RwSignal::new(is_shown);
    Effect::new(move |_| {
        if value.get() != is_shown {
            let width = table
                .spec
                .shown
                .iter()
                .find(|(known, _)| *known == name)
                .map_or(140, |(_, width)| *width);
            table.layout.update(|layout| layout.toggle(name, width));
            table.keep_layout();
        }
    });
    let shift = move |by: isize| {
        table.layout.update(|layout| layout.shift(name, by));
        table.keep_layout();
    };
    let order = is_shown.then(|| {
        view! {
            <IconButton
                glyph=Glyph::ChevronUp
                label=move || texts::up(label())
                disabled=Signal::derive(move || at == 0)
                on_press=move || shift(-1)
            />
            <IconButton
                glyph=Glyph::ChevronDown
                label=move || texts::down(label())
                disabled=Signal::derive(move || at == last)
                on_press=move || shift(1)
            />
        }
    });
    view! {
        <li class="row">
            <Checkbox label=label value=value disabled=Signal::derive(move || is_shown && last == 0) />
            <span class="spacer"></span>
            {order}
        </li>
    }
    .into_any()
}
