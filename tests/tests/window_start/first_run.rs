//! The first start, without an account.

use anyhow::{Context, ensure};
use serde_json::json;
use tests::window::{Name, Role, check};

use crate::sight::{ask, node_rows, open_nodes, press, says};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_simulator_is_chosen_once_and_shows_a_living_fleet() {
    let test = "the_simulator_is_chosen_once_and_shows_a_living_fleet";
    check(test, async |window| {
        let state = ask(window, "get_state", json!({})).await?;
        let nodes = state["profiles"][0]["target"]["nodes"]
            .as_u64()
            .context("the simulator's profile tells no size")?;
        ensure!((1000..1_000_000).contains(&nodes), "{nodes} nodes");
        let written = format!("{},{:03}", nodes / 1000, nodes % 1000);

        window
            .click(Role::Button, Name::has("Explore the simulator"))
            .await?;
        window.find(Role::Heading, "Overview").await?;
        let part = window.find(Role::Region, "Nodes").await?;
        tests::window::wait_for("the whole fleet in the overview", async || {
            let text = part.painted().await?;
            Ok((text.contains(&written) && text.contains("Running")).then_some(()))
        })
        .await?;
        says(window, "Connected").await?;

        open_nodes(window).await?;
        says(window, &format!("Nodes {written}")).await?;
        let before = node_rows(window).await?;

        window.restart().await?;
        window
            .find(Role::Button, Name::has("Profile Simulator."))
            .await?;
        window.find(Role::Heading, "Overview").await?;
        window
            .gone(Role::Button, Name::has("Explore the simulator"))
            .await?;
        says(window, "Connected").await?;
        open_nodes(window).await?;
        let after = node_rows(window).await?;
        // The same seed makes the same fleet; states may have moved on.
        let name = |row: &String| row.split_whitespace().next().map(str::to_owned);
        assert_eq!(before.first().and_then(name), after.first().and_then(name));
        let state = ask(window, "get_state", json!({})).await?;
        assert_eq!(state["first_run"], false);
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_whose_code_fails_to_load_says_so_and_loads_it_again() {
    let test = "a_page_whose_code_fails_to_load_says_so_and_loads_it_again";
    check(test, async |window| {
        // Until there is a choice no page's code is asked for.
        let choice = window
            .find(Role::Button, Name::has("Explore the simulator"))
            .await?;
        window
            .run(
                "const whole = window.fetch;
                 window.mended = () => { window.fetch = whole; };
                 window.fetch = (what, ...more) => String(what?.url ?? what).endsWith('.wasm')
                     ? Promise.reject(new TypeError('no file'))
                     : whole.call(window, what, ...more);",
                vec![],
            )
            .await?;
        choice.click().await?;
        window.find(Role::Heading, "Overview").await?;
        let missing = "A part of the interface could not be loaded.";
        window.go("#/nodes").await?;
        window.find(Role::Alert, Name::shows(missing)).await?;
        press(window, "Try again").await?;
        window.find(Role::Alert, Name::shows(missing)).await?;

        window.run("window.mended()", vec![]).await?;
        press(window, "Try again").await?;
        node_rows(window).await?;
        window.gone(Role::Alert, Name::shows(missing)).await?;
        Ok(())
    })
    .await;
}
