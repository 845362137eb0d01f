//! Names of entries: which may be used, and how they are shown.

use crate::inspect::name::is_hidden;
use crate::inspect::open::trouble::Refusal;

/// Stands for what can't be shown.
pub(super) const REPLACED: char = char::REPLACEMENT_CHARACTER;
/// Far beyond any package: longest path in bytes, longest name within, most folders above each other.
const LONGEST_PATH: usize = 1024;
const LONGEST_PART: usize = 255;
const MOST_PARTS: usize = 64;
/// What the head of a tar entry has room for.
const ROOM: usize = 100;

/// A path, fit to be shown, and why it is refused.
pub(super) struct Named {
    pub(super) path: String,
    pub(super) refusal: Option<Refusal>,
}

/// Reads a path.
pub(super) fn read(bytes: &[u8]) -> Named {
    Named {
        path: shown(bytes),
        refusal: refusal(bytes),
    }
}

fn refusal(bytes: &[u8]) -> Option<Refusal> {
    let Ok(path) = std::str::from_utf8(bytes) else {
        return Some(Refusal::NotUtf8);
    };
    // Windows takes a backslash for a slash.
    let parts = || path.split(['/', '\\']);
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.is_empty() {
        Some(Refusal::NoName)
    } else if path.starts_with(['/', '\\']) || drive {
        Some(Refusal::AbsolutePath)
    } else if parts().any(|part| part == "..") {
        Some(Refusal::ParentPath)
    } else if path.chars().any(is_hidden) {
        Some(Refusal::HiddenCharacters)
    } else if path.len() > LONGEST_PATH
        || parts().any(|part| part.len() > LONGEST_PART)
        || parts().count() > MOST_PARTS
    {
        Some(Refusal::LongName)
    } else {
        None
    }
}

/// Fit to be shown: one line in which nothing is hidden or turned round.
pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_PATH)])
        .chars()
        .map(|letter| if is_hidden(letter) { REPLACED } else { letter })
        .collect()
}

/// The path by which two entries are the same.
pub(super) fn normal(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    parts.join("/")
}

/// Whether a name in a head can be the short form of that in an extension. Writers cut what is too long, and replace
/// what is no ASCII; a name that fits needs no other.
pub(super) fn may_stand_for(own: &[u8], long: &[u8]) -> bool {
    if own == long {
        return true;
    }
    let letters = |bytes: &[u8]| bytes.iter().filter(|byte| byte.is_ascii()).count();
    let last = |bytes: &[u8]| -> Vec<u8> {
        let end = bytes
            .split(|&byte| byte == b'/')
            .rfind(|part| !part.is_empty());
        end.unwrap_or_default().to_owned()
    };
    if letters(long) != long.len() {
        // What is replaced, and by how much, is up to each writer: the letters before it are not.
        let same = own.iter().zip(long).take_while(|(one, other)| one == other);
        let common = same.count();
        return long.get(common).is_some_and(|byte| !byte.is_ascii()) || common >= ROOM;
    }
    // Some writers keep the folders and cut the name, others fill all the room there is.
    let cut = long.starts_with(own) || last(long).starts_with(&last(own));
    long.len() > ROOM && own.len() > ROOM / 2 && cut
}
