//! The window, end to end.

use tests::window::{Role, check};

#[tokio::test]
async fn the_window_opens_and_shows_a_heading() {
    check("the_window_opens_and_shows_a_heading", async |window| {
        window.find(Role::Heading, "Edge Console").await?;
        Ok(())
    })
    .await;
}
