//! Which columns a list shows, in which order and how wide: the user's choice over the page's default.

use console_ipc::query::SortKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Narrowest and widest column, in pixels.
pub(super) const WIDTH: std::ops::RangeInclusive<u32> = 56..=960;

/// Width of the column of check boxes, in pixels.
const CHECKS: u32 = 36;

/// How a list is laid out. Kept in the settings by profile and page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Layout {
    /// Shown columns in their order, each with its width in pixels.
    pub(super) columns: Vec<ShownColumn>,
    /// The order of the rows.
    pub(super) sort: Vec<SortKey>,
    /// Width of the side panel in pixels.
    pub(super) panel: Option<u32>,
}

/// A shown column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ShownColumn {
    /// Its name in the resource's declaration.
    pub(super) name: String,
    /// Its width in pixels.
    pub(super) width: u32,
}

impl Layout {
    /// The kept layout, less what the resource doesn't have (any more), or the page's default.
    pub(super) fn read(kept: Option<&Value>, default: &Self, known: impl Fn(&str) -> bool) -> Self {
        let Some(mut layout) = kept.and_then(|kept| Self::deserialize(kept).ok()) else {
            return default.clone();
        };
        let mut seen = Vec::<String>::new();
        layout.columns.retain_mut(|column| {
            column.width = column.width.clamp(*WIDTH.start(), *WIDTH.end());
            let fresh = !seen.contains(&column.name);
            seen.push(column.name.clone());
            fresh && known(&column.name)
        });
        layout.sort.retain(|key| known(&key.column));
        if layout.columns.is_empty() {
            layout.columns.clone_from(&default.columns);
        }
        layout
    }

    /// Sorts by a column: first upwards, then downwards, then no more. With `add` the order so far
    /// decides before it.
    pub(super) fn sort_by(&mut self, column: &str, add: bool) {
        let known = self.sort.iter().position(|key| key.column == column);
        let before = known.map(|at| self.sort[at].descending);
        if !add {
            self.sort.retain(|key| key.column == column);
        }
        let known = self.sort.iter().position(|key| key.column == column);
        match (before, known) {
            (Some(false), Some(at)) => self.sort[at].descending = true,
            (Some(true), Some(at)) => {
                self.sort.remove(at);
            }
            _ => {
                // Two keys are what a header can show at a glance.
                self.sort.truncate(1);
                self.sort.push(SortKey {
                    column: column.to_owned(),
                    descending: false,
                });
            }
        }
    }

    /// Shows a column after the others, or hides it. The last one stays.
    pub(super) fn toggle(&mut self, name: &str, width: u32) {
        match self.columns.iter().position(|column| column.name == name) {
            Some(at) if self.columns.len() > 1 => {
                self.columns.remove(at);
            }
            Some(_) => {}
            None => self.columns.push(ShownColumn {
                name: name.to_owned(),
                width,
            }),
        }
    }

    /// Moves a column by so many places, as far as there are.
    pub(super) fn shift(&mut self, name: &str, by: isize) {
        if let Some(at) = self.columns.iter().position(|column| column.name == name) {
            let to = at.saturating_add_signed(by).min(self.columns.len() - 1);
            let column = self.columns.remove(at);
            self.columns.insert(to, column);
        }
    }

    /// Sets a column's width, within the limits.
    pub(super) fn resize(&mut self, name: &str, width: u32) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.name == name) {
            column.width = width.clamp(*WIDTH.start(), *WIDTH.end());
        }
    }

    /// The widths as a CSS track list, after the column of check boxes. The last column takes what is left.
    pub(super) fn tracks(&self, checks: bool) -> String {
        use std::fmt::Write;
        let mut tracks = String::new();
        if checks {
            write!(tracks, "{CHECKS}px").expect("writing to a string never fails");
        }
        for (index, column) in self.columns.iter().enumerate() {
            let last = index + 1 == self.columns.len();
            let written = if last {
                write!(tracks, " minmax({}px,1fr)", column.width)
            } else {
                write!(tracks, " {}px", column.width)
            };
            written.expect("writing to a string never fails");
        }
        tracks
    }

    /// Where each column begins and how wide it is, as CSS variables that [`placed`] reads: rows in the page are
    /// many, and placing their cells so costs a third of what a grid does.
    pub(super) fn places(&self, checks: bool) -> String {
        use std::fmt::Write;
        let mut places = String::new();
        let mut left = if checks { CHECKS } else { 0 };
        for (at, column) in self.columns.iter().enumerate() {
            let width = column.width;
            let last = at + 1 == self.columns.len();
            let written = if last {
                write!(
                    places,
                    "--at{at}:{left}px;--wide{at}:calc(100% - {left}px);"
                )
            } else {
                write!(places, "--at{at}:{left}px;--wide{at}:{width}px;")
            };
            written.expect("writing to a string never fails");
            left += width;
        }
        places
    }

    /// Width of all columns together, in pixels.
    pub(super) fn width(&self, checks: bool) -> u32 {
        let columns: u32 = self.columns.iter().map(|column| column.width).sum();
        columns + if checks { CHECKS } else { 0 }
    }
}

/// The CSS that puts a cell into the column at a place.
pub(super) fn placed(at: usize) -> String {
    format!("left:var(--at{at});width:var(--wide{at})")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Layout, ShownColumn, placed};

    fn layout(names: &[&str]) -> Layout {
        Layout {
            columns: names
                .iter()
                .map(|name| ShownColumn {
                    name: (*name).to_owned(),
                    width: 100,
                })
                .collect(),
            ..Layout::default()
        }
    }

    fn sort(layout: &Layout) -> Vec<(&str, bool)> {
        layout
            .sort
            .iter()
            .map(|key| (key.column.as_str(), key.descending))
            .collect()
    }

    #[test]
    fn a_click_sorts_up_then_down_then_not_at_all() {
        let mut layout = layout(&["name", "state"]);
        layout.sort_by("name", false);
        assert_eq!(sort(&layout), [("name", false)]);
        layout.sort_by("name", false);
        assert_eq!(sort(&layout), [("name", true)]);
        layout.sort_by("name", false);
        assert_eq!(sort(&layout), []);
    }

    #[test]
    fn shift_adds_a_second_key_and_replaces_it() {
        let mut layout = layout(&["name", "state", "version"]);
        layout.sort_by("state", false);
        layout.sort_by("name", true);
        assert_eq!(sort(&layout), [("state", false), ("name", false)]);
        layout.sort_by("name", true);
        assert_eq!(sort(&layout), [("state", false), ("name", true)]);
        layout.sort_by("version", true);
        assert_eq!(sort(&layout), [("state", false), ("version", false)]);
        layout.sort_by("name", false);
        assert_eq!(sort(&layout), [("name", false)]);
    }

    #[test]
    fn what_was_kept_is_read_with_care() {
        let default = layout(&["name"]);
        let read = |kept| Layout::read(Some(&kept), &default, |name| name != "gone");
        assert_eq!(read(json!("nonsense")), default);
        let kept = json!({
            "columns": [
                {"name": "state", "width": 5},
                {"name": "gone", "width": 80},
                {"name": "state", "width": 90},
                {"name": "name", "width": 9999},
            ],
            "sort": [{"column": "gone"}],
        });
        let read = read(kept);
        let columns: Vec<_> = read
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.width))
            .collect();
        assert_eq!(columns, [("state", 56), ("name", 960)]);
        assert_eq!(sort(&read), []);
    }

    #[test]
    fn columns_move_and_the_last_one_stays() {
        let mut layout = layout(&["a", "b", "c"]);
        layout.shift("a", 5);
        layout.shift("c", -1);
        let names: Vec<_> = layout.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["c", "b", "a"]);
        for name in ["a", "b", "c"] {
            layout.toggle(name, 100);
        }
        assert_eq!(layout.columns.len(), 1);
        assert_eq!(layout.tracks(true), "36px minmax(100px,1fr)");
    }

    #[test]
    fn cells_are_placed_behind_each_other_and_the_last_takes_what_is_left() {
        let layout = layout(&["a", "b"]);
        assert_eq!(
            layout.places(true),
            "--at0:36px;--wide0:100px;--at1:136px;--wide1:calc(100% - 136px);"
        );
        assert_eq!(placed(1), "left:var(--at1);width:var(--wide1)");
    }
}
