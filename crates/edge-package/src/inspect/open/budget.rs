//! Limits. Work is bounded by what may be unpacked and derived, so time is bounded as well, without a clock.

use super::trouble::Trouble;

/// How much is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the input.
    pub input_bytes: usize,
    /// Bytes that all layers together unwrap into.
    pub total_bytes: usize,
    /// Bytes of one entry of an archive.
    pub entry_bytes: usize,
    /// Entries of all archives together.
    pub entries: usize,
    /// How many times gzip may grow what it holds, from the first mebibyte on.
    pub ratio: usize,
    /// Layers within each other.
    pub depth: usize,
    /// Certificates and keys.
    pub things: usize,
    /// Private keys among them: the proof that both halves of one belong together takes some milliseconds.
    pub private_keys: usize,
    /// Rounds of all derivations of keys from passphrases together.
    pub rounds: u64,
    /// Bytes of memory that one derivation may take.
    pub derivation_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 32 << 20,
            total_bytes: 16 << 20,
            entry_bytes: 4 << 20,
            entries: 512,
            ratio: 200,
            depth: 8,
            things: 256,
            private_keys: 32,
            rounds: 5_000_000,
            derivation_bytes: 40 << 20,
        }
    }
}

/// What is left of the limits.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    bytes: usize,
    entries: usize,
    things: usize,
    private_keys: usize,
    rounds: u64,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            bytes: limits.total_bytes,
            entries: limits.entries,
            things: limits.things,
            private_keys: limits.private_keys,
            rounds: limits.rounds,
            limits: limits.clone(),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Bytes that may still be unwrapped.
    pub(super) fn bytes_left(&self) -> usize {
        self.bytes
    }

    /// Whether so many bytes may still be unwrapped.
    pub(super) fn has_bytes(&self, count: usize) -> Result<(), Trouble> {
        if count <= self.bytes {
            Ok(())
        } else {
            Err(Trouble::TotalTooLarge {
                limit: self.limits.total_bytes,
            })
        }
    }

    /// Takes bytes that a layer unwraps into.
    pub(super) fn take_bytes(&mut self, count: usize) -> Result<(), Trouble> {
        self.has_bytes(count)?;
        self.bytes -= count;
        Ok(())
    }

    /// Takes bytes that were unwrapped and are not looked at.
    pub(super) fn use_up_bytes(&mut self, count: usize) {
        self.bytes = self.bytes.saturating_sub(count);
    }

    /// Takes one entry of an archive.
    pub(super) fn take_entry(&mut self) -> Result<(), Trouble> {
        match self.entries.checked_sub(1) {
            Some(left) => {
                self.entries = left;
                Ok(())
            }
            None => Err(Trouble::TooManyEntries {
                limit: self.limits.entries,
            }),
        }
    }

    /// Takes one certificate or key.
    pub(super) fn take_thing(&mut self) -> Result<(), Trouble> {
        match self.things.checked_sub(1) {
            Some(left) => {
                self.things = left;
                Ok(())
            }
            None => Err(Trouble::TooManyThings {
                limit: self.limits.things,
            }),
        }
    }

    /// Takes one private key.
    pub(super) fn take_private_key(&mut self) -> Result<(), Trouble> {
        match self.private_keys.checked_sub(1) {
            Some(left) => {
                self.private_keys = left;
                self.take_thing()
            }
            None => Err(Trouble::TooManyThings {
                limit: self.limits.private_keys,
            }),
        }
    }

    /// Takes the rounds of a derivation: whether there are as many left.
    pub(super) fn take_rounds(&mut self, count: u64) -> bool {
        match self.rounds.checked_sub(count) {
            Some(left) => {
                self.rounds = left;
                true
            }
            None => false,
        }
    }
}
