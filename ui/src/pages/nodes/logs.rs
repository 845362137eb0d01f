//! Logs of a node: four kinds, told apart by whose they are and where they go (table 5-2).

use ief_api::rules::node as node_rules;
use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::kit::{Choice, Fold, NumberField, Select};
use crate::table::reading::{integer, list, text};
use crate::words;
use crate::words::nodes::logs as texts;

/// Component and type of each kind.
const KINDS: [(&str, &str); 4] = [
    ("app", "local"),
    ("app", "LTS"),
    ("system", "local"),
    ("system", "LTS"),
];

/// One kind of logs in a form. What is empty is left to the service.
#[derive(Clone, Copy)]
pub(super) struct LogFields {
    component: &'static str,
    kind: &'static str,
    level: RwSignal<String>,
    size: RwSignal<Option<i64>>,
    files: RwSignal<Option<i64>>,
    period: RwSignal<String>,
    /// As it was read, so that fields the form doesn't know go back unchanged.
    before: StoredValue<Option<Value>>,
}

/// The four kinds, filled with what a node has.
pub(super) fn read_logs(node: Option<&Value>) -> [LogFields; 4] {
    KINDS.map(|(component, kind)| {
        let same = |log: &&Value| {
            text(log, "component").as_deref() == Some(component)
                && text(log, "type").as_deref() == Some(kind)
        };
        let before = node
            .and_then(|node| list(node, "log_configs").iter().find(same))
            .cloned();
        let log = before.clone().unwrap_or_default();
        LogFields {
            component,
            kind,
            level: RwSignal::new(text(&log, "level").unwrap_or_default().to_lowercase()),
            size: RwSignal::new(integer(&log, "size")),
            files: RwSignal::new(integer(&log, "rotate_num")),
            period: RwSignal::new(text(&log, "rotate_period").unwrap_or_default()),
            before: StoredValue::new(before),
        }
    })
}

/// The kinds that are there or were filled in, as the service takes them. Tracked.
pub(super) fn logs_body(logs: [LogFields; 4]) -> Value {
    Value::Array(logs.iter().filter_map(LogFields::body).collect())
}

impl LogFields {
    /// Where it stands in the body, if it does. Tracked.
    fn body(&self) -> Option<Value> {
        let before = self.before.get_value();
        let was = before.clone().unwrap_or_default();
        let mut body = match before.clone() {
            Some(Value::Object(body)) => body,
            _ => Map::new(),
        };
        body.insert("component".to_owned(), self.component.into());
        body.insert("type".to_owned(), self.kind.into());
        let mut differs = false;
        let mut put = |name: &str, now: Option<Value>, same: bool| {
            if !same {
                differs = true;
                body.insert(name.to_owned(), now.unwrap_or(Value::Null));
            }
        };
        let (level, period) = (self.level.get(), self.period.get());
        let known_level = text(&was, "level").unwrap_or_default();
        put(
            "level",
            filled(&level),
            known_level.eq_ignore_ascii_case(&level),
        );
        put(
            "size",
            self.size.get().map(Value::from),
            integer(&was, "size") == self.size.get(),
        );
        put(
            "rotate_num",
            self.files.get().map(Value::from),
            integer(&was, "rotate_num") == self.files.get(),
        );
        put(
            "rotate_period",
            filled(&period),
            text(&was, "rotate_period").unwrap_or_default() == period,
        );
        (before.is_some() || differs).then_some(Value::Object(body))
    }

    /// What is set, in short, for its fold. Tracked.
    fn said(&self) -> String {
        let parts = [
            Some(self.level.get())
                .filter(|level| !level.is_empty())
                .map(|level| level_word(&level)),
            self.size.get().map(|size| format!("{size} MB")),
            self.files.get().map(texts::files_short),
            Some(self.period.get())
                .filter(|period| !period.is_empty())
                .map(|period| period_word(&period)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn filled(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// Edits the four kinds, each on a fold that shows what is set.
#[component]
pub(super) fn Logs(logs: [LogFields; 4]) -> AnyView {
    logs.into_iter().map(editor).collect_view().into_any()
}

fn editor(log: LogFields) -> AnyView {
    let levels = Signal::derive(move || {
        let levels: &[&str] = match log.component {
            "app" => &["on", "off"],
            _ => &["off", "error", "warning", "info", "debug"],
        };
        let levels = levels
            .iter()
            .map(|level| Choice::new(*level, level_word(level)));
        std::iter::once(Choice::new("", texts::default))
            .chain(levels)
            .collect::<Vec<_>>()
    });
    let periods = Signal::derive(|| {
        let periods = ["daily", "weekly", "monthly", "yearly"];
        let periods = periods
            .iter()
            .map(|period| Choice::new(*period, period_word(period)));
        std::iter::once(Choice::new("", texts::default))
            .chain(periods)
            .collect::<Vec<_>>()
    });
    // A level is for logs that go to the cloud only.
    let level = (log.kind == "LTS").then(|| {
        view! { <Select label=texts::level choices=levels value=log.level /> }
    });
    view! {
        <Fold title=move || log_word(log.component, log.kind) set=move || log.said()>
            <div class="log-fields">
                {level}
                <NumberField
                    label=texts::size
                    value=log.size
                    rule=&node_rules::LOG_SIZE
                    help=words::rules::log_size
                    unit="MB"
                    placeholder="50"
                />
                <NumberField
                    label=texts::files
                    value=log.files
                    rule=&node_rules::LOG_ROTATE_NUM
                    help=words::rules::log_rotate_num
                    placeholder="5"
                />
                <Select label=texts::period choices=periods value=log.period />
            </div>
        </Fold>
    }
    .into_any()
}

/// Whose logs, and where they go.
pub(super) fn log_word(component: &str, kind: &str) -> String {
    let word = words::find(&format!(
        "nodes.logs.kinds.{component}_{}",
        kind.to_lowercase()
    ));
    word.map_or_else(|| format!("{component}, {kind}"), str::to_owned)
}

/// A level in words.
pub(super) fn level_word(level: &str) -> String {
    words::find_or(
        &format!("nodes.logs.levels.{}", level.to_lowercase()),
        level,
    )
}

fn period_word(period: &str) -> String {
    words::find_or(&format!("nodes.logs.periods.{period}"), period)
}
