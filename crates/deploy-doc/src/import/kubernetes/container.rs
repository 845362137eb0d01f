//! Containers of Kubernetes, and where their variables come from.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Known;
use super::volume::{Volume, mounts};
use crate::document::{integer_in, text_of};
use crate::import::fields::Fields;
use crate::import::report::{Report, Why};
use crate::import::units;

/// What a container may refer to.
pub(super) struct World<'a> {
    pub(super) config_maps: &'a Known,
    pub(super) secrets: &'a Known,
    pub(super) volumes: &'a mut BTreeMap<String, Volume>,
    /// User of the instance, where a container has none of its own.
    pub(super) user: Option<Value>,
    pub(super) on_host: bool,
}

/// A container.
pub(super) fn container(
    fields: &mut Fields<'_>,
    world: &mut World<'_>,
    report: &mut Report,
) -> Value {
    let mut made = Map::new();
    if let Some(from) = fields.text("name") {
        let to = units::name(&from, 32);
        made.insert("name".to_owned(), to.clone().into());
        match from == to {
            true => fields.carried(report, "name"),
            false => fields.changed(report, "name", Why::Name { from, to }),
        }
    }
    for (from, to) in [
        ("image", "image_url"),
        ("command", "command"),
        ("args", "args"),
    ] {
        fields.copy(report, from, &mut made, to);
    }
    resources(fields, &mut made, report);
    let variables = variables(fields, world, report);
    if !variables.is_empty() {
        made.insert("envs".to_owned(), variables.into());
    }
    let named = ports(fields, &mut made, world.on_host, report);
    for (from, to) in [
        ("readinessProbe", "readiness_probe"),
        ("livenessProbe", "liveness_probe"),
    ] {
        if let Some(mut probe) = fields.inside(from) {
            match self::probe(&mut probe, &named, report) {
                Some(value) => {
                    made.insert(to.to_owned(), value);
                    fields.carried(report, from);
                }
                None => fields.left_out(report, from, Why::Unsupported),
            }
        }
    }
    if let Some(mut context) = fields.inside("securityContext") {
        context.copy(report, "privileged", &mut made, "privileged");
        context.copy(report, "runAsUser", &mut made, "run_as_user");
        context.rest(report);
    }
    if let Some(user) = world.user.clone() {
        made.entry("run_as_user").or_insert(user);
    }
    mounts(fields, &mut made, world, report);
    fields.not_needed(
        report,
        &[
            "imagePullPolicy",
            "terminationMessagePath",
            "terminationMessagePolicy",
        ],
    );
    fields.rest(report);
    Value::Object(made)
}

fn resources(fields: &mut Fields<'_>, made: &mut Map<String, Value>, report: &mut Report) {
    let Some(mut resources) = fields.inside("resources") else {
        return;
    };
    let mut sides = Map::new();
    for side in ["limits", "requests"] {
        let Some(mut amounts) = resources.inside(side) else {
            continue;
        };
        let mut taken = Map::new();
        for name in amounts.names() {
            let field = match name.as_str() {
                "cpu" => "cpu",
                "memory" => "memory",
                it if it.starts_with("huawei.com/") && it.to_ascii_lowercase().contains("310") => {
                    "npu"
                }
                _ => continue,
            };
            let from = amounts.text(&name).unwrap_or_default();
            let to = match field {
                "cpu" => units::cores(&from),
                "memory" => units::megabytes(&from, false),
                _ => Some(from.clone()),
            };
            match to {
                Some(to) => {
                    taken.insert(field.to_owned(), to.clone().into());
                    match from == to {
                        true => amounts.carried(report, &name),
                        false => amounts.changed(report, &name, Why::Unit { from, to }),
                    }
                }
                None => amounts.left_out(report, &name, Why::NotUnderstood),
            }
        }
        amounts.rest(report);
        if !taken.is_empty() {
            sides.insert(side.to_owned(), Value::Object(taken));
        }
    }
    resources.rest(report);
    if !sides.is_empty() {
        made.insert("resources".to_owned(), Value::Object(sides));
    }
}

fn variables(fields: &mut Fields<'_>, world: &World<'_>, report: &mut Report) -> Vec<Value> {
    let mut variables: Vec<Value> = Vec::new();
    let has = |variables: &[Value], name: &str| variables.iter().any(|it| it["name"] == name);
    for mut variable in fields.each("env") {
        let name = variable.text("name").unwrap_or_default();
        let value = match variable.inside("valueFrom") {
            Some(mut from) => source(&name, &mut from, report),
            None => {
                let value = variable
                    .take("value")
                    .map(|it| text_of(it).unwrap_or_default());
                Some(json!({ "name": name, "value": value.unwrap_or_default() }))
            }
        };
        match value {
            Some(value) => {
                variable.carried(report, "name");
                variables.push(value);
            }
            None => variable.left_out(report, "name", Why::Unsupported),
        }
        variable.rest(report);
    }
    for mut from in fields.each("envFrom") {
        let prefix = from.text("prefix").unwrap_or_default();
        for (kind, field, known) in [
            ("configMapRef", "configmap", world.config_maps),
            ("secretRef", "secret", world.secrets),
        ] {
            let Some(name) = from.inside(kind).and_then(|mut it| it.text("name")) else {
                continue;
            };
            let Some(keys) = known.get(&name) else {
                from.left_out(report, kind, Why::NotFound { name });
                continue;
            };
            from.changed(report, kind, Why::EachKey);
            for key in keys {
                let variable = format!("{prefix}{key}");
                // What is said one by one counts more.
                if !has(&variables, &variable) {
                    let reference = json!({ field: { "name": name, "key": key } });
                    variables.push(json!({ "name": variable, "value_from": reference }));
                }
            }
        }
        from.rest(report);
    }
    variables
}

fn source(name: &str, from: &mut Fields<'_>, report: &mut Report) -> Option<Value> {
    let mut found = None;
    for (kind, field) in [("configMapKeyRef", "configmap"), ("secretKeyRef", "secret")] {
        if let Some(mut reference) = from.inside(kind) {
            let of = reference.text("name").unwrap_or_default();
            let key = reference.text("key").unwrap_or_default();
            let reference_value = json!({ field: { "name": of, "key": key } });
            found = Some(json!({ "name": name, "value_from": reference_value }));
            reference.rest(report);
        }
    }
    if let Some(mut field) = from.inside("fieldRef") {
        let path = field.text("fieldPath").unwrap_or_default();
        field.not_needed(report, &["apiVersion"]);
        match path == "status.hostIP" {
            true => found = Some(json!({ "name": name, "field_path": path })),
            false => field.left_out(report, "fieldPath", Why::Unsupported),
        }
    }
    from.rest(report);
    found
}

/// Mapped ports, and the numbers of all ports by name.
fn ports(
    fields: &mut Fields<'_>,
    made: &mut Map<String, Value>,
    on_host: bool,
    report: &mut Report,
) -> BTreeMap<String, i64> {
    let mut named = BTreeMap::new();
    let mut mappings = Vec::new();
    for mut port in fields.each("ports") {
        let protocol = port.text("protocol");
        let Some(number) = port
            .text("containerPort")
            .and_then(|it| it.parse::<i64>().ok())
        else {
            port.left_out(report, "containerPort", Why::NotUnderstood);
            continue;
        };
        if let Some(name) = port.text("name") {
            named.insert(name, number);
        }
        let host = port.text("hostPort").and_then(|it| it.parse::<i64>().ok());
        let address = port.text("hostIP");
        match host.filter(|_| !on_host) {
            // A port that is not mapped is a remark only.
            None => port.left_out(report, "containerPort", Why::NotNeeded),
            Some(_) if protocol.as_deref().is_some_and(|it| it != "TCP") => {
                port.left_out(report, "protocol", Why::Unsupported);
            }
            Some(host) => {
                let mut mapping = json!({ "container_port": number, "host_port": host });
                if let Some(address) = address.filter(|it| it != "0.0.0.0") {
                    mapping["host_ip"] = address.into();
                }
                port.carried(report, "hostPort");
                mappings.push(mapping);
            }
        }
        port.rest(report);
    }
    if !mappings.is_empty() {
        made.insert("ports".to_owned(), mappings.into());
    }
    named
}

fn probe(
    fields: &mut Fields<'_>,
    named: &BTreeMap<String, i64>,
    report: &mut Report,
) -> Option<Value> {
    let mut made = Map::new();
    if let Some(mut request) = fields.inside("httpGet") {
        let mut get = Map::new();
        request.copy(report, "path", &mut get, "path");
        get.entry("path").or_insert(json!("/"));
        let port = request.text("port").unwrap_or_default();
        let number = port.parse().ok().or_else(|| named.get(&port).copied());
        match number {
            Some(number) if port.parse::<i64>().is_ok() => {
                get.insert("port".to_owned(), number.into());
                request.carried(report, "port");
            }
            Some(number) => {
                get.insert("port".to_owned(), number.into());
                request.changed(report, "port", Why::Form);
            }
            None => request.left_out(report, "port", Why::NotFound { name: port }),
        }
        request.copy(report, "scheme", &mut get, "scheme");
        request.copy(report, "host", &mut get, "host");
        request.rest(report);
        made.insert("http_get".to_owned(), Value::Object(get));
    } else if let Some(mut exec) = fields.inside("exec") {
        let words = exec.take("command").and_then(Value::as_array)?;
        let words: Vec<String> = words.iter().filter_map(text_of).collect();
        let why = if words.len() == 1 {
            None
        } else {
            Some(Why::Joined)
        };
        let command = match words.as_slice() {
            [only] => only.clone(),
            words => units::shell_line(words),
        };
        made.insert("exec".to_owned(), json!({ "command": command }));
        match why {
            Some(why) => exec.changed(report, "command", why),
            None => exec.carried(report, "command"),
        }
    } else {
        return None;
    }
    for (from, to) in [
        ("initialDelaySeconds", "initial_delay_seconds"),
        ("timeoutSeconds", "timeout_seconds"),
    ] {
        fields.copy(report, from, &mut made, to);
    }
    // Zero seconds are the least of one system, one second that of the other.
    let made = Value::Object(made);
    let delay = integer_in(&made, "initial_delay_seconds");
    let mut made = made;
    if delay == Some(0) {
        made["initial_delay_seconds"] = json!(1);
        let (from, to) = ("0".to_owned(), "1".to_owned());
        fields.changed(report, "initialDelaySeconds", Why::Unit { from, to });
    }
    fields.rest(report);
    Some(made)
}
