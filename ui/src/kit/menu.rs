//! Menus: opened by a button, by the menu key or by a right click.

use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::tooltip::window_size;
use super::{Glyph, Text, icon};

/// A line of a menu.
#[derive(Clone)]
pub struct Item {
    /// What it does.
    pub label: Text,
    /// Its icon.
    pub glyph: Option<Glyph>,
    /// Keys that do the same: `Ctrl+R`.
    pub keys: &'static str,
    /// Why it can't be pressed now; empty when it can.
    pub disabled: Text,
    /// Whether it is chosen, where it is a choice.
    pub checked: Option<bool>,
    /// Whether it destroys something.
    pub danger: bool,
    /// Whether a line stands above it.
    pub apart: bool,
    /// What it does.
    pub on_press: Callback<()>,
}

impl Item {
    /// A line that does something.
    pub fn new(label: impl Into<Text>, on_press: impl Into<Callback<()>>) -> Self {
        Self {
            label: label.into(),
            glyph: None,
            keys: "",
            disabled: Text::default(),
            checked: None,
            danger: false,
            apart: false,
            on_press: on_press.into(),
        }
    }

    /// With an icon.
    #[must_use]
    pub fn glyph(mut self, glyph: Glyph) -> Self {
        self.glyph = Some(glyph);
        self
    }

    /// With the keys that do the same.
    #[must_use]
    pub fn keys(mut self, keys: &'static str) -> Self {
        self.keys = keys;
        self
    }

    /// As a choice.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// As something that destroys.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// With a line above it.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// With a reason why it can't be pressed. An empty reason leaves it as it is.
    #[must_use]
    pub fn disabled(mut self, reason: impl Into<Text>) -> Self {
        self.disabled = reason.into();
        self
    }
}

/// Where a menu opens: below an element's left or right edge, or at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// From the left, in pixels.
    pub left: f64,
    /// Lower edge of what it belongs to.
    pub top: f64,
    /// Upper edge of what it belongs to, for when there is no room below.
    pub above: f64,
}

impl Place {
    /// Below an element.
    pub fn below(element: &Element) -> Self {
        let place = element.get_bounding_client_rect();
        Self {
            left: place.left(),
            top: place.bottom() + 2.0,
            above: place.top() - 2.0,
        }
    }

    /// At a point: where the pointer was.
    pub fn at(x: i32, y: i32) -> Self {
        Self {
            left: x.into(),
            top: y.into(),
            above: y.into(),
        }
    }
}

/// A menu, shown while `place` says where. Whoever opens it sets `place`; it empties it when it closes.
#[component]
pub fn Menu(
    /// What it offers.
    #[prop(into)]
    items: Signal<Vec<Item>>,
    /// Where it is, while it is open.
    place: RwSignal<Option<Place>>,
    /// What it is called.
    #[prop(into)]
    label: Text,
) -> AnyView {
    view! {
        {move || place.get().map(|at| {
            view! { <Open items=items.get_untracked() place=place at=at label=label.clone() /> }
        })}
    }
    .into_any()
}

#[component]
fn Open(items: Vec<Item>, place: RwSignal<Option<Place>>, at: Place, label: Text) -> AnyView {
    let node: NodeRef<html::Div> = NodeRef::new();
    let former = document()
        .active_element()
        .and_then(|it| it.dyn_into::<HtmlElement>().ok())
        .map(SendWrapper::new);
    Effect::new(move |_| {
        let Some(menu) = node.get() else { return };
        let menu: HtmlElement = menu.into();
        // Shown twice is not an error worth telling.
        let _ = menu.show_popover();
        let size = menu.get_bounding_client_rect();
        let (width, height) = window_size();
        let top = if at.top + size.height() > height {
            (at.above - size.height()).max(4.0)
        } else {
            at.top
        };
        let left = at.left.min(width - size.width() - 4.0).max(4.0);
        let style = menu.style();
        let _ = style.set_property("top", &format!("{top}px"));
        let _ = style.set_property("left", &format!("{left}px"));
        focus(&menu, Step::First);
    });
    on_cleanup(move || {
        if let Some(former) = former {
            let _ = former.focus();
        }
    });
    let close = move || place.set(None);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let Some(menu) = node.get_untracked() else {
            return;
        };
        let menu: HtmlElement = menu.into();
        let key = event.key();
        match key.as_str() {
            "ArrowDown" => focus(&menu, Step::Next),
            "ArrowUp" => focus(&menu, Step::Previous),
            "Home" => focus(&menu, Step::First),
            "End" => focus(&menu, Step::Last),
            "Escape" | "Tab" => close(),
            key if key.chars().count() == 1 && key != " " => {
                focus(&menu, Step::Begins(key.to_lowercase()));
            }
            _ => {
                event.stop_propagation();
                return;
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // Wherever else the pointer goes down, the menu is done.
    let outside = window_event_listener_untyped("pointerdown", move |event| {
        let target = event
            .target()
            .and_then(|it| it.dyn_into::<web_sys::Node>().ok());
        let inside = node
            .try_get_untracked()
            .flatten()
            .is_some_and(|menu| menu.contains(target.as_ref()));
        if !inside {
            place.try_set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let lines = items
        .into_iter()
        .map(|item| line(item, close))
        .collect_view();
    view! {
        <div class="menu" popover="manual" role="menu" aria-label=move || label.get() node_ref=node on:keydown=keys>
            {lines}
        </div>
    }
    .into_any()
}

fn line(item: Item, close: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let Item {
        label,
        glyph,
        keys,
        disabled,
        checked,
        danger,
        apart,
        on_press,
    } = item;
    let reason = disabled.get().into_owned();
    let blocked = !reason.is_empty();
    let role = if checked.is_some() {
        "menuitemcheckbox"
    } else {
        "menuitem"
    };
    let mark = match (checked, glyph) {
        (Some(true), _) => icon(Glyph::Check),
        (None, Some(glyph)) => icon(glyph),
        _ => view! { <span class="icon"></span> }.into_any(),
    };
    view! {
        <button
            type="button"
            role=role
            tabindex="-1"
            class="menu-item"
            class=("menu-danger", danger)
            class=("menu-apart", apart)
            aria-checked=checked.map(|on| if on { "true" } else { "false" })
            aria-disabled=blocked.then_some("true")
            aria-description=blocked.then(|| reason.clone())
            data-tip=blocked.then_some(reason)
            on:click=move |_| {
                if !blocked {
                    close();
                    on_press.run(());
                }
            }
        >
            {mark}
            <span class="menu-label">{label.view()}</span>
            <span class="menu-keys">{keys}</span>
        </button>
    }
    .into_any()
}

enum Step {
    First,
    Last,
    Next,
    Previous,
    Begins(String),
}

/// Moves the focus among the lines of a menu, around its ends.
fn focus(menu: &HtmlElement, step: Step) {
    let Ok(found) = menu.query_selector_all("[role^=menuitem]") else {
        return;
    };
    let lines: Vec<HtmlElement> = (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into().ok())
        .collect();
    if lines.is_empty() {
        return;
    }
    let active = document().active_element();
    let now = lines.iter().position(|line| {
        active
            .as_ref()
            .is_some_and(|it| it.is_same_node(Some(line)))
    });
    let count = lines.len();
    let next = match (step, now) {
        (Step::First, _) | (Step::Next, None) => 0,
        (Step::Last, _) | (Step::Previous, None) => count - 1,
        (Step::Next, Some(now)) => (now + 1) % count,
        (Step::Previous, Some(now)) => (now + count - 1) % count,
        (Step::Begins(start), now) => {
            let from = now.map_or(0, |now| now + 1);
            let begins = |at: &usize| {
                lines[*at]
                    .text_content()
                    .unwrap_or_default()
                    .trim()
                    .to_lowercase()
                    .starts_with(&start)
            };
            match (from..count).chain(0..from.min(count)).find(begins) {
                Some(at) => at,
                None => return,
            }
        }
    };
    let _ = lines[next].focus();
}

/// A button that opens a menu.
#[component]
pub fn MenuButton(
    /// What it is called.
    #[prop(into)]
    label: Text,
    /// What it offers, made when it opens.
    #[prop(into)]
    items: Signal<Vec<Item>>,
    /// Its icon.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// Whether only the icon is shown.
    #[prop(optional)]
    icon_only: bool,
) -> AnyView {
    let place = RwSignal::new(None::<Place>);
    let node: NodeRef<html::Button> = NodeRef::new();
    let toggle = move || match place.get_untracked() {
        Some(_) => place.set(None),
        None => place.set(node.get_untracked().map(|button| Place::below(&button))),
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "ArrowDown" && place.get_untracked().is_none() {
            event.prevent_default();
            toggle();
        }
    };
    let (name, tip, title) = (label.clone(), label.clone(), label.clone());
    view! {
        <button
            type="button"
            class=if icon_only { "icon-button" } else { "button" }
            node_ref=node
            aria-haspopup="menu"
            aria-expanded=move || if place.get().is_some() { "true" } else { "false" }
            aria-label=move || icon_only.then(|| name.get())
            data-tip=move || icon_only.then(|| tip.get())
            // The pointer going down outside closes the menu, and must not open it again here.
            on:pointerdown=move |event| {
                if place.get_untracked().is_some() {
                    event.stop_propagation();
                }
            }
            on:click=move |_| toggle()
            on:keydown=keys
        >
            {glyph.map(icon)}
            {(!icon_only).then(|| view! { <span>{title.view()}</span> })}
            {(!icon_only).then(|| icon(Glyph::ChevronDown))}
        </button>
        <Menu items=items place=place label=label />
    }
    .into_any()
}
