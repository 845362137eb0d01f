//! Looking around: the list, its filter, a page, its tabs, and back.

use anyhow::{Context, Result};
use fantoccini::key::Key;
use tests::window::{Element, Name, Role, Window, check, wait_for};

use super::stage::{explore, filter, key, narrowed, row_in_hand};

#[tokio::test]
async fn nodes_are_browsed_by_keyboard() {
    check("nodes_are_browsed_by_keyboard", async |window| {
        explore(window).await?;
        let rail = window.find(Role::Navigation, "Pages").await?;
        rail.find(Role::Link, "Nodes").await?.click().await?;
        let grid = window.find(Role::Grid, "Nodes").await?;

        filter(window, "state:running").await?;
        let (matched, total) = narrowed(window).await?;
        assert!(0 < matched && matched < total, "{matched} of {total} match");
        let rows = wait_for("rows that all match", async || {
            let rows = rows(&grid).await?;
            let all = rows.iter().all(|row| row.contains("Running"));
            Ok((all && !rows.is_empty()).then_some(rows))
        })
        .await?;
        let shown = u64::try_from(rows.len())?;
        assert!(shown <= matched, "{shown} rows of {matched}");

        // From the filter on to the rows, down one, and into its page.
        window.press(&key(Key::Down)).await?;
        let first = row_in_hand(window, &grid, "").await?;
        window.press(&key(Key::Down)).await?;
        let second = row_in_hand(window, &grid, &first).await?;
        let name = second.lines().next().context("the row has no name")?;
        window.press(&key(Key::Enter)).await?;
        window.find(Role::Heading, name).await?;

        tabs(window).await?;

        window
            .press(&format!("{}{}", key(Key::Alt), key(Key::Left)))
            .await?;
        window.find(Role::Heading, "Nodes").await?;
        assert_eq!(narrowed(window).await?, (matched, total));
        Ok(())
    })
    .await;
}

/// What the rows of a table show, without the one that has the headings.
async fn rows(grid: &Element) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for row in grid.all(Role::Row, Name::Any).await?.iter().skip(1) {
        texts.push(row.painted().await?);
    }
    Ok(texts)
}

/// Goes through the tabs of a node, each of which has to show something.
async fn tabs(window: &Window) -> Result<()> {
    for (tab, shown) in [
        ("Devices", "bound"),
        ("Certs", "Create certificate"),
        ("Logs", "NTP servers"),
        ("Attributes", "Tags"),
        ("Software", "History"),
        ("Summary", "Identifier"),
    ] {
        let tab = window.find(Role::Tab, Name::has(tab)).await?;
        tab.click().await?;
        wait_for("the tab to be chosen", async || {
            let chosen = tab.attribute("aria-selected").await?;
            Ok((chosen.as_deref() == Some("true")).then_some(()))
        })
        .await?;
        let panel = window.find(Role::TabPanel, Name::Any).await?;
        super::stage::shows(&panel, shown).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_row_that_is_clicked_shows_its_details() {
    check("a_row_that_is_clicked_shows_its_details", async |window| {
        explore(window).await?;
        window.go("#/nodes").await?;
        let grid = window.find(Role::Grid, "Nodes").await?;
        window.settled().await?;
        let rows = grid.all(Role::Row, Name::Any).await?;
        let row = rows.get(2).context("there are no rows")?;
        let text = row.painted().await?;
        let name = text.trim().lines().next().context("the row has no name")?;
        row.click().await?;
        window.find(Role::Heading, name).await?;
        window.find(Role::Button, "Close details").await?;
        Ok(())
    })
    .await;
}
