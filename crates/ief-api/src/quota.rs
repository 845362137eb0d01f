//! Quotas (section 4.14).

use crate::{open_enum, operation, wire};

operation! {
    /// GET /v2/{project_id}/edgemgr/quotas
    ///
    /// Tells how many resources of each kind there are and may be. `types` asks for one kind only.
    /// Section 4.14.1.
    ShowQuota = "show_quota", Get "/v2/{project_id}/edgemgr/quotas" {
        path: {},
        query: { types: String },
        response: Quotas,
        spec: {
            section: Some("4.14.1"),
        }
    }
}

open_enum! {
    /// What a quota limits (table 4-524).
    pub enum QuotaType {
        /// Edge nodes.
        EdgeNode = "edge_node",
        /// Certificates of a node.
        NodeCert = "node_cert",
        /// Edge node groups.
        EdgeGroup = "edge_group",
        /// Certificates of a group.
        GroupCert = "group_cert",
        /// Application templates.
        Application = "application",
        /// Containerized applications.
        Deployment = "deployment",
        /// End device templates.
        DeviceTemplate = "device_template",
        /// End devices.
        Device = "device",
        /// Versions of an application template.
        AppVersion = "app_version",
        /// Tags.
        Tag = "tag",
        /// ConfigMaps.
        Configmap = "configmap",
        /// Secrets.
        Secret = "secret",
        /// Platinum instances.
        IefInstance = "ief_instance",
        /// Services of the mesh.
        Service = "service",
        /// Gateways of the mesh.
        Gateway = "gateway",
    }
}

wire! {
    /// Answer of [`ShowQuota`].
    pub struct Quotas {
        /// The quotas.
        pub quotas: Option<QuotaList>,
    }

    /// A list of quotas (table 4-527).
    pub struct QuotaList {
        /// One for each kind.
        pub resources: Vec<Quota>,
    }

    /// How many resources of one kind there are and may be (table 4-528).
    pub struct Quota {
        /// How many there are.
        pub used: Option<i64>,
        /// Smallest value the quota can be set to; -1 where there is none.
        pub min: Option<i64>,
        /// Largest value the quota can be set to.
        pub max: Option<i64>,
        /// How many there may be; -1 where there is no limit.
        pub quota: Option<i64>,
        /// Project.
        pub project_id: Option<String>,
        /// What it limits.
        #[name("type")]
        pub kind: Option<QuotaType>,
    }
}
