//! System events (section 4.11): what happens to nodes and applications, sent to an endpoint.

use ief_api::codes;
use ief_api::message_rule::MessageResource;
use ief_api::system_event::{
    CreateSystemEvent, DeleteSystemEvent, ListSystemEvents, ShowSystemEventDetail,
    StartSystemEvent, StopSystemEvent, SystemEvent, SystemEventEnvelope, SystemEventList,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::message_rules::{Asker, check_switch};
use crate::routes::{Context, Handle};
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{World, missing};

/// One of so many messages fails.
const FAILS: i64 = 25;

/// A subscription of the seed: name, description, topics, endpoint, what of it, messages until the start.
type Seeded = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
);

const SEEDED: &[Seeded] = &[
    (
        "nodes-down",
        "Opens a ticket when a node is lost",
        "edgeNode/offline",
        "maintenance-api",
        "https://maintenance.example.com/nodes",
        431,
    ),
    (
        "node-log",
        "Every coming and going of nodes",
        "edgeNode/all",
        "plant-stream",
        "node-events",
        1907,
    ),
    (
        "application-log",
        "What becomes of applications and their instances",
        "deployment/all,instance/all",
        "plant-stream",
        "application-events",
        286,
    ),
];

impl Handle<CreateSystemEvent> for World {
    fn handle(
        &mut self,
        operation: CreateSystemEvent,
        _: &Context,
    ) -> Result<Reply<SystemEventEnvelope>, Refusal> {
        let new = operation.body.systemevent.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        self.check_rule_name(&name)?;
        let events = self.stock.system_events.iter().count();
        self.check_room::<SystemEvent>(events, &codes::RULE_QUOTA)?;
        let resource = new.target_resource.unwrap_or_default();
        let target = self.check_target(new.target.as_deref(), &resource, Asker::SystemEvent)?;
        let now = self.stamp();
        let event = SystemEvent {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            in_using: Some(true),
            events: new.events,
            target: Some(target),
            target_resource: Some(resource),
            success_messages: Some(0),
            fail_messages: Some(0),
            delete_at: Some(0),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            ..SystemEvent::default()
        };
        self.stock.system_events.add(event.clone());
        Ok(envelope(event))
    }
}

impl Handle<ShowSystemEventDetail> for World {
    fn handle(
        &mut self,
        operation: ShowSystemEventDetail,
        _: &Context,
    ) -> Result<Reply<SystemEventEnvelope>, Refusal> {
        let event = self.find_system_event(&operation.event_id)?;
        Ok(envelope(event.clone()))
    }
}

impl Handle<ListSystemEvents> for World {
    fn handle(
        &mut self,
        operation: ListSystemEvents,
        context: &Context,
    ) -> Result<Reply<SystemEventList>, Refusal> {
        let (count, rows) = self
            .stock
            .system_events
            .page(operation.name.as_deref(), context.page);
        Ok(Reply::new(SystemEventList {
            count: Some(count),
            systemevents: rows,
            ..SystemEventList::default()
        }))
    }
}

impl Handle<DeleteSystemEvent> for World {
    fn handle(
        &mut self,
        operation: DeleteSystemEvent,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.event_id.as_str();
        let event = self.find_system_event(id)?;
        Self::told_to_fail(event.name.as_deref().unwrap_or_default(), "delete")?;
        self.stock.system_events.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<StartSystemEvent> for World {
    fn handle(
        &mut self,
        operation: StartSystemEvent,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        self.switch_system_event(&operation.event_id, true)
    }
}

impl Handle<StopSystemEvent> for World {
    fn handle(
        &mut self,
        operation: StopSystemEvent,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        self.switch_system_event(&operation.event_id, false)
    }
}

impl World {
    fn find_system_event(&self, id: &str) -> Result<&SystemEvent, Refusal> {
        let found = self.stock.system_events.get(id);
        found.ok_or_else(|| missing(&codes::RULE_NOT_FOUND, "system event", id))
    }

    fn switch_system_event(&mut self, id: &str, on: bool) -> Result<Reply<Nothing>, Refusal> {
        let event = self.find_system_event(id)?;
        let name = event.name.as_deref().unwrap_or_default();
        Self::told_to_fail(name, if on { "start" } else { "stop" })?;
        check_switch(name, event.in_using, on)?;
        let now = self.stamp();
        if let Some(event) = self.stock.system_events.get_mut(id) {
            event.in_using = Some(on);
            event.updated_at = Some(now);
        }
        Ok(Reply::new(Nothing {}))
    }

    /// Sends a message to whoever has subscribed to what has just happened: `edgeNode` and `offline`.
    pub(crate) fn announce(&mut self, thing: &str, happened: &str) {
        let is_meant = |topic: &str| {
            let named = topic.split_once('/');
            named.is_some_and(|(of, what)| of == thing && (what == happened || what == "all"))
        };
        let events = self.stock.system_events.iter_mut();
        for event in events.filter(|event| event.in_using == Some(true)) {
            if !event.topics().any(is_meant) {
                continue;
            }
            let name = event.name.as_deref().unwrap_or_default();
            let sent = event.success_messages.unwrap_or_default();
            let failed = event.fail_messages.unwrap_or_default();
            let fails = name.contains("fails-to-forward") || (sent + failed) % FAILS == FAILS - 1;
            if fails {
                event.fail_messages = Some(failed + 1);
            } else {
                event.success_messages = Some(sent + 1);
            }
        }
    }
}

impl Stocked for SystemEvent {
    type Thing = Self;

    const ROOM: i64 = 50;

    fn seeded(world: &mut World) -> Vec<Self> {
        let mut seeded = Vec::new();
        for (place, (name, description, events, target, resource, sent)) in
            SEEDED.iter().enumerate()
        {
            let created = stamp(FIRST + (place as i64 + 2) * 41 * DAY);
            seeded.push(Self {
                id: Some(world.new_id()),
                name: Some((*name).to_owned()),
                description: Some((*description).to_owned()),
                in_using: Some(true),
                events: Some((*events).to_owned()),
                target: world.stock.endpoints.named(target).cloned(),
                target_resource: Some(MessageResource {
                    resource: Some((*resource).to_owned()),
                    ..MessageResource::default()
                }),
                success_messages: Some(sent - sent / FAILS),
                fail_messages: Some(sent / FAILS),
                delete_at: Some(0),
                project_id: Some(world.account.project_id.clone()),
                created_at: Some(created.clone()),
                updated_at: Some(created),
                ..Self::default()
            });
        }
        seeded
    }
}

fn envelope(event: SystemEvent) -> Reply<SystemEventEnvelope> {
    Reply::new(SystemEventEnvelope {
        systemevent: Some(event),
        ..SystemEventEnvelope::default()
    })
}
