//! The tags of one thing: shown as chips and changed in place. What is changed is sent together, once somebody
//! has seen it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ief_api::operation::Call;
use ief_api::resource_tag::TaggedType;
use ief_api::rules::{common, node as node_rules};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{call_of, part};
use crate::format;
use crate::kit::form::Check;
use crate::kit::{
    Button, Chip, ChipMark, ErrorNotice, Form, FormFrame, Glyph, Look, Skeleton, TextField, unique,
};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::{list, text};
use crate::tagging::{Changes, Fate, Pending, Tag, joined};
use crate::words;
use crate::words::tags as texts;

/// Most tags of one thing, where no rule says it.
const MOST: usize = 20;

/// The tags of a thing of the inventory as a part of its page. They are read by the tag interface, so that what is
/// typed stays when the thing itself is drawn anew.
pub fn tags_part(kind: &'static str, id: Signal<String>, name: Signal<String>) -> AnyView {
    part(
        texts::title,
        view! { <TagsOf kind=kind id=id name=name /> }.into_any(),
    )
}

/// The tags in a list of pairs.
pub fn tag_list(pairs: &[Value]) -> Vec<Tag> {
    let tag = |pair: &Value| {
        let value = text(pair, "value").unwrap_or_default();
        Some((text(pair, "key")?, value))
    };
    pairs.iter().filter_map(tag).collect()
}

/// A tag that is being typed: of one that is there its key, and the value it starts from.
#[derive(Clone, PartialEq)]
struct Editing {
    key: Option<String>,
    value: String,
}

/// What all parts of the editor share.
#[derive(Clone, Copy)]
struct Editor {
    place: StoredValue<String>,
    pending: RwSignal<Pending>,
    editing: RwSignal<Option<Editing>>,
    /// What is seen of each tag; none until they are read.
    seen: Memo<Option<Vec<(Tag, Fate)>>>,
}

/// The tags of a thing.
#[component]
fn TagsOf(
    /// Its kind.
    kind: &'static str,
    /// Its identifier.
    id: Signal<String>,
    /// Its name.
    name: Signal<String>,
) -> AnyView {
    let Some(tagged) = TaggedType::of_kind(kind) else {
        return ().into_any();
    };
    let tagged = StoredValue::new(tagged.as_str().to_owned());
    let call = Signal::derive(move || {
        let id = id.get();
        (!id.is_empty()).then(|| tag_call("list_tags", &tagged.get_value(), &id))
    });
    let reading = Reading::of(call, "tags");
    let there = Memo::new(move |_| {
        let value = reading.value;
        value.with(|value| {
            let value = value.as_ref()?;
            let pairs = value
                .as_array()
                .map_or_else(|| list(value, "tags"), Vec::as_slice);
            Some(tag_list(pairs))
        })
    });
    let pending = RwSignal::new(Pending::default());
    let editor = Editor {
        place: StoredValue::new(unique("tags")),
        pending,
        editing: RwSignal::new(None),
        seen: Memo::new(move |_| {
            let there = there.get()?;
            Some(pending.with(|pending| pending.seen(&there)))
        }),
    };
    // What is pending belongs to the thing it was typed for, and waits there while a side panel shows another.
    let kept = StoredValue::new(BTreeMap::<String, Pending>::new());
    Effect::watch(
        move || id.get(),
        move |now, before, _| {
            let former = pending.get_untracked();
            let own = kept.try_update_value(|kept| {
                if let Some(before) = before.filter(|_| former != Pending::default()) {
                    kept.insert(before.clone(), former);
                }
                kept.remove(now)
            });
            pending.set(own.flatten().unwrap_or_default());
            editor.editing.set(None);
        },
        false,
    );
    let changes = Memo::new(move |_| {
        let there = there.get().unwrap_or_default();
        pending.with(|pending| pending.changes(&there))
    });
    let form = Form::new();
    Effect::new(move |_| {
        let count = changes.with(Changes::count);
        match count > 0 || kept.with_value(|kept| !kept.is_empty()) {
            true => form.touch(),
            false => form.saved(),
        }
    });
    let review = move || {
        let thing = Thing {
            kind,
            tagged: tagged.get_value(),
            id: id.get_untracked(),
            name: name.get_untracked(),
        };
        let there = there.get_untracked().map_or(0, |there| there.len());
        let most = node_rules::NODE_TAGS.max_entries().unwrap_or(MOST);
        let requests = changes.get_untracked().requests(there, most);
        send(thing, requests, pending);
    };
    let count = Memo::new(move |_| changes.with(Changes::count));
    let bar = move || {
        (count.get() > 0 && editor.editing.with(Option::is_none)).then(|| {
            view! {
                <div class="row row-wrap tags-pending">
                    <span class="second small" role="status">
                        {move || texts::pending(format::count(count.get() as u64))}
                    </span>
                    <Button label=words::kit::review look=Look::Primary on_press=review />
                    <Button
                        label=texts::discard
                        look=Look::Quiet
                        on_press=move || {
                            pending.set(Pending::default());
                            editor.focus();
                        }
                    />
                </div>
            }
        })
    };
    let typing = move || editor.editing.get().map(|editing| editor.field(editing));
    let failed = move || {
        let error = reading.error.get()?;
        Some(view! { <ErrorNotice error=error on_retry=move || reading.reload() /> })
    };
    let unread = Memo::new(move |_| editor.seen.with(Option::is_none));
    let waits = Memo::new(move |_| unread.get() && reading.error.with(Option::is_none));
    view! {
        <div class="tags" id=editor.place.get_value() role="group" aria-label=texts::title>
            {failed}
            {move || waits.get().then(|| view! { <Skeleton lines=1 /> })}
            {move || (!unread.get()).then(|| view! { {editor.chips()} {typing} {bar} })}
        </div>
    }
    .into_any()
}

impl Editor {
    /// The chips, and what adds another.
    fn chips(self) -> AnyView {
        let chips = move || {
            let seen = self.seen.get().unwrap_or_default();
            let none = seen.is_empty() && self.editing.with(Option::is_none);
            let chips = seen
                .into_iter()
                .map(|(tag, fate)| self.chip(tag, fate))
                .collect_view();
            let none = none.then(|| view! { <span class="second">{texts::none}</span> });
            view! { {chips} {none} }
        };
        let add = move || {
            self.editing.set(Some(Editing {
                key: None,
                value: String::new(),
            }));
        };
        view! {
            <div class="row row-wrap">
                {chips}
                <span class="tags-add">
                    <Button label=texts::add glyph=Glyph::Plus look=Look::Quiet on_press=add />
                </span>
            </div>
        }
        .into_any()
    }

    /// A tag: pressed to change it, its cross takes it off, or back what is pending.
    fn chip(self, (key, value): Tag, fate: Fate) -> AnyView {
        let tag = joined(&key, &value);
        let own = key.clone();
        let edit = move |value: String| {
            let key = key.clone();
            Callback::new(move |()| {
                self.editing.set(Some(Editing {
                    key: Some(key.clone()),
                    value: value.clone(),
                }));
            })
        };
        let remove = {
            let key = own.clone();
            Callback::new(move |()| {
                self.pending.update(|pending| pending.remove(&key));
                self.focus();
            })
        };
        let keep = Callback::new(move |()| {
            self.pending.update(|pending| pending.forget(&own));
            self.focus();
        });
        let (told, kept) = (tag.clone(), tag.clone());
        match fate {
            Fate::Stays => view! {
                <Chip label=tag press_label=move || texts::edit(&told) on_press=edit(value) on_remove=remove />
            }
            .into_any(),
            Fate::New => view! {
                <Chip
                    label=tag
                    mark=ChipMark::New
                    press_label=move || texts::chip_new(&told)
                    remove_label=move || texts::keep(&kept)
                    on_press=edit(value)
                    on_remove=keep
                />
            }
            .into_any(),
            Fate::Changed(new) => {
                let now = new.clone();
                let label = move || {
                    let value = if now.is_empty() { texts::empty_value.get() } else { &now };
                    texts::was(&tag, value)
                };
                view! {
                    <Chip
                        label=label
                        mark=ChipMark::Changed
                        press_label=move || texts::chip_changed(&told)
                        remove_label=move || texts::keep(&kept)
                        on_press=edit(new)
                        on_remove=keep
                    />
                }
                .into_any()
            }
            Fate::Gone => view! {
                <Chip
                    label=tag
                    mark=ChipMark::Gone
                    press_label=move || texts::chip_gone(&told)
                    remove_label=move || texts::keep(&kept)
                    on_remove=keep
                />
            }
            .into_any(),
        }
    }

    /// The fields of a tag that is being typed.
    fn field(self, editing: Editing) -> AnyView {
        let form = Form::new();
        let is_new = editing.key.is_none();
        let key = RwSignal::new(editing.key.unwrap_or_default());
        let value = RwSignal::new(editing.value);
        let check: Check = Arc::new(move |key: &str| {
            let twice = |(tag, fate): &(Tag, Fate)| tag.0 == key && *fate != Fate::Gone;
            let seen = self.seen.get_untracked().unwrap_or_default();
            match is_new && seen.iter().any(twice) {
                true => Err(texts::twice.get().to_owned()),
                false => Ok(()),
            }
        });
        let close = move || {
            self.editing.set(None);
            self.focus();
        };
        let take = move || {
            let (key, value) = (key.get_untracked(), value.get_untracked());
            self.pending.update(|pending| pending.set(&key, &value));
            close();
        };
        let keys = move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close();
            }
        };
        let key_field = match is_new {
            true => view! {
                <TextField label=texts::key value=key rule=&common::TAG_KEY check=check required=true autofocus=true />
            }
            .into_any(),
            false => view! { <TextField label=texts::key value=key required=true disabled=true /> }.into_any(),
        };
        let value_field = match is_new {
            true => view! { <TextField label=texts::value value=value rule=&common::TAG_VALUE /> }
                .into_any(),
            false => view! {
                <TextField label=texts::value value=value rule=&common::TAG_VALUE autofocus=true />
            }
            .into_any(),
        };
        view! {
            <div class="tags-editor" role="group" aria-label=texts::editor on:keydown=keys>
                <FormFrame form=form on_submit=take>
                    <div class="tags-fields">
                        {key_field}
                        {value_field}
                        <div class="row tags-buttons">
                            <Button label=texts::take submit=true />
                            <Button label=words::kit::cancel look=Look::Quiet on_press=close />
                        </div>
                    </div>
                </FormFrame>
            </div>
        }
        .into_any()
    }

    /// Gives the focus to what comes next: sending what is pending, else adding a tag. What had it is gone.
    fn focus(self) {
        let Some(place) = self.place.try_get_value() else {
            return;
        };
        request_animation_frame(move || {
            let choices = [".tags-pending .button-primary", ".tags-add .button"];
            let found = choices.iter().find_map(|choice| {
                let selector = format!("#{place} {choice}");
                document().query_selector(&selector).ok().flatten()
            });
            if let Some(found) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                // Only what can't have it refuses the focus.
                let _ = found.focus();
            }
        });
    }
}

/// What tags are changed of.
#[derive(Clone)]
struct Thing {
    kind: &'static str,
    tagged: String,
    id: String,
    name: String,
}

/// Sends requests, each shown before, the next one after the one before is done.
fn send(thing: Thing, mut requests: Vec<Changes>, pending: RwSignal<Pending>) {
    if requests.is_empty() {
        return;
    }
    let request = requests.remove(0);
    let keys: Vec<String> = request.keys().map(str::to_owned).collect();
    let change = change_of(&thing, &request, !requests.is_empty());
    sheet::send(change.on_done(move |_| {
        // The page may have been left meanwhile.
        pending.try_update(|pending| pending.forget_all(keys.iter().map(String::as_str)));
        send(thing.clone(), requests.clone(), pending);
    }));
}

/// A request as the sheet shows it.
fn change_of(thing: &Thing, request: &Changes, another_follows: bool) -> Change {
    let said = request.call();
    let mut call = tag_call(said.operation, &thing.tagged, &thing.id);
    if let Some(key) = said.key {
        call.path.insert("key".to_owned(), key);
    }
    call.body = said.body;
    let (of_title, of_done) = (thing.name.clone(), thing.name.clone());
    let (name, told) = (thing.name.clone(), request.clone());
    let change = Change::new(
        move || texts::change::title(&of_title),
        move || sentence(&name, &told, another_follows),
        call,
    )
    .target(thing.kind, &thing.id, &thing.name)
    .button(texts::change::button)
    .done(move || texts::change::done(&of_done));
    match request.inverse() {
        Some(inverse) => {
            let thing = thing.clone();
            change.undo(move || change_of(&thing, &inverse, false))
        }
        None => change,
    }
}

fn sentence(name: &str, request: &Changes, another_follows: bool) -> String {
    let also = words::table::filter::also.get();
    let tags = |tags: &[Tag]| {
        let tags = tags.iter().map(|(key, value)| joined(key, value));
        tags.collect::<Vec<_>>().join(also)
    };
    let mut said = Vec::new();
    if !request.added.is_empty() {
        said.push(texts::change::added(name, tags(&request.added)));
    }
    if !request.changed.is_empty() {
        let changed = request.changed.iter().map(|((key, now), before)| {
            let now = if now.is_empty() {
                texts::empty_value.get()
            } else {
                now
            };
            texts::was(joined(key, before), now)
        });
        let changed = changed.collect::<Vec<_>>().join(also);
        said.push(texts::change::changed(changed));
    }
    if !request.removed.is_empty() {
        said.push(texts::change::removed(name, tags(&request.removed)));
    }
    if another_follows {
        said.push(texts::change::two.get().to_owned());
    }
    said.join(" ")
}

/// A call of the tag interface on one thing.
fn tag_call(operation: &str, tagged: &str, id: &str) -> Call {
    call_of(
        operation,
        &[("resource_type", tagged), ("resource_id", id)],
        &[],
    )
}
