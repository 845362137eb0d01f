//! Keys that do something, wherever the focus is. Each says what it does, in the sheet that `?` opens.

use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{Dialog, Text, Width};
use crate::words;

/// Keys with what they do.
#[derive(Clone)]
struct Shortcut {
    number: u64,
    keys: &'static str,
    label: Text,
    /// None for keys that whatever has the focus hears itself.
    on_press: Option<Callback<()>>,
}

/// The keys of the window.
#[derive(Clone, Copy)]
struct Registry {
    all: RwSignal<Vec<Shortcut>>,
    help: RwSignal<bool>,
}

thread_local! {
    static REGISTRY: Cell<Option<Registry>> = const { Cell::new(None) };
    static NUMBER: Cell<u64> = const { Cell::new(0) };
}

/// Listens for keys from now on. Called once, by the frame.
pub fn start() {
    let registry = Registry {
        all: RwSignal::new(Vec::new()),
        help: RwSignal::new(false),
    };
    REGISTRY.set(Some(registry));
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() {
            return;
        }
        let keys = keys_of(&event);
        // A letter typed in a field is text.
        if typing(&event)
            && !keys.starts_with("Ctrl+")
            && !keys.starts_with("Alt+")
            && !is_function_key(&keys)
        {
            return;
        }
        let found = registry.all.with_untracked(|all| {
            all.iter()
                .rev()
                .filter(|shortcut| shortcut.keys == keys)
                .find_map(|shortcut| shortcut.on_press)
        });
        if let Some(press) = found {
            event.prevent_default();
            press.run(());
        } else if keys == "Ctrl+A" && !typing(&event) {
            // The window is no page of text: rail and bars are nothing to select.
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        handle.remove();
        REGISTRY.set(None);
    });
    register("?", words::kit::keys::help, move || registry.help.set(true));
}

/// Gives keys something to do as long as the component around lives: `Ctrl+K`, `Alt+ArrowLeft`, `/`, `?`.
pub fn register(keys: &'static str, label: impl Into<Text>, on_press: impl Into<Callback<()>>) {
    add(keys, label.into(), Some(on_press.into()));
}

/// Tells of keys, as people read them, that a part of the window hears itself while it has the focus. As long as
/// the component around lives.
pub fn tell(keys: &'static str, label: impl Into<Text>) {
    add(keys, label.into(), None);
}

fn add(keys: &'static str, label: Text, on_press: Option<Callback<()>>) {
    let Some(registry) = REGISTRY.get() else {
        return;
    };
    let number = NUMBER.get();
    NUMBER.set(number + 1);
    let shortcut = Shortcut {
        number,
        keys,
        label,
        on_press,
    };
    registry.all.update(|all| all.push(shortcut));
    on_cleanup(move || {
        registry
            .all
            .try_update(|all| all.retain(|shortcut| shortcut.number != number));
    });
}

/// Opens the sheet of all keys.
pub fn show_help() {
    if let Some(registry) = REGISTRY.get() {
        registry.help.set(true);
    }
}

/// The sheet of all keys in use.
#[component]
pub fn ShortcutHelp() -> AnyView {
    let Some(registry) = REGISTRY.get() else {
        return ().into_any();
    };
    view! {
        <Dialog open=registry.help title=words::kit::keys::title width=Width::Wide>
            <dl class="keys">
                {registry.all.with(|all| {
                    all.iter()
                        .map(|shortcut| view! {
                            <dt>{key_caps(shortcut.keys)}</dt>
                            <dd>{shortcut.label.clone().view()}</dd>
                        })
                        .collect_view()
                })}
            </dl>
        </Dialog>
    }
    .into_any()
}

/// Keys as they are drawn.
pub fn key_caps(keys: &'static str) -> AnyView {
    keys.split('+')
        .map(|key| {
            let key = match key {
                "ArrowLeft" => "←",
                "ArrowRight" => "→",
                "ArrowUp" => "↑",
                "ArrowDown" => "↓",
                key => key,
            };
            view! { <kbd>{key}</kbd> }
        })
        .collect_view()
        .into_any()
}

/// The keys of an event as shortcuts name them.
pub fn keys_of(event: &KeyboardEvent) -> String {
    let mut keys = String::new();
    if event.ctrl_key() || event.meta_key() {
        keys.push_str("Ctrl+");
    }
    if event.alt_key() {
        keys.push_str("Alt+");
    }
    let key = event.key();
    if key.chars().count() == 1 {
        keys.push_str(&key.to_uppercase());
    } else {
        if event.shift_key() {
            keys.push_str("Shift+");
        }
        keys.push_str(&key);
    }
    keys
}

fn is_function_key(keys: &str) -> bool {
    keys.strip_prefix('F')
        .is_some_and(|number| number.parse::<u8>().is_ok())
}

/// Whether keys are typed into a field.
pub fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|element| {
        element
            .matches("input:not([type=checkbox],[type=radio]), textarea, select")
            .unwrap_or(false)
    })
}
