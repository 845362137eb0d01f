//! Secrets show up nowhere they don't belong: not in files, not in the log, not in answers of the host,
//! not on the page.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::window::{Role, Window, check};

use crate::cloud::{Cloud, SignIn};
use crate::sight::{ask, fill, first_node, node_rows, open_nodes, says};

/// Looks everywhere for the secrets.
pub(crate) async fn none_anywhere(window: &Window, secrets: &[String]) -> Result<()> {
    none_in_files(window.data(), secrets)?;
    none_in("the log", window.log()?.as_bytes(), secrets)?;
    for (command, answer) in answers(window).await? {
        none_in(&command, answer.to_string().as_bytes(), secrets)?;
    }
    let page = window
        .run(
            "return document.documentElement.outerHTML
                 + [...document.querySelectorAll('input, textarea')].map(it => it.value).join('\\n')
                 + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)",
            vec![],
        )
        .await?;
    none_in("the page", page.to_string().as_bytes(), secrets)
}

/// Reads every file below a folder.
pub(crate) fn none_in_files(folder: &Path, secrets: &[String]) -> Result<()> {
    let mut files = 0;
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() {
                // A file may be replaced while this looks; its successor is read as well.
                let Ok(bytes) = fs::read(entry.path()) else {
                    continue;
                };
                none_in(&entry.path().display().to_string(), &bytes, secrets)?;
                files += 1;
            }
        }
    }
    ensure!(files > 0, "{} holds no file", folder.display());
    Ok(())
}

/// Looks for the secrets as they are, in base64 and in UTF-16. Never says them itself.
fn none_in(place: &str, bytes: &[u8], secrets: &[String]) -> Result<()> {
    for (number, secret) in secrets.iter().enumerate() {
        ensure!(secret.len() >= 8, "too short to be looked for");
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let coded = STANDARD.encode(secret);
        // The last characters depend on what follows.
        let coded = &coded.as_bytes()[..secret.len() / 3 * 4];
        for form in [secret.as_bytes(), &wide, coded] {
            let found = bytes.windows(form.len()).any(|part| part == form);
            ensure!(!found, "secret {number} stands in {place}");
        }
    }
    Ok(())
}

/// What the host tells to whoever asks.
async fn answers(window: &Window) -> Result<Vec<(String, Value)>> {
    let mut answers = Vec::new();
    for (command, request) in [
        ("get_state", json!({})),
        (
            "list_journal",
            json!({ "search": "", "offset": 0, "limit": 500 }),
        ),
        ("next_events", json!({ "after": 0 })),
        ("list_tasks", json!({})),
        ("list_inspections", json!({})),
        ("certificate_calendar", json!({ "limit": 500 })),
        (
            "query_rows",
            json!({ "resource": "node", "query": {}, "offset": 0, "limit": 100 }),
        ),
        (
            "read_call",
            json!({ "call": { "operation": "list_edge_nodes" } }),
        ),
    ] {
        answers.push((command.to_owned(), ask(window, command, request).await?));
    }
    let entries: Vec<String> = answers
        .iter()
        .find(|(command, _)| command == "list_journal")
        .and_then(|(_, answer)| answer["entries"].as_array())
        .context("the journal tells no entries")?
        .iter()
        .filter_map(|entry| entry["id"].as_str().map(str::to_owned))
        .collect();
    for id in entries {
        let entry = ask(window, "show_journal_entry", json!({ "id": id })).await?;
        answers.push((format!("entry {id} of the journal"), entry));
    }
    Ok(answers)
}

#[test]
fn a_leak_would_be_found() {
    let secrets = ["correct horse battery".to_owned()];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep").join("file");
    fs::create_dir(folder.path().join("deep")).unwrap();
    for leak in [
        "x correct horse battery x".to_owned(),
        STANDARD.encode("correct horse battery staple"),
        "correct horse battery"
            .chars()
            .flat_map(|it| [it, '\0'])
            .collect(),
    ] {
        fs::write(&file, leak).unwrap();
        assert!(none_in_files(folder.path(), &secrets).is_err());
    }
    fs::write(&file, "correct horse").unwrap();
    assert!(none_in_files(folder.path(), &secrets).is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_shows_up_anywhere() {
    check("no_secret_shows_up_anywhere", async |window| {
        let cloud = Cloud::open(23).await?;
        // What was typed wrongly is a secret too: it may be that of another account.
        let wrong = "canary-of-another-account";
        let mut secrets = cloud.secrets();
        secrets.push(wrong.to_owned());

        cloud.describe(window, SignIn::Password).await?;
        fill(window, "Password", wrong).await?;
        window.click(Role::Button, "Test connection").await?;
        says(window, "Sign in failed").await?;
        cloud.type_secret(window, SignIn::Password).await?;
        crate::cloud::save(window).await?;

        // Refused, then let through: both are written down.
        let (id, name) = first_node(window).await?;
        let change = crate::guard::describe_node(window, &id, &name, "counted").await?;
        let refused = window.dispatch("send_call", change.clone()).await?;
        ensure!(refused.is_err(), "the lock let a change through");
        crate::guard::unlock(window, "Looking for leaks").await?;
        ask(window, "send_call", change).await?;

        // And a failure, whose words come from the service.
        cloud.control().revoke_tokens();
        cloud
            .control()
            .add_fault(ief_sim::Fault::new(ief_sim::FaultKind::Unauthorized));
        let failed = window
            .dispatch(
                "read_call",
                json!({ "call": { "operation": "list_edge_nodes" } }),
            )
            .await?;
        let failed = failed.err().context("a revoked token was accepted")?;
        none_in("a refusal", failed.to_string().as_bytes(), &secrets)?;
        cloud.control().clear_faults();
        // What was refused is tried again only when somebody asks for it.
        ask(window, "try_sign_in_again", json!({})).await?;

        open_nodes(window).await?;
        node_rows(window).await?;
        none_anywhere(window, &secrets).await?;

        window.restart().await?;
        says(window, "Connected").await?;
        open_nodes(window).await?;
        node_rows(window).await?;
        none_anywhere(window, &secrets).await
    })
    .await;
}
