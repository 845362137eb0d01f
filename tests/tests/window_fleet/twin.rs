//! Editing what is expected of a device.

use std::time::Duration;

use anyhow::{Context, Result};
use fantoccini::key::Key;
use tests::window::{Name, Role, Window, check, wait_for};

use super::stage::{close, cloud, filter, key, send, shows};

const DEVICES: &str = "state:online name~camera";

#[tokio::test]
async fn one_expected_value_is_changed() {
    check("one_expected_value_is_changed", async |window| {
        let simulator = cloud(window, 40).await?;
        window.go("#/devices").await?;
        filter(window, DEVICES).await?;
        window.settled().await?;
        window.press(&key(Key::Down)).await?;
        window.press(&key(Key::Enter)).await?;
        window.click(Role::Tab, Name::has("Twin")).await?;
        stands(window, "In line").await?;

        window.click(Role::Button, "Edit expected values").await?;
        window.fill("Expected value of fps", "17").await?;
        window.shows("1 value changed").await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window
            .find(Role::Dialog, Name::has("Expected values of"))
            .await?;
        shows(&sheet, "will be 17").await?;
        send(&sheet, "Send expected values").await?;
        shows(&sheet, "are set.").await?;

        // Nothing but the one property went out.
        let sent = simulator.control().requests().into_iter();
        let mut sent = sent.filter(|it| it.operation == Some("update_device_twin"));
        let sent = sent.next_back().context("nothing was sent")?;
        let body = r#"{"twin":{"fps":{"expected":{"value":"17"}}}}"#;
        assert_eq!(sent.body_size, body.len());

        close(window, &sheet).await?;
        stands(window, "Waiting").await?;

        // The device is connected and takes it over.
        simulator.control().advance(Duration::from_secs(600));
        window.click(Role::Button, Name::has("Refresh now")).await?;
        stands(window, "In line").await?;
        Ok(())
    })
    .await;
}

/// Waits until the property stands like this.
async fn stands(window: &Window, state: &str) -> Result<()> {
    wait_for(format!("fps to be told as “{state}”"), async || {
        // The row is looked for each time: it is drawn anew when the device is read again.
        let rows = window.all(Role::Row, Name::shows("fps")).await?;
        for row in rows {
            if row.painted().await?.contains(state) {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
    .await
}
