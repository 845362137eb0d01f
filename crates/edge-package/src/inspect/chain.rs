//! Chains: who signed whom among all certificates that were found, by names, key identifiers and signatures.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::certificate::Facts;
use super::key::Signed;
use super::signature;

/// Signatures that are verified for one input, those of long keys counting as several. Honest packages need a handful;
/// hundreds of certificates of one name would keep the console busy for minutes.
const MOST: u32 = 500;

/// Who signed whom. Each signature is verified once.
pub(crate) struct Signatures<'a, 'b> {
    all: &'b [Facts<'a>],
    /// Subject and issuer of each, written so that the same names are the same.
    names: Vec<[String; 2]>,
    told: RefCell<BTreeMap<(usize, usize), Signed>>,
    left: Cell<u32>,
}

impl<'a, 'b> Signatures<'a, 'b> {
    /// Among these certificates.
    pub(crate) fn new(all: &'b [Facts<'a>]) -> Self {
        let names = all
            .iter()
            .map(|facts| [facts.subject.folded(), facts.issuer.folded()]);
        Self {
            all,
            names: names.collect(),
            told: RefCell::new(BTreeMap::new()),
            left: Cell::new(MOST),
        }
    }

    /// Whether a certificate bears the signature of another one's key.
    fn signed_by(&self, child: usize, issuer: usize) -> Signed {
        let known = self.told.borrow().get(&(child, issuer)).copied();
        known.unwrap_or_else(|| {
            let told = self.verify(&self.all[child], &self.all[issuer]);
            self.told.borrow_mut().insert((child, issuer), told);
            told
        })
    }

    fn verify(&self, facts: &Facts<'_>, issuer: &Facts<'_>) -> Signed {
        let Some(key) = &issuer.key else {
            return Signed::Unknown;
        };
        let Some(left) = self.left.get().checked_sub(signature::work(key)) else {
            return Signed::Unknown;
        };
        self.left.set(left);
        signature::verify(&facts.scheme, key, facts.signed, facts.signature)
    }

    fn is_self_issued(&self, place: usize) -> bool {
        let [subject, issuer] = &self.names[place];
        subject == issuer
    }
}

/// A certificate with those that lead from it to its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chain {
    /// Places of the certificates, the own one first.
    pub(crate) links: Vec<usize>,
    /// Signatures that could not be told, as places of those that bear them.
    pub(crate) untold: Vec<usize>,
    /// How it ends.
    pub(crate) end: End,
}

/// How a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// With a root, which signed itself.
    Root,
    /// The issuer is not there.
    Missing,
    /// A CA of the right name is there, but it isn't the one that signed.
    WrongCa {
        /// Its place.
        candidate: usize,
        /// What tells.
        mismatch: Mismatch,
    },
    /// One that is there signed it, but the issuer's name is another.
    OtherName {
        /// Its place.
        candidate: usize,
    },
    /// It names itself as its issuer and has not signed itself.
    FalseRoot,
    /// Each signed the other.
    Circle,
}

/// What tells that a CA is not the one that signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The identifier of its key is another.
    KeyId,
    /// The signature is not its.
    Signature,
}

impl Chain {
    /// The chain that begins with a certificate.
    pub(crate) fn of(own: usize, signatures: &Signatures<'_, '_>) -> Self {
        let mut chain = Self {
            links: vec![own],
            untold: Vec::new(),
            end: End::Circle,
        };
        let mut last = own;
        loop {
            match next(last, signatures) {
                Step::To(place, told) => {
                    if told == Signed::Unknown {
                        chain.untold.push(last);
                    }
                    if chain.links.contains(&place) {
                        return chain;
                    }
                    chain.links.push(place);
                    last = place;
                }
                Step::Root(told) => {
                    if told == Signed::Unknown {
                        chain.untold.push(last);
                    }
                    chain.end = End::Root;
                    return chain;
                }
                Step::End(end) => {
                    chain.end = end;
                    return chain;
                }
            }
        }
    }

    /// The certificate it begins with.
    pub(crate) fn own(&self) -> usize {
        self.links[0]
    }

    /// The CAs in it, the nearest first.
    pub(crate) fn authorities(&self) -> &[usize] {
        &self.links[1..]
    }

    /// The last certificate in it.
    pub(crate) fn last(&self) -> usize {
        self.links[self.links.len() - 1]
    }
}

enum Step {
    To(usize, Signed),
    Root(Signed),
    End(End),
}

fn next(child: usize, signatures: &Signatures<'_, '_>) -> Step {
    let all = signatures.all;
    let facts = &all[child];
    let [_, issuer] = &signatures.names[child];
    let others = || (0..all.len()).filter(|place| all[*place].der != facts.der);
    let mut named: Vec<(usize, Signed)> = others()
        .filter(|place| signatures.names[*place][0] == *issuer)
        .map(|place| (place, signatures.signed_by(child, place)))
        .collect();
    if signatures.is_self_issued(child) {
        match signatures.signed_by(child, child) {
            Signed::Right => return Step::Root(Signed::Right),
            // What can't be verified is taken for what it says, unless another one signed it for sure.
            Signed::Unknown if !named.iter().any(|(_, told)| *told == Signed::Right) => {
                return Step::Root(Signed::Unknown);
            }
            Signed::Unknown | Signed::Wrong => {}
        }
    }
    // Of several that signed it, one that may, whose key identifier fits, and that ends last.
    named.sort_by_key(|(place, told)| {
        let candidate = &all[*place];
        (
            *told != Signed::Right,
            *told != Signed::Unknown,
            !candidate.is_ca(),
            !fits_key_id(facts, candidate),
            std::cmp::Reverse(candidate.not_after),
            *place,
        )
    });
    match named.first() {
        Some((place, told @ (Signed::Right | Signed::Unknown))) => Step::To(*place, *told),
        Some((candidate, Signed::Wrong)) if !signatures.is_self_issued(child) => {
            let mismatch = if fits_key_id(facts, &all[*candidate]) {
                Mismatch::Signature
            } else {
                Mismatch::KeyId
            };
            Step::End(End::WrongCa {
                candidate: *candidate,
                mismatch,
            })
        }
        _ if signatures.is_self_issued(child) => Step::End(End::FalseRoot),
        _ => {
            let signer = others()
                .filter(|place| all[*place].is_ca())
                .find(|place| signatures.signed_by(child, *place) == Signed::Right);
            Step::End(match signer {
                Some(candidate) => End::OtherName { candidate },
                None => End::Missing,
            })
        }
    }
}

/// Whether key identifiers don't speak against it.
fn fits_key_id(facts: &Facts<'_>, issuer: &Facts<'_>) -> bool {
    match (facts.rights.issuer_key_id, issuer.rights.key_id) {
        (Some(asked), Some(given)) => asked == given,
        _ => true,
    }
}

/// Pairs of different certificates with the same issuer and serial number.
pub(crate) fn same_serials(all: &[Facts<'_>]) -> Vec<(usize, usize)> {
    let issuers: Vec<String> = all.iter().map(|facts| facts.issuer.folded()).collect();
    let mut pairs = Vec::new();
    for one in 0..all.len() {
        for other in one + 1..all.len() {
            let (first, second) = (&all[one], &all[other]);
            let is_same = first.serial == second.serial && issuers[one] == issuers[other];
            if is_same && first.der != second.der {
                pairs.push((one, other));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

    use super::{Chain, End, MOST, Mismatch, Signatures, same_serials};
    use crate::inspect::certificate::Facts;

    struct Made {
        params: CertificateParams,
        key: KeyPair,
        der: Vec<u8>,
    }

    fn params(name: &str, is_ca: bool) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params
    }

    fn root(name: &str) -> Made {
        let (params, key) = (params(name, true), KeyPair::generate().unwrap());
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Made { params, key, der }
    }

    fn below(name: &str, is_ca: bool, issuer: &Made) -> Made {
        let (params, key) = (params(name, is_ca), KeyPair::generate().unwrap());
        let issuer = Issuer::from_params(&issuer.params, &issuer.key);
        let der = params.signed_by(&key, &issuer).unwrap().der().to_vec();
        Made { params, key, der }
    }

    #[track_caller]
    fn check(certificates: &[&Made], links: &[usize], end: &End) {
        let all: Vec<Facts<'_>> = certificates
            .iter()
            .map(|made| Facts::read("a.crt", &made.der).unwrap())
            .collect();
        let chain = Chain::of(0, &Signatures::new(&all));
        assert_eq!((&chain.links[..], &chain.end), (links, end));
        assert!(chain.untold.is_empty());
    }

    #[test]
    fn a_chain_is_built_whatever_the_order() {
        let top = root("root");
        let middle = below("middle", true, &top);
        let leaf = below("gw-1", false, &middle);
        check(&[&leaf, &middle, &top], &[0, 1, 2], &End::Root);
        check(&[&leaf, &top, &middle], &[0, 2, 1], &End::Root);
        check(&[&leaf, &middle], &[0, 1], &End::Missing);
        check(&[&leaf, &top], &[0], &End::Missing);
        check(&[&top], &[0], &End::Root);
    }

    #[test]
    fn a_ca_of_the_same_name_is_not_the_one_that_signed() {
        let (top, same_name) = (root("root"), root("root"));
        let leaf = below("gw-1", false, &top);
        check(&[&leaf, &same_name, &top], &[0, 2], &End::Root);
        let wrong = |mismatch| End::WrongCa {
            candidate: 1,
            mismatch,
        };
        check(&[&leaf, &same_name], &[0], &wrong(Mismatch::KeyId));
        // The right key identifier, and yet another key.
        let mut forged = root("root");
        forged.params.key_identifier_method = rcgen::KeyIdMethod::PreSpecified(key_id(&top.der));
        forged.der = forged
            .params
            .self_signed(&forged.key)
            .unwrap()
            .der()
            .to_vec();
        check(&[&leaf, &forged], &[0], &wrong(Mismatch::Signature));
    }

    fn key_id(der: &[u8]) -> Vec<u8> {
        let facts = Facts::read("a.crt", der).unwrap();
        facts.rights.key_id.unwrap().to_vec()
    }

    #[test]
    fn a_signer_of_another_name_and_a_false_root_are_named() {
        let top = root("root");
        let renamed = Made {
            der: params("other", true)
                .self_signed(&top.key)
                .unwrap()
                .der()
                .to_vec(),
            key: KeyPair::generate().unwrap(),
            params: params("other", true),
        };
        let leaf = below("gw-1", false, &top);
        check(&[&leaf, &renamed], &[0], &End::OtherName { candidate: 1 });
        let false_root = below("root", true, &top);
        check(&[&false_root], &[0], &End::FalseRoot);
        // One that another root of the same name signed is no false root: keys are renewed so.
        check(&[&false_root, &top], &[0, 1], &End::Root);
    }

    #[test]
    fn those_that_signed_each_other_don_t_go_round_for_ever() {
        let (one, other) = (root("one"), root("other"));
        let cross = |subject: &Made, issuer: &Made| Made {
            der: subject
                .params
                .signed_by(
                    &subject.key,
                    &Issuer::from_params(&issuer.params, &issuer.key),
                )
                .unwrap()
                .der()
                .to_vec(),
            key: KeyPair::generate().unwrap(),
            params: subject.params.clone(),
        };
        let (first, second) = (cross(&one, &other), cross(&other, &one));
        check(&[&first, &second], &[0, 1], &End::Circle);
    }

    #[test]
    fn serial_numbers_count_for_one_issuer() {
        let top = root("root");
        let with = |name: &str, serial: u64| {
            let mut leaf = params(name, false);
            leaf.serial_number = Some(rcgen::SerialNumber::from(serial));
            let key = KeyPair::generate().unwrap();
            let issuer = Issuer::from_params(&top.params, &top.key);
            leaf.signed_by(&key, &issuer).unwrap().der().to_vec()
        };
        let ders = [with("a", 5), with("b", 5), with("c", 6)];
        let all: Vec<Facts<'_>> = ders.iter().map(|it| Facts::read("", it).unwrap()).collect();
        assert_eq!(same_serials(&all), [(0, 1)]);
        let twice = [all[0].clone(), all[0].clone()];
        assert_eq!(same_serials(&twice), []);
    }

    #[test]
    fn hundreds_of_one_name_don_t_keep_anyone_busy() {
        let made: Vec<Made> = (0..40).map(|_| root("root")).collect();
        let mut all: Vec<Facts<'_>> = made
            .iter()
            .map(|made| Facts::read("a.crt", &made.der).unwrap())
            .collect();
        // None signed itself any more, so that each has to be tried with each.
        for place in 0..all.len() {
            let other = made[(place + 1) % made.len()].der.as_slice();
            all[place].signed = Facts::read("", other).unwrap().signed;
        }
        let signatures = Signatures::new(&all);
        let chains: Vec<Chain> = (0..all.len())
            .map(|it| Chain::of(it, &signatures))
            .collect();
        assert_eq!(signatures.left.get(), 0);
        assert!(signatures.told.borrow().len() as u32 >= MOST);
        assert!(chains[0].untold.is_empty() && chains[0].end == End::FalseRoot);
        assert!(chains.iter().any(|chain| !chain.untold.is_empty()));
    }
}
