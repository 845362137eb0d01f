//! The regions the service's own SDK knows. Endpoints can also be typed.

/// A region of the cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Identifier, which is also the name of its default project.
    pub id: &'static str,
}

impl Region {
    /// Where IEF answers.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("https://ief.{}.myhuaweicloud.com", self.id)
    }

    /// Where IAM answers.
    #[must_use]
    pub fn iam_endpoint(&self) -> String {
        format!("https://iam.{}.myhuaweicloud.com", self.id)
    }
}

/// Every preset region.
pub const REGIONS: &[Region] = &[
    Region { id: "cn-north-1" },
    Region { id: "cn-north-4" },
    Region { id: "cn-east-2" },
    Region { id: "cn-east-3" },
    Region { id: "cn-south-1" },
];
