//! Manifests of Kubernetes: Deployments and Pods with the ConfigMaps and secrets they need.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::report::{Report, Why};
use super::{Import, Needed, Part, units};
use crate::document::Document;
use crate::path::Path;

mod container;
mod volume;

/// What can be mounted and taken from: keys of the ConfigMaps and secrets of a text, by name.
pub(super) type Known = BTreeMap<String, Vec<String>>;

/// Names of deployments have so many characters at most.
const LONGEST_NAME: usize = 32;

pub(super) fn import(parts: &[Part<'_>], found: &mut Import, report: &mut Report) {
    let mut objects = Vec::new();
    for part in parts {
        let root = Path::root();
        let is_list = part.value().get("kind").and_then(Value::as_str) == Some("List");
        match part.value().get("items").and_then(Value::as_array) {
            Some(items) if is_list => {
                objects.extend((0..items.len()).map(|at| (part, root.then("items").then(at))));
            }
            _ => objects.push((part, root)),
        }
    }
    let kind = |(part, path): &(&Part<'_>, Path)| {
        let kind = path.then("kind").find(part.value()).and_then(Value::as_str);
        kind.unwrap_or_default().to_owned()
    };
    for object in &objects {
        let (part, path) = object;
        match kind(object).as_str() {
            "ConfigMap" => {
                let lists = ["data", "binaryData"];
                found.config_maps.extend(needed(part, path, &lists, report));
            }
            "Secret" => {
                let lists = ["data", "stringData"];
                found.secrets.extend(needed(part, path, &lists, report));
            }
            _ => {}
        }
    }
    let known = |all: &[Needed]| -> Known {
        let all = all.iter().map(|it| (it.name.clone(), it.keys.clone()));
        all.collect()
    };
    let (config_maps, secrets) = (known(&found.config_maps), known(&found.secrets));
    for object in &objects {
        let (part, path) = object;
        let mut fields = Fields::at(part, path.clone());
        match kind(object).as_str() {
            "ConfigMap" | "Secret" => {}
            "Deployment" | "Pod" => {
                let document = deployment(&mut fields, &config_maps, &secrets, report);
                found.deployments.push(document);
            }
            _ if part.value().is_null() => {}
            _ => report.left_out(part, path, Why::Unsupported),
        }
    }
}

/// A ConfigMap or secret, which is created beside the deployment.
fn needed(part: &Part<'_>, path: &Path, lists: &[&str], report: &mut Report) -> Option<Needed> {
    let mut fields = Fields::at(part, path.clone());
    let name = fields
        .inside("metadata")
        .and_then(|mut it| it.text("name"))?;
    let mut keys = Vec::new();
    for list in lists {
        let entries = fields.take(list).and_then(Value::as_object);
        keys.extend(entries.into_iter().flat_map(Map::keys).cloned());
    }
    report.changed(part, path, Why::Beside);
    let range = part.range(path);
    Some(Needed { name, keys, range })
}

fn deployment(
    fields: &mut Fields<'_>,
    config_maps: &Known,
    secrets: &Known,
    report: &mut Report,
) -> Document {
    let mut body = Map::new();
    fields.not_needed(report, &["status"]);
    let is_pod = fields.text("kind").as_deref() == Some("Pod");
    for name in ["apiVersion", "kind"] {
        if fields.take(name).is_some() {
            fields.carried(report, name);
        }
    }
    if let Some(mut metadata) = fields.inside("metadata") {
        self::metadata(&mut metadata, &mut body, report);
    }
    let mut run = Map::from_iter([("replicas".to_owned(), json!(1))]);
    let mut template = Map::new();
    if let Some(mut spec) = fields.inside("spec") {
        if is_pod {
            pod(&mut spec, &mut template, config_maps, secrets, report);
        } else {
            spec.copy(report, "replicas", &mut run, "replicas");
            spec.not_needed(
                report,
                &[
                    "selector",
                    "strategy",
                    "revisionHistoryLimit",
                    "progressDeadlineSeconds",
                    "minReadySeconds",
                ],
            );
            if let Some(mut inner) = spec.inside("template") {
                inner.not_needed(report, &["metadata"]);
                if let Some(mut spec) = inner.inside("spec") {
                    pod(&mut spec, &mut template, config_maps, secrets, report);
                }
                inner.rest(report);
            }
            spec.rest(report);
        }
    }
    fields.rest(report);
    run.insert("template".to_owned(), Value::Object(template));
    body.insert("deployment".to_owned(), Value::Object(run));
    Document::new(Value::Object(body))
}

fn metadata(fields: &mut Fields<'_>, body: &mut Map<String, Value>, report: &mut Report) {
    if let Some(from) = fields.text("name") {
        let to = units::name(&from, LONGEST_NAME);
        body.insert("name".to_owned(), to.clone().into());
        match from == to {
            true => fields.carried(report, "name"),
            false => fields.changed(report, "name", Why::Name { from, to }),
        }
    }
    let mut tags = Vec::new();
    if let Some(mut labels) = fields.inside("labels") {
        for key in labels.names() {
            let value = labels.text(&key).unwrap_or_default();
            let fits = |text: &str, longest: usize, more: &str| {
                text.chars().count() <= longest
                    && text
                        .chars()
                        .all(|it| it.is_ascii_alphanumeric() || more.contains(it))
            };
            if fits(&key, 36, "_-") && fits(&value, 43, "_-.") && tags.len() < 10 {
                labels.carried(report, &key);
                tags.push(json!({ "key": key, "value": value }));
            } else {
                labels.left_out(report, &key, Why::Unsupported);
            }
        }
    }
    if !tags.is_empty() {
        body.insert("tags".to_owned(), tags.into());
    }
    fields.not_needed(
        report,
        &[
            "namespace",
            "annotations",
            "creationTimestamp",
            "uid",
            "resourceVersion",
            "generation",
            "managedFields",
        ],
    );
    fields.rest(report);
}

/// What an instance is made of.
fn pod(
    fields: &mut Fields<'_>,
    template: &mut Map<String, Value>,
    config_maps: &Known,
    secrets: &Known,
    report: &mut Report,
) {
    let mut configs = Map::from_iter([
        ("host_network".to_owned(), json!(false)),
        ("restart_policy".to_owned(), json!("Always")),
    ]);
    for (from, to) in [
        ("hostNetwork", "host_network"),
        ("hostPID", "host_pid"),
        ("restartPolicy", "restart_policy"),
        ("dnsPolicy", "dns_policy"),
    ] {
        fields.copy(report, from, &mut configs, to);
    }
    let on_host = configs["host_network"] == json!(true);
    template.insert("configs".to_owned(), Value::Object(configs));
    affinity(fields, template, report);
    let user = fields.inside("securityContext").and_then(|mut context| {
        let user = context.take("runAsUser").cloned();
        if user.is_some() {
            context.changed(report, "runAsUser", Why::Form);
        }
        context.rest(report);
        user
    });
    let mut volumes = volume::volumes(fields, report);
    let mut world = container::World {
        config_maps,
        secrets,
        volumes: &mut volumes,
        user,
        on_host,
    };
    for (from, to) in [
        ("initContainers", "init_containers"),
        ("containers", "containers"),
    ] {
        let mut containers = Vec::new();
        for mut container in fields.each(from) {
            containers.push(container::container(&mut container, &mut world, report));
        }
        if !containers.is_empty() {
            template.insert(to.to_owned(), containers.into());
        }
    }
    volume::unused(&volumes, fields, report);
    fields.not_needed(
        report,
        &[
            "serviceAccountName",
            "serviceAccount",
            "automountServiceAccountToken",
            "schedulerName",
            "enableServiceLinks",
        ],
    );
    fields.rest(report);
}

/// Affinity has the shape of Kubernetes; a selector of nodes becomes a demand of it.
fn affinity(fields: &mut Fields<'_>, template: &mut Map<String, Value>, report: &mut Report) {
    let mut affinity = fields.take("affinity").cloned().filter(Value::is_object);
    if affinity.is_some() {
        fields.carried(report, "affinity");
    }
    if let Some(selector) = fields.take("nodeSelector").and_then(Value::as_object) {
        let expressions = selector.iter().map(|(key, value)| {
            let value = crate::document::text_of(value).unwrap_or_default();
            json!({ "key": key, "operator": "In", "values": [value] })
        });
        let expressions: Vec<Value> = expressions.collect();
        let affinity = affinity.get_or_insert_with(|| json!({}));
        const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
        let terms = affinity
            .pointer_mut(&format!("/nodeAffinity/{REQUIRED}/nodeSelectorTerms"))
            .and_then(Value::as_array_mut)
            .filter(|it| !it.is_empty());
        match terms {
            // Both have to hold: each of the alternatives gets the demands too.
            Some(terms) => {
                for term in terms {
                    let own = term
                        .get_mut("matchExpressions")
                        .and_then(Value::as_array_mut);
                    match own {
                        Some(own) => own.extend(expressions.clone()),
                        None => term["matchExpressions"] = expressions.clone().into(),
                    }
                }
            }
            None => {
                affinity["nodeAffinity"][REQUIRED] =
                    json!({ "nodeSelectorTerms": [{ "matchExpressions": expressions }] });
            }
        }
        fields.changed(report, "nodeSelector", Why::Form);
    }
    if let Some(affinity) = affinity {
        template.insert("affinity".to_owned(), affinity);
    }
}
