//! What a bulk action would do.

use std::collections::HashSet;

use console_ipc::IpcError;
use console_ipc::bulk::{BulkAction, BulkPlan, Selection};
use fleet::{CellValue, RowView, Snapshot};
use ief_api::operation::{Call, OperationSpec};
use ief_api::resource_tag::TaggedType;
use serde_json::Value;

use super::plans::RowSet;
use crate::calls::{asks_for_name, check, spec_of, variant};
use crate::console::blocking;
use crate::error::invalid_call;
use crate::inventory::Shelf;
use crate::inventory::commands::{refused, text};
use crate::session::Session;
use std::sync::Arc;

/// So many names are told as examples.
const EXAMPLES: usize = 5;

/// Nobody means to act on more rows than this with a single key: they are asked to type something.
const MOST_UNASKED: usize = 20;

/// Rows are looked at in windows of this many.
const WINDOW: usize = 500;

/// The rows an action calls for.
pub(super) struct Planned {
    pub(super) spec: &'static OperationSpec,
    /// The path parameter that takes a row's identifier.
    pub(super) id_parameter: &'static str,
    /// Identifiers and names.
    pub(super) rows: Vec<(String, String)>,
    /// The same rows, to compare.
    pub(super) row_set: RowSet,
    pub(super) plan: BulkPlan,
}

/// Finds the rows of an action.
pub(super) async fn plan(session: &Arc<Session>, action: &BulkAction) -> Result<Planned, IpcError> {
    let shelf = Arc::clone(session.inventories.of(&action.resource)?);
    let spec = spec_of(&action.call)?;
    if !spec.mutates() {
        return Err(invalid_call(spec.name, "it changes nothing"));
    }
    let parameter = match tagged_kind(&action.call) {
        Some(kind) if kind == action.resource => "resource_id",
        _ => shelf.spec().id_parameter,
    };
    // What a row is bound to may stand behind it: this data is taken off each of these nodes.
    let is_filled = |name: &&str| *name == parameter || action.call.path.contains_key(*name);
    if !spec.path_parameters.contains(&parameter) || !spec.path_parameters.iter().all(is_filled) {
        return Err(invalid_call(
            spec.name,
            format_args!("it does not act on a {}", action.resource),
        ));
    }
    for call in calls(action) {
        if call.operation != spec.name || tagged_kind(call) != tagged_kind(&action.call) {
            return Err(invalid_call(
                spec.name,
                "only calls of the same kind follow it",
            ));
        }
        let violations = check(&call_for(parameter, call, "x"))?;
        if !violations.is_empty() {
            let mut error = invalid_call(spec.name, "it breaks documented rules");
            error.violations = violations;
            return Err(error);
        }
    }
    shelf.complete(session).await?;
    let action = action.clone();
    let session_number = session.number;
    let now_ms = session.core.clock.now_ms();
    blocking(move || {
        let mut sorted = Sorted::new(&shelf, &action)?;
        sorted.look_through(&shelf.rows().snapshot(), &action.selection, now_ms)?;
        let will = sorted.will.len() as u64;
        Ok(Planned {
            spec,
            id_parameter: parameter,
            plan: BulkPlan {
                will,
                examples: sorted
                    .will
                    .iter()
                    .take(EXAMPLES)
                    .map(|(_, name)| name.clone())
                    .collect(),
                cannot: sorted.cannot,
                cannot_examples: sorted.cannot_examples,
                confirmation: confirmation(spec, action.call.body.as_ref(), &sorted.will),
                session: session_number,
            },
            row_set: RowSet::of(sorted.will.iter().map(|(id, _)| id.as_str())),
            rows: sorted.will,
        })
    })
    .await
}

/// What is called for each row, in its order.
fn calls(action: &BulkAction) -> impl Iterator<Item = &Call> {
    std::iter::once(&action.call).chain(&action.then)
}

/// The kind of the things whose tags a call is about, which its path names by their type.
fn tagged_kind(call: &Call) -> Option<&'static str> {
    let kind = call.path.get("resource_type")?.as_str();
    TaggedType::from(kind).kind()
}

/// The call for one row.
pub(super) fn call_for(id_parameter: &str, call: &Call, id: &str) -> Call {
    let mut call = call.clone();
    call.path.insert(id_parameter.to_owned(), id.to_owned());
    call
}

/// What has to be typed, if anything: the name of the one row, or what is done and the number of rows.
fn confirmation(
    spec: &OperationSpec,
    body: Option<&Value>,
    will: &[(String, String)],
) -> Option<String> {
    if will.is_empty() || !(asks_for_name(spec) || will.len() > MOST_UNASKED) {
        return None;
    }
    if let [(_, name)] = will {
        return Some(name.clone());
    }
    // An `action` may be somebody's own field as well: only what is a plain word can be asked for.
    let is_word = |text: &String| {
        (1..=20).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_lowercase())
    };
    let word = body.and_then(variant).filter(is_word);
    let verb = spec.name.split('_').next().unwrap_or(spec.name);
    let what = word.as_deref().unwrap_or(verb);
    Some(format!("{what} {}", will.len()))
}

/// Rows sorted into those an action can call for and those it can't.
struct Sorted {
    /// Position of the column that decides, and the values it must have.
    only_when: Option<(usize, Vec<String>)>,
    will: Vec<(String, String)>,
    cannot: u64,
    cannot_examples: Vec<(String, String)>,
}

impl Sorted {
    fn new(shelf: &Shelf, action: &BulkAction) -> Result<Self, IpcError> {
        let only_when = match &action.only_when {
            None => None,
            Some((column, values)) => {
                let position = shelf.spec().column(column);
                let position = position.ok_or_else(|| {
                    invalid_call(&action.call.operation, format_args!("no column {column:?}"))
                })?;
                Some((position, values.clone()))
            }
        };
        Ok(Self {
            only_when,
            will: Vec::new(),
            cannot: 0,
            cannot_examples: Vec::new(),
        })
    }

    fn look_through(
        &mut self,
        rows: &Snapshot,
        selection: &Selection,
        now_ms: i64,
    ) -> Result<(), IpcError> {
        match selection {
            Selection::Ids { ids } => {
                let mut seen = HashSet::new();
                for id in ids.iter().filter(|id| seen.insert(id.as_str())) {
                    match rows.row(id, None) {
                        Some(row) => self.sort(row),
                        // It has gone since it was selected.
                        None => self.refuse(id.clone(), String::new()),
                    }
                }
            }
            Selection::Matching { query, except } => {
                let except: HashSet<_> = except.iter().map(String::as_str).collect();
                let view = rows.query(query, now_ms).map_err(|error| refused(&error))?;
                for offset in (0..view.answer().matched).step_by(WINDOW) {
                    let window = view.window(offset, WINDOW, None).into_iter();
                    window
                        .filter(|row| !except.contains(row.id.as_str()))
                        .for_each(|row| self.sort(row));
                }
            }
        }
        Ok(())
    }

    fn sort(&mut self, row: RowView) {
        if let Some((column, values)) = &self.only_when {
            let cell = row.cells.get(*column).unwrap_or(&CellValue::Missing);
            let fits = match cell {
                CellValue::Set(members) => members.iter().any(|member| values.contains(member)),
                other => values.contains(&text(other)),
            };
            if !fits {
                let value = text(cell);
                return self.refuse(label(&row), value);
            }
        }
        let name = label(&row);
        self.will.push((row.id, name));
    }

    fn refuse(&mut self, name: String, value: String) {
        self.cannot += 1;
        if self.cannot_examples.len() < EXAMPLES {
            self.cannot_examples.push((name, value));
        }
    }
}

fn label(row: &RowView) -> String {
    match row.name.as_str() {
        "" => row.id.clone(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ief_api::catalogue;
    use serde_json::{Value, json};

    use super::{MOST_UNASKED, confirmation};

    #[track_caller]
    fn check(operation: &str, body: &Value, rows: usize, asked: Option<&str>) {
        let spec = catalogue::operation(operation).unwrap();
        let rows: Vec<_> = (0..rows)
            .map(|it| (it.to_string(), format!("gw-{it}")))
            .collect();
        assert_eq!(confirmation(spec, Some(body), &rows).as_deref(), asked);
    }

    #[test]
    fn many_rows_ask_for_what_is_done_and_how_often() {
        let none = Value::Null;
        check("delete_edge_node", &none, 0, None);
        check("delete_edge_node", &none, 1, Some("gw-0"));
        check("delete_edge_node", &none, 2, Some("delete 2"));
        let stop = json!({"node": {"action": "stop"}});
        let act = "enable_disable_edge_nodes";
        check(act, &stop, 1, None);
        check(act, &stop, MOST_UNASKED, None);
        check(act, &stop, 1124, Some("stop 1124"));
        check("update_edge_node", &none, MOST_UNASKED, None);
        check("update_edge_node", &none, 21, Some("update 21"));
        let own = json!({"node": {"action": "Ask someone"}});
        check("update_edge_node", &own, 21, Some("update 21"));
    }
}
