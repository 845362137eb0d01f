//! The palette: pages, actions, profiles, and rows by their name, one field for all.

use std::cell::Cell;

use console_ipc::inventory::QueryRows;
use console_ipc::query::{Filter, Op, Query, Term};
use console_ipc::settings::{Settings, Theme};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{top_bar, unlock};
use crate::kit::dialog::{give_focus_back, open_modal};
use crate::kit::{Glyph, icon, shortcut};
use crate::pages::PAGES;
use crate::state::{App, save_settings};
use crate::words::Word;
use crate::{ipc, router, words};

/// Rows of each resource it shows.
const ROWS: u32 = 6;

thread_local! {
    static OPEN: Cell<Option<RwSignal<bool>>> = const { Cell::new(None) };
}

/// Opens the palette.
pub fn open() {
    if let Some(open) = OPEN.get() {
        open.set(true);
    }
}

/// Something to choose.
#[derive(Clone)]
struct Line {
    /// What it belongs to: page, action, profile, or the resource.
    group: String,
    glyph: Glyph,
    label: String,
    /// What else is known of it.
    detail: String,
    run: Callback<()>,
}

/// The palette. Stands once, in the frame.
#[component]
pub fn Palette() -> AnyView {
    let open = RwSignal::new(false);
    OPEN.set(Some(open));
    on_cleanup(|| OPEN.set(None));
    shortcut::register("Ctrl+K", words::palette::open, move || open.set(true));
    view! {
        <Show when=move || open.get()>
            <Inner open=open />
        </Show>
    }
    .into_any()
}

#[component]
fn Inner(open: RwSignal<bool>) -> AnyView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    let typed = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Line>::new());
    let chosen = RwSignal::new(0_usize);
    let known = fixed_lines();
    let lines = Signal::derive(move || {
        let text = typed.with(|text| text.trim().to_lowercase());
        let mut lines: Vec<Line> = known
            .iter()
            .filter(|line| text.is_empty() || matches(&text, &line.label.to_lowercase()))
            .cloned()
            .collect();
        lines.extend(found.get());
        lines
    });
    Effect::new(move |_| {
        if let Some(dialog) = node.get().filter(|dialog| !dialog.open()) {
            open_modal(&dialog);
        }
    });
    Effect::new(move |_| {
        let text = typed.with(|text| text.trim().to_owned());
        chosen.set(0);
        search(text, typed, found);
    });
    give_focus_back();
    let run = move |at: usize| {
        let line = lines.with_untracked(|lines| lines.get(at).map(|line| line.run));
        if let Some(run) = line {
            open.set(false);
            run.run(());
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let count = lines.with_untracked(Vec::len);
        let now = chosen.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.set((now + 1) % count),
            "ArrowUp" if count > 0 => chosen.set((now + count - 1) % count),
            "Enter" if !event.is_composing() => run(now),
            _ => {
                event.stop_propagation();
                return;
            }
        }
        event.stop_propagation();
        event.prevent_default();
        if let Some(line) =
            document().get_element_by_id(&format!("palette-{}", chosen.get_untracked()))
        {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    let list = move || {
        let mut group = String::new();
        lines
            .get()
            .into_iter()
            .enumerate()
            .map(|(at, line)| {
                let heading = (line.group != group).then(|| {
                    group.clone_from(&line.group);
                    view! { <li class="palette-group" role="presentation">{line.group}</li> }
                });
                view! {
                    {heading}
                    <li
                        id=format!("palette-{at}")
                        role="option"
                        class="palette-line"
                        aria-selected=move || if chosen.get() == at { "true" } else { "false" }
                        on:click=move |_| run(at)
                        on:pointermove=move |_| {
                            if chosen.get_untracked() != at {
                                chosen.set(at);
                            }
                        }
                    >
                        {icon(line.glyph)}
                        <span class="cut">{line.label}</span>
                        <span class="second cut">{line.detail}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <dialog
            class="dialog palette"
            node_ref=node
            aria-label=words::palette::open
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                open.set(false);
            }
            on:click=move |event| {
                // The ground around the palette belongs to the dialog element itself.
                if event.target() == event.current_target() {
                    open.set(false);
                }
            }
        >
            <div class="palette-field">
                {icon(Glyph::Search)}
                <input
                    class="palette-input"
                    type="text"
                    role="combobox"
                    data-first=true
                    autocomplete="off"
                    spellcheck="false"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant=move || format!("palette-{}", chosen.get())
                    aria-label=words::palette::open
                    placeholder=words::palette::placeholder
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=keys
                />
            </div>
            <ul class="palette-list" id="palette-list" role="listbox" aria-label=words::palette::results>
                {list}
            </ul>
            {move || lines.with(Vec::is_empty).then(|| view! { <p class="palette-none second">{words::palette::nothing}</p> })}
        </dialog>
    }
    .into_any()
}

/// Whether every part of what was typed stands in the label.
fn matches(typed: &str, label: &str) -> bool {
    typed.split_whitespace().all(|part| label.contains(part))
}

/// Pages, actions and profiles.
fn fixed_lines() -> Vec<Line> {
    let app = App::expect();
    let mut lines = Vec::new();
    for page in PAGES {
        lines.push(line(
            words::palette::group::pages.get(),
            page.glyph,
            (page.title).get(),
            "",
            move || {
                router::go(&format!("#/{}", page.address));
            },
        ));
    }
    for page in PAGES {
        if let Some(create) = page.create {
            lines.push(line(
                words::palette::group::actions.get(),
                Glyph::Plus,
                create.get(),
                "",
                move || router::go(&format!("#/{}/new", page.address)),
            ));
        }
    }
    let action = |glyph, label: &'static str, keys: &'static str, run: fn()| {
        line(
            words::palette::group::actions.get(),
            glyph,
            label,
            keys,
            run,
        )
    };
    lines.push(action(
        Glyph::Refresh,
        words::frame::refresh_page.get(),
        "F5",
        || App::expect().refresh_page(),
    ));
    let locked = !app.can_write();
    if locked {
        lines.push(action(
            Glyph::Unlock,
            words::guard::unlock.get(),
            "",
            unlock::ask,
        ));
    }
    lines.push(action(
        Glyph::Keyboard,
        words::kit::keys::title.get(),
        "?",
        shortcut::show_help,
    ));
    lines.push(action(Glyph::Rail, words::palette::rail.get(), "", || {
        save_settings(|settings| settings.rail_collapsed = !settings.rail_collapsed);
    }));
    lines.push(action(
        Glyph::Copy,
        words::palette::copy_address.get(),
        "",
        || {
            let address = router::Router::the().address_now().to_string();
            spawn_local(async move {
                let copied = window().navigator().clipboard().write_text(&address);
                // Where the clipboard is refused, the address still stands in the page.
                let _ = wasm_bindgen_futures::JsFuture::from(copied).await;
            });
        },
    ));
    let themes: [(Word, fn(&mut Settings)); 4] = [
        (words::settings::theme::system, |it| {
            it.theme = Theme::System;
        }),
        (words::settings::theme::light, |it| it.theme = Theme::Light),
        (words::settings::theme::dark, |it| it.theme = Theme::Dark),
        (words::settings::theme::contrast, |it| {
            it.theme = Theme::Contrast;
        }),
    ];
    for (theme, choose) in themes {
        let label = words::palette::theme(theme.get());
        lines.push(line(
            words::palette::group::actions.get(),
            Glyph::Settings,
            &label,
            "",
            move || save_settings(choose),
        ));
    }
    lines.push(action(Glyph::Plus, words::profiles::add.get(), "", || {
        router::go("#/profiles/new");
    }));
    let current = app
        .session
        .with_untracked(|session| session.profile_id.clone());
    for profile in app.profiles.get_untracked() {
        if current.as_ref() != Some(&profile.id) {
            let id = profile.id.clone();
            let label = words::palette::switch_to(&profile.name);
            lines.push(line(
                words::palette::group::profiles.get(),
                Glyph::Profile,
                &label,
                "",
                move || {
                    top_bar::switch(id.clone());
                },
            ));
        }
    }
    lines
}

fn line(
    group: &str,
    glyph: Glyph,
    label: &str,
    detail: &str,
    run: impl Fn() + Send + Sync + 'static,
) -> Line {
    Line {
        group: group.to_owned(),
        glyph,
        label: label.to_owned(),
        detail: detail.to_owned(),
        run: run.into(),
    }
}

/// Looks for rows whose name contains what was typed, in every resource that has a page.
fn search(text: String, typed: RwSignal<String>, found: RwSignal<Vec<Line>>) {
    if text.is_empty() {
        found.set(Vec::new());
        return;
    }
    spawn_local(async move {
        let mut lines = Vec::new();
        for page in PAGES.iter().filter(|page| page.search.is_some()) {
            let Some(kind) = page.search else { continue };
            let term = Term {
                column: None,
                op: Op::Contains,
                values: vec![text.clone()],
            };
            let request = QueryRows {
                resource: kind.to_owned(),
                query: Query {
                    filter: Filter::of(term),
                    ..Query::default()
                },
                offset: 0,
                limit: ROWS,
            };
            // What can't be searched now simply isn't among the results; its own page tells why.
            let Ok(answer) = ipc::call(request).await else {
                continue;
            };
            for row in answer.rows {
                let address = format!("#/{}/{}", page.address, row.id);
                lines.push(Line {
                    group: (page.title).get().to_owned(),
                    glyph: page.glyph,
                    label: if row.name.is_empty() {
                        row.id.clone()
                    } else {
                        row.name
                    },
                    detail: crate::kit::facts::short_id(&row.id),
                    run: (move || router::go(&address)).into(),
                });
            }
        }
        // The user may have typed on, or closed the palette.
        if typed.try_with_untracked(|now| now.trim() == text) == Some(true) {
            found.set(lines);
        }
    });
}
