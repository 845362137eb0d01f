//! Values of certificates as texts.

use crate::inspect::der::{self, NotDer, tag};
use crate::inspect::name::{General, clean, hex};
use crate::inspect::oids;
use crate::inspect::public_key::Curve;

/// A curve with the name that OpenSSL has for it.
pub(super) fn curve_text(curve: &Curve) -> String {
    let other = match curve {
        Curve::P256 => "prime256v1",
        Curve::P384 => "secp384r1",
        Curve::P521 => "secp521r1",
        Curve::Named(_) | Curve::Explicit => return curve.name().to_owned(),
    };
    format!("{} ({other})", curve.name())
}

/// The names of what a key may be used for.
pub(super) fn usages(usage: u16) -> Vec<String> {
    let set = oids::USAGES
        .iter()
        .enumerate()
        .filter(|(place, _)| usage & (0x8000 >> place) != 0);
    set.map(|(_, name)| (*name).to_owned()).collect()
}

/// Bytes of the longest number that is written in decimal: the work grows with the square of them.
const LONGEST_DECIMAL: usize = 128;

/// A whole number in decimal. The first bit is its sign. One that is far too long is written in hexadecimal.
pub(super) fn decimal(bytes: &[u8]) -> String {
    if bytes.len() > LONGEST_DECIMAL {
        return format!("0x{}", hex(bytes));
    }
    let is_negative = bytes.first().is_some_and(|first| first & 0x80 != 0) && bytes.len() > 1
        || matches!(bytes, [single] if single & 0x80 != 0);
    let mut rest: Vec<u8> = if is_negative {
        negated(bytes)
    } else {
        bytes.to_vec()
    };
    let mut digits = Vec::new();
    while rest.iter().any(|byte| *byte != 0) {
        let mut carry = 0_u16;
        for byte in &mut rest {
            let value = (carry << 8) | u16::from(*byte);
            // A tenth of what is below 2560 fits a byte.
            *byte = u8::try_from(value / 10).unwrap_or(u8::MAX);
            carry = value % 10;
        }
        digits.push(char::from_digit(u32::from(carry), 10).unwrap_or('0'));
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if is_negative {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

fn negated(bytes: &[u8]) -> Vec<u8> {
    let mut negated: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
    for byte in negated.iter_mut().rev() {
        let (sum, carried) = byte.overflowing_add(1);
        *byte = sum;
        if !carried {
            break;
        }
    }
    negated
}

pub(super) fn crl_points(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut addresses = Vec::new();
    for point in der::whole(value, tag::SEQUENCE)?.inside().all()? {
        let Some(name) = point.inside().optional(tag::within(0))? else {
            continue;
        };
        if let Some(full) = name.inside().optional(tag::within(0))? {
            let names = General::read_all(full)?;
            addresses.extend(names.iter().map(|it| it.value().to_owned()));
        }
    }
    Ok(addresses)
}

/// Addresses for OCSP and of issuers.
pub(super) fn access(value: &[u8]) -> Result<(Vec<String>, Vec<String>), NotDer> {
    let (mut ocsp, mut issuers) = (Vec::new(), Vec::new());
    for description in der::whole(value, tag::SEQUENCE)?.inside().all()? {
        let mut parts = description.inside();
        let method = der::oid(parts.expect(tag::OID)?.value)?;
        let address = General::read(parts.next()?)?.value().to_owned();
        match method.as_str() {
            "1.3.6.1.5.5.7.48.1" => ocsp.push(address),
            "1.3.6.1.5.5.7.48.2" => issuers.push(address),
            _ => {}
        }
    }
    Ok((ocsp, issuers))
}

/// Policies with the addresses of their statements.
pub(super) fn policies_of(value: &[u8]) -> Result<Vec<String>, NotDer> {
    let mut policies = Vec::new();
    for policy in der::whole(value, tag::SEQUENCE)?.inside().all()? {
        let mut parts = policy.inside();
        let number = der::oid(parts.expect(tag::OID)?.value)?;
        let mut text = match oids::policy_name(&number) {
            Some(name) => format!("{name} ({number})"),
            None => number,
        };
        if let Some(qualifiers) = parts.optional(tag::SEQUENCE)? {
            for qualifier in qualifiers.inside().all()? {
                let mut both = qualifier.inside();
                both.expect(tag::OID)?;
                if let Some(address) = both.optional(tag::IA5_STRING)? {
                    text.push_str(", CPS: ");
                    text.push_str(&clean(&String::from_utf8_lossy(address.value)));
                }
            }
        }
        policies.push(text);
    }
    Ok(policies)
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_are_written_in_decimal() {
        for (bytes, expected) in [
            (&[][..], "0"),
            (&[0], "0"),
            (&[0x7f], "127"),
            (&[0x80], "-128"),
            (&[0xfb], "-5"),
            (&[0xff, 0x00], "-256"),
            (
                &[0x00, 0xf1, 0xe2, 0xd3, 0xc4, 0xb5, 0xa6, 0x97],
                "68084868553483927",
            ),
            (&[1, 0, 1], "65537"),
        ] {
            assert_eq!(decimal(bytes), expected);
        }
        let long = [0x12; super::LONGEST_DECIMAL + 1];
        assert!(decimal(&long).starts_with("0x1212"));
        assert!(!decimal(&long[1..]).starts_with("0x"));
    }
}
