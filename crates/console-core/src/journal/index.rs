//! What is kept of the journal in memory: enough to list and search it.

use std::collections::HashMap;

use console_ipc::journal::{JournalEntry, JournalOutcome, JournalSummary, ListJournal};

use super::{Place, Record};

/// Entries in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Index {
    entries: Vec<Indexed>,
    by_id: HashMap<String, usize>,
}

#[derive(Debug)]
struct Indexed {
    summary: JournalSummary,
    elapsed_ms: Option<u32>,
    place: Place,
}

impl Index {
    /// Takes note of a line.
    pub(super) fn add(&mut self, record: &Record, place: Place) {
        match record {
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
                let known = self
                    .by_id
                    .get(&ending.id)
                    .and_then(|at| self.entries.get_mut(*at));
                // The outcome of an entry whose own line is damaged belongs to nothing.
                if let Some(entry) = known {
                    entry.summary.outcome = ending.outcome.clone();
                    entry.summary.request_id.clone_from(&ending.request_id);
                    entry.elapsed_ms = ending.elapsed_ms;
                    if ending.target.is_some() {
                        entry.summary.target.clone_from(&ending.target);
                    }
                }
            }
        }
    }

    /// Identifiers of entries without an outcome.
    pub(super) fn pending(&self) -> Vec<String> {
        let pending = self
            .entries
            .iter()
            .filter(|entry| entry.summary.outcome == JournalOutcome::Pending);
        pending.map(|entry| entry.summary.id.clone()).collect()
    }

    /// Where an entry's line stands.
    pub(super) fn place(&self, id: &str) -> Option<Place> {
        self.find(id).map(|entry| entry.place)
    }

    /// Fills in what later lines have told.
    pub(super) fn complete(&self, entry: &mut JournalEntry) {
        if let Some(known) = self.find(&entry.summary.id) {
            entry.summary = known.summary.clone();
            entry.elapsed_ms = known.elapsed_ms;
        }
    }

    /// Identifiers, newest first.
    pub(super) fn ids(&self) -> Vec<String> {
        self.entries
            .iter()
            .rev()
            .map(|entry| entry.summary.id.clone())
            .collect()
    }

    /// How many match, and a window of them, newest first.
    pub(super) fn list(&self, request: &ListJournal, most: u32) -> (u64, Vec<JournalSummary>) {
        let search = request.search.trim().to_lowercase();
        let offset = usize::try_from(request.offset).unwrap_or(usize::MAX);
        let limit = request.limit.min(most) as usize;
        let mut matched = 0_usize;
        let mut window = Vec::new();
        for entry in self.entries.iter().rev() {
            if !matches(&entry.summary, &search, request) {
                continue;
            }
            if matched >= offset && window.len() < limit {
                window.push(entry.summary.clone());
            }
            matched += 1;
        }
        (matched as u64, window)
    }

    fn find(&self, id: &str) -> Option<&Indexed> {
        self.entries.get(*self.by_id.get(id)?)
    }
}

fn matches(summary: &JournalSummary, search: &str, request: &ListJournal) -> bool {
    if let Some(wanted) = &request.target {
        // The name may have changed since: the identifier counts.
        let same = summary
            .target
            .as_ref()
            .is_some_and(|target| target.resource == wanted.resource && target.id == wanted.id);
        if !same {
            return false;
        }
    }
    if search.is_empty() {
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
        .any(|text| text.to_lowercase().contains(search))
}
