//! Encrypted data: it is created, bound, changed, taken off and deleted, and no value of it is seen again.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use serde_json::json;
use tests::window::{Element, Name, Role, Window, check};

use super::stage::{ask, close, cloud, create_node, key, send, shows};

const NAME: &str = "press-logins";
const NODE: &str = "gw-press-0001";

/// The values that are typed. Whatever shows or keeps one of them is found by what they have in common.
const FIRST: &str = "canary-71c0-first";
const SECOND: &str = "canary-71c0-second";
const CANARY: &str = "canary-71c0";

#[tokio::test]
async fn encrypted_data_is_bound_and_its_values_are_never_seen_again() {
    check(
        "encrypted_data_is_bound_and_its_values_are_never_seen_again",
        async |window| {
            let simulator = cloud(window, 20).await?;
            let control = simulator.control();
            let node = create_node(window, NODE).await?;

            window.go("#/encrypted_data").await?;
            window.click(Role::Button, "Create encrypted data").await?;
            window.find(Role::Textbox, "Name").await?;
            window.settled().await?;
            window.fill("Name", NAME).await?;
            window.fill("Key", "password").await?;
            // Without its value it is not sent.
            window.click(Role::Button, "Review and send").await?;
            window.shows("Fill this in.").await?;
            ensure!(window.all(Role::Dialog, Name::Any).await?.is_empty());
            secret(window).await?.fill(FIRST).await?;
            window.click(Role::Button, "Review and send").await?;
            let sheet = window
                .find(Role::Dialog, format!("Create {NAME}").as_str())
                .await?;
            shows(&sheet, "\"is_encrypted\": true").await?;
            unseen(window).await?;
            send(&sheet, "Create encrypted data").await?;
            shows(&sheet, &format!("{NAME} is created.")).await?;
            close(window, &sheet).await?;
            window.find(Role::Heading, NAME).await?;
            window.shows("Set, never shown").await?;
            window.shows("Bound to no node yet.").await?;
            unseen(window).await?;
            let data = window
                .run("return location.hash.split('/').pop()", vec![])
                .await?;
            let data = data.as_str().unwrap_or_default().to_owned();

            window.click(Role::Button, "Bind to nodes").await?;
            pick(window, "Nodes to bind it to", NODE).await?;
            let sheet = window
                .find(Role::Dialog, format!("Bind {NAME} to {NODE}").as_str())
                .await?;
            send(&sheet, "Bind").await?;
            shows(&sheet, &format!("Bound to {NODE}: {NAME}.")).await?;
            close(window, &sheet).await?;
            let nodes = window.find(Role::Grid, "Nodes it is bound to").await?;
            nodes.find(Role::GridCell, Name::shows(NODE)).await?;

            // Bound, it can't be deleted, and the node is named before anything is sent.
            window.click(Role::Button, "More").await?;
            window
                .click(Role::MenuItem, "Delete encrypted data")
                .await?;
            let sheet = window
                .find(Role::Dialog, format!("Delete {NAME}").as_str())
                .await?;
            shows(&sheet, "is bound to 1 node and can't be deleted").await?;
            sheet.find(Role::Link, NODE).await?;
            close(window, &sheet).await?;
            assert_eq!(control.count("delete_encryptdatas"), 0);

            // The value that is there stays unless another is typed.
            window.click(Role::Button, "Change encrypted data").await?;
            window.find(Role::Textbox, "Description").await?;
            window.settled().await?;
            ensure!(secret(window).await?.value().await?.is_empty());
            window.fill("Description", "Logins at the presses").await?;
            change(window, &["Logins at the presses"], None).await?;
            window.click(Role::Button, "Change encrypted data").await?;
            window.find(Role::Textbox, "Description").await?;
            window.settled().await?;
            secret(window).await?.fill(SECOND).await?;
            let lost = "What password held before can't be brought back from here.";
            change(window, &[], Some(lost)).await?;
            assert_eq!(control.count("update_encryptdatas"), 2);

            window.go(&format!("#/nodes/{node}?tab=encrypted")).await?;
            let bound = window
                .find(Role::Grid, "Encrypted data bound to the node")
                .await?;
            bound.find(Role::GridCell, Name::shows(NAME)).await?;
            bound.press(" ").await?;
            unbind(window).await?;
            window.shows("No encrypted data bound").await?;
            assert_eq!(control.count("delete_node_encryptdatas"), 1);

            let offers = window.all(Role::Button, "Bind encrypted data").await?;
            assert_eq!(offers.len(), 2);
            offers[0].click().await?;
            pick(window, "Encrypted data to bind", NAME).await?;
            let sheet = window
                .find(Role::Dialog, format!("Bind {NAME} to {NODE}").as_str())
                .await?;
            send(&sheet, "Bind").await?;
            shows(&sheet, &format!("Bound to {NODE}: {NAME}.")).await?;
            close(window, &sheet).await?;
            assert_eq!(control.count("create_node_encryptdatas"), 2);

            window.go(&format!("#/encrypted_data/{data}")).await?;
            let nodes = window.find(Role::Grid, "Nodes it is bound to").await?;
            nodes.find(Role::GridCell, Name::shows(NODE)).await?;
            nodes.press(" ").await?;
            unbind(window).await?;
            window.shows("Bound to no node yet.").await?;
            window.click(Role::Button, "More").await?;
            window
                .click(Role::MenuItem, "Delete encrypted data")
                .await?;
            let sheet = window
                .find(Role::Dialog, format!("Delete {NAME}").as_str())
                .await?;
            confirm(&sheet).await?;
            send(&sheet, "Delete encrypted data").await?;
            shows(&sheet, &format!("{NAME} is deleted.")).await?;
            close(window, &sheet).await?;
            window.find(Role::Grid, "Encrypted data").await?;
            assert_eq!(control.count("delete_encryptdatas"), 1);
            nowhere(window).await
        },
    )
    .await;
}

/// The field of the only value.
async fn secret(window: &Window) -> Result<Element> {
    window.find(Role::Textbox, "Value").await
}

/// Sends what the form holds, whose sheet shows these texts and tells this loss.
async fn change(window: &Window, texts: &[&str], loss: Option<&str>) -> Result<()> {
    window.click(Role::Button, "Review and send").await?;
    let sheet = window
        .find(Role::Dialog, format!("Change {NAME}").as_str())
        .await?;
    sheet.find(Role::Button, "Change encrypted data").await?;
    for text in texts {
        shows(&sheet, text).await?;
    }
    let painted = sheet.painted().await?;
    match loss {
        Some(loss) => ensure!(painted.contains(loss), "{painted}"),
        None => ensure!(!painted.contains("What else happens"), "{painted}"),
    }
    unseen(window).await?;
    send(&sheet, "Change encrypted data").await?;
    shows(&sheet, &format!("{NAME} is changed.")).await?;
    close(window, &sheet).await?;
    window.find(Role::Heading, NAME).await?;
    unseen(window).await
}

/// Chooses the one row of this name.
async fn pick(window: &Window, title: &str, name: &str) -> Result<()> {
    let picker = window.find(Role::Dialog, title).await?;
    let filter = picker.find(Role::Combobox, "Filter").await?;
    filter.fill(&format!("name:{name}")).await?;
    filter.press(&key(Key::Enter)).await?;
    picker.find(Role::GridCell, Name::shows(name)).await?;
    filter.press(&key(Key::Down)).await?;
    window.press(" ").await?;
    shows(&picker, "1 chosen").await?;
    picker.find(Role::Button, "Use").await?.click().await?;
    window.gone(Role::Dialog, title).await
}

/// Takes the selected row off, having read what that means and typed its name.
async fn unbind(window: &Window) -> Result<()> {
    window.click(Role::Button, "Unbind 1").await?;
    let sheet = window
        .find(Role::Dialog, format!("Unbind {NAME} from {NODE}").as_str())
        .await?;
    shows(&sheet, "can't ask for its items any more").await?;
    confirm(&sheet).await?;
    send(&sheet, "Unbind").await?;
    shows(&sheet, &format!("Taken off {NODE}: {NAME}.")).await?;
    close(window, &sheet).await
}

async fn confirm(sheet: &Element) -> Result<()> {
    let field = format!("Type {NAME} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(NAME).await
}

/// No value is on the page, but in the field where it is typed.
async fn unseen(window: &Window) -> Result<()> {
    let page = window
        .run("return document.documentElement.outerHTML", vec![])
        .await?;
    ensure!(
        !page.as_str().unwrap_or(CANARY).contains(CANARY),
        "a value is shown"
    );
    Ok(())
}

/// No value is in the journal, on its page, in a preview, or in anything that the application has written.
async fn nowhere(window: &Window) -> Result<()> {
    let list = json!({ "search": "", "offset": 0, "limit": 500 });
    let list = ask(window, "list_journal", list).await?;
    ensure!(!list.to_string().contains(CANARY), "{list}");
    let mut changes = 0;
    for entry in list["entries"].as_array().into_iter().flatten() {
        let entry = ask(window, "show_journal_entry", json!({ "id": entry["id"] })).await?;
        ensure!(!entry.to_string().contains(CANARY), "{entry}");
        let operation = entry["operation"].as_str().unwrap_or_default();
        changes += usize::from(operation.contains("encryptdatas"));
    }
    ensure!(changes >= 8, "only {changes} changes are in the journal");
    let body = json!({ "encrypt_data": {
        "name": NAME,
        "config": [{ "name": "password", "value": SECOND }],
    }});
    let call = json!({ "operation": "create_encryptdatas", "body": body });
    let preview = ask(window, "preview_call", json!({ "call": call })).await?;
    ensure!(!preview.to_string().contains(CANARY), "{preview}");
    window.go("#/journal").await?;
    window.shows("Delete encrypted data").await?;
    unseen(window).await?;
    ensure!(!window.log()?.contains(CANARY), "a value is in the log");
    unwritten(window.data())
}

/// No file of a folder has a value in it.
fn unwritten(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            unwritten(&path)?;
        } else if kind.is_file() {
            let content = fs::read(&path)?;
            let found = content
                .windows(CANARY.len())
                .any(|part| part == CANARY.as_bytes());
            ensure!(!found, "{} has a value in it", path.display());
        }
    }
    Ok(())
}
