//! Rows taken out of the inventory by identifier and name, for a request that names each of them. Only for what
//! stands in one request: lists of any length are looked at in windows.

use console_ipc::IpcError;
use console_ipc::bulk::Selection;
use console_ipc::inventory::QueryRows;
use console_ipc::query::{Filter, Op, Query, Term};

use super::Picked;
use crate::ipc;
use crate::state::App;

/// Rows of one question, and values of one filter.
const AT_ONCE: usize = 500;

/// Why rows were not gathered.
#[derive(Debug, Clone)]
pub enum NotGathered {
    /// There are so many.
    TooMany(u64),
    /// They could not be read.
    Failed(IpcError),
}

impl From<IpcError> for NotGathered {
    fn from(error: IpcError) -> Self {
        Self::Failed(error)
    }
}

/// A filter for the rows whose column has one of some values.
pub fn one_of(column: &str, mut values: Vec<String>) -> Filter {
    if values.is_empty() {
        // A term without values would be none, and match all.
        values.push(String::new());
    }
    Filter::of(Term {
        column: Some(column.to_owned()),
        op: Op::Is,
        values,
    })
}

/// The rows that are selected, unless there are more than `most`. One that has gone since is called by its
/// identifier.
///
/// # Errors
/// When there are more, or they can't be read.
pub async fn gather(
    kind: &str,
    selection: Selection,
    most: u64,
) -> Result<Vec<Picked>, NotGathered> {
    match selection {
        Selection::Ids { ids } => {
            let count = ids.len() as u64;
            if count > most {
                return Err(NotGathered::TooMany(count));
            }
            let found = find(kind, "id", &ids).await?;
            let named = ids.into_iter().map(|id| {
                let row = found.iter().find(|row| row.id == id).cloned();
                row.unwrap_or_else(|| Picked {
                    name: id.clone(),
                    id,
                })
            });
            Ok(named.collect())
        }
        Selection::Matching { query, except } => {
            let most_read = most.saturating_add(except.len() as u64);
            let mut rows = matching(kind, query, most_read).await?;
            rows.retain(|row| !except.contains(&row.id));
            match rows.len() as u64 {
                count if count > most => Err(NotGathered::TooMany(count)),
                _ => Ok(rows),
            }
        }
    }
}

/// The rows whose column has one of these values.
///
/// # Errors
/// When they can't be read.
pub async fn find(kind: &str, column: &str, values: &[String]) -> Result<Vec<Picked>, IpcError> {
    let mut found = Vec::new();
    for values in values.chunks(AT_ONCE) {
        let query = Query {
            filter: one_of(column, values.to_vec()),
            ..Query::default()
        };
        match matching(kind, query, u64::MAX).await {
            Ok(rows) => found.extend(rows),
            Err(NotGathered::Failed(error)) => return Err(error),
            // So many are never there.
            Err(NotGathered::TooMany(_)) => {}
        }
    }
    Ok(found)
}

/// The rows that match, unless there are more than `most`.
///
/// # Errors
/// When there are more, or they can't be read.
pub async fn matching(kind: &str, query: Query, most: u64) -> Result<Vec<Picked>, NotGathered> {
    let mut found: Vec<Picked> = Vec::new();
    loop {
        let request = QueryRows {
            resource: kind.to_owned(),
            query: query.clone(),
            offset: found.len() as u64,
            limit: AT_ONCE as u32,
        };
        let answer = ipc::call(request).await?;
        App::expect().note_freshness(kind, &answer.freshness);
        if answer.matched > most {
            return Err(NotGathered::TooMany(answer.matched));
        }
        let last = answer.rows.len() < AT_ONCE;
        found.extend(answer.rows.into_iter().map(|row| Picked {
            id: row.id,
            name: row.name,
        }));
        if last || found.len() as u64 >= answer.matched {
            return Ok(found);
        }
    }
}
