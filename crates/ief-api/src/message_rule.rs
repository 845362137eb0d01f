//! Rules by which messages are forwarded from one endpoint to another (section 4.10).
//!
//! The reference calls them rules, its error codes message routes. The limits of this crate are rules too, so
//! that types and modules say `message_rule`.

use crate::endpoint::{Endpoint, EndpointKind};
use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, message_rule as rules};
use crate::wire::Nothing;
use crate::{operation, wire};

operation! {
    /// GET /v2/{project_id}/routemgr/rules
    ///
    /// Lists rules. `name` matches anywhere in the name. Section 4.10.1.
    ListRules = "list_rules", Get "/v2/{project_id}/routemgr/rules" {
        path: {},
        query: { name: String, limit: i64, offset: i64 },
        response: MessageRuleList,
        spec: {
            section: Some("4.10.1"),
            // The reference names neither; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "rules" }),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/rules
    ///
    /// Creates a rule, which forwards messages from then on unless it is told not to. It can't be changed
    /// afterwards. Section 4.10.2.
    CreateRule = "create_rule", Post "/v2/{project_id}/routemgr/rules" {
        path: {},
        query: {},
        body: CreateRuleBody,
        response: MessageRuleEnvelope,
        spec: {
            section: Some("4.10.2"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["rule"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/routemgr/rules/{rule_id}
    ///
    /// Reads one rule. Section 4.10.3.
    ShowRuleDetail = "show_rule_detail", Get "/v2/{project_id}/routemgr/rules/{rule_id}" {
        path: { rule_id },
        query: {},
        response: MessageRuleEnvelope,
        spec: {
            section: Some("4.10.3"),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/routemgr/rules/{rule_id}
    ///
    /// Deletes a rule. Section 4.10.4.
    DeleteRule = "delete_rule", Delete "/v2/{project_id}/routemgr/rules/{rule_id}" {
        path: { rule_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.10.4"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["rule"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/routemgr/rules/{rule_id}/errors
    ///
    /// Lists why messages could not be forwarded. Section 4.10.5.
    ListRuleErrors = "list_rule_errors", Get "/v2/{project_id}/routemgr/rules/{rule_id}/errors" {
        path: { rule_id },
        query: { limit: i64, offset: i64 },
        response: RuleErrorList,
        spec: {
            section: Some("4.10.5"),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "errors" }),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/rules/{rule_id}/start
    ///
    /// Enables a rule. Refused when it is enabled already. Section 4.10.6.
    StartRule = "start_rule", Post "/v2/{project_id}/routemgr/rules/{rule_id}/start" {
        path: { rule_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.10.6"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["rule"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/routemgr/rules/{rule_id}/stop
    ///
    /// Disables a rule. Refused when it is disabled already. Section 4.10.7.
    StopRule = "stop_rule", Post "/v2/{project_id}/routemgr/rules/{rule_id}/stop" {
        path: { rule_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.10.7"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["rule"],
        }
    }
}

wire! {
    /// Body of [`CreateRule`].
    pub struct CreateRuleBody {
        /// The rule.
        pub rule: Option<NewMessageRule>,
    }

    /// A rule to create (table 4-405).
    pub struct NewMessageRule {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Whether it forwards messages at once. The service's default is true.
        pub in_using: Option<bool>,
        /// Identifier of the endpoint that messages come from.
        pub source: Option<String>,
        /// What of the source.
        pub source_resource: Option<MessageResource>,
        /// Identifier of the endpoint that messages go to.
        pub target: Option<String>,
        /// What of the destination.
        pub target_resource: Option<MessageResource>,
        /// Platinum instance.
        pub ief_instance_id: Option<String>,
    }

    /// What of an endpoint messages come from or go to: one field or two, by the endpoint's type
    /// (tables 4-405 and 4-452).
    pub struct MessageResource {
        /// Path of a request: at the source `rest`, at the destination `servicebus`.
        pub path: Option<String>,
        /// Topic, for `eventbus`.
        pub topic: Option<String>,
        /// The node whose broker it is, for `eventbus` at the source.
        pub node_id: Option<String>,
        /// Stream, for `dis`.
        pub channel: Option<String>,
        /// Address, for `apigw`. System events put whatever they have here.
        pub resource: Option<String>,
    }

    /// Answer of the operations that return one rule.
    pub struct MessageRuleEnvelope {
        /// The rule.
        pub rule: Option<MessageRule>,
    }

    /// Answer of [`ListRules`].
    pub struct MessageRuleList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The rules of this page.
        pub rules: Vec<MessageRule>,
    }

    /// A rule (table 4-398).
    pub struct MessageRule {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Whether it forwards messages.
        pub in_using: Option<bool>,
        /// The endpoint that messages come from.
        pub source: Option<Endpoint>,
        /// What of the source.
        pub source_resource: Option<MessageResource>,
        /// The endpoint that messages go to.
        pub target: Option<Endpoint>,
        /// What of the destination.
        pub target_resource: Option<MessageResource>,
        /// Messages that were forwarded.
        pub success_messages: Option<i64>,
        /// Messages that could not be forwarded.
        pub fail_messages: Option<i64>,
        /// Platinum instance; empty in the professional edition.
        pub ief_instance_id: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }

    /// Answer of [`ListRuleErrors`].
    pub struct RuleErrorList {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The errors of this page.
        pub errors: Vec<RuleError>,
    }

    /// Why a message could not be forwarded (table 4-429).
    pub struct RuleError {
        /// What went wrong.
        pub detail: Option<String>,
        /// When it did.
        pub time: Option<String>,
        /// The rule.
        pub rule_id: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// Platinum instance; empty in the professional edition.
        pub ief_instance_id: Option<String>,
    }
}

impl MessageResource {
    /// What it names, whatever the type: a path, a topic, a stream or an address. `None` when it names
    /// nothing.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        let fields = [&self.path, &self.topic, &self.channel, &self.resource];
        let mut texts = fields.into_iter().filter_map(Option::as_deref);
        texts.find(|text| !text.is_empty())
    }

    /// Checks it as a source of messages (table 4-405).
    pub(crate) fn check_source(source: Option<&Self>, violations: &mut Violations) {
        let none = Self::default();
        let source = source.unwrap_or(&none);
        let topic = source.topic.as_deref().filter(|topic| !topic.is_empty());
        let path = source.path.as_deref().filter(|path| !path.is_empty());
        if topic.or(path).is_none() {
            let rule = &rules::RULE_SOURCE_RESOURCE;
            violations.add("source_resource", rule, Problem::Missing);
        }
        violations.at("source_resource", |violations| {
            violations.optional("path", &rules::REST_PATH, path);
            violations.optional("topic", &rules::EVENT_BUS_TOPIC, topic);
            let node = source.node_id.as_deref();
            if topic.is_some() {
                violations.required("node_id", &rules::MESSAGE_NODE, node);
            } else {
                violations.optional("node_id", &rules::MESSAGE_NODE, node);
            }
        });
    }

    /// Checks it as a destination of messages (tables 4-405 and 4-452).
    pub(crate) fn check_target(target: Option<&Self>, violations: &mut Violations) {
        let none = Self::default();
        let target = target.unwrap_or(&none);
        if target.named().is_none() {
            let rule = &rules::RULE_TARGET_RESOURCE;
            violations.add("target_resource", rule, Problem::Missing);
        }
        violations.at("target_resource", |violations| {
            violations.optional("channel", &rules::DIS_CHANNEL, target.channel.as_deref());
            violations.optional("path", &rules::SERVICE_BUS_PATH, target.path.as_deref());
            violations.optional(
                "resource",
                &rules::APIGW_RESOURCE,
                target.resource.as_deref(),
            );
            violations.optional("topic", &rules::EVENT_BUS_TOPIC, target.topic.as_deref());
        });
    }
}

impl Resource for MessageRule {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "rule",
        list: ListRules::SPEC,
        show: Some(ShowRuleDetail::SPEC),
        id_parameter: "rule_id",
        envelope: "rule",
        // There is one, with a code of its own, but no type to ask for it (table 4-524).
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("enabled", ColumnKind::Flag),
            Column::new("source", ColumnKind::Text),
            Column::new("source_type", ColumnKind::Enum),
            Column::new("source_resource", ColumnKind::Text),
            Column::new("node", ColumnKind::Text),
            Column::new("target", ColumnKind::Text),
            Column::new("target_type", ColumnKind::Enum),
            Column::new("target_resource", ColumnKind::Text),
            Column::new("succeeded", ColumnKind::Integer),
            Column::new("failed", ColumnKind::Integer),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
            Column::new("source_id", ColumnKind::Text),
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
        let source_resource = self.source_resource.as_ref();
        let target_resource = self.target_resource.as_ref();
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::flag(self.in_using),
            name_of(self.source.as_ref()),
            kind_of(self.source.as_ref()),
            Cell::text(source_resource.and_then(MessageResource::named)),
            Cell::text(source_resource.and_then(|it| it.node_id.as_deref())),
            name_of(self.target.as_ref()),
            kind_of(self.target.as_ref()),
            Cell::text(target_resource.and_then(MessageResource::named)),
            Cell::integer(self.success_messages),
            Cell::integer(self.fail_messages),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
            Cell::text(self.source.as_ref().and_then(|it| it.id.as_deref())),
            Cell::text(self.target.as_ref().and_then(|it| it.id.as_deref())),
        ]);
    }
}

/// The name of an endpoint as a cell.
pub(crate) fn name_of(endpoint: Option<&Endpoint>) -> Cell<'_> {
    Cell::text(endpoint.and_then(|it| it.name.as_deref()))
}

/// The type of an endpoint as a cell.
pub(crate) fn kind_of(endpoint: Option<&Endpoint>) -> Cell<'_> {
    let kind = endpoint.and_then(|it| it.kind.as_ref());
    Cell::text(kind.map(EndpointKind::as_str))
}

impl Check for CreateRuleBody {
    fn check(&self, violations: &mut Violations) {
        let Some(rule) = &self.rule else {
            violations.add("rule", &rules::RULE_NAME, Problem::Missing);
            return;
        };
        violations.at("rule", |violations| {
            violations.required("name", &rules::RULE_NAME, rule.name.as_deref());
            violations.optional(
                "description",
                &rules::RULE_DESCRIPTION,
                rule.description.as_deref(),
            );
            violations.required("source", &rules::RULE_SOURCE, rule.source.as_deref());
            MessageResource::check_source(rule.source_resource.as_ref(), violations);
            violations.required("target", &rules::RULE_TARGET, rule.target.as_deref());
            MessageResource::check_target(rule.target_resource.as_ref(), violations);
        });
    }
}
