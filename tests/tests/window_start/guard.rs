//! The write lock of a cloud profile: in the host, not only in the buttons.

use anyhow::{Context, Result};
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::window::{Name, Role, Window, check};

use crate::cloud::{Cloud, PROFILE, SignIn};
use crate::sight::{ask, first_node, open, says};

/// What describes a node anew, in the session in use.
pub(crate) async fn describe_node(
    window: &Window,
    id: &str,
    name: &str,
    description: &str,
) -> Result<Value> {
    let state = ask(window, "get_state", json!({})).await?;
    Ok(json!({
        "session": state["session"]["number"],
        "call": {
            "operation": "update_edge_node",
            "path": { "node_id": id },
            "body": { "node": { "description": description } },
        },
        "target": { "resource": "node", "id": id, "name": name },
    }))
}

/// Opens the lock for a quarter of an hour, as a user would.
pub(crate) async fn unlock(window: &Window, reason: &str) -> Result<()> {
    window.click(Role::Button, "Read-only").await?;
    let dialog = window.find(Role::Dialog, "Unlock writing").await?;
    dialog
        .find(Role::Textbox, "Reason")
        .await?
        .fill(reason)
        .await?;
    dialog
        .find(Role::Button, "Unlock writing")
        .await?
        .click()
        .await?;
    window.gone(Role::Dialog, "Unlock writing").await?;
    window
        .find(Role::Button, Name::has("Unlocked, 15 min left"))
        .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_past_the_window_meets_the_lock() {
    check("a_change_past_the_window_meets_the_lock", async |window| {
        let cloud = Cloud::open(24).await?;
        cloud.enter(window, SignIn::Password).await?;
        window.find(Role::Button, "Read-only").await?;
        let (id, name) = first_node(window).await?;
        let change = describe_node(window, &id, &name, "Beside press 4").await?;

        let refusal = window.dispatch("send_call", change.clone()).await?;
        let refusal = refusal.err().context("the lock let a change through")?;
        assert_eq!(refusal["kind"], "read_only");
        assert_eq!(cloud.control().count("update_edge_node"), 0);

        let reason = "Ticket 4711: describe the nodes in hall 3";
        unlock(window, reason).await?;
        ask(window, "send_call", change.clone()).await?;
        assert_eq!(cloud.control().count("update_edge_node"), 1);

        open(window, "Journal").await?;
        says(window, "Unlock writing").await?;
        // The newest entry comes first.
        let entries = window.find(Role::Grid, "Journal").await?;
        entries.find(Role::Row, Name::shows("Change node")).await?;
        entries.press(&char::from(Key::Enter).to_string()).await?;
        window
            .find(Role::Heading, &format!("Change node · {name}"))
            .await?;
        says(window, &format!("Reason for writing {reason}")).await?;
        says(window, &format!("Profile {PROFILE}")).await?;
        says(window, "Beside press 4").await?;

        // Locked again by hand, it refuses again.
        window
            .click(Role::Button, Name::has("Unlocked, 15 min left"))
            .await?;
        window.click(Role::MenuItem, "Lock now").await?;
        window.find(Role::Button, "Read-only").await?;
        let refusal = window.dispatch("send_call", change).await?;
        let refusal = refusal.err().context("the lock let a change through")?;
        assert_eq!(refusal["kind"], "read_only");
        assert_eq!(cloud.control().count("update_edge_node"), 1);
        Ok(())
    })
    .await;
}
