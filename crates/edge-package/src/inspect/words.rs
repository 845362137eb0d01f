//! Texts for people. They stand in `locales/`; here is what each is called and what is put into it.
//!
//! A text may hold `{name}`, a value, and `{name:day|days}`, the first word when the value is 1 and the second
//! otherwise.

use std::collections::BTreeMap;
use std::sync::OnceLock;

mod ids;
mod messages;

pub(crate) use ids::{Label, Phrase, Title};
pub(crate) use messages::Message;

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// As HTML names it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// The texts of a language.
#[derive(Clone, Copy)]
pub(crate) struct Words(&'static Texts);

type Texts = BTreeMap<String, String>;

/// The files of a language: the first part of a text's key and its content.
type Files = [(&'static str, &'static str); 4];

const ENGLISH: Files = [
    ("messages", include_str!("../../locales/en/messages.json")),
    ("titles", include_str!("../../locales/en/titles.json")),
    ("labels", include_str!("../../locales/en/labels.json")),
    ("phrases", include_str!("../../locales/en/phrases.json")),
];
const CHINESE: Files = [
    ("messages", include_str!("../../locales/zh/messages.json")),
    ("titles", include_str!("../../locales/zh/titles.json")),
    ("labels", include_str!("../../locales/zh/labels.json")),
    ("phrases", include_str!("../../locales/zh/phrases.json")),
];

impl Words {
    /// In a language.
    pub(crate) fn of(language: Language) -> Self {
        static TEXTS: [OnceLock<Texts>; 2] = [OnceLock::new(), OnceLock::new()];
        let (texts, files) = match language {
            Language::En => (&TEXTS[0], &ENGLISH),
            Language::Zh => (&TEXTS[1], &CHINESE),
        };
        Self(texts.get_or_init(|| read(files)))
    }

    /// A message as a sentence. `{subject}` in it is what it is about.
    pub(crate) fn say(self, message: &Message, subject: &str) -> String {
        let (id, mut values) = message.parts();
        values.push(("subject", subject));
        fill(self.text("messages", id), &values)
    }

    /// The same for the middle of a sentence, where only names begin with a capital.
    pub(crate) fn say_within(self, message: &Message, subject: &str) -> String {
        let said = self.say(message, subject);
        let text = self.text("messages", message.parts().0);
        let mut letters = text.chars();
        let (first, second) = (letters.next(), letters.next());
        let is_word = first.is_some_and(|it| it.is_ascii_uppercase())
            && second.is_some_and(|it| it.is_ascii_lowercase());
        match said.split_at_checked(1) {
            Some((first, rest)) if is_word => first.to_lowercase() + rest,
            _ => said,
        }
    }

    /// The title of a check or of a part.
    pub(crate) fn title(self, title: Title) -> String {
        self.text("titles", title.id()).to_owned()
    }

    /// The label of a field.
    pub(crate) fn label(self, label: Label) -> String {
        self.text("labels", label.id()).to_owned()
    }

    /// A word or two of a written report.
    pub(crate) fn phrase(self, phrase: Phrase) -> String {
        self.text("phrases", phrase.id()).to_owned()
    }

    /// A test goes through all texts, so that none is missing.
    fn text(self, file: &str, id: &str) -> &'static str {
        self.0
            .get(&format!("{file}.{id}"))
            .map_or("", String::as_str)
    }
}

fn read(files: &Files) -> Texts {
    let mut texts = Texts::new();
    for (name, content) in files {
        let file = serde_json::from_str(content).unwrap_or_default();
        flatten(name, &file, &mut texts);
    }
    texts
}

fn flatten(key: &str, value: &serde_json::Value, texts: &mut Texts) {
    match value {
        serde_json::Value::String(text) => {
            texts.insert(key.to_owned(), text.clone());
        }
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&format!("{key}.{name}"), value, texts);
            }
        }
        _ => {}
    }
}

/// Puts values into a text.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((place, after)) = after.split_once('}') else {
            break;
        };
        let (name, forms) = place.split_once(':').unwrap_or((place, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        let value = value.map_or("", |(_, value)| value);
        match forms.split_once('|') {
            Some((one, _)) if value == "1" => filled.push_str(one),
            Some((_, many)) => filled.push_str(many),
            None => filled.push_str(value),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{CHINESE, ENGLISH, Label, Message, Phrase, Texts, Title, fill, read};

    /// The names of the values that a text takes.
    fn values(text: &str) -> BTreeSet<String> {
        let places = text.split('{').skip(1);
        places
            .map(|place| {
                let (place, _) = place.split_once('}').expect("a closed value");
                place.split(':').next().unwrap_or("").to_owned()
            })
            .collect()
    }

    #[test]
    fn both_languages_have_every_text_with_its_values_and_no_other() {
        let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, values) in Message::ALL {
            let values = values.iter().map(|it| (*it).to_owned()).collect();
            let before = expected.insert(format!("messages.{id}"), values);
            assert_eq!(before, None, "{id} stands twice");
        }
        let rest = Title::ALL.iter().map(|id| format!("titles.{id}"));
        let rest = rest.chain(Label::ALL.iter().map(|id| format!("labels.{id}")));
        let rest = rest.chain(Phrase::ALL.iter().map(|id| format!("phrases.{id}")));
        for id in rest {
            assert_eq!(
                expected.insert(id.clone(), BTreeSet::new()),
                None,
                "{id} stands twice"
            );
        }
        for (language, files) in [("en", ENGLISH), ("zh", CHINESE)] {
            let texts: Texts = read(&files);
            let found: BTreeMap<String, BTreeSet<String>> = texts
                .iter()
                .map(|(id, text)| (id.clone(), values(text)))
                .collect();
            let missing: Vec<_> = expected
                .keys()
                .filter(|id| !found.contains_key(*id))
                .collect();
            let extra: Vec<_> = found
                .keys()
                .filter(|id| !expected.contains_key(*id))
                .collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{language}: missing {missing:?}, extra {extra:?}"
            );
            for (id, text) in &texts {
                assert!(!text.trim().is_empty(), "{language}: {id} is empty");
                let mut values = found[id].clone();
                values.remove("subject");
                assert_eq!(values, expected[id], "{language}: values of {id}");
                let is_chinese = text
                    .chars()
                    .any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
                assert!(language == "zh" || !is_chinese, "{id} is Chinese");
            }
        }
    }

    #[test]
    fn values_and_forms_are_filled_in() {
        let say = |text, days| fill(text, &[("days", days), ("name", "{days}")]);
        assert_eq!(
            say("{name} in {days} {days:day|days}.", "1"),
            "{days} in 1 day."
        );
        assert_eq!(say("in {days} {days:day|days}", "12"), "in 12 days");
        assert_eq!(say("{other}x", "12"), "x");
    }
}
