//! Binding a device to a node, and taking it off again.

use fantoccini::key::Key;
use serde_json::json;
use tests::window::{Name, Role, check};

use super::stage::{close, cloud, create, create_node, key, send, shows};

const NODE: &str = "gw-bind-0001";
const DEVICE: &str = "thermometer-bind";

#[tokio::test]
async fn a_device_is_bound_and_unbound() {
    check("a_device_is_bound_and_unbound", async |window| {
        let simulator = cloud(window, 20).await?;
        let node = create_node(window, NODE).await?;
        let device = json!({
            "operation": "create_device",
            "body": { "device": { "name": DEVICE } },
        });
        create(window, device, "/device/id").await?;
        window.go(&format!("#/nodes/{node}?tab=devices")).await?;
        window.find(Role::Heading, NODE).await?;
        window.shows("No devices bound").await?;

        // The empty place offers it as well as the bar above.
        let offers = window.all(Role::Button, "Bind devices").await?;
        assert_eq!(offers.len(), 2);
        offers[0].click().await?;
        let form = window.find(Role::Dialog, "Bind devices").await?;
        form.find(Role::Button, "Choose devices…")
            .await?
            .click()
            .await?;
        let picker = window.find(Role::Dialog, "Choose devices…").await?;
        let filter = picker.find(Role::Combobox, "Filter").await?;
        filter.fill(&format!("name:{DEVICE}")).await?;
        filter.press(&key(Key::Enter)).await?;
        picker.find(Role::GridCell, Name::shows(DEVICE)).await?;
        filter.press(&key(Key::Down)).await?;
        window.press(" ").await?;
        shows(&picker, "1 chosen").await?;
        picker.find(Role::Button, "Use").await?.click().await?;
        window.gone(Role::Dialog, "Choose devices…").await?;
        shows(&form, DEVICE).await?;
        form.find(Role::Textbox, "Relation")
            .await?
            .fill("sensor")
            .await?;
        form.find(Role::Button, "Bind devices")
            .await?
            .click()
            .await?;

        let sheet = window
            .find(Role::Dialog, Name::shows("These devices will be bound to"))
            .await?;
        shows(&sheet, &format!("{NODE}: {DEVICE}.")).await?;
        shows(&sheet, "\"relation\": \"sensor\"").await?;
        send(&sheet, "Bind devices").await?;
        shows(&sheet, &format!("Bound to {NODE}: {DEVICE}.")).await?;
        close(window, &sheet).await?;
        let bound = window.find(Role::Grid, "Devices bound to the node").await?;
        bound.find(Role::GridCell, Name::shows(DEVICE)).await?;
        bound.find(Role::GridCell, Name::shows("sensor")).await?;
        assert_eq!(simulator.control().count("update_edge_node_device"), 1);

        bound.press(" ").await?;
        window.click(Role::Button, "Unbind 1").await?;
        let sheet = window.find(Role::Dialog, "Unbind devices").await?;
        shows(
            &sheet,
            &format!("These devices will be taken off {NODE}: {DEVICE}."),
        )
        .await?;
        shows(&sheet, "What else happens").await?;
        sheet
            .find(Role::Button, "Unbind devices")
            .await?
            .click()
            .await?;
        shows(&sheet, &format!("Taken off {NODE}: {DEVICE}.")).await?;
        close(window, &sheet).await?;
        window.shows("No devices bound").await?;
        Ok(())
    })
    .await;
}
