//! Tags: changed on the page of a node, put on several nodes at once, and found again by key and value.

use fantoccini::key::Key;
use tests::window::{Name, Role, Window, check, wait_for};

use super::stage::{close, cloud, create_node, filter, key, narrowed, send, shows};

const NAME: &str = "gw-tagged-0001";

/// Types a tag where one is added, and takes it over by its key.
async fn type_tag(window: &Window, tag: &str, value: &str) -> anyhow::Result<()> {
    window.click(Role::Button, "Add tag").await?;
    let editor = window.find(Role::Group, "Tag").await?;
    editor.find(Role::Textbox, "Key").await?.fill(tag).await?;
    let field = editor.find(Role::Textbox, "Value").await?;
    field.fill(value).await?;
    field.press(&key(Key::Enter)).await?;
    window.gone(Role::Group, "Tag").await
}

#[tokio::test]
async fn tags_are_changed_in_place() {
    check("tags_are_changed_in_place", async |window| {
        let simulator = cloud(window, 20).await?;
        let id = create_node(window, NAME).await?;
        window.go(&format!("#/nodes/{id}?tab=attributes")).await?;
        window.shows("No tags.").await?;
        let title = format!("Change tags of {NAME}");
        let count = |operation: &str| simulator.control().count(operation);

        // Several go together, one by itself.
        type_tag(window, "crew", "night").await?;
        type_tag(window, "hall", "7").await?;
        window.shows("2 changes not sent yet").await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        shows(&sheet, &format!("{NAME} gets crew=night, hall=7.")).await?;
        send(&sheet, "Change tags").await?;
        shows(&sheet, &format!("The tags of {NAME} are changed.")).await?;
        close(window, &sheet).await?;
        assert_eq!(count("batch_add_delete_tags"), 1);

        window.click(Role::Button, "Change hall=7").await?;
        let editor = window.find(Role::Group, "Tag").await?;
        let field = editor.find(Role::Textbox, "Value").await?;
        field.fill("8").await?;
        field.press(&key(Key::Enter)).await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        shows(&sheet, "hall=7 → 8").await?;
        send(&sheet, "Change tags").await?;
        shows(&sheet, &format!("The tags of {NAME} are changed.")).await?;
        close(window, &sheet).await?;
        assert_eq!(count("create_tag"), 1);
        window.find(Role::Button, "Change hall=8").await?;

        // Taking off and putting on are two requests, one sheet after the other.
        window.click(Role::Button, "Remove crew=night").await?;
        type_tag(window, "shift", "").await?;
        window.click(Role::Button, "Review and send").await?;
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        shows(&sheet, &format!("{NAME} gets shift.")).await?;
        send(&sheet, "Change tags").await?;
        // The second sheet takes the place of the first.
        window.shows(&format!("{NAME} loses crew=night.")).await?;
        let sheet = window.find(Role::Dialog, title.as_str()).await?;
        send(&sheet, "Change tags").await?;
        shows(&sheet, &format!("The tags of {NAME} are changed.")).await?;
        assert_eq!((count("create_tag"), count("delete_resource_tag")), (2, 1));
        close(window, &sheet).await?;
        window.gone(Role::Button, "Change crew=night").await?;
        window.find(Role::Button, "Change shift").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn tags_of_several_nodes_are_changed_and_found() {
    check(
        "tags_of_several_nodes_are_changed_and_found",
        async |window| {
            let simulator = cloud(window, 40).await?;
            window.go("#/nodes").await?;
            filter(window, "state:running").await?;
            narrowed(window).await?;
            window.settled().await?;
            window.press(&key(Key::Down)).await?;
            for _ in 0..3 {
                window.press(&format!(" {}", key(Key::Down))).await?;
            }
            window.shows("3 selected").await?;
            window.click(Role::Button, "Edit tags…").await?;
            let dialog = window.find(Role::Dialog, "Edit tags of 3 things").await?;
            let added = dialog.find(Role::Group, "Add these").await?;
            added.find(Role::Textbox, "Key").await?.fill("crew").await?;
            let value = added.find(Role::Textbox, "Value").await?;
            value.fill("night").await?;
            dialog
                .find(Role::Button, "Remove a tag")
                .await?
                .click()
                .await?;
            let removed = dialog.find(Role::Group, "Remove these").await?;
            removed
                .find(Role::Textbox, "Key")
                .await?
                .fill("site")
                .await?;
            dialog
                .find(Role::Button, "See the plan")
                .await?
                .click()
                .await?;
            let sheet = window.find(Role::Dialog, "Edit tags").await?;
            shows(&sheet, "Each gets crew=night.").await?;
            shows(&sheet, "Each loses site (whatever its value).").await?;
            sheet.find(Role::Button, "Edit tags").await?.click().await?;
            shows(&sheet, "3 Succeeded").await?;
            close(window, &sheet).await?;
            assert_eq!(simulator.control().count("batch_add_delete_tags"), 6);

            filter(window, "tag:crew=*").await?;
            wait_for("the nodes with the tag", async || {
                Ok((narrowed(window).await?.0 == 3).then_some(()))
            })
            .await?;
            filter(window, "tag:crew=night tag:site=*").await?;
            window.shows("Nothing matches the filter").await?;

            // The overview knows the key, and leads to the same nodes.
            window.go("#/tags").await?;
            let nodes = window.find(Role::Table, "Nodes").await?;
            let link = nodes.find(Role::Link, Name::has("night")).await?;
            shows(&link, "3").await?;
            link.click().await?;
            window.find(Role::Grid, "Nodes").await?;
            wait_for("the nodes with the tag", async || {
                Ok((narrowed(window).await?.0 == 3).then_some(()))
            })
            .await?;

            // The service's own query, counted and listed.
            window.go("#/tags?view=query").await?;
            let none = window.find(Role::Group, "Has none of these keys").await?;
            none.find(Role::Button, "Add key").await?.click().await?;
            none.find(Role::Textbox, "Key").await?.fill("site").await?;
            let all = window.find(Role::Group, "Has all of these keys").await?;
            all.find(Role::Button, "Add key").await?.click().await?;
            all.find(Role::Textbox, "Key").await?.fill("crew").await?;
            let values = all.find(Role::Textbox, "Values").await?;
            values.fill("day, *igh").await?;
            values.press(&key(Key::Enter)).await?;
            window.shows("3 matches").await?;
            let result = window.find(Role::Table, "Result").await?;
            wait_for("three things that were found", async || {
                Ok((result.all(Role::Link, Name::Any).await?.len() == 3).then_some(()))
            })
            .await?;
            let found = result.all(Role::Link, Name::Any).await?;
            let name = found[0].painted().await?;
            found[0].click().await?;
            window.find(Role::Heading, name.trim()).await?;
            Ok(())
        },
    )
    .await;
}
