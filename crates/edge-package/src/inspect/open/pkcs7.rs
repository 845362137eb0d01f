//! PKCS#7: certificates in an envelope without signature, as authorities hand them out.

use crate::inspect::der::{self, NotDer, oid, tag};

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// What an envelope holds.
pub(super) enum Envelope {
    /// Certificates, DER.
    Certificates(Vec<Vec<u8>>),
    /// It is one of another kind: its object identifier.
    Other(String),
}

/// Opens an envelope.
pub(super) fn read(envelope: &[u8]) -> Result<Envelope, NotDer> {
    let mut parts = der::whole(envelope, tag::SEQUENCE)?.inside();
    let kind = oid(parts.expect(tag::OID)?.value)?;
    if kind != SIGNED_DATA {
        return Ok(Envelope::Other(kind));
    }
    let content = parts.expect(tag::within(0))?;
    let mut parts = content.inside().expect(tag::SEQUENCE)?.inside();
    parts.expect(tag::INTEGER)?;
    parts.expect(tag::SET)?;
    parts.expect(tag::SEQUENCE)?;
    let mut found = Vec::new();
    if let Some(certificates) = parts.optional(tag::within(0))? {
        for certificate in certificates.inside().all()? {
            // Other forms of certificates have tags of their own.
            if certificate.tag == tag::SEQUENCE {
                found.push(certificate.raw.to_vec());
            }
        }
    }
    Ok(Envelope::Certificates(found))
}
