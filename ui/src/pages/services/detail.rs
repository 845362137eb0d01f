//! One service: its side panel and its page, with its ports and what it selects.

use console_ipc::IpcError;
use console_ipc::error::ErrorKind;
use ief_api::resource::Resource;
use ief_api::service::{APPLICATION, Service, ServiceKind, ServiceSpec};
use ief_api::wire::Lenient;
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

use crate::kit::facts::time_of;
use crate::kit::{
    Button, Chip, EmptyState, ErrorNotice, Glyph, Id, Item, MenuButton, Notice, Skeleton, Text,
    Tone, dash, text_or_dash,
};
use crate::pages::parts::{
    Heading, call_of, fact_list, known, part, plain_table, read, thing_page,
};
use crate::relations;
use crate::router::{self, Address};
use crate::sheet::{self, Change};
use crate::table::reading::{integer, list, text};
use crate::table::{PanelContext, Reading};
use crate::words;
use crate::words::services as texts;

/// A service as leniently as it is written.
pub(super) fn lenient(service: &Value) -> Service {
    Option::<Service>::lenient(service)
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Deletes a service.
pub(super) fn delete(id: &str, name: &str) {
    let own = Address::new(["services", id]).path;
    let call = call_of("delete_service", &[("service_id", id)], &[]);
    let change = Change::new(
        texts::delete_title(name),
        texts::delete_sentence(name),
        call,
    )
    .target("service", id, name)
    .button(texts::delete)
    .done(texts::deleted(name))
    .breaks(texts::delete_breaks)
    .on_done(move |_| {
        if router::Router::the().address_now().path.starts_with(&own) {
            router::go("#/services");
        }
    });
    sheet::send(change);
}

fn name_of(service: &Value) -> String {
    let name = service.pointer("/meta_data/name").and_then(Value::as_str);
    name.unwrap_or_default().to_owned()
}

/// What can be done with a service.
fn buttons(id: Signal<String>, reading: Reading) -> AnyView {
    let more = Signal::derive(move || {
        let delete_one = move || {
            let name = reading.value.with_untracked(|it| it.as_ref().map(name_of));
            let id = id.get_untracked();
            // Until it is read, its identifier names it.
            delete(&id, &name.unwrap_or_else(|| id.clone()));
        };
        vec![
            Item::new(texts::delete, delete_one)
                .glyph(Glyph::Trash)
                .danger(),
        ]
    });
    view! {
        <Button label=texts::update glyph=Glyph::Edit on_press=move || super::edit(&id.get_untracked()) />
        <MenuButton label=words::kit::more glyph=Glyph::More icon_only=true items=more />
    }
    .into_any()
}

pub(super) fn panel(context: PanelContext) -> AnyView {
    let known = known(context.detail);
    let body = move || content(context.detail, known.get());
    view! {
        <div class="thing-body stack">
            <div class="row row-wrap">{buttons(context.id, context.detail)}</div>
            {body}
        </div>
    }
    .into_any()
}

pub(super) fn page(id: String) -> AnyView {
    let id = Signal::stored(id);
    let reading = Reading::detail(Service::SPEC, id);
    let name = Memo::new(move |_| reading.value.with(|it| it.as_ref().map(name_of)));
    let actions = move || {
        name.get().map(|_| {
            view! {
                <span class="spacer"></span>
                {buttons(id, reading)}
            }
        })
    };
    let known = known(reading);
    let body = move || content(reading, known.get());
    thing_page(
        ("#/services", texts::title),
        move || name.get().unwrap_or_else(|| id.get()),
        view! { {actions} }.into_any(),
        view! {
            <div class="thing-body stack thing-parts">
                {body}
                {relations::part("service", id, move || name.get().unwrap_or_default())}
            </div>
        }
        .into_any(),
    )
}

/// What is known of a service, or why nothing is.
fn content(reading: Reading, known: (Option<Value>, Option<IpcError>)) -> AnyView {
    let retry = move |()| reading.reload();
    match known {
        (Some(service), None) => facts(&lenient(&service)),
        (Some(service), Some(error)) => view! {
            <ErrorNotice error=error on_retry=retry />
            {facts(&lenient(&service))}
        }
        .into_any(),
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
        (None, Some(error)) if error.kind == ErrorKind::NotFound => view! {
            <EmptyState
                title=texts::gone
                text=texts::gone_text
                glyph=Glyph::Service
                action=(Text::from(texts::back_to_list), Callback::new(|()| router::go("#/services")))
            />
        }
        .into_any(),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=retry /> }.into_any(),
    }
}

fn facts(service: &Service) -> AnyView {
    let none = ServiceSpec::default();
    let spec = service.spec.as_ref().unwrap_or(&none);
    // What a service is when nothing is said.
    let kind = spec.kind.as_ref().map_or("ClusterIP", ServiceKind::as_str);
    let kind = kind.to_owned();
    let address = match spec.cluster_ip.as_deref() {
        Some("None") => view! { {texts::headless} }.into_any(),
        address => text_or_dash(address),
    };
    let metadata = service.meta_data.as_ref();
    let labels = metadata.map(|it| it.labels.clone()).unwrap_or_default();
    let head = fact_list(vec![
        (
            texts::id.into(),
            view! { <Id id=service.id.clone().unwrap_or_default() whole=true /> }.into_any(),
        ),
        (
            texts::kind.into(),
            view! { {move || words::value("service", "type", &kind)} }.into_any(),
        ),
        (texts::address.into(), address),
        (texts::labels.into(), chips(&labels)),
        (
            texts::created.into(),
            time_of(service.created_at.as_deref()),
        ),
        (
            texts::changed.into(),
            time_of(service.updated_at.as_deref()),
        ),
    ]);
    view! {
        {head}
        {part(texts::ports, ports(spec))}
        {part(texts::selects, selects(&spec.selector))}
    }
    .into_any()
}

fn chips(labels: &BTreeMap<String, String>) -> AnyView {
    if labels.is_empty() {
        return dash();
    }
    let chips = labels
        .iter()
        .map(|(key, value)| view! { <Chip label=format!("{key}={value}") /> })
        .collect_view();
    view! { <span class="row row-wrap">{chips}</span> }.into_any()
}

fn ports(spec: &ServiceSpec) -> AnyView {
    if spec.ports.is_empty() {
        return view! { <p class="second">{texts::no_ports}</p> }.into_any();
    }
    let at_nodes = spec.ports.iter().any(|it| said(it.node_port.as_deref()));
    let mut headings: Vec<Heading> = vec![
        (texts::port_name, false),
        (texts::protocol, false),
        (texts::port, true),
        (texts::target_port, true),
    ];
    if at_nodes {
        headings.push((texts::node_port, true));
    }
    let rows = spec
        .ports
        .iter()
        .map(|port| {
            let mut row = vec![
                text_or_dash(port.name.as_deref()),
                text_or_dash(port.protocol.as_deref()),
                text_or_dash(port.port.as_deref()),
                text_or_dash(port.target_port.as_deref()),
            ];
            if at_nodes {
                row.push(text_or_dash(port.node_port.as_deref()));
            }
            row
        })
        .collect();
    plain_table(texts::ports, &headings, rows)
}

fn said(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.is_empty())
}

/// The labels by which instances are found, and the application these belong to.
fn selects(selector: &BTreeMap<String, String>) -> AnyView {
    let chips = chips(selector);
    let application = selector.get(APPLICATION).cloned().map(application);
    let mut lines: Vec<(Text, AnyView)> = vec![(texts::selector.into(), chips)];
    if let Some(application) = application {
        lines.push((texts::application.into(), application));
    }
    fact_list(lines)
}

/// The application of this name, with how many of its instances answer.
fn application(name: String) -> AnyView {
    // The service finds names that contain it: the one meant is looked for among them.
    let query = [("name", name.as_str()), ("limit", "100")];
    let reading = read(call_of("list_deployments", &[], &query), "deployments");
    let known = known(reading);
    let body = move || match known.get() {
        (Some(found), _) => {
            let rows = found
                .as_array()
                .map_or_else(|| list(&found, "deployments"), Vec::as_slice);
            let own = rows
                .iter()
                .find(|row| text(row, "name").as_ref() == Some(&name));
            match own {
                Some(own) => {
                    let ready = integer(own, "ready_replicas").unwrap_or(0);
                    let all = integer(own, "replicas").unwrap_or(0);
                    let name = name.clone();
                    view! {
                        <span class="service-app">
                            <span class="selectable">{name}</span>
                            <span class="second">{move || texts::ready(all, ready)}</span>
                        </span>
                    }
                    .into_any()
                }
                None => {
                    let name = name.clone();
                    view! { <Notice tone=Tone::Attention text=move || texts::selects_nothing(&name) /> }
                        .into_any()
                }
            }
        }
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move |()| reading.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=1 /> }.into_any(),
    };
    view! { {body} }.into_any()
}
