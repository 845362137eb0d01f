//! Certificates as rows of a table: what they show, their order, and which match what is searched.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use console_ipc::inventory::{CellValue, Freshness, RowView, RowsAnswer};
use console_ipc::query::{Query, Term};
use ief_api::resource::{Column, ColumnKind};
use serde_json::Value;

use super::run;
use super::told::{Holder, HolderKind};
use crate::format;
use crate::kit::Sign;
use crate::router::Address;
use crate::table::reading::{integer, list, text};
use crate::table::{CellLook, Source, TableSpec};
use crate::words::{self, certificates, fleet_certificates as texts};

/// A certificate that ends within so many days is worth a look.
const SOON_DAYS: i64 = 30;

pub(super) static CERTIFICATES: TableSpec = TableSpec {
    kind: "certificate",
    columns: &[
        Column::new("name", ColumnKind::Text),
        Column::new("type", ColumnKind::Enum),
        Column::new("owner", ColumnKind::Text),
        Column::new(KIND, ColumnKind::Enum),
        Column::new("valid", ColumnKind::Integer),
        Column::new("created", ColumnKind::Time),
        Column::new("serial", ColumnKind::Text),
        Column::new("description", ColumnKind::Text),
    ],
    shown: &[
        ("name", 190),
        ("type", 120),
        ("owner", 200),
        (KIND, 110),
        ("valid", 136),
        ("created", 124),
        ("serial", 104),
        ("description", 200),
    ],
    look,
    checks: false,
    sorts: true,
};

/// The column of what a certificate belongs to.
pub(super) const KIND: &str = "kind";

/// Place of the type among the cells.
const TYPE: usize = 1;

/// Places of what people search by: name, owner, serial number, description.
const SEARCHED: [usize; 4] = [0, 2, 6, 7];

/// Parts of a row's identifier stand between these.
const BETWEEN: char = '/';

/// The certificates in the answer of a node or a group. The service has been seen to put them into a list once more.
pub(super) fn read(holder: &Holder, answer: &Value) -> Vec<RowView> {
    let field = holder.kind.field();
    let all = match answer.as_array() {
        Some(lists) => lists.iter().flat_map(|inner| list(inner, field)).collect(),
        None => list(answer, field).iter().collect::<Vec<_>>(),
    };
    let inner = |entry| match Value::get(entry, field).and_then(Value::as_array) {
        Some(inner) => inner.iter().collect(),
        None => vec![entry],
    };
    let all = all.into_iter().flat_map(inner);
    all.map(|certificate| row(holder, certificate)).collect()
}

fn row(holder: &Holder, certificate: &Value) -> RowView {
    let cell = |name: &str| text(certificate, name).map_or(CellValue::Missing, CellValue::Text);
    let id = text(certificate, "id").unwrap_or_default();
    let name = text(certificate, "name").unwrap_or_else(|| id.clone());
    let created = text(certificate, "created_at").and_then(|at| format::parse_time(&at));
    let number = |number: Option<i64>| number.map_or(CellValue::Missing, CellValue::Integer);
    RowView {
        id: format!(
            "{}{BETWEEN}{}{BETWEEN}{id}",
            holder.kind.address(),
            holder.id
        ),
        cells: vec![
            CellValue::Text(name.clone()),
            cell("type"),
            CellValue::Text(holder.name.clone()),
            CellValue::Text(holder.kind.resource().to_owned()),
            number(integer(certificate, "cert_remaining_valid_time")),
            number(created),
            cell("serial_num"),
            cell("description"),
        ],
        name,
        change: None,
    }
}

/// Address of the certificates of what a row belongs to.
pub(super) fn address(row: &str) -> String {
    let mut parts = row.splitn(3, BETWEEN);
    let (page, id) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    address_of(page, id)
}

/// Address of the certificates of a thing.
pub(super) fn address_of(page: &str, id: &str) -> String {
    let address = Address::new([page, id]);
    address.with("tab", "certificates").to_string()
}

/// The type of a row; empty when it isn't known.
pub(super) fn type_of(row: &RowView) -> String {
    match row.cells.get(TYPE) {
        Some(CellValue::Text(kind)) => kind.clone(),
        _ => String::new(),
    }
}

/// What a type of certificates is for.
pub(super) fn type_word(kind: &str) -> String {
    words::find_or(&format!("certificates.kinds.{kind}"), kind)
}

fn look(column: &Column, value: &CellValue, _: &RowView) -> Option<CellLook> {
    match (column.name, value) {
        ("type", CellValue::Text(kind)) => Some(CellLook::text(type_word(kind))),
        (KIND, CellValue::Text(kind)) => {
            let word = match kind == HolderKind::Node.resource() {
                true => texts::node,
                false => texts::node_group,
            };
            Some(CellLook::text(word.get()))
        }
        ("valid", CellValue::Integer(days)) => Some(match *days {
            days if days <= 0 => CellLook::state(Sign::Bad, certificates::expired.get()),
            days => {
                let word = certificates::days(format::number(days));
                match days <= SOON_DAYS {
                    true => CellLook::state(Sign::Waiting, word),
                    false => CellLook::text(word),
                }
            }
        }),
        ("serial", CellValue::Text(serial)) => Some(CellLook::id(serial)),
        _ => None,
    }
}

/// Places of rows in the order and with the filter of a query.
struct Ordered {
    /// What the rows were counted as, and the query.
    of: (u64, Query),
    places: Rc<Vec<usize>>,
}

thread_local! {
    /// The last order, which every window of rows asks for.
    static ORDERED: RefCell<Option<Ordered>> = const { RefCell::new(None) };
}

/// The rows of the run. `news` says which rows they are: it grows with them.
pub(super) fn source(news: impl Fn() -> u64 + 'static) -> Source {
    Rc::new(move |query, offset, limit| {
        let answer = run::with_rows(|rows| {
            let places = ordered(rows, news(), query);
            let first = usize::try_from(offset).unwrap_or(usize::MAX);
            let shown = places.iter().skip(first).take(limit as usize);
            RowsAnswer {
                total: rows.len() as u64,
                matched: places.len() as u64,
                offset,
                rows: shown.filter_map(|at| rows.get(*at).cloned()).collect(),
                groups: Vec::new(),
                names: BTreeMap::new(),
                freshness: Freshness::default(),
            }
        });
        Box::pin(std::future::ready(Ok(answer)))
    })
}

fn ordered(rows: &[RowView], news: u64, query: Query) -> Rc<Vec<usize>> {
    let of = (news, query);
    let known = ORDERED.with_borrow(|ordered| {
        let ordered = ordered.as_ref().filter(|ordered| ordered.of == of)?;
        Some(Rc::clone(&ordered.places))
    });
    if let Some(places) = known {
        return places;
    }
    let places = Rc::new(order(rows, &of.1));
    let kept = Ordered {
        of,
        places: Rc::clone(&places),
    };
    ORDERED.set(Some(kept));
    places
}

fn order(rows: &[RowView], query: &Query) -> Vec<usize> {
    let terms: Vec<(Option<usize>, Vec<String>)> = query.filter.terms.iter().map(term).collect();
    let found = rows.iter().enumerate();
    let found = found.filter(|(_, row)| terms.iter().all(|term| matches(row, term)));
    let keys: Vec<(usize, bool)> = query
        .sort
        .iter()
        .filter_map(|key| Some((place(&key.column)?, key.descending)))
        .collect();
    if keys.is_empty() {
        return found.map(|(at, _)| at).collect();
    }
    let of_row = |row: &RowView| -> Vec<CellValue> {
        let cells = keys.iter().map(|(place, _)| row.cells.get(*place));
        cells.map(sorted_as).collect()
    };
    let mut found: Vec<(Vec<CellValue>, usize)> =
        found.map(|(at, row)| (of_row(row), at)).collect();
    found.sort_by(|(one, first), (other, second)| {
        let by_keys = keys.iter().zip(one.iter().zip(other));
        let by_keys =
            by_keys.map(|((_, descending), (one, other))| compare(one, other, *descending));
        by_keys
            .fold(Ordering::Equal, Ordering::then)
            .then(first.cmp(second))
    });
    found.into_iter().map(|(_, at)| at).collect()
}

/// Upper and lower case are the same.
fn sorted_as(cell: Option<&CellValue>) -> CellValue {
    match cell {
        Some(CellValue::Text(text)) => CellValue::Text(text.to_lowercase()),
        Some(other) => other.clone(),
        None => CellValue::Missing,
    }
}

/// What is missing stands last, whichever way.
fn compare(one: &CellValue, other: &CellValue, descending: bool) -> Ordering {
    match (one, other) {
        (CellValue::Missing, CellValue::Missing) => Ordering::Equal,
        (CellValue::Missing, _) => Ordering::Greater,
        (_, CellValue::Missing) => Ordering::Less,
        _ if descending => other.cmp(one),
        _ => one.cmp(other),
    }
}

fn place(column: &str) -> Option<usize> {
    let mut columns = CERTIFICATES.columns.iter();
    columns.position(|known| known.name == column)
}

/// A term of the page's own filter: the place of a column, or any, with its texts.
fn term(term: &Term) -> (Option<usize>, Vec<String>) {
    let values = term.values.iter().map(|value| value.to_lowercase());
    (term.column.as_deref().and_then(place), values.collect())
}

fn matches(row: &RowView, (place, values): &(Option<usize>, Vec<String>)) -> bool {
    let holds = |cell: &CellValue, value: &String| match (cell, place) {
        (CellValue::Text(text), Some(_)) => text == value,
        (CellValue::Text(text), None) => text.to_lowercase().contains(value.as_str()),
        _ => false,
    };
    let places: &[usize] = match place {
        Some(place) => &[*place],
        None => &SEARCHED,
    };
    let mut cells = places.iter().filter_map(|place| row.cells.get(*place));
    cells.any(|cell| values.iter().any(|value| holds(cell, value)))
}
