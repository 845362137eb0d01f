//! Registering a node, and the package that is handed out once.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use fantoccini::key::Key;
use tests::window::{Name, Role, check};

use super::stage::{close, explore, filter, key, narrowed, send, shows};

const NAME: &str = "gw-harbour-0001";

#[tokio::test]
async fn a_node_is_registered_and_its_package_saved() {
    check(
        "a_node_is_registered_and_its_package_saved",
        async |window| {
            explore(window).await?;
            window.go("#/nodes").await?;
            window.click(Role::Button, "Register node").await?;
            // The form gives its first field the focus once it is drawn, and not again.
            window.find(Role::Textbox, "Name").await?;
            window.settled().await?;
            window.fill("Name", NAME).await?;
            window.fill("Description", "Crane at the harbour").await?;
            for (section, add, of_key, of_value) in [
                ("Tags", "Add tag", "site", "harbour"),
                ("Attributes", "Add attribute", "CRANE", "7"),
            ] {
                let section = window.find(Role::Group, section).await?;
                section.find(Role::Button, add).await?.click().await?;
                let field = section.find(Role::Textbox, "Key").await?;
                field.fill(of_key).await?;
                let field = section.find(Role::Textbox, "Value").await?;
                field.fill(of_value).await?;
            }
            window.click(Role::Button, "Register node").await?;

            // What is shown is what will be sent.
            let sheet = window.find(Role::Dialog, "Register node").await?;
            shows(&sheet, "POST /v2/").await?;
            for part in [
                "/edgemgr/nodes",
                "\"name\": \"gw-harbour-0001\"",
                "\"description\": \"Crane at the harbour\"",
                "\"key\": \"site\"",
                "\"value\": \"harbour\"",
                "\"key\": \"CRANE\"",
                "\"value\": \"7\"",
            ] {
                shows(&sheet, part).await?;
            }
            send(&sheet, "Register node").await?;

            shows(&sheet, &format!("{NAME} is registered.")).await?;
            let package = window.saved().join(format!("{NAME}.tar.gz"));
            assert!(!package.exists(), "nobody has saved it yet");
            sheet
                .find(Role::Button, "Save package…")
                .await?
                .click()
                .await?;
            shows(&sheet, &format!("Saved to {}", package.display())).await?;
            let mode = fs::metadata(&package)?.permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "only its owner may read a key");
            let secret = private_key(&package)?;

            close(window, &sheet).await?;
            window.gone(Role::Dialog, "Register node").await?;
            window.find(Role::Heading, NAME).await?;

            window.go("#/nodes").await?;
            filter(window, &format!("name:{NAME}")).await?;
            let (matched, _) = narrowed(window).await?;
            assert_eq!(matched, 1);
            window.find(Role::GridCell, Name::shows(NAME)).await?;

            window.go("#/journal").await?;
            let journal = window.find(Role::Grid, "Journal").await?;
            journal
                .find(Role::GridCell, Name::shows(NAME))
                .await?
                .click()
                .await?;
            window.press(&key(Key::Enter)).await?;
            window.find(Role::Heading, Name::has(NAME)).await?;
            window.shows("Crane at the harbour").await?;
            let page = window.run("return document.body.innerText", vec![]).await?;
            let page = page.as_str().context("the page has no text")?;
            assert!(!page.contains(&secret) && !page.contains("PRIVATE KEY"));
            nowhere(window.data(), &window.saved(), &secret)
        },
    )
    .await;
}

/// A line of the private key in a package, which has to have a certificate too.
fn private_key(package: &Path) -> Result<String> {
    let tar = |options: &str| -> Result<String> {
        let output = Command::new("tar").arg(options).arg(package).output()?;
        ensure!(output.status.success(), "this is no gzip tar: {output:?}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let names = tar("-tzf")?;
    let texts = tar("-xzOf")?;
    ensure!(
        texts.contains("-----BEGIN CERTIFICATE-----"),
        "there is no certificate among\n{names}"
    );
    let (_, key) = texts
        .split_once("PRIVATE KEY-----")
        .with_context(|| format!("there is no private key among\n{names}"))?;
    let line = key.lines().nth(2).context("the key has no lines")?;
    ensure!(line.len() > 20, "the key has no long lines");
    Ok(line.to_owned())
}

/// Makes sure that no file below a folder has a text in it, but for those where it belongs.
fn nowhere(folder: &Path, but: &Path, text: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path == but {
            continue;
        }
        if path.is_dir() {
            nowhere(&path, but, text)?;
        } else if let Ok(bytes) = fs::read(&path) {
            let found = String::from_utf8_lossy(&bytes).contains(text);
            ensure!(!found, "{} holds a private key", path.display());
        }
    }
    Ok(())
}
