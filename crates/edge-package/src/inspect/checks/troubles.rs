//! What stood in the way of opening, in words.

use super::Outcome;
use crate::inspect::open::{Foreign, Trouble, TroubleFound};
use crate::inspect::words::Message;

/// A trouble as the outcome of a check.
pub(crate) fn outcome(found: &TroubleFound) -> Outcome {
    let (place, reason) = (&found.place, reason(&found.trouble));
    let next = next(&found.trouble);
    if is_fatal(&found.trouble) && !found.is_beside {
        Outcome::failed(place, reason, next)
    } else {
        Outcome::warned(place, reason, next)
    }
}

/// Whether it can't be used because of it. Else there is only something beside it that isn't needed.
fn is_fatal(trouble: &Trouble) -> bool {
    !matches!(
        trouble,
        Trouble::TarWithoutEnd
            | Trouble::TrailingBytes { .. }
            | Trouble::PemUnknown { .. }
            | Trouble::PemMislabelled { .. }
            | Trouble::Unsupported { .. }
            | Trouble::DerivationTooCostly { .. }
            | Trouble::WrongPassphrase
            | Trouble::SealNotProven
            | Trouble::UnsupportedKey { .. }
            | Trouble::OtherContent
            | Trouble::AnswerWithoutSecrets
    )
}

fn reason(trouble: &Trouble) -> Message {
    match trouble {
        Trouble::Empty => Message::TroubleEmpty {},
        Trouble::Unknown => Message::TroubleUnknown {},
        Trouble::PlainText => Message::TroublePlainText {},
        Trouble::Foreign(foreign) => self::foreign(*foreign),
        Trouble::InputTooLarge { limit } => Message::TroubleInputTooLarge {
            limit: size(*limit),
        },
        Trouble::TotalTooLarge { limit } => Message::TroubleTotalTooLarge {
            limit: size(*limit),
        },
        Trouble::Ratio { limit } => Message::TroubleRatio {
            limit: limit.to_string(),
        },
        Trouble::TooDeep { limit } => Message::TroubleTooDeep {
            limit: limit.to_string(),
        },
        Trouble::TooManyEntries { limit } => Message::TroubleTooManyEntries {
            limit: limit.to_string(),
        },
        Trouble::TooManyThings { limit } => Message::TroubleTooManyThings {
            limit: limit.to_string(),
        },
        Trouble::GzipTruncated => Message::TroubleGzipTruncated {},
        Trouble::GzipDamaged => Message::TroubleGzipDamaged {},
        Trouble::GzipChecksum => Message::TroubleGzipChecksum {},
        Trouble::TarTruncated => Message::TroubleTarTruncated {},
        Trouble::TarDamaged { offset } => Message::TroubleTarDamaged {
            offset: offset.to_string(),
        },
        Trouble::TarWithoutEnd => Message::TroubleTarWithoutEnd {},
        Trouble::TarEmpty => Message::TroubleTarEmpty {},
        Trouble::TarGlobalOverride => Message::TroubleTarGlobalOverride {},
        Trouble::TrailingBytes { count } => Message::TroubleTrailingBytes {
            count: count.to_string(),
        },
        Trouble::Base64Truncated => Message::TroubleBase64Truncated {},
        Trouble::Base64Damaged { at } => Message::TroubleBase64Damaged { at: at.to_string() },
        Trouble::TextDamaged => Message::TroubleTextDamaged {},
        Trouble::JsonDamaged { line, column } => Message::TroubleJsonDamaged {
            line: line.to_string(),
            column: column.to_string(),
        },
        Trouble::ServiceError { code } => Message::TroubleServiceError { code: code.clone() },
        Trouble::AnswerWithoutSecrets => Message::TroubleAnswerWithoutSecrets {},
        Trouble::PemUnclosed { label } => Message::TroublePemUnclosed {
            label: label.clone(),
        },
        Trouble::PemDamaged { label } => Message::TroublePemDamaged {
            label: label.clone(),
        },
        Trouble::PemUnknown { label } => Message::TroublePemUnknown {
            label: label.clone(),
        },
        Trouble::PemMislabelled { label } => Message::TroublePemMislabelled {
            label: label.clone(),
        },
        Trouble::DerTruncated => Message::TroubleDerTruncated {},
        Trouble::DerDamaged => Message::TroubleDerDamaged {},
        Trouble::Unsupported { method, .. } => Message::TroubleUnsupported {
            method: method.clone(),
        },
        Trouble::DerivationTooCostly { method } => Message::TroubleDerivationTooCostly {
            method: method.clone(),
        },
        Trouble::WrongPassphrase => Message::TroubleWrongPassphrase {},
        Trouble::SealNotProven => Message::TroubleSealNotProven {},
        Trouble::OtherContent => Message::TroubleOtherContent {},
        Trouble::UnsupportedKey { algorithm } => Message::TroubleUnsupportedKey {
            algorithm: algorithm.clone(),
        },
    }
}

fn foreign(foreign: Foreign) -> Message {
    let form = match foreign {
        Foreign::Html => return Message::ForeignHtml {},
        Foreign::Pdf | Foreign::Program => return Message::ForeignFile {},
        Foreign::SigningRequest => return Message::ForeignRequest {},
        Foreign::RevocationList => return Message::ForeignRevocations {},
        Foreign::Xml => "XML",
        Foreign::Zip => "ZIP",
        Foreign::SevenZip => "7-Zip",
        Foreign::Rar => "RAR",
        Foreign::Bzip2 => "bzip2",
        Foreign::Xz => "xz",
        Foreign::Zstandard => "Zstandard",
        Foreign::OpenSshPrivateKey | Foreign::OpenSshPublicKey => "OpenSSH",
        Foreign::PuttyKey => "PuTTY",
        Foreign::Pgp => "PGP",
        Foreign::JavaKeyStore => "Java key store",
    };
    Message::ForeignForm {
        form: form.to_owned(),
    }
}

fn next(trouble: &Trouble) -> Message {
    let command = match trouble {
        Trouble::Foreign(foreign) => foreign.command(),
        Trouble::Unsupported { convert, .. } => Some(convert.command()),
        _ => None,
    };
    if let Some(command) = command {
        return Message::NextConvert {
            command: command.to_owned(),
        };
    }
    match trouble {
        Trouble::InputTooLarge { .. }
        | Trouble::TotalTooLarge { .. }
        | Trouble::Ratio { .. }
        | Trouble::TooDeep { .. }
        | Trouble::TooManyEntries { .. }
        | Trouble::TooManyThings { .. }
        | Trouble::TarGlobalOverride => Message::NextRefused {},
        Trouble::AnswerWithoutSecrets => Message::NextRegister {},
        Trouble::ServiceError { .. } => Message::NextServiceError {},
        Trouble::WrongPassphrase => Message::NextPassphrase {},
        Trouble::UnsupportedKey { .. } | Trouble::DerivationTooCostly { .. } => {
            Message::NextOtherTool {}
        }
        Trouble::PemUnknown { .. }
        | Trouble::PemMislabelled { .. }
        | Trouble::SealNotProven
        | Trouble::OtherContent => Message::NextUnexpected {},
        Trouble::Unknown | Trouble::PlainText | Trouble::Foreign(_) => Message::NextWhichFile {},
        _ => Message::NextFetch {},
    }
}

/// Bytes as people read them.
fn size(bytes: usize) -> String {
    const KIB: usize = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        _ if bytes < KIB * KIB => format!("{} KiB", bytes / KIB),
        _ => format!("{} MiB", bytes / KIB / KIB),
    }
}
