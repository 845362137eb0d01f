//! Certificates of edge nodes (sections 4.1.8 to 4.1.10).

use crate::operation::{Effect, PageRule, Repeat};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// GET /v2/{project_id}/edgemgr/nodes/{node_id}/certs
    ///
    /// Lists the certificates of a node. Section 4.1.8.
    ListEdgeNodeCerts = "list_edge_node_certs", Get "/v2/{project_id}/edgemgr/nodes/{node_id}/certs" {
        path: { node_id },
        query: { limit: i64, offset: i64 },
        response: NodeCertificateList,
        spec: {
            section: Some("4.1.8"),
            action: Some("ief:node:listNodeCert"),
            // The reference names no limits for this list; those of its neighbours are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "node_certs" }),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edgemgr/nodes/{node_id}/certs
    ///
    /// Creates an application or device certificate. The answer carries, once, its key and package.
    /// Section 4.1.9.
    CreateEdgeNodeCerts = "create_edge_node_certs", Post "/v2/{project_id}/edgemgr/nodes/{node_id}/certs" {
        path: { node_id },
        query: {},
        body: CreateCertificateBody,
        response: IssuedCertificate,
        spec: {
            section: Some("4.1.9"),
            action: Some("ief:node:createNodeCert"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            secret_in_response: &["private_key", "package"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/nodes/{node_id}/certs/{cert_id}
    ///
    /// Deletes an application or device certificate. Section 4.1.10.
    DeleteEdgeNodeCerts = "delete_edge_node_certs", Delete "/v2/{project_id}/edgemgr/nodes/{node_id}/certs/{cert_id}" {
        path: { node_id, cert_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.1.10"),
            action: Some("ief:node:deleteNodeCert"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
        }
    }
}

open_enum! {
    /// Type of a node certificate (table 4-37).
    pub enum CertificateType {
        /// Created with the node.
        System = "system",
        /// For applications.
        Application = "application",
        /// For devices.
        Device = "device",
    }
}

wire! {
    /// Answer of [`ListEdgeNodeCerts`].
    pub struct NodeCertificateList {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The certificates of this page.
        pub node_certs: Vec<NodeCertificate>,
    }

    /// A certificate of a node (table 4-37).
    pub struct NodeCertificate {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// The node.
        pub node_id: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<CertificateType>,
        /// Serial number.
        pub serial_num: Option<String>,
    }

    /// Body of [`CreateEdgeNodeCerts`] (table 4-40).
    pub struct CreateCertificateBody {
        /// Name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// `application` or `device`.
        #[name("type")]
        pub kind: Option<String>,
    }

    /// Answer of [`CreateEdgeNodeCerts`] (table 4-41), without the key and the package, which the client
    /// hands over separately.
    pub struct IssuedCertificate {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// The node.
        pub node_id: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<CertificateType>,
        /// Serial number.
        pub serial_num: Option<String>,
        /// Root certificate, PEM.
        pub ca: Option<String>,
        /// Certificate, PEM.
        pub certificate: Option<String>,
    }
}
