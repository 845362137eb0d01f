//! What is kept of a segment in memory: enough to list and search it.

use std::collections::HashMap;

use console_ipc::call::CallTarget;
use console_ipc::journal::{JournalEntry, JournalOutcome, JournalSummary, ListJournal};
use serde::{Deserialize, Serialize};

use super::{Ending, Record};

/// Where a line stands in its file, in bytes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) begin: u64,
    pub(super) length: u64,
}

/// Entries of a segment in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Index {
    entries: Vec<Indexed>,
    by_id: HashMap<String, usize>,
    /// Entries of earlier segments that had no outcome yet at the end of this one.
    carried: Vec<String>,
    /// Outcomes of entries of earlier segments.
    late: Vec<Ending>,
}

/// An entry without what is large.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Indexed {
    summary: JournalSummary,
    elapsed_ms: Option<u32>,
    pub(super) place: Place,
}

impl Index {
    /// The index of entries that are known already.
    pub(super) fn of(entries: Vec<Indexed>) -> Self {
        let ids = entries.iter().enumerate();
        Self {
            by_id: ids.map(|(at, it)| (it.summary.id.clone(), at)).collect(),
            entries,
            carried: Vec::new(),
            late: Vec::new(),
        }
    }

    /// Takes note of a line.
    pub(super) fn add(&mut self, record: &Record, place: Place) {
        match record {
            Record::Continued { open } => self.carried.clone_from(open),
            Record::Begun { entry } => {
                self.by_id
                    .insert(entry.summary.id.clone(), self.entries.len());
                self.entries.push(Indexed {
                    summary: entry.summary.clone(),
                    elapsed_ms: entry.elapsed_ms,
                    place,
                });
            }
            Record::Ended(ending) => {
                self.carried.retain(|id| *id != ending.id);
                if !self.end(ending) {
                    // Of an entry in an earlier segment, or of one whose own line is damaged.
                    self.late.push((**ending).clone());
                }
            }
        }
    }

    /// Takes over an outcome. False when the entry is not here.
    pub(super) fn end(&mut self, ending: &Ending) -> bool {
        let known = self
            .by_id
            .get(&ending.id)
            .and_then(|at| self.entries.get_mut(*at));
        let Some(entry) = known else {
            return false;
        };
        entry.summary.outcome = ending.outcome.clone();
        entry.summary.request_id.clone_from(&ending.request_id);
        entry.elapsed_ms = ending.elapsed_ms;
        if ending.target.is_some() {
            entry.summary.target.clone_from(&ending.target);
        }
        true
    }

    /// Outcomes of entries of earlier segments.
    pub(super) fn late(&self) -> &[Ending] {
        &self.late
    }

    /// Identifiers of entries without an outcome, those of earlier segments first.
    pub(super) fn open(&self) -> Vec<String> {
        let pending = self.pending().map(|entry| entry.summary.id.clone());
        self.carried.iter().cloned().chain(pending).collect()
    }

    /// Whether an entry of this very segment has no outcome.
    pub(super) fn has_pending(&self) -> bool {
        self.pending().next().is_some()
    }

    fn pending(&self) -> impl Iterator<Item = &Indexed> {
        let pending = |entry: &&Indexed| entry.summary.outcome == JournalOutcome::Pending;
        self.entries.iter().filter(pending)
    }

    /// The entries, as they were written.
    pub(super) fn entries(&self) -> &[Indexed] {
        &self.entries
    }

    /// Whether the entry is here.
    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// An entry by its identifier.
    pub(super) fn find(&self, id: &str) -> Option<&Indexed> {
        self.entries.get(*self.by_id.get(id)?)
    }

    /// Shows the entries to who looks for some, newest first.
    pub(super) fn look(&self, window: &mut Window) {
        for entry in self.entries.iter().rev() {
            window.look(&entry.summary);
        }
    }
}

impl Indexed {
    /// Fills in what later lines have told.
    pub(super) fn complete(&self, entry: &mut JournalEntry) {
        entry.summary = self.summary.clone();
        entry.elapsed_ms = self.elapsed_ms;
    }
}

/// The window of entries somebody asks for, and how many match in all.
pub(super) struct Window {
    search: String,
    target: Option<CallTarget>,
    profile: Option<String>,
    offset: u64,
    limit: usize,
    pub(super) matched: u64,
    pub(super) entries: Vec<JournalSummary>,
}

impl Window {
    pub(super) fn new(request: &ListJournal, most: u32) -> Self {
        Self {
            search: request.search.trim().to_lowercase(),
            target: request.target.clone(),
            profile: request.profile.clone(),
            offset: request.offset,
            limit: request.limit.min(most) as usize,
            matched: 0,
            entries: Vec::new(),
        }
    }

    /// Whether so many further entries only count: all match, and none of them is in the window.
    pub(super) fn only_counts(&self, entries: u64) -> bool {
        let all_match = self.search.is_empty() && self.target.is_none() && self.profile.is_none();
        let before = self.matched.saturating_add(entries) <= self.offset;
        all_match && (before || self.entries.len() >= self.limit)
    }

    /// Counts entries that were not looked at.
    pub(super) fn count(&mut self, entries: u64) {
        self.matched += entries;
    }

    fn look(&mut self, summary: &JournalSummary) {
        if !self.matches(summary) {
            return;
        }
        if self.matched >= self.offset && self.entries.len() < self.limit {
            self.entries.push(summary.clone());
        }
        self.matched += 1;
    }

    fn matches(&self, summary: &JournalSummary) -> bool {
        if self
            .profile
            .as_ref()
            .is_some_and(|wanted| *wanted != summary.profile)
        {
            return false;
        }
        if let Some(wanted) = &self.target {
            // The name may have changed since: the identifier counts.
            let same = summary
                .target
                .as_ref()
                .is_some_and(|target| target.resource == wanted.resource && target.id == wanted.id);
            if !same {
                return false;
            }
        }
        if self.search.is_empty() {
            return true;
        }
        let target = summary.target.as_ref();
        let texts = [
            Some(summary.profile.as_str()),
            Some(summary.operation.as_str()),
            target.map(|target| target.resource.as_str()),
            target.map(|target| target.id.as_str()),
            target.map(|target| target.name.as_str()),
            summary.request_id.as_deref(),
        ];
        texts
            .into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains(&self.search))
    }
}
