//! Changes of tags that are not sent yet, and which calls they take.
//!
//! What is pending is kept apart from the tags that are there, so that a refresh meanwhile loses nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A tag: its key and its value.
pub type Tag = (String, String);

/// What becomes of tags, by their keys: another value, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending(BTreeMap<String, Option<String>>);

/// What becomes of one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Stays,
    /// It comes.
    New,
    /// It gets this value.
    Changed(String),
    /// It goes.
    Gone,
}

/// What is to be sent, told apart by what the service does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Tags that weren't there.
    pub added: Vec<Tag>,
    /// Tags with their new values, each with the value before.
    pub changed: Vec<(Tag, String)>,
    /// Tags that go, with the values they have.
    pub removed: Vec<Tag>,
}

/// A call that a change takes, without what names the thing.
#[derive(Debug, Clone, PartialEq)]
pub struct TagCall {
    /// The operation.
    pub operation: &'static str,
    /// The key that stands in its path.
    pub key: Option<String>,
    /// Its body.
    pub body: Option<Value>,
}

impl Pending {
    /// Gives a tag a value.
    pub fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), Some(value.to_owned()));
    }

    /// Takes a tag off.
    pub fn remove(&mut self, key: &str) {
        self.0.insert(key.to_owned(), None);
    }

    /// Leaves a tag as it is.
    pub fn forget(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Leaves those as they are that a call has changed.
    pub fn forget_all<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        for key in keys {
            self.forget(key);
        }
    }

    /// All tags, those that are there in their order before those that come, each with what becomes of it.
    pub fn seen(&self, tags: &[Tag]) -> Vec<(Tag, Fate)> {
        let fate = |(key, value): &Tag| match self.0.get(key) {
            None => Fate::Stays,
            Some(None) => Fate::Gone,
            Some(Some(new)) if new == value => Fate::Stays,
            Some(Some(new)) => Fate::Changed(new.clone()),
        };
        let there = tags.iter().map(|tag| (tag.clone(), fate(tag)));
        let new = self.0.iter().filter_map(|(key, value)| {
            let is_new = tags.iter().all(|(known, _)| known != key);
            let value = value.as_ref().filter(|_| is_new)?;
            Some(((key.clone(), value.clone()), Fate::New))
        });
        there.chain(new).collect()
    }

    /// What is to be sent. What has come true meanwhile is left out.
    pub fn changes(&self, tags: &[Tag]) -> Changes {
        let mut changes = Changes::default();
        for (tag, fate) in self.seen(tags) {
            match fate {
                Fate::Stays => {}
                Fate::New => changes.added.push(tag),
                Fate::Changed(value) => changes.changed.push(((tag.0, value), tag.1)),
                Fate::Gone => changes.removed.push(tag),
            }
        }
        changes
    }
}

impl Changes {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.added.len() + self.changed.len() + self.removed.len()
    }

    /// The same in the requests it takes: one that puts on and one that takes off. What comes is sent first, so that
    /// nothing is lost in between, unless there would be more tags than a thing may have.
    pub fn requests(self, there: usize, most: usize) -> Vec<Self> {
        let removes_first = there + self.added.len() > most;
        let removal = Self {
            removed: self.removed,
            ..Self::default()
        };
        let rest = Self {
            removed: Vec::new(),
            ..self
        };
        let mut requests = vec![rest, removal];
        if removes_first {
            requests.reverse();
        }
        requests.retain(|request| request.count() > 0);
        requests
    }

    /// The keys it is about.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let changed = self.changed.iter().map(|(tag, _)| tag);
        let tags = self.added.iter().chain(changed).chain(&self.removed);
        tags.map(|(key, _)| key.as_str())
    }

    /// The call of one request: the operation for a single tag, or the one for several.
    pub fn call(&self) -> TagCall {
        let put: Vec<&Tag> = self
            .added
            .iter()
            .chain(self.changed.iter().map(|(tag, _)| tag))
            .collect();
        match (put.as_slice(), self.removed.as_slice()) {
            ([(key, value)], []) => TagCall {
                operation: "create_tag",
                key: None,
                body: Some(json!({ "tag": { "key": key, "value": value } })),
            },
            ([], [(key, _)]) => TagCall {
                operation: "delete_resource_tag",
                key: Some(key.clone()),
                body: None,
            },
            ([], removed) => {
                let keys = removed.iter().map(|(key, _)| json!({ "key": key }));
                several("delete", keys.collect())
            }
            (put, _) => {
                let tags = put
                    .iter()
                    .map(|(key, value)| json!({ "key": key, "value": value }));
                several("create", tags.collect())
            }
        }
    }

    /// What takes one request back, where a single one does.
    pub fn inverse(&self) -> Option<Self> {
        match (
            self.added.is_empty(),
            self.changed.is_empty(),
            self.removed.is_empty(),
        ) {
            (false, true, true) => Some(Self {
                removed: self.added.clone(),
                ..Self::default()
            }),
            (true, false, true) => Some(Self {
                changed: self
                    .changed
                    .iter()
                    .map(|((key, now), before)| ((key.clone(), before.clone()), now.clone()))
                    .collect(),
                ..Self::default()
            }),
            (true, true, false) => Some(Self {
                added: self.removed.clone(),
                ..Self::default()
            }),
            _ => None,
        }
    }
}

/// The call that puts several tags on (`create`) or takes them off (`delete`).
pub fn several(action: &str, tags: Value) -> TagCall {
    TagCall {
        operation: "batch_add_delete_tags",
        key: None,
        body: Some(json!({ "tags": tags, "action": action })),
    }
}

/// A tag as lists, filters and chips write it: `key=value`, or its key alone.
pub fn joined(key: &str, value: &str) -> String {
    match value {
        "" => key.to_owned(),
        value => format!("{key}={value}"),
    }
}

/// The values typed beside a key, with commas between.
pub fn values(text: &str) -> Vec<String> {
    let parts = text.split([',', '，']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Changes, Fate, Pending, Tag, joined, values};

    fn tag(key: &str, value: &str) -> Tag {
        (key.to_owned(), value.to_owned())
    }

    fn there() -> Vec<Tag> {
        vec![tag("line", "l1"), tag("site", "bj")]
    }

    #[test]
    fn what_is_pending_is_seen_beside_what_is_there() {
        let mut pending = Pending::default();
        pending.set("site", "sh");
        pending.set("crane", "7");
        pending.remove("line");
        let seen = pending.seen(&there());
        assert_eq!(
            seen,
            [
                (tag("line", "l1"), Fate::Gone),
                (tag("site", "bj"), Fate::Changed("sh".to_owned())),
                (tag("crane", "7"), Fate::New),
            ]
        );
        let changes = pending.changes(&there());
        assert_eq!(changes.count(), 3);
        pending.forget_all(changes.keys());
        assert_eq!(pending, Pending::default());
    }

    #[test]
    fn what_has_come_true_is_not_sent() {
        let mut pending = Pending::default();
        pending.set("site", "bj");
        pending.remove("crane");
        assert_eq!(pending.changes(&there()), Changes::default());
    }

    #[track_caller]
    fn check_calls(changes: Changes, there: usize, expected: &[(&str, serde_json::Value)]) {
        let calls: Vec<_> = changes
            .requests(there, 20)
            .iter()
            .map(|request| {
                let call = request.call();
                let said = call.body.or(call.key.map(Into::into)).unwrap_or_default();
                (call.operation, said)
            })
            .collect();
        assert_eq!(calls, expected);
    }

    #[test]
    fn one_tag_takes_a_call_of_its_own_and_several_one_together() {
        let one = Changes {
            added: vec![tag("a", "1")],
            ..Changes::default()
        };
        let create = ("create_tag", json!({"tag": {"key": "a", "value": "1"}}));
        check_calls(one.clone(), 0, std::slice::from_ref(&create));
        let removal = Changes {
            removed: vec![tag("b", "2")],
            ..Changes::default()
        };
        let delete = ("delete_resource_tag", json!("b"));
        check_calls(removal.clone(), 1, std::slice::from_ref(&delete));
        let both = Changes {
            added: one.added,
            changed: vec![(tag("c", "3"), "2".to_owned())],
            removed: vec![tag("b", "2"), tag("d", "")],
        };
        let put = json!({
            "action": "create",
            "tags": [{"key": "a", "value": "1"}, {"key": "c", "value": "3"}],
        });
        let take = json!({"action": "delete", "tags": [{"key": "b"}, {"key": "d"}]});
        let (put, take) = (
            ("batch_add_delete_tags", put),
            ("batch_add_delete_tags", take),
        );
        check_calls(both.clone(), 5, &[put.clone(), take.clone()]);
        // Room has to be made first.
        check_calls(both, 20, &[take, put]);
    }

    #[test]
    fn what_one_request_did_one_takes_back() {
        let changed = Changes {
            changed: vec![(tag("c", "3"), "2".to_owned())],
            ..Changes::default()
        };
        let back = changed.inverse().expect("a single request takes it back");
        assert_eq!(back.changed, [(tag("c", "2"), "3".to_owned())]);
        assert_eq!(back.inverse(), Some(changed.clone()));
        let mixed = Changes {
            added: vec![tag("a", "")],
            ..changed
        };
        assert_eq!(mixed.inverse(), None);
    }

    #[test]
    fn tags_and_values_are_written_as_people_do() {
        assert_eq!(joined("site", "bj"), "site=bj");
        assert_eq!(joined("site", ""), "site");
        assert_eq!(values(" bj, sh，,*x "), ["bj", "sh", "*x"]);
    }
}
