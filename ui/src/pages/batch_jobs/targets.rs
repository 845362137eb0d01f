//! What a job is for: chosen from the fleet by rows, filter, tag or a paste.

use std::collections::HashSet;

use console_ipc::IpcError;
use console_ipc::inventory::{CountValues, CountsAnswer};
use console_ipc::query::Query;
use ief_api::deployment::Deployment;
use ief_api::node::EdgeNode;
use ief_api::node_group::NodeGroup;
use ief_api::resource::Resource;
use leptos::prelude::*;
use serde_json::{Value, json};
use web_sys::KeyboardEvent;

use super::by_tag::ByTag;
use super::paste::Paste;
use crate::format;
use crate::kit::form::{expect_form, register};
use crate::kit::{Button, ErrorNotice, Glyph, Look, Notice, Text, Tone, unique};
use crate::pages::parts::Asked;
use crate::table::{
    CellLook, Grid, Picked, Picker, Table, TableSpec, find, follow_inventory, one_of,
};
use crate::words::Word;
use crate::words::batch_jobs::targets as texts;

/// How many targets a job of this console has at most: its request names each of them, and nobody oversees more.
pub(super) const MOST: u64 = 1000;

/// A kind of target.
pub(super) struct TargetKind {
    /// As the service names it (table 4-499).
    pub(super) wire: &'static str,
    /// Column of its tags.
    pub(super) tags: &'static str,
    /// What is chosen: "Choose nodes".
    pub(super) choose: Word,
    spec: TableSpec,
}

pub(super) static NODES: TargetKind = TargetKind {
    wire: "node",
    tags: "tag",
    choose: texts::choose_nodes,
    spec: TableSpec {
        kind: "node",
        columns: EdgeNode::SPEC.columns,
        shown: &[
            ("name", 200),
            ("state", 136),
            ("version", 84),
            ("tag", 200),
            ("arch", 90),
        ],
        look: |column, value, _| match value {
            console_ipc::inventory::CellValue::Text(id) if column.name == "product" => {
                Some(CellLook::thing(id))
            }
            _ => None,
        },
        checks: true,
        sorts: true,
    },
};

pub(super) static GROUPS: TargetKind = TargetKind {
    wire: "node_group",
    tags: "tag",
    choose: texts::choose_groups,
    spec: TableSpec {
        kind: "node_group",
        columns: NodeGroup::SPEC.columns,
        shown: &[
            ("name", 200),
            ("nodes", 84),
            ("running", 100),
            ("tag", 200),
            ("description", 160),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
};

pub(super) static DEPLOYMENTS: TargetKind = TargetKind {
    wire: "deployment",
    tags: "tag",
    choose: texts::choose_deployments,
    spec: TableSpec {
        kind: "deployment",
        columns: Deployment::SPEC.columns,
        shown: &[
            ("name", 200),
            ("ready", 72),
            ("replicas", 88),
            ("images", 240),
            ("tag", 120),
        ],
        look: |_, _, _| None,
        checks: true,
        sorts: true,
    },
};

impl TargetKind {
    /// Kind of their rows in the inventory.
    pub(super) fn resource(&self) -> &'static str {
        self.spec.kind
    }
}

/// Targets as a form holds them.
#[derive(Clone, Copy)]
pub(super) struct Targets {
    pub(super) kind: &'static TargetKind,
    pub(super) list: RwSignal<Vec<Picked>>,
    /// How many could not be added, because they would be too many.
    refused: RwSignal<Option<u64>>,
}

impl Targets {
    pub(super) fn new(kind: &'static TargetKind, list: Vec<Picked>) -> Self {
        Self {
            kind,
            list: RwSignal::new(list),
            refused: RwSignal::new(None),
        }
    }

    /// Adds those that aren't there yet: all of them, or none when they would be too many.
    pub(super) fn add(self, picked: Vec<Picked>) {
        let mut all = self.list.get_untracked();
        let known: HashSet<String> = all.iter().map(|target| target.id.clone()).collect();
        all.extend(picked.into_iter().filter(|it| !known.contains(&it.id)));
        match all.len() as u64 {
            count if count > MOST => self.refuse(count),
            _ => {
                self.refused.set(None);
                self.list.set(all);
            }
        }
    }

    /// Says that there would be so many.
    pub(super) fn refuse(self, count: u64) {
        self.refused.set(Some(count));
    }

    fn remove(self, ids: &[String]) {
        self.refused.set(None);
        let ids: HashSet<&String> = ids.iter().collect();
        self.list
            .update(|all| all.retain(|target| !ids.contains(&target.id)));
    }

    /// As the service takes them (table 4-500). Tracked.
    pub(super) fn body(self) -> Vec<Value> {
        let names = self.kind.wire == "node";
        self.list.with(|all| {
            let body = |target: &Picked| {
                let mut body = json!({ "target_id": target.id });
                if names && target.name != target.id {
                    let name = json!({ "key": "node_name", "value": target.name });
                    body["extension_info"] = json!([name]);
                }
                body
            };
            all.iter().map(body).collect()
        })
    }

    fn ids(self) -> Vec<String> {
        self.list
            .with(|all| all.iter().map(|target| target.id.clone()).collect())
    }

    fn count(self) -> u64 {
        self.list.with(|all| all.len() as u64)
    }
}

/// Chooses targets.
#[component]
pub(super) fn TargetEditor(targets: Targets) -> AnyView {
    let form = expect_form();
    let kind = targets.kind;
    let (picking, by_tag, pasting) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    let add = move |picked: Vec<Picked>| {
        form.touch();
        targets.add(picked);
    };
    let id = unique("targets");
    let missing = move || {
        let none = targets.list.with(Vec::is_empty);
        none.then(|| texts::choose_first.get().to_owned())
    };
    let checked = register(id.clone(), "job_content.targets".to_owned(), missing);
    let some = Memo::new(move |_| targets.count() > 0);
    let refused = move || {
        targets.refused.get().map(|count| {
            let text = texts::too_many(format::count(MOST), format::count(count));
            view! { <Notice tone=Tone::Attention text=text /> }
        })
    };
    let opener = |label: Word, glyph: Glyph, open: RwSignal<bool>| {
        view! { <Button label=label glyph=glyph on_press=move || open.set(true) /> }
    };
    view! {
        <div class="field" id=id tabindex="-1" role="group" aria-label=texts::title>
            <div class="row row-wrap">
                {opener(kind.choose, Glyph::Plus, picking)}
                {opener(texts::by_tag, Glyph::Tag, by_tag)}
                {opener(texts::paste, Glyph::Copy, pasting)}
                <span class="spacer"></span>
                <span class="second number" role="status">
                    {move || texts::count(format::count(targets.count()))}
                </span>
            </div>
            <p class="field-problem" role="alert">{move || checked.shown.get()}</p>
            {refused}
            {move || some.get().then(|| view! { <Chosen targets=targets /> })}
        </div>
        <Picker spec=&kind.spec title=kind.choose open=picking on_pick=add most=MOST />
        <ByTag kind=kind open=by_tag on_pick=add on_many=move |count: u64| targets.refuse(count) />
        <Paste targets=targets open=pasting on_pick=add />
    }
    .into_any()
}

/// The chosen ones as rows of the inventory, so that they show how they are now.
#[component]
fn Chosen(targets: Targets) -> AnyView {
    let form = expect_form();
    let kind = targets.kind;
    let filter = Memo::new(move |_| one_of("id", targets.ids()));
    let table = Table::within(&kind.spec, "targets", filter.get_untracked());
    follow_inventory(table, kind.resource());
    Effect::new(move |before: Option<()>| {
        let filter = filter.get();
        if before.is_some() {
            table.filter.set(filter);
        }
    });
    let selected = Memo::new(move |_| {
        // Tracks the selection, which is asked for each of them.
        table.selected();
        let mut ids = targets.ids();
        ids.retain(|id| table.is_selected(id));
        ids
    });
    let remove = move || {
        form.touch();
        targets.remove(&selected.get_untracked());
    };
    let none = Signal::derive(move || selected.with(Vec::is_empty));
    let used = move |event: KeyboardEvent| {
        let remove_it = event.key() == "Delete" && !none.get_untracked();
        if remove_it {
            remove();
        }
        remove_it
    };
    // Counted only when all rows are there: before that nobody knows which are gone.
    let gone = Memo::new(move |_| {
        let count = targets.count();
        table.feed.status.with(|status| {
            let complete = status.answered && !status.behind && status.freshness.as_of_ms.is_some();
            match complete {
                true => count.saturating_sub(status.matched),
                false => 0,
            }
        })
    });
    let failed = RwSignal::new(None::<IpcError>);
    let forget = move || {
        failed.set(None);
        let ids = targets.list.with_untracked(|all| {
            all.iter()
                .map(|target| target.id.clone())
                .collect::<Vec<_>>()
        });
        wasm_bindgen_futures::spawn_local(async move {
            match find(kind.resource(), "id", &ids).await {
                Ok(there) => {
                    let there: HashSet<String> = there.into_iter().map(|row| row.id).collect();
                    form.touch();
                    targets.list.try_update(|all| {
                        all.retain(|target| there.contains(&target.id));
                    });
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let gone_notice = move || {
        (gone.get() > 0).then(|| {
            let text = texts::gone(format::count(gone.get()));
            let action = (
                Text::from(texts::remove_gone),
                Callback::new(move |()| forget()),
            );
            view! { <Notice tone=Tone::Attention text=text action=action /> }
        })
    };
    view! {
        {gone_notice}
        {idle_notice(targets)}
        {move || failed.get().map(|error| view! { <ErrorNotice error=error /> })}
        <div class="job-targets">
            <Grid table=table label=texts::title on_key=used />
        </div>
        <div class="row">
            <Button
                label=move || match selected.with(|ids| ids.len() as u64) {
                    0 => texts::remove.get().to_owned(),
                    count => texts::remove_some(format::count(count)),
                }
                glyph=Glyph::Trash
                look=Look::Quiet
                disabled=none
                hint=move || if none.get() { texts::select_first.get() } else { "" }
                on_press=remove
            />
            <Button
                label=texts::remove_all
                look=Look::Quiet
                on_press=move || {
                    form.touch();
                    targets.list.set(Vec::new());
                }
            />
        </div>
    }
    .into_any()
}

/// Says how many of the nodes don't run: their tasks can only fail.
fn idle_notice(targets: Targets) -> AnyView {
    if targets.kind.wire != "node" {
        return ().into_any();
    }
    let asked = Asked::new(
        move || CountValues {
            resource: targets.kind.resource().to_owned(),
            columns: vec!["state".to_owned()],
            query: Query {
                filter: one_of("id", targets.ids()),
                ..Query::default()
            },
        },
        |answer: CountsAnswer| {
            let running = answer
                .counts
                .first()
                .and_then(|counts| counts.iter().find(|(state, _)| state == "RUNNING"))
                .map_or(0, |(_, count)| *count);
            answer.matched.saturating_sub(running)
        },
    );
    let notice = move || {
        let idle = asked.value.get().filter(|idle| *idle > 0)?;
        let text = texts::idle(format::count(idle));
        Some(view! { <Notice tone=Tone::Attention text=text /> })
    };
    view! { {notice} }.into_any()
}
