//! What can be taken back and done again: over all ways in which a document is edited, with keystrokes that belong
//! together as one.

use std::collections::VecDeque;

use crate::document::Patch;
use crate::ids::Anchor;
use crate::source::Format;

/// So many steps are kept.
pub const MAX_STEPS: usize = 500;

/// Keystrokes this close to each other, in milliseconds, are one step.
const TOGETHER: u64 = 1_000;

/// A step is no longer than this, in milliseconds, so that not everything typed in one go is one.
const LONGEST: u64 = 5_000;

/// A piece of text that took the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// How the text is written.
    pub format: Format,
    /// Where, in bytes.
    pub start: usize,
    /// What was there.
    pub removed: String,
    /// What is there now.
    pub inserted: String,
}

impl TextChange {
    /// What differs between two texts; nothing where they are the same.
    #[must_use]
    pub fn between(before: &str, after: &str, format: Format) -> Option<Self> {
        if before == after {
            return None;
        }
        let same = before.bytes().zip(after.bytes());
        let mut start = same.take_while(|(left, right)| left == right).count();
        while !before.is_char_boundary(start) || !after.is_char_boundary(start) {
            start -= 1;
        }
        let rest = before[start..]
            .bytes()
            .rev()
            .zip(after[start..].bytes().rev());
        let mut end = rest.take_while(|(left, right)| left == right).count();
        while !before.is_char_boundary(before.len() - end)
            || !after.is_char_boundary(after.len() - end)
        {
            end -= 1;
        }
        Some(Self {
            format,
            start,
            removed: before[start..before.len() - end].to_owned(),
            inserted: after[start..after.len() - end].to_owned(),
        })
    }

    /// The change that takes it back.
    #[must_use]
    pub fn reversed(self) -> Self {
        let (removed, inserted) = (self.inserted, self.removed);
        Self {
            removed,
            inserted,
            ..self
        }
    }

    /// Carries it out. `None` when the text is not the one that it was made for.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        let rest = text.get(self.start..)?.strip_prefix(&self.removed)?;
        let before = &text[..self.start];
        Some([before, &self.inserted, rest].concat())
    }
}

/// What is done or taken back at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Step {
    /// Changes of the document, in the order in which they are to be carried out.
    pub(crate) patches: Vec<Patch>,
    /// Changes of the text, in the order in which they are to be carried out.
    pub(crate) texts: Vec<TextChange>,
    /// What was selected before, or after what is done again.
    pub(crate) selection: Option<Anchor>,
}

/// What keystrokes have to have in common to be one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Together {
    /// They set the same field.
    Field(Anchor),
    /// They are typed into the text.
    Typing,
}

#[derive(Debug, Clone)]
struct Entry {
    step: Step,
    together: Option<Together>,
    began: u64,
    ended: u64,
}

/// Steps that can be taken back, and those that were.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    past: VecDeque<Entry>,
    future: Vec<Step>,
    /// Whether the next step begins anew, whatever it has in common with the last one.
    is_closed: bool,
}

impl History {
    /// Remembers how something is taken back. What was taken back before can't be done again then.
    pub(crate) fn push(&mut self, step: Step, together: Option<Together>, now: u64) {
        self.future.clear();
        let is_closed = std::mem::replace(&mut self.is_closed, false);
        if let Some(last) = self.past.back_mut()
            && !is_closed
            && together.is_some()
            && last.together == together
            && now.saturating_sub(last.ended) <= TOGETHER
            && now.saturating_sub(last.began) <= LONGEST
        {
            last.ended = now;
            // Taken back in the opposite order, to what was selected at first.
            last.step.patches.splice(0..0, step.patches);
            last.step.texts.splice(0..0, step.texts);
            return;
        }
        if self.past.len() == MAX_STEPS {
            self.past.pop_front();
        }
        self.past.push_back(Entry {
            step,
            together,
            began: now,
            ended: now,
        });
    }

    /// Ends a row of keystrokes: the field was left, or the draft was sent.
    pub(crate) fn close(&mut self) {
        self.is_closed = true;
    }

    pub(crate) fn undo(&mut self) -> Option<Step> {
        self.is_closed = true;
        self.past.pop_back().map(|it| it.step)
    }

    pub(crate) fn redo(&mut self) -> Option<Step> {
        self.is_closed = true;
        self.future.pop()
    }

    /// What was taken back can be done again.
    pub(crate) fn undone(&mut self, step: Step) {
        self.future.push(step);
    }

    /// What was done again can be taken back.
    pub(crate) fn redone(&mut self, step: Step, now: u64) {
        self.past.push_back(Entry {
            step,
            together: None,
            began: now,
            ended: now,
        });
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub(crate) const fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::TextChange;
    use crate::source::Format;

    #[track_caller]
    fn check(before: &str, after: &str) {
        let change = TextChange::between(before, after, Format::Yaml).unwrap();
        assert_eq!(change.apply(before).as_deref(), Some(after));
        assert_eq!(change.reversed().apply(after).as_deref(), Some(before));
    }

    #[test]
    fn changes_of_texts_can_be_taken_back() {
        check("a", "b");
        check("", "b");
        check("aa", "aaa");
        check("xay", "xy");
        check("é", "è");
        check("数据", "数");
        assert!(TextChange::between("a", "a", Format::Json).is_none());
        let change = TextChange::between("abc", "axc", Format::Json).unwrap();
        assert_eq!(change.apply("a"), None);
    }
}
