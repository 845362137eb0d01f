use console_ipc::error::ErrorKind;
use console_ipc::notice::NoticeKind;
use console_ipc::profile::{
    CloudTarget, CredentialKind, Profile, ProfileColour, ProxyChoice, SecretStore, Target,
};

use super::{Profiles, SIMULATOR, validate};
use crate::clock::SystemRandom;
use crate::secrets::StoredSecret;

fn cloud(name: &str) -> Profile {
    Profile {
        id: String::new(),
        name: name.to_owned(),
        colour: ProfileColour::Red,
        production: true,
        target: Target::Cloud(CloudTarget {
            region: "cn-north-4".to_owned(),
            endpoint: String::new(),
            iam_endpoint: String::new(),
            project_name: "cn-north-4".to_owned(),
            project_id: String::new(),
            instance_id: String::new(),
            credential: CredentialKind::AccessKey {
                access_key: "AK".to_owned(),
            },
            proxy: ProxyChoice::System,
            extra_ca: String::new(),
        }),
        has_secret: false,
    }
}

fn stored(key: &str) -> StoredSecret {
    StoredSecret {
        store: SecretStore::SecretService,
        key: key.to_owned(),
    }
}

fn open(folder: &tempfile::TempDir) -> Profiles {
    let mut notices = Vec::new();
    let profiles = Profiles::open(folder.path(), 0, &mut notices).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    profiles
}

#[test]
fn the_simulator_is_there_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    assert_eq!(profiles.list(|_| false)[0].id, SIMULATOR);
    assert_eq!(profiles.active(), None);
    let error = profiles.delete(SIMULATOR, "Simulator").unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidProfile);
}

#[test]
fn profiles_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud(" Berlin "), &SystemRandom).unwrap();
    profiles.put(profile.clone(), Some(stored("one"))).unwrap();
    profiles.use_profile(&profile.id).unwrap();

    let profiles = open(&folder);
    let (found, secret) = profiles.find(&profile.id).unwrap();
    assert_eq!(found, profile);
    assert_eq!(found.name, "Berlin");
    assert_eq!(secret, Some(stored("one")));
    assert_eq!(profiles.active(), Some(profile.id.clone()));
    let Target::Cloud(cloud) = &found.target else {
        panic!("a cloud profile");
    };
    assert_eq!(cloud.endpoint, "https://ief.cn-north-4.myhuaweicloud.com");
    assert_eq!(
        cloud.iam_endpoint,
        "https://iam.cn-north-4.myhuaweicloud.com"
    );

    profiles.delete(&profile.id, "Berlin").unwrap();
    assert_eq!(open(&folder).active(), None);
}

#[test]
fn a_secret_that_was_replaced_is_left_behind_until_it_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud("Berlin"), &SystemRandom).unwrap();
    for key in ["one", "two"] {
        profiles.announce_secret(stored(key)).unwrap();
        assert!(open(&folder).left_behind().contains(&stored(key)));
        profiles.put(profile.clone(), Some(stored(key))).unwrap();
    }
    let profiles = open(&folder);
    assert_eq!(profiles.find(&profile.id).unwrap().1, Some(stored("two")));
    assert_eq!(profiles.left_behind(), [stored("one")]);
    profiles.forgot_secrets(&[stored("one")]).unwrap();
    assert!(open(&folder).left_behind().is_empty());
}

#[test]
fn a_file_without_names_of_secrets_means_the_profiles_own() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud("Berlin"), &SystemRandom).unwrap();
    profiles.put(profile.clone(), Some(stored("one"))).unwrap();
    let path = folder.path().join("profiles.json");
    let mut file: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let entry = file["profiles"][1].as_object_mut().unwrap();
    entry.remove("secret_key").unwrap();
    std::fs::write(&path, file.to_string()).unwrap();
    let (_, secret) = open(&folder).find(&profile.id).unwrap();
    assert_eq!(secret, Some(stored(&profile.id)));
}

#[test]
fn deleting_asks_for_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud("Berlin"), &SystemRandom).unwrap();
    profiles.put(profile.clone(), None).unwrap();
    let error = profiles.delete(&profile.id, "berlin").unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConfirmed);
    assert!(profiles.find(&profile.id).is_ok());
}

#[test]
fn names_are_unique() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud("Berlin"), &SystemRandom).unwrap();
    profiles.put(profile.clone(), None).unwrap();
    let error = profiles
        .prepare(cloud("BERLIN"), &SystemRandom)
        .unwrap_err();
    assert_eq!(error.values["problem"], "taken");
    assert!(
        profiles.prepare(profile.clone(), &SystemRandom).is_ok(),
        "its own name is no obstacle"
    );
    let copy = profiles
        .duplicate(&profile.id, "Berlin 2", &SystemRandom)
        .unwrap();
    assert_ne!(copy.id, profile.id);
}

#[test]
fn a_name_taken_since_it_was_checked_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let prepare = |name| profiles.prepare(cloud(name), &SystemRandom).unwrap();
    let [first, second] = [prepare("Berlin"), prepare("BERLIN")];
    profiles.put(first, None).unwrap();
    let error = profiles.put(second, None).unwrap_err();
    assert_eq!(error.values["problem"], "taken");
    assert_eq!(profiles.list(|_| false).len(), 2);
}

#[test]
fn a_corrupt_file_is_kept_and_what_can_be_read_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = open(&folder);
    let profile = profiles.prepare(cloud("Berlin"), &SystemRandom).unwrap();
    profiles.put(profile.clone(), None).unwrap();
    let path = folder.path().join("profiles.json");
    let good = std::fs::read_to_string(&path).unwrap();
    let broken = good.replacen("\"teal\"", "\"no such colour\"", 1);
    assert_ne!(good, broken, "the simulator's entry is broken");
    for (text, rest) in [
        (broken.as_str(), 2),
        (&good[..good.len() / 2], 1),
        ("{\"version\":9,\"profiles\":[]}", 1),
    ] {
        std::fs::write(&path, text).unwrap();
        let mut notices = Vec::new();
        let profiles = Profiles::open(folder.path(), 3, &mut notices).unwrap();
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].kind, NoticeKind::ProfilesUnreadable);
        assert_eq!(
            std::fs::read_to_string(&notices[0].values["path"]).unwrap(),
            text
        );
        assert_eq!(profiles.list(|_| false).len(), rest);
    }
}

#[test]
fn addresses_are_checked() {
    #[track_caller]
    fn check(endpoint: &str, problem: Option<&str>) {
        let mut profile = cloud("Berlin");
        if let Target::Cloud(cloud) = &mut profile.target {
            endpoint.clone_into(&mut cloud.endpoint);
        }
        let found = validate(&mut profile)
            .err()
            .map(|error| error.values["problem"].clone());
        assert_eq!(found.as_deref(), problem, "{endpoint}");
    }
    check("https://ief.example.com", None);
    check("https://ief.example.com:8443/", None);
    check("http://127.0.0.1:8080", None);
    check("http://[::1]:8080", None);
    check("http://localhost:8080", None);
    check("http://ief.example.com", Some("not_https"));
    check("http://127.0.0.1.example.com", Some("not_https"));
    check("ftp://ief.example.com", Some("not_https"));
    check(
        "https://user:password@ief.example.com",
        Some("has_credentials"),
    );
    check("https://ief.example.com/v2", Some("has_path"));
    check("https://ief.example.com?x=1", Some("has_path"));
    check("ief.example.com", Some("not_a_url"));
    check("https://", Some("not_a_url"));
}

#[test]
fn a_proxy_with_a_password_is_refused() {
    let mut profile = cloud("Berlin");
    if let Target::Cloud(cloud) = &mut profile.target {
        cloud.proxy = ProxyChoice::Url {
            url: "http://user:canary@proxy:3128".to_owned(),
        };
    }
    let error = validate(&mut profile).unwrap_err();
    assert_eq!(error.values["problem"], "has_credentials");
    assert!(!format!("{error:?}").contains("canary"));
}
