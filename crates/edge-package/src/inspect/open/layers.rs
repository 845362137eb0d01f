//! Layers: what a content is, and what is within it.

mod text;

use zeroize::Zeroizing;

use super::archive::{self, EntryForm, Head, Visitor};
use super::budget::Budget;
use super::contents::{Content, EntryFound};
use super::gzip;
use super::structure;
use super::trouble::{Foreign, Refusal, Trouble, TroubleFound};
use super::wiped::{self, Mark};
use super::{OpenOptions, Opened, sha256};
use crate::report::Layer;

/// More troubles than anyone reads.
const MOST_TROUBLES: usize = 200;

/// Opens, and gathers what it finds.
pub(super) struct Opener<'a> {
    pub(super) opened: Opened,
    pub(super) budget: Budget,
    pub(super) passphrases: &'a [Zeroizing<String>],
}

/// Where a content stands.
#[derive(Debug, Clone)]
pub(super) struct At {
    /// What things found there name as their source.
    pub(super) source: String,
    /// Whether it is on the way from the whole to what the input is about.
    pub(super) is_main: bool,
    pub(super) within: Within,
    /// Layers around it.
    pub(super) depth: usize,
}

/// What a content stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// It is the input, or all of a layer of it.
    Input,
    /// A field of an answer.
    Field,
    /// An entry of an archive.
    Archive,
}

/// What a content was recognised as, where that isn't told by what was found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognised {
    /// Layers, certificates or keys.
    Things,
    Configuration {
        masked: bool,
    },
    Text,
    Unknown,
}

impl At {
    /// The content of a layer.
    fn below(&self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self.clone()
        }
    }
}

impl<'a> Opener<'a> {
    pub(super) fn new(opened: Opened, options: &OpenOptions<'a>) -> Self {
        Self {
            opened,
            budget: Budget::new(&options.limits),
            passphrases: options.passphrases,
        }
    }

    pub(super) fn run(mut self, bytes: &[u8]) -> Opened {
        let at = At {
            source: self.opened.name.clone(),
            is_main: true,
            within: Within::Input,
            depth: 0,
        };
        let limit = self.budget.limits().input_bytes;
        if bytes.len() > limit {
            self.trouble(&at.source, Trouble::InputTooLarge { limit });
            return self.opened;
        }
        let recognised = self.open(&at, bytes);
        if !self.is_secret(recognised) {
            self.opened.sha256 = sha256(bytes);
        }
        if self.opened.is_empty() {
            // Such as nothing but the parameters of a curve.
            self.trouble(&at.source, Trouble::Unknown);
        }
        self.opened.tell_what_is_beside();
        self.opened
    }

    /// Whether the digest of the input would tell whether a guess is right: it is a key, or has a password in it. That
    /// of an archive tells no more than what it is.
    fn is_secret(&self, recognised: Recognised) -> bool {
        let masked = recognised == Recognised::Configuration { masked: true };
        let has_private = self.opened.keys.iter().any(|key| key.private);
        self.opened.entries.is_empty() && (has_private || masked)
    }

    pub(super) fn finish(mut self) -> Opened {
        self.opened.tell_what_is_beside();
        self.opened
    }

    /// Before other passphrases are tried.
    pub(super) fn forget_wrong_passphrase(&mut self) {
        let troubles = &mut self.opened.troubles;
        troubles.retain(|found| found.trouble != Trouble::WrongPassphrase);
    }

    pub(super) fn trouble(&mut self, place: &str, trouble: Trouble) {
        let troubles = &mut self.opened.troubles;
        if troubles.len() < MOST_TROUBLES {
            troubles.push(TroubleFound {
                place: place.to_owned(),
                trouble,
                is_beside: false,
            });
        }
    }

    pub(super) fn foreign(&mut self, place: &str, foreign: Foreign) {
        self.trouble(place, Trouble::Foreign(foreign));
    }

    pub(super) fn layer(&mut self, form: &str, size: u64) {
        self.opened.layers.push(Layer {
            form: form.to_owned(),
            place: String::new(),
            size,
        });
    }

    /// Opens a content, whatever it is.
    pub(super) fn open(&mut self, at: &At, bytes: &[u8]) -> Recognised {
        let limit = self.budget.limits().depth;
        if at.depth > limit {
            self.trouble(&at.source, Trouble::TooDeep { limit });
            return Recognised::Unknown;
        }
        if bytes.trim_ascii().is_empty() {
            self.trouble(&at.source, Trouble::Empty);
            return Recognised::Unknown;
        }
        if bytes.starts_with(&gzip::MAGIC) {
            return self.gzip(at, bytes);
        }
        if archive::is_archive(bytes) {
            return self.tar(at, bytes);
        }
        if structure::is_likely(bytes) {
            self.der_layer(&at.source, at.is_main, bytes);
            return Recognised::Things;
        }
        if let Some(foreign) = magic(bytes) {
            self.foreign(&at.source, foreign);
            return Recognised::Unknown;
        }
        match wiped::mark(bytes) {
            Some(Mark::Utf8(begin)) => self.text(at, &bytes[begin..]),
            Some(Mark::Utf16 { little_endian }) => self.utf16(at, bytes, little_endian),
            None => self.text(at, bytes),
        }
    }

    fn utf16(&mut self, at: &At, bytes: &[u8], little_endian: bool) -> Recognised {
        let taken = self.budget.take_bytes(bytes.len() / 2 * 3);
        match taken.and_then(|()| wiped::from_utf16(bytes, little_endian)) {
            Ok(text) => self.text(at, &text),
            Err(trouble) => {
                self.trouble(&at.source, trouble);
                Recognised::Unknown
            }
        }
    }

    fn gzip(&mut self, at: &At, bytes: &[u8]) -> Recognised {
        let unzipped = match gzip::unzip(bytes, &mut self.budget) {
            Ok(unzipped) => unzipped,
            Err(trouble) => {
                if at.is_main {
                    self.layer("gzip", 0);
                }
                self.trouble(&at.source, trouble);
                return Recognised::Unknown;
            }
        };
        if at.is_main {
            self.layer("gzip", unzipped.bytes.len() as u64);
        }
        let is_broken = unzipped.trouble.is_some();
        if let Some(trouble) = unzipped.trouble {
            self.trouble(&at.source, trouble);
        }
        // That nothing came out is told by why it didn't.
        if is_broken && unzipped.bytes.is_empty() {
            return Recognised::Things;
        }
        match self.open(&at.below(), &unzipped.bytes) {
            found @ Recognised::Configuration { .. } => found,
            _ => Recognised::Things,
        }
    }

    fn tar(&mut self, at: &At, bytes: &[u8]) -> Recognised {
        if at.is_main {
            self.layer("tar", bytes.len() as u64);
        }
        let prefix = match at.within {
            Within::Input => String::new(),
            Within::Field if at.is_main => String::new(),
            Within::Field | Within::Archive => format!("{}/", at.source),
        };
        let mut visitor = InArchive {
            at,
            prefix,
            opener: self,
        };
        archive::read(bytes, &mut visitor);
        Recognised::Things
    }
}

/// Opens the entries of an archive.
struct InArchive<'o, 'a> {
    opener: &'o mut Opener<'a>,
    at: &'o At,
    /// What stands before the paths of an archive within another.
    prefix: String,
}

impl Visitor for InArchive<'_, '_> {
    fn entry(&mut self, head: Head, content: Result<&[u8], Refusal>) {
        let is_folder = head.form == EntryForm::Folder;
        let mut entry = EntryFound::new(&self.prefix, head);
        let index = self.opener.opened.entries.len();
        // It stands before what is within it.
        self.opener.opened.entries.push(entry.clone());
        match content {
            Err(refusal) => {
                entry.content = Content::Refused;
                entry.refused = Some(refusal);
            }
            Ok(_) if is_folder => entry.content = Content::Folder,
            Ok(bytes) => {
                let (content, is_secret) = self.opener.entry(self.at, &entry.path, bytes);
                entry.content = content;
                entry.sha256 = (!is_secret).then(|| sha256(bytes));
            }
        }
        self.opener.opened.entries[index] = entry;
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.opener.trouble(&self.at.source, trouble);
    }

    fn budget(&mut self) -> &mut Budget {
        &mut self.opener.budget
    }
}

impl Opener<'_> {
    /// What an entry is, and whether its digest would tell something secret.
    fn entry(&mut self, archive: &At, path: &str, bytes: &[u8]) -> (Content, bool) {
        let at = At {
            source: path.to_owned(),
            is_main: false,
            within: Within::Archive,
            depth: archive.depth + 1,
        };
        let before = [
            self.opened.certificates.len(),
            self.opened.keys.len(),
            self.opened.locked.len(),
        ];
        let recognised = self.open(&at, bytes);
        let certificates = self.opened.certificates.len() - before[0];
        let keys = &self.opened.keys[before[1]..];
        let has_private = keys.iter().any(|key| key.private);
        let content = if has_private {
            Content::PrivateKey
        } else if self.opened.locked.len() > before[2] {
            Content::EncryptedKey
        } else if certificates > 1 {
            Content::Certificates
        } else if certificates == 1 {
            Content::Certificate
        } else if !keys.is_empty() {
            Content::PublicKey
        } else {
            match recognised {
                Recognised::Configuration { .. } => Content::Configuration,
                Recognised::Text => Content::Text,
                Recognised::Things | Recognised::Unknown => Content::Unknown,
            }
        };
        // What isn't shown could be guessed by its digest.
        let masked = matches!(
            recognised,
            Recognised::Configuration { masked: true } | Recognised::Text
        );
        (content, has_private || masked)
    }
}

/// What is known by its first bytes and isn't read.
fn magic(bytes: &[u8]) -> Option<Foreign> {
    const KNOWN: [(&[u8], Foreign); 13] = [
        (b"PK\x03\x04", Foreign::Zip),
        (b"PK\x05\x06", Foreign::Zip),
        (b"7z\xbc\xaf\x27\x1c", Foreign::SevenZip),
        (b"Rar!\x1a\x07", Foreign::Rar),
        (b"BZh", Foreign::Bzip2),
        (b"\xfd7zXZ\x00", Foreign::Xz),
        (b"\x28\xb5\x2f\xfd", Foreign::Zstandard),
        (b"%PDF-", Foreign::Pdf),
        (b"\x7fELF", Foreign::Program),
        (b"MZ\x90\x00", Foreign::Program),
        (b"\xfe\xed\xfe\xed", Foreign::JavaKeyStore),
        (b"\xce\xce\xce\xce", Foreign::JavaKeyStore),
        (b"\xcf\xfa\xed\xfe", Foreign::Program),
    ];
    let mut known = KNOWN.iter();
    known.find_map(|(magic, foreign)| bytes.starts_with(magic).then_some(*foreign))
}
