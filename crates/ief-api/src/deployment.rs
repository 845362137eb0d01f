//! Deployments: applications as they run on nodes (section 4.5). Their instances are a module of their own.

use std::borrow::Cow;

use crate::affinity::Affinity;
use crate::container::{self, Env, PortMapping, Probe, Resources, RestartPolicy, Volume};
use crate::node::KeyValue;
use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Problem, Violations, deployment as rules};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

mod check;

operation! {
    /// POST /v3/{project_id}/edgemgr/deployments
    ///
    /// Deploys an application to a node or, on platinum instances, to a node group. Section 4.5.1.
    CreateDeployments = "create_deployments", Post "/v3/{project_id}/edgemgr/deployments" {
        path: {},
        query: {},
        body: NewDeployment,
        response: Deployment,
        spec: {
            section: Some("4.5.1"),
            action: Some("ief:deployment:create"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["deployment", "pod", "node_group"],
        }
    }
}

operation! {
    /// GET /v3/{project_id}/edgemgr/deployments
    ///
    /// Lists deployments. `name` matches anywhere in the name, `sort` is `created_at:desc` or
    /// `created_at:asc`, and a node or a node group can be asked for, not both. Section 4.5.2.
    ListDeployments = "list_deployments", Get "/v3/{project_id}/edgemgr/deployments" {
        path: {},
        query: {
            limit: i64,
            offset: i64,
            sort: String,
            name: String,
            node_id: String,
            group_id: String,
        },
        response: DeploymentList,
        spec: {
            section: Some("4.5.2"),
            page: Some(PageRule { default: 10, maximum: 100, rows: "deployments" }),
            action: Some("ief:deployment:list"),
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// PUT /v3/{project_id}/edgemgr/deployments/{deployment_id}
    ///
    /// Replaces all of what a deployment runs, its description, or both. Section 4.5.3.
    UpdateDeployment = "update_deployment", Put "/v3/{project_id}/edgemgr/deployments/{deployment_id}" {
        path: { deployment_id },
        query: {},
        body: DeploymentUpdate,
        response: Deployment,
        spec: {
            section: Some("4.5.3"),
            action: Some("ief:deployment:update"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["deployment", "pod"],
        }
    }
}

operation! {
    /// DELETE /v3/{project_id}/edgemgr/deployments/{deployment_id}
    ///
    /// Deletes a deployment with its instances. With `force_delete` it goes at once, even while its node is
    /// out of reach. Section 4.5.4.
    DeleteDeployment = "delete_deployment", Delete "/v3/{project_id}/edgemgr/deployments/{deployment_id}" {
        path: { deployment_id },
        query: { force_delete: String },
        response: Nothing,
        spec: {
            section: Some("4.5.4"),
            action: Some("ief:deployment:delete"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["deployment", "pod", "node_group"],
            check_query: Some(check_delete),
        }
    }
}

operation! {
    /// GET /v3/{project_id}/edgemgr/deployments/{deployment_id}
    ///
    /// Reads one deployment. Section 4.5.5.
    ShowDeployment = "show_deployment", Get "/v3/{project_id}/edgemgr/deployments/{deployment_id}" {
        path: { deployment_id },
        query: {},
        response: Deployment,
        spec: {
            section: Some("4.5.5"),
            action: Some("ief:deployment:get"),
        }
    }
}

open_enum! {
    /// What becomes of a deployment as a whole; empty while nothing does (table 4-171).
    pub enum DeploymentState {
        /// The service doesn't let it run.
        Freeze = "FREEZE",
        /// It goes as soon as its node can be reached.
        PendingDelete = "PENDING_DELETE",
        /// It could not be deleted.
        DeleteFailed = "DELETE_FAILED",
    }
}

wire! {
    /// Body of [`CreateDeployments`] (table 4-153).
    pub struct NewDeployment {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// `userdefined`.
        pub source: Option<String>,
        /// Node group it runs on. This or a node. Platinum only.
        pub group_id: Option<String>,
        /// Node it runs on, as a list of one.
        pub node_ids: Vec<String>,
        /// Tags, 10 at most.
        pub tags: Vec<KeyValue>,
        /// What runs.
        pub deployment: Option<NewRun>,
    }

    /// What runs, and how often (table 4-154).
    pub struct NewRun {
        /// Instances.
        pub replicas: Option<i64>,
        /// What an instance is made of.
        pub template: Option<PodTemplate>,
        /// Notes to the service.
        pub annotations: Option<Annotations>,
    }

    /// Notes to the service. Only its model has them.
    pub struct Annotations {
        /// Writes the table of ranks that training on NPUs needs: `ascend-1980` only.
        pub ring_controller: Option<String>,
        /// Node group whose nodes heal the deployment without the cloud.
        pub autonomy_edge_selector: Option<String>,
    }

    /// Body of [`UpdateDeployment`] (table 4-217).
    pub struct DeploymentUpdate {
        /// What runs from now on, as a whole.
        pub deployment: Option<RunUpdate>,
        /// What it is.
        pub description: Option<String>,
    }

    /// What runs from now on (table 4-218).
    pub struct RunUpdate {
        /// Instances.
        pub replicas: Option<i64>,
        /// What an instance is made of.
        pub template: Option<PodTemplate>,
    }

    /// What an instance is made of (table 4-155).
    pub struct PodTemplate {
        /// Settings of the instance.
        pub configs: Option<PodConfigs>,
        /// Where it runs best. Platinum only.
        pub affinity: Option<Affinity>,
        /// Containers that run one after the other before the others start.
        pub init_containers: Vec<Container>,
        /// Containers.
        pub containers: Vec<Container>,
    }

    /// Settings of an instance (table 4-166).
    pub struct PodConfigs {
        /// Whether it uses the node's network; otherwise its ports are mapped.
        pub host_network: Option<bool>,
        /// Whether it sees the node's processes.
        pub host_pid: Option<bool>,
        /// Whether it moves to another node of its group when its own fails.
        pub migration: Option<bool>,
        /// When its containers are started again.
        pub restart_policy: Option<RestartPolicy>,
        /// Seconds until it moves.
        pub toleration_seconds: Option<i64>,
        /// Whom it asks for names.
        pub dns_policy: Option<String>,
    }

    /// A container (table 4-156).
    pub struct Container {
        /// Name.
        pub name: Option<String>,
        /// Address of its image.
        pub image_url: Option<String>,
        /// Arguments.
        pub args: Vec<String>,
        /// Startup command.
        pub command: Vec<String>,
        /// What it may use and what is set aside for it.
        pub resources: Option<Resources>,
        /// Environment variables.
        pub envs: Vec<Env>,
        /// Ports that can be reached at the node.
        pub ports: Vec<PortMapping>,
        /// Whether it has all rights on the node. The service's default is false.
        pub privileged: Option<bool>,
        /// User that it runs as.
        pub run_as_user: Option<i64>,
        /// Tells whether it can serve.
        pub readiness_probe: Option<Probe>,
        /// Tells whether it has to be started again.
        pub liveness_probe: Option<Probe>,
        /// Version.
        pub version: Option<String>,
        /// Volumes.
        pub volumes: Vec<Volume>,
        /// NPU type. The service's default is `D310`.
        pub npu_type: Option<String>,
    }

    /// Answer of [`ListDeployments`].
    pub struct DeploymentList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The deployments of this page.
        pub deployments: Vec<Deployment>,
    }

    /// A deployment (tables 4-171, 4-196 and 4-234). Answers that return one have it without an envelope.
    pub struct Deployment {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Instances there should be.
        pub replicas: Option<i64>,
        /// Instances that work.
        pub ready_replicas: Option<i64>,
        /// What it is.
        pub description: Option<String>,
        /// Node group it runs on; empty when it runs on a node.
        pub group_id: Option<String>,
        /// Node it runs on.
        pub node_ids: Vec<String>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// `v3`.
        pub api_version: Option<String>,
        /// `userdefined`.
        pub source: Option<String>,
        /// Reserved by the service.
        pub source_id: Option<String>,
        /// What becomes of it.
        pub state: Option<DeploymentState>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// What an instance is made of.
        pub template: Option<PodTemplate>,
        /// Notes to the service.
        pub annotations: Option<Annotations>,
    }
}

impl PodTemplate {
    /// Every container, those that run first before the others.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers)
    }
}

impl Deployment {
    /// Its containers, those that run first aside.
    #[must_use]
    pub fn containers(&self) -> &[Container] {
        let template = self.template.as_ref();
        template.map_or(&[], |template| &template.containers)
    }
}

impl Resource for Deployment {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "deployment",
        list: ListDeployments::SPEC,
        show: Some(ShowDeployment::SPEC),
        id_parameter: "deployment_id",
        envelope: "",
        quota: Some("deployment"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("state", ColumnKind::Enum),
            Column::new("ready", ColumnKind::Integer),
            Column::new("replicas", ColumnKind::Integer),
            Column::new("node", ColumnKind::Text),
            Column::new("group", ColumnKind::Text),
            Column::new("images", ColumnKind::Set),
            Column::new("restart_policy", ColumnKind::Enum),
            Column::new("host_network", ColumnKind::Flag),
            Column::new("tag", ColumnKind::Set),
            Column::new("source", ColumnKind::Enum),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
            Column::new("config_maps", ColumnKind::Set),
            Column::new("secrets", ColumnKind::Set),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let configs = self.template.as_ref().and_then(|it| it.configs.as_ref());
        let policy = configs.and_then(|it| it.restart_policy.as_ref());
        let images = self.containers().iter();
        let images = images.filter_map(|it| it.image_url.as_deref());
        let images = images.filter(|image| !image.is_empty());
        let containers = || self.template.iter().flat_map(PodTemplate::all_containers);
        let parts = || containers().map(|it| (it.volumes.as_slice(), it.envs.as_slice()));
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(self.state.as_ref().map(DeploymentState::as_str)),
            Cell::integer(self.ready_replicas),
            Cell::integer(self.replicas),
            Cell::text(self.node_ids.first().map(String::as_str)),
            Cell::text(self.group_id.as_deref()),
            Cell::set(images.map(Cow::Borrowed)),
            Cell::text(policy.map(RestartPolicy::as_str)),
            Cell::flag(configs.and_then(|it| it.host_network)),
            Cell::set(self.tags.iter().map(|tag| Cow::Owned(tag.joined()))),
            Cell::text(self.source.as_deref()),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
            Cell::set(container::config_maps(parts()).map(Cow::Borrowed)),
            Cell::set(container::secrets(parts()).map(Cow::Borrowed)),
        ]);
    }
}

/// The query of the list of deployments.
fn check_list(call: &Call, violations: &mut Violations) {
    violations.optional("sort", &rules::DEPLOYMENT_SORT, call.query_value("sort"));
    let given = |name: &str| call.query_value(name).is_some_and(|it| !it.is_empty());
    if given("node_id") && given("group_id") {
        let other = "node_id".to_owned();
        let problem = Problem::Contradicts { other };
        violations.add("group_id", &rules::DEPLOYMENT_TARGET, problem);
    }
}

/// The query of a deletion.
fn check_delete(call: &Call, violations: &mut Violations) {
    let force = call.query_value("force_delete");
    violations.optional("force_delete", &rules::FORCE_DELETE, force);
}
