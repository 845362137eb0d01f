//! One application template: its side panel and its page, with its versions.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use ief_api::app::App;
use ief_api::app_version::AppVersion;
use ief_api::operation::Call;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

use super::actions::{self, version_address};
use super::show;
use crate::kit::facts::time_of;
use crate::kit::{
    Button, Chip, EmptyState, ErrorNotice, Glyph, Id, Item, Look, MenuButton, Skeleton, Text, dash,
    text_or_dash,
};
use crate::pages::parts::{
    Heading, call_of, fact_list, known, part, plain_table, tags_part, thing_page,
};
use crate::relations;
use crate::router;
use crate::table::reading::{list, text};
use crate::table::{PanelContext, Reading};
use crate::words;
use crate::words::apps as texts;

/// A template as its pages know it.
#[derive(Clone, Copy)]
struct Shown {
    id: Signal<String>,
    /// It, read whole.
    app: Reading,
    /// Its versions.
    versions: Reading,
}

impl Shown {
    fn new(id: Signal<String>, app: Reading) -> Self {
        let call = Signal::derive(move || {
            let id = id.get();
            (!id.is_empty()).then(|| versions_call(&id))
        });
        let versions = Reading::of(call, "versions");
        Self { id, app, versions }
    }

    /// Its name now; until it is read, its identifier.
    fn name_now(self) -> String {
        let name = self
            .app
            .value
            .with_untracked(|app| app.as_ref().and_then(|app| text(app, "name")));
        name.unwrap_or_else(|| self.id.get_untracked())
    }

    /// What its versions are called, as far as they are read.
    fn names_now(self) -> Option<Vec<String>> {
        let versions = self.versions.value.get_untracked()?;
        Some(
            versions_of(&versions)
                .into_iter()
                .map(|it| it.version.unwrap_or_default())
                .collect(),
        )
    }
}

fn versions_call(id: &str) -> Call {
    call_of("list_app_versions", &[("app_id", id)], &[])
}

/// The versions in an answer, the newest first.
fn versions_of(answer: &Value) -> Vec<AppVersion> {
    let rows = answer
        .as_array()
        .map_or_else(|| list(answer, "versions"), Vec::as_slice);
    let mut versions: Vec<AppVersion> = rows.iter().map(show::read).collect();
    let created = |version: &AppVersion| {
        let created = version.created_at.as_deref();
        created.and_then(ief_api::time::parse)
    };
    versions.sort_by_key(|version| std::cmp::Reverse(created(version)));
    versions
}

pub(super) fn panel(context: PanelContext) -> AnyView {
    let shown = Shown::new(context.id, context.detail);
    view! {
        <div class="thing-body stack">
            <div class="row row-wrap">{buttons(shown)}</div>
            {content(shown, false)}
        </div>
    }
    .into_any()
}

/// The page of a template.
pub(super) fn page(id: String) -> AnyView {
    let id = Signal::stored(id);
    let shown = Shown::new(id, Reading::detail(App::SPEC, id));
    let name = Memo::new(move |_| {
        let app = shown.app.value;
        app.with(|app| {
            app.as_ref()
                .map(|app| text(app, "name").unwrap_or_default())
        })
    });
    let actions = move || {
        name.get().map(|_| {
            view! {
                <span class="spacer"></span>
                {buttons(shown)}
            }
        })
    };
    thing_page(
        ("#/apps", texts::title),
        move || name.get().unwrap_or_else(|| id.get()),
        view! { {actions} }.into_any(),
        view! {
            <div class="thing-body stack thing-parts">
                {content(shown, true)}
                {relations::part("app", id, move || name.get().unwrap_or_default())}
            </div>
        }
        .into_any(),
    )
}

/// What can be done with a template.
fn buttons(shown: Shown) -> AnyView {
    let more = Signal::derive(move || {
        let delete = move || {
            let id = shown.id.get_untracked();
            actions::delete(&id, &shown.name_now(), shown.names_now());
        };
        vec![
            Item::new(texts::delete, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    let id = shown.id;
    view! {
        <Button
            label=texts::version::create
            glyph=Glyph::Plus
            look=Look::Primary
            on_press=move || actions::add_version(&id.get_untracked(), None)
        />
        <Button
            label=texts::update
            glyph=Glyph::Edit
            on_press=move || actions::edit(&id.get_untracked())
        />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

/// What is known of a template, or why nothing is; then its versions.
fn content(shown: Shown, wide: bool) -> AnyView {
    let known = known(shown.app);
    let head = move || head(shown.app, known.get(), !wide);
    let gone = Memo::new(move |_| {
        known.with(|(app, error)| app.is_none() && error.as_ref().is_some_and(is_gone))
    });
    let name = Signal::derive(move || {
        let name = shown
            .app
            .value
            .with(|app| app.as_ref().and_then(|app| text(app, "name")));
        name.unwrap_or_else(|| shown.id.get())
    });
    let tags = move || (wide && !gone.get()).then(|| tags_part("app", shown.id, name));
    let versions = move || (!gone.get()).then(|| versions(shown, wide));
    view! { {head} {tags} {versions} }.into_any()
}

fn is_gone(error: &IpcError) -> bool {
    error.kind == ErrorKind::NotFound
}

fn head(reading: Reading, known: (Option<Value>, Option<IpcError>), with_tags: bool) -> AnyView {
    let retry = move |()| reading.reload();
    match known {
        (Some(app), None) => facts(&app, with_tags),
        (Some(app), Some(error)) => {
            view! { <ErrorNotice error=error on_retry=retry /> {facts(&app, with_tags)} }.into_any()
        }
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
        (None, Some(error)) if is_gone(&error) => view! {
            <EmptyState
                title=texts::gone
                text=texts::gone_text
                glyph=Glyph::App
                action=(Text::from(texts::back_to_list), Callback::new(|()| router::go("#/apps")))
            />
        }
        .into_any(),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
    }
}

/// The facts. Its page has a part of its own for tags, which the panel only shows.
fn facts(app: &Value, with_tags: bool) -> AnyView {
    let of = |name: &str| text_or_dash(text(app, name).as_deref());
    let at = |name: &str| time_of(text(app, name).as_deref());
    let visibility = text(app, "visibility").map_or_else(dash, |visibility| {
        let word = move || words::value("app", "visibility", &visibility);
        view! { {word} }.into_any()
    });
    let mut lines: Vec<(Text, AnyView)> = vec![
        (
            texts::id.into(),
            view! { <Id id=text(app, "id").unwrap_or_default() whole=true /> }.into_any(),
        ),
        (texts::alias.into(), of("alias")),
        (texts::description.into(), of("description")),
        (texts::visibility.into(), visibility),
    ];
    if with_tags {
        lines.push((texts::tags.into(), tags(app)));
    }
    // An icon is somewhere on the Internet, where nothing is loaded from by itself.
    if text(app, "icon_url").is_some() {
        lines.push((texts::icon.into(), of("icon_url")));
    }
    lines.push((texts::created.into(), at("created_at")));
    lines.push((texts::changed.into(), at("updated_at")));
    fact_list(lines)
}

fn tags(app: &Value) -> AnyView {
    let tags = list(app, "tags");
    if tags.is_empty() {
        return dash();
    }
    let chips = tags
        .iter()
        .map(|tag| {
            let of = |name: &str| text(tag, name).unwrap_or_default();
            view! { <Chip label=format!("{}={}", of("key"), of("value")) /> }
        })
        .collect_view();
    view! { <span class="row row-wrap">{chips}</span> }.into_any()
}

/// The versions, each a link to its page.
fn versions(shown: Shown, wide: bool) -> AnyView {
    let known = known(shown.versions);
    let body = move || {
        let (versions, error) = known.get();
        let notice = error.map(|error| {
            view! { <ErrorNotice error=error on_retry=move |()| shown.versions.reload() /> }
        });
        let failed = notice.is_some();
        let table = match versions {
            Some(versions) => table(&shown.id.get_untracked(), &versions_of(&versions), wide),
            None if failed => ().into_any(),
            None => view! { <Skeleton lines=3 /> }.into_any(),
        };
        view! { {notice} {table} }
    };
    part(texts::versions, view! { {body} }.into_any())
}

fn table(app: &str, versions: &[AppVersion], wide: bool) -> AnyView {
    if versions.is_empty() {
        return view! { <p class="second">{texts::no_versions}</p> }.into_any();
    }
    let narrow: [Heading; 3] = [
        (texts::version::name, false),
        (texts::version::arch, false),
        (texts::created, false),
    ];
    let all: [Heading; 6] = [
        (texts::version::name, false),
        (texts::version::image, false),
        (texts::version::arch, false),
        (words::columns::app_version::cpu, true),
        (words::columns::app_version::memory, true),
        (texts::created, false),
    ];
    let rows = versions
        .iter()
        .map(|version| {
            let id = version.id.as_deref().unwrap_or_default();
            let href = version_address(app, id).to_string();
            let name = version.version.clone().unwrap_or_else(|| id.to_owned());
            let link = view! { <a href=href>{name}</a> }.into_any();
            let arch = show::arch(version);
            let created = time_of(version.created_at.as_deref());
            if !wide {
                return vec![link, arch, created];
            }
            let [cpu, memory, ..] = show::amounts(version.limits());
            let image = text_or_dash(version.image_url.as_deref());
            vec![
                link,
                view! { <span class="app-image">{image}</span> }.into_any(),
                arch,
                text_or_dash(cpu.as_deref()),
                text_or_dash(memory.as_deref()),
                created,
            ]
        })
        .collect();
    let headings: &[Heading] = if wide { &all } else { &narrow };
    plain_table(texts::versions, headings, rows)
}
