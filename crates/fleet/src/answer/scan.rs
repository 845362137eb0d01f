//! Finding the rows that match.

use std::sync::Arc;

use memchr::memmem::Finder;

use super::plan::{Condition, IdTest, Test, TextMatch, may_begin_id};
use crate::snapshot::Snapshot;
use crate::store::bitmap::Bitmap;
use crate::store::chunk::{Chunk, ROWS, WORDS};
use crate::store::column::{Codes, ColumnData, NO_FLAG, NO_NUMBER, Stored};
use crate::store::dictionary::MISSING;
use crate::store::schema::ID_COLUMN;
use crate::store::table::Table;

/// Below one in so many rows, the rows are tested one by one instead of all columns being read.
const SPARSE: usize = 32;
/// Tables with fewer chunks are not worth a second thread.
const CHUNKS_FOR_THREADS: usize = if cfg!(test) { 2 } else { 6 };

/// The rows that satisfy all conditions.
pub(crate) fn matching(snapshot: &Snapshot, conditions: &[Condition]) -> Arc<Bitmap> {
    if conditions.is_empty() {
        return Arc::clone(snapshot.live_rows());
    }
    let mut rows = Bitmap::clone(snapshot.live_rows());
    let mut by_cost: Vec<_> = conditions.iter().collect();
    by_cost.sort_by_key(|condition| cost(&condition.test));
    for condition in by_cost {
        narrow(snapshot, condition, &mut rows);
    }
    Arc::new(rows)
}

fn cost(test: &Test) -> usize {
    match test {
        Test::Flag { .. } | Test::Coded { .. } => 0,
        Test::Number { .. } => 1,
        Test::Present { .. } => 2,
        Test::Text { places, .. } => 2 + places.len(),
    }
}

/// Keeps the rows that satisfy the condition.
fn narrow(snapshot: &Snapshot, condition: &Condition, rows: &mut Bitmap) {
    let generation = snapshot.generation();
    let table = snapshot.table();
    let cached = snapshot.history().cache().test(generation, &condition.test);
    let found = match cached {
        Some(found) => found,
        None => {
            let prepared = Prepared::new(table, &condition.test);
            let sparse = |rows: &Bitmap| rows.count() < table.slots() / SPARSE;
            if sparse(rows) {
                for row in rows.clone().iter() {
                    if prepared.holds(table, row) == condition.negated {
                        rows.remove(row);
                    }
                }
                return;
            }
            let broader = snapshot
                .history()
                .cache()
                .broader(generation, &condition.test);
            let found = Arc::new(match broader.filter(|broader| sparse(broader)) {
                Some(broader) => {
                    let mut found = Bitmap::empty(table.chunks().len());
                    broader
                        .iter()
                        .filter(|&row| prepared.holds(table, row))
                        .for_each(|row| found.insert(row));
                    found
                }
                None => prepared.scan(table),
            });
            snapshot
                .history()
                .cache()
                .keep_test(generation, &condition.test, &found);
            found
        }
    };
    if condition.negated {
        rows.subtract(&found);
    } else {
        rows.intersect(&found);
    }
}

/// A test with everything looked up that is the same for all rows.
enum Prepared<'a> {
    Text {
        places: &'a [usize],
        id: IdTest,
        match_: TextMatch,
        finders: Vec<Finder<'a>>,
    },
    Coded {
        place: usize,
        accepted: Vec<bool>,
    },
    Number {
        place: usize,
        ranges: &'a [(i64, i64)],
    },
    Flag {
        place: usize,
        accepted: [bool; 3],
    },
    Present {
        place: usize,
    },
}

impl<'a> Prepared<'a> {
    fn new(table: &Table, test: &'a Test) -> Self {
        match test {
            Test::Text {
                places,
                id,
                match_,
                needles,
            } => Self::Text {
                places,
                id: *id,
                match_: *match_,
                finders: needles
                    .iter()
                    .map(|needle| Finder::new(needle.as_bytes()))
                    .collect(),
            },
            Test::Coded {
                place,
                match_,
                needles,
            } => {
                let fits = |text: &str| needles.iter().any(|needle| fits(*match_, text, needle));
                Self::Coded {
                    place: *place,
                    accepted: table.dictionary(*place).fitting(fits),
                }
            }
            Test::Number { place, ranges } => Self::Number {
                place: *place,
                ranges,
            },
            Test::Flag { place, accepted } => Self::Flag {
                place: *place,
                accepted: *accepted,
            },
            Test::Present { place } => Self::Present { place: *place },
        }
    }

    /// Tests all rows, removed ones included.
    fn scan(&self, table: &Table) -> Bitmap {
        let mut found = Bitmap::empty(table.chunks().len());
        let chunks = table.chunks();
        let scan = |chunks: &[Arc<Chunk>], words: &mut [u64]| {
            for (chunk, words) in chunks.iter().zip(words.chunks_mut(WORDS)) {
                self.scan_chunk(chunk, words);
            }
        };
        let words = found.words_mut();
        if cfg!(target_arch = "wasm32") || chunks.len() < CHUNKS_FOR_THREADS {
            scan(chunks, words);
        } else {
            let half = chunks.len() / 2;
            let (first, second) = words.split_at_mut(half * WORDS);
            std::thread::scope(|scope| {
                scope.spawn(|| scan(&chunks[..half], first));
                scan(&chunks[half..], second);
            });
        }
        found
    }

    fn scan_chunk(&self, chunk: &Chunk, words: &mut [u64]) {
        match self {
            Self::Text {
                places,
                id,
                match_,
                finders,
            } => {
                let mut scratch = [0; WORDS];
                for finder in finders {
                    for &place in *places {
                        if words == chunk.live.as_slice() {
                            return;
                        }
                        mark_text(chunk, place, *match_, finder, &mut scratch);
                        take(words, &mut scratch);
                    }
                    match id {
                        IdTest::Beginning
                            if finder.needle().len() >= crate::query::ID_PREFIX_MIN =>
                        {
                            if let Some(ids) = chunk.columns[ID_COLUMN].as_text() {
                                ids.mark_beginning(finder, &mut scratch);
                            }
                        }
                        IdTest::Whole => {
                            mark_text(chunk, ID_COLUMN, TextMatch::Whole, finder, &mut scratch);
                        }
                        IdTest::Beginning | IdTest::No => {}
                    }
                    take(words, &mut scratch);
                }
            }
            Self::Coded { place, accepted } => match chunk.columns[*place].as_ref() {
                ColumnData::Codes(Codes::Narrow(codes)) => {
                    mark(codes, words, |&code| accepted[usize::from(code)]);
                }
                ColumnData::Codes(Codes::Wide(codes)) => {
                    mark(codes, words, |&code| accepted[code as usize]);
                }
                _ => {}
            },
            Self::Number { place, ranges } => {
                if let ColumnData::Numbers(numbers) = chunk.columns[*place].as_ref() {
                    match ranges {
                        [(first, last)] => {
                            mark(numbers, words, |number| number >= first && number <= last);
                        }
                        ranges => mark(numbers, words, |number| in_ranges(ranges, *number)),
                    }
                }
            }
            Self::Flag { place, accepted } => {
                if let ColumnData::Flags(flags) = chunk.columns[*place].as_ref() {
                    mark(flags, words, |&flag| accepted[usize::from(flag)]);
                }
            }
            Self::Present { place } => match chunk.columns[*place].as_ref() {
                ColumnData::Text(texts) => texts.mark_present(words),
                ColumnData::Codes(Codes::Narrow(codes)) => {
                    mark(codes, words, |&code| u32::from(code) != MISSING);
                }
                ColumnData::Codes(Codes::Wide(codes)) => {
                    mark(codes, words, |&code| code != MISSING);
                }
                ColumnData::Numbers(numbers) => mark(numbers, words, |&number| number != NO_NUMBER),
                ColumnData::Flags(flags) => mark(flags, words, |&flag| flag != NO_FLAG),
            },
        }
    }

    /// Tests one row.
    fn holds(&self, table: &Table, row: u32) -> bool {
        match self {
            Self::Text {
                places,
                id,
                match_,
                finders,
            } => finders.iter().any(|finder| {
                let needle = std::str::from_utf8(finder.needle()).unwrap_or_default();
                let is_id = match id {
                    IdTest::No => false,
                    IdTest::Beginning => {
                        may_begin_id(needle) && table.folded(row, ID_COLUMN).starts_with(needle)
                    }
                    IdTest::Whole => fits(TextMatch::Whole, table.folded(row, ID_COLUMN), needle),
                };
                is_id
                    || places
                        .iter()
                        .any(|&place| fits(*match_, table.folded(row, place), needle))
            }),
            Self::Coded { place, accepted } => match table.get(row, *place) {
                Stored::Code(code) => accepted[code as usize],
                _ => false,
            },
            Self::Number { place, ranges } => match table.get(row, *place) {
                Stored::Number(number) => in_ranges(ranges, number),
                _ => false,
            },
            Self::Flag { place, accepted } => match table.get(row, *place) {
                Stored::Flag(flag) => accepted[usize::from(flag)],
                _ => false,
            },
            Self::Present { place } => !table.get(row, *place).is_missing(),
        }
    }
}

/// Whether a folded text fits; a missing one never does.
fn fits(match_: TextMatch, text: &str, needle: &str) -> bool {
    !text.is_empty()
        && match match_ {
            TextMatch::Whole => text == needle,
            TextMatch::Part => text.contains(needle),
        }
}

fn in_ranges(ranges: &[(i64, i64)], number: i64) -> bool {
    ranges
        .iter()
        .any(|(first, last)| (first..=last).contains(&&number))
}

fn mark_text(
    chunk: &Chunk,
    place: usize,
    match_: TextMatch,
    finder: &Finder<'_>,
    words: &mut [u64],
) {
    let Some(texts) = chunk.columns[place].as_text() else {
        return;
    };
    match (match_, std::str::from_utf8(finder.needle())) {
        (TextMatch::Part, Ok("")) => texts.mark_present(words),
        (TextMatch::Part, _) => texts.mark_containing(finder, words),
        (TextMatch::Whole, Ok(needle)) if !needle.is_empty() => texts.mark_equal(needle, words),
        (TextMatch::Whole, _) => {}
    }
}

/// Adds what was found to the words and clears it.
fn take(words: &mut [u64], found: &mut [u64; WORDS]) {
    for (word, found) in words.iter_mut().zip(found) {
        *word |= std::mem::take(found);
    }
}

/// Marks the values that are accepted.
fn mark<T>(values: &[T], words: &mut [u64], accept: impl Fn(&T) -> bool) {
    debug_assert!(values.len() <= ROWS, "a chunk's column");
    for (values, word) in values.chunks(64).zip(words) {
        let bits = values
            .iter()
            .enumerate()
            .map(|(bit, value)| u64::from(accept(value)) << bit);
        *word = bits.fold(0, |bits, bit| bits | bit);
    }
}
