//! Rows that are at hand already, as a source of a table. They stand in their own order.

use std::collections::BTreeMap;
use std::rc::Rc;

use console_ipc::inventory::{Freshness, RowView, RowsAnswer};
use leptos::prelude::*;

use super::feed::Source;

/// Rows of a signal. Shown in the signal's order; refresh the table's feed when it changes.
pub fn rows_of(rows: Signal<Vec<RowView>>) -> Source {
    Rc::new(move |_, offset, limit| {
        let rows = rows.try_get_untracked().unwrap_or_default();
        let total = rows.len() as u64;
        let first = usize::try_from(offset).unwrap_or(usize::MAX);
        let shown = rows.into_iter().skip(first).take(limit as usize).collect();
        Box::pin(std::future::ready(Ok(RowsAnswer {
            total,
            matched: total,
            offset,
            rows: shown,
            groups: Vec::new(),
            names: BTreeMap::new(),
            freshness: Freshness::default(),
        })))
    })
}
