//! Rows of the inventory that something refers to by identifier or by name, so that they can be linked.

use console_ipc::inventory::{QueryRows, RowsAnswer};
use console_ipc::query::{Filter, Op, Query, Term};
use leptos::prelude::*;

use super::Asked;
use crate::kit::facts::short_id;
use crate::router::Address;
use crate::state::App;

/// Most rows that are looked up at once.
const ROWS: u32 = 500;

/// Rows of a kind that are looked up, as identifier and name. Followed as the inventory changes.
#[derive(Clone, Copy)]
pub struct Referred {
    address: &'static str,
    rows: RwSignal<Option<Vec<(String, String)>>>,
}

impl Referred {
    /// Rows whose `column` (`id` or `name`) has one of some values. Their pages are below `address`. While there
    /// are no values nothing is asked: there may be no such rows to ask for, as with groups without a platinum
    /// instance.
    pub fn new(
        kind: &'static str,
        address: &'static str,
        column: &'static str,
        values: Signal<Vec<String>>,
    ) -> Self {
        let freshness = App::expect().freshness(kind);
        let asked = Asked::when(
            move || {
                // Read, not only tracked: a memo that was never read never tells.
                freshness.with(|_| ());
                let values = values.get();
                if values.is_empty() {
                    return None;
                }
                let term = Term {
                    column: Some(column.to_owned()),
                    op: Op::Is,
                    values,
                };
                Some(QueryRows {
                    resource: kind.to_owned(),
                    query: Query {
                        filter: Filter::of(term),
                        ..Query::default()
                    },
                    offset: 0,
                    limit: ROWS,
                })
            },
            |answer: RowsAnswer| {
                let rows = answer.rows.into_iter();
                rows.map(|row| (row.id, row.name)).collect()
            },
        );
        Self {
            address,
            rows: asked.value,
        }
    }

    /// The name of a row. Tracked.
    pub fn name_of(self, id: &str) -> Option<String> {
        let known = |(known, name): &&(String, String)| known == id && !name.is_empty();
        self.rows.with(|rows| {
            let found = rows.as_ref()?.iter().find(known);
            found.map(|(_, name)| name.clone())
        })
    }

    /// The identifier of a row with this name. Tracked.
    pub fn id_of(self, name: &str) -> Option<String> {
        self.rows.with(|rows| {
            let found = rows.as_ref()?.iter().find(|(_, known)| known == name);
            found.map(|(id, _)| id.clone())
        })
    }

    /// A link to a row by its identifier: its name, or the beginning of the identifier while nobody knows it.
    pub fn link(self, id: &str) -> AnyView {
        let href = Address::new([self.address, id]).to_string();
        let (shown, tip) = (id.to_owned(), id.to_owned());
        let word = move || self.name_of(&shown).unwrap_or_else(|| short_id(&shown));
        view! { <a href=href data-tip=tip>{word}</a> }.into_any()
    }

    /// A name, as a link where there is a row of that name.
    pub fn link_by_name(self, name: &str) -> AnyView {
        let name = name.to_owned();
        let id = Memo::new({
            let name = name.clone();
            move |_| self.id_of(&name)
        });
        view! {
            {move || match id.get() {
                Some(id) => {
                    let href = Address::new([self.address, &id]).to_string();
                    view! { <a href=href>{name.clone()}</a> }.into_any()
                }
                None => view! { <span class="selectable">{name.clone()}</span> }.into_any(),
            }}
        }
        .into_any()
    }
}
