//! Finds what is at the other end of relations, and follows it.

use std::collections::BTreeMap;

use console_ipc::IpcError;
use console_ipc::inventory::{CellValue, QueryRows, RowsAnswer};
use console_ipc::query::{Filter, Op, Query, Term, quoted};
use ief_api::catalogue::resource;
use ief_api::operation::Call;
use ief_api::relation::{Link, Listing, Relation};
use leptos::prelude::*;
use serde_json::Value;

use super::{Other, Others, Side};
use crate::kit::facts::short_id;
use crate::state::App;
use crate::table::reading::text;
use crate::table::{Asked, Reading};

/// Most that are named of each relation.
const NAMED: u32 = 50;

/// One relation of a thing, followed.
#[derive(Clone, Copy)]
pub(super) struct Followed {
    /// The relation.
    pub relation: &'static Relation,
    /// The end at which the thing stands.
    pub side: Side,
    /// What is at the other end. `None` until it is known.
    pub others: Memo<Option<Others>>,
    /// Why it isn't known.
    pub error: Memo<Option<IpcError>>,
    /// What the list of the other kind is narrowed to, to show them all.
    pub filter: Memo<Option<String>>,
}

/// What the inventory answered, as far as it is shown.
#[derive(Debug, Clone, PartialEq)]
struct Rows {
    matched: u64,
    rows: Vec<(String, String, Vec<CellValue>)>,
    /// Whether all rows of the kind are there by now.
    whole: bool,
    error: Option<IpcError>,
}

impl Rows {
    fn keep(answer: RowsAnswer) -> Self {
        let rows = answer.rows.into_iter();
        Self {
            matched: answer.matched,
            rows: rows.map(|row| (row.id, row.name, row.cells)).collect(),
            whole: answer.freshness.as_of_ms.is_some(),
            error: answer.freshness.error,
        }
    }

    /// `None` while more rows may come.
    fn known(&self) -> Option<&Self> {
        self.whole.then_some(self)
    }
}

/// Follows all relations of a thing at one end.
pub(super) fn follow(
    kind: &'static str,
    id: Signal<String>,
    name: Signal<String>,
    side: Side,
) -> Vec<Followed> {
    let own = rows(kind, "id", Signal::derive(move || vec![id.get()]));
    let one = |relation: &'static Relation| match (&relation.link, side) {
        (Link::Ids(column), Side::UsedBy) => {
            let values = Signal::derive(move || vec![id.get()]);
            users(relation, column, values)
        }
        (Link::Names(column), Side::UsedBy) => {
            let named = move || Some(name.get()).filter(|name| !name.is_empty());
            let values = Signal::derive(move || named().into_iter().collect());
            users(relation, column, values)
        }
        (Link::Ids(column), Side::Uses) => used(relation, column, own, "id"),
        (Link::Names(column), Side::Uses) => used(relation, column, own, "name"),
        (Link::Asked { used, .. }, Side::Uses) => asked(relation, side, used, id),
        (Link::Asked { users, .. }, Side::UsedBy) => asked(relation, side, users, id),
    };
    side.relations(kind).map(one).collect()
}

/// Rows of the inventory whose column has one of some values.
fn rows(kind: &'static str, column: &'static str, values: Signal<Vec<String>>) -> Asked<Rows> {
    let freshness = App::expect().freshness(kind);
    Asked::new(
        move || {
            // Read, not only tracked: a memo that was never read never tells.
            freshness.with(|_| ());
            let mut values = values.get();
            if values.is_empty() {
                // Nothing is called so: a question without values would be none.
                values.push(String::new());
            }
            let term = Term {
                column: Some(column.to_owned()),
                op: Op::Is,
                values,
            };
            QueryRows {
                resource: kind.to_owned(),
                query: Query {
                    filter: Filter::of(term),
                    ..Query::default()
                },
                offset: 0,
                limit: NAMED,
            }
        },
        Rows::keep,
    )
}

/// What uses the thing: rows that name it in a column.
fn users(
    relation: &'static Relation,
    column: &'static str,
    values: Signal<Vec<String>>,
) -> Followed {
    let found = rows(relation.user, column, values);
    let others = move |_: Option<&Option<Others>>| {
        if values.with(Vec::is_empty) {
            return None;
        }
        found.value.with(|rows| {
            let rows = rows.as_ref()?.known()?;
            let other = |(id, name, _): &(String, String, Vec<CellValue>)| Other {
                id: Some(id.clone()),
                name: name.clone(),
            };
            Some(Others {
                count: rows.matched,
                first: rows.rows.iter().map(other).collect(),
            })
        })
    };
    let filter = move |_: Option<&Option<String>>| {
        values.with(|values| {
            let value = values.first()?;
            Some(format!("{column}:{}", quoted(value)))
        })
    };
    Followed {
        relation,
        side: Side::UsedBy,
        others: Memo::new(others),
        error: failure(found),
        filter: Memo::new(filter),
    }
}

/// What the thing uses: what its own row names in a column.
fn used(
    relation: &'static Relation,
    column: &'static str,
    own: Asked<Rows>,
    by: &'static str,
) -> Followed {
    let named = Memo::new(move |_| {
        own.value.with(|rows| {
            let at = resource(relation.user)?.column(column)?;
            // Rows are told one by one while they come: the thing's own is enough.
            let rows = rows.as_ref()?;
            let Some((.., cells)) = rows.rows.first() else {
                // What is in no list names nothing.
                return rows.known().map(|_| Vec::new());
            };
            Some(match cells.get(at) {
                Some(CellValue::Text(value)) if !value.is_empty() => vec![value.clone()],
                Some(CellValue::Set(values)) => values.clone(),
                _ => Vec::new(),
            })
        })
    });
    let found = rows(
        relation.used,
        by,
        Signal::derive(move || {
            let named = named.get().unwrap_or_default();
            named.into_iter().take(NAMED as usize).collect()
        }),
    );
    let others = move |_: Option<&Option<Others>>| {
        let named = named.get()?;
        if named.is_empty() {
            return Some(Others::default());
        }
        found.value.with(|rows| {
            let rows = rows.as_ref()?.known()?;
            let of = |value: &String| {
                let own = |row: &&(String, String, Vec<CellValue>)| {
                    (if by == "id" { &row.0 } else { &row.1 }) == value
                };
                match rows.rows.iter().find(own) {
                    Some((id, name, _)) => Other {
                        id: Some(id.clone()),
                        name: name.clone(),
                    },
                    None if by == "id" => Other {
                        id: None,
                        name: short_id(value),
                    },
                    None => Other {
                        id: None,
                        name: value.clone(),
                    },
                }
            };
            Some(Others {
                count: u64::try_from(named.len()).unwrap_or(u64::MAX),
                first: named.iter().take(NAMED as usize).map(of).collect(),
            })
        })
    };
    Followed {
        relation,
        side: Side::Uses,
        others: Memo::new(others),
        error: failure(found),
        filter: Memo::new(|_| None),
    }
}

/// What an operation lists of the thing.
fn asked(
    relation: &'static Relation,
    side: Side,
    listing: &'static Listing,
    id: Signal<String>,
) -> Followed {
    let call = Signal::derive(move || {
        let id = id.get();
        let name = listing.parameter.to_owned();
        let in_path = listing
            .operation
            .path_parameters
            .contains(&listing.parameter);
        let (path, query) = match in_path {
            true => (BTreeMap::from([(name, id)]), Vec::new()),
            false => (BTreeMap::new(), vec![(name, id)]),
        };
        Some(Call {
            operation: listing.operation.name.to_owned(),
            path,
            query,
            body: None,
        })
    });
    let reading = Reading::of(call, "");
    let others = move |_: Option<&Option<Others>>| {
        reading.value.with(|answer| {
            let answer = answer.as_ref()?;
            let rows = answer.get(listing.rows).and_then(Value::as_array)?;
            let other = |row: &Value| {
                let id = text(row, "id")?;
                let name = text(row, "name").unwrap_or_else(|| short_id(&id));
                Some(Other { id: Some(id), name })
            };
            let count = answer.get("count").and_then(Value::as_u64);
            let here = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            Some(Others {
                count: count.unwrap_or(here).max(here),
                first: rows.iter().filter_map(other).take(NAMED as usize).collect(),
            })
        })
    };
    Followed {
        relation,
        side,
        others: Memo::new(others),
        error: Memo::new(move |_| reading.error.get()),
        filter: Memo::new(|_| None),
    }
}

/// Why there is no answer, or none that can be relied on.
fn failure(found: Asked<Rows>) -> Memo<Option<IpcError>> {
    Memo::new(move |_| {
        let failed = found.error.get();
        failed.or_else(|| found.value.with(|rows| rows.as_ref()?.error.clone()))
    })
}
