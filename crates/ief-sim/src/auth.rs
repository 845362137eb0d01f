//! Who is asking: tokens and signatures, checked for real.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hyper::HeaderMap;
use ief_api::codes;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::account::Account;
use crate::answer::Refusal;
use crate::signature::{Claim, Signed, sha256_hex};

/// How far the time of a signature may lie from the service's clock, in minutes.
const TOLERANCE: i64 = 15;
/// More tokens than this are not kept; the oldest is forgotten.
const MOST_TOKENS: usize = 10_000;

/// A request before anything is known about who sent it.
pub(crate) struct Unproven<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// The project in the path, when the path has one.
    pub(crate) project: Option<&'a str>,
}

impl<'a> Unproven<'a> {
    fn header(&self, name: &str) -> Option<&'a str> {
        // Header values are UTF-8 on this wire: the official SDK signs them as such.
        std::str::from_utf8(self.headers.get(name)?.as_bytes()).ok()
    }
}

/// The tokens given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    ends: HashMap<String, DateTime<Utc>>,
}

impl Tokens {
    /// Makes a token that holds for a while.
    pub(crate) fn issue(&mut self, now: DateTime<Utc>, lifetime: Duration) -> SecretString {
        let random: String = (0..12)
            .map(|_| Uuid::new_v4().simple().to_string())
            .collect();
        let token = format!("MIIP{random}");
        let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
        let end = now
            .checked_add_signed(lifetime)
            .unwrap_or(DateTime::<Utc>::MAX_UTC);
        if self.ends.len() >= MOST_TOKENS {
            let first = self.ends.iter().min_by_key(|(_, end)| **end);
            if let Some(first) = first.map(|(token, _)| token.clone()) {
                self.ends.remove(&first);
            }
        }
        self.ends.insert(token.clone(), end);
        SecretString::from(token)
    }

    /// Forgets every token, as if they had been revoked.
    pub(crate) fn revoke(&mut self) {
        self.ends.clear();
    }

    fn check(&self, token: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.ends.get(token) {
            None => Err(Refusal::new(&codes::BAD_TOKEN, "The token is not valid.")),
            Some(end) if *end <= now => Err(Refusal::new(
                &codes::TOKEN_EXPIRED,
                "The token has expired.",
            )),
            Some(_) => Ok(()),
        }
    }
}

/// Checks who sent a request. `simulated` is the time by which tokens end, `wall` the service's clock by
/// which signatures are dated.
pub(crate) fn prove(
    request: &Unproven<'_>,
    account: &Account,
    tokens: &Tokens,
    simulated: DateTime<Utc>,
    wall: DateTime<Utc>,
) -> Result<(), Refusal> {
    if let Some(token) = request.header("x-auth-token") {
        tokens.check(token, simulated)?;
    } else if let Some(authorization) = request.header("authorization") {
        check_signature(request, authorization, account, wall)?;
    } else {
        let message = "The request carries neither a token nor a signature.";
        return Err(Refusal::new(&codes::NO_TOKEN, message));
    }
    let named = [request.project, request.header("x-project-id")];
    if named
        .into_iter()
        .flatten()
        .any(|id| id != account.project_id)
    {
        let message = "Authentication failed: the project is not the caller's.";
        return Err(Refusal::new(&codes::AUTHENTICATION, message));
    }
    Ok(())
}

fn check_signature(
    request: &Unproven<'_>,
    authorization: &str,
    account: &Account,
    wall: DateTime<Utc>,
) -> Result<(), Refusal> {
    let claim = Claim::parse(authorization)
        .ok_or_else(|| refuse("the Authorization header is not readable"))?;
    let temporary = claim.access == account.temporary.access_key;
    let secret_key = if temporary {
        &account.temporary.secret_key
    } else if claim.access == account.access_key {
        &account.secret_key
    } else {
        return Err(refuse("the access key does not exist"));
    };
    let sent = request.header("x-security-token");
    let expected = temporary.then(|| account.temporary.security_token.expose_secret());
    if sent != expected {
        return Err(refuse(
            "the security token does not belong to the access key",
        ));
    }
    for needed in ["host", "x-sdk-date"] {
        if !claim.covers(needed) {
            return Err(refuse(&format!("{needed} is not signed")));
        }
    }
    let date = request.header("x-sdk-date").unwrap_or_default();
    let signed_at = NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ")
        .map_err(|_| refuse("X-Sdk-Date is not readable"))?
        .and_utc();
    if (wall - signed_at).abs() > TimeDelta::minutes(TOLERANCE) {
        return Err(refuse("the signature has expired"));
    }
    let mut headers = Vec::with_capacity(claim.signed_headers.len());
    for name in &claim.signed_headers {
        let value = request
            .header(name)
            .ok_or_else(|| refuse(&format!("the signed header {name} is missing")))?;
        headers.push((*name, value));
    }
    let body_hash = sha256_hex(request.body);
    let stated = request.header("x-sdk-content-sha256");
    if stated.is_some_and(|stated| !stated.eq_ignore_ascii_case(&body_hash)) {
        return Err(refuse("X-Sdk-Content-Sha256 is not that of the body"));
    }
    let signed = Signed {
        method: request.method,
        path: request.path,
        query: request.query,
        headers,
        date,
        body_hash: &body_hash,
    };
    // The key leaves its wrapper only into the MAC.
    if signed.is_signed_with(secret_key.expose_secret(), claim.signature) {
        Ok(())
    } else {
        Err(refuse("verify aksk signature fail"))
    }
}

/// What the gateway answers to a signature it doesn't accept.
pub(crate) fn refuse(reason: &str) -> Refusal {
    let message = format!("Incorrect IAM authentication information: {reason}.");
    Refusal::with_status(401, "APIGW.0301", message)
}
