//! Certificates and keys: from DER to facts.

use zeroize::Zeroizing;

use super::ber;
use super::encryption::{Attempt, Method, Obstacle, Passphrase, method_name};
use super::layers::Opener;
use super::pem::{self, Content};
use super::pkcs7::{self, Envelope};
use super::pkcs12;
use super::structure::{self, Structure};
use super::trouble::{Convert, Foreign, Trouble};
use super::wiped::{self, Wiped};
use crate::inspect::der::{NotDer, tag, whole};
use crate::inspect::key::{self, KeyFacts, KeyTrouble};
use crate::inspect::material::{CertificateFound, KeyForm, KeyFound};

/// A key, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyOpened {
    /// Path in the archive, field of the answer, or name of the input.
    pub(crate) source: String,
    /// Whether it is a private key.
    pub(crate) private: bool,
    /// What may be known of it.
    pub(crate) facts: Result<KeyFacts, KeyTrouble>,
}

/// A key or a store that no passphrase has opened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Locked {
    /// Path in the archive, field of the answer, or name of the input.
    pub(crate) source: String,
    /// What it is.
    pub(crate) form: LockedForm,
}

/// What is locked. The bytes are useless without the passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LockedForm {
    /// An encrypted key, PKCS#8.
    Key(Vec<u8>),
    /// A PKCS#12 store.
    Store(Vec<u8>),
    /// A key that is locked in a way that is not supported.
    Unsupported,
}

impl Locked {
    /// Whether a passphrase would open it.
    pub(crate) fn is_openable(&self) -> bool {
        self.form != LockedForm::Unsupported
    }
}

/// How a structure was wrapped, as a report names it.
const DER: &str = "der";

impl Opener<'_> {
    /// All blocks of a PEM text.
    pub(super) fn pem(&mut self, source: &str, is_main: bool, text: &[u8]) {
        let mut size = 0;
        for block in pem::blocks(text) {
            match block.content {
                Err(trouble) => self.trouble(source, trouble),
                Ok(Content::LegacyEncryption(method)) => {
                    self.cannot_unlock(source, Obstacle::Unsupported(method), Convert::Key);
                }
                Ok(Content::Der(der)) => {
                    size += der.len() as u64;
                    self.block(source, &block.label, &der);
                }
            }
        }
        if is_main {
            self.layer("pem", size);
        }
    }

    fn block(&mut self, source: &str, label: &str, der: &[u8]) {
        let expected: &[Structure] = match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => &[Structure::Certificate],
            "PRIVATE KEY" => &[Structure::Pkcs8],
            "ENCRYPTED PRIVATE KEY" => &[Structure::EncryptedPkcs8],
            "RSA PRIVATE KEY" => &[Structure::Pkcs1],
            "EC PRIVATE KEY" => &[Structure::Sec1],
            "DSA PRIVATE KEY" => &[Structure::Dsa],
            "PUBLIC KEY" => &[Structure::Spki],
            "RSA PUBLIC KEY" => &[Structure::Pkcs1Public],
            "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => &[Structure::Pkcs7],
            "PKCS12" => &[Structure::Pkcs12],
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => &[Structure::SigningRequest],
            "X509 CRL" => &[Structure::RevocationList],
            "EC PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" | "DSA PARAMETERS" => return,
            "OPENSSH PRIVATE KEY" => return self.foreign(source, Foreign::OpenSshPrivateKey),
            "SSH2 PUBLIC KEY" => return self.foreign(source, Foreign::OpenSshPublicKey),
            _ if label.starts_with("PGP ") => return self.foreign(source, Foreign::Pgp),
            _ => &[],
        };
        let label = label.to_owned();
        if expected.is_empty() {
            self.trouble(source, Trouble::PemUnknown { label });
            return;
        }
        // What OpenSSL trusts a certificate for follows it, and is no part of it.
        let trusted = (label == "TRUSTED CERTIFICATE").then(|| structure::first(der));
        let der = match trusted {
            Some(Ok(certificate)) => certificate.raw,
            Some(Err(_)) | None => der,
        };
        match self.der(source, der) {
            // What it holds decides; that its label lies is worth a word.
            Some(found) if !expected.contains(&found) && found != Structure::Other => {
                self.trouble(source, Trouble::PemMislabelled { label });
            }
            Some(_) | None => {}
        }
    }

    /// Structures one after the other, with the layer they are.
    pub(super) fn der_layer(&mut self, source: &str, is_main: bool, bytes: &[u8]) {
        let form = match self.der(source, bytes) {
            Some(Structure::Pkcs7) => "pkcs7",
            Some(Structure::Pkcs12) => "pkcs12",
            _ => DER,
        };
        if is_main {
            self.layer(form, bytes.len() as u64);
        }
    }

    /// Structures one after the other. What the first one is.
    fn der(&mut self, source: &str, bytes: &[u8]) -> Option<Structure> {
        if ber::is_open(bytes) {
            let Some((closed, read)) = ber::to_der(bytes) else {
                self.trouble(source, Trouble::DerDamaged);
                return None;
            };
            self.trailing(source, &bytes[read..]);
            return self.der(source, &closed);
        }
        let mut first = None;
        let mut rest = bytes;
        while !rest.is_empty() {
            let Ok(element) = structure::first(rest) else {
                let trouble = if first.is_some() {
                    self.trailing(source, rest);
                    break;
                } else if structure::is_cut(rest) {
                    Trouble::DerTruncated
                } else {
                    Trouble::DerDamaged
                };
                self.trouble(source, trouble);
                break;
            };
            let found = structure::recognise(element);
            if found == Structure::Other && first.is_some() {
                self.trailing(source, rest);
                break;
            }
            first = first.or(Some(found));
            if self.structure(source, found, element.raw).is_err() {
                self.trouble(source, Trouble::DerDamaged);
            }
            rest = &rest[element.raw.len()..];
        }
        first
    }

    fn trailing(&mut self, source: &str, rest: &[u8]) {
        // A line break at the end is a matter of editors.
        if !rest.trim_ascii().is_empty() {
            let count = rest.len() as u64;
            self.trouble(source, Trouble::TrailingBytes { count });
        }
    }

    fn structure(&mut self, source: &str, found: Structure, der: &[u8]) -> Result<(), NotDer> {
        match found {
            Structure::Certificate => self.certificate(source, der),
            Structure::Pkcs8 => self.key(source, KeyForm::Pkcs8, wiped::copy(der)),
            Structure::Pkcs1 => self.key(source, KeyForm::Pkcs1, wiped::copy(der)),
            Structure::Sec1 => self.key(source, KeyForm::Sec1, wiped::copy(der)),
            Structure::Spki => self.key(source, KeyForm::Spki, wiped::copy(der)),
            Structure::Pkcs1Public => {
                let spki = Zeroizing::new(structure::spki_of_rsa(der));
                self.key(source, KeyForm::Spki, spki);
            }
            Structure::EncryptedPkcs8 => self.locked_key(source, der)?,
            Structure::Pkcs12 => self.store(source, der)?,
            Structure::Pkcs7 => match pkcs7::read(der)? {
                Envelope::Certificates(certificates) => {
                    for der in certificates {
                        self.certificate(source, &der);
                    }
                }
                Envelope::Other(kind) => {
                    let method = method_name(&kind);
                    let convert = Convert::Store;
                    self.trouble(source, Trouble::Unsupported { method, convert });
                }
            },
            Structure::SigningRequest => self.foreign(source, Foreign::SigningRequest),
            Structure::RevocationList => self.foreign(source, Foreign::RevocationList),
            Structure::Dsa => {
                let algorithm = "DSA".to_owned();
                self.trouble(source, Trouble::UnsupportedKey { algorithm });
            }
            Structure::Parameters => {}
            Structure::Other => self.trouble(source, Trouble::Unknown),
        }
        Ok(())
    }

    fn certificate(&mut self, source: &str, der: &[u8]) {
        if self.take_thing(source) {
            self.opened.certificates.push(CertificateFound {
                source: source.to_owned(),
                der: der.to_vec(),
            });
        }
    }

    fn key(&mut self, source: &str, form: KeyForm, der: Wiped) {
        let is_private = form != KeyForm::Spki;
        let taken = if is_private {
            self.budget.take_private_key()
        } else {
            self.budget.take_thing()
        };
        if !self.is_taken(source, taken) {
            return;
        }
        let found = KeyFound {
            source: source.to_owned(),
            form,
            der,
        };
        self.opened.keys.push(KeyOpened {
            private: is_private,
            facts: key::read(&found),
            source: found.source,
        });
    }

    fn locked_key(&mut self, source: &str, der: &[u8]) -> Result<(), NotDer> {
        let mut parts = whole(der, tag::SEQUENCE)?.inside();
        let algorithm = parts.expect(tag::SEQUENCE)?;
        let content = parts.expect(tag::OCTET_STRING)?.value;
        let method = match Method::read(algorithm)? {
            Ok(method) => method,
            Err(obstacle) => {
                self.cannot_unlock(source, obstacle, Convert::Key);
                return Ok(());
            }
        };
        if let Err(obstacle) = method.check(&self.budget) {
            self.cannot_unlock(source, obstacle, Convert::Key);
            return Ok(());
        }
        let passphrases = self.passphrases;
        for passphrase in passphrases {
            let passphrase = Passphrase::Given(passphrase);
            match method.unlock(content, passphrase, &mut self.budget) {
                Attempt::Open(key) => {
                    let is_key = whole(&key, tag::SEQUENCE)
                        .is_ok_and(|key| structure::recognise(key) == Structure::Pkcs8);
                    // Padding is right by chance once in 256 times.
                    if is_key {
                        self.key(source, KeyForm::Pkcs8, key);
                        return Ok(());
                    }
                }
                Attempt::Wrong => {}
                Attempt::Impossible(obstacle) => {
                    self.cannot_unlock(source, obstacle, Convert::Key);
                    return Ok(());
                }
            }
        }
        self.lock(source, LockedForm::Key(der.to_vec()));
        Ok(())
    }

    fn store(&mut self, source: &str, der: &[u8]) -> Result<(), NotDer> {
        let given = self.passphrases.iter();
        let given = given.map(|passphrase| Passphrase::Given(passphrase));
        let passphrases: Vec<_> = [Passphrase::Given(""), Passphrase::Absent]
            .into_iter()
            .chain(given)
            .collect();
        let store = pkcs12::read(der, &passphrases, &mut self.budget)?;
        for certificate in store.certificates {
            // When it is opened for the second time, some of them were found already.
            let mut found = self.opened.certificates.iter();
            if !found.any(|found| found.source == source && found.der == certificate) {
                self.certificate(source, &certificate);
            }
        }
        for key in store.keys {
            self.key(source, KeyForm::Pkcs8, key);
        }
        if store.others > 0 {
            self.trouble(source, Trouble::OtherContent);
        }
        match store.obstacle {
            Some(obstacle) => self.cannot_unlock(source, obstacle, Convert::Store),
            None if store.locked => self.lock(source, LockedForm::Store(der.to_vec())),
            None => {}
        }
        Ok(())
    }

    fn lock(&mut self, source: &str, form: LockedForm) {
        if !self.passphrases.is_empty() {
            self.trouble(source, Trouble::WrongPassphrase);
        }
        if self.take_thing(source) {
            let source = source.to_owned();
            self.opened.locked.push(Locked { source, form });
        }
    }

    fn cannot_unlock(&mut self, source: &str, obstacle: Obstacle, convert: Convert) {
        let trouble = match obstacle {
            Obstacle::Unsupported(method) => Trouble::Unsupported { method, convert },
            Obstacle::TooCostly(method) => Trouble::DerivationTooCostly { method },
        };
        self.trouble(source, trouble);
        if self.take_thing(source) {
            self.opened.locked.push(Locked {
                source: source.to_owned(),
                form: LockedForm::Unsupported,
            });
        }
    }

    /// Tries the passphrases on something that was locked.
    pub(super) fn unlock(&mut self, locked: Locked) {
        let done = match &locked.form {
            LockedForm::Key(der) => self.locked_key(&locked.source, der),
            LockedForm::Store(der) => self.store(&locked.source, der),
            LockedForm::Unsupported => {
                self.opened.locked.push(locked);
                return;
            }
        };
        // It was read once already.
        debug_assert_eq!(done, Ok(()), "what was locked can be read");
    }

    fn take_thing(&mut self, source: &str) -> bool {
        let taken = self.budget.take_thing();
        self.is_taken(source, taken)
    }

    /// Whether one more certificate or key is looked at. Says so once where not.
    fn is_taken(&mut self, source: &str, taken: Result<(), Trouble>) -> bool {
        let Err(trouble) = taken else {
            return true;
        };
        if !self
            .opened
            .troubles
            .iter()
            .any(|told| told.trouble == trouble)
        {
            self.trouble(source, trouble);
        }
        false
    }
}
