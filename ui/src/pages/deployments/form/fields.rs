//! The fields of a deployment: what it is called, where it runs, how often, and its containers.

use std::sync::Arc;

use ief_api::rules::deployment as rules;
use leptos::prelude::*;

use super::choosers::Choosers;
use super::container_fields::Containers;
use super::draft::{Draft, Pair, choices};
use crate::kit::form::{Check, expect_form};
use crate::kit::{Checkbox, Choice, Kind, NumberField, Radio, Section, Select, TextField};
use crate::pages::parts::row_list;
use crate::words;
use crate::words::deployments::form as texts;

/// The fields.
#[component]
pub(super) fn Fields(draft: Draft) -> AnyView {
    let choosers = Choosers::new();
    let form = expect_form();
    let kept = draft.kept();
    let kept =
        (!kept.is_empty()).then(|| view! { <p class="second">{texts::kept(kept.join(", "))}</p> });
    let column = |name: &'static str| move || words::column("deployment", name);
    let name = draft.is_new.then(|| {
        view! {
            <TextField
                label=column("name")
                value=draft.name
                rule=&rules::DEPLOYMENT_NAME
                help=words::rules::deployment_name
                path="name"
                required=true
                autofocus=true
            />
        }
    });
    let place = draft.is_new.then(|| place(draft, choosers));
    let tags = draft
        .is_new
        .then(|| view! { <Section title=column("tag")>{tags(draft)}</Section> });
    view! {
        <Section title=texts::general>
            {name}
            <TextField
                label=column("description")
                value=draft.description
                rule=&rules::DEPLOYMENT_DESCRIPTION
                path="description"
                kind=Kind::Lines
            />
        </Section>
        <Section title=texts::runs>
            {place}
            {run(draft)}
            {kept}
        </Section>
        <Containers draft=draft choosers=choosers />
        {tags}
        {choosers.view(form)}
    }
    .into_any()
}

fn place(draft: Draft, choosers: Choosers) -> AnyView {
    let places = vec![
        Choice::new("node", texts::on_node),
        Choice::new("group", texts::on_group).help(texts::on_group_help),
    ];
    let is_group = Memo::new(move |_| draft.place.get() == "group");
    let field = move || match is_group.get() {
        false => choosers.node_field(draft.node),
        true => choosers.group_field(draft.group),
    };
    view! { <Radio label=texts::place choices=places value=draft.place inline=true /> {field} }
        .into_any()
}

fn run(draft: Draft) -> AnyView {
    let policies = choices(&["Always", "OnFailure", "Never"], |policy| {
        words::value("deployment", "restart_policy", policy)
    });
    let networks = vec![
        Choice::new("ports", texts::network_ports).help(texts::network_ports_help),
        Choice::new("host", texts::network_host).help(texts::network_host_help),
    ];
    let moves = move || {
        (draft.place.get() == "group")
            .then(|| view! { <Checkbox label=texts::moves value=draft.moves /> })
    };
    view! {
        <div class="field-row">
            <NumberField
                label=move || words::column("deployment", "replicas")
                value=draft.replicas
                rule=&rules::REPLICAS
                help=texts::replicas_help
                path="deployment.replicas"
                required=true
            />
            <Select
                label=move || words::column("deployment", "restart_policy")
                choices=policies
                value=draft.policy
                path="deployment.template.configs.restart_policy"
                required=true
            />
        </div>
        <Radio label=texts::network choices=networks value=draft.network />
        {moves}
    }
    .into_any()
}

fn tags(draft: Draft) -> AnyView {
    let rows = draft.tags;
    let fields = move |at: usize, tag: Pair| {
        let unique: Check = Arc::new(move |key: &str| {
            let same = rows.get().into_iter();
            let same = same.filter(|(_, tag)| tag.key.with(|known| known == key));
            if same.count() > 1 {
                Err(words::kit::name_twice.get().to_owned())
            } else {
                Ok(())
            }
        });
        view! {
            <div class="field-row">
                <TextField
                    label=words::kit::key
                    value=tag.key
                    rule=&rules::DEPLOYMENT_TAG_KEY
                    check=unique
                    path=format!("tags.{at}.key")
                    required=true
                />
                <TextField
                    label=words::kit::value
                    value=tag.value
                    rule=&rules::DEPLOYMENT_TAG_VALUE
                    path=format!("tags.{at}.value")
                />
            </div>
        }
        .into_any()
    };
    let limit = Some(&rules::DEPLOYMENT_TAGS);
    let make = || Pair::new("", "");
    row_list(rows, texts::add_tag, limit, make, "deployment-line", fields)
}
