//! What opening found: troubles, entries, permissions, locks.

use super::{Case, Outcome, refusals, troubles};
use crate::inspect::open::Content;
use crate::inspect::words::Message;
use crate::report::{Kind, Status};

/// The file of a package that holds its own certificate.
const OWN: &str = "private_cert.crt";
/// The file that holds the root.
const ROOT: &str = "rootCA.crt";

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
    outcomes.extend(misplaced(case));
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

/// Certificates in files that are read for others: the software of a node takes each for what its file is named.
fn misplaced(case: &Case<'_>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for entry in &case.opened.entries {
        let inside = case.certificates.iter().enumerate();
        let inside: Vec<_> = inside
            .filter(|(_, facts)| facts.source == entry.path)
            .collect();
        let is_own = |place: usize| {
            let der = case.certificates[place].der;
            case.own
                .iter()
                .any(|own| case.certificates[*own].der == der)
        };
        let next = Message::NextFetch {};
        match entry.file_name() {
            OWN if !inside.is_empty() && !inside.iter().any(|(place, _)| is_own(*place)) => {
                outcomes.push(Outcome::failed(&entry.path, Message::EntryNotOwn {}, next));
            }
            ROOT => outcomes.extend(inside.iter().filter(|(_, facts)| !facts.is_ca()).map(
                |(_, facts)| {
                    let reason = Message::EntryNotCa { name: facts.name() };
                    Outcome::failed(&entry.path, reason, next.clone())
                },
            )),
            _ => {}
        }
    }
    outcomes
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
