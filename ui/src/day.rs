//! Days as packages are judged by: in UTC, as the reports of the host have them.

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// The last second of the year 9999: in a certificate it means that it never ends (RFC 5280, 4.1.2.5).
const NEVER: i64 = 253_402_300_799;

/// Whether what ends then never ends.
pub fn is_never(seconds: i64) -> bool {
    seconds >= NEVER
}

/// The first moment of a day or month that somebody wrote, in seconds since 1970: `2027-03-01`, `2027-03`.
pub fn read(text: &str) -> Option<i64> {
    let text = text.trim();
    let figures = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month] => (*year, *month, "1"),
        [year, month, day] => (*year, *month, *day),
        _ => return None,
    };
    if year.len() != 4 || !figures(year) || !figures(month) || !figures(day) {
        return None;
    }
    let written = format!("{year}-{month:0>2}-{day:0>2}");
    let at = ief_api::time::parse(&format!("{written}T00:00:00Z"))?.div_euclid(1000);
    (write(at) == written).then_some(at)
}

/// The day of a moment: `2027-03-01`. Howard Hinnant, "chrono-compatible low-level date algorithms".
pub fn write(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{is_never, read, write};

    #[test]
    fn days_are_read_as_they_are_written() {
        for (text, at) in [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400),
            ("2027-03-01", 1_803_859_200),
            ("9999-12-31", 253_402_214_400),
        ] {
            assert_eq!(read(text), Some(at), "{text}");
            assert_eq!(write(at), text);
        }
        assert_eq!(read(" 2027-03 "), read("2027-03-01"));
        assert_eq!(read("2027-3-1"), read("2027-03-01"));
        assert_eq!(write(-1), "1969-12-31");
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in [
            "",
            "2027",
            "27-03-01",
            "2027-02-30",
            "2027-13-01",
            "2027-00-01",
            "2027-03-01-01",
            "2027-+3-01",
            "tomorrow",
            "2027/03/01",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn some_certificates_never_end() {
        assert!(is_never(253_402_300_799));
        assert!(!is_never(4_102_444_800));
    }
}
