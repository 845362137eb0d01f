//! Gzip, into one buffer that is wiped, never more than the limits allow.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::DecompressorOxide;
use miniz_oxide::inflate::core::decompress;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use zeroize::Zeroizing;

use super::budget::Budget;
use super::trouble::Trouble;

/// How a gzip stream begins.
pub(super) const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// Up to here any growth is fine: an archive is mostly padding, and a small one squeezes well.
const FREE: usize = 1 << 20;
/// Streams one after the other, as `cat a.gz b.gz` makes them.
const MEMBERS: usize = 16;
const FIRST: usize = 64 << 10;

/// What came out.
pub(super) struct Unzipped {
    /// The content, or as much of it as could be read.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Why it is not all of it.
    pub(super) trouble: Option<Trouble>,
}

/// Unpacks a gzip stream. An error when it goes beyond the limits: then nothing of it is looked at, and yet all that
/// came out counts.
pub(super) fn unzip(input: &[u8], budget: &mut Budget) -> Result<Unzipped, Trouble> {
    let mut out = Out {
        bytes: Zeroizing::new(Vec::new()),
        len: 0,
    };
    let mut rest = input;
    let mut trouble = None;
    for _ in 0..MEMBERS {
        match member(rest, &mut out, budget) {
            Err(beyond) => {
                budget.use_up_bytes(out.len);
                return Err(beyond);
            }
            Ok(Member::Whole(after)) => rest = after,
            Ok(Member::Broken(why)) => {
                trouble = Some(why);
                rest = &[];
                break;
            }
        }
        if !rest.starts_with(&MAGIC) {
            break;
        }
    }
    // Tapes and some tools fill the last block with zeros.
    if trouble.is_none() && rest.iter().any(|&byte| byte != 0) {
        trouble = Some(Trouble::TrailingBytes {
            count: rest.len() as u64,
        });
    }
    budget.take_bytes(out.len)?;
    let mut bytes = out.bytes;
    bytes.truncate(out.len);
    Ok(Unzipped { bytes, trouble })
}

enum Member<'a> {
    Whole(&'a [u8]),
    Broken(Trouble),
}

/// A buffer that grows by being copied into a larger one and wiped.
struct Out {
    bytes: Zeroizing<Vec<u8>>,
    len: usize,
}

impl Out {
    fn grow(&mut self, most: usize) -> bool {
        let size = (self.bytes.len() * 2).max(FIRST).min(most);
        if size <= self.bytes.len() {
            return false;
        }
        let mut larger = Zeroizing::new(vec![0; size]);
        larger[..self.len].copy_from_slice(&self.bytes[..self.len]);
        self.bytes = larger;
        true
    }
}

fn member<'a>(input: &'a [u8], out: &mut Out, budget: &Budget) -> Result<Member<'a>, Trouble> {
    let Some(mut at) = header(input) else {
        return Ok(Member::Broken(Trouble::GzipTruncated));
    };
    let limits = budget.limits();
    let begin = out.len;
    let mut state = Box::new(DecompressorOxide::new());
    loop {
        let (status, read, wrote) = decompress(
            &mut state,
            &input[at..],
            &mut out.bytes,
            out.len,
            TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        );
        at += read;
        out.len += wrote;
        if out.len > FREE && out.len / limits.ratio.max(1) > at {
            return Err(Trouble::Ratio {
                limit: limits.ratio,
            });
        }
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput => {
                if !out.grow(budget.bytes_left()) {
                    return Err(Trouble::TotalTooLarge {
                        limit: limits.total_bytes,
                    });
                }
            }
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return Ok(Member::Broken(Trouble::GzipTruncated));
            }
            _ => return Ok(Member::Broken(Trouble::GzipDamaged)),
        }
    }
    let (Some(checksum), Some(length)) = (number(input, at), number(input, at + 4)) else {
        return Ok(Member::Broken(Trouble::GzipTruncated));
    };
    let content = &out.bytes[begin..out.len];
    // The length is kept modulo 2^32; the limits end far below.
    if checksum != crc32fast::hash(content) || length as usize != content.len() {
        return Ok(Member::Broken(Trouble::GzipChecksum));
    }
    Ok(Member::Whole(&input[at + 8..]))
}

/// Where the content begins (RFC 1952, 2.3). `None` where it ends before that.
fn header(input: &[u8]) -> Option<usize> {
    const HEADER_CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let flags = *input.get(3)?;
    let mut at = 10;
    if flags & EXTRA != 0 {
        let length = u16::from_le_bytes([*input.get(at)?, *input.get(at + 1)?]);
        at += 2 + usize::from(length);
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            at += 1 + input.get(at..)?.iter().position(|&byte| byte == 0)?;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        at += 2;
    }
    (at <= input.len()).then_some(at)
}

fn number(input: &[u8], at: usize) -> Option<u32> {
    let bytes = input.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::unzip;
    use crate::inspect::open::budget::{Budget, Limits};
    use crate::inspect::open::trouble::Trouble;
    use flate2::{Compression, GzBuilder, write::GzEncoder};
    use std::io::Write;

    fn zip(content: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(content).unwrap();
        gzip.finish().unwrap()
    }

    fn noise(count: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    #[track_caller]
    fn check(input: &[u8], content: &[u8], trouble: Option<&Trouble>) {
        let unzipped = unzip(input, &mut Budget::new(&Limits::default())).unwrap();
        assert_eq!(unzipped.trouble.as_ref(), trouble);
        assert!(*unzipped.bytes == content);
    }

    #[test]
    fn what_was_packed_comes_out() {
        check(&zip(b""), b"", None);
        check(&zip(b"hello"), b"hello", None);
        let large = noise(3_000_000);
        check(&zip(&large), &large, None);
        let two = [zip(b"one "), zip(b"two"), vec![0; 100]].concat();
        check(&two, b"one two", None);
        let mut named = GzBuilder::new()
            .filename("a.tar")
            .comment("of a node")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), Compression::best());
        named.write_all(b"named").unwrap();
        check(&named.finish().unwrap(), b"named", None);
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_and_the_rest_kept() {
        let content = noise(10_000);
        let whole = zip(&content);
        let half = &whole[..whole.len() / 2];
        let unzipped = unzip(half, &mut Budget::new(&Limits::default())).unwrap();
        assert_eq!(unzipped.trouble, Some(Trouble::GzipTruncated));
        assert!(unzipped.bytes.len() > 1000 && content.starts_with(&unzipped.bytes));
        check(
            &whole[..whole.len() - 4],
            &content,
            Some(&Trouble::GzipTruncated),
        );
        check(&whole[..5], b"", Some(&Trouble::GzipTruncated));

        let mut checksum = whole.clone();
        let at = checksum.len() - 6;
        checksum[at] ^= 1;
        check(&checksum, &content, Some(&Trouble::GzipChecksum));
        check(
            &[whole, b"more".to_vec()].concat(),
            &content,
            Some(&Trouble::TrailingBytes { count: 4 }),
        );
    }

    #[test]
    fn growth_ends_at_the_limits() {
        let trouble =
            |input: &[u8], limits: &Limits| unzip(input, &mut Budget::new(limits)).err().unwrap();
        let limits = Limits::default();
        let zeros = zip(&vec![0; 8 << 20]);
        assert_eq!(trouble(&zeros, &limits), Trouble::Ratio { limit: 200 });
        let limits = Limits {
            total_bytes: 100_000,
            ..limits
        };
        let noise = zip(&noise(100_001));
        let limit = Trouble::TotalTooLarge { limit: 100_000 };
        assert_eq!(trouble(&noise, &limits), limit);
    }

    #[test]
    fn what_came_out_counts_even_where_nothing_of_it_is_kept() {
        let limits = Limits::default();
        let mut budget = Budget::new(&limits);
        // Within the ratio as a whole, and beyond all there is room for.
        let large = zip(&[noise(100_000), vec![0; 17 << 20]].concat());
        let beyond = Trouble::TotalTooLarge {
            limit: limits.total_bytes,
        };
        assert_eq!(unzip(&large, &mut budget).err().unwrap(), beyond);
        assert_eq!(budget.bytes_left(), 0);

        let mut budget = Budget::new(&limits);
        let zeros = zip(&vec![0; 8 << 20]);
        let mut refused = 0;
        while budget.bytes_left() > 0 {
            assert!(unzip(&zeros, &mut budget).is_err());
            refused += 1;
        }
        assert!(refused <= limits.total_bytes / super::FREE, "{refused}");
    }
}
