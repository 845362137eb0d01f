//! Certificates of a node or of a node group: list, show, create with the package, delete.

use console_ipc::IpcError;
use ief_api::operation::Call;
use ief_api::rules::Rule;
use leptos::prelude::*;
use serde_json::{Value, json};

use super::{Leaving, fact_list, known, read};
use crate::format;
use crate::kit::facts::time_of;
use crate::kit::{
    Button, Choice, CopyButton, Dialog, EmptyState, ErrorNotice, Form, FormFrame, Glyph,
    IconButton, Id, Look, Radio, Skeleton, Text, TextField, Width, dash, text_or_dash,
};
use crate::sheet::{self, Change};
use crate::table::Reading;
use crate::table::reading::{integer, text};
use crate::words::certificates as texts;
use crate::words::{self, Word};

/// What certificates belong to.
#[derive(Clone, Copy)]
pub struct Holder {
    /// Its identifier.
    pub id: Signal<String>,
    /// Its name.
    pub name: Signal<String>,
    /// How its certificates are managed.
    pub way: &'static Way,
}

/// How certificates of a kind of thing are managed.
pub struct Way {
    /// What they belong to: `node`.
    pub kind: &'static str,
    /// Lists them.
    pub list: fn(&str) -> Call,
    /// Where they stand in the answer to that.
    pub field: &'static str,
    /// Reads one whole, where there is more to read.
    pub show: Option<fn(&str, &str) -> Call>,
    /// Creates one, but for its body.
    pub create: fn(&str) -> Call,
    /// Deletes one.
    pub delete: fn(&str, &str) -> Call,
    /// The types that can be created, each with its help. The first is proposed.
    pub types: &'static [(&'static str, Word)],
    /// The type that the service makes, renews and deletes by itself.
    pub own_type: Option<&'static str>,
    /// Rule of the name.
    pub name_rule: &'static Rule,
    /// That rule in words.
    pub name_help: Word,
    /// Rule of the description.
    pub description_rule: &'static Rule,
    /// What they are for, said where there are none.
    pub none_text: Word,
    /// What stops without one.
    pub delete_breaks: Word,
}

/// What a type of certificates is for.
fn type_word(kind: &str) -> String {
    words::find_or(&format!("certificates.kinds.{kind}"), kind)
}

/// The certificates.
#[component]
pub fn Certificates(
    /// What they belong to.
    holder: Holder,
) -> AnyView {
    let way = holder.way;
    let call = Signal::derive(move || {
        let id = holder.id.get();
        (!id.is_empty()).then(|| (way.list)(&id))
    });
    let reading = Reading::of(call, way.field);
    let creating = RwSignal::new(false);
    let leaving = Leaving::new();
    let shown = RwSignal::new((String::new(), String::new()));
    let showing = RwSignal::new(false);
    let failed = Memo::new(move |_| reading.error.with(Option::is_some));
    let show = move |id: String, name: String| {
        shown.set((id, name));
        showing.set(true);
    };
    let table = move || {
        reading.value.with(|all| match all {
            None if failed.get() => ().into_any(),
            None => view! { <Skeleton lines=3 /> }.into_any(),
            Some(all) => lines(holder, reading, &entries(all, way.field), show),
        })
    };
    view! {
        <div class="row thing-actions">
            <span class="spacer"></span>
            <Button label=texts::create glyph=Glyph::Plus on_press=move || creating.set(true) />
        </div>
        {move || reading.error.get().map(|error| view! {
            <ErrorNotice error=error on_retry=move || reading.reload() />
        })}
        {table}
        <Dialog open=creating title=texts::create may_close=leaving.may_close()>
            <Create holder=holder reading=reading open=creating leaving=leaving />
        </Dialog>
        {leaving.question(move || creating.set(false))}
        <Dialog open=showing title=move || shown.with(|(_, name)| name.clone()) width=Width::Wide>
            {way.show.map(|call| whole(call(&holder.id.get_untracked(), &shown.get_untracked().0)))}
        </Dialog>
    }
    .into_any()
}

/// The certificates of an answer: the service has been seen to put them into a list once more.
fn entries<'a>(all: &'a Value, field: &str) -> Vec<&'a Value> {
    let all = all.as_array().map_or(&[][..], Vec::as_slice);
    let inner = |entry: &'a Value| match entry.get(field).and_then(Value::as_array) {
        Some(inner) => inner.iter().collect(),
        None => vec![entry],
    };
    all.iter().flat_map(inner).collect()
}

fn lines(
    holder: Holder,
    reading: Reading,
    all: &[&Value],
    show: impl Fn(String, String) + Copy + Send + Sync + 'static,
) -> AnyView {
    if all.is_empty() {
        return view! {
            <EmptyState title=texts::none text=holder.way.none_text glyph=Glyph::Certificate />
        }
        .into_any();
    }
    let tells_days = all.iter().any(|it| days_left(it).is_some());
    let lines = all
        .iter()
        .map(|certificate| line(holder, reading, certificate, tells_days, show))
        .collect_view();
    let days = tells_days.then(|| view! { <th scope="col">{texts::valid}</th> });
    view! {
        <table class="simple">
            <thead>
                <tr>
                    <th scope="col">{texts::name}</th>
                    <th scope="col">{texts::kind}</th>
                    <th scope="col">{texts::serial}</th>
                    {days}
                    <th scope="col">{texts::created}</th>
                    <th scope="col"><span class="unseen">{texts::actions}</span></th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
    .into_any()
}

fn days_left(certificate: &Value) -> Option<i64> {
    integer(certificate, "cert_remaining_valid_time")
}

fn days_view(days: Option<i64>) -> AnyView {
    match days {
        None => dash(),
        Some(days) if days <= 0 => view! { {texts::expired} }.into_any(),
        Some(days) => view! { {move || texts::days(format::number(days))} }.into_any(),
    }
}

fn serial(certificate: &Value) -> AnyView {
    match text(certificate, "serial_num") {
        Some(serial) => view! { <Id id=serial /> }.into_any(),
        None => dash(),
    }
}

fn line(
    holder: Holder,
    reading: Reading,
    certificate: &Value,
    tells_days: bool,
    show: impl Fn(String, String) + Copy + Send + Sync + 'static,
) -> AnyView {
    let id = text(certificate, "id").unwrap_or_default();
    let name = text(certificate, "name").unwrap_or_else(|| id.clone());
    let kind = text(certificate, "type").unwrap_or_default();
    let look = holder.way.show.map(|_| {
        let (id, name, label) = (id.clone(), name.clone(), name.clone());
        view! {
            <IconButton
                glyph=Glyph::Eye
                label=move || texts::show_of(&label)
                on_press=move || show(id.clone(), name.clone())
            />
        }
    });
    let own = holder.way.own_type == Some(kind.as_str());
    let remove = (!own).then(|| {
        let (name, label) = (name.clone(), name.clone());
        view! {
            <IconButton
                glyph=Glyph::Trash
                label=move || texts::delete_of(&label)
                on_press=move || delete(holder, reading, &id, &name)
            />
        }
    });
    let days =
        tells_days.then(|| view! { <td class="number">{days_view(days_left(certificate))}</td> });
    view! {
        <tr>
            <td>
                <span class="selectable">{name}</span>
                <p class="second selectable">{text(certificate, "description")}</p>
            </td>
            <td>{move || type_word(&kind)}</td>
            <td>{serial(certificate)}</td>
            {days}
            <td>{time_of(text(certificate, "created_at").as_deref())}</td>
            <td><span class="row">{look}{remove}</span></td>
        </tr>
    }
    .into_any()
}

/// A certificate read whole, with what it consists of.
fn whole(call: Call) -> AnyView {
    let reading = read(call, "");
    let known: Memo<(Option<Value>, Option<IpcError>)> = known(reading);
    let body = move || match known.get() {
        (Some(certificate), None) => facts(&certificate),
        (_, Some(error)) => {
            view! { <ErrorNotice error=error on_retry=move || reading.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton lines=6 /> }.into_any(),
    };
    view! { <div class="stack">{body}</div> }.into_any()
}

fn facts(certificate: &Value) -> AnyView {
    let id = text(certificate, "id").unwrap_or_default();
    let kind = text(certificate, "type").unwrap_or_default();
    let at = |name: &str| time_of(text(certificate, name).as_deref());
    let serial = match text(certificate, "serial_num") {
        Some(serial) => view! { <Id id=serial whole=true /> }.into_any(),
        None => dash(),
    };
    let lines: Vec<(Text, AnyView)> = vec![
        (
            texts::id.into(),
            view! { <Id id=id whole=true /> }.into_any(),
        ),
        (
            texts::kind.into(),
            view! { {move || type_word(&kind)} }.into_any(),
        ),
        (
            texts::description.into(),
            text_or_dash(text(certificate, "description").as_deref()),
        ),
        (texts::serial.into(), serial),
        (texts::valid.into(), days_view(days_left(certificate))),
        (texts::created.into(), at("created_at")),
        (texts::changed.into(), at("updated_at")),
    ];
    view! {
        {fact_list(lines)}
        {pem(texts::certificate, certificate, "certificate")}
        {pem(texts::ca, certificate, "ca")}
    }
    .into_any()
}

/// A text in PEM, where the service sends one.
fn pem(title: Word, certificate: &Value, name: &str) -> Option<AnyView> {
    let pem = text(certificate, name)?;
    let copied = pem.clone();
    Some(
        view! {
            <section class="thing-part">
                <h3>{title}</h3>
                <div class="request">
                    <CopyButton text=copied />
                    <pre class="code selectable" tabindex="0" aria-label=title>{pem}</pre>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn delete(holder: Holder, reading: Reading, id: &str, name: &str) {
    let way = holder.way;
    let call = (way.delete)(&holder.id.get_untracked(), id);
    let (of_title, of_done) = (name.to_owned(), name.to_owned());
    let of_sentence = (name.to_owned(), holder.name.get_untracked());
    let change = Change::new(
        move || texts::delete_of(&of_title),
        move || texts::delete_sentence(&of_sentence.0, &of_sentence.1),
        call,
    )
    .target("certificate", id, name)
    .button(texts::delete)
    .breaks(way.delete_breaks)
    .done(move || texts::delete_done(&of_done))
    .on_done(move |_| reading.reload());
    sheet::send(change);
}

#[component]
fn Create(holder: Holder, reading: Reading, open: RwSignal<bool>, leaving: Leaving) -> AnyView {
    let way = holder.way;
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let first = way.types.first().map_or("", |(kind, _)| *kind);
    let kind = RwSignal::new(first.to_owned());
    let submit = move || {
        let (id, owner) = (holder.id.get_untracked(), holder.name.get_untracked());
        let named = name.get_untracked();
        let mut body = json!({ "name": named, "type": kind.get_untracked() });
        let said = description.get_untracked();
        if !said.is_empty() {
            body["description"] = said.into();
        }
        let call = Call {
            body: Some(body),
            ..(way.create)(&id)
        };
        let (of_sentence, of_done) = ((named.clone(), owner.clone()), named.clone());
        let change = Change::new(
            texts::create,
            move || texts::create_sentence(&of_sentence.0, &of_sentence.1),
            call,
        )
        .target(way.kind, &id, &owner)
        .done(move || texts::create_done(&of_done))
        .package(format!("{owner}_{named}.tar.gz"))
        .on_done(move |_| {
            form.saved();
            reading.reload();
            open.set(false);
        });
        sheet::check_and_send(form, change);
    };
    let kinds: Vec<Choice> = way
        .types
        .iter()
        .map(|(kind, help)| Choice::new(*kind, move || type_word(kind)).help(*help))
        .collect();
    view! {
        <FormFrame form=form on_submit=submit>
            <TextField
                label=texts::name
                value=name
                rule=way.name_rule
                help=way.name_help
                path="name"
                required=true
                autofocus=true
            />
            <TextField label=texts::description value=description rule=way.description_rule path="description" />
            <Radio label=texts::kind choices=kinds value=kind />
            <div class="dialog-actions">
                <Button label=words::kit::cancel on_press=move || leaving.press(move || open.set(false)) />
                <Button label=texts::create look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}
