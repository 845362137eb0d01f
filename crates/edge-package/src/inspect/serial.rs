//! Serial numbers of certificates as people and services write them.

/// A serial number in lower case without separators and without `0x`, as reports have it. Zeros in front stay.
#[must_use]
pub fn plain_serial(text: &str) -> String {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let kept = digits.unwrap_or(text).chars();
    let kept = kept.filter(|it| !matches!(it, ':' | ' ' | '-'));
    kept.map(|it| it.to_ascii_lowercase()).collect()
}

/// Whether two serial numbers are the same, with zeros in front or without, with separators or without. What is
/// empty or no number is the same as nothing.
#[must_use]
pub fn same_serial(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let plain = plain_serial(text);
        let is_number = plain.chars().all(|it| it.is_ascii_hexdigit());
        (is_number && !plain.is_empty()).then(|| plain.trim_start_matches('0').to_owned())
    };
    digits(one).is_some_and(|one| digits(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::{plain_serial, same_serial};

    #[test]
    fn serial_numbers_are_the_same_however_they_are_written() {
        assert_eq!(plain_serial(" 0x0A:ff"), "0aff");
        assert!(same_serial("0000000000000007", "07"));
        assert!(same_serial("0x0A:bc", "abc"));
        assert!(same_serial("0X0a-BC", " a bc "));
        assert!(same_serial("00", "0"));
        assert!(!same_serial("0", ""));
        assert!(!same_serial("abc", "abd"));
    }

    #[test]
    fn what_is_no_number_is_the_same_as_nothing() {
        for nothing in ["", "0x", ":", " "] {
            assert!(!same_serial(nothing, nothing), "{nothing:?}");
            assert!(!same_serial(nothing, ""), "{nothing:?}");
        }
        // The letters of these that are digits as well say nothing.
        assert!(!same_serial("certificate abc", "abc"));
        assert!(!same_serial("zone", "zone"));
        assert!(!same_serial("none", "e"));
    }
}
