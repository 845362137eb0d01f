//! Endpoints, rules and subscriptions, from the first form to the last deletion.

use anyhow::{Context, Result};
use fantoccini::key::Key;
use serde_json::json;
use tests::window::{Element, Name, Role, Window, check};

use super::stage::{ask, close, cloud, create_node, key, send, shows};

const ENDPOINT: &str = "crane-service";
const RULE: &str = "orders-to-cranes";
const NODE: &str = "gw-crane-0001";
const SUBSCRIPTION: &str = "cranes-lost";

/// Sends a form, and answers the sheet that shows what it sends.
async fn review(window: &Window, title: &str) -> Result<Element> {
    window.click(Role::Button, "Review and send").await?;
    window.find(Role::Dialog, title).await
}

/// Chooses the endpoint of one side of a form.
async fn choose_endpoint(window: &Window, side: &str, endpoint: &str) -> Result<Element> {
    let side = window.find(Role::Group, side).await?;
    let field = side.find(Role::Button, "Endpoint").await?;
    field.choose(endpoint).await?;
    Ok(side)
}

/// Deletes what the page shows, by its name.
async fn delete(window: &Window, verb: &str, name: &str) -> Result<()> {
    window.click(Role::Button, "More").await?;
    window.click(Role::MenuItem, verb).await?;
    let sheet = window.find(Role::Dialog, &format!("Delete {name}")).await?;
    let field = format!("Type {name} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(name).await?;
    sheet.find(Role::Button, verb).await?.click().await?;
    shows(&sheet, &format!("{name} is deleted.")).await?;
    close(window, &sheet).await
}

#[tokio::test]
async fn a_rule_is_made_drawn_disabled_and_deleted() {
    let test = "a_rule_is_made_drawn_disabled_and_deleted";
    check(test, async |window| {
        let simulator = cloud(window, 20).await?;
        window.go("#/endpoints/new").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", ENDPOINT).await?;
        let port = window.find(Role::Spinbutton, "Port").await?;
        port.fill("8181").await?;
        let sheet = review(window, &format!("Create {ENDPOINT}")).await?;
        shows(&sheet, "\"service_port\": 8181").await?;
        send(&sheet, "Create endpoint").await?;
        shows(&sheet, &format!("{ENDPOINT} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, ENDPOINT).await?;
        window.shows("Nothing uses it.").await?;

        // The rule begins with the endpoint whose page it was asked for on.
        window.click(Role::Button, "Create rule").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", RULE).await?;
        let source = choose_endpoint(window, "Source", "SystemREST (REST)").await?;
        let path = source.find(Role::Textbox, "Path").await?;
        path.fill("/orders").await?;
        path.press(&key(Key::Tab)).await?;
        shows(&source, "orders-to-lines forwards these messages already.").await?;
        path.fill("/cranes").await?;
        let target = window.find(Role::Group, "Destination").await?;
        let field = target.find(Role::Textbox, "Path").await?;
        field.fill("/v1/cranes").await?;
        let sheet = review(window, &format!("Create {RULE}")).await?;
        shows(&sheet, "from SystemREST to crane-service").await?;
        shows(&sheet, "\"path\": \"/v1/cranes\"").await?;
        send(&sheet, "Create rule").await?;
        shows(&sheet, &format!("{RULE} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, RULE).await?;

        // What uses an endpoint is told instead of a request that fails.
        window.click(Role::Link, ENDPOINT).await?;
        window.find(Role::Heading, ENDPOINT).await?;
        window.click(Role::Button, "More").await?;
        window.click(Role::MenuItem, "Delete endpoint").await?;
        let sheet = window.find(Role::Dialog, Name::has("Delete")).await?;
        shows(&sheet, "can't be deleted while something uses it").await?;
        assert!(sheet.all(Role::Button, "Delete endpoint").await?.is_empty());
        let user = format!("Rule {RULE} sends messages to it");
        sheet.find(Role::Link, user.as_str()).await?.click().await?;
        window.gone(Role::Dialog, Name::Any).await?;
        window.find(Role::Heading, RULE).await?;
        assert_eq!(simulator.control().count("delete_end_point"), 0);

        window.click(Role::Button, "Disable").await?;
        let sheet = window
            .find(Role::Dialog, &format!("Disable {RULE}"))
            .await?;
        send(&sheet, "Disable").await?;
        shows(&sheet, &format!("{RULE} is disabled.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Button, "Enable").await?;

        routes(window).await?;
        delete(window, "Delete rule", RULE).await?;
        // The page of what is gone is left for the list, which is the picture it was left as.
        window.find(Role::Group, "Routes of messages").await?;
        window.gone(Role::Link, Name::has(RULE)).await?;
        window.press("v").await?;
        window.find(Role::Grid, "Rules").await?;
        assert_eq!(simulator.control().count("delete_rule"), 1);
        Ok(())
    })
    .await;
}

/// Finds the rule in the picture by keys alone, and opens its page.
async fn routes(window: &Window) -> Result<()> {
    window.go("#/rules").await?;
    let grid = window.find(Role::Grid, "Rules").await?;
    grid.press("v").await?;
    window.find(Role::Group, "Routes of messages").await?;
    window.gone(Role::Grid, "Rules").await?;
    let told = format!("{RULE}, Disabled, from SystemREST /cranes to {ENDPOINT} /v1/cranes");
    let rule = window.find(Role::Link, Name::has(&told)).await?;
    rule.press(&key(Key::Right)).await?;
    let focused = window
        .run("return document.activeElement.ariaLabel", vec![])
        .await?;
    let focused = focused.as_str().context("nothing has the focus")?;
    assert!(focused.starts_with(ENDPOINT), "{focused}");
    window.press(&key(Key::Left)).await?;
    window.press(&key(Key::Enter)).await?;
    let panel = window.find(Role::Complementary, Name::Any).await?;
    panel.find(Role::Heading, RULE).await?;
    assert!(window.address().await?.contains("view=routes"));
    panel.find(Role::Button, "Open page").await?.click().await?;
    window.find(Role::Heading, RULE).await?;
    Ok(())
}

#[tokio::test]
async fn a_topic_is_assembled() {
    check("a_topic_is_assembled", async |window| {
        let simulator = cloud(window, 20).await?;
        let node = create_node(window, NODE).await?;
        let state = ask(window, "get_state", json!({})).await?;
        let project = state["session"]["project_id"].as_str();
        let project = project.context("there is no project")?.to_owned();
        window.go("#/rules/new").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", "crane-telemetry").await?;
        let source = choose_endpoint(window, "Source", "SystemEventBus (EventBus)").await?;
        source
            .find(Role::Button, "Choose node…")
            .await?
            .click()
            .await?;
        let picker = window.find(Role::Dialog, "Choose node…").await?;
        let filter = picker.find(Role::Combobox, "Filter").await?;
        filter.fill(&format!("name:{NODE}")).await?;
        filter.press(&key(Key::Enter)).await?;
        picker.find(Role::GridCell, Name::shows(NODE)).await?;
        filter.press(&key(Key::Down)).await?;
        picker.find(Role::Button, "Use").await?.click().await?;
        window.gone(Role::Dialog, Name::Any).await?;
        let own = source.find(Role::Textbox, "Topic of your own").await?;
        own.fill("telemetry").await?;
        let topic = format!("{project}/nodes/{node}/user/telemetry");
        shows(&source, &topic).await?;
        let target = choose_endpoint(window, "Destination", "plant-stream (DIS)").await?;
        let stream = target.find(Role::Textbox, "Stream").await?;
        stream.fill("cranes").await?;
        let sheet = review(window, "Create crane-telemetry").await?;
        shows(&sheet, &format!("\"topic\": \"{topic}\"")).await?;
        shows(&sheet, &format!("\"node_id\": \"{node}\"")).await?;
        send(&sheet, "Create rule").await?;
        shows(&sheet, "crane-telemetry is created.").await?;
        close(window, &sheet).await?;
        window.find(Role::Link, NODE).await?;
        assert_eq!(simulator.control().count("create_rule"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_subscription_is_made_disabled_and_deleted() {
    let test = "a_subscription_is_made_disabled_and_deleted";
    check(test, async |window| {
        let simulator = cloud(window, 20).await?;
        window.go("#/system_events/new").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", SUBSCRIPTION).await?;
        choose_endpoint(window, "Destination", "maintenance-api (API Gateway)").await?;
        window.fill("Address", "https://example.com/cranes").await?;
        // Nothing to be told of is told at once.
        window.click(Role::Button, "Review and send").await?;
        window.shows("Choose at least one event.").await?;
        window.click(Role::Checkbox, "Goes offline").await?;
        let applications = window.find(Role::Group, "Applications").await?;
        // All that happens to applications has a topic of its own.
        for event in ["Created", "Changed", "Deleted"] {
            let event = applications.find(Role::Checkbox, event).await?;
            event.click().await?;
        }
        let sheet = review(window, &format!("Create {SUBSCRIPTION}")).await?;
        shows(&sheet, "\"events\": \"edgeNode/offline,deployment/all\"").await?;
        send(&sheet, "Subscribe to events").await?;
        shows(&sheet, &format!("{SUBSCRIPTION} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, SUBSCRIPTION).await?;
        window.shows("Node offline").await?;

        // Many at once: each is called for by itself.
        window.go("#/system_events").await?;
        let grid = window.find(Role::Grid, "Subscriptions").await?;
        grid.find(Role::GridCell, Name::shows(SUBSCRIPTION)).await?;
        window.settled().await?;
        grid.press(&format!("{}a", key(Key::Control))).await?;
        window.click(Role::Button, "Disable subscriptions").await?;
        let sheet = window.find(Role::Dialog, "Disable subscriptions").await?;
        shows(&sheet, "4 calls will be sent").await?;
        let button = sheet.find(Role::Button, "Disable subscriptions").await?;
        button.click().await?;
        shows(&sheet, "4 Succeeded").await?;
        close(window, &sheet).await?;
        assert_eq!(simulator.control().count("stop_system_event"), 4);

        grid.find(Role::GridCell, Name::shows(SUBSCRIPTION))
            .await?
            .click()
            .await?;
        window.find(Role::Complementary, Name::Any).await?;
        window.find(Role::Button, "Enable").await?;
        delete_from_panel(window).await?;
        assert_eq!(simulator.control().count("delete_system_event"), 1);
        Ok(())
    })
    .await;
}

/// Deletes the subscription that the side panel shows.
async fn delete_from_panel(window: &Window) -> Result<()> {
    let panel = window.find(Role::Complementary, Name::Any).await?;
    panel.find(Role::Button, "More").await?.click().await?;
    window.click(Role::MenuItem, "Delete subscription").await?;
    let title = format!("Delete {SUBSCRIPTION}");
    let sheet = window.find(Role::Dialog, title.as_str()).await?;
    shows(&sheet, "maintenance-api is no longer told by it").await?;
    let field = format!("Type {SUBSCRIPTION} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(SUBSCRIPTION).await?;
    let button = sheet.find(Role::Button, "Delete subscription").await?;
    button.click().await?;
    shows(&sheet, &format!("{SUBSCRIPTION} is deleted.")).await?;
    close(window, &sheet).await
}
