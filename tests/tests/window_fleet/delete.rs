//! Deleting a node, which asks for its name.

use tests::window::{Role, check, wait_for};

use super::stage::{close, cloud, create_node, filter, shows};

const NAME: &str = "gw-retired-0001";

#[tokio::test]
async fn a_node_is_deleted_by_its_name_only() {
    check("a_node_is_deleted_by_its_name_only", async |window| {
        let simulator = cloud(window, 20).await?;
        let id = create_node(window, NAME).await?;
        window.go(&format!("#/nodes/{id}")).await?;
        window.find(Role::Heading, NAME).await?;
        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete node").await?;

        let sheet = window
            .find(Role::Dialog, format!("Delete {NAME}").as_str())
            .await?;
        let button = sheet.find(Role::Button, "Delete node").await?;
        let field = format!("Type {NAME} to confirm");
        let field = sheet.find(Role::Textbox, field.as_str()).await?;
        field.fill("gw-retired-0002").await?;
        assert_eq!(
            button.attribute("aria-disabled").await?.as_deref(),
            Some("true")
        );
        button.click().await?;
        assert_eq!(simulator.control().count("delete_edge_node"), 0);

        field.fill(NAME).await?;
        wait_for("the button to be ready", async || {
            let disabled = button.attribute("aria-disabled").await?;
            Ok(disabled.is_none().then_some(()))
        })
        .await?;
        button.click().await?;
        shows(&sheet, &format!("{NAME} is deleted.")).await?;
        assert_eq!(simulator.control().count("delete_edge_node"), 1);
        close(window, &sheet).await?;

        // The page of what is gone is left for the list.
        window.find(Role::Grid, "Nodes").await?;
        filter(window, &format!("name:{NAME}")).await?;
        window.shows("Nothing matches the filter").await?;
        Ok(())
    })
    .await;
}
