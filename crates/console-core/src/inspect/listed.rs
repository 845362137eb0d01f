//! Certificates the service has listed in a session, whoever asked: it lists them for one node or one group at a time,
//! and what a page has read of many is worth keeping for the calendar.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use edge_package::inspect::{plain_serial, same_serial};
use ief_api::node::{EdgeNode, ListEdgeNodeCerts};
use ief_api::node_group::{ListEdgeGroupCerts, NodeGroup};
use ief_api::operation::{Call, Operation};
use ief_api::resource::Resource;
use serde_json::Value;

use crate::session::Session;

/// Seconds of a day, which the service counts in.
const DAY: i64 = 24 * 60 * 60;

/// Whom certificates belong to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Holder {
    pub(crate) kind: HolderKind,
    pub(crate) id: String,
    /// Empty when it isn't known.
    pub(crate) name: String,
}

/// What certificates belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum HolderKind {
    /// A node.
    Node,
    /// A node group.
    Group,
}

impl HolderKind {
    /// Kind of the resource.
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Node => EdgeNode::SPEC.kind,
            Self::Group => NodeGroup::SPEC.kind,
        }
    }

    /// Where its certificates stand in an answer.
    fn rows(self) -> &'static str {
        match self {
            Self::Node => "node_certs",
            Self::Group => "groupcerts",
        }
    }
}

/// A certificate as the service lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: String,
    /// As [`plain_serial`] writes it.
    pub(crate) serial: String,
    /// Until when it holds, in seconds since 1970, to the day. `None` when the service doesn't say.
    pub(crate) not_after: Option<i64>,
    /// When it was listed, in milliseconds since the epoch.
    pub(crate) listed_ms: i64,
}

/// Holders by kind and identifier, each with its certificates.
type Holders = HashMap<(HolderKind, String), (Holder, Vec<Listed>)>;

/// What was listed in a session.
#[derive(Debug, Default)]
pub(crate) struct Listings(Mutex<Holders>);

impl Listings {
    /// Takes over what the service listed of one holder, and returns the serial numbers.
    pub(crate) fn take(&self, holder: Holder, body: &Value, now_ms: i64) -> Vec<String> {
        let rows = rows(holder.kind, body);
        let listed: Vec<Listed> = rows.into_iter().map(|row| read(row, now_ms)).collect();
        let serials = listed.iter().map(|listed| listed.serial.clone()).collect();
        let key = (holder.kind, holder.id.clone());
        self.held().insert(key, (holder, listed));
        serials
    }

    /// The holder of a certificate, by the certificate's identifier or serial number.
    pub(crate) fn holder_of(&self, id: &str, serial: &str) -> Option<Holder> {
        let held = self.held();
        let found = held.values().find(|(_, listed)| {
            let mut listed = listed.iter();
            listed.any(|it| it.id == id || same_serial(&it.serial, serial))
        });
        found.map(|(holder, _)| holder.clone())
    }

    /// How many were asked about.
    pub(crate) fn len(&self) -> usize {
        self.held().len()
    }

    /// Everything, in no order.
    pub(crate) fn all(&self) -> Vec<(Holder, Listed)> {
        let held = self.held();
        let all = held.values().flat_map(|(holder, listed)| {
            let listed = listed.iter();
            listed.map(|listed| (holder.clone(), listed.clone()))
        });
        all.collect()
    }

    fn held(&self) -> MutexGuard<'_, Holders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes note of an answer that lists certificates. Says whether it does.
pub(crate) fn seen(session: &Session, call: &Call, body: &Value) -> bool {
    let (kind, parameter) = match call.operation.as_str() {
        name if name == ListEdgeNodeCerts::SPEC.name => (HolderKind::Node, "node_id"),
        name if name == ListEdgeGroupCerts::SPEC.name => (HolderKind::Group, "group_id"),
        _ => return false,
    };
    // A part of a list would hide the rest.
    let is_whole = call
        .query_value("offset")
        .is_none_or(|offset| offset == "0");
    let Some(id) = call.path.get(parameter).filter(|_| is_whole) else {
        return false;
    };
    let shelf = session.inventories.of(kind.resource());
    let row = shelf
        .ok()
        .and_then(|shelf| shelf.rows().snapshot().row(id, None));
    let holder = Holder {
        kind,
        id: id.clone(),
        name: row.map(|row| row.name).unwrap_or_default(),
    };
    session
        .listed
        .take(holder, body, session.core.clock.now_ms());
    true
}

/// The certificates in an answer. The service has been seen to put them into a list once more.
fn rows(kind: HolderKind, body: &Value) -> Vec<&Value> {
    let of = |answer| Value::get(answer, kind.rows()).and_then(Value::as_array);
    let outer: Vec<&Value> = match body.as_array() {
        Some(lists) => lists.iter().filter_map(of).flatten().collect(),
        None => of(body).into_iter().flatten().collect(),
    };
    let inner = |entry| match of(entry) {
        Some(inner) => inner.iter().collect(),
        None => vec![entry],
    };
    outer.into_iter().flat_map(inner).collect()
}

fn read(row: &Value, now_ms: i64) -> Listed {
    let text = |name: &str| {
        row.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let days = row
        .get("cert_remaining_valid_time")
        .and_then(|days| days.as_i64().or_else(|| days.as_str()?.trim().parse().ok()));
    Listed {
        id: text("id"),
        name: text("name"),
        kind: text("type"),
        serial: plain_serial(&text("serial_num")),
        not_after: days.map(|days| ends(now_ms, days)),
        listed_ms: now_ms,
    }
}

/// The last second of the day on which something ends that has so many days left, in seconds since 1970. Whenever on a
/// day it is asked, the answer is the same.
pub(crate) fn ends(now_ms: i64, days: i64) -> i64 {
    begin_of_day(now_ms)
        .saturating_add(days.saturating_add(1).saturating_mul(DAY))
        .saturating_sub(1)
}

/// The first second of a day of UTC, in seconds since 1970.
pub(crate) fn begin_of_day(now_ms: i64) -> i64 {
    now_ms.div_euclid(1000).div_euclid(DAY) * DAY
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Holder, HolderKind, Listings};

    fn holder(kind: HolderKind) -> Holder {
        Holder {
            kind,
            id: "h".to_owned(),
            name: String::new(),
        }
    }

    #[test]
    fn what_is_listed_is_found_by_either_number() {
        let listings = Listings::default();
        let body = json!([{"count": 1, "groupcerts": [{"groupcerts": [{
            "id": "c", "name": "plant", "type": "application", "serial_num": "00:AB",
            "cert_remaining_valid_time": "3",
        }]}]}]);
        let serials = listings.take(holder(HolderKind::Group), &body, 1_000);
        assert_eq!(serials, ["00ab"]);
        let all = listings.all();
        assert_eq!(all[0].1.not_after, Some(4 * 86_400 - 1));
        assert!(listings.holder_of("c", "").is_some());
        assert!(listings.holder_of("", "ab").is_some());
        assert!(listings.holder_of("", "").is_none());
        // Listed anew, it is gone.
        listings.take(holder(HolderKind::Group), &json!({"groupcerts": []}), 2_000);
        assert!(listings.holder_of("c", "ab").is_none());
        assert_eq!(listings.len(), 1);
    }
}
