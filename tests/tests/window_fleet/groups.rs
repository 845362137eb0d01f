//! A node group from its form to its end: its nodes, what is deployed to it, its certificates.

use anyhow::Result;
use fantoccini::key::Key;
use serde_json::json;
use tests::window::{Element, Name, Role, Window, check};

use super::stage::{close, cloud, create, create_node, filter, key, narrowed, send, shows};

const GROUP: &str = "cranes";
const NODES: [&str; 2] = ["gw-group-0001", "gw-group-0002"];
const CERTIFICATE: &str = "mqtt-cranes";
const DEPLOYMENT: &str = "crane-watch";

/// Chooses a node in the dialog that was opened for it.
async fn pick(window: &Window, title: &str, node: &str) -> Result<()> {
    let picker = window.find(Role::Dialog, title).await?;
    let filter = picker.find(Role::Combobox, "Filter").await?;
    filter.fill(&format!("name:{node}")).await?;
    filter.press(&key(Key::Enter)).await?;
    picker.find(Role::GridCell, Name::shows(node)).await?;
    filter.press(&key(Key::Down)).await?;
    window.press(" ").await?;
    shows(&picker, "1 chosen").await?;
    picker.find(Role::Button, "Use").await?.click().await?;
    window.gone(Role::Dialog, title).await
}

/// Types the name that a sheet asks for, and presses its button.
async fn confirm(sheet: &Element, name: &str, button: &str) -> Result<()> {
    let field = format!("Type {name} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(name).await?;
    sheet.find(Role::Button, button).await?.click().await
}

#[tokio::test]
async fn a_node_group_is_created_filled_and_deleted() {
    let test = "a_node_group_is_created_filled_and_deleted";
    check(test, async |window| {
        let simulator = cloud(window, 20).await?;
        let [first, second] = NODES;
        let node = create_node(window, first).await?;
        create_node(window, second).await?;

        window.go("#/groups").await?;
        window.find(Role::Grid, "Node groups").await?;
        window.click(Role::Button, "Create node group").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", GROUP).await?;
        window.click(Role::Button, "Choose nodes…").await?;
        pick(window, "Choose nodes…", first).await?;
        window.click(Role::Button, "Review and send").await?;
        let title = format!("Create {GROUP}");
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        shows(&sheet, "cranes will be created with 1 node.").await?;
        shows(&sheet, &format!("\"{node}\"")).await?;
        send(&sheet, "Create node group").await?;
        shows(&sheet, &format!("{GROUP} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, GROUP).await?;
        assert_eq!(simulator.control().count("create_edge_group"), 1);

        nodes(window).await?;
        assert_eq!(
            simulator.control().count("update_edge_group_node_binding"),
            2
        );
        certificates(window).await?;

        window.click(Role::Button, "Change node group").await?;
        window.fill("Description", "Gateways of the cranes").await?;
        window.click(Role::Button, "Review and send").await?;
        let title = format!("Change {GROUP}");
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        shows(&sheet, "Gateways of the cranes").await?;
        send(&sheet, "Change node group").await?;
        shows(&sheet, &format!("{GROUP} is changed.")).await?;
        close(window, &sheet).await?;
        window.shows("Gateways of the cranes").await?;

        // A node names its groups.
        window.go(&format!("#/nodes/{node}")).await?;
        window.find(Role::Heading, first).await?;
        window.click(Role::Link, GROUP).await?;
        window.find(Role::Heading, GROUP).await?;
        deploy(window).await?;

        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete node group").await?;
        let title = format!("Delete {GROUP}");
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        for part in [
            "The service refuses to delete what is used",
            DEPLOYMENT,
            first,
            &format!("with it to the message brokers of its nodes no longer can: {CERTIFICATE}."),
        ] {
            shows(&sheet, part).await?;
        }
        sheet.find(Role::Button, "Cancel").await?.click().await?;
        window.gone(Role::Dialog, title.as_str()).await?;

        // Without its deployment it goes.
        let grid = window.find(Role::Grid, "Deployments to the group").await?;
        let cell = grid.find(Role::GridCell, Name::shows(DEPLOYMENT));
        cell.await?.click().await?;
        window.press(&key(Key::Enter)).await?;
        window.find(Role::Heading, DEPLOYMENT).await?;
        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete deployment").await?;
        let of_deployment = format!("Delete {DEPLOYMENT}");
        let sheet = window.find(Role::Dialog, of_deployment.as_str()).await?;
        confirm(&sheet, DEPLOYMENT, "Delete deployment").await?;
        close(window, &sheet).await?;
        window.go("#/groups").await?;
        window.find(Role::Grid, "Node groups").await?;
        filter(window, &format!("name:{GROUP}")).await?;
        narrowed(window).await?;
        window.settled().await?;
        window.press(&key(Key::Down)).await?;
        window.press(&key(Key::Enter)).await?;
        window.find(Role::Heading, GROUP).await?;
        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete node group").await?;
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        confirm(&sheet, GROUP, "Delete node group").await?;
        shows(&sheet, &format!("{GROUP} is deleted.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Grid, "Node groups").await?;
        assert_eq!(simulator.control().count("delete_edge_group"), 1);
        Ok(())
    })
    .await;
}

/// Adds the second node and removes it again.
async fn nodes(window: &Window) -> Result<()> {
    let [first, second] = NODES;
    window.click(Role::Tab, Name::has("Nodes")).await?;
    let members = window.find(Role::Grid, "Nodes of the group").await?;
    members.find(Role::GridCell, Name::shows(first)).await?;

    // What is there already is not sent again.
    window.click(Role::Button, "Add nodes").await?;
    pick(window, "Add nodes", first).await?;
    window
        .shows("All that were chosen are in the group already.")
        .await?;

    window.click(Role::Button, "Add nodes").await?;
    pick(window, "Add nodes", second).await?;
    let title = format!("Add nodes to {GROUP}");
    let sheet = window.find(Role::Dialog, title.as_str()).await?;
    shows(
        &sheet,
        &format!("1 node will be added to {GROUP}: {second}."),
    )
    .await?;
    send(&sheet, "Add nodes").await?;
    shows(&sheet, &format!("Added to {GROUP}: {second}.")).await?;
    close(window, &sheet).await?;
    let added = members.find(Role::GridCell, Name::shows(second)).await?;
    added.click().await?;
    members.press(" ").await?;

    window.click(Role::Button, "Remove 1").await?;
    let title = format!("Remove nodes from {GROUP}");
    let sheet = window.find(Role::Dialog, title.as_str()).await?;
    shows(
        &sheet,
        &format!("1 node will leave {GROUP}: {second}. It stays registered."),
    )
    .await?;
    shows(&sheet, "What else happens").await?;
    send(&sheet, "Remove nodes").await?;
    shows(&sheet, &format!("No longer in {GROUP}: {second}.")).await?;
    close(window, &sheet).await?;
    window.gone(Role::GridCell, Name::shows(second)).await
}

/// Makes two certificates, saves a package, looks at a certificate, and deletes the other one.
async fn certificates(window: &Window) -> Result<()> {
    window.click(Role::Tab, "Certs").await?;
    window.shows("No certificates").await?;
    for name in [CERTIFICATE, "mqtt-spare"] {
        window.click(Role::Button, "Create certificate").await?;
        let form = window.find(Role::Dialog, "Create certificate").await?;
        form.find(Role::Textbox, "Name").await?.fill(name).await?;
        let button = form.find(Role::Button, "Create certificate").await?;
        button.click().await?;
        let sheet = window
            .find(Role::Dialog, Name::shows("can be saved once"))
            .await?;
        shows(&sheet, &format!("{name} will be made for {GROUP}.")).await?;
        send(&sheet, "Create certificate").await?;
        shows(&sheet, &format!("The certificate {name} is there.")).await?;
        let package = window.saved().join(format!("{GROUP}_{name}.tar.gz"));
        assert!(!package.exists(), "nobody has saved it yet");
        let save = sheet.find(Role::Button, "Save package…").await?;
        save.click().await?;
        shows(&sheet, &format!("Saved to {}", package.display())).await?;
        assert!(package.exists());
        close(window, &sheet).await?;
    }

    let label = format!("Show certificate {CERTIFICATE}");
    window.click(Role::Button, label.as_str()).await?;
    let shown = window.find(Role::Dialog, CERTIFICATE).await?;
    shows(&shown, "-----BEGIN CERTIFICATE-----").await?;
    shown.find(Role::Button, "Close").await?.click().await?;
    window.gone(Role::Dialog, Name::Any).await?;

    let label = "Delete certificate mqtt-spare";
    window.click(Role::Button, label).await?;
    let sheet = window.find(Role::Dialog, label).await?;
    shows(&sheet, "of any node of the group any more").await?;
    confirm(&sheet, "mqtt-spare", "Delete certificate").await?;
    shows(&sheet, "The certificate mqtt-spare is deleted.").await?;
    close(window, &sheet).await?;
    window.gone(Role::Button, label).await
}

/// Has something deployed to the group, and finds it there.
async fn deploy(window: &Window) -> Result<()> {
    window.click(Role::Tab, Name::has("Deployments")).await?;
    window.shows("Nothing is deployed to this group").await?;
    let offers = window.all(Role::Button, "Create deployment").await?;
    offers[0].click().await?;
    // The form begins with the group on whose page it was asked for.
    let field = window.find(Role::Textbox, "Node group").await?;
    tests::window::wait_for("the name of the group", async || {
        Ok((field.value().await? == GROUP).then_some(()))
    })
    .await?;
    let address = window.address().await?;
    let group = address.rsplit("group=").next().unwrap_or_default();
    let container =
        json!({ "name": "main", "image_url": "swr.cn-north-4.myhuaweicloud.com/demo/web:1.0" });
    let configs = json!({ "migration": true, "host_network": false, "restart_policy": "Always" });
    let template = json!({ "containers": [container], "configs": configs });
    let call = json!({
        "operation": "create_deployments",
        "body": {
            "name": DEPLOYMENT,
            "group_id": group,
            "deployment": { "replicas": 1, "template": template },
        },
    });
    create(window, call, "/id").await?;
    window
        .go(&format!("#/groups/{group}?tab=deployments"))
        .await?;
    let grid = window.find(Role::Grid, "Deployments to the group").await?;
    grid.find(Role::GridCell, Name::shows(DEPLOYMENT)).await?;
    Ok(())
}
