//! Natural numbers of any length, as far as RSA needs them. Whatever is calculated is wiped.
//!
//! The parts of a private RSA key are checked with these. The libraries at hand either leave such numbers behind in
//! memory or refuse the short and odd keys that are to be named here. Time taken does depend on the numbers, which
//! tells nobody anything: it is one's own key on one's own machine.

use zeroize::{Zeroize, Zeroizing};

/// Bits of a digit.
const BITS: usize = 64;

/// A natural number. Its digits are the least first, with no zero at the end.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Natural(Zeroizing<Vec<u64>>);

impl Natural {
    /// Of bytes, the highest first.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut digits = Vec::with_capacity(bytes.len() / 8 + 1);
        for eight in bytes.rchunks(8) {
            digits.push(
                eight
                    .iter()
                    .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
            );
        }
        Self::of(digits)
    }

    /// One.
    pub(crate) fn one() -> Self {
        Self(Zeroizing::new(vec![1]))
    }

    fn of(mut digits: Vec<u64>) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self(Zeroizing::new(digits))
    }

    /// Whether it is one.
    pub(crate) fn is_one(&self) -> bool {
        self.0[..] == [1]
    }

    /// Whether it is odd.
    pub(crate) fn is_odd(&self) -> bool {
        self.0.first().is_some_and(|digit| digit & 1 == 1)
    }

    /// How many bits it has.
    pub(crate) fn bits(&self) -> usize {
        self.0.last().map_or(0, |last| {
            self.0.len() * BITS - last.leading_zeros() as usize
        })
    }

    /// Its bytes, the highest first, with zeros in front up to `length`. `None` when it needs more.
    pub(crate) fn to_bytes(&self, length: usize) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(vec![0; length]);
        for (place, digit) in self.0.iter().enumerate() {
            for (offset, byte) in digit.to_le_bytes().into_iter().enumerate() {
                match length.checked_sub(1 + place * 8 + offset) {
                    Some(index) => bytes[index] = byte,
                    None if byte == 0 => {}
                    None => return None,
                }
            }
        }
        Some(bytes)
    }

    /// One less. Zero stays zero.
    pub(crate) fn less_one(&self) -> Self {
        let mut digits = self.0.to_vec();
        for digit in &mut digits {
            let (less, borrowed) = digit.overflowing_sub(1);
            *digit = less;
            if !borrowed {
                return Self::of(digits);
            }
        }
        digits.zeroize();
        Self::of(Vec::new())
    }

    /// The product.
    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0_u64; self.0.len() + other.0.len()];
        for (place, &digit) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (sum, &factor) in digits[place..].iter_mut().zip(other.0.iter()) {
                let next = u128::from(digit) * u128::from(factor) + u128::from(*sum) + carry;
                *sum = low(next);
                carry = next >> BITS;
            }
            digits[place + other.0.len()] = low(carry);
        }
        Self::of(digits)
    }

    /// What remains after dividing. `None` by zero.
    pub(crate) fn modulo(&self, divisor: &Self) -> Option<Self> {
        let top = *divisor.0.last()?;
        if self.0.len() < divisor.0.len() {
            return Some(self.clone());
        }
        if let [single] = divisor.0[..] {
            let rest = self.0.iter().rev().fold(0_u128, |rest, digit| {
                ((rest << BITS) | u128::from(*digit)) % u128::from(single)
            });
            return Some(Self::of(vec![low(rest)]));
        }
        // Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D.
        let shift = top.leading_zeros();
        let divisor = Zeroizing::new(shifted(&divisor.0, shift));
        let size = divisor.len() - 1;
        let divisor = &divisor[..size];
        let mut rest = Zeroizing::new(shifted(&self.0, shift));
        let (first, second) = (u128::from(divisor[size - 1]), u128::from(divisor[size - 2]));
        for place in (0..rest.len() - size).rev() {
            let upper =
                (u128::from(rest[place + size]) << BITS) | u128::from(rest[place + size - 1]);
            let (mut guess, mut left) = (upper / first, upper % first);
            while guess >> BITS != 0
                || guess * second > ((left << BITS) | u128::from(rest[place + size - 2]))
            {
                guess -= 1;
                left += first;
                if left >> BITS != 0 {
                    break;
                }
            }
            subtract(&mut rest[place..=place + size], divisor, guess);
        }
        let mut digits = Vec::with_capacity(size);
        for place in 0..size {
            let above = u128::from(rest.get(place + 1).copied().unwrap_or(0));
            let both = (above << BITS) | u128::from(rest[place]);
            digits.push(low(both >> shift));
        }
        Some(Self::of(digits))
    }

    /// The power, modulo. `None` by zero.
    pub(crate) fn power(&self, exponent: &Self, modulus: &Self) -> Option<Self> {
        let base = self.modulo(modulus)?;
        let mut result = Self::one().modulo(modulus)?;
        for bit in (0..exponent.bits()).rev() {
            result = result.times(&result).modulo(modulus)?;
            if exponent.0[bit / BITS] >> (bit % BITS) & 1 == 1 {
                result = result.times(&base).modulo(modulus)?;
            }
        }
        Some(result)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let lengths = self.0.len().cmp(&other.0.len());
        lengths.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// The lower half.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the upper half is carried on by whoever calls"
)]
fn low(number: u128) -> u64 {
    number as u64
}

/// The digits moved up by less than a digit, with one more digit.
fn shifted(digits: &[u64], shift: u32) -> Vec<u64> {
    let mut moved = Vec::with_capacity(digits.len() + 1);
    let mut carry = 0;
    for &digit in digits {
        let both = (u128::from(digit) << shift) | carry;
        moved.push(low(both));
        carry = both >> BITS;
    }
    moved.push(low(carry));
    moved
}

/// Takes `guess` times the divisor off, and once less when that was one too many.
fn subtract(rest: &mut [u64], divisor: &[u64], guess: u128) {
    let mut borrow = 0_u128;
    let mut carry = 0_u128;
    for (place, digit) in rest.iter_mut().enumerate() {
        let product = guess * u128::from(divisor.get(place).copied().unwrap_or(0)) + carry;
        carry = product >> BITS;
        let difference = u128::from(*digit)
            .wrapping_sub(u128::from(low(product)))
            .wrapping_sub(borrow);
        *digit = low(difference);
        borrow = difference >> 127;
    }
    if borrow == 0 {
        return;
    }
    let mut carry = 0;
    for (place, digit) in rest.iter_mut().enumerate() {
        let sum = u128::from(*digit) + u128::from(divisor.get(place).copied().unwrap_or(0)) + carry;
        *digit = low(sum);
        carry = sum >> BITS;
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::{any, prop};
    use proptest::proptest;

    use super::Natural;

    fn bytes() -> impl proptest::strategy::Strategy<Value = Vec<u8>> {
        // Runs of ones and zeros are where carrying goes wrong.
        prop::collection::vec(
            proptest::prop_oneof![
                any::<u8>(),
                proptest::strategy::Just(0xff),
                proptest::strategy::Just(0)
            ],
            0..70,
        )
    }

    fn same(natural: &Natural, expected: &BigUint) {
        let bytes = natural.to_bytes(300).unwrap();
        assert_eq!(BigUint::from_bytes_be(&bytes), *expected);
    }

    proptest! {
        #[test]
        fn it_calculates_as_a_library_does(a in bytes(), b in bytes(), c in bytes()) {
            let (x, y, z) = (Natural::new(&a), Natural::new(&b), Natural::new(&c));
            let [a, b, c] = [a, b, c].map(|it| BigUint::from_bytes_be(&it));
            assert_eq!(x.bits() as u64, a.bits());
            assert_eq!(x.cmp(&y), a.cmp(&b));
            same(&x.times(&y), &(&a * &b));
            if c == BigUint::ZERO {
                assert!(x.modulo(&z).is_none());
                assert_eq!(z.less_one().bits(), 0);
            } else {
                same(&x.times(&y).modulo(&z).unwrap(), &((&a * &b) % &c));
                same(&x.power(&y, &z).unwrap(), &a.modpow(&b, &c));
                same(&z.less_one(), &(&c - 1_u8));
            }
        }
    }

    #[test]
    fn bytes_are_filled_up_or_refused() {
        let number = Natural::new(&[0, 1, 2]);
        assert_eq!(number.to_bytes(4).unwrap()[..], [0, 0, 1, 2]);
        assert_eq!(number.to_bytes(2).unwrap()[..], [1, 2]);
        assert!(number.to_bytes(1).is_none());
        assert!(Natural::new(&[0, 0]).bits() == 0 && Natural::new(&[1]).is_one());
    }
}
