//! The instances of a deployment: how each is, and starting or replacing one.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;
use serde_json::Value;

use super::actions::{self, Instance};
use super::detail::Deployment;
use crate::kit::{Button, EmptyState, ErrorNotice, Glyph, Item, Menu, Place, Sign, Skeleton};
use crate::pages::parts::Referred;
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, Grid, Table, TableSpec, rows_of};
use crate::words::deployments::instances as texts;
use crate::words::{self, deployments};
use crate::{format, router};

static ROWS: TableSpec = TableSpec {
    kind: "pod",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("state", ColumnKind::Enum),
        Column::new("node", ColumnKind::Text),
        Column::new("restarts", ColumnKind::Integer),
        Column::new("reason", ColumnKind::Text),
        Column::new("created", ColumnKind::Time),
        Column::new("message", ColumnKind::Text),
    ],
    shown: &[
        ("name", 230),
        ("state", 124),
        ("node", 150),
        ("restarts", 80),
        ("reason", 150),
        ("created", 120),
        ("message", 280),
    ],
    look: |column, value, _| match value {
        CellValue::Text(reason) if column.name == "reason" => {
            Some(CellLook::state(Sign::Bad, reason.clone()))
        }
        CellValue::Text(state) if column.name == "state" => Some(CellLook::state(
            state_sign(state),
            words::value("pod", "state", state),
        )),
        _ => None,
    },
    checks: false,
    sorts: false,
};

/// The place of the state among the cells.
const STATE: usize = 1;

/// States in which there is nothing to start again.
const IDLE: &[&str] = &[
    "PENDING",
    "CREATE_FAIL",
    "SUCCEEDED",
    "TERMINATING",
    "PENDING_DELETE",
];

/// The sign of an instance's state.
fn state_sign(state: &str) -> Sign {
    match state {
        "CREATE_FAIL" | "DELETE_FAILED" => Sign::Bad,
        "TERMINATING" | "PENDING_DELETE" => Sign::Busy,
        other => Sign::of_state(other).unwrap_or(Sign::Unknown),
    }
}

/// The instances.
#[component]
pub(super) fn Instances(deployment: Deployment) -> AnyView {
    let reading = deployment.pods;
    let nodes = Referred::new(
        "node",
        "nodes",
        "id",
        Signal::derive(move || nodes_of(reading.value)),
    );
    let rows = Memo::new(move |_| {
        reading.value.with(|pods| {
            let pods = pods.as_ref().and_then(Value::as_array);
            let pods = pods.into_iter().flatten();
            pods.map(|pod| row(pod, nodes)).collect::<Vec<_>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let in_hand = Memo::new(move |_| {
        let row = table.current()?;
        let state = match row.cells.get(STATE) {
            Some(CellValue::Text(state)) => state.clone(),
            _ => String::new(),
        };
        Some((row.id.clone(), row.name.clone(), state))
    });
    let instance = move || {
        let (_, name, _) = in_hand.get_untracked()?;
        let deployment = deployment.id.get_untracked();
        Some(Instance { deployment, name })
    };
    let restart = move || {
        if let Some(instance) = instance() {
            actions::restart(&instance);
        }
    };
    let delete = move || {
        if let Some(instance) = instance() {
            actions::delete_instance(&instance);
        }
    };
    let node_in_hand = move || {
        let (id, ..) = in_hand.get_untracked()?;
        reading.value.with_untracked(|pods| {
            let pods = pods.as_ref().and_then(Value::as_array)?;
            let pod = pods
                .iter()
                .find(|pod| text(pod, "id").as_ref() == Some(&id))?;
            text(pod, "node_id")
        })
    };
    let restart_hint = Memo::new(move |_| {
        in_hand.with(|instance| match instance {
            None => texts::choose.get(),
            Some((.., state)) if IDLE.contains(&state.as_str()) => texts::idle.get(),
            Some(_) => "",
        })
    });
    let items = Signal::derive(move || {
        let mut items = Vec::new();
        if let Some(node) = node_in_hand() {
            let address = router::Address::new(["nodes", &node]).to_string();
            items
                .push(Item::new(texts::show_node, move || router::go(&address)).glyph(Glyph::Node));
        }
        if restart_hint.with_untracked(|hint| hint.is_empty()) {
            items.push(Item::new(deployments::restart::verb, restart).glyph(Glyph::Refresh));
        }
        items.push(
            Item::new(deployments::replace::verb, delete)
                .glyph(Glyph::Trash)
                .danger(),
        );
        items
    });
    let menu = RwSignal::new(None::<Place>);
    let none_in_hand = Signal::derive(move || in_hand.with(Option::is_none));
    let hint = move || {
        if none_in_hand.get() {
            texts::choose.get()
        } else {
            ""
        }
    };
    let read = Memo::new(move |_| reading.value.with(Option::is_some));
    let error = Memo::new(move |_| reading.error.get());
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let failed = Memo::new(move |_| error.with(Option::is_some));
    view! {
        <div class="row row-wrap thing-actions">
            <span class="second number" role="status">
                {move || read.get().then(|| texts::count(format::count(rows.with(Vec::len) as u64)))}
            </span>
            <span class="spacer"></span>
            <Button
                label=deployments::restart::verb
                glyph=Glyph::Refresh
                disabled=Signal::derive(move || !restart_hint.with(|hint| hint.is_empty()))
                hint=move || restart_hint.get()
                on_press=restart
            />
            <Button
                label=deployments::replace::verb
                glyph=Glyph::Trash
                disabled=none_in_hand
                hint=hint
                on_press=delete
            />
        </div>
        {move || error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {move || match (read.get(), none.get()) {
            (false, _) if failed.get() => ().into_any(),
            (false, _) => view! { <Skeleton lines=4 /> }.into_any(),
            (true, true) => view! {
                <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Deployment />
            }
            .into_any(),
            (true, false) => view! {
                <div class="thing-rows">
                    <Grid table=table label=texts::label on_menu=move |place: Place| menu.set(Some(place)) />
                </div>
            }
            .into_any(),
        }}
        <Menu
            items=items
            place=menu
            label=move || in_hand.get().map_or_else(String::new, |(_, name, _)| words::table::actions_of(&name))
        />
    }
    .into_any()
}

/// The nodes of instances, each once. Tracked.
fn nodes_of(pods: RwSignal<Option<Value>>) -> Vec<String> {
    pods.with(|pods| {
        let pods = pods.as_ref().and_then(Value::as_array);
        let mut nodes: Vec<String> = pods
            .into_iter()
            .flatten()
            .filter_map(|pod| text(pod, "node_id"))
            .collect();
        nodes.sort();
        nodes.dedup();
        nodes
    })
}

/// Why an instance doesn't work, in a word: its own reason or that of a container.
pub(super) fn reason_of(pod: &Value) -> Option<String> {
    of_any(pod, "reason")
}

/// Why an instance doesn't work, in a sentence.
pub(super) fn message_of(pod: &Value) -> Option<String> {
    of_any(pod, "message")
}

fn of_any(pod: &Value, name: &str) -> Option<String> {
    let containers = list(pod, "containers").iter();
    text(pod, name).or_else(|| containers.filter_map(|it| text(it, name)).next())
}

fn row(pod: &Value, nodes: Referred) -> RowView {
    let cell = |text: Option<String>| text.map_or(CellValue::Missing, CellValue::Text);
    let node = text(pod, "node_id").map(|id| nodes.name_of(&id).unwrap_or(id));
    let restarts = list(pod, "containers")
        .iter()
        .filter_map(|it| integer(it, "restarts"))
        .reduce(i64::saturating_add);
    let created = text(pod, "created_at").and_then(|at| format::parse_time(&at));
    RowView {
        id: text(pod, "id").unwrap_or_default(),
        name: text(pod, "name").unwrap_or_default(),
        cells: vec![
            cell(text(pod, "name")),
            cell(text(pod, "state")),
            cell(node),
            restarts.map_or(CellValue::Missing, CellValue::Integer),
            cell(reason_of(pod)),
            created.map_or(CellValue::Missing, CellValue::Integer),
            cell(message_of(pod)),
        ],
        change: None,
    }
}
