//! Which things a query by tags finds (section 4.6.1).

use ief_api::resource_tag::{TagCondition, TagQuery};

use crate::tagged::Labelled;
use crate::world::occurs;

/// A query, read once for all things it is held against.
#[derive(Debug)]
pub(crate) struct TagFilter {
    all: Vec<Wanted>,
    any: Vec<Wanted>,
    none: Vec<Wanted>,
    not_all: Vec<Wanted>,
    /// Part of the name, in lower case.
    name: Option<String>,
}

/// A key with the values that are looked for; any when there is none.
#[derive(Debug)]
struct Wanted {
    key: String,
    values: Vec<Pattern>,
}

#[derive(Debug)]
enum Pattern {
    /// The whole value.
    Whole(String),
    /// Anywhere in it, in lower case.
    Part(String),
}

impl TagFilter {
    /// Reads the conditions of a query whose form has been checked.
    pub(crate) fn read(query: &TagQuery) -> Self {
        // There is one field only that can be looked for.
        let name = query.matches.first().map(|part| {
            let value = part.value.as_deref().unwrap_or_default();
            value.to_lowercase()
        });
        Self {
            all: wanted(&query.tags),
            any: wanted(&query.tags_any),
            none: wanted(&query.not_tags),
            not_all: wanted(&query.not_tags_any),
            name,
        }
    }

    /// Whether a thing is found.
    pub(crate) fn passes(&self, thing: &dyn Labelled) -> bool {
        let has = |wanted: &Wanted| {
            let mut found = false;
            thing.each_tag(&mut |key, value| found |= wanted.is(key, value));
            found
        };
        // What either of the two finds is found, so that an empty one must not find everything.
        let asked = !self.all.is_empty() || !self.any.is_empty();
        let by_all = !self.all.is_empty() && self.all.iter().all(has);
        let tagged = !asked || by_all || self.any.iter().any(has);
        tagged
            && !self.none.iter().any(has)
            && (self.not_all.is_empty() || !self.not_all.iter().all(has))
            // Every thing has a name, so that an empty one finds nothing.
            && self.name.as_deref().is_none_or(|part| {
                !part.is_empty() && occurs(part, &thing.name())
            })
    }
}

impl Wanted {
    fn is(&self, key: &str, value: &str) -> bool {
        self.key == key
            && (self.values.is_empty()
                || self.values.iter().any(|pattern| match pattern {
                    Pattern::Whole(text) => text == value,
                    Pattern::Part(part) => value.to_lowercase().contains(part),
                }))
    }
}

fn wanted(conditions: &[TagCondition]) -> Vec<Wanted> {
    let conditions = conditions.iter().map(|condition| Wanted {
        key: condition
            .key
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        values: condition
            .values
            .iter()
            .map(|it| pattern(it.trim()))
            .collect(),
    });
    conditions.collect()
}

fn pattern(value: &str) -> Pattern {
    match value.strip_prefix('*') {
        Some(part) => Pattern::Part(part.to_lowercase()),
        None => Pattern::Whole(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use ief_api::resource_tag::TagQuery;
    use serde_json::{Value, json};

    use super::TagFilter;
    use crate::tagged::Labelled;

    struct Thing(&'static [(&'static str, &'static str)]);

    impl Labelled for Thing {
        fn id(&self) -> String {
            String::new()
        }
        fn name(&self) -> Cow<'_, str> {
            Cow::Borrowed("GW-bj-0001")
        }
        fn each_tag(&self, show: &mut dyn FnMut(&str, &str)) {
            for (key, value) in self.0 {
                show(key, value);
            }
        }
    }

    #[track_caller]
    fn check(query: &Value, expected: &str) {
        let things = [
            ("0", Thing(&[])),
            ("a", Thing(&[("a", "1")])),
            ("b", Thing(&[("b", "2")])),
            ("c", Thing(&[("a", "1"), ("b", "2")])),
            ("d", Thing(&[("a", "Xyz"), ("b", "")])),
        ];
        let read: TagQuery = serde_json::from_value(query.clone()).unwrap();
        let filter = TagFilter::read(&read);
        let found = things.iter().filter(|(_, thing)| filter.passes(thing));
        let found: String = found.map(|(name, _)| *name).collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn all_kinds_of_conditions_are_understood() {
        let any = |key: &str| json!({"key": key, "values": []});
        let one = |key: &str, value: &str| json!({"key": key, "values": [value]});
        check(&json!({}), "0abcd");
        check(&json!({"tags": [any("a")]}), "acd");
        check(&json!({"tags": [any("a"), any("b")]}), "cd");
        check(&json!({"tags": [one("a", "1"), any("b")]}), "c");
        check(
            &json!({"tags": [{"key": "a", "values": ["1", "Xyz"]}]}),
            "acd",
        );
        check(&json!({"tags": [one("b", "")]}), "d");
        check(&json!({"tags": [{"key": " a ", "values": [" 1 "]}]}), "ac");
        check(&json!({"tags": [one("a", "*YZ")]}), "d");
        check(&json!({"tags": [one("a", "yz")]}), "");
        check(&json!({"tags_any": [one("a", "1"), one("b", "")]}), "acd");
        check(
            &json!({"tags": [any("a"), any("b")], "tags_any": [one("b", "2")]}),
            "bcd",
        );
        check(&json!({"not_tags": [any("a"), any("b")]}), "0");
        check(&json!({"not_tags": [one("a", "1")]}), "0bd");
        check(&json!({"not_tags_any": [any("a"), any("b")]}), "0ab");
        check(&json!({"not_tags_any": [any("a")]}), "0b");
        check(
            &json!({"tags_any": [any("a"), any("b")], "not_tags": [one("a", "1")]}),
            "bd",
        );
    }

    #[test]
    fn names_are_found_by_a_part_of_them() {
        let name = |value: &str| json!({"matches": [{"key": "resource_name", "value": value}]});
        check(&name("gw-BJ"), "0abcd");
        check(&name("sh"), "");
        check(&name(""), "");
        check(&name("*"), "");
    }
}
