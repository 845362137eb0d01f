//! Certificates and keys: from DER to facts.

use zeroize::Zeroizing;

use super::ber;
use super::encryption::method_name;
use super::layers::Opener;
use super::pem::{self, Content};
use super::pkcs7::{self, Envelope};
use super::structure::{self, Structure};
use super::trouble::{Convert, Foreign, Trouble};
use super::wiped::{self, Wiped};
use crate::inspect::der::NotDer;
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

/// Larger than any certificate, key or store.
const LARGEST: usize = 1 << 20;

/// How a structure was wrapped, as a report names it.
const DER: &str = "der";

impl Opener<'_> {
    /// All blocks of a PEM text.
    pub(super) fn pem(&mut self, source: &str, is_main: bool, text: &[u8]) {
        let mut size = 0;
        for block in pem::blocks(text) {
            match block.content {
                Err(trouble) => self.trouble(source, trouble),
                Ok(Content::Legacy(key)) => {
                    size += key.size();
                    self.legacy_key(source, key);
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

    pub(super) fn structure(
        &mut self,
        source: &str,
        found: Structure,
        der: &[u8],
    ) -> Result<(), NotDer> {
        // What is larger is copied nowhere.
        if der.len() > LARGEST {
            let limit = LARGEST;
            self.trouble(source, Trouble::TotalTooLarge { limit });
            return Ok(());
        }
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
            Structure::Parameters | Structure::Other => self.trouble(source, Trouble::Unknown),
        }
        Ok(())
    }

    pub(super) fn certificate(&mut self, source: &str, der: &[u8]) {
        if self.take_thing(source) {
            self.opened.certificates.push(CertificateFound {
                source: source.to_owned(),
                der: der.to_vec(),
            });
        }
    }

    pub(super) fn key(&mut self, source: &str, form: KeyForm, der: Wiped) {
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

    pub(super) fn take_thing(&mut self, source: &str) -> bool {
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
