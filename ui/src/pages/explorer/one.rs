//! One operation: what it takes as a form or as text, the request, and the answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use console_ipc::IpcError;
use console_ipc::call::{CallAnswer, Preview, PreviewCall, ReadCall, SentAnswer};
use console_ipc::explorer::{DescribeOperation, OperationDescription, Shape};
use ief_api::operation::{Call, Effect as OperationEffect, ParameterKind, Repeat};
use ief_api::redact;
use leptos::html;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen_futures::spawn_local;

use super::answer::Answer;
use super::body::{self, Known, Place};
use super::draft::Draft;
use super::{method, platinum_only};
use crate::kit::form::Check;
use crate::kit::{
    Button, Chip, CopyButton, ErrorNotice, Form, FormFrame, Kind, Look, Notice, Section, Skeleton,
    Tab, Tabs, Text, TextField, Tone,
};
use crate::pages::parts::{Asked, BodyText, fact_list, read_body};
use crate::sheet::{self, Change};
use crate::words;
use crate::words::explorer as texts;
use crate::{curl, ipc};

/// What is shown of one operation.
pub(super) fn operation(name: String) -> AnyView {
    let asked = Asked::new(
        move || DescribeOperation {
            operation: name.clone(),
        },
        |description| description,
    );
    // The form is drawn once: what is typed stays.
    let first = Memo::new(move |known: Option<&Option<OperationDescription>>| {
        known.cloned().flatten().or_else(|| asked.value.get())
    });
    let body = move || match (first.get(), asked.error.get()) {
        (Some(description), _) => view! { <One description=description /> }.into_any(),
        (None, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=8 /> }.into_any(),
    };
    view! { {body} }.into_any()
}

/// Values of parameters by their names.
type Parameters = Vec<(String, RwSignal<String>)>;

/// What is filled in.
#[derive(Clone, Copy)]
struct Filled {
    path: StoredValue<Parameters>,
    query: StoredValue<Parameters>,
    body: RwSignal<Option<Draft>>,
    /// The body as text, while it is edited as such: what is typed.
    text: RwSignal<Option<String>>,
    /// The body before it became text, with the secrets that the text hides.
    held: StoredValue<Value>,
    operation: StoredValue<OperationDescription>,
}

impl Filled {
    fn new(operation: &OperationDescription) -> Self {
        let named = |names: Vec<&String>| -> Parameters {
            names
                .into_iter()
                .map(|name| (name.clone(), RwSignal::new(String::new())))
                .collect()
        };
        let query = operation.query_parameters.iter().map(|it| &it.name);
        Self {
            path: StoredValue::new(named(operation.path_parameters.iter().collect())),
            query: StoredValue::new(named(query.collect())),
            body: RwSignal::new(operation.body.as_ref().map(|body| Draft::new(body, None))),
            text: RwSignal::new(None),
            held: StoredValue::new(Value::Null),
            operation: StoredValue::new(operation.clone()),
        }
    }

    fn shape(self) -> Option<Shape> {
        self.operation
            .with_value(|operation| operation.body.clone())
    }

    /// The call, or what is wrong with the text. Tracked.
    fn call(self) -> Result<Call, String> {
        let filled = |parameters: &Parameters| -> Vec<(String, String)> {
            parameters
                .iter()
                .map(|(name, value)| (name.clone(), value.get()))
                .filter(|(_, value)| !value.is_empty())
                .collect()
        };
        let body = match self.shape() {
            None => None,
            Some(_) => Some(self.whole_body()?),
        };
        Ok(Call {
            operation: self.operation.with_value(|it| it.line.name.clone()),
            path: BTreeMap::from_iter(self.path.with_value(filled)),
            query: self.query.with_value(filled),
            body,
        })
    }

    /// The body with its secrets. Tracked.
    fn whole_body(self) -> Result<Value, String> {
        match self.text.get() {
            Some(text) => self.read_text(&text),
            None => {
                let value = self.body.with(|body| body.as_ref().and_then(Draft::value));
                Ok(value.unwrap_or_else(|| Value::Object(Map::new())))
            }
        }
    }

    /// Reads the text. Secrets that it hides are those that were there before.
    fn read_text(self, text: &str) -> Result<Value, String> {
        let mut value = read_body(text)?;
        self.with_secrets(|paths| {
            redact::for_each_secret(paths, &mut value, |place, secret| {
                if secret == redact::REDACTED {
                    let pointer = format!("/{}", place.replace('.', "/"));
                    let held = self.held.with_value(|held| held.pointer(&pointer).cloned());
                    *secret = held.unwrap_or(Value::Null);
                }
            });
        });
        Ok(value)
    }

    fn with_secrets(self, f: impl FnOnce(&[&str])) {
        self.operation.with_value(|operation| {
            let paths: Vec<&str> = operation.secrets.iter().map(String::as_str).collect();
            f(&paths);
        });
    }

    /// Goes on with the body as text, without its secrets.
    fn as_text(self) {
        if let Ok(value) = untrack(|| self.whole_body()) {
            self.held.set_value(value.clone());
            let mut shown = value;
            self.with_secrets(|paths| redact::redact(paths, &mut shown));
            let text = serde_json::to_string_pretty(&shown).unwrap_or_default();
            self.text.set(Some(text));
        }
    }

    /// Goes on with the body as a form. Not while the text says what the form has no place for.
    fn as_form(self) -> Result<(), String> {
        let (Some(text), Some(shape)) = (self.text.get_untracked(), self.shape()) else {
            return Ok(());
        };
        let value = self.read_text(&text)?;
        let draft = Draft::new(&shape, Some(&value));
        let kept = untrack(|| draft.value()).unwrap_or_else(|| Value::Object(Map::new()));
        if kept != value {
            return Err(texts::only_text.get().to_owned());
        }
        self.body.set(Some(draft));
        self.text.set(None);
        Ok(())
    }
}

/// What came of a call.
#[derive(Clone)]
enum Outcome {
    None,
    Waiting,
    Answered(CallAnswer),
    Failed(IpcError),
}

#[component]
fn One(description: OperationDescription) -> AnyView {
    let filled = Filled::new(&description);
    let outcome = RwSignal::new(Outcome::None);
    let form = Form::new();
    let effect = description.line.effect;
    let name = description.line.name.clone();
    let send = move || {
        let Ok(call) = untrack(|| filled.call()) else {
            return;
        };
        if effect == OperationEffect::Read {
            outcome.set(Outcome::Waiting);
            spawn_local(async move {
                let answer = ipc::call(ReadCall { call }).await;
                if let Err(error) = &answer
                    && !error.violations.is_empty()
                {
                    form.show_violations(error.violations.clone());
                }
                outcome.try_set(match answer {
                    Ok(answer) => {
                        form.saved();
                        Outcome::Answered(answer)
                    }
                    Err(error) => Outcome::Failed(error),
                });
            });
        } else {
            sheet::check_and_send(form, change(&name, call, form, outcome));
        }
    };
    let place: NodeRef<html::Section> = NodeRef::new();
    Effect::new(move |_| {
        let came = outcome.with(|it| matches!(it, Outcome::Answered(_) | Outcome::Failed(_)));
        if came && let Some(place) = place.get_untracked() {
            // Below a long form it would come unseen.
            request_animation_frame(move || {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                place.scroll_into_view_with_scroll_into_view_options(&options);
            });
        }
    });
    let known = Known {
        limits: Arc::new(description.limits.clone()),
        secrets: Arc::new(description.secrets.clone()),
    };
    let label = match effect {
        OperationEffect::Read => texts::read,
        _ => texts::go_on,
    };
    let waiting = Signal::derive(move || matches!(outcome.get(), Outcome::Waiting));
    let answer = move || match outcome.get() {
        Outcome::None => ().into_any(),
        Outcome::Waiting => view! { <Skeleton lines=6 /> }.into_any(),
        Outcome::Answered(answer) => view! { <Answer answer=answer /> }.into_any(),
        Outcome::Failed(error) => view! { <ErrorNotice error=error /> }.into_any(),
    };
    view! {
        {head(&description)}
        <FormFrame form=form on_submit=send>
            {parameters(texts::path_parameters, filled.path, &description, true)}
            {parameters(texts::query_parameters, filled.query, &description, false)}
            {description.body.is_some().then(|| view! { <Body filled=filled known=known /> })}
            <Request filled=filled />
            <div class="form-actions">
                <Button label=label look=Look::Primary submit=true busy=waiting />
            </div>
        </FormFrame>
        <section class="explorer-answer" aria-live="polite" node_ref=place>{answer}</section>
    }
    .into_any()
}

/// The change that a call is, for the sheet.
fn change(name: &str, call: Call, form: Form, outcome: RwSignal<Outcome>) -> Change {
    let deed = words::operation(name);
    let of_deed = deed.clone();
    Change::new(deed.clone(), move || texts::sentence(&of_deed), call)
        .package(name)
        .on_done(move |sent: SentAnswer| {
            form.saved();
            outcome.try_set(Outcome::Answered(sent.answer));
        })
}

/// What the operation is and what holds for it.
fn head(description: &OperationDescription) -> AnyView {
    let line = description.line.clone();
    let name = line.name.clone();
    // Reads have no name for people, as the journal doesn't tell of them.
    let title = match words::find(&format!("operations.{name}")) {
        Some(deed) => {
            view! { <h2>{deed}</h2> <code class="selectable second">{name}</code> }.into_any()
        }
        None => view! { <h2 class="selectable">{name}</h2> }.into_any(),
    };
    let mut facts: Vec<(Text, AnyView)> = Vec::new();
    if let Some(action) = description.action.clone() {
        let code = view! { <code class="selectable">{action}</code> };
        facts.push((texts::action.into(), code.into_any()));
    }
    let repeat = match description.repeat {
        Repeat::Safe => texts::repeat::safe,
        Repeat::Idempotent => texts::repeat::idempotent,
        Repeat::Never => texts::repeat::never,
    };
    facts.push((texts::repeat::title.into(), view! { {repeat} }.into_any()));
    if let Some(page) = description.page {
        let rows = texts::rows(page.default, page.maximum);
        facts.push((texts::page_size.into(), view! { {rows} }.into_any()));
    }
    if let Some(section) = line.section.clone() {
        facts.push((texts::section.into(), view! { {section} }.into_any()));
    }
    view! {
        <header class="explorer-head">
            <div class="row row-wrap">
                {title}
                {platinum_only(line.edition).then(|| view! { <Chip label=texts::platinum /> })}
            </div>
            <p class="explorer-path">{method(&line)} <code class="selectable">{line.path.clone()}</code></p>
            {fact_list(facts)}
        </header>
    }
    .into_any()
}

fn parameters(
    title: words::Word,
    values: StoredValue<Parameters>,
    description: &OperationDescription,
    required: bool,
) -> AnyView {
    let fields = values.with_value(|values| {
        values
            .iter()
            .map(|(name, value)| {
                let whole = description
                    .query_parameters
                    .iter()
                    .any(|it| it.name == *name && it.kind == ParameterKind::Integer);
                let check: Check = Arc::new(move |text| {
                    let reads = !whole || text.trim().parse::<i64>().is_ok();
                    reads
                        .then_some(())
                        .ok_or_else(|| words::problems::not_a_number.get().to_owned())
                });
                view! {
                    <TextField
                        label=name.clone()
                        value=*value
                        path=name.clone()
                        required=required
                        check=check
                        kind=Kind::Code
                    />
                }
            })
            .collect::<Vec<_>>()
    });
    if fields.is_empty() {
        return ().into_any();
    }
    view! { <Section title=title><div class="explorer-parameters">{fields}</div></Section> }
        .into_any()
}

/// The body, as a form or as text.
#[component]
fn Body(filled: Filled, known: Known) -> AnyView {
    let problem = RwSignal::new(None::<String>);
    let tabs = vec![
        Tab::new("form", texts::as_form),
        Tab::new("text", texts::as_text),
    ];
    let current = Signal::derive(move || match filled.text.with(Option::is_some) {
        true => "text".to_owned(),
        false => "form".to_owned(),
    });
    let choose = move |name: String| {
        problem.set(None);
        match name.as_str() {
            "text" => filled.as_text(),
            _ => problem.set(filled.as_form().err()),
        }
    };
    let is_text = Memo::new(move |_| filled.text.with(Option::is_some));
    let editor = move || {
        if is_text.get() {
            let check: Check = Arc::new(move |text| filled.read_text(text).map(|_| ()));
            return view! {
                <BodyText text=filled.text label=texts::json help=texts::json_help check=check />
            }
            .into_any();
        }
        match filled.body.get() {
            Some(Draft::Record(fields)) => body::fields(fields, &Place::body(), &known),
            _ => ().into_any(),
        }
    };
    view! {
        <Section title=texts::body>
            <Tabs label=texts::body tabs=tabs current=current on_choose=choose />
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Attention text=problem /> })}
            <div class="explorer-body" role="tabpanel">{editor}</div>
        </Section>
    }
    .into_any()
}

/// The request as it will be sent, as the host tells it: secrets masked.
#[component]
fn Request(filled: Filled) -> AnyView {
    let shown = RwSignal::new(None::<Result<Preview, IpcError>>);
    let newest = StoredValue::new(0_u32);
    Effect::new(move |_| {
        // While something that the path needs is missing there is no request to show.
        let complete = filled.path.with_value(|path| {
            path.iter()
                .all(|(_, value)| value.with(|it| !it.is_empty()))
        });
        let call = filled.call();
        let mine = newest.get_value().wrapping_add(1);
        newest.set_value(mine);
        let Ok(call) = call else { return };
        if !complete {
            shown.set(None);
            return;
        }
        spawn_local(async move {
            let request = PreviewCall { call, target: None };
            let answer = ipc::call(request).await;
            // An answer to an earlier question comes too late.
            if newest.try_get_value() == Some(mine) {
                shown.try_set(Some(answer));
            }
        });
    });
    let (endpoint, instance) = filled
        .operation
        .with_value(|it| (it.endpoint.clone(), it.instance_id.clone()));
    let content = move || match shown.get() {
        None => view! { <p class="second">{texts::incomplete}</p> }.into_any(),
        Some(Err(error)) => view! { <ErrorNotice error=error /> }.into_any(),
        Some(Ok(preview)) => {
            let body = preview
                .body
                .as_ref()
                .and_then(|body| serde_json::to_string_pretty(body).ok());
            let command = curl::command(
                &preview.method,
                &endpoint,
                &preview.path,
                &instance,
                body.as_deref(),
            );
            let line = format!("{} {}", preview.method, preview.path);
            view! {
                <div class="request">
                    <CopyButton text=command label=texts::copy_curl />
                    <pre class="code selectable" tabindex="0">
                        {line}
                        {body.map(|body| format!("\n\n{body}"))}
                    </pre>
                </div>
            }
            .into_any()
        }
    };
    view! { <Section title=texts::request>{content}</Section> }.into_any()
}
