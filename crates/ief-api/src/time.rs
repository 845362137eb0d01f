//! The forms in which the service writes points in time.

use chrono::{DateTime, NaiveDateTime};
use serde::{Serialize, Serializer};

use crate::wire::{Item, Shape, Shaped};

/// A Unix timestamp as the service wrote it, in seconds or milliseconds.
///
/// The tables document text, the examples write numbers: both are read, a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds since 1970-01-01T00:00:00Z. `None` for zero, which means never.
    #[must_use]
    pub fn millis(self) -> Option<i64> {
        from_unix(self.0)
    }
}

impl Item for Timestamp {
    fn from_text(text: &str) -> Option<Self> {
        i64::from_text(text).or_else(|| parse(text)).map(Self)
    }
    fn from_integer(number: i64) -> Option<Self> {
        Some(Self(number))
    }
    fn from_float(number: f64) -> Option<Self> {
        i64::from_float(number).map(Self)
    }
    fn from_flag(_: bool) -> Option<Self> {
        None
    }
}

impl Shaped for Timestamp {
    const SHAPE: Shape = Shape::Integer;
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

/// Reads a time and returns milliseconds since 1970-01-01T00:00:00Z.
///
/// The service writes RFC 3339 with `Z` or an offset and up to nine decimals, the same without any
/// zone (then it is UTC), `2020-09-23 02:38:17.894471458 +0000 UTC`, and Unix timestamps of 10 digits
/// (seconds) or 13 (milliseconds). `None` for an empty text and for anything else.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp_millis());
    }
    if let Ok(time) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(time.and_utc().timestamp_millis());
    }
    // As programs in Go print a time: the zone's name at the end says no more than its offset.
    let mut words = text.split_whitespace();
    if let (Some(day), Some(time), Some(offset)) = (words.next(), words.next(), words.next()) {
        let text = format!("{day} {time} {offset}");
        let time = DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f %z").ok()?;
        return Some(time.timestamp_millis());
    }
    from_unix(text.parse().ok()?)
}

/// Reads a Unix timestamp in seconds or milliseconds; the number of digits tells which.
#[must_use]
pub fn from_unix(number: i64) -> Option<i64> {
    match number {
        ..=0 => None,
        1..=99_999_999_999 => Some(number * 1000),
        _ => Some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(parse(text), expected, "{text}");
    }

    #[test]
    fn every_form_of_the_reference_is_read() {
        check("2020-08-11T01:23:55.527805447Z", Some(1_597_109_035_527));
        check("2019-07-24T06:11:54.649516+08:00", Some(1_563_919_914_649));
        check("2018-07-16T04:01:21.212072", Some(1_531_713_681_212));
        let local = "2020-09-23 10:38:17.894471458 +0800 CST";
        check(local, Some(1_600_828_697_894));
        check(
            "2020-09-23 02:38:17.894471458 +0000 UTC",
            Some(1_600_828_697_894),
        );
        check("1523514289", Some(1_523_514_289_000));
        check("1536822119463", Some(1_536_822_119_463));
        check("", None);
        check("yesterday", None);
        check("some day soon", None);
        check("0", None);
    }
}
