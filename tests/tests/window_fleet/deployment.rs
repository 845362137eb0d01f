//! A deployment from its form to its end, by way of its source and of its instances.

use fantoccini::key::Key;
use tests::window::{Element, Name, Role, Window, check};

use super::stage::{close, cloud, create_node, filter, key, send, shows};

const NODE: &str = "gw-apps-0001";
const NAME: &str = "thermostat";

#[tokio::test]
async fn a_deployment_is_created_changed_and_deleted() {
    check(
        "a_deployment_is_created_changed_and_deleted",
        async |window| {
            let simulator = cloud(window, 20).await?;
            create_node(window, NODE).await?;
            window.go("#/deployments").await?;
            window.find(Role::Grid, "Deployments").await?;
            window.click(Role::Button, "Create deployment").await?;

            let general = window.find(Role::Group, "Deployment").await?;
            let name = general.find(Role::Textbox, "Name").await?;
            window.settled().await?;
            name.fill(NAME).await?;
            choose_node(window).await?;
            let container = window.find(Role::Group, "Container 1").await?;
            let name = container.find(Role::Textbox, "Name").await?;
            name.fill("main").await?;
            let image = container.find(Role::Textbox, "Image").await?;
            image
                .fill("swr.cn-north-4.myhuaweicloud.com/demo/web:1.0")
                .await?;

            // The text says the same, and what only the text can say stays when the form goes on.
            window.click(Role::Tab, "Source").await?;
            let body = window.find(Role::Textbox, "Body").await?;
            let text = body.value().await?;
            assert!(text.contains("\"image_url\""), "{text}");
            let text = text.replace(
                "\"host_network\": false",
                "\"host_network\": false, \"host_pid\": true",
            );
            body.fill(&text).await?;
            window.click(Role::Tab, "Form").await?;
            window.shows("Kept as it is: host_pid.").await?;
            window.click(Role::Button, "Review and send").await?;
            let title = format!("Create {NAME}");
            let sheet = window.find(Role::Dialog, title.as_str()).await?;
            for part in [
                "POST /v3/",
                "\"host_pid\": true",
                "\"name\": \"thermostat\"",
            ] {
                shows(&sheet, part).await?;
            }
            send(&sheet, "Create deployment").await?;
            shows(&sheet, &format!("{NAME} is created.")).await?;
            close(window, &sheet).await?;
            window.find(Role::Heading, NAME).await?;
            window.shows("Starting 0 of 1").await?;
            assert_eq!(simulator.control().count("create_deployments"), 1);

            window.click(Role::Tab, Name::shows("Instances")).await?;
            let instances = window.find(Role::Grid, "Instances").await?;
            let cell = instances.find(Role::GridCell, Name::shows(NAME)).await?;
            let first = cell.painted().await?.trim().to_owned();
            cell.click().await?;
            window.click(Role::Button, "Delete instance").await?;
            let title = format!("Delete {first}");
            let sheet = window.find(Role::Dialog, title.as_str()).await?;
            shows(&sheet, &format!("/pods/{first}")).await?;
            confirm(&sheet, &first, "Delete instance").await?;
            shows(&sheet, &format!("{first} is deleted.")).await?;
            close(window, &sheet).await?;
            assert_eq!(simulator.control().count("delete_pod"), 1);

            // Of a change only what differs is sent: the instances stay.
            window.click(Role::Button, "Change deployment").await?;
            window.fill("Description", "Keeps the hall warm").await?;
            window.click(Role::Button, "Review and send").await?;
            let title = format!("Change {NAME}");
            let sheet = window.find(Role::Dialog, title.as_str()).await?;
            shows(&sheet, "Keeps the hall warm").await?;
            let said = sheet.painted().await?;
            assert!(!said.contains("every instance ends"), "{said}");
            send(&sheet, "Change deployment").await?;
            shows(&sheet, &format!("{NAME} is changed.")).await?;
            close(window, &sheet).await?;
            window.shows("Keeps the hall warm").await?;

            window.click(Role::Button, "More").await?;
            window.click(Role::MenuItem, "Delete deployment").await?;
            let title = format!("Delete {NAME}");
            let sheet = window.find(Role::Dialog, title.as_str()).await?;
            shows(&sheet, "All its instances end").await?;
            confirm(&sheet, NAME, "Delete deployment").await?;
            shows(&sheet, &format!("{NAME} is deleted")).await?;
            close(window, &sheet).await?;
            window.find(Role::Grid, "Deployments").await?;
            filter(window, &format!("name:{NAME}")).await?;
            window.shows("Nothing matches the filter").await?;
            Ok(())
        },
    )
    .await;
}

async fn choose_node(window: &Window) -> anyhow::Result<()> {
    window.click(Role::Button, "Choose node").await?;
    let picker = window.find(Role::Dialog, "Choose node").await?;
    let field = picker.find(Role::Combobox, "Filter").await?;
    field.fill(&format!("name:{NODE}")).await?;
    field.press(&key(Key::Enter)).await?;
    picker
        .find(Role::GridCell, Name::shows(NODE))
        .await?
        .click()
        .await?;
    picker.find(Role::Button, "Use").await?.click().await?;
    window.gone(Role::Dialog, "Choose node").await
}

/// Types the name that a sheet asks for, and sends.
async fn confirm(sheet: &Element, name: &str, button: &str) -> anyhow::Result<()> {
    let field = format!("Type {name} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(name).await?;
    send(sheet, button).await
}
