//! All rows: chunks, the index from identifiers to rows, and the dictionaries.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use hashbrown::HashTable;
use ief_api::resource::{Cell, ColumnKind};

use super::bitmap::{Bitmap, ones};
use super::chunk::{Chunk, ROWS};
use super::column::{ColumnData, NO_FLAG, NO_NUMBER, Stored};
use super::dictionary::{self, Dictionary, MISSING, hash};
use super::schema::{ID_COLUMN, NAME_COLUMN, Schema};
use super::touched::Touched;
use crate::cell::CellValue;

/// The longest text a cell may hold, in bytes. Keeps a chunk's arena addressable with 32 bits.
pub const MAX_TEXT: usize = 128 * 1024;

/// The index is split so that adding a row copies a small part of it only.
const SHARDS: usize = 256;

/// Why a row cannot be kept. The rows around it are not affected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The service sent no identifier, so the row cannot be found again.
    #[error("the row has no identifier")]
    NoIdentifier,
    /// The number of cells differs from the number of columns.
    #[error("the row has {got} cells, the resource {expected} columns")]
    CellCount {
        /// How many columns the resource declares.
        expected: usize,
        /// How many cells came.
        got: usize,
    },
    /// A cell's form does not fit its column's kind.
    #[error("the cell of column {column:?} does not fit its kind")]
    CellKind {
        /// The column.
        column: &'static str,
    },
    /// A text is longer than [`MAX_TEXT`].
    #[error("the text of column {column:?} has {bytes} bytes")]
    TextTooLong {
        /// The column.
        column: &'static str,
        /// Its length in bytes.
        bytes: usize,
    },
}

/// What writing a row did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// The identifier was not there.
    Added(u32),
    /// It was there, with another value somewhere.
    Changed(u32),
    /// It was there exactly like this.
    Same(u32),
}

impl Written {
    pub(crate) fn row(self) -> u32 {
        match self {
            Self::Added(row) | Self::Changed(row) | Self::Same(row) => row,
        }
    }
}

/// One version of the rows. Cloning shares everything until one side writes.
#[derive(Clone)]
pub(crate) struct Table {
    schema: Arc<Schema>,
    dictionaries: Arc<Vec<Dictionary>>,
    chunks: Vec<Arc<Chunk>>,
    index: Vec<Arc<HashTable<u32>>>,
    /// Rows that were removed and can be used again.
    free: Arc<Vec<u32>>,
    live: usize,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("rows", &self.live)
            .finish_non_exhaustive()
    }
}

impl Table {
    pub(crate) fn new(schema: Arc<Schema>) -> Self {
        let dictionary = |kind| match kind {
            ColumnKind::Enum => Dictionary::Texts(Default::default()),
            ColumnKind::Set => Dictionary::Sets(Default::default()),
            _ => Dictionary::None,
        };
        let dictionaries = schema
            .stored()
            .iter()
            .map(|column| dictionary(column.kind))
            .collect();
        Self {
            schema,
            dictionaries: Arc::new(dictionaries),
            chunks: Vec::new(),
            index: vec![Arc::default(); SHARDS],
            free: Arc::default(),
            live: 0,
        }
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many rows there are.
    pub(crate) fn live(&self) -> usize {
        self.live
    }

    /// How many rows there is room for, removed ones included: every row is below.
    pub(crate) fn slots(&self) -> usize {
        self.chunks
            .last()
            .map_or(0, |last| (self.chunks.len() - 1) * ROWS + last.len)
    }

    pub(crate) fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    pub(crate) fn dictionary(&self, column: usize) -> &Dictionary {
        &self.dictionaries[column]
    }

    pub(crate) fn column(&self, chunk: usize, column: usize) -> &ColumnData {
        &self.chunks[chunk].columns[column]
    }

    pub(crate) fn get(&self, row: u32, column: usize) -> Stored<'_> {
        self.column(row as usize / ROWS, column)
            .get(row as usize % ROWS)
    }

    pub(crate) fn id(&self, row: u32) -> &str {
        self.text(row, ID_COLUMN)
    }

    pub(crate) fn name(&self, row: u32) -> &str {
        self.text(row, NAME_COLUMN)
    }

    fn text(&self, row: u32, column: usize) -> &str {
        match self.get(row, column) {
            Stored::Text(text) => text,
            _ => "",
        }
    }

    /// The text as it is compared.
    pub(crate) fn folded(&self, row: u32, column: usize) -> &str {
        match self.column(row as usize / ROWS, column) {
            ColumnData::Text(texts) => texts.folded(row as usize % ROWS),
            _ => "",
        }
    }

    /// Which rows are there.
    pub(crate) fn live_rows(&self) -> Bitmap {
        let mut rows = Bitmap::empty(self.chunks.len());
        for (words, chunk) in rows
            .words_mut()
            .chunks_mut(super::chunk::WORDS)
            .zip(&self.chunks)
        {
            words.copy_from_slice(&chunk.live);
        }
        rows
    }

    pub(crate) fn is_live(&self, row: u32) -> bool {
        let chunk = self.chunks.get(row as usize / ROWS);
        chunk.is_some_and(|chunk| chunk.is_live(row as usize % ROWS))
    }

    /// The row of an identifier.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.find_hashed(hash(id), id)
    }

    fn find_hashed(&self, hash: u64, id: &str) -> Option<u32> {
        self.index[shard(hash)]
            .find(hash, |&row| self.id(row) == id)
            .copied()
    }

    /// The value as it leaves the table.
    pub(crate) fn value(&self, row: u32, column: usize) -> CellValue {
        self.shown(column, self.get(row, column))
    }

    /// A stored value as it leaves the table.
    pub(crate) fn shown(&self, column: usize, value: Stored<'_>) -> CellValue {
        if value.is_missing() {
            return CellValue::Missing;
        }
        match (value, self.dictionary(column)) {
            (Stored::Text(text), _) => CellValue::Text(text.to_owned()),
            (Stored::Number(number), _) => CellValue::Integer(number),
            (Stored::Flag(flag), _) => CellValue::Flag(flag == 1),
            (Stored::Code(code), dictionary) => {
                if let Some(texts) = dictionary.texts() {
                    CellValue::Text(texts.text(code).to_owned())
                } else if let Some(sets) = dictionary.sets() {
                    CellValue::Set(sets.texts(code).map(str::to_owned).collect())
                } else {
                    CellValue::Missing
                }
            }
        }
    }

    /// Brings a row into the form in which it is stored.
    pub(crate) fn encode<'a>(
        &self,
        id: &'a str,
        name: &'a str,
        cells: &'a [Cell<'_>],
    ) -> Result<Vec<Stored<'a>>, RowError> {
        let declared = self.schema.declared();
        if id.is_empty() {
            return Err(RowError::NoIdentifier);
        }
        if cells.len() != declared.len() {
            return Err(RowError::CellCount {
                expected: declared.len(),
                got: cells.len(),
            });
        }
        let mut row = Vec::with_capacity(self.schema.stored().len());
        for (column, text) in self.schema.stored().iter().zip([id, name]) {
            row.push(Stored::Text(limited(column.name, text)?));
        }
        for ((cell, column), &place) in cells.iter().zip(declared).zip(self.schema.places()) {
            let value = self.encode_cell(column.name, column.kind, place, cell)?;
            if place > NAME_COLUMN {
                row.push(value);
            }
        }
        Ok(row)
    }

    fn encode_cell<'a>(
        &self,
        name: &'static str,
        kind: ColumnKind,
        place: usize,
        cell: &'a Cell<'_>,
    ) -> Result<Stored<'a>, RowError> {
        // The least number stands for a missing one; the next is as good for anybody.
        let number = |number: i64| Stored::Number(number.max(NO_NUMBER + 1));
        let dictionary = self.dictionary(place);
        Ok(match (kind, cell) {
            (ColumnKind::Text, Cell::Text(text)) => Stored::Text(limited(name, text)?),
            (ColumnKind::Text, Cell::Missing) => Stored::Text(""),
            (ColumnKind::Enum, Cell::Text(text)) => {
                Stored::Code(dictionary.text_code(limited(name, text)?))
            }
            (ColumnKind::Set, Cell::Set(members)) => {
                for member in members {
                    limited(name, member)?;
                }
                Stored::Code(dictionary.set_code(members.iter().map(Cow::as_ref)))
            }
            (ColumnKind::Enum | ColumnKind::Set, Cell::Missing) => Stored::Code(MISSING),
            (ColumnKind::Integer, Cell::Integer(value)) => number(*value),
            (ColumnKind::Time, Cell::Time(value)) => number(*value),
            (ColumnKind::Integer | ColumnKind::Time, Cell::Missing) => Stored::Number(NO_NUMBER),
            (ColumnKind::Flag, Cell::Flag(flag)) => Stored::Flag(u8::from(*flag)),
            (ColumnKind::Flag, Cell::Missing) => Stored::Flag(NO_FLAG),
            _ => return Err(RowError::CellKind { column: name }),
        })
    }

    /// Adds or replaces a row. What changes is marked with `generation`, unless that is 0.
    pub(crate) fn write(
        &mut self,
        row: &[Stored<'_>],
        generation: u32,
        touched: &mut Touched,
    ) -> Written {
        let Some(Stored::Text(id)) = row.first().copied() else {
            unreachable!("an encoded row begins with its identifier");
        };
        let hash = hash(id);
        match self.find_hashed(hash, id) {
            Some(known) => self.replace(known, row, generation, touched),
            None => Written::Added(self.add(hash, row, generation, touched)),
        }
    }

    fn replace(
        &mut self,
        known: u32,
        row: &[Stored<'_>],
        generation: u32,
        touched: &mut Touched,
    ) -> Written {
        let (chunk_index, offset) = (known as usize / ROWS, known as usize % ROWS);
        let limit = self.touch_limit();
        let mut written = Written::Same(known);
        for (column, &value) in row.iter().enumerate().skip(NAME_COLUMN) {
            if self.column(chunk_index, column).get(offset) == value {
                continue;
            }
            let chunk = Arc::make_mut(&mut self.chunks[chunk_index]);
            chunk.set(column, offset, value);
            if generation > 0 {
                chunk.changed[column].set(offset, generation);
            }
            touched.columns[column].insert(known, limit);
            written = Written::Changed(known);
        }
        written
    }

    fn add(
        &mut self,
        hash: u64,
        row: &[Stored<'_>],
        generation: u32,
        touched: &mut Touched,
    ) -> u32 {
        let free = if self.free.is_empty() {
            None
        } else {
            Arc::make_mut(&mut self.free).pop()
        };
        let place = match free {
            Some(place) => {
                let offset = place as usize % ROWS;
                let chunk = Arc::make_mut(&mut self.chunks[place as usize / ROWS]);
                for (column, &value) in row.iter().enumerate() {
                    if chunk.columns[column].get(offset) != value {
                        chunk.set(column, offset, value);
                    }
                    chunk.changed[column].set(offset, 0);
                }
                chunk.born.set(offset, generation);
                chunk.set_live(offset, true);
                place
            }
            None => {
                let place = self.slots() as u32;
                if place as usize / ROWS == self.chunks.len() {
                    self.chunks.push(Arc::new(Chunk::like(row)));
                }
                Arc::make_mut(&mut self.chunks[place as usize / ROWS]).push(row, generation);
                place
            }
        };
        let chunks = &self.chunks;
        let hash_of = |row: &u32| match chunks[*row as usize / ROWS].columns[ID_COLUMN]
            .get(*row as usize % ROWS)
        {
            Stored::Text(id) => dictionary::hash(id),
            _ => 0,
        };
        Arc::make_mut(&mut self.index[shard(hash)]).insert_unique(hash, place, hash_of);
        self.live += 1;
        let limit = self.touch_limit();
        touched.membership.insert(place, limit);
        place
    }

    /// Removes a row.
    pub(crate) fn remove(&mut self, row: u32, touched: &mut Touched) {
        if !self.is_live(row) {
            return;
        }
        let hash = hash(self.id(row));
        let shard = Arc::make_mut(&mut self.index[shard(hash)]);
        if let Ok(entry) = shard.find_entry(hash, |&known| known == row) {
            entry.remove();
        }
        Arc::make_mut(&mut self.chunks[row as usize / ROWS]).set_live(row as usize % ROWS, false);
        Arc::make_mut(&mut self.free).push(row);
        self.live -= 1;
        let limit = self.touch_limit();
        touched.membership.insert(row, limit);
    }

    /// Removes every row that is not among these, and says which they were.
    pub(crate) fn retain(&mut self, kept: &Bitmap, touched: &mut Touched) -> Vec<u32> {
        let mut removed = Vec::new();
        for (index, chunk) in self.chunks.iter().enumerate() {
            let kept = kept.chunk(index);
            let gone: Vec<u64> = chunk
                .live
                .iter()
                .enumerate()
                .map(|(word, live)| live & !kept.get(word).copied().unwrap_or(0))
                .collect();
            removed.extend(ones(&gone).map(|offset| (index * ROWS) as u32 + offset));
        }
        for &row in &removed {
            self.remove(row, touched);
        }
        removed
    }

    /// A row of another table in the form in which this one stores it.
    pub(crate) fn adopt<'a>(&self, other: &'a Self, row: u32) -> Vec<Stored<'a>> {
        let shared = Arc::ptr_eq(&self.dictionaries, &other.dictionaries);
        let adopt = |column: usize| match other.get(row, column) {
            Stored::Code(code) if !shared => Stored::Code(self.adopt_code(other, column, code)),
            value => value,
        };
        (0..self.schema.stored().len()).map(adopt).collect()
    }

    fn adopt_code(&self, other: &Self, column: usize, code: u32) -> u32 {
        let mine = self.dictionary(column);
        if let Some(texts) = other.dictionary(column).texts() {
            mine.text_code(texts.text(code))
        } else if let Some(sets) = other.dictionary(column).sets() {
            mine.set_code(sets.texts(code))
        } else {
            code
        }
    }

    /// Gives a row the generations that it has in another table.
    pub(crate) fn copy_marks(&mut self, row: u32, other: &Self, other_row: u32) {
        let from = &other.chunks[other_row as usize / ROWS];
        let to = Arc::make_mut(&mut self.chunks[row as usize / ROWS]);
        let (from_offset, to_offset) = (other_row as usize % ROWS, row as usize % ROWS);
        to.born.set(to_offset, from.born.get(from_offset));
        for (to, from) in to.changed.iter_mut().zip(&from.changed) {
            to.set(to_offset, from.get(from_offset));
        }
    }

    /// Sets the generation in which a row came.
    pub(crate) fn mark_born(&mut self, row: u32, generation: u32) {
        let chunk = Arc::make_mut(&mut self.chunks[row as usize / ROWS]);
        chunk.born.set(row as usize % ROWS, generation);
    }

    /// Sets the generation in which a value changed.
    pub(crate) fn mark_changed(&mut self, row: u32, column: usize, generation: u32) {
        let chunk = Arc::make_mut(&mut self.chunks[row as usize / ROWS]);
        chunk.changed[column].set(row as usize % ROWS, generation);
    }

    /// Replaces a pending generation by the one that was published, and forgets those up to `horizon`.
    pub(crate) fn settle_marks(&mut self, pending: u32, generation: u32, horizon: u32) {
        for chunk in &mut self.chunks {
            if !chunk.has_marks() {
                continue;
            }
            let chunk = Arc::make_mut(chunk);
            chunk.born.settle(pending, generation, horizon);
            for marks in &mut chunk.changed {
                marks.settle(pending, generation, horizon);
            }
        }
    }

    /// How many rows came after this generation, and how many others changed after it.
    pub(crate) fn marked_after(&self, generation: u32) -> (usize, usize) {
        let (mut new, mut changed) = (0, 0);
        for chunk in &self.chunks {
            if !chunk.has_marks() {
                continue;
            }
            for row in ones(&chunk.live) {
                match chunk.marked_after(row as usize, generation) {
                    Some(true) => new += 1,
                    Some(false) => changed += 1,
                    None => {}
                }
            }
        }
        (new, changed)
    }

    /// The same rows without what removed ones left behind, when that is worth it: rows have other numbers then.
    pub(crate) fn compacted(&self) -> Option<Self> {
        if !self.is_wasteful() {
            return None;
        }
        let mut compact = Self::new(Arc::clone(&self.schema));
        let mut touched = Touched::new(self.schema.stored().len());
        for row in self.live_rows().iter() {
            let values = compact.adopt(self, row);
            let written = compact.write(&values, 0, &mut touched);
            compact.copy_marks(written.row(), self, row);
        }
        Some(compact)
    }

    /// Whether more than half of the rows, or of the values of a dictionary, are no longer used.
    fn is_wasteful(&self) -> bool {
        let wasted = |used: usize, kept: usize| kept >= ROWS && used < kept / 2;
        let used_codes = |column: usize| {
            let mut used = vec![false; self.dictionary(column).len()];
            for chunk in &self.chunks {
                for offset in ones(&chunk.live) {
                    if let Stored::Code(code) = chunk.columns[column].get(offset as usize) {
                        used[code as usize] = true;
                    }
                }
            }
            used.iter().filter(|used| **used).count()
        };
        let is_wasted = |column: usize| {
            let kept = self.dictionary(column).len();
            kept >= ROWS && wasted(used_codes(column), kept)
        };
        wasted(self.live, self.slots()) || (0..self.dictionaries.len()).any(is_wasted)
    }

    /// From so many rows on sorting anew is faster than mending.
    pub(crate) fn touch_limit(&self) -> usize {
        (self.slots() / 32).max(if cfg!(test) { 8 } else { 1024 })
    }
}

fn shard(hash: u64) -> usize {
    // The table inside a shard uses the lowest and the highest bits.
    (hash >> 40) as usize % SHARDS
}

fn limited<'a>(column: &'static str, text: &'a str) -> Result<&'a str, RowError> {
    match text.len() {
        0..=MAX_TEXT => Ok(text),
        bytes => Err(RowError::TextTooLong { column, bytes }),
    }
}
