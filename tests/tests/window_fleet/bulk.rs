//! Stopping several nodes at once, one of which the service refuses.

use std::str::FromStr;

use fantoccini::key::Key;
use ief_sim::Fault;
use tests::window::{Name, Role, check, wait_for};

use super::stage::{close, cloud, filter, key, narrowed, shows};

#[tokio::test]
async fn one_of_three_stops_fails_and_is_retried() {
    check("one_of_three_stops_fails_and_is_retried", async |window| {
        let simulator = cloud(window, 40).await?;
        let fault = "forbidden,op=enable_disable_edge_nodes,count=1,after=1";
        simulator.control().add_fault(Fault::from_str(fault)?);

        window.go("#/nodes").await?;
        filter(window, "state:running").await?;
        let (running, _) = narrowed(window).await?;
        assert!(running > 3, "{running} nodes are running");
        window.settled().await?;
        window.press(&key(Key::Down)).await?;
        for _ in 0..3 {
            window.press(&format!(" {}", key(Key::Down))).await?;
        }
        window.shows("3 selected").await?;
        window.click(Role::Button, "Stop nodes").await?;

        let sheet = window.find(Role::Dialog, "Stop nodes").await?;
        shows(&sheet, "3 calls will be sent, one after the other.").await?;
        sheet
            .find(Role::Button, "Stop nodes")
            .await?
            .click()
            .await?;
        shows(&sheet, "3 of 3").await?;
        shows(&sheet, "2 Succeeded").await?;
        shows(&sheet, "1 Failed").await?;
        let results = sheet.find(Role::Grid, "Results").await?;
        let failed = results.find(Role::GridCell, Name::shows("Failed")).await?;
        wait_for("two rows that have succeeded", async || {
            let succeeded = Name::shows("Succeeded");
            let cells = results.all(Role::GridCell, succeeded).await?;
            Ok((cells.len() == 2).then_some(()))
        })
        .await?;
        failed.click().await?;
        let reason = sheet.find(Role::Alert, Name::Any).await?;
        shows(&reason, "Your user may not do this").await?;

        sheet
            .find(Role::Button, "Retry failed")
            .await?
            .click()
            .await?;
        shows(&sheet, "3 Succeeded").await?;
        close(window, &sheet).await?;
        assert_eq!(simulator.control().count("enable_disable_edge_nodes"), 4);
        Ok(())
    })
    .await;
}
