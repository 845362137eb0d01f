use std::path::Path;
use std::sync::Arc;

use console_core::{Console, StartError};
use console_ipc::ErrorKind;
use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::notice::NoticeKind;
use console_ipc::profile::{
    ChooseSecretStore, Connection, DeleteProfile, DuplicateProfile, GuardState, SaveProfile,
    SecretStore, StartSecretFile, Step, StepOutcome, SwitchProfile, TestConnection,
};
use serde_json::json;

use super::support::{Desk, Keyring, options, save_profile, simulator};

async fn connected(desk: &Desk) {
    desk.event(|event| match event {
        Event::Session { session } if session.connection == Connection::Connected => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn the_first_run_leads_to_the_simulator_and_the_next_one_continues_there() {
    let mut desk = Desk::new().await;
    let state = desk.state().await;
    assert!(state.first_run);
    assert_eq!(state.profiles.len(), 1);
    assert_eq!(state.session.connection, Connection::None);
    assert_eq!(state.guard, GuardState::Locked);

    let session = desk
        .ask::<SwitchProfile>(json!({"id": "simulator"}))
        .await
        .unwrap();
    assert_eq!(session.profile_id.as_deref(), Some("simulator"));
    assert!(session.simulator);
    connected(&desk).await;
    let state = desk.state().await;
    assert!(!state.first_run);
    assert_eq!(state.guard, GuardState::Open);
    let rows = desk.rows("node", json!({})).await;
    assert_eq!((rows.total, rows.rows.len()), (1200, 500));

    desk.restart().await;
    connected(&desk).await;
    assert_eq!(
        desk.state().await.session.profile_id.as_deref(),
        Some("simulator")
    );
}

#[tokio::test]
async fn both_ways_to_sign_in_work() {
    let simulator = simulator(10).await;
    for kind in ["password", "access_key"] {
        let desk = Desk::new().await;
        let profile = desk.cloud(&simulator, kind).await;
        assert!(profile.has_secret);
        connected(&desk).await;
        assert_eq!(
            desk.state().await.guard,
            GuardState::Locked,
            "a cloud begins locked"
        );
        assert_eq!(desk.rows("node", json!({})).await.total, 10);
    }
}

#[tokio::test]
async fn a_trial_says_what_failed() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    let good = save_profile(simulator.account(), "password");
    let report = desk.ask::<TestConnection>(good.clone()).await.unwrap();
    assert!(
        report
            .steps
            .iter()
            .all(|step| matches!(step.outcome, StepOutcome::Passed { .. })),
        "{report:?}"
    );
    assert!(
        report
            .projects
            .iter()
            .any(|project| project.id == simulator.account().project_id)
    );

    let mut wrong = good.clone();
    wrong["secret"] = json!("wrong");
    let report = desk.ask::<TestConnection>(wrong).await.unwrap();
    let failed: Vec<_> = report
        .steps
        .iter()
        .filter_map(|step| match &step.outcome {
            StepOutcome::Failed { error } => Some((step.step, error.kind, error.next)),
            _ => None,
        })
        .collect();
    assert_eq!(
        failed,
        [(Step::SignIn, ErrorKind::SignIn, NextStep::CheckCredential)]
    );

    let mut nobody = good.clone();
    // Nothing listens on the port for discarding.
    nobody["profile"]["target"]["iam_endpoint"] = json!("http://127.0.0.1:9");
    let report = desk.ask::<TestConnection>(nobody).await.unwrap();
    assert!(
        matches!(&report.steps[0].outcome, StepOutcome::Failed { error } if error.kind == ErrorKind::Refused)
    );
    assert!(
        report.steps[1..]
            .iter()
            .all(|step| step.outcome == StepOutcome::Skipped)
    );

    let mut unsafe_address = good;
    unsafe_address["profile"]["target"]["endpoint"] = json!("http://ief.example.com");
    let error = desk
        .ask::<TestConnection>(unsafe_address)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidProfile);
    assert_eq!(error.values["field"], "endpoint");
}

#[tokio::test]
async fn a_certificate_is_trusted_through_the_profile_only() {
    let options = ief_sim::Options {
        nodes: 1,
        tls: true,
        ..ief_sim::Options::default()
    };
    let simulator = ief_sim::Simulator::start(options).await.unwrap();
    let desk = Desk::new().await;
    let mut request = save_profile(simulator.account(), "password");
    let report = desk.ask::<TestConnection>(request.clone()).await.unwrap();
    let StepOutcome::Failed { error } = &report.steps[0].outcome else {
        panic!("{report:?}");
    };
    assert_eq!(
        (error.kind, error.next),
        (ErrorKind::UntrustedCertificate, NextStep::CheckCertificate)
    );
    request["profile"]["target"]["extra_ca"] = json!(simulator.account().ca_pem);
    let report = desk.ask::<TestConnection>(request).await.unwrap();
    assert!(
        report
            .steps
            .iter()
            .all(|step| matches!(step.outcome, StepOutcome::Passed { .. })),
        "{report:?}"
    );
}

#[tokio::test]
async fn without_a_store_a_secret_is_not_kept_and_no_profile_is_saved() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    desk.event(|event| matches!(event, Event::State).then_some(()))
        .await;
    assert!(desk.state().await.secret_store.choice_needed);
    let request = save_profile(simulator.account(), "password");
    let error = desk.ask::<SaveProfile>(request).await.unwrap_err();
    assert_eq!(
        (error.kind, error.next),
        (ErrorKind::SecretStore, NextStep::ChooseSecretStore)
    );
    assert_eq!(desk.state().await.profiles.len(), 1);
}

#[tokio::test]
async fn the_encrypted_file_carries_a_profile_over_a_restart() {
    let simulator = simulator(3).await;
    let mut desk = Desk::new().await;
    let choice = json!({"store": "encrypted_file", "passphrase": "correct horse"});
    desk.ask::<ChooseSecretStore>(choice.clone()).await.unwrap();
    let request = save_profile(simulator.account(), "access_key");
    let profile = desk.ask::<SaveProfile>(request).await.unwrap();
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    connected(&desk).await;

    desk.restart().await;
    let error = desk
        .event(|event| match event {
            Event::Session { session } => match session.connection {
                Connection::Failed { error } => Some(error),
                _ => None,
            },
            _ => None,
        })
        .await;
    assert_eq!(error.kind, ErrorKind::SecretStore);
    let state = desk.state().await;
    assert_eq!(state.secret_store.store, SecretStore::EncryptedFile);
    assert!(state.secret_store.choice_needed);
    assert!(state.profiles[1].has_secret);
    desk.ask::<ChooseSecretStore>(choice).await.unwrap();
    connected(&desk).await;
    assert_eq!(desk.rows("node", json!({})).await.total, 3);
}

#[tokio::test]
async fn a_stored_secret_is_not_sent_to_another_address() {
    let mine = simulator(1).await;
    let theirs = simulator(1).await;
    let desk = Desk::new().await;
    let profile = desk.cloud(&mine, "password").await;
    let mut request = save_profile(theirs.account(), "password");
    request["profile"]["id"] = json!(profile.id);
    request["secret"] = json!(null);
    for result in [
        desk.ask::<SaveProfile>(request.clone()).await.map(drop),
        desk.ask::<TestConnection>(request.clone()).await.map(drop),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.values["problem"], "needed_again");
    }
    assert_eq!(theirs.control().count("create_token"), 0);
}

/// Makes it impossible to write a file, whoever asks: nothing is renamed onto a folder.
fn block(path: &Path) {
    std::fs::rename(path, path.with_extension("kept")).unwrap();
    std::fs::create_dir(path).unwrap();
}

fn unblock(path: &Path) {
    std::fs::remove_dir(path).unwrap();
    std::fs::rename(path.with_extension("kept"), path).unwrap();
}

#[tokio::test]
async fn a_profile_that_can_not_be_written_keeps_the_secret_it_had() {
    let mine = simulator(1).await;
    let theirs = simulator(1).await;
    let keyring = Arc::new(Keyring::default());
    let desk = Desk::with_keyring(Some(Arc::clone(&keyring) as _)).await;
    desk.event(|event| matches!(event, Event::State).then_some(()))
        .await;
    let request = save_profile(mine.account(), "password");
    let profile = desk.ask::<SaveProfile>(request.clone()).await.unwrap();
    let old = keyring.secrets();
    assert_eq!(old, [request["secret"].as_str().unwrap()]);

    let mut elsewhere = save_profile(theirs.account(), "password");
    elsewhere["profile"]["id"] = json!(profile.id);
    elsewhere["secret"] = json!("for another service");
    let file = desk.folder.path().join("config").join("profiles.json");
    let check = async |full_before: bool| {
        if full_before {
            block(&file);
        } else {
            // The disk is full as soon as the new secret is stored.
            let file = file.clone();
            keyring.then(move || block(&file));
        }
        let error = desk.ask::<SaveProfile>(elsewhere.clone()).await;
        assert_eq!(error.unwrap_err().kind, ErrorKind::File);
        unblock(&file);
        assert_eq!(keyring.secrets(), old);
    };
    check(true).await;
    check(false).await;
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    connected(&desk).await;
    assert_eq!(theirs.control().count("create_token"), 0);

    // With room again, the new secret is the only one.
    desk.ask::<SaveProfile>(elsewhere).await.unwrap();
    assert_eq!(keyring.secrets(), ["for another service"]);
}

#[tokio::test]
async fn a_forgotten_passphrase_is_not_the_end() {
    let simulator = simulator(1).await;
    let mut desk = Desk::new().await;
    let store = |passphrase: &str| json!({"store": "encrypted_file", "passphrase": passphrase});
    desk.ask::<ChooseSecretStore>(store("correct horse"))
        .await
        .unwrap();
    let request = save_profile(simulator.account(), "password");
    let profile = desk.ask::<SaveProfile>(request.clone()).await.unwrap();
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    let open = desk
        .ask::<StartSecretFile>(json!({"passphrase": "battery staple"}))
        .await
        .unwrap_err();
    assert_eq!(open.values["problem"], "in_use");

    desk.restart().await;
    let forgotten = desk
        .ask::<ChooseSecretStore>(store("wrong horse"))
        .await
        .unwrap_err();
    assert_eq!(forgotten.values["problem"], "wrong_passphrase");
    let started = desk
        .ask::<StartSecretFile>(json!({"passphrase": "battery staple"}))
        .await
        .unwrap();
    assert!(started.state.usable);
    let kept = started.kept.unwrap();
    assert!(kept.ends_with("secrets.2027-01-15T08-00-00Z.age"), "{kept}");
    let state = desk.state().await;
    let listed = state.profiles.iter().find(|it| it.id == profile.id);
    assert!(!listed.unwrap().has_secret, "it is in the old file");

    let mut again = request;
    again["profile"]["id"] = json!(profile.id);
    desk.ask::<SaveProfile>(again).await.unwrap();
    desk.ask::<SwitchProfile>(json!({"id": profile.id}))
        .await
        .unwrap();
    connected(&desk).await;

    // Whoever remembers puts the old file back.
    desk.console.close().await;
    let path = desk.folder.path().join("config").join("secrets.age");
    std::fs::rename(kept, path).unwrap();
    desk.restart().await;
    desk.ask::<ChooseSecretStore>(store("correct horse"))
        .await
        .unwrap();
    connected(&desk).await;
}

#[tokio::test]
async fn a_stored_secret_takes_no_other_way_and_trusts_no_other_issuer() {
    let options = ief_sim::Options {
        nodes: 1,
        tls: true,
        ..ief_sim::Options::default()
    };
    let stranger = ief_sim::Simulator::start(options).await.unwrap();
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    let profile = desk.cloud(&simulator, "password").await;
    connected(&desk).await;
    let sign_ins = simulator.control().count("create_token");
    let mut kept = save_profile(simulator.account(), "password");
    kept["profile"]["id"] = json!(profile.id);
    kept["secret"] = json!(null);
    let proxy = json!({"proxy": "url", "url": "http://127.0.0.1:9"});
    for (field, value) in [
        ("proxy", proxy),
        ("proxy", json!({"proxy": "system"})),
        ("extra_ca", json!(stranger.account().ca_pem)),
    ] {
        let mut request = kept.clone();
        request["profile"]["target"][field] = value;
        for result in [
            desk.ask::<SaveProfile>(request.clone()).await.map(drop),
            desk.ask::<TestConnection>(request.clone()).await.map(drop),
        ] {
            let error = result.expect_err(field);
            assert_eq!(error.values["problem"], "needed_again", "{field}");
        }
    }
    assert_eq!(simulator.control().count("create_token"), sign_ins);
    desk.ask::<SaveProfile>(kept).await.unwrap();
}

#[tokio::test]
async fn profiles_are_copied_and_deleted() {
    let simulator = simulator(1).await;
    let desk = Desk::new().await;
    let profile = desk.cloud(&simulator, "password").await;
    let copy = desk
        .ask::<DuplicateProfile>(json!({"id": profile.id, "name": "Copy"}))
        .await
        .unwrap();
    assert!(!copy.has_secret);
    desk.ask::<SwitchProfile>(json!({"id": copy.id}))
        .await
        .unwrap();
    let state = desk.state().await;
    let Connection::Failed { error } = state.session.connection else {
        panic!("a profile without a secret can't be used");
    };
    assert_eq!(error.kind, ErrorKind::SecretMissing);
    assert_eq!(
        desk.ask::<console_ipc::call::ReadCall>(json!({"call": {"operation": "show_quota"}}))
            .await
            .unwrap_err()
            .kind,
        ErrorKind::SecretMissing
    );

    let wrong = desk
        .ask::<DeleteProfile>(json!({"id": copy.id, "confirmation": "copy"}))
        .await;
    assert_eq!(wrong.unwrap_err().kind, ErrorKind::NotConfirmed);
    desk.ask::<DeleteProfile>(json!({"id": copy.id, "confirmation": "Copy"}))
        .await
        .unwrap();
    let state = desk.state().await;
    assert_eq!(state.session.profile_id, None);
    assert_eq!(state.profiles.len(), 2);
}

#[tokio::test]
async fn a_secret_out_of_reach_is_told_and_deleted_when_its_store_is_chosen() {
    let simulator = simulator(1).await;
    let keyring = Arc::new(Keyring::default());
    let mut desk = Desk::with_keyring(Some(Arc::clone(&keyring) as _)).await;
    desk.event(|event| matches!(event, Event::State).then_some(()))
        .await;
    let request = save_profile(simulator.account(), "access_key");
    let profile = desk.ask::<SaveProfile>(request).await.unwrap();
    // Without the keyring this time.
    desk.restart().await;
    desk.ask::<ChooseSecretStore>(json!({"store": "memory"}))
        .await
        .unwrap();
    let delete = json!({"id": profile.id, "confirmation": profile.name});
    let error = desk.ask::<DeleteProfile>(delete).await.unwrap_err();
    assert_eq!(
        (error.kind, error.next),
        (ErrorKind::SecretStore, NextStep::ChooseSecretStore)
    );
    assert_eq!(error.values["problem"], "out_of_reach");
    assert_eq!(desk.state().await.profiles.len(), 1, "the profile is gone");
    assert_eq!(keyring.secrets().len(), 1);

    desk.restart_with(Some(Arc::clone(&keyring) as _)).await;
    desk.ask::<ChooseSecretStore>(json!({"store": "secret_service"}))
        .await
        .unwrap();
    assert!(keyring.secrets().is_empty());
}

#[tokio::test]
async fn a_locked_file_gives_up_the_secret_of_a_deleted_profile_when_it_opens() {
    let simulator = simulator(1).await;
    let mut desk = Desk::new().await;
    let choice = json!({"store": "encrypted_file", "passphrase": "correct horse"});
    desk.ask::<ChooseSecretStore>(choice.clone()).await.unwrap();
    let request = save_profile(simulator.account(), "password");
    let profile = desk.ask::<SaveProfile>(request).await.unwrap();
    let file = desk.folder.path().join("config").join("secrets.age");
    let with_secret = std::fs::metadata(&file).unwrap().len();
    desk.restart().await;
    let delete = json!({"id": profile.id, "confirmation": profile.name});
    let error = desk.ask::<DeleteProfile>(delete).await.unwrap_err();
    assert_eq!(error.values["problem"], "out_of_reach");
    desk.ask::<ChooseSecretStore>(choice).await.unwrap();
    assert!(std::fs::metadata(&file).unwrap().len() < with_secret);
}

#[tokio::test]
async fn broken_files_are_told_and_kept() {
    let mut desk = Desk::new().await;
    let config = desk.folder.path().join("config");
    let data = desk.folder.path().join("data");
    std::fs::write(config.join("profiles.json"), "{\"version\":1,").unwrap();
    std::fs::write(data.join("journal.jsonl"), "{\"record\":\"beg").unwrap();
    desk.restart().await;
    let kinds: Vec<_> = desk
        .state()
        .await
        .notices
        .iter()
        .map(|notice| notice.kind)
        .collect();
    assert_eq!(
        kinds,
        [NoticeKind::ProfilesUnreadable, NoticeKind::JournalDamaged]
    );
    let kept = std::fs::read_dir(config).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy()
            .starts_with("profiles.json.unreadable-")
    });
    assert_eq!(kept.count(), 1);
}

#[tokio::test]
async fn two_consoles_do_not_share_their_files() {
    let desk = Desk::new().await;
    let second = Console::start(options(&desk.folder, &desk.clock)).await;
    assert!(matches!(second, Err(StartError::InUse { .. })));
    desk.console.close().await;
    assert!(
        Console::start(options(&desk.folder, &desk.clock))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_unknown_command_and_a_wrong_request_are_told_without_their_contents() {
    let desk = Desk::new().await;
    let error = desk
        .console
        .dispatch("format_disk", json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
    let request = json!({"store": "memory", "passphrase": {"canary-2b": "canary-2b"}});
    let error = desk
        .console
        .dispatch("choose_secret_store", request)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
    assert!(!format!("{error:?}").contains("canary"));
}
