//! Sets of rows, one bit each.

use super::chunk::{ROWS, WORDS};

/// A set of rows of a table: [`WORDS`] words for each chunk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// An empty set for so many chunks.
    pub(crate) fn empty(chunks: usize) -> Self {
        Self {
            words: vec![0; chunks * WORDS],
        }
    }

    /// The words, [`WORDS`] for each chunk.
    pub(crate) fn words_mut(&mut self) -> &mut [u64] {
        &mut self.words
    }

    /// The words of one chunk; none when the set was made before the chunk.
    pub(crate) fn chunk(&self, chunk: usize) -> &[u64] {
        self.words
            .get(chunk * WORDS..(chunk + 1) * WORDS)
            .unwrap_or_default()
    }

    pub(crate) fn contains(&self, row: u32) -> bool {
        let word = self.words.get(row as usize / 64).copied().unwrap_or(0);
        word >> (row % 64) & 1 == 1
    }

    /// Adds a row, growing by whole chunks where needed.
    pub(crate) fn insert(&mut self, row: u32) {
        let word = row as usize / 64;
        if word >= self.words.len() {
            self.words.resize((row as usize / ROWS + 1) * WORDS, 0);
        }
        self.words[word] |= 1 << (row % 64);
    }

    /// How many rows it holds.
    pub(crate) fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Keeps what the other holds too.
    pub(crate) fn intersect(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Takes out what the other holds.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Adds what the other holds.
    pub(crate) fn unite(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// The rows in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        ones(&self.words)
    }
}

/// The positions of the ones in ascending order.
pub(crate) fn ones(words: &[u64]) -> impl Iterator<Item = u32> + '_ {
    words.iter().enumerate().flat_map(|(index, &word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let bit = left.trailing_zeros();
            left &= left - 1;
            Some(index as u32 * 64 + bit)
        })
    })
}
