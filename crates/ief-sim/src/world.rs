//! The simulated service: what exists in it and what time it is there.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ief_api::codes::{self, ErrorCode};
use ief_api::resource::Resource;

use crate::account::Account;
use crate::answer::Refusal;
use crate::auth::Tokens;
use crate::deployments::DeploymentRecord;
use crate::devices::DeviceRecord;
use crate::lifecycle::Event;
use crate::nodes::NodeRecord;
use crate::options::{Edition, Options};
use crate::package::Authority;
use crate::population::Population;
use crate::seed::{Seed, Stream};
use crate::seeded_nodes::stamp;
use crate::stock::{Stock, Stocked};

/// Everything the service knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: Seed,
    pub(crate) account: Arc<Account>,
    pub(crate) edition: Edition,
    pub(crate) token_lifetime: Duration,
    pub(crate) tokens: Tokens,
    pub(crate) authority: Arc<Authority>,
    pub(crate) nodes: Population<NodeRecord>,
    pub(crate) devices: Population<DeviceRecord>,
    pub(crate) deployments: Population<DeploymentRecord>,
    /// Everything of which there are few.
    pub(crate) stock: Stock,
    /// Devices whose identifier was chosen by whoever created them.
    pub(crate) chosen_ids: HashMap<String, u64>,
    /// Changed or created devices by the node they are bound to.
    pub(crate) bound: BTreeMap<u64, BTreeSet<u64>>,
    /// Changed or created deployments by the nodes on which they have instances.
    pub(crate) placed: BTreeMap<u64, BTreeSet<u64>>,
    /// Since when nodes that had instances can't be reached, in milliseconds.
    pub(crate) outages: BTreeMap<u64, i64>,
    /// Quotas that were asked for, by their type.
    pub(crate) quotas: BTreeMap<String, i64>,
    pub(crate) events: BinaryHeap<Reverse<(DateTime<Utc>, u64, Event)>>,
    now: DateTime<Utc>,
    scheduled: u64,
    made: u64,
}

impl World {
    pub(crate) fn new(
        options: &Options,
        seed: Seed,
        account: Arc<Account>,
        authority: Arc<Authority>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut world = Self {
            seed,
            account,
            edition: options.edition,
            token_lifetime: options.token_lifetime,
            tokens: Tokens::default(),
            authority,
            nodes: Population::new(seed.nodes),
            devices: Population::new(seed.devices),
            deployments: Population::new(seed.deployments(options.edition)),
            stock: Stock::default(),
            chosen_ids: HashMap::new(),
            bound: BTreeMap::new(),
            placed: BTreeMap::new(),
            outages: BTreeMap::new(),
            quotas: options.quotas.clone(),
            events: BinaryHeap::new(),
            now,
            scheduled: 0,
            made: 0,
        };
        world.begin_stock();
        world.begin();
        world
    }

    /// The simulated time, up to which everything has happened.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The simulated time in milliseconds.
    pub(crate) fn millis(&self) -> i64 {
        self.now.timestamp_millis()
    }

    /// The simulated time as the service writes it.
    pub(crate) fn stamp(&self) -> String {
        stamp(self.millis())
    }

    /// Lets everything happen that is due until then, in its order.
    pub(crate) fn advance_to(&mut self, time: DateTime<Utc>) {
        while let Some(Reverse((due, ..))) = self.events.peek() {
            if *due > time {
                break;
            }
            if let Some(Reverse((due, _, event))) = self.events.pop() {
                self.now = self.now.max(due);
                self.happen(event, time);
            }
        }
        self.now = self.now.max(time);
    }

    /// Lets something happen after a while.
    pub(crate) fn schedule(&mut self, after: Duration, event: Event) {
        let after = TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX);
        if let Some(due) = self.now.checked_add_signed(after) {
            self.scheduled += 1;
            self.events.push(Reverse((due, self.scheduled, event)));
        }
    }

    /// A new identifier for something that is no node and no device.
    pub(crate) fn new_id(&mut self) -> String {
        self.made += 1;
        self.seed.id(Stream::Extra, self.made).to_string()
    }

    /// A number for a certificate that no other has.
    pub(crate) fn new_serial(&mut self) -> u64 {
        self.made += 1;
        // The highest bit stays clear: a serial number is positive.
        self.seed.number(Stream::Extra, self.made) >> 1
    }

    /// How many things are kept in memory because they differ from the seed.
    pub(crate) fn kept(&self) -> usize {
        self.nodes.kept() + self.devices.kept() + self.deployments.kept()
    }

    /// Refuses when the quota of a type is used up.
    pub(crate) fn check_quota(&self, kind: &ief_api::quota::QuotaType) -> Result<(), Refusal> {
        let (used, quota) = self.quota(kind);
        if quota >= 0 && used >= quota {
            return Err(used_up(&codes::QUOTA, kind.as_str(), used, quota));
        }
        Ok(())
    }

    /// Refuses with its own code when the quota of a kind is used up that no type of quota tells of. Options
    /// name it by the kind.
    pub(crate) fn check_room<T: Stocked>(
        &self,
        used: usize,
        code: &'static ErrorCode,
    ) -> Result<(), Refusal> {
        let kind = <T::Thing as Resource>::SPEC.kind;
        let quota = self.quotas.get(kind).copied().unwrap_or(T::ROOM);
        if quota >= 0 && used as i64 >= quota {
            return Err(used_up(code, kind, used as i64, quota));
        }
        Ok(())
    }

    /// Answers 500 when the name of a thing asks for it: `fail-` and the action.
    pub(crate) fn told_to_fail(name: &str, action: &str) -> Result<(), Refusal> {
        if name.contains(&format!("fail-{action}")) {
            return Err(Refusal::new(
                &codes::INTERNAL,
                format!("An internal error occurred, as the name {name} asks for."),
            ));
        }
        Ok(())
    }
}

fn used_up(code: &'static ErrorCode, kind: &str, used: i64, quota: i64) -> Refusal {
    let message = format!("The quota of {kind} is used up: {used} of {quota}.");
    Refusal::new(code, message)
}

/// There is no such thing.
pub(crate) fn missing(code: &'static ErrorCode, what: &str, id: &str) -> Refusal {
    Refusal::new(code, format!("The {what} {id} does not exist."))
}

/// A name is taken.
pub(crate) fn taken(what: &str, name: &str) -> Refusal {
    Refusal::new(
        &codes::EXISTS,
        format!("There is already a {what} named {name}."),
    )
}

/// A parameter breaks a rule that only the state of the service can tell.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(&codes::PARAMETER, message)
}

/// Whether a text occurs in a name, whatever the case: what the reference calls fuzzy match. The needle is
/// in lower case.
pub(crate) fn occurs(needle: &str, name: &str) -> bool {
    let (needle, name) = (needle.as_bytes(), name.as_bytes());
    needle.is_empty()
        || name
            .windows(needle.len())
            .any(|part| part.eq_ignore_ascii_case(needle))
}

/// Reads `key1.value1,key2.value2`.
pub(crate) fn read_tags(text: &str) -> Vec<(String, String)> {
    text.split(',')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('.').unwrap_or((pair, ""));
            (key.to_owned(), value.to_owned())
        })
        .collect()
}

/// An order that was asked for: `created_at`, `created_at:asc`, `name:desc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort<'a> {
    /// The field.
    pub(crate) field: &'a str,
    /// Whether the largest comes first.
    pub(crate) descending: bool,
}

impl<'a> Sort<'a> {
    /// Reads the parameter. The fields that can be sorted by are given.
    pub(crate) fn read(text: Option<&'a str>, fields: &[&str]) -> Result<Option<Self>, Refusal> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let (field, order) = text.split_once(':').unwrap_or((text, "asc"));
        let descending = match order {
            "asc" => false,
            "desc" => true,
            _ => return Err(invalid("sort must end in :asc or :desc.")),
        };
        if !fields.contains(&field) {
            return Err(invalid(format!(
                "sort must name one of {}.",
                fields.join(", ")
            )));
        }
        Ok(Some(Self { field, descending }))
    }

    /// The order of two things by a comparison of the field that was asked for. Equal when none was.
    pub(crate) fn order(sort: Option<Self>, compare: impl FnOnce(&str) -> Ordering) -> Ordering {
        match sort {
            None => Ordering::Equal,
            Some(sort) if sort.descending => compare(sort.field).reverse(),
            Some(sort) => compare(sort.field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sort, occurs, read_tags};

    #[test]
    fn fuzzy_match_ignores_case_and_place() {
        assert!(occurs("", "gw") && occurs("w-b", "GW-BJ") && occurs("bj", "gw-bj"));
        assert!(!occurs("gw-bj-1", "gw-bj"));
    }

    #[test]
    fn tags_are_pairs() {
        let tag = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(read_tags("a.b.c,d"), [tag("a", "b.c"), tag("d", "")]);
        assert_eq!(read_tags(""), []);
    }

    #[test]
    fn an_order_names_a_known_field() {
        let fields = ["name", "created_at"];
        assert_eq!(Sort::read(None, &fields).unwrap(), None);
        let sort = Sort::read(Some("name:desc"), &fields).unwrap().unwrap();
        assert!(sort.descending && sort.field == "name");
        assert!(
            !Sort::read(Some("name"), &fields)
                .unwrap()
                .unwrap()
                .descending
        );
        assert!(Sort::read(Some("name:up"), &fields).is_err());
        assert!(Sort::read(Some("size"), &fields).is_err());
    }
}
