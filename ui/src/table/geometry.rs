//! Which rows are in view, and where they stand.
//!
//! A row has a fixed height, so positions follow from numbers alone. WebKit has a tallest element; a
//! list with more rows than fit in it is scrolled in proportion instead.

/// Height of a row, in pixels.
pub(super) const ROW_HEIGHT: f64 = 32.0;

/// Tallest body, in pixels: WebKit's tallest element less the header that stands in the same scroller.
const MAX_HEIGHT: f64 = 33_554_428.0 - 64.0;

/// Most rows asked for at once.
pub(super) const WINDOW: u32 = 200;

/// Rows painted above and below the view, so that a flick shows rows and not ground.
const OVERSCAN: u64 = 6;

/// The rows of a list and the height of its view.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Geometry {
    /// Rows there are.
    pub(super) rows: u64,
    /// Height of the view below the header, in pixels.
    pub(super) view: f64,
}

/// Rows from `first` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    /// The first row.
    pub(super) first: u64,
    /// The row after the last one.
    pub(super) end: u64,
}

impl Span {
    /// Whether the other span lies within.
    pub(super) fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.end <= self.end
    }

    /// Whether a row lies within.
    pub(super) fn has(self, row: u64) -> bool {
        (self.first..self.end).contains(&row)
    }

    /// Rows in it.
    pub(super) fn len(self) -> u64 {
        self.end.saturating_sub(self.first)
    }
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "row numbers and pixels stay far below 2^53 and are never negative here"
)]
impl Geometry {
    fn full(self) -> f64 {
        self.rows as f64 * ROW_HEIGHT
    }

    fn is_compressed(self) -> bool {
        self.full() > MAX_HEIGHT
    }

    /// Height of the body element, in pixels.
    pub(super) fn height(self) -> f64 {
        self.full().min(MAX_HEIGHT)
    }

    /// Which pixel of the uncut list stands at the top of the view.
    fn offset(self, scroll_top: f64) -> f64 {
        let most = (self.full() - self.view).max(0.0);
        let offset = if self.is_compressed() {
            let range = (MAX_HEIGHT - self.view).max(1.0);
            // Whole pixels, or rows would stand between them.
            (scroll_top / range * most).round()
        } else {
            scroll_top
        };
        offset.clamp(0.0, most)
    }

    /// The scroll position that puts this pixel of the uncut list at the top of the view.
    fn scroll_for(self, offset: f64) -> f64 {
        let most = (self.full() - self.view).max(0.0);
        let offset = offset.clamp(0.0, most);
        if self.is_compressed() && most > 0.0 {
            offset / most * (MAX_HEIGHT - self.view)
        } else {
            offset
        }
    }

    /// The rows in view, the last one perhaps cut.
    pub(super) fn visible(self, scroll_top: f64) -> Span {
        let offset = self.offset(scroll_top);
        let first = (offset / ROW_HEIGHT).floor() as u64;
        let end = ((offset + self.view) / ROW_HEIGHT).ceil() as u64;
        Span {
            first: first.min(self.rows),
            end: end.min(self.rows),
        }
    }

    /// The rows to keep in the page.
    pub(super) fn painted(self, scroll_top: f64) -> Span {
        let visible = self.visible(scroll_top);
        Span {
            first: visible.first.saturating_sub(OVERSCAN),
            end: (visible.end + OVERSCAN).min(self.rows),
        }
    }

    /// Most rows that can be in the page at once.
    pub(super) fn slots(self) -> usize {
        (self.view / ROW_HEIGHT).ceil() as usize + 1 + 2 * OVERSCAN as usize
    }

    /// Where a row stands within the body element, in pixels.
    pub(super) fn top(self, row: u64, scroll_top: f64) -> f64 {
        let top = row as f64 * ROW_HEIGHT;
        if self.is_compressed() {
            top - self.offset(scroll_top) + scroll_top
        } else {
            top
        }
    }

    /// Whether rows move within the body while it is scrolled.
    pub(super) fn moves(self) -> bool {
        self.is_compressed()
    }

    /// The scroll position that brings a row into view, or `None` when it is.
    pub(super) fn reveal(self, row: u64, scroll_top: f64) -> Option<f64> {
        let offset = self.offset(scroll_top);
        let top = row as f64 * ROW_HEIGHT;
        if top < offset {
            Some(self.scroll_for(top))
        } else if top + ROW_HEIGHT > offset + self.view {
            Some(self.scroll_for(top + ROW_HEIGHT - self.view))
        } else {
            None
        }
    }

    /// Rows a page key moves by.
    pub(super) fn page(self) -> u64 {
        ((self.view / ROW_HEIGHT).floor() as u64)
            .saturating_sub(1)
            .max(1)
    }

    /// The window of rows to ask for around these.
    pub(super) fn window(self, around: Span) -> Span {
        let most = u64::from(WINDOW);
        let spare = most.saturating_sub(around.len()) / 2;
        let first = around.first.saturating_sub(spare);
        let end = (first + most).min(self.rows.max(around.end));
        Span {
            first: first.min(end.saturating_sub(most.min(end))),
            end,
        }
    }

    /// The rows whose absence is a reason to ask: those in view and half a window around them.
    pub(super) fn wanted(self, scroll_top: f64) -> Span {
        let painted = self.painted(scroll_top);
        let spare = u64::from(WINDOW).saturating_sub(painted.len()) / 4;
        Span {
            first: painted.first.saturating_sub(spare),
            end: (painted.end + spare).min(self.rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Geometry, MAX_HEIGHT, ROW_HEIGHT, Span, WINDOW};

    fn list(rows: u64) -> Geometry {
        Geometry { rows, view: 640.0 }
    }

    #[test]
    fn rows_in_view_follow_from_the_scroll_position() {
        let visible = |rows, scroll_top| {
            let span = list(rows).visible(scroll_top);
            (span.first, span.end)
        };
        assert_eq!(visible(0, 0.0), (0, 0));
        assert_eq!(visible(3, 0.0), (0, 3));
        assert_eq!(visible(1000, 0.0), (0, 20));
        assert_eq!(visible(1000, 1.0), (0, 21));
        assert_eq!(visible(1000, 32.0 * 980.0), (980, 1000));
        // A list that became shorter is not asked for rows it doesn't have.
        assert_eq!(visible(10, 9999.0), (0, 10));
    }

    #[test]
    fn every_row_of_a_list_taller_than_webkit_allows_can_be_reached() {
        let geometry = list(3_000_000);
        assert!(geometry.height() <= MAX_HEIGHT);
        let end = geometry.height() - geometry.view;
        assert_eq!(geometry.visible(end).end, 3_000_000);
        for row in [0, 1, 1_048_576, 2_999_999] {
            let scroll_top = geometry.reveal(row, 0.0).unwrap_or(0.0);
            let visible = geometry.visible(scroll_top);
            assert!(
                visible.first <= row && row < visible.end,
                "{row} {visible:?}"
            );
            let top = geometry.top(row, scroll_top) - scroll_top;
            assert!(
                top > -ROW_HEIGHT && top < geometry.view,
                "{row} stands at {top}"
            );
        }
    }

    #[test]
    fn a_row_is_revealed_by_the_shortest_way() {
        let geometry = list(1000);
        assert_eq!(geometry.reveal(5, 0.0), None);
        assert_eq!(geometry.reveal(20, 0.0), Some(32.0));
        assert_eq!(geometry.reveal(0, 320.0), Some(0.0));
        assert_eq!(geometry.reveal(999, 0.0), Some(32.0 * 980.0));
    }

    #[test]
    fn windows_hold_the_view_and_no_more_than_may_be_asked_for() {
        for rows in [1, 19, 200, 201, 100_000, 3_000_000] {
            let geometry = list(rows);
            for step in 0..50 {
                let scroll_top = geometry.height() * f64::from(step) / 50.0;
                let painted = geometry.painted(scroll_top);
                let window = geometry.window(painted);
                assert!(
                    window.len() <= u64::from(WINDOW),
                    "{rows} {scroll_top} {window:?}"
                );
                assert!(
                    window.covers(painted),
                    "{rows} {scroll_top} {window:?} {painted:?}"
                );
                assert!(
                    window.covers(geometry.wanted(scroll_top)),
                    "{rows} {scroll_top}"
                );
                assert!(painted.len() <= geometry.slots() as u64);
            }
        }
    }

    #[test]
    fn spans_cover_their_parts() {
        let span = Span { first: 10, end: 20 };
        assert!(span.covers(span));
        assert!(!span.covers(Span { first: 9, end: 12 }));
        assert!(!span.covers(Span { first: 19, end: 21 }));
    }
}
