//! Random rows, changes and queries: the inventory and the model must agree after every step.

use std::collections::{BTreeMap, BTreeSet};

use proptest::bool::weighted;
use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use super::model::{COLUMNS, Model, NOW_MS, Row, Rows, check, text};
use crate::query::{complete, quoted};
use crate::{CellValue, Filter, Inventory, Op, Query, RowChange, SortKey, Term};

const NAMES: &[&str] = &[
    "",
    "gw",
    "GW",
    "gw-1",
    "Gw-10",
    "edge-0001",
    "edge-0002",
    "edge-0003-a",
    "Ärger",
    "ärger-2",
    "日本",
];
const STATES: &[&str] = &["", "running", "Running", "failed", "stopped"];
const TAGS: &[&str] = &["site=bj", "Site=bj", "site=sh", "line=1"];
const NOTES: &[&str] = &["", "a", "rack 7", "Rack 70", "a,b", "quote \" and \\"];
const NEEDLES: &[&str] = &[
    "g", "gw", "GW-1", "edge", "0", "-000", "ä", "running", "site=bj", "site", "rack 7", "x", "",
    "row-00", "本",
];

fn row() -> impl Strategy<Value = Row> {
    let integer = |range: std::ops::Range<i64>| prop_oneof![1 => Just(CellValue::Missing), 4 => range.prop_map(CellValue::Integer)];
    let flag = prop_oneof![
        Just(CellValue::Missing),
        any::<bool>().prop_map(CellValue::Flag)
    ];
    let tags = vec(select(TAGS), 0..3).prop_map(|mut tags| {
        tags.sort_unstable();
        tags.dedup();
        match tags.is_empty() {
            true => CellValue::Missing,
            false => CellValue::Set(tags.into_iter().map(str::to_owned).collect()),
        }
    });
    let times = integer(NOW_MS - 20_000..NOW_MS + 2_000);
    (
        select(NAMES),
        select(STATES),
        tags,
        integer(-3..6),
        times,
        flag,
        select(NOTES),
    )
        .prop_map(|(name, state, tags, devices, created, gpu, note)| Row {
            cells: vec![
                text(name),
                text(state),
                tags,
                devices,
                created,
                gpu,
                text(note),
            ],
        })
}

fn id() -> impl Strategy<Value = String> {
    (0..400_u32).prop_map(|number| format!("row-{number:04}"))
}

/// Rows to be there, or gone.
type Changes = BTreeMap<String, Option<Row>>;

fn changes() -> impl Strategy<Value = Changes> {
    btree_map(id(), proptest::option::weighted(0.75, row()), 1..6)
}

/// What happens while a reload runs.
#[derive(Debug, Clone)]
enum Event {
    /// A page comes that was asked for before so many of the latest single changes.
    Page(usize, Vec<(String, Row)>),
    /// A page comes with the rows as they are shown.
    Unchanged,
    Changes(Changes),
    Publish,
}

#[derive(Debug, Clone)]
enum Step {
    Changes(Changes),
    /// A reload that is finished, or given up.
    Reload(Vec<Event>, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let rows = vec((id(), row()), 0..150);
    let event = prop_oneof![
        3 => (0..4_usize, rows).prop_map(|(late, rows)| Event::Page(late, rows)),
        1 => Just(Event::Unchanged),
        2 => changes().prop_map(Event::Changes),
        1 => Just(Event::Publish),
    ];
    prop_oneof![
        2 => changes().prop_map(Step::Changes),
        2 => (vec(event, 0..8), weighted(0.9)).prop_map(|(events, finish)| Step::Reload(events, finish)),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let named = |column: &'static str, op: Op, values: Vec<String>| Term {
        column: Some(column.to_owned()),
        op,
        values,
    };
    let equal = || select(vec![Op::Is, Op::IsNot, Op::Contains, Op::NotContains]);
    let compare = || {
        select(vec![
            Op::Is,
            Op::IsNot,
            Op::Less,
            Op::LessOrEqual,
            Op::Greater,
            Op::GreaterOrEqual,
        ])
    };
    let needles = || vec(select(NEEDLES).prop_map(str::to_owned), 1..3);
    let numbers = vec((-4..7_i64).prop_map(|number| number.to_string()), 1..3);
    let ages = vec((0..22_i64).prop_map(|age| format!("{age}s")), 1..3);
    let flags = vec(
        select(vec!["yes", "no", "true", "0"]).prop_map(str::to_owned),
        1..3,
    );
    let any_column = || {
        select(vec![
            "id", "name", "state", "tag", "devices", "created", "gpu", "note",
        ])
    };
    prop_oneof![
        4 => (equal(), needles()).prop_map(|(op, values)| Term { column: None, op, values }),
        3 => (select(vec!["id", "name", "state", "tag", "note"]), equal(), needles())
            .prop_map(move |(column, op, values)| named(column, op, values)),
        1 => (compare(), numbers).prop_map(move |(op, values)| named("devices", op, values)),
        1 => (compare().prop_filter("ages are compared", |op| op.is_comparison()), ages)
            .prop_map(move |(op, values)| named("created", op, values)),
        1 => (select(vec![Op::Is, Op::IsNot]), flags).prop_map(move |(op, values)| named("gpu", op, values)),
        1 => (any_column(), select(vec![Op::Missing, Op::Present]))
            .prop_map(move |(column, op)| named(column, op, Vec::new())),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let columns = vec![
        "id", "name", "state", "tag", "devices", "created", "gpu", "note",
    ];
    let key = (select(columns), any::<bool>()).prop_map(|(column, descending)| SortKey {
        column: column.to_owned(),
        descending,
    });
    let group = proptest::option::weighted(
        0.4,
        select(vec!["state", "tag", "gpu"]).prop_map(str::to_owned),
    );
    (vec(term(), 0..3), vec(key, 0..3), group).prop_map(|(terms, sort, group_by)| Query {
        filter: Filter { terms },
        sort,
        group_by,
    })
}

fn apply(inventory: &Inventory, model: &mut Model, changes: &Changes) {
    let pushed: Vec<_> = changes
        .iter()
        .map(|(id, row)| (id, row.as_ref().map(|row| (row.name(), row.pushed()))))
        .collect();
    let changed: Vec<_> = pushed
        .iter()
        .map(|(id, row)| match row {
            Some((name, cells)) => RowChange::Upsert { id, name, cells },
            None => RowChange::Remove { id },
        })
        .collect();
    let complete = inventory.snapshot().is_complete();
    let generation = inventory.apply(&changed).expect("the rows are valid");
    let mut rows = model.rows.clone();
    for (id, row) in changes {
        match row {
            Some(row) => rows.insert(id.clone(), row.clone()),
            None => rows.remove(id),
        };
    }
    model.publish(rows, generation, complete);
}

/// What a reload has gathered, in the model's terms.
struct Gathered {
    rows: Rows,
    pushed: BTreeSet<String>,
    /// The latest single change of a row since the reload began.
    changed: BTreeMap<String, usize>,
    /// The latest change that a page of the row has seen.
    fresh: BTreeMap<String, usize>,
}

impl Gathered {
    /// A page brings a row; `seen` is how many changes had been made when it was asked for.
    fn push(&mut self, id: &str, row: &Row, seen: usize) {
        if let Some(&change) = self.changed.get(id) {
            if change > seen {
                return;
            }
            self.fresh.insert(id.to_owned(), change);
        }
        self.pushed.insert(id.to_owned());
        self.rows.insert(id.to_owned(), row.clone());
    }

    /// Takes over what is shown where a change is newer than the pages.
    fn settle(&mut self, shown: &Rows) {
        for (id, change) in &self.changed {
            if self.fresh.get(id) == Some(change) {
                continue;
            }
            match shown.get(id) {
                Some(row) => self.rows.insert(id.clone(), row.clone()),
                None => self.rows.remove(id),
            };
        }
    }

    fn is_kept(&self, id: &String) -> bool {
        let newer = self
            .changed
            .get(id)
            .is_some_and(|change| self.fresh.get(id) != Some(change));
        newer || self.pushed.contains(id)
    }
}

fn reload(inventory: &Inventory, model: &mut Model, events: &[Event], finish: bool) {
    let complete = inventory.snapshot().is_complete();
    let mut reload = inventory.reload();
    let mut marks = vec![inventory.page_mark()];
    let mut gathered = Gathered {
        rows: model.rows.clone(),
        pushed: BTreeSet::new(),
        changed: BTreeMap::new(),
        fresh: BTreeMap::new(),
    };
    for event in events {
        match event {
            Event::Page(late, rows) => {
                let seen = (marks.len() - 1).saturating_sub(*late);
                for (id, row) in rows {
                    reload
                        .push_from(marks[seen], id, row.name(), &row.pushed())
                        .expect("the row is valid");
                    gathered.push(id, row, seen);
                }
            }
            Event::Unchanged => {
                for (id, row) in &model.rows {
                    let now = inventory.page_mark();
                    reload
                        .push_from(now, id, row.name(), &row.pushed())
                        .expect("the row is valid");
                    gathered.push(id, row, marks.len() - 1);
                }
            }
            Event::Changes(changes) => {
                apply(inventory, model, changes);
                for id in changes.keys() {
                    gathered.changed.insert(id.clone(), marks.len());
                }
                marks.push(inventory.page_mark());
            }
            Event::Publish => {
                let published = reload.publish_partial();
                assert_eq!(published.is_some(), !complete);
                if let Some(generation) = published {
                    gathered.settle(&model.rows);
                    model.publish(gathered.rows.clone(), generation, false);
                }
            }
        }
    }
    if finish {
        gathered.settle(&model.rows);
        let mut rows = std::mem::take(&mut gathered.rows);
        rows.retain(|id, _| gathered.is_kept(id));
        let finished = reload.finish().expect("no other reload has begun");
        assert_eq!(finished.rows, rows.len());
        model.publish(rows, finished.generation, complete);
    }
}

proptest! {
    #[test]
    fn answers_equal_the_model(
        steps in vec((step(), vec(query(), 1..4)), 1..8),
        since in 0..12_u32,
    ) {
        let inventory = Inventory::new(COLUMNS);
        let mut model = Model::default();
        let mut before = (inventory.snapshot(), model.clone(), Query::default());
        for (step, queries) in &steps {
            match step {
                Step::Changes(changes) => apply(&inventory, &mut model, changes),
                Step::Reload(events, finish) => reload(&inventory, &mut model, events, *finish),
            }
            let snapshot = inventory.snapshot();
            for query in queries {
                check(&snapshot, &model, query, since);
            }
            // Whoever still looks at an older version sees what it was.
            let query = queries[0].clone();
            let ids: Vec<_> = before.0.query(&query, NOW_MS).expect("valid").ids().map(str::to_owned).collect();
            let known = before.1.answer(&query);
            prop_assert_eq!(ids, known);
            before = (snapshot, model.clone(), query);
        }
    }

    #[test]
    fn typing_on_narrows(rows in btree_map(id(), row(), 0..400), typed in select(NEEDLES), more in select(NEEDLES)) {
        let inventory = Inventory::new(COLUMNS);
        let mut model = Model::default();
        let changes: Changes = rows.into_iter().map(|(id, row)| (id, Some(row))).collect();
        apply(&inventory, &mut model, &changes);
        let word = format!("{typed}{more}");
        for end in (0..=word.len()).filter(|end| word.is_char_boundary(*end)) {
            let term = Term { column: None, op: Op::Contains, values: vec![word[..end].to_owned()] };
            let query = Query { filter: Filter::of(term), ..Query::default() };
            check(&inventory.snapshot(), &model, &query, 0);
        }
    }

    #[test]
    fn what_is_written_is_read_back(terms in vec(term(), 0..5), words in vec((".*", any::<bool>()), 0..3)) {
        let words = words.into_iter().map(|(word, negated)| Term {
            column: None,
            op: if negated { Op::NotContains } else { Op::Is },
            values: vec![word],
        });
        let filter = Filter { terms: terms.into_iter().chain(words).collect() };
        prop_assert_eq!(filter.check(COLUMNS), Ok(()));
        let text = filter.to_string();
        prop_assert_eq!(Filter::parse(&text, COLUMNS), Ok(filter), "{}", text);
    }

    #[test]
    fn anything_can_be_typed(text in "([a-z:~<>=,\"\\ \\-*äß]|state|devices|created|has|no|7d|2026-01-01){0,12}", cursor in 0..40_usize) {
        if let Ok(filter) = Filter::parse(&text, COLUMNS) {
            prop_assert_eq!(filter.check(COLUMNS), Ok(()));
            prop_assert_eq!(Filter::parse(&filter.to_string(), COLUMNS), Ok(filter));
        } else if let Err(error) = Filter::parse(&text, COLUMNS) {
            prop_assert!(text.is_char_boundary(error.position));
        }
        let completion = complete(&text, cursor, COLUMNS);
        prop_assert!(text.get(completion.range.clone()).is_some());
        let (completed, at) = completion.apply(&text, "x");
        prop_assert!(completed[..at].ends_with('x'));
    }

    #[test]
    fn a_quoted_word_is_one_value(word in ".+") {
        let is = Term { column: Some("state".to_owned()), op: Op::Is, values: vec![word.clone()] };
        prop_assert_eq!(Filter::parse(&format!("state:{}", quoted(&word)), COLUMNS), Ok(Filter::of(is)));
        let contains = Term { column: None, op: Op::Contains, values: vec![word.clone()] };
        prop_assert_eq!(Filter::parse(&quoted(&word), COLUMNS), Ok(Filter::of(contains)));
    }
}
