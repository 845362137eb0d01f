//! A document while it is edited, in all its views at once: commands of pictures and forms change the text, typing in
//! the text changes the document, and both can be taken back. While the text is in error the document waits.

use crate::document::{Document, Origin, PatchError};
use crate::draft::Draft;
use crate::edit::Edit;
use crate::history::{History, Step, TextChange, Together};
use crate::ids::Anchor;
use crate::path::Path;
use crate::source::{self, Format, Parsed, SyntaxError, TextEdit, apply_edits, rewrite, rewritten};

/// The text of a document.
#[derive(Debug, Clone)]
struct Source {
    format: Format,
    text: String,
    read: Result<Parsed, SyntaxError>,
    /// The text in the other format as it was left, so that its comments are there again.
    other: Option<String>,
}

impl Source {
    fn new(text: String, format: Format) -> Self {
        let read = source::parse(&text, format);
        let other = None;
        Self {
            format,
            text,
            read,
            other,
        }
    }

    fn set(&mut self, text: String) {
        self.read = source::parse(&text, self.format);
        self.text = text;
    }
}

/// Why something can't be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text is in error; the other views wait.
    #[error("the text is in error: {0}")]
    TextInError(SyntaxError),
    /// The document has no such place.
    #[error(transparent)]
    Patch(#[from] PatchError),
}

/// What became of the views.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    /// The part it was about, where it is now.
    pub at: Path,
    /// What to change in a view of the text, from front to back, so that its cursor and its folds stay.
    pub edits: Vec<TextEdit>,
    /// What is to be selected, where something was taken back or done again.
    pub selection: Option<Anchor>,
}

/// A document while it is edited.
#[derive(Debug, Clone)]
pub struct Editor {
    document: Document,
    source: Source,
    history: History,
    selection: Option<Anchor>,
    /// Counts changes, so that a view knows whether it has seen the last one.
    revision: u64,
}

impl Editor {
    /// Begins with a document, written as text.
    #[must_use]
    pub fn new(document: Document, format: Format) -> Self {
        let text = source::emit(document.value(), format);
        Self {
            source: Source::new(text, format),
            document,
            history: History::default(),
            selection: None,
            revision: 0,
        }
    }

    /// Begins with a text. What it says is the document; in error it is an empty one until it is mended.
    #[must_use]
    pub fn from_text(text: String, format: Format, origin: Option<Origin>) -> Self {
        let source = Source::new(text, format);
        let value = source.read.as_ref().map(|it| it.value().clone());
        let mut document = Document::new(value.unwrap_or_default());
        document.set_origin(origin);
        Self {
            document,
            source,
            history: History::default(),
            selection: None,
            revision: 0,
        }
    }

    /// Goes on with a draft.
    #[must_use]
    pub fn from_draft(draft: &Draft) -> Self {
        let document = draft.document();
        let Some((format, text)) = draft.source() else {
            return Self::new(document, Format::Yaml);
        };
        let mut editor = Self::new(document, format);
        let source = Source::new(text.to_owned(), format);
        // A text that says something else than the document was left in error, or is older than it.
        let is_same = source
            .read
            .as_ref()
            .map_or(true, |it| it.value() == editor.document.value());
        if is_same {
            editor.source = source;
        }
        editor
    }

    /// What is kept of it, at a time in milliseconds since 1970.
    #[must_use]
    pub fn draft(&self, now: u64) -> Draft {
        let source = Some((self.source.format, self.source.text.clone()));
        Draft::new(&self.document, source, now)
    }

    /// The document.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// How the text is written.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.source.format
    }

    /// The text with its places, or why it is no document.
    ///
    /// # Errors
    /// While the text is in error.
    pub const fn parsed(&self) -> Result<&Parsed, &SyntaxError> {
        self.source.read.as_ref()
    }

    /// Counts changes.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether something can be taken back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.history.can_undo()
    }

    /// Whether something that was taken back can be done again.
    #[must_use]
    pub const fn can_redo(&self) -> bool {
        self.history.can_redo()
    }

    /// Says what is selected, for whoever takes back what comes next.
    pub fn select(&mut self, selection: Option<Anchor>) {
        self.selection = selection;
    }

    /// Ends a row of keystrokes: what comes next is a step of its own.
    pub fn close_step(&mut self) {
        self.history.close();
    }

    /// Makes it the document of a deployment of the service, once it is one.
    pub fn set_origin(&mut self, origin: Option<Origin>) {
        self.document.set_origin(origin);
        self.revision += 1;
    }

    /// Carries out a command, at a time in milliseconds. Setting one field again and again is one step.
    ///
    /// # Errors
    /// While the text is in error, and when the command's place isn't there.
    pub fn edit(&mut self, edit: Edit, now: u64) -> Result<Changed, EditError> {
        if let Err(error) = &self.source.read {
            return Err(EditError::TextInError(error.clone()));
        }
        let together = match &edit {
            Edit::Set { path, .. } => Some(Together::Field(self.document.anchor(path))),
            _ => None,
        };
        let done = self.document.edit(edit)?;
        let before = self.source.text.clone();
        let edits = self.write_back();
        let change = TextChange::between(&before, &self.source.text, self.source.format);
        if done.undo.is_nothing() && change.is_none() {
            let at = done.at;
            return Ok(Changed {
                at,
                ..Changed::default()
            });
        }
        let step = Step {
            patches: vec![done.undo],
            texts: change.map(TextChange::reversed).into_iter().collect(),
            selection: self.selection.clone(),
        };
        self.history.push(step, together, now);
        self.revision += 1;
        Ok(Changed {
            at: done.at,
            edits,
            selection: None,
        })
    }

    /// Takes over what was typed into the text, at a time in milliseconds. In error it is kept, and the document
    /// waits.
    pub fn type_text(&mut self, text: String, now: u64) {
        let Some(change) = TextChange::between(&self.source.text, &text, self.source.format) else {
            return;
        };
        self.source.set(text);
        let mut patches = Vec::new();
        if let Ok(parsed) = &self.source.read {
            let patch = self.document.patch_to(parsed.value());
            // The change was made for this very document.
            if let Ok(undo) = self.document.patch(patch)
                && !undo.is_nothing()
            {
                patches.push(undo);
            }
        }
        // A new line is a good place to go back to.
        let together = (!change.inserted.contains('\n')).then_some(Together::Typing);
        let step = Step {
            patches,
            texts: vec![change.reversed()],
            selection: self.selection.clone(),
        };
        self.history.push(step, together, now);
        self.revision += 1;
    }

    /// Shows the text in the other format.
    ///
    /// # Errors
    /// While the text is in error.
    pub fn set_format(&mut self, format: Format) -> Result<(), EditError> {
        if let Err(error) = &self.source.read {
            return Err(EditError::TextInError(error.clone()));
        }
        if format == self.source.format {
            return Ok(());
        }
        let value = self.document.value();
        let left = self.source.other.take();
        let text = left.and_then(|text| {
            let parsed = source::parse(&text, format).ok()?;
            let edits = rewrite(&text, &parsed, value);
            Some(apply_edits(&text, &edits))
        });
        let text = text.unwrap_or_else(|| source::emit(value, format));
        let before = std::mem::replace(&mut self.source, Source::new(text, format));
        self.source.other = Some(before.text);
        self.history.close();
        self.revision += 1;
        Ok(())
    }

    /// Takes the last step back. `None` when there is none.
    pub fn undo(&mut self) -> Option<Changed> {
        let step = self.history.undo()?;
        let (changed, back) = self.travel(step);
        self.history.undone(back);
        Some(changed)
    }

    /// Does again what was taken back last, at a time in milliseconds. `None` when there is nothing.
    pub fn redo(&mut self, now: u64) -> Option<Changed> {
        let step = self.history.redo()?;
        let (changed, back) = self.travel(step);
        self.history.redone(back, now);
        Some(changed)
    }

    fn travel(&mut self, step: Step) -> (Changed, Step) {
        let mut back = Step {
            selection: self.selection.take(),
            ..Step::default()
        };
        let mut at = Path::root();
        for patch in step.patches {
            if let Some(place) = patch.places().last() {
                at = (*place).clone();
            }
            // Steps are taken back in the order in which they were made, so each finds what it left.
            if let Ok(undo) = self.document.patch(patch) {
                back.patches.insert(0, undo);
            }
        }
        let before = self.source.text.clone();
        let mut text = Some(before.clone());
        for change in &step.texts {
            let fits = change.format == self.source.format;
            text = text.and_then(|text| change.apply(&text).filter(|_| fits));
        }
        match text {
            Some(text) => self.source.set(text),
            // It was typed in the other format.
            None => {
                self.write_back();
            }
        }
        // Text that is right has to say what the document says.
        let differs = match &self.source.read {
            Ok(parsed) => parsed.value() != self.document.value(),
            Err(_) => step.texts.is_empty(),
        };
        if differs {
            self.write_back();
        }
        let format = self.source.format;
        let change = TextChange::between(&before, &self.source.text, format);
        back.texts.extend(change.clone().map(TextChange::reversed));
        let edits = change.map(|it| TextEdit {
            range: it.start..it.start + it.removed.len(),
            text: it.inserted,
        });
        self.selection.clone_from(&step.selection);
        self.revision += 1;
        let changed = Changed {
            at: self.document.existing(&at),
            edits: edits.into_iter().collect(),
            selection: step.selection,
        };
        (changed, back)
    }

    /// Makes the text say what the document says.
    fn write_back(&mut self) -> Vec<TextEdit> {
        let value = self.document.value();
        match &self.source.read {
            Ok(parsed) => {
                let Some(written) = rewritten(&self.source.text, parsed, value) else {
                    return Vec::new();
                };
                self.source.text = written.text;
                self.source.read = Ok(written.parsed);
                written.edits
            }
            Err(_) => {
                let range = 0..self.source.text.len();
                let text = source::emit(value, self.source.format);
                self.source.set(text.clone());
                vec![TextEdit { range, text }]
            }
        }
    }
}
