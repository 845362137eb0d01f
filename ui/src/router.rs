//! Addresses of pages: `#/nodes/ID?tab=certs`. Kept in the hash, so that one can be copied and opened.

use std::fmt;

/// Where the window is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// The parts of the path, decoded: `["nodes", "ID"]`.
    pub path: Vec<String>,
    /// What follows the question mark, decoded, in its order.
    pub query: Vec<(String, String)>,
}

impl Address {
    /// An address of a path.
    pub fn new<'a>(path: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            path: path.into_iter().map(str::to_owned).collect(),
            query: Vec::new(),
        }
    }

    /// Reads an address, with or without `#`.
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('#').unwrap_or(text);
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let pairs = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decode(name), decode(value))
            });
        Self {
            path: path
                .split('/')
                .filter(|part| !part.is_empty())
                .map(decode)
                .collect(),
            query: pairs.collect(),
        }
    }

    /// A value of the query.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The same address with a value of the query set, or removed when it is empty.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let known = self.query.iter().position(|(known, _)| known == name);
        match (known, value.is_empty()) {
            (Some(position), true) => {
                self.query.remove(position);
            }
            (Some(position), false) => value.clone_into(&mut self.query[position].1),
            (None, true) => {}
            (None, false) => self.query.push((name.to_owned(), value.to_owned())),
        }
        self
    }
}

impl fmt::Display for Address {
    /// Writes the address as it stands in the hash: `#/nodes/ID?tab=certs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#/")?;
        for (index, part) in self.path.iter().enumerate() {
            let sign = if index == 0 { "" } else { "/" };
            write!(f, "{sign}{}", encode(part))?;
        }
        for (index, (name, value)) in self.query.iter().enumerate() {
            let sign = if index == 0 { '?' } else { '&' };
            write!(f, "{sign}{}={}", encode(name), encode(value))?;
        }
        Ok(())
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' | b',' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], escaped) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (b'+', _) => {
                out.push(b' ');
                at += 1;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(target_arch = "wasm32")]
pub use browser::{
    OPERATION, Router, TAB, go, replace, set_query, use_address, use_query, use_tab,
};

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(test)]
mod tests {
    use super::Address;

    #[track_caller]
    fn check(text: &str, path: &[&str], query: &[(&str, &str)]) {
        let address = Address::parse(text);
        assert_eq!(address.path, path, "{text}");
        let expected: Vec<_> = query
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        assert_eq!(address.query, expected, "{text}");
        assert_eq!(Address::parse(&address.to_string()), address, "{text}");
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        check("", &[], &[]);
        check("#/nodes", &["nodes"], &[]);
        check(
            "#/nodes/a%2Fb?tab=certs",
            &["nodes", "a/b"],
            &[("tab", "certs")],
        );
        check(
            "#/nodes?filter=state%3Arunning%20a%26b&x",
            &["nodes"],
            &[("filter", "state:running a&b"), ("x", "")],
        );
        check("#/nodes/%E8%8A%82%zz", &["nodes", "节%zz"], &[]);
    }

    #[test]
    fn empty_values_leave_the_query() {
        let address = Address::parse("#/nodes?tab=certs&filter=a");
        assert_eq!(
            address.clone().with("tab", "").to_string(),
            "#/nodes?filter=a"
        );
        assert_eq!(
            address.with("tab", "log").to_string(),
            "#/nodes?tab=log&filter=a"
        );
    }
}
