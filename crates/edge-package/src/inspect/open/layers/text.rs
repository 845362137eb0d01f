//! Layers that are text: JSON, base64, PEM, and what people copy along with them.

use super::{At, Opener, Recognised, Within};
use crate::inspect::open::answers::{self, Meaning};
use crate::inspect::open::trouble::{Foreign, Trouble};
use crate::inspect::open::{
    archive, base64_text, configuration, gzip, json, pem, structure, wiped,
};

/// How gzip, DER and tar begin in base64.
const BEGINNINGS: [&[u8]; 5] = [b"H4sI", b"MII", b"MIG", b"LS0tLS1CRUdJTi", b"MH"];

impl Opener<'_> {
    /// Opens a text.
    pub(super) fn text(&mut self, at: &At, text: &[u8]) -> Recognised {
        let text = without_head(text.trim_ascii());
        match text.first() {
            None => {
                self.trouble(&at.source, Trouble::Empty);
                Recognised::Unknown
            }
            Some(b'{' | b'[') if looks_like_json(text) => self.json(at, text),
            Some(quote @ (b'"' | b'\'')) if text.len() > 1 => self.quoted(at, text, *quote),
            _ => self.plain(at, text),
        }
    }

    fn plain(&mut self, at: &At, text: &[u8]) -> Recognised {
        if let Some(foreign) = foreign(text) {
            self.foreign(&at.source, foreign);
            return Recognised::Text;
        }
        if pem::is_likely(text) {
            return self.blocks(at, text);
        }
        if let Some(answer) = answer_within(text) {
            return self.json(at, answer);
        }
        if let Some(value) = answers::bare_field(text) {
            return self.text(at, value);
        }
        if base64_text::is_likely(text) || BEGINNINGS.iter().any(|begin| text.starts_with(begin)) {
            if let Err(trouble) = self.budget.has_bytes(text.len() / 4 * 3) {
                self.trouble(&at.source, trouble);
                return Recognised::Unknown;
            }
            let decoded = base64_text::decode(text);
            // A word may be base64 by chance.
            let is_input = at.within == Within::Input && at.depth == 0 && !text.contains(&b' ');
            if is_known(&decoded.bytes) || (is_input && decoded.bytes.len() > text.len() / 2) {
                return self.base64(at, decoded);
            }
        }
        self.configuration(at, text)
    }

    fn blocks(&mut self, at: &At, text: &[u8]) -> Recognised {
        if pem::has_escapes(text) {
            if !self.takes(at, text.len()) {
                return Recognised::Unknown;
            }
            let plain = wiped::without_escapes(text);
            self.pem(&at.source, at.is_main, &plain);
        } else {
            self.pem(&at.source, at.is_main, text);
        }
        Recognised::Things
    }

    fn base64(&mut self, at: &At, decoded: base64_text::Decoded) -> Recognised {
        if at.is_main {
            self.layer("base64", decoded.bytes.len() as u64);
        }
        let taken = self.budget.take_bytes(decoded.bytes.len());
        if let Some(trouble) = taken.err().or(decoded.trouble) {
            let ends = matches!(trouble, Trouble::TotalTooLarge { .. });
            self.trouble(&at.source, trouble);
            if ends {
                return Recognised::Unknown;
            }
        }
        self.open(&at.below(), &decoded.bytes)
    }

    /// A value copied with its quotes, perhaps with its name.
    fn quoted(&mut self, at: &At, text: &[u8], quote: u8) -> Recognised {
        let text = text.strip_suffix(b",").unwrap_or(text).trim_ascii();
        let inside = text.strip_prefix(&[quote]);
        let Some(inside) = inside.and_then(|text| text.strip_suffix(&[quote])) else {
            return self.plain(at, text);
        };
        if !self.takes(at, text.len()) {
            return Recognised::Unknown;
        }
        if !inside.contains(&quote) || quote == b'\'' {
            let plain = wiped::without_escapes(inside);
            return self.open(&at.below(), &plain);
        }
        // Inside, quotes end one string and begin the next: `"name": "value"`; or they are escaped.
        let mut whole = wiped::room(text.len() + 2);
        whole.push(b'{');
        whole.extend_from_slice(text);
        whole.push(b'}');
        if looks_like_json(&whole)
            && json_text(&whole).is_some_and(|text| json::leaves(text).is_ok())
        {
            return self.json(at, &whole);
        }
        match json_text(text).map(json::leaves) {
            Some(Ok(leaves)) if leaves.len() == 1 => {
                let value = leaves[0].text();
                self.open(&at.below(), &value)
            }
            _ => self.plain(at, text),
        }
    }

    /// Whether a copy of so many bytes is within the limits.
    fn takes(&mut self, at: &At, count: usize) -> bool {
        let taken = self.budget.take_bytes(count);
        let fits = taken.is_ok();
        if let Err(trouble) = taken {
            self.trouble(&at.source, trouble);
        }
        fits
    }

    fn json(&mut self, at: &At, text: &[u8]) -> Recognised {
        let leaves = match json_text(text).map(json::leaves) {
            Some(Ok(leaves)) => leaves,
            Some(Err(trouble)) => return self.broken_json(at, text, trouble),
            None => return self.broken_json(at, text, Trouble::TextDamaged),
        };
        match answers::read(&leaves) {
            Meaning::Answer(answer) => {
                self.answer(at, answer);
                Recognised::Things
            }
            Meaning::Error(code) => {
                self.trouble(&at.source, Trouble::ServiceError { code });
                Recognised::Text
            }
            Meaning::Other => self.configuration(at, text),
        }
    }

    /// A copy that lacks its end may still hold whole blocks.
    fn broken_json(&mut self, at: &At, text: &[u8], trouble: Trouble) -> Recognised {
        if pem::is_likely(text) {
            self.trouble(&at.source, trouble);
            return self.blocks(at, text);
        }
        self.trouble(&at.source, trouble);
        if at.within == Within::Archive {
            return self.configuration(at, text);
        }
        match configuration::read(&at.source, text) {
            Some(shown) if shown.masked => Recognised::Configuration { masked: true },
            Some(_) | None => Recognised::Unknown,
        }
    }

    fn answer(&mut self, at: &At, answer: answers::Answer<'_>) {
        self.opened.hint = self.opened.hint.or(answer.kind);
        self.opened.claims.extend(answer.claims);
        if answer.fields.is_empty() {
            self.trouble(&at.source, Trouble::AnswerWithoutSecrets);
        }
        for (index, field) in answer.fields.iter().enumerate() {
            let content = field.text();
            let is_main = at.is_main && index == 0;
            if is_main {
                self.layer("json", content.len() as u64);
                if let Some(layer) = self.opened.layers.last_mut() {
                    layer.place.clone_from(&field.path);
                }
            }
            let source = match at.within {
                Within::Input => field.path.clone(),
                Within::Field | Within::Archive => format!("{}: {}", at.source, field.path),
            };
            let within = Within::Field;
            let inner = At {
                source,
                is_main,
                within,
                depth: at.depth + 1,
            };
            if !self.takes(&inner, content.len()) {
                return;
            }
            self.open(&inner, &content);
        }
    }

    fn configuration(&mut self, at: &At, text: &[u8]) -> Recognised {
        // A field that should hold a key is never shown, whatever it holds.
        let shown = if at.within == Within::Field {
            None
        } else {
            configuration::read(&at.source, text)
        };
        let Some(shown) = shown else {
            self.unknown(at, Trouble::Unknown);
            return Recognised::Unknown;
        };
        if shown.fields.is_empty() && at.within != Within::Archive {
            self.unknown(at, Trouble::PlainText);
            return match shown.masked {
                true => Recognised::Configuration { masked: true },
                false => Recognised::Text,
            };
        }
        for (path, value) in &shown.fields {
            let claim = value
                .whole()
                .and_then(|value| answers::claim_of_configuration(&at.source, path, value));
            self.opened.claims.extend(claim);
        }
        let is_form = !shown.fields.is_empty();
        let has = |name: &str| {
            let mut fields = shown.fields.iter();
            fields.any(|(path, value)| path == name && value.whole() != Some(""))
        };
        self.opened.hint = self.opened.hint.or(answers::kind_of_configuration(has));
        let masked = shown.masked;
        self.opened.configurations.push(shown);
        if is_form {
            Recognised::Configuration { masked }
        } else {
            Recognised::Text
        }
    }

    /// Entries that are nothing known are named by their content; everything else by a trouble.
    fn unknown(&mut self, at: &At, trouble: Trouble) {
        if at.within != Within::Archive {
            self.trouble(&at.source, trouble);
        }
    }
}

/// Whether this is something that is opened.
fn is_known(bytes: &[u8]) -> bool {
    bytes.starts_with(&gzip::MAGIC)
        || structure::is_likely(bytes)
        || archive::is_archive(bytes)
        || pem::is_likely(bytes)
        || bytes.trim_ascii_start().starts_with(b"{\"")
        || BEGINNINGS.iter().any(|begin| bytes.starts_with(begin))
}

/// An answer copied with its head, as `curl -i` shows it.
fn without_head(text: &[u8]) -> &[u8] {
    if !text.starts_with(b"HTTP/") {
        return text;
    }
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| memchr::memmem::find(text, end));
    match ends.into_iter().flatten().min() {
        Some(end) => text[end..].trim_ascii(),
        None => text,
    }
}

/// JSON begins like the sections of an ini file and the blocks of a template.
fn looks_like_json(text: &[u8]) -> bool {
    let next = text[1..].trim_ascii_start().first();
    match text[0] {
        b'{' => matches!(next, Some(b'"' | b'}') | None),
        _ => matches!(next, Some(b'"' | b'{' | b'[' | b']' | b'0'..=b'9') | None),
    }
}

/// The answer in a text that says something before or after it.
fn answer_within(text: &[u8]) -> Option<&[u8]> {
    let names = [&b"\"package\""[..], b"\"private_key\""];
    names
        .iter()
        .find_map(|name| memchr::memmem::find(text, name))?;
    let begin = text.iter().position(|&byte| byte == b'{')?;
    let end = text.iter().rposition(|&byte| byte == b'}')?;
    let answer = text.get(begin..=end)?;
    json_text(answer).filter(|text| json::leaves(text).is_ok())?;
    Some(answer)
}

fn json_text(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()
}

/// Text that is known and isn't read.
fn foreign(text: &[u8]) -> Option<Foreign> {
    const LONGEST: usize = 512;
    let beginning = text[..text.len().min(LONGEST)].to_ascii_lowercase();
    let starts = |with: &[u8]| beginning.starts_with(with);
    let has = |what: &[u8]| memchr::memmem::find(&beginning, what).is_some();
    if starts(b"<") && (has(b"<html") || has(b"<!doctype html") || has(b"<head")) {
        Some(Foreign::Html)
    } else if starts(b"<?xml") || starts(b"<!doctype") {
        Some(Foreign::Xml)
    } else if starts(b"ssh-rsa ") || starts(b"ssh-ed25519 ") || starts(b"ecdsa-sha2-") {
        Some(Foreign::OpenSshPublicKey)
    } else if starts(b"putty-user-key-file-") {
        Some(Foreign::PuttyKey)
    } else {
        None
    }
}
