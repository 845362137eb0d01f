//! One node: its side panel and its page, which show the same tabs.

use ief_api::node::EdgeNode;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

use super::attributes::Attributes;
use super::certificates::Certificates;
use super::devices::Devices;
use super::encrypted::Encrypted;
use super::settings::LogSettings;
use super::summary::Summary;
use super::upgrade::Upgrade;
use super::{actions, edit};
use crate::kit::{
    Button, ErrorNotice, Glyph, Item, MenuButton, Notice, Sign, Skeleton, StateSign, Tab, Tabs,
    Tone, icon,
};
use crate::relations::Relations;
use crate::router;
use crate::table::reading::{integer, text};
use crate::table::{PanelContext, Reading};
use crate::words::nodes as texts;
use crate::{format, words};

/// What the tabs of a node know.
#[derive(Clone, Copy)]
pub(super) struct Node {
    /// Its identifier.
    pub(super) id: Signal<String>,
    /// It, read whole.
    pub(super) reading: Reading,
}

impl Node {
    /// Its name, as far as it is read. Tracked.
    pub(super) fn name(self) -> String {
        let read = self
            .reading
            .value
            .with(|node| node.as_ref().and_then(|node| text(node, "name")));
        read.unwrap_or_else(|| self.id.get())
    }

    /// Its name now.
    pub(super) fn name_now(self) -> String {
        untrack(|| self.name())
    }

    /// Something of it. Tracked.
    pub(super) fn with<T>(self, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        self.reading.value.with(|node| node.as_ref().and_then(read))
    }

    fn state(self) -> Option<String> {
        self.with(|node| text(node, "state"))
    }
}

/// The side panel of the list.
pub(super) fn panel(context: PanelContext) -> AnyView {
    let node = Node {
        id: context.id,
        reading: context.detail,
    };
    view! {
        <div class="row row-wrap panel-actions">{buttons(node)}</div>
        <NodeTabs node=node />
    }
    .into_any()
}

/// What can be done with a node now.
fn buttons(node: Node) -> AnyView {
    let id = node.id;
    // Memos, so that a refresh doesn't take the focus from the buttons.
    let stopped = Memo::new(move |_| node.state().is_some_and(|state| state == "STOPPED"));
    let can_stop = Memo::new(move |_| {
        node.state()
            .is_some_and(|state| super::CAN_STOP.contains(&state.as_str()))
    });
    let items = Signal::derive(move || {
        vec![
            Item::new(texts::delete::verb, move || {
                actions::delete(&id.get_untracked(), &node.name_now());
            })
            .glyph(Glyph::Trash)
            .danger(),
        ]
    });
    view! {
        {move || stopped.get().then(|| view! {
            <Button
                label=texts::start::verb
                glyph=Glyph::Play
                on_press=move || actions::start(&id.get_untracked(), &node.name_now())
            />
        })}
        {move || can_stop.get().then(|| view! {
            <Button
                label=texts::stop::verb
                glyph=Glyph::Stop
                on_press=move || actions::stop(&id.get_untracked(), &node.name_now())
            />
        })}
        <Button
            label=texts::edit::verb
            glyph=Glyph::Edit
            on_press=move || router::go(&edit::address(&id.get_untracked()))
        />
        <MenuButton label=words::table::more glyph=Glyph::More icon_only=true items=items />
    }
    .into_any()
}

/// The page of a node.
#[component]
pub(super) fn NodePage(id: String) -> AnyView {
    let id = Signal::stored(id);
    let node = Node {
        id,
        reading: Reading::detail(EdgeNode::SPEC, id),
    };
    let state = move || node.state().map(|state| state_sign(&state));
    view! {
        <div class="thing">
            <header class="thing-head">
                <a class="page-crumb" href="#/nodes">{icon(Glyph::ArrowLeft)} {texts::title}</a>
                <div class="row row-wrap">
                    <h1 class="cut selectable">{move || node.name()}</h1>
                    {state}
                    <span class="spacer"></span>
                    {buttons(node)}
                </div>
            </header>
            <NodeTabs node=node />
        </div>
    }
    .into_any()
}

/// The tabs of a node.
#[component]
fn NodeTabs(node: Node) -> AnyView {
    let (tab, choose) = router::use_tab();
    let devices = Signal::derive(move || {
        node.with(|node| integer(node, "device_num"))
            .and_then(|count| u64::try_from(count).ok())
    });
    let tabs = vec![
        Tab::new("summary", texts::tabs::summary),
        Tab::new("devices", texts::tabs::devices).count(devices),
        Tab::new("certificates", texts::tabs::certificates),
        Tab::new("encrypted", texts::tabs::encrypted),
        Tab::new("settings", texts::tabs::settings),
        Tab::new("attributes", texts::tabs::attributes),
        Tab::new("upgrade", texts::tabs::upgrade),
        Tab::new("relations", words::relations::tab),
    ];
    let current = Memo::new(move |_| tab.get());
    let body = move || match current.get().as_str() {
        "devices" => view! { <Devices node=node /> }.into_any(),
        "certificates" => view! { <Certificates node=node /> }.into_any(),
        "encrypted" => view! { <Encrypted node=node /> }.into_any(),
        "settings" => view! { <LogSettings node=node /> }.into_any(),
        "attributes" => view! { <Attributes node=node /> }.into_any(),
        "upgrade" => view! { <Upgrade node=node /> }.into_any(),
        "relations" => {
            let name = Signal::derive(move || node.name());
            view! { <Relations kind="node" id=node.id name=name /> }.into_any()
        }
        _ => view! { <Summary node=node /> }.into_any(),
    };
    let reading = node.reading;
    // Another reading may differ: what is open in a tab must not be drawn anew by it.
    let unread = Memo::new(move |_| reading.value.with(Option::is_none));
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    view! {
        <Tabs label=texts::tabs::label tabs=tabs current=tab on_choose=choose />
        <div class="thing-body" role="tabpanel">
            {move || reading.error.get().map(|error| view! {
                <ErrorNotice error=error on_retry=move || reading.reload() />
            })}
            {move || match (unread.get(), failed.get()) {
                (true, false) => view! { <Skeleton lines=8 /> }.into_any(),
                (true, true) => ().into_any(),
                (false, _) => view! { {reason(node)} {body} }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// Why a node is faulty, above whatever tab is open.
fn reason(node: Node) -> impl Fn() -> Option<AnyView> {
    move || {
        let reason = node.with(|node| text(node, "error_reason"))?;
        Some(view! { <Notice tone=Tone::Bad text=texts::reason(&reason) /> }.into_any())
    }
}

/// A node's state as sign and word.
pub(super) fn state_sign(state: &str) -> AnyView {
    let sign = Sign::of_state(state).unwrap_or(Sign::Unknown);
    let state = state.to_owned();
    view! { <StateSign sign=sign word=move || words::value("node", "state", &state) /> }.into_any()
}

/// A yes or no in words.
pub(super) fn yes_no(flag: Option<bool>) -> String {
    match flag {
        Some(true) => words::table::yes.get().to_owned(),
        Some(false) => words::table::no.get().to_owned(),
        None => format::MISSING.to_owned(),
    }
}
