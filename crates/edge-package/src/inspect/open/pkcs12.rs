//! PKCS#12 (RFC 7292): certificates and keys in one store, locked by a passphrase.

use ring::{digest, hmac};
use zeroize::{Zeroize, Zeroizing};

use super::budget::Budget;
use super::encryption::{Attempt, Method, Obstacle, Passphrase, method_name};
use super::wiped::{self, Wiped};
use crate::inspect::der::{self, Element, NotDer, Reader, oid, small, tag};

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const BAGS: &str = "1.2.840.113549.1.12.10.1.";
const X509: &str = "1.2.840.113549.1.9.22.1";
/// Bags within bags.
const DEEPEST: usize = 4;

/// What a store gave.
#[derive(Default)]
pub(super) struct Store {
    /// Certificates, DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// Private keys, PKCS#8.
    pub(super) keys: Vec<Wiped>,
    /// Whether there is more that no passphrase opened, or the seal of what is open fits none.
    pub(super) locked: bool,
    /// Whether the store itself, as it came, shows a key or something else secret to whoever has no passphrase.
    pub(super) is_exposed: bool,
    /// Whether something came out that can't be read: by chance, where the passphrase is wrong, or because it is
    /// damaged, where the seal says that it is right.
    pub(super) is_damaged: bool,
    /// Whether a list of revoked certificates or something secret that is no key was left out.
    pub(super) others: usize,
    /// What is not supported, or would take too much.
    pub(super) obstacle: Option<Obstacle>,
}

/// Reads a store with the first of the passphrases that fits.
pub(super) fn read(
    store: &[u8],
    passphrases: &[Passphrase<'_>],
    budget: &mut Budget,
) -> Result<Store, NotDer> {
    let mut parts = der::whole(store, tag::SEQUENCE)?.inside();
    parts.expect(tag::INTEGER)?;
    let (kind, content) = content_info(parts.expect(tag::SEQUENCE)?)?;
    let mut found = Store::default();
    if kind != DATA {
        found.obstacle = Some(Obstacle::Unsupported(kind));
        return Ok(found);
    }
    let safe = content
        .ok_or(NotDer)?
        .inside()
        .expect(tag::OCTET_STRING)?
        .value;
    let mac = parts.optional(tag::SEQUENCE)?;
    let mut last = None;
    for &passphrase in passphrases {
        let mut is_proven = false;
        if let Some(mac) = mac {
            match proves(mac, safe, passphrase, budget)? {
                // What the content is locked with tells as well whether a passphrase fits.
                Proof::Right => is_proven = true,
                Proof::Unsupported => {}
                Proof::Wrong => continue,
                Proof::TooCostly(method) => {
                    found.obstacle = Some(Obstacle::TooCostly(method));
                    break;
                }
            }
        }
        let mut opened = contents(safe, Some(passphrase), budget)?;
        if opened.is_damaged && !is_proven {
            // Padding that is right by chance: the passphrase is wrong all the same.
            opened.is_damaged = false;
            opened.locked = true;
        }
        if opened.is_damaged || !opened.locked {
            return Ok(opened);
        }
        last = Some(opened);
    }
    // What isn't locked can be read without: certificates often.
    let clear = contents(safe, None, budget)?;
    let is_exposed = clear.is_exposed;
    let mut open = last.unwrap_or(clear);
    open.is_exposed = is_exposed;
    open.obstacle = found.obstacle.or(open.obstacle);
    open.locked |= open.obstacle.is_none() && mac.is_some();
    Ok(open)
}

fn content_info(info: Element<'_>) -> Result<(String, Option<Element<'_>>), NotDer> {
    let mut parts = info.inside();
    let kind = oid(parts.expect(tag::OID)?.value)?;
    Ok((kind, parts.optional(tag::within(0))?))
}

fn contents(
    safe: &[u8],
    passphrase: Option<Passphrase<'_>>,
    budget: &mut Budget,
) -> Result<Store, NotDer> {
    let mut found = Store::default();
    for info in der::whole(safe, tag::SEQUENCE)?.inside().all()? {
        let (kind, content) = content_info(info)?;
        let content = content.ok_or(NotDer)?;
        match kind.as_str() {
            DATA => {
                let bags = content.inside().expect(tag::OCTET_STRING)?.value;
                found.bags(bags, passphrase, budget, DEEPEST)?;
            }
            ENCRYPTED_DATA => {
                let mut parts = content.inside().expect(tag::SEQUENCE)?.inside();
                parts.expect(tag::INTEGER)?;
                let mut parts = parts.expect(tag::SEQUENCE)?.inside();
                parts.expect(tag::OID)?;
                let algorithm = parts.expect(tag::SEQUENCE)?;
                let Some(locked) = encrypted_content(&mut parts)? else {
                    continue;
                };
                if let Some(bags) = found.unlock(algorithm, &locked, passphrase, budget)?
                    && found.bags(&bags, passphrase, budget, DEEPEST).is_err()
                {
                    found.is_damaged = true;
                }
            }
            other => found.obstacle = Some(Obstacle::Unsupported(method_name(other))),
        }
    }
    Ok(found)
}

/// A string under a tag of its own, which BER may have cut into parts.
fn encrypted_content(parts: &mut Reader<'_>) -> Result<Option<Vec<u8>>, NotDer> {
    if let Some(whole) = parts.optional(tag::context(0))? {
        return Ok(Some(whole.value.to_vec()));
    }
    let Some(cut) = parts.optional(tag::within(0))? else {
        return Ok(None);
    };
    let mut whole = Vec::new();
    for part in cut.inside().all()? {
        whole.extend_from_slice(part.value);
    }
    Ok(Some(whole))
}

impl Store {
    fn unlock(
        &mut self,
        algorithm: Element<'_>,
        locked: &[u8],
        passphrase: Option<Passphrase<'_>>,
        budget: &mut Budget,
    ) -> Result<Option<Wiped>, NotDer> {
        let method = match Method::read(algorithm)? {
            Ok(method) => method,
            Err(obstacle) => {
                self.obstacle = Some(obstacle);
                return Ok(None);
            }
        };
        match passphrase.map(|passphrase| method.unlock(locked, passphrase, budget)) {
            Some(Attempt::Open(content)) => return Ok(Some(content)),
            Some(Attempt::Impossible(obstacle)) => self.obstacle = Some(obstacle),
            Some(Attempt::Wrong) | None => self.locked = true,
        }
        Ok(None)
    }

    fn bags(
        &mut self,
        bags: &[u8],
        passphrase: Option<Passphrase<'_>>,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<(), NotDer> {
        let depth = depth.checked_sub(1).ok_or(NotDer)?;
        for bag in der::whole(bags, tag::SEQUENCE)?.inside().all()? {
            let mut parts = bag.inside();
            let kind = oid(parts.expect(tag::OID)?.value)?;
            let content = parts.expect(tag::within(0))?;
            match kind.strip_prefix(BAGS) {
                Some("1") => {
                    self.is_exposed = true;
                    self.keys.push(wiped::copy(content.value));
                }
                Some("2") => {
                    let mut parts = content.inside().expect(tag::SEQUENCE)?.inside();
                    let algorithm = parts.expect(tag::SEQUENCE)?;
                    let locked = parts.expect(tag::OCTET_STRING)?.value;
                    if let Some(key) = self.unlock(algorithm, locked, passphrase, budget)? {
                        if der::whole(&key, tag::SEQUENCE).is_ok() {
                            self.keys.push(key);
                        } else {
                            self.is_damaged = true;
                        }
                    }
                }
                Some("3") => {
                    let mut parts = content.inside().expect(tag::SEQUENCE)?.inside();
                    let kind = oid(parts.expect(tag::OID)?.value)?;
                    let certificate = parts.expect(tag::within(0))?;
                    if kind == X509 {
                        let der = certificate.inside().expect(tag::OCTET_STRING)?.value;
                        self.certificates.push(der.to_vec());
                    } else {
                        self.others += 1;
                    }
                }
                Some("6") => self.bags(content.value, passphrase, budget, depth)?,
                Some("4") => self.others += 1,
                _ => {
                    self.is_exposed = true;
                    self.others += 1;
                }
            }
        }
        Ok(())
    }
}

enum Proof {
    Right,
    Wrong,
    Unsupported,
    TooCostly(String),
}

/// Whether a passphrase is the one that the store was sealed with.
fn proves(
    mac: Element<'_>,
    content: &[u8],
    passphrase: Passphrase<'_>,
    budget: &mut Budget,
) -> Result<Proof, NotDer> {
    let mut parts = mac.inside();
    let mut info = parts.expect(tag::SEQUENCE)?.inside();
    let name = oid(info.expect(tag::SEQUENCE)?.inside().expect(tag::OID)?.value)?;
    let expected = info.expect(tag::OCTET_STRING)?.value;
    let salt = parts.expect(tag::OCTET_STRING)?.value;
    let rounds = match parts.optional(tag::INTEGER)? {
        Some(rounds) => small(rounds)?,
        None => 1,
    };
    let digest = match name.as_str() {
        "1.3.14.3.2.26" => Digest::Sha1,
        "2.16.840.1.101.3.4.2.1" => Digest::Sha256,
        "2.16.840.1.101.3.4.2.2" => Digest::Sha384,
        "2.16.840.1.101.3.4.2.3" => Digest::Sha512,
        _ => return Ok(Proof::Unsupported),
    };
    if !budget.take_rounds(u64::from(rounds)) {
        return Ok(Proof::TooCostly(format!("PKCS#12, {rounds} rounds")));
    }
    let length = digest.algorithm().output_len();
    let key = derive(passphrase, salt, rounds, Purpose::Seal, length, digest);
    let key = hmac::Key::new(digest.sealing(), &key);
    Ok(match hmac::verify(&key, content, expected) {
        Ok(()) => Proof::Right,
        Err(_) => Proof::Wrong,
    })
}

/// What a key is derived for (RFC 7292, B.3).
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    FirstBlock = 2,
    Seal = 3,
}

/// Digests that stores are sealed with.
#[derive(Clone, Copy)]
pub(super) enum Digest {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    fn sealing(self) -> hmac::Algorithm {
        match self {
            Self::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha384 => hmac::HMAC_SHA384,
            Self::Sha512 => hmac::HMAC_SHA512,
        }
    }
}

/// Derives a key as PKCS#12 does (RFC 7292, B.2). The names of the buffers are those of that text.
pub(super) fn derive(
    passphrase: Passphrase<'_>,
    salt: &[u8],
    rounds: u32,
    purpose: Purpose,
    length: usize,
    digest: Digest,
) -> Wiped {
    let algorithm = digest.algorithm();
    let v = algorithm.block_len();
    let password = wide(passphrase);
    let filled = |source: &[u8]| source.len().div_ceil(v) * v;
    let mut i = wiped::room(filled(salt) + filled(&password));
    i.extend(salt.iter().cycle().take(filled(salt)));
    i.extend(password.iter().cycle().take(filled(&password)));
    let d = vec![purpose as u8; v];
    let mut out = wiped::room(length + algorithm.output_len());
    loop {
        let mut context = digest::Context::new(algorithm);
        context.update(&d);
        context.update(&i);
        let mut a = context.finish();
        for _ in 1..rounds {
            a = digest::digest(algorithm, a.as_ref());
        }
        out.extend_from_slice(a.as_ref());
        if out.len() >= length {
            out.truncate(length);
            return out;
        }
        let mut b: Zeroizing<Vec<u8>> = wiped::room(v);
        b.extend(a.as_ref().iter().cycle().take(v));
        for block in i.chunks_exact_mut(v) {
            // Each block becomes itself plus B plus one, as one large number.
            let mut carry = 1_u16;
            for (digit, added) in block.iter_mut().zip(b.iter()).rev() {
                carry += u16::from(*digit) + u16::from(*added);
                *digit = (carry & 0xff) as u8;
                carry >>= 8;
            }
        }
        b.zeroize();
    }
}

/// The passphrase in UTF-16 with a zero at the end.
fn wide(passphrase: Passphrase<'_>) -> Wiped {
    let Passphrase::Given(passphrase) = passphrase else {
        return wiped::room(0);
    };
    let mut wide = wiped::room(passphrase.len() * 2 + 2);
    for unit in passphrase.encode_utf16() {
        wide.extend(unit.to_be_bytes());
    }
    wide.extend([0, 0]);
    wide
}
