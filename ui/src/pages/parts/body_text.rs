//! A body that is edited as text.

use leptos::prelude::*;
use serde_json::Value;

use crate::kit::form::Check;
use crate::kit::{Kind, Text, TextField};
use crate::words::explorer as texts;

/// Reads a body, or says where it is no JSON, or that it is no object.
pub fn read_body(text: &str) -> Result<Value, String> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| texts::no_json(error.column(), error.line()))?;
    match value.is_object() {
        true => Ok(value),
        false => Err(texts::no_object.get().to_owned()),
    }
}

/// A field for a body as text. Shown while `text` holds one.
#[component]
pub fn BodyText(
    /// What is typed.
    text: RwSignal<Option<String>>,
    /// What it is.
    #[prop(into)]
    label: Text,
    /// What it is for.
    #[prop(into)]
    help: Text,
    /// Whether it can be read.
    check: Check,
) -> AnyView {
    let typed = RwSignal::new(text.get_untracked().unwrap_or_default());
    Effect::new(move |_| {
        let typed = typed.get();
        if text.get_untracked().as_ref() != Some(&typed) {
            text.set(Some(typed));
        }
    });
    view! {
        <TextField label=label value=typed help=help required=true check=check kind=Kind::CodeLines />
    }
    .into_any()
}
