//! How something is opened: the place to drop it, and the other ways.

use leptos::prelude::*;

use super::desk::Desk;
use crate::format;
use crate::kit::notice::{what_happened, why};
use crate::kit::{Button, Glyph, IconButton, Look, Notice, Tone, icon};
use crate::state::App;
use crate::words;
use crate::words::inspector as texts;

/// The place to drop something, and what is taken.
#[component]
pub(super) fn Intake(desk: Desk) -> AnyView {
    view! {
        <section class="intake" aria-label=texts::title>
            <h1 class="intake-title">{texts::title}</h1>
            <div class="intake-zone">
                {icon(Glyph::Package)}
                <p class="intake-say">{texts::intro}</p>
                <p class="second intake-text">{texts::takes}</p>
                <Ways desk=desk />
                <p class="second small">{texts::or_paste}</p>
                <p class="intake-stays">{icon(Glyph::Lock)} <span>{texts::stays}</span></p>
            </div>
        </section>
    }
    .into_any()
}

/// The buttons that open something.
#[component]
fn Ways(desk: Desk) -> AnyView {
    let nothing = move || {
        let nothing = desk.nothing.get();
        nothing.then(|| view! { <Notice tone=Tone::Info text=texts::nothing_copied /> })
    };
    view! {
        <div class="row intake-ways">
            <Button
                label=texts::choose
                glyph=Glyph::Open
                look=Look::Primary
                busy=desk.busy
                on_press=move || desk.choose()
            />
            <Button label=texts::paste glyph=Glyph::Copy busy=desk.busy on_press=move || desk.paste() />
        </div>
        {nothing}
    }
    .into_any()
}

/// What could not be read of what was given last, each with why.
#[component]
pub(super) fn Refused() -> AnyView {
    let app = App::expect();
    let aside = RwSignal::new(());
    let refused = Memo::new(move |_| {
        aside.track();
        let inspected = app.inspected.get();
        inspected.map(|it| it.refused).unwrap_or_default()
    });
    let put_aside = move || {
        // Whoever follows what was given would take a change for something new.
        app.inspected.update_untracked(|it| {
            if let Some(it) = it {
                it.refused.clear();
            }
        });
        aside.notify();
    };
    let said = move || texts::refused(format::count(refused.with(Vec::len) as u64));
    let lines = move || {
        let lines = refused.get().into_iter();
        lines
            .map(|error| {
                let told = error.clone();
                view! {
                    <li>
                        <span>{move || what_happened(&told)}</span>
                        " "
                        <span class="second">{move || why(&error)}</span>
                    </li>
                }
            })
            .collect_view()
    };
    let any = Memo::new(move |_| refused.with(|it| !it.is_empty()));
    let notice = move || {
        any.get().then(|| {
            view! {
                <div class="notice notice-bad" role="alert">
                    {icon(Glyph::Warning)}
                    <div class="notice-text">
                        <p class="notice-what">{said}</p>
                        <ul class="notice-violations">{lines}</ul>
                    </div>
                    <IconButton glyph=Glyph::Close label=words::kit::close on_press=put_aside />
                </div>
            }
        })
    };
    view! { {notice} }.into_any()
}
