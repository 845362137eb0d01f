//! Two reports side by side.

use super::words::{Label, Language, Message, Title, Words};
use super::write;
use crate::report::{
    Certificate, Comparison, Difference, Field, Key, Report, Role, Section, Value,
};

/// Compares two reports, field by field. Those of the same role are compared with each other: the own certificate of
/// one with the own certificate of the other.
#[must_use]
pub fn compare(left: &Report, right: &Report, language: Language) -> Comparison {
    let words = Words::of(language);
    let mut rows = Vec::new();
    join(&mut rows, facts(left, words), facts(right, words));
    join(&mut rows, checks(left, words), checks(right, words));
    join(&mut rows, entries(left, words), entries(right, words));
    for [one, other] in certificates(left, right) {
        let facts =
            |it: Option<&Certificate>| it.map_or_else(Vec::new, |it| certificate(it, words));
        join(&mut rows, facts(one), facts(other));
    }
    for place in 0..left.keys.len().max(right.keys.len()) {
        let facts = |report: &Report| {
            let key = report.keys.get(place);
            key.map_or_else(Vec::new, |it| key_facts(it, words))
        };
        join(&mut rows, facts(left), facts(right));
    }
    join(&mut rows, configurations(left), configurations(right));
    let count = rows.iter().filter(|row| !row.same).count();
    let names = [left, right].map(|report| report.name.clone());
    let [first, second] = names.clone();
    let headline = if !left.sha256.is_empty() && left.sha256 == right.sha256 {
        Message::CompareSameInput {
            left: first,
            right: second,
        }
    } else if count == 0 {
        Message::CompareSame {
            left: first,
            right: second,
        }
    } else {
        Message::CompareDiffer {
            left: first,
            right: second,
            count: count.to_string(),
        }
    };
    Comparison {
        names,
        headline: words.say(&headline, ""),
        rows,
    }
}

/// A fact of one report. Facts with the same key are the same fact.
struct Fact {
    key: String,
    part: String,
    label: String,
    value: Value,
}

/// Facts of both in the order of the first, those that only the second has after the fact they follow there.
fn join(rows: &mut Vec<Difference>, left: Vec<Fact>, right: Vec<Fact>) {
    let mut right: Vec<Option<Fact>> = right.into_iter().map(Some).collect();
    let mut place = 0;
    for fact in left {
        let found = right
            .iter()
            .position(|it| it.as_ref().is_some_and(|it| it.key == fact.key));
        let other = found.and_then(|found| {
            for fact in right[place.min(found)..found]
                .iter_mut()
                .filter_map(Option::take)
            {
                rows.push(row(None, Some(fact)));
            }
            place = found + 1;
            right[found].take()
        });
        rows.push(row(Some(fact), other));
    }
    rows.extend(
        right
            .into_iter()
            .flatten()
            .map(|fact| row(None, Some(fact))),
    );
}

fn row(left: Option<Fact>, right: Option<Fact>) -> Difference {
    let both = left.as_ref().or(right.as_ref());
    let (part, label) = both.map_or_else(Default::default, |fact| {
        (fact.part.clone(), fact.label.clone())
    });
    let values = [left, right].map(|fact| fact.map(|fact| fact.value));
    Difference {
        part,
        label,
        same: values[0] == values[1],
        values,
    }
}

fn facts(report: &Report, words: Words) -> Vec<Fact> {
    let identity = &report.identity;
    let input = words.title(Title::Input);
    let text = |label: Label, value: String| {
        let value = (!value.is_empty()).then_some(Value::Text(value));
        (label, value)
    };
    let facts = [
        text(Label::Kind, write::kind(report.kind, words)),
        text(Label::Verdict, write::verdict(report.verdict, words)),
        (Label::At, Some(Value::Time(report.at))),
        (Label::GoodUntil, report.good_until.map(Value::Time)),
        text(Label::Size, report.size.to_string()),
        (
            Label::Sha256Hex,
            (!report.sha256.is_empty()).then(|| Value::Code(report.sha256.clone())),
        ),
        text(Label::Id, identity.id.clone()),
        text(Label::Name, identity.name.clone()),
        text(Label::Project, identity.project.clone()),
        text(Label::Region, identity.region.clone()),
        text(Label::Instance, identity.instance.clone()),
    ];
    facts
        .into_iter()
        .filter_map(|(label, value)| {
            Some(Fact {
                key: label.id().to_owned(),
                part: input.clone(),
                label: words.label(label),
                value: value?,
            })
        })
        .collect()
}

/// Each check counts by its worst outcome.
fn checks(report: &Report, words: Words) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for check in super::checks::CHECKS {
        let id = check.title.id();
        let Some(worst) = report.checks.iter().find(|it| it.id == id) else {
            continue;
        };
        facts.push(Fact {
            key: id.to_owned(),
            part: words.title(Title::Checks),
            label: words.title(check.title),
            value: Value::Text(write::status(worst.status, words)),
        });
    }
    facts
}

fn entries(report: &Report, words: Words) -> Vec<Fact> {
    let entries = report.entries.iter();
    entries
        .map(|entry| {
            let mut lines = vec![
                write::content(&entry.content, words),
                format!("{} B", entry.size),
                format!("{:04o} {}", entry.mode, entry.owner),
            ];
            let more = [&entry.sha256, &entry.refused].into_iter().cloned();
            lines.extend(more.filter(|it| !it.is_empty()));
            Fact {
                key: entry.path.clone(),
                part: words.title(Title::Content),
                label: entry.path.clone(),
                value: Value::Lines(lines),
            }
        })
        .collect()
}

/// Certificates that are compared with each other.
fn certificates<'a>(left: &'a Report, right: &'a Report) -> Vec<[Option<&'a Certificate>; 2]> {
    if let ([one], [other]) = (&left.certificates[..], &right.certificates[..]) {
        return vec![[Some(one), Some(other)]];
    }
    let mut pairs = Vec::new();
    for role in [Role::Own, Role::Intermediate, Role::Root, Role::Other] {
        let [mut one, mut other] = [left, right].map(|report| {
            let all = report.certificates.iter();
            all.filter(move |it| it.role == role)
        });
        loop {
            let pair = [one.next(), other.next()];
            if pair == [None, None] {
                break;
            }
            pairs.push(pair);
        }
    }
    pairs
}

fn certificate(certificate: &Certificate, words: Words) -> Vec<Fact> {
    let role = write::role(certificate.role, words);
    let mut facts = vec![Fact {
        key: "source".to_owned(),
        part: role.clone(),
        label: words.label(Label::Source),
        value: Value::Text(certificate.source.clone()),
    }];
    facts.extend(sections(&role, &certificate.sections));
    facts
}

fn key_facts(key: &Key, words: Words) -> Vec<Fact> {
    let part = words.title(Title::Keys);
    let mut facts = vec![
        Fact {
            key: "source".to_owned(),
            part: part.clone(),
            label: words.label(Label::Source),
            value: Value::Text(key.source.clone()),
        },
        Fact {
            key: "locked".to_owned(),
            part: part.clone(),
            label: words.label(Label::Locked),
            value: Value::Flag(key.locked),
        },
    ];
    facts.extend(sections(&part, &key.sections));
    facts
}

/// The text view of a certificate says the same once more, and is left out.
fn sections(part: &str, sections: &[Section]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for section in sections.iter().filter(|section| section.id != "text") {
        for Field { id, label, value } in &section.fields {
            // A name may have the same attribute several times.
            let begin = format!("{}/{id}/", section.id);
            let before = facts.iter().filter(|it| it.key.starts_with(&begin)).count();
            facts.push(Fact {
                key: format!("{begin}{before}"),
                part: format!("{part}: {}", section.title),
                label: label.clone(),
                value: value.clone(),
            });
        }
    }
    facts
}

fn configurations(report: &Report) -> Vec<Fact> {
    let all = report.configurations.iter();
    all.flat_map(|configuration| {
        let source = &configuration.source;
        configuration.fields.iter().map(move |(path, value)| Fact {
            key: format!("{source}\n{path}"),
            part: source.clone(),
            label: path.clone(),
            value: Value::Text(value.clone()),
        })
    })
    .collect()
}
