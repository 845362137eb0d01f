//! Documents held against the documented rules as a whole, and against the documented examples.

use std::collections::BTreeSet;

use deploy_doc::check::{check, rule_at};
use deploy_doc::diff::diff;
use deploy_doc::shape::{ROOT, inside};
use deploy_doc::source::{Format, emit, parse};
use deploy_doc::{Document, Path, Severity, Step, Surroundings};
use ief_api::rules::{container, deployment};
use ief_api::wire::Shape;
use serde_json::{Value, json};

use crate::samples;

/// Rules that are not about the value of one place in a document.
const ELSEWHERE: &[&str] = &[
    // Queries of lists and deletions.
    "force_delete",
    "deployment_sort",
    "pods_of",
    // What has to be said, or one of several: no value of it is wrong by itself.
    "host_network",
    "migration",
    "volume_access",
    "env_source",
    "probe_way",
];

/// Every place that the model knows, with the first entry of each list.
fn places(shape: Shape, path: &Path, found: &mut Vec<Path>) {
    found.push(path.clone());
    match shape {
        Shape::Record(fields) => {
            for field in fields() {
                if let Some(inner) = inside(shape, &Step::Key(field.name.to_owned())) {
                    places(inner, &path.then(field.name), found);
                }
            }
        }
        Shape::List(of) => places(of(), &path.then(0), found),
        _ => {}
    }
}

#[test]
fn every_documented_rule_is_the_rule_of_some_place() {
    let mut all = Vec::new();
    places(ROOT, &Path::root(), &mut all);
    let mut found = BTreeSet::new();
    // What a source may be depends on the volume's type.
    for kind in ["hostPath", "emptyDir", "configMap", "secret"] {
        let mut value = samples::full();
        value["deployment"]["template"]["containers"][0]["volumes"][0]["type"] = json!(kind);
        for probe in ["readiness_probe", "liveness_probe"] {
            let containers = &mut value["deployment"]["template"]["containers"];
            containers[0].as_object_mut().unwrap().shift_remove(probe);
        }
        value["deployment"]["template"]["affinity"] = json!({ "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [
                { "matchExpressions": [{ "key": "a", "operator": "Gt", "values": ["1"] }] }
            ] },
        } });
        let document = Document::new(value);
        found.extend(
            all.iter()
                .filter_map(|it| rule_at(&document, it))
                .map(|it| it.name),
        );
    }
    let known = container::ALL
        .iter()
        .chain(deployment::ALL)
        .map(|it| it.name);
    let missing: Vec<_> = known
        .filter(|it| !found.contains(it) && !ELSEWHERE.contains(it))
        .collect();
    assert_eq!(missing, [] as [&str; 0]);
}

fn fixture(name: &str) -> Value {
    let file = format!(
        "{}/../ief-api/tests/fixtures/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_documented_examples_are_documents() {
    let body = fixture("create_deployments.request");
    let document = Document::new(body.clone());
    assert_eq!(document.to_create(), body);
    let findings = check(&document, &Surroundings::default());
    assert!(
        findings.iter().all(|it| it.severity != Severity::Error),
        "{findings:?}"
    );
    let update = fixture("update_deployment.request");
    let answer = fixture("show_deployment.response");
    let document = Document::from_answer(&answer);
    // The example of the update is the answer with the image that the answer leaves out.
    let mut changed = document.clone();
    let path = "/deployment/template/containers/0/image_url"
        .parse()
        .unwrap();
    let value = json!("nginx:alpine");
    changed.edit(deploy_doc::Edit::Set { path, value }).unwrap();
    let fields = |it: &Value| {
        it["deployment"]["template"]["containers"][0]
            .as_object()
            .unwrap()
            .len()
    };
    assert_eq!(fields(&changed.to_update()), fields(&update) + 1);
    for format in [Format::Json, Format::Yaml] {
        let text = emit(document.value(), format);
        let read = Document::new(parse(&text, format).unwrap().value().clone());
        assert_eq!(diff(&document, &read), []);
    }
}
