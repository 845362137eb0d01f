//! The form of a new subscription.

use ief_api::operation::Call;
use ief_api::rules::{message_rule, system_event as rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::{KIND, in_words};
use crate::kit::form::register;
use crate::kit::{Button, Checkbox, Form, FormFrame, Look, Section, Text, TextField, unique};
use crate::pages::messages::{TargetDraft, TargetFields};
use crate::pages::parts::{call_of, first_of, form_of, form_page, read};
use crate::pages::things;
use crate::router;
use crate::sheet::Change;
use crate::table::reading::list;
use crate::words;
use crate::words::messages as message_texts;
use crate::words::system_events as texts;

/// What things tell of (table 4-451), by what happens to them. All of them together have a topic of their own.
const EVENTS: [(&str, &[&str]); 3] = [
    ("edgeNode", &["offline", "online"]),
    ("deployment", &["created", "updated", "deleted"]),
    ("instance", &["created", "updated", "deleted"]),
];

/// The topic of everything that happens to a thing: what is chosen when all of it is.
const ALL: &str = "all";

/// The events of one kind of thing, and whether each is chosen.
#[derive(Clone, Copy)]
struct Group {
    thing: &'static str,
    events: StoredValue<Vec<(&'static str, RwSignal<bool>)>>,
}

impl Group {
    fn new(thing: &'static str, events: &[&'static str]) -> Self {
        let events = events.iter().map(|event| (*event, RwSignal::new(false)));
        Self {
            thing,
            events: StoredValue::new(events.collect()),
        }
    }

    /// The topics chosen. Tracked.
    fn topics(self) -> Vec<String> {
        let topic = |event: &str| format!("{}/{event}", self.thing);
        self.events.with_value(|events| {
            let chosen = events.iter().filter(|(_, chosen)| chosen.get());
            let topics: Vec<String> = chosen.map(|(event, _)| topic(event)).collect();
            match topics.len() == events.len() {
                true => vec![topic(ALL)],
                false => topics,
            }
        })
    }
}

pub(super) fn create() -> AnyView {
    let reading = read(call_of("list_endpoints", &[], &[("limit", "1000")]), "");
    let body = form_of(first_of(reading), reading, |answer| {
        form(list(answer, "endpoints"))
    });
    form_page((KIND.list, KIND.title), texts::create, body)
}

fn form(endpoints: &[Value]) -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let groups = EVENTS.map(|(thing, events)| Group::new(thing, events));
    let target = TargetDraft::new(endpoints, "");
    let topics = Memo::new(move |_| {
        let topics = groups.iter().flat_map(|group| group.topics());
        topics.collect::<Vec<_>>()
    });
    let submit = move || {
        let mut event = Map::from_iter([
            ("name".to_owned(), json!(name.get_untracked())),
            (
                "events".to_owned(),
                json!(topics.with_untracked(|topics| topics.join(","))),
            ),
        ]);
        let description = description.get_untracked();
        if !description.is_empty() {
            event.insert("description".to_owned(), json!(description));
        }
        untrack(|| target.fill(&mut event));
        let name = name.get_untracked();
        let call = Call {
            body: Some(json!({ "systemevent": event })),
            ..call_of("create_system_event", &[], &[])
        };
        let events = topics.with_untracked(|topics| in_words(topics));
        let sentence = texts::create_sentence(events, untrack(|| target.name()));
        let change = Change::new(texts::create_title(&name), sentence, call)
            .button(texts::create)
            .done(texts::created(&name));
        things::create(&KIND, form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <p class="second">{texts::fixed}</p>
            <Section title=texts::section>
                <TextField
                    label=message_texts::name
                    value=name
                    rule=&rules::SYSTEM_EVENT_NAME
                    path="systemevent.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
                <TextField
                    label=message_texts::description
                    value=description
                    rule=&message_rule::RULE_DESCRIPTION
                    path="systemevent.description"
                />
            </Section>
            <Section title=texts::events><EventFields groups=groups topics=topics /></Section>
            <Section title=message_texts::target>
                <TargetFields draft=target path="systemevent" />
            </Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go(KIND.list) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

/// Chooses events, of each kind of thing all or some.
#[component]
fn EventFields(groups: [Group; 3], topics: Memo<Vec<String>>) -> AnyView {
    let id = unique("events");
    let checked = register(id.clone(), "systemevent.events".to_owned(), move || {
        let none = topics.with(Vec::is_empty);
        none.then(|| texts::events_missing.get().to_owned())
    });
    let groups = groups.map(group).collect_view();
    view! {
        <div class="field" id=id tabindex="-1" role="group" aria-label=texts::events>
            <p class="second">{texts::events_help}</p>
            <div class="event-groups">{groups}</div>
            <p class="field-problem" role="alert">{move || checked.shown.get()}</p>
        </div>
    }
    .into_any()
}

fn group(group: Group) -> AnyView {
    let word = |key: String| Text::from(move || words::find_or(&key, ""));
    let title = word(format!("system_events.groups.{}", group.thing));
    let name = title.clone();
    let events = group.events.get_value().into_iter().map(|(event, chosen)| {
        let label = word(format!("system_events.what.{event}"));
        view! { <Checkbox label=label value=chosen /> }
    });
    let events = events.collect_view();
    view! {
        <div class="field" role="group" aria-label=move || name.get()>
            <span class="field-label">{title.view()}</span>
            <div class="options">{events}</div>
        </div>
    }
    .into_any()
}
