//! What is remembered between versions: what each one changed, and answers that may serve again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::answer::cache::Cache;
use crate::inventory::Generation;
use crate::snapshot::Versions;
use crate::store::touched::{Rows, Touched};

/// So many versions are remembered to mend orders with.
const VERSIONS: usize = 4096;
/// So many rows may be named by them together.
const NAMED_ROWS: usize = 1 << 19;

/// Shared by all versions of an inventory.
#[derive(Debug, Default)]
pub(crate) struct History {
    log: Mutex<Log>,
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Log {
    versions: VecDeque<(Generation, Touched)>,
    /// Versions up to this one are forgotten.
    floor: Generation,
    /// How many rows the versions name.
    named: usize,
    /// How many rows were removed in which version.
    removed: Vec<(Generation, usize)>,
}

impl History {
    /// Remembers what a version changed.
    pub(crate) fn push(&self, versions: Versions, touched: Touched, removed: usize) {
        let mut log = lock(&self.log);
        log.named += touched.len();
        log.versions.push_back((versions.generation, touched));
        while log.versions.len() > VERSIONS || log.named > NAMED_ROWS {
            let Some((generation, forgotten)) = log.versions.pop_front() else {
                break;
            };
            log.named -= forgotten.len();
            log.floor = generation;
        }
        log.removed
            .retain(|(generation, _)| *generation > versions.horizon);
        if removed > 0 {
            log.removed.push((versions.generation, removed));
        }
    }

    /// The answers that may serve again.
    pub(crate) fn cache(&self) -> MutexGuard<'_, Cache> {
        lock(&self.cache)
    }

    /// Everything that versions after this one touched.
    pub(crate) fn touched_since(
        &self,
        generation: Generation,
        columns: usize,
        limit: usize,
    ) -> Touched {
        let log = lock(&self.log);
        if generation < log.floor {
            return Touched::everything(columns);
        }
        let mut all = Touched::new(columns);
        for (_, touched) in log
            .versions
            .iter()
            .filter(|(version, _)| *version > generation)
        {
            all.absorb(touched, limit);
        }
        all
    }

    /// The rows that versions after `from` up to `to` touched in one of these columns or as a whole; `None`
    /// when they are too many, or no longer known.
    pub(crate) fn touched_between(
        &self,
        from: Generation,
        to: Generation,
        columns: &[usize],
        limit: usize,
    ) -> Option<Vec<u32>> {
        let log = lock(&self.log);
        if from < log.floor || to < from {
            return None;
        }
        let mut rows = Rows::default();
        let versions = log
            .versions
            .iter()
            .filter(|(version, _)| (from + 1..=to).contains(version));
        for (_, touched) in versions {
            rows.absorb(&touched.membership, limit);
            for &column in columns {
                rows.absorb(touched.columns.get(column)?, limit);
            }
        }
        rows.named().map(<[u32]>::to_vec)
    }

    /// How many rows versions after `from` up to `to` removed.
    pub(crate) fn removed_between(&self, from: Generation, to: Generation) -> usize {
        let log = lock(&self.log);
        let removed = log
            .removed
            .iter()
            .filter(|(version, _)| *version > from && *version <= to);
        removed.map(|(_, count)| count).sum()
    }
}

/// What a panicking thread leaves in these locks is whole: values are replaced last.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
