//! One version of an application template.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use ief_api::app::App;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

use super::{actions, show};
use crate::kit::{Button, EmptyState, ErrorNotice, Glyph, Item, MenuButton, Skeleton, Text};
use crate::pages::parts::{call_of, known, read, thing_page};
use crate::router::{self, Address};
use crate::table::Reading;
use crate::table::reading::text;
use crate::words;
use crate::words::apps as texts;

/// A version, read by itself.
pub(super) fn reading_of(app: &str, version: &str) -> Reading {
    let path = [("app_id", app), ("version_id", version)];
    read(call_of("show_app_version_detail", &path, &[]), "version")
}

/// What a template is called; its identifier until it is read. Tracked.
pub(super) fn name_of_app(app: &str) -> Signal<String> {
    let id = Signal::stored(app.to_owned());
    let reading = Reading::detail(App::SPEC, id);
    Signal::derive(move || {
        let name = reading
            .value
            .with(|app| app.as_ref().and_then(|app| text(app, "name")));
        name.unwrap_or_else(|| id.get())
    })
}

pub(super) fn page(app: String, id: String) -> AnyView {
    let reading = reading_of(&app, &id);
    let back = Address::new(["apps", &app]).to_string();
    let of = name_of_app(&app);
    let name = Memo::new(move |_| {
        let version = reading.value;
        version.with(|it| {
            it.as_ref()
                .map(|it| text(it, "version").unwrap_or_default())
        })
    });
    let title = {
        let id = id.clone();
        move || name.get().unwrap_or_else(|| id.clone())
    };
    let actions = {
        let app = app.clone();
        move || {
            name.get().map(|name| {
                view! {
                    <span class="spacer"></span>
                    {buttons(&app, &id, name)}
                }
            })
        }
    };
    let known = known(reading);
    let body = {
        let back = back.clone();
        move || content(reading, known.get(), &back)
    };
    thing_page(
        (&back, of),
        title,
        view! { {actions} }.into_any(),
        view! { <div class="thing-body stack thing-parts">{body}</div> }.into_any(),
    )
}

/// What can be done with a version.
fn buttons(app: &str, id: &str, name: String) -> AnyView {
    let own = StoredValue::new((app.to_owned(), id.to_owned()));
    let more = Signal::derive(move || {
        let name = name.clone();
        let delete = move || own.with_value(|(app, id)| actions::delete_version(app, id, &name));
        vec![
            Item::new(texts::version::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        <Button
            label=texts::version::create_like
            glyph=Glyph::Plus
            on_press=move || own.with_value(|(app, id)| actions::add_version(app, Some(id)))
        />
        <Button
            label=texts::version::update
            glyph=Glyph::Edit
            on_press=move || own.with_value(|(app, id)| actions::edit_version(app, id))
        />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

fn content(reading: Reading, known: (Option<Value>, Option<IpcError>), back: &str) -> AnyView {
    let retry = move |()| reading.reload();
    match known {
        (Some(version), None) => show::version(&show::read(&version)),
        (Some(version), Some(error)) => view! {
            <ErrorNotice error=error on_retry=retry />
            {show::version(&show::read(&version))}
        }
        .into_any(),
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
        (None, Some(error)) if error.kind == ErrorKind::NotFound => {
            let back = back.to_owned();
            let go = Callback::new(move |()| router::go(&back));
            view! {
                <EmptyState
                    title=texts::version::gone
                    text=texts::version::gone_text
                    glyph=Glyph::App
                    action=(Text::from(texts::version::back_to_app), go)
                />
            }
            .into_any()
        }
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
    }
}
