//! The top bar: profile, palette, age of the data, write lock.

use console_ipc::profile::{GuardState, LockWrites, ProfileColour, SwitchProfile};
use leptos::html;
use leptos::prelude::*;

use super::{palette, unlock};
use crate::kit::{Glyph, IconButton, Item, Menu, Place, Progress, icon};
use crate::state::{App, is_simulator, now_ms};
use crate::{format, ipc, router, words};

/// The top bar.
#[component]
pub fn TopBar() -> AnyView {
    let app = App::expect();
    let production = Memo::new(move |_| app.profile().is_some_and(|profile| profile.production));
    let colour = Memo::new(move |_| {
        app.profile()
            .map_or("var(--mark-grey)", |profile| mark(profile.colour))
    });
    view! {
        <header class="bar" class=("bar-production", production) style=("--mark", move || colour.get())>
            <ProfileSwitcher />
            {move || production.get().then(|| view! { <strong class="bar-band">{words::profiles::production_band}</strong> })}
            <button type="button" class="palette-trigger" on:click=|_| palette::open()>
                {icon(Glyph::Search)}
                <span class="cut">{words::palette::trigger}</span>
                <kbd>"Ctrl K"</kbd>
            </button>
            <span class="spacer"></span>
            <Age />
            <Lock />
        </header>
    }
    .into_any()
}

/// The colour of a profile's mark.
pub fn mark(colour: ProfileColour) -> &'static str {
    match colour {
        ProfileColour::Teal => "var(--mark-teal)",
        ProfileColour::Blue => "var(--mark-blue)",
        ProfileColour::Violet => "var(--mark-violet)",
        ProfileColour::Magenta => "var(--mark-magenta)",
        ProfileColour::Red => "var(--mark-red)",
        ProfileColour::Orange => "var(--mark-orange)",
        ProfileColour::Yellow => "var(--mark-yellow)",
        ProfileColour::Green => "var(--mark-green)",
        ProfileColour::Grey => "var(--mark-grey)",
    }
}

/// The profile in use, and the others to switch to.
#[component]
fn ProfileSwitcher() -> AnyView {
    let app = App::expect();
    let place = RwSignal::new(None::<Place>);
    let node: NodeRef<html::Button> = NodeRef::new();
    let name = move || {
        app.profile().map_or_else(
            || words::profiles::none_in_use.get().to_owned(),
            |profile| profile.name,
        )
    };
    let items = Signal::derive(move || {
        let current = app.session.with(|session| session.profile_id.clone());
        let mut items: Vec<Item> = app
            .profiles
            .get()
            .into_iter()
            .map(|profile| {
                let id = profile.id.clone();
                let checked = current.as_ref() == Some(&profile.id);
                Item::new(profile.name, move || switch(id.clone())).checked(checked)
            })
            .collect();
        items.push(
            Item::new(words::profiles::add, || router::go("#/profiles/new"))
                .glyph(Glyph::Plus)
                .apart(),
        );
        items.push(
            Item::new(words::profiles::manage, || router::go("#/profiles")).glyph(Glyph::Profile),
        );
        items
    });
    view! {
        <button
            type="button"
            class="profile-switch"
            node_ref=node
            aria-haspopup="menu"
            aria-label=move || words::profiles::switch_from(name())
            aria-expanded=move || if place.get().is_some() { "true" } else { "false" }
            on:pointerdown=move |event| {
                if place.get_untracked().is_some() {
                    event.stop_propagation();
                }
            }
            on:click=move |_| {
                let at = node.get_untracked().map(|button| Place::below(&button));
                place.set(if place.get_untracked().is_some() { None } else { at });
            }
        >
            <span class="mark">
                {move || icon(if app.profile().is_some_and(|it| is_simulator(&it)) { Glyph::Simulator } else { Glyph::Cloud })}
            </span>
            <span class="cut">{name}</span>
            {icon(Glyph::ChevronDown)}
        </button>
        <Menu items=items place=place label=words::profiles::title />
    }
    .into_any()
}

/// Uses another profile.
pub fn switch(id: String) {
    wasm_bindgen_futures::spawn_local(async move {
        let app = App::expect();
        match ipc::call(SwitchProfile { id }).await {
            Ok(session) => app.take_session(session),
            Err(error) => app.report(error),
        }
        app.reload().await;
    });
}

/// How old the data of the page is, and a way to read it again.
#[component]
fn Age() -> AnyView {
    let app = App::expect();
    // The oldest of what the page shows decides.
    let state = Memo::new(move |_| {
        let mut oldest = app.read_at.get();
        let mut loading = None;
        let mut failed = false;
        for kind in app.shown.get() {
            if let Some(freshness) = app.freshness_of(kind) {
                oldest = match (oldest, freshness.as_of_ms) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                loading = loading.or(freshness.loading);
                failed |= freshness.error.is_some();
            }
        }
        (oldest, loading, failed)
    });
    let every = Memo::new(move |_| app.settings.with(|settings| settings.refresh_seconds));
    let text = move || {
        let (oldest, _, failed) = state.get();
        match oldest {
            None => String::new(),
            Some(at) if failed => words::frame::stale(format::time_of_day(at)),
            Some(at) => words::frame::as_of(format::time_of_day(at)),
        }
    };
    let tip = move || state.get().0.map(format::exact);
    let progress = Signal::derive(move || {
        state
            .get()
            .1
            .map_or((0, None), |progress| (progress.received, progress.total))
    });
    view! {
        <div class="age" class=("age-stale", move || state.get().2)>
            {move || state.get().1.is_some().then(|| view! { <Progress label=words::frame::loading value=progress /> })}
            <span class="number" data-tip=tip role="status">{text}</span>
            <IconButton
                glyph=Glyph::Refresh
                label=move || match every.get() {
                    0 => words::frame::refresh_by_hand.get().to_owned(),
                    seconds => words::frame::refresh_every(seconds),
                }
                on_press=move || app.refresh_page()
            />
            {move || (every.get() > 0).then(|| view! {
                <span class="second number">{words::frame::seconds(every.get())}</span>
            })}
        </div>
    }
    .into_any()
}

/// The write lock: locked, open for some minutes, or the simulator's, which always is.
#[component]
fn Lock() -> AnyView {
    let app = App::expect();
    let place = RwSignal::new(None::<Place>);
    let node: NodeRef<html::Button> = NodeRef::new();
    let word = move || match app.guard.get() {
        GuardState::Locked => words::guard::locked.get().to_owned(),
        GuardState::Open => words::guard::simulator.get().to_owned(),
        GuardState::Unlocked { until_ms, .. } => {
            app.now.track();
            words::guard::unlocked(format::count(minutes_left(until_ms)))
        }
    };
    let tip = move || match app.guard.get() {
        GuardState::Locked => words::guard::locked_tip.get().to_owned(),
        GuardState::Open => words::guard::simulator_tip.get().to_owned(),
        GuardState::Unlocked { until_ms, reason } => {
            words::guard::unlocked_tip(reason, format::time_of_day(until_ms))
        }
    };
    let items = Signal::derive(|| {
        vec![
            Item::new(words::guard::lock, || ipc::send(LockWrites {})).glyph(Glyph::Lock),
            Item::new(words::guard::longer, unlock::ask).glyph(Glyph::Clock),
        ]
    });
    let press = move |_| match app.guard.get_untracked() {
        GuardState::Locked => unlock::ask(),
        GuardState::Unlocked { .. } => {
            place.set(node.get_untracked().map(|button| Place::below(&button)));
        }
        GuardState::Open => {}
    };
    view! {
        <button
            type="button"
            class="lock"
            class=("lock-open", move || matches!(app.guard.get(), GuardState::Unlocked { .. }))
            node_ref=node
            data-tip=tip
            aria-description=tip
            aria-haspopup=move || matches!(app.guard.get(), GuardState::Unlocked { .. }).then_some("menu")
            aria-disabled=move || matches!(app.guard.get(), GuardState::Open).then_some("true")
            on:click=press
        >
            {move || icon(match app.guard.get() {
                GuardState::Locked => Glyph::Lock,
                GuardState::Unlocked { .. } | GuardState::Open => Glyph::Unlock,
            })}
            <span>{word}</span>
        </button>
        <Menu items=items place=place label=words::guard::title />
    }
    .into_any()
}

fn minutes_left(until_ms: i64) -> u64 {
    u64::try_from((until_ms - now_ms() + 59_999) / 60_000).unwrap_or(0)
}
