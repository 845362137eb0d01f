//! Tar archives, read where they lie. Nothing is written: an entry that could do harm in other hands is refused and
//! named, and the others are still read.
//!
//! Programs disagree about archives whose heads contradict each other, so that one shows what another doesn't unpack.
//! What would be read differently elsewhere is refused, never guessed.

mod extension;
mod name;

use std::collections::BTreeMap;

use tar::{EntryType, Header};

use self::extension::Extensions;
use super::budget::Budget;
use super::trouble::{Refusal, Trouble};

/// Size of a block: heads and contents fill whole ones.
const BLOCK: usize = 512;
/// Files with holes may have heads of several blocks.
const SPARSE_HEADS: usize = 64;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EntryForm {
    File,
    Folder,
    SymbolicLink,
    HardLink,
    Device,
    Fifo,
    Sparse,
    Other,
}

impl EntryForm {
    /// As a report names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::SymbolicLink => "symlink",
            Self::HardLink => "hardlink",
            Self::Device => "device",
            Self::Fifo => "fifo",
            Self::Sparse => "sparse",
            Self::Other => "other",
        }
    }
}

/// The facts of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Its path, fit to be shown.
    pub(super) path: String,
    pub(super) form: EntryForm,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) owner: String,
    pub(super) modified: i64,
}

/// Who is told what an archive holds.
pub(super) trait Visitor {
    /// An entry: its content, or why it is refused.
    fn entry(&mut self, head: Head, content: Result<&[u8], Refusal>);
    /// A trouble of the archive as a whole.
    fn trouble(&mut self, trouble: Trouble);
    /// What is left of the limits.
    fn budget(&mut self) -> &mut Budget;
}

/// Whether this begins like an archive.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    match bytes.first_chunk::<BLOCK>() {
        Some(block) if is_zero(block) => bytes.len() >= 2 * BLOCK && is_zero(bytes),
        Some(block) => has_checksum(block),
        None => false,
    }
}

/// Reads an archive from its beginning to its end.
pub(super) fn read(archive: &[u8], visitor: &mut dyn Visitor) {
    let mut reader = Reader {
        archive,
        at: 0,
        seen: BTreeMap::new(),
        entries: 0,
    };
    if let Err(trouble) = reader.run(visitor) {
        visitor.trouble(trouble);
    } else if reader.entries == 0 {
        visitor.trouble(Trouble::TarEmpty);
    }
}

struct Reader<'a> {
    archive: &'a [u8],
    at: usize,
    /// Paths so far, and what they are.
    seen: BTreeMap<String, EntryForm>,
    entries: usize,
}

impl<'a> Reader<'a> {
    fn run(&mut self, visitor: &mut dyn Visitor) -> Result<(), Trouble> {
        let mut extensions = Extensions::default();
        while let Some(block) = self.archive[self.at..].first_chunk::<BLOCK>() {
            if is_zero(block) {
                return self.end();
            }
            let damaged = Trouble::TarDamaged {
                offset: self.at as u64,
            };
            if !has_checksum(block) {
                return Err(damaged);
            }
            visitor.budget().take_entry()?;
            let header = Header::from_byte_slice(block);
            self.at += BLOCK;
            let Ok(size) = header.entry_size() else {
                return Err(damaged);
            };
            let form = header.entry_type();
            if form.is_pax_global_extensions() {
                if extension::changes_entries(self.take(size).ok_or(Trouble::TarTruncated)?) {
                    visitor.trouble(Trouble::TarGlobalOverride);
                }
            } else if extension::is_extension(form) {
                extensions.add(form, self.take(size).ok_or(Trouble::TarTruncated)?);
            } else {
                self.entries += 1;
                let extensions = std::mem::take(&mut extensions);
                self.entry(header, size, &extensions, visitor)?;
            }
        }
        Err(if self.at == self.archive.len() {
            Trouble::TarWithoutEnd
        } else {
            Trouble::TarTruncated
        })
    }

    /// After the first block of zeros there are only zeros: what stands there is seen by some programs only.
    fn end(&self) -> Result<(), Trouble> {
        let rest = &self.archive[self.at..];
        match rest.iter().position(|&byte| byte != 0) {
            None => Ok(()),
            Some(first) => Err(Trouble::TrailingBytes {
                count: (rest.len() - first) as u64,
            }),
        }
    }

    fn entry(
        &mut self,
        header: &Header,
        own_size: u64,
        extensions: &Extensions,
        visitor: &mut dyn Visitor,
    ) -> Result<(), Trouble> {
        let size = extensions.size.unwrap_or(own_size);
        let limit = visitor.budget().limits().entry_bytes;
        let own_name = header.path_bytes();
        let named = name::read(extensions.name.as_deref().unwrap_or(&own_name));
        let form = form(header, &named.path, extensions);
        if form == EntryForm::Sparse {
            self.skip_sparse_heads(header)?;
        }
        let mut refusals = Vec::new();
        refusals.extend(refusal_of_form(form, header, extensions));
        let usable = named.refusal.is_none();
        refusals.extend(named.refusal);
        if extensions.broken {
            refusals.push(Refusal::Extension);
        }
        if let Some(long) = &extensions.name
            && !name::may_stand_for(&own_name, long)
        {
            let header = name::shown(&own_name);
            refusals.push(Refusal::NamesDisagree { header });
        }
        // An extension gives the size only of what is too large for the head, and that isn't looked at anyway.
        if size != own_size {
            refusals.push(Refusal::SizesDisagree {
                header: own_size,
                extension: size,
            });
        }
        if !matches!(form, EntryForm::File | EntryForm::Sparse) && size != 0 {
            refusals.push(Refusal::ContentWhereNone);
        }
        if size > limit as u64 {
            refusals.push(Refusal::TooLarge { limit });
        }
        let path = shortened(&named.path);
        if usable {
            refusals.extend(self.refusal_of_place(&path, form));
        }
        let numbers = Numbers::read(header);
        if numbers.broken {
            refusals.push(Refusal::Number);
        }
        let content = self.take(size);
        if content.is_none() {
            refusals.push(Refusal::Truncated);
        }
        let head = Head {
            path,
            form,
            size,
            mode: numbers.mode,
            owner: owner(header, extensions, &numbers),
            modified: extensions.modified.unwrap_or(numbers.modified),
        };
        // The first says most: what it is, then what is wrong with it.
        let refused = refusals.into_iter().next();
        let found = refused.map_or(content.ok_or(Refusal::Truncated), Err);
        visitor.entry(head, found);
        match content {
            Some(_) => Ok(()),
            None => Err(Trouble::TarTruncated),
        }
    }

    fn refusal_of_place(&mut self, path: &str, form: EntryForm) -> Option<Refusal> {
        let key = name::normal(path);
        let mut rest = key.as_str();
        while let Some((above, _)) = rest.rsplit_once('/') {
            if self
                .seen
                .get(above)
                .is_some_and(|&form| form != EntryForm::Folder)
            {
                let path = above.to_owned();
                return Some(Refusal::BelowOther { path });
            }
            rest = above;
        }
        // Folders are often listed again; it changes nothing.
        match self.seen.insert(key, form) {
            Some(EntryForm::Folder) if form == EntryForm::Folder => None,
            Some(_) => Some(Refusal::Duplicate),
            None => None,
        }
    }

    /// The content that follows, up to the next whole block. `None` where the archive ends before.
    fn take(&mut self, size: u64) -> Option<&'a [u8]> {
        let size = usize::try_from(size).ok()?;
        let end = self.at.checked_add(size)?;
        let content = self.archive.get(self.at..end)?;
        self.at = end.checked_next_multiple_of(BLOCK)?.min(self.archive.len());
        Some(content)
    }

    /// The map of holes goes on in blocks of its own, which the size doesn't count.
    fn skip_sparse_heads(&mut self, header: &Header) -> Result<(), Trouble> {
        const MORE: usize = 504;
        let mut more = header.as_gnu().is_some_and(tar::GnuHeader::is_extended);
        for _ in 0..SPARSE_HEADS {
            if !more {
                return Ok(());
            }
            let block = self.take(BLOCK as u64).ok_or(Trouble::TarTruncated)?;
            more = block[MORE] != 0;
        }
        Err(Trouble::TarDamaged {
            offset: self.at as u64,
        })
    }
}

/// The numbers of a head.
struct Numbers {
    mode: u32,
    modified: i64,
    user: u64,
    group: u64,
    /// Whether one of them is none.
    broken: bool,
}

impl Numbers {
    fn read(header: &Header) -> Self {
        let mut broken = false;
        // A field left blank is zero to all programs.
        let mut number = |field: &[u8], read: Option<u64>| {
            read.unwrap_or_else(|| {
                broken |= field.iter().any(|&byte| byte != 0 && byte != b' ');
                0
            })
        };
        let old = header.as_old();
        let mode = number(&old.mode, header.mode().ok().map(u64::from));
        let modified = number(&old.mtime, header.mtime().ok());
        Self {
            mode: u32::try_from(mode & 0o7777).unwrap_or_default(),
            modified: i64::try_from(modified).unwrap_or_default(),
            user: number(&old.uid, header.uid().ok()),
            group: number(&old.gid, header.gid().ok()),
            broken,
        }
    }
}

fn form(header: &Header, path: &str, extensions: &Extensions) -> EntryForm {
    if extensions.sparse {
        return EntryForm::Sparse;
    }
    match header.entry_type() {
        // Before folders had a letter of their own they were files with a slash at the end.
        EntryType::Regular if path.ends_with('/') => EntryForm::Folder,
        EntryType::Regular | EntryType::Continuous => EntryForm::File,
        EntryType::Directory => EntryForm::Folder,
        EntryType::Symlink => EntryForm::SymbolicLink,
        EntryType::Link => EntryForm::HardLink,
        EntryType::Char | EntryType::Block => EntryForm::Device,
        EntryType::Fifo => EntryForm::Fifo,
        EntryType::GNUSparse => EntryForm::Sparse,
        _ => EntryForm::Other,
    }
}

fn refusal_of_form(form: EntryForm, header: &Header, extensions: &Extensions) -> Option<Refusal> {
    let target = || {
        let own = header.link_name_bytes().unwrap_or_default();
        name::shown(extensions.link.as_deref().unwrap_or(&own))
    };
    match form {
        EntryForm::File | EntryForm::Folder => None,
        EntryForm::SymbolicLink => Some(Refusal::SymbolicLink { target: target() }),
        EntryForm::HardLink => Some(Refusal::HardLink { target: target() }),
        EntryForm::Device => Some(Refusal::Device),
        EntryForm::Fifo => Some(Refusal::Fifo),
        EntryForm::Sparse => Some(Refusal::Sparse),
        EntryForm::Other => {
            let letter = char::from(header.entry_type().as_byte());
            let shown = letter.is_ascii_graphic();
            Some(Refusal::Form(if shown { letter } else { name::REPLACED }))
        }
    }
}

/// The path without what says nothing: `./` before it and the slash of a folder.
fn shortened(path: &str) -> String {
    let short = path.strip_prefix("./").unwrap_or(path);
    let short = short.strip_suffix('/').unwrap_or(short);
    if short.is_empty() { path } else { short }.to_owned()
}

fn owner(header: &Header, extensions: &Extensions, numbers: &Numbers) -> String {
    let part = |long: &Option<Vec<u8>>, own: Option<&[u8]>, number: u64| {
        let name = long.as_deref().or(own).unwrap_or_default();
        if name.is_empty() {
            number.to_string()
        } else {
            name::shown(name)
        }
    };
    format!(
        "{}:{}",
        part(&extensions.user, header.username_bytes(), numbers.user),
        part(&extensions.group, header.groupname_bytes(), numbers.group)
    )
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

/// Whether the checksum of a head holds. Old programs added up signed bytes.
fn has_checksum(block: &[u8; BLOCK]) -> bool {
    const FIELD: std::ops::Range<usize> = 148..156;
    let Ok(written) = Header::from_byte_slice(block).cksum() else {
        return false;
    };
    let (mut unsigned, mut signed) = (0_u32, 0_i32);
    for (at, &byte) in block.iter().enumerate() {
        let byte = if FIELD.contains(&at) { b' ' } else { byte };
        unsigned += u32::from(byte);
        signed += i32::from(byte.cast_signed());
    }
    written == unsigned || i64::from(written) == i64::from(signed)
}

#[cfg(test)]
mod tests;
