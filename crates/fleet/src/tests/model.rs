//! The plainest inventory there can be: a map, compared row by row. What the real one answers must equal it.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use ief_api::resource::{Cell, Column, ColumnKind};

use crate::{CellValue, Filter, Generation, Op, Query, Snapshot, Term};

const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind }
}

pub(super) const COLUMNS: &[Column] = &[
    column("name", ColumnKind::Text),
    column("state", ColumnKind::Enum),
    column("tag", ColumnKind::Set),
    column("devices", ColumnKind::Integer),
    column("created", ColumnKind::Time),
    column("gpu", ColumnKind::Flag),
    column("note", ColumnKind::Text),
];

/// Now, in every test.
pub(super) const NOW_MS: i64 = 1_000_000_000;

/// The values of a row in the columns' order, the name first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<CellValue>,
}

impl Row {
    pub(super) fn name(&self) -> &str {
        match &self.cells[0] {
            CellValue::Text(name) => name,
            _ => "",
        }
    }

    pub(super) fn pushed(&self) -> Vec<Cell<'_>> {
        self.cells
            .iter()
            .zip(COLUMNS)
            .map(|(cell, column)| cell.as_cell(column.kind))
            .collect()
    }
}

pub(super) type Rows = BTreeMap<String, Row>;

/// A model of one inventory: the published rows, and when what changed.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) rows: Rows,
    born: BTreeMap<String, Generation>,
    changed: BTreeMap<(String, usize), Generation>,
    removed: Vec<Generation>,
}

impl Model {
    /// Publishes a version. Before anything is complete, changes are not news.
    pub(super) fn publish(&mut self, rows: Rows, generation: Generation, complete: bool) {
        let mark = if complete { generation } else { 0 };
        for (id, row) in &rows {
            match self.rows.get(id) {
                None => {
                    self.born.insert(id.clone(), mark);
                    self.changed.retain(|(known, _), _| known != id);
                }
                Some(before) => {
                    for (index, (before, now)) in before.cells.iter().zip(&row.cells).enumerate() {
                        if before != now {
                            self.changed.insert((id.clone(), index), mark);
                        }
                    }
                }
            }
        }
        self.removed.extend(
            self.rows
                .keys()
                .filter(|id| !rows.contains_key(*id))
                .map(|_| generation),
        );
        self.rows = rows;
    }

    /// The identifiers of the rows that match, in order.
    pub(super) fn answer(&self, query: &Query) -> Vec<&str> {
        answer(&self.rows, query)
    }

    fn is_new(&self, id: &str, since: Generation) -> bool {
        self.born.get(id).is_some_and(|born| *born > since)
    }

    /// Names of changed columns, in the columns' order.
    fn changes(&self, id: &str, since: Generation) -> Vec<String> {
        let changed = |index: &usize| {
            self.changed
                .get(&(id.to_owned(), *index))
                .is_some_and(|when| *when > since)
        };
        (0..COLUMNS.len())
            .filter(changed)
            .map(|index| COLUMNS[index].name.to_owned())
            .collect()
    }
}

/// Compares everything a snapshot says with the model.
pub(super) fn check(snapshot: &Snapshot, model: &Model, query: &Query, since: Generation) {
    let view = snapshot.query(query, NOW_MS).expect("the query is valid");
    let expected = answer(&model.rows, query);
    let context = format!(
        "{} sort {:?} group {:?}",
        query.filter, query.sort, query.group_by
    );
    assert_eq!(view.ids().collect::<Vec<_>>(), expected, "{context}");
    assert_eq!(view.answer().matched, expected.len(), "{context}");
    assert_eq!(view.answer().total, model.rows.len());
    assert_eq!(snapshot.len(), model.rows.len());
    let found = view
        .answer()
        .groups
        .iter()
        .map(|group| (fold(&group.value), group.count));
    assert_eq!(
        found.collect::<Vec<_>>(),
        groups(&model.rows, query, &expected),
        "{context}"
    );

    let since = since.max(snapshot.horizon());
    let offset = expected.len() / 3;
    let window = view.window(offset, 20, Some(since));
    assert_eq!(window.len(), (expected.len() - offset).min(20));
    for (row, id) in window.iter().zip(&expected[offset..]) {
        let known = &model.rows[*id];
        assert_eq!(
            (row.id.as_str(), row.name.as_str(), &row.cells),
            (*id, known.name(), &known.cells)
        );
        let change = if model.is_new(id, since) {
            Some(crate::Change::New)
        } else {
            Some(model.changes(id, since))
                .filter(|columns| !columns.is_empty())
                .map(crate::Change::Changed)
        };
        assert_eq!(row.change, change, "{id} since {since}");
        assert_eq!(snapshot.row(id, Some(since)).as_ref(), Some(row));
    }
    for (id, row) in model.rows.iter().take(20) {
        let position = expected.iter().position(|known| known == id);
        assert_eq!(view.position(id), position);
        assert_eq!(view.contains(id), position.is_some(), "{row:?} {context}");
    }
    for (index, column) in COLUMNS.iter().enumerate() {
        check_counts(snapshot, model, &query.filter, index, column);
    }
    let summary = snapshot.changes_since(since);
    let new = model
        .rows
        .keys()
        .filter(|id| model.is_new(id, since))
        .count();
    let changed = model
        .rows
        .keys()
        .filter(|id| !model.is_new(id, since) && !model.changes(id, since).is_empty())
        .count();
    let removed = model
        .removed
        .iter()
        .filter(|generation| **generation > since)
        .count();
    assert_eq!(
        (summary.added, summary.changed, summary.removed),
        (new, changed, removed),
        "since {since}"
    );
}

fn check_counts(
    snapshot: &Snapshot,
    model: &Model,
    filter: &Filter,
    index: usize,
    column: &Column,
) {
    let counts = snapshot.counts(column.name, filter, NOW_MS);
    if !matches!(
        column.kind,
        ColumnKind::Enum | ColumnKind::Set | ColumnKind::Flag
    ) {
        counts.expect_err("there are too many different values");
        return;
    }
    let counts = counts.expect("the column can be counted");
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let mut missing = 0;
    for (id, row) in &model.rows {
        if !matches(id, row, filter) {
            continue;
        }
        match &row.cells[index] {
            CellValue::Missing => missing += 1,
            CellValue::Set(members) => {
                members
                    .iter()
                    .for_each(|member| *expected.entry(member.clone()).or_default() += 1);
            }
            value => *expected.entry(shown(value)).or_default() += 1,
        }
    }
    let found: BTreeMap<_, _> = counts
        .values
        .iter()
        .map(|value| (value.value.clone(), value.count))
        .collect();
    assert_eq!((found, counts.missing), (expected, missing), "{filter}");
    assert!(
        counts
            .values
            .is_sorted_by_key(|value| (usize::MAX - value.count, value.value.clone()))
    );
}

/// The identifiers of the rows that match, in order.
fn answer<'a>(rows: &'a Rows, query: &Query) -> Vec<&'a str> {
    let mut found: Vec<_> = rows
        .iter()
        .filter(|(id, row)| matches(id, row, &query.filter))
        .collect();
    found.sort_by(|a, b| compare(a, b, query));
    found.into_iter().map(|(id, _)| id.as_str()).collect()
}

/// The groups as they follow each other, their values folded: of several spellings any may name a group.
fn groups(rows: &Rows, query: &Query, ordered: &[&str]) -> Vec<(CellValue, usize)> {
    let Some(column) = &query.group_by else {
        return Vec::new();
    };
    let mut groups: Vec<(CellValue, usize)> = Vec::new();
    for id in ordered {
        let value = fold(&cell(id, &rows[*id], column));
        match groups.last_mut() {
            Some((known, count)) if *known == value => *count += 1,
            _ => groups.push((value, 1)),
        }
    }
    groups
}

fn compare(a: &(&String, &Row), b: &(&String, &Row), query: &Query) -> Ordering {
    let descending = |column: &str| {
        let key = query.sort.iter().find(|key| key.column == column);
        key.is_some_and(|key| key.descending)
    };
    let group = query
        .group_by
        .iter()
        .map(|column| (column.as_str(), descending(column)));
    let keys = group.chain(
        query
            .sort
            .iter()
            .map(|key| (key.column.as_str(), key.descending)),
    );
    for (column, descending) in keys.chain([("name", false)]) {
        let (first, second) = (cell(a.0, a.1, column), cell(b.0, b.1, column));
        let order = match (&first, &second) {
            (CellValue::Missing, CellValue::Missing) => Ordering::Equal,
            (CellValue::Missing, _) => return Ordering::Greater,
            (_, CellValue::Missing) => return Ordering::Less,
            _ if descending => compare_values(&second, &first),
            _ => compare_values(&first, &second),
        };
        if order.is_ne() {
            return order;
        }
    }
    a.0.cmp(b.0)
}

fn compare_values(a: &CellValue, b: &CellValue) -> Ordering {
    fold(a).cmp(&fold(b))
}

fn fold(value: &CellValue) -> CellValue {
    match value {
        CellValue::Text(text) => CellValue::Text(text.to_lowercase()),
        CellValue::Set(members) => {
            CellValue::Set(members.iter().map(|member| member.to_lowercase()).collect())
        }
        value => value.clone(),
    }
}

fn cell(id: &str, row: &Row, column: &str) -> CellValue {
    match COLUMNS.iter().position(|known| known.name == column) {
        Some(index) => row.cells[index].clone(),
        None => CellValue::Text(id.to_owned()),
    }
}

fn matches(id: &str, row: &Row, filter: &Filter) -> bool {
    filter.terms.iter().all(|term| holds(id, row, term))
}

fn holds(id: &str, row: &Row, term: &Term) -> bool {
    let positive = match term.op {
        Op::IsNot => Op::Is,
        Op::NotContains => Op::Contains,
        op => op,
    };
    let Some(column) = &term.column else {
        let texts = COLUMNS
            .iter()
            .zip(&row.cells)
            .filter(|(column, _)| column.kind == ColumnKind::Text);
        let in_cells = texts
            .map(|(_, cell)| cell)
            .any(|cell| term.values.iter().any(|value| test(cell, positive, value)));
        let id = id.to_lowercase();
        let in_id =
            term.values
                .iter()
                .map(|value| value.to_lowercase())
                .any(|value| match positive {
                    Op::Is => id == value,
                    _ => value.len() >= 6 && id.starts_with(&value),
                });
        return (in_cells || in_id) != term.op.is_negated();
    };
    let cell = cell(id, row, column);
    match term.op {
        Op::Missing => cell == CellValue::Missing,
        Op::Present => cell != CellValue::Missing,
        _ => term.values.iter().any(|value| test(&cell, positive, value)) != term.op.is_negated(),
    }
}

fn test(cell: &CellValue, op: Op, value: &str) -> bool {
    let folded = value.to_lowercase();
    let text = |text: &str| match op {
        Op::Is => text.to_lowercase() == folded,
        _ => text.to_lowercase().contains(&folded),
    };
    match cell {
        CellValue::Missing => false,
        CellValue::Text(own) => text(own),
        CellValue::Set(members) => members.iter().any(|member| text(member)),
        CellValue::Flag(flag) => *flag == matches!(value, "yes" | "true" | "1"),
        CellValue::Integer(number) => match value.strip_suffix('s') {
            // Only times are compared with ages, and the tests write them in seconds.
            Some(age) => compared(
                NOW_MS - number,
                op,
                age.parse::<i64>().expect("an age") * 1000,
            ),
            None => compared(*number, op, value.parse().expect("a number")),
        },
    }
}

fn compared(number: i64, op: Op, bound: i64) -> bool {
    match op {
        Op::Less => number < bound,
        Op::LessOrEqual => number <= bound,
        Op::Greater => number > bound,
        Op::GreaterOrEqual => number >= bound,
        _ => number == bound,
    }
}

fn shown(value: &CellValue) -> String {
    match value {
        CellValue::Text(text) => text.clone(),
        CellValue::Flag(flag) => flag.to_string(),
        value => panic!("{value:?} is not counted"),
    }
}

/// A text cell as the service's types make it: an empty one is a missing one.
pub(super) fn text(value: &str) -> CellValue {
    match Cell::text(Some(value)) {
        Cell::Text(Cow::Borrowed(text)) => CellValue::Text(text.to_owned()),
        _ => CellValue::Missing,
    }
}
