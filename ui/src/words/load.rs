//! Loads the words of a language from the file beside the interface.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::{Lang, Words, spoken};
use crate::beforehand;

/// Uses a language from now on. Words that can't be loaded stay as they are: they are part of the application,
/// like the code that loads them.
pub(crate) async fn speak(language: Lang) {
    let words = spoken().get_untracked();
    if words.language == language && words.count > 0 {
        return;
    }
    let loaded = match fetch(language).await {
        Ok(file) => Words::read(language, file),
        Err(error) => {
            leptos::logging::error!("no words: {error:?}");
            None
        }
    };
    if let Some(words) = loaded {
        spoken().set(words);
    }
}

async fn fetch(language: Lang) -> Result<String, JsValue> {
    let name = match language {
        Lang::En => "words.en.txt",
        Lang::Zh => "words.zh.txt",
    };
    let bytes = match beforehand::take(name).await {
        Some(Ok(bytes)) => bytes,
        _ => {
            let response: Response = JsFuture::from(window().fetch_with_str(name))
                .await?
                .dyn_into()?;
            JsFuture::from(response.array_buffer()?).await?
        }
    };
    // As bytes it is one copy; as a text it would be handed over letter by letter.
    String::from_utf8(Uint8Array::new(&bytes).to_vec())
        .map_err(|error| JsValue::from_str(&error.to_string()))
}
