//! Packages to inspect, made by the simulator, and a desktop whose answers a test gives.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use console_core::{Clock, Copied, Host, SaveFolder};
use console_ipc::call::{SaveWithheld, SendCall, Withheld};
use futures_util::future::BoxFuture;
use ief_sim::Running;
use serde_json::{Value, json};

use super::support::{Desk, Hand, create_node, part, simulator};

/// A desktop that chooses and has copied what a test says.
pub(super) struct Hands {
    saved: SaveFolder,
    pub(super) chosen: Mutex<Vec<PathBuf>>,
    pub(super) copied: Mutex<Copied>,
}

impl Hands {
    pub(super) fn new(saved: PathBuf) -> Arc<Self> {
        Arc::new(Self {
            saved: SaveFolder::new(saved),
            chosen: Mutex::default(),
            copied: Mutex::default(),
        })
    }
}

impl Host for Hands {
    fn choose_save_path(&self, suggested_name: String) -> BoxFuture<'_, Option<PathBuf>> {
        self.saved.choose_save_path(suggested_name)
    }

    fn choose_open_paths(&self) -> BoxFuture<'_, Vec<PathBuf>> {
        Box::pin(std::future::ready(self.chosen.lock().unwrap().clone()))
    }

    fn read_clipboard(&self) -> BoxFuture<'_, Copied> {
        let copied = std::mem::take(&mut *self.copied.lock().unwrap());
        Box::pin(std::future::ready(copied))
    }
}

/// A node that was just registered.
pub(super) struct Registered {
    pub(super) id: String,
    /// What the console holds back of it.
    pub(super) package: Withheld,
    pub(super) key: Withheld,
}

/// Registers a node. Writing has to be unlocked.
pub(super) async fn register(desk: &Desk, name: &str) -> Registered {
    let sent = desk
        .answer::<SendCall>(json!({"call": create_node(name)}))
        .await
        .unwrap();
    let withheld: Vec<Withheld> = part(&sent, "/answer/withheld");
    let of = |end: &str| {
        let found = withheld.iter().find(|it| it.path.ends_with(end));
        found.cloned().unwrap()
    };
    Registered {
        id: part(&sent, "/answer/body/node/id"),
        package: of("package"),
        key: of("private_key"),
    }
}

/// What the console holds back, as it would be saved.
pub(super) async fn saved(desk: &Desk, withheld: &Withheld) -> Vec<u8> {
    let request = json!({"handle": withheld.handle, "suggested_name": withheld.handle});
    desk.ask::<SaveWithheld>(request).await.unwrap();
    std::fs::read(desk.saved().join(&withheld.handle)).unwrap()
}

/// A node with its package and its key, from a cloud that goes on.
pub(super) struct Made {
    pub(super) cloud: Running,
    pub(super) desk: Desk,
    pub(super) node: Registered,
    pub(super) package: Vec<u8>,
    pub(super) key: Vec<u8>,
}

/// Registers a node `gw-1` in a cloud of three others.
pub(super) async fn made() -> Made {
    let cloud = simulator(3).await;
    let desk = Desk::new().await;
    set_clock(&desk.clock);
    desk.open_cloud(&cloud).await;
    let node = register(&desk, "gw-1").await;
    Made {
        package: saved(&desk, &node.package).await,
        key: saved(&desk, &node.key).await,
        node,
        desk,
        cloud,
    }
}

/// Sets a console's clock by that of the cloud, which is the computer's.
fn set_clock(clock: &Hand) {
    let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
    let shown = u64::try_from(clock.now_ms()).unwrap() / 1000;
    let minutes = |seconds: u64| u32::try_from(seconds / 60).unwrap();
    clock.set_back(minutes(shown.saturating_sub(now)));
    clock.advance(minutes(now.saturating_sub(shown)));
}

/// Writes a file and returns its path.
pub(super) fn file(folder: &Path, name: &str, contents: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, contents).unwrap();
    path
}

/// Whether a secret stands in a text, at any place of it.
pub(super) fn leaks(key: &[u8], text: &Value) -> bool {
    let key = std::str::from_utf8(key).unwrap();
    let text = text.to_string();
    // Whole lines of the key's own, not those around it that every key has.
    let lines = key.lines().filter(|line| !line.starts_with("-----"));
    lines
        .filter(|line| line.len() > 20)
        .any(|line| text.contains(line))
}
