//! The picture of the list of rules: sources left, rules in the middle, destinations right. A line is as wide as
//! many messages have gone along it; what was not forwarded ends beside its rule.

use std::collections::BTreeMap;

use console_ipc::inventory::QueryRows;
use console_ipc::query::Query;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

mod ends;
mod keys;
mod rule;

use super::drawing::{Drawing, Widths};
use crate::flow::End;
use crate::format;
use crate::kit::{ErrorNotice, Notice, Sign, Skeleton, shortcut, sign};
use crate::pages::parts::Asked;
use crate::state::App;
use crate::table::PictureContext;
use crate::words::message_rules::routes as texts;

/// Most rules that are drawn: what one question to the inventory answers.
const MOST: u32 = 500;

/// What the parts of the picture know.
#[derive(Clone, Copy)]
struct Scene {
    drawing: Memo<Drawing>,
    widths: Memo<Widths>,
    /// How far it is scrolled, and how high its view is.
    view: RwSignal<(f64, f64)>,
    /// The rule in the side panel.
    row: Signal<String>,
    /// What the pointer is on or has the focus: its lines stand out.
    hot: RwSignal<Option<Spot>>,
    /// Identifiers of endpoints by their names.
    endpoints: Asked<BTreeMap<String, String>>,
}

/// A part that is a link.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spot {
    Source(String),
    Rule(String),
    Target(String),
}

/// The view beside the table.
pub(super) fn view(context: PictureContext) -> AnyView {
    let app = App::expect();
    let freshness = app.freshness("rule");
    let asked = Asked::new(
        move || {
            freshness.with(|_| ());
            let query = Query {
                filter: context.filter.get(),
                ..Query::default()
            };
            QueryRows {
                resource: "rule".to_owned(),
                query,
                offset: 0,
                limit: MOST,
            }
        },
        Drawing::of,
    );
    let known = app.freshness("endpoint");
    let endpoints = Asked::new(
        move || {
            known.with(|_| ());
            QueryRows {
                resource: "endpoint".to_owned(),
                query: Query::default(),
                offset: 0,
                limit: MOST,
            }
        },
        |answer| {
            let rows = answer.rows.into_iter();
            rows.map(|row| (row.name, row.id)).collect()
        },
    );
    let room = RwSignal::new(0.0);
    let scene = Scene {
        drawing: Memo::new(move |_| asked.value.get().unwrap_or_default()),
        widths: Memo::new(move |_| Widths::of(room.get())),
        view: RwSignal::new((0.0, 0.0)),
        row: context.row,
        hot: RwSignal::new(None),
        endpoints,
    };
    shortcut::tell("← ↑ → ↓", texts::keys);
    let there = Memo::new(move |_| asked.value.with(Option::is_some));
    let error = Memo::new(move |_| asked.error.get());
    let part = Memo::new(move |_| {
        scene.drawing.with(|it| {
            let (drawn, matched) = (it.drawn(), it.matched);
            (drawn < matched).then_some((drawn, matched))
        })
    });
    let scroller: NodeRef<html::Div> = NodeRef::new();
    follow_size(scroller, room, scene.view);
    let scrolled = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            scene
                .view
                .update(|view| view.0 = f64::from(scroller.scroll_top()));
        }
    };
    view! {
        {move || error.get().map(|error| view! {
            <div class="list-banner"><ErrorNotice error=error on_retry=move || asked.reload() /></div>
        })}
        {move || part.get().map(|(drawn, matched)| view! {
            <div class="list-banner">
                <Notice text=texts::part(format::count(drawn), format::count(matched)) />
            </div>
        })}
        {legend()}
        <div class="routes" node_ref=scroller on:scroll=scrolled>
            {move || (!there.get()).then(|| view! { <Skeleton lines=6 /> })}
            {picture(scene)}
        </div>
    }
    .into_any()
}

/// What widths, signs and dashes mean.
fn legend() -> AnyView {
    let line = |class: &'static str, y: &'static str| {
        view! {
            <svg class="routes-key" viewBox="0 0 28 12" aria-hidden="true">
                <path class=class d=format!("M0 {y}h28")></path>
            </svg>
        }
    };
    view! {
        <p class="routes-legend second small">
            <span class="row">{line("routes-line", "6")} {texts::legend_width}</span>
            <span class="row">{sign(Sign::Bad)} {texts::legend_failed}</span>
            <span class="row">{line("routes-line routes-line-off", "6")} {texts::legend_off}</span>
        </p>
    }
    .into_any()
}

/// Follows how large the place of the picture is.
fn follow_size(scroller: NodeRef<html::Div>, room: RwSignal<f64>, view: RwSignal<(f64, f64)>) {
    let measure = move || {
        let Some(scroller) = scroller.try_get_untracked().flatten() else {
            return;
        };
        let (wide, high) = (scroller.client_width(), scroller.client_height());
        room.try_set(f64::from(wide));
        view.try_set((f64::from(scroller.scroll_top()), f64::from(high)));
    };
    let kept = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(element) = scroller.get() else {
            return;
        };
        measure();
        let resized = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&element);
            kept.set_value(Some((observer, resized)));
        }
    });
    on_cleanup(move || {
        kept.try_update_value(|kept| {
            if let Some((observer, _)) = kept {
                observer.disconnect();
            }
        });
    });
}

fn picture(scene: Scene) -> AnyView {
    let drawing = scene.drawing;
    let size = move || {
        let height = drawing.with(|it| it.places.height);
        (scene.widths.get().all(), height)
    };
    let sources = move || names(drawing, |it| &it.places.sources);
    let targets = move || names(drawing, |it| &it.places.targets);
    let rules = move || {
        drawing.with(|it| {
            let rules = it.places.middles.iter();
            rules.map(|rule| rule.id.clone()).collect::<Vec<_>>()
        })
    };
    let empty = Memo::new(move |_| drawing.with(|it| it.places.middles.is_empty()));
    view! {
        <svg
            class="routes-picture"
            class=("routes-hot", move || scene.hot.with(Option::is_some))
            class=("is-empty", move || empty.get())
            width=move || size().0.to_string()
            height=move || size().1.to_string()
            role="group"
            aria-label=texts::label
            on:keydown=move |event| keys::move_focus(scene.drawing, &event)
            on:pointerleave=move |_| scene.hot.set(None)
        >
            <g class="routes-heads" aria-hidden="true">
                <text x=move || scene.widths.get().source_at() y="16">{texts::sources}</text>
                <text x=move || scene.widths.get().rule_at() y="16">{texts::rules}</text>
                <text x=move || scene.widths.get().target_at() y="16">{texts::targets}</text>
            </g>
            // Lines below all else.
            <g aria-hidden="true">
                <For each=rules key=Clone::clone children=move |id| rule::lines(scene, id) />
            </g>
            <g>
                <For each=sources key=Clone::clone children=move |name| ends::view(scene, name, ends::Side::Source) />
            </g>
            <g>
                <For each=rules key=Clone::clone children=move |id| rule::view(scene, id) />
            </g>
            <g>
                <For each=targets key=Clone::clone children=move |name| ends::view(scene, name, ends::Side::Target) />
            </g>
        </svg>
    }
    .into_any()
}

fn names(drawing: Memo<Drawing>, ends: fn(&Drawing) -> &[End]) -> Vec<String> {
    drawing.with(|it| ends(it).iter().map(|end| end.key.clone()).collect())
}
