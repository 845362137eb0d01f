//! A chunk of a text column: one arena, its offsets, and a folded copy to search in.

use std::collections::BTreeMap;

use memchr::memmem::Finder;

use super::dense;

/// So many single changes are kept beside the arena before it is written anew.
const PATCHES: usize = if cfg!(test) { 4 } else { 1024 };

/// When more than one in so many rows match, reading everything is faster than jumping from hit to hit.
const FREQUENT: usize = 24;

/// Texts in one arena. An empty text is a missing one.
///
/// The `mark_` functions expect words without ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextColumn {
    arena: String,
    /// Where each text ends, in bytes; it begins where the one before ends.
    ends: Vec<u32>,
    /// The arena folded byte for byte, kept only when folding changes something.
    folded: Option<String>,
    /// Newer texts than those in the arena, with their folded form.
    patches: BTreeMap<u32, (Box<str>, Box<str>)>,
}

impl TextColumn {
    pub(crate) fn get(&self, row: usize) -> &str {
        match self.patch(row) {
            Some((text, _)) => text,
            None => self.arena.get(self.range(row)).unwrap_or_default(),
        }
    }

    /// The text as it is compared.
    pub(crate) fn folded(&self, row: usize) -> &str {
        match self.patch(row) {
            Some((_, folded)) => folded,
            None => self.searched().get(self.range(row)).unwrap_or_default(),
        }
    }

    pub(crate) fn push(&mut self, text: &str) {
        let folded = folded(text);
        match (&mut self.folded, &folded) {
            (Some(arena), folded) => arena.push_str(folded.as_deref().unwrap_or(text)),
            (None, None) => {}
            (none, Some(folded)) => {
                let mut arena = String::with_capacity(self.arena.capacity());
                arena.push_str(&self.arena);
                arena.push_str(folded);
                *none = Some(arena);
            }
        }
        self.arena.push_str(text);
        // Texts are limited on entry so that a chunk of them stays below 4 GiB.
        self.ends.push(self.arena.len() as u32);
    }

    pub(crate) fn set(&mut self, row: usize, text: &str) {
        let folded = folded(text).unwrap_or_else(|| text.to_owned());
        self.patches
            .insert(row as u32, (text.into(), folded.into()));
        if self.patches.len() > PATCHES {
            self.rewrite();
        }
    }

    /// Gives back what was reserved for growing.
    pub(crate) fn seal(&mut self) {
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        if let Some(folded) = &mut self.folded {
            folded.shrink_to_fit();
        }
    }

    /// Marks the rows that hold a text.
    pub(crate) fn mark_present(&self, words: &mut [u64]) {
        let mut start = 0;
        for (row, &end) in self.ends.iter().enumerate() {
            words[row / 64] |= u64::from(end > start) << (row % 64);
            start = end;
        }
        self.mark_patches(words, |folded| !folded.is_empty());
    }

    /// Marks the rows whose folded text contains the needle, which is not empty.
    pub(crate) fn mark_containing(&self, finder: &Finder<'_>, words: &mut [u64]) {
        let needle = finder.needle();
        let arena = self.searched().as_bytes();
        let mut row = 0;
        let mut at = 0;
        let mut hits = 0;
        while let Some(hit) = finder.find(&arena[at..]) {
            let hit = at + hit;
            row = self.row_at(hit, row);
            if hit + needle.len() > self.ends[row] as usize {
                // It runs over into the next text.
                at = hit + 1;
                continue;
            }
            words[row / 64] |= 1 << (row % 64);
            row += 1;
            at = self.start(row);
            hits += 1;
            if hits > self.ends.len() / FREQUENT && needle.len() <= dense::LONGEST {
                words.fill(0);
                dense::mark(arena, &self.ends, needle, words);
                break;
            }
        }
        let needle = std::str::from_utf8(needle).unwrap_or_default();
        self.mark_patches(words, |folded| folded.contains(needle));
    }

    /// Marks the rows whose folded text begins with the needle, which is not empty, or is the needle.
    pub(crate) fn mark_beginning(&self, finder: &Finder<'_>, whole: bool, words: &mut [u64]) {
        let needle = finder.needle();
        let arena = self.searched().as_bytes();
        let mut row = 0;
        let mut at = 0;
        while let Some(hit) = finder.find(&arena[at..]) {
            let hit = at + hit;
            row = self.row_at(hit, row);
            let (end, hit_end) = (self.ends[row] as usize, hit + needle.len());
            if self.start(row) == hit && hit_end <= end && (!whole || hit_end == end) {
                words[row / 64] |= 1 << (row % 64);
            }
            at = hit + 1;
        }
        let needle = std::str::from_utf8(needle).unwrap_or_default();
        self.mark_patches(words, |folded| {
            folded.starts_with(needle) && (!whole || folded.len() == needle.len())
        });
    }

    /// The arena that searches read.
    fn searched(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.arena)
    }

    fn start(&self, row: usize) -> usize {
        match row.checked_sub(1) {
            Some(before) => self.ends[before] as usize,
            None => 0,
        }
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.start(row)..self.ends[row] as usize
    }

    /// The row whose text holds this byte of the arena, not before `from`.
    fn row_at(&self, byte: usize, from: usize) -> usize {
        let holds = |row: usize| (self.ends[row] as usize) > byte;
        // The next hit is nearly always near or far, seldom between: a few steps, then halving.
        for row in from..(from + 4).min(self.ends.len()) {
            if holds(row) {
                return row;
            }
        }
        let from = (from + 4).min(self.ends.len());
        from + self.ends[from..].partition_point(|&end| end as usize <= byte)
    }

    fn patch(&self, row: usize) -> Option<&(Box<str>, Box<str>)> {
        if self.patches.is_empty() {
            return None;
        }
        self.patches.get(&(row as u32))
    }

    fn mark_patches(&self, words: &mut [u64], matches: impl Fn(&str) -> bool) {
        for (&row, (_, folded)) in &self.patches {
            let word = &mut words[row as usize / 64];
            let bit = 1 << (row % 64);
            if matches(folded) {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    fn rewrite(&mut self) {
        let mut new = Self::default();
        new.arena.reserve(self.arena.len());
        new.ends.reserve(self.ends.len());
        for row in 0..self.ends.len() {
            new.push(self.get(row));
        }
        new.seal();
        *self = new;
    }
}

/// The text as it is compared: in lower case, character by character, as long as the original in bytes.
/// A character whose lower case is longer or shorter stays itself.
pub(crate) fn folded(text: &str) -> Option<String> {
    if text.is_ascii() {
        let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        return upper.then(|| text.to_ascii_lowercase());
    }
    let lower = text.chars().map(fold);
    lower.clone().ne(text.chars()).then(|| lower.collect())
}

/// The folded form, owned.
pub(crate) fn fold_to_string(text: &str) -> String {
    folded(text).unwrap_or_else(|| text.to_owned())
}

fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) if single.len_utf8() == c.len_utf8() => single,
        _ => c,
    }
}
