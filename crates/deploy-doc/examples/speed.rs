//! How long an edit takes in a large document: `cargo run --release -p deploy-doc --example speed`.
#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use std::time::{Duration, Instant};

use deploy_doc::source::Format;
use deploy_doc::{Document, Edit, Editor, Path, Surroundings, check};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let containers: Vec<Value> = (0..50)
        .map(|number| {
            let variables: Vec<Value> = (0..10)
                .map(|at| json!({ "name": format!("V{at}"), "value": "a value" }))
                .collect();
            json!({ "name": format!("c{number}"), "image_url": "image:1", "envs": variables })
        })
        .collect();
    let body =
        json!({ "name": "large", "deployment": { "template": { "containers": containers } } });
    let mut editor = Editor::new(Document::new(body), Format::Yaml);
    let path = Path::from_dotted("deployment.template.containers.25.envs.5.value");
    let mut times: [Vec<Duration>; 4] = Default::default();
    for round in 0..200u64 {
        let began = Instant::now();
        let value = format!("value {round}").into();
        let path = path.clone();
        editor.edit(Edit::Set { path, value }, round * 2_000)?;
        times[0].push(began.elapsed());
        let text = editor.text().replace("name: large", "name: larger");
        let began = Instant::now();
        editor.type_text(text, round * 2_000 + 1_000);
        times[1].push(began.elapsed());
        let began = Instant::now();
        let found = check(editor.document(), &Surroundings::default());
        times[2].push(began.elapsed());
        assert!(!found.is_empty());
        let began = Instant::now();
        let parsed = deploy_doc::source::parse(editor.text(), Format::Yaml)?;
        times[3].push(began.elapsed());
        assert!(parsed.value().is_object());
        editor.undo();
    }
    println!("{} lines", editor.text().lines().count());
    for (name, mut times) in ["command", "typing", "check", "reading"]
        .into_iter()
        .zip(times)
    {
        times.sort_unstable();
        let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
        println!("{name}: median {median:?}, worst {worst:?}");
    }
    Ok(())
}
