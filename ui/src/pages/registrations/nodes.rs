//! The nodes that have registered with a batch registration.

use console_ipc::inventory::{CellValue, QueryRows, RowView, RowsAnswer};
use console_ipc::query::{Filter, Op, Query, SortKey, Term};
use ief_api::node::EdgeNode;
use ief_api::resource::Resource;
use leptos::prelude::*;

use crate::format;
use crate::kit::{ErrorNotice, Sign, Skeleton, StateSign, Time};
use crate::pages::parts::{Asked, plain_table};
use crate::router::Address;
use crate::state::App;
use crate::words;
use crate::words::registrations as texts;

/// How many are shown, the newest.
const SHOWN: u32 = 20;

/// How many there are, the newest of them, and whether all of the inventory was read by then.
type Found = (u64, Vec<RowView>, bool);

/// The nodes of a registration, with a link to all of them.
pub(super) fn view(id: Signal<String>) -> AnyView {
    let freshness = App::expect().freshness("node");
    let asked = Asked::new(
        move || {
            // Read, not only tracked: a memo that was never read never tells.
            freshness.with(|_| ());
            QueryRows {
                resource: "node".to_owned(),
                query: Query {
                    filter: filter(id.get()),
                    sort: vec![SortKey {
                        column: "created".to_owned(),
                        descending: true,
                    }],
                    group_by: None,
                },
                offset: 0,
                limit: SHOWN,
            }
        },
        |answer: RowsAnswer| -> Found {
            let complete = answer.freshness.as_of_ms.is_some();
            (answer.matched, answer.rows, complete)
        },
    );
    let body = move || match (asked.value.get(), asked.error.get()) {
        (_, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        // While nodes are still being read there may be some.
        (None | Some((0, _, false)), None) => view! { <Skeleton lines=2 /> }.into_any(),
        (Some((0, ..)), None) => view! { <p class="second">{texts::no_nodes}</p> }.into_any(),
        (Some((count, rows, _)), None) => table(&id.get(), count, &rows),
    };
    view! { {body} }.into_any()
}

fn filter(id: String) -> Filter {
    Filter::of(Term {
        column: Some("product".to_owned()),
        op: Op::Is,
        values: vec![id],
    })
}

fn table(id: &str, count: u64, rows: &[RowView]) -> AnyView {
    let cell = |row: &RowView, name: &str| {
        let at = EdgeNode::SPEC.column(name)?;
        row.cells.get(at).cloned()
    };
    let lines = rows
        .iter()
        .map(|row| {
            let href = Address::new(["nodes", &row.id]).to_string();
            let state = match cell(row, "state") {
                Some(CellValue::Text(state)) => state,
                _ => String::new(),
            };
            let sign = Sign::of_state(&state).unwrap_or(Sign::Unknown);
            let created = match cell(row, "created") {
                Some(CellValue::Integer(at)) => Some(at),
                _ => None,
            };
            vec![
                view! { <a href=href>{row.name.clone()}</a> }.into_any(),
                view! { <StateSign sign=sign word=move || words::value("node", "state", &state) /> }
                    .into_any(),
                view! { <Time at_ms=Signal::stored(created) /> }.into_any(),
            ]
        })
        .collect();
    let headings = [
        (texts::node, false),
        (texts::state, false),
        (texts::registered, false),
    ];
    let shown = rows.len() as u64;
    let newest = (shown < count).then(|| {
        let text = texts::newest(format::count(count), format::count(shown));
        view! { <p class="second">{text}</p> }
    });
    let all = Address::new(["nodes"])
        .with("filter", &filter(id.to_owned()).to_string())
        .to_string();
    view! {
        {newest}
        {plain_table(texts::nodes, &headings, lines)}
        <p><a href=all>{texts::show_nodes(format::count(count))}</a></p>
    }
    .into_any()
}
