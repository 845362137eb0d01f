//! Control endpoints below `/_sim/`, for tests in other processes.
//!
//! Only loopback may use them, and no web page: a request with an `Origin` header is refused.

use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::faults::Fault;
use crate::state::State;

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
                .ok_or_else(|| bad("seconds must be a number from 0"))?;
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
