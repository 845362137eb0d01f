//! Control endpoints below `/_sim/`, for tests in other processes.
//!
//! Only loopback may use them, and no web page: a request with an `Origin` header is refused, and one whose
//! `Host` is a name other than `localhost`, because any page can have its own name lead to loopback.

use std::net::IpAddr;
use std::time::Duration;

use hyper::header::{HOST, HeaderMap, ORIGIN};
use hyper::http::uri::Authority;
use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::faults::Fault;
use crate::state::State;

/// The most time that passes in one step: ten years, as long as its authorities hold.
const LONGEST_STEP: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// Whether a request comes from this machine, and from no web page.
pub(crate) fn admits(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.is_loopback() && !headers.contains_key(ORIGIN) && names_loopback(headers)
}

fn names_loopback(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Ok(authority) = Authority::try_from(host.as_bytes()) else {
        return false;
    };
    let host = authority.host();
    let literal = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || literal
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Answers a control request.
pub(crate) fn answer(
    state: &State,
    method: &str,
    path: &str,
    body: &[u8],
) -> Result<Value, Refusal> {
    match (method, path) {
        ("POST", "/_sim/advance") => {
            let seconds = read(body)?.get("seconds").and_then(Value::as_f64);
            let by = seconds
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .filter(|by| *by <= LONGEST_STEP)
                .ok_or_else(|| bad("seconds must be a number from 0 to 315360000, ten years"))?;
            state.clock.advance(by);
            drop(state.world());
            Ok(json!({"now": state.clock.now().to_rfc3339()}))
        }
        ("GET", "/_sim/faults") => Ok(faults(state)),
        ("POST", "/_sim/faults") => {
            let request = read(body)?;
            let added = match request.get("add") {
                None => Vec::new(),
                Some(Value::String(fault)) => vec![fault.clone()],
                Some(Value::Array(list)) => list
                    .iter()
                    .map(|fault| fault.as_str().map(str::to_owned))
                    .collect::<Option<_>>()
                    .ok_or_else(|| bad("add must be a list of texts"))?,
                Some(_) => return Err(bad("add must be a text or a list of texts")),
            };
            let added = added
                .iter()
                .map(|text| {
                    text.parse::<Fault>()
                        .map_err(|error| bad(&error.to_string()))
                })
                .collect::<Result<Vec<_>, _>>()?;
            let mut active = state.faults();
            if request.get("clear") == Some(&Value::Bool(true)) {
                active.clear();
            }
            for fault in added {
                active.add(fault);
            }
            drop(active);
            Ok(faults(state))
        }
        ("GET", "/_sim/requests") => {
            let requests = state.requests();
            let lately: Vec<_> = requests.lately().collect();
            Ok(json!({
                "total": requests.total(),
                "counts": requests.counts(),
                "requests": lately,
            }))
        }
        ("DELETE", "/_sim/requests") => {
            state.requests().clear();
            Ok(json!({}))
        }
        ("POST", "/_sim/revoke") => {
            state.world().tokens.revoke();
            Ok(json!({}))
        }
        ("GET", "/_sim/state") => {
            let world = state.world();
            Ok(json!({
                "now": world.now().to_rfc3339(),
                "nodes": world.nodes.len(),
                "devices": world.devices.len(),
                "kept": world.kept(),
            }))
        }
        _ => Err(Refusal::with_status(
            404,
            "SIM.0404",
            "There are /_sim/advance, /_sim/faults, /_sim/requests, /_sim/revoke and /_sim/state.",
        )),
    }
}

fn faults(state: &State) -> Value {
    let active = state.faults();
    let list: Vec<Value> = active
        .list()
        .map(|(fault, happened)| json!({"fault": fault.to_string(), "happened": happened}))
        .collect();
    json!({"faults": list})
}

fn read(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| bad(&format!("the body is not JSON: {error}")))
}

fn bad(message: &str) -> Refusal {
    Refusal::with_status(400, "SIM.0400", message)
}

#[cfg(test)]
mod tests {
    use hyper::header::{HOST, HeaderMap, HeaderValue, ORIGIN};

    use super::admits;

    #[track_caller]
    fn check(peer: &str, host: Option<&'static str>, expected: bool) {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(HOST, HeaderValue::from_static(host));
        }
        let peer = peer.parse().unwrap();
        assert_eq!(admits(peer, &headers), expected, "{peer} {host:?}");
        headers.insert(ORIGIN, HeaderValue::from_static("null"));
        assert!(!admits(peer, &headers), "{peer} {host:?} from a page");
    }

    #[test]
    fn only_requests_to_this_machine_by_address_are_admitted() {
        for host in [
            "127.0.0.1:80",
            "127.0.0.1",
            "[::1]:8080",
            "localhost:1",
            "LOCALHOST",
        ] {
            check("127.0.0.1", Some(host), true);
            check("::1", Some(host), true);
            check("192.0.2.1", Some(host), false);
        }
        for host in [
            "example.com",
            "127.0.0.1.example.com:80",
            "localhost.example.com",
            "192.0.2.1",
            "0.0.0.0",
            "",
            "a b",
        ] {
            check("127.0.0.1", Some(host), false);
        }
        check("127.0.0.1", None, false);
    }
}
