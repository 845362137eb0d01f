//! What the parser says of a wrong text, as reasons that the window has words for.

use granit_parser::{ErrorKind, ScanError};

use crate::source::lines::{floor, line_start};
use crate::source::{Reason, SyntaxError};

/// An error of the parser with its place.
pub(super) fn translated(text: &str, error: &ScanError) -> SyntaxError {
    let at = floor(text, error.marker().byte_offset().unwrap_or(text.len()));
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    let reason = reason(error.kind(), text, at);
    SyntaxError::new(reason, at..at + length)
}

fn reason(kind: &ErrorKind, text: &str, at: usize) -> Reason {
    let begins_line = text[line_start(text, at)..at].trim().is_empty();
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => Reason::Tab,
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent => Reason::Indentation,
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry
            if begins_line && at < text.len() =>
        {
            Reason::Indentation
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Reason::UnclosedQuote
        }
        ErrorKind::UnclosedFlowCollection { open } => Reason::UnclosedBracket { open: *open },
        ErrorKind::UnexpectedEofFlowSequence => Reason::UnclosedBracket { open: '[' },
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            Reason::UnclosedBracket { open: '{' }
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            Reason::WrongBracket
        }
        ErrorKind::UnexpectedCharacter { character } => Reason::UnexpectedCharacter {
            character: *character,
        },
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::InvalidMappingValueWhitespace
        | ErrorKind::FlowMappingValueAdjacentCollection => Reason::Colon,
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::MappingKeyNotAllowed => Reason::ExpectedKey,
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Reason::ExpectedColon,
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            Reason::ExpectedComma
        }
        ErrorKind::ExpectedNodeContent | ErrorKind::UnexpectedEof => Reason::ExpectedValue,
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => Reason::Escape,
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            Reason::BlockHeader
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidDocumentEnd => Reason::TextAfterEnd,
        ErrorKind::UnknownAnchor | ErrorKind::MissingAnchorOrAliasName => Reason::UnknownAnchor,
        ErrorKind::RecursionLimitExceeded => Reason::TooDeep,
        ErrorKind::MultipleDocumentsUnsupported => Reason::SecondDocument,
        ErrorKind::DuplicateVersionDirective
        | ErrorKind::UnsupportedYamlMajorVersion
        | ErrorKind::DuplicateTagDirective
        | ErrorKind::MissingDocumentEndBeforeDirective
        | ErrorKind::InvalidDirectiveTerminator
        | ErrorKind::MissingDirectiveName
        | ErrorKind::InvalidDirectiveName => Reason::Directive,
        other => Reason::Other {
            message: format!("{other:?}"),
        },
    }
}
