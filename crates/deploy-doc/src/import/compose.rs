//! Files of Docker Compose: all services become containers of one deployment, as they start together on one host and
//! the service knows no network between deployments.

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::report::{Report, Why};
use super::{Import, Part, units};
use crate::document::{Document, text_of};
use crate::path::Path;

mod service;
mod variables;

pub(super) fn import(part: &Part<'_>, found: &mut Import, report: &mut Report) {
    let part = &part.saying(variables::replaced(part, report));
    let mut root = Fields::at(part, Path::root());
    root.not_needed(report, &["version", "networks"]);
    let mut body = Map::new();
    let mut configs = Map::from_iter([
        ("host_network".to_owned(), json!(false)),
        ("restart_policy".to_owned(), json!("Never")),
    ]);
    let mut run = Map::from_iter([("replicas".to_owned(), json!(1))]);
    let mut containers = Vec::new();
    let name = root.text("name");
    let mut first = None;
    if let Some(mut services) = root.inside("services") {
        let names = services.names();
        for service in &names {
            let Some(mut fields) = services.inside(service) else {
                services.left_out(report, service, Why::NotUnderstood);
                continue;
            };
            let mut pod = service::Pod {
                configs: &mut configs,
                run: &mut run,
                is_only: names.len() == 1,
            };
            let container = service::container(service, &mut fields, &mut pod, report);
            first.get_or_insert_with(|| service.clone());
            fields.rest(report);
            containers.push(container);
        }
    }
    volumes(&mut root, report);
    // What extends the file is for anchors, and has been taken from there.
    let extensions = root.names().into_iter().filter(|it| it.starts_with("x-"));
    for extension in extensions.collect::<Vec<_>>() {
        root.not_needed(report, &[&extension]);
    }
    root.rest(report);
    if let Some(from) = name.clone().or(first) {
        let to = units::name(&from, 32);
        body.insert("name".to_owned(), to.clone().into());
        match name.is_some() {
            true if from == to => root.carried(report, "name"),
            true => root.changed(report, "name", Why::Name { from, to }),
            false => {}
        }
    }
    let template = json!({ "configs": configs, "containers": containers });
    run.insert("template".to_owned(), template);
    body.insert("deployment".to_owned(), Value::Object(run));
    found.deployments.push(Document::new(Value::Object(body)));
}

/// Volumes with a name: what is in them would be kept, which an empty folder isn't.
fn volumes(root: &mut Fields<'_>, report: &mut Report) {
    let Some(value) = root.take("volumes") else {
        return;
    };
    let path = root.field("volumes");
    for name in value.as_object().into_iter().flat_map(Map::keys) {
        root.changed_at(report, &path.then(name.as_str()), Why::NotKept);
    }
}

/// The entries of what may be a list of `key=value` or an object, each with its place.
pub(super) fn pairs(value: &Value, path: &Path) -> Vec<(String, Option<String>, Path)> {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| {
                let text = match value {
                    Value::Null => None,
                    value => Some(text_of(value).unwrap_or_default()),
                };
                (key.clone(), text, path.then(key.as_str()))
            });
            fields.collect()
        }
        Value::Array(entries) => {
            let entries = entries.iter().enumerate().filter_map(|(index, entry)| {
                let text = text_of(entry)?;
                let (key, value) = match text.split_once('=') {
                    Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
                    None => (text, None),
                };
                Some((key, value, path.then(index)))
            });
            entries.collect()
        }
        _ => Vec::new(),
    }
}

/// A command, as words or as a line for a shell.
pub(super) fn words(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(words) => Some(words.iter().filter_map(text_of).collect()),
        Value::String(line) => units::shell_words(line),
        _ => None,
    }
}
