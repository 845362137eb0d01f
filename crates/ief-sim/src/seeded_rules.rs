//! The rules of messages that are there at the start: a handful of routes in both directions.

use ief_api::message_rule::{MessageResource, MessageRule};

use crate::seed::Stream;
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::traffic::{RuleRecord, is_online};
use crate::world::World;

/// How far back errors are known at the start, in milliseconds.
const PAST: i64 = 6 * 60 * 60 * 1000;

/// A route before it has an identifier.
struct Route {
    name: &'static str,
    description: &'static str,
    enabled: bool,
    from: (&'static str, MessageResource),
    to: (&'static str, MessageResource),
}

impl World {
    /// The rules of the seed. Those that begin at a node are there when nodes are.
    pub(crate) fn rules_of_seed(&mut self) -> Vec<RuleRecord> {
        let mut routes = self.routes_from_nodes();
        routes.extend(routes_to_nodes());
        let routes = routes.into_iter().enumerate();
        routes
            .filter_map(|(place, route)| self.rule_of_seed(place as i64, route))
            .collect()
    }

    /// Routes into the cloud: what nodes and devices tell.
    fn routes_from_nodes(&self) -> Vec<Route> {
        let project = self.account.project_id.as_str();
        // Only the first are looked at: a scan of a million would be felt at the start.
        let mut nodes = (0..self.seed.nodes.min(200))
            .filter(|node| is_online(&self.seed.node_state(*node)))
            .map(|node| self.seed.id(Stream::Node, node).to_string());
        let mut routes = Vec::new();
        let mut begin = |name, description, topic, to| {
            let node = nodes.next()?;
            let from = MessageResource {
                topic: Some(format!("{project}/nodes/{node}/user/{topic}")),
                node_id: Some(node),
                ..MessageResource::default()
            };
            let enabled = name != "trial-export";
            let from = ("SystemEventBus", from);
            routes.push(Route {
                name,
                description,
                enabled,
                from,
                to,
            });
            Some(())
        };
        // No more are begun when there are no more nodes.
        let _begun = [
            begin(
                "telemetry-to-cloud",
                "Telemetry of a gateway for the stream of the plant",
                "telemetry",
                ("plant-stream", channel("telemetry")),
            ),
            begin(
                "inspection-results",
                "What the inspection has found",
                "inspection/results",
                ("inspection-stream", channel("inspection-results")),
            ),
            begin(
                "alarms-to-maintenance",
                "Alarms open tickets",
                "alarms",
                (
                    "maintenance-api",
                    address("https://maintenance.example.com/alarms"),
                ),
            ),
            begin(
                "trial-export",
                "Of a trial that has ended",
                "export/trial",
                ("plant-stream", channel("trial")),
            ),
        ];
        let device = (0..self.seed.devices.min(200)).find_map(|device| {
            let node = self.seed.home(device)?;
            is_online(&self.seed.node_state(node)).then_some((device, node))
        });
        if let Some((device, node)) = device {
            let id = self.device_id(device);
            let from = MessageResource {
                topic: Some(format!("{project}/device/{id}/messages/#")),
                node_id: Some(self.seed.id(Stream::Node, node).to_string()),
                ..MessageResource::default()
            };
            routes.push(Route {
                name: "device-messages",
                description: "Everything that one device says",
                enabled: true,
                from: ("SystemEventBus", from),
                to: ("plant-stream", channel("device-messages")),
            });
        }
        routes
    }

    fn rule_of_seed(&mut self, place: i64, route: Route) -> Option<RuleRecord> {
        let endpoint = |name: &str| self.stock.endpoints.named(name).cloned();
        let (source, target) = (endpoint(route.from.0)?, endpoint(route.to.0)?);
        let created = stamp(FIRST + (place + 1) * 31 * DAY);
        let number = self.seed.number(Stream::Messages, place as u64 | 1 << 40);
        let forwarded = (number % 90_000) as i64;
        let rule = MessageRule {
            id: Some(self.new_id()),
            name: Some(route.name.to_owned()),
            description: Some(route.description.to_owned()),
            in_using: Some(route.enabled),
            source: Some(source),
            source_resource: Some(route.from.1),
            target: Some(target),
            target_resource: Some(route.to.1),
            success_messages: Some(forwarded),
            fail_messages: Some(forwarded / 90),
            ief_instance_id: Some(self.account.instance_id.clone().unwrap_or_default()),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(created.clone()),
            updated_at: Some(created),
            ..MessageRule::default()
        };
        Some(RuleRecord {
            rule,
            errors: [].into(),
            counted: self.millis() - PAST,
        })
    }
}

/// Routes to nodes: what the cloud asks for.
fn routes_to_nodes() -> [Route; 3] {
    [
        Route {
            name: "orders-to-lines",
            description: "Orders of the planning for the controllers of the lines",
            enabled: true,
            from: ("SystemREST", path("/orders")),
            to: ("line-controller", path("/v1/orders")),
        },
        Route {
            name: "setpoints",
            description: "Setpoints for the controllers",
            enabled: true,
            from: ("SystemREST", path("/setpoints")),
            to: ("setpoint-writer", path("/write")),
        },
        Route {
            name: "commands-to-brokers",
            description: "Commands for whoever listens at the broker of a node",
            enabled: true,
            from: ("SystemREST", path("/commands")),
            to: ("SystemEventBus", topic("/commands")),
        },
    ]
}

fn path(path: &str) -> MessageResource {
    MessageResource {
        path: Some(path.to_owned()),
        ..MessageResource::default()
    }
}

fn topic(topic: &str) -> MessageResource {
    MessageResource {
        topic: Some(topic.to_owned()),
        ..MessageResource::default()
    }
}

fn channel(channel: &str) -> MessageResource {
    MessageResource {
        channel: Some(channel.to_owned()),
        ..MessageResource::default()
    }
}

fn address(address: &str) -> MessageResource {
    MessageResource {
        resource: Some(address.to_owned()),
        ..MessageResource::default()
    }
}
