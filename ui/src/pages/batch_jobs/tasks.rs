//! The tasks of a job: a tile and a row for each, with what became of it.

use std::collections::HashMap;

use console_ipc::inventory::{CellValue, RowView};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;
use serde_json::Value;

use super::{entry, sign_of, status_word};
use crate::kit::progress::Part;
use crate::kit::{EmptyState, Glyph, Item, Menu, Place, ProportionBar, Sign, Text};
use crate::pages::parts::Referred;
use crate::pages::things::Thing;
use crate::router::{self, Address};
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, Grid, Table, TableSpec, rows_of};
use crate::words::batch_jobs as texts;
use crate::words::batch_jobs::tasks as task_texts;
use crate::{format, words};

static ROWS: TableSpec = TableSpec {
    kind: "batch_task",
    columns: &[
        Column::new("target", ColumnKind::Text),
        Column::new("status", ColumnKind::Enum),
        Column::new("reason", ColumnKind::Text),
        Column::new("created", ColumnKind::Time),
        Column::new("task", ColumnKind::Text),
    ],
    shown: &[
        ("target", 190),
        ("status", 124),
        ("reason", 340),
        ("created", 124),
        ("task", 200),
    ],
    look: |column, value, _| match value {
        CellValue::Text(status) if column.name == "status" => {
            Some(CellLook::state(sign_of(status), status_word(status)))
        }
        _ => None,
    },
    checks: false,
    sorts: false,
};

/// The statuses of tasks in the order of the bar.
const STATUSES: &[&str] = &[
    "Successful",
    "Running",
    "Waiting",
    "Stopped",
    "Failed",
    "Timed_out",
];

/// A task as it is shown.
#[derive(Clone, PartialEq)]
struct Task {
    id: String,
    name: String,
    target: String,
    target_name: Option<String>,
    status: String,
    reason: String,
    created: Option<i64>,
    /// The deployment that came of it.
    deployment: Option<String>,
}

/// The tasks of the job, or why nothing is known of it.
pub(super) fn view(thing: Thing) -> AnyView {
    let there = Memo::new(move |_| thing.with(|_| Some(())).is_some());
    let drawn = move || match there.get() {
        true => view! { <Tasks thing=thing /> }.into_any(),
        false => ().into_any(),
    };
    // What is drawn stays while the job is read again and again; beside it stands only what went wrong.
    view! { {thing.view(|_| ().into_any())} {drawn} }.into_any()
}

#[component]
fn Tasks(thing: Thing) -> AnyView {
    let kind = Memo::new(move |_| {
        thing
            .with(|job| text(job, "target_type"))
            .unwrap_or_default()
    });
    let tasks = Memo::new(move |_| thing.with(|job| Some(tasks_of(job))).unwrap_or_default());
    let upgrades = untrack(|| thing.with(|job| text(job, "job_type")));
    let upgrades = upgrades.as_deref() == Some("node_upgrade");
    let (resource, address) = match kind.get_untracked().as_str() {
        "deployment" => ("deployment", "deployments"),
        // An upgrade of groups has a task for each of their nodes.
        "node_group" if !upgrades => ("node_group", "groups"),
        _ => ("node", "nodes"),
    };
    // Names that the job itself doesn't tell.
    let unnamed = Signal::derive(move || {
        let tasks = tasks.get().into_iter();
        let unnamed = tasks.filter(|task| task.target_name.is_none());
        unnamed.map(|task| task.target).collect()
    });
    let targets = Referred::new(resource, address, "id", unnamed);
    let named = move |task: &Task| {
        let known = task.target_name.clone();
        known
            .or_else(|| targets.name_of(&task.target))
            .unwrap_or_else(|| task.target.clone())
    };
    let rows = Memo::new(move |_| {
        tasks.with(|tasks| {
            let rows = tasks.iter().map(|task| row(task, named(task)));
            rows.collect::<Vec<_>>()
        })
    });
    let table = Table::new(&ROWS, rows_of(rows.into()));
    Effect::new(move |before: Option<()>| {
        rows.with(|_| ());
        if before.is_some() {
            table.feed.refresh();
        }
    });
    let of_row = move |id: &str| {
        tasks.with_untracked(|tasks| tasks.iter().find(|task| task.id == id).cloned())
    };
    let go = move |address: &str, id: &str| router::go(&Address::new([address, id]).to_string());
    let open = move |id: String| {
        if let Some(task) = of_row(&id).filter(|_| !address.is_empty()) {
            go(address, &task.target);
        }
    };
    let menu = RwSignal::new(None::<Place>);
    let items = Signal::derive(move || {
        let Some(task) = table.current().and_then(|row| of_row(&row.id)) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        if !address.is_empty() {
            let target = task.target.clone();
            items.push(
                Item::new(task_texts::show_target, move || go(address, &target)).glyph(Glyph::Open),
            );
        }
        if let Some(deployment) = task.deployment.clone() {
            let show = move || go("deployments", &deployment);
            items.push(Item::new(task_texts::show_deployment, show).glyph(Glyph::Deployment));
        }
        let reason = task.reason.clone();
        if !reason.is_empty() {
            let copy = move || {
                // Where the system refuses, nothing was copied and nothing is claimed.
                let _ = window().navigator().clipboard().write_text(&reason);
            };
            items.push(Item::new(task_texts::copy_reason, copy).glyph(Glyph::Copy));
        }
        items
    });
    let total = Memo::new(move |_| {
        let total = thing.with(|job| integer(job, "task_total_count"));
        total.and_then(|total| u64::try_from(total).ok())
    });
    let parts = Signal::derive(move || parts(&tasks.get(), total.get().unwrap_or_default()));
    let none = Memo::new(move |_| tasks.with(Vec::is_empty));
    let body = move || {
        match none.get() {
        true => view! {
            <EmptyState title=task_texts::none text=task_texts::none_text glyph=Glyph::Task />
        }
        .into_any(),
        false => view! {
            <div class="thing-rows job-rows">
                <Grid table=table label=texts::tabs::tasks on_open=open on_menu=move |place: Place| menu.set(Some(place)) />
            </div>
        }
        .into_any(),
    }
    };
    // The rows say the same to whoever can't see the tiles.
    let tiles = move || {
        let rows = rows.get().into_iter().zip(tasks.get());
        rows.map(|(row, task)| tile(&row.name, &task))
            .collect_view()
    };
    view! {
        <div class="job">
            <ProportionBar label=task_texts::progress parts=parts />
            <div class="job-tiles" aria-hidden="true">{tiles}</div>
            {body}
        </div>
        <Menu
            items=items
            place=menu
            label=move || table.current().map_or_else(String::new, |row| words::table::actions_of(&row.name))
        />
    }
    .into_any()
}

fn tile(name: &str, task: &Task) -> AnyView {
    let class = format!("job-tile part-{}", sign_of(&task.status).class());
    let tip = format!("{name}: {} {}", status_word(&task.status), task.reason);
    view! { <span class=class data-tip=tip></span> }.into_any()
}

/// How many tasks have which status. Those of a job that has not begun aren't made yet: all of them wait.
fn parts(tasks: &[Task], total: u64) -> Vec<Part> {
    let of = |status: &'static str, count: u64| Part {
        label: Text::from(move || status_word(status)),
        count,
        sign: sign_of(status),
        on_press: None,
    };
    if tasks.is_empty() {
        return vec![of("Waiting", total)];
    }
    let count = |is: &dyn Fn(&str) -> bool| {
        let tasks = tasks.iter();
        tasks.filter(|task| is(&task.status)).count() as u64
    };
    let mut parts: Vec<Part> = STATUSES
        .iter()
        .map(|status| of(status, count(&|it| it == *status)))
        .filter(|part| part.count > 0)
        .collect();
    let others = count(&|it| !STATUSES.contains(&it));
    if others > 0 {
        parts.push(Part {
            label: task_texts::other.into(),
            count: others,
            sign: Sign::Unknown,
            on_press: None,
        });
    }
    parts
}

fn tasks_of(job: &Value) -> Vec<Task> {
    let names: HashMap<String, String> = list(job, "targets")
        .iter()
        .filter_map(|target| {
            let name = entry(target, "extension_info", "node_name")?;
            Some((text(target, "target_id")?, name))
        })
        .collect();
    let task = |task: &Value| {
        let target = text(task, "target_id").unwrap_or_default();
        Task {
            id: text(task, "task_id").unwrap_or_default(),
            name: text(task, "task_name").unwrap_or_default(),
            target_name: names.get(&target).cloned(),
            status: text(task, "status").unwrap_or_default(),
            reason: text(task, "reason").unwrap_or_default(),
            created: text(task, "created_at").and_then(|at| format::parse_time(&at)),
            deployment: entry(task, "extension_info", "deployment_id"),
            target,
        }
    };
    list(job, "tasks").iter().map(task).collect()
}

fn row(task: &Task, name: String) -> RowView {
    let cell = |text: &str| match text {
        "" => CellValue::Missing,
        text => CellValue::Text(text.to_owned()),
    };
    RowView {
        id: task.id.clone(),
        cells: vec![
            cell(&name),
            cell(&task.status),
            cell(&task.reason),
            task.created.map_or(CellValue::Missing, CellValue::Integer),
            cell(&task.name),
        ],
        name,
        change: None,
    }
}
