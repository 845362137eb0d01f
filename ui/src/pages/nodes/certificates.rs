//! Certificates of a node: list, create with its package, delete.

use std::collections::BTreeMap;

use ief_api::operation::Call;
use ief_api::rules::{common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::actions::on_node;
use super::detail::Node;
use crate::kit::facts::time_of;
use crate::kit::{
    Button, Choice, Dialog, EmptyState, ErrorNotice, Form, FormFrame, Glyph, IconButton, Id, Look,
    Radio, Skeleton, TextField,
};
use crate::pages::parts::Leaving;
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::text;
use crate::words;
use crate::words::nodes::certificates as texts;

/// The certificates of a node.
#[component]
pub(super) fn Certificates(node: Node) -> AnyView {
    let id = node.id;
    let call = Signal::derive(move || {
        let id = id.get();
        (!id.is_empty()).then(|| on_node("list_edge_node_certs", &id))
    });
    let reading = Reading::of(call, "node_certs");
    let creating = RwSignal::new(false);
    let leaving = Leaving::new();
    let lines = move || {
        reading.value.with(|all| {
            let all = all.as_ref()?;
            let lines: Vec<_> = all
                .as_array()?
                .iter()
                .map(|certificate| line(node, reading, certificate))
                .collect();
            Some(lines)
        })
    };
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    let table = move || match lines() {
        None if failed.get() => ().into_any(),
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(lines) if lines.is_empty() => view! {
            <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Certificate />
        }
        .into_any(),
        Some(lines) => view! {
            <table class="simple">
                <thead>
                    <tr>
                        <th scope="col">{texts::name}</th>
                        <th scope="col">{texts::kind}</th>
                        <th scope="col">{texts::serial}</th>
                        <th scope="col">{texts::created}</th>
                        <th scope="col"><span class="unseen">{texts::actions}</span></th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        }
        .into_any(),
    };
    view! {
        <div class="row thing-actions">
            <span class="spacer"></span>
            <Button label=texts::create glyph=Glyph::Plus on_press=move || creating.set(true) />
        </div>
        {move || reading.error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {table}
        <Dialog open=creating title=texts::create may_close=leaving.may_close()>
            <Create node=node reading=reading open=creating leaving=leaving />
        </Dialog>
        {leaving.question(move || creating.set(false))}
    }
    .into_any()
}

fn line(node: Node, reading: Reading, certificate: &Value) -> AnyView {
    let id = text(certificate, "id").unwrap_or_default();
    let name = text(certificate, "name").unwrap_or_else(|| id.clone());
    let kind = text(certificate, "type").unwrap_or_default();
    // The service makes and renews its own, and deletes it with the node only.
    let own = kind == "system";
    let label = name.clone();
    let remove = (!own).then(|| {
        let name = name.clone();
        view! {
            <IconButton
                glyph=Glyph::Trash
                label=move || texts::delete_of(&label)
                on_press=move || delete(node, reading, &id, &name)
            />
        }
    });
    let word = kind.clone();
    let serial = match text(certificate, "serial_num") {
        Some(serial) => view! { <Id id=serial /> }.into_any(),
        None => crate::kit::dash(),
    };
    view! {
        <tr>
            <td>
                <span class="selectable">{name}</span>
                <p class="second selectable">{text(certificate, "description")}</p>
            </td>
            <td>{move || words::find_or(&format!("nodes.certificates.kinds.{word}"), &kind)}</td>
            <td>{serial}</td>
            <td>{time_of(text(certificate, "created_at").as_deref())}</td>
            <td>{remove}</td>
        </tr>
    }
    .into_any()
}

fn delete(node: Node, reading: Reading, id: &str, name: &str) {
    let node_id = node.id.get_untracked();
    let path = BTreeMap::from([
        ("node_id".to_owned(), node_id),
        ("cert_id".to_owned(), id.to_owned()),
    ]);
    let call = Call {
        operation: "delete_edge_node_certs".to_owned(),
        path,
        ..Call::default()
    };
    let (of_title, of_done) = (name.to_owned(), name.to_owned());
    let of_sentence = (name.to_owned(), node.name_now());
    let change = Change::new(
        move || texts::delete_of(&of_title),
        move || texts::delete_sentence(&of_sentence.0, &of_sentence.1),
        call,
    )
    .target("certificate", id, name)
    .button(texts::delete)
    .breaks(texts::delete_breaks)
    .done(move || texts::delete_done(&of_done))
    .on_done(move |_| reading.reload());
    sheet::send(change);
}

#[component]
fn Create(node: Node, reading: Reading, open: RwSignal<bool>, leaving: Leaving) -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let kind = RwSignal::new("application".to_owned());
    let submit = move || {
        let (node_id, node_name) = (node.id.get_untracked(), node.name_now());
        let named = name.get_untracked();
        let mut body = json!({ "name": named, "type": kind.get_untracked() });
        let said = description.get_untracked();
        if !said.is_empty() {
            body["description"] = said.into();
        }
        let call = Call {
            body: Some(body),
            ..on_node("create_edge_node_certs", &node_id)
        };
        let (of_sentence, of_done) = ((named.clone(), node_name.clone()), named.clone());
        let change = Change::new(
            texts::create,
            move || texts::create_sentence(&of_sentence.0, &of_sentence.1),
            call,
        )
        .target("node", &node_id, &node_name)
        .done(move || texts::create_done(&of_done))
        .package(format!("{node_name}_{named}.tar.gz"))
        .on_done(move |_| {
            form.saved();
            reading.reload();
            open.set(false);
        });
        sheet::check_and_send(form, change);
    };
    let kinds = vec![
        Choice::new("application", texts::kinds::application).help(texts::application_help),
        Choice::new("device", texts::kinds::device).help(texts::device_help),
    ];
    view! {
        <FormFrame form=form on_submit=submit>
            <TextField
                label=texts::name
                value=name
                rule=&node_rules::CERTIFICATE_NAME
                help=words::rules::certificate_name
                path="name"
                required=true
                autofocus=true
            />
            <TextField label=texts::description value=description rule=&common::DESCRIPTION_TEXT path="description" />
            <Radio label=texts::kind choices=kinds value=kind />
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || leaving.press(move || open.set(false)) />
                <Button label=texts::create look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}
