//! What can stand in the way of opening. Facts only: the words for people are made where a report is written.

/// A trouble, and where it was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubleFound {
    /// Path in the archive, field of the answer, or name of the input.
    pub place: String,
    /// What it is.
    pub trouble: Trouble,
    /// Whether it was met in a file that no package needs, beside those that it does.
    pub is_beside: bool,
}

/// Why something could not be opened, or not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// There is not a single byte, or nothing but white space.
    Empty,
    /// It is nothing that is known.
    Unknown,
    /// It is text in which nothing was found.
    PlainText,
    /// It is something else, which is known.
    Foreign(Foreign),

    /// The input is larger than is looked at.
    InputTooLarge {
        /// Bytes that are looked at.
        limit: usize,
    },
    /// Unpacked it is larger than is looked at.
    TotalTooLarge {
        /// Bytes that are looked at.
        limit: usize,
    },
    /// It grows more than any honest package does: a bomb.
    Ratio {
        /// How many times it may grow.
        limit: usize,
    },
    /// There are more layers than are unwrapped.
    TooDeep {
        /// Layers that are unwrapped.
        limit: usize,
    },
    /// There are more entries than are looked at.
    TooManyEntries {
        /// Entries that are looked at.
        limit: usize,
    },
    /// There are more certificates and keys than are looked at.
    TooManyThings {
        /// Certificates and keys that are looked at.
        limit: usize,
    },

    /// The gzip stream ends early: the file was not copied as a whole.
    GzipTruncated,
    /// The gzip stream can't be read on.
    GzipDamaged,
    /// What came out is not what was packed: its checksum or length is another.
    GzipChecksum,
    /// The archive ends within an entry.
    TarTruncated,
    /// What should be the head of an entry is none.
    TarDamaged {
        /// Where, in bytes from its beginning.
        offset: u64,
    },
    /// The archive has no end: it may have been cut between two entries.
    TarWithoutEnd,
    /// The archive has no entries.
    TarEmpty,
    /// An extension of the archive holds for all entries and changes what they are.
    TarGlobalOverride,
    /// Something follows after the end.
    TrailingBytes {
        /// Bytes.
        count: u64,
    },
    /// The base64 text ends early.
    Base64Truncated,
    /// The base64 text has a character that doesn't belong there.
    Base64Damaged {
        /// Where, in characters from its beginning.
        at: usize,
    },
    /// The text is not what its byte order mark says.
    TextDamaged,
    /// The JSON text can't be read.
    JsonDamaged {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is the service's answer to a call that failed.
    ServiceError {
        /// Its code, such as `IEF.104004`.
        code: String,
    },
    /// It is an answer whose fields for package, key and certificate are empty: they are filled once, when the thing
    /// is created.
    AnswerWithoutSecrets,

    /// A PEM block has no end.
    PemUnclosed {
        /// Its label.
        label: String,
    },
    /// What stands in a PEM block is no base64.
    PemDamaged {
        /// Its label.
        label: String,
    },
    /// A PEM block is of a kind that is not looked at.
    PemUnknown {
        /// Its label.
        label: String,
    },
    /// A PEM block holds something else than it says.
    PemMislabelled {
        /// Its label.
        label: String,
    },
    /// The DER structure ends early.
    DerTruncated,
    /// It begins like a DER structure and can't be read as one.
    DerDamaged,

    /// It is locked in a way that is not supported.
    Unsupported {
        /// The method: a name, or an object identifier in dots.
        method: String,
        /// What converts it.
        convert: Convert,
    },
    /// Deriving the key from the passphrase would take more work or memory than is spent.
    DerivationTooCostly {
        /// The method, with its numbers.
        method: String,
    },
    /// None of the passphrases that were given fits.
    WrongPassphrase,
    /// The key of a store lies in the clear, and no passphrase fits its seal.
    SealNotProven,
    /// A store holds something that is neither a certificate nor a key.
    OtherContent,
    /// The key of an algorithm that is not supported.
    UnsupportedKey {
        /// The algorithm: a name, or an object identifier in dots.
        algorithm: String,
    },
}

/// Something that is known and that is no package, certificate or key, or none in a form that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// A web page: often the error of a proxy.
    Html,
    /// XML.
    Xml,
    /// A ZIP archive.
    Zip,
    /// A 7-Zip archive.
    SevenZip,
    /// A RAR archive.
    Rar,
    /// Compressed by bzip2.
    Bzip2,
    /// Compressed by xz.
    Xz,
    /// Compressed by Zstandard.
    Zstandard,
    /// A PDF.
    Pdf,
    /// A program or a library.
    Program,
    /// A private key of OpenSSH.
    OpenSshPrivateKey,
    /// A public key of OpenSSH.
    OpenSshPublicKey,
    /// A private key of PuTTY.
    PuttyKey,
    /// A message or key of PGP.
    Pgp,
    /// A Java key store.
    JavaKeyStore,
    /// A request for a certificate.
    SigningRequest,
    /// A list of revoked certificates.
    RevocationList,
}

/// The command that brings something into a form that is read. `IN` and `OUT` stand for file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Convert {
    /// A private key, into PKCS#8 locked by AES.
    Key,
    /// A PKCS#12 store, into PEM.
    Store,
}

impl Convert {
    /// The command line.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            Self::Key => "openssl pkcs8 -topk8 -v2 aes-256-cbc -in IN -out OUT",
            Self::Store => "openssl pkcs12 -legacy -in IN -out OUT",
        }
    }
}

impl Foreign {
    /// The command that gets out of it what can be read, where there is one.
    #[must_use]
    pub fn command(self) -> Option<&'static str> {
        match self {
            Self::Zip => Some("unzip IN"),
            Self::SevenZip => Some("7z x IN"),
            Self::Rar => Some("unrar x IN"),
            Self::Bzip2 => Some("bzip2 -dk IN"),
            Self::Xz => Some("xz -dk IN"),
            Self::Zstandard => Some("zstd -dk IN"),
            Self::OpenSshPrivateKey => Some("ssh-keygen -p -m PKCS8 -f IN"),
            Self::OpenSshPublicKey => Some("ssh-keygen -e -m PKCS8 -f IN"),
            Self::PuttyKey => Some("puttygen IN -O private-openssh -o OUT"),
            Self::JavaKeyStore => Some(
                "keytool -importkeystore -srckeystore IN -destkeystore OUT -deststoretype PKCS12",
            ),
            Self::Html
            | Self::Xml
            | Self::Pdf
            | Self::Program
            | Self::Pgp
            | Self::SigningRequest
            | Self::RevocationList => None,
        }
    }
}

/// Why an entry of an archive was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A symbolic link.
    SymbolicLink {
        /// Where to.
        target: String,
    },
    /// A hard link.
    HardLink {
        /// Where to.
        target: String,
    },
    /// A device.
    Device,
    /// A named pipe.
    Fifo,
    /// A file with holes.
    Sparse,
    /// A form that no package needs: its letter.
    Form(char),
    /// It has no name.
    NoName,
    /// Its path begins at the root, or at a drive.
    AbsolutePath,
    /// Its path leaves the folder it is unpacked into.
    ParentPath,
    /// Its name has characters that are not shown, or that turn the order of those around.
    HiddenCharacters,
    /// Its name is no UTF-8.
    NotUtf8,
    /// Its name is longer than a system takes.
    LongName,
    /// It stands in the archive a second time: which one counts depends on the program.
    Duplicate,
    /// It lies below a link, or below something that is no folder.
    BelowOther {
        /// What it lies below.
        path: String,
    },
    /// Its name is given twice and differently: which one counts depends on the program.
    NamesDisagree {
        /// The name in its own head.
        header: String,
    },
    /// Its size is given twice and differently: what is inside depends on the program.
    SizesDisagree {
        /// The size in its own head.
        header: u64,
        /// The size in the extension.
        extension: u64,
    },
    /// An extension before it can't be read, or stands there twice.
    Extension,
    /// It is larger than is looked at.
    TooLarge {
        /// Bytes that are looked at.
        limit: usize,
    },
    /// It is a folder or a link, and claims to have content.
    ContentWhereNone,
    /// The archive ends within it.
    Truncated,
    /// A number in its head can't be read.
    Number,
}
