//! Instances of deployments (section 4.5.6, and two operations that only the service's model has).

use crate::affinity::Affinity;
use crate::container::{Env, PortMapping, Probe, Resources, Volume};
use crate::deployment::PodConfigs;
use crate::operation::{Call, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Problem, Violations, deployment as rules};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// GET /v3/{project_id}/edgemgr/pods
    ///
    /// Lists the instances of a node, of a node group, of a deployment, or of several with commas between:
    /// exactly one of the four has to be asked for. Section 4.5.6.
    ListPods = "list_pods", Get "/v3/{project_id}/edgemgr/pods" {
        path: {},
        query: {
            node_id: String,
            group_id: String,
            deployment_id: String,
            deployment_ids: String,
            plugin_instance_name: String,
            limit: i64,
            offset: i64,
        },
        response: PodList,
        spec: {
            section: Some("4.5.6"),
            // The reference names neither; those of its neighbours are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "pods" }),
            check_query: Some(check_list),
        }
    }
}

operation! {
    /// DELETE /v3/{project_id}/edgemgr/deployments/{deployment_id}/pods/{pod_name}
    ///
    /// Deletes an instance; its deployment starts another in its place. The reference has no section for it.
    DeletePod = "delete_pod", Delete "/v3/{project_id}/edgemgr/deployments/{deployment_id}/pods/{pod_name}" {
        path: { deployment_id, pod_name },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["deployment", "pod"],
        }
    }
}

operation! {
    /// POST /v3/{project_id}/edgemgr/deployments/{deployment_id}/pods/{pod_name}/restart
    ///
    /// Starts the containers of an instance again. The reference has no section for it.
    RestartDeploymentsPod = "restart_deployments_pod", Post "/v3/{project_id}/edgemgr/deployments/{deployment_id}/pods/{pod_name}/restart" {
        path: { deployment_id, pod_name },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Act,
            // Twice starts them again twice.
            repeat: Repeat::Never,
            touches: &["deployment", "pod"],
        }
    }
}

open_enum! {
    /// State of an instance (table 5-19, and the service's model).
    pub enum PodState {
        /// It runs.
        Running = "RUNNING",
        /// It waits to be started.
        Pending = "PENDING",
        /// It has ended well.
        Succeeded = "SUCCEEDED",
        /// It has ended, or ends again and again.
        Failed = "FAILED",
        /// It could not be created.
        CreateFail = "CREATE_FAIL",
        /// It is being stopped.
        Terminating = "TERMINATING",
        /// It waits to be deleted.
        PendingDelete = "PENDING_DELETE",
        /// It could not be deleted.
        DeleteFailed = "DELETE_FAILED",
        /// The service doesn't let it run.
        Freeze = "FREEZE",
        /// Its node doesn't tell.
        Unknown = "UNKNOWN",
    }
}

open_enum! {
    /// What the readiness probe of a container says (table 5-19).
    pub enum Readiness {
        /// There is no probe.
        Unconfigured = "UNCONFIGURE",
        /// It has not been asked yet, or nobody knows.
        Unknown = "UNKNOWN",
        /// It can serve.
        Normal = "NORMAL",
        /// It can't.
        Abnormal = "ABNORMAL",
    }
}

wire! {
    /// Answer of [`ListPods`].
    pub struct PodList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The instances of this page.
        pub pods: Vec<Pod>,
    }

    /// An instance (table 4-283).
    pub struct Pod {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Settings.
        pub configs: Option<PodConfigs>,
        /// Where it runs best.
        pub affinity: Option<Affinity>,
        /// Containers that run before the others.
        pub init_containers: Vec<PodContainer>,
        /// Containers.
        pub containers: Vec<PodContainer>,
        /// Node it runs on; empty while none has been found.
        pub node_id: Option<String>,
        /// Deployment it belongs to.
        pub deployment_id: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// Why it doesn't work, in a word.
        pub reason: Option<String>,
        /// Why it doesn't work, in a sentence.
        pub message: Option<String>,
        /// State.
        pub state: Option<PodState>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }

    /// A container of an instance (table 4-284).
    pub struct PodContainer {
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
        /// Whether it has all rights on the node.
        pub privileged: Option<bool>,
        /// Tells whether it can serve.
        pub readiness_probe: Option<Probe>,
        /// Tells whether it has to be started again.
        pub liveness_probe: Option<Probe>,
        /// Version.
        pub version: Option<String>,
        /// Volumes.
        pub volumes: Vec<Volume>,
        /// NPU type.
        pub npu_type: Option<String>,
        /// How often it was started again.
        pub restarts: Option<i64>,
        /// Why it doesn't work, in a word.
        pub reason: Option<String>,
        /// Why it doesn't work, in a sentence.
        pub message: Option<String>,
        /// What its readiness probe says.
        pub is_ready: Option<Readiness>,
        /// Identifier on the node.
        pub container_id: Option<String>,
        /// State, in the service's own words.
        pub state: Option<String>,
    }
}

impl Pod {
    /// How often its containers were started again, all together.
    #[must_use]
    pub fn restarts(&self) -> Option<i64> {
        let restarts = self.containers.iter().filter_map(|it| it.restarts);
        restarts.reduce(i64::saturating_add)
    }

    /// Why it doesn't work, in a word: its own reason, or that of a container.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        let own = [&self.reason].into_iter();
        let reasons = own.chain(self.containers.iter().map(|it| &it.reason));
        reasons
            .filter_map(Option::as_deref)
            .find(|it| !it.is_empty())
    }
}

/// Listed below a node, a node group or a deployment, so that it has no list of its own in the console; and acted
/// on by its name, not by its identifier.
impl Resource for Pod {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "pod",
        list: ListPods::SPEC,
        show: None,
        id_parameter: "pod_name",
        envelope: "",
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("state", ColumnKind::Enum),
            Column::new("reason", ColumnKind::Enum),
            Column::new("ready", ColumnKind::Enum),
            Column::new("restarts", ColumnKind::Integer),
            Column::new("node", ColumnKind::Text),
            Column::new("deployment", ColumnKind::Text),
            Column::new("image", ColumnKind::Text),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("message", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let first = self.containers.first();
        let ready = first.and_then(|it| it.is_ready.as_ref());
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::text(self.state.as_ref().map(PodState::as_str)),
            Cell::text(self.trouble()),
            Cell::text(ready.map(Readiness::as_str)),
            Cell::integer(self.restarts()),
            Cell::text(self.node_id.as_deref()),
            Cell::text(self.deployment_id.as_deref()),
            Cell::text(first.and_then(|it| it.image_url.as_deref())),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.message.as_deref()),
        ]);
    }
}

/// The query of the list of instances.
fn check_list(call: &Call, violations: &mut Violations) {
    let choices = ["node_id", "group_id", "deployment_id", "deployment_ids"];
    let given = |name: &&str| call.query_value(name).is_some_and(|it| !it.is_empty());
    let mut asked = choices.into_iter().filter(given);
    let rule = &rules::PODS_OF;
    match (asked.next(), asked.next()) {
        (None, _) => violations.add("deployment_id", rule, Problem::Missing),
        (Some(first), Some(second)) => {
            let other = first.to_owned();
            violations.add(second, rule, Problem::Contradicts { other });
        }
        (Some(only), None) => violations.required(only, rule, call.query_value(only)),
    }
}
