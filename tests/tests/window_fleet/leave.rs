//! Leaving forms: nothing typed is asked for nothing, and the next page stands.

use anyhow::Result;
use tests::window::{Name, Role, Window, check};

use super::stage::cloud;

/// Opens a form by its page's button, and leaves it untouched by the rail.
async fn in_and_out(
    window: &Window,
    page: &str,
    form: &str,
    button: &str,
    other: &str,
) -> Result<()> {
    window.go(page).await?;
    window.settled().await?;
    window.click(Role::Button, button).await?;
    window.find(Role::Heading, form).await?;
    window.settled().await?;
    let rail = window.find(Role::Navigation, "Pages").await?;
    rail.find(Role::Link, other).await?.click().await?;
    let main = window.find(Role::Main, Name::Any).await?;
    main.find(Role::Heading, other).await?;
    Ok(())
}

#[tokio::test]
async fn an_untouched_form_is_left_for_any_page() {
    check("an_untouched_form_is_left_for_any_page", async |window| {
        let _simulator = cloud(window, 40).await?;
        for other in ["Settings", "Secrets", "Devices", "Settings"] {
            in_and_out(window, "#/nodes", "Register node", "Register node", other).await?;
            in_and_out(
                window,
                "#/config_maps",
                "Create ConfigMap",
                "Create ConfigMap",
                other,
            )
            .await?;
            in_and_out(
                window,
                "#/devices",
                "Register device",
                "Register device",
                other,
            )
            .await?;
        }
        // What was typed is asked about once, and gone with the answer.
        window.go("#/config_maps").await?;
        window.click(Role::Button, "Create ConfigMap").await?;
        window.find(Role::Heading, "Create ConfigMap").await?;
        window.settled().await?;
        window.fill("Name", "half-typed").await?;
        let rail = window.find(Role::Navigation, "Pages").await?;
        rail.find(Role::Link, "Secrets").await?.click().await?;
        let question = window.find(Role::Dialog, "Leave without saving").await?;
        question.find(Role::Button, "Leave").await?.click().await?;
        let main = window.find(Role::Main, Name::Any).await?;
        main.find(Role::Heading, "Secrets").await?;
        in_and_out(
            window,
            "#/config_maps",
            "Create ConfigMap",
            "Create ConfigMap",
            "Settings",
        )
        .await
    })
    .await;
}
