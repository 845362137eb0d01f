//! What uses an endpoint: rules at either end, and subscriptions. With any it can't be deleted.

use console_ipc::IpcError;
use console_ipc::call::ReadCall;
use leptos::prelude::*;
use serde_json::Value;

use crate::ipc;
use crate::kit::{ErrorNotice, Skeleton, text_or_dash};
use crate::pages::messages::enabled_sign;
use crate::pages::parts::{Heading, call_of, plain_table, read};
use crate::pages::things::{self, Kind};
use crate::router::Address;
use crate::sheet;
use crate::table::reading::{flag, integer, list, text};
use crate::words::Word;
use crate::words::endpoints as texts;
use crate::words::messages as message_texts;

/// As what an endpoint is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A rule takes messages from it.
    Source,
    /// A rule sends messages to it.
    Target,
    /// A subscription sends messages to it.
    Event,
}

/// What uses an endpoint.
#[derive(Debug, Clone, PartialEq)]
struct User {
    id: String,
    name: String,
    enabled: Option<bool>,
    role: Role,
}

impl Role {
    fn word(self) -> Word {
        match self {
            Self::Source => texts::role_source,
            Self::Target => texts::role_target,
            Self::Event => texts::role_event,
        }
    }
}

impl User {
    fn page(&self) -> String {
        let pages = match self.role {
            Role::Source | Role::Target => "rules",
            Role::Event => "system_events",
        };
        Address::new([pages, &self.id]).to_string()
    }

    fn sentence(&self) -> String {
        match self.role {
            Role::Source => texts::used_as_source(&self.name),
            Role::Target => texts::used_as_target(&self.name),
            Role::Event => texts::used_by_event(&self.name),
        }
    }
}

fn rules_call() -> ief_api::operation::Call {
    call_of("list_rules", &[], &[("limit", "1000")])
}

fn events_call() -> ief_api::operation::Call {
    call_of("list_system_events", &[], &[("limit", "1000")])
}

/// Those of some rules and subscriptions that use an endpoint.
fn users(id: &str, rules: &[Value], events: &[Value]) -> Vec<User> {
    let is_it = |thing: &Value, end: &str| {
        let own = thing.get(end).and_then(|endpoint| text(endpoint, "id"));
        own.as_deref() == Some(id)
    };
    let user = |thing: &Value, role: Role| User {
        id: text(thing, "id").unwrap_or_default(),
        name: text(thing, "name").unwrap_or_default(),
        enabled: flag(thing, "in_using"),
        role,
    };
    let of = |things: &[Value], end: &str, role: Role| -> Vec<User> {
        let things = things.iter().filter(|thing| is_it(thing, end));
        things.map(|thing| user(thing, role)).collect()
    };
    let mut users = of(rules, "source", Role::Source);
    users.extend(of(rules, "target", Role::Target));
    users.extend(of(events, "target", Role::Event));
    users
}

/// What uses an endpoint, as a table.
pub(super) fn view(id: Signal<String>) -> AnyView {
    let (rules, events) = (
        read(rules_call(), "rules"),
        read(events_call(), "systemevents"),
    );
    let found = Memo::new(move |_| {
        let id = id.get();
        let as_list = |value: &Option<Value>| value.as_ref().and_then(Value::as_array).cloned();
        let rules = rules.value.with(as_list)?;
        let events = events.value.with(as_list)?;
        Some(users(&id, &rules, &events))
    });
    let error = Memo::new(move |_| rules.error.get().or_else(|| events.error.get()));
    let again = move || {
        rules.reload();
        events.reload();
    };
    let table = move || match (found.get(), error.get()) {
        (Some(users), _) if users.is_empty() => {
            view! { <p class="second">{texts::unused}</p> }.into_any()
        }
        (Some(users), _) => lines(users),
        (None, Some(error)) => view! { <ErrorNotice error=error on_retry=again /> }.into_any(),
        (None, None) => view! { <Skeleton lines=3 /> }.into_any(),
    };
    view! { {table} }.into_any()
}

fn lines(users: Vec<User>) -> AnyView {
    let headings: [Heading; 3] = [
        (texts::user, false),
        (texts::role, false),
        (message_texts::state, false),
    ];
    let rows = users
        .into_iter()
        .map(|user| {
            let role = user.role.word();
            let state = user.enabled.map(enabled_sign);
            vec![
                view! { <a href=user.page()>{user.name.clone()}</a> }.into_any(),
                view! { {role} }.into_any(),
                state.unwrap_or_else(|| text_or_dash(None)),
            ]
        })
        .collect();
    plain_table(texts::used_by, &headings, rows)
}

/// Deletes an endpoint. What uses it is looked up first: with anything, it can't be.
pub(super) fn delete(kind: &'static Kind, id: &str, name: &str) {
    let (id, name) = (id.to_owned(), name.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        let change = match look(&id).await {
            Ok(Some(users)) if users.is_empty() => {
                things::deletion(kind, &id, &name, texts::delete_sentence(&name))
            }
            Ok(Some(users)) => users.into_iter().fold(
                things::deletion(kind, &id, &name, texts::in_use(&name)),
                |change, user| change.obstacle(user.sentence(), user.page()),
            ),
            // Without the answer the user knows that nobody looked.
            Ok(None) | Err(_) => things::deletion(kind, &id, &name, texts::delete_unknown(&name))
                .breaks(texts::delete_unseen),
        };
        sheet::send(change);
    });
}

/// What uses an endpoint. `None` when there are more rules or subscriptions than one answer holds, and those seen
/// don't use it.
async fn look(id: &str) -> Result<Option<Vec<User>>, IpcError> {
    let rules = ipc::call(ReadCall { call: rules_call() }).await?.body;
    let events = ipc::call(ReadCall {
        call: events_call(),
    })
    .await?
    .body;
    let (rule_list, event_list) = (list(&rules, "rules"), list(&events, "systemevents"));
    let is_whole = |answer: &Value, seen: &[Value]| {
        integer(answer, "count").is_none_or(|count| count <= seen.len() as i64)
    };
    let seen_all = is_whole(&rules, rule_list) && is_whole(&events, event_list);
    let users = users(id, rule_list, event_list);
    Ok(Some(users).filter(|users| seen_all || !users.is_empty()))
}
