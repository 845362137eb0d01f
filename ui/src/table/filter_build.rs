//! A filter built by hand: column, comparison, values.

use console_ipc::inventory::CountValues;
use console_ipc::query::{Op, Query, Term, is_version};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;

use super::filter_bar::FilterText;
use super::filter_words;
use super::model::Table;
use crate::kit::form::Check;
use crate::kit::{Button, Choice, Dialog, Form, FormFrame, Look, SearchField, Select, TextField};
use crate::words::table::build as texts;
use crate::{format, ipc, words};

/// Most values shown to choose from; the rest is found by searching.
const VALUES_SHOWN: usize = 100;

/// Builds a term while `open` is true.
#[component]
pub(super) fn FilterDialog(
    /// The table.
    table: Table,
    /// Where the term goes.
    text: FilterText,
    /// Whether it is shown.
    open: RwSignal<bool>,
) -> AnyView {
    let done = Callback::new(move |term: Option<Term>| {
        if let Some(term) = term {
            text.add(term);
        }
        open.set(false);
    });
    view! {
        <Dialog open=open title=texts::title>
            <Builder table=table on_done=done />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Builder(table: Table, on_done: Callback<Option<Term>>) -> AnyView {
    let form = Form::new();
    let spec = table.spec;
    let column = RwSignal::new(String::new());
    let op = RwSignal::new(String::new());
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<String>::new());
    // Whether the column's values are versions, which can be compared.
    let versions = RwSignal::new(false);
    // What is asked for stands there until something is chosen.
    let columns = Signal::derive(move || {
        let unchosen = column
            .with(String::is_empty)
            .then(|| Choice::new("", texts::choose));
        let columns = spec.columns.iter();
        let columns =
            columns.map(|column| Choice::new(column.name, words::column(spec.kind, column.name)));
        unchosen.into_iter().chain(columns).collect::<Vec<_>>()
    });
    let declared = Memo::new(move |_| column.with(|name| spec.column(name)));
    let ops = Signal::derive(move || {
        let Some(column) = declared.get() else {
            return Vec::new();
        };
        let ops = Op::of(column.kind)
            .iter()
            .filter(|op| column.kind != ColumnKind::Enum || !op.is_comparison() || versions.get());
        ops.map(|op| Choice::new(op_name(*op), filter_words::op(*op, column.kind)))
            .collect()
    });
    Effect::new(move |_| {
        if let Some(column) = declared.get() {
            op.set(
                Op::of(column.kind)
                    .first()
                    .copied()
                    .map(op_name)
                    .unwrap_or_default(),
            );
            versions.set(false);
            chosen.set(Vec::new());
            typed.set(String::new());
        }
    });
    let op_now = move || {
        declared
            .get()
            .and_then(|column| op.with(|name| find_op(column, name)))
    };
    let term = move || {
        let (column, op) = (declared.get()?, op_now()?);
        let values = match (op, countable(column.kind, op)) {
            (Op::Missing | Op::Present, _) => Vec::new(),
            (_, true) => chosen.get(),
            (_, false) => typed.with(|typed| split(typed)),
        };
        let term = Term {
            column: Some(column.name.to_owned()),
            op,
            values,
        };
        term.check(spec.columns).is_ok().then_some(term)
    };
    let add = move || {
        if let Some(term) = untrack(term) {
            form.saved();
            on_done.run(Some(term));
        }
    };
    let values = move || {
        let (Some(column), Some(op)) = (declared.get(), op_now()) else {
            return ().into_any();
        };
        match (op, countable(column.kind, op)) {
            (Op::Missing | Op::Present, _) => ().into_any(),
            (_, true) => {
                view! { <ValueList table=table column=column chosen=chosen versions=versions /> }
                    .into_any()
            }
            (_, false) => value_field(spec.columns, column, op, typed),
        }
    };
    view! {
        <FormFrame form=form on_submit=add>
            <Select label=texts::column choices=columns value=column required=true />
            {move || declared.get().map(|_| view! {
                <Select label=texts::comparison choices=ops value=op required=true />
            })}
            {values}
            <footer class="dialog-actions">
                <Button label=texts::cancel on_press=move || {
                    form.saved();
                    on_done.run(None);
                } />
                <Button
                    label=texts::add
                    look=Look::Primary
                    submit=true
                    disabled=Signal::derive(move || term().is_none())
                />
            </footer>
        </FormFrame>
    }
    .into_any()
}

fn value_field(
    columns: &'static [Column],
    column: &'static Column,
    op: Op,
    typed: RwSignal<String>,
) -> AnyView {
    let check: Check = std::sync::Arc::new(move |text: &str| {
        let term = Term {
            column: Some(column.name.to_owned()),
            op,
            values: split(text),
        };
        match term.check(columns) {
            Ok(()) => Ok(()),
            Err(reason) => Err(filter_words::problem(&reason)
                .unwrap_or_else(|| words::problems::missing.get().to_owned())),
        }
    });
    let help = match column.kind {
        ColumnKind::Time => texts::value_help_time,
        _ => texts::value_help_text,
    };
    view! { <TextField label=texts::value value=typed help=help check=check required=true /> }
        .into_any()
}

/// The values there are, to be ticked, each with its number of rows.
#[component]
fn ValueList(
    table: Table,
    column: &'static Column,
    chosen: RwSignal<Vec<String>>,
    versions: RwSignal<bool>,
) -> AnyView {
    let spec = table.spec;
    let counts = RwSignal::new(None::<Vec<(String, u64)>>);
    let search = RwSignal::new(String::new());
    // The values of the other terms' rows: choosing among what can be there.
    let filter = table
        .filter
        .with_untracked(|filter| filter.without(column.name));
    let request = CountValues {
        resource: spec.kind.to_owned(),
        columns: vec![column.name.to_owned()],
        query: Query {
            filter,
            ..Query::default()
        },
    };
    wasm_bindgen_futures::spawn_local(async move {
        // Without counts the list is empty, and the filter can still be typed.
        let answer = ipc::call(request)
            .await
            .ok()
            .and_then(|answer| answer.counts.into_iter().next());
        let answer = answer.unwrap_or_default();
        let some = answer.iter().any(|(value, _)| is_version(value));
        // Nothing is left to set when the dialog was closed meanwhile, or another column chosen.
        if counts.try_set(Some(answer)).is_none() && some {
            versions.try_set(true);
        }
    });
    let word = move |value: &str| match column.kind {
        ColumnKind::Flag if value == "true" => words::table::yes.get().to_owned(),
        ColumnKind::Flag => words::table::no.get().to_owned(),
        _ => words::value(spec.kind, column.name, value),
    };
    let line = move |(value, count): (String, u64)| {
        let own = value.clone();
        let label = value.clone();
        view! {
            <label class="option value-option">
                <input
                    type="checkbox"
                    class="checkbox"
                    prop:checked=move || chosen.with(|chosen| chosen.contains(&own))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        chosen.update(|chosen| {
                            chosen.retain(|known| *known != value);
                            if on {
                                chosen.push(value.clone());
                            }
                        });
                    }
                />
                <span class="cut">{move || word(&label)}</span>
                <span class="spacer"></span>
                <span class="second number">{format::count(count)}</span>
            </label>
        }
    };
    let list = move || match counts.get() {
        None => view! { <p class="second" role="status">{texts::reading}</p> }.into_any(),
        Some(counts) if counts.is_empty() => {
            view! { <p class="second">{texts::no_values}</p> }.into_any()
        }
        Some(counts) => {
            let wanted = search.get().to_lowercase();
            let fits = |value: &str| {
                wanted.is_empty()
                    || value.to_lowercase().contains(&wanted)
                    || word(value).to_lowercase().contains(&wanted)
            };
            let found = counts
                .into_iter()
                .filter(|(value, _)| fits(value))
                .take(VALUES_SHOWN);
            found.map(line).collect_view().into_any()
        }
    };
    let many = move || counts.with(|counts| counts.as_ref().is_some_and(|counts| counts.len() > 8));
    view! {
        {move || many().then(|| view! { <SearchField label=texts::search value=search /> })}
        <div class="value-list" role="group" aria-label=texts::values>{list}</div>
    }
    .into_any()
}

/// Whether the values of a comparison are chosen among those there are.
fn countable(kind: ColumnKind, op: Op) -> bool {
    let few = matches!(kind, ColumnKind::Enum | ColumnKind::Set | ColumnKind::Flag);
    few && matches!(op, Op::Is | Op::IsNot)
}

fn op_name(op: Op) -> String {
    match serde_json::to_value(op) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn find_op(column: &Column, name: &str) -> Option<Op> {
    Op::of(column.kind)
        .iter()
        .copied()
        .find(|op| op_name(*op) == name)
}

fn split(typed: &str) -> Vec<String> {
    typed
        .split([',', '，'])
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect()
}
