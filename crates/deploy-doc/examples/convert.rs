//! Reads a manifest of Kubernetes, a Compose file or a body of the service and prints the deployment with what was
//! found: `cargo run -p deploy-doc --example convert -- FILE`.
#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use deploy_doc::import::{Level, import};
use deploy_doc::source::{LineIndex, SyntaxError};
use deploy_doc::{Document, Path, Surroundings, check};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("a file is needed")?;
    let text = std::fs::read_to_string(file)?;
    println!("{:#}", converted(&text));
    Ok(())
}

fn converted(text: &str) -> Value {
    let imported = match import(text) {
        Ok(imported) => imported,
        Err(error) => {
            return json!({ "deployment": null, "findings": [syntax(text, &error)] });
        }
    };
    let lines = imported
        .report
        .iter()
        .filter(|it| it.level != Level::Carried);
    let lines = lines.map(|it| finding(&it.path, &json!(it.level), json!(it.why), "reason"));
    let mut findings: Vec<Value> = lines.collect();
    let document = imported.deployments.first();
    let found = document.map(|it| check(it, &Surroundings::default()));
    let found = found.into_iter().flatten();
    findings.extend(found.map(|it| {
        let mut found = finding(&it.path, &json!(it.severity), json!(it.matter), "id");
        found["reason"] = it.id().into();
        found
    }));
    json!({ "deployment": document.map(Document::to_create), "findings": findings })
}

/// A finding whose reason is one word, with whatever else there is to say beside it.
fn finding(path: &Path, level: &Value, mut why: Value, name: &str) -> Value {
    let fields = why.as_object_mut();
    let reason = fields.and_then(|it| it.shift_remove(name));
    json!({ "path": path, "level": level, "reason": reason, "arguments": why })
}

fn syntax(text: &str, error: &SyntaxError) -> Value {
    let place = LineIndex::new(text).position(text, error.range.start);
    let mut found = finding(
        &Path::root(),
        &json!("error"),
        json!(error.reason),
        "reason",
    );
    found["line"] = (place.line + 1).into();
    found["column"] = (place.column + 1).into();
    found
}
