//! Batch registrations and batch jobs, each from its form to its deletion.

use std::time::Duration;

use anyhow::Result;
use fantoccini::key::Key;
use ief_sim::Running;
use tests::window::{Element, Name, Role, Window, check, wait_for};

use super::stage::{close, cloud, create_node, filter, key, narrowed, send, shows};

/// Machines register themselves with a registration of such a name.
const REGISTRATION: &str = "cranes-enrols";
const JOB: &str = "wave";
const NODE: &str = "gw-batch-0001";

/// Sends a form, and answers the sheet that shows what it sends.
async fn review(window: &Window, title: &str) -> Result<Element> {
    window.click(Role::Button, "Review and send").await?;
    window.find(Role::Dialog, title).await
}

/// Confirms a deletion by the name of what goes.
async fn confirm(window: &Window, verb: &str, name: &str) -> Result<()> {
    let sheet = window
        .find(Role::Dialog, format!("Delete {name}").as_str())
        .await?;
    let field = format!("Type {name} to confirm");
    let field = sheet.find(Role::Textbox, field.as_str()).await?;
    field.fill(name).await?;
    sheet.find(Role::Button, verb).await?.click().await?;
    shows(&sheet, &format!("{name} is deleted.")).await?;
    close(window, &sheet).await
}

fn advance(simulator: &Running, seconds: u64) {
    simulator.control().advance(Duration::from_secs(seconds));
}

#[tokio::test]
async fn machines_register_until_their_registration_is_deleted() {
    let test = "machines_register_until_their_registration_is_deleted";
    check(test, async |window| {
        let simulator = cloud(window, 20).await?;
        window.go("#/registrations").await?;
        window.find(Role::Grid, "Registrations").await?;
        window.click(Role::Button, "Create registration").await?;
        window.find(Role::Textbox, "Name").await?;
        window.settled().await?;
        window.fill("Name", REGISTRATION).await?;
        for (section, add, fields) in [
            ("Tags", "Add tag", [("Key", "site"), ("Value", "harbour")]),
            (
                "Properties",
                "Add property",
                [("Property", "model"), ("Value", "C-7")],
            ),
        ] {
            let section = window.find(Role::Group, section).await?;
            section.find(Role::Button, add).await?.click().await?;
            for (field, text) in fields {
                section.find(Role::Textbox, field).await?.fill(text).await?;
            }
        }
        let sheet = review(window, &format!("Create {REGISTRATION}")).await?;
        shows(&sheet, "\"value\": \"C-7\"").await?;
        send(&sheet, "Create registration").await?;
        shows(&sheet, &format!("{REGISTRATION} is created.")).await?;
        let package = window.saved().join(format!("{REGISTRATION}.tar.gz"));
        let save = sheet.find(Role::Button, "Save package…").await?;
        save.click().await?;
        shows(&sheet, &format!("Saved to {}", package.display())).await?;
        assert!(package.exists());
        close(window, &sheet).await?;
        window.find(Role::Heading, REGISTRATION).await?;
        window.shows("No node has registered with it yet.").await?;

        advance(&simulator, 25);
        window.press(&key(Key::F5)).await?;
        let node = format!("{REGISTRATION}-01");
        window.find(Role::Link, node.as_str()).await?;

        window.click(Role::Button, "Delete registration").await?;
        let sheet = window.find(Role::Dialog, Name::has("Delete")).await?;
        shows(&sheet, "have not registered yet can't any more").await?;
        confirm(window, "Delete registration", REGISTRATION).await?;
        window.find(Role::Grid, "Registrations").await?;
        assert_eq!(simulator.control().count("create_product"), 1);
        assert_eq!(simulator.control().count("delete_product"), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn selected_nodes_are_upgraded_by_a_job() {
    check("selected_nodes_are_upgraded_by_a_job", async |window| {
        let simulator = cloud(window, 200).await?;
        create_node(window, NODE).await?;
        window.go("#/nodes").await?;
        filter(window, "state:running version>=2.2 version<2.52").await?;
        let (outdated, _) = narrowed(window).await?;
        assert!(outdated >= 2, "{outdated} nodes can be upgraded");
        window.settled().await?;
        window.press(&key(Key::Down)).await?;
        for _ in 0..2 {
            window.press(&format!(" {}", key(Key::Down))).await?;
        }
        window.shows("2 selected").await?;
        window.click(Role::Button, "Upgrade…").await?;
        window.find(Role::Heading, "Create batch job").await?;
        window.shows("2 targets").await?;
        window.fill("Name", JOB).await?;

        // What is pasted is told apart: what is there, and what isn't.
        window.click(Role::Button, "Paste…").await?;
        let paste = window.find(Role::Dialog, "Paste…").await?;
        let field = paste.find(Role::Textbox, "Identifiers or names").await?;
        field.fill(&format!("{NODE}, gw-nowhere-0001")).await?;
        shows(&paste, "1 recognised").await?;
        shows(&paste, "1 not recognised").await?;
        shows(&paste, "gw-nowhere-0001").await?;
        paste.find(Role::Button, "Add 1").await?.click().await?;
        window.gone(Role::Dialog, Name::Any).await?;
        window.shows("3 targets").await?;
        window.shows("1 of the nodes doesn't run now.").await?;
        let sheet = review(window, &format!("Create {JOB}")).await?;
        shows(&sheet, "The edge software of 3 nodes will be upgraded").await?;
        send(&sheet, "Create batch job").await?;
        shows(&sheet, &format!("{JOB} is created.")).await?;
        close(window, &sheet).await?;
        window.find(Role::Heading, JOB).await?;
        window.shows("No tasks yet").await?;

        // The page follows the job by itself.
        advance(&simulator, 4);
        let tasks = window.find(Role::Grid, "Tasks").await?;
        let running = tasks.find(Role::GridCell, Name::shows("Running"));
        running.await?;
        steer(window, "Stop", "stops as soon as").await?;
        advance(&simulator, 120);
        window.find(Role::Button, "Resume").await?;
        steer(window, "Resume", "goes on.").await?;
        advance(&simulator, 120);
        let failed = tasks.find(Role::GridCell, Name::shows("Failed"));
        failed.await?;
        steer(window, "Retry", "is at it again.").await?;
        advance(&simulator, 120);
        for operation in ["stop_batch_job", "restore_batch_job", "retry_batch_job"] {
            assert_eq!(simulator.control().count(operation), 1, "{operation}");
        }
        again(window, &simulator).await
    })
    .await;
}

/// Does something with the job of the page, as soon as its state allows it.
async fn steer(window: &Window, verb: &str, done: &str) -> Result<()> {
    wait_for(format!("{verb} to be possible"), async || {
        let button = window.find(Role::Button, verb).await?;
        let disabled = button.attribute("aria-disabled").await?;
        Ok(disabled.is_none().then_some(()))
    })
    .await?;
    window.click(Role::Button, verb).await?;
    let title = format!("{verb} {JOB}");
    let sheet = window.find(Role::Dialog, title.as_str()).await?;
    // What is done once more can do harm once more: its name is asked for.
    if verb == "Retry" {
        let field = format!("Type {JOB} to confirm");
        let field = sheet.find(Role::Textbox, field.as_str()).await?;
        field.fill(JOB).await?;
    }
    send(&sheet, verb).await?;
    shows(&sheet, done).await?;
    close(window, &sheet).await
}

/// Opens the job as a new one that deploys an application to the same nodes, and deletes both.
async fn again(window: &Window, simulator: &Running) -> Result<()> {
    window.click(Role::Button, "More").await?;
    window.click(Role::MenuItem, "Open as new").await?;
    window.find(Role::Heading, "Create batch job").await?;
    window.shows("3 targets").await?;
    window
        .click(Role::Radio, Name::has("Application deployment"))
        .await?;
    let container = window.find(Role::Group, "Container 1").await?;
    let name = container.find(Role::Textbox, "Name").await?;
    name.fill("main").await?;
    let image = container.find(Role::Textbox, "Image").await?;
    image.fill("sample:latest").await?;
    let next = format!("{JOB}-2");
    let sheet = review(window, &format!("Create {next}")).await?;
    shows(&sheet, "An application will be deployed to each of 3 nodes").await?;
    shows(&sheet, "\"task_data\"").await?;
    send(&sheet, "Create batch job").await?;
    shows(&sheet, &format!("{next} is created.")).await?;
    close(window, &sheet).await?;
    window.find(Role::Heading, next.as_str()).await?;
    window.click(Role::Button, "More").await?;
    window.click(Role::MenuItem, "Delete batch job").await?;
    let sheet = window.find(Role::Dialog, Name::has("Delete")).await?;
    shows(&sheet, "It is still at work.").await?;
    confirm(window, "Delete batch job", &next).await?;
    window.find(Role::Grid, "Jobs").await?;
    assert_eq!(simulator.control().count("create_batch_job"), 2);
    assert_eq!(simulator.control().count("delete_batch_job"), 1);
    Ok(())
}
