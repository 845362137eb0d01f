//! A console with a desk around it: folders, a simulator behind a profile, and events to wait for.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use console_core::{
    Clock, Console, Deadline, Host, Options, SaveFolder, SecretBackend, SecretError,
};
use console_ipc::bulk::{StartBulk, TaskState, TaskSummary};
use console_ipc::call::SendCall;
use console_ipc::event::{Event, EventBatch};
use console_ipc::inventory::RowsAnswer;
use console_ipc::profile::{AppState, GetState, Profile, SecretStore};
use console_ipc::{Command, IpcError};
use futures_util::future::BoxFuture;
use ief_sim::{Account, Running, Simulator};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

/// Time that passes when a test says so.
#[derive(Clone)]
pub(super) struct Hand(Arc<watch::Sender<Times>>);

/// What a clock shows that can be set, in milliseconds, and one that can't.
#[derive(Clone, Copy)]
struct Times {
    now_ms: i64,
    elapsed: Duration,
}

impl Hand {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Times {
            now_ms: 1_800_000_000_000,
            elapsed: Duration::ZERO,
        })))
    }

    pub(super) fn advance(&self, minutes: u32) {
        self.0.send_modify(|times| {
            times.now_ms += i64::from(minutes) * 60_000;
            times.elapsed += Duration::from_secs(u64::from(minutes) * 60);
        });
    }

    pub(super) fn set_back(&self, minutes: u32) {
        self.0
            .send_modify(|times| times.now_ms -= i64::from(minutes) * 60_000);
    }
}

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        self.0.borrow().now_ms
    }

    fn elapsed(&self) -> Duration {
        self.0.borrow().elapsed
    }

    fn until(&self, deadline: Deadline) -> BoxFuture<'static, ()> {
        let mut times = self.0.subscribe();
        Box::pin(async move {
            let reached =
                |now: &Times| now.now_ms >= deadline.at_ms || now.elapsed >= deadline.elapsed;
            // The sender ends with the test.
            let _reached = times.wait_for(reached).await;
        })
    }
}

/// A console with its surroundings.
pub(super) struct Desk {
    pub(super) console: Console,
    pub(super) folder: TempDir,
    pub(super) clock: Hand,
    /// The number of the last event that was looked at.
    seen: AtomicU64,
}

/// Everything a console says, and everything it writes, for a look for secrets.
impl Desk {
    pub(super) async fn new() -> Self {
        Self::with_keyring(None).await
    }

    pub(super) async fn with_keyring(keyring: Option<Arc<dyn SecretBackend>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Hand::new();
        let console = start(&folder, &clock, keyring).await;
        Self {
            console,
            folder,
            clock,
            seen: AtomicU64::new(0),
        }
    }

    /// Ends the console and starts another on the same files.
    pub(super) async fn restart(&mut self) {
        self.restart_with(None).await;
    }

    pub(super) async fn restart_with(&mut self, keyring: Option<Arc<dyn SecretBackend>>) {
        self.console.close().await;
        self.console = start(&self.folder, &self.clock, keyring).await;
        self.seen = AtomicU64::new(0);
    }

    /// Ends the console and starts another on the same files, on another desktop.
    pub(super) async fn with_host(mut self, host: Arc<dyn Host>) -> Self {
        self.console.close().await;
        let mut options = options(&self.folder, &self.clock);
        options.host = host;
        self.console = Console::start(options).await.unwrap();
        self.seen = AtomicU64::new(0);
        self
    }

    /// Asks the console as the window does. Changes belong to the session in use, unless they name another.
    pub(super) async fn ask<C: Command>(&self, request: Value) -> Result<C::Response, IpcError> {
        let answer = self.answer::<C>(request).await?;
        Ok(serde_json::from_value(answer).expect("the answer has the type of the command"))
    }

    /// The same with the answer as it crosses the border.
    pub(super) async fn answer<C: Command>(&self, mut request: Value) -> Result<Value, IpcError> {
        if [SendCall::NAME, StartBulk::NAME].contains(&C::NAME) && request["session"].is_null() {
            let state = self.console.dispatch(GetState::NAME, json!({})).await?;
            request["session"] = state["session"]["number"].clone();
        }
        self.console.dispatch(C::NAME, request).await
    }

    pub(super) async fn state(&self) -> AppState {
        self.ask::<GetState>(json!({})).await.unwrap()
    }

    /// Waits for an event that gives what is looked for.
    pub(super) async fn event<T>(&self, mut look: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let after = self.seen.load(Ordering::Relaxed);
            let batch: EventBatch = self
                .ask::<console_ipc::event::NextEvents>(json!({ "after": after }))
                .await
                .unwrap();
            self.seen.store(batch.last, Ordering::Relaxed);
            if let Some(found) = batch.events.into_iter().find_map(&mut look) {
                return found;
            }
        }
    }

    /// Uses a simulated cloud through a profile like that of a real one, with secrets in memory.
    pub(super) async fn cloud(&self, simulator: &Running, kind: &str) -> Profile {
        self.ask::<console_ipc::profile::ChooseSecretStore>(json!({"store": "memory"}))
            .await
            .unwrap();
        let mut request = save_profile(simulator.account(), kind);
        let profile = self
            .ask::<console_ipc::profile::SaveProfile>(request.take())
            .await
            .unwrap();
        self.ask::<console_ipc::profile::SwitchProfile>(json!({"id": profile.id}))
            .await
            .unwrap();
        profile
    }

    /// The same with writing unlocked.
    pub(super) async fn open_cloud(&self, simulator: &Running) -> Profile {
        let profile = self.cloud(simulator, "password").await;
        self.unlock().await;
        profile
    }

    pub(super) async fn unlock(&self) {
        let request = json!({"minutes": 10, "reason": "ticket 7"});
        self.ask::<console_ipc::profile::UnlockWrites>(request)
            .await
            .unwrap();
    }

    /// Waits until a list is complete, and returns a window of it.
    pub(super) async fn rows(&self, resource: &str, query: Value) -> RowsAnswer {
        loop {
            let answer = self.query(resource, query.clone()).await;
            if answer.freshness.as_of_ms.is_some() && answer.freshness.loading.is_none() {
                return answer;
            }
            assert_eq!(answer.freshness.error, None);
            self.event(|event| match event {
                Event::Inventory { .. } => Some(()),
                _ => None,
            })
            .await;
        }
    }

    pub(super) async fn query(&self, resource: &str, query: Value) -> RowsAnswer {
        let request = json!({"resource": resource, "query": query, "offset": 0, "limit": 500});
        self.ask::<console_ipc::inventory::QueryRows>(request)
            .await
            .unwrap()
    }

    /// Waits until a task has ended.
    pub(super) async fn ended(&self, id: &str) -> TaskSummary {
        loop {
            let tasks = self
                .ask::<console_ipc::bulk::ListTasks>(json!({}))
                .await
                .unwrap();
            let task = tasks.into_iter().find(|task| task.id == id).unwrap();
            if task.ended_ms.is_some() && task.state != TaskState::Running {
                return task;
            }
            self.event(|event| match event {
                Event::Task { task } if task.id == id => Some(()),
                _ => None,
            })
            .await;
        }
    }

    /// Every file of the console, with its contents.
    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![
            self.folder.path().join("config"),
            self.folder.path().join("data"),
        ];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let contents = std::fs::read(&path).unwrap();
                    files.push((path, contents));
                }
            }
        }
        files
    }

    /// The files that were saved where the user said.
    pub(super) fn saved(&self) -> PathBuf {
        self.folder.path().join("saved")
    }
}

/// A keyring that works, and does what a test says as soon as it has kept something.
#[derive(Default)]
pub(super) struct Keyring {
    secrets: Mutex<HashMap<String, SecretString>>,
    next: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Keyring {
    pub(super) fn then(&self, next: impl FnOnce() + Send + 'static) {
        *self.next.lock().unwrap() = Some(Box::new(next));
    }

    /// Everything in it.
    pub(super) fn secrets(&self) -> Vec<String> {
        let secrets = self.secrets.lock().unwrap();
        let plain = secrets.values().map(|it| it.expose_secret().to_owned());
        plain.collect()
    }
}

impl SecretBackend for Keyring {
    fn kind(&self) -> SecretStore {
        SecretStore::SecretService
    }

    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(self.secrets.lock().unwrap().get(key).cloned())
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), SecretError> {
        let mut secrets = self.secrets.lock().unwrap();
        secrets.insert(key.to_owned(), secret.clone());
        if let Some(next) = self.next.lock().unwrap().take() {
            next();
        }
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), SecretError> {
        self.secrets.lock().unwrap().remove(key);
        Ok(())
    }
}

async fn start(folder: &TempDir, clock: &Hand, keyring: Option<Arc<dyn SecretBackend>>) -> Console {
    let mut options = options(folder, clock);
    options.keyring = keyring;
    Console::start(options).await.unwrap()
}

pub(super) fn options(folder: &TempDir, clock: &Hand) -> Options {
    let saved = folder.path().join("saved");
    std::fs::create_dir_all(&saved).unwrap();
    let mut options = Options::new(
        folder.path().join("config"),
        folder.path().join("data"),
        Arc::new(SaveFolder::new(saved.clone())),
    );
    options.host = Arc::new(SaveFolder::new(saved));
    options.clock = Arc::new(clock.clone());
    options.keyring = None;
    options.scrypt_work = 2;
    options.lock_patience = Duration::ZERO;
    options
}

/// A simulated cloud of so many nodes.
pub(super) async fn simulator(nodes: u64) -> Running {
    let options = ief_sim::Options {
        nodes,
        ..ief_sim::Options::default()
    };
    Simulator::start(options).await.unwrap()
}

/// The request that saves a profile for an account.
pub(super) fn save_profile(account: &Account, kind: &str) -> Value {
    let (credential, secret) = match kind {
        "password" => (
            json!({"kind": "password", "domain": account.domain, "user": account.user}),
            account.password.expose_secret(),
        ),
        "access_key" => (
            json!({"kind": "access_key", "access_key": account.access_key}),
            account.secret_key.expose_secret(),
        ),
        other => panic!("no credential {other}"),
    };
    json!({
        "profile": {
            "name": format!("Berlin {kind}"),
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
                "credential": credential,
                "proxy": {"proxy": "direct"},
                "extra_ca": "",
            },
        },
        "secret": secret,
    })
}

/// The call that registers a node.
pub(super) fn create_node(name: &str) -> Value {
    json!({"operation": "create_edge_node", "body": {"node": {"name": name}}})
}

/// A call about one node.
pub(super) fn node_call(operation: &str, id: &str) -> Value {
    json!({"operation": operation, "path": {"node_id": id}})
}

/// A part of an answer as its type.
pub(super) fn part<T: DeserializeOwned>(value: &Value, pointer: &str) -> T {
    let part = value
        .pointer(pointer)
        .unwrap_or_else(|| panic!("{pointer} in {value}"));
    serde_json::from_value(part.clone()).unwrap()
}
