//! Numbers, sizes and times as people read them, by the browser's own `Intl`.

use js_sys::{Array, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::words::{self, Lang};

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What stands for something that isn't there.
pub const MISSING: &str = "–";

/// A whole number with its groups: `1,204`.
pub fn number(value: impl Into<i64>) -> String {
    integer(value.into())
}

/// A count with its groups.
pub fn count(value: u64) -> String {
    integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn integer(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in bytes: `3.4 KB`.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut unit = 0;
    #[allow(clippy::cast_precision_loss, reason = "shown with one decimal")]
    let mut size = value as f64;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    match unit {
        0 => format!("{value} B"),
        _ => format!("{size:.1} {}", UNITS[unit]),
    }
}

/// Megabytes as people read them: `16 GB`.
pub fn megabytes(megabytes: i64) -> String {
    let gigabytes = megabytes / 1024;
    match megabytes % 1024 {
        0 if gigabytes > 0 => format!("{gigabytes} GB"),
        rest if gigabytes > 0 => format!("{gigabytes}.{} GB", rest * 10 / 1024),
        _ => format!("{megabytes} MB"),
    }
}

/// A length of time: `2 h 5 min`, `30 s`, `12 ms`.
pub fn duration(milliseconds: i64) -> String {
    use words::kit::span::{days, hours, minutes, ms, seconds};
    let milliseconds = milliseconds.max(0);
    let pair = |big: String, rest: i64, small: &dyn Fn(i64) -> String| match rest {
        0 => big,
        rest => format!("{big} {}", small(rest)),
    };
    if milliseconds < SECOND {
        return ms(milliseconds);
    }
    if milliseconds < MINUTE {
        return seconds(milliseconds / SECOND);
    }
    if milliseconds < HOUR {
        let rest = milliseconds % MINUTE / SECOND;
        return pair(minutes(milliseconds / MINUTE), rest, &|rest| seconds(rest));
    }
    if milliseconds < DAY {
        let rest = milliseconds % HOUR / MINUTE;
        return pair(hours(milliseconds / HOUR), rest, &|rest| minutes(rest));
    }
    let rest = milliseconds % DAY / HOUR;
    pair(days(milliseconds / DAY), rest, &|rest| hours(rest))
}

/// A time beside now: `5 minutes ago`.
pub fn relative(at_ms: i64, now_ms: i64) -> String {
    let distance = at_ms - now_ms;
    let (value, unit) = match distance.abs() {
        span if span < 10 * SECOND => (0, "second"),
        span if span < MINUTE => (distance / SECOND, "second"),
        span if span < HOUR => (distance / MINUTE, "minute"),
        span if span < DAY => (distance / HOUR, "hour"),
        span if span < 60 * DAY => (distance / DAY, "day"),
        span if span < 730 * DAY => (distance / (30 * DAY), "month"),
        _ => (distance / (365 * DAY), "year"),
    };
    #[allow(clippy::cast_precision_loss, reason = "at most some thousand")]
    let value = value as f64;
    with_formatters(|formatters| {
        call(
            &formatters.relative,
            &formatters.relative_format,
            &[value.into(), unit.into()],
        )
    })
}

/// A point in time, whole, in the user's zone: `2026-01-02 03:04:05 GMT+8`.
pub fn exact(at_ms: i64) -> String {
    with_formatters(|formatters| call(&JsValue::NULL, &formatters.exact, &[to_js(at_ms)]))
}

/// The time of day: `12:04:31`.
pub fn time_of_day(at_ms: i64) -> String {
    with_formatters(|formatters| call(&JsValue::NULL, &formatters.time, &[to_js(at_ms)]))
}

/// A point in time as the service writes it, in milliseconds since the epoch: RFC 3339 with or without a
/// zone (then UTC), or a Unix timestamp.
pub fn parse_time(text: &str) -> Option<i64> {
    ief_api::time::parse(text)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds of dates are far below 2^53"
)]
fn to_js(at_ms: i64) -> JsValue {
    (at_ms as f64).into()
}

struct Formatters {
    language: Lang,
    relative: JsValue,
    relative_format: Function,
    exact: Function,
    time: Function,
}

/// Making a formatter is slow, using one is not: they are kept as long as the language stays.
fn with_formatters(format: impl FnOnce(&Formatters) -> Option<String>) -> String {
    thread_local! {
        static FORMATTERS: std::cell::RefCell<Option<Formatters>> = const { std::cell::RefCell::new(None) };
    }
    let language = words::language();
    FORMATTERS.with_borrow_mut(|formatters| {
        if formatters.as_ref().is_none_or(|it| it.language != language) {
            *formatters = make(language);
        }
        formatters.as_ref().and_then(format).unwrap_or_default()
    })
}

fn make(language: Lang) -> Option<Formatters> {
    let tags = Array::of1(&language.tag().into());
    let relative: JsValue =
        Intl::RelativeTimeFormat::new(&tags, &options(&[("numeric", "auto")])).into();
    let relative_format = Reflect::get(&relative, &"format".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // Swedish writes dates as ISO does, in either language of ours unambiguous.
    let iso = Array::of1(&"sv-SE".into());
    let day = [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
    ];
    let minute = [("hour", "2-digit"), ("minute", "2-digit")];
    let date_time = |parts: &[&[(&str, &str)]]| {
        Intl::DateTimeFormat::new(&iso, &options(&parts.concat())).format()
    };
    Some(Formatters {
        language,
        relative,
        relative_format,
        exact: date_time(&[
            &day,
            &minute,
            &[("second", "2-digit"), ("timeZoneName", "short")],
        ]),
        time: date_time(&[&minute, &[("second", "2-digit")]]),
    })
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        // A plain object of our own takes any property.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}

fn call(this: &JsValue, function: &Function, arguments: &[JsValue]) -> Option<String> {
    function
        .apply(this, &arguments.iter().collect::<Array>())
        .ok()?
        .as_string()
}
