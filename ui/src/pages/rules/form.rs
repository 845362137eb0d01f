//! The form of a new rule.

use ief_api::operation::Call;
use ief_api::rules::message_rule as rules;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::KIND;
use super::source::{SourceDraft, SourceFields};
use crate::kit::{Button, Checkbox, Form, FormFrame, Look, Section, TextField};
use crate::pages::messages::{TargetDraft, TargetFields};
use crate::pages::parts::{call_of, first_of, form_of, form_page, read};
use crate::pages::things;
use crate::router::{self, Router};
use crate::sheet::Change;
use crate::table::reading::list;
use crate::words;
use crate::words::message_rules as texts;
use crate::words::messages as message_texts;

pub(super) fn create() -> AnyView {
    let reading = read(call_of("list_endpoints", &[], &[("limit", "1000")]), "");
    let address = Router::the().address_now();
    let chosen = address.get("endpoint").unwrap_or_default().to_owned();
    let body = form_of(first_of(reading), reading, move |answer| {
        form(list(answer, "endpoints"), &chosen)
    });
    form_page((KIND.list, KIND.title), texts::create, body)
}

fn form(endpoints: &[Value], chosen: &str) -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let enabled = RwSignal::new(true);
    let source = SourceDraft::new(endpoints, chosen);
    // The broker of nodes can be both ends; whoever comes from its page begins with the source.
    let target = match source.endpoint.with_untracked(String::is_empty) {
        true => TargetDraft::new(endpoints, chosen),
        false => TargetDraft::new(endpoints, ""),
    };
    let body = move || {
        let mut rule = Map::from_iter([
            ("name".to_owned(), json!(name.get())),
            ("in_using".to_owned(), json!(enabled.get())),
        ]);
        let description = description.get();
        if !description.is_empty() {
            rule.insert("description".to_owned(), json!(description));
        }
        source.fill(&mut rule);
        target.fill(&mut rule);
        json!({ "rule": rule })
    };
    let submit = move || {
        let name = name.get_untracked();
        let (from, to) = untrack(|| (source.name(), target.name()));
        let call = Call {
            body: Some(untrack(body)),
            ..call_of("create_rule", &[], &[])
        };
        let sentence = match enabled.get_untracked() {
            true => texts::create_sentence(&name, &from, &to),
            false => texts::create_sentence_off(&name, &from, &to),
        };
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
                    rule=&rules::RULE_NAME
                    path="rule.name"
                    help=texts::name_help
                    required=true
                    autofocus=true
                />
                <TextField
                    label=message_texts::description
                    value=description
                    rule=&rules::RULE_DESCRIPTION
                    path="rule.description"
                />
                <Checkbox label=texts::enabled_now value=enabled help=texts::enabled_help />
            </Section>
            <Section title=message_texts::source><SourceFields draft=source /></Section>
            <Section title=message_texts::target><TargetFields draft=target path="rule" /></Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go(KIND.list) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}
