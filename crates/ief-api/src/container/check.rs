//! The documented limits of what containers are made of.

use super::{
    Amounts, Env, HttpGet, KeyOf, NumericAmounts, PortMapping, PortRange, Probe, ValueFrom, Volume,
    VolumeKind,
};
use crate::rules::{Problem, Rule, Violations, common, container as rules};

/// Where the command of a probe stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommandForm {
    /// In `exec`, as deployments have it.
    Nested,
    /// In `exec_command`, as versions of application templates have it.
    Plain,
}

/// Amounts, in whichever form they are written.
pub(crate) trait AsAmounts {
    /// CPU, memory, GPU memory and NPUs as texts.
    fn texts(&self) -> [Option<String>; 4];
}

impl AsAmounts for Amounts {
    fn texts(&self) -> [Option<String>; 4] {
        [&self.cpu, &self.memory, &self.gpu, &self.npu].map(Clone::clone)
    }
}

impl AsAmounts for NumericAmounts {
    fn texts(&self) -> [Option<String>; 4] {
        let text = |number: Option<super::Decimal>| number.map(|it| it.to_string());
        [
            text(self.cpu),
            text(self.memory),
            text(self.gpu),
            self.npu.map(|number| number.to_string()),
        ]
    }
}

/// Checks startup commands or arguments, whose characters count together.
pub(crate) fn check_lines(place: &str, lines: &[String], violations: &mut Violations) {
    let length = lines.iter().map(|line| line.chars().count()).sum();
    let rule = &rules::COMMAND;
    violations.result(place, rule, rule.length(length));
}

/// Checks what a container may use and what is set aside for it.
pub(crate) fn check_amounts(
    limits: Option<&impl AsAmounts>,
    requests: Option<&impl AsAmounts>,
    violations: &mut Violations,
) {
    let limits = limits.map(AsAmounts::texts).unwrap_or_default();
    let requests = requests.map(AsAmounts::texts).unwrap_or_default();
    violations.at("resources", |violations| {
        let names = ["cpu", "memory", "gpu", "npu"];
        let asked = [&rules::CPU, &rules::MEMORY, &rules::GPU, &rules::NPU];
        let most = [&rules::CPU, &rules::MEMORY_LIMIT, &rules::GPU, &rules::NPU];
        violations.at("limits", |violations| {
            check_side(names, most, &limits, violations);
        });
        violations.at("requests", |violations| {
            check_side(names, asked, &requests, violations);
            for (place, name) in names.into_iter().enumerate() {
                let number = |texts: &[Option<String>; 4]| -> Option<f64> {
                    texts[place].as_deref()?.trim().parse().ok()
                };
                if let (Some(limit), Some(request)) = (number(&limits), number(&requests))
                    && request > limit
                {
                    let other = format!("limits.{name}");
                    violations.add(name, asked[place], Problem::Contradicts { other });
                }
            }
        });
    });
}

fn check_side(
    names: [&str; 4],
    rules: [&'static Rule; 4],
    texts: &[Option<String>; 4],
    violations: &mut Violations,
) {
    for ((name, rule), text) in names.into_iter().zip(rules).zip(texts) {
        violations.optional(name, rule, text.as_deref());
    }
}

/// Checks ports of containers.
pub(crate) fn check_ports(ports: &[PortMapping], violations: &mut Violations) {
    violations.at("ports", |violations| {
        for (place, port) in ports.iter().enumerate() {
            violations.at(place, |violations| port.check(violations));
        }
    });
}

impl Env {
    /// Checks variables one by one and their names together.
    pub(crate) fn check_all(envs: &[Self], violations: &mut Violations) {
        let names = envs.iter().filter_map(|env| env.name.as_deref());
        violations.unique("envs", &rules::ENV_NAME, names);
        violations.at("envs", |violations| {
            for (place, env) in envs.iter().enumerate() {
                violations.at(place, |violations| env.check(violations));
            }
        });
    }

    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::ENV_NAME, self.name.as_deref());
        violations.optional("value", &rules::ENV_VALUE, self.value.as_deref());
        let path = self.field_path.as_deref().filter(|path| !path.is_empty());
        violations.optional("field_path", &rules::ENV_FIELD, path);
        let given = |text: &Option<String>| text.as_deref().is_some_and(|it| !it.is_empty());
        let sources = [
            ("value", given(&self.value)),
            ("value_from", self.value_from.is_some()),
            ("field_path", path.is_some()),
        ];
        let mut sources = sources.iter().filter(|(_, there)| *there);
        if let (Some((first, _)), Some((second, _))) = (sources.next(), sources.next()) {
            let other = (*first).to_owned();
            violations.add(second, &rules::ENV_SOURCE, Problem::Contradicts { other });
        }
        if let Some(from) = &self.value_from {
            violations.at("value_from", |violations| from.check(violations));
        }
    }
}

impl ValueFrom {
    fn check(&self, violations: &mut Violations) {
        let rule = &rules::ENV_SOURCE;
        match (&self.secret, &self.configmap) {
            (None, None) => violations.add("", rule, Problem::Missing),
            (Some(_), Some(_)) => {
                let other = "secret".to_owned();
                violations.add("configmap", rule, Problem::Contradicts { other });
            }
            (Some(key), None) => violations.at("secret", |violations| key.check(violations)),
            (None, Some(key)) => violations.at("configmap", |violations| key.check(violations)),
        }
    }
}

impl KeyOf {
    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::ENV_REFERENCE, self.name.as_deref());
        violations.required("key", &rules::ENV_REFERENCE, self.key.as_deref());
    }
}

impl Volume {
    /// Checks volumes one by one and their names together.
    pub(crate) fn check_all(volumes: &[Self], violations: &mut Violations) {
        let names = volumes.iter().filter_map(|volume| volume.name.as_deref());
        violations.unique("volumes", &rules::VOLUME_NAME, names);
        violations.at("volumes", |violations| {
            for (place, volume) in volumes.iter().enumerate() {
                violations.at(place, |violations| volume.check(violations));
            }
        });
    }

    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::VOLUME_NAME, self.name.as_deref());
        let kind = self.kind.as_ref();
        violations.required("type", &rules::VOLUME_TYPE, kind.map(VolumeKind::as_str));
        let source = self.source.as_deref();
        match kind {
            Some(VolumeKind::HostPath) => {
                violations.required("source", &rules::VOLUME_HOST_PATH, source);
            }
            Some(VolumeKind::EmptyDir) => {
                violations.required("source", &rules::VOLUME_MEDIUM, source);
            }
            Some(VolumeKind::ConfigMap | VolumeKind::Secret) => {
                violations.required("source", &rules::VOLUME_REFERENCE, source);
            }
            Some(VolumeKind::Other(_)) | None => {}
        }
        let destination = self.destination.as_deref();
        violations.required("destination", &rules::VOLUME_DESTINATION, destination);
        let is_read_only = matches!(kind, Some(VolumeKind::ConfigMap | VolumeKind::Secret));
        match self.read_only {
            None => violations.add("read_only", &rules::VOLUME_ACCESS, Problem::Missing),
            Some(false) if is_read_only => {
                let other = "type".to_owned();
                let problem = Problem::Contradicts { other };
                violations.add("read_only", &rules::VOLUME_ACCESS, problem);
            }
            Some(_) => {}
        }
        violations.integer("default_mode", &rules::VOLUME_MODE, self.default_mode);
    }
}

impl Probe {
    /// Checks a probe at `place`.
    pub(crate) fn check_at(
        probe: Option<&Self>,
        place: &str,
        form: CommandForm,
        violations: &mut Violations,
    ) {
        let Some(probe) = probe else {
            return;
        };
        let (field, command) = match form {
            CommandForm::Nested => (
                "exec.command",
                probe.exec.as_ref().map(|exec| &exec.command),
            ),
            CommandForm::Plain => ("exec_command", Some(&probe.exec_command)),
        };
        // A probe that was read may have the other way beside it, empty.
        let command = command
            .and_then(|it| it.as_deref())
            .filter(|it| !it.is_empty());
        violations.at(place, |violations| {
            match (command, &probe.http_get) {
                (None, None) => violations.add("", &rules::PROBE_WAY, Problem::Missing),
                (Some(_), Some(_)) => {
                    let other = field.to_owned();
                    violations.add(
                        "http_get",
                        &rules::PROBE_WAY,
                        Problem::Contradicts { other },
                    );
                }
                (Some(command), None) => {
                    violations.required(field, &rules::PROBE_COMMAND, Some(command));
                }
                (None, Some(request)) => {
                    violations.at("http_get", |violations| request.check(violations));
                }
            }
            let delay = probe.initial_delay_seconds;
            violations.integer("initial_delay_seconds", &rules::PROBE_SECONDS, delay);
            violations.integer(
                "timeout_seconds",
                &rules::PROBE_SECONDS,
                probe.timeout_seconds,
            );
        });
    }
}

impl HttpGet {
    fn check(&self, violations: &mut Violations) {
        violations.required("path", &rules::PROBE_PATH, self.path.as_deref());
        match self.port {
            None => violations.add("port", &rules::PROBE_PORT, Problem::Missing),
            port => violations.integer("port", &rules::PROBE_PORT, port),
        }
        violations.optional("host", &rules::PROBE_HOST, self.host.as_deref());
        violations.optional("scheme", &rules::PROBE_SCHEME, self.scheme.as_deref());
    }
}

impl PortMapping {
    fn check(&self, violations: &mut Violations) {
        match self.container_port {
            None => violations.add("container_port", &common::PORT, Problem::Missing),
            port => violations.integer("container_port", &common::PORT, port),
        }
        violations.integer("host_port", &common::PORT, self.host_port);
        violations.optional("host_ip", &rules::HOST_ADDRESS, self.host_ip.as_deref());
        let Some(range) = &self.host_port_range else {
            return;
        };
        if self.host_port.is_some() {
            let other = "host_port".to_owned();
            let problem = Problem::Contradicts { other };
            violations.add("host_port_range", &rules::HOST_PORT_RANGE, problem);
        }
        violations.at("host_port_range", |violations| range.check(violations));
    }
}

impl PortRange {
    fn check(&self, violations: &mut Violations) {
        for (name, port) in [("min_port", self.min_port), ("max_port", self.max_port)] {
            match port {
                None => violations.add(name, &rules::HOST_PORT_RANGE, Problem::Missing),
                port => violations.integer(name, &rules::HOST_PORT_RANGE, port),
            }
        }
        if self.max_port.is_some_and(|max| Some(max) <= self.min_port) {
            let other = "min_port".to_owned();
            let problem = Problem::Contradicts { other };
            violations.add("max_port", &rules::HOST_PORT_RANGE, problem);
        }
    }
}
