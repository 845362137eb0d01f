//! Commands that save lists to files of the user's choice, and those that read the journal.

use std::io;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use console_ipc::IpcError;
use console_ipc::bulk::{ItemOutcome, TaskItem};
use console_ipc::call::Saved;
use console_ipc::error::NextStep;
use console_ipc::export::{ExportFormat, ExportJournal, ExportRows, ExportTask};
use console_ipc::inventory::{CellValue, RowView};
use console_ipc::journal::{
    JournalEntry, JournalOutcome, JournalPage, ListJournal, ShowJournalEntry,
};
use fleet::View;
use fleet::query::{ID, NAME};
use ief_api::resource::{ColumnKind, ResourceSpec};
use serde_json::{Value, json};

use super::format::Records;
use crate::console::{Console, Handle, blocking};
use crate::error::invalid_call;
use crate::files::{file_error, plain_name, write_whole};
use crate::inventory::commands::{MOST_ROWS, refused};
use crate::journal::Journal;

/// Rows are written in windows of this many.
const WINDOW: usize = 500;

impl Handle<ExportRows> for Console {
    async fn handle(&self, request: ExportRows) -> Result<Saved, IpcError> {
        let session = self.core.session()?;
        let shelf = Arc::clone(session.inventories.of(&request.resource)?);
        let picked = pick(shelf.spec(), &request.columns)?;
        shelf.complete(&session).await?;
        let now_ms = self.core.clock.now_ms();
        let asked = Arc::clone(&shelf);
        let view = blocking(move || {
            let snapshot = asked.rows().snapshot();
            snapshot
                .query(&request.query, now_ms)
                .map_err(|error| refused(&error))
        })
        .await?;
        self.save(
            &format!("{}s", request.resource),
            request.format,
            move |path| write_rows(path, request.format, &picked, &view),
        )
        .await
    }
}

impl Handle<ExportTask> for Console {
    async fn handle(&self, request: ExportTask) -> Result<Saved, IpcError> {
        let task = self.core.tasks.find(&request.id)?;
        let name = task.summary().operation;
        self.save(&name, request.format, move |path| {
            write_task(path, request.format, &task.items())
        })
        .await
    }
}

impl Handle<ExportJournal> for Console {
    async fn handle(&self, request: ExportJournal) -> Result<Saved, IpcError> {
        let journal = self.core.journal.clone();
        self.save("journal", request.format, move |path| {
            write_journal(path, request.format, &journal)
        })
        .await
    }
}

impl Handle<ListJournal> for Console {
    async fn handle(&self, request: ListJournal) -> Result<JournalPage, IpcError> {
        let journal = self.core.journal.clone();
        blocking(move || journal.list(&request, MOST_ROWS)).await
    }
}

impl Handle<ShowJournalEntry> for Console {
    async fn handle(&self, request: ShowJournalEntry) -> Result<JournalEntry, IpcError> {
        let journal = self.core.journal.clone();
        blocking(move || journal.show(&request.id)).await
    }
}

impl Console {
    /// Asks where to, and writes there.
    async fn save(
        &self,
        name: &str,
        format: ExportFormat,
        write: impl FnOnce(&Path) -> io::Result<u64> + Send + 'static,
    ) -> Result<Saved, IpcError> {
        let extension = match format {
            ExportFormat::Csv => "csv",
            ExportFormat::Json => "json",
            ExportFormat::Yaml => "yaml",
        };
        let chosen = self
            .core
            .host
            .choose_save_path(plain_name(&format!("{name}.{extension}")))
            .await;
        let Some(path) = chosen else {
            return Ok(Saved::Cancelled);
        };
        blocking(move || {
            let bytes = write(&path)
                .map_err(|error| file_error(&path, &error, NextStep::ChooseAnotherFile))?;
            Ok(Saved::Written {
                path: path.display().to_string(),
                bytes,
            })
        })
        .await
    }
}

/// A column of a file.
struct Picked {
    name: String,
    source: Source,
}

/// Where a value comes from.
enum Source {
    Id,
    Name,
    Cell(usize, ColumnKind),
}

/// Finds the columns by their names; all, behind the identifier, when none is named.
fn pick(spec: &ResourceSpec, names: &[String]) -> Result<Vec<Picked>, IpcError> {
    let declared = spec.columns.iter().map(|column| column.name);
    let names: Vec<_> = match names.is_empty() {
        true => std::iter::once(ID)
            .chain(declared.filter(|name| *name != ID))
            .collect(),
        false => names.iter().map(String::as_str).collect(),
    };
    names
        .into_iter()
        .map(|name| {
            let source = match (spec.column(name), name) {
                (Some(position), _) => Source::Cell(position, spec.columns[position].kind),
                (None, ID) => Source::Id,
                (None, NAME) => Source::Name,
                (None, _) => {
                    return Err(invalid_call(
                        spec.list.name,
                        format_args!("no column {name:?}"),
                    ));
                }
            };
            Ok(Picked {
                name: name.to_owned(),
                source,
            })
        })
        .collect()
}

fn write_rows(
    path: &Path,
    format: ExportFormat,
    picked: &[Picked],
    view: &View,
) -> io::Result<u64> {
    write_whole(path, |file| {
        let fields = picked.iter().map(|column| column.name.clone()).collect();
        let mut records = Records::begin(format, file, fields)?;
        for offset in (0..view.answer().matched).step_by(WINDOW) {
            for row in view.window(offset, WINDOW, None) {
                records.add(
                    picked
                        .iter()
                        .map(|column| value(&row, &column.source))
                        .collect(),
                )?;
            }
        }
        records.end()
    })
}

fn value(row: &RowView, source: &Source) -> Value {
    let (position, kind) = match source {
        Source::Id => return json!(row.id),
        Source::Name => return json!(row.name),
        Source::Cell(position, kind) => (*position, *kind),
    };
    match row.cells.get(position) {
        None | Some(CellValue::Missing) => Value::Null,
        Some(CellValue::Text(text)) => json!(text),
        Some(CellValue::Integer(time)) if kind == ColumnKind::Time => timestamp(*time),
        Some(CellValue::Integer(number)) => json!(number),
        Some(CellValue::Flag(flag)) => json!(flag),
        Some(CellValue::Set(members)) => json!(members),
    }
}

fn write_task(path: &Path, format: ExportFormat, items: &[TaskItem]) -> io::Result<u64> {
    let fields = [
        "id",
        "name",
        "outcome",
        "error",
        "service_code",
        "message",
        "request_id",
        "journal_id",
    ];
    write_whole(path, |file| {
        let mut records = Records::begin(format, file, fields.map(str::to_owned).to_vec())?;
        for item in items {
            let (outcome, error, request_id) = match &item.outcome {
                ItemOutcome::Waiting => ("waiting", None, None),
                ItemOutcome::Running => ("running", None, None),
                ItemOutcome::Succeeded { request_id } => ("succeeded", None, request_id.clone()),
                ItemOutcome::Failed { error } => ("failed", Some(error), error.request_id.clone()),
                ItemOutcome::Skipped => ("skipped", None, None),
            };
            records.add(vec![
                json!(item.id),
                json!(item.name),
                json!(outcome),
                error.map_or(Value::Null, |error| json!(error.kind)),
                json!(error.and_then(|error| error.service_code.clone())),
                json!(error.and_then(|error| error.service_message.clone())),
                json!(request_id),
                json!(item.journal_id),
            ])?;
        }
        records.end()
    })
}

fn write_journal(path: &Path, format: ExportFormat, journal: &Journal) -> io::Result<u64> {
    let fields = [
        "id",
        "at",
        "profile",
        "operation",
        "resource",
        "target_id",
        "target",
        "outcome",
        "status",
        "error",
        "service_code",
        "request_id",
        "elapsed_ms",
        "reason",
        "http",
        "call",
        "before",
    ];
    write_whole(path, |file| {
        let mut records = Records::begin(format, file, fields.map(str::to_owned).to_vec())?;
        journal.each(|entry| {
            let summary = &entry.summary;
            let target = summary.target.as_ref();
            let (outcome, status, error) = match &summary.outcome {
                JournalOutcome::Pending => ("pending", None, None),
                JournalOutcome::Succeeded { status } => ("succeeded", Some(*status), None),
                JournalOutcome::Failed { error } => ("failed", error.status, Some(error)),
                JournalOutcome::Unknown { error } => ("unknown", error.status, Some(error)),
            };
            records.add(vec![
                json!(summary.id),
                timestamp(summary.at_ms),
                json!(summary.profile),
                json!(summary.operation),
                json!(target.map(|target| &target.resource)),
                json!(target.map(|target| &target.id)),
                json!(target.map(|target| &target.name)),
                json!(outcome),
                json!(status.filter(|status| *status > 0)),
                error.map_or(Value::Null, |error| json!(error.kind)),
                json!(error.and_then(|error| error.service_code.clone())),
                json!(summary.request_id),
                json!(entry.elapsed_ms),
                json!(entry.reason),
                json!(entry.http),
                serde_json::to_value(&entry.call)?,
                json!(entry.before),
            ])
        })?;
        records.end()
    })
}

/// A point in time as RFC 3339 in UTC.
fn timestamp(at_ms: i64) -> Value {
    match DateTime::from_timestamp_millis(at_ms) {
        Some(time) => json!(time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)),
        None => json!(at_ms),
    }
}
