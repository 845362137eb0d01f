//! PEM, as people have it: with indents, text around it, line breaks of any system or none at all.

use super::base64_text;
use super::legacy::LegacyKey;
use super::trouble::Trouble;
use super::wiped::Wiped;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
const LONGEST_LABEL: usize = 64;
const LARGEST: usize = 2 << 20;

/// One block.
pub(super) struct Block {
    /// What it says it holds, such as `CERTIFICATE`.
    pub(super) label: String,
    /// How it went.
    pub(super) content: Result<Content, Trouble>,
}

/// What a block holds.
pub(super) enum Content {
    /// DER.
    Der(Wiped),
    /// A key locked in the way from before PKCS#8.
    Legacy(LegacyKey),
}

/// Whether a text has a block, or the beginning of one.
pub(super) fn is_likely(text: &[u8]) -> bool {
    find(text, BEGIN).is_some()
}

/// Whether line breaks are written out in it, as in a value copied from JSON.
pub(super) fn has_escapes(text: &[u8]) -> bool {
    let Some(begin) = find(text, BEGIN) else {
        return false;
    };
    let rest = &text[begin + BEGIN.len()..];
    find(rest, DASHES).is_some_and(|end| rest[end + DASHES.len()..].starts_with(b"\\"))
}

/// The blocks of a text.
pub(super) fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { rest: text }
}

/// The blocks of a text, one after the other.
pub(super) struct Blocks<'a> {
    rest: &'a [u8],
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let begin = find(self.rest, BEGIN)? + BEGIN.len();
        let rest = &self.rest[begin..];
        let Some(label_end) = find(&rest[..rest.len().min(LONGEST_LABEL)], DASHES) else {
            self.rest = rest;
            return Some(Block {
                label: String::new(),
                content: Err(Trouble::PemUnclosed {
                    label: String::new(),
                }),
            });
        };
        let label = String::from_utf8_lossy(&rest[..label_end])
            .trim()
            .to_owned();
        let label: String = label
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        let rest = &rest[label_end + DASHES.len()..];
        // The next block may begin before this one ends.
        let next = find(rest, BEGIN).unwrap_or(rest.len());
        let Some(end) = find(&rest[..next], END) else {
            self.rest = &rest[next..];
            let content = Err(Trouble::PemUnclosed {
                label: label.clone(),
            });
            return Some(Block { label, content });
        };
        self.rest = &rest[end + END.len()..];
        let content = content(&rest[..end], &label);
        Some(Block { label, content })
    }
}

fn content(body: &[u8], label: &str) -> Result<Content, Trouble> {
    let mut begin = 0;
    let mut info = None;
    // Heads are `Name: value` lines; base64 has no colon.
    while let Some(colon) = body[begin..].iter().position(|&byte| byte == b':') {
        let line = body[begin + colon..].iter().position(|&byte| byte == b'\n');
        let head = &body[begin..];
        let length = line.map_or(head.len(), |line| colon + line);
        let text = String::from_utf8_lossy(&head[..length]);
        if let Some((_, value)) = text.split_once("DEK-Info:") {
            info = Some(value.to_owned());
        }
        begin += length;
    }
    // Neither a certificate nor a key nor a store comes near it.
    let is_huge = body.len() > LARGEST;
    let decoded = base64_text::decode(if is_huge { &[] } else { &body[begin..] });
    if decoded.trouble.is_some() || decoded.bytes.is_empty() {
        return Err(Trouble::PemDamaged {
            label: label.to_owned(),
        });
    }
    Ok(match info {
        Some(info) => Content::Legacy(LegacyKey::new(&info, &decoded.bytes)),
        None => Content::Der(decoded.bytes),
    })
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, what)
}

#[cfg(test)]
mod tests {
    use super::{Content, blocks, has_escapes};
    use crate::inspect::open::trouble::Trouble;
    use crate::inspect::open::wiped;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, Result<&[u8], Trouble>)]) {
        let found: Vec<_> = blocks(text.as_bytes()).collect();
        assert_eq!(found.len(), expect.len(), "{text}");
        for (block, (label, content)) in found.iter().zip(expect) {
            assert_eq!(block.label, *label);
            match (&block.content, content) {
                (Ok(Content::Der(der)), Ok(expect)) => assert_eq!(&***der, *expect),
                (Err(trouble), Err(expect)) => assert_eq!(trouble, expect),
                _ => panic!("{text}"),
            }
        }
    }

    #[test]
    fn blocks_are_found_however_they_are_written() {
        let content: &[u8] = b"hello world!";
        for text in [
            "-----BEGIN X-----\naGVsbG8gd29ybGQh\n-----END X-----\n",
            "-----BEGIN X-----\r\naGVsbG8g\r\nd29ybGQh\r\n-----END X-----",
            "    -----BEGIN X-----\n    aGVsbG8gd29y\n    bGQh\n    -----END X-----",
            "-----BEGIN X----- aGVsbG8gd29ybGQh -----END X-----",
            "Bag Attributes: none\nsubject=CN = a\n-----BEGIN X-----\naGVsbG8gd29ybGQh\n-----END X-----\nbye",
            "-----BEGIN X-----\nComment: a\nVersion: 2\n\naGVsbG8gd29ybGQh\n-----END X-----",
        ] {
            check(text, &[("X", Ok(content))]);
        }
        let escaped = br"-----BEGIN X-----\naGVsbG8g\r\nd29ybGQh\n-----END X-----\n";
        assert!(has_escapes(escaped));
        let text = wiped::without_escapes(escaped);
        check(std::str::from_utf8(&text).unwrap(), &[("X", Ok(content))]);
    }

    #[test]
    fn broken_blocks_are_named_and_the_others_kept() {
        let label = |label: &str| label.to_owned();
        check(
            "-----BEGIN A-----\naGVs\n-----BEGIN B-----\naGVs\n-----END B-----\n-----BEGIN C-----\na%b\n-----END C-----",
            &[
                ("A", Err(Trouble::PemUnclosed { label: label("A") })),
                ("B", Ok(b"hel")),
                ("C", Err(Trouble::PemDamaged { label: label("C") })),
            ],
        );
        check(
            "-----BEGIN ",
            &[("", Err(Trouble::PemUnclosed { label: label("") }))],
        );
        check("nothing", &[]);
    }

    #[test]
    fn locks_from_before_pkcs8_are_named() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,0011\n\nAAAA\n-----END RSA PRIVATE KEY-----";
        let block = blocks(text.as_bytes()).next().unwrap();
        let Ok(Content::Legacy(key)) = block.content else {
            panic!("it is locked");
        };
        assert_eq!((key.size(), key.check()), (3, Err("DES-CBC".to_owned())));
    }
}
