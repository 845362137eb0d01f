//! What the pages of ConfigMaps, secrets and encrypted data have in common: one thing, its deletion, its form's
//! frame.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use ief_api::resource::ResourceSpec;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::parts::{call_of, first_of, form_of, form_page, known, thing_page};
use crate::kit::facts::time_of;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Form, Glyph, Id, Item, Look, MenuButton, Skeleton, Text,
    text_or_dash,
};
use crate::relations;
use crate::router::{self, Address};
use crate::sheet::Change;
pub use crate::table::reading::text;
use crate::table::{PanelContext, Reading};
use crate::words;
use crate::words::Word;
use crate::words::entries as texts;

/// When a thing was last changed, by either of the names that the service has for it.
const UPDATED: [&str; 2] = ["updated_at", "updated_time"];

/// A kind of thing made of entries.
pub struct Kind {
    /// Its declaration.
    pub resource: &'static ResourceSpec,
    /// Address of its pages.
    pub address: &'static str,
    /// Address of its list, as a link has it.
    pub list: &'static str,
    /// Its icon.
    pub glyph: Glyph,
    /// Its name, in the plural.
    pub title: Word,
    /// A verb: "Change ConfigMap".
    pub update: Word,
    /// A verb: "Delete ConfigMap".
    pub delete: Word,
    /// The operation that deletes one.
    pub delete_operation: &'static str,
    /// Deletes one by its identifier and name, having asked.
    pub remove: fn(&str, &str),
    /// What is known of one.
    pub content: fn(&Value) -> AnyView,
    /// What stands below that and reads for itself, by the thing's identifier.
    pub more: Option<fn(Signal<String>, Reading) -> AnyView>,
}

/// The change that deletes one, after its name was typed. `sentence` says what it does.
pub fn deletion(kind: &'static Kind, id: &str, name: &str, sentence: impl Into<Text>) -> Change {
    let own = Address::new([kind.address, id]).path;
    let call = call_of(
        kind.delete_operation,
        &[(kind.resource.id_parameter, id)],
        &[],
    );
    Change::new(texts::delete_title(name), sentence, call)
        .target(kind.resource.kind, id, name)
        .button(kind.delete)
        .done(texts::deleted(name))
        .on_done(move |_| {
            // The page of what is gone is left.
            if router::Router::the().address_now().path.starts_with(&own) {
                router::go(kind.list);
            }
        })
}

/// Goes to the form of one.
pub fn edit(kind: &'static Kind, id: &str) {
    router::go(&Address::new([kind.address, id, "edit"]).to_string());
}

/// The page of one.
pub fn detail(kind: &'static Kind, id: String) -> AnyView {
    let id = Signal::stored(id);
    let reading = Reading::detail(kind.resource, id);
    let name = Memo::new(move |_| {
        reading
            .value
            .with(|it| it.as_ref().map(|it| text(it, "name").unwrap_or_default()))
    });
    let actions = move || {
        name.get().map(|_| {
            view! {
                <span class="spacer"></span>
                {buttons(kind, id, reading)}
            }
        })
    };
    let known = known(reading);
    let body = move || content(kind, reading, known.get());
    thing_page(
        (kind.list, kind.title),
        move || name.get().unwrap_or_else(|| id.get()),
        view! { {actions} }.into_any(),
        view! { <div class="thing-body stack thing-parts">{body} {more(kind, id, reading)}</div> }
            .into_any(),
    )
}

/// What can be done with one.
fn buttons(kind: &'static Kind, id: Signal<String>, reading: Reading) -> AnyView {
    let more = Signal::derive(move || {
        let delete = move || {
            let name = reading
                .value
                .with_untracked(|it| it.as_ref().and_then(|it| text(it, "name")));
            let id = id.get_untracked();
            // Until it is read, its identifier names it.
            (kind.remove)(&id, &name.unwrap_or_else(|| id.clone()));
        };
        vec![Item::new(kind.delete, delete).glyph(Glyph::Trash).danger()]
    });
    view! {
        <Button label=kind.update glyph=Glyph::Edit on_press=move || edit(kind, &id.get_untracked()) />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

/// What the side panel shows of one.
pub fn panel(kind: &'static Kind, context: PanelContext) -> AnyView {
    let known = known(context.detail);
    let body = move || content(kind, context.detail, known.get());
    view! {
        <div class="thing-body stack">
            <div class="row row-wrap">{buttons(kind, context.id, context.detail)}</div>
            {body}
            {more(kind, context.id, context.detail)}
        </div>
    }
    .into_any()
}

/// What reads for itself, as soon as the thing is there: what uses it, unless its kind tells that with more detail.
/// It stays while the facts are drawn anew.
fn more(kind: &'static Kind, id: Signal<String>, reading: Reading) -> AnyView {
    let there = Memo::new(move |_| reading.value.with(Option::is_some));
    let name = move || {
        reading
            .value
            .with(|it| it.as_ref().and_then(|it| text(it, "name")))
            .unwrap_or_default()
    };
    let drawn = move || {
        there.get().then(|| match kind.more {
            Some(more) => more(id, reading),
            None => relations::part(kind.resource.kind, id, name),
        })
    };
    view! { {drawn} }.into_any()
}

/// What is known of one, or why nothing is.
fn content(
    kind: &'static Kind,
    reading: Reading,
    known: (Option<Value>, Option<IpcError>),
) -> AnyView {
    let retry = move || reading.reload();
    match known {
        (Some(thing), None) => (kind.content)(&thing),
        (Some(thing), Some(error)) => {
            view! { <ErrorNotice error=error on_retry=retry /> {(kind.content)(&thing)} }.into_any()
        }
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
        (None, Some(error)) if error.kind == ErrorKind::NotFound => view! {
            <EmptyState
                title=texts::gone
                text=texts::gone_text
                glyph=kind.glyph
                action=(Text::from(texts::back_to_list), Callback::new(move |()| router::go(kind.list)))
            />
        }
        .into_any(),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
    }
}

/// The facts that all kinds have.
pub fn head(thing: &Value) -> Vec<(Text, AnyView)> {
    let at = |names: [&str; 2]| {
        let told = names.iter().find_map(|name| text(thing, name));
        time_of(told.as_deref())
    };
    vec![
        (
            texts::id.into(),
            view! { <Id id=text(thing, "id").unwrap_or_default() whole=true /> }.into_any(),
        ),
        (
            texts::description.into(),
            text_or_dash(text(thing, "description").as_deref()),
        ),
        (texts::created.into(), at(["created_at", "created_time"])),
        (texts::changed.into(), at(UPDATED)),
    ]
}

/// The page that changes one: read once, so that what is typed is not overwritten by what comes later.
pub fn edit_page(
    kind: &'static Kind,
    id: String,
    title: fn(&Value) -> String,
    form: fn(&Value) -> AnyView,
) -> AnyView {
    let reading = Reading::detail(kind.resource, Signal::stored(id));
    let thing = first_of(reading);
    let body = form_of(thing, reading, form);
    let title = move || {
        thing.with(|thing| {
            thing
                .as_ref()
                .map_or_else(|| (kind.update).get().to_owned(), title)
        })
    };
    form_page((kind.list, kind.title), title, body)
}

/// What is typed beside the entries.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Name.
    pub name: RwSignal<String>,
    /// What it is.
    pub description: RwSignal<String>,
    /// Identifier, version and description of what is changed.
    known: StoredValue<Option<(String, String, String)>>,
}

impl Draft {
    /// What one has now, or nothing for a new one.
    pub fn new(thing: Option<&Value>) -> Self {
        let field = |name: &str| {
            thing
                .and_then(|thing| text(thing, name))
                .unwrap_or_default()
        };
        Self {
            name: RwSignal::new(field("name")),
            description: RwSignal::new(field("description")),
            known: StoredValue::new(thing.map(|_| {
                let updated = UPDATED.map(field).into_iter().find(|at| !at.is_empty());
                (
                    field("id"),
                    updated.unwrap_or_default(),
                    field("description"),
                )
            })),
        }
    }

    /// Identifier and version of what is changed.
    pub fn target(self) -> Option<(String, String)> {
        self.known.get_value().map(|(id, version, _)| (id, version))
    }

    /// The description before.
    pub fn description_before(self) -> String {
        self.known
            .get_value()
            .map(|(.., description)| description)
            .unwrap_or_default()
    }

    /// Name and description as they are sent: of a new one what is there, else what is changed. Tracked.
    pub fn head(self) -> Map<String, Value> {
        let description = self.description.get();
        let mut head = Map::new();
        if self.known.get_value().is_none() {
            head.insert("name".to_owned(), json!(self.name.get()));
        }
        if description != self.description_before() {
            head.insert("description".to_owned(), json!(description));
        }
        head
    }
}

/// After a change the page of the thing is shown.
pub fn then_show(kind: &'static Kind, form: Form, change: Change) -> Change {
    change.on_done(move |answer| {
        form.saved();
        let thing = answer
            .answer
            .body
            .get(kind.resource.envelope)
            .unwrap_or(&Value::Null);
        router::go(
            &Address::new([kind.address, &text(thing, "id").unwrap_or_default()]).to_string(),
        );
    })
}

/// The buttons of a form.
pub fn form_actions(kind: &'static Kind, draft: Draft, unchanged: Signal<bool>) -> AnyView {
    // Going asks when something typed would be lost.
    let leave = move || match draft.target() {
        Some((id, _)) => router::go(&Address::new([kind.address, &id]).to_string()),
        None => router::go(kind.list),
    };
    view! {
        <div class="form-actions">
            <Button label=words::kit::cancel on_press=leave />
            <Button
                label=words::kit::review
                look=Look::Primary
                submit=true
                disabled=unchanged
                hint=move || if unchanged.get() { words::kit::nothing_changed.get() } else { "" }
            />
        </div>
    }
    .into_any()
}
