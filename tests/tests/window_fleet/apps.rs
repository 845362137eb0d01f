//! Application templates: one is created with a version, which is changed, and deleted with it.

use tests::window::{Role, check};

use super::stage::{close, cloud, send, shows};

const NAME: &str = "harbour-count";
const VERSION: &str = "1.0.0";

#[tokio::test]
async fn an_application_template_is_made_and_deleted_with_its_versions() {
    check(
        "an_application_template_is_made_and_deleted_with_its_versions",
        async |window| {
            let simulator = cloud(window, 20).await?;
            window.go("#/apps").await?;
            window.click(Role::Button, "Create template").await?;
            window.find(Role::Textbox, "Name").await?;
            window.settled().await?;
            window.fill("Name", NAME).await?;
            window.fill("Alias", "Counts containers").await?;
            window.click(Role::Button, "Review and send").await?;
            let sheet = window
                .find(Role::Dialog, format!("Create {NAME}").as_str())
                .await?;
            send(&sheet, "Create template").await?;
            shows(&sheet, &format!("{NAME} is created.")).await?;
            close(window, &sheet).await?;
            window.shows("No versions yet.").await?;

            window.click(Role::Button, "Add version").await?;
            window.find(Role::Textbox, "Version").await?;
            window.settled().await?;
            window.fill("Version", VERSION).await?;
            window
                .fill("Image", "registry.example/harbour/count:1.0.0")
                .await?;
            window.click(Role::Button, "Add variable").await?;
            let variables = window.find(Role::Group, "Environment variables").await?;
            let name = variables.find(Role::Textbox, "Name").await?;
            name.fill("CRANE").await?;
            let value = variables.find(Role::Textbox, "Value").await?;
            value.fill("7").await?;
            // What is set aside is not more than what may be used: only the host knows that.
            let aside = window.find(Role::Group, "Set aside").await?;
            let cores = aside.find(Role::Textbox, "CPU cores").await?;
            cores.fill("2").await?;
            let most = window.find(Role::Group, "At most").await?;
            let limit = most.find(Role::Textbox, "CPU cores").await?;
            limit.fill("1").await?;
            window.click(Role::Button, "Review and send").await?;
            window.shows("limits.cpu").await?;
            assert_eq!(simulator.control().count("create_app_versions"), 0);
            limit.fill("2.5").await?;

            // As text it says the same, and more than the form has fields for.
            window.click(Role::Tab, "Text").await?;
            let text = window.find(Role::Textbox, "JSON").await?;
            let body = text.value().await?;
            assert!(body.contains("\"CRANE\"") && body.contains("2.5"), "{body}");
            text.fill("{\"version\": {\"version\": \"1.0.0\", \"image_url\": \"a b\"}}")
                .await?;
            window.click(Role::Button, "Review and send").await?;
            window.shows("version.image_url").await?;
            text.fill(&body.replace('\n', "")).await?;
            window.click(Role::Button, "Review and send").await?;
            let sheet = window
                .find(Role::Dialog, format!("Create {VERSION}").as_str())
                .await?;
            send(&sheet, "Add version").await?;
            shows(&sheet, &format!("{VERSION} is created.")).await?;
            close(window, &sheet).await?;
            window.find(Role::Heading, VERSION).await?;
            window.shows("CRANE").await?;

            window.click(Role::Button, "Change version").await?;
            let variables = window.find(Role::Group, "Environment variables").await?;
            let value = variables.find(Role::Textbox, "Value").await?;
            value.fill("8").await?;
            window.click(Role::Button, "Review and send").await?;
            let sheet = window
                .find(Role::Dialog, format!("Change {VERSION}").as_str())
                .await?;
            send(&sheet, "Change version").await?;
            shows(&sheet, &format!("{VERSION} is changed.")).await?;
            close(window, &sheet).await?;

            window.click(Role::Link, NAME).await?;
            window.find(Role::Link, VERSION).await?;
            window.click(Role::Button, "More").await?;
            window.click(Role::MenuItem, "Delete template").await?;
            let sheet = window
                .find(Role::Dialog, format!("Delete {NAME}").as_str())
                .await?;
            shows(&sheet, &format!("1 version is deleted with it: {VERSION}")).await?;
            let field = format!("Type {NAME} to confirm");
            let field = sheet.find(Role::Textbox, field.as_str()).await?;
            field.fill(NAME).await?;
            send(&sheet, "Delete template").await?;
            shows(&sheet, &format!("{NAME} is deleted.")).await?;
            close(window, &sheet).await?;
            window.find(Role::Grid, "Application templates").await?;
            assert_eq!(simulator.control().count("delete_app"), 1);
            Ok(())
        },
    )
    .await;
}
