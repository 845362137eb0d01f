//! One node group: its side panel and its page, which show the same tabs.

use ief_api::node_group::NodeGroup;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::Value;

use super::{actions, certificates, deployments, form, nodes, summary};
use crate::kit::{Button, Glyph, Item, MenuButton, Tab};
use crate::pages::parts::{Gone, tabbed, thing_page};
use crate::router;
use crate::table::reading::{integer, list, text};
use crate::table::{PanelContext, Reading};
use crate::words;
use crate::words::groups as texts;

/// What the tabs of a group know.
#[derive(Clone, Copy)]
pub(super) struct Group {
    /// Its identifier.
    pub(super) id: Signal<String>,
    /// It, read whole.
    pub(super) reading: Reading,
    /// The deployments to it.
    pub(super) deployments: Reading,
    /// The nodes that the last change of its nodes left as they were.
    pub(super) left: RwSignal<Option<String>>,
}

impl Group {
    fn new(id: Signal<String>, reading: Reading) -> Self {
        let call = Signal::derive(move || {
            let id = id.get();
            (!id.is_empty()).then(|| actions::deployments_call(&id))
        });
        let left = RwSignal::new(None);
        // It was about another group.
        Effect::new(move |_| {
            id.track();
            left.set(None);
        });
        Self {
            id,
            reading,
            deployments: Reading::of(call, ""),
            left,
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

    /// Its name now.
    pub(super) fn name_now(self) -> String {
        untrack(|| self.name())
    }
}

/// The side panel of the list.
pub(super) fn panel(context: PanelContext) -> AnyView {
    let group = Group::new(context.id, context.detail);
    view! {
        <div class="row row-wrap panel-actions">{buttons(group)}</div>
        <Parts group=group />
    }
    .into_any()
}

/// The page of a group.
pub(super) fn page(id: String) -> AnyView {
    let id = Signal::stored(id);
    let group = Group::new(id, Reading::detail(NodeGroup::SPEC, id));
    let known = Memo::new(move |_| group.reading.value.with(Option::is_some));
    let actions = move || {
        known.get().then(|| {
            view! { <span class="spacer"></span> {buttons(group)} }
        })
    };
    thing_page(
        ("#/groups", texts::title),
        move || group.name(),
        view! { {actions} }.into_any(),
        view! { <Parts group=group /> }.into_any(),
    )
}

/// What can be done with a group.
fn buttons(group: Group) -> AnyView {
    let items = Signal::derive(move || {
        let delete = move || actions::delete(&group.id.get_untracked(), &group.name_now());
        vec![
            Item::new(texts::delete::verb, delete)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    let edit = move || router::go(&form::edit_address(&group.id.get_untracked()));
    view! {
        <Button label=texts::edit::verb glyph=Glyph::Edit on_press=edit />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=items />
    }
    .into_any()
}

static GONE: Gone = Gone {
    title: texts::gone,
    text: texts::gone_text,
    glyph: Glyph::Group,
    back: texts::back_to_list,
    list: "#/groups",
};

/// The tabs of a group.
#[component]
fn Parts(group: Group) -> AnyView {
    let nodes = Signal::derive(move || group.with(|it| Some(list(it, "nodes").len() as u64)));
    let deployments = Signal::derive(move || {
        let count = |all: &Option<Value>| integer(all.as_ref()?, "count");
        let count = group.deployments.value.with(count);
        count.and_then(|count| u64::try_from(count).ok())
    });
    let tabs = vec![
        Tab::new("summary", texts::tabs::summary),
        Tab::new("nodes", texts::tabs::nodes).count(nodes),
        Tab::new("deployments", texts::tabs::deployments).count(deployments),
        Tab::new("certificates", texts::tabs::certificates),
    ];
    tabbed(
        group.reading,
        texts::tabs::label,
        tabs,
        &GONE,
        move |tab| match tab {
            "nodes" => view! { <nodes::Nodes group=group /> }.into_any(),
            "deployments" => view! { <deployments::Deployments group=group /> }.into_any(),
            "certificates" => certificates::view(group),
            _ => summary::view(group),
        },
    )
}
