//! Some thousand rows of all columns.

use std::sync::Arc;

use super::column::{ColumnData, Stored};

/// Rows in a full chunk. A change copies one column of one chunk, a search looks at one chunk at a time.
/// Small in tests, so that few rows already fill several.
pub(crate) const ROWS: usize = if cfg!(test) { 128 } else { 16_384 };
/// Words of a chunk's bits.
pub(crate) const WORDS: usize = ROWS / 64;

/// Generations of the rows of a chunk, kept only once there is one to keep.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Option<Arc<Vec<u32>>>);

impl Marks {
    /// The generation of a row; 0 when it was there from the beginning.
    pub(crate) fn get(&self, row: usize) -> u32 {
        self.0.as_ref().map_or(0, |marks| marks[row])
    }

    pub(crate) fn set(&mut self, row: usize, generation: u32) {
        if self.0.is_none() && generation == 0 {
            return;
        }
        let marks = self.0.get_or_insert_with(|| Arc::new(vec![0; ROWS]));
        if marks[row] != generation {
            Arc::make_mut(marks)[row] = generation;
        }
    }

    /// Replaces a generation by another, and forgets those up to `horizon`.
    pub(crate) fn settle(&mut self, pending: u32, generation: u32, horizon: u32) {
        let Some(marks) = &mut self.0 else {
            return;
        };
        let settled = |mark: u32| match mark {
            mark if mark == pending => generation,
            mark if mark <= horizon => 0,
            mark => mark,
        };
        if marks.iter().all(|&mark| settled(mark) == 0) {
            self.0 = None;
        } else if marks.iter().any(|&mark| settled(mark) != mark) {
            for mark in Arc::make_mut(marks) {
                *mark = settled(*mark);
            }
        }
    }

    pub(crate) fn any(&self) -> bool {
        self.0.is_some()
    }
}

/// Up to [`ROWS`] rows, one [`ColumnData`] for each stored column.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub(crate) len: usize,
    pub(crate) columns: Vec<Arc<ColumnData>>,
    /// Which rows are there; the others were removed and wait to be used again.
    pub(crate) live: Arc<Vec<u64>>,
    /// The generation in which each row came.
    pub(crate) born: Marks,
    /// The generation in which each value last changed, for each stored column.
    pub(crate) changed: Vec<Marks>,
}

impl Chunk {
    /// An empty chunk for rows like this one.
    pub(crate) fn like(row: &[Stored<'_>]) -> Self {
        Self {
            len: 0,
            columns: row
                .iter()
                .map(|&value| Arc::new(ColumnData::like(value)))
                .collect(),
            live: Arc::new(vec![0; WORDS]),
            born: Marks::default(),
            changed: vec![Marks::default(); row.len()],
        }
    }

    pub(crate) fn push(&mut self, row: &[Stored<'_>], born: u32) {
        for (column, &value) in self.columns.iter_mut().zip(row) {
            Arc::make_mut(column).push(value);
        }
        self.born.set(self.len, born);
        self.set_live(self.len, true);
        self.len += 1;
        if self.len == ROWS {
            for column in &mut self.columns {
                Arc::make_mut(column).seal();
            }
        }
    }

    pub(crate) fn set(&mut self, column: usize, row: usize, value: Stored<'_>) {
        Arc::make_mut(&mut self.columns[column]).set(row, value);
    }

    pub(crate) fn has_marks(&self) -> bool {
        self.born.any() || self.changed.iter().any(Marks::any)
    }

    /// Whether a row came after this generation (true) or changed after it (false).
    pub(crate) fn marked_after(&self, row: usize, generation: u32) -> Option<bool> {
        if self.born.get(row) > generation {
            return Some(true);
        }
        self.changed
            .iter()
            .any(|marks| marks.get(row) > generation)
            .then_some(false)
    }

    pub(crate) fn is_live(&self, row: usize) -> bool {
        self.live[row / 64] >> (row % 64) & 1 == 1
    }

    pub(crate) fn set_live(&mut self, row: usize, live: bool) {
        let word = &mut Arc::make_mut(&mut self.live)[row / 64];
        *word = *word & !(1 << (row % 64)) | u64::from(live) << (row % 64);
    }
}
