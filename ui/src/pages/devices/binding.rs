//! To which node a device is bound, and binding it to another.

use ief_api::node::EdgeNode;
use ief_api::resource::Resource;
use ief_api::rules::common;
use leptos::prelude::*;

use super::actions::{self, Bound, binding_call, bound_nodes};
use crate::kit::{
    Button, Dialog, EmptyState, ErrorNotice, Form, FormFrame, Glyph, Look, Skeleton, Text,
    TextField, text_or_dash,
};
use crate::pages::parts::{Leaving, fact_list, part, read};
use crate::sheet;
use crate::table::{Picked, Picker, Reading, TableSpec};
use crate::words;
use crate::words::devices as texts;

/// Nodes to choose from.
static NODES: TableSpec = TableSpec {
    kind: "node",
    columns: EdgeNode::SPEC.columns,
    shown: &[("name", 220), ("state", 140), ("devices", 80), ("tag", 180)],
    look: |_, _, _| None,
    checks: false,
    sorts: true,
};

/// The nodes a device is bound to, as far as they are read.
pub(super) fn follow(id: Signal<String>) -> Memo<Option<Vec<Bound>>> {
    let call = Signal::derive(move || {
        let id = id.get();
        (!id.is_empty()).then(|| binding_call(&id))
    });
    // What is bound changes the nodes as well, which don't change with each value a device reports.
    nodes_in(Reading::of(call, ""))
}

fn nodes_in(reading: Reading) -> Memo<Option<Vec<Bound>>> {
    Memo::new(move |_| {
        reading
            .value
            .with(|answer| answer.as_ref().map(bound_nodes))
    })
}

/// The tab.
pub(super) fn view(id: String, name: Memo<Option<String>>) -> AnyView {
    let reading = read(binding_call(&id), "");
    let choosing = RwSignal::new(false);
    let nodes = nodes_in(reading);
    let error = Memo::new(move |_| reading.error.get());
    let body = {
        let id = id.clone();
        move || {
            match (nodes.get(), error.get()) {
            (Some(nodes), _) if nodes.is_empty() => view! {
                <EmptyState
                    title=texts::unbound
                    text=texts::unbound_text
                    glyph=Glyph::Unlink
                    action=(Text::from(texts::bind_open), Callback::new(move |()| choosing.set(true)))
                />
            }
            .into_any(),
            (Some(nodes), _) => nodes.into_iter().map(|node| bound(&id, name, node)).collect_view().into_any(),
            (None, Some(error)) => view! { <ErrorNotice error=error on_retry=move |()| reading.reload() /> }.into_any(),
            (None, None) => view! { <Skeleton lines=3 /> }.into_any(),
        }
        }
    };
    view! {
        {body}
        {chooser(id, name, choosing)}
    }
    .into_any()
}

fn bound(id: &str, name: Memo<Option<String>>, node: Bound) -> AnyView {
    let href = crate::router::Address::new(["nodes", &node.id]).to_string();
    let facts = fact_list(vec![
        (
            texts::node.into(),
            view! { <a href=href>{node.name.clone()}</a> }.into_any(),
        ),
        (texts::relation.into(), text_or_dash(Some(&node.relation))),
        (texts::comment.into(), text_or_dash(Some(&node.comment))),
    ]);
    let id = id.to_owned();
    let unbind = move || {
        let name = name.get_untracked().unwrap_or_default();
        sheet::send(actions::unbinding(&id, &name, &node));
    };
    let body = view! {
        {facts}
        <div class="row"><Button label=texts::unbind_open glyph=Glyph::Unlink on_press=unbind /></div>
    };
    part(texts::bound, body.into_any())
}

/// Chooses the node, then asks what it is to the device.
fn chooser(id: String, name: Memo<Option<String>>, picking: RwSignal<bool>) -> AnyView {
    let chosen = RwSignal::new(None::<Picked>);
    let open = RwSignal::new(false);
    let leaving = Leaving::new();
    let pick = move |picked: Vec<Picked>| {
        chosen.set(picked.into_iter().next());
        open.set(chosen.with_untracked(Option::is_some));
    };
    view! {
        <Picker spec=&NODES title=texts::choose_node open=picking on_pick=pick />
        <Dialog open=open title=texts::bind_open may_close=leaving.may_close()>
            {relation_form(id.clone(), name, chosen, open, leaving)}
        </Dialog>
        {leaving.question(move || open.set(false))}
    }
    .into_any()
}

fn relation_form(
    id: String,
    name: Memo<Option<String>>,
    chosen: RwSignal<Option<Picked>>,
    open: RwSignal<bool>,
    leaving: Leaving,
) -> AnyView {
    let form = Form::new();
    let (relation, comment) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let node_name = move || {
        chosen
            .with(|node| node.as_ref().map(|node| node.name.clone()))
            .unwrap_or_default()
    };
    let submit = move || {
        let Some(node) = chosen.get_untracked() else {
            return;
        };
        let node = Bound {
            id: node.id,
            name: node.name,
            relation: relation.get_untracked(),
            comment: comment.get_untracked(),
        };
        form.saved();
        open.set(false);
        sheet::send(actions::bind(
            &id,
            &name.get_untracked().unwrap_or_default(),
            &node,
        ));
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p>{move || texts::bind_text(name.get().unwrap_or_default(), node_name())}</p>
            <TextField
                label=texts::relation
                value=relation
                rule=&common::RELATION
                help=texts::relation_help
                autofocus=true
            />
            <TextField label=texts::comment value=comment rule=&common::RELATION_COMMENT />
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || leaving.press(move || open.set(false)) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}
