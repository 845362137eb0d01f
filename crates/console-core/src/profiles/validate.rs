//! What a profile must look like before it is kept or tried.

use console_ipc::error::NextStep;
use console_ipc::profile::{
    CloudTarget, CredentialKind, MOST_NODES, Profile, ProxyChoice, SimulatorTarget, Target,
};
use console_ipc::{ErrorKind, IpcError};
use ief_client::regions::REGIONS;
use url::{Host, Url};

/// The longest name of a profile, in characters.
const LONGEST_NAME: usize = 64;

/// Checks a profile, trims what was typed, and fills in the addresses of a preset region.
pub(crate) fn validate(profile: &mut Profile) -> Result<(), IpcError> {
    trim(&mut profile.name);
    required("name", &profile.name)?;
    if profile.name.chars().count() > LONGEST_NAME {
        return Err(invalid("name", "too_long").with("max", LONGEST_NAME));
    }
    match &mut profile.target {
        Target::Simulator(simulator) => validate_simulator(simulator),
        Target::Cloud(cloud) => validate_cloud(cloud),
    }
}

fn validate_simulator(target: &SimulatorTarget) -> Result<(), IpcError> {
    if (1..=MOST_NODES).contains(&target.nodes) {
        Ok(())
    } else {
        Err(invalid("nodes", "out_of_range")
            .with("min", 1)
            .with("max", MOST_NODES))
    }
}

fn validate_cloud(cloud: &mut CloudTarget) -> Result<(), IpcError> {
    for text in [
        &mut cloud.region,
        &mut cloud.endpoint,
        &mut cloud.iam_endpoint,
        &mut cloud.project_name,
        &mut cloud.project_id,
        &mut cloud.instance_id,
        &mut cloud.extra_ca,
    ] {
        trim(text);
    }
    if let Some(region) = REGIONS.iter().find(|region| region.id == cloud.region) {
        if cloud.endpoint.is_empty() {
            cloud.endpoint = region.endpoint();
        }
        if cloud.iam_endpoint.is_empty() {
            cloud.iam_endpoint = region.iam_endpoint();
        }
    }
    cloud.endpoint = endpoint("endpoint", &cloud.endpoint)?;
    cloud.iam_endpoint = endpoint("iam_endpoint", &cloud.iam_endpoint)?;
    if cloud.project_id.is_empty() {
        required("project_name", &cloud.project_name)?;
    }
    for (field, value) in [
        ("project_id", &cloud.project_id),
        ("instance_id", &cloud.instance_id),
    ] {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !value.chars().all(plain) {
            return Err(invalid(field, "characters"));
        }
    }
    match &mut cloud.credential {
        CredentialKind::Password { domain, user } => {
            trim(domain);
            trim(user);
            required("domain", domain)?;
            required("user", user)?;
        }
        CredentialKind::AccessKey { access_key } => {
            trim(access_key);
            required("access_key", access_key)?;
            if !access_key.chars().all(|c| c.is_ascii_graphic()) {
                return Err(invalid("access_key", "characters"));
            }
        }
    }
    if let ProxyChoice::Url { url } = &mut cloud.proxy {
        trim(url);
        proxy(url)?;
    }
    extra_ca(&cloud.extra_ca)
}

/// Checks the address of a service: `https`, or `http` to this computer only, and nothing behind the host.
fn endpoint(field: &str, text: &str) -> Result<String, IpcError> {
    let url = address(field, text)?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(invalid(field, "not_https")),
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(invalid(field, "has_path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn proxy(text: &str) -> Result<(), IpcError> {
    let url = address("proxy", text)?;
    match url.scheme() {
        "http" | "https" => Ok(()),
        _ => Err(invalid("proxy", "scheme")),
    }
}

/// Reads an address. A name or password in it would end up in a plain file, so it is refused.
fn address(field: &str, text: &str) -> Result<Url, IpcError> {
    required(field, text)?;
    let url = Url::parse(text).map_err(|_| invalid(field, "not_a_url"))?;
    if url.host().is_none() {
        return Err(invalid(field, "not_a_url"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(field, "has_credentials"));
    }
    Ok(url)
}

fn extra_ca(pem: &str) -> Result<(), IpcError> {
    if pem.contains("PRIVATE KEY") {
        return Err(invalid("extra_ca", "has_private_key"));
    }
    if pem.is_empty() || pem.contains("-----BEGIN CERTIFICATE-----") {
        Ok(())
    } else {
        Err(invalid("extra_ca", "not_pem"))
    }
}

fn required(field: &str, value: &str) -> Result<(), IpcError> {
    if value.is_empty() {
        Err(invalid(field, "missing"))
    } else {
        Ok(())
    }
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

/// A profile that can't be kept or tried: which field, and what is wrong with it.
pub(crate) fn invalid(field: &str, problem: &str) -> IpcError {
    IpcError::new(ErrorKind::InvalidProfile, NextStep::Correct)
        .with("field", field)
        .with("problem", problem)
        .with("detail", format_args!("{field}: {problem}"))
}
