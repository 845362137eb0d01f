//! Writes reports. The same report gives the same bytes.

mod html;
mod text;

pub use super::name::clean;
pub use html::html;
pub use text::text;

use std::fmt::Write as _;

use super::moment;
use super::name::is_hidden;
use super::words::{Phrase, Words};
use crate::report::{Kind, Report, Role, Status, Value, Verdict};

/// As JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    // A report holds nothing but texts, numbers and lists of these.
    let written = serde_json::to_string_pretty(report).unwrap_or_default();
    let mut text = String::with_capacity(written.len() + 1);
    for character in written.chars() {
        // Everything but texts is plain ASCII, and so are the line breaks between them.
        if character != '\n' && is_hidden(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing into a string can't fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
    }
    text.push('\n');
    text
}

/// The value of a field as lines of text.
fn lines(value: &Value, words: Words) -> Vec<String> {
    match value {
        Value::Text(text) | Value::Code(text) => vec![text.clone()],
        Value::Lines(lines) => lines.clone(),
        Value::Time(moment) => vec![moment::time(*moment)],
        Value::Flag(true) => vec![words.phrase(Phrase::Yes)],
        Value::Flag(false) => vec![words.phrase(Phrase::No)],
    }
}

/// What of the input a kind is called.
pub(super) fn kind(kind: Kind, words: Words) -> String {
    words.phrase(match kind {
        Kind::Node => Phrase::KindNode,
        Kind::NodeCertificate => Phrase::KindNodeCertificate,
        Kind::GroupCertificate => Phrase::KindGroupCertificate,
        Kind::Registration => Phrase::KindRegistration,
        Kind::Archive => Phrase::KindArchive,
        Kind::Certificates => Phrase::KindCertificates,
        Kind::Keys => Phrase::KindKeys,
        Kind::Bundle => Phrase::KindBundle,
        Kind::Unknown => Phrase::KindUnknown,
    })
}

pub(super) fn verdict(verdict: Verdict, words: Words) -> String {
    words.phrase(match verdict {
        Verdict::Good => Phrase::VerdictGood,
        Verdict::Warning => Phrase::VerdictWarning,
        Verdict::Bad => Phrase::VerdictBad,
    })
}

pub(super) fn status(status: Status, words: Words) -> String {
    words.phrase(match status {
        Status::Failed => Phrase::StatusFailed,
        Status::Warned => Phrase::StatusWarned,
        Status::Passed => Phrase::StatusPassed,
        Status::NotApplicable => Phrase::StatusNotApplicable,
    })
}

pub(super) fn role(role: Role, words: Words) -> String {
    words.phrase(match role {
        Role::Own => Phrase::RoleOwn,
        Role::Intermediate => Phrase::RoleIntermediate,
        Role::Root => Phrase::RoleRoot,
        Role::Other => Phrase::RoleOther,
    })
}

/// What an entry was recognised as. What has no word of its own keeps its identifier.
pub(super) fn content(content: &str, words: Words) -> String {
    words.phrase(match content {
        "certificate" => Phrase::ContentCertificate,
        "certificates" => Phrase::ContentCertificates,
        "private_key" => Phrase::ContentPrivateKey,
        "encrypted_key" => Phrase::ContentEncryptedKey,
        "public_key" => Phrase::ContentPublicKey,
        "configuration" => Phrase::ContentConfiguration,
        "text" => Phrase::ContentText,
        "unknown" => Phrase::ContentUnknown,
        "refused" => Phrase::ContentRefused,
        other => return other.to_owned(),
    })
}

/// The layers in one line.
fn layers(report: &Report) -> String {
    let layers: Vec<String> = report
        .layers
        .iter()
        .map(|layer| match layer.place.as_str() {
            "" => layer.form.clone(),
            place => format!("{} ({place})", layer.form),
        })
        .collect();
    layers.join(" → ")
}

/// The facts of the input itself: labels with values, those without a value left out.
fn about(report: &Report, words: Words) -> Vec<(String, String)> {
    use super::words::Label;
    let identity = &report.identity;
    let good_until = report.good_until.map_or_else(String::new, moment::time);
    let facts = [
        (Label::File, report.name.clone()),
        (Label::Kind, kind(report.kind, words)),
        (Label::At, moment::time(report.at)),
        (Label::GoodUntil, good_until),
        (Label::Size, report.size.to_string()),
        (Label::Sha256Hex, report.sha256.clone()),
        (Label::Layers, layers(report)),
        (Label::Id, identity.id.clone()),
        (Label::Name, identity.name.clone()),
        (Label::Project, identity.project.clone()),
        (Label::Region, identity.region.clone()),
        (Label::Instance, identity.instance.clone()),
        (Label::SerialHex, identity.serial.clone()),
        (Label::Locked, report.locked.join(", ")),
    ];
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(label, value)| (words.label(label), value))
        .collect()
}
