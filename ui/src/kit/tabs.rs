//! Tabs: one stop for the Tab key, arrows between them. The tab in use can stand in the address.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Text;

/// A tab.
#[derive(Clone)]
pub struct Tab {
    /// Its name in addresses: `certs`.
    pub name: &'static str,
    /// What it shows.
    pub label: Text,
    /// How many things it holds, where that is worth knowing.
    pub count: Option<Signal<Option<u64>>>,
}

impl Tab {
    /// A tab.
    pub fn new(name: &'static str, label: impl Into<Text>) -> Self {
        Self {
            name,
            label: label.into(),
            count: None,
        }
    }

    /// With the number of things it holds.
    #[must_use]
    pub fn count(mut self, count: impl Into<Signal<Option<u64>>>) -> Self {
        self.count = Some(count.into());
        self
    }
}

/// A row of tabs. The first is in use while `current` names none of them.
#[component]
pub fn Tabs(
    /// What they divide.
    #[prop(into)]
    label: Text,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The name of the one in use.
    #[prop(into)]
    current: Signal<String>,
    /// Uses another one.
    #[prop(into)]
    on_choose: Callback<String>,
) -> AnyView {
    let names: Vec<&'static str> = tabs.iter().map(|tab| tab.name).collect();
    let in_use = {
        let names = names.clone();
        Signal::derive(move || {
            let current = current.get();
            names
                .iter()
                .copied()
                .find(|name| *name == current)
                .or(names.first().copied())
                .unwrap_or_default()
        })
    };
    let prefix = super::unique("tab");
    let id = prefix.clone();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let now = names
            .iter()
            .position(|name| *name == in_use.get_untracked())
            .unwrap_or(0);
        let count = names.len();
        let next = match event.key().as_str() {
            // Alt with an arrow goes back in the window, wherever the focus is.
            _ if event.alt_key() => return,
            "ArrowRight" => (now + 1) % count,
            "ArrowLeft" => (now + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        on_choose.run(names[next].to_owned());
        let element = document().get_element_by_id(&format!("{id}-{}", names[next]));
        if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    };
    let tabs = tabs
        .into_iter()
        .map(|tab| {
            let name = tab.name;
            let count = tab.count.map(|count| {
                move || count.get().map(|count| view! { <span class="tab-count number">{crate::format::count(count)}</span> })
            });
            view! {
                <button
                    type="button"
                    id=format!("{prefix}-{name}")
                    role="tab"
                    class="tab"
                    aria-selected=move || if in_use.get() == name { "true" } else { "false" }
                    tabindex=move || if in_use.get() == name { "0" } else { "-1" }
                    on:click=move |_| on_choose.run(name.to_owned())
                >
                    {tab.label.view()}
                    {count}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=keys>
            {tabs}
        </div>
    }
    .into_any()
}
