//! Which operations of the service there are, and where each is: declared, simulated, tested, in the window. All
//! of it is found, nothing is typed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ief_api::catalogue;
use serde_json::Value;

use crate::tools;
use crate::ui::collect;

/// Where the facts about all operations are, names first.
const FACTS: &str = "crates/ief-api/tests/facts.json";
/// The simulator's handlers.
const HANDLERS: &str = "crates/ief-sim/src";
/// What calls operations through the client.
const TESTS: &str = "tests/tests/service";
/// The pages of the window.
const PAGES: &str = "ui/src/pages";
/// What is written.
const PAGE: &str = "docs/coverage.md";

/// An operation and where it is.
struct Line {
    name: String,
    section: String,
    declared: bool,
    simulated: Option<String>,
    tested: Option<String>,
    window: Vec<String>,
}

/// Writes the table, or with `check` compares it with the one that is there.
///
/// # Errors
/// When a file can't be read, or the table that is there is another.
pub(crate) fn run(check: bool) -> Result<()> {
    let lines = lines(tools::root())?;
    let page = page(&lines);
    let path = tools::root().join(PAGE);
    if check {
        let there = fs::read_to_string(&path).unwrap_or_default();
        if there != page {
            bail!("{PAGE} is not what there is; write it by: cargo xtask coverage");
        }
        let untested = lines.iter().filter(|it| it.declared && it.tested.is_none());
        let untested: Vec<&str> = untested.map(|it| it.name.as_str()).collect();
        ensure!(
            untested.is_empty(),
            "declared, and called by no test through the client: {untested:?}"
        );
    } else {
        fs::write(&path, &page).with_context(|| format!("{PAGE} can't be written"))?;
    }
    println!("{}", summary(&lines));
    Ok(())
}

fn lines(root: &Path) -> Result<Vec<Line>> {
    let facts =
        fs::read_to_string(root.join(FACTS)).with_context(|| format!("{FACTS} can't be read"))?;
    let facts: Vec<Vec<Value>> = serde_json::from_str(&facts)?;
    let types = types(root)?;
    let handlers = sources(&root.join(HANDLERS))?;
    let tests = sources(&root.join(TESTS))?;
    let pages = pages(root)?;
    facts
        .into_iter()
        .map(|fact| {
            let name = fact.first().and_then(Value::as_str);
            let name = name.context("a fact without a name")?.to_owned();
            let section = fact.get(1).and_then(Value::as_str).unwrap_or("–");
            let handler = types.get(&name).map(|it| format!("Handle<{it}> for World"));
            let called = format!("\"{name}\"");
            let first = |files: &[(String, String)], text: &str| {
                files
                    .iter()
                    .find(|(_, source)| source.contains(text))
                    .map(|(file, _)| file.clone())
            };
            Ok(Line {
                section: section.to_owned(),
                declared: catalogue::operation(&name).is_some(),
                simulated: handler.and_then(|handler| first(&handlers, &handler)),
                tested: first(&tests, &called),
                window: shown_on(&pages, &name),
                name,
            })
        })
        .collect()
}

/// The type of each declared operation by its name.
fn types(root: &Path) -> Result<BTreeMap<String, String>> {
    let mut types = BTreeMap::new();
    for (_, source) in sources(&root.join("crates/ief-api/src"))? {
        for line in source.lines() {
            // The head of a declaration: `ListRules = "list_rules", Get "/v2/…" {`.
            let Some((name, rest)) = line.trim().split_once(" = \"") else {
                continue;
            };
            let Some((wire, rest)) = rest.split_once("\", ") else {
                continue;
            };
            if rest.contains(" \"/v") && name.chars().all(char::is_alphanumeric) {
                types.insert(wire.to_owned(), name.to_owned());
            }
        }
    }
    Ok(types)
}

/// The pages of the window: their address, their source, and the kinds they list.
fn pages(root: &Path) -> Result<Vec<(String, String)>> {
    let folder = root.join(PAGES);
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let mut files = Vec::new();
    collect(&folder, "rs", &mut files)?;
    // What lists and pages share stands beside them: tags are put on things of several kinds.
    for entry in fs::read_dir(root.join("ui/src"))? {
        let file = entry?.path();
        files.extend(
            file.extension()
                .is_some_and(|it| it == "rs")
                .then_some(file),
        );
    }
    files.sort();
    for file in files {
        let beside = root.join("ui/src");
        let within = file.strip_prefix(&folder);
        let within = within.or_else(|_| file.strip_prefix(&beside))?;
        let first = within
            .components()
            .next()
            .map(std::path::Component::as_os_str);
        let page = first.unwrap_or_default().to_string_lossy();
        let page = page.trim_end_matches(".rs").to_owned();
        pages
            .entry(page)
            .or_default()
            .push_str(&fs::read_to_string(&file)?);
    }
    // A page that lists a kind reads it by the operations of its resource.
    let registry = fs::read_to_string(root.join("ui/src/pages.rs"))?;
    for entry in registry.split("    Page {").skip(1) {
        let between = |start: &str, end: &str| {
            let (_, rest) = entry.split_once(start)?;
            Some(rest.split_once(end)?.0.to_owned())
        };
        let (Some(address), Some(kind)) = (
            between("address: \"", "\""),
            between("search: Some(\"", "\")"),
        ) else {
            continue;
        };
        if let Some(resource) = catalogue::resource(&kind) {
            let operations = std::iter::once(resource.list).chain(resource.show);
            for operation in operations {
                let source = pages.entry(address.clone()).or_default();
                let _ = write!(source, "\"{}\"", operation.name);
            }
        }
    }
    Ok(pages.into_iter().collect())
}

/// The pages that name an operation. All that are declared are in the explorer besides.
fn shown_on(pages: &[(String, String)], name: &str) -> Vec<String> {
    let called = format!("\"{name}\"");
    pages
        .iter()
        .filter(|(page, source)| page != "explorer" && source.contains(&called))
        .map(|(page, _)| page.clone())
        .collect()
}

/// Files of Rust with their names, in order.
fn sources(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut files: Vec<PathBuf> = Vec::new();
    collect(folder, "rs", &mut files)?;
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap_or(&file);
            let name = name.to_string_lossy().replace('\\', "/");
            Ok((name, fs::read_to_string(&file)?))
        })
        .collect()
}

fn page(lines: &[Line]) -> String {
    let mut page = format!(
        "# Coverage\n\n\
         Written by `cargo xtask coverage`, and checked by the tests; nothing in it is typed by hand.\n\n\
         {}\n\n\
         - **Declared**: in the catalogue of `crates/ief-api`.\n\
         - **Simulated**: the file of its handler in `{HANDLERS}`.\n\
         - **Tested**: a file in `{TESTS}` that calls it through the client.\n\
         - **Window**: the pages that use it, and what they share (`tagging`). The API explorer has all that are declared.\n\n\
         | operation | section | declared | simulated | tested | window |\n\
         |---|---|---|---|---|---|\n",
        summary(lines)
    );
    for line in lines {
        let mut window = line.window.clone();
        if line.declared {
            window.push("explorer".to_owned());
        }
        let or_dash = |text: Option<&str>| match text {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => "–".to_owned(),
        };
        // Writing to a text can't fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            line.name,
            line.section,
            if line.declared { "yes" } else { "–" },
            or_dash(line.simulated.as_deref()),
            or_dash(line.tested.as_deref()),
            or_dash(Some(&window.join(", "))),
        );
    }
    page
}

fn summary(lines: &[Line]) -> String {
    let count = |of: fn(&&Line) -> bool| lines.iter().filter(of).count();
    format!(
        "{} operations: {} declared, {} simulated, {} tested through the client, {} on a page of their own.",
        lines.len(),
        count(|line| line.declared),
        count(|line| line.simulated.is_some()),
        count(|line| line.tested.is_some()),
        count(|line| !line.window.is_empty()),
    )
}
