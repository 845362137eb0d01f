//! Choosing what a deployment refers to: its node or node group, ConfigMaps, secrets.

use ief_api::config_map::ConfigMap;
use ief_api::node::EdgeNode;
use ief_api::node_group::NodeGroup;
use ief_api::resource::Resource;
use ief_api::rules::Rule;
use ief_api::secret::Secret;
use leptos::prelude::*;

use crate::kit::form::{frame, register};
use crate::kit::{Button, Glyph, IconButton, Kind, Text, TextField, unique};
use crate::pages::parts::Referred;
use crate::table::{Picked, Picker, TableSpec};
use crate::words::Word;
use crate::words::deployments::form as texts;

static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[("name", 220), ("state", 140), ("arch", 90), ("tag", 180)],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

static GROUPS: TableSpec = TableSpec {
    kind: "node_group",
    columns: NodeGroup::SPEC.columns,
    shown: &[
        ("name", 220),
        ("nodes", 80),
        ("running", 88),
        ("tag", 120),
        ("description", 200),
    ],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

static CONFIG_MAPS: TableSpec = TableSpec {
    kind: "config_map",
    columns: ConfigMap::SPEC.columns,
    shown: &[("name", 260), ("keys", 88), ("updated", 140)],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

static SECRETS: TableSpec = TableSpec {
    kind: "secret",
    columns: Secret::SPEC.columns,
    shown: &[("name", 260), ("updated", 140)],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

/// Where a deployment runs, as a field asks for it.
struct Place {
    label: Word,
    choose: Word,
    none: Word,
    kind: &'static str,
    /// Where pages of its kind are.
    address: &'static str,
    /// Where it stands in the body.
    path: &'static str,
}

/// The dialogs of a form, and the field that takes what is chosen.
#[derive(Clone, Copy)]
pub(super) struct Choosers {
    node: RwSignal<bool>,
    group: RwSignal<bool>,
    config_map: RwSignal<bool>,
    secret: RwSignal<bool>,
    into: StoredValue<Option<RwSignal<String>>>,
}

impl Choosers {
    /// Nothing is being chosen.
    pub(super) fn new() -> Self {
        Self {
            node: RwSignal::new(false),
            group: RwSignal::new(false),
            config_map: RwSignal::new(false),
            secret: RwSignal::new(false),
            into: StoredValue::new(None),
        }
    }

    fn choose(self, dialog: RwSignal<bool>, into: RwSignal<String>) {
        self.into.set_value(Some(into));
        dialog.set(true);
    }

    /// The dialogs.
    pub(super) fn view(self, form: crate::kit::Form) -> AnyView {
        let take = move |what: fn(&Picked) -> &str| {
            move |picked: Vec<Picked>| {
                if let (Some(picked), Some(into)) = (picked.first(), self.into.get_value()) {
                    form.touch();
                    into.set(what(picked).to_owned());
                }
            }
        };
        let (node, group, config_map, secret) = (
            take(|picked| &picked.id),
            take(|picked| &picked.id),
            take(|picked| &picked.name),
            take(|picked| &picked.name),
        );
        view! {
            <Picker spec=&NODES title=texts::choose_node open=self.node on_pick=node />
            <Picker spec=&GROUPS title=texts::choose_group open=self.group on_pick=group />
            <Picker spec=&CONFIG_MAPS title=texts::choose_config_map open=self.config_map on_pick=config_map />
            <Picker spec=&SECRETS title=texts::choose_secret open=self.secret on_pick=secret />
        }
        .into_any()
    }

    /// The field of the node: its name, and a button that chooses another.
    pub(super) fn node_field(self, value: RwSignal<String>) -> AnyView {
        let place = Place {
            label: texts::node,
            choose: texts::choose_node,
            none: texts::no_node,
            kind: "node",
            address: "nodes",
            path: "node_ids",
        };
        self.place_field(&place, value, self.node)
    }

    /// The field of the node group: its name, and a button that chooses another.
    pub(super) fn group_field(self, value: RwSignal<String>) -> AnyView {
        let place = Place {
            label: texts::group,
            choose: texts::choose_group,
            none: texts::no_group,
            kind: "node_group",
            address: "groups",
            path: "group_id",
        };
        self.place_field(&place, value, self.group)
    }

    fn place_field(
        self,
        place: &Place,
        value: RwSignal<String>,
        dialog: RwSignal<bool>,
    ) -> AnyView {
        let ids = Signal::derive(move || {
            let id = value.get();
            if id.is_empty() { Vec::new() } else { vec![id] }
        });
        let known = Referred::new(place.kind, place.address, "id", ids);
        let id = unique("field");
        let missing = move || {
            let empty = value.with(String::is_empty);
            empty.then(|| crate::words::problems::missing.get().to_owned())
        };
        let checked = register(id.clone(), place.path.to_owned(), missing);
        let name = move || {
            let id = value.get();
            known.name_of(&id).unwrap_or(id)
        };
        let open = move || self.choose(dialog, value);
        let own = id.clone();
        let described = format!("{id}-help {id}-problem");
        let control = view! {
            <div class="input-with">
                <input
                    id=own
                    class="input"
                    readonly=true
                    aria-describedby=described
                    aria-invalid=move || checked.shown.with(Option::is_some).then_some("true")
                    aria-required="true"
                    placeholder=place.none
                    prop:value=name
                    on:click=move |_| open()
                    on:blur=move |_| checked.blurred.set(true)
                />
                <Button label=place.choose glyph=Glyph::Search on_press=open />
            </div>
        };
        frame(
            &id,
            place.label.into(),
            Text::default(),
            true,
            checked,
            None,
            control.into_any(),
        )
    }

    /// A field for the name of a ConfigMap, with a button that chooses one.
    pub(super) fn config_map_field(
        self,
        value: RwSignal<String>,
        rule: &'static Rule,
        path: String,
    ) -> AnyView {
        let words = (texts::config_map, texts::choose_config_map);
        self.named_field(words, value, (rule, path), self.config_map)
    }

    /// A field for the name of a secret, with a button that chooses one.
    pub(super) fn secret_field(
        self,
        value: RwSignal<String>,
        rule: &'static Rule,
        path: String,
    ) -> AnyView {
        let words = (texts::secret, texts::choose_secret);
        self.named_field(words, value, (rule, path), self.secret)
    }

    fn named_field(
        self,
        (label, choose): (Word, Word),
        value: RwSignal<String>,
        (rule, path): (&'static Rule, String),
        dialog: RwSignal<bool>,
    ) -> AnyView {
        view! {
            <div class="deployment-named">
                <TextField label=label value=value rule=rule path=path kind=Kind::Code required=true />
                <IconButton glyph=Glyph::Search label=choose on_press=move || self.choose(dialog, value) />
            </div>
        }
        .into_any()
    }
}
