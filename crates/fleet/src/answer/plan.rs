//! Filters brought to a table: columns by place, values read, ages turned into times.

use ief_api::resource::ColumnKind;

use crate::query::time::{self, TimeValue};
use crate::query::version::Version;
use crate::query::{Filter, ID_PREFIX_MIN, Op, Term, parse_flag, parse_number};
use crate::store::column::{NO_FLAG, NO_NUMBER};
use crate::store::schema::{ID_COLUMN, Schema};
use crate::store::text::fold_to_string;

/// A test and whether it must fail.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Condition {
    pub(crate) test: Test,
    pub(crate) negated: bool,
}

/// What is tested on a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    /// One of the columns has one of the texts.
    Text {
        places: Vec<usize>,
        id: IdTest,
        match_: TextMatch,
        needles: Vec<String>,
    },
    /// The column's value, or a member of it, has one of the texts.
    Coded {
        place: usize,
        match_: TextMatch,
        needles: Vec<String>,
    },
    /// The column's value is a version that compares with one of the bounds like this.
    Version {
        place: usize,
        op: Op,
        bounds: Vec<String>,
    },
    /// The number is in one of the ranges, bounds included.
    Number {
        place: usize,
        ranges: Vec<(i64, i64)>,
    },
    /// The flag is one of these, by its stored form.
    Flag { place: usize, accepted: [bool; 3] },
    /// The column has a value.
    Present { place: usize },
}

/// Whether the identifier is tested beside the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum IdTest {
    /// It is not.
    No,
    /// It begins with the text, when that is long enough to mean it.
    Beginning,
    /// It is the text.
    Whole,
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TextMatch {
    /// They are the same.
    Whole,
    /// One is part of the other.
    Part,
}

/// Brings a checked filter to a table.
pub(crate) fn conditions(schema: &Schema, filter: &Filter, now_ms: i64) -> Vec<Condition> {
    filter
        .terms
        .iter()
        .filter_map(|term| condition(schema, term, now_ms))
        .collect()
}

/// Whether a bare word is long enough to look for it in identifiers.
pub(crate) fn may_begin_id(needle: &str) -> bool {
    needle.len() >= ID_PREFIX_MIN
}

fn condition(schema: &Schema, term: &Term, now_ms: i64) -> Option<Condition> {
    let match_ = match term.op {
        Op::Contains | Op::NotContains => TextMatch::Part,
        _ => TextMatch::Whole,
    };
    let needles = || {
        term.values
            .iter()
            .map(|value| fold_to_string(value))
            .collect()
    };
    let Some(name) = &term.column else {
        let texts = schema.stored().iter().enumerate().skip(ID_COLUMN + 1);
        let places = texts.filter(|(_, column)| column.kind == ColumnKind::Text);
        let test = Test::Text {
            places: places.map(|(place, _)| place).collect(),
            id: if match_ == TextMatch::Whole {
                IdTest::Whole
            } else {
                IdTest::Beginning
            },
            match_,
            needles: needles(),
        };
        return Some(Condition {
            test,
            negated: term.op.is_negated(),
        });
    };
    let place = schema.place(name)?;
    if matches!(term.op, Op::Missing | Op::Present) {
        return Some(Condition {
            test: Test::Present { place },
            negated: term.op == Op::Missing,
        });
    }
    let test = match schema.stored()[place].kind {
        ColumnKind::Text => Test::Text {
            places: vec![place],
            id: IdTest::No,
            match_,
            needles: needles(),
        },
        ColumnKind::Enum if term.op.is_comparison() => Test::Version {
            place,
            op: term.op,
            bounds: needles(),
        },
        ColumnKind::Enum | ColumnKind::Set => Test::Coded {
            place,
            match_,
            needles: needles(),
        },
        ColumnKind::Integer => {
            let numbers = term.values.iter().filter_map(|value| parse_number(value));
            Test::Number {
                place,
                ranges: numbers
                    .map(|number| range(term.op, number, number))
                    .collect(),
            }
        }
        ColumnKind::Time => {
            let times = term.values.iter().filter_map(|value| time::parse(value));
            Test::Number {
                place,
                ranges: times
                    .map(|time| time_range(term.op, time, now_ms))
                    .collect(),
            }
        }
        ColumnKind::Flag => {
            let mut accepted = [false; NO_FLAG as usize + 1];
            for flag in term.values.iter().filter_map(|value| parse_flag(value)) {
                accepted[usize::from(flag)] = true;
            }
            Test::Flag { place, accepted }
        }
    };
    Some(Condition {
        test,
        negated: term.op.is_negated(),
    })
}

/// Whether a folded text is a version that compares with one of the bounds like this.
pub(crate) fn version_fits(op: Op, bounds: &[String], text: &str) -> bool {
    let Some(version) = Version::parse(text) else {
        return false;
    };
    bounds
        .iter()
        .filter_map(|bound| Version::parse(bound))
        .any(|bound| {
            let order = version.compare(bound);
            match op {
                Op::Less => order.is_lt(),
                Op::LessOrEqual => order.is_le(),
                Op::Greater => order.is_gt(),
                Op::GreaterOrEqual => order.is_ge(),
                _ => order.is_eq(),
            }
        })
}

/// The range of values that compare like this with everything from `first` to `last`.
fn range(op: Op, first: i64, last: i64) -> (i64, i64) {
    let (least, most) = (NO_NUMBER + 1, i64::MAX);
    // A bound beyond the numbers leaves nothing: a range whose end is before its start.
    const NOTHING: (i64, i64) = (1, 0);
    match op {
        Op::Less => first.checked_sub(1).map_or(NOTHING, |last| (least, last)),
        Op::LessOrEqual => (least, last),
        Op::Greater => last.checked_add(1).map_or(NOTHING, |first| (first, most)),
        Op::GreaterOrEqual => (first.max(least), most),
        _ => (first.max(least), last),
    }
}

fn time_range(op: Op, time: TimeValue, now_ms: i64) -> (i64, i64) {
    match time {
        TimeValue::Span { start, end } => range(op, start, end - 1),
        TimeValue::Age(age) => {
            // Less age is a later time.
            let op = match op {
                Op::Less => Op::Greater,
                Op::LessOrEqual => Op::GreaterOrEqual,
                Op::Greater => Op::Less,
                Op::GreaterOrEqual => Op::LessOrEqual,
                op => op,
            };
            let then = now_ms.saturating_sub(age);
            range(op, then, then)
        }
    }
}
