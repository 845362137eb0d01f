//! When the service fails, the list that was there stays, and the window says what happened.

use anyhow::{Result, ensure};
use ief_sim::{Fault, FaultKind};
use tests::window::{Name, Role, Window, check};

use crate::cloud::{Cloud, SignIn};
use crate::sight::{node_rows, open_nodes, press, says, says_no_more};

const STALE: &str = "The list could not be refreshed.";

/// Asks for the list anew and waits for what the window says about it; the rows have to stay.
async fn refresh_fails(window: &Window, before: &[String], what: &str) -> Result<()> {
    press(window, Name::has("Refresh now.")).await?;
    says(window, STALE).await?;
    says(window, what).await?;
    says(window, "stale, as of").await?;
    window.find(Role::Alert, Name::shows(what)).await?;
    assert_eq!(node_rows(window).await?.len(), before.len());
    Ok(())
}

/// Tries again and waits until all is well.
async fn recovers(window: &Window) -> Result<()> {
    press(window, "Try again").await?;
    well(window).await
}

async fn well(window: &Window) -> Result<()> {
    says_no_more(window, STALE).await?;
    says_no_more(window, "stale, as of").await?;
    says(window, "Connected").await?;
    node_rows(window).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_outlives_failures_of_the_service() {
    let test = "a_list_outlives_failures_of_the_service";
    check(test, async |window| {
        let cloud = Cloud::open(25).await?;
        cloud.enter(window, SignIn::Password).await?;
        open_nodes(window).await?;
        says(window, "Nodes 120").await?;
        let before = node_rows(window).await?;

        // A token that was revoked is replaced, and nobody has to know.
        let tokens = cloud.control().count("create_token");
        cloud.control().clear_requests();
        cloud.control().revoke_tokens();
        press(window, Name::has("Refresh now.")).await?;
        tests::window::wait_for("a new token and the list", async || {
            let requests = cloud.control().requests();
            let read = requests
                .iter()
                .any(|it| it.operation == Some("list_edge_nodes") && it.status == Some(200));
            Ok((read && cloud.control().count("create_token") > 0).then_some(()))
        })
        .await?;
        ensure!(tokens > 0, "nobody had signed in before");
        well(window).await?;
        window.gone(Role::Alert, Name::has("session")).await?;

        for (kind, what) in [
            (FaultKind::Internal, "The service failed."),
            (FaultKind::Malformed, "The service's answer can't be read."),
            (FaultKind::Reset, "The connection was cut."),
        ] {
            cloud
                .control()
                .add_fault(Fault::new(kind).on("list_edge_nodes"));
            refresh_fails(window, &before, what).await?;
            cloud.control().clear_faults();
            recovers(window).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_outlives_the_host_of_the_service() {
    let test = "a_list_outlives_the_host_of_the_service";
    check(test, async |window| {
        let cloud = Cloud::open(26).await?;
        cloud.enter(window, SignIn::AccessKey).await?;
        open_nodes(window).await?;
        says(window, "Nodes 120").await?;
        let before = node_rows(window).await?;

        let closed = cloud.close()?;
        refresh_fails(window, &before, "refused the connection.").await?;
        let cloud = closed.reopen().await?;
        recovers(window).await?;
        ensure!(
            cloud.control().count("list_edge_nodes") > 0,
            "nothing was read"
        );
        Ok(())
    })
    .await;
}
