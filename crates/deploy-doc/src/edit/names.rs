//! Names and ports that are free.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::{Document, integer_in, text_in};

/// A name that isn't taken: the first of a row of numbers.
pub(super) fn numbered(stem: &str, first: usize, taken: &BTreeSet<String>) -> String {
    let mut number = first;
    loop {
        let name = format!("{stem}{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// A name for a copy: the old one with a number behind it, as long as names may be.
pub(super) fn copied(name: &str, sign: char, longest: usize, taken: &BTreeSet<String>) -> String {
    let stem = match name.rsplit_once(sign) {
        Some((stem, number))
            if !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()) =>
        {
            stem
        }
        _ => name,
    };
    let mut number = 2;
    loop {
        let end = format!("{sign}{number}");
        let kept = longest.saturating_sub(end.len());
        let stem: String = stem.chars().take(kept).collect();
        let name = stem + &end;
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

/// What entries of a list are called.
pub(super) fn texts(entries: &[Value], field: &str) -> BTreeSet<String> {
    entries.iter().filter_map(|it| text_in(it, field)).collect()
}

/// What all containers are called.
pub(super) fn containers(document: &Document) -> BTreeSet<String> {
    let names = document
        .containers()
        .filter_map(|(_, it)| text_in(it, "name"));
    names.collect()
}

/// What the volumes of all containers are called.
pub(super) fn volumes(document: &Document) -> BTreeSet<String> {
    let lists = document.containers();
    let names = lists.flat_map(|(path, _)| texts(document.list(&path.then("volumes")), "name"));
    names.collect()
}

/// Ports of the node that are mapped.
pub(super) fn host_ports(document: &Document) -> BTreeSet<i64> {
    let mut ports = BTreeSet::new();
    for (path, _) in document.containers() {
        let mappings = document.list(&path.then("ports")).iter();
        ports.extend(mappings.filter_map(|it| integer_in(it, "host_port")));
    }
    ports
}

/// The next port that is free.
pub(super) fn free_port(from: i64, taken: &BTreeSet<i64>) -> Option<i64> {
    let from = from.clamp(1, 65_535);
    let mut ports = (from..=65_535).chain(1..from);
    ports.find(|it| !taken.contains(it))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{copied, numbered};

    #[test]
    fn names_are_free_and_short_enough() {
        let taken = BTreeSet::from(["web-2".to_owned(), "container-0".to_owned()]);
        assert_eq!(copied("web", '-', 32, &taken), "web-3");
        assert_eq!(copied("web-2", '-', 32, &taken), "web-3");
        assert_eq!(copied("agent", '-', 6, &taken), "agen-2");
        assert_eq!(numbered("container-", 0, &taken), "container-1");
    }
}
