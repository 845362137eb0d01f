//! System events: what happens to nodes and applications, sent to an endpoint (section 4.11).

use std::borrow::Cow;

use crate::endpoint::Endpoint;
use crate::message_rule::{MessageResource, kind_of, name_of};
use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, message_rule, system_event as rules};
use crate::wire::Nothing;
use crate::{operation, wire};

operation! {
    /// GET /v2/{project_id}/routemgr/exchanger/systemevents
    ///
    /// Lists subscriptions of system events. `name` matches anywhere in the name. Section 4.11.1.
    ListSystemEvents = "list_system_events", Get "/v2/{project_id}/routemgr/exchanger/systemevents" {
        path: {},
        query: { name: String, limit: i64, offset: i64 },
        response: SystemEventList,
        spec: {
            section: Some("4.11.1"),
            // The reference names neither; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "systemevents" }),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/exchanger/systemevents
    ///
    /// Subscribes to system events, from then on. A subscription can't be changed afterwards. Section 4.11.2.
    CreateSystemEvent = "create_system_event", Post "/v2/{project_id}/routemgr/exchanger/systemevents" {
        path: {},
        query: {},
        body: CreateSystemEventBody,
        response: SystemEventEnvelope,
        spec: {
            section: Some("4.11.2"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["system_event"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/routemgr/exchanger/systemevents/{event_id}
    ///
    /// Reads one subscription. Section 4.11.3.
    ShowSystemEventDetail = "show_system_event_detail", Get "/v2/{project_id}/routemgr/exchanger/systemevents/{event_id}" {
        path: { event_id },
        query: {},
        response: SystemEventEnvelope,
        spec: {
            section: Some("4.11.3"),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/routemgr/exchanger/systemevents/{event_id}
    ///
    /// Deletes one subscription. Section 4.11.4.
    DeleteSystemEvent = "delete_system_event", Delete "/v2/{project_id}/routemgr/exchanger/systemevents/{event_id}" {
        path: { event_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.11.4"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["system_event"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/exchanger/systemevents/{event_id}/start
    ///
    /// Enables a subscription. Section 4.11.5.
    StartSystemEvent = "start_system_event", Post "/v2/{project_id}/routemgr/exchanger/systemevents/{event_id}/start" {
        path: { event_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.11.5"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["system_event"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/exchanger/systemevents/{event_id}/stop
    ///
    /// Disables a subscription. Section 4.11.6.
    StopSystemEvent = "stop_system_event", Post "/v2/{project_id}/routemgr/exchanger/systemevents/{event_id}/stop" {
        path: { event_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.11.6"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["system_event"],
        }
    }
}

wire! {
    /// Body of [`CreateSystemEvent`].
    pub struct CreateSystemEventBody {
        /// The subscription.
        pub systemevent: Option<NewSystemEvent>,
    }

    /// A subscription to create (table 4-451).
    pub struct NewSystemEvent {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Topics, separated by commas: `edgeNode/offline,edgeNode/online`.
        pub events: Option<String>,
        /// Identifier of the endpoint that messages go to.
        pub target: Option<String>,
        /// What of the destination.
        pub target_resource: Option<MessageResource>,
    }

    /// Answer of the operations that return one subscription.
    pub struct SystemEventEnvelope {
        /// The subscription.
        pub systemevent: Option<SystemEvent>,
    }

    /// Answer of [`ListSystemEvents`].
    pub struct SystemEventList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The subscriptions of this page.
        pub systemevents: Vec<SystemEvent>,
    }

    /// A subscription (table 4-446).
    pub struct SystemEvent {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Whether it sends messages.
        pub in_using: Option<bool>,
        /// Topics, separated by commas.
        pub events: Option<String>,
        /// The endpoint that messages go to.
        pub target: Option<Endpoint>,
        /// What of the destination.
        pub target_resource: Option<MessageResource>,
        /// Messages that were sent.
        pub success_messages: Option<i64>,
        /// Messages that could not be sent.
        pub fail_messages: Option<i64>,
        /// When it was deleted; 0 while it is there. No unit is documented.
        pub delete_at: Option<i64>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl SystemEvent {
    /// The topics it is about.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        let topics = self.events.as_deref().unwrap_or_default().split(',');
        topics.map(str::trim).filter(|topic| !topic.is_empty())
    }
}

impl Resource for SystemEvent {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "system_event",
        list: ListSystemEvents::SPEC,
        show: Some(ShowSystemEventDetail::SPEC),
        id_parameter: "event_id",
        envelope: "systemevent",
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("enabled", ColumnKind::Flag),
            Column::new("topic", ColumnKind::Set),
            Column::new("target", ColumnKind::Text),
            Column::new("target_type", ColumnKind::Enum),
            Column::new("target_resource", ColumnKind::Text),
            Column::new("succeeded", ColumnKind::Integer),
            Column::new("failed", ColumnKind::Integer),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
            Column::new("target_id", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let resource = self.target_resource.as_ref();
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::flag(self.in_using),
            Cell::set(self.topics().map(Cow::Borrowed)),
            name_of(self.target.as_ref()),
            kind_of(self.target.as_ref()),
            Cell::text(resource.and_then(MessageResource::named)),
            Cell::integer(self.success_messages),
            Cell::integer(self.fail_messages),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
            Cell::text(self.target.as_ref().and_then(|it| it.id.as_deref())),
        ]);
    }
}

impl Check for CreateSystemEventBody {
    fn check(&self, violations: &mut Violations) {
        let Some(event) = &self.systemevent else {
            violations.add("systemevent", &rules::SYSTEM_EVENT_NAME, Problem::Missing);
            return;
        };
        violations.at("systemevent", |violations| {
            violations.required("name", &rules::SYSTEM_EVENT_NAME, event.name.as_deref());
            violations.optional(
                "description",
                &message_rule::RULE_DESCRIPTION,
                event.description.as_deref(),
            );
            // Each topic is one of the choices; without any there is one that is empty, and so missing.
            for topic in event.events.as_deref().unwrap_or_default().split(',') {
                violations.required("events", &rules::SYSTEM_EVENT_TOPIC, Some(topic));
            }
            let target = event.target.as_deref();
            violations.required("target", &message_rule::RULE_TARGET, target);
            MessageResource::check_target(event.target_resource.as_ref(), violations);
        });
    }
}
