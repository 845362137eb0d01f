//! A source or a destination of the picture.

use leptos::prelude::*;

use super::{Scene, Spot, keys};
use crate::flow::{BOX, End, fit};
use crate::pages::messages::endpoint_kind;
use crate::router::Address;
use crate::words::message_rules::routes as texts;

/// At which side of the rules it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Left: messages come from it.
    Source,
    /// Right: messages go to it.
    Target,
}

/// Where an end stands and what it is.
#[derive(Debug, Clone, PartialEq, Default)]
struct Placed {
    place: usize,
    top: f64,
    height: f64,
    rules: usize,
    kind: String,
}

impl Placed {
    /// Where its name stands: in the middle of it, as far as that is in view. A source is as high as its rules,
    /// and many of them are higher than the window.
    fn label(&self, (scrolled, view): (f64, f64)) -> f64 {
        let half = BOX / 2.0;
        let seen_from = scrolled - self.top + half;
        let seen_to = scrolled + view - self.top - half;
        let seen = (self.height / 2.0).max(seen_from).min(seen_to.max(half));
        seen.min(self.height - half).max(half)
    }
}

fn follow(scene: Scene, side: Side, name: String) -> Memo<Placed> {
    Memo::new(move |_| {
        scene.drawing.with(|it| {
            let ends = match side {
                Side::Source => &it.places.sources,
                Side::Target => &it.places.targets,
            };
            let place = ends.iter().position(|end: &End| end.key == name);
            place.map_or_else(Placed::default, |place| Placed {
                place,
                top: ends[place].top,
                height: ends[place].height,
                rules: ends[place].flows.len(),
                kind: it.kind(&name),
            })
        })
    })
}

/// Its page; the list of endpoints with its name until its identifier is known, or when it is gone.
fn address(scene: Scene, name: &str) -> String {
    let id = scene
        .endpoints
        .value
        .with(|known| known.as_ref().and_then(|known| known.get(name).cloned()));
    match id {
        Some(id) => Address::new(["endpoints", &id]).to_string(),
        None => Address::new(["endpoints"])
            .with("filter", &format!("name={name}"))
            .to_string(),
    }
}

/// Draws it.
pub(super) fn view(scene: Scene, name: String, side: Side) -> AnyView {
    let placed = follow(scene, side, name.clone());
    let across = Memo::new(move |_| {
        let widths = scene.widths.get();
        match side {
            Side::Source => (widths.source_at(), widths.source),
            Side::Target => (widths.target_at(), widths.target),
        }
    });
    let at = move || format!("translate({} {})", across.get().0, placed.with(|it| it.top));
    let label_at = move || {
        let seen = scene.view.get();
        format!("translate(10 {})", placed.with(|it| it.label(seen)))
    };
    let room = move || across.get().1 - 20.0;
    let (of_label, of_told, of_address) = (name.clone(), name.clone(), name.clone());
    let label = move || fit(&of_label, room());
    let kind = move || fit(&endpoint_kind(&placed.with(|it| it.kind.clone())), room());
    let told = move || {
        let (count, kind) = placed.with(|it| (it.rules.to_string(), endpoint_kind(&it.kind)));
        match side {
            Side::Source => texts::source(count, &of_told, kind),
            Side::Target => texts::target(count, &of_told, kind),
        }
    };
    let (spot, column) = match side {
        Side::Source => (Spot::Source(name), 's'),
        Side::Target => (Spot::Target(name), 't'),
    };
    let spot_name = move || keys::name(column, placed.with(|it| it.place));
    let hot = {
        let spot = spot.clone();
        move || scene.hot.with(|hot| hot.as_ref() == Some(&spot)) || ends_hot(scene, &spot)
    };
    let (over, focused) = (spot.clone(), spot);
    view! {
        <g transform=at class="routes-part" class=("is-hot", hot)>
            <a
                href=move || address(scene, &of_address)
                data-spot=spot_name
                aria-label=told.clone()
                data-tip=told
                on:pointerenter=move |_| scene.hot.set(Some(over.clone()))
                on:focus=move |_| scene.hot.set(Some(focused.clone()))
                on:blur=move |_| scene.hot.set(None)
            >
                <rect
                    class="routes-box routes-end"
                    width=move || across.get().1.to_string()
                    height=move || placed.with(|it| it.height.to_string())
                    rx="6"
                ></rect>
                <g transform=label_at>
                    <text class="routes-name" y="-4">{label}</text>
                    <text class="routes-second" y="13">{kind}</text>
                </g>
            </a>
        </g>
    }
    .into_any()
}

/// Whether the rule that stands out ends here.
fn ends_hot(scene: Scene, spot: &Spot) -> bool {
    let rule = scene.hot.with(|hot| match hot {
        Some(Spot::Rule(id)) => Some(id.clone()),
        _ => None,
    });
    rule.is_some_and(|id| {
        let route = scene.drawing.with(|it| it.route(&id));
        match spot {
            Spot::Source(name) => *name == route.source,
            Spot::Target(name) => *name == route.target,
            Spot::Rule(_) => false,
        }
    })
}
