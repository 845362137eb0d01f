//! What is known of the subject of a package beside the package itself.

/// What a profile or a snapshot knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The name of the profile or the snapshot.
    pub source: String,
    /// When that was seen, in seconds since 1970.
    pub seen_at: i64,
    /// What it knows.
    pub subject: KnownSubject,
}

/// What is known of a node, group or batch registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownSubject {
    /// It isn't there.
    Absent,
    /// It is there.
    Present {
        /// Its name.
        name: String,
        /// Its state, as it is shown. Empty where it has none.
        state: String,
        /// When it was registered, if it was registered again: in seconds since 1970.
        registered_again_at: Option<i64>,
        /// Serial numbers of the certificates that the service lists for it. Empty where that isn't told.
        current_serials: Vec<String>,
    },
}
