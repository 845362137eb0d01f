//! The values of enum columns: which there are, and the words people know them by.
//!
//! A list shows `FAIL` as "Failed", so that is what people type.

use std::collections::{BTreeMap, BTreeSet};

use console_ipc::inventory::CountValues;
use console_ipc::query::{Filter, Op, Query, Term};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;

use super::model::TableSpec;
use crate::words::table::filter as texts;
use crate::{ipc, words};

/// Most values a hint names.
const NAMED: usize = 12;

type Values = BTreeMap<&'static str, BTreeSet<String>>;

/// The values of a table's enum columns, read when a filter first names one of them.
#[derive(Clone, Copy)]
pub(super) struct KnownValues {
    spec: &'static TableSpec,
    /// Those rows have, of the columns asked about.
    found: RwSignal<Values>,
    /// Those known without asking.
    named: StoredValue<Values>,
    asked: StoredValue<BTreeSet<&'static str>>,
}

impl KnownValues {
    pub(super) fn new(spec: &'static TableSpec) -> Self {
        Self {
            spec,
            found: RwSignal::new(Values::new()),
            named: StoredValue::new(Values::new()),
            asked: StoredValue::new(BTreeSet::new()),
        }
    }

    /// Takes note of the values in a filter that is right.
    pub(super) fn learn(self, filter: &Filter) {
        self.named.update_value(|named| {
            for term in &filter.terms {
                if let Some(column) = self.column(term).filter(|_| term.op == Op::Is) {
                    let values = named.entry(column.name).or_default();
                    values.extend(term.values.iter().cloned());
                }
            }
        });
    }

    /// Runs `change` whenever values arrive.
    pub(super) fn on_arrival(self, change: impl Fn() + 'static) {
        Effect::new(move |before: Option<()>| {
            self.found.track();
            if before.is_some() {
                untrack(&change);
            }
        });
    }

    /// The term with the values that are meant by words: `state:failed` is `state:FAIL`.
    pub(super) fn meant(self, mut term: Term) -> Term {
        if let Some((column, known)) = self.known(&term) {
            for value in &mut term.values {
                if !known.iter().any(|known| known.eq_ignore_ascii_case(value)) {
                    let meant = known
                        .iter()
                        .find(|known| same(&self.word(column, known), value));
                    if let Some(meant) = meant {
                        value.clone_from(meant);
                    }
                }
            }
        }
        term
    }

    /// The term with the values whose words contain what is typed so far beside it.
    pub(super) fn begun(self, mut term: Term) -> Term {
        if let Some((column, known)) = self.known(&term) {
            let typed: Vec<String> = term.values.iter().map(|it| it.to_lowercase()).collect();
            let meant = known.into_iter().filter(|known| {
                let word = self.word(column, known).to_lowercase();
                typed.iter().any(|typed| word.contains(typed))
            });
            term.values.extend(meant);
        }
        term
    }

    /// Which values there are, for the first term that asks for others only. Tracked.
    pub(super) fn hint(self, filter: &Filter) -> Option<String> {
        filter.terms.iter().find_map(|term| {
            let column = self.column(term)?;
            let has = |known: &String| {
                let known = known.to_lowercase();
                term.values.iter().any(|value| match term.op {
                    Op::Contains => known.contains(&value.to_lowercase()),
                    _ => known == value.to_lowercase(),
                })
            };
            let known = self.found.with(|found| found.get(column.name).cloned())?;
            if term.op.is_negated() || known.is_empty() || known.iter().any(has) {
                return None;
            }
            let mut names: Vec<String> = known
                .iter()
                .take(NAMED)
                .map(|value| words::value(self.spec.kind, column.name, value))
                .collect();
            if known.len() > NAMED {
                names.push("…".to_owned());
            }
            let names = names.join(texts::also.get());
            Some(texts::values_are(
                words::column(self.spec.kind, column.name),
                names,
            ))
        })
    }

    /// The column of a term whose values are texts out of few.
    fn column(self, term: &Term) -> Option<&'static Column> {
        let column = self.spec.column(term.column.as_deref()?)?;
        let compares = matches!(term.op, Op::Is | Op::IsNot | Op::Contains | Op::NotContains);
        (compares && column.kind == ColumnKind::Enum).then_some(column)
    }

    /// The values known of a term's column. Asks for those that rows have.
    fn known(self, term: &Term) -> Option<(&'static Column, BTreeSet<String>)> {
        let column = self.column(term)?;
        self.ask(column.name);
        let found = self
            .found
            .with_untracked(|found| found.get(column.name).cloned());
        let mut known = found.unwrap_or_default();
        self.named.with_value(|named| {
            known.extend(named.get(column.name).into_iter().flatten().cloned());
        });
        Some((column, known))
    }

    fn word(self, column: &Column, value: &str) -> String {
        untrack(|| words::value(self.spec.kind, column.name, value))
    }

    fn ask(self, column: &'static str) {
        let fresh = self
            .asked
            .try_update_value(|asked| asked.insert(column))
            .unwrap_or_default();
        if !fresh {
            return;
        }
        let request = CountValues {
            resource: self.spec.kind.to_owned(),
            columns: vec![column.to_owned()],
            query: Query::default(),
        };
        wasm_bindgen_futures::spawn_local(async move {
            let counts = ipc::call(request)
                .await
                .ok()
                .and_then(|answer| answer.counts.into_iter().next());
            let values: BTreeSet<String> = counts
                .into_iter()
                .flatten()
                .map(|(value, _)| value)
                .filter(|value| !value.is_empty())
                .collect();
            if values.is_empty() {
                // Nothing was read yet, so the next term asks again. Until then values are typed as they are.
                self.asked.try_update_value(|asked| asked.remove(column));
                return;
            }
            self.found.try_update(|found| {
                found.insert(column, values);
            });
        });
    }
}

fn same(word: &str, typed: &str) -> bool {
    word.to_lowercase() == typed.to_lowercase()
}
