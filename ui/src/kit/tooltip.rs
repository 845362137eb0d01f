//! One tooltip for the whole window. Whatever has `data-tip` shows it on hover and on focus; with
//! `data-tip-cut` only while its text is cut. What has `data-tip-unseen` shows the text it holds, while that is not
//! to be seen.

use std::cell::RefCell;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DomRect, Element, Event, HtmlElement};

/// How long the pointer rests before the tooltip comes.
const DELAY: Duration = Duration::from_millis(450);
/// Distance to the element and to the edges of the window, in pixels.
const GAP: f64 = 6.0;

/// A tooltip to show.
#[derive(Clone)]
struct Shown {
    text: String,
    place: DomRect,
}

/// The tooltip of the window. Stands once, for as long as the window lives: it listens to the whole document.
#[component]
pub fn TooltipHost() -> AnyView {
    let text = RwSignal::new(String::new());
    let node: NodeRef<leptos::html::Div> = NodeRef::new();
    let timer: RefCell<Option<TimeoutHandle>> = RefCell::new(None);
    let listen = move |event: Event| {
        if let Some(timer) = timer.borrow_mut().take() {
            timer.clear();
        }
        let found = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| find(&element));
        match (event.type_().as_str(), found) {
            ("pointerover", Some(shown)) => {
                let late = set_timeout_with_handle(move || show(node, text, &shown), DELAY);
                *timer.borrow_mut() = late.ok();
            }
            ("focusin", Some(shown)) if by_keyboard(&event) => show(node, text, &shown),
            _ => hide(node, text),
        }
    };
    Effect::new({
        let listen = std::rc::Rc::new(listen);
        move |_| {
            let listen = std::rc::Rc::clone(&listen);
            let listener = Closure::<dyn Fn(Event)>::new(move |event| listen(event));
            for name in [
                "pointerover",
                "pointerdown",
                "focusin",
                "focusout",
                "keydown",
                "scroll",
            ] {
                // The document takes any listener.
                let _ = document().add_event_listener_with_callback_and_bool(
                    name,
                    listener.as_ref().unchecked_ref(),
                    true,
                );
            }
            // It listens as long as the window lives.
            listener.forget();
        }
    });
    view! {
        <div class="tooltip" popover="manual" aria-hidden="true" node_ref=node>
            {move || text.get()}
        </div>
    }
    .into_any()
}

/// Whether the focus came by a key, as the browser sees it.
fn by_keyboard(event: &Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.matches(":focus-visible").unwrap_or(false))
}

/// The tooltip of an element or of what it stands in.
fn find(element: &Element) -> Option<Shown> {
    let owner = element
        .closest("[data-tip], [data-tip-unseen]")
        .ok()
        .flatten()?;
    let text = match owner.get_attribute("data-tip") {
        Some(text) => Some(text),
        None => unseen(&owner),
    };
    let text = text.filter(|text| !text.is_empty())?;
    if owner.has_attribute("data-tip-cut") && owner.scroll_width() <= owner.client_width() {
        return None;
    }
    Some(Shown {
        text,
        place: owner.get_bounding_client_rect(),
    })
}

/// The text an element holds, when it is not to be seen: cut to a pixel, as what only has to be read aloud.
fn unseen(owner: &Element) -> Option<String> {
    let text = owner.query_selector("span").ok().flatten()?;
    (text.client_width() <= 1).then(|| text.text_content().unwrap_or_default())
}

fn show(node: NodeRef<leptos::html::Div>, text: RwSignal<String>, shown: &Shown) {
    let Some(element) = GetUntracked::get_untracked(&node) else {
        return;
    };
    let element: HtmlElement = element.into();
    text.set(shown.text.clone());
    // Shown twice is not an error worth telling.
    let _ = element.show_popover();
    let place = shown.place.clone();
    // Its size is known once the text stands in it.
    request_animation_frame(move || {
        let size = element.get_bounding_client_rect();
        let (width, height) = window_size();
        let below = place.bottom() + GAP;
        let top = if below + size.height() + GAP > height {
            place.top() - GAP - size.height()
        } else {
            below
        };
        let middle = place.left() + place.width().min(240.0) / 2.0 - size.width() / 2.0;
        let left = middle.min(width - size.width() - GAP).max(GAP);
        let style = element.style();
        let _ = style.set_property("top", &format!("{}px", top.max(GAP)));
        let _ = style.set_property("left", &format!("{left}px"));
    });
}

fn hide(node: NodeRef<leptos::html::Div>, text: RwSignal<String>) {
    let shown = text.with_untracked(|text| !text.is_empty());
    if let Some(element) = node.get_untracked().filter(|_| shown) {
        text.set(String::new());
        // Hidden twice is not an error worth telling.
        let _ = HtmlElement::from(element).hide_popover();
    }
}

/// Width and height of the window in pixels.
pub fn window_size() -> (f64, f64) {
    let number = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|it| it.as_f64()).unwrap_or_default()
    };
    (
        number(window().inner_width()),
        number(window().inner_height()),
    )
}
