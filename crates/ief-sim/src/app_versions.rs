//! Versions of application templates (section 4.4.6 to 4.4.10).

use ief_api::app_version::{
    AppVersion, AppVersionEnvelope, AppVersionList, CreateAppVersions, DeleteAppVersion,
    ListAppVersions, ShowAppVersionDetail, UpdateAppVersion, VersionConfigs,
};
use ief_api::codes;
use ief_api::container::RestartPolicy;
use ief_api::quota::QuotaType;
use ief_api::resource::Resource;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_apps::RECIPES;
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::store::Named;
use crate::world::{World, missing, taken};

/// A version with the application template it belongs to, which its answers don't show.
#[derive(Debug, Clone)]
pub(crate) struct VersionRecord {
    pub(crate) app: String,
    pub(crate) version: AppVersion,
}

impl Named for VersionRecord {
    fn id(&self) -> &str {
        Resource::id(&self.version)
    }
    fn name(&self) -> &str {
        Resource::name(&self.version)
    }
}

impl Handle<CreateAppVersions> for World {
    fn handle(
        &mut self,
        operation: CreateAppVersions,
        _: &Context,
    ) -> Result<Reply<AppVersionEnvelope>, Refusal> {
        let app = self
            .find_app(&operation.app_id)?
            .id
            .clone()
            .unwrap_or_default();
        let new = operation.body.version.unwrap_or_default();
        let name = new.version.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        let is_same = |it: &VersionRecord| it.app == app && it.name() == name;
        if self.stock.app_versions.iter().any(is_same) {
            return Err(taken("version", &name));
        }
        self.check_references(&new.volumes, &new.envs)?;
        self.check_quota(&QuotaType::AppVersion)?;
        let mut version = AppVersion {
            id: Some(self.new_id()),
            version: Some(name),
            image_url: new.image_url,
            envs: new.envs,
            volumes: new.volumes,
            configs: Some(with_defaults(new.configs.unwrap_or_default())),
            resources: new.resources,
            arch: Some(new.arch.unwrap_or_default()),
            command: new.command,
            args: new.args,
            liveness_probe: new.liveness_probe,
            readiness_probe: new.readiness_probe,
            npu_type: Some(new.npu_type.unwrap_or_default()),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(self.stamp()),
            ..AppVersion::default()
        };
        name_npu(&mut version);
        self.stock.app_versions.add(VersionRecord {
            app,
            version: version.clone(),
        });
        Ok(envelope(version))
    }
}

impl Handle<UpdateAppVersion> for World {
    fn handle(
        &mut self,
        operation: UpdateAppVersion,
        _: &Context,
    ) -> Result<Reply<AppVersionEnvelope>, Refusal> {
        let present = self.find_version(&operation.app_id, &operation.version_id)?;
        let mut version = present.version.clone();
        Self::told_to_fail(version.version.as_deref().unwrap_or_default(), "update")?;
        let update = operation.body.version.unwrap_or_default();
        self.check_references(
            update.volumes.as_deref().unwrap_or_default(),
            update.envs.as_deref().unwrap_or_default(),
        )?;
        version.envs = update.envs.unwrap_or(version.envs);
        version.volumes = update.volumes.unwrap_or(version.volumes);
        version.resources = update.resources.or(version.resources);
        version.configs = update.configs.map(with_defaults).or(version.configs);
        version.liveness_probe = update.liveness_probe.or(version.liveness_probe);
        version.readiness_probe = update.readiness_probe.or(version.readiness_probe);
        version.command = update.command.unwrap_or(version.command);
        version.args = update.args.unwrap_or(version.args);
        version.npu_type = update.npu_type.or(version.npu_type);
        name_npu(&mut version);
        version.updated_at = Some(self.stamp());
        if let Some(record) = self.stock.app_versions.get_mut(&operation.version_id) {
            record.version = version.clone();
        }
        Ok(envelope(version))
    }
}

impl Handle<ShowAppVersionDetail> for World {
    fn handle(
        &mut self,
        operation: ShowAppVersionDetail,
        _: &Context,
    ) -> Result<Reply<AppVersionEnvelope>, Refusal> {
        let record = self.find_version(&operation.app_id, &operation.version_id)?;
        Ok(envelope(record.version.clone()))
    }
}

impl Handle<ListAppVersions> for World {
    fn handle(
        &mut self,
        operation: ListAppVersions,
        context: &Context,
    ) -> Result<Reply<AppVersionList>, Refusal> {
        let app = self.find_app(&operation.app_id)?.id.clone();
        let store = &self.stock.app_versions;
        let (count, rows) = store.page_of(context.page, |it| Some(&it.app) == app.as_ref());
        Ok(Reply::new(AppVersionList {
            count: Some(count),
            versions: rows.into_iter().map(|record| record.version).collect(),
            ..AppVersionList::default()
        }))
    }
}

impl Handle<DeleteAppVersion> for World {
    fn handle(
        &mut self,
        operation: DeleteAppVersion,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let record = self.find_version(&operation.app_id, &operation.version_id)?;
        Self::told_to_fail(record.name(), "delete")?;
        self.stock.app_versions.remove(&operation.version_id);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    fn find_version(&self, app: &str, id: &str) -> Result<&VersionRecord, Refusal> {
        self.find_app(app)?;
        let found = self.stock.app_versions.get(id);
        let found = found.filter(|record| record.app == app);
        found.ok_or_else(|| missing(&codes::APP_VERSION_NOT_FOUND, "version", id))
    }

    /// The versions of an application template, the newest first.
    pub(crate) fn versions_of(&self, app: &str) -> Vec<AppVersion> {
        let records = self.stock.app_versions.iter().rev();
        let own = records.filter(|record| record.app == app);
        own.map(|record| record.version.clone()).collect()
    }
}

impl Stocked for VersionRecord {
    type Thing = AppVersion;

    const ROOM: i64 = 1000;

    fn seeded(world: &mut World) -> Vec<Self> {
        let mut seeded = Vec::new();
        for (place, recipe) in RECIPES.iter().enumerate() {
            let app = world.stock.apps.named(recipe.name);
            let app = app.and_then(|app| app.id.clone()).unwrap_or_default();
            for (turn, name) in recipe.versions.iter().enumerate() {
                let created = FIRST + (place as i64 * 29 + turn as i64 * 61 + 1) * DAY;
                seeded.push(Self {
                    app: app.clone(),
                    version: AppVersion {
                        id: Some(world.new_id()),
                        project_id: Some(world.account.project_id.clone()),
                        created_at: Some(stamp(created)),
                        ..recipe.version(name)
                    },
                });
            }
        }
        seeded
    }
}

/// Left blank, an NPU is a D310 (table 4-136).
fn name_npu(version: &mut AppVersion) {
    let wants = version.limits().is_some_and(|limits| limits.npu.is_some());
    let named = version.npu_type.as_deref().is_some_and(|it| !it.is_empty());
    if wants && !named {
        version.npu_type = Some("D310".to_owned());
    }
}

/// What is not said has its documented default (table 5-14).
fn with_defaults(configs: VersionConfigs) -> VersionConfigs {
    VersionConfigs {
        privileged: Some(configs.privileged.unwrap_or(false)),
        host_network: Some(configs.host_network.unwrap_or(true)),
        restart_policy: Some(configs.restart_policy.unwrap_or(RestartPolicy::Always)),
        ..configs
    }
}

fn envelope(version: AppVersion) -> Reply<AppVersionEnvelope> {
    Reply::new(AppVersionEnvelope {
        version: Some(version),
        ..AppVersionEnvelope::default()
    })
}
