//! Whose certificates are read: all node groups, and nodes by a filter. Says how many requests that takes.

use console_ipc::query::Filter;
use ief_api::node::EdgeNode;
use ief_api::node_group::NodeGroup;
use ief_api::resource::Resource;
use leptos::prelude::*;

use super::run;
use super::told::{Phase, Scope, State};
use crate::format;
use crate::kit::{Button, Checkbox, Dialog, ErrorNotice, Glyph, Look};
use crate::pages::parts::is_professional;
use crate::router::Address;
use crate::table::{FilterField, FilterText, Table, TableSpec, follow_inventory};
use crate::words;
use crate::words::fleet_certificates as texts;

/// More requests than these are asked about once more.
const MANY: u64 = 500;

static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[("name", 200)],
    look: |_, _, _| None,
    checks: false,
    sorts: false,
};

static GROUPS: TableSpec = TableSpec {
    kind: "node_group",
    columns: NodeGroup::SPEC.columns,
    shown: &[("name", 200)],
    look: |_, _, _| None,
    checks: false,
    sorts: false,
};

/// How many match of how many, once that is known for certain.
fn counted(table: Table) -> Memo<Option<(u64, u64)>> {
    Memo::new(move |_| {
        table.feed.status.with(|status| {
            let known = status.answered && !status.behind && status.freshness.as_of_ms.is_some();
            known.then_some((status.matched, status.total))
        })
    })
}

/// Chooses, and reads.
#[component]
pub(super) fn ScopeBar(state: RwSignal<State>) -> AnyView {
    let professional = is_professional();
    let before = run::scope();
    let of_groups = RwSignal::new(before.groups);
    let of_nodes = RwSignal::new(before.nodes);
    let groups = RwSignal::new(None::<u64>);
    let table = Table::within(&NODES, "certificates", before.filter);
    follow_inventory(table, "node");
    let text = FilterText::new(table);
    let nodes = counted(table);
    let scope = move || Scope {
        groups: of_groups.get() && !professional.get(),
        nodes: of_nodes.get(),
        filter: table.filter.get(),
    };
    let scope = Memo::new(move |_| scope());
    Effect::new(move |_| {
        let mut kept = scope.get();
        // Another profile may have groups.
        kept.groups = of_groups.get();
        run::keep_scope(kept);
    });
    // None while not all that is chosen has been counted.
    let requests = Memo::new(move |_| {
        let scope = scope.get();
        let count = |wanted: bool, count: Option<u64>| match wanted {
            true => count,
            false => Some(0),
        };
        let of_nodes = count(scope.nodes, nodes.get().map(|(matched, _)| matched))?;
        Some(count(scope.groups, groups.get())? + of_nodes)
    });
    let at_work = Memo::new(move |_| state.with(|state| state.phase.is_at_work()));
    let blocked = Memo::new(move |_| {
        let held = of_nodes.get() && table.held.get();
        match requests.get() {
            _ if held => Some(words::table::held_hint),
            None => Some(texts::counting),
            Some(0) => Some(texts::choose),
            Some(_) => None,
        }
        .map(words::Word::get)
    });
    let asking = RwSignal::new(false);
    let start = move || {
        asking.set(false);
        run::start(scope.get_untracked());
    };
    let press = move || match requests.get_untracked() {
        Some(count) if count > MANY => asking.set(true),
        _ => start(),
    };
    let said = move || match (requests.get(), blocked.get()) {
        (Some(count), None) => texts::requests(format::count(count)),
        (_, blocked) => blocked.unwrap_or_default().to_owned(),
    };
    let number = move || format::count(requests.get().unwrap_or_default());
    let groups_choice = move || match professional.get() {
        true => view! { <p class="second">{texts::no_groups}</p> }.into_any(),
        false => {
            view! { <GroupsChoice chosen=of_groups count=groups at_work=at_work /> }.into_any()
        }
    };
    let which = move || {
        let (matched, total) = nodes.get()?;
        let all = table.filter.with(Filter::is_empty);
        Some(match all {
            true => texts::all_nodes(format::count(total)),
            false => texts::which_nodes(format::count(matched), format::count(total)),
        })
    };
    let in_list = move || {
        let filter = table.filter.with(ToString::to_string);
        Address::new(["nodes"]).with("filter", &filter).to_string()
    };
    let error = Memo::new(move |_| {
        let wanted = of_nodes.get();
        table.feed.status.with(|status| {
            let error = status.error.clone().or(status.freshness.error.clone());
            error.filter(|_| wanted)
        })
    });
    // Drawn when the phase is another, not with every answer: a button keeps its focus.
    let phase = Memo::new(move |_| state.with(|state| state.phase));
    let buttons = move || match phase.get() {
        Phase::Stopping => view! {
            <Button label=texts::stop glyph=Glyph::Stop busy=true hint=texts::stopping />
        }
        .into_any(),
        phase if phase.is_at_work() => view! {
            <Button label=texts::stop glyph=Glyph::Stop on_press=run::stop />
        }
        .into_any(),
        _ => view! {
            <Button
                label=texts::read
                look=Look::Primary
                disabled=Signal::derive(move || blocked.get().is_some())
                hint=move || blocked.get().unwrap_or_default()
                on_press=press
            />
        }
        .into_any(),
    };
    let filter = move || {
        of_nodes.get().then(|| {
            view! {
                <div class="certs-nodes">
                    <FilterField text=text id=crate::kit::unique("certs-nodes") on_leave=|()| () />
                    <span class="second number" role="status">{which}</span>
                    <a href=in_list>{texts::show_nodes}</a>
                </div>
            }
        })
    };
    view! {
        <div class="certs-scope">
            <div class="row row-wrap certs-choice">
                {groups_choice}
                <Checkbox label=texts::of_nodes value=of_nodes disabled=at_work />
                <span class="spacer"></span>
                {move || (!at_work.get()).then(|| view! {
                    <span class="second number" role="status">{said}</span>
                })}
                {buttons}
            </div>
            {filter}
            {move || error.get().map(|error| view! {
                <ErrorNotice error=error on_retry=move || table.feed.refresh() />
            })}
        </div>
        <Dialog open=asking title=move || texts::many(number())>
            <p>{texts::many_text}</p>
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || asking.set(false) />
                <Button label=move || texts::read_many(number()) look=Look::Primary on_press=start />
            </div>
        </Dialog>
    }
    .into_any()
}

/// Whether groups are asked; counts them.
#[component]
fn GroupsChoice(
    chosen: RwSignal<bool>,
    count: RwSignal<Option<u64>>,
    at_work: Memo<bool>,
) -> AnyView {
    let table = Table::within(&GROUPS, "certificates", Filter::default());
    follow_inventory(table, "node_group");
    let counted = counted(table);
    Effect::new(move |_| count.set(counted.get().map(|(matched, _)| matched)));
    let error = Memo::new(move |_| {
        let wanted = chosen.get();
        table.feed.status.with(|status| {
            let error = status.error.clone().or(status.freshness.error.clone());
            error.filter(|_| wanted)
        })
    });
    view! {
        <Checkbox label=texts::of_groups value=chosen disabled=at_work />
        {move || error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || table.feed.refresh() />
        })}
    }
    .into_any()
}
