//! One service of a Compose file as a container.

use serde_json::{Map, Value, json};

use super::{pairs, words};
use crate::document::text_of;
use crate::import::fields::Fields;
use crate::import::report::{Report, Why};
use crate::import::units;

/// What services have in common once they are containers of one instance.
pub(super) struct Pod<'a> {
    pub(super) configs: &'a mut Map<String, Value>,
    pub(super) run: &'a mut Map<String, Value>,
    pub(super) is_only: bool,
}

pub(super) fn container(
    service: &str,
    fields: &mut Fields<'_>,
    pod: &mut Pod<'_>,
    report: &mut Report,
) -> Value {
    let mut made = Map::new();
    let own = fields.text("container_name");
    let from = own.clone().unwrap_or_else(|| service.to_owned());
    let to = units::name(&from, 32);
    made.insert("name".to_owned(), to.clone().into());
    if own.is_some() {
        match from == to {
            true => fields.carried(report, "container_name"),
            false => fields.changed(report, "container_name", Why::Name { from, to }),
        }
    }
    fields.copy(report, "image", &mut made, "image_url");
    for (from, to) in [("entrypoint", "command"), ("command", "args")] {
        let Some(value) = fields.take(from) else {
            continue;
        };
        match words(value) {
            Some(words) if value.is_array() => {
                made.insert(to.to_owned(), words.into());
                fields.carried(report, from);
            }
            Some(words) => {
                made.insert(to.to_owned(), words.into());
                fields.changed(report, from, Why::Form);
            }
            None => fields.left_out(report, from, Why::NotUnderstood),
        }
    }
    environment(fields, &mut made, report);
    settings(fields, pod, &mut made, report);
    ports(fields, &mut made, report);
    volumes(service, fields, &mut made, report);
    resources(fields, pod, &mut made, report);
    health(fields, &mut made, report);
    fields.not_needed(
        report,
        &[
            "networks",
            "expose",
            "pull_policy",
            "stdin_open",
            "tty",
            "hostname",
            "platform",
        ],
    );
    Value::Object(made)
}

fn environment(fields: &mut Fields<'_>, made: &mut Map<String, Value>, report: &mut Report) {
    let Some(value) = fields.take("environment") else {
        return;
    };
    let mut variables = Vec::new();
    for (name, value, path) in pairs(value, &fields.field("environment")) {
        match value {
            Some(value) => {
                fields.carried_at(report, &path);
                variables.push(json!({ "name": name, "value": value }));
            }
            // It would be taken from whoever starts the file.
            None => fields.left_out_at(report, &path, Why::NotFound { name }),
        }
    }
    if !variables.is_empty() {
        made.insert("envs".to_owned(), variables.into());
    }
}

fn settings(
    fields: &mut Fields<'_>,
    pod: &mut Pod<'_>,
    made: &mut Map<String, Value>,
    report: &mut Report,
) {
    fields.copy(report, "privileged", made, "privileged");
    if let Some(user) = fields.text("user") {
        let number = user.split(':').next().unwrap_or_default();
        match number.parse::<i64>() {
            Ok(number) => {
                made.insert("run_as_user".to_owned(), number.into());
                match user.contains(':') {
                    true => fields.changed(report, "user", Why::Form),
                    false => fields.carried(report, "user"),
                }
            }
            Err(_) => fields.left_out(report, "user", Why::Unsupported),
        }
    }
    match fields.text("network_mode").as_deref() {
        Some("host") => {
            pod.configs.insert("host_network".to_owned(), json!(true));
            fields.carried(report, "network_mode");
        }
        Some("bridge" | "default") => fields.left_out(report, "network_mode", Why::NotNeeded),
        Some(_) => fields.left_out(report, "network_mode", Why::Unsupported),
        None => {}
    }
    if fields.text("pid").as_deref() == Some("host") {
        pod.configs.insert("host_pid".to_owned(), json!(true));
        fields.carried(report, "pid");
    } else if fields.take("pid").is_some() {
        fields.left_out(report, "pid", Why::Unsupported);
    }
    if let Some(restart) = fields.text("restart") {
        let policy = match restart.split(':').next().unwrap_or_default() {
            "always" | "unless-stopped" => Some("Always"),
            "on-failure" => Some("OnFailure"),
            "no" | "false" => Some("Never"),
            _ => None,
        };
        match policy {
            Some(policy) => {
                // One instance has one policy: the most eager one.
                let rank = |it: &str| {
                    ["Never", "OnFailure", "Always"]
                        .iter()
                        .position(|own| *own == it)
                };
                let now = pod.configs["restart_policy"].as_str().unwrap_or_default();
                if rank(policy) > rank(now) {
                    pod.configs
                        .insert("restart_policy".to_owned(), policy.into());
                }
                fields.changed(report, "restart", Why::Form);
            }
            None => fields.left_out(report, "restart", Why::NotUnderstood),
        }
    }
}

fn ports(fields: &mut Fields<'_>, made: &mut Map<String, Value>, report: &mut Report) {
    let Some(list) = fields.take("ports").and_then(Value::as_array) else {
        return;
    };
    let path = fields.field("ports");
    let mut mappings = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let place = path.then(index);
        match mapping(entry) {
            Ok(mapping) => {
                fields.carried_at(report, &place);
                mappings.push(mapping);
            }
            Err(why) => fields.left_out_at(report, &place, why),
        }
    }
    if !mappings.is_empty() {
        made.insert("ports".to_owned(), mappings.into());
    }
}

/// A mapping, as text or as an object.
fn mapping(entry: &Value) -> Result<Value, Why> {
    let number = |text: &str| text.trim().parse::<i64>().map_err(|_| Why::Unsupported);
    let made = |container: i64, host: Option<i64>, address: Option<&str>| {
        let mut mapping = json!({ "container_port": container });
        // Without a port of the host one is chosen, which the service does from a range only.
        mapping["host_port"] = host.ok_or(Why::Unsupported)?.into();
        if let Some(address) = address.filter(|it| !it.is_empty() && *it != "0.0.0.0") {
            mapping["host_ip"] = address.into();
        }
        Ok(mapping)
    };
    if entry.is_object() {
        let text = |name: &str| entry.get(name).and_then(text_of);
        if text("protocol").is_some_and(|it| it != "tcp") {
            return Err(Why::Unsupported);
        }
        let container = number(&text("target").unwrap_or_default())?;
        let host = text("published").map(|it| number(&it)).transpose()?;
        return made(container, host, text("host_ip").as_deref());
    }
    let text = text_of(entry).ok_or(Why::NotUnderstood)?;
    let (text, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
    if protocol != "tcp" {
        return Err(Why::Unsupported);
    }
    let (rest, container) = match text.rsplit_once(':') {
        Some((rest, container)) => (Some(rest), number(container)?),
        None => (None, number(text)?),
    };
    let (address, host) = match rest.map(|it| it.rsplit_once(':').unwrap_or(("", it))) {
        Some((address, host)) => (address.trim_matches(['[', ']']), Some(number(host)?)),
        None => ("", None),
    };
    made(container, host, Some(address))
}

fn volumes(
    service: &str,
    fields: &mut Fields<'_>,
    made: &mut Map<String, Value>,
    report: &mut Report,
) {
    let mut volumes: Vec<Value> = Vec::new();
    let path = fields.field("volumes");
    let list = fields.take("volumes").and_then(Value::as_array);
    for (index, entry) in list.into_iter().flatten().enumerate() {
        let number = volumes.len();
        let usual = format!("{}-{number}", units::name(service, 58));
        let place = path.then(index);
        match volume(entry, &usual) {
            Some((volume, why)) => {
                match why {
                    Why::AsItIs => fields.carried_at(report, &place),
                    why => fields.changed_at(report, &place, why),
                }
                volumes.push(volume);
            }
            // A path beside the file has no meaning on a node.
            None => fields.left_out_at(report, &place, Why::Unsupported),
        }
    }
    let memory = match fields.take("tmpfs") {
        Some(Value::Array(entries)) => entries.iter().filter_map(text_of).collect(),
        Some(value) => text_of(value).into_iter().collect(),
        None => Vec::new(),
    };
    for entry in memory {
        let number = volumes.len();
        let name = format!("{}-{number}", units::name(service, 58));
        let destination = entry.split(':').next().unwrap_or_default();
        volumes.push(json!({
            "name": name, "type": "emptyDir", "source": "memory", "destination": destination, "read_only": false,
        }));
        fields.changed(report, "tmpfs", Why::Form);
    }
    if !volumes.is_empty() {
        made.insert("volumes".to_owned(), volumes.into());
    }
}

/// A volume, as text or as an object; with what became of it.
fn volume(entry: &Value, usual: &str) -> Option<(Value, Why)> {
    let (source, target, read_only, kind) = if entry.is_object() {
        let text = |name: &str| entry.get(name).and_then(text_of);
        let read_only = text("read_only").as_deref() == Some("true");
        (text("source"), text("target")?, read_only, text("type"))
    } else {
        let text = text_of(entry)?;
        let parts: Vec<&str> = text.split(':').collect();
        let read_only = parts
            .get(2)
            .is_some_and(|it| it.split(',').any(|it| it == "ro"));
        match parts.as_slice() {
            [target] => (None, (*target).to_owned(), false, None),
            [source, target, ..] => (
                Some((*source).to_owned()),
                (*target).to_owned(),
                read_only,
                None,
            ),
            [] => return None,
        }
    };
    let made = |name: &str, kind: &str, source: &str| json!({ "name": name, "type": kind, "source": source, "destination": target, "read_only": read_only });
    match (kind.as_deref(), source) {
        (Some("tmpfs"), _) => Some((made(usual, "emptyDir", "memory"), Why::Form)),
        (_, Some(path)) if path.starts_with('/') => {
            Some((made(usual, "hostPath", &path), Why::AsItIs))
        }
        (Some("bind"), _) => None,
        (_, Some(path)) if path.starts_with(['.', '~', '$']) => None,
        // One name is one volume in all containers, so they share it.
        (_, Some(name)) => Some((
            made(&units::name(&name, 63), "emptyDir", "disk"),
            Why::NotKept,
        )),
        (_, None) => Some((made(usual, "emptyDir", "disk"), Why::NotKept)),
    }
}

fn resources(
    fields: &mut Fields<'_>,
    pod: &mut Pod<'_>,
    made: &mut Map<String, Value>,
    report: &mut Report,
) {
    let mut sides: [Map<String, Value>; 2] = Default::default();
    // The old way, at the service itself.
    for (name, side, field) in [
        ("cpus", 0, "cpu"),
        ("mem_limit", 0, "memory"),
        ("mem_reservation", 1, "memory"),
    ] {
        amount(fields, name, &mut sides[side], field, report);
    }
    if let Some(mut deploy) = fields.inside("deploy") {
        if let Some(replicas) = deploy.take("replicas") {
            match pod.is_only {
                true => {
                    pod.run.insert("replicas".to_owned(), replicas.clone());
                    deploy.carried(report, "replicas");
                }
                false => deploy.left_out(report, "replicas", Why::Unsupported),
            }
        }
        if let Some(mut resources) = deploy.inside("resources") {
            for (name, side) in [("limits", 0), ("reservations", 1)] {
                if let Some(mut amounts) = resources.inside(name) {
                    amount(&mut amounts, "cpus", &mut sides[side], "cpu", report);
                    amount(&mut amounts, "memory", &mut sides[side], "memory", report);
                    amounts.rest(report);
                }
            }
            resources.rest(report);
        }
        deploy.rest(report);
    }
    let [limits, requests] = sides;
    let mut resources = Map::new();
    for (name, side) in [("limits", limits), ("requests", requests)] {
        if !side.is_empty() {
            resources.insert(name.to_owned(), Value::Object(side));
        }
    }
    if !resources.is_empty() {
        made.insert("resources".to_owned(), Value::Object(resources));
    }
}

fn amount(
    fields: &mut Fields<'_>,
    name: &str,
    side: &mut Map<String, Value>,
    field: &str,
    report: &mut Report,
) {
    let Some(from) = fields.text(name) else {
        return;
    };
    let to = match field {
        "cpu" => units::cores(&from),
        _ => units::megabytes(&from, true),
    };
    match to {
        Some(to) => {
            side.insert(field.to_owned(), to.clone().into());
            match from == to {
                true => fields.carried(report, name),
                false => fields.changed(report, name, Why::Unit { from, to }),
            }
        }
        None => fields.left_out(report, name, Why::NotUnderstood),
    }
}

/// A health check becomes the probe that starts a container again.
fn health(fields: &mut Fields<'_>, made: &mut Map<String, Value>, report: &mut Report) {
    let Some(mut check) = fields.inside("healthcheck") else {
        return;
    };
    if check.take("disable") == Some(&json!(true)) {
        check.left_out(report, "disable", Why::NotNeeded);
        return;
    }
    let command = match check.take("test") {
        Some(Value::String(line)) => Some(line.clone()),
        Some(Value::Array(parts)) => {
            let words: Vec<String> = parts.iter().filter_map(text_of).collect();
            match words.split_first() {
                Some((kind, rest)) if kind == "CMD-SHELL" => Some(rest.join(" ")),
                Some((kind, rest)) if kind == "CMD" => Some(units::shell_line(rest)),
                _ => None,
            }
        }
        _ => None,
    };
    let Some(command) = command else {
        check.left_out(report, "test", Why::NotUnderstood);
        check.rest(report);
        return;
    };
    check.changed(report, "test", Why::Joined);
    let mut probe = Map::from_iter([("exec".to_owned(), json!({ "command": command }))]);
    for (from, to) in [
        ("start_period", "initial_delay_seconds"),
        ("timeout", "timeout_seconds"),
    ] {
        let Some(text) = check.text(from) else {
            continue;
        };
        match units::seconds(&text) {
            Some(seconds) => {
                let seconds = seconds.clamp(1, 3600);
                probe.insert(to.to_owned(), seconds.into());
                let to = seconds.to_string();
                check.changed(report, from, Why::Unit { from: text, to });
            }
            None => check.left_out(report, from, Why::NotUnderstood),
        }
    }
    check.rest(report);
    made.insert("liveness_probe".to_owned(), Value::Object(probe));
}
