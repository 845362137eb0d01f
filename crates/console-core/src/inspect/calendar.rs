//! The calendar of certificates: remembered packages, what the service has listed, and the nodes' own certificates,
//! which the list of nodes tells the days of.

mod carried;
mod commands;
mod nodes;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Months, NaiveTime};
use console_ipc::calendar::{Calendar, CalendarEntry, Month, Precision, Thing};
use console_ipc::inspect::report::Kind;
use edge_package::inspect::same_serial;
use ief_api::deployment::Deployment;
use ief_api::node::EdgeNode;
use ief_api::resource::Resource;

use super::listed::{Holder, HolderKind, Listed};
use super::remembered::{Dated, Package};
use crate::console::{Core, Current};
use carried::Fleet;
use nodes::Nodes;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// How far into the calendar one can look: whoever wants to know of one that ends later searches for it.
const DEEPEST: usize = 100_000;

/// The type that the service gives to the certificate a node was registered with.
const SYSTEM: &str = "system";

/// Everything a calendar is made from, as it was at one moment.
pub(super) struct Sources {
    now: i64,
    lead_days: u32,
    remembered: Arc<Vec<Package>>,
    listed: Vec<(Holder, Listed)>,
    asked: usize,
    fleet: Fleet,
    /// Name of the profile in use. Empty without one.
    profile: String,
}

impl Sources {
    /// Gathers them. Nothing is asked of the service, unless lists are to be `load`ed that aren't yet.
    pub(super) fn gather(core: &Core, load: bool) -> Self {
        let mut sources = Self {
            now: super::now(core),
            lead_days: core.settings.current().certificate_lead_days,
            remembered: core.inspector.remembered.all(),
            listed: Vec::new(),
            asked: 0,
            fleet: Fleet::default(),
            profile: String::new(),
        };
        if let Current::Live(session) = core.current() {
            for kind in [EdgeNode::SPEC.kind, Deployment::SPEC.kind] {
                // Groups are not among them: the service has them for platinum instances only.
                if let Ok(shelf) = session.inventories.of(kind)
                    && (load || shelf.in_use())
                {
                    shelf.look(&session);
                }
            }
            sources.listed = session.listed.all();
            sources.asked = session.listed.len();
            sources.fleet = Fleet::of(&session);
            sources.profile = session.profile().name;
        }
        sources
    }
}

/// A certificate with whom it belongs to.
#[derive(Debug, Clone)]
struct Row {
    id: String,
    name: String,
    kind: String,
    serial: String,
    issuer: String,
    is_ca: bool,
    not_before: Option<i64>,
    not_after: i64,
    precision: Precision,
    listed_ms: Option<i64>,
    packages: Vec<Thing>,
    nodes: BTreeSet<Thing>,
    groups: BTreeSet<Thing>,
    registrations: BTreeSet<Thing>,
}

impl Row {
    fn of(certificate: &Dated) -> Self {
        Self {
            id: certificate.sha256.clone(),
            name: certificate.name.clone(),
            kind: String::new(),
            serial: certificate.serial.clone(),
            issuer: certificate.issuer.clone(),
            is_ca: certificate.is_ca,
            not_before: Some(certificate.not_before),
            not_after: certificate.not_after,
            precision: Precision::Second,
            listed_ms: None,
            packages: Vec::new(),
            nodes: BTreeSet::new(),
            groups: BTreeSet::new(),
            registrations: BTreeSet::new(),
        }
    }

    /// One that only the service tells of.
    fn listed(id: String, name: String, not_after: i64, listed_ms: i64) -> Self {
        Self {
            id,
            name,
            kind: String::new(),
            serial: String::new(),
            issuer: String::new(),
            is_ca: false,
            not_before: None,
            not_after,
            precision: Precision::Day,
            listed_ms: Some(listed_ms),
            packages: Vec::new(),
            nodes: BTreeSet::new(),
            groups: BTreeSet::new(),
            registrations: BTreeSet::new(),
        }
    }

    /// Whether the service lists this very certificate. Two authorities may give the same number, but not to one node.
    fn is_of(&self, holder: &Holder, listed: &Listed) -> bool {
        let known = match holder.kind {
            HolderKind::Node => &self.nodes,
            HolderKind::Group => &self.groups,
        };
        let fits = known.is_empty() || known.iter().any(|thing| thing.id == holder.id);
        fits && same_serial(&self.serial, &listed.serial)
    }

    fn add_holder(&mut self, holder: &Holder, fleet: &Fleet) {
        match holder.kind {
            HolderKind::Node => self.nodes.insert(fleet.node(&holder.id, &holder.name)),
            HolderKind::Group => self.groups.insert(fleet.group(&holder.id, &holder.name)),
        };
    }

    /// Whether a text in lower case occurs in it.
    fn contains(&self, search: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(search);
        let holders = self
            .nodes
            .iter()
            .chain(&self.groups)
            .chain(&self.registrations);
        [&self.name, &self.serial, &self.issuer]
            .into_iter()
            .any(|text| has(text))
            || holders
                .chain(&self.packages)
                .any(|thing| has(&thing.name) || has(&thing.id))
    }
}

/// What of the calendar is not in the list of nodes.
#[derive(Default)]
struct Others {
    rows: Vec<Row>,
    /// Nodes whose own certificate is among the rows.
    known_nodes: BTreeSet<String>,
    /// Serial numbers of nodes' own certificates, where the service has listed them.
    serials: HashMap<String, String>,
    undated: u64,
}

impl Others {
    fn of(sources: &Sources, nodes: &Nodes) -> Self {
        let fleet = &sources.fleet;
        // The same certificate stands in many packages when it is an authority's.
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        let mut others = Self::default();
        for package in sources.remembered.iter() {
            for certificate in &package.certificates {
                let row = rows
                    .entry(&certificate.sha256)
                    .or_insert_with(|| Row::of(certificate));
                row.packages.push(Thing {
                    id: package.id.clone(),
                    name: package.name.clone(),
                });
                let id = &package.identity.id;
                if id.is_empty() {
                    continue;
                }
                match package.kind {
                    Kind::Node => {
                        let node = fleet.node(id, &package.identity.name);
                        if !certificate.is_ca {
                            // Its own says the identifier, which nobody knows it by.
                            row.name.clone_from(&node.name);
                        }
                        row.nodes.insert(node);
                        if !certificate.is_ca && nodes.is_end_of(id, certificate.not_after) {
                            row.kind = SYSTEM.to_owned();
                            row.listed_ms = nodes.as_of_ms();
                            others.known_nodes.insert(id.clone());
                        }
                    }
                    Kind::Registration => {
                        row.registrations
                            .insert(fleet.registration(id, &package.identity.name));
                    }
                    _ => {}
                }
            }
        }
        let mut rows: Vec<Row> = rows.into_values().collect();
        let mut by_serial: HashMap<String, usize> = HashMap::new();
        for (place, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_ca) {
            by_serial.insert(row.serial.trim_start_matches('0').to_owned(), place);
        }
        for (holder, listed) in &sources.listed {
            if fleet.is_gone(holder) {
                continue;
            }
            let known = by_serial
                .get(listed.serial.trim_start_matches('0'))
                .copied();
            let known = known.filter(|place| rows[*place].is_of(holder, listed));
            if let Some(row) = known.and_then(|place| rows.get_mut(place)) {
                row.kind.clone_from(&listed.kind);
                row.listed_ms = Some(listed.listed_ms);
                row.add_holder(holder, fleet);
            } else if let Some(not_after) = listed.not_after {
                let id = format!("{}/{}/{}", holder.kind.resource(), holder.id, listed.id);
                let mut row = Row::listed(id, listed.name.clone(), not_after, listed.listed_ms);
                row.kind.clone_from(&listed.kind);
                row.serial.clone_from(&listed.serial);
                row.add_holder(holder, fleet);
                rows.push(row);
            } else if listed.kind == SYSTEM && nodes.has(&holder.id) {
                others
                    .serials
                    .insert(holder.id.clone(), listed.serial.clone());
            } else {
                others.undated += 1;
            }
        }
        others.rows = rows;
        others
    }
}

/// That which ends first first; of those that end together in the order that the list of nodes has, so that the same
/// nodes are first in both.
fn order(row: &Row) -> (i64, String, String) {
    (row.not_after, row.name.to_lowercase(), row.id.clone())
}

/// A window of the calendar.
pub(super) fn window(sources: &Sources, search: &str, offset: u64, limit: usize) -> Calendar {
    let nodes = Nodes::of(&sources.fleet);
    let others = Others::of(sources, &nodes);
    let search = search.trim().to_lowercase();
    let soon_from = sources
        .now
        .saturating_add(i64::from(sources.lead_days) * DAY);
    let ends_by = |time: i64| {
        others
            .rows
            .iter()
            .filter(|row| row.not_after <= time)
            .count()
    };
    let known = &others.known_nodes;
    let ended_by = |time: i64| ends_by(time) as u64 + nodes.ending_by(time, known);
    let ended = ended_by(sources.now);
    let soon = ended_by(soon_from);
    let found: Vec<&Row> = others
        .rows
        .iter()
        .filter(|row| search.is_empty() || row.contains(&search))
        .collect();
    let first = usize::try_from(offset).unwrap_or(DEEPEST).min(DEEPEST);
    let (own, own_matched) = nodes.first(&search, first.saturating_add(limit), known);
    let matched = found.len() as u64 + own_matched;
    let own: Vec<Row> = own
        .into_iter()
        .map(|row| own_certificate(row, &others.serials, nodes.as_of_ms()))
        .collect();
    let mut rows: Vec<&Row> = found.into_iter().chain(&own).collect();
    rows.sort_by_cached_key(|row| order(row));
    let carried = sources.fleet.deployments();
    let shown = rows.into_iter().skip(first).take(limit);
    Calendar {
        at: sources.now,
        lead_days: sources.lead_days,
        total: others.rows.len() as u64 + nodes.count(known),
        matched,
        ended,
        soon: soon.saturating_sub(ended),
        asked: sources.asked as u64,
        undated: others.undated,
        months: months(sources.now, ended_by),
        offset,
        entries: shown
            .map(|row| entry(row, &sources.fleet, &carried))
            .collect(),
    }
}

/// How many months of the calendar are counted, the one under way included.
const MONTHS: u32 = 13;

/// What ends in each of the months to come, told by how many have ended by a time.
fn months(now: i64, ended_by: impl Fn(i64) -> u64) -> Vec<Month> {
    let begins = |month: u32| -> Option<i64> {
        let day = DateTime::from_timestamp(now, 0)?.date_naive().with_day(1)?;
        let day = day.checked_add_months(Months::new(month))?;
        Some(day.and_time(NaiveTime::MIN).and_utc().timestamp())
    };
    // What ends at the very beginning of a month ends in it.
    let ended_before = |time: i64| ended_by(time.saturating_sub(1));
    let mut before = ended_by(now);
    let mut from = now;
    let mut months = Vec::new();
    for month in 1..=MONTHS {
        let Some(next) = begins(month) else { break };
        let by_then = ended_before(next).max(before);
        months.push(Month {
            from,
            count: by_then - before,
        });
        (from, before) = (next, by_then);
    }
    months
}

/// The certificate that a node was registered with, as the list of nodes tells of it.
fn own_certificate(
    node: nodes::Node,
    serials: &HashMap<String, String>,
    as_of_ms: Option<i64>,
) -> Row {
    let id = format!("{}/{}", EdgeNode::SPEC.kind, node.thing.id);
    let listed_ms = as_of_ms.unwrap_or_default();
    let mut row = Row::listed(id, node.thing.name.clone(), node.not_after, listed_ms);
    row.kind = SYSTEM.to_owned();
    row.serial = serials.get(&node.thing.id).cloned().unwrap_or_default();
    row.nodes.insert(node.thing);
    row
}

fn entry(row: &Row, fleet: &Fleet, deployments: &carried::Deployments) -> CalendarEntry {
    let nodes = fleet.nodes_below(&row.nodes, &row.groups, &row.registrations);
    let applications = deployments.on(&nodes, &row.groups);
    let row = row.clone();
    CalendarEntry {
        id: row.id,
        name: row.name,
        kind: row.kind,
        serial: row.serial,
        issuer: row.issuer,
        is_ca: row.is_ca,
        not_before: row.not_before,
        not_after: row.not_after,
        precision: row.precision,
        listed_ms: row.listed_ms,
        packages: row.packages,
        nodes: carried::first(nodes),
        groups: carried::first(row.groups),
        registrations: carried::first(row.registrations),
        applications: carried::first(applications),
    }
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, months};

    #[test]
    fn months_are_those_of_the_calendar() {
        // 2026-11-23 10:00:00 UTC; certificates end a second before and at the beginning of December, and in leap-free
        // February.
        let now = 1_795_428_000;
        let december = 1_796_083_200;
        let ends = [now, december - 1, december, december + 80 * 86_400];
        let counted = months(now, |time| {
            ends.iter().filter(|end| **end <= time).count() as u64
        });
        assert_eq!(counted.len(), MONTHS as usize);
        assert_eq!(counted[0].from, now);
        assert_eq!(counted[1].from, december);
        let counts: Vec<u64> = counted.iter().map(|month| month.count).collect();
        assert_eq!(counts[..4], [1, 1, 0, 1]);
        assert_eq!(counts[4..].iter().sum::<u64>(), 0);
    }
}
