//! The inspections of this run, beside the one that is shown.

use console_ipc::inspect::{InspectionSummary, MOST_COMPARED};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::desk::Desk;
use super::{Shown, address_of, verdict};
use crate::format;
use crate::kit::{Button, Glyph, IconButton, Look, Text, shortcut};
use crate::router;
use crate::words::inspector as texts;

/// The list, with what opens more and what compares those that are marked.
#[component]
pub(super) fn Inspections(desk: Desk, shown: Memo<Shown>) -> AnyView {
    shortcut::tell("Delete", texts::keys::forget);
    shortcut::tell("Space", texts::keys::mark);
    let all = move || desk.all.value.get().unwrap_or_default();
    let keys = move |event: leptos::ev::KeyboardEvent| by_keys(desk, &event);
    let marked = Memo::new(move |_| desk.marked.with(Vec::len));
    let compare = Text::from(move || match marked.get() {
        0 | 1 => texts::compare.get().to_owned(),
        n => texts::compare_n(n),
    });
    let hint = Text::from(move || match marked.get() {
        0 | 1 => texts::compare_hint.get().to_owned(),
        MOST_COMPARED => texts::compare_most(MOST_COMPARED),
        _ => String::new(),
    });
    let unmark = move || {
        (marked.get() > 0).then(|| view! {
            <Button label=texts::unmark look=Look::Quiet on_press=move || desk.marked.set(Vec::new()) />
        })
    };
    view! {
        <div class="inspector-list">
            <header class="row inspector-head">
                <h2 class="cut">{texts::title}</h2>
                <span class="spacer"></span>
                <IconButton glyph=Glyph::Open label=texts::choose disabled=desk.busy on_press=move || desk.choose() />
                <IconButton glyph=Glyph::Copy label=texts::paste disabled=desk.busy on_press=move || desk.paste() />
            </header>
            <nav class="inspections" aria-label=texts::opened>
                <ul on:keydown=keys>
                    <For each=all key=|it| it.id.clone() children=move |it| line(desk, shown, it) />
                </ul>
            </nav>
            <footer class="row inspector-foot">
                <Button
                    label=compare
                    hint=hint
                    disabled=Signal::derive(move || marked.get() < 2)
                    on_press=move || desk.compare()
                />
                {unmark}
            </footer>
        </div>
    }
    .into_any()
}

fn line(desk: Desk, shown: Memo<Shown>, first: InspectionSummary) -> AnyView {
    let id = StoredValue::new(first.id.clone());
    let name = StoredValue::new(first.name.clone());
    let known = Memo::new(move |before: Option<&InspectionSummary>| {
        let now = desk.all.value.with(|all| {
            let all = all.as_ref()?;
            id.with_value(|id| all.iter().find(|it| it.id == *id).cloned())
        });
        now.or_else(|| before.cloned())
            .unwrap_or_else(|| first.clone())
    });
    let current = move || {
        let is = id.with_value(|id| shown.with(|shown| *shown == Shown::One(id.clone())));
        is.then_some("page")
    };
    let second = move || {
        known.with(|it| {
            // The day first: it is what is looked for when there is little room.
            let mut parts: Vec<String> = verdict::until(it.good_until).into_iter().collect();
            parts.push(verdict::kind(&it.kind));
            if it.locked {
                parts.push(texts::locked_short.get().to_owned());
            }
            parts.join(" · ")
        })
    };
    let tip = move || known.with(|it| format!("{}\n{}", it.name, format::exact(it.opened_ms)));
    let marked = move || id.with_value(|id| desk.is_marked(id));
    view! {
        <li class="inspection">
            <label class="option inspection-mark">
                <input
                    type="checkbox"
                    class="checkbox"
                    aria-label=move || texts::mark(name.get_value())
                    prop:checked=marked
                    on:change=move |event| {
                        id.with_value(|id| desk.mark(id, event_target_checked(&event)));
                        // Where there are too many marks it stays as it was.
                        let now = untrack(marked);
                        if let Some(field) = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                            field.set_checked(now);
                        }
                    }
                />
            </label>
            <a
                class="inspection-name"
                href=id.with_value(|id| address_of(id).to_string())
                data-id=id.get_value()
                aria-current=current
            >
                <span class="cut" data-tip=tip>{name.get_value()}</span>
                {move || verdict::verdict(known.with(|it| it.verdict))}
                <span class="second small cut">{second}</span>
            </a>
            <IconButton
                glyph=Glyph::Close
                label=Text::from(move || format!("{} · {}", texts::forget.get(), name.get_value()))
                on_press=move || {
                    desk.forget(&id.get_value());
                }
            />
        </li>
    }
    .into_any()
}

/// Arrows show another one, Space marks, Delete forgets.
fn by_keys(desk: Desk, event: &leptos::ev::KeyboardEvent) {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let Some(id) = target.and_then(|it| it.get_attribute("data-id")) else {
        return;
    };
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let ids: Vec<String> = desk.all.value.with_untracked(|all| {
        let all = all.iter().flatten();
        all.map(|it| it.id.clone()).collect()
    });
    let Some(now) = ids.iter().position(|known| *known == id) else {
        return;
    };
    let next = match event.key().as_str() {
        "ArrowDown" => (now + 1).min(ids.len() - 1),
        "ArrowUp" => now.saturating_sub(1),
        "Home" => 0,
        "End" => ids.len() - 1,
        " " => {
            event.prevent_default();
            desk.mark(&id, !untrack(|| desk.is_marked(&id)));
            return;
        }
        "Delete" => {
            event.prevent_default();
            if let Some(next) = desk.forget(&id) {
                focus(next);
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    router::replace(address_of(&ids[next]));
    focus(ids[next].clone());
}

/// Gives a line the focus, once it is drawn.
fn focus(id: String) {
    request_animation_frame(move || {
        // Identifiers are those of the host: letters, figures and dashes.
        let line = document().query_selector(&format!(".inspection-name[data-id='{id}']"));
        let line = line
            .ok()
            .flatten()
            .and_then(|it| it.dyn_into::<HtmlElement>().ok());
        if let Some(line) = line {
            // Focus fails only for what can't have it.
            let _ = line.focus();
        }
    });
}
