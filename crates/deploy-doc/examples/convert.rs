//! Reads a manifest of Kubernetes, a Compose file or a body of the service and prints the deployment with what was
//! found: `cargo run -p deploy-doc --example convert -- FILE`.
#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use deploy_doc::import::{Level, import};
use deploy_doc::source::{LineIndex, SyntaxError};
use deploy_doc::{Document, Surroundings, check};
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
    let mut findings: Vec<Value> = lines
        .map(|line| json!({ "path": line.path, "level": line.level, "reason": line.why }))
        .collect();
    let document = imported.deployments.first();
    let found = document.map(|it| check(it, &Surroundings::default()));
    findings.extend(found.into_iter().flatten().map(|finding| {
        json!({ "path": finding.path, "level": finding.severity, "reason": finding.matter })
    }));
    json!({ "deployment": document.map(Document::to_create), "findings": findings })
}

fn syntax(text: &str, error: &SyntaxError) -> Value {
    let place = LineIndex::new(text).position(text, error.range.start);
    json!({ "path": "", "level": "error", "reason": error.reason, "line": place.line + 1, "column": place.column + 1 })
}
