//! Versions of application templates (section 4.4.6 to 4.4.10): each is one container as it is meant to run.

use crate::container::{
    AsAmounts, CommandForm, Env, NumericAmounts, NumericResources, PortMapping, Probe,
    RestartPolicy, Volume, check_amounts, check_lines, check_ports,
};
use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, app as rules, container};
use crate::wire::Nothing;
use crate::{operation, wire};

operation! {
    /// POST /v2/{project_id}/edgemgr/apps/{app_id}/versions
    ///
    /// Adds a version to an application template. Section 4.4.6.
    CreateAppVersions = "create_app_versions", Post "/v2/{project_id}/edgemgr/apps/{app_id}/versions" {
        path: { app_id },
        query: {},
        body: CreateAppVersionBody,
        response: AppVersionEnvelope,
        spec: {
            section: Some("4.4.6"),
            action: Some("ief:appVersion:create"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["app", "app_version"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}
    ///
    /// Changes a version, but neither its name nor its image. Section 4.4.7.
    UpdateAppVersion = "update_app_version", Put "/v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}" {
        path: { app_id, version_id },
        query: {},
        body: UpdateAppVersionBody,
        response: AppVersionEnvelope,
        spec: {
            section: Some("4.4.7"),
            action: Some("ief:appVersion:update"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["app", "app_version"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}
    ///
    /// Reads one version. Section 4.4.8.
    ShowAppVersionDetail = "show_app_version_detail", Get "/v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}" {
        path: { app_id, version_id },
        query: {},
        response: AppVersionEnvelope,
        spec: {
            section: Some("4.4.8"),
            action: Some("ief:appVersion:get"),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/apps/{app_id}/versions
    ///
    /// Lists the versions of an application template. Section 4.4.9.
    ListAppVersions = "list_app_versions", Get "/v2/{project_id}/edgemgr/apps/{app_id}/versions" {
        path: { app_id },
        query: { limit: String, offset: String },
        response: AppVersionList,
        spec: {
            section: Some("4.4.9"),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "versions" }),
            action: Some("ief:appVersion:list"),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}
    ///
    /// Deletes a version. Section 4.4.10.
    DeleteAppVersion = "delete_app_version", Delete "/v2/{project_id}/edgemgr/apps/{app_id}/versions/{version_id}" {
        path: { app_id, version_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.4.10"),
            action: Some("ief:appVersion:delete"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["app", "app_version"],
        }
    }
}

wire! {
    /// Body of [`CreateAppVersions`].
    pub struct CreateAppVersionBody {
        /// The version.
        pub version: Option<NewAppVersion>,
    }

    /// A version to create (table 4-136).
    pub struct NewAppVersion {
        /// What it is called.
        pub version: Option<String>,
        /// Address of its image.
        pub image_url: Option<String>,
        /// Environment variables.
        pub envs: Vec<Env>,
        /// Volumes.
        pub volumes: Vec<Volume>,
        /// What it may use and what is set aside for it.
        pub resources: Option<NumericResources>,
        /// Advanced settings.
        pub configs: Option<VersionConfigs>,
        /// Tells whether it has to be started again.
        pub liveness_probe: Option<Probe>,
        /// Tells whether it can serve.
        pub readiness_probe: Option<Probe>,
        /// Architecture: `x86_64`, `arm32` or `arm64`.
        pub arch: Option<String>,
        /// Startup command.
        pub command: Vec<String>,
        /// Arguments.
        pub args: Vec<String>,
        /// NPU type. The service's default is `D310`.
        pub npu_type: Option<String>,
    }

    /// Body of [`UpdateAppVersion`].
    pub struct UpdateAppVersionBody {
        /// What changes.
        pub version: Option<AppVersionUpdate>,
    }

    /// What changes on a version (table 4-140). What is left out stays.
    pub struct AppVersionUpdate {
        /// Environment variables.
        pub envs: Option<Vec<Env>>,
        /// Volumes.
        pub volumes: Option<Vec<Volume>>,
        /// What it may use and what is set aside for it.
        pub resources: Option<NumericResources>,
        /// Advanced settings.
        pub configs: Option<VersionConfigs>,
        /// Tells whether it has to be started again.
        pub liveness_probe: Option<Probe>,
        /// Tells whether it can serve.
        pub readiness_probe: Option<Probe>,
        /// Startup command.
        pub command: Option<Vec<String>>,
        /// Arguments.
        pub args: Option<Vec<String>>,
        /// NPU type.
        pub npu_type: Option<String>,
    }

    /// Advanced settings of a version (tables 5-14 and 5-32).
    pub struct VersionConfigs {
        /// Whether it has all rights on the node. The service's default is false.
        pub privileged: Option<bool>,
        /// User that it runs as.
        pub run_as_user: Option<i64>,
        /// Whether it uses the node's network; otherwise its ports are mapped. The service's default is true.
        pub host_network: Option<bool>,
        /// When it is started again. The service's default is `Always`.
        pub restart_policy: Option<RestartPolicy>,
        /// Ports that can be reached at the node.
        pub ports: Vec<PortMapping>,
        /// Whether it sees the node's processes.
        pub host_pid: Option<bool>,
        /// Whom it asks for names.
        pub dns_policy: Option<String>,
    }

    /// Answer of the operations that return one version.
    pub struct AppVersionEnvelope {
        /// The version.
        pub version: Option<AppVersion>,
    }

    /// Answer of [`ListAppVersions`].
    pub struct AppVersionList {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The versions of this page.
        pub versions: Vec<AppVersion>,
    }

    /// A version of an application template (table 5-17).
    pub struct AppVersion {
        /// Identifier.
        pub id: Option<String>,
        /// What it is called.
        pub version: Option<String>,
        /// Address of its image.
        pub image_url: Option<String>,
        /// Environment variables.
        pub envs: Vec<Env>,
        /// Volumes.
        pub volumes: Vec<Volume>,
        /// Advanced settings.
        pub configs: Option<VersionConfigs>,
        /// What it may use and what is set aside for it.
        pub resources: Option<NumericResources>,
        /// Architecture.
        pub arch: Option<String>,
        /// Startup command.
        pub command: Vec<String>,
        /// Arguments.
        pub args: Vec<String>,
        /// Tells whether it has to be started again.
        pub liveness_probe: Option<Probe>,
        /// Tells whether it can serve.
        pub readiness_probe: Option<Probe>,
        /// NPU type.
        pub npu_type: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

/// Listed below its application template, so that it has no list of its own in the console. It is known by what
/// it is called.
impl Resource for AppVersion {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "app_version",
        list: ListAppVersions::SPEC,
        show: Some(ShowAppVersionDetail::SPEC),
        id_parameter: "version_id",
        envelope: "version",
        quota: Some("app_version"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("image", ColumnKind::Text),
            Column::new("arch", ColumnKind::Enum),
            Column::new("cpu", ColumnKind::Text),
            Column::new("memory", ColumnKind::Text),
            Column::new("host_network", ColumnKind::Flag),
            Column::new("privileged", ColumnKind::Flag),
            Column::new("restart_policy", ColumnKind::Enum),
            Column::new("volumes", ColumnKind::Integer),
            Column::new("envs", ColumnKind::Integer),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.version.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        let configs = self.configs.as_ref();
        let policy = configs.and_then(|it| it.restart_policy.as_ref());
        let [cpu, memory, ..] = self.limits().map(AsAmounts::texts).unwrap_or_default();
        let text = |text: Option<String>| text.map_or(Cell::Missing, |it| Cell::Text(it.into()));
        cells.extend([
            Cell::text(self.version.as_deref()),
            Cell::text(self.image_url.as_deref()),
            Cell::text(self.arch.as_deref()),
            text(cpu),
            text(memory),
            Cell::flag(configs.and_then(|it| it.host_network)),
            Cell::flag(configs.and_then(|it| it.privileged)),
            Cell::text(policy.map(RestartPolicy::as_str)),
            Cell::length(self.volumes.len()),
            Cell::length(self.envs.len()),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
        ]);
    }
}

impl AppVersion {
    /// The most it may use.
    #[must_use]
    pub fn limits(&self) -> Option<&NumericAmounts> {
        self.resources.as_ref()?.limits.as_ref()
    }
}

impl Check for CreateAppVersionBody {
    fn check(&self, violations: &mut Violations) {
        let Some(version) = &self.version else {
            violations.add("version", &rules::APP_VERSION, Problem::Missing);
            return;
        };
        violations.at("version", |violations| {
            let name = version.version.as_deref();
            violations.required("version", &rules::APP_VERSION, name);
            let image = version.image_url.as_deref();
            violations.required("image_url", &container::IMAGE_URL, image);
            violations.optional("arch", &rules::APP_ARCH, version.arch.as_deref());
            check_parts(
                &Parts {
                    envs: &version.envs,
                    volumes: &version.volumes,
                    resources: version.resources.as_ref(),
                    configs: version.configs.as_ref(),
                    liveness_probe: version.liveness_probe.as_ref(),
                    readiness_probe: version.readiness_probe.as_ref(),
                    command: &version.command,
                    args: &version.args,
                    npu_type: version.npu_type.as_deref(),
                },
                violations,
            );
        });
    }
}

impl Check for UpdateAppVersionBody {
    fn check(&self, violations: &mut Violations) {
        let Some(version) = &self.version else {
            violations.add("version", &rules::APP_VERSION, Problem::Missing);
            return;
        };
        violations.at("version", |violations| {
            check_parts(
                &Parts {
                    envs: version.envs.as_deref().unwrap_or_default(),
                    volumes: version.volumes.as_deref().unwrap_or_default(),
                    resources: version.resources.as_ref(),
                    configs: version.configs.as_ref(),
                    liveness_probe: version.liveness_probe.as_ref(),
                    readiness_probe: version.readiness_probe.as_ref(),
                    command: version.command.as_deref().unwrap_or_default(),
                    args: version.args.as_deref().unwrap_or_default(),
                    npu_type: version.npu_type.as_deref(),
                },
                violations,
            );
        });
    }
}

/// What creating and changing a version have in common.
struct Parts<'a> {
    envs: &'a [Env],
    volumes: &'a [Volume],
    resources: Option<&'a NumericResources>,
    configs: Option<&'a VersionConfigs>,
    liveness_probe: Option<&'a Probe>,
    readiness_probe: Option<&'a Probe>,
    command: &'a [String],
    args: &'a [String],
    npu_type: Option<&'a str>,
}

fn check_parts(parts: &Parts<'_>, violations: &mut Violations) {
    Env::check_all(parts.envs, violations);
    Volume::check_all(parts.volumes, violations);
    if let Some(resources) = parts.resources {
        let (limits, requests) = (resources.limits.as_ref(), resources.requests.as_ref());
        check_amounts(limits, requests, violations);
    }
    if let Some(configs) = parts.configs {
        violations.at("configs", |violations| configs.check(violations));
    }
    let form = CommandForm::Plain;
    Probe::check_at(parts.liveness_probe, "liveness_probe", form, violations);
    Probe::check_at(parts.readiness_probe, "readiness_probe", form, violations);
    check_lines("command", parts.command, violations);
    check_lines("args", parts.args, violations);
    violations.optional("npu_type", &container::CONTAINER_NPU, parts.npu_type);
}

impl VersionConfigs {
    fn check(&self, violations: &mut Violations) {
        let policy = self.restart_policy.as_ref().map(RestartPolicy::as_str);
        violations.optional("restart_policy", &container::RESTART_POLICY, policy);
        violations.integer("run_as_user", &container::RUN_AS_USER, self.run_as_user);
        let dns = self.dns_policy.as_deref();
        violations.optional("dns_policy", &container::DNS_POLICY, dns);
        if self.host_network == Some(false) && self.ports.is_empty() {
            violations.add("ports", &rules::APP_PORTS, Problem::Missing);
        }
        check_ports(&self.ports, violations);
    }
}
