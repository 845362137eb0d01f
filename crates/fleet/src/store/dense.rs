//! Searching for what most rows contain.
//!
//! The usual search jumps from hit to hit, which is fast as long as hits are rare. Here every position is
//! compared, many at a time and without a branch, so the time does not depend on how many rows match.

/// The longest needle that is worth comparing everywhere, in bytes.
pub(crate) const LONGEST: usize = 16;

/// Positions compared at a time.
const BLOCK: usize = 64;

/// Marks the rows whose text contains the needle, which is not empty. The texts stand in the arena one after the
/// other and end where `ends` says; the words hold no ones yet.
pub(crate) fn mark(arena: &[u8], ends: &[u32], needle: &[u8], words: &mut [u64]) {
    let hits = hits(arena, needle);
    let mut start = 0;
    for (ends, word) in ends.chunks(64).zip(words) {
        for (bit, &end) in ends.iter().enumerate() {
            let end = end as usize;
            // Where the needle may begin and still end within the text.
            let places = (end + 1).saturating_sub(start + needle.len());
            *word |= u64::from(any(&hits, start, places)) << bit;
            start = end;
        }
    }
}

/// One bit for each position of the arena: whether the needle stands there. One word follows the last.
fn hits(arena: &[u8], needle: &[u8]) -> Vec<u64> {
    let blocks = arena.len().div_ceil(BLOCK);
    let mut hits = vec![0; blocks + 1];
    for (block, bits) in hits[..blocks].iter_mut().enumerate() {
        let base = block * BLOCK;
        let mut same = [1_u8; BLOCK];
        match arena.get(base..base + BLOCK + needle.len() - 1) {
            Some(text) => {
                for (text, &byte) in text.windows(BLOCK).zip(needle) {
                    same.iter_mut()
                        .zip(text)
                        .for_each(|(same, &text)| *same &= u8::from(text == byte));
                }
            }
            // Too near to the end to read a whole block.
            None => {
                for (place, same) in same.iter_mut().enumerate() {
                    let text = arena.get(base + place..).unwrap_or_default();
                    *same = u8::from(text.starts_with(needle));
                }
            }
        }
        *bits = gathered(&same);
    }
    hits
}

/// The lowest bits of the bytes as one word.
fn gathered(bytes: &[u8; BLOCK]) -> u64 {
    let (groups, _) = bytes.as_chunks::<8>();
    let gathered = groups.iter().enumerate().map(|(index, group)| {
        // The multiplication moves the eight bits beside each other, into the highest byte.
        let bits = u64::from_le_bytes(*group).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits << (index * 8)
    });
    gathered.fold(0, |word, bits| word | bits)
}

/// Whether one of so many bits from `start` on is set.
fn any(bits: &[u64], start: usize, count: usize) -> bool {
    let mut from = start;
    let mut left = count;
    loop {
        let (word, shift) = (from / 64, from % 64);
        // Shifting in two steps, since a shift by 64 means nothing.
        let next = bits.get(word + 1).copied().unwrap_or(0);
        let window = bits.get(word).copied().unwrap_or(0) >> shift | next << 1 << (63 - shift);
        let mask = match left {
            0 => 0,
            1..=63 => (1 << left) - 1,
            _ => u64::MAX,
        };
        if left <= 64 || window & mask != 0 {
            return window & mask != 0;
        }
        from += 64;
        left -= 64;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::mark;

    fn check(texts: &[&str], needle: &str) {
        let arena = texts.concat();
        let ends: Vec<u32> = texts
            .iter()
            .scan(0, |end, text| {
                *end += text.len() as u32;
                Some(*end)
            })
            .collect();
        let mut words = vec![0; texts.len().div_ceil(64)];
        mark(arena.as_bytes(), &ends, needle.as_bytes(), &mut words);
        for (row, text) in texts.iter().enumerate() {
            assert_eq!(
                words[row / 64] >> (row % 64) & 1 == 1,
                text.contains(needle),
                "{needle:?} in {text:?}"
            );
        }
    }

    #[test]
    fn texts_of_any_length_are_searched() {
        let long = "x".repeat(200) + "needle" + &"y".repeat(70);
        check(
            &["", "needle", "needl", "e", &long, "need", "leneedle", ""],
            "needle",
        );
        check(&[long.as_str(); 70], "y");
        check(&["a"; 130], "a");
        check(&[], "a");
    }

    proptest! {
        #[test]
        fn it_finds_what_contains_finds(
            texts in proptest::collection::vec("[ab]{0,80}", 0..100),
            needle in "[ab]{1,16}",
        ) {
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            check(&texts, &needle);
        }
    }
}
