//! Points in time and ages as people type them.

/// What a typed time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeValue {
    /// So many milliseconds before now.
    Age(i64),
    /// A stretch of time as long as what was typed is exact: a month, a day, a minute, a second, a millisecond.
    /// Milliseconds since the epoch, the end not included.
    Span {
        /// Its first millisecond.
        start: i64,
        /// The first millisecond after it.
        end: i64,
    },
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Reads `7d`, `2026-01`, `2026-01-31`, `2026-01-31T12:00`, with optional seconds, fraction and offset.
pub(crate) fn parse(text: &str) -> Option<TimeValue> {
    if !text.is_ascii() {
        return None;
    }
    parse_age(text).or_else(|| parse_span(text))
}

fn parse_age(text: &str) -> Option<TimeValue> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => WEEK,
        _ => return None,
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number
        .parse::<i64>()
        .ok()?
        .checked_mul(unit)
        .map(TimeValue::Age)
}

fn parse_span(text: &str) -> Option<TimeValue> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.number(4)?;
    rest.byte(b"-")?;
    let month = rest.number(2).filter(|month| (1..=12).contains(month))?;
    if rest.0.is_empty() {
        let (next_year, next_month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        return Some(TimeValue::Span {
            start: days(year, month, 1) * DAY,
            end: days(next_year, next_month, 1) * DAY,
        });
    }
    rest.byte(b"-")?;
    let day = rest
        .number(2)
        .filter(|day| (1..=days_in(year, month)).contains(day))?;
    let midnight = days(year, month, day) * DAY;
    if rest.0.is_empty() {
        return Some(TimeValue::Span {
            start: midnight,
            end: midnight + DAY,
        });
    }
    rest.byte(b"Tt ")?;
    let mut start = midnight + rest.number(2).filter(|hour| *hour < 24)? * HOUR;
    rest.byte(b":")?;
    start += rest.number(2).filter(|minute| *minute < 60)? * MINUTE;
    let mut length = MINUTE;
    if rest.byte(b":").is_some() {
        // A leap second is read as the last second of its minute's successor, as Unix time has it.
        start += rest.number(2).filter(|second| *second <= 60)? * SECOND;
        length = SECOND;
        if rest.byte(b".").is_some() {
            start += rest.fraction()?;
            length = 1;
        }
    }
    start -= rest.offset()?;
    rest.0.is_empty().then_some(TimeValue::Span {
        start,
        end: start + length,
    })
}

/// What is still unread.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(digits)?;
        self.0 = tail;
        head.iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + i64::from(byte - b'0'))
        })
    }

    fn byte(&mut self, any_of: &[u8]) -> Option<()> {
        let (head, tail) = self.0.split_first()?;
        any_of.contains(head).then(|| self.0 = tail)
    }

    /// One to nine digits after the point, in milliseconds; what is finer is cut.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let (head, tail) = self.0.split_at(digits);
        self.0 = tail;
        let digit = |place: usize| head.get(place).map_or(0, |byte| i64::from(byte - b'0'));
        Some(digit(0) * 100 + digit(1) * 10 + digit(2))
    }

    /// `Z`, `+08:00`, `+0800` or nothing, in milliseconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.byte(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.byte(b"-").is_some() {
            -1
        } else {
            self.byte(b"+")?;
            1
        };
        let hours = self.number(2).filter(|hour| *hour < 24)?;
        let _optional = self.byte(b":");
        let minutes = self.number(2).filter(|minute| *minute < 60)?;
        Some(sign * (hours * HOUR + minutes * MINUTE))
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years count from March, so that the leap day is
/// the last of its year.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + day
        - 719_469
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{TimeValue, parse};

    fn check(text: &str, expected: Option<(i64, i64)>) {
        let expected = expected.map(|(start, end)| TimeValue::Span { start, end });
        assert_eq!(parse(text), expected, "{text}");
    }

    #[test]
    fn spans_are_as_long_as_what_was_typed() {
        check("1970-01-01", Some((0, 86_400_000)));
        check("1969-12-31", Some((-86_400_000, 0)));
        check("2026-01-01", Some((1_767_225_600_000, 1_767_312_000_000)));
        check("2024-02-29", Some((1_709_164_800_000, 1_709_251_200_000)));
        check("2026-02", Some((1_769_904_000_000, 1_772_323_200_000)));
        check("2025-12", Some((1_764_547_200_000, 1_767_225_600_000)));
        check(
            "2026-01-01T08:00+08:00",
            Some((1_767_225_600_000, 1_767_225_660_000)),
        );
        check(
            "2026-01-01 00:00:01Z",
            Some((1_767_225_601_000, 1_767_225_602_000)),
        );
        check(
            "2026-01-01T00:00:01.25",
            Some((1_767_225_601_250, 1_767_225_601_251)),
        );
        check(
            "2025-12-31T19:00:00.0-0500",
            Some((1_767_225_600_000, 1_767_225_600_001)),
        );
    }

    #[test]
    fn what_no_calendar_has_is_refused() {
        for text in [
            "",
            "d",
            "-7d",
            "+7d",
            "7",
            "7y",
            "7D",
            "2026",
            "2026-13",
            "2026-00-01",
            "2026-02-29",
            "2026-01-32",
            "2026-01-01T",
            "2026-01-01T24:00",
            "2026-01-01T00:60",
            "2026-01-01T00:00:00.",
            "2026-01-01T00:00+8",
            "2026-01-01T00:00Zx",
            "٧d",
            "99999999999999999999d",
            "9999999999999999w",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn ages_have_units() {
        let age = |text| match parse(text) {
            Some(TimeValue::Age(age)) => age,
            other => panic!("{text} is {other:?}"),
        };
        assert_eq!(
            [age("1s"), age("2m"), age("3h"), age("4d"), age("5w")],
            [1000, 120_000, 10_800_000, 345_600_000, 3_024_000_000]
        );
    }
}
