//! The deployments to a group.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;
use serde_json::Value;

use super::detail::Group;
use crate::format;
use crate::kit::{Button, EmptyState, ErrorNotice, Glyph, Skeleton};
use crate::pages::deployments::state_words;
use crate::router::{self, Address};
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, Grid, Table, TableSpec, rows_of};
use crate::words::groups::deployments as texts;

static ROWS: TableSpec = TableSpec {
    kind: "group_deployment",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("state", ColumnKind::Enum),
        Column::new("ready", ColumnKind::Integer),
        Column::new("replicas", ColumnKind::Integer),
        Column::new("images", ColumnKind::Set),
        Column::new("created", ColumnKind::Time),
    ],
    shown: &[
        ("name", 190),
        ("state", 160),
        ("images", 280),
        ("created", 124),
    ],
    look: |column, value, row| {
        if column.name != "state" {
            return None;
        }
        let state = match value {
            CellValue::Text(state) => Some(state.as_str()),
            _ => None,
        };
        let number = |at: usize| match row.cells.get(at) {
            Some(CellValue::Integer(number)) => Some(*number),
            _ => None,
        };
        let (ready, replicas) = (number(READY), number(REPLICAS));
        let (sign, word) = state_words(state, ready, replicas, number(CREATED));
        Some(CellLook::state(sign, word))
    },
    checks: false,
    sorts: false,
};

/// Places among the cells.
const READY: usize = 2;
const REPLICAS: usize = 3;
const CREATED: usize = 5;

/// The deployments.
#[component]
pub(super) fn Deployments(group: Group) -> AnyView {
    let reading = group.deployments;
    let rows = Memo::new(move |_| {
        reading.value.with(|all| {
            let all = all.as_ref().map(|all| list(all, "deployments"));
            all.unwrap_or_default().iter().map(row).collect::<Vec<_>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.track();
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let read = Memo::new(move |_| reading.value.with(Option::is_some));
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let count = move || {
        read.get().then(|| {
            let shown = rows.with(Vec::len) as u64;
            let told = reading
                .value
                .with(|all| integer(all.as_ref()?, "count"))
                .and_then(|count| u64::try_from(count).ok());
            match told.filter(|told| *told > shown) {
                Some(told) => texts::newest(format::count(told), format::count(shown)),
                None => texts::count(format::count(shown)),
            }
        })
    };
    let open = move |id: String| router::go(&Address::new(["deployments", &id]).to_string());
    let create = move || {
        let form = Address::new(["deployments", "new"]);
        router::go(&form.with("group", &group.id.get_untracked()).to_string());
    };
    let in_list = move || {
        let filter = format!("group:{}", group.id.get());
        Address::new(["deployments"])
            .with("filter", &filter)
            .to_string()
    };
    view! {
        <div class="row row-wrap thing-actions">
            <span class="second number" role="status">{count}</span>
            {move || (!none.get()).then(|| view! { <a href=in_list>{texts::all}</a> })}
            <span class="spacer"></span>
            <Button label=texts::create glyph=Glyph::Plus on_press=create />
        </div>
        {move || reading.error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {move || match (read.get(), none.get()) {
            (false, _) if failed.get() => ().into_any(),
            (false, _) => view! { <Skeleton lines=4 /> }.into_any(),
            (true, true) => view! {
                <EmptyState
                    title=texts::none
                    text=texts::none_text
                    glyph=Glyph::Deployment
                    action=(texts::create.into(), Callback::new(move |()| create()))
                />
            }
            .into_any(),
            (true, false) => view! {
                <div class="thing-rows"><Grid table=table label=texts::label on_open=open /></div>
            }
            .into_any(),
        }}
    }
    .into_any()
}

fn row(deployment: &Value) -> RowView {
    let cell = |name: &str| text(deployment, name).map_or(CellValue::Missing, CellValue::Text);
    let number =
        |name: &str| integer(deployment, name).map_or(CellValue::Missing, CellValue::Integer);
    let template = deployment.get("template").unwrap_or(&Value::Null);
    let containers = list(template, "containers").iter();
    let images: Vec<String> = containers.filter_map(|it| text(it, "image_url")).collect();
    let created = text(deployment, "created_at").and_then(|at| format::parse_time(&at));
    RowView {
        id: text(deployment, "id").unwrap_or_default(),
        name: text(deployment, "name").unwrap_or_default(),
        cells: vec![
            cell("name"),
            cell("state"),
            number("ready_replicas"),
            number("replicas"),
            CellValue::Set(images),
            created.map_or(CellValue::Missing, CellValue::Integer),
        ],
        change: None,
    }
}
