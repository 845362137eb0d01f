//! The rows at hand: the window that was answered last, and those beside it that still hold.

use std::rc::Rc;

use console_ipc::inventory::RowView;

use super::geometry::Span;

/// Most rows kept: enough to scroll on while the next window comes.
const KEPT: usize = 600;

/// Consecutive rows of a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Cache {
    first: u64,
    rows: Vec<Rc<RowView>>,
}

impl Cache {
    /// Takes the rows of an answer in place of all others. A row that is as it was keeps its place in
    /// memory, so that whoever painted it sees at a glance that there is nothing to paint.
    pub(super) fn replace(&mut self, first: u64, rows: Vec<RowView>) {
        let old = std::mem::take(&mut self.rows);
        let mut known: Vec<Option<Rc<RowView>>> = old.into_iter().map(Some).collect();
        // Rows mostly keep their order, so the search begins where the last one was found.
        let mut hint = 0;
        self.first = first;
        self.rows = rows
            .into_iter()
            .map(|row| {
                let length = known.len();
                for step in 0..length {
                    let at = (hint + step) % length;
                    if known[at].as_ref().is_some_and(|old| old.id == row.id) {
                        hint = at + 1;
                        if let Some(old) = known[at].take().filter(|old| **old == row) {
                            return old;
                        }
                        break;
                    }
                }
                Rc::new(row)
            })
            .collect();
    }

    /// Takes the rows of an answer beside those at hand, which are of the same state of the list. What is
    /// farthest from them goes when it becomes too much.
    pub(super) fn extend(&mut self, first: u64, rows: Vec<RowView>) {
        let old = self.span();
        let end = first + rows.len() as u64;
        if first > old.end || end < old.first || self.rows.is_empty() {
            self.replace(first, rows);
            return;
        }
        let before = place(first.saturating_sub(old.first)).min(self.rows.len());
        let behind = place(end.saturating_sub(old.first)).min(self.rows.len());
        let tail = self.rows.split_off(behind.max(before));
        self.rows.truncate(before);
        self.first = self.first.min(first);
        self.rows.extend(rows.into_iter().map(Rc::new));
        self.rows.extend(tail);
        let surplus = self.rows.len().saturating_sub(KEPT);
        if surplus > 0 && first > old.first {
            self.rows.drain(..surplus);
            self.first += surplus as u64;
        } else {
            self.rows.truncate(KEPT);
        }
    }

    /// The row at a place in the list.
    pub(super) fn get(&self, row: u64) -> Option<&Rc<RowView>> {
        let at = usize::try_from(row.checked_sub(self.first)?).ok()?;
        self.rows.get(at)
    }

    /// Where a row stands in the list, when it is at hand.
    pub(super) fn find(&self, id: &str) -> Option<u64> {
        let at = self.rows.iter().position(|row| row.id == id)?;
        Some(self.first + at as u64)
    }

    /// The places at hand.
    pub(super) fn span(&self) -> Span {
        Span {
            first: self.first,
            end: self.first + self.rows.len() as u64,
        }
    }
}

/// A distance between rows as a place in memory.
fn place(distance: u64) -> usize {
    usize::try_from(distance).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use console_ipc::inventory::{CellValue, RowView};

    use super::Cache;

    fn row(id: &str, state: &str) -> RowView {
        RowView {
            id: id.to_owned(),
            name: id.to_uppercase(),
            cells: vec![CellValue::Text(state.to_owned())],
            change: None,
        }
    }

    #[test]
    fn unchanged_rows_keep_their_place_in_memory() {
        let mut cache = Cache::default();
        cache.replace(10, vec![row("a", "up"), row("b", "up"), row("c", "up")]);
        let before: Vec<_> = (10..13).map(|at| cache.get(at).cloned().unwrap()).collect();
        cache.replace(11, vec![row("c", "up"), row("b", "down"), row("d", "up")]);
        assert!(Rc::ptr_eq(&before[2], cache.get(11).unwrap()));
        assert!(!Rc::ptr_eq(&before[1], cache.get(12).unwrap()));
        assert_eq!(cache.get(12).unwrap().cells, row("b", "down").cells);
        assert_eq!(cache.find("d"), Some(13));
        assert_eq!(cache.find("a"), None);
        assert!(cache.get(10).is_none());
    }

    fn rows(ids: std::ops::Range<u64>) -> Vec<RowView> {
        ids.map(|id| row(&id.to_string(), "up")).collect()
    }

    #[track_caller]
    fn check(cache: &Cache, first: u64, end: u64) {
        let span = cache.span();
        assert_eq!((span.first, span.end), (first, end));
        for at in first..end {
            assert_eq!(cache.get(at).unwrap().id, at.to_string());
        }
    }

    #[test]
    fn windows_beside_each_other_become_one() {
        let mut cache = Cache::default();
        cache.extend(200, rows(200..400));
        check(&cache, 200, 400);
        cache.extend(400, rows(400..600));
        check(&cache, 200, 600);
        cache.extend(100, rows(100..300));
        check(&cache, 100, 600);
        cache.extend(250, rows(250..350));
        check(&cache, 100, 600);
    }

    #[test]
    fn what_is_farthest_goes_first() {
        let mut cache = Cache::default();
        cache.extend(200, rows(200..700));
        cache.extend(700, rows(700..900));
        check(&cache, 300, 900);
        cache.extend(100, rows(100..300));
        check(&cache, 100, 700);
    }

    #[test]
    fn a_jump_begins_anew() {
        let mut cache = Cache::default();
        cache.extend(0, rows(0..200));
        cache.extend(5000, rows(5000..5200));
        check(&cache, 5000, 5200);
        cache.extend(10, rows(10..20));
        check(&cache, 10, 20);
    }
}
