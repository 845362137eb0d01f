//! Why entries were refused, in words.

use crate::inspect::open::Refusal;
use crate::inspect::words::Message;

/// Why an entry was refused.
pub(crate) fn reason(refusal: &Refusal) -> Message {
    match refusal {
        Refusal::SymbolicLink { target } => Message::RefusedSymbolicLink {
            target: target.clone(),
        },
        Refusal::HardLink { target } => Message::RefusedHardLink {
            target: target.clone(),
        },
        Refusal::Device => Message::RefusedDevice {},
        Refusal::Fifo => Message::RefusedFifo {},
        Refusal::Sparse => Message::RefusedSparse {},
        Refusal::Form(letter) => Message::RefusedForm {
            letter: letter.to_string(),
        },
        Refusal::NoName => Message::RefusedNoName {},
        Refusal::AbsolutePath => Message::RefusedAbsolutePath {},
        Refusal::ParentPath => Message::RefusedParentPath {},
        Refusal::HiddenCharacters => Message::RefusedHiddenCharacters {},
        Refusal::NotUtf8 => Message::RefusedNotUtf8 {},
        Refusal::LongName => Message::RefusedLongName {},
        Refusal::Duplicate => Message::RefusedDuplicate {},
        Refusal::BelowOther { path } => Message::RefusedBelowOther { path: path.clone() },
        Refusal::NamesDisagree { header } => Message::RefusedNamesDisagree {
            header: header.clone(),
        },
        Refusal::SizesDisagree { header, extension } => Message::RefusedSizesDisagree {
            header: header.to_string(),
            extension: extension.to_string(),
        },
        Refusal::Extension => Message::RefusedExtension {},
        Refusal::TooLarge { limit } => Message::RefusedTooLarge {
            limit: limit.to_string(),
        },
        Refusal::ContentWhereNone => Message::RefusedContentWhereNone {},
        Refusal::Truncated => Message::RefusedTruncated {},
        Refusal::Number => Message::RefusedNumber {},
    }
}
