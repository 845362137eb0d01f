//! What opening found: troubles, entries, permissions, locks.

use super::{Case, Outcome, refusals, troubles};
use crate::inspect::open::{Content, EntryFound, Holds, holds};
use crate::inspect::words::Message;
use crate::report::{Kind, Status};

/// Whether it could be opened as a whole.
pub(super) fn opens(case: &Case<'_>) -> Vec<Outcome> {
    let opened = case.opened;
    let is_empty =
        opened.certificates.is_empty() && opened.keys.is_empty() && opened.locked.is_empty();
    if !opened.troubles.is_empty() {
        let mut outcomes: Vec<Outcome> = opened.troubles.iter().map(troubles::outcome).collect();
        // Where there is nothing else, even the least trouble leaves nothing that could be used.
        if is_empty {
            for outcome in &mut outcomes {
                outcome.status = Status::Failed;
            }
        }
        return outcomes;
    }
    if is_empty {
        let next = Message::NextFetch {};
        return vec![Outcome::failed("", Message::NothingInIt {}, next)];
    }
    vec![Outcome::passed("", Message::OpenedWhole {})]
}

/// Whether the archive holds what belongs into it, and nothing else.
pub(super) fn entries(case: &Case<'_>) -> Vec<Outcome> {
    let opened = case.opened;
    if opened.entries.is_empty() {
        return vec![Outcome::not_applicable(Message::NoArchive {})];
    }
    let mut outcomes = Vec::new();
    for entry in &opened.entries {
        if let Some(refusal) = &entry.refused {
            outcomes.push(Outcome::failed(
                &entry.path,
                refusals::reason(refusal),
                Message::NextRefused {},
            ));
        }
    }
    // What has the names of a package, and doesn't tell of which kind, holds at least what all of them hold.
    let kind = match case.kind {
        Kind::Archive if opened.has_package_files() => Kind::NodeCertificate,
        kind => kind,
    };
    for name in opened.missing_files(kind) {
        outcomes.push(Outcome::failed(
            name,
            Message::EntryMissing {},
            Message::NextFetch {},
        ));
    }
    for path in opened.unexpected_files() {
        let is_refused = opened
            .entries
            .iter()
            .any(|entry| entry.path == path && entry.refused.is_some());
        if !is_refused {
            let next = Message::NextUnexpected {};
            outcomes.push(Outcome::warned(path, Message::EntryUnexpected {}, next));
        }
    }
    for entry in &opened.entries {
        if let Some(holds) = holds(&entry.path)
            && entry.refused.is_none()
        {
            outcomes.extend(content(entry, holds, case));
        }
    }
    if outcomes.is_empty() {
        let count = opened.entries.len().to_string();
        let reason = if case.is_package() {
            Message::EntriesFit { count }
        } else {
            Message::EntriesFine { count }
        };
        outcomes.push(Outcome::passed("", reason));
    }
    outcomes
}

/// What is wrong with what a file of a package holds: the software of a node takes it for what it is named.
fn content(entry: &EntryFound, holds: Holds, case: &Case<'_>) -> Vec<Outcome> {
    let failed = |reason| Outcome::failed(&entry.path, reason, Message::NextFetch {});
    let inside: Vec<_> = case
        .certificates
        .iter()
        .filter(|facts| facts.source == entry.path)
        .collect();
    let is_own = |der: &[u8]| {
        let mut own = case.own.iter();
        own.any(|place| case.certificates[*place].der == der)
    };
    match holds {
        Holds::Root | Holds::Own if inside.is_empty() => {
            vec![failed(Message::EntryNoCertificate {})]
        }
        Holds::Root => inside
            .iter()
            .filter(|facts| !facts.is_ca())
            .map(|facts| failed(Message::EntryNotCa { name: facts.name() }))
            .collect(),
        Holds::Own if !inside.iter().any(|facts| is_own(facts.der)) => {
            vec![failed(Message::EntryNotOwn {})]
        }
        Holds::Key if !matches!(entry.content, Content::PrivateKey | Content::EncryptedKey) => {
            vec![failed(Message::EntryNoKey {})]
        }
        // How a text that is no configuration is read is the business of the node.
        Holds::Configuration
            if !matches!(entry.content, Content::Configuration | Content::Text) =>
        {
            vec![failed(Message::EntryNoConfiguration {})]
        }
        Holds::Own | Holds::Key | Holds::Configuration => Vec::new(),
    }
}

/// Whether others could read the key, or change something, where the archive is unpacked.
pub(super) fn permissions(case: &Case<'_>) -> Vec<Outcome> {
    if case.opened.entries.is_empty() {
        return vec![Outcome::not_applicable(Message::NoArchive {})];
    }
    let mut outcomes = Vec::new();
    let usable = case.opened.entries.iter().filter(|it| it.refused.is_none());
    for entry in usable {
        let mode = format!("{:04o}", entry.mode & 0o7777);
        let is_key = matches!(entry.content, Content::PrivateKey | Content::EncryptedKey);
        if is_key && entry.mode & 0o077 != 0 {
            let reason = Message::KeyReadable { mode };
            outcomes.push(Outcome::warned(&entry.path, reason, Message::NextMode {}));
        } else if entry.mode & 0o022 != 0 {
            let reason = Message::Writable { mode };
            outcomes.push(Outcome::warned(
                &entry.path,
                reason,
                Message::NextModeOthers {},
            ));
        } else if entry.mode & 0o7000 != 0 && entry.content != Content::Folder {
            let reason = Message::SetId { mode };
            outcomes.push(Outcome::warned(
                &entry.path,
                reason,
                Message::NextModeOthers {},
            ));
        }
    }
    if outcomes.is_empty() {
        outcomes.push(Outcome::passed("", Message::PermissionsFit {}));
    }
    outcomes
}

/// Whether something is locked. In a package it must not be, even where a passphrase opened it: a node has nobody
/// who could type one.
pub(super) fn locked(case: &Case<'_>) -> Vec<Outcome> {
    let opened = case.opened;
    let mut outcomes = Vec::new();
    for locked in &opened.locked {
        let source = &locked.source;
        let next = if locked.is_openable() {
            Message::NextPassphrase {}
        } else {
            Message::NextOtherTool {}
        };
        outcomes.push(if case.is_package() {
            Outcome::failed(source, Message::LockedInPackage {}, next)
        } else {
            Outcome::warned(source, Message::IsLocked {}, next)
        });
    }
    for entry in &opened.entries {
        let is_told = opened.locked.iter().any(|it| it.source == entry.path);
        if case.is_package() && entry.content == Content::EncryptedKey && !is_told {
            let next = Message::NextUnlock {};
            outcomes.push(Outcome::failed(
                &entry.path,
                Message::LockedInPackage {},
                next,
            ));
        }
    }
    if outcomes.is_empty() {
        let has_key = opened.keys.iter().any(|key| key.private);
        outcomes.push(if has_key {
            Outcome::passed("", Message::NothingLocked {})
        } else {
            Outcome::not_applicable(Message::NoKey {})
        });
    }
    outcomes
}
