//! Names of what certificates name by numbers.

/// Identifiers of extensions that are read.
pub(crate) mod extension {
    pub(crate) const SUBJECT_KEY_ID: &str = "2.5.29.14";
    pub(crate) const KEY_USAGE: &str = "2.5.29.15";
    pub(crate) const SUBJECT_NAMES: &str = "2.5.29.17";
    pub(crate) const ISSUER_NAMES: &str = "2.5.29.18";
    pub(crate) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    pub(crate) const NAME_CONSTRAINTS: &str = "2.5.29.30";
    pub(crate) const CRL_POINTS: &str = "2.5.29.31";
    pub(crate) const POLICIES: &str = "2.5.29.32";
    pub(crate) const POLICY_MAPPINGS: &str = "2.5.29.33";
    pub(crate) const AUTHORITY_KEY_ID: &str = "2.5.29.35";
    pub(crate) const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    pub(crate) const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    pub(crate) const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
    pub(crate) const AUTHORITY_ACCESS: &str = "1.3.6.1.5.5.7.1.1";

    /// Those that a program which verifies certificates has to know, so that it may go on when they are critical.
    pub(crate) const VERIFIED: [&str; 10] = [
        KEY_USAGE,
        SUBJECT_NAMES,
        BASIC_CONSTRAINTS,
        NAME_CONSTRAINTS,
        CRL_POINTS,
        POLICIES,
        POLICY_MAPPINGS,
        POLICY_CONSTRAINTS,
        EXTENDED_KEY_USAGE,
        INHIBIT_ANY_POLICY,
    ];
}

/// Purposes of extended key usage that are asked for.
pub(crate) mod purpose {
    pub(crate) const ANY: &str = "2.5.29.37.0";
    pub(crate) const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
}

/// Attributes of names.
pub(crate) mod attribute {
    pub(crate) const COMMON_NAME: &str = "2.5.4.3";
    pub(crate) const ORGANIZATION: &str = "2.5.4.10";
}

const ATTRIBUTES: [(&str, &str); 26] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "title"),
    ("2.5.4.13", "description"),
    ("2.5.4.15", "businessCategory"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.20", "telephoneNumber"),
    ("2.5.4.41", "name"),
    ("2.5.4.42", "GN"),
    ("2.5.4.43", "initials"),
    ("2.5.4.44", "generationQualifier"),
    ("2.5.4.45", "x500UniqueIdentifier"),
    ("2.5.4.46", "dnQualifier"),
    ("2.5.4.65", "pseudonym"),
    ("2.5.4.97", "organizationIdentifier"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
    ("1.2.840.113549.1.9.2", "unstructuredName"),
];

const EXTENSIONS: [(&str, &str); 26] = [
    ("2.5.29.9", "Subject Directory Attributes"),
    ("2.5.29.14", "Subject Key Identifier"),
    ("2.5.29.15", "Key Usage"),
    ("2.5.29.16", "Private Key Usage Period"),
    ("2.5.29.17", "Subject Alternative Name"),
    ("2.5.29.18", "Issuer Alternative Name"),
    ("2.5.29.19", "Basic Constraints"),
    ("2.5.29.30", "Name Constraints"),
    ("2.5.29.31", "CRL Distribution Points"),
    ("2.5.29.32", "Certificate Policies"),
    ("2.5.29.33", "Policy Mappings"),
    ("2.5.29.35", "Authority Key Identifier"),
    ("2.5.29.36", "Policy Constraints"),
    ("2.5.29.37", "Extended Key Usage"),
    ("2.5.29.46", "Freshest CRL"),
    ("2.5.29.54", "Inhibit Any Policy"),
    ("1.3.6.1.5.5.7.1.1", "Authority Information Access"),
    ("1.3.6.1.5.5.7.1.3", "Qualified Certificate Statements"),
    ("1.3.6.1.5.5.7.1.11", "Subject Information Access"),
    ("1.3.6.1.5.5.7.1.24", "TLS Feature"),
    ("1.3.6.1.5.5.7.48.1.5", "OCSP No Check"),
    ("1.3.6.1.4.1.11129.2.4.2", "Signed Certificate Timestamps"),
    ("1.3.6.1.4.1.311.20.2", "Certificate Template Name"),
    ("1.3.6.1.4.1.311.21.7", "Certificate Template"),
    ("2.16.840.1.113730.1.1", "Netscape Cert Type"),
    ("2.16.840.1.113730.1.13", "Netscape Comment"),
];

const PURPOSES: [(&str, &str); 14] = [
    ("2.5.29.37.0", "Any Extended Key Usage"),
    ("1.3.6.1.5.5.7.3.1", "TLS Web Server Authentication"),
    ("1.3.6.1.5.5.7.3.2", "TLS Web Client Authentication"),
    ("1.3.6.1.5.5.7.3.3", "Code Signing"),
    ("1.3.6.1.5.5.7.3.4", "E-mail Protection"),
    ("1.3.6.1.5.5.7.3.5", "IPSec End System"),
    ("1.3.6.1.5.5.7.3.6", "IPSec Tunnel"),
    ("1.3.6.1.5.5.7.3.7", "IPSec User"),
    ("1.3.6.1.5.5.7.3.8", "Time Stamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSP Signing"),
    ("1.3.6.1.5.5.7.3.17", "IPSec Internet Key Exchange"),
    ("1.3.6.1.4.1.311.10.3.4", "Encrypted File System"),
    ("1.3.6.1.4.1.311.20.2.2", "Smartcard Logon"),
    ("2.16.840.1.113730.4.1", "Netscape Server Gated Crypto"),
];

const POLICIES: [(&str, &str); 5] = [
    ("2.5.29.32.0", "Any Policy"),
    ("2.23.140.1.2.1", "Domain Validated"),
    ("2.23.140.1.2.2", "Organization Validated"),
    ("2.23.140.1.2.3", "Individual Validated"),
    ("2.23.140.1.1", "Extended Validation"),
];

/// Usages of a key, in the order of their bits.
pub(crate) const USAGES: [&str; 9] = [
    "Digital Signature",
    "Non Repudiation",
    "Key Encipherment",
    "Data Encipherment",
    "Key Agreement",
    "Certificate Sign",
    "CRL Sign",
    "Encipher Only",
    "Decipher Only",
];

/// The short name of an attribute, or its number.
pub(crate) fn attribute_name(oid: &str) -> &str {
    find(&ATTRIBUTES, oid).unwrap_or(oid)
}

/// The name of an extension.
pub(crate) fn extension_name(oid: &str) -> Option<&'static str> {
    find(&EXTENSIONS, oid)
}

/// The name of a purpose, or its number.
pub(crate) fn purpose_name(oid: &str) -> &str {
    find(&PURPOSES, oid).unwrap_or(oid)
}

/// The name of a policy.
pub(crate) fn policy_name(oid: &str) -> Option<&'static str> {
    find(&POLICIES, oid)
}

fn find(table: &[(&str, &'static str)], oid: &str) -> Option<&'static str> {
    let found = table.iter().find(|(known, _)| *known == oid)?;
    Some(found.1)
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, EXTENSIONS, POLICIES, PURPOSES};

    #[test]
    fn no_number_stands_twice() {
        for table in [&ATTRIBUTES[..], &EXTENSIONS, &PURPOSES, &POLICIES] {
            let mut numbers: Vec<_> = table.iter().map(|(number, _)| number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), table.len());
        }
    }
}
