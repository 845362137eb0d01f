//! Batch jobs: upgrades of many nodes, deployments to many nodes, upgrades of many applications, one task for each.

use console_ipc::inventory::{CellValue, RowView};
use ief_api::batch_job::BatchJob;
use ief_api::operation::Call;
use ief_api::resource::{Column, Resource};
use leptos::prelude::*;
use serde_json::Value;

mod actions;
mod by_tag;
mod detail;
mod form;
mod paste;
mod start;
mod targets;
mod tasks;

use self::actions::{CAN_RESUME, CAN_RETRY, CAN_STOP};
use crate::kit::{Glyph, Sign, StateSign};
use crate::pages::things::{self, Kind};
use crate::table::reading::text;
use crate::table::{
    BulkButton, CellLook, Create, Empty, ListPage, ListView, Preset, RowAction, TableSpec,
};
use crate::words;
use crate::words::batch_jobs as texts;

/// The list, one job, or the form.
pub fn page(path: Vec<String>) -> AnyView {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => view! { <ListView page=&LIST /> }.into_any(),
        ["new"] => form::create(),
        [id, ..] => things::detail(&KIND, (*id).to_owned()),
    }
}

static KIND: Kind = Kind {
    resource: BatchJob::SPEC,
    address: "batch_jobs",
    list: "#/batch_jobs",
    glyph: Glyph::Batch,
    title: texts::title,
    delete: texts::delete,
    delete_operation: "delete_batch_job",
    named: "job_name",
    identified: "job_id",
    state: |job| text(job, "status").map(|status| status_sign(&status)),
    buttons: detail::buttons,
    body: detail::body,
};

static LIST: ListPage = ListPage {
    resource: BatchJob::SPEC,
    table: TableSpec {
        kind: "batch_job",
        columns: BatchJob::SPEC.columns,
        shown: &[
            ("name", 210),
            ("type", 184),
            ("status", 164),
            ("tasks", 76),
            ("succeeded", 96),
            ("failed", 76),
            ("created", 124),
            ("updated", 124),
            ("description", 240),
        ],
        look,
        checks: true,
        sorts: true,
    },
    address: "batch_jobs",
    title: texts::title,
    presets: &[
        Preset {
            label: texts::presets::at_work,
            filter: "status:Waiting,Running,Stopping",
        },
        Preset {
            label: texts::presets::attention,
            filter: "status:Failed,Partially_successful,Timed_out",
        },
    ],
    create: Some(Create {
        label: texts::create,
        to: "#/batch_jobs/new",
    }),
    row_actions: &[
        RowAction {
            label: texts::stop::verb,
            glyph: Glyph::Pause,
            danger: false,
            blocked: |row| blocked(row, CAN_STOP, texts::stop::blocked.get()),
            run: |row| actions::stop(&row.id, &row.name),
        },
        RowAction {
            label: texts::resume::verb,
            glyph: Glyph::Play,
            danger: false,
            blocked: |row| blocked(row, CAN_RESUME, texts::resume::blocked.get()),
            run: |row| actions::resume(&row.id, &row.name),
        },
        RowAction {
            label: texts::retry::verb,
            glyph: Glyph::Refresh,
            danger: false,
            blocked: |row| blocked(row, CAN_RETRY, texts::retry::blocked.get()),
            run: |row| actions::retry(&row.id, &row.name),
        },
        RowAction {
            label: texts::like,
            glyph: Glyph::Copy,
            danger: false,
            blocked: |_| None,
            run: |row| actions::open_as_new(&row.id),
        },
        RowAction {
            label: texts::delete,
            glyph: Glyph::Trash,
            danger: true,
            blocked: |_| None,
            run: |row| actions::delete(&row.id, &row.name, status_of(&row)),
        },
    ],
    bulk: &[
        BulkButton {
            label: texts::stop::many,
            glyph: Glyph::Pause,
            danger: false,
            sentence: texts::stop::each,
            call: || call("stop_batch_job"),
            only_when: Some(("status", CAN_STOP)),
        },
        BulkButton {
            label: texts::resume::many,
            glyph: Glyph::Play,
            danger: false,
            sentence: texts::resume::each,
            call: || call("restore_batch_job"),
            only_when: Some(("status", CAN_RESUME)),
        },
        BulkButton {
            label: texts::retry::many,
            glyph: Glyph::Refresh,
            danger: false,
            sentence: texts::retry::each,
            call: || call("retry_batch_job"),
            only_when: Some(("status", CAN_RETRY)),
        },
        BulkButton {
            label: texts::delete_many,
            glyph: Glyph::Trash,
            danger: true,
            sentence: texts::delete_many_sentence,
            call: || call("delete_batch_job"),
            only_when: None,
        },
    ],
    empty: Empty {
        title: texts::empty,
        text: texts::empty_text,
        glyph: Glyph::Batch,
    },
    panel: |context| things::panel(&KIND, context),
};

fn call(operation: &str) -> Call {
    Call {
        operation: operation.to_owned(),
        ..Call::default()
    }
}

/// The status of a row; empty when it isn't known.
fn status_of(row: &RowView) -> &str {
    let at = BatchJob::SPEC.column("status");
    match at.and_then(|at| row.cells.get(at)) {
        Some(CellValue::Text(status)) => status,
        _ => "",
    }
}

fn blocked(row: &RowView, can: &[&str], why: &'static str) -> Option<&'static str> {
    (!can.contains(&status_of(row))).then_some(why)
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("status", CellValue::Text(status)) => {
            Some(CellLook::state(sign_of(status), status_word(status)))
        }
        ("failed", CellValue::Integer(count)) if *count > 0 => {
            Some(CellLook::state(Sign::Bad, crate::format::number(*count)))
        }
        _ => None,
    }
}

/// The sign of a job's or a task's status.
fn sign_of(status: &str) -> Sign {
    match status {
        "Waiting" => Sign::Waiting,
        "Running" | "Stopping" => Sign::Busy,
        "Stopped" => Sign::Stopped,
        "Successful" => Sign::Good,
        "Partially_successful" => Sign::Differs,
        "Failed" | "Timed_out" => Sign::Bad,
        _ => Sign::Unknown,
    }
}

fn status_word(status: &str) -> String {
    words::value("batch_job", "status", status)
}

fn status_sign(status: &str) -> AnyView {
    let sign = sign_of(status);
    let status = status.to_owned();
    view! { <StateSign sign=sign word=move || status_word(&status) /> }.into_any()
}

/// A text of an entry in a list of keys with values.
fn entry(object: &Value, list: &str, key: &str) -> Option<String> {
    let entries = crate::table::reading::list(object, list);
    let entry = entries
        .iter()
        .find(|entry| text(entry, "key").as_deref() == Some(key))?;
    text(entry, "value")
}
