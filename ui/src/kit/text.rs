//! A text of a primitive: fixed, or made anew when the language or what it tells of changes.

use std::borrow::Cow;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::view::IntoRender;

use crate::words::Word;

/// What a primitive says. Made of a literal, a `String`, a word, a closure or a signal.
#[derive(Clone)]
pub enum Text {
    /// In the language in use.
    Word(Word),
    /// Always the same.
    Fixed(Cow<'static, str>),
    /// Made when it is shown, and again when a signal in it changes.
    Made(Arc<dyn Fn() -> Cow<'static, str> + Send + Sync>),
}

impl Text {
    /// The text now. Tracked.
    pub fn get(&self) -> Cow<'static, str> {
        match self {
            Self::Word(word) => Cow::Borrowed(word.get()),
            Self::Fixed(text) => text.clone(),
            Self::Made(make) => make(),
        }
    }

    /// The text as a view.
    pub fn view(self) -> AnyView {
        match self {
            Self::Word(word) => word.into_render(),
            Self::Fixed(text) => text.into_any(),
            Self::Made(make) => (move || make()).into_any(),
        }
    }

    /// Whether it is fixed and empty.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Fixed(text) if text.is_empty())
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Fixed(Cow::Borrowed(""))
    }
}

impl From<Word> for Text {
    fn from(word: Word) -> Self {
        Self::Word(word)
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::Fixed(Cow::Borrowed(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Fixed(Cow::Owned(text))
    }
}

impl<F, R> From<F> for Text
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Into<Cow<'static, str>>,
{
    fn from(make: F) -> Self {
        Self::Made(Arc::new(move || make().into()))
    }
}

impl From<Signal<String>> for Text {
    fn from(signal: Signal<String>) -> Self {
        Self::Made(Arc::new(move || Cow::Owned(signal.get())))
    }
}
