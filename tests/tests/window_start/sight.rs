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
            rows.push(row.text().await?);
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

/// Opens the list of nodes by the rail.
pub(crate) async fn open_nodes(window: &Window) -> Result<()> {
    window.click(Role::Link, "Nodes").await?;
    window.find(Role::Heading, "Nodes").await?;
    Ok(())
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
