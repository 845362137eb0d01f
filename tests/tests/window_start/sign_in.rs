//! A cloud profile: tried, saved, used; its secret in the keyring and nowhere else.

use anyhow::{Result, ensure};
use serde_json::json;
use tests::window::{Name, Role, Window, check};

use crate::cloud::{Cloud, PROFILE, SignIn, save};
use crate::leaks::none_in_files;
use crate::sight::{ask, fill, node_rows, open, open_nodes, says, says_no_more};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_signs_in_with_a_password() {
    check("a_user_signs_in_with_a_password", async |window| {
        let cloud = Cloud::open(21).await?;
        cloud.describe(window, SignIn::Password).await?;
        fill(window, "Password", "not-the-password").await?;
        window.click(Role::Button, "Test connection").await?;
        says(window, "Reach IAM passed").await?;
        says(window, "Sign in failed The sign-in was refused.").await?;
        says(window, "First request not tried").await?;

        cloud.type_secret(window, SignIn::Password).await?;
        window.click(Role::Button, "Test connection").await?;
        for step in ["Reach IAM", "Sign in", "Find the project", "First request"] {
            says(window, &format!("{step} passed")).await?;
        }
        says_no_more(window, "failed").await?;

        session_stands(window, &cloud).await?;
        ensure!(
            cloud.control().count("create_token") > 0,
            "nobody signed in"
        );
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_signs_in_with_an_access_key() {
    check("a_user_signs_in_with_an_access_key", async |window| {
        let cloud = Cloud::open(22).await?;
        cloud.describe(window, SignIn::AccessKey).await?;
        fill(window, "Secret key (SK)", "not-the-secret-key").await?;
        window.click(Role::Button, "Test connection").await?;
        says(window, "Sign in failed The sign-in was refused.").await?;
        says(window, "The gateway did not accept the token or signature.").await?;
        says(window, "First request not tried").await?;

        cloud.type_secret(window, SignIn::AccessKey).await?;
        window.click(Role::Button, "Test connection").await?;
        for step in ["Find the project", "First request"] {
            says(window, &format!("{step} passed")).await?;
        }
        says_no_more(window, "failed").await?;

        session_stands(window, &cloud).await?;
        let signed = cloud
            .control()
            .requests()
            .into_iter()
            .filter(|it| it.operation == Some("list_edge_nodes") && it.status == Some(200))
            .all(|it| it.headers.iter().any(|name| name == "x-sdk-date"));
        ensure!(signed, "a list was read without a signature");
        assert_eq!(cloud.control().count("create_token"), 0);
        Ok(())
    })
    .await;
}

/// Saves the profile, and looks at everything that holds from then on.
async fn session_stands(window: &mut Window, cloud: &Cloud) -> Result<()> {
    save(window).await?;
    window.find(Role::Button, "Read-only").await?;
    open_nodes(window).await?;
    says(window, "Nodes 120").await?;
    node_rows(window).await?;
    nobody_else_knows(window, cloud).await?;

    // The keyring gives the secret back to the next start.
    window.restart().await?;
    window
        .find(Role::Button, Name::has(&format!("Profile {PROFILE}.")))
        .await?;
    window.find(Role::Button, "Read-only").await?;
    says(window, "Connected").await?;
    open_nodes(window).await?;
    node_rows(window).await?;
    nobody_else_knows(window, cloud).await
}

/// The secret is in the system's keyring, which the window says, and in no file.
async fn nobody_else_knows(window: &Window, cloud: &Cloud) -> Result<()> {
    none_in_files(window.data(), &cloud.secrets())?;
    let state = ask(window, "get_state", json!({})).await?;
    assert_eq!(state["secret_store"]["store"], "secret_service");
    assert_eq!(state["secret_store"]["usable"], true);
    open(window, "Settings").await?;
    says(window, "System keyring (Secret Service)").await?;
    open(window, "Profiles").await?;
    says(window, PROFILE).await?;
    says_no_more(window, "No password or secret key stored").await
}
