use std::sync::{Arc, Mutex, mpsc};

use console_ipc::profile::SecretStore;
use secrecy::{ExposeSecret, SecretString};

use super::memory::Memory;
use super::{ProfileSecret, SecretBackend, SecretError, Secrets, StoredSecret, SystemKeyring};
use crate::clock::SystemRandom;

const CANARY: &str = "canary-51c2";

/// Cheap enough for a test.
const WORK: u8 = 2;

/// A keyring that accepts everything and keeps nothing, as a library without a back end does.
struct Forgetful;

impl SecretBackend for Forgetful {
    fn kind(&self) -> SecretStore {
        SecretStore::SecretService
    }
    fn get(&self, _: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(None)
    }
    fn set(&self, _: &str, _: &SecretString) -> Result<(), SecretError> {
        Ok(())
    }
    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

/// A keyring that works.
struct Working(Memory);

impl SecretBackend for Working {
    fn kind(&self) -> SecretStore {
        SecretStore::SecretService
    }
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        self.0.get(key)
    }
    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.0.set(key, secret)
    }
    fn delete(&self, key: &str) -> Result<(), SecretError> {
        self.0.delete(key)
    }
}

fn canary() -> ProfileSecret {
    ProfileSecret {
        secret: SecretString::from(CANARY),
        security_token: Some(SecretString::from("token")),
    }
}

/// Where the secret `p` is in one of the stores.
fn in_store(store: SecretStore) -> StoredSecret {
    StoredSecret {
        store,
        key: "p".to_owned(),
    }
}

fn passphrase(text: &str) -> Option<SecretString> {
    Some(SecretString::from(text))
}

#[tokio::test]
async fn a_working_keyring_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(
        folder.path(),
        Some(Arc::new(Working(Memory::default()))),
        WORK,
    );
    secrets.begin(&SystemRandom).await;
    assert!(secrets.state().usable);
    let place = secrets.new_place(&SystemRandom).unwrap();
    assert_eq!(place.store, SecretStore::SecretService);
    let place = in_store(place.store);
    secrets.write(&place, canary()).await.unwrap();
    let read = secrets.read("p").await.unwrap().unwrap();
    assert_eq!(read.secret.expose_secret(), CANARY);
    assert!(read.security_token.is_some());
    secrets.delete(&place).await.unwrap();
    assert!(secrets.read("p").await.unwrap().is_none());
}

/// A keyring that answers when a test lets it.
struct Slow {
    asked: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
    kept: Memory,
}

impl SecretBackend for Slow {
    fn kind(&self) -> SecretStore {
        SecretStore::SecretService
    }
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        self.kept.get(key)
    }
    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.asked.send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
        self.kept.set(key, secret)
    }
    fn delete(&self, key: &str) -> Result<(), SecretError> {
        self.kept.delete(key)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_choice_stops_what_was_begun_only_when_it_succeeds() {
    for (typed, in_use) in [
        ("short", SecretStore::SecretService),
        ("correct horse", SecretStore::EncryptedFile),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (asked, was_asked) = mpsc::channel();
        let (let_go, go_on) = mpsc::channel();
        let keyring = Arc::new(Slow {
            asked,
            go_on: Mutex::new(go_on),
            kept: Memory::default(),
        });
        let secrets = Arc::new(Secrets::new(folder.path(), Some(keyring), WORK));
        let beginning = tokio::spawn({
            let secrets = Arc::clone(&secrets);
            async move { secrets.begin(&SystemRandom).await }
        });
        was_asked.recv().unwrap();
        let choice = secrets.choose(SecretStore::EncryptedFile, passphrase(typed), &SystemRandom);
        assert_eq!(choice.await.is_ok(), in_use == SecretStore::EncryptedFile);
        let_go.send(()).unwrap();
        beginning.await.unwrap();
        let state = secrets.state();
        assert_eq!((state.store, state.usable), (in_use, true), "{typed}");
    }
}

#[tokio::test]
async fn a_forgetful_keyring_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(folder.path(), Some(Arc::new(Forgetful)), WORK);
    secrets.begin(&SystemRandom).await;
    let state = secrets.state();
    assert_eq!(
        (state.store, state.usable, state.choice_needed),
        (SecretStore::None, false, true)
    );
    assert!(secrets.new_place(&SystemRandom).is_err());
}

#[tokio::test]
async fn the_encrypted_file_opens_with_its_passphrase_only() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    secrets.begin(&SystemRandom).await;
    assert!(secrets.state().choice_needed);
    let short = secrets
        .choose(
            SecretStore::EncryptedFile,
            passphrase("short"),
            &SystemRandom,
        )
        .await
        .unwrap_err();
    assert_eq!(short.values["problem"], "short_passphrase");
    secrets
        .choose(
            SecretStore::EncryptedFile,
            passphrase("correct horse"),
            &SystemRandom,
        )
        .await
        .unwrap();
    secrets
        .write(&in_store(SecretStore::EncryptedFile), canary())
        .await
        .unwrap();
    let file = std::fs::read(folder.path().join("secrets.age")).unwrap();
    assert!(
        !file
            .windows(CANARY.len())
            .any(|part| part == CANARY.as_bytes())
    );

    let again = Secrets::new(folder.path(), None, WORK);
    again.begin(&SystemRandom).await;
    let state = again.state();
    assert_eq!(
        (state.store, state.usable, state.choice_needed),
        (SecretStore::EncryptedFile, false, true)
    );
    assert!(again.reaches(&in_store(SecretStore::EncryptedFile)));
    let wrong = again
        .choose(
            SecretStore::EncryptedFile,
            passphrase("wrong horse"),
            &SystemRandom,
        )
        .await
        .unwrap_err();
    assert_eq!(wrong.values["problem"], "wrong_passphrase");
    again
        .choose(
            SecretStore::EncryptedFile,
            passphrase("correct horse"),
            &SystemRandom,
        )
        .await
        .unwrap();
    assert_eq!(
        again
            .read("p")
            .await
            .unwrap()
            .unwrap()
            .secret
            .expose_secret(),
        CANARY
    );
}

#[tokio::test]
async fn a_damaged_file_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.age");
    std::fs::write(&path, "age-encryption.org/v1\nnonsense").unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    let error = secrets
        .choose(
            SecretStore::EncryptedFile,
            passphrase("correct horse"),
            &SystemRandom,
        )
        .await
        .unwrap_err();
    assert_eq!(error.values["problem"], "damaged");
    assert!(path.exists());
}

#[tokio::test]
async fn a_file_longer_than_any_of_ours_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    let open = async |text| {
        let kind = SecretStore::EncryptedFile;
        secrets.choose(kind, passphrase(text), &SystemRandom).await
    };
    open("correct horse").await.unwrap();
    // Whoever reads it finds out that the passphrase is wrong.
    for (length, problem) in [(16 << 20, "wrong_passphrase"), ((16 << 20) + 1, "damaged")] {
        std::fs::File::options()
            .write(true)
            .open(folder.path().join("secrets.age"))
            .unwrap()
            .set_len(length)
            .unwrap();
        let error = open("wrong horse").await.unwrap_err();
        assert_eq!(error.values["problem"], problem);
    }
}

/// 2026-01-02T03:04:05Z.
const NOW_MS: i64 = 1_767_323_045_000;

#[tokio::test]
async fn a_new_file_keeps_the_old_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.age");
    for (old, name) in [
        (
            &b"age-encryption.org/v1\nnonsense"[..],
            "secrets.2026-01-02T03-04-05Z.age",
        ),
        (b"", "secrets.2026-01-02T03-04-05Z-2.age"),
    ] {
        std::fs::write(&path, old).unwrap();
        let secrets = Secrets::new(folder.path(), None, WORK);
        let short = secrets
            .start_file(SecretString::from("short"), NOW_MS)
            .await;
        assert_eq!(short.unwrap_err().values["problem"], "short_passphrase");
        assert_eq!(std::fs::read(&path).unwrap(), old, "nothing has moved yet");
        let (moved, kept) = secrets
            .start_file(SecretString::from("correct horse"), NOW_MS)
            .await
            .unwrap();
        let kept = kept.unwrap();
        assert_eq!((moved, &kept), (Vec::new(), &folder.path().join(name)));
        assert_eq!(std::fs::read(kept).unwrap(), old);
        assert!(secrets.state().usable);
        assert!(!secrets.reaches(&in_store(SecretStore::EncryptedFile)));
        secrets
            .write(&in_store(SecretStore::EncryptedFile), canary())
            .await
            .unwrap();
        assert!(secrets.reaches(&in_store(SecretStore::EncryptedFile)));

        let again = secrets
            .start_file(SecretString::from("correct horse"), NOW_MS)
            .await;
        assert_eq!(again.unwrap_err().values["problem"], "in_use");
        assert!(secrets.read("p").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_new_file_takes_along_what_was_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    secrets
        .choose(SecretStore::Memory, None, &SystemRandom)
        .await
        .unwrap();
    secrets
        .write(&in_store(SecretStore::Memory), canary())
        .await
        .unwrap();
    let started = secrets
        .start_file(SecretString::from("correct horse"), NOW_MS)
        .await;
    assert_eq!(started.unwrap(), (vec!["p".to_owned()], None));
    let again = Secrets::new(folder.path(), None, WORK);
    again.begin(&SystemRandom).await;
    again
        .choose(
            SecretStore::EncryptedFile,
            passphrase("correct horse"),
            &SystemRandom,
        )
        .await
        .unwrap();
    assert!(again.read("p").await.unwrap().is_some());
}

#[tokio::test]
async fn a_file_that_can_not_be_made_leaves_the_old_one_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.age");
    std::fs::write(&path, "old").unwrap();
    // Nothing can be written in the place of a folder.
    std::fs::create_dir(folder.path().join("secrets.new")).unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    let failed = secrets
        .start_file(SecretString::from("correct horse"), NOW_MS)
        .await;
    assert_eq!(failed.unwrap_err().values["problem"], "file");
    assert!(!secrets.state().usable);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
}

#[tokio::test]
async fn what_was_in_memory_moves_along() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::new(folder.path(), None, WORK);
    secrets
        .choose(SecretStore::Memory, None, &SystemRandom)
        .await
        .unwrap();
    secrets
        .write(&in_store(SecretStore::Memory), canary())
        .await
        .unwrap();
    assert!(secrets.reaches(&in_store(SecretStore::Memory)));
    let moved = secrets
        .choose(
            SecretStore::EncryptedFile,
            passphrase("correct horse"),
            &SystemRandom,
        )
        .await
        .unwrap();
    assert_eq!(moved, ["p"]);
    assert_eq!(
        secrets
            .read("p")
            .await
            .unwrap()
            .unwrap()
            .secret
            .expose_secret(),
        CANARY
    );

    let next_run = Secrets::new(folder.path(), None, WORK);
    assert!(
        !next_run.reaches(&in_store(SecretStore::Memory)),
        "memory does not outlive a run"
    );
}

#[tokio::test]
#[ignore = "needs a desktop's keyring: run it in a session that has one"]
async fn the_systems_keyring_keeps_what_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let keyring =
        || Some(Arc::new(SystemKeyring::new("edge-console-test")) as Arc<dyn SecretBackend>);
    let secrets = Secrets::new(folder.path(), keyring(), WORK);
    secrets.begin(&SystemRandom).await;
    assert!(secrets.state().usable, "{:?}", secrets.state());
    let place = StoredSecret {
        key: "p".to_owned(),
        ..secrets.new_place(&SystemRandom).unwrap()
    };
    secrets.write(&place, canary()).await.unwrap();
    let again = Secrets::new(folder.path(), keyring(), WORK);
    again.begin(&SystemRandom).await;
    let read = again.read("p").await.unwrap().unwrap();
    assert_eq!(read.secret.expose_secret(), CANARY);
    again.delete(&place).await.unwrap();
    assert!(secrets.read("p").await.unwrap().is_none());
}
