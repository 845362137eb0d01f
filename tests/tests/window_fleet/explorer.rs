//! The API explorer: an operation is filled in, seen as it will be sent, sent, and read.

use anyhow::Result;
use tests::window::{Name, Role, Window, check};

use super::stage::{close, cloud, create_node, shows};

const NAME: &str = "gw-explored-0001";

async fn choose(window: &Window, method: &str, operation: &str) -> Result<()> {
    window
        .click(Role::Link, format!("{method} {operation}").as_str())
        .await
}

#[tokio::test]
async fn an_operation_is_filled_in_sent_and_its_answer_read() {
    check(
        "an_operation_is_filled_in_sent_and_its_answer_read",
        async |window| {
            let simulator = cloud(window, 20).await?;
            window.go("#/explorer").await?;
            choose(window, "POST", "create_edge_node").await?;
            let name = window.find(Role::Textbox, "name").await?;
            name.fill("not a name").await?;
            window.click(Role::Button, "Review and send").await?;
            window.shows("Leave out").await?;
            assert_eq!(simulator.control().count("create_edge_node"), 0);

            name.fill(NAME).await?;
            // What will be sent is shown before.
            window.shows(&format!("\"name\": \"{NAME}\"")).await?;
            // Another operation would take the place of what was typed.
            choose(window, "GET", "list_edge_nodes").await?;
            let dialog = window.find(Role::Dialog, Name::Any).await?;
            dialog.find(Role::Button, "Stay").await?.click().await?;

            window.click(Role::Button, "Review and send").await?;
            let sheet = window.find(Role::Dialog, "Register node").await?;
            sheet
                .find(Role::Button, "Register node")
                .await?
                .click()
                .await?;
            shows(&sheet, "Done.").await?;
            assert_eq!(simulator.control().count("create_edge_node"), 1);
            Ok(())
        },
    )
    .await;
}

#[tokio::test]
async fn what_deletes_asks_for_the_name_here_too() {
    check("what_deletes_asks_for_the_name_here_too", async |window| {
        let simulator = cloud(window, 20).await?;
        let id = create_node(window, NAME).await?;
        window
            .go("#/explorer?operation=show_edge_node_detail")
            .await?;
        window
            .find(Role::Textbox, "node_id")
            .await?
            .fill(&id)
            .await?;
        window.click(Role::Button, "Send request").await?;
        window.find(Role::Heading, "Answer").await?;
        window.shows(NAME).await?;

        window.go("#/explorer?operation=delete_edge_node").await?;
        window.find(Role::Heading, "Delete node").await?;
        window
            .find(Role::Textbox, "node_id")
            .await?
            .fill(&id)
            .await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window.find(Role::Dialog, "Delete node").await?;
        let field = format!("Type {NAME} to confirm");
        sheet
            .find(Role::Textbox, field.as_str())
            .await?
            .fill(NAME)
            .await?;
        sheet
            .find(Role::Button, "Delete node")
            .await?
            .click()
            .await?;
        shows(&sheet, "Done.").await?;
        assert_eq!(simulator.control().count("delete_edge_node"), 1);
        close(window, &sheet).await
    })
    .await;
}
