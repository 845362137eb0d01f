//! The calendar of certificates: by month, one with what hangs on it, reminders, and a file for other calendars.

use std::fs;

use anyhow::Context;
use fantoccini::key::Key;
use tests::window::{Name, Role, check, wait_for};

use super::stage::{create_node, explore, key, row_in_hand, shows};

#[tokio::test]
async fn certificates_are_looked_at_by_their_end() {
    let test = "certificates_are_looked_at_by_their_end";
    check(test, async |window| {
        explore(window).await?;
        window.go("#/certificates").await?;
        window.click(Role::Tab, "Calendar").await?;
        let title = "Certificates by their end";
        let grid = window.find(Role::Grid, title).await?;

        // A month leads to the first certificate that ends in it.
        let last = wait_for("months with certificates", async || {
            let script = "const all = [...document.querySelectorAll('.ending:not(:disabled)')];
                 const last = all.at(-1); last?.click();
                 return last?.querySelector('.ending-label').textContent ?? null";
            let month = window.run(script, vec![]).await?;
            Ok(month.as_str().map(str::to_owned))
        })
        .await?;
        let row = wait_for(format!("a row of {last}"), async || {
            let row = row_in_hand(window, &grid, "").await?;
            Ok(row.contains(&last).then_some(row))
        })
        .await?;
        grid.press(&key(Key::Enter)).await?;
        let sheet = window.find(Role::Dialog, Name::Any).await?;
        shows(&sheet, "1 node").await?;
        // Its node comes first, then what runs on it.
        let links = sheet.all(Role::Link, Name::Any).await?;
        let node = links.first().context("no link to the node")?;
        let name = node.text().await?;
        assert!(row.contains(&name), "{row} is not of {name}");
        node.click().await?;
        window.find(Role::Heading, name.as_str()).await?;
        window.gone(Role::Dialog, Name::Any).await?;

        // A node that was just registered is there too.
        create_node(window, "gw-calendar-1").await?;
        window.go("#/certificates/calendar").await?;
        let search = window.find(Role::Textbox, "Search the calendar").await?;
        search.fill("gw-calendar-1").await?;
        let grid = window.find(Role::Grid, title).await?;
        shows(&grid, "gw-calendar-1").await?;

        // Whoever wants to be reminded earlier is told of more.
        let reminder = async |words: &str| {
            let words = words.to_owned();
            wait_for(format!("a reminder of {words}"), async || {
                let line = window.run(
                    "return document.querySelector('.status').textContent",
                    vec![],
                );
                let line = line.await?;
                Ok(line.as_str().filter(|it| it.contains(&words)).map(|_| ()))
            })
            .await
        };
        let lead = window.find(Role::Button, "Remind").await?;
        lead.choose("180 days before").await?;
        reminder("within 180 days").await?;
        lead.choose("Never").await?;
        wait_for("no reminder", async || {
            let line = window.run(
                "return document.querySelector('.status').textContent",
                vec![],
            );
            Ok(line
                .await?
                .as_str()
                .filter(|it| !it.contains("within"))
                .map(|_| ()))
        })
        .await?;
        lead.choose("90 days before").await?;
        reminder("within 90 days").await?;

        window.click(Role::Button, "Export").await?;
        window.click(Role::MenuItem, "Calendar file (ICS)").await?;
        let file = window.saved().join("certificates.ics");
        window
            .shows(&format!("Saved to {}", file.display()))
            .await?;
        let saved = fs::read_to_string(file)?;
        assert!(saved.starts_with("BEGIN:VCALENDAR\r\n"), "{}", &saved[..80]);
        assert!(
            saved.contains("TRIGGER:-P90D"),
            "reminders are due 90 days before"
        );
        assert!(saved.contains("gw-calendar-1"));
        let events = saved.matches("BEGIN:VEVENT").count();
        assert_eq!(events, 1, "what is searched for is saved, as it is shown");
        Ok(())
    })
    .await;
}
