//! Versions: numbers with dots, compared number by number.

use std::cmp::Ordering;

/// A version as it is compared: `2.50.0-rc1` or `v1.18`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version<'a> {
    /// Digits with dots between.
    numbers: &'a str,
    /// What follows them.
    rest: &'a str,
}

impl<'a> Version<'a> {
    /// Reads a folded text. `None` when it does not begin with a number.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        Some(Self { numbers, rest })
    }

    /// Compares two versions. A number that is not written is 0, and what is only on the way to a version
    /// (`2.50-rc1`) comes before it.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        let mut own = self.numbers.split('.');
        let mut others = other.numbers.split('.');
        loop {
            let order = match (own.next(), others.next()) {
                (None, None) => break,
                (a, b) => compare_numbers(a.unwrap_or_default(), b.unwrap_or_default()),
            };
            if order.is_ne() {
                return order;
            }
        }
        let stage = |rest: &str| match rest.bytes().next() {
            Some(b'-') => 0,
            None => 1,
            Some(_) => 2,
        };
        stage(self.rest)
            .cmp(&stage(other.rest))
            .then_with(|| compare_rests(self.rest, other.rest))
    }
}

/// Compares digits of any length by their value.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Compares texts, digits in them by their value.
fn compare_rests(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let (first, rest_of_first) = part(a);
        let (second, rest_of_second) = part(b);
        let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let order = if is_number(first) && is_number(second) {
            compare_numbers(first, second)
        } else {
            first.cmp(second)
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_of_first, rest_of_second);
    }
    a.len().cmp(&b.len())
}

/// The digits, or what is none, that a text begins with, and what follows.
fn part(text: &str) -> (&str, &str) {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text
        .find(|c: char| c.is_ascii_digit() != digits)
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::Version;

    #[track_caller]
    fn check(a: &str, expected: Ordering, b: &str) {
        let version = |text| Version::parse(text).expect("begins with a number");
        assert_eq!(version(a).compare(version(b)), expected, "{a} {b}");
        assert_eq!(
            version(b).compare(version(a)),
            expected.reverse(),
            "{b} {a}"
        );
    }

    #[test]
    fn numbers_are_compared_by_value() {
        check("2.9", Ordering::Less, "2.50");
        check("2.50", Ordering::Less, "2.50.1");
        check("2.50", Ordering::Equal, "2.50.0");
        check("2.050", Ordering::Equal, "v2.50");
        check("10", Ordering::Greater, "9.99.99");
        check(
            "1.99999999999999999999999999999999999999999",
            Ordering::Less,
            "1.100000000000000000000000000000000000000000",
        );
    }

    #[test]
    fn what_follows_the_numbers_decides_last() {
        check("2.50-rc1", Ordering::Less, "2.50");
        check("2.50-rc2", Ordering::Less, "2.50-rc10");
        check("2.50+build1", Ordering::Greater, "2.50");
        check("2.50-rc1", Ordering::Greater, "2.49");
        check("2.50-rc", Ordering::Less, "2.50-rc1");
    }

    #[test]
    fn other_texts_are_no_versions() {
        for text in ["", "v", "running", ".5", "-1"] {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
