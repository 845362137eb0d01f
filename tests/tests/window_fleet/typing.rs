//! A list narrows while its filter is typed.

use anyhow::ensure;
use tests::window::{Role, check};

use super::stage::{cloud, narrowed};

#[tokio::test]
async fn a_list_narrows_at_every_key() {
    check("a_list_narrows_at_every_key", async |window| {
        let _simulator = cloud(window, 40).await?;
        // The very first page, opened by its address before its code has been loaded.
        window.restart().await?;
        window.go("#/nodes").await?;
        window.settled().await?;
        let grid = window.find(Role::Grid, "Nodes").await?;
        tests::window::wait_for("all nodes", async || {
            let count = grid.attribute("aria-rowcount").await?;
            Ok((count.as_deref() == Some("41")).then_some(()))
        })
        .await?;
        let field = window.find(Role::Combobox, "Filter").await?;
        field.click().await?;
        field.press("g").await?;
        let (some, all) = narrowed(window).await?;
        ensure!(some < all, "{some} of {all} after one key");
        field.press("w-").await?;
        tests::window::wait_for("fewer rows", async || {
            let (fewer, _) = narrowed(window).await?;
            Ok((fewer < some).then_some(()))
        })
        .await?;
        // It is still the same field: what is typed in it is no chip, and it has the focus.
        ensure!(field.value().await? == "gw-", "the field was drawn anew");
        Ok(())
    })
    .await;
}
