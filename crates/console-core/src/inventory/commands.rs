//! Commands that ask the inventories.

use std::collections::BTreeMap;
use std::sync::Arc;

use console_ipc::error::NextStep;
use console_ipc::inventory::{
    CellValue, CompleteFilter, Completion, CountValues, CountsAnswer, LocateRow, QueryRows,
    RefreshResource, RowView, RowsAnswer,
};
use console_ipc::{ErrorKind, IpcError};
use fleet::Snapshot;
use fleet::query::{Expected, QueryError, complete, quoted};
use ief_api::operation::Call;
use ief_api::relation::{Link, RELATIONS};
use ief_api::resource::{ColumnKind, ResourceSpec};

use super::Shelf;
use crate::console::{Console, Handle, blocking};
use crate::error::from_client;
use crate::session::Session;

/// The most rows in an answer.
pub(crate) const MOST_ROWS: u32 = 500;

/// The most values offered while a filter is typed.
const MOST_COMPLETIONS: usize = 20;

impl Handle<QueryRows> for Console {
    async fn handle(&self, request: QueryRows) -> Result<RowsAnswer, IpcError> {
        let (session, shelf) = self.look(&request.resource)?;
        let now_ms = self.core.clock.now_ms();
        blocking(move || {
            // Before the rows: what is shown may be fresher than what is said of it, never the other way round.
            let mut freshness = shelf.freshness();
            let snapshot = shelf.rows().snapshot();
            freshness.generation = u64::from(snapshot.generation());
            let view = snapshot
                .query(&request.query, now_ms)
                .map_err(|error| refused(&error))?;
            let offset = usize::try_from(request.offset).unwrap_or(usize::MAX);
            let rows = view.window(
                offset,
                request.limit.min(MOST_ROWS) as usize,
                Some(snapshot.horizon()),
            );
            let names = names(&session, shelf.spec(), &rows);
            let answer = view.answer();
            Ok(RowsAnswer {
                total: answer.total as u64,
                matched: answer.matched as u64,
                offset: request.offset,
                rows,
                groups: answer
                    .groups
                    .iter()
                    .map(|group| (text(&group.value), group.count as u64))
                    .collect(),
                names,
                freshness,
            })
        })
        .await
    }
}

impl Handle<CountValues> for Console {
    async fn handle(&self, request: CountValues) -> Result<CountsAnswer, IpcError> {
        let (_, shelf) = self.look(&request.resource)?;
        let now_ms = self.core.clock.now_ms();
        blocking(move || {
            let mut freshness = shelf.freshness();
            let snapshot = shelf.rows().snapshot();
            freshness.generation = u64::from(snapshot.generation());
            let view = snapshot
                .query(&request.query, now_ms)
                .map_err(|error| refused(&error))?;
            let counts = request.columns.iter().map(|column| {
                let counts = snapshot.counts(column, &request.query.filter, now_ms);
                let counts = counts.map_err(|error| refused(&error))?;
                let values = counts
                    .values
                    .into_iter()
                    .map(|value| (value.value, value.count as u64));
                // Rows without a value are counted under the empty text, last.
                let missing = (counts.missing > 0).then(|| (String::new(), counts.missing as u64));
                Ok(values.chain(missing).collect())
            });
            Ok(CountsAnswer {
                total: snapshot.len() as u64,
                matched: view.answer().matched as u64,
                counts: counts.collect::<Result<_, IpcError>>()?,
                freshness,
            })
        })
        .await
    }
}

impl Handle<LocateRow> for Console {
    async fn handle(&self, request: LocateRow) -> Result<Option<u64>, IpcError> {
        let (_, shelf) = self.look(&request.resource)?;
        let now_ms = self.core.clock.now_ms();
        blocking(move || {
            let snapshot = shelf.rows().snapshot();
            let view = snapshot
                .query(&request.query, now_ms)
                .map_err(|error| refused(&error))?;
            Ok(view.position(&request.id).map(|position| position as u64))
        })
        .await
    }
}

impl Handle<CompleteFilter> for Console {
    async fn handle(&self, request: CompleteFilter) -> Result<Vec<Completion>, IpcError> {
        let (_, shelf) = self.look(&request.resource)?;
        blocking(move || Ok(completions(&shelf.rows().snapshot(), &request))).await
    }
}

impl Handle<RefreshResource> for Console {
    async fn handle(&self, request: RefreshResource) -> Result<(), IpcError> {
        let (session, shelf) = self.look(&request.resource)?;
        match request.id {
            None => shelf.refresh(),
            Some(id) => read_again(&session, &shelf, &id).await?,
        }
        Ok(())
    }
}

impl Console {
    /// The inventory of a resource, which somebody looks at now.
    fn look(&self, resource: &str) -> Result<(Arc<Session>, Arc<Shelf>), IpcError> {
        let session = self.core.session()?;
        let shelf = Arc::clone(session.inventories.of(resource)?);
        shelf.look(&session);
        Ok((session, shelf))
    }
}

/// Names of what rows name by identifier, from the inventories that have it. Nothing is loaded for it.
fn names(session: &Session, spec: &ResourceSpec, rows: &[RowView]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for relation in RELATIONS.iter().filter(|it| it.user == spec.kind) {
        let Link::Ids(column) = relation.link else {
            continue;
        };
        let (Some(at), Ok(used)) = (spec.column(column), session.inventories.of(relation.used))
        else {
            continue;
        };
        let used = used.rows().snapshot();
        let ids = rows.iter().flat_map(|row| match row.cells.get(at) {
            Some(CellValue::Text(id)) => std::slice::from_ref(id),
            Some(CellValue::Set(ids)) => ids,
            _ => &[],
        });
        for id in ids {
            if !names.contains_key(id)
                && let Some(thing) = used.row(id, None)
            {
                names.insert(id.clone(), thing.name);
            }
        }
    }
    names
}

/// Reads one row again: it is taken over, or removed when the service has it no longer.
pub(crate) async fn read_again(session: &Session, shelf: &Shelf, id: &str) -> Result<(), IpcError> {
    let spec = shelf.spec();
    let Some(show) = spec.show else {
        shelf.refresh();
        return Ok(());
    };
    let mut call = Call {
        operation: show.name.to_owned(),
        ..Call::default()
    };
    call.path
        .insert(spec.id_parameter.to_owned(), id.to_owned());
    match session.read(&call).await {
        Ok(mut answer) => {
            crate::calls::discard(show, &mut answer.body);
            shelf.upsert(session, &answer.body);
            Ok(())
        }
        Err(error) if error.kind() == ief_client::ErrorKind::NotFound => {
            shelf.remove(session, id);
            Ok(())
        }
        Err(error) => Err(from_client(&error)),
    }
}

fn completions(snapshot: &Snapshot, request: &CompleteFilter) -> Vec<Completion> {
    let completion = complete(&request.text, request.cursor as usize, snapshot.columns());
    let offer = |choice: &str, label: &str, count: Option<usize>| {
        let (text, cursor) = completion.apply(&request.text, choice);
        Completion {
            text,
            cursor: u32::try_from(cursor).unwrap_or(u32::MAX),
            label: label.to_owned(),
            count: count.map(|count| count as u64),
        }
    };
    match &completion.expected {
        Expected::Term { openings } => openings
            .iter()
            .map(|opening| offer(opening, opening, None))
            .collect(),
        Expected::Column { names } => names.iter().map(|name| offer(name, name, None)).collect(),
        Expected::Value {
            column,
            kind,
            typed,
            ..
        } => match kind {
            ColumnKind::Enum | ColumnKind::Set | ColumnKind::Flag => snapshot
                .values(column, typed, MOST_COMPLETIONS)
                .iter()
                .map(|value| offer(&quoted(&value.value), &value.value, Some(value.count)))
                .collect(),
            ColumnKind::Text | ColumnKind::Integer | ColumnKind::Time => Vec::new(),
        },
        Expected::Nothing => Vec::new(),
    }
}

/// A query that can't be answered: somebody built it wrongly.
pub(crate) fn refused(error: &QueryError) -> IpcError {
    IpcError::new(ErrorKind::InvalidCall, NextStep::Correct).with("detail", error)
}

/// A value as a group's name. Missing is empty.
pub(crate) fn text(value: &CellValue) -> String {
    match value {
        CellValue::Missing => String::new(),
        CellValue::Text(text) => text.clone(),
        CellValue::Integer(number) => number.to_string(),
        CellValue::Flag(flag) => flag.to_string(),
        CellValue::Set(members) => members.join(","),
    }
}
