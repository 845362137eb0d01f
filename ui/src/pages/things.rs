//! What pages of things have in common that are made, shown and deleted: one thing with its frame.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use ief_api::resource::ResourceSpec;
use leptos::prelude::*;
use serde_json::Value;

use super::parts::{call_of, known, thing_page};
use crate::kit::{EmptyState, ErrorNotice, Form, Glyph, Skeleton, Text};
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::reading::text;
use crate::table::{PanelContext, Reading};
use crate::words::Word;
use crate::words::entries as texts;

/// A kind of thing.
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
    /// A verb: "Delete rule".
    pub delete: Word,
    /// The operation that deletes one.
    pub delete_operation: &'static str,
    /// The field that names one: `name`.
    pub named: &'static str,
    /// The field that identifies one in the answer to its creation: `id`.
    pub identified: &'static str,
    /// How one is, beside its title.
    pub state: fn(&Value) -> Option<AnyView>,
    /// What can be done with one.
    pub buttons: fn(Thing) -> AnyView,
    /// What its panel and its page show below that.
    pub body: fn(Thing) -> AnyView,
}

/// One thing, as its panel and its page know it.
#[derive(Clone, Copy)]
pub struct Thing {
    /// What it is.
    pub kind: &'static Kind,
    /// Its identifier.
    pub id: Signal<String>,
    /// It, read whole.
    pub reading: Reading,
}

impl Thing {
    /// Something of it. Tracked.
    pub fn with<T>(self, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        self.reading
            .value
            .with(|thing| thing.as_ref().and_then(read))
    }

    /// Its identifier, and its name as far as it is read: until then the identifier names it.
    pub fn named_now(self) -> (String, String) {
        let id = self.id.get_untracked();
        let name = untrack(|| self.with(|thing| text(thing, self.kind.named)));
        (id.clone(), name.unwrap_or(id))
    }

    /// What `show` makes of it, or why nothing is known. Drawn anew only when something of it has changed.
    pub fn view(self, show: fn(&Value) -> AnyView) -> AnyView {
        let known = known(self.reading);
        let drawn = move || self.content(show, known.get());
        view! { {drawn} }.into_any()
    }

    fn content(
        self,
        show: fn(&Value) -> AnyView,
        known: (Option<Value>, Option<IpcError>),
    ) -> AnyView {
        let retry = move || self.reading.reload();
        let kind = self.kind;
        match known {
            (Some(thing), None) => show(&thing),
            (Some(thing), Some(error)) => {
                view! { <ErrorNotice error=error on_retry=retry /> {show(&thing)} }.into_any()
            }
            (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
            (None, Some(error)) if error.kind == ErrorKind::NotFound => view! {
                <EmptyState
                    title=texts::gone
                    text=texts::gone_text
                    glyph=kind.glyph
                    action=(Text::from(texts::back_to_list), Callback::new(move |()| router::go(kind.list)))
                />
            }
            .into_any(),
            (None, Some(error)) => {
                view! { <ErrorNotice error=error on_retry=retry /> }.into_any()
            }
        }
    }
}

/// The side panel of a list.
pub fn panel(kind: &'static Kind, context: PanelContext) -> AnyView {
    let thing = Thing {
        kind,
        id: context.id,
        reading: context.detail,
    };
    view! {
        <div class="row row-wrap panel-actions">{(kind.buttons)(thing)}</div>
        {(kind.body)(thing)}
    }
    .into_any()
}

/// The page of one thing.
pub fn detail(kind: &'static Kind, id: String) -> AnyView {
    let id = Signal::stored(id);
    let thing = Thing {
        kind,
        id,
        reading: Reading::detail(kind.resource, id),
    };
    let name = Memo::new(move |_| thing.with(|it| text(it, kind.named)));
    let there = Memo::new(move |_| name.with(Option::is_some));
    let actions = move || {
        there.get().then(|| {
            view! {
                {move || thing.with(kind.state)}
                <span class="spacer"></span>
                {(kind.buttons)(thing)}
            }
        })
    };
    thing_page(
        (kind.list, kind.title),
        move || name.get().unwrap_or_else(|| id.get()),
        view! { {actions} }.into_any(),
        (kind.body)(thing),
    )
}

/// The change that deletes one, after its name was typed.
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

/// Sends the creation of one from its form, whose page is left for that of the new thing.
pub fn create(kind: &'static Kind, form: Form, change: Change) {
    let change = change.on_done(move |answer| {
        form.saved();
        let body = &answer.answer.body;
        let thing = body.get(kind.resource.envelope).unwrap_or(body);
        let id = text(thing, kind.identified).unwrap_or_default();
        router::go(&Address::new([kind.address, &id]).to_string());
    });
    sheet::check_and_send(form, change);
}
