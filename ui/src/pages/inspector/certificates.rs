//! Certificates and keys: until when, then everything they say.

use console_ipc::inspect::report::{Certificate, Field, Key, Role, Section, Value};
use leptos::prelude::*;

use super::desk::Desk;
use super::unfold::Unfold;
use super::verdict::named;
use crate::day::{self, DAY};
use crate::kit::{CopyButton, Fact, Facts, Glyph, Sign, icon, sign};
use crate::state::App;
use crate::words::inspector as texts;
use crate::{format, words};

/// Long values that people compare or look up by have a button that copies them.
const COPIED_FROM: usize = 16;

/// The certificates, each with its validity as a bar.
pub(super) fn certificates(all: &[Certificate], desk: Desk) -> AnyView {
    let lines = all
        .iter()
        .map(|certificate| one(certificate.clone(), desk))
        .collect_view();
    view! { <div class="certs">{lines}</div> }.into_any()
}

fn one(certificate: Certificate, desk: Desk) -> AnyView {
    let role = match certificate.role {
        Role::Own => texts::roles::own,
        Role::Intermediate => texts::roles::intermediate,
        Role::Root => texts::roles::root,
        Role::Other => texts::roles::other,
    };
    let issuer = certificate.issuer.clone();
    let head = view! {
        <div class="cert-head">
            <p class="cert-title">
                <strong class="selectable">{certificate.name.clone()}</strong>
                <span class="chip"><span class="chip-text">{role}</span></span>
                <code class="second">{certificate.source.clone()}</code>
            </p>
            <p class="second small">{move || texts::issued_by(&issuer)}</p>
            <Validity from=certificate.not_before to=certificate.not_after desk=desk />
        </div>
    }
    .into_any();
    let certificate = StoredValue::new(certificate);
    let draw = move || {
        certificate.with_value(|certificate| {
            let pem = certificate.pem.clone();
            view! {
                {sections(&certificate.sections)}
                <section class="cert-section">
                    <h3>{texts::pem}</h3>
                    <div class="request">
                        <CopyButton text=pem.clone() label=texts::copy_pem />
                        <pre class="code selectable" tabindex="0" aria-label=texts::pem>{pem}</pre>
                    </div>
                </section>
            }
        })
    };
    view! { <article class="cert"><Unfold head=head draw=draw /></article> }.into_any()
}

/// How a certificate stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It doesn't hold yet: so many days.
    Begins(i64),
    /// It holds for so many days, or for good.
    Holds(Option<i64>),
    /// It has ended so many days ago.
    Ended(i64),
}

impl Standing {
    fn at(at: i64, from: i64, to: i64) -> Self {
        let days = |span: i64| span.div_euclid(DAY);
        match at {
            at if at < from => Self::Begins(days(from.saturating_sub(at)).max(1)),
            at if at > to => Self::Ended(days(at.saturating_sub(to))),
            _ if day::is_never(to) => Self::Holds(None),
            at => Self::Holds(Some(days(to.saturating_sub(at)))),
        }
    }

    fn words(self) -> String {
        let days = |days: i64| format::number(days);
        match self {
            Self::Begins(n) => texts::begins(days(n)),
            Self::Holds(Some(n)) => texts::days_left(days(n)),
            Self::Holds(None) => texts::no_end.get().to_owned(),
            Self::Ended(n) => texts::ended(days(n)),
        }
    }

    fn sign(self, lead_days: u32) -> Sign {
        match self {
            Self::Begins(_) | Self::Ended(_) => Sign::Bad,
            Self::Holds(Some(days)) if days < i64::from(lead_days) => Sign::Warned,
            Self::Holds(_) => Sign::Good,
        }
    }
}

/// From when to when it holds, as a bar with a mark for now and one for the time it is judged for.
#[component]
fn Validity(from: i64, to: i64, desk: Desk) -> AnyView {
    let app = App::expect();
    let now = Memo::new(move |_| app.now.get().div_euclid(1000));
    let at = Memo::new(move |_| desk.at().unwrap_or_else(|| now.get()));
    let standing = Memo::new(move |_| Standing::at(at.get(), from, to));
    let lead = Memo::new(move |_| app.settings.with(|it| it.certificate_lead_days));
    let dates = move || {
        let end = match day::is_never(to) {
            true => texts::no_end.get().to_owned(),
            false => day::write(to),
        };
        texts::valid_from_to(day::write(from), end)
    };
    // What never ends would make everything else a line: it is drawn as if it ended some time after now.
    let shown_end = move || match day::is_never(to) {
        true => at.get().max(now.get()).saturating_add(3650 * DAY),
        false => to,
    };
    let scale = move || {
        let first = from.min(now.get()).min(at.get());
        let last = shown_end().max(now.get()).max(at.get());
        (first, last)
    };
    let place = move |moment: i64| {
        let (first, last) = scale();
        share(moment.saturating_sub(first), last.saturating_sub(first))
    };
    let class = move || {
        format!(
            "validity-span validity-{}",
            standing.get().sign(lead.get()).class()
        )
    };
    let left = move || format!("{:.2}%", place(from));
    let width = move || format!("{:.2}%", (place(shown_end()) - place(from)).max(0.5));
    let judged = move || {
        desk.at().map(|at| {
            view! {
                <span
                    class="validity-mark validity-judged"
                    style:left=format!("{:.2}%", place(at))
                    data-tip=move || format!("{} {}", texts::mark_at.get(), day::write(at))
                ></span>
            }
        })
    };
    let exact = move || {
        let of = |seconds: i64| format::exact(seconds.saturating_mul(1000));
        texts::valid_from_to(of(from), of(to))
    };
    view! {
        <div class="validity">
            <div class="validity-bar" role="img" aria-label=move || format!("{}: {}", texts::validity.get(), standing.get().words())>
                <span class=class style:left=left style:width=width></span>
                <span
                    class="validity-mark"
                    style:left=move || format!("{:.2}%", place(now.get()))
                    data-tip=texts::mark_now
                ></span>
                {judged}
            </div>
            <p class="validity-words">
                {move || sign(standing.get().sign(lead.get()))}
                <span class="number">{move || standing.get().words()}</span>
                <span class="second number" data-tip=exact>{dates}</span>
            </p>
        </div>
    }
    .into_any()
}

/// A part of a whole in percent.
fn share(part: i64, whole: i64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "shown as a place on a bar")]
    let (part, whole) = (part as f64, whole as f64);
    if whole > 0.0 {
        (part * 100.0 / whole).clamp(0.0, 100.0)
    } else {
        0.0
    }
}

/// The keys: what may be known of them.
pub(super) fn keys(all: &[Key]) -> AnyView {
    let lines = all
        .iter()
        .map(|key| {
            let what = match key.private {
                true => texts::private,
                false => texts::public,
            };
            let strength = match key.locked {
                true => view! { <span class="row">{icon(Glyph::Lock)} {texts::locked_key}</span> }
                    .into_any(),
                false => view! { <span>{key.algorithm.clone()}</span> }.into_any(),
            };
            let head = view! {
                <p class="cert-title">
                    <strong>{what}</strong>
                    {strength}
                    <code class="second">{key.source.clone()}</code>
                </p>
            }
            .into_any();
            let key = StoredValue::new(key.clone());
            let draw = move || {
                key.with_value(|key| {
                    let spki = (!key.spki_sha256.is_empty()).then(|| {
                        let spki = code(texts::spki.get(), &key.spki_sha256);
                        view! { <Facts><Fact label=texts::spki>{spki}</Fact></Facts> }
                    });
                    view! { {spki} {sections(&key.sections)} }
                })
            };
            view! { <article class="cert"><Unfold head=head draw=draw /></article> }
        })
        .collect_view();
    view! { <div class="certs">{lines}</div> }.into_any()
}

/// Fields in their groups.
pub(super) fn sections(all: &[Section]) -> AnyView {
    let sections = all
        .iter()
        .map(|section| {
            let fields = section.fields.iter().map(fact).collect_view();
            view! {
                <section class="cert-section">
                    <h3>{section.title.clone()}</h3>
                    <Facts>{fields}</Facts>
                </section>
            }
        })
        .collect_view();
    view! { <div class="cert-sections">{sections}</div> }.into_any()
}

fn fact(field: &Field) -> AnyView {
    let shown = match &field.value {
        Value::Code(text) => code(&field.label, text),
        other => value(other),
    };
    view! { <Fact label=field.label.clone()>{shown}</Fact> }.into_any()
}

/// An identifier or a hash, which can be copied where it is long.
fn code(label: &str, text: &str) -> AnyView {
    let label = label.to_owned();
    let copy = (text.chars().count() >= COPIED_FROM).then(|| {
        view! { <CopyButton text=text.to_owned() label=move || texts::copy_value(&label) /> }
    });
    view! { <span class="code-value"><code class="selectable">{text.to_owned()}</code>{copy}</span> }.into_any()
}

/// What a field says.
pub(super) fn value(value: &Value) -> AnyView {
    match value {
        Value::Text(text) => {
            let long = text.contains('\n');
            view! { <span class="selectable" class=("value-lines", long)>{text.clone()}</span> }
                .into_any()
        }
        Value::Lines(lines) => {
            let lines = lines
                .iter()
                .map(|line| view! { <li class="selectable">{line.clone()}</li> })
                .collect_view();
            view! { <ul>{lines}</ul> }.into_any()
        }
        Value::Code(text) => view! { <code class="selectable">{text.clone()}</code> }.into_any(),
        Value::Time(at) if day::is_never(*at) => view! { <span>{texts::no_end}</span> }.into_any(),
        Value::Time(at) => {
            let at = *at;
            view! {
                <span class="selectable number" data-tip=move || format::exact(at.saturating_mul(1000))>
                    {utc(at)}
                </span>
            }
            .into_any()
        }
        Value::Flag(true) => view! { <span>{texts::yes}</span> }.into_any(),
        Value::Flag(false) => view! { <span>{texts::no}</span> }.into_any(),
    }
}

/// A moment in UTC, as certificates have them: `2027-03-01 12:00:00 UTC`.
pub(super) fn utc(at: i64) -> String {
    let of_day = at.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{} {hour:02}:{minute:02}:{second:02} UTC", day::write(at))
}

/// What an entry was recognised as.
pub(super) fn content(name: &str) -> String {
    named("content", name)
}

/// An en dash where there is nothing.
pub(super) fn or_dash(text: &str) -> AnyView {
    match text.is_empty() {
        true => {
            view! { <span class="second" aria-label=words::kit::missing>{format::MISSING}</span> }
                .into_any()
        }
        false => view! { <span class="selectable">{text.to_owned()}</span> }.into_any(),
    }
}
