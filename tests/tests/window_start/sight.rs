//! What the user sees, in words.

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};
use tests::window::{Name, Role, Window, wait_for};

/// Waits until the window says this, however it is broken into lines.
pub(crate) async fn says(window: &Window, text: &str) -> Result<()> {
    let what = format!("the words “{text}”");
    wait_for(&what, async || {
        Ok(words(window).await?.contains(text).then_some(()))
    })
    .await
}

/// Waits until the window says this no more.
pub(crate) async fn says_no_more(window: &Window, text: &str) -> Result<()> {
    let what = format!("“{text}” to go");
    wait_for(&what, async || {
        Ok((!words(window).await?.contains(text)).then_some(()))
    })
    .await
}

/// Everything the window says, in one line.
pub(crate) async fn words(window: &Window) -> Result<String> {
    let text = window
        .run(
            "return document.body.innerText.replace(/\\s+/g, ' ')",
            vec![],
        )
        .await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

/// Waits until the list of nodes shows rows, and answers what they say.
pub(crate) async fn node_rows(window: &Window) -> Result<Vec<String>> {
    wait_for("rows of nodes", async || {
        let Some(grid) = window.all(Role::Grid, "Nodes").await?.pop() else {
            return Ok(None);
        };
        let mut rows = Vec::new();
        // The first one holds the headings. Four stand for all.
        for row in grid.all(Role::Row, Name::Any).await?.iter().skip(1).take(4) {
            rows.push(row.painted().await?);
        }
        Ok((!rows.is_empty() && rows.iter().all(|row| !row.trim().is_empty())).then_some(rows))
    })
    .await
}

/// Asks the host for something it must not refuse.
pub(crate) async fn ask(window: &Window, command: &str, request: Value) -> Result<Value> {
    window
        .dispatch(command, request)
        .await?
        .map_err(|refusal| anyhow!("{command} was refused: {refusal}"))
}

/// Opens a page by the rail.
pub(crate) async fn open(window: &Window, page: &str) -> Result<()> {
    let rail = window.find(Role::Navigation, "Pages").await?;
    rail.find(Role::Link, page).await?.click().await?;
    let main = window.find(Role::Main, Name::Any).await?;
    main.find(Role::Heading, page).await?;
    Ok(())
}

/// Opens the list of nodes.
pub(crate) async fn open_nodes(window: &Window) -> Result<()> {
    open(window, "Nodes").await
}

/// Identifier and name of the first node the service lists.
pub(crate) async fn first_node(window: &Window) -> Result<(String, String)> {
    let call = json!({ "operation": "list_edge_nodes", "query": [["limit", "1"]] });
    let answer = ask(window, "read_call", json!({ "call": call })).await?;
    let node = &answer["body"]["nodes"][0];
    let text = |field: &str| -> Result<String> {
        let text = node[field].as_str().context("a node without identity")?;
        ensure!(!text.is_empty(), "a node has an empty {field}");
        Ok(text.to_owned())
    };
    Ok((text("id")?, text("name")?))
}

/// Types a text into the field with this label, until the field holds it: a page that is being painted for
/// the first time may still move the focus to its first field.
pub(crate) async fn fill(window: &Window, label: &str, text: &str) -> Result<()> {
    let field = window.find(Role::Textbox, label).await?;
    let what = format!("the field “{label}” to hold what was typed");
    wait_for(&what, async || {
        field.fill(text).await?;
        Ok((field.value().await? == text).then_some(()))
    })
    .await
}
