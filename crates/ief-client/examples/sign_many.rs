//! Signs requests that stand on stdin, one JSON object a line, and prints one `Authorization` header a
//! line. `cargo xtask conformance` compares them with those of the service's own SDK.

use std::io::{BufRead, Write};

use ief_client::sign::{Signable, authorization};
use serde::Deserialize;

/// A request to sign.
#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    body: String,
    access_key: String,
    secret_key: String,
    date: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let signable = Signable {
            method: &request.method,
            path: &request.path,
            query: &request.query,
            headers: &headers,
            body: request.body.as_bytes(),
        };
        let secret_key = request.secret_key.into();
        let header = authorization(&signable, &request.access_key, &secret_key, &request.date);
        writeln!(out, "{header}")?;
    }
    Ok(())
}
