//! What rules forward while the simulator's clock runs (section 4.10).
//!
//! Messages come at regular times that follow from the rule, so that counting is arithmetic, however much time
//! has passed, and doesn't depend on who looks when.

use std::collections::VecDeque;

use ief_api::endpoint::EndpointKind;
use ief_api::message_rule::{MessageResource, MessageRule, RuleError};
use ief_api::node::NodeState;
use ief_api::resource::Resource;

use crate::seed::Stream;
use crate::seeded_nodes::stamp;
use crate::store::Named;
use crate::world::World;

/// How many errors of a rule are kept, the newest.
pub(crate) const ERRORS: usize = 100;

/// A rule with what its answers don't show.
#[derive(Debug, Clone)]
pub(crate) struct RuleRecord {
    pub(crate) rule: MessageRule,
    /// The newest errors, the newest first.
    pub(crate) errors: VecDeque<RuleError>,
    /// Up to when its messages are counted, in milliseconds.
    pub(crate) counted: i64,
}

impl Named for RuleRecord {
    fn id(&self) -> &str {
        Resource::id(&self.rule)
    }
    fn name(&self) -> &str {
        Resource::name(&self.rule)
    }
}

/// The messages that come to a rule.
#[derive(Debug)]
struct Flow {
    /// Milliseconds from one message to the next.
    period: i64,
    /// One of so many fails.
    fails: i64,
    /// Why one fails.
    reason: String,
}

impl World {
    /// Counts what the rules have forwarded since they were counted last. To be called before anything changes
    /// that decides about messages, and before anybody looks.
    pub(crate) fn forward_messages(&mut self) {
        let now = self.millis();
        let flows: Vec<_> = self.stock.rules.iter().map(|it| self.flow(it)).collect();
        for (record, flow) in self.stock.rules.iter_mut().zip(flows) {
            if let Some(flow) = flow {
                record.forward(&flow, now);
            }
            record.counted = now;
        }
    }

    /// What comes to a rule as things are now. `None` when nothing does.
    fn flow(&self, record: &RuleRecord) -> Option<Flow> {
        let rule = &record.rule;
        if rule.in_using != Some(true) {
            return None;
        }
        let from = rule.source_resource.as_ref();
        let comes_from_node = rule.source.as_ref()?.kind == Some(EndpointKind::Eventbus);
        if comes_from_node && !self.is_sending(from?) {
            return None;
        }
        let place = self.seed.index(Stream::Extra, record.id())?;
        let number = self.seed.number(Stream::Messages, place);
        let hopeless = record.name().contains("fails-to-forward");
        Some(Flow {
            period: 2_000 + (number % 18_000) as i64,
            fails: match hopeless {
                true => 1,
                false => 40 + (number >> 20 & 127) as i64,
            },
            reason: reason(rule),
        })
    }

    /// Whether messages come from a node: while it runs, and while its software is upgraded.
    fn is_sending(&self, from: &MessageResource) -> bool {
        let node = from.node_id.as_deref().unwrap_or_default();
        let node = self.find_node(node);
        node.is_ok_and(|node| is_online(&self.node_state(node)))
    }
}

/// Whether a node in this state is connected.
pub(crate) fn is_online(state: &NodeState) -> bool {
    matches!(state, NodeState::Running | NodeState::Upgrading)
}

impl RuleRecord {
    /// Counts the messages from `self.counted` until `now`. The n-th message since 1970 comes n periods after
    /// it, so that two halves of a time count as much as the whole.
    fn forward(&mut self, flow: &Flow, now: i64) {
        let before = self.counted.div_euclid(flow.period);
        let last = now.div_euclid(flow.period);
        let (failed_before, failed) = (before.div_euclid(flow.fails), last.div_euclid(flow.fails));
        let failures = failed - failed_before;
        let successes = last - before - failures;
        let add = |count: &mut Option<i64>, more: i64| {
            *count = Some(count.unwrap_or_default().saturating_add(more));
        };
        add(&mut self.rule.success_messages, successes);
        add(&mut self.rule.fail_messages, failures);
        let newest = failures.min(ERRORS as i64);
        for place in failed - newest + 1..=failed {
            self.errors.push_front(RuleError {
                detail: Some(flow.reason.clone()),
                time: Some(stamp(place * flow.fails * flow.period)),
                rule_id: self.rule.id.clone(),
                project_id: self.rule.project_id.clone(),
                ief_instance_id: self.rule.ief_instance_id.clone(),
                ..RuleError::default()
            });
        }
        self.errors.truncate(ERRORS);
    }
}

/// Why a message of a rule fails.
fn reason(rule: &MessageRule) -> String {
    let target = rule.target.as_ref();
    let properties = target.and_then(|it| it.properties.as_ref());
    let resource = rule.target_resource.as_ref();
    let named = resource
        .and_then(MessageResource::named)
        .unwrap_or_default();
    match target.and_then(|it| it.kind.as_ref()) {
        Some(EndpointKind::Dis) => {
            format!("The stream {named} did not take the message: too many records in a second.")
        }
        Some(EndpointKind::Servicebus) => {
            let port = properties.and_then(|it| it.service_port);
            let port = port.unwrap_or_default();
            format!("Nothing answered {named} at port {port} of the node within 10 seconds.")
        }
        Some(EndpointKind::Apigw) => format!("{named} answered 504 Gateway Timeout."),
        _ => format!("The broker of the node did not take the message for {named}."),
    }
}
