//! A window with a fleet in it, and what the tests of the fleet do again and again.

use anyhow::{Context, Result, anyhow};
use fantoccini::key::Key;
use ief_sim::{Options, Running, Simulator};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tests::window::{Element, Name, Role, Window, wait_for};

/// Takes the simulator where the window asks what to begin with.
pub(crate) async fn explore(window: &Window) -> Result<()> {
    window
        .click(Role::Button, Name::has("Explore the simulator"))
        .await?;
    window.find(Role::Navigation, "Pages").await?;
    Ok(())
}

/// A cloud that is watched, with a profile of its own in use and writing unlocked. Its time stands still.
pub(crate) async fn cloud(window: &mut Window, nodes: u64) -> Result<Running> {
    let simulator = Simulator::start(Options {
        nodes,
        pace: ief_sim::Pace::Manual,
        ..Options::default()
    })
    .await?;
    // The page draws nothing before the host knows where secrets are kept.
    window.find(Role::Heading, "Edge Console").await?;
    let account = simulator.account();
    let request = json!({
        "profile": {
            "name": "Works",
            "colour": "blue",
            "production": false,
            "target": {
                "target": "cloud",
                "region": "",
                "endpoint": account.endpoint,
                "iam_endpoint": account.iam_endpoint,
                "project_name": account.project_name,
                "project_id": account.project_id,
                "instance_id": account.instance_id,
                "credential": { "kind": "access_key", "access_key": account.access_key },
                "proxy": { "proxy": "direct" },
                "extra_ca": "",
            },
        },
        "secret": account.secret_key.expose_secret(),
    });
    let profile = ask(window, "save_profile", request).await?;
    ask(window, "switch_profile", json!({ "id": profile["id"] })).await?;
    let unlock = json!({ "minutes": 30, "reason": "maintenance" });
    ask(window, "unlock_writes", unlock).await?;
    window.find(Role::Navigation, "Pages").await?;
    Ok(simulator)
}

/// What the host answers a command.
pub(crate) async fn ask(window: &Window, command: &str, request: Value) -> Result<Value> {
    window
        .dispatch(command, request)
        .await?
        .map_err(|refusal| anyhow!("the host refused {command}: {refusal}"))
}

/// Has the host send a call, and answers the identifier below `pointer` in the service's answer.
pub(crate) async fn create(window: &Window, call: Value, pointer: &str) -> Result<String> {
    let state = ask(window, "get_state", json!({})).await?;
    let request = json!({ "call": call, "session": state["session"]["number"] });
    let sent = ask(window, "send_call", request).await?;
    let id = sent.pointer(&format!("/answer/body{pointer}"));
    let id = id.and_then(Value::as_str);
    Ok(id
        .with_context(|| format!("there is no {pointer} in {sent}"))?
        .to_owned())
}

/// Has the host register a node.
pub(crate) async fn create_node(window: &Window, name: &str) -> Result<String> {
    let call = json!({ "operation": "create_edge_node", "body": { "node": { "name": name } } });
    create(window, call, "/node/id").await
}

/// Narrows the list that is open.
pub(crate) async fn filter(window: &Window, text: &str) -> Result<()> {
    let field = window.find(Role::Combobox, "Filter").await?;
    field.fill(text).await?;
    field.press(&key(Key::Enter)).await
}

/// How many of how many rows the list that is open says it shows, as soon as the filter is at work.
pub(crate) async fn narrowed(window: &Window) -> Result<(u64, u64)> {
    wait_for("the count of what matches", async || {
        for status in window.all(Role::Status, Name::Any).await? {
            let text = status.painted().await?.replace(',', "");
            if let Some((matched, total)) = text.split_once(" of ")
                && let (Ok(matched), Ok(total)) = (matched.parse(), total.parse())
            {
                return Ok(Some((matched, total)));
            }
        }
        Ok(None)
    })
    .await
}

/// The text of the row in hand of a table, as soon as it is another one than before.
pub(crate) async fn row_in_hand(window: &Window, grid: &Element, before: &str) -> Result<String> {
    wait_for("another row in hand", async || {
        let Some(id) = grid.attribute("aria-activedescendant").await? else {
            return Ok(None);
        };
        let text = window
            .run(
                "const cells = document.getElementById(arguments[0])?.querySelectorAll('[role=gridcell]') ?? [];
                 return [...cells].map(it => it.innerText).join('\\n')",
                vec![json!(id)],
            )
            .await?;
        let text = text.as_str().unwrap_or_default().trim().to_owned();
        Ok((!text.is_empty() && text != before).then_some(text))
    })
    .await
}

/// Waits until an element shows a text.
pub(crate) async fn shows(element: &Element, text: &str) -> Result<()> {
    wait_for(format!("the text “{text}”"), async || {
        Ok(element.painted().await?.contains(text).then_some(()))
    })
    .await
}

/// Sends what a sheet shows by its key, once its button is there.
pub(crate) async fn send(sheet: &Element, button: &str) -> Result<()> {
    let button = sheet.find(Role::Button, button).await?;
    let keys = format!("{}{}", key(Key::Control), key(Key::Enter));
    button.press(&keys).await
}

/// Closes a sheet that is done. Its head has a button of the same name as its foot.
pub(crate) async fn close(window: &Window, sheet: &Element) -> Result<()> {
    let buttons = sheet.all(Role::Button, "Close").await?;
    let button = buttons.last().context("the sheet can't be closed")?;
    button.click().await?;
    window.gone(Role::Dialog, Name::Any).await
}

/// A key that types nothing.
pub(crate) fn key(key: Key) -> String {
    char::from(key).to_string()
}
