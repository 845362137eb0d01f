//! The fields of settings, made of their declarations.

use std::collections::BTreeMap;

use ief_api::rules::Rule;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::settings::{Control, Setting};
use super::show;
use crate::kit::{Choice, Kind, Select, Text, TextField};
use crate::words;

/// What is typed for the settings of one list, in its order.
#[derive(Clone, Copy)]
pub struct SettingsDraft {
    values: StoredValue<Vec<RwSignal<String>>>,
}

impl SettingsDraft {
    /// The settings with the values they have.
    pub fn new(list: &[Setting], values: &BTreeMap<String, String>) -> Self {
        let signal = |setting: &Setting| {
            RwSignal::new(values.get(setting.name).cloned().unwrap_or_default())
        };
        Self {
            values: StoredValue::new(list.iter().map(signal).collect()),
        }
    }

    /// The value of one setting.
    fn value(self, at: usize) -> Option<RwSignal<String>> {
        self.values.with_value(|values| values.get(at).copied())
    }

    /// The settings meant for a kind that are set, as they are sent. Tracked.
    pub fn body(self, list: &[Setting], kind: &str) -> Map<String, Value> {
        let set = list
            .iter()
            .enumerate()
            .filter(|(_, setting)| setting.meant_for.contains(&kind));
        let pairs = set.filter_map(|(at, setting)| {
            let value = self.value(at)?.get();
            (!value.is_empty()).then(|| (setting.name.to_owned(), json!({"value": value})))
        });
        pairs.collect()
    }

    /// The settings meant for a kind that are set, in words, secrets left out. Tracked.
    pub fn in_words(self, list: &'static [Setting], kind: &str) -> String {
        let set = list
            .iter()
            .enumerate()
            .filter(|(_, setting)| setting.meant_for.contains(&kind));
        let parts = set.filter_map(|(at, setting)| {
            let value = self.value(at)?.get();
            let shown = matches!(
                setting.control,
                Control::Line | Control::Choice | Control::Flag
            );
            (shown && !value.is_empty()).then(|| {
                format!(
                    "{} {}",
                    show::setting_words(setting.name),
                    show::choice_words(setting, &value)
                )
            })
        });
        parts.collect::<Vec<_>>().join(" · ")
    }

    /// Forgets what was typed into secret fields.
    pub fn forget_secrets(self, list: &[Setting]) {
        for (at, setting) in list.iter().enumerate() {
            if let (Control::Secret, Some(value)) = (setting.control, self.value(at)) {
                value.set(String::new());
            }
        }
    }
}

/// The fields of the settings meant for a kind. `path` is where they stand in the body.
pub fn setting_fields(
    draft: SettingsDraft,
    list: &'static [Setting],
    kind: &str,
    path: &str,
) -> AnyView {
    let meant = list
        .iter()
        .enumerate()
        .filter(|(_, setting)| setting.meant_for.contains(&kind));
    let fields = meant
        .filter_map(|(at, setting)| {
            let place = if path.is_empty() {
                String::new()
            } else {
                format!("{path}.{}.value", setting.name)
            };
            Some(field(setting, draft.value(at)?, place))
        })
        .collect_view();
    view! { <div class="field-row setting-fields">{fields}</div> }.into_any()
}

fn field(setting: &'static Setting, value: RwSignal<String>, path: String) -> AnyView {
    let label = move || show::setting_words(setting.name);
    let key = format!("devices.help.{}", setting.name);
    let help = match words::find(&key) {
        Some(_) => Text::from(move || words::find(&key).unwrap_or_default()),
        None => Text::default(),
    };
    let choices = setting.choices();
    if !choices.is_empty() {
        let choices = Signal::derive(move || {
            // Parity has a choice that is called none, so nothing chosen is called otherwise.
            let unset = Choice::new("", words::kit::missing);
            let known = choices
                .iter()
                .map(|choice| Choice::new(*choice, show::choice_words(setting, choice)));
            std::iter::once(unset).chain(known).collect::<Vec<_>>()
        });
        return view! { <Select label=label choices=choices value=value path=path /> }.into_any();
    }
    let kind = match setting.control {
        Control::Secret => Kind::Secret,
        Control::Base64 => Kind::CodeLines,
        _ => Kind::Plain,
    };
    // A setting without a documented rule is checked by nothing.
    let rule: Option<&'static Rule> = setting.rule;
    match rule {
        Some(rule) => {
            view! { <TextField label=label value=value help=help rule=rule path=path kind=kind /> }
                .into_any()
        }
        None => {
            view! { <TextField label=label value=value help=help path=path kind=kind /> }.into_any()
        }
    }
}
