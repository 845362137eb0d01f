//! What containers take from ConfigMaps and secrets.

use ief_api::codes;
use ief_api::container::{Env, KeyOf, Volume, VolumeKind};
use ief_api::deployment::PodTemplate;

use crate::answer::Refusal;
use crate::deployments::DeploymentRecord;
use crate::store::Named;
use crate::world::World;

impl World {
    /// Refuses volumes and variables that name a ConfigMap, a secret or a key of one that isn't there.
    pub(crate) fn check_references(&self, volumes: &[Volume], envs: &[Env]) -> Result<(), Refusal> {
        for volume in volumes {
            let name = volume.source.as_deref().unwrap_or_default();
            let (what, is_there) = match volume.kind {
                Some(VolumeKind::ConfigMap) => {
                    ("ConfigMap", self.stock.config_maps.named(name).is_some())
                }
                Some(VolumeKind::Secret) => ("secret", self.stock.secrets.named(name).is_some()),
                _ => continue,
            };
            if !is_there {
                let message = format!("The {what} {name} of a volume does not exist.");
                return Err(Refusal::new(&codes::VOLUME_SOURCE, message));
            }
        }
        for env in envs {
            if let Some(from) = env.config_map() {
                let found = self.stock.config_maps.named(named(from));
                let keys = found.map(|it| it.configs.keys().map(String::as_str));
                check_key("ConfigMap", from, keys)?;
            }
            if let Some(from) = env.secret() {
                let found = self.stock.secrets.named(named(from));
                check_key("secret", from, found.map(ief_api::secret::Secret::keys))?;
            }
        }
        Ok(())
    }

    /// What takes something from this ConfigMap or this secret, by its name: a deployment, or a version of an
    /// application template, which deployments are made from.
    pub(crate) fn user_of(&self, config_map: Option<&str>, secret: Option<&str>) -> Option<String> {
        let deployment = self.deployment_with(config_map, secret);
        let deployment = deployment.map(|name| format!("the deployment {name}"));
        deployment.or_else(|| {
            let mut versions = self.stock.app_versions.iter();
            let record = versions.find(|record| {
                let version = &record.version;
                take(&version.volumes, &version.envs, config_map, secret)
            })?;
            let app = self.stock.apps.get(&record.app)?.name.as_deref();
            let (app, version) = (app.unwrap_or_default(), record.name());
            Some(format!(
                "the version {version} of the application template {app}"
            ))
        })
    }

    fn deployment_with(&self, config_map: Option<&str>, secret: Option<&str>) -> Option<String> {
        let uses = |record: &DeploymentRecord| {
            let mut templates = record.pods.iter().map(|pod| pod.template.as_ref());
            let own = record.deployment.template.as_ref();
            own.is_some_and(|it| takes(it, config_map, secret))
                || templates.any(|it| takes(it, config_map, secret))
        };
        let mut touched = self.deployments.records();
        if let Some((index, _)) = touched.find(|(_, record)| uses(record)) {
            return Some(self.deployment_name(index).into_owned());
        }
        // Each application of the seed runs in each row, so that the first ones tell nearly always.
        let untouched = self.deployments.oldest_from(0).find(|index| {
            self.deployments.is_seeded(*index)
                && self.seed.deployment_uses(*index, config_map, secret)
                && self.deployments.record(*index).is_none()
        });
        untouched.map(|index| self.seed.deployment_name(index))
    }
}

fn named(from: &KeyOf) -> &str {
    from.name.as_deref().unwrap_or_default()
}

fn check_key<'a>(
    what: &str,
    from: &KeyOf,
    keys: Option<impl Iterator<Item = &'a str>>,
) -> Result<(), Refusal> {
    let (name, key) = (named(from), from.key.as_deref().unwrap_or_default());
    let Some(mut keys) = keys else {
        let message = format!("The {what} {name} of a variable does not exist.");
        return Err(Refusal::new(&codes::APP_ENV, message));
    };
    if keys.any(|it| it == key) {
        return Ok(());
    }
    let message = format!("The {what} {name} of a variable has no key {key}.");
    Err(Refusal::new(&codes::APP_ENV, message))
}

/// Whether a template takes anything from this ConfigMap or this secret.
fn takes(template: &PodTemplate, config_map: Option<&str>, secret: Option<&str>) -> bool {
    let mut containers = template.all_containers();
    containers.any(|it| take(&it.volumes, &it.envs, config_map, secret))
}

/// Whether volumes or variables take anything from this ConfigMap or this secret.
fn take(volumes: &[Volume], envs: &[Env], config_map: Option<&str>, secret: Option<&str>) -> bool {
    let by_volume = volumes.iter().any(|volume| {
        let named = match volume.kind {
            Some(VolumeKind::ConfigMap) => config_map,
            Some(VolumeKind::Secret) => secret,
            _ => None,
        };
        named.is_some() && named == volume.source.as_deref()
    });
    let by_env = |env: &Env| {
        let entry = env.config_map().and_then(|it| it.name.as_deref());
        let value = env.secret().and_then(|it| it.name.as_deref());
        entry.is_some() && entry == config_map || value.is_some() && value == secret
    };
    by_volume || envs.iter().any(by_env)
}
