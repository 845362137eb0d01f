//! The twin of a device: for each property what is expected, what the device reported, and how these stand
//! to each other.

use std::collections::BTreeMap;

use ief_api::device::{TwinProperty, TwinState, TwinValue};
use leptos::prelude::*;
use serde_json::Value;

use super::{show, twin_edit};
use crate::format;
use crate::kit::{
    Button, EmptyState, Glyph, Part, ProportionBar, Sign, StateSign, Text, Time, text_or_dash,
};
use crate::state::App;
use crate::table::Reading;
use crate::words::Word;
use crate::words::devices::twin as texts;

/// The properties by their names.
pub(super) type Twin = BTreeMap<String, TwinProperty>;

/// How a property stands, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Expected and actual are the same.
    InLine,
    /// Nothing is expected; the device reports.
    Reports,
    /// Expected since then, not reported yet.
    Waiting(Option<i64>),
    /// Expected is not what the device reported.
    Differs(Option<i64>),
    /// The device has never reported it.
    Never,
}

/// Place of what is in line among all.
const IN_LINE: usize = 3;

impl Stand {
    /// All of them in the order of their urgency.
    const ORDER: [(Sign, Word); 5] = [
        (Sign::Differs, texts::differs),
        (Sign::Waiting, texts::waiting),
        (Sign::Off, texts::never),
        (Sign::Good, texts::in_line),
        (Sign::Good, texts::reports),
    ];

    fn rank(self) -> usize {
        match self {
            Self::Differs(_) => 0,
            Self::Waiting(_) => 1,
            Self::Never => 2,
            Self::InLine => IN_LINE,
            Self::Reports => 4,
        }
    }
}

/// Whether what is known of a device is of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contact {
    /// It is, as far as the service says.
    Now,
    /// It was last seen then, in milliseconds since the epoch; nobody knows what is now.
    Lost(Option<i64>),
}

impl Contact {
    /// What the service says of a device.
    fn of(device: &Value) -> Self {
        match show::text(device, "state") {
            "offline" | "unknown" => {
                Self::Lost(format::parse_time(show::text(device, "last_online")))
            }
            _ => Self::Now,
        }
    }

    /// Follows a device.
    pub(super) fn follow(detail: Reading) -> Memo<Self> {
        Memo::new(move |_| {
            let device = |device: &Option<Value>| device.as_ref().map_or(Self::Now, Self::of);
            detail.value.with(device)
        })
    }

    /// Sign and word of a standing. What was in line need not be any more, so that isn't good.
    fn tell(self, rank: usize) -> (Sign, Text) {
        let (sign, word) = Stand::ORDER[rank];
        let Self::Lost(at) = self else {
            return (sign, word.into());
        };
        let now = App::expect().now;
        match (rank, at) {
            (IN_LINE, Some(at)) => {
                let word = move || texts::in_line_at(format::relative(at, now.get()));
                (Sign::Off, word.into())
            }
            (IN_LINE, None) => (Sign::Off, texts::in_line_once.into()),
            _ if sign == Sign::Good => (Sign::Off, word.into()),
            _ => (sign, word.into()),
        }
    }
}

/// How a property stands.
pub(super) fn stand(property: &TwinProperty) -> Stand {
    let since = |side: &Option<TwinValue>| side.as_ref().and_then(TwinValue::time);
    match property.state() {
        TwinState::NeverReported => Stand::Never,
        TwinState::Waiting => Stand::Waiting(since(&property.expected)),
        TwinState::Differs => Stand::Differs(since(&property.actual)),
        TwinState::InLine if value(&property.expected).is_none() => Stand::Reports,
        TwinState::InLine => Stand::InLine,
    }
}

/// The value of one side.
pub(super) fn value(side: &Option<TwinValue>) -> Option<&str> {
    side.as_ref()?.value.as_deref()
}

/// The board of a device: how its properties stand, and their expected values to be changed.
pub(super) fn board(id: String, name: Memo<Option<String>>, detail: Reading) -> AnyView {
    let twin = Memo::new(move |_| {
        detail
            .value
            .with(|device| device.as_ref().map(show::twin_of))
            .unwrap_or_default()
    });
    let names = Memo::new(move |_| twin.with(|twin| twin.keys().cloned().collect::<Vec<_>>()));
    let contact = Contact::follow(detail);
    let editing = RwSignal::new(false);
    let body = move || {
        if names.with(Vec::is_empty) {
            return view! { <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Twin /> }.into_any();
        }
        if editing.get() {
            return twin_edit::editor(id.clone(), name, detail, twin, editing);
        }
        view! {
            <div class="row row-wrap">
                <div class="twin-bar"><ProportionBar label=texts::title parts=Signal::derive(move || twin.with(|twin| parts(twin, contact.get()))) /></div>
                <span class="spacer"></span>
                <Button label=texts::edit glyph=Glyph::Edit on_press=move || editing.set(true) />
            </div>
            {table(names, twin, contact, detail)}
        }
        .into_any()
    };
    view! { {body} }.into_any()
}

/// How many properties stand how.
fn parts(twin: &Twin, contact: Contact) -> Vec<Part> {
    let mut counts = [0_u64; Stand::ORDER.len()];
    for property in twin.values() {
        counts[stand(property).rank()] += 1;
    }
    let kinds = counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0);
    kinds
        .map(|(rank, count)| {
            let (sign, label) = contact.tell(rank);
            Part {
                label,
                count,
                sign,
                on_press: None,
            }
        })
        .collect()
}

/// A row for each property, kept while its values change.
fn table(
    names: Memo<Vec<String>>,
    twin: Memo<Twin>,
    contact: Memo<Contact>,
    detail: Reading,
) -> AnyView {
    let rows = move || {
        names
            .get()
            .into_iter()
            .map(|name| {
                let key = name.clone();
                let property = Memo::new(move |_| twin.with(|twin| twin.get(&key).cloned()).unwrap_or_default());
                let key = name.clone();
                let visitor = Memo::new(move |_| {
                    let all = detail.value.with(|device| device.as_ref().map(show::visitors_of)).unwrap_or_default();
                    all.get(&key).cloned().filter(|visitor| !visitor.is_empty())
                });
                let kind = Memo::new(move |_| property.with(|it| show::type_of(it.metadata.as_ref()).to_owned()));
                view! {
                    <tr>
                        <th scope="row">{move || show::property_name(name.clone(), kind.get(), visitor.get())}</th>
                        <td>{move || state_view(stand(&property.get()), contact.get())}</td>
                        <td>{move || side(property.get().expected)}</td>
                        <td>{move || side(property.get().actual)}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    frame(rows.into_any())
}

/// The table with its headings.
pub(super) fn frame(rows: AnyView) -> AnyView {
    view! {
            <table class="simple twin">
                <caption class="unseen">{texts::title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{texts::property}</th>
                        <th scope="col">{texts::state}</th>
                        <th scope="col">{texts::expected}</th>
                        <th scope="col">{texts::actual}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
    }
    .into_any()
}

/// How a property stands: sign, word and since when.
pub(super) fn state_view(stand: Stand, contact: Contact) -> AnyView {
    let (sign, word) = contact.tell(stand.rank());
    match stand {
        Stand::Waiting(Some(at)) => {
            let now = App::expect().now;
            let since = move || texts::waiting_since(format::relative(at, now.get()));
            view! { <span data-tip=move || format::exact(at)><StateSign sign=sign word=since /></span> }.into_any()
        }
        _ => view! { <StateSign sign=sign word=word /> }.into_any(),
    }
}

/// One side: its value, and when it was set or reported.
pub(super) fn side(side: Option<TwinValue>) -> AnyView {
    let at = side.as_ref().and_then(TwinValue::time);
    let age = at.map(|at| view! { <span class="second small"><Time at_ms=Signal::derive(move || Some(at)) /></span> });
    view! {
        <div class="twin-side">
            {text_or_dash(value(&side))}
            {age}
        </div>
    }
    .into_any()
}

/// The twin as the side panel shows it: each property with its state and both values.
pub(super) fn short(device: &Value) -> AnyView {
    let twin = show::twin_of(device);
    let contact = Contact::of(device);
    if twin.is_empty() {
        return view! { <EmptyState title=texts::none text=texts::none_text glyph=Glyph::Twin /> }
            .into_any();
    }
    let lines = twin
        .into_iter()
        .map(|(name, property)| {
            let expected = value(&property.expected).map(str::to_owned);
            let differs = expected.clone().filter(|_| !matches!(stand(&property), Stand::InLine));
            let actual = Text::from(value(&property.actual).unwrap_or(format::MISSING).to_owned());
            view! {
                <li class="twin-line">
                    <span class="twin-name cut" data-tip=name.clone() data-tip-cut="">{name.clone()}</span>
                    {state_view(stand(&property), contact)}
                    <span class="twin-values selectable">
                        {differs.map(|expected| view! { <span class="second">{expected} " → "</span> })}
                        {actual.view()}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="twin-lines">{lines}</ul> }.into_any()
}
