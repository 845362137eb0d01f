//! What is kept of a document that is being edited, so that nothing is lost when the console ends.
//!
//! A draft is JSON with a version. Whatever can be read of a draft is read: what is missing, of another kind or unknown
//! loses nothing but itself.

use serde_json::{Map, Value, json};

use crate::document::{Document, Origin, integer_in, text_in};
use crate::source::Format;

/// The version that is written.
pub const VERSION: u64 = 1;

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    value: Value,
    origin: Option<Origin>,
    /// What the deployment was like when editing began, to merge with what somebody else has made of it.
    base: Option<Value>,
    source: Option<(Format, String)>,
    saved_at: u64,
    /// Fields of a later version, kept for the way back.
    extra: Map<String, Value>,
    version: u64,
}

/// Why a text is no draft.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// It is no JSON, or cut off.
    #[error("the draft can't be read: {0}")]
    NoJson(String),
    /// It is something else.
    #[error("this is no draft")]
    NoDraft,
}

impl Draft {
    /// A draft of a document with its text, at a time in milliseconds since 1970.
    #[must_use]
    pub fn new(document: &Document, source: Option<(Format, String)>, now: u64) -> Self {
        Self {
            value: document.value().clone(),
            origin: document.origin().cloned(),
            base: None,
            source,
            saved_at: now,
            extra: Map::new(),
            version: VERSION,
        }
    }

    /// The same with what the deployment was like when editing began.
    #[must_use]
    pub fn with_base(self, base: Option<Value>) -> Self {
        Self { base, ..self }
    }

    /// Reads a draft.
    ///
    /// # Errors
    /// When it is no JSON, or has no document.
    pub fn read(text: &str) -> Result<Self, DraftError> {
        let value: Value =
            serde_json::from_str(text).map_err(|it| DraftError::NoJson(it.to_string()))?;
        let Value::Object(mut fields) = value else {
            return Err(DraftError::NoDraft);
        };
        let document = fields.shift_remove("document");
        let Some(document) = document.filter(Value::is_object) else {
            return Err(DraftError::NoDraft);
        };
        let mut take = |name: &str| fields.shift_remove(name).unwrap_or_default();
        let origin = take("origin");
        let origin = text_in(&origin, "id").map(|id| Origin {
            id,
            updated_at: text_in(&origin, "updated_at"),
        });
        let source = take("source");
        let format = match text_in(&source, "format").as_deref() {
            Some("json") => Some(Format::Json),
            Some("yaml") => Some(Format::Yaml),
            _ => None,
        };
        let text = source.get("text").and_then(Value::as_str);
        let numbers = json!({ "version": take("version"), "saved_at": take("saved_at") });
        let number = |name: &str| {
            let number = integer_in(&numbers, name);
            number.and_then(|it| u64::try_from(it).ok())
        };
        let base = Some(take("base")).filter(Value::is_object);
        Ok(Self {
            value: Document::new(document).value().clone(),
            origin,
            base,
            source: format.zip(text.map(str::to_owned)),
            saved_at: number("saved_at").unwrap_or(0),
            version: number("version").unwrap_or(VERSION),
            extra: fields,
        })
    }

    /// Writes it.
    #[must_use]
    pub fn write(&self) -> String {
        let source = self.source.as_ref().map(|(format, text)| {
            let format = match format {
                Format::Json => "json",
                Format::Yaml => "yaml",
            };
            json!({ "format": format, "text": text })
        });
        let origin = self.origin.as_ref();
        let origin = origin.map(|it| json!({ "id": it.id, "updated_at": it.updated_at }));
        let mut draft = Map::new();
        draft.insert("version".to_owned(), self.version.max(VERSION).into());
        draft.insert("saved_at".to_owned(), self.saved_at.into());
        draft.insert("document".to_owned(), self.value.clone());
        let parts = [
            ("origin", origin),
            ("base", self.base.clone()),
            ("source", source),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                draft.insert(name.to_owned(), part);
            }
        }
        draft.extend(self.extra.clone());
        Value::Object(draft).to_string()
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> Document {
        let mut document = Document::new(self.value.clone());
        document.set_origin(self.origin.clone());
        document
    }

    /// What the deployment was like when editing began.
    #[must_use]
    pub const fn base(&self) -> Option<&Value> {
        self.base.as_ref()
    }

    /// The text as it was left, in error or not.
    #[must_use]
    pub fn source(&self) -> Option<(Format, &str)> {
        let (format, text) = self.source.as_ref()?;
        Some((*format, text))
    }

    /// When it was kept, in milliseconds since 1970.
    #[must_use]
    pub const fn saved_at(&self) -> u64 {
        self.saved_at
    }

    /// Whether a later version of the console wrote it, so that something of it may not be shown.
    #[must_use]
    pub const fn is_newer(&self) -> bool {
        self.version > VERSION
    }
}
