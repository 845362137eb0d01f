//! Services: one is created for an application, changed and deleted.

use tests::window::{Role, check};

use super::stage::{close, cloud, send, shows};

const NAME: &str = "crane-status";

#[tokio::test]
async fn a_service_is_created_changed_and_deleted() {
    check("a_service_is_created_changed_and_deleted", async |window| {
        let simulator = cloud(window, 20).await?;
        window.go("#/services").await?;
        window.click(Role::Button, "Create service").await?;
        window.find(Role::Group, "Ports").await?;
        window.settled().await?;
        let ports = window.find(Role::Group, "Ports").await?;
        ports
            .find(Role::Textbox, "Name")
            .await?
            .fill("http-0")
            .await?;
        ports.find(Role::Textbox, "Port").await?.fill("80").await?;
        let selects = window.find(Role::Group, "What it selects").await?;
        selects
            .find(Role::Textbox, "Key")
            .await?
            .fill("stage")
            .await?;
        selects
            .find(Role::Textbox, "Value")
            .await?
            .fill("trial")
            .await?;
        let name = window.all(Role::Textbox, "Name").await?;
        name[0].fill(NAME).await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window
            .find(Role::Dialog, format!("Create {NAME}").as_str())
            .await?;
        send(&sheet, "Create service").await?;
        shows(&sheet, &format!("{NAME} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, NAME).await?;
        window.shows("stage=trial").await?;

        window.click(Role::Button, "Change service").await?;
        let selects = window.find(Role::Group, "What it selects").await?;
        let value = selects.find(Role::Textbox, "Value").await?;
        value.fill("production").await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window
            .find(Role::Dialog, format!("Change {NAME}").as_str())
            .await?;
        send(&sheet, "Change service").await?;
        shows(&sheet, &format!("{NAME} is changed.")).await?;
        close(window, &sheet).await?;
        window.shows("stage=production").await?;

        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete service").await?;
        let sheet = window
            .find(Role::Dialog, format!("Delete {NAME}").as_str())
            .await?;
        let field = format!("Type {NAME} to confirm");
        let field = sheet.find(Role::Textbox, field.as_str()).await?;
        field.fill(NAME).await?;
        send(&sheet, "Delete service").await?;
        shows(&sheet, &format!("{NAME} is deleted.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Grid, "Services").await?;
        assert_eq!(simulator.control().count("delete_service"), 1);
        Ok(())
    })
    .await;
}
