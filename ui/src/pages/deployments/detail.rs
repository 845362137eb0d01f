//! One deployment: its side panel and its page, which show the same tabs.

use ief_api::deployment::Deployment as Wire;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

use super::instances::Instances;
use super::summary::Summary;
use super::{STUCK, actions, state_words};
use crate::format;
use crate::kit::{Button, CopyButton, Glyph, Item, MenuButton, StateSign, Tab, Text};
use crate::pages::parts::{Gone, call_of, tabbed, thing_page};
use crate::relations::Relations;
use crate::router;
use crate::table::reading::{integer, list, text};
use crate::table::{PanelContext, Reading};
use crate::words;
use crate::words::deployments as texts;

/// What the tabs of a deployment know.
#[derive(Clone, Copy)]
pub(super) struct Deployment {
    /// Its identifier.
    pub(super) id: Signal<String>,
    /// It, read whole.
    pub(super) reading: Reading,
    /// Its instances.
    pub(super) pods: Reading,
}

impl Deployment {
    fn new(id: Signal<String>, reading: Reading) -> Self {
        let call = Signal::derive(move || {
            let id = id.get();
            (!id.is_empty()).then(|| call_of("list_pods", &[], &[("deployment_id", &id)]))
        });
        Self {
            id,
            reading,
            pods: Reading::of(call, "pods"),
        }
    }

    /// Something of it. Tracked.
    pub(super) fn with<T>(self, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        self.reading.value.with(|it| it.as_ref().and_then(read))
    }

    /// Its name, as far as it is read. Tracked.
    pub(super) fn name(self) -> String {
        self.with(|it| text(it, "name"))
            .unwrap_or_else(|| self.id.get())
    }

    fn name_now(self) -> String {
        untrack(|| self.name())
    }

    /// Whether its deletion has begun and not ended. Tracked.
    fn is_stuck(self) -> bool {
        let state = self.with(|it| text(it, "state"));
        state.is_some_and(|state| STUCK.contains(&state.as_str()))
    }
}

/// The side panel of the list.
pub(super) fn panel(context: PanelContext) -> AnyView {
    let deployment = Deployment::new(context.id, context.detail);
    view! {
        <div class="row row-wrap panel-actions">{buttons(deployment)}</div>
        <Parts deployment=deployment />
    }
    .into_any()
}

/// The page of a deployment.
pub(super) fn page(id: String) -> AnyView {
    let id = Signal::stored(id);
    let deployment = Deployment::new(id, Reading::detail(Wire::SPEC, id));
    let known = Memo::new(move |_| deployment.reading.value.with(Option::is_some));
    let actions = move || {
        known.get().then(|| {
            view! { {state(deployment)} <span class="spacer"></span> {buttons(deployment)} }
        })
    };
    thing_page(
        ("#/deployments", texts::title),
        move || deployment.name(),
        view! { {actions} }.into_any(),
        view! { <Parts deployment=deployment /> }.into_any(),
    )
}

/// Its state as sign and word, once it is read.
fn state(deployment: Deployment) -> impl Fn() -> Option<AnyView> {
    let words = Memo::new(move |_| {
        deployment.with(|it| {
            let state = text(it, "state");
            Some((
                state,
                integer(it, "ready_replicas"),
                integer(it, "replicas"),
                text(it, "created_at").and_then(|at| format::parse_time(&at)),
            ))
        })
    });
    move || {
        let (state, ready, replicas, created_ms) = words.get()?;
        let (sign, word) = state_words(state.as_deref(), ready, replicas, created_ms);
        Some(view! { <StateSign sign=sign word=word /> }.into_any())
    }
}

/// What can be done with a deployment now.
fn buttons(deployment: Deployment) -> AnyView {
    // A memo, so that a refresh doesn't take the focus from the button.
    let can_change = Memo::new(move |_| !deployment.is_stuck());
    let items = Signal::derive(move || {
        let stuck = deployment.is_stuck();
        let delete =
            move || actions::delete(&deployment.id.get_untracked(), &deployment.name_now());
        let force =
            move || actions::force_delete(&deployment.id.get_untracked(), &deployment.name_now());
        let mut items = vec![
            Item::new(texts::delete::verb, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ];
        if stuck {
            items.push(
                Item::new(texts::force::verb, force)
                    .glyph(Glyph::Trash)
                    .danger(),
            );
        }
        items
    });
    let edit = move || router::go(&super::form::edit_address(&deployment.id.get_untracked()));
    let change = move || {
        let kept = can_change.get();
        kept.then(|| view! { <Button label=texts::update::verb glyph=Glyph::Edit on_press=edit /> })
    };
    view! { {change} <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=items /> }
        .into_any()
}

static GONE: Gone = Gone {
    title: texts::gone,
    text: texts::gone_text,
    glyph: Glyph::Deployment,
    back: texts::back_to_list,
    list: "#/deployments",
};

/// The tabs of a deployment.
#[component]
fn Parts(deployment: Deployment) -> AnyView {
    let count = Signal::derive(move || {
        let pods = deployment.pods.value;
        pods.with(|pods| Some(pods.as_ref()?.as_array()?.len() as u64))
    });
    let tabs = vec![
        Tab::new("summary", texts::tabs::summary),
        Tab::new("instances", texts::tabs::instances).count(count),
        Tab::new("relations", words::relations::tab),
        Tab::new("source", texts::tabs::source),
    ];
    tabbed(
        deployment.reading,
        texts::tabs::label,
        tabs,
        &GONE,
        move |tab| match tab {
            "instances" => view! { <Instances deployment=deployment /> }.into_any(),
            "source" => view! { <Source deployment=deployment /> }.into_any(),
            "relations" => {
                let name = Signal::derive(move || deployment.name());
                view! { <Relations kind="deployment" id=deployment.id name=name /> }.into_any()
            }
            _ => view! { <Summary deployment=deployment /> }.into_any(),
        },
    )
}

/// It as the service has it.
#[component]
fn Source(deployment: Deployment) -> AnyView {
    let source = Memo::new(move |_| {
        let whole = deployment.with(|it| serde_json::to_string_pretty(it).ok());
        whole.unwrap_or_default()
    });
    view! {
        <div class="request deployment-source">
            <CopyButton text=Text::from(move || source.get()) label=texts::copy_source />
            <pre class="code selectable" tabindex="0" aria-label=texts::tabs::source>{source}</pre>
        </div>
    }
    .into_any()
}

/// Its containers, those that run first before the others, each with whether it does.
pub(super) fn containers(deployment: &Value) -> Vec<(bool, &Value)> {
    let Some(template) = deployment.get("template") else {
        return Vec::new();
    };
    let first = list(template, "init_containers").iter();
    let others = list(template, "containers").iter();
    first
        .map(|it| (true, it))
        .chain(others.map(|it| (false, it)))
        .collect()
}
