//! Counting values: facets and groups.

use std::collections::HashMap;

use super::order::Key;
use super::{Group, MAX_GROUPS};
use crate::cell::CellValue;
use crate::snapshot::{Counts, ValueCount};
use crate::store::bitmap::{Bitmap, ones};
use crate::store::column::{Codes, ColumnData, NO_FLAG, Stored};
use crate::store::table::Table;

/// How often each value occurs among these rows; a set counts for each of its members.
pub(crate) fn by_value(table: &Table, place: usize, rows: &Bitmap) -> Counts {
    let histogram = histogram(table, place, rows);
    let mut counts = Counts::default();
    let mut by_text: HashMap<String, usize> = HashMap::new();
    for (stored, count) in histogram {
        match table.shown(place, stored) {
            CellValue::Text(text) => *by_text.entry(text).or_default() += count,
            CellValue::Flag(flag) => *by_text.entry(flag.to_string()).or_default() += count,
            CellValue::Set(members) => {
                for member in members {
                    *by_text.entry(member).or_default() += count;
                }
            }
            CellValue::Missing | CellValue::Integer(_) => counts.missing += count,
        }
    }
    counts.values = by_text
        .into_iter()
        .map(|(value, count)| ValueCount { value, count })
        .collect();
    counts
        .values
        .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    counts
}

/// The groups of these rows in the order of the key, and how many were left out.
pub(crate) fn groups(
    table: &Table,
    place: usize,
    rows: &Bitmap,
    key: Option<&Key>,
) -> (Vec<Group>, usize) {
    let ranks = table.dictionary(place).ranks();
    let rank = |stored: Stored<'_>| match stored {
        Stored::Code(code) => ranks.get(code as usize).copied().unwrap_or(u32::MAX),
        Stored::Flag(NO_FLAG) => u32::MAX,
        Stored::Flag(flag) => u32::from(flag),
        Stored::Text(_) | Stored::Number(_) => u32::MAX,
    };
    let descending = key.is_some_and(|key| key.descending);
    // Missing stays last in both directions.
    let order = |rank: u32| match (rank, descending) {
        (u32::MAX, _) => u32::MAX,
        (rank, true) => u32::MAX - 1 - rank,
        (rank, false) => rank,
    };
    let mut counted: Vec<_> = histogram(table, place, rows)
        .into_iter()
        .map(|(stored, count)| (order(rank(stored)), stored, count))
        .collect();
    counted.sort_by_key(|(order, ..)| *order);
    // Values that differ in case only stand together, under the first of them.
    counted.dedup_by(|next, first| {
        let same = next.0 == first.0;
        if same {
            first.2 += next.2;
        }
        same
    });
    let more = counted.len().saturating_sub(MAX_GROUPS);
    counted.truncate(MAX_GROUPS);
    let groups = counted
        .into_iter()
        .map(|(_, stored, count)| Group {
            value: table.shown(place, stored),
            count,
        })
        .collect();
    (groups, more)
}

/// How often each stored value occurs among these rows.
fn histogram(table: &Table, place: usize, rows: &Bitmap) -> Vec<(Stored<'static>, usize)> {
    let size = table.dictionary(place).len().max(usize::from(NO_FLAG) + 1);
    let mut counts = vec![0_usize; size];
    let mut coded = true;
    for (index, chunk) in table.chunks().iter().enumerate() {
        let words = rows.chunk(index);
        match chunk.columns[place].as_ref() {
            ColumnData::Codes(Codes::Narrow(codes)) => {
                count(codes, words, |&code| counts[usize::from(code)] += 1);
            }
            ColumnData::Codes(Codes::Wide(codes)) => {
                count(codes, words, |&code| counts[code as usize] += 1);
            }
            ColumnData::Flags(flags) => {
                coded = false;
                count(flags, words, |&flag| counts[usize::from(flag)] += 1);
            }
            ColumnData::Text(_) | ColumnData::Numbers(_) => {}
        }
    }
    let stored = |index: usize| match coded {
        true => Stored::Code(index as u32),
        false => Stored::Flag(index as u8),
    };
    counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0)
        .map(|(index, count)| (stored(index), count))
        .collect()
}

fn count<T>(values: &[T], words: &[u64], mut add: impl FnMut(&T)) {
    for (values, &word) in values.chunks(64).zip(words) {
        if word == u64::MAX {
            values.iter().for_each(&mut add);
        } else {
            ones(&[word]).for_each(|bit| add(&values[bit as usize]));
        }
    }
}
