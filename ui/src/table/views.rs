//! Saved views of a list: a filter with its order and columns, under a name.

use console_ipc::query::{Filter, SortKey};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::layout::ShownColumn;
use super::model::Table;
use crate::kit::{Button, Dialog, Form, FormFrame, Glyph, Item, Look, MenuButton, TextField};
use crate::state::prefs;
use crate::words::Word;
use crate::words::table::views as texts;

/// A view the page comes with.
pub struct Preset {
    /// Its name.
    pub label: Word,
    /// Its filter as it is typed.
    pub filter: &'static str,
}

/// A view somebody saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct View {
    name: String,
    /// As it is typed, so that a column that goes takes one view with it, not all.
    filter: String,
    #[serde(default)]
    sort: Vec<SortKey>,
    #[serde(default)]
    columns: Vec<ShownColumn>,
}

/// The menu of views, and the dialog that saves one.
#[component]
pub(super) fn Views(
    /// The table.
    table: Table,
    /// The views the page comes with.
    presets: &'static [Preset],
) -> AnyView {
    let key = StoredValue::new(prefs::of_profile(&format!("views/{}", table.spec.kind)));
    let saved = Memo::new(move |_| {
        key.with_value(|key| prefs::track::<Vec<View>>(key))
            .unwrap_or_default()
    });
    let naming = RwSignal::new(false);
    let keep = move |views: Vec<View>| key.with_value(|key| prefs::set(key, &views));
    let items = Signal::derive(move || {
        let now = table.filter.with(ToString::to_string);
        let fixed = std::iter::once((texts::all as Word, ""))
            .chain(presets.iter().map(|preset| (preset.label, preset.filter)));
        let mut items: Vec<Item> = fixed
            .map(|(label, filter)| {
                let chosen = parse(table, filter).is_some_and(|filter| filter.to_string() == now);
                Item::new(label, move || use_filter(table, filter)).checked(chosen)
            })
            .collect();
        let own = saved.get();
        for (at, view) in own.iter().cloned().enumerate() {
            let chosen = view.filter == now;
            let item = Item::new(view.name.clone(), move || use_view(table, &view)).checked(chosen);
            items.push(if at == 0 { item.apart() } else { item });
        }
        items.push(
            Item::new(texts::save, move || naming.set(true))
                .glyph(Glyph::Save)
                .apart(),
        );
        for view in own {
            let name = view.name.clone();
            let remove = move || {
                let mut views = saved.get_untracked();
                views.retain(|known| known.name != view.name);
                keep(views);
            };
            items.push(Item::new(texts::delete(name), remove).glyph(Glyph::Trash));
        }
        items
    });
    let named = Callback::new(move |views: Option<Vec<View>>| {
        if let Some(views) = views {
            keep(views);
        }
        naming.set(false);
    });
    view! {
        <MenuButton label=texts::title items=items />
        <Dialog open=naming title=texts::save_title>
            <NameForm table=table saved=saved.into() on_done=named />
        </Dialog>
    }
    .into_any()
}

#[component]
fn NameForm(
    table: Table,
    saved: Signal<Vec<View>>,
    on_done: Callback<Option<Vec<View>>>,
) -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let replaces = move || {
        saved.with(|views| name.with(|name| views.iter().any(|view| view.name == name.trim())))
    };
    let save = move || {
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() {
            return;
        }
        let (columns, sort) = table
            .layout
            .with_untracked(|layout| (layout.columns.clone(), layout.sort.clone()));
        let view = View {
            name,
            filter: table.filter.with_untracked(ToString::to_string),
            sort,
            columns,
        };
        let mut views = saved.get_untracked();
        match views.iter_mut().find(|known| known.name == view.name) {
            Some(known) => *known = view,
            None => views.push(view),
        }
        form.saved();
        on_done.run(Some(views));
    };
    view! {
        <FormFrame form=form on_submit=save>
            <TextField label=texts::name value=name help=texts::name_help required=true autofocus=true />
            <p class="second" role="status">{move || replaces().then(|| texts::replace.get())}</p>
            <footer class="dialog-actions">
                <Button label=texts::cancel on_press=move || on_done.run(None) />
                <Button label=texts::save_title look=Look::Primary submit=true />
            </footer>
        </FormFrame>
    }
    .into_any()
}

fn parse(table: Table, filter: &str) -> Option<Filter> {
    Filter::parse(filter, table.spec.columns).ok()
}

fn use_filter(table: Table, filter: &str) {
    if let Some(filter) = parse(table, filter) {
        table.filter.set(filter);
    }
}

fn use_view(table: Table, view: &View) {
    let known = |name: &str| table.spec.column(name).is_some();
    table.layout.update(|layout| {
        layout.sort = view
            .sort
            .iter()
            .filter(|key| known(&key.column))
            .cloned()
            .collect();
        let columns: Vec<ShownColumn> = view
            .columns
            .iter()
            .filter(|column| known(&column.name))
            .cloned()
            .collect();
        if !columns.is_empty() {
            layout.columns = columns;
        }
    });
    table.keep_layout();
    use_filter(table, &view.filter);
}
