//! Finding the rows that match.

use std::sync::Arc;

use memchr::memmem::Finder;

use super::plan::{Condition, IdTest, Test, TextMatch, may_begin_id, version_fits};
use crate::snapshot::Snapshot;
use crate::store::bitmap::{Bitmap, ones};
use crate::store::chunk::{Chunk, ROWS, WORDS};
use crate::store::column::{Codes, ColumnData, NO_FLAG, NO_NUMBER};
use crate::store::dictionary::MISSING;
use crate::store::schema::ID_COLUMN;
use crate::store::table::Table;
use crate::store::text::TextColumn;

/// Below one in so many rows, rows are tested one by one instead of a column being read.
const SPARSE: usize = 8;
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
        Test::Flag { .. } | Test::Coded { .. } | Test::Version { .. } => 0,
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
    let found = cached.unwrap_or_else(|| {
        let prepared = Prepared::new(table, &condition.test);
        if rows.count() < table.slots() / SPARSE {
            return Arc::new(prepared.scan(table, rows));
        }
        // What is found among all rows serves again, as long as nothing changes.
        let broader = snapshot
            .history()
            .cache()
            .broader(generation, &condition.test);
        let found =
            Arc::new(prepared.scan(table, broader.as_ref().unwrap_or(snapshot.live_rows())));
        let mut cache = snapshot.history().cache();
        cache.keep_test(generation, &condition.test, &found);
        found
    });
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
                let fits = |text: &str| {
                    needles
                        .iter()
                        .any(|needle| member_fits(*match_, text, needle))
                };
                Self::Coded {
                    place: *place,
                    accepted: table.dictionary(*place).fitting(fits),
                }
            }
            Test::Version { place, op, bounds } => Self::Coded {
                place: *place,
                accepted: table
                    .dictionary(*place)
                    .fitting(|text| version_fits(*op, bounds, text)),
            },
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

    /// Tests these rows.
    fn scan(&self, table: &Table, rows: &Bitmap) -> Bitmap {
        let mut found = Bitmap::empty(table.chunks().len());
        let chunks = table.chunks();
        let scan = |first: usize, chunks: &[Arc<Chunk>], words: &mut [u64]| {
            for (index, (chunk, words)) in chunks.iter().zip(words.chunks_mut(WORDS)).enumerate() {
                self.scan_chunk(chunk, rows.chunk(first + index), words);
            }
        };
        let words = found.words_mut();
        if cfg!(target_arch = "wasm32") || chunks.len() < CHUNKS_FOR_THREADS {
            scan(0, chunks, words);
        } else {
            let half = chunks.len() / 2;
            let (first, second) = words.split_at_mut(half * WORDS);
            std::thread::scope(|scope| {
                scope.spawn(|| scan(0, &chunks[..half], first));
                scan(half, &chunks[half..], second);
            });
        }
        found
    }

    /// Marks the rows of a chunk that pass, of those that are asked about.
    fn scan_chunk(&self, chunk: &Chunk, rows: &[u64], words: &mut [u64]) {
        match self {
            Self::Text {
                places,
                id,
                match_,
                finders,
            } => {
                scan_texts(chunk, rows, words, places, *id, *match_, finders);
                return;
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
        for (word, rows) in words.iter_mut().zip(rows) {
            *word &= rows;
        }
    }
}

/// Marks the rows in which one of the columns has one of the texts, of those that are asked about.
fn scan_texts(
    chunk: &Chunk,
    rows: &[u64],
    words: &mut [u64],
    places: &[usize],
    id: IdTest,
    match_: TextMatch,
    finders: &[Finder<'_>],
) {
    // A row that was found in one column need not be looked at in the next.
    let mut left = rows.to_vec();
    for finder in finders {
        let needle = std::str::from_utf8(finder.needle()).unwrap_or_default();
        let of_id = match id {
            IdTest::Whole => Some(TextTest::Whole),
            IdTest::Beginning if may_begin_id(needle) => Some(TextTest::Beginning),
            IdTest::Beginning | IdTest::No => None,
        };
        let of_columns = match match_ {
            TextMatch::Whole => TextTest::Whole,
            TextMatch::Part => TextTest::Part,
        };
        let columns = places.iter().map(|&place| (place, of_columns));
        for (place, test) in columns.chain(of_id.map(|test| (ID_COLUMN, test))) {
            let Some(texts) = chunk.columns[place].as_text() else {
                continue;
            };
            let mut found = [0; WORDS];
            let count: u32 = left.iter().map(|word| word.count_ones()).sum();
            if count == 0 {
                return;
            }
            if (count as usize) < ROWS / SPARSE {
                for row in ones(&left).filter(|&row| test.holds(texts.folded(row as usize), needle))
                {
                    found[row as usize / 64] |= 1 << (row % 64);
                }
            } else {
                test.mark(texts, finder, needle, &mut found);
            }
            for ((word, left), found) in words.iter_mut().zip(&mut left).zip(found) {
                *word |= found & *left;
                *left &= !found;
            }
        }
    }
}

/// How a text is compared with what is looked for.
#[derive(Debug, Clone, Copy)]
enum TextTest {
    Whole,
    Part,
    Beginning,
}

impl TextTest {
    /// Whether a folded text fits; a missing one never does.
    fn holds(self, text: &str, needle: &str) -> bool {
        !text.is_empty()
            && match self {
                Self::Whole => text == needle,
                Self::Part => text.contains(needle),
                Self::Beginning => text.starts_with(needle),
            }
    }

    /// Marks all texts that fit.
    fn mark(self, texts: &TextColumn, finder: &Finder<'_>, needle: &str, words: &mut [u64]) {
        match (self, needle.as_bytes()) {
            (Self::Whole, []) => {}
            (Self::Whole, _) => texts.mark_beginning(finder, true, words),
            (Self::Part | Self::Beginning, []) => texts.mark_present(words),
            (Self::Part, _) => texts.mark_containing(finder, words),
            (Self::Beginning, _) => texts.mark_beginning(finder, false, words),
        }
    }
}

/// Whether a folded value of few, or a member of a set, fits. `key=*` is a tag of that key, whatever its value.
fn member_fits(match_: TextMatch, text: &str, needle: &str) -> bool {
    let key = needle.strip_suffix("=*").filter(|key| !key.is_empty());
    match (match_, key) {
        (TextMatch::Whole, Some(key)) => text
            .strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('=')),
        _ => fits(match_, text, needle),
    }
}

/// Whether a folded value fits.
fn fits(match_: TextMatch, text: &str, needle: &str) -> bool {
    match match_ {
        TextMatch::Whole => text == needle,
        TextMatch::Part => text.contains(needle),
    }
}

fn in_ranges(ranges: &[(i64, i64)], number: i64) -> bool {
    ranges
        .iter()
        .any(|(first, last)| (first..=last).contains(&&number))
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
