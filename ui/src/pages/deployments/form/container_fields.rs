//! The fields of a container.

use std::sync::Arc;

use ief_api::rules::{Rule, container as rules, deployment as deployment_rules};
use leptos::prelude::*;
use serde_json::Value;

use super::choosers::Choosers;
use super::container_draft::{
    ContainerDraft, PortDraft, VARIABLE_KINDS, VOLUME_KINDS, VariableDraft, VolumeDraft,
};
use super::draft::{Draft, choices};
use crate::kit::form::{Check, check_rule, expect_form};
use crate::kit::{
    Button, Checkbox, Fold, Glyph, Kind, Look, NumberField, Section, Select, TextField,
};
use crate::pages::parts::row_list;
use crate::words;
use crate::words::deployments::container as shown;
use crate::words::deployments::form as texts;

/// All containers, and the button that adds one.
#[component]
pub(super) fn Containers(draft: Draft, choosers: Choosers) -> AnyView {
    let form = expect_form();
    let rows = draft.containers;
    let drawn = move || {
        let many = rows.count() > 1;
        rows.get()
            .into_iter()
            .enumerate()
            .map(|(at, (number, container))| {
                let title = move || match container.name.get() {
                    name if name.is_empty() => texts::container_number(at + 1),
                    name => shown::title(name),
                };
                let remove = move || {
                    form.touch();
                    rows.remove(number);
                };
                let remove = many.then(|| {
                    view! {
                        <div class="row">
                            <Button label=texts::remove_container glyph=Glyph::Trash look=Look::Quiet on_press=remove />
                        </div>
                    }
                });
                view! {
                    <Section title=title>
                        {fields(container, at, choosers)}
                        {remove}
                    </Section>
                }
            })
            .collect_view()
    };
    let add = move || {
        form.touch();
        rows.add(|| ContainerDraft::new(None));
    };
    view! {
        {drawn}
        <div class="row">
            <Button label=texts::add_container glyph=Glyph::Plus look=Look::Quiet on_press=add />
        </div>
    }
    .into_any()
}

fn fields(container: ContainerDraft, at: usize, choosers: Choosers) -> AnyView {
    let path = move |name: &str| format!("deployment.template.containers.{at}.{name}");
    let kept = container.kept();
    let kept =
        (!kept.is_empty()).then(|| view! { <p class="second">{texts::kept(kept.join(", "))}</p> });
    let counted = |count: usize| match count {
        0 => String::new(),
        count => count.to_string(),
    };
    let resources = move || {
        let words = [
            ("CPU", container.requests[0], container.limits[0]),
            ("MB", container.requests[1], container.limits[1]),
        ];
        let said = words.into_iter().filter_map(|(unit, asked, most)| {
            let text = match (asked.get(), most.get()) {
                (asked, most) if asked.is_empty() && most.is_empty() => return None,
                (asked, most) if asked.is_empty() => format!("≤ {most}"),
                (asked, most) if most.is_empty() => asked,
                (asked, most) => format!("{asked} – {most}"),
            };
            Some(format!("{text} {unit}"))
        });
        said.collect::<Vec<_>>().join(", ")
    };
    let start = move || {
        let lines = container.command.get() + "\n" + &container.args.get();
        lines.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    view! {
        <div class="field-row">
            <TextField
                label=shown::name
                value=container.name
                rule=&deployment_rules::CONTAINER_NAME
                path=path("name")
                required=true
            />
            <TextField
                label=shown::version
                value=container.version
                rule=&deployment_rules::CONTAINER_VERSION
                path=path("version")
            />
        </div>
        <TextField
            label=shown::image
            value=container.image
            rule=&rules::IMAGE_URL
            path=path("image_url")
            placeholder="swr.cn-north-4.myhuaweicloud.com/group/image:1.0"
            kind=Kind::Code
            required=true
        />
        <Fold title=texts::start set=start>
            <TextField
                label=shown::command
                value=container.command
                rule=&rules::COMMAND
                help=texts::lines_help
                path=path("command")
                kind=Kind::CodeLines
            />
            <TextField
                label=shown::args
                value=container.args
                rule=&rules::COMMAND
                help=texts::lines_help
                path=path("args")
                kind=Kind::CodeLines
            />
            <Checkbox label=shown::privileged_yes value=container.privileged help=texts::privileged_help />
        </Fold>
        <Fold title=shown::resources set=resources>{amounts(container, at)}</Fold>
        <Fold title=shown::variables set=move || counted(container.variables.count())>
            {variables(container, at, choosers)}
        </Fold>
        <Fold title=shown::ports set=move || counted(container.ports.count())>{ports(container, at)}</Fold>
        <Fold title=shown::volumes set=move || counted(container.volumes.count())>
            {volumes(container, at, choosers)}
        </Fold>
        {kept}
    }
    .into_any()
}

/// A check of amounts, which are decimal numbers written as texts.
fn amount(rule: &'static Rule) -> Check {
    Arc::new(move |text: &str| check_rule(rule, text, false).map_or(Ok(()), Err))
}

fn amounts(container: ContainerDraft, at: usize) -> AnyView {
    let field = |label, value, (side, name): (&str, &str), rule| {
        let path = format!("deployment.template.containers.{at}.resources.{side}.{name}");
        view! { <TextField label=label value=value check=amount(rule) path=path /> }.into_any()
    };
    let [cpu, memory] = container.requests;
    let [most_cpu, most_memory, gpu, npu] = container.limits;
    view! {
        <div class="field-row">
            {field(texts::cpu_asked, cpu, ("requests", "cpu"), &rules::CPU)}
            {field(texts::cpu_most, most_cpu, ("limits", "cpu"), &rules::CPU)}
            {field(texts::memory_asked, memory, ("requests", "memory"), &rules::MEMORY)}
            {field(texts::memory_most, most_memory, ("limits", "memory"), &rules::MEMORY_LIMIT)}
            {field(texts::gpu_most, gpu, ("limits", "gpu"), &rules::GPU)}
            {field(texts::npu_most, npu, ("limits", "npu"), &rules::NPU)}
        </div>
    }
    .into_any()
}

fn variables(container: ContainerDraft, of: usize, choosers: Choosers) -> AnyView {
    let rows = container.variables;
    let kinds = choices(VARIABLE_KINDS, |kind| {
        words::find_or(&format!("deployments.form.variable.{kind}"), kind)
    });
    let fields = move |at: usize, row: VariableDraft| {
        let path =
            move |name: &str| format!("deployment.template.containers.{of}.envs.{at}.{name}");
        let unique: Check = Arc::new(move |name: &str| {
            let same = rows.get().into_iter();
            let same = same.filter(|(_, row)| row.name.with(|known| known == name));
            if same.count() > 1 {
                Err(words::kit::name_twice.get().to_owned())
            } else {
                Ok(())
            }
        });
        let source = move || {
            let rule = &rules::ENV_REFERENCE;
            let key = |path: String| {
                view! {
                    <TextField label=texts::key value=row.key rule=rule path=path kind=Kind::Code required=true />
                }
            };
            match row.kind.get().as_str() {
                "config_map" => view! {
                    {choosers.config_map_field(row.of, rule, path("value_from.configmap.name"))}
                    {key(path("value_from.configmap.key"))}
                }
                .into_any(),
                "secret" => view! {
                    {choosers.secret_field(row.of, rule, path("value_from.secret.name"))}
                    {key(path("value_from.secret.key"))}
                }
                .into_any(),
                "node" => ().into_any(),
                _ => view! {
                    <TextField label=shown::value value=row.value rule=&rules::ENV_VALUE path=path("value") kind=Kind::Code />
                }
                .into_any(),
            }
        };
        view! {
            <div class="field-row">
                <TextField
                    label=shown::name
                    value=row.name
                    rule=&rules::ENV_NAME
                    check=unique
                    path=path("name")
                    kind=Kind::Code
                    required=true
                />
                <Select label=shown::from choices=kinds value=row.kind required=true />
                {source}
            </div>
        }
        .into_any()
    };
    let make = || VariableDraft::new(&Value::Null);
    row_list(
        rows,
        texts::add_variable,
        None,
        make,
        "deployment-line",
        fields,
    )
}

fn ports(container: ContainerDraft, of: usize) -> AnyView {
    let fields = move |at: usize, row: PortDraft| {
        let path = |name: &str| format!("deployment.template.containers.{of}.ports.{at}.{name}");
        let host = match row.has_range() {
            true => view! { <p class="second">{texts::port_range}</p> }.into_any(),
            false => view! {
                <NumberField label=shown::host_port value=row.host min=1 max=65535 path=path("host_port") required=true />
            }
            .into_any(),
        };
        view! {
            <div class="field-row">
                <NumberField
                    label=shown::container_port
                    value=row.container
                    min=1
                    max=65535
                    path=path("container_port")
                    required=true
                />
                {host}
                <TextField
                    label=shown::host_address
                    value=row.address
                    rule=&rules::HOST_ADDRESS
                    path=path("host_ip")
                    kind=Kind::Code
                />
            </div>
        }
        .into_any()
    };
    let make = || PortDraft::new(&Value::Null);
    let rows = container.ports;
    row_list(rows, texts::add_port, None, make, "deployment-line", fields)
}

fn volumes(container: ContainerDraft, of: usize, choosers: Choosers) -> AnyView {
    let kinds = choices(VOLUME_KINDS, |kind| {
        words::find_or(&format!("deployments.form.volume.{kind}"), kind)
    });
    let media = choices(&["disk", "memory"], |medium| {
        words::find_or(&format!("deployments.form.media.{medium}"), medium)
    });
    let fields = move |at: usize, row: VolumeDraft| {
        let path =
            move |name: &str| format!("deployment.template.containers.{of}.volumes.{at}.{name}");
        Effect::new(move |before: Option<String>| {
            let now = row.kind.get();
            if before.is_some_and(|before| before != now) {
                // What one kind takes from is nothing to another.
                let usual = if now == "emptyDir" { "disk" } else { "" };
                row.source.set(usual.to_owned());
            }
            now
        });
        let source = move || {
            let reference = &rules::VOLUME_REFERENCE;
            match row.kind.get().as_str() {
                "configMap" => choosers.config_map_field(row.source, reference, path("source")),
                "secret" => choosers.secret_field(row.source, reference, path("source")),
                "emptyDir" => view! {
                    <Select label=texts::medium choices=media value=row.source required=true path=path("source") />
                }
                .into_any(),
                _ => view! {
                    <TextField
                        label=shown::of_host
                        value=row.source
                        rule=&rules::VOLUME_HOST_PATH
                        path=path("source")
                        kind=Kind::Code
                        required=true
                    />
                }
                .into_any(),
            }
        };
        let access = move || {
            let fixed = row
                .kind
                .with(|kind| kind == "configMap" || kind == "secret");
            (!fixed).then(|| view! { <Checkbox label=shown::read_only value=row.read_only /> })
        };
        view! {
            <div class="field-row">
                <TextField label=shown::name value=row.name rule=&rules::VOLUME_NAME path=path("name") required=true />
                <Select label=shown::from choices=kinds value=row.kind required=true path=path("type") />
                {source}
                <TextField
                    label=shown::mounted
                    value=row.destination
                    rule=&rules::VOLUME_DESTINATION
                    path=path("destination")
                    kind=Kind::Code
                    required=true
                />
                {access}
            </div>
        }
        .into_any()
    };
    let make = || VolumeDraft::new(&Value::Null);
    let rows = container.volumes;
    row_list(
        rows,
        texts::add_volume,
        None,
        make,
        "deployment-line",
        fields,
    )
}
