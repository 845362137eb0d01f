//! Entries of key and content in a form: files and settings of a ConfigMap, values of a secret, items of encrypted
//! data.

use std::sync::Arc;

use ief_api::rules::{Problem, Rule, dictionary_length};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

use super::{Rows, focus_last};
use crate::format;
use crate::kit::form::{Check, expect_form, problem_words};
use crate::kit::{Button, Checkbox, Glyph, IconButton, Kind, Look, Text, TextField, unique};
use crate::words;
use crate::words::entries as texts;

/// What entries hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text, which is shown.
    Text,
    /// Secrets, which are hidden and go to the service in Base64.
    Secrets,
    /// Items of encrypted data, which are hidden and go to the service as they are. One that is there already keeps
    /// its value while no other is typed.
    Items,
}

/// An entry as typed.
#[derive(Clone, Copy)]
pub struct EntryDraft {
    /// Its key.
    pub key: RwSignal<String>,
    /// Its content.
    pub value: RwSignal<String>,
    /// The file it was read from. Of a secret the content is in Base64 then.
    pub file: RwSignal<Option<String>>,
    /// Whether the service is to encrypt it. Said of items only.
    pub encrypted: RwSignal<bool>,
    /// The key it has at the service, and whether it is encrypted there.
    known: StoredValue<Option<(String, bool)>>,
    /// Why the last file could not be read.
    problem: RwSignal<Option<String>>,
}

/// Entries with the rules they keep.
#[derive(Clone, Copy)]
pub struct Entries {
    /// The entries.
    pub rows: Rows<EntryDraft>,
    /// What they hold.
    pub holds: Holds,
    /// The rule of a key.
    pub key_rule: &'static Rule,
    /// The rule of each content, where there is one.
    pub value_rule: Option<&'static Rule>,
    /// The rule of all of them together, as the service counts them, where there is one.
    pub whole_rule: Option<&'static Rule>,
}

/// An item as it is sent.
pub struct Item {
    /// Its key.
    pub key: String,
    /// Its value. Without one it keeps the one it has.
    pub value: Option<String>,
    /// Whether the service is to encrypt it.
    pub encrypted: bool,
}

impl EntryDraft {
    /// An entry with its content.
    pub fn new(key: &str, value: &str) -> Self {
        Self {
            key: RwSignal::new(key.to_owned()),
            value: RwSignal::new(value.to_owned()),
            file: RwSignal::new(None),
            encrypted: RwSignal::new(true),
            known: StoredValue::new(None),
            problem: RwSignal::new(None),
        }
    }

    /// An item that is there already. Its value never comes here.
    pub fn known(key: &str, encrypted: bool) -> Self {
        let draft = Self::new(key, "");
        draft.encrypted.set(encrypted);
        draft.known.set_value(Some((key.to_owned(), encrypted)));
        draft
    }

    /// Whether it keeps its value when none is typed: the service knows it by its key, and encrypts or doesn't
    /// encrypt only what it is given. Tracked.
    fn is_kept(self) -> bool {
        let known = self.known.get_value();
        known.is_some_and(|(key, encrypted)| {
            self.key.with(|now| *now == key) && self.encrypted.get() == encrypted
        })
    }

    /// The content as it is sent. Tracked.
    fn sent(self, holds: Holds) -> String {
        match (holds, self.file.with(Option::is_some)) {
            (Holds::Secrets, false) => self.value.with(|value| base64(value.as_bytes())),
            _ => self.value.get(),
        }
    }
}

impl Entries {
    /// Keys with their content as it is sent. Tracked.
    pub fn sent(self) -> Vec<(String, String)> {
        self.rows
            .get()
            .into_iter()
            .map(|(_, row)| (row.key.get(), row.sent(self.holds)))
            .collect()
    }

    /// Items as they are sent. Tracked.
    pub fn items(self) -> Vec<Item> {
        self.rows
            .get()
            .into_iter()
            .map(|(_, row)| {
                let value = row.value.get();
                let is_typed = !value.is_empty() || !row.is_kept();
                Item {
                    key: row.key.get(),
                    value: is_typed.then_some(value),
                    encrypted: row.encrypted.get(),
                }
            })
            .collect()
    }

    /// How long they are together, as the service counts. Tracked.
    fn length(self) -> usize {
        let all = self.sent();
        dictionary_length(
            all.iter()
                .map(|(key, value)| (key.as_str(), Some(value.as_str()))),
        )
    }

    /// What is wrong with all of them together. Tracked.
    pub fn problem(self) -> Option<Problem> {
        self.whole_rule?.length(self.length()).err()
    }
}

/// Edits entries.
#[component]
pub fn EntryEditor(
    /// The entries.
    entries: Entries,
) -> AnyView {
    let form = expect_form();
    let rows = entries.rows;
    let lines = move |(number, row): (u32, EntryDraft)| line(entries, number, row);
    let id = unique("entries");
    let place = id.clone();
    let length = Memo::new(move |_| entries.length());
    let most = entries.whole_rule.and_then(Rule::max_length);
    let problem = Memo::new(move |_| entries.problem());
    let count = move || {
        let most = format::count(most? as u64);
        Some(texts::length(format::count(length.get() as u64), most))
    };
    view! {
        <div class="editor" id=id role="group" aria-label=texts::title>
            <For each=move || rows.get() key=|(number, _)| *number children=lines />
            <div class="row">
                <Button
                    label=texts::add
                    glyph=Glyph::Plus
                    look=Look::Quiet
                    on_press=move || {
                        form.touch();
                        rows.add(|| EntryDraft::new("", ""));
                        focus_last(&place, ".entry");
                    }
                />
                <span class="spacer"></span>
                <span class="second small number">{count}</span>
            </div>
            <p class="field-problem" role="alert">{move || problem.get().map(|problem| problem_words(&problem))}</p>
        </div>
    }
    .into_any()
}

fn line(entries: Entries, number: u32, row: EntryDraft) -> AnyView {
    let form = expect_form();
    let rows = entries.rows;
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
    let kind = match entries.holds {
        Holds::Text => Kind::CodeLines,
        Holds::Secrets | Holds::Items => Kind::Secret,
    };
    let hidden = entries.holds != Holds::Text;
    let kept = Memo::new(move |_| row.is_kept());
    let length = move || match entries.holds {
        // Base64 makes four characters of three bytes.
        Holds::Secrets => row.value.with(String::len) / 4 * 3,
        Holds::Text | Holds::Items => row.value.with(String::len),
    };
    let label = if hidden {
        texts::secret_value
    } else {
        texts::value
    };
    let content = move || match row.file.get() {
        // What was read from a file is a secret nobody has to see again.
        Some(file) if hidden => {
            view! { <p class="second">{texts::from_file(file, format::bytes(length() as u64))}</p> }
                .into_any()
        }
        _ => {
            let required = hidden && !kept.get();
            let placeholder = match kept.get() {
                true => Text::from(texts::kept),
                false => Text::default(),
            };
            let check = entries.value_rule.map(check_of);
            view! {
                <TextField
                    label=label
                    value=row.value
                    kind=kind
                    required=required
                    placeholder=placeholder
                    check=check.unwrap_or_else(|| Arc::new(|_: &str| Ok(())))
                />
            }
            .into_any()
        }
    };
    let encrypted = (entries.holds == Holds::Items).then(|| {
        view! { <Checkbox label=texts::encrypted value=row.encrypted help=texts::encrypted_help /> }
    });
    view! {
        <div class="entry">
            <div class="entry-head">
                <TextField label=texts::key value=row.key rule=entries.key_rule check=unique required=true />
                {file_button(entries.holds, row)}
                <IconButton
                    glyph=Glyph::Trash
                    label=move || words::kit::remove(row.key.get())
                    on_press=move || {
                        form.touch();
                        rows.remove(number);
                    }
                />
            </div>
            {content}
            {encrypted}
            <p class="field-problem" role="alert">{move || row.problem.get()}</p>
        </div>
    }
    .into_any()
}

/// What a rule says of a text.
fn check_of(rule: &'static Rule) -> Check {
    Arc::new(move |text: &str| {
        let broken = rule.text(text).err();
        broken.map_or(Ok(()), |problem| Err(problem_words(&problem)))
    })
}

/// Reads the content from a file of the user's choice.
fn file_button(holds: Holds, row: EntryDraft) -> AnyView {
    let form = expect_form();
    let input: NodeRef<leptos::html::Input> = NodeRef::new();
    let chosen = move |_| {
        let Some(field) = input.get_untracked() else {
            return;
        };
        let field: HtmlInputElement = field;
        let file = field.files().and_then(|files| files.get(0));
        // The same file can be chosen again later.
        field.set_value("");
        let Some(file) = file else { return };
        form.touch();
        wasm_bindgen_futures::spawn_local(async move {
            let name = file.name();
            match read(&file, holds).await {
                Ok(content) => {
                    // The form may have been left meanwhile.
                    if row.key.try_with_untracked(String::is_empty) == Some(true) {
                        row.key.try_set(name.clone());
                    }
                    row.problem.try_set(None);
                    row.file.try_set(Some(name));
                    row.value.try_set(content);
                }
                Err(reason) => {
                    row.problem.try_set(Some(reason(&name)));
                }
            }
        });
    };
    view! {
        <input type="file" class="unseen" tabindex="-1" aria-hidden="true" node_ref=input on:change=chosen />
        <Button
            label=texts::open_file
            glyph=Glyph::Open
            on_press=move || {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            }
        />
    }
    .into_any()
}

/// Largest file that is read: no entry can be longer.
const LARGEST: f64 = 1_048_576.0;

/// Why a file is not used, told with its name.
type Reason = fn(&str) -> String;

async fn read(file: &File, holds: Holds) -> Result<String, Reason> {
    let size = Reflect::get(file, &"size".into())
        .ok()
        .and_then(|size| size.as_f64());
    if size.is_some_and(|size| size > LARGEST) {
        return Err(match holds {
            Holds::Items => |name| texts::too_large_value(name),
            Holds::Text | Holds::Secrets => |name| texts::too_large(name),
        });
    }
    let unreadable: Reason = |name| texts::unreadable(name);
    let bytes = bytes(file).await.map_err(|_| unreadable)?;
    match holds {
        Holds::Items if bytes.is_empty() => Err(|name| texts::empty_file(name)),
        Holds::Secrets => Ok(base64(&bytes)),
        Holds::Text | Holds::Items => {
            String::from_utf8(bytes).map_err(|_| -> Reason { |name| texts::not_text(name) })
        }
    }
}

async fn bytes(file: &File) -> Result<Vec<u8>, JsValue> {
    let method: Function = Reflect::get(file, &"arrayBuffer".into())?.dyn_into()?;
    let promise: Promise = method.call0(file)?.dyn_into()?;
    Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
}

fn base64(bytes: &[u8]) -> String {
    // The browser's own function takes a text whose characters are the bytes.
    let text: String = bytes.iter().copied().map(char::from).collect();
    window().btoa(&text).unwrap_or_default()
}
