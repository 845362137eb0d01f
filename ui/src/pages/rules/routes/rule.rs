//! A rule of the picture, and its lines.

use leptos::prelude::*;

use super::super::drawing::{Route, Widths};
use super::{Scene, Spot, keys};
use crate::flow::{BOX, Middle, fit, width};
use crate::format;
use crate::kit::Sign;
use crate::router::{self, Address};
use crate::words::message_rules::routes as texts;
use crate::words::messages as message_texts;

/// Where a rule stands, with what is drawn of it. Nothing for a moment when it goes.
fn follow(scene: Scene, id: String) -> Memo<(Middle, Route)> {
    Memo::new(move |_| {
        scene.drawing.with(|it| {
            let mut middles = it.places.middles.iter();
            let middle = middles.find(|middle| middle.id == id);
            (middle.cloned().unwrap_or_default(), it.route(&id))
        })
    })
}

/// Whether a rule belongs to what stands out.
fn is_hot(scene: Scene, id: &str, route: &Route) -> bool {
    scene.hot.with(|hot| match hot {
        Some(Spot::Source(name)) => *name == route.source,
        Some(Spot::Rule(other)) => other == id,
        Some(Spot::Target(name)) => *name == route.target,
        None => false,
    })
}

/// The lines of a rule: what comes, what is forwarded, what is not.
pub(super) fn lines(scene: Scene, id: String) -> AnyView {
    let known = follow(scene, id.clone());
    let of = move |part: Part| {
        let (middle, route) = known.get();
        let most = scene.drawing.with(|it| it.most);
        let count = match part {
            Part::Comes => route.forwarded + route.failed,
            Part::Goes => route.forwarded,
            Part::Fails => route.failed,
        };
        (
            path(scene.widths.get(), &middle, part),
            width(count, most).to_string(),
        )
    };
    let comes = Memo::new(move |_| of(Part::Comes));
    let goes = Memo::new(move |_| of(Part::Goes));
    let fails = Memo::new(move |_| known.with(|it| it.1.failed > 0).then(|| of(Part::Fails)));
    let off = move || known.with(|it| !it.1.enabled);
    let hot = move || known.with(|it| is_hot(scene, &id, &it.1));
    let failure = move || {
        fails.get().map(|(path, width)| {
            view! { <path class="routes-line routes-line-bad" d=path stroke-width=width></path> }
        })
    };
    view! {
        <g class="routes-lines" class=("routes-off", off) class=("is-hot", hot)>
            <path class="routes-line" d=move || comes.get().0 stroke-width=move || comes.get().1></path>
            <path class="routes-line" d=move || goes.get().0 stroke-width=move || goes.get().1></path>
            {failure}
        </g>
    }
    .into_any()
}

/// A rule's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Comes,
    Goes,
    Fails,
}

fn path(widths: Widths, middle: &Middle, part: Part) -> String {
    let centre = middle.centre();
    let (goes, fails) = (centre - 4.0, centre + 13.0);
    let end = widths.rule_end();
    match part {
        Part::Comes => {
            let from = widths.source_at() + widths.source;
            format!("M{from} {centre}H{}", widths.rule_at())
        }
        // Straight as far as its count stands on it, then to its destination.
        Part::Goes => {
            let (from, to) = (end + widths.counts, widths.target_at());
            let half = f64::midpoint(from, to);
            let port = middle.port;
            format!("M{end} {goes}H{from}C{half} {goes} {half} {port} {to} {port}")
        }
        Part::Fails => format!("M{end} {fails}h12"),
    }
}

/// A rule: its name with its state, what it takes from where and gives where, and what it has counted.
pub(super) fn view(scene: Scene, id: String) -> AnyView {
    let known = follow(scene, id.clone());
    let widths = scene.widths;
    let spot = Spot::Rule(id.clone());
    let href = row_address(&id);
    let top = move || {
        let at = widths.get().rule_at();
        format!("translate({at} {})", known.with(|it| it.0.top))
    };
    let name = move || known.with(|it| fit(&it.1.name, widths.get().rule - 38.0));
    let passes = move || {
        known.with(|it| {
            // With many rules a destination is out of view, so that it is named here too.
            let passes = format!("{} → {} · {}", it.1.from, it.1.target, it.1.to);
            fit(&passes, widths.get().rule - 16.0)
        })
    };
    let told = move || known.with(|it| rule_words(&it.1));
    let state = Memo::new(move |_| known.with(|it| it.1.enabled));
    let mark = move || {
        let mark = if state.get() {
            Sign::Good
        } else {
            Sign::Stopped
        };
        view! { <path class=format!("sign sign-{}", mark.class()) transform="translate(8 8)" d=mark.path()></path> }
    };
    let forwarded = move || known.with(|it| format::number(it.1.forwarded));
    let failed = Memo::new(move |_| known.with(|it| Some(it.1.failed).filter(|count| *count > 0)));
    let failure = move || {
        failed.get().map(|count| {
            view! {
                <g class="routes-failed" transform=move || format!("translate({} 29)", widths.get().rule + 16.0)>
                    <path class="sign sign-bad" d=Sign::Bad.path()></path>
                    <text x="16" y="10">{format::number(count)}</text>
                </g>
            }
        })
    };
    let shown = {
        let id = id.clone();
        move || scene.row.with(|row| *row == id)
    };
    let off = move || !state.get();
    let hot = {
        let id = id.clone();
        move || known.with(|it| is_hot(scene, &id, &it.1))
    };
    let spot_name = move || known.with(|it| keys::name('r', it.0.place));
    let (over, focused) = (spot.clone(), spot);
    view! {
        <g transform=top class="routes-part" class=("routes-off", off) class=("is-hot", hot) class=("is-shown", shown)>
            // A group of its own: what has neighbours is taken for a link of text.
            <g>
            <a
                href=href
                data-row=id
                data-spot=spot_name
                aria-label=told
                data-tip=told
                on:pointerenter=move |_| scene.hot.set(Some(over.clone()))
                on:focus=move |_| scene.hot.set(Some(focused.clone()))
                on:blur=move |_| scene.hot.set(None)
            >
                <rect class="routes-box" width=move || widths.get().rule height=BOX rx="6"></rect>
                {mark}
                <text class="routes-name" x="26" y="18">{name}</text>
                <text class="routes-second" x="8" y="35">{passes}</text>
            </a>
            </g>
            <g aria-hidden="true">
                <text class="routes-count" x=move || widths.get().rule + 8.0 y="10">{forwarded}</text>
                {failure}
            </g>
        </g>
    }
    .into_any()
}

/// A rule in one sentence, for who can't see the picture and for who points at it.
fn rule_words(route: &Route) -> String {
    let state = match route.enabled {
        true => message_texts::enabled.get(),
        false => message_texts::disabled.get(),
    };
    texts::rule(
        format::number(route.failed),
        format::number(route.forwarded),
        &route.name,
        format!("{} {}", route.source, route.from),
        state,
        format!("{} {}", route.target, route.to),
    )
}

/// The picture with the rule in the side panel.
fn row_address(id: &str) -> String {
    let here = router::Router::the().address_now();
    Address::new(["rules"])
        .with("filter", here.get("filter").unwrap_or_default())
        .with("view", "routes")
        .with("row", id)
        .to_string()
}
