//! Dates: of certificates, and as they stand in texts.
//!
//! A moment is a number of seconds since 1970. Texts have the day in UTC.

use super::der::{Element, tag};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The last second of the year 9999, which in certificates means that they never end (RFC 5280, 4.1.2.5).
pub(crate) const NEVER: i64 = 253_402_300_799;

/// A calendar day with its time, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calendar {
    pub(crate) year: i64,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
}

impl Calendar {
    /// Of a moment. Howard Hinnant, "chrono-compatible low-level date algorithms".
    pub(crate) fn of(moment: i64) -> Self {
        let days = moment.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let seconds = moment.rem_euclid(DAY);
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: small(month),
            day: small(day_of_year - (153 * shifted + 2) / 5 + 1),
            hour: small(seconds / 3600),
            minute: small(seconds / 60 % 60),
            second: small(seconds % 60),
        }
    }

    /// The moment. `None` where there is no such day or time.
    pub(crate) fn moment(self) -> Option<i64> {
        let is_leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days_of_month = match self.month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_day = (1..=days_of_month).contains(&self.day);
        if !is_day || self.hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = i64::from((self.month + 9) % 12);
        let day_of_year = (153 * shifted + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = i64::from(self.hour * 3600 + self.minute * 60 + self.second);
        Some(days * DAY + seconds)
    }
}

/// The day as `2027-03-03`.
pub(crate) fn day(moment: i64) -> String {
    let Calendar {
        year, month, day, ..
    } = Calendar::of(moment);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The first second of a day such as `2027-03-03`, in UTC. `None` where there is no such day.
#[must_use]
pub fn from_day(text: &str) -> Option<i64> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    let calendar = Calendar {
        year: i64::from(number(year)?),
        month: number(month)?,
        day: number(day)?,
        hour: 0,
        minute: 0,
        second: 0,
    };
    calendar.moment()
}

/// Day and time as `2027-03-03 14:05:00 UTC`.
pub(crate) fn time(moment: i64) -> String {
    let calendar = Calendar::of(moment);
    let (hour, minute, second) = (calendar.hour, calendar.minute, calendar.second);
    format!("{} {hour:02}:{minute:02}:{second:02} UTC", day(moment))
}

/// Reads a date of a certificate. `None` where it can't be read.
pub(crate) fn read(element: Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(element.value).ok()?;
    let digits = text.strip_suffix('Z')?;
    let (year, rest) = match element.tag {
        tag::UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year = number(year)?;
            // RFC 5280, 4.1.2.5.1.
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        tag::GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (number(year)?, rest)
        }
        _ => return None,
    };
    let mut parts = [0; 5];
    let mut rest = rest;
    for part in &mut parts {
        let (two, after) = rest.split_at_checked(2)?;
        *part = number(two)?;
        rest = after;
    }
    let [month, day, hour, minute, second] = parts;
    let calendar = Calendar {
        year: i64::from(year),
        month,
        day,
        hour,
        minute,
        second,
    };
    rest.is_empty().then(|| calendar.moment())?
}

/// A number of digits only: signs, which parsing would let pass, are none.
fn number(digits: &str) -> Option<u32> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Datelike, Timelike};
    use proptest::proptest;

    use super::{Calendar, NEVER, day, from_day, read, time};
    use crate::inspect::der::{self, tag};

    proptest! {
        #[test]
        fn the_calendar_is_that_of_a_library(moment in -62_000_000_000_i64..NEVER) {
            let expected = DateTime::from_timestamp(moment, 0).unwrap();
            let calendar = Calendar::of(moment);
            assert_eq!(
                (calendar.year, calendar.month, calendar.day, calendar.hour, calendar.minute, calendar.second),
                (
                    i64::from(expected.year()), expected.month(), expected.day(),
                    expected.hour(), expected.minute(), expected.second(),
                )
            );
            assert_eq!(calendar.moment(), Some(moment));
        }
    }

    #[test]
    fn dates_are_written_in_utc() {
        assert_eq!(day(1_804_032_000), "2027-03-03");
        assert_eq!(time(-1), "1969-12-31 23:59:59 UTC");
        assert_eq!(day(NEVER), "9999-12-31");
        assert_eq!(from_day("2027-03-03"), Some(1_804_032_000));
        for none in ["2027-02-29", "2027-3", "27-03-03", "2027-+3-03", ""] {
            assert_eq!(from_day(none), None, "{none}");
        }
    }

    #[test]
    fn dates_are_read_and_what_is_none_is_not() {
        for (form, text, expected) in [
            (tag::UTC_TIME, "270303000000Z", Some(1_804_032_000)),
            (tag::UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (tag::UTC_TIME, "500101000000Z", Some(-631_152_000)),
            (tag::GENERALIZED_TIME, "99991231235959Z", Some(NEVER)),
            (
                tag::GENERALIZED_TIME,
                "20240229000000Z",
                Some(1_709_164_800),
            ),
            (tag::GENERALIZED_TIME, "20230229000000Z", None),
            (tag::UTC_TIME, "271303000000Z", None),
            (tag::UTC_TIME, "270303000000", None),
            (tag::UTC_TIME, "2703030000Z", None),
            (tag::UTC_TIME, "+70303000000Z", None),
            (tag::GENERALIZED_TIME, "20270303000000.5Z", None),
            (tag::IA5_STRING, "270303000000Z", None),
            (tag::UTC_TIME, "", None),
        ] {
            let bytes = der::write(form, &[text.as_bytes()]);
            assert_eq!(read(der::whole(&bytes, form).unwrap()), expected, "{text}");
        }
    }
}
