//! A list narrows while its filter is typed.

use anyhow::ensure;
use tests::window::{Role, check};

use super::stage::{cloud, narrowed};

#[tokio::test]
async fn a_list_narrows_at_every_key() {
    check("a_list_narrows_at_every_key", async |window| {
        let _simulator = cloud(window, 40).await?;
        window.go("#/nodes").await?;
        window.settled().await?;
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
        Ok(())
    })
    .await;
}
