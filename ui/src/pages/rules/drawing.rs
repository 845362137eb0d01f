//! What the picture of routes is made of: rules as they stand in the list, laid out.

use std::collections::BTreeMap;

use console_ipc::inventory::{CellValue, RowView, RowsAnswer};

use super::{cell, is_enabled, text_of};
use crate::flow::{Arrangement, Flow, arrange};

/// How wide the parts of the picture are, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Widths {
    /// A source.
    pub(super) source: f64,
    /// From the sources to the rules.
    pub(super) before: f64,
    /// A rule.
    pub(super) rule: f64,
    /// Beside a rule, for what it has forwarded and what not.
    pub(super) counts: f64,
    /// From there to the destinations.
    pub(super) after: f64,
    /// A destination.
    pub(super) target: f64,
}

impl Widths {
    /// The narrowest picture that can be read.
    const LEAST: Self = Self {
        source: 124.0,
        before: 28.0,
        rule: 172.0,
        counts: 78.0,
        after: 56.0,
        target: 124.0,
    };

    /// Room left and right of the picture.
    const EDGE: f64 = 16.0;

    /// Parts for a place of some width: no narrower than can be read, no wider than can be overlooked.
    pub(super) fn of(room: f64) -> Self {
        let least = Self::LEAST;
        let more = (room.min(1280.0) - least.all()).max(0.0);
        Self {
            source: least.source + more * 0.16,
            before: least.before + more * 0.05,
            rule: least.rule + more * 0.3,
            counts: least.counts + more * 0.04,
            after: least.after + more * 0.29,
            target: least.target + more * 0.16,
        }
    }

    /// All together.
    pub(super) fn all(self) -> f64 {
        self.target_at() + self.target + Self::EDGE
    }

    /// Where sources begin.
    pub(super) fn source_at(self) -> f64 {
        Self::EDGE
    }

    /// Where rules begin.
    pub(super) fn rule_at(self) -> f64 {
        self.source_at() + self.source + self.before
    }

    /// Where rules end.
    pub(super) fn rule_end(self) -> f64 {
        self.rule_at() + self.rule
    }

    /// Where destinations begin.
    pub(super) fn target_at(self) -> f64 {
        self.rule_end() + self.counts + self.after
    }
}

/// A rule as it is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Route {
    pub(super) name: String,
    pub(super) enabled: bool,
    pub(super) source: String,
    pub(super) from: String,
    pub(super) target: String,
    pub(super) to: String,
    pub(super) forwarded: i64,
    pub(super) failed: i64,
}

/// The picture: what is drawn, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Drawing {
    /// The rules by their identifiers.
    routes: BTreeMap<String, Route>,
    /// Types of endpoints by their names.
    kinds: BTreeMap<String, String>,
    /// Where everything stands.
    pub(super) places: Arrangement,
    /// The most messages any rule has had.
    pub(super) most: i64,
    /// How many rules match, drawn or not.
    pub(super) matched: u64,
}

impl Drawing {
    /// The picture of some rows.
    pub(super) fn of(answer: RowsAnswer) -> Self {
        let mut drawing = Self {
            matched: answer.matched,
            ..Self::default()
        };
        let mut flows = Vec::new();
        for row in &answer.rows {
            let route = route(row);
            for (end, kind) in [("source", "source_type"), ("target", "target_type")] {
                drawing.kinds.insert(text_of(row, end), text_of(row, kind));
            }
            drawing.most = drawing.most.max(route.forwarded + route.failed);
            flows.push(Flow {
                source: route.source.clone(),
                target: route.target.clone(),
                name: route.name.clone(),
                id: row.id.clone(),
            });
            drawing.routes.insert(row.id.clone(), route);
        }
        drawing.places = arrange(flows);
        drawing
    }

    /// How many rules are drawn.
    pub(super) fn drawn(&self) -> u64 {
        self.routes.len() as u64
    }

    /// A rule.
    pub(super) fn route(&self, id: &str) -> Route {
        self.routes.get(id).cloned().unwrap_or_default()
    }

    /// The type of an endpoint.
    pub(super) fn kind(&self, name: &str) -> String {
        self.kinds.get(name).cloned().unwrap_or_default()
    }
}

fn route(row: &RowView) -> Route {
    let count = |column: &str| match cell(row, column) {
        Some(CellValue::Integer(count)) => *count,
        _ => 0,
    };
    let named = |column: &str| {
        let named = text_of(row, column);
        super::messages::short_topic(&named).to_owned()
    };
    Route {
        name: row.name.clone(),
        enabled: is_enabled(row),
        source: text_of(row, "source"),
        from: named("source_resource"),
        target: text_of(row, "target"),
        to: named("target_resource"),
        forwarded: count("succeeded"),
        failed: count("failed"),
    }
}
