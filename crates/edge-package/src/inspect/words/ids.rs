//! What short texts are called.

/// Declares texts that take no values, each with its identifier.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $id:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the identifier beside each says what it is")]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl $name {
            /// All of them.
            #[cfg(test)]
            pub(crate) const ALL: &'static [&'static str] = &[$($id,)*];

            /// Its identifier, the same in every language.
            pub(crate) fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }
        }
    };
}

texts! {
    /// Titles of checks and of parts of a report.
    Title {
        Opens = "opens",
        Entries = "entries",
        Readable = "readable",
        KeyBelongs = "key_belongs",
        Chain = "chain",
        Authority = "authority",
        Dates = "dates",
        EndsSoon = "ends_soon",
        Outlives = "outlives",
        Usage = "usage",
        KeyStrength = "key_strength",
        Digest = "digest",
        Identity = "identity",
        Exists = "exists",
        Current = "current",
        Locked = "locked",
        Serials = "serials",
        Extra = "extra",
        Order = "order",
        Permissions = "permissions",
        Subject = "part_subject",
        Issuer = "part_issuer",
        Names = "part_names",
        Number = "part_number",
        Validity = "part_validity",
        Key = "part_key",
        Signature = "part_signature",
        Purposes = "part_usage",
        Constraints = "part_constraints",
        Identifiers = "part_identifiers",
        Addresses = "part_addresses",
        Policies = "part_policies",
        Extensions = "part_extensions",
        Fingerprints = "part_fingerprints",
        Text = "part_text",
        Input = "part_input",
        Checks = "part_checks",
        Content = "part_content",
        Certificates = "part_certificates",
        Keys = "part_keys",
        Configurations = "part_configurations",
    }
}

texts! {
    /// Labels of fields.
    Label {
        Whole = "whole",
        Dns = "dns",
        Ip = "ip",
        Uri = "uri",
        Mail = "mail",
        Directory = "directory",
        OtherName = "other_name",
        Version = "version",
        SerialHex = "serial_hex",
        SerialColons = "serial_colons",
        SerialDecimal = "serial_decimal",
        NotBefore = "not_before",
        NotAfter = "not_after",
        Lifetime = "lifetime",
        KeyAlgorithm = "key_algorithm",
        KeyBits = "key_bits",
        Curve = "curve",
        Exponent = "exponent",
        SignatureAlgorithm = "signature_algorithm",
        Digest = "digest",
        SignatureValue = "signature_value",
        KeyUsage = "key_usage",
        ExtendedKeyUsage = "extended_key_usage",
        IsCa = "is_ca",
        PathLength = "path_length",
        SubjectKeyId = "subject_key_id",
        AuthorityKeyId = "authority_key_id",
        CrlPoints = "crl_points",
        Ocsp = "ocsp",
        CaIssuers = "ca_issuers",
        Policies = "policies",
        Sha256Hex = "sha256_hex",
        Sha256Base64 = "sha256_base64",
        Sha1Hex = "sha1_hex",
        Sha1Base64 = "sha1_base64",
        SpkiSha256Hex = "spki_sha256_hex",
        SpkiSha256Base64 = "spki_sha256_base64",
        Text = "text",
        Form = "form",
        PublicHalf = "public_half",
        Certificate = "certificate",
        Name = "name",
        File = "file",
        Size = "size",
        Kind = "kind",
        Verdict = "verdict",
        At = "at",
        GoodUntil = "good_until",
        Layers = "layers",
        Id = "id",
        Project = "project",
        Region = "region",
        Instance = "instance",
        Source = "source",
        Path = "path",
        Mode = "mode",
        Owner = "owner",
        Modified = "modified",
        Content = "content",
        Locked = "locked",
    }
}

texts! {
    /// Words that stand by themselves.
    Phrase {
        Yes = "yes",
        No = "no",
        Never = "never",
        Critical = "critical",
        NoLimit = "no_limit",
        Given = "given",
        Calculated = "calculated",
        Unnamed = "unnamed",
        NotDescribed = "not_described",
        KindNode = "kind_node",
        KindNodeCertificate = "kind_node_certificate",
        KindGroupCertificate = "kind_group_certificate",
        KindRegistration = "kind_registration",
        KindArchive = "kind_archive",
        KindCertificates = "kind_certificates",
        KindKeys = "kind_keys",
        KindBundle = "kind_bundle",
        KindUnknown = "kind_unknown",
        VerdictGood = "verdict_good",
        VerdictWarning = "verdict_warning",
        VerdictBad = "verdict_bad",
        StatusFailed = "status_failed",
        StatusWarned = "status_warned",
        StatusPassed = "status_passed",
        StatusNotApplicable = "status_not_applicable",
        RoleOwn = "role_own",
        RoleIntermediate = "role_intermediate",
        RoleRoot = "role_root",
        RoleOther = "role_other",
        ContentCertificate = "content_certificate",
        ContentCertificates = "content_certificates",
        ContentPrivateKey = "content_private_key",
        ContentEncryptedKey = "content_encrypted_key",
        ContentPublicKey = "content_public_key",
        ContentConfiguration = "content_configuration",
        ContentText = "content_text",
        ContentUnknown = "content_unknown",
        ContentRefused = "content_refused",
        ReportTitle = "report_title",
        NoSecrets = "no_secrets",
        CalendarName = "calendar_name",
        HeadKind = "head_kind",
        HeadHolders = "head_holders",
        HeadEnds = "head_ends",
        HeadApplications = "head_applications",
        UseNode = "use_node",
        UseApplication = "use_application",
        UseDevice = "use_device",
        UseAuthority = "use_authority",
    }
}
