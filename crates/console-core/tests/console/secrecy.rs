//! A canary in every flow that knows a secret, looked for in everything that leaves the console or stays on disk.

use console_ipc::call::{PreviewCall, ReadCall, SaveWithheld, SendCall};
use console_ipc::export::ExportJournal;
use console_ipc::inspect::{
    InspectWithheld, ListInspections, RememberInspection, SaveInspectionReport, ShowInspection,
    UnlockInspection,
};
use console_ipc::journal::{ListJournal, ShowJournalEntry};
use console_ipc::profile::{
    ChooseSecretStore, SaveProfile, StartSecretFile, SwitchProfile, TestConnection,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::support::{Desk, create_node, node_call, part, save_profile, simulator};

const CANARY: &str = "canary-9f4e77";

/// Everything the console has said.
#[derive(Default)]
struct Said(Vec<String>);

impl Said {
    async fn ask<C: console_ipc::Command>(&mut self, desk: &Desk, request: Value) -> Value {
        match desk.answer::<C>(request).await {
            Ok(answer) => {
                self.0.push(answer.to_string());
                answer
            }
            Err(error) => {
                self.0.push(format!(
                    "{error} {error:?} {}",
                    serde_json::to_string(&error).unwrap()
                ));
                Value::Null
            }
        }
    }
}

#[tokio::test]
async fn no_secret_leaves_by_another_way_than_its_own() {
    let simulator = simulator(2).await;
    let account = simulator.account();
    let desk = Desk::new().await;
    let mut said = Said::default();
    let passphrase = format!("{CANARY}-passphrase");
    let store = json!({"store": "encrypted_file", "passphrase": passphrase});
    said.ask::<ChooseSecretStore>(&desk, store).await;
    for kind in ["access_key", "password"] {
        let request = save_profile(account, kind);
        said.ask::<TestConnection>(&desk, request.clone()).await;
        let mut wrong = request.clone();
        wrong["secret"] = json!(format!("{CANARY}-wrong"));
        wrong["security_token"] = json!(format!("{CANARY}-token"));
        said.ask::<TestConnection>(&desk, wrong).await;
        let profile = said.ask::<SaveProfile>(&desk, request).await;
        said.ask::<SwitchProfile>(&desk, json!({"id": profile["id"]}))
            .await;
        desk.rows("node", json!({})).await;
    }
    desk.unlock().await;

    // What the service answers once and never again.
    let sent = said
        .ask::<SendCall>(&desk, json!({"call": create_node("gw-1")}))
        .await;
    let node: String = part(&sent, "/answer/body/node/id");
    let mut secrets: Vec<Vec<u8>> = Vec::new();
    for (number, withheld) in sent["answer"]["withheld"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        let request =
            json!({"handle": withheld["handle"], "suggested_name": format!("secret-{number}")});
        said.ask::<SaveWithheld>(&desk, request).await;
        let saved = std::fs::read(desk.saved().join(format!("secret-{number}"))).unwrap();
        let request = json!({"handle": withheld["handle"], "name": format!("report-{number}")});
        let opened = said.ask::<InspectWithheld>(&desk, request).await;
        said.ask::<ShowInspection>(&desk, json!({"id": opened["id"]}))
            .await;
        let unlock = json!({"id": opened["id"], "passphrase": CANARY});
        said.ask::<UnlockInspection>(&desk, unlock).await;
        let remember = json!({"id": opened["id"], "remembered": true});
        said.ask::<RememberInspection>(&desk, remember).await;
        for format in ["html", "json", "text"] {
            let request = json!({"id": opened["id"], "format": format});
            let saved = said.ask::<SaveInspectionReport>(&desk, request).await;
            let path = saved["path"].as_str().unwrap();
            said.0.push(std::fs::read_to_string(path).unwrap());
        }
        let shown = saved.len().min(60);
        secrets.push(saved[..shown].to_vec());
        secrets.push(base64(&saved[..shown / 3 * 3]));
    }
    assert!(secrets.len() >= 2);
    let mut call = node_call("create_edge_node_certs", &node);
    call["body"] = json!({"name": "cert-1", "type": "device"});
    said.ask::<SendCall>(&desk, json!({"call": call})).await;

    // What the user gives to a device.
    let device = json!({"device": {
        "name": "cam-1",
        "access_protocol": "opc-ua",
        "access_config": {
            "protocol_type": {"value": "opc-ua"},
            "url": {"value": "opc.tcp://10.0.0.1:4840"},
            "auth_type": {"value": "1"},
            "username": {"value": "operator"},
            "password": {"value": CANARY},
        },
    }});
    let call = json!({"operation": "create_device", "body": device});
    said.ask::<PreviewCall>(&desk, json!({"call": call, "target": null}))
        .await;
    let sent = said.ask::<SendCall>(&desk, json!({"call": call})).await;
    if let Some(id) = sent
        .pointer("/answer/body/id")
        .or(sent.pointer("/answer/body/device/id"))
    {
        let call = json!({"operation": "show_device", "path": {"device_id": id}});
        said.ask::<ReadCall>(&desk, json!({"call": call})).await;
        let mut update =
            json!({"operation": "update_device", "path": {"device_id": id}, "body": device});
        update["body"]["device"]
            .as_object_mut()
            .unwrap()
            .remove("name");
        said.ask::<SendCall>(&desk, json!({"call": update})).await;
    }
    // A request that is refused for its shape, with the secret in it.
    said.ask::<SaveProfile>(&desk, json!({"profile": {}, "secret": CANARY}))
        .await;
    said.ask::<ChooseSecretStore>(&desk, json!({"store": CANARY, "passphrase": CANARY}))
        .await;
    for passphrase in [json!(passphrase), json!({ CANARY: CANARY })] {
        said.ask::<StartSecretFile>(&desk, json!({"passphrase": passphrase}))
            .await;
    }

    said.ask::<ListInspections>(&desk, json!({})).await;
    let page = said
        .ask::<ListJournal>(&desk, json!({"search": "", "offset": 0, "limit": 500}))
        .await;
    let entries = page["entries"].as_array().unwrap();
    assert!(entries.len() >= 5, "{page} {:?}", said.0.last_chunk::<6>());
    for entry in entries {
        said.ask::<ShowJournalEntry>(&desk, json!({"id": entry["id"]}))
            .await;
    }
    said.ask::<ExportJournal>(&desk, json!({"format": "json"}))
        .await;
    said.0
        .push(std::fs::read_to_string(desk.saved().join("journal.json")).unwrap());
    said.0
        .push(serde_json::to_string(&desk.state().await).unwrap());
    let events = desk
        .console
        .dispatch("next_events", json!({"after": 0}))
        .await
        .unwrap();
    said.0.push(events.to_string());

    secrets.push(CANARY.into());
    secrets.push(account.password.expose_secret().into());
    secrets.push(account.secret_key.expose_secret().into());
    for secret in &secrets {
        let is_in = |text: &[u8]| {
            text.windows(secret.len())
                .any(|part| part == secret.as_slice())
        };
        for text in &said.0 {
            assert!(
                !is_in(text.as_bytes()),
                "{} in {text}",
                String::from_utf8_lossy(secret)
            );
        }
        for (path, contents) in desk.files() {
            assert!(
                !is_in(&contents),
                "{} in {}",
                String::from_utf8_lossy(secret),
                path.display()
            );
        }
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD
        .encode(bytes)
        .into_bytes()
}
