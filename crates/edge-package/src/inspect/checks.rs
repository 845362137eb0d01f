//! The checks, one declaration each. Those that weigh most stand first.

use super::certificate::Facts;
use super::chain::Chain;
use super::known::Known;
use super::open::Opened;
use super::words::{Message, Title};
use crate::report::{Kind, Status};

mod authorities;
mod dates;
mod identity;
mod keys;
mod opening;
pub(crate) mod refusals;
mod troubles;
mod usage;

pub(crate) use identity::is_identifier;
pub(crate) use keys::same_key;

/// A check.
pub(crate) struct Check {
    /// Its title, by which it is also identified.
    pub(crate) title: Title,
    /// What it finds.
    pub(crate) run: fn(&Case<'_>) -> Vec<Outcome>,
}

/// All checks. Of two that ended alike, the one that stands first here weighs more.
pub(crate) const CHECKS: &[Check] = &[
    check(Title::Opens, opening::opens),
    check(Title::Entries, opening::entries),
    check(Title::Readable, authorities::readable),
    check(Title::KeyBelongs, keys::belongs),
    check(Title::Chain, authorities::chain),
    check(Title::Authority, authorities::may_sign),
    check(Title::Dates, dates::hold),
    check(Title::Usage, usage::fits),
    check(Title::Digest, authorities::digest),
    check(Title::KeyStrength, keys::strength),
    check(Title::Exists, identity::exists),
    check(Title::Current, identity::current),
    check(Title::Identity, identity::fits),
    check(Title::Locked, opening::locked),
    check(Title::EndsSoon, dates::soon),
    check(Title::Outlives, dates::outlives),
    check(Title::Serials, authorities::serials),
    check(Title::Permissions, opening::permissions),
    check(Title::Extra, authorities::extra),
    check(Title::Order, authorities::order),
];

const fn check(title: Title, run: fn(&Case<'_>) -> Vec<Outcome>) -> Check {
    Check { title, run }
}

/// How a check ended for one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// How.
    pub(crate) status: Status,
    /// What it is about. Empty: the whole.
    pub(crate) subject: String,
    /// Why.
    pub(crate) reason: Message,
    /// What to do.
    pub(crate) next: Option<Message>,
}

impl Outcome {
    fn new(status: Status, subject: &str, reason: Message) -> Self {
        Self {
            status,
            subject: subject.to_owned(),
            reason,
            next: None,
        }
    }

    /// It can't be used because of it.
    pub(crate) fn failed(subject: &str, reason: Message, next: Message) -> Self {
        Self::new(Status::Failed, subject, reason).with(next)
    }

    /// Something to know.
    pub(crate) fn warned(subject: &str, reason: Message, next: Message) -> Self {
        Self::new(Status::Warned, subject, reason).with(next)
    }

    /// As it should be.
    pub(crate) fn passed(subject: &str, reason: Message) -> Self {
        Self::new(Status::Passed, subject, reason)
    }

    /// There is nothing to check.
    pub(crate) fn not_applicable(reason: Message) -> Self {
        Self::new(Status::NotApplicable, "", reason)
    }

    fn with(mut self, next: Message) -> Self {
        self.next = Some(next);
        self
    }
}

/// What is judged.
pub(crate) struct Case<'a> {
    /// What was found.
    pub(crate) opened: &'a Opened,
    /// What the input is.
    pub(crate) kind: Kind,
    /// The time it is judged for.
    pub(crate) at: i64,
    /// Days before the end from which on it is told.
    pub(crate) lead_days: u32,
    /// What is known of it.
    pub(crate) known: Option<&'a Known>,
    /// The certificates that could be read.
    pub(crate) certificates: Vec<Facts<'a>>,
    /// Where something was given for a certificate and is none.
    pub(crate) unreadable: Vec<&'a str>,
    /// Places of the certificates that the input is for.
    pub(crate) own: Vec<usize>,
    /// The chain of each of these, or where there is none, of each certificate that signed no other.
    pub(crate) chains: Vec<Chain>,
    /// Places of the CAs that signed themselves.
    pub(crate) roots: Vec<usize>,
}

impl Case<'_> {
    /// Whether it is a package, of which it is known what belongs into it.
    pub(crate) fn is_package(&self) -> bool {
        matches!(
            self.kind,
            Kind::Node | Kind::NodeCertificate | Kind::GroupCertificate | Kind::Registration
        )
    }

    /// The certificates that count: the own ones with their chains.
    pub(crate) fn counted(&self) -> Vec<usize> {
        let mut counted = Vec::new();
        for place in self.chains.iter().flat_map(|chain| &chain.links) {
            if !counted.contains(place) {
                counted.push(*place);
            }
        }
        counted
    }
}
