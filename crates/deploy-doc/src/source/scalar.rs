//! What a plain scalar means, by the core schema of YAML 1.2, and that numbers stay what they are.

use ief_api::wire::Shape;
use serde_json::{Number, Value};

use super::Reason;
use crate::shape::is_text;

/// What is written without quotes.
pub(crate) fn plain(text: &str, shape: Option<Shape>) -> Result<Value, Reason> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        text if shape.is_some_and(is_text) => return Ok(text.into()),
        "true" | "True" | "TRUE" => return Ok(true.into()),
        "false" | "False" | "FALSE" => return Ok(false.into()),
        ".nan" | ".NaN" | ".NAN" => return Err(Reason::NotFinite),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Err(Reason::NotFinite);
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|it| it.is_digit(radix))
        {
            let number = u64::from_str_radix(digits, radix);
            return number.map(Value::from).map_err(|_| Reason::NumberTooLarge);
        }
    }
    match looks_like_number(text) {
        true => number(text),
        false => Ok(text.into()),
    }
}

/// What others mean by a number that we would ask about: octal digits behind a zero, as YAML 1.1 has them, or else
/// the text as it is.
pub(super) fn foreign(text: &str) -> Value {
    let octal = text.strip_prefix('0').filter(|it| !it.is_empty());
    let number = octal.and_then(|it| i64::from_str_radix(it, 8).ok());
    number.map_or_else(|| text.into(), Value::from)
}

/// A number as it is written, in JSON or by the core schema.
pub(crate) fn number(text: &str) -> Result<Value, Reason> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_whole = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if unsigned.len() > 1 && unsigned.starts_with('0') && is_whole {
        return Err(Reason::LeadingZero);
    }
    if is_whole {
        // Text of minus zero would come back as zero.
        if text == "-0" {
            return Ok(Number::from_f64(-0.0).map_or(Value::Null, Value::Number));
        }
        let plain = text.strip_prefix('+').unwrap_or(text);
        if let Ok(number) = plain.parse::<i64>() {
            return Ok(number.into());
        }
        let number = plain.parse::<u64>().map(Value::from);
        return number.map_err(|_| Reason::NumberTooLarge);
    }
    let number: f64 = text.parse().map_err(|_| Reason::NumberNotExact)?;
    let kept = Number::from_f64(number).ok_or(Reason::NumberTooLarge)?;
    match digits(text) == digits(&kept.to_string()) {
        true => Ok(Value::Number(kept)),
        false => Err(Reason::NumberNotExact),
    }
}

/// Whether the core schema takes it for a number in decimal digits.
pub(crate) fn looks_like_number(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && are_digits(exponent)
    });
    let mantissa_fits = match mantissa.split_once('.') {
        Some((whole, decimals)) => {
            are_digits(whole) && are_digits(decimals) && whole.len() + decimals.len() > 0
        }
        None => !mantissa.is_empty() && are_digits(mantissa),
    };
    mantissa_fits && exponent_fits
}

/// A number by its sign, its digits without zeros at either end, and the place of its point: equal for `1.50`, `15e-1`
/// and `1.5`, different for whatever differs at all.
fn digits(text: &str) -> (bool, String, i64) {
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX / 2);
    let all = format!("{whole}{decimals}");
    let significant = all.trim_start_matches('0');
    let point = whole.len() as i64 - (all.len() - significant.len()) as i64;
    let significant = significant.trim_end_matches('0');
    match significant {
        "" => (negative, String::new(), 0),
        _ => (
            negative,
            significant.to_owned(),
            exponent.saturating_add(point),
        ),
    }
}

#[cfg(test)]
mod tests {
    use ief_api::wire::Shape;
    use serde_json::{Value, json};

    use super::{Reason, plain};

    #[track_caller]
    fn check(text: &str, expected: &Result<Value, Reason>) {
        assert_eq!(&plain(text, None), expected, "{text}");
    }

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        check("", &Ok(Value::Null));
        check("~", &Ok(Value::Null));
        check("true", &Ok(json!(true)));
        check("yes", &Ok(json!("yes")));
        check("12", &Ok(json!(12)));
        check("-12", &Ok(json!(-12)));
        check("+12", &Ok(json!(12)));
        check("0o644", &Ok(json!(420)));
        check("0x1F", &Ok(json!(31)));
        check("1.5", &Ok(json!(1.5)));
        check("1.50", &Ok(json!(1.5)));
        check("15e-1", &Ok(json!(1.5)));
        check(".5", &Ok(json!(0.5)));
        check("1e", &Ok(json!("1e")));
        check("1.2.3", &Ok(json!("1.2.3")));
        check("-", &Ok(json!("-")));
        check(".", &Ok(json!(".")));
        check("12:30", &Ok(json!("12:30")));
    }

    #[test]
    fn numbers_stay_what_they_are_or_are_refused() {
        check("18446744073709551615", &Ok(json!(u64::MAX)));
        check("-9223372036854775808", &Ok(json!(i64::MIN)));
        check("18446744073709551616", &Err(Reason::NumberTooLarge));
        check("0.1234567890123456789", &Err(Reason::NumberNotExact));
        check("9007199254740993.0", &Err(Reason::NumberNotExact));
        check("1e999", &Err(Reason::NumberTooLarge));
        check("1e22", &Ok(json!(1e22)));
        check("0644", &Err(Reason::LeadingZero));
        check("-.inf", &Err(Reason::NotFinite));
        check(".nan", &Err(Reason::NotFinite));
    }

    #[test]
    fn where_the_model_has_text_it_is_text() {
        for text in ["1.10", "0644", "no", "true", "1e999", "0.25"] {
            assert_eq!(plain(text, Some(Shape::Text)), Ok(json!(text)));
        }
        assert_eq!(plain("~", Some(Shape::Text)), Ok(Value::Null));
    }
}
