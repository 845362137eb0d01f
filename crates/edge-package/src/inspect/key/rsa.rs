//! RSA keys.

use super::{KeyFacts, KeyTrouble, PublicHalf, algorithm_of, spki};
use crate::inspect::der::{self, tag};
use crate::inspect::material::KeyForm;
use crate::inspect::natural::Natural;
use crate::inspect::public_key::{KeyAlgorithm, bits_of};

/// The longest that is checked. Longer ones would take longer than anyone waits.
const LONGEST: u32 = 16_384;

/// Up to which length a number is encrypted and decrypted as a proof. Longer keys, which nodes don't have, are
/// proven by their numbers alone.
const LONGEST_TRIED: u32 = 4096;

/// Reads one that is written as PKCS#1.
pub(super) fn read(
    der: &[u8],
    form: KeyForm,
    algorithm: KeyAlgorithm,
) -> Result<KeyFacts, KeyTrouble> {
    let mut parts = der::whole(der, tag::SEQUENCE)?.inside();
    if der::small(parts.expect(tag::INTEGER)?)? != 0 {
        return Err(KeyTrouble::Algorithm("RSA (multi-prime)".to_owned()));
    }
    let mut numbers: [&[u8]; 8] = [&[]; 8];
    for number in &mut numbers {
        *number = der::positive(parts.expect(tag::INTEGER)?)?;
    }
    parts.finish()?;
    let [modulus, exponent, ..] = numbers;
    let bits = bits_of(modulus);
    if bits > LONGEST {
        return Err(KeyTrouble::TooLong(bits));
    }
    prove(numbers.map(Natural::new), bits).ok_or(KeyTrouble::Inconsistent)?;
    // The parameters of PSS say what may be signed with it and are no part of what the halves have in common.
    let id: &[u8] = match algorithm {
        KeyAlgorithm::RsaPss => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10],
        _ => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
    };
    let parameters: &[u8] = match algorithm {
        KeyAlgorithm::RsaPss => &[],
        _ => &[tag::NULL, 0],
    };
    let modulus = der::write_positive(modulus);
    let exponent = der::write_positive(exponent);
    let key = der::write(tag::SEQUENCE, &[&modulus, &exponent]);
    Ok(KeyFacts {
        private: true,
        algorithm,
        bits,
        spki_der: spki(&algorithm_of(id, parameters), &key),
        form,
        public_half: PublicHalf::Given,
    })
}

/// Whether the numbers belong together, and one half undoes for a message what the other does. That is no proof that
/// the primes are prime: one base is tried, which a number made for it would pass.
fn prove(numbers: [Natural; 8], bits: u32) -> Option<()> {
    let [n, e, d, p, q, dp, dq, inverse] = numbers;
    let holds = |condition: bool| condition.then_some(());
    holds(e.is_odd() && !e.is_one() && p.is_odd() && q.is_odd())?;
    holds(!p.is_one() && !q.is_one() && e < n)?;
    holds(p.times(&q) == n)?;
    holds(inverse.times(&q).modulo(&p)?.is_one())?;
    for (prime, part) in [(&p, &dp), (&q, &dq)] {
        let order = prime.less_one();
        holds(d.modulo(&order)? == part.modulo(&order)?)?;
        holds(e.times(part).modulo(&order)?.is_one())?;
        if bits <= LONGEST_TRIED {
            // Any number will do. Only with a prime does it come back.
            let message = Natural::new(b"edge-package").modulo(prime)?;
            let signed = message.power(part, prime)?;
            holds(signed.power(&e, prime)? == message)?;
        }
    }
    Some(())
}
