//! What containers take from ConfigMaps and secrets.

use ief_api::codes;
use ief_api::container::{Env, KeyOf, Volume, VolumeKind};

use crate::answer::Refusal;
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
