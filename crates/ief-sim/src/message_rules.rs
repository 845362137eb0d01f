//! Rules by which messages are forwarded (section 4.10).

use ief_api::codes::{self, ErrorCode};
use ief_api::endpoint::{Endpoint, EndpointKind};
use ief_api::message_rule::{
    CreateRule, DeleteRule, ListRuleErrors, ListRules, MessageResource, MessageRule,
    MessageRuleEnvelope, MessageRuleList, RuleErrorList, ShowRuleDetail, StartRule, StopRule,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::stock::Stocked;
use crate::traffic::RuleRecord;
use crate::world::{World, missing};

impl Handle<CreateRule> for World {
    fn handle(
        &mut self,
        operation: CreateRule,
        _: &Context,
    ) -> Result<Reply<MessageRuleEnvelope>, Refusal> {
        let new = operation.body.rule.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        self.check_rule_name(&name)?;
        let rules = self.stock.rules.iter().count();
        self.check_room::<RuleRecord>(rules, &codes::RULE_QUOTA)?;
        let source_resource = new.source_resource.unwrap_or_default();
        let source = self.check_source(new.source.as_deref(), &source_resource)?;
        let target_resource = new.target_resource.unwrap_or_default();
        let target = self.check_target(new.target.as_deref(), &target_resource, Asker::Rule)?;
        let now = self.stamp();
        let rule = MessageRule {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            in_using: Some(new.in_using.unwrap_or(true)),
            source: Some(source),
            source_resource: Some(source_resource),
            target: Some(target),
            target_resource: Some(target_resource),
            success_messages: Some(0),
            fail_messages: Some(0),
            ief_instance_id: Some(self.account.instance_id.clone().unwrap_or_default()),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            ..MessageRule::default()
        };
        let counted = self.millis();
        self.stock.rules.add(RuleRecord {
            rule: rule.clone(),
            errors: [].into(),
            counted,
        });
        Ok(envelope(rule))
    }
}

impl Handle<ShowRuleDetail> for World {
    fn handle(
        &mut self,
        operation: ShowRuleDetail,
        _: &Context,
    ) -> Result<Reply<MessageRuleEnvelope>, Refusal> {
        self.forward_messages();
        let record = self.find_rule(&operation.rule_id)?;
        Ok(envelope(record.rule.clone()))
    }
}

impl Handle<ListRules> for World {
    fn handle(
        &mut self,
        operation: ListRules,
        context: &Context,
    ) -> Result<Reply<MessageRuleList>, Refusal> {
        self.forward_messages();
        let (count, rows) = self
            .stock
            .rules
            .page(operation.name.as_deref(), context.page);
        Ok(Reply::new(MessageRuleList {
            count: Some(count),
            rules: rows.into_iter().map(|record| record.rule).collect(),
            ..MessageRuleList::default()
        }))
    }
}

impl Handle<DeleteRule> for World {
    fn handle(&mut self, operation: DeleteRule, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.rule_id.as_str();
        let record = self.find_rule(id)?;
        Self::told_to_fail(record.rule.name.as_deref().unwrap_or_default(), "delete")?;
        self.stock.rules.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<ListRuleErrors> for World {
    fn handle(
        &mut self,
        operation: ListRuleErrors,
        context: &Context,
    ) -> Result<Reply<RuleErrorList>, Refusal> {
        self.forward_messages();
        let errors = &self.find_rule(&operation.rule_id)?.errors;
        let start = usize::try_from(context.page.offset).unwrap_or(usize::MAX);
        let page = errors.iter().skip(start).take(context.page.limit);
        Ok(Reply::new(RuleErrorList {
            count: Some(errors.len() as i64),
            errors: page.cloned().collect(),
            ..RuleErrorList::default()
        }))
    }
}

impl Handle<StartRule> for World {
    fn handle(&mut self, operation: StartRule, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        self.switch_rule(&operation.rule_id, true)
    }
}

impl Handle<StopRule> for World {
    fn handle(&mut self, operation: StopRule, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        self.switch_rule(&operation.rule_id, false)
    }
}

/// Who names a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A rule, which has a field for each type of endpoint.
    Rule,
    /// A system event, which has one field for all types (table 4-452), but may use the others.
    SystemEvent,
}

impl World {
    fn find_rule(&self, id: &str) -> Result<&RuleRecord, Refusal> {
        let found = self.stock.rules.get(id);
        found.ok_or_else(|| missing(&codes::RULE_NOT_FOUND, "rule", id))
    }

    fn switch_rule(&mut self, id: &str, on: bool) -> Result<Reply<Nothing>, Refusal> {
        let rule = &self.find_rule(id)?.rule;
        let name = rule.name.as_deref().unwrap_or_default();
        Self::told_to_fail(name, if on { "start" } else { "stop" })?;
        check_switch(name, rule.in_using, on)?;
        // What came until now came under the old state.
        self.forward_messages();
        let now = self.stamp();
        if let Some(record) = self.stock.rules.get_mut(id) {
            record.rule.in_using = Some(on);
            record.rule.updated_at = Some(now);
        }
        Ok(Reply::new(Nothing {}))
    }

    /// Refuses a name that a rule or a system event has already (table 4-451).
    pub(crate) fn check_rule_name(&self, name: &str) -> Result<(), Refusal> {
        let events = &self.stock.system_events;
        if self.stock.rules.named(name).is_none() && events.named(name).is_none() {
            return Ok(());
        }
        let message = format!("A rule or a system event named {name} already exists.");
        Err(Refusal::new(&codes::RULE_EXISTS, message))
    }

    /// What uses an endpoint, by its name.
    pub(crate) fn user_of_endpoint(&self, id: &str) -> Option<&str> {
        let is_it = |endpoint: &Option<Endpoint>| {
            let own = endpoint.as_ref().and_then(|it| it.id.as_deref());
            own == Some(id)
        };
        let rules = self.stock.rules.iter().map(|record| &record.rule);
        let rules = rules
            .filter(|rule| is_it(&rule.source) || is_it(&rule.target))
            .map(|rule| &rule.name);
        let events = self.stock.system_events.iter();
        let events = events
            .filter(|event| is_it(&event.target))
            .map(|event| &event.name);
        rules.chain(events).next()?.as_deref()
    }

    /// The source of a rule, when messages can come from there.
    fn check_source(
        &self,
        id: Option<&str>,
        resource: &MessageResource,
    ) -> Result<Endpoint, Refusal> {
        let id = id.unwrap_or_default();
        let Some(source) = self.stock.endpoints.get(id) else {
            let message = format!("The source endpoint {id} does not exist.");
            return Err(Refusal::new(&codes::RULE_SOURCE, message));
        };
        match source.kind {
            Some(EndpointKind::Rest) => {
                let path = needed(resource.path.as_ref(), "path", &codes::REST_PATH)?;
                let others = |other: &MessageResource| other.path.as_deref() == Some(path);
                self.check_free(others, &codes::REST_PATH_EXISTS, path)?;
            }
            Some(EndpointKind::Eventbus) => self.check_topic(resource)?,
            _ => {
                let message = format!("No messages come from the endpoint {id}.");
                return Err(Refusal::new(&codes::RULE_SOURCE, message));
            }
        }
        Ok(source.clone())
    }

    /// Refuses what another rule takes from the same kind of source already.
    fn check_free(
        &self,
        is_same: impl Fn(&MessageResource) -> bool,
        code: &'static ErrorCode,
        what: &str,
    ) -> Result<(), Refusal> {
        let rules = self.stock.rules.iter().map(|record| &record.rule);
        let mut sources = rules.filter_map(|rule| rule.source_resource.as_ref());
        if sources.any(is_same) {
            let message = format!("Another rule forwards the messages of {what}.");
            return Err(Refusal::new(code, message));
        }
        Ok(())
    }

    /// A topic of a node's broker: one of the node (table 4-405), or one of a device on it, as the example of
    /// section 4.10.2 has it.
    fn check_topic(&self, resource: &MessageResource) -> Result<(), Refusal> {
        let topic = needed(resource.topic.as_ref(), "topic", &codes::EVENT_BUS_TOPIC)?;
        let node_id = needed(resource.node_id.as_ref(), "node_id", &codes::MESSAGE_NODE)?;
        let Ok(node) = self.find_node(node_id) else {
            return Err(missing(&codes::RULE_NODE_NOT_FOUND, "node", node_id));
        };
        let project = self.account.project_id.as_str();
        let parts: Vec<&str> = topic.split('/').collect();
        let taken = match parts.as_slice() {
            [own, "nodes", id, "user", rest, ..] if !rest.is_empty() => {
                if *own != project || *id != node_id {
                    let message = "The topic must name the project and the node.";
                    return Err(Refusal::new(&codes::EVENT_BUS_TOPIC, message));
                }
                &codes::EVENT_BUS_TOPIC_EXISTS
            }
            [own, "device", id, rest, ..] if !rest.is_empty() => {
                if *own != project {
                    let message = "The topic must name the project.";
                    return Err(Refusal::new(&codes::MQTT_TOPIC, message));
                }
                let Some(device) = self.device_index(id) else {
                    return Err(missing(&codes::RULE_DEVICE_NOT_FOUND, "device", id));
                };
                if self.binding(device).is_none_or(|it| it.node != node) {
                    let message = format!("The device {id} is not bound to the node.");
                    return Err(Refusal::new(&codes::RULE_DEVICE, message));
                }
                &codes::MQTT_TOPIC_EXISTS
            }
            _ => {
                let message = "The topic must be <project>/nodes/<node>/user/<anything>.";
                return Err(Refusal::new(&codes::EVENT_BUS_TOPIC, message));
            }
        };
        let others = |other: &MessageResource| other.topic.as_deref() == Some(topic);
        self.check_free(others, taken, topic)
    }

    /// The destination of messages, when they can go there.
    pub(crate) fn check_target(
        &self,
        id: Option<&str>,
        resource: &MessageResource,
        asker: Asker,
    ) -> Result<Endpoint, Refusal> {
        let id = id.unwrap_or_default();
        let Some(target) = self.stock.endpoints.get(id) else {
            let message = format!("The destination endpoint {id} does not exist.");
            return Err(Refusal::new(&codes::RULE_DESTINATION, message));
        };
        let (field, value, code) = match target.kind {
            Some(EndpointKind::Dis) => ("channel", &resource.channel, &codes::DIS),
            Some(EndpointKind::Servicebus) => ("path", &resource.path, &codes::SERVICE_BUS_PATH),
            Some(EndpointKind::Apigw) => ("resource", &resource.resource, &codes::APIGW_RESOURCE),
            Some(EndpointKind::Eventbus) => ("topic", &resource.topic, &codes::EVENT_BUS_TOPIC),
            _ => {
                let message = format!("No messages go to the endpoint {id}.");
                return Err(Refusal::new(&codes::RULE_DESTINATION, message));
            }
        };
        let value = match asker {
            Asker::Rule => value.as_ref(),
            Asker::SystemEvent => value.as_ref().or(resource.resource.as_ref()),
        };
        let value = needed(value, field, code)?;
        if field == "channel" && value.contains("no-such") {
            return Err(missing(&codes::DIS_NOT_FOUND, "stream", value));
        }
        let is_address = value.starts_with("http://") || value.starts_with("https://");
        if field == "resource" && !is_address {
            let message = "resource must begin with http:// or https://.";
            return Err(Refusal::new(code, message));
        }
        Ok(target.clone())
    }
}

/// Refuses to enable what is enabled, and to disable what is not.
pub(crate) fn check_switch(name: &str, now: Option<bool>, on: bool) -> Result<(), Refusal> {
    if now != Some(on) {
        return Ok(());
    }
    let state = if on { "enabled" } else { "disabled" };
    let message = format!("{name} is {state} already.");
    Err(Refusal::new(&codes::RULE_STATE, message))
}

/// A field that the type of an endpoint asks for.
fn needed<'a>(
    value: Option<&'a String>,
    field: &str,
    code: &'static ErrorCode,
) -> Result<&'a str, Refusal> {
    let value = value.map(String::as_str).filter(|text| !text.is_empty());
    value.ok_or_else(|| {
        let message = format!("The type of the endpoint asks for {field}.");
        Refusal::new(code, message)
    })
}

impl Stocked for RuleRecord {
    type Thing = MessageRule;

    const ROOM: i64 = 50;

    fn seeded(world: &mut World) -> Vec<Self> {
        world.rules_of_seed()
    }
}

fn envelope(rule: MessageRule) -> Reply<MessageRuleEnvelope> {
    Reply::new(MessageRuleEnvelope {
        rule: Some(rule),
        ..MessageRuleEnvelope::default()
    })
}
