//! Tags in a form: rows of key and value.

use std::sync::Arc;

use ief_api::rules::common;
use leptos::prelude::*;

use crate::kit::form::{Check, expect_form};
use crate::kit::{Glyph, IconButton, TextField, unique};
use crate::pages::parts::{AddRow, Rows, focus_last};
use crate::words;
use crate::words::{devices as device_texts, templates as texts};

/// A tag as typed.
#[derive(Clone, Copy)]
pub struct TagDraft {
    /// Its key.
    pub key: RwSignal<String>,
    /// Its value.
    pub value: RwSignal<String>,
}

impl TagDraft {
    /// A tag with its value.
    pub fn new(key: &str, value: &str) -> Self {
        Self {
            key: RwSignal::new(key.to_owned()),
            value: RwSignal::new(value.to_owned()),
        }
    }
}

/// Edits tags.
#[component]
pub fn TagEditor(
    /// The tags.
    rows: Rows<TagDraft>,
) -> AnyView {
    let form = expect_form();
    let lines = move |(number, row): (u32, TagDraft)| {
        let unique: Check = Arc::new(move |key: &str| {
            let twice = rows
                .get()
                .into_iter()
                .any(|(other, row)| other != number && row.key.with(|known| known == key));
            if twice {
                Err(words::kit::name_twice.get().to_owned())
            } else {
                Ok(())
            }
        });
        view! {
            <div class="editor-line unlabelled">
                <TextField label=texts::tag_key value=row.key rule=&common::TAG_KEY check=unique required=true />
                <TextField label=texts::tag_value value=row.value rule=&common::TAG_VALUE />
                <IconButton
                    glyph=Glyph::Trash
                    label=move || words::kit::remove(row.key.get())
                    on_press=move || {
                        form.touch();
                        rows.remove(number);
                    }
                />
            </div>
        }
        .into_any()
    };
    let head = move || {
        (rows.count() > 0).then(|| {
            view! {
                <div class="editor-line editor-head" aria-hidden="true">
                    <span>{texts::tag_key}</span>
                    <span>{texts::tag_value}</span>
                </div>
            }
        })
    };
    let id = unique("tags");
    let place = id.clone();
    view! {
        <div class="editor editor-pairs" id=id role="group" aria-label=device_texts::tags>
            {head}
            <For each=move || rows.get() key=|(number, _)| *number children=lines />
            <AddRow label=texts::add_tag count=Signal::derive(move || rows.count()) add=move || {
                rows.add(|| TagDraft::new("", ""));
                focus_last(&place, ".editor-line:not(.editor-head)");
            } />
        </div>
    }
    .into_any()
}
