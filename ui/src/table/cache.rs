//! The rows at hand: one window of them, as it was answered last.

use std::rc::Rc;

use console_ipc::inventory::RowView;

use super::geometry::Span;

/// A window of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Cache {
    first: u64,
    rows: Vec<Rc<RowView>>,
}

impl Cache {
    /// Takes the rows of an answer. A row that is as it was keeps its place in memory, so that whoever
    /// painted it sees at a glance that there is nothing to paint.
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
}
