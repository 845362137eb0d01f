//! Certificates of node groups.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::check_description;
use crate::node::CertificateType;
use crate::operation::{Edition, Effect, PageRule, Repeat};
use crate::rules::{Check, Violations, node_group as rules};
use crate::wire::{Nothing, Record, Shape, Shaped};
use crate::{operation, wire};

/// Where the secrets of one certificate stand.
const ISSUED: &[&str] = &["private_key", "package"];

operation! {
    /// GET /v2/{project_id}/edgemgr/groups/{group_id}/certs
    ///
    /// Lists the certificates of a group.
    ListEdgeGroupCerts = "list_edge_group_certs", Get "/v2/{project_id}/edgemgr/groups/{group_id}/certs" {
        path: { group_id },
        query: { limit: i64, offset: i64 },
        response: GroupCertificateList,
        spec: {
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "groupcerts" }),
            edition: Edition::Platinum,
            secret_in_response: &["groupcerts.*.private_key", "groupcerts.*.package"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edgemgr/groups/{group_id}/certs
    ///
    /// Creates a certificate that holds on all nodes of a group. The answer carries, once, its key and package.
    CreateEdgeGroupCert = "create_edge_group_cert", Post "/v2/{project_id}/edgemgr/groups/{group_id}/certs" {
        path: { group_id },
        query: {},
        body: CreateGroupCertificateBody,
        response: GroupCertificate,
        spec: {
            effect: Effect::Create,
            repeat: Repeat::Never,
            edition: Edition::Platinum,
            secret_in_response: ISSUED,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/groups/{group_id}/certs/{group_cert_id}
    ///
    /// Reads one certificate of a group.
    ShowEdgeGroupCertDetail = "show_edge_group_cert_detail", Get "/v2/{project_id}/edgemgr/groups/{group_id}/certs/{group_cert_id}" {
        path: { group_id, group_cert_id },
        query: {},
        response: GroupCertificate,
        spec: {
            edition: Edition::Platinum,
            secret_in_response: ISSUED,
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/groups/{group_id}/certs/{group_cert_id}
    ///
    /// Deletes a certificate of a group.
    DeleteEdgeGroupCert = "delete_edge_group_cert", Delete "/v2/{project_id}/edgemgr/groups/{group_id}/certs/{group_cert_id}" {
        path: { group_id, group_cert_id },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
        }
    }
}

wire! {
    /// Body of [`CreateEdgeGroupCert`].
    pub struct CreateGroupCertificateBody {
        /// Name.
        pub name: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<String>,
        /// What it is for.
        pub description: Option<String>,
    }

    /// The certificates of a group, as [`GroupCertificateList`] holds them.
    pub struct GroupCertificates {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The certificates of this page.
        pub groupcerts: Vec<GroupCertificate>,
    }

    /// A certificate of a group, without the key and the package, which the client hands over separately.
    pub struct GroupCertificate {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// The group.
        pub group_id: Option<String>,
        /// Whether it is being deleted.
        pub is_deleted: Option<bool>,
        /// Project.
        pub project_id: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<CertificateType>,
        /// Serial number.
        pub serial_num: Option<String>,
        /// Root certificate, PEM.
        pub ca: Option<String>,
        /// Certificate, PEM.
        pub certificate: Option<String>,
        /// Days until it ends.
        pub cert_remaining_valid_time: Option<i64>,
    }
}

/// Answer of [`ListEdgeGroupCerts`]: an object, or a list with one in it, as the service's pages have it. The
/// object is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct GroupCertificateList(pub GroupCertificates);

impl Shaped for GroupCertificateList {
    const SHAPE: Shape = GroupCertificates::SHAPE;
}

impl<'de> Deserialize<'de> for GroupCertificateList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = GroupCertificates;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object, or a list of one")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                GroupCertificates::read(map)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut all = list
                    .next_element::<GroupCertificates>()?
                    .unwrap_or_default();
                while let Some(more) = list.next_element::<GroupCertificates>()? {
                    all.groupcerts.extend(more.groupcerts);
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Either).map(Self)
    }
}

impl Check for CreateGroupCertificateBody {
    fn check(&self, violations: &mut Violations) {
        let name = self.name.as_deref();
        violations.required("name", &rules::GROUP_CERTIFICATE_NAME, name);
        let kind = self.kind.as_deref();
        violations.required("type", &rules::GROUP_CERTIFICATE_TYPE, kind);
        check_description(self.description.as_deref(), violations);
    }
}
