//! Failures on request: what goes wrong, for which operation, how often.
//!
//! A fault is written `kind[=value][,op=NAME][,count=N][,every=N][,after=N]`, on the command line, in the
//! control endpoint and in tests alike.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// `latency=MILLISECONDS`: the answer comes late.
    Latency(Duration),
    /// `unauthorized`: 401, as for a token that was revoked.
    Unauthorized,
    /// `forbidden`: 403, as for a user without the right.
    Forbidden,
    /// `throttled[=SECONDS]`: 429 with `Retry-After`, one second unless told.
    Throttled(Duration),
    /// `internal`: 500 with the service's own code.
    Internal,
    /// `unavailable[=SECONDS]`: 503 with a page of HTML, with `Retry-After` when told.
    Unavailable(Option<Duration>),
    /// `reset`: the connection is reset before anything was done.
    Reset,
    /// `reset-after`: the operation is carried out, and the connection reset before the answer.
    ResetAfter,
    /// `truncated`: the connection ends in the middle of the body.
    Truncated,
    /// `malformed`: the body is not JSON.
    Malformed,
    /// `stall=MILLISECONDS`: the body pauses in its middle.
    Stall(Duration),
    /// `drift`: rows appear and disappear between the pages of a list.
    Drift,
    /// `skew=SECONDS`: the service's clock is off by so much, ahead when positive.
    Skew(i64),
}

/// A fault with its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// The operation it is for, by its name in the catalogue; all when absent.
    pub operation: Option<String>,
    /// How often it happens; without end when absent.
    pub count: Option<u64>,
    /// It happens to every so many-th matching request only; 1 is all of them.
    pub every: u64,
    /// How many matching requests pass before it happens at all.
    pub after: u64,
}

impl Fault {
    /// A fault that happens to every request.
    #[must_use]
    pub const fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            count: None,
            every: 1,
            after: 0,
        }
    }

    /// The same fault for one operation only.
    #[must_use]
    pub fn on(self, operation: &str) -> Self {
        Self {
            operation: Some(operation.to_owned()),
            ..self
        }
    }

    /// The same fault, so many times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }

    /// The same fault, once so many matching requests have passed.
    #[must_use]
    pub fn after(self, requests: u64) -> Self {
        Self {
            after: requests,
            ..self
        }
    }

    /// The same fault for every so many-th matching request.
    #[must_use]
    pub fn every(self, requests: u64) -> Self {
        Self {
            every: requests.max(1),
            ..self
        }
    }
}

/// Why the text of a fault can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No such kind.
    #[error("there is no fault {0:?}; there are {KINDS}")]
    UnknownKind(String),
    /// No such limit.
    #[error("a fault has no limit {0:?}; there are op, count, every and after")]
    UnknownLimit(String),
    /// The catalogue has no such operation.
    #[error("there is no operation {0:?}")]
    UnknownOperation(String),
    /// A number is missing or not a number.
    #[error("{0} needs a whole number")]
    Number(String),
}

const KINDS: &str = "latency, unauthorized, forbidden, throttled, internal, unavailable, reset, \
                     reset-after, truncated, malformed, stall, drift and skew";

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut parts = text.split(',').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let mut fault = Self::new(kind.parse()?);
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name {
                "op" if ief_api::catalogue::operation(value).is_some() => {
                    fault.operation = Some(value.to_owned());
                }
                "op" => return Err(FaultError::UnknownOperation(value.to_owned())),
                "count" => fault.count = Some(number(name, value)?),
                "every" => fault.every = number(name, value)?.max(1),
                "after" => fault.after = number(name, value)?,
                _ => return Err(FaultError::UnknownLimit(name.to_owned())),
            }
        }
        Ok(fault)
    }
}

impl FromStr for FaultKind {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let needed = || number(name, value.unwrap_or_default());
        let seconds = || {
            value
                .map(|v| number(name, v).map(Duration::from_secs))
                .transpose()
        };
        Ok(match name {
            "latency" => Self::Latency(Duration::from_millis(needed()?)),
            "unauthorized" => Self::Unauthorized,
            "forbidden" => Self::Forbidden,
            "throttled" => Self::Throttled(seconds()?.unwrap_or(Duration::from_secs(1))),
            "internal" => Self::Internal,
            "unavailable" => Self::Unavailable(seconds()?),
            "reset" => Self::Reset,
            "reset-after" => Self::ResetAfter,
            "truncated" => Self::Truncated,
            "malformed" => Self::Malformed,
            "stall" => Self::Stall(Duration::from_millis(needed()?)),
            "drift" => Self::Drift,
            "skew" => Self::Skew(
                value
                    .and_then(|value| value.parse().ok())
                    .ok_or_else(|| FaultError::Number(name.to_owned()))?,
            ),
            _ => return Err(FaultError::UnknownKind(name.to_owned())),
        })
    }
}

fn number(name: &str, value: &str) -> Result<u64, FaultError> {
    value
        .parse()
        .map_err(|_| FaultError::Number(name.to_owned()))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::Latency(time) => write!(f, "latency={}", time.as_millis())?,
            FaultKind::Unauthorized => f.write_str("unauthorized")?,
            FaultKind::Forbidden => f.write_str("forbidden")?,
            FaultKind::Throttled(time) => write!(f, "throttled={}", time.as_secs())?,
            FaultKind::Internal => f.write_str("internal")?,
            FaultKind::Unavailable(None) => f.write_str("unavailable")?,
            FaultKind::Unavailable(Some(time)) => write!(f, "unavailable={}", time.as_secs())?,
            FaultKind::Reset => f.write_str("reset")?,
            FaultKind::ResetAfter => f.write_str("reset-after")?,
            FaultKind::Truncated => f.write_str("truncated")?,
            FaultKind::Malformed => f.write_str("malformed")?,
            FaultKind::Stall(time) => write!(f, "stall={}", time.as_millis())?,
            FaultKind::Drift => f.write_str("drift")?,
            FaultKind::Skew(seconds) => write!(f, "skew={seconds}")?,
        }
        if let Some(operation) = &self.operation {
            write!(f, ",op={operation}")?;
        }
        if let Some(count) = self.count {
            write!(f, ",count={count}")?;
        }
        if self.every != 1 {
            write!(f, ",every={}", self.every)?;
        }
        if self.after != 0 {
            write!(f, ",after={}", self.after)?;
        }
        Ok(())
    }
}

/// The faults in force, and how often each has matched.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Vec<Active>,
}

#[derive(Debug)]
struct Active {
    fault: Fault,
    matched: u64,
    happened: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.active.push(Active {
            fault,
            matched: 0,
            happened: 0,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    /// The faults in force with how often each has happened.
    pub(crate) fn list(&self) -> impl Iterator<Item = (&Fault, u64)> {
        self.active
            .iter()
            .map(|active| (&active.fault, active.happened))
    }

    /// What goes wrong with this request. Counts it.
    pub(crate) fn strike(&mut self, operation: &str) -> VecDeque<FaultKind> {
        let mut struck = VecDeque::new();
        for active in &mut self.active {
            let fault = &active.fault;
            if fault
                .operation
                .as_deref()
                .is_some_and(|name| name != operation)
            {
                continue;
            }
            active.matched += 1;
            let Some(turn) = active.matched.checked_sub(fault.after + 1) else {
                continue;
            };
            if turn % fault.every == 0 && fault.count.is_none_or(|count| active.happened < count) {
                active.happened += 1;
                struck.push_back(fault.kind);
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultError, FaultKind, Faults};
    use std::time::Duration;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "latency=250",
            "unauthorized,count=1",
            "forbidden,op=create_edge_node",
            "throttled=3,count=2",
            "internal,op=enable_disable_edge_nodes,every=3,after=1",
            "unavailable",
            "unavailable=5",
            "reset",
            "reset-after",
            "truncated",
            "malformed",
            "stall=1000",
            "drift,op=list_edge_nodes",
            "skew=-1200",
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |text: &str, error: FaultError| {
            assert_eq!(text.parse::<Fault>().unwrap_err(), error, "{text}");
        };
        check("flood", FaultError::UnknownKind("flood".into()));
        check("latency", FaultError::Number("latency".into()));
        check("skew=x", FaultError::Number("skew".into()));
        check("internal,op=x", FaultError::UnknownOperation("x".into()));
        check("internal,count", FaultError::Number("count".into()));
        check("internal,often=1", FaultError::UnknownLimit("often".into()));
    }

    #[test]
    fn limits_are_counted_over_matching_requests() {
        let mut faults = Faults::default();
        let fault = Fault::new(FaultKind::Internal)
            .on("list_edge_nodes")
            .after(2)
            .every(2)
            .times(2);
        faults.add(fault);
        let struck: Vec<bool> = (0..8)
            .map(|_| {
                assert!(faults.strike("list_projects").is_empty());
                !faults.strike("list_edge_nodes").is_empty()
            })
            .collect();
        assert_eq!(
            struck,
            [false, false, true, false, true, false, false, false]
        );
    }

    #[test]
    fn several_faults_strike_together() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::Latency(Duration::from_millis(1))));
        faults.add(Fault::new(FaultKind::Truncated));
        assert_eq!(faults.strike("list_projects").len(), 2);
        faults.clear();
        assert_eq!(faults.list().count(), 0);
    }
}
