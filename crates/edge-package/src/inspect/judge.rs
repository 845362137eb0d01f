//! Judging: from what was opened to a report.

use super::certificate::{Facts, describe};
use super::chain::{Chain, End, Signatures};
use super::checks::{CHECKS, Case, Outcome, refusals, same_key};
use super::key::{KeyFacts, KeyTrouble, PublicHalf};
use super::known::Known;
use super::material::KeyForm;
use super::moment::day;
use super::name::hex;
use super::oids::attribute;
use super::open::{Claim, KeyOpened, Opened, Subject};
use super::public_key::{sha256, strength};
use super::words::{Label, Language, Message, Phrase, Title, Words};
use crate::report::{
    Certificate, Check, Entry, Identity, Key, Kind, Report, Role, Status, VERSION, Value, Verdict,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// What judging takes into account beside the input.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The time it is judged for, in seconds since 1970.
    pub at: i64,
    /// From how many days before the end on it is told.
    pub lead_days: u32,
    /// The language of the report.
    pub language: Language,
    /// What is known of it.
    pub known: Option<&'a Known>,
}

/// Judges what was opened. The same input and context give the same report.
#[must_use]
pub fn judge(opened: &Opened, context: &Context<'_>) -> Report {
    let words = Words::of(context.language);
    let case = case(opened, context);
    let identity = identity_of(&case);
    let mut found: Vec<(&'static str, String, Outcome)> = CHECKS
        .iter()
        .flat_map(|check| {
            let outcomes = (check.run)(&case);
            let title = words.title(check.title);
            outcomes
                .into_iter()
                .map(move |outcome| (check.title.id(), title.clone(), outcome))
        })
        .collect();
    // Sorting keeps the order of the table among those that ended alike.
    found.sort_by_key(|(_, _, outcome)| outcome.status);
    let verdict = found
        .first()
        .map_or(Verdict::Bad, |(_, _, outcome)| verdict(outcome.status));
    let good_until = good_until(&case);
    let headline = headline(
        &case,
        &identity,
        good_until,
        found.first().map(|it| &it.2),
        words,
    );
    let checks = found.into_iter().map(|(id, title, outcome)| Check {
        id: id.to_owned(),
        title,
        status: outcome.status,
        reason: words.say(&outcome.reason, &outcome.subject),
        next: outcome
            .next
            .map_or_else(String::new, |next| words.say(&next, &outcome.subject)),
        subject: outcome.subject,
    });
    Report {
        version: VERSION,
        name: opened.name.clone(),
        size: opened.size,
        sha256: opened.sha256.clone(),
        at: context.at,
        kind: case.kind,
        layers: opened.layers.clone(),
        verdict,
        headline,
        good_until,
        identity,
        checks: checks.collect(),
        entries: entries(opened, words),
        certificates: certificates(&case, words),
        keys: keys(&case, words),
        configurations: opened
            .configurations
            .iter()
            .map(|it| it.say(words))
            .collect(),
        locked: opened.locked().into_iter().map(str::to_owned).collect(),
    }
}

/// For whom an input says it is.
#[must_use]
pub fn identity(opened: &Opened) -> Identity {
    let context = Context {
        at: 0,
        lead_days: 0,
        language: Language::En,
        known: None,
    };
    identity_of(&case(opened, &context))
}

fn case<'a>(opened: &'a Opened, context: &Context<'a>) -> Case<'a> {
    let mut certificates = Vec::new();
    let mut unreadable = Vec::new();
    for found in &opened.certificates {
        match Facts::read(&found.source, &found.der) {
            Ok(facts) => certificates.push(facts),
            Err(_) => unreadable.push(found.source.as_str()),
        }
    }
    let signatures = Signatures::new(&certificates, context.at);
    let mut places: Vec<usize> = (0..certificates.len()).collect();
    // Not every signature is verified where there are hundreds: what matters comes first.
    let private = private(&opened.keys);
    places.sort_by_key(|place| {
        let facts = &certificates[*place];
        let has_key = private.iter().any(|key| same_key(facts.spki, key));
        (!has_key, facts.is_ca())
    });
    let chains = places.into_iter();
    let chains: BTreeMap<usize, Chain> = chains
        .map(|place| (place, Chain::of(place, &signatures)))
        .collect();
    let chains: Vec<Chain> = chains.into_values().collect();
    let is_root = |chain: &&Chain| chain.links.len() == 1 && chain.end == End::Root;
    let roots = chains.iter().filter(is_root).map(Chain::own);
    let roots = roots.filter(|place| certificates[*place].is_ca()).collect();
    let lowest = lowest(&certificates, &chains);
    let own = own(&certificates, &lowest, &opened.keys);
    let counted = if own.is_empty() { &lowest } else { &own };
    let chains = counted.iter().map(|place| chains[*place].clone()).collect();
    Case {
        kind: kind(opened),
        opened,
        at: context.at,
        lead_days: context.lead_days,
        known: context.known,
        certificates,
        unreadable,
        own,
        chains,
        roots,
    }
}

fn kind(opened: &Opened) -> Kind {
    let has_private = opened.keys.iter().any(|key| key.private) || !opened.locked.is_empty();
    match opened.hint {
        Some(kind) => kind,
        None if !opened.entries.is_empty() => Kind::Archive,
        None if opened.certificates.is_empty() => {
            if opened.keys.is_empty() && opened.locked.is_empty() {
                Kind::Unknown
            } else {
                Kind::Keys
            }
        }
        None if has_private => Kind::Bundle,
        None => Kind::Certificates,
    }
}

/// The certificates that signed no other one, and where each did, all. The same one in two files counts once.
fn lowest(certificates: &[Facts<'_>], chains: &[Chain]) -> Vec<usize> {
    let mut counted: Vec<&[u8]> = chains
        .iter()
        .flat_map(Chain::authorities)
        .map(|place| certificates[*place].der)
        .collect();
    let mut lowest = Vec::new();
    for (place, facts) in certificates.iter().enumerate() {
        if !counted.contains(&facts.der) {
            counted.push(facts.der);
            lowest.push(place);
        }
    }
    if lowest.is_empty() {
        lowest.extend(0..certificates.len());
    }
    lowest
}

/// The certificates that the input is for: of those that signed no other one the ones with their private key, else
/// those of no CA. None where there is nothing but certificates of CAs.
fn own(certificates: &[Facts<'_>], lowest: &[usize], keys: &[KeyOpened]) -> Vec<usize> {
    let private = private(keys);
    let of = |is_wanted: &dyn Fn(&Facts<'_>) -> bool| -> Vec<usize> {
        let found = lowest.iter().copied();
        found.filter(|it| is_wanted(&certificates[*it])).collect()
    };
    let with_key = of(&|facts| private.iter().any(|key| same_key(facts.spki, key)));
    if !with_key.is_empty() {
        return with_key;
    }
    let others = of(&|facts| !facts.is_ca());
    if others.is_empty() && !private.is_empty() {
        return lowest.to_vec();
    }
    others
}

/// The private keys that could be read.
fn private(keys: &[KeyOpened]) -> Vec<&KeyFacts> {
    let private = keys.iter().filter(|key| key.private);
    private.filter_map(|key| key.facts.as_ref().ok()).collect()
}

fn verdict(worst: Status) -> Verdict {
    match worst {
        Status::Failed => Verdict::Bad,
        Status::Warned => Verdict::Warning,
        Status::Passed | Status::NotApplicable => Verdict::Good,
    }
}

fn good_until(case: &Case<'_>) -> Option<i64> {
    let counted = case.counted().into_iter();
    counted
        .filter_map(|place| case.certificates[place].ends())
        .min()
}

fn headline(
    case: &Case<'_>,
    identity: &Identity,
    good_until: Option<i64>,
    worst: Option<&Outcome>,
    words: Words,
) -> String {
    let reason = worst.map(|worst| words.say_within(&worst.reason, &worst.subject));
    match worst.map_or(Status::Failed, |worst| worst.status) {
        Status::Failed => {
            let reason = reason.unwrap_or_default();
            words.say(&Message::HeadBad { reason }, "")
        }
        Status::Warned => {
            let reason = reason.unwrap_or_default();
            let is_read = |key: &KeyOpened| key.facts.is_ok();
            if case.certificates.is_empty() && !case.opened.keys.iter().any(is_read) {
                return words.say(&Message::HeadLocked { reason }, "");
            }
            let good = words.say(&good(case, identity, good_until), "");
            words.say(&Message::HeadWarning { good, reason }, "")
        }
        Status::Passed | Status::NotApplicable => words.say(&good(case, identity, good_until), ""),
    }
}

/// What it is good for, and until when.
fn good(case: &Case<'_>, identity: &Identity, good_until: Option<i64>) -> Message {
    let first = case
        .own
        .first()
        .or(case.chains.first().map(|it| &it.links[0]));
    let Some(first) = first else {
        return match case.kind {
            Kind::Keys => Message::HeadGoodKeys {},
            _ => Message::HeadGoodOther {},
        };
    };
    let certificate = case.certificates[*first].name();
    let claimed = [&identity.name, &identity.id];
    let claimed = claimed.into_iter().find(|it| !it.is_empty());
    let name = match case.kind {
        Kind::Certificates | Kind::Bundle => certificate,
        _ => claimed.cloned().unwrap_or(certificate),
    };
    let Some(day) = good_until.map(day) else {
        return Message::HeadGoodForever { name };
    };
    match case.kind {
        Kind::Node => Message::HeadGoodNode { name, day },
        Kind::NodeCertificate => Message::HeadGoodNodeCertificate { name, day },
        Kind::GroupCertificate => Message::HeadGoodGroupCertificate { name, day },
        Kind::Registration => Message::HeadGoodRegistration { name, day },
        Kind::Bundle | Kind::Archive => Message::HeadGoodBundle { name, day },
        Kind::Certificates | Kind::Keys | Kind::Unknown => {
            Message::HeadGoodCertificate { name, day }
        }
    }
}

fn identity_of(case: &Case<'_>) -> Identity {
    let claims = &case.opened.claims;
    let first = |subjects: &[Subject]| {
        let found = subjects
            .iter()
            .find_map(|subject| claims.iter().find(|claim| claim.subject == *subject));
        found.map_or_else(String::new, |claim: &Claim| claim.value.clone())
    };
    let (ids, names): (&[Subject], &[Subject]) = match case.kind {
        Kind::Registration => (&[Subject::ProductId], &[Subject::ProductName]),
        Kind::GroupCertificate => (
            &[Subject::GroupId, Subject::CertificateId],
            &[Subject::CertificateName],
        ),
        Kind::NodeCertificate => (
            &[Subject::NodeId, Subject::CertificateId],
            &[Subject::NodeName, Subject::CertificateName],
        ),
        _ => (
            &[Subject::NodeId, Subject::ProductId, Subject::GroupId],
            &[Subject::NodeName, Subject::ProductName],
        ),
    };
    let own = case.own.first().map(|place| &case.certificates[*place]);
    let common = own.and_then(|facts| facts.subject.find(attribute::COMMON_NAME));
    let mut identity = Identity {
        id: first(ids),
        name: first(names),
        project: first(&[Subject::Project]),
        region: first(&[Subject::Region]),
        instance: first(&[Subject::Instance]),
        serial: own.map_or_else(String::new, Facts::serial_text),
    };
    if let Some(common) = common {
        if identity.id.is_empty() && super::checks::is_identifier(&common) {
            identity.id = common;
        } else if identity.name.is_empty() && identity.id.is_empty() {
            identity.name = common;
        }
    }
    identity
}

fn entries(opened: &Opened, words: Words) -> Vec<Entry> {
    let entries = opened.entries.iter();
    entries
        .map(|entry| Entry {
            path: entry.path.clone(),
            form: entry.form.name().to_owned(),
            size: entry.size,
            mode: entry.mode,
            owner: entry.owner.clone(),
            modified: entry.modified,
            sha256: entry.sha256.clone().unwrap_or_default(),
            content: entry.content.name().to_owned(),
            refused: entry.refused.as_ref().map_or_else(String::new, |refusal| {
                words.say(&refusals::reason(refusal), &entry.path)
            }),
        })
        .collect()
}

fn certificates(case: &Case<'_>, words: Words) -> Vec<Certificate> {
    let mut describer = describe::Describer::new(words);
    let mut read = case.certificates.iter().enumerate();
    let found = case.opened.certificates.iter();
    found
        .map(|found| {
            // Those that could be read stand in the same order.
            if Facts::read(&found.source, &found.der).is_err() {
                return describer.unreadable(&found.source, &found.der);
            }
            match read.next() {
                Some((place, facts)) => describer.certificate(facts, role(place, case)),
                None => describer.unreadable(&found.source, &found.der),
            }
        })
        .collect()
}

fn role(place: usize, case: &Case<'_>) -> Role {
    let facts = &case.certificates[place];
    let is_own = |own: &usize| case.certificates[*own].der == facts.der;
    if case.own.iter().any(is_own) {
        Role::Own
    } else if case.roots.contains(&place) {
        Role::Root
    } else if facts.is_ca() {
        Role::Intermediate
    } else {
        Role::Other
    }
}

fn keys(case: &Case<'_>, words: Words) -> Vec<Key> {
    let read = case.opened.keys.iter().map(|key| one_key(key, case, words));
    let locked = case.opened.locked.iter().map(|locked| Key {
        source: locked.source.clone(),
        private: true,
        locked: true,
        algorithm: String::new(),
        spki_sha256: String::new(),
        sections: Vec::new(),
    });
    read.chain(locked).collect()
}

fn one_key(key: &KeyOpened, case: &Case<'_>, words: Words) -> Key {
    let facts = match &key.facts {
        Ok(facts) => facts,
        Err(trouble) => {
            return Key {
                source: key.source.clone(),
                private: key.private,
                locked: false,
                algorithm: match trouble {
                    KeyTrouble::Algorithm(name) => name.clone(),
                    KeyTrouble::Curve(name) => format!("EC {name}"),
                    _ => String::new(),
                },
                spki_sha256: String::new(),
                sections: Vec::new(),
            };
        }
    };
    let field = |label, value| describe::field(words, label, value);
    let digest = sha256(&facts.spki_der);
    let form = match facts.form {
        KeyForm::Pkcs8 => "PKCS#8",
        KeyForm::Pkcs1 => "PKCS#1",
        KeyForm::Sec1 => "SEC 1",
        KeyForm::Spki => "SPKI",
    };
    let half = match facts.public_half {
        PublicHalf::Given => Phrase::Given,
        PublicHalf::Calculated => Phrase::Calculated,
    };
    let name = facts.algorithm.name().to_owned();
    let mut fields = vec![
        field(Label::Form, Value::Text(form.to_owned())),
        field(Label::KeyAlgorithm, Value::Text(name)),
        field(Label::KeyBits, Value::Text(facts.bits.to_string())),
    ];
    if facts.private {
        fields.push(field(Label::PublicHalf, Value::Text(words.phrase(half))));
    }
    let owners = case.certificates.iter();
    let owners: Vec<String> = owners
        .filter(|certificate| same_key(certificate.spki, facts))
        .map(Facts::name)
        .collect();
    if !owners.is_empty() {
        fields.push(field(Label::Certificate, Value::Lines(owners)));
    }
    let digests = vec![
        field(Label::SpkiSha256Hex, Value::Code(hex(&digest))),
        field(
            Label::SpkiSha256Base64,
            Value::Code(STANDARD.encode(digest)),
        ),
    ];
    Key {
        source: key.source.clone(),
        private: key.private,
        locked: false,
        algorithm: strength(&facts.algorithm, facts.bits),
        spki_sha256: hex(&digest),
        sections: vec![
            describe::section(words, Title::Key, "key", fields),
            describe::section(words, Title::Fingerprints, "fingerprints", digests),
        ],
    }
}
