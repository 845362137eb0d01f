//! Chains: who signed whom among all certificates that were found, by names, key identifiers and signatures.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::certificate::Facts;
use super::key::Signed;
use super::signature;

/// Signatures that are verified for one input, those of long keys counting as several. Honest packages need a handful;
/// hundreds of certificates of one name would keep the console busy for minutes.
const MOST: u32 = 500;
/// Certificates that are gone through for one chain, where CAs signed each other crosswise.
const MOST_STEPS: u32 = 200;

/// What is known of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It was verified, or can't be.
    Tried(Signed),
    /// Too many others were verified before.
    NotTried,
}

/// Who signed whom. Each signature is verified once.
pub(crate) struct Signatures<'a, 'b> {
    all: &'b [Facts<'a>],
    /// Subject and issuer of each, written so that the same names are the same.
    names: Vec<[String; 2]>,
    told: RefCell<BTreeMap<(usize, usize), Told>>,
    left: Cell<u32>,
    /// The time at which chains should hold.
    at: i64,
}

impl<'a, 'b> Signatures<'a, 'b> {
    /// Among these certificates, at a time.
    pub(crate) fn new(all: &'b [Facts<'a>], at: i64) -> Self {
        let names = all
            .iter()
            .map(|facts| [facts.subject.folded(), facts.issuer.folded()]);
        Self {
            all,
            names: names.collect(),
            told: RefCell::new(BTreeMap::new()),
            left: Cell::new(MOST),
            at,
        }
    }

    /// Whether a certificate bears the signature of another one's key.
    fn signed_by(&self, child: usize, issuer: usize) -> Told {
        let known = self.told.borrow().get(&(child, issuer)).copied();
        known.unwrap_or_else(|| {
            let told = self.verify(&self.all[child], &self.all[issuer]);
            self.told.borrow_mut().insert((child, issuer), told);
            told
        })
    }

    fn verify(&self, facts: &Facts<'_>, issuer: &Facts<'_>) -> Told {
        let Some(key) = &issuer.key else {
            return Told::Tried(Signed::Unknown);
        };
        let Some(left) = self.left.get().checked_sub(signature::work(key)) else {
            return Told::NotTried;
        };
        self.left.set(left);
        Told::Tried(signature::verify(
            &facts.scheme,
            key,
            facts.signed,
            facts.signature,
        ))
    }

    /// Those that the issuer's name names, the likeliest first: whose key identifier fits, that may sign, and that
    /// end last.
    fn named(&self, child: usize) -> Vec<usize> {
        let facts = &self.all[child];
        let [_, issuer] = &self.names[child];
        let mut named: Vec<usize> = (0..self.all.len())
            .filter(|place| self.names[*place][0] == *issuer && self.all[*place].der != facts.der)
            .collect();
        named.sort_by_key(|place| {
            let candidate = &self.all[*place];
            (
                key_id(facts, candidate),
                !candidate.is_ca(),
                std::cmp::Reverse(candidate.not_after),
                *place,
            )
        });
        named
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
    /// Too many certificates have the issuer's name to try each.
    TooMany,
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
    /// The chain that begins with a certificate. Of several, one that ends with a root and in which nothing is wrong.
    pub(crate) fn of(own: usize, signatures: &Signatures<'_, '_>) -> Self {
        let mut search = Search {
            signatures,
            links: vec![own],
            untold: Vec::new(),
            left: MOST_STEPS,
            best: None,
        };
        search.go_on();
        search.best.map_or_else(
            || Self {
                links: vec![own],
                untold: Vec::new(),
                end: End::TooMany,
            },
            |(_, chain)| chain,
        )
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

/// The search for a chain: to the end of each way, until one is found in which nothing is wrong.
struct Search<'s, 'a, 'b> {
    signatures: &'s Signatures<'a, 'b>,
    links: Vec<usize>,
    untold: Vec<usize>,
    left: u32,
    /// The best chain until now, and how bad it is.
    best: Option<(u32, Chain)>,
}

impl Search<'_, '_, '_> {
    /// Goes on from the last link. Whether nothing better can be found.
    fn go_on(&mut self) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return true;
        };
        self.left = left;
        let signatures = self.signatures;
        let child = self.links[self.links.len() - 1];
        let is_self_issued = signatures.is_self_issued(child);
        let by_itself = is_self_issued.then(|| signatures.signed_by(child, child));
        if by_itself == Some(Told::Tried(Signed::Right)) {
            return self.end(End::Root);
        }
        let named = signatures.named(child);
        let (mut is_found, mut untold) = (false, None);
        let mut is_untried = by_itself == Some(Told::NotTried);
        for place in &named {
            match signatures.signed_by(child, *place) {
                Told::Tried(Signed::Right) => {
                    is_found = true;
                    if self.go_to(*place) {
                        return true;
                    }
                }
                Told::Tried(Signed::Unknown) => untold = untold.or(Some(*place)),
                Told::Tried(Signed::Wrong) => {}
                Told::NotTried => is_untried = true,
            }
        }
        if is_found {
            return false;
        }
        if is_untried {
            return self.end(End::TooMany);
        }
        // What can't be verified is taken for what it says.
        let place = match (by_itself, untold) {
            (Some(Told::Tried(Signed::Unknown)), _) => None,
            (_, Some(place)) => Some(place),
            _ => return self.end(self.without(child, &named)),
        };
        self.untold.push(child);
        let is_done = match place {
            None => self.end(End::Root),
            Some(place) => self.go_to(place),
        };
        self.untold.pop();
        is_done
    }

    fn go_to(&mut self, place: usize) -> bool {
        let all = self.signatures.all;
        let mut links = self.links.iter();
        if links.any(|link| all[*link].der == all[place].der) {
            return self.end(End::Circle);
        }
        self.links.push(place);
        let is_done = self.go_on();
        self.links.pop();
        is_done
    }

    /// How it ends with a certificate that none of those with the right name signed.
    fn without(&self, child: usize, named: &[usize]) -> End {
        let signatures = self.signatures;
        let all = signatures.all;
        if signatures.is_self_issued(child) {
            return End::FalseRoot;
        }
        if let Some(candidate) = named.first() {
            let mismatch = match key_id(&all[child], &all[*candidate]) {
                KeyId::Same | KeyId::NotTold => Mismatch::Signature,
                KeyId::Other => Mismatch::KeyId,
            };
            return End::WrongCa {
                candidate: *candidate,
                mismatch,
            };
        }
        let signer = (0..all.len())
            .filter(|place| all[*place].is_ca() && all[*place].der != all[child].der)
            .find(|place| signatures.signed_by(child, *place) == Told::Tried(Signed::Right));
        match signer {
            Some(candidate) => End::OtherName { candidate },
            None => End::Missing,
        }
    }

    /// Takes the chain as it is, if it is better than the best. Whether nothing better can be found.
    fn end(&mut self, end: End) -> bool {
        let faults = if end == End::Root {
            u32::from(!self.untold.is_empty()) + 2 * u32::from(self.has_faults())
        } else {
            4
        };
        if self.best.as_ref().is_none_or(|(best, _)| faults < *best) {
            let chain = Chain {
                links: self.links.clone(),
                untold: self.untold.clone(),
                end,
            };
            self.best = Some((faults, chain));
        }
        faults == 0
    }

    /// Whether one of the CAs doesn't hold or may not sign, or something below the root is signed weakly.
    fn has_faults(&self) -> bool {
        let at = self.signatures.at;
        let mut pairs = self.links.windows(2);
        pairs.any(|pair| {
            let [below, above] = [pair[0], pair[1]].map(|place| &self.signatures.all[place]);
            let holds = above.not_before.is_some_and(|it| it <= at)
                && above.not_after.is_some_and(|it| at <= it);
            !holds
                || !above.is_ca()
                || !above.may_sign_certificates()
                || key_id(below, above) == KeyId::Other
                || below.scheme.is_weak()
        })
    }
}

/// What key identifiers tell of whether one signed another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum KeyId {
    Same,
    NotTold,
    Other,
}

fn key_id(facts: &Facts<'_>, issuer: &Facts<'_>) -> KeyId {
    match (facts.rights.issuer_key_id, issuer.rights.key_id) {
        (Some(asked), Some(given)) if asked == given => KeyId::Same,
        (Some(_), Some(_)) => KeyId::Other,
        _ => KeyId::NotTold,
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

    /// Some time at which all that is made here holds.
    fn now() -> i64 {
        1_795_392_000
    }

    #[track_caller]
    fn check(certificates: &[&Made], links: &[usize], end: &End) {
        let all: Vec<Facts<'_>> = certificates
            .iter()
            .map(|made| Facts::read("a.crt", &made.der).unwrap())
            .collect();
        let chain = Chain::of(0, &Signatures::new(&all, now()));
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
        let signatures = Signatures::new(&all, now());
        let chains: Vec<Chain> = (0..all.len())
            .map(|it| Chain::of(it, &signatures))
            .collect();
        assert_eq!(signatures.left.get(), 0);
        assert!(signatures.told.borrow().len() as u32 >= MOST);
        assert!(chains[0].untold.is_empty() && chains[0].end == End::FalseRoot);
        // What was not tried is not taken for right.
        assert_eq!(chains[39].end, End::TooMany);
        assert!(chains.iter().all(|chain| chain.untold.is_empty()));
    }
}
