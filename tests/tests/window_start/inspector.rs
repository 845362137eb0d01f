//! The package inspector before there is a profile: by dialog, by dropping, with a passphrase.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::window::{Drag, Name, Role, Window, check, wait_for};

use crate::sight::{ask, press, says, says_no_more};

/// What its passphrase is stands beside it, in the README of the fixtures.
const LOCKED: &str = "keys/p256.encrypted.pkcs8.pem";
const CERTIFICATE: &str = "certificates/leaf_sha256.pem";

fn fixture(name: &str) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/edge-package/tests/fixtures");
    folder.join(name)
}

/// Puts a file where the application finds it when it is asked to choose some.
fn offer(window: &Window, name: &str) -> Result<()> {
    let from = fixture(name);
    let file = from.file_name().context("a fixture without a name")?;
    fs::copy(&from, window.offered().join(file))
        .with_context(|| format!("{} could not be copied", from.display()))?;
    Ok(())
}

/// The page whose report is shown says this in its verdict.
async fn verdict(window: &Window, word: &str) -> Result<()> {
    let text = format!("a verdict of {word}");
    wait_for(text, async || {
        let shown = window
            .run(
                "return document.querySelector('.verdict')?.textContent ?? ''",
                vec![],
            )
            .await?;
        let shown = shown.as_str().unwrap_or_default();
        Ok(shown.trim().starts_with(word).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packages_are_inspected_by_dialog_without_a_profile() {
    let test = "packages_are_inspected_by_dialog_without_a_profile";
    check(test, async |window| {
        press(window, "Inspect a package").await?;
        window.find(Role::Heading, "Package inspector").await?;
        says(window, "Nothing leaves this computer").await?;

        offer(window, LOCKED)?;
        press(window, "Choose files…").await?;
        window
            .find(Role::Heading, "p256.encrypted.pkcs8.pem")
            .await?;
        says(window, "Locked by a passphrase").await?;
        says(window, "No profile is in use").await?;
        window.fill("Passphrase", "not this one").await?;
        press(window, "Unlock").await?;
        says(window, "This passphrase opens nothing here").await?;
        window.fill("Passphrase", "test").await?;
        press(window, "Unlock").await?;
        says(window, "Opened: ").await?;
        says_no_more(window, "Locked by a passphrase").await?;

        // Nothing was asked of anybody, and there is still no profile in use.
        let state = ask(window, "get_state", json!({})).await?;
        assert_eq!(state["first_run"], true);
        let page = window.run("return document.body.innerHTML", vec![]).await?;
        let page = page.as_str().context("the page has no text")?;
        ensure!(!page.contains("PRIVATE KEY"), "a key is in the window");

        window.click(Role::Link, "Edge Console").await?;
        window
            .find(Role::Button, Name::has("Explore the simulator"))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_dropped_on_the_first_screen_open_the_inspector() {
    let test = "files_dropped_on_the_first_screen_open_the_inspector";
    check(test, async |window| {
        window
            .find(Role::Button, Name::has("Explore the simulator"))
            .await?;
        let certificate = fixture(CERTIFICATE).canonicalize()?;
        let garbage = window.data().join("garbage.tar.gz");
        fs::write(&garbage, b"\x1f\x8b nothing that was ever packed")?;

        let drag = Drag::over(window.process()?, &[&certificate])?;
        says(window, "Drop to inspect").await?;
        says(window, "1 file.").await?;
        drag.leave()?;
        says_no_more(window, "Drop to inspect").await?;
        says(window, "Explore the simulator").await?;

        let files = [certificate.as_path(), &garbage, window.data()];
        let drag = Drag::over(window.process()?, &files)?;
        says(window, "3 files.").await?;
        drag.drop()?;
        window.find(Role::Heading, "leaf_sha256.pem").await?;
        says_no_more(window, "Drop to inspect").await?;
        // A folder is no file, and says so beside what could be opened.
        says(window, "1 input could not be read").await?;

        window
            .click(Role::Link, Name::has("garbage.tar.gz"))
            .await?;
        window.find(Role::Heading, "garbage.tar.gz").await?;
        verdict(window, "Bad").await?;

        // What came together is marked.
        press(window, "Compare 2").await?;
        window.find(Role::Heading, "Comparison").await?;
        window.find(Role::Table, Name::Any).await?;
        says(window, "leaf_sha256.pem").await?;
        Ok(())
    })
    .await;
}
