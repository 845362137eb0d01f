//! A list page as a declaration, and the view that shows it.

use std::sync::Arc;

use console_ipc::bulk::BulkAction;
use console_ipc::inventory::RowView;
use console_ipc::query::Filter;
use ief_api::operation::Call;
use ief_api::resource::ResourceSpec;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::bulk_form::{BulkContext, BulkForm};
use super::columns::ColumnsDialog;
use super::filter_bar::{FilterField, FilterText};
use super::filter_build::FilterDialog;
use super::grid::Grid;
use super::help::FilterHelp;
use super::keys;
use super::list_bars::{Banners, Cover, Saved, SelectionBar, export_items};
use super::lock::{UnlockButton, is_locked, locked_hint};
use super::memory;
use super::model::{Cursor, Table, TableSpec};
use super::panel::{PanelContext, SidePanel};
use super::picture::{self, Picture};
use super::views::{Preset, Views};
use crate::format;
use crate::kit::shortcut;
use crate::kit::{Button, Glyph, Item, Look, Menu, MenuButton, Place};
use crate::router::{self, Address, Router};
use crate::state::App;
use crate::words::Word;
use crate::words::table as texts;

/// A list page. Everything a list can do follows from it.
pub struct ListPage {
    /// The resource; its columns are the table's.
    pub resource: &'static ResourceSpec,
    /// How its rows look.
    pub table: TableSpec,
    /// Its address: `nodes`. `#/nodes/ID` is the page of one of them.
    pub address: &'static str,
    /// Its title.
    pub title: Word,
    /// Filters people often need.
    pub presets: &'static [Preset],
    /// What adds one, if the console can.
    pub create: Option<Create>,
    /// What can be done with one row.
    pub row_actions: &'static [RowAction],
    /// What can be done with many.
    pub bulk: &'static [BulkButton],
    /// What stands there while there is none.
    pub empty: Empty,
    /// What the side panel shows of a row. Made once; follows the selection through its context.
    pub panel: fn(PanelContext) -> AnyView,
}

/// What adds a thing.
pub struct Create {
    /// A verb: "Register node".
    pub label: Word,
    /// Address of the form.
    pub to: &'static str,
}

/// What can be done with one row.
pub struct RowAction {
    /// A verb.
    pub label: Word,
    /// Its icon.
    pub glyph: Glyph,
    /// Whether it destroys something.
    pub danger: bool,
    /// Why it can't be done with this row now; `None` when it can.
    pub blocked: fn(&RowView) -> Option<&'static str>,
    /// Does it: opens a sheet or goes somewhere.
    pub run: fn(RowView),
}

/// What can be done with many rows.
pub struct BulkButton {
    /// A verb.
    pub label: Word,
    /// Its icon.
    pub glyph: Glyph,
    /// Whether it destroys something.
    pub danger: bool,
    /// What happens to each row, in a sentence.
    pub sentence: Word,
    /// What it calls for each row, without the row's identifier.
    pub call: fn() -> Call,
    /// Column and values a row must have for it.
    pub only_when: Option<(&'static str, &'static [&'static str])>,
}

/// What goes on elsewhere with the selected rows: in a form that takes them.
pub struct ForSelected {
    /// A verb.
    pub label: Word,
    /// Its icon.
    pub glyph: Glyph,
    /// Takes them there.
    pub run: fn(console_ipc::bulk::Selection),
}

impl BulkButton {
    /// The action on some rows.
    pub(super) fn action(
        &self,
        resource: &str,
        selection: console_ipc::bulk::Selection,
    ) -> BulkAction {
        BulkAction {
            resource: resource.to_owned(),
            selection,
            call: (self.call)(),
            then: Vec::new(),
            only_when: self.only_when.map(|(column, values)| {
                (
                    column.to_owned(),
                    values.iter().map(|value| (*value).to_owned()).collect(),
                )
            }),
        }
    }
}

/// What an empty list says.
pub struct Empty {
    /// What isn't there: "No nodes yet".
    pub title: Word,
    /// What it would be good for.
    pub text: Word,
    /// Its icon.
    pub glyph: Glyph,
}

/// Shows a list page. Filter, row in hand and tab of its panel stand in the address.
#[component]
pub fn ListView(
    /// The page.
    page: &'static ListPage,
    /// Another view of the same rows.
    #[prop(optional)]
    picture: Option<&'static Picture>,
    /// What goes on elsewhere with the selected rows.
    #[prop(optional)]
    for_selected: Option<&'static ForSelected>,
    /// What is done with many rows once something was asked.
    #[prop(optional)]
    form: Option<&'static BulkForm>,
) -> AnyView {
    memory::come_back(page.address);
    let address = Router::the().address_now();
    let filter = address
        .get("filter")
        .and_then(|text| Filter::parse(text, page.table.columns).ok());
    let table = Table::inventory(&page.table, filter.unwrap_or_default());
    let text = FilterText::new(table);
    text.learn(page.presets.iter().map(|preset| preset.filter));
    let panel = RwSignal::new(None::<String>);
    let drawn = picture::in_use(picture);
    on_cleanup(move || {
        // Without a signal the window itself is going.
        if let Some(filter) = table.filter.try_with_untracked(ToString::to_string) {
            let drawn = drawn.try_get_untracked() == Some(true);
            let view = picture.filter(|_| drawn).map(|picture| picture.name);
            memory::leave(page.address, filter, view.unwrap_or_default());
        }
    });
    follow_address(table, panel);
    follow_inventory(table, page.resource.kind);

    let field = crate::kit::unique("filter");
    let building = RwSignal::new(false);
    let choosing = RwSignal::new(false);
    let asking = form.map(|form| {
        let open = RwSignal::new(false);
        let kind = page.resource.kind;
        (form, BulkContext { open, kind, table })
    });
    let menu = RwSignal::new(None::<Place>);
    let saved = RwSignal::new(None::<Saved>);
    let grid = NodeRef::new();
    let to_grid = move || match drawn.get_untracked() {
        true => picture::focus(grid, table),
        false => focus_within(grid, "[role=grid]"),
    };
    let open = move |id: String| router::go(&Address::new([page.address, &id]).to_string());
    let show_panel = move |id: String| panel.set(Some(id));
    let close_panel = move || {
        panel.set(None);
        to_grid();
    };
    keys::tell();
    keys::select_all_anywhere(table);
    let explaining = RwSignal::new(false);
    shortcut::register("F1", texts::help::title, move || explaining.set(true));
    let filter_id = field.clone();
    shortcut::register("/", texts::filter::label, move || focus_by_id(&filter_id));
    if let Some(picture) = picture {
        picture::listen(picture, drawn);
    }

    // While the panel is open it follows the cursor.
    Effect::new(move |_| {
        let id = table.cursor.get().and_then(|cursor| cursor.id);
        if let (Some(id), true) = (id, panel.with_untracked(Option::is_some))
            && panel.with_untracked(|shown| shown.as_ref() != Some(&id))
        {
            panel.set(Some(id));
        }
    });
    let is_open = Memo::new(move |_| panel.with(Option::is_some));
    Effect::new(move |_| table.follows.set(is_open.get()));
    let shown = Signal::derive(move || panel.get().unwrap_or_default());

    let used = move |event: KeyboardEvent| match event.key().as_str() {
        "i" | "I" if !event.ctrl_key() && !event.meta_key() => {
            match panel.get_untracked() {
                Some(_) => panel.set(None),
                None => panel.set(table.cursor.get_untracked().and_then(|cursor| cursor.id)),
            }
            true
        }
        "Escape" if panel.with_untracked(Option::is_some) => {
            panel.set(None);
            true
        }
        "Escape"
            if !table
                .selection
                .with_untracked(super::selection::Selection::is_empty) =>
        {
            table.select_none();
            true
        }
        _ => false,
    };
    let row_items = Signal::derive(move || row_menu(page, table, panel, open));
    let more = Signal::derive(move || {
        let mut items = vec![
            Item::new(texts::columns::title, move || choosing.set(true)).glyph(Glyph::Columns),
            Item::new(texts::filter::copy, move || {
                copy(&table.filter.with_untracked(ToString::to_string));
            })
            .glyph(Glyph::Copy),
        ];
        items.extend(export_items(page, table, saved));
        items
    });
    let create = page.create.as_ref().map(|create| {
        view! {
            <UnlockButton />
            <Button
                label=create.label
                look=Look::Primary
                glyph=Glyph::Plus
                disabled=Signal::derive(is_locked)
                hint=locked_hint
                on_press=move || router::go(create.to)
            />
        }
    });
    let rows = move || match picture.filter(|_| drawn.get()) {
        Some(picture) => picture::view(picture, table, shown, used),
        None => view! {
            <Grid
                table=table
                label=page.title
                on_open=open
                on_pick=show_panel
                on_menu=move |place: Place| menu.set(Some(place))
                on_key=move |event: KeyboardEvent| used(event)
            />
        }
        .into_any(),
    };
    view! {
        <section class="list">
            <header class="list-head">
                <h1>{page.title}</h1>
                <span class="list-count number" role="status">{move || count(table)}</span>
                {picture.map(|picture| picture::tabs(picture, drawn))}
                <span class="spacer"></span>
                {create}
            </header>
            <div class="list-bar">
                <FilterField text=text id=field on_leave=move |()| to_grid() />
                <Button
                    label=texts::filter::add
                    hint=texts::filter::add_hint
                    glyph=Glyph::Plus
                    look=Look::Quiet
                    on_press=move || building.set(true)
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label=texts::help::title
                    data-tip=texts::help::title
                    on:click=move |_| explaining.set(true)
                >
                    "?"
                </button>
                <Views table=table presets=page.presets />
                <MenuButton label=texts::more glyph=Glyph::More icon_only=true items=more />
            </div>
            <Banners table=table saved=saved />
            <div class="list-main">
                <div
                    class="list-table"
                    class=("is-held", move || table.held.get())
                    class=("is-picture", move || drawn.get())
                    node_ref=grid
                >
                    {rows}
                    <Cover page=page table=table text=text />
                </div>
                {move || is_open.get().then(|| view! {
                    <SidePanel page=page table=table id=shown on_close=close_panel on_open=open />
                })}
            </div>
            // What is selected in the table isn't seen in the picture.
            {move || (!drawn.get()).then(|| view! { <SelectionBar page=page table=table for_selected=for_selected asking=asking /> })}
            {asking.map(|(form, context)| (form.view)(context))}
            <Menu
                items=row_items
                place=menu
                label=move || table.current().map_or_else(String::new, |row| texts::actions_of(&row.name))
            />
            <FilterDialog table=table text=text open=building />
            <ColumnsDialog table=table open=choosing />
            <FilterHelp spec=table.spec open=explaining />
        </section>
    }
    .into_any()
}

/// `1,204 of 100,000`, or how far the first reading is.
fn count(table: Table) -> String {
    let filtered = table.filter.with(|filter| !filter.is_empty());
    table.feed.status.with(|status| {
        if let Some(progress) = status
            .freshness
            .loading
            .filter(|_| status.freshness.as_of_ms.is_none())
        {
            let received = format::count(progress.received);
            return match progress.total {
                Some(total) => texts::loading(received, format::count(total)),
                None => texts::loading_open(received),
            };
        }
        match (status.answered, filtered) {
            (false, _) => String::new(),
            (true, false) => texts::count_all(format::count(status.total)),
            (true, true) => {
                texts::count(format::count(status.matched), format::count(status.total))
            }
        }
    })
}

/// What the menu of the cursor's row offers.
fn row_menu(
    page: &'static ListPage,
    table: Table,
    panel: RwSignal<Option<String>>,
    open: impl Fn(String) + Copy + Send + Sync + 'static,
) -> Vec<Item> {
    let Some(row) = table.current() else {
        return Vec::new();
    };
    let row = Arc::new((*row).clone());
    let (first, second, third, fourth) = (row.clone(), row.clone(), row.clone(), row.clone());
    let mut items = vec![
        Item::new(texts::open, move || open(first.id.clone()))
            .glyph(Glyph::Open)
            .keys("Enter"),
        Item::new(texts::show_details, move || {
            panel.set(Some(second.id.clone()));
        })
        .glyph(Glyph::Panel)
        .keys("I"),
    ];
    for (at, action) in page.row_actions.iter().enumerate() {
        let row = row.clone();
        let mut item =
            Item::new(action.label, move || (action.run)((*row).clone())).glyph(action.glyph);
        item.danger = action.danger;
        item.apart = at == 0;
        if let Some(reason) = table.current().and_then(|row| (action.blocked)(&row)) {
            item = item.disabled(reason);
        }
        items.push(item);
    }
    items.push(
        Item::new(texts::copy_name, move || copy(&third.name))
            .glyph(Glyph::Copy)
            .keys("Ctrl+C")
            .apart(),
    );
    items.push(Item::new(texts::copy_id, move || copy(&fourth.id)));
    items
}

fn copy(text: &str) {
    // Where the system refuses, nothing was copied and nothing is claimed.
    let _ = window().navigator().clipboard().write_text(text);
}

/// Filter and row in the address follow the table, and the table follows an address somebody opened.
fn follow_address(table: Table, panel: RwSignal<Option<String>>) {
    let router = Router::the();
    let path = StoredValue::new(router.address_now().path);
    let own = move |address: &Address| path.with_value(|path| *path == address.path);
    // What was written last: an address that says so is no news, even when typing has gone on meanwhile.
    let written = StoredValue::new((
        table.filter.with_untracked(ToString::to_string),
        String::new(),
    ));
    let told = Memo::new(move |_| {
        let address = router.address();
        let value = |name| address.get(name).unwrap_or_default().to_owned();
        own(&address).then(|| (value("filter"), value("row")))
    });
    Effect::new(move |_| {
        let Some((filter, row)) = told.get() else {
            return;
        };
        let (known_filter, known_row) = written.get_value();
        written.set_value((filter.clone(), row.clone()));
        if filter != known_filter
            && let Ok(filter) = Filter::parse(&filter, table.spec.columns)
        {
            table.filter.set(filter);
        }
        if row != known_row {
            panel.set(Some(row.clone()).filter(|row| !row.is_empty()));
            if !row.is_empty() {
                table.cursor.set(Some(Cursor {
                    row: 0,
                    id: Some(row.clone()),
                }));
                table.locate(row, true);
            }
        }
    });
    Effect::new(move |before: Option<()>| {
        let filter = table.filter.with(ToString::to_string);
        let row = panel.get().unwrap_or_default();
        let address = router.address_now();
        if before.is_some() && own(&address) {
            written.set_value((filter.clone(), row.clone()));
            router::replace(address.with("filter", &filter).with("row", &row));
        }
    });
}

/// Asks again whenever the inventory has another generation or its loading moved on.
pub fn follow_inventory(table: Table, kind: &'static str) {
    let app = App::expect();
    let freshness = app.freshness(kind);
    Effect::new(move |before: Option<()>| {
        let told = freshness.get();
        let known = table
            .feed
            .status
            .with_untracked(|status| status.freshness.clone());
        if before.is_some() && told != known {
            table.feed.refresh();
        }
    });
    Effect::new(move |_| {
        table.feed.status.with(|status| {
            if status.answered {
                app.note_freshness(kind, &status.freshness);
            }
        });
    });
}

fn focus_by_id(id: &str) {
    if let Some(field) = document()
        .get_element_by_id(id)
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
    {
        let _ = field.focus();
    }
}

pub(super) fn focus_within(node: NodeRef<leptos::html::Div>, selector: &str) {
    let found = node
        .get_untracked()
        .and_then(|node| node.query_selector(selector).ok().flatten());
    if let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}
