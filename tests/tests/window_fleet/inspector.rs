//! The package inspector: a package from its making on, and one that was put together wrongly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use fantoccini::key::Key;
use tests::window::{Drag, Element, Name, Role, Window, check, wait_for};

use super::stage::{explore, key, send, shows};

/// Registers a node, as far as the sheet that hands out its package.
async fn register(window: &Window, name: &str) -> Result<Element> {
    window.go("#/nodes/new").await?;
    window.find(Role::Textbox, "Name").await?;
    window.settled().await?;
    window.fill("Name", name).await?;
    window.click(Role::Button, "Register node").await?;
    let sheet = window.find(Role::Dialog, "Register node").await?;
    send(&sheet, "Register node").await?;
    shows(&sheet, &format!("{name} is registered.")).await?;
    Ok(sheet)
}

async fn save(window: &Window, sheet: &Element, name: &str) -> Result<PathBuf> {
    let button = sheet.find(Role::Button, "Save package…").await?;
    button.click().await?;
    let package = window.saved().join(format!("{name}.tar.gz"));
    shows(sheet, &format!("Saved to {}", package.display())).await?;
    Ok(package)
}

/// The verdict of the report that is shown.
async fn verdict(window: &Window, word: &str) -> Result<()> {
    wait_for(format!("a verdict of {word}"), async || {
        let script = "return document.querySelector('.verdict')?.textContent ?? ''";
        let shown = window.run(script, vec![]).await?;
        let shown = shown.as_str().unwrap_or_default();
        Ok(shown.trim().starts_with(word).then_some(()))
    })
    .await
}

/// A package with the key of another one.
fn with_key_of(package: &Path, other: &Path, into: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let tar = |arguments: &[&std::ffi::OsStr]| -> Result<()> {
        let output = Command::new("tar").args(arguments).output()?;
        ensure!(output.status.success(), "tar failed: {output:?}");
        Ok(())
    };
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    for (package, folder) in [(package, &first), (other, &second)] {
        fs::create_dir(folder)?;
        tar(&[
            "-xzf".as_ref(),
            package.as_ref(),
            "-C".as_ref(),
            folder.as_ref(),
        ])?;
    }
    let key = find_key(&first)?;
    fs::copy(find_key(&second)?, &key)?;
    let whole: [&std::ffi::OsStr; 5] = [
        "-czf".as_ref(),
        into.as_ref(),
        "-C".as_ref(),
        first.as_ref(),
        ".".as_ref(),
    ];
    tar(&whole)
}

fn find_key(folder: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Ok(key) = find_key(&path) {
                return Ok(key);
            }
        } else if path.extension().is_some_and(|it| it == "key") {
            return Ok(path);
        }
    }
    Err(anyhow::anyhow!("there is no key in {}", folder.display()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_is_inspected_from_its_making_on() {
    check("a_package_is_inspected_from_its_making_on", async |window| {
        explore(window).await?;
        let (first, second) = ("gw-crane-0001", "gw-crane-0002");
        let sheet = register(window, first).await?;
        // Where it is handed out, before it is saved.
        let inspect = sheet.find(Role::Button, "Inspect").await?;
        inspect.click().await?;
        let report = sheet.find(Role::Link, "Open the report").await?;
        shows(&sheet, "Good").await?;
        // What is not saved is not left without a question.
        report.click().await?;
        shows(&sheet, "It has not been saved.").await?;
        let one = save(window, &sheet, first).await?;
        sheet
            .find(Role::Link, "Open the report")
            .await?
            .click()
            .await?;
        window.gone(Role::Dialog, Name::Any).await?;
        window
            .find(Role::Heading, format!("{first}.tar.gz").as_str())
            .await?;
        verdict(window, "Good").await?;
        // The service of the profile knows it.
        window.click(Role::Link, "Open the node").await?;
        window.find(Role::Heading, first).await?;

        let sheet = register(window, second).await?;
        let other = save(window, &sheet, second).await?;
        super::stage::close(window, &sheet).await?;
        let wrong = window.offered().join("wrong.tar.gz");
        with_key_of(&one, &other, &wrong)?;

        window.go("#/inspector").await?;
        window.find(Role::Region, "Package inspector").await?;
        // The list has a button of the same name.
        let region = window.find(Role::Region, "Package inspector").await?;
        region
            .find(Role::Button, "Choose files…")
            .await?
            .click()
            .await?;
        window.find(Role::Heading, "wrong.tar.gz").await?;
        verdict(window, "Bad").await?;
        window.shows("What to do:").await?;
        let summary = window.run(
            "const fold = [...document.querySelectorAll('.report-folds summary')].find(it => it.innerText.includes('Contents'));
             fold?.click(); return fold !== undefined",
            vec![],
        ).await?;
        ensure!(summary == true, "nothing tells of the contents");
        window.shows("private_cert.key").await?;

        // In a hundred years nothing of it holds any more.
        window.fill("Date", "2126-01-01").await?;
        window.press(&key(Key::Enter)).await?;
        window.shows("Judged for 2126-01-01, not for now.").await?;
        window.click(Role::Button, "Judge for now").await?;
        window.gone(Role::Button, "Judge for now").await?;

        // By dropping, over a page that has nothing to do with it.
        window.go("#/journal").await?;
        window.find(Role::Grid, "Journal").await?;
        let drag = Drag::over(window.process()?, &[&other])?;
        window.shows("Drop to inspect").await?;
        drag.drop()?;
        window
            .find(Role::Heading, format!("{second}.tar.gz").as_str())
            .await?;
        verdict(window, "Good").await?;

        // Delete forgets what has the focus, and the one beside it is shown.
        let line = window
            .find(Role::Link, Name::has(&format!("{second}.tar.gz")))
            .await?;
        line.press(&key(Key::Delete)).await?;
        window.find(Role::Heading, "wrong.tar.gz").await?;
        window
            .gone(Role::Link, Name::has(&format!("{second}.tar.gz")))
            .await?;
        let page = window.run("return document.body.innerHTML", vec![]).await?;
        let page = page.as_str().context("the page has no text")?;
        ensure!(!page.contains("PRIVATE KEY"), "a key is in the window");
        Ok(())
    })
    .await;
}
