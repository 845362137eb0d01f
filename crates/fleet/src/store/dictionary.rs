//! The different values of enum and set columns, each kept once and known by a code.
//!
//! Dictionaries only grow, so every version of a table shares them: a code never changes its meaning.

use std::cmp::Ordering;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use hashbrown::HashTable;

use super::text::fold_to_string;

/// The code of a missing value.
pub(crate) const MISSING: u32 = 0;

/// Hashes without a random key, so that tables can be compared and copied.
pub(crate) fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

/// The values of one column.
#[derive(Debug)]
pub(crate) enum Dictionary {
    /// Of an enum column.
    Texts(RwLock<Texts>),
    /// Of a set column.
    Sets(RwLock<Sets>),
    /// Of a column that needs none.
    None,
}

/// Texts by code, from 1.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    texts: Vec<(Box<str>, Box<str>)>,
    codes: HashTable<u32>,
}

/// Sets of texts by code, from 1.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    members: Texts,
    /// The members' codes, sorted by the members' texts, one set after the other.
    arena: Vec<u32>,
    /// Where each set ends.
    ends: Vec<u32>,
    codes: HashTable<u32>,
}

impl Texts {
    /// How many codes there are, [`MISSING`] included.
    pub(crate) fn len(&self) -> usize {
        self.texts.len() + 1
    }

    /// The text of a code; empty for [`MISSING`].
    pub(crate) fn text(&self, code: u32) -> &str {
        self.entry(code).map_or("", |(text, _)| text)
    }

    /// The text of a code as it is compared.
    pub(crate) fn folded(&self, code: u32) -> &str {
        self.entry(code).map_or("", |(_, folded)| folded)
    }

    fn entry(&self, code: u32) -> Option<&(Box<str>, Box<str>)> {
        self.texts.get((code as usize).checked_sub(1)?)
    }

    fn find(&self, hash: u64, text: &str) -> Option<u32> {
        self.codes
            .find(hash, |&code| self.text(code) == text)
            .copied()
    }

    fn intern(&mut self, text: &str) -> u32 {
        let key = hash(text);
        if let Some(code) = self.find(key, text) {
            return code;
        }
        self.texts.push((text.into(), fold_to_string(text).into()));
        let code = self.texts.len() as u32;
        let texts = &self.texts;
        self.codes
            .insert_unique(key, code, |&code| hash(&*texts[code as usize - 1].0));
        code
    }
}

impl Sets {
    /// How many codes there are, [`MISSING`] included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// The members' codes, sorted by their texts; none for [`MISSING`].
    pub(crate) fn set(&self, code: u32) -> &[u32] {
        let Some(index) = (code as usize).checked_sub(1) else {
            return &[];
        };
        let start = match index.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        &self.arena[start as usize..self.ends[index] as usize]
    }

    /// The members' texts, sorted.
    pub(crate) fn texts(&self, code: u32) -> impl Iterator<Item = &str> {
        self.set(code)
            .iter()
            .map(|&member| self.members.text(member))
    }

    fn find(&self, hash: u64, set: &[u32]) -> Option<u32> {
        self.codes
            .find(hash, |&code| self.set(code) == set)
            .copied()
    }

    fn intern(&mut self, texts: &[&str]) -> u32 {
        let set: Vec<_> = texts.iter().map(|text| self.members.intern(text)).collect();
        let key = hash(set.as_slice());
        if let Some(code) = self.find(key, &set) {
            return code;
        }
        self.arena.extend(&set);
        self.ends.push(self.arena.len() as u32);
        let code = self.ends.len() as u32;
        let mut codes = std::mem::take(&mut self.codes);
        codes.insert_unique(key, code, |&code| hash(self.set(code)));
        self.codes = codes;
        code
    }

    /// Compares two sets as lists of their members.
    fn compare(&self, a: u32, b: u32) -> Ordering {
        let folded = |code| {
            self.set(code)
                .iter()
                .map(|&member| self.members.folded(member))
        };
        folded(a).cmp(folded(b))
    }
}

impl Dictionary {
    /// The code of a text.
    pub(crate) fn text_code(&self, text: &str) -> u32 {
        let Self::Texts(texts) = self else {
            return MISSING;
        };
        if text.is_empty() {
            return MISSING;
        }
        if let Some(code) = read(texts).find(hash(text), text) {
            return code;
        }
        write(texts).intern(text)
    }

    /// The code of a set, whatever the order and number of its members.
    pub(crate) fn set_code<'a>(&self, members: impl Iterator<Item = &'a str>) -> u32 {
        let Self::Sets(sets) = self else {
            return MISSING;
        };
        let mut members: Vec<_> = members.filter(|member| !member.is_empty()).collect();
        members.sort_unstable();
        members.dedup();
        if members.is_empty() {
            return MISSING;
        }
        let known = {
            let sets = read(sets);
            let codes: Option<Vec<_>> = members
                .iter()
                .map(|member| sets.members.find(hash(*member), member))
                .collect();
            codes.and_then(|codes| sets.find(hash(codes.as_slice()), &codes))
        };
        known.unwrap_or_else(|| write(sets).intern(&members))
    }

    /// How many codes there are, [`MISSING`] included.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => read(texts).len(),
            Self::Sets(sets) => read(sets).len(),
            Self::None => 0,
        }
    }

    /// For each code whether its text, or one of its set's members, fits.
    pub(crate) fn fitting(&self, fits: impl Fn(&str) -> bool) -> Vec<bool> {
        let of_texts = |texts: &Texts| -> Vec<bool> {
            let all = texts.texts.iter().map(|(_, folded)| fits(folded));
            std::iter::once(false).chain(all).collect()
        };
        match self {
            Self::Texts(texts) => of_texts(&read(texts)),
            Self::Sets(sets) => {
                let sets = read(sets);
                let members = of_texts(&sets.members);
                let fits = |code: usize| {
                    sets.set(code as u32)
                        .iter()
                        .any(|&member| members[member as usize])
                };
                (0..sets.len()).map(fits).collect()
            }
            Self::None => Vec::new(),
        }
    }

    /// For each code its place in ascending order, equal ones at the same place and [`MISSING`] at the end.
    pub(crate) fn ranks(&self) -> Vec<u32> {
        let mut codes: Vec<u32> = (1..self.len() as u32).collect();
        let mut ranks = vec![u32::MAX; codes.len() + 1];
        let mut rank_all = |compare: &dyn Fn(u32, u32) -> Ordering| {
            codes.sort_by(|&a, &b| compare(a, b));
            let mut rank = 0;
            for (index, &code) in codes.iter().enumerate() {
                if index > 0 && compare(codes[index - 1], code).is_ne() {
                    rank += 1;
                }
                ranks[code as usize] = rank;
            }
        };
        match self {
            Self::Texts(texts) => {
                let texts = read(texts);
                rank_all(&|a, b| texts.folded(a).cmp(texts.folded(b)));
            }
            Self::Sets(sets) => {
                let sets = read(sets);
                rank_all(&|a, b| sets.compare(a, b));
            }
            Self::None => {}
        }
        ranks
    }

    /// Compares two codes, [`MISSING`] as the least.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        match self {
            Self::Texts(texts) => {
                let texts = read(texts);
                texts.folded(a).cmp(texts.folded(b))
            }
            Self::Sets(sets) => read(sets).compare(a, b),
            Self::None => Ordering::Equal,
        }
    }

    /// The values of an enum column.
    pub(crate) fn texts(&self) -> Option<RwLockReadGuard<'_, Texts>> {
        match self {
            Self::Texts(texts) => Some(read(texts)),
            _ => None,
        }
    }

    /// The values of a set column.
    pub(crate) fn sets(&self) -> Option<RwLockReadGuard<'_, Sets>> {
        match self {
            Self::Sets(sets) => Some(read(sets)),
            _ => None,
        }
    }
}

// Interning writes the code last, so what a panicking thread leaves behind is still whole.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
