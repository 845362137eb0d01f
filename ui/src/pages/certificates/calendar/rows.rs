//! Certificates with their ends as rows of a table, in windows as the host has them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use console_ipc::calendar::{CalendarEntry, Carried, CertificateCalendar, Precision};
use console_ipc::inventory::{CellValue, Freshness, RowView, RowsAnswer};
use ief_api::resource::{Column, ColumnKind};
use leptos::prelude::*;

use super::Told;
use crate::day::{self, DAY};
use crate::kit::Sign;
use crate::state::{App, now_ms};
use crate::table::{CellLook, Source, TableSpec};
use crate::words::certificate_calendar as texts;
use crate::{format, ipc};

pub(super) static ENDINGS: TableSpec = TableSpec {
    kind: "ending_certificate",
    columns: &[
        Column::new("ends", ColumnKind::Integer),
        Column::new("left", ColumnKind::Integer),
        Column::new("name", ColumnKind::Text),
        Column::new("use", ColumnKind::Text),
        Column::new("holders", ColumnKind::Text),
        Column::new("applications", ColumnKind::Text),
        Column::new("told_by", ColumnKind::Text),
        Column::new("serial", ColumnKind::Text),
        Column::new("issuer", ColumnKind::Text),
    ],
    shown: &[
        ("ends", 100),
        ("left", 150),
        ("name", 200),
        ("use", 120),
        ("holders", 190),
        ("applications", 190),
        ("told_by", 150),
        ("serial", 104),
    ],
    look,
    checks: false,
    sorts: false,
};

/// So many entries are kept for whoever opens one.
const MOST_KEPT: usize = 3000;

thread_local! {
    /// Entries of the windows that were shown, by identifier.
    static ENTRIES: RefCell<BTreeMap<String, CalendarEntry>> = const { RefCell::new(BTreeMap::new()) };
}

/// An entry whose row was shown.
pub(super) fn entry(id: &str) -> Option<CalendarEntry> {
    ENTRIES.with_borrow(|entries| entries.get(id).cloned())
}

/// The rows of the calendar. What it says as a whole goes to `told`.
pub(super) fn source(told: Told) -> Source {
    Rc::new(move |query, offset, limit| {
        let search = query.filter.terms.into_iter().flat_map(|term| term.values);
        let request = CertificateCalendar {
            search: search.collect::<Vec<_>>().join(" "),
            offset,
            limit,
            load: true,
        };
        Box::pin(async move {
            let mut calendar = ipc::call(request).await?;
            let entries = std::mem::take(&mut calendar.entries);
            let rows = entries.iter().map(row).collect();
            ENTRIES.with_borrow_mut(|kept| {
                if kept.len() + entries.len() > MOST_KEPT {
                    kept.clear();
                }
                kept.extend(entries.into_iter().map(|entry| (entry.id.clone(), entry)));
            });
            let answer = RowsAnswer {
                total: calendar.total,
                matched: calendar.matched,
                offset,
                rows,
                groups: Vec::new(),
                names: BTreeMap::new(),
                freshness: Freshness::default(),
            };
            told.try_set(Some(calendar));
            Ok(answer)
        })
    })
}

fn row(entry: &CalendarEntry) -> RowView {
    let text = |text: String| match text.is_empty() {
        true => CellValue::Missing,
        false => CellValue::Text(text),
    };
    let holders = [&entry.registrations, &entry.groups, &entry.nodes];
    let holders: Vec<String> = holders
        .into_iter()
        .map(some)
        .filter(|it| !it.is_empty())
        .collect();
    RowView {
        id: entry.id.clone(),
        name: entry.name.clone(),
        cells: vec![
            CellValue::Integer(entry.not_after),
            CellValue::Integer(entry.not_after),
            text(entry.name.clone()),
            text(used_for(entry)),
            text(holders.join(" · ")),
            text(some(&entry.applications)),
            text(told_by(entry)),
            text(entry.serial.clone()),
            text(entry.issuer.clone()),
        ],
        change: None,
    }
}

/// What a certificate is for. Empty when nobody knows.
pub(super) fn used_for(entry: &CalendarEntry) -> String {
    match (entry.is_ca, entry.kind.is_empty()) {
        (true, _) => texts::authority.get().to_owned(),
        (false, true) => String::new(),
        (false, false) => super::super::rows::type_word(&entry.kind),
    }
}

/// Who says when it ends: packages by their names, else the service.
pub(super) fn told_by(entry: &CalendarEntry) -> String {
    let names = entry.packages.iter().map(|package| package.name.as_str());
    match entry.packages.is_empty() {
        true => texts::service.get().to_owned(),
        false => names.collect::<Vec<_>>().join(", "),
    }
}

/// The first of several, and how many more there are.
fn some(things: &Carried) -> String {
    let Some(first) = things.first.first() else {
        return String::new();
    };
    match things.count.saturating_sub(1) {
        0 => first.name.clone(),
        more => texts::and_more(format::count(more), first.name.clone()),
    }
}

/// How long something holds still, as sign and words.
pub(super) fn left(not_after: i64) -> (Sign, String) {
    let days = (not_after - now_ms().div_euclid(1000)).div_euclid(DAY);
    let lead = App::expect()
        .settings
        .with_untracked(|it| it.certificate_lead_days);
    match days {
        _ if day::is_never(not_after) => (Sign::Good, texts::no_end.get().to_owned()),
        days if days < 0 => (Sign::Bad, texts::ended_ago(format::number(-days))),
        0 => (Sign::Warned, texts::today.get().to_owned()),
        days if days < i64::from(lead) => (Sign::Warned, texts::days_left(format::number(days))),
        days => (Sign::Good, texts::days_left(format::number(days))),
    }
}

/// When something ends, as exactly as that is known.
pub(super) fn end(entry: &CalendarEntry) -> String {
    match entry.precision {
        _ if day::is_never(entry.not_after) => texts::no_end.get().to_owned(),
        Precision::Second => format::exact(entry.not_after.saturating_mul(1000)),
        Precision::Day => day::write(entry.not_after),
    }
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("ends", CellValue::Integer(at)) => Some(match day::is_never(*at) {
            true => CellLook::missing(),
            false => CellLook::text(day::write(*at)),
        }),
        ("left", CellValue::Integer(at)) => {
            let (sign, words) = left(*at);
            Some(match sign {
                Sign::Good => CellLook::text(words),
                sign => CellLook::state(sign, words),
            })
        }
        ("serial", CellValue::Text(serial)) => Some(CellLook::id(serial)),
        _ => None,
    }
}
