//! The fields of a version.

use std::sync::Arc;

use ief_api::rules::{self, Rule, common, container};
use leptos::prelude::*;

use super::draft::{Amounts, Draft, Lines};
use super::parts_draft::{EnvDraft, PortDraft, ProbeDraft, VolumeDraft};
use super::show;
use crate::kit::form::Check;
use crate::kit::{Checkbox, Choice, Fold, Kind, NumberField, Radio, Section, Select, TextField};
use crate::pages::parts::{Rows, row_list};
use crate::words;
use crate::words::Word;
use crate::words::apps::{form as texts, version as shown};

/// The service's defaults of a probe (table 4-158), shown where nothing is typed.
const DELAY: &str = "10";
const TIMEOUT: &str = "1";

/// All fields but name, image and architecture, which a version keeps. `probed` are the probes that are there
/// already: the service has no way to take one away.
pub(super) fn fields(draft: Draft, probed: [bool; 2]) -> AnyView {
    let [live, ready] = probed;
    view! {
        <Section title=shown::start>
            {lines(shown::command, texts::add_command, texts::command_help, draft.command)}
            {lines(shown::args, texts::add_arg, texts::args_help, draft.args)}
        </Section>
        <Section title=shown::resources>
            {amounts(shown::requests, draft.requests, &container::MEMORY, "requests")}
            {amounts(shown::limits, draft.limits, &container::MEMORY_LIMIT, "limits")}
            {accelerators(draft)}
        </Section>
        <Section title=shown::envs>{envs(draft.envs)}</Section>
        <Section title=shown::volumes>{volumes(draft.volumes)}</Section>
        <Section title=shown::probes>
            {probe(shown::liveness, texts::liveness_help, draft.liveness, live, "liveness_probe")}
            {probe(shown::readiness, texts::readiness_help, draft.readiness, ready, "readiness_probe")}
        </Section>
        <Section title=shown::run>{run(draft)}</Section>
    }
    .into_any()
}

fn path_of(name: &str) -> String {
    format!("version.{name}")
}

fn choices_of<const N: usize>(values: [(&'static str, Word); N]) -> Vec<Choice> {
    values
        .into_iter()
        .map(|(value, word)| Choice::new(value, word))
        .collect()
}

fn lines(label: Word, add: Word, help: Word, rows: Lines) -> AnyView {
    let line = move |at: usize, text: RwSignal<String>| {
        view! { <TextField label=move || words::kit::entry(label.get(), at + 1) value=text kind=Kind::Code /> }
            .into_any()
    };
    view! {
        <div class="field">
            <span class="field-label">{label}</span>
            {row_list(rows, add, None, || RwSignal::new(String::new()), "app-line unlabelled", line)}
            <p class="field-help">{help}</p>
        </div>
    }
    .into_any()
}

fn decimal() -> Check {
    Arc::new(|text| {
        let reads = text.trim().parse::<f64>().is_ok();
        let problem = || words::problems::not_a_decimal.get().to_owned();
        reads.then_some(()).ok_or_else(problem)
    })
}

fn amounts(title: Word, amounts: Amounts, memory: &'static Rule, side: &str) -> AnyView {
    let path = |name: &str| path_of(&format!("resources.{side}.{name}"));
    view! {
        <div class="field" role="group" aria-label=title>
            <span class="field-label">{title}</span>
            <div class="field-row">
                <TextField label=shown::cpu value=amounts.cpu rule=&container::CPU check=decimal() path=path("cpu") />
                <TextField label=shown::memory value=amounts.memory rule=memory check=decimal() path=path("memory") />
            </div>
        </div>
    }
    .into_any()
}

/// GPU memory and NPUs, which few have.
fn accelerators(draft: Draft) -> AnyView {
    let (requests, limits) = (draft.requests, draft.limits);
    let is_set = move || {
        [
            requests.gpu,
            requests.npu,
            limits.gpu,
            limits.npu,
            draft.npu_type,
        ]
        .iter()
        .any(|amount| amount.with(|it| !it.is_empty()))
    };
    let set = move || if is_set() { texts::set.get() } else { "" };
    let side = |title: Word, amounts: Amounts, side: &str| {
        let path = |name: &str| path_of(&format!("resources.{side}.{name}"));
        view! {
            <div class="field" role="group" aria-label=title>
                <span class="field-label">{title}</span>
                <div class="field-row">
                    <TextField label=shown::gpu value=amounts.gpu rule=&container::GPU check=decimal() path=path("gpu") />
                    <TextField label=shown::npu value=amounts.npu rule=&container::NPU check=decimal() path=path("npu") />
                </div>
            </div>
        }
    };
    let types = ["D310", "D310B"]
        .map(|name| Choice::new(name, name))
        .to_vec();
    let open = Signal::stored(untrack(is_set));
    view! {
        <Fold title=texts::accelerators set=set open=open>
            {side(shown::requests, requests, "requests")}
            {side(shown::limits, limits, "limits")}
            <Select
                label=shown::npu_type
                choices=Signal::stored(types)
                value=draft.npu_type
                help=words::rules::container_npu_type
                path=path_of("npu_type")
            />
        </Fold>
    }
    .into_any()
}

fn envs(rows: Rows<EnvDraft>) -> AnyView {
    let kinds = Signal::derive(|| {
        choices_of([
            ("value", texts::env_kinds::value),
            ("configmap", texts::env_kinds::config_map),
            ("secret", texts::env_kinds::secret),
            ("node", texts::env_kinds::node),
        ])
    });
    let line = move |at: usize, env: EnvDraft| {
        let path = move |name: &str| path_of(&format!("envs.{at}.{name}"));
        let kind = env.kind;
        let content = move || match kind.get().as_str() {
            "value" => view! {
                <TextField
                    label=shown::env_value
                    value=env.value
                    rule=&container::ENV_VALUE
                    kind=Kind::Code
                    path=path("value")
                />
            }
            .into_any(),
            "node" => view! { <span></span> }.into_any(),
            kind => {
                let path = |name: &str| path(&format!("value_from.{kind}.{name}"));
                let rule = &container::ENV_REFERENCE;
                view! {
                    <div class="field-row">
                        <TextField label=texts::reference value=env.source rule=rule required=true path=path("name") />
                        <TextField label=words::kit::key value=env.key rule=rule required=true path=path("key") />
                    </div>
                }
                .into_any()
            }
        };
        view! {
            <TextField
                label=shown::env_name
                value=env.name
                rule=&container::ENV_NAME
                kind=Kind::Code
                required=true
                path=path("name")
            />
            <Select label=texts::from choices=kinds value=kind required=true />
            {content}
        }
        .into_any()
    };
    let make = || EnvDraft::new(&serde_json::Value::Null);
    row_list(rows, texts::add_env, None, make, "app-row app-env", line)
}

fn volumes(rows: Rows<VolumeDraft>) -> AnyView {
    let kinds = Signal::derive(|| {
        ["configMap", "secret", "hostPath", "emptyDir"]
            .map(|kind| Choice::new(kind, move || show::volume_kind(kind)))
            .to_vec()
    });
    let media = Signal::derive(|| {
        ["disk", "memory"]
            .map(|medium| Choice::new(medium, move || show::medium(medium)))
            .to_vec()
    });
    let line = move |at: usize, volume: VolumeDraft| {
        let path = move |name: &str| path_of(&format!("volumes.{at}.{name}"));
        let source = move || {
            let of = |label: Word, rule: &'static Rule| {
                view! {
                    <TextField label=label value=volume.source rule=rule required=true kind=Kind::Code path=path("source") />
                }
                .into_any()
            };
            match volume.kind.get().as_str() {
                "emptyDir" => view! {
                    <Select label=texts::kept choices=media value=volume.medium required=true path=path("source") />
                }
                .into_any(),
                "hostPath" => of(texts::host_path, &container::VOLUME_HOST_PATH),
                _ => of(texts::reference, &container::VOLUME_REFERENCE),
            }
        };
        let fixed = Memo::new(move |_| volume.is_read_only_kind());
        // What can only be read needs no choice.
        let access = move || {
            (!fixed.get()).then(|| {
                view! { <Checkbox label=shown::read_only value=volume.read_only /> }
            })
        };
        view! {
            <TextField label=shown::volume value=volume.name rule=&container::VOLUME_NAME required=true path=path("name") />
            <Select label=shown::source choices=kinds value=volume.kind required=true path=path("type") />
            {source}
            <div class="app-mount">
                <TextField
                    label=shown::destination
                    value=volume.destination
                    rule=&container::VOLUME_DESTINATION
                    required=true
                    kind=Kind::Code
                    path=path("destination")
                />
                {access}
            </div>
        }
        .into_any()
    };
    let make = || VolumeDraft::new(&serde_json::Value::Null);
    row_list(
        rows,
        texts::add_volume,
        None,
        make,
        "app-row app-volume",
        line,
    )
}

fn probe(
    title: Word,
    help: Word,
    probe: ProbeDraft,
    is_there: bool,
    name: &'static str,
) -> AnyView {
    let ways = Signal::derive(move || {
        let mut ways = choices_of([
            ("", texts::ways::none),
            ("http", texts::ways::http),
            ("command", texts::ways::command),
        ]);
        if is_there {
            ways.remove(0);
        }
        ways
    });
    let path = move |field: &str| path_of(&format!("{name}.{field}"));
    let schemes = Signal::derive(move || {
        let mut schemes = vec!["HTTP".to_owned(), "HTTPS".to_owned()];
        let now = probe.scheme.get_untracked();
        // Answers have it in lower case.
        if !schemes.contains(&now) {
            schemes.push(now);
        }
        let choices = schemes.into_iter();
        choices
            .map(|it| Choice::new(it.clone(), it))
            .collect::<Vec<_>>()
    });
    let asks = move || match probe.way.get().as_str() {
        "http" => view! {
            <div class="field-row">
                <TextField
                    label=texts::probe_path
                    value=probe.path
                    rule=&container::PROBE_PATH
                    required=true
                    kind=Kind::Code
                    path=path("http_get.path")
                />
                <NumberField
                    label=texts::probe_port
                    value=probe.port
                    rule=&container::PROBE_PORT
                    required=true
                    path=path("http_get.port")
                />
                <Select
                    label=texts::scheme
                    choices=schemes
                    value=probe.scheme
                    required=true
                    path=path("http_get.scheme")
                />
                <TextField
                    label=texts::probe_host
                    value=probe.host
                    rule=&container::PROBE_HOST
                    placeholder=texts::container_itself
                    path=path("http_get.host")
                />
            </div>
        }
        .into_any(),
        "command" => view! {
            <TextField
                label=shown::command
                value=probe.command
                rule=&container::PROBE_COMMAND
                required=true
                kind=Kind::Code
                path=path("exec_command")
            />
        }
        .into_any(),
        _ => ().into_any(),
    };
    let is_on = Memo::new(move |_| probe.way.with(|way| !way.is_empty()));
    let times = move || {
        is_on.get().then(|| {
            view! {
                <div class="field-row">
                    <NumberField
                        label=texts::delay
                        value=probe.delay
                        rule=&container::PROBE_SECONDS
                        unit="s"
                        placeholder=DELAY
                        path=path("initial_delay_seconds")
                    />
                    <NumberField
                        label=texts::timeout
                        value=probe.timeout
                        rule=&container::PROBE_SECONDS
                        unit="s"
                        placeholder=TIMEOUT
                        path=path("timeout_seconds")
                    />
                </div>
            }
        })
    };
    view! {
        <div class="app-probe">
            <Select label=title choices=ways value=probe.way help=help required=is_there path=path_of(name) />
            {asks}
            {times}
        </div>
    }
    .into_any()
}

fn run(draft: Draft) -> AnyView {
    let networks = vec![
        Choice::new("true", shown::network_host),
        Choice::new("false", shown::network_mapped),
    ];
    let policies = Signal::derive(|| {
        ["Always", "OnFailure", "Never"]
            .map(|it| {
                Choice::new(it, move || {
                    words::value("app_version", "restart_policy", it)
                })
            })
            .to_vec()
    });
    let mapped = Memo::new(move |_| draft.network.with(|network| network == "false"));
    let ports = move || mapped.get().then(|| ports(draft.ports));
    view! {
        <Radio label=shown::network choices=networks value=draft.network />
        {ports}
        <Select
            label=shown::restart
            choices=policies
            value=draft.restart
            required=true
            path=path_of("configs.restart_policy")
        />
        <Checkbox label=shown::privileged value=draft.privileged help=texts::privileged_help />
    }
    .into_any()
}

fn ports(rows: Rows<PortDraft>) -> AnyView {
    let line = move |at: usize, port: PortDraft| {
        let path = move |name: &str| path_of(&format!("configs.ports.{at}.{name}"));
        view! {
            <NumberField
                label=shown::container_port
                value=port.container
                rule=&common::PORT
                required=true
                path=path("container_port")
            />
            <NumberField label=shown::host_port value=port.host rule=&common::PORT path=path("host_port") />
            <TextField
                label=shown::host_ip
                value=port.address
                rule=&container::HOST_ADDRESS
                path=path("host_ip")
            />
        }
        .into_any()
    };
    let make = || PortDraft::new(&serde_json::Value::Null);
    row_list(rows, texts::add_port, None, make, "app-row", line)
}

/// Name, image and architecture: what a version keeps for good.
pub(super) fn identity(draft: Draft) -> AnyView {
    let archs = Signal::derive(|| {
        ["x86_64", "arm64", "arm32"]
            .map(|arch| Choice::new(arch, move || words::value("app_version", "arch", arch)))
            .to_vec()
    });
    view! {
        <TextField
            label=shown::name
            value=draft.version
            rule=&rules::app::APP_VERSION
            help=words::rules::app_version
            required=true
            autofocus=true
            path=path_of("version")
        />
        <TextField
            label=shown::image
            value=draft.image
            rule=&container::IMAGE_URL
            help=texts::image_help
            required=true
            kind=Kind::Code
            path=path_of("image_url")
        />
        <Select label=shown::arch choices=archs value=draft.arch help=texts::arch_help path=path_of("arch") />
    }
    .into_any()
}
