//! Secrets the service answered, held back from everything else until they are saved or dropped.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use console_ipc::call::Withheld;
use console_ipc::error::NextStep;
use console_ipc::{ErrorKind, IpcError};
use ief_api::operation::OperationSpec;
use ief_api::redact::for_each_secret;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::clock::Random;

/// So many secrets are held of each kind. Reading the same things over and over drops the oldest.
const MOST: usize = 256;

type Pool = VecDeque<(String, Zeroizing<Vec<u8>>)>;

/// Secrets in memory that is wiped. Gone with the session.
#[derive(Default)]
pub(crate) struct Vault {
    held: Mutex<Held>,
}

/// Apart, so that reading never drops what a change has answered: that can't be asked for again.
#[derive(Default)]
struct Held {
    /// From the answers of changes.
    issued: Pool,
    /// From what was read.
    read: Pool,
}

impl Held {
    fn all(&self) -> impl Iterator<Item = &(String, Zeroizing<Vec<u8>>)> {
        self.issued.iter().chain(&self.read)
    }
}

impl Vault {
    /// Takes the secrets out of an answer: null stands in their place. Those of a list are not held: each
    /// can be read by itself, and a page of them would push out the rest.
    pub(crate) fn withhold(
        &self,
        spec: &OperationSpec,
        body: &mut Value,
        random: &dyn Random,
    ) -> Vec<Withheld> {
        if spec.page.is_some() {
            discard(spec, body);
            return Vec::new();
        }
        // What was sent and comes back is nothing that is handed out once: whoever typed it has it.
        for_each_secret(spec.secret_in_request, body, |path, secret| {
            drop(into_bytes(path, std::mem::take(secret)));
        });
        let mut withheld = Vec::new();
        for_each_secret(spec.secret_in_response, body, |path, secret| {
            let bytes = into_bytes(path, std::mem::take(secret));
            if bytes.is_empty() {
                return;
            }
            let handle = random.uuid().to_string();
            withheld.push(Withheld {
                handle: handle.clone(),
                path: path.to_owned(),
                bytes: bytes.len() as u64,
            });
            let mut held = self.held();
            let pool = match spec.mutates() {
                true => &mut held.issued,
                false => &mut held.read,
            };
            pool.push_back((handle, bytes));
            if pool.len() > MOST {
                pool.pop_front();
            }
        });
        withheld
    }

    /// What is held under a handle.
    pub(crate) fn get(&self, handle: &str) -> Result<Zeroizing<Vec<u8>>, IpcError> {
        let held = self.held();
        let found = held.all().find(|(known, _)| known == handle);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| {
            IpcError::new(ErrorKind::Gone, NextStep::Nothing).with("withheld", handle)
        })
    }

    /// Forgets what is held under a handle.
    pub(crate) fn drop_one(&self, handle: &str) {
        let mut held = self.held();
        held.issued.retain(|(known, _)| known != handle);
        held.read.retain(|(known, _)| known != handle);
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.held() = Held::default();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("held", &self.held().all().count())
            .finish()
    }
}

/// Forgets the secrets of an answer that nobody is to have.
pub(crate) fn discard(spec: &OperationSpec, body: &mut Value) {
    for_each_answered(spec, body, |path, secret| {
        drop(into_bytes(path, std::mem::take(secret)));
    });
}

/// Calls with each secret of an answer: those declared, and those of the request, should it be echoed.
fn for_each_answered(spec: &OperationSpec, body: &mut Value, mut f: impl FnMut(&str, &mut Value)) {
    for_each_secret(spec.secret_in_response, body, &mut f);
    for_each_secret(spec.secret_in_request, body, &mut f);
}

/// The bytes of a secret. Packages are archives in base64, everything else is text as it is.
fn into_bytes(path: &str, secret: Value) -> Zeroizing<Vec<u8>> {
    let text = match secret {
        Value::String(text) => Zeroizing::new(text.into_bytes()),
        Value::Null => Zeroizing::default(),
        mut other => {
            let text = Zeroizing::new(other.to_string().into_bytes());
            wipe(&mut other);
            text
        }
    };
    if path.rsplit('.').next() != Some("package") {
        return text;
    }
    // Some services break long base64 into lines.
    let mut compact = Zeroizing::new(Vec::with_capacity(text.len()));
    compact.extend(
        text.iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace()),
    );
    // What is no base64 is kept as it came: it can't be asked for a second time.
    match STANDARD.decode(&*compact) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(_) => text,
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use ief_api::operation::{Effect, OperationSpec, PageRule};
    use serde_json::json;

    use super::{MOST, Vault};
    use crate::clock::SystemRandom;

    const SPEC: OperationSpec = OperationSpec {
        secret_in_response: &["node.private_key", "node.package"],
        ..OperationSpec::DEFAULT
    };

    #[test]
    fn secrets_are_held_back_and_packages_decoded() {
        let vault = Vault::default();
        let mut body = json!({"node": {"id": "n", "private_key": "canary-key", "package": "Y2FuYXJ5LXBh\nY2thZ2U="}});
        let withheld = vault.withhold(&SPEC, &mut body, &SystemRandom);
        assert_eq!(
            body,
            json!({"node": {"id": "n", "private_key": null, "package": null}})
        );
        assert_eq!(withheld.len(), 2);
        assert_eq!(*vault.get(&withheld[0].handle).unwrap(), b"canary-key");
        assert_eq!(*vault.get(&withheld[1].handle).unwrap(), b"canary-package");
        assert_eq!(withheld[1].bytes, 14);
        assert!(!format!("{vault:?} {withheld:?}").contains("canary"));
        vault.drop_one(&withheld[0].handle);
        assert!(vault.get(&withheld[0].handle).is_err());
        vault.clear();
        assert!(vault.get(&withheld[1].handle).is_err());
    }

    #[test]
    fn reading_never_drops_what_a_change_has_answered() {
        const READS: OperationSpec = OperationSpec {
            effect: Effect::Read,
            ..SPEC
        };
        const CREATES: OperationSpec = OperationSpec {
            effect: Effect::Create,
            ..SPEC
        };
        const LISTS: OperationSpec = OperationSpec {
            effect: Effect::Read,
            page: Some(PageRule {
                default: 10,
                maximum: 100,
                rows: "nodes",
            }),
            secret_in_response: &["nodes.*.private_key"],
            ..OperationSpec::DEFAULT
        };
        let vault = Vault::default();
        let mut body = json!({"node": {"private_key": "issued"}});
        let issued = vault.withhold(&CREATES, &mut body, &SystemRandom);
        let read = || {
            let mut body = json!({"node": {"private_key": "read"}});
            vault.withhold(&READS, &mut body, &SystemRandom).remove(0)
        };
        let first = read();
        for _ in 0..MOST {
            read();
        }
        assert!(vault.get(&first.handle).is_err());
        assert_eq!(*vault.get(&issued[0].handle).unwrap(), b"issued");

        let mut body = json!({"nodes": [{"private_key": "canary"}]});
        assert!(vault.withhold(&LISTS, &mut body, &SystemRandom).is_empty());
        assert_eq!(body["nodes"][0]["private_key"], serde_json::Value::Null);
    }

    #[test]
    fn what_was_sent_is_not_held_back_when_it_comes_back() {
        const SENDS: OperationSpec = OperationSpec {
            effect: Effect::Create,
            secret_in_request: &["data.*.value"],
            secret_in_response: &["data.*.value", "data.*.key"],
            ..OperationSpec::DEFAULT
        };
        let vault = Vault::default();
        let mut body = json!({"data": [{"value": "echoed", "key": "issued"}]});
        let withheld = vault.withhold(&SENDS, &mut body, &SystemRandom);
        assert_eq!(body, json!({"data": [{"value": null, "key": null}]}));
        assert_eq!(withheld.len(), 1);
        assert_eq!(*vault.get(&withheld[0].handle).unwrap(), b"issued");
    }

    #[test]
    fn a_package_that_is_no_base64_is_not_lost() {
        let vault = Vault::default();
        let mut body = json!({"node": {"package": "not base64!"}});
        let withheld = vault.withhold(&SPEC, &mut body, &SystemRandom);
        assert_eq!(*vault.get(&withheld[0].handle).unwrap(), b"not base64!");
    }

    #[test]
    fn an_answer_without_secrets_is_left_alone() {
        let vault = Vault::default();
        let mut body = json!({"node": {"id": "n", "package": null}});
        assert!(vault.withhold(&SPEC, &mut body, &SystemRandom).is_empty());
        assert_eq!(body["node"]["id"], "n");
    }
}
