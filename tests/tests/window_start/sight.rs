//! What the user sees, in words.

use anyhow::{Context, Result, anyhow, ensure};
use fantoccini::error::CmdError;
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
        let rows = still_there(first_rows(window).await)?.unwrap_or_default();
        Ok((!rows.is_empty() && rows.iter().all(|row| !row.trim().is_empty())).then_some(rows))
    })
    .await
}

/// The first few rows below the one with the headings. They stand for all.
async fn first_rows(window: &Window) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for grid in window.all(Role::Grid, "Nodes").await? {
        for row in grid.all(Role::Row, Name::Any).await?.iter().skip(1).take(4) {
            rows.push(row.painted().await?);
        }
    }
    Ok(rows)
}

/// Clicks a button that may be drawn anew at any moment.
pub(crate) async fn press(window: &Window, button: impl Into<Name>) -> Result<()> {
    let button = button.into();
    wait_for(format!("a click on the button {button}"), async || {
        still_there(window.click(Role::Button, button.clone()).await)
    })
    .await
}

/// An answer about an element, unless the driver refuses it: the element has left the page or was moved
/// between finding and asking. Whoever waits looks again, until the deadline.
fn still_there<Answer>(answer: Result<Answer>) -> Result<Option<Answer>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.downcast_ref::<CmdError>() {
            Some(CmdError::Standard(_)) => Ok(None),
            _ => Err(error),
        },
    }
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
