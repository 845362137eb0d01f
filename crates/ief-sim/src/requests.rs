//! What was asked of the simulator, for tests: which requests came, never what secrets they carried.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// How many requests are remembered.
const KEPT: usize = 1000;

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenRequest {
    /// Which one it was, counted from 1.
    pub number: u64,
    /// Method.
    pub method: String,
    /// Path, without the query.
    pub path: String,
    /// Query.
    pub query: String,
    /// Name of the operation in the catalogue, when there is one.
    pub operation: Option<&'static str>,
    /// Names of the headers, without their values.
    pub headers: Vec<String>,
    /// Size of the body in bytes.
    pub body_size: usize,
    /// Status of the answer; none when the connection was reset instead.
    pub status: Option<u16>,
    /// The request identifier in the answer.
    pub request_id: String,
}

/// The requests that came lately, and how many there were of each operation.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    total: u64,
    lately: VecDeque<SeenRequest>,
    counts: BTreeMap<&'static str, u64>,
}

impl RequestLog {
    /// Remembers a request and returns its number.
    pub(crate) fn add(&mut self, mut request: SeenRequest) -> u64 {
        self.total += 1;
        request.number = self.total;
        if let Some(operation) = request.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        if self.lately.len() == KEPT {
            self.lately.pop_front();
        }
        self.lately.push_back(request);
        self.total
    }

    /// Notes what a request was answered.
    pub(crate) fn answered(&mut self, number: u64, status: u16) {
        if let Some(request) = self.lately.iter_mut().rev().find(|r| r.number == number) {
            request.status = Some(status);
        }
    }

    pub(crate) fn lately(&self) -> impl Iterator<Item = &SeenRequest> {
        self.lately.iter()
    }

    pub(crate) fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
