//! Filters in words: what a chip says, how a comparison is called, what is wrong with a typed one.

use console_ipc::query::{Op, Reason, Term};
use ief_api::resource::ColumnKind;

use super::model::TableSpec;
use crate::words;
use crate::words::table::{filter as texts, op as ops};

/// A comparison in words, for a column of this kind.
pub(super) fn op(op: Op, kind: ColumnKind) -> &'static str {
    let time = kind == ColumnKind::Time;
    match op {
        Op::Is => ops::is.get(),
        Op::IsNot => ops::is_not.get(),
        Op::Contains => ops::contains.get(),
        Op::NotContains => ops::not_contains.get(),
        Op::Less if time => ops::younger.get(),
        Op::Greater if time => ops::older.get(),
        Op::Less => ops::less.get(),
        Op::LessOrEqual => ops::less_or_equal.get(),
        Op::Greater => ops::greater.get(),
        Op::GreaterOrEqual => ops::greater_or_equal.get(),
        Op::Missing => ops::missing.get(),
        Op::Present => ops::present.get(),
    }
}

/// A term as its chip says it: `State: Running`.
pub(super) fn term(spec: &TableSpec, term: &Term) -> String {
    let column = term.column.as_deref();
    let kind = column
        .and_then(|name| spec.column(name))
        .map(|column| column.kind);
    let values: Vec<String> = term
        .values
        .iter()
        .map(|value| match (column, kind) {
            (Some(column), Some(ColumnKind::Enum)) => value_word(spec.kind, column, value),
            _ => value.clone(),
        })
        .collect();
    let values = values.join(texts::or.get());
    let Some(column) = column else {
        return match term.op {
            Op::NotContains => texts::without(values),
            Op::Is => texts::exactly(values),
            Op::IsNot => texts::not_exactly(values),
            _ => texts::anywhere(values),
        };
    };
    let column = words::column(spec.kind, column);
    match (term.op, kind) {
        (Op::Is, _) => texts::equals(column, values),
        (Op::Missing | Op::Present, _) => texts::presence(column, op(term.op, ColumnKind::Text)),
        // An age reads as such; a date is before or after.
        (Op::Less | Op::Greater, Some(ColumnKind::Time)) if !is_age(&term.values) => {
            let word = if term.op == Op::Less {
                ops::before.get()
            } else {
                ops::after.get()
            };
            texts::compared(column, word, values)
        }
        (_, kind) => texts::compared(
            column,
            op(term.op, kind.unwrap_or(ColumnKind::Text)),
            values,
        ),
    }
}

/// The word of a value, whichever case it was typed in: the service's own are mostly in capitals.
fn value_word(kind: &str, column: &str, value: &str) -> String {
    let upper = value.to_uppercase();
    let word = words::value(kind, column, &upper);
    if word == upper {
        words::value(kind, column, value)
    } else {
        word
    }
}

fn is_age(values: &[String]) -> bool {
    values.iter().all(|value| !value.contains('-'))
}

/// What is wrong with a typed filter. `None` while it may still become right.
pub(super) fn problem(reason: &Reason) -> Option<String> {
    use crate::words::table::problem as texts;
    Some(match reason {
        Reason::ValueMissing | Reason::UnclosedQuote => return None,
        Reason::UnknownColumn { name } => texts::unknown_column(name),
        Reason::ColumnMissing => texts::column_missing.get().to_owned(),
        Reason::OperatorNotForColumn { column, .. } => texts::not_for_column(column),
        Reason::OperatorNeedsColumn { .. } => texts::needs_column.get().to_owned(),
        Reason::ValueNotExpected => texts::value_not_expected.get().to_owned(),
        Reason::NotANumber { value } => texts::not_a_number(value),
        Reason::NotAVersion { value } => texts::not_a_version(value),
        Reason::NotATime { value } => texts::not_a_time(value),
        Reason::AgeNeedsComparison { value } => texts::age_needs_comparison(value),
        Reason::NotAFlag { value } => texts::not_a_flag(value),
        Reason::NegatedComparison => texts::negated_comparison.get().to_owned(),
        Reason::TextAfterQuote => texts::text_after_quote.get().to_owned(),
    })
}
