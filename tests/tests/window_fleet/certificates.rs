//! Certificates of the whole fleet: read on demand, with one failure, searched, followed to whom they belong, stopped.

use std::str::FromStr;

use fantoccini::key::Key;
use ief_sim::Fault;
use serde_json::json;
use tests::window::{Name, Role, check, wait_for};

use super::stage::{cloud, create, create_node, key, shows};

const NODE: &str = "gw-cert-0001";
const GROUP: &str = "cranes";

#[tokio::test]
async fn certificates_of_the_fleet_are_read_and_found() {
    let test = "certificates_of_the_fleet_are_read_and_found";
    check(test, async |window| {
        let simulator = cloud(window, 6).await?;
        let count = |operation: &str| simulator.control().count(operation);
        let node = create_node(window, NODE).await?;
        let body = json!({ "name": GROUP });
        let call = json!({ "operation": "create_edge_group", "body": body });
        let group = create(window, call, "/id").await?;
        let made = [
            (
                "create_edge_node_certs",
                json!({ "node_id": node }),
                "opc-ua-line",
            ),
            (
                "create_edge_group_cert",
                json!({ "group_id": group }),
                "mqtt-cranes",
            ),
        ];
        for (operation, path, name) in made {
            let body = json!({ "name": name, "type": "application" });
            let call = json!({ "operation": operation, "path": path, "body": body });
            create(window, call, "/id").await?;
        }

        // Nodes are asked only when somebody says so, and only some of them.
        window.go("#/certificates").await?;
        window.shows("Nothing read yet").await?;
        window.click(Role::Checkbox, "Of nodes").await?;
        let filter = window.find(Role::Combobox, "Filter").await?;
        filter.fill(&format!("name:{NODE}")).await?;
        filter.press(&key(Key::Enter)).await?;
        window.shows("1 of 7 nodes").await?;
        assert_eq!(count("list_edge_node_certs"), 0);

        let fault = "forbidden,op=list_edge_node_certs,count=1";
        simulator.control().add_fault(Fault::from_str(fault)?);
        window.click(Role::Button, "Read certificates").await?;
        window.shows("1 could not be read.").await?;
        window.find(Role::Link, NODE).await?;
        window.shows("Your user may not do this").await?;
        let groups = count("list_edge_group_certs");
        assert!(groups > 0, "every group is asked");
        let list = window.find(Role::Grid, "Certificates").await?;
        list.find(Role::GridCell, Name::shows("mqtt-cranes"))
            .await?;

        // What failed is asked again, and nothing else.
        window.click(Role::Button, "Try what failed again").await?;
        list.find(Role::GridCell, Name::shows("opc-ua-line"))
            .await?;
        window.gone(Role::Button, "Try what failed again").await?;
        assert_eq!(count("list_edge_node_certs"), 2);
        assert_eq!(count("list_edge_group_certs"), groups);

        let search = window.find(Role::Textbox, "Search certificates").await?;
        search.fill("cranes").await?;
        window
            .gone(Role::GridCell, Name::shows("opc-ua-line"))
            .await?;
        list.find(Role::GridCell, Name::shows("mqtt-cranes"))
            .await?;
        search.fill("opc").await?;
        let found = list
            .find(Role::GridCell, Name::shows("opc-ua-line"))
            .await?;
        wait_for("one row", async || {
            let rows = list.attribute("aria-rowcount").await?;
            Ok((rows.as_deref() == Some("2")).then_some(()))
        })
        .await?;

        // It leads to the certificates of its node, and what was read is still there afterwards.
        found.click().await?;
        window.find(Role::Heading, NODE).await?;
        window
            .find(Role::Button, "Delete certificate opc-ua-line")
            .await?;
        window.go("#/certificates").await?;
        let list = window.find(Role::Grid, "Certificates").await?;
        let cell = list.find(Role::GridCell, Name::shows("mqtt-cranes"));
        shows(&cell.await?, "mqtt-cranes").await?;
        assert_eq!(count("list_edge_group_certs"), groups);

        // A run can be stopped, and gone on with.
        window.click(Role::Button, "Clear filter").await?;
        let fault = "latency=1500,op=list_edge_node_certs,count=4";
        simulator.control().add_fault(Fault::from_str(fault)?);
        let asked = count("list_edge_node_certs");
        window.shows("All 7 nodes").await?;
        window.click(Role::Button, "Read certificates").await?;
        window.click(Role::Button, "Stop").await?;
        window.shows("Stopped at").await?;
        assert!(count("list_edge_node_certs") < asked + 7);
        window.click(Role::Button, "Go on").await?;
        window.gone(Role::Button, "Go on").await?;
        window.find(Role::Button, "Read certificates").await?;
        assert_eq!(count("list_edge_node_certs"), asked + 7);
        Ok(())
    })
    .await;
}
