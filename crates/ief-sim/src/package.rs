//! Node packages: a CA, certificates and keys made on the spot, packed as the service packs them.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType, SerialNumber,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::{ExposeSecret, SecretString};

/// Why a certificate or a package could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The certificate.
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The archive.
    #[error("the package could not be packed")]
    Archive(#[from] std::io::Error),
}

/// The simulator's certificate authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

/// What is given out once, when a node or a certificate is created.
pub(crate) struct Issued {
    /// Root certificate, PEM.
    pub(crate) ca: String,
    /// Certificate, PEM.
    pub(crate) certificate: String,
    /// Key, PEM.
    pub(crate) private_key: SecretString,
    /// Everything as `.tar.gz`, in base64.
    pub(crate) package: SecretString,
    /// Serial number in hexadecimal.
    pub(crate) serial: String,
}

/// A certificate to issue.
pub(crate) struct Order<'a> {
    /// Common name: the node's identifier, or that of the certificate.
    pub(crate) common_name: &'a str,
    /// Organisation: the project.
    pub(crate) project: &'a str,
    /// From when on it holds.
    pub(crate) from: DateTime<Utc>,
    /// Until when, in days from then.
    pub(crate) days: i64,
    /// Makes the serial number unique.
    pub(crate) serial: u64,
    /// The configuration file that goes with it, where there is one.
    pub(crate) config: Option<String>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}

impl Authority {
    /// A new CA with a new key.
    pub(crate) fn new(from: DateTime<Utc>) -> Result<Self, PackageError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "IEF simulator root");
        params
            .distinguished_name
            .push(DnType::OrganizationName, "Edge Console");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Ten years on both sides: the simulated clock may stand anywhere near the real one.
        (params.not_before, params.not_after) = validity(from, -3650, 7300);
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        })
    }

    /// The root certificate, PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// A client certificate with its key, packed.
    pub(crate) fn issue(&self, order: &Order<'_>) -> Result<Issued, PackageError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, order.common_name);
        params
            .distinguished_name
            .push(DnType::OrganizationName, order.project);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        (params.not_before, params.not_after) = validity(order.from, 0, order.days);
        let serial = order.serial.to_be_bytes();
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let certificate = params.signed_by(&key, &self.issuer)?.pem();
        let private_key = SecretString::from(key.serialize_pem());
        let package = self.pack(order, &certificate, &private_key)?;
        Ok(Issued {
            ca: self.pem.clone(),
            certificate,
            private_key,
            package,
            serial: crate::signature::hex(&serial),
        })
    }

    /// A certificate for the simulator's own TLS endpoint, with its chain.
    pub(crate) fn server(
        &self,
        address: std::net::IpAddr,
        now: DateTime<Utc>,
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), PackageError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::new(vec!["localhost".to_owned()])?;
        params
            .distinguished_name
            .push(DnType::CommonName, "IEF simulator");
        params.subject_alt_names.push(SanType::IpAddress(address));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Browsers and platforms refuse server certificates that hold for more than 398 days.
        (params.not_before, params.not_after) = validity(now, -1, 90);
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Ok((vec![certificate.der().clone(), self.der.clone()], key))
    }

    fn pack(
        &self,
        order: &Order<'_>,
        certificate: &str,
        private_key: &SecretString,
    ) -> Result<SecretString, PackageError> {
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        let time = u64::try_from(order.from.timestamp()).unwrap_or(0);
        let mut add = |name: &str, mode: u32, content: &str| {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(mode);
            header.set_mtime(time);
            archive.append_data(&mut header, name, content.as_bytes())
        };
        add("rootCA.crt", 0o644, &self.pem)?;
        add("private_cert.crt", 0o644, certificate)?;
        // The key leaves the wrapper only into the package, which is where it is asked for.
        add("private_cert.key", 0o600, private_key.expose_secret())?;
        if let Some(config) = &order.config {
            add("user_config", 0o600, config)?;
        }
        let mut gzip = archive.into_inner()?;
        gzip.flush()?;
        Ok(SecretString::from(STANDARD.encode(gzip.finish()?)))
    }
}

fn validity(
    from: DateTime<Utc>,
    first_day: i64,
    days: i64,
) -> (time::OffsetDateTime, time::OffsetDateTime) {
    let at = |day: i64| {
        let seconds = from.timestamp().saturating_add(day.saturating_mul(86_400));
        time::OffsetDateTime::from_unix_timestamp(seconds)
            .unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
    };
    (at(first_day), at(first_day + days))
}

#[cfg(test)]
mod tests {
    use super::{Authority, Order};
    use base64::Engine;
    use chrono::DateTime;
    use secrecy::ExposeSecret;
    use std::io::Read;

    #[test]
    fn a_package_holds_certificate_key_root_and_configuration() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        let authority = Authority::new(now).unwrap();
        let issued = authority
            .issue(&Order {
                common_name: "n1",
                project: "p1",
                from: now,
                days: 30,
                serial: 7,
                config: Some("{}".to_owned()),
            })
            .unwrap();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(issued.package.expose_secret())
            .unwrap();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(&bytes[..]));
        let mut files = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            let name = entry.path().unwrap().display().to_string();
            files.push((name, entry.header().mode().unwrap(), content));
        }
        let expect = [
            ("rootCA.crt", 0o644, issued.ca.as_str()),
            ("private_cert.crt", 0o644, issued.certificate.as_str()),
            (
                "private_cert.key",
                0o600,
                issued.private_key.expose_secret(),
            ),
            ("user_config", 0o600, "{}"),
        ];
        assert_eq!(files.len(), expect.len());
        for (file, (name, mode, content)) in files.iter().zip(expect) {
            assert_eq!(
                (file.0.as_str(), file.1, file.2.as_str()),
                (name, mode, content)
            );
        }
        assert_eq!(issued.serial, "0000000000000007");
    }
}
