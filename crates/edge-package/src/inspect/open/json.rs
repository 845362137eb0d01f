//! JSON, without copies of its values: keys stand in them.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::configuration::{MASK, harmless};
use super::trouble::Trouble;
use super::wiped::{self, Wiped};

/// Deeper and wider than any answer.
const DEEPEST: usize = 16;
const MOST: usize = 5_000;

/// A value that holds no others.
#[derive(Clone)]
pub(super) struct Leaf<'a> {
    /// Where it stands, such as `node.tags[0].key`.
    pub(super) path: String,
    /// As it is written, quotes included.
    pub(super) raw: &'a str,
}

impl Leaf<'_> {
    /// The name of its own.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }

    /// The path of what it belongs to.
    pub(super) fn parent(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// What it says. Wiped, because it may be a key.
    pub(super) fn text(&self) -> Wiped {
        if self.raw.starts_with('"') {
            string(self.raw)
        } else {
            wiped::copy(self.raw.as_bytes())
        }
    }

    /// What it says, where that is nothing secret.
    pub(super) fn public_text(&self) -> String {
        String::from_utf8_lossy(&self.text()).into_owned()
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.raw, "\"\"" | "null")
    }

    pub(super) fn is_string(&self) -> bool {
        self.raw.starts_with('"')
    }
}

/// The values of a text, in its order.
pub(super) fn leaves(text: &str) -> Result<Vec<Leaf<'_>>, Trouble> {
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| Trouble::JsonDamaged {
        line: error.line(),
        column: error.column(),
    })?;
    let mut found = Vec::new();
    collect(whole, String::new(), DEEPEST, &mut found);
    Ok(found)
}

fn collect<'a>(value: &'a RawValue, path: String, depth: usize, found: &mut Vec<Leaf<'a>>) {
    let raw = value.get();
    // Whatever fails here was read as a whole before: it is too deep or too wide, and stays as it is.
    if let Some(depth) = depth.checked_sub(1)
        && found.len() < MOST
    {
        if raw.starts_with('{')
            && let Ok(Members(members)) = serde_json::from_str(raw)
        {
            for (name, value) in members {
                collect(value, below(&path, &name), depth, found);
            }
            return;
        }
        if raw.starts_with('[')
            && let Ok(Items(items)) = serde_json::from_str(raw)
        {
            for (at, value) in items.into_iter().enumerate() {
                collect(value, format!("{path}[{at}]"), depth, found);
            }
            return;
        }
    }
    found.push(Leaf { path, raw });
}

/// The path of a member.
pub(super) fn below(path: &str, name: &str) -> String {
    let name = shown_name(name);
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A name, where it looks like one. Keys may stand in its place.
pub(super) fn shown_name(name: &str) -> &str {
    if harmless::is_name(name) { name } else { MASK }
}

/// The string that a text begins with, as it is written.
pub(super) fn first_string(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return text.get(..=at),
            _ => {}
        }
    }
    None
}

/// Members of an object, with the same name too.
struct Members<'a>(Vec<(String, &'a RawValue)>);

/// Items of an array.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some(member) = map.next_entry()? {
                    if found.len() == MOST {
                        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                        return Err(A::Error::custom("too many members"));
                    }
                    found.push(member);
                }
                Ok(Members(found))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut found = Vec::new();
                while let Some(item) = items.next_element()? {
                    if found.len() == MOST {
                        return Err(A::Error::custom("too many items"));
                    }
                    found.push(item);
                }
                Ok(Items(found))
            }
        }
        deserializer.deserialize_seq(Collect)
    }
}

/// What a string says. It was read before, so that it is sound.
fn string(raw: &str) -> Wiped {
    let inside = raw.strip_prefix('"').unwrap_or(raw);
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    // No escape is shorter than what it stands for.
    let mut out = wiped::room(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let Some(escape) = rest.bytes().next() else {
            break;
        };
        let plain = match escape {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'u' => {
                let (letter, length) = unicode(rest);
                out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[length..];
                continue;
            }
            other => other,
        };
        out.push(plain);
        rest = rest.get(1..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The letter of `uXXXX` or `uXXXX\uXXXX`, and how long that is.
fn unicode(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(1) else {
        return (char::REPLACEMENT_CHARACTER, 1);
    };
    let second = match text.get(5..7) {
        Some("\\u") => unit(7),
        _ => None,
    };
    let mut letters = char::decode_utf16([Some(first), second].into_iter().flatten());
    match letters.next() {
        Some(Ok(letter)) => (letter, if letter.len_utf16() == 2 { 11 } else { 5 }),
        _ => (char::REPLACEMENT_CHARACTER, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::{leaves, string};
    use crate::inspect::open::trouble::Trouble;

    #[test]
    fn values_are_found_with_their_paths() {
        let text = r#"{"node": {"id": "n1", "tags": [{"key": "a"}, 2], "empty": {}, "none": null}, "a.b": true}"#;
        let found: Vec<_> = leaves(text)
            .unwrap()
            .into_iter()
            .map(|leaf| format!("{} {} {}", leaf.path, leaf.raw, leaf.is_empty()))
            .collect();
        let expect = [
            r#"node.id "n1" false"#,
            r#"node.tags[0].key "a" false"#,
            "node.tags[1] 2 false",
            "node.none null true",
            "a.b true false",
        ];
        assert_eq!(found, expect);
        assert_eq!(
            leaves("{\n \"a\": }").err(),
            Some(Trouble::JsonDamaged { line: 2, column: 7 })
        );
    }

    #[test]
    fn depth_and_width_end_somewhere() {
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        let found = leaves(&deep).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].raw.len(), 201 - 2 * 16);
        let wide = format!("[{}1]", "1,".repeat(30_000));
        assert_eq!(leaves(&wide).unwrap().len(), 1);
        let long = format!("{{\"{}\": {{\"a\": 1}}}}", "ä".repeat(1000));
        assert_eq!(leaves(&long).unwrap()[0].path, "••••••.a");
    }

    #[test]
    fn strings_say_what_serde_says_they_say() {
        for raw in [
            r#""""#,
            r#""plain 证书""#,
            r#""a\nb\r\n\t\"\\\/\b\f""#,
            r#""\u00e4\u8bc1\ud83d\ude00x""#,
        ] {
            let expect: String = serde_json::from_str(raw).unwrap();
            assert_eq!(&**string(raw), expect.as_bytes(), "{raw}");
        }
    }
}
