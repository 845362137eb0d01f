//! Profiles, kept in a file that is written whole. Secrets are elsewhere ([`crate::secrets`]).

mod file;
mod validate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use console_ipc::error::NextStep;
use console_ipc::notice::Notice;
use console_ipc::profile::{
    CredentialKind, Edition, Profile, ProfileColour, ProxyChoice, SecretStore, SimulatorTarget,
    Target,
};
use console_ipc::{ErrorKind, IpcError};

use crate::clock::Random;
use crate::files::file_error;
use crate::kept::Kept;
use crate::secrets::StoredSecret;
use file::{Document, Entry};

pub(crate) use validate::{invalid, validate};

/// Identifier of the simulator's profile, which is always there.
pub(crate) const SIMULATOR: &str = "simulator";

/// The profiles and where they are kept.
#[derive(Debug)]
pub(crate) struct Profiles {
    path: PathBuf,
    document: Kept<Document>,
}

impl Profiles {
    /// Reads the profiles. A file that can't be understood is set aside and told.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        let path = folder.join("profiles.json");
        let mut document = file::read(&path, now_ms, notices)?;
        if !document
            .profiles
            .iter()
            .any(|entry| entry.profile.id == SIMULATOR)
        {
            document.profiles.insert(0, Entry::new(simulator()));
        }
        // The simulator stands first, whatever the file says.
        document
            .profiles
            .sort_by_key(|entry| entry.profile.id != SIMULATOR);
        Ok(Self {
            path,
            document: Kept::new(document),
        })
    }

    /// All profiles, the simulator first. `stored` tells whether a profile's secret is in reach.
    pub(crate) fn list(&self, stored: impl Fn(&StoredSecret) -> bool) -> Vec<Profile> {
        let document = self.document();
        let known = document.profiles.iter().map(|entry| {
            let mut profile = entry.profile.clone();
            profile.has_secret = match profile.target {
                Target::Simulator(_) => true,
                Target::Cloud(_) => entry.secret().as_ref().is_some_and(&stored),
            };
            profile
        });
        known.collect()
    }

    /// One profile and where its secret is kept.
    pub(crate) fn find(&self, id: &str) -> Result<(Profile, Option<StoredSecret>), IpcError> {
        let document = self.document();
        let entry = document
            .profiles
            .iter()
            .find(|entry| entry.profile.id == id);
        entry
            .map(|entry| (entry.profile.clone(), entry.secret()))
            .ok_or_else(|| gone(id))
    }

    /// The profile in use when the application last ended.
    pub(crate) fn active(&self) -> Option<String> {
        self.document().active.clone()
    }

    /// Whether nobody has chosen or added a profile.
    pub(crate) fn is_untouched(&self) -> bool {
        let document = self.document();
        document.active.is_none() && document.profiles.len() == 1
    }

    /// Checks a profile before anything is stored for it, and gives a new one its identifier.
    pub(crate) fn prepare(
        &self,
        mut profile: Profile,
        random: &dyn Random,
    ) -> Result<Profile, IpcError> {
        validate(&mut profile)?;
        let document = self.document();
        document.name_is_free(&profile)?;
        if profile.id.is_empty() {
            profile.id = random.uuid().to_string();
            return Ok(profile);
        }
        let old = document
            .profiles
            .iter()
            .map(|entry| &entry.profile)
            .find(|other| other.id == profile.id)
            .ok_or_else(|| gone(&profile.id))?;
        let same_kind = matches!(
            (&old.target, &profile.target),
            (Target::Simulator(_), Target::Simulator(_)) | (Target::Cloud(_), Target::Cloud(_))
        );
        if same_kind {
            Ok(profile)
        } else {
            Err(invalid("target", "kind_changed"))
        }
    }

    /// Keeps a prepared profile. `secret` is where its secret is now, and the one before is left behind;
    /// `None` leaves that as it is.
    pub(crate) fn put(
        &self,
        profile: Profile,
        secret: Option<StoredSecret>,
    ) -> Result<(), IpcError> {
        self.change(|document| {
            // Another profile may have taken the name since this one was prepared.
            document.name_is_free(&profile)?;
            let Document {
                profiles,
                left_behind,
                ..
            } = document;
            let known = profiles
                .iter()
                .position(|entry| entry.profile.id == profile.id);
            let entry = match known {
                Some(index) => &mut profiles[index],
                None => profiles.push_mut(Entry::new(profile.clone())),
            };
            entry.profile = profile;
            let Some(mut secret) = secret else {
                return Ok(());
            };
            let announced = left_behind.iter().position(|it| it.key == secret.key);
            if let Some(index) = announced {
                // It may have moved to another store meanwhile.
                secret = left_behind.remove(index);
            }
            left_behind.extend(entry.secret());
            entry.keep_secret(secret);
            Ok(())
        })
    }

    /// Takes note of a secret that is about to be stored for a profile. Until [`Self::put`] says that the
    /// profile has it, it counts as left behind: whatever happens in between, it is found again.
    pub(crate) fn announce_secret(&self, secret: StoredSecret) -> Result<(), IpcError> {
        self.change(|document| {
            document.left_behind.push(secret);
            Ok(())
        })
    }

    /// Secrets that belong to no profile.
    pub(crate) fn left_behind(&self) -> Vec<StoredSecret> {
        self.document().left_behind.clone()
    }

    /// Takes note that secrets which were left behind are deleted.
    pub(crate) fn forgot_secrets(&self, secrets: &[StoredSecret]) -> Result<(), IpcError> {
        self.change(|document| {
            document.left_behind.retain(|it| !secrets.contains(it));
            Ok(())
        })
    }

    /// Takes note of where the secrets under these names are now.
    pub(crate) fn moved_secrets(
        &self,
        keys: &[String],
        store: SecretStore,
    ) -> Result<(), IpcError> {
        self.change(|document| {
            for entry in &mut document.profiles {
                if let Some(secret) = entry.secret().filter(|it| keys.contains(&it.key)) {
                    entry.keep_secret(StoredSecret { store, ..secret });
                }
            }
            for secret in &mut document.left_behind {
                if keys.contains(&secret.key) {
                    secret.store = store;
                }
            }
            Ok(())
        })
    }

    /// Copies a profile without its secret.
    pub(crate) fn duplicate(
        &self,
        id: &str,
        name: &str,
        random: &dyn Random,
    ) -> Result<Profile, IpcError> {
        let (mut copy, _) = self.find(id)?;
        copy.id = String::new();
        name.clone_into(&mut copy.name);
        let copy = self.prepare(copy, random)?;
        self.put(copy.clone(), None)?;
        Ok(copy)
    }

    /// Forgets a profile. Its secret is left behind.
    pub(crate) fn delete(&self, id: &str, confirmation: &str) -> Result<(), IpcError> {
        if id == SIMULATOR {
            return Err(invalid("id", "built_in"));
        }
        let (profile, _) = self.find(id)?;
        if confirmation.trim() != profile.name {
            return Err(IpcError::new(ErrorKind::NotConfirmed, NextStep::Correct)
                .with("name", profile.name));
        }
        self.change(|document| {
            let mut gone = document.profiles.extract_if(.., |it| it.profile.id == id);
            let secret = gone.next().and_then(|entry| entry.secret());
            drop(gone);
            document.left_behind.extend(secret);
            document.active = document.active.take().filter(|active| active != id);
            Ok(())
        })
    }

    /// Remembers which profile is in use.
    pub(crate) fn use_profile(&self, id: &str) -> Result<(), IpcError> {
        if self.active().as_deref() == Some(id) {
            return Ok(());
        }
        self.change(|document| {
            document.active = Some(id.to_owned());
            Ok(())
        })
    }

    /// Changes the document and writes it. When writing fails, nothing has changed.
    fn change(
        &self,
        change: impl FnOnce(&mut Document) -> Result<(), IpcError>,
    ) -> Result<(), IpcError> {
        self.document.change(change, |changed| {
            file::write(&self.path, changed)
                .map_err(|error| file_error(&self.path, &error, NextStep::TryAgain))
        })
    }

    fn document(&self) -> Arc<Document> {
        self.document.get()
    }
}

impl Document {
    fn name_is_free(&self, profile: &Profile) -> Result<(), IpcError> {
        let taken = self
            .profiles
            .iter()
            .map(|entry| &entry.profile)
            .any(|other| other.id != profile.id && same_name(&other.name, &profile.name));
        match taken {
            true => Err(invalid("name", "taken")),
            false => Ok(()),
        }
    }
}

/// What a profile's secret was given for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SecretOwner<'a> {
    endpoint: &'a str,
    iam_endpoint: &'a str,
    credential: &'a CredentialKind,
    /// Whoever stands between sees the secret as soon as a further issuer is trusted.
    proxy: &'a ProxyChoice,
    extra_ca: &'a str,
}

/// What a profile's secret is for: another target, another user, another way there or another issuer to
/// trust can't take it over.
pub(crate) fn secret_belongs_to(profile: &Profile) -> Option<SecretOwner<'_>> {
    match &profile.target {
        Target::Simulator(_) => None,
        Target::Cloud(cloud) => Some(SecretOwner {
            endpoint: &cloud.endpoint,
            iam_endpoint: &cloud.iam_endpoint,
            credential: &cloud.credential,
            proxy: &cloud.proxy,
            extra_ca: &cloud.extra_ca,
        }),
    }
}

/// The simulator's profile as it comes.
fn simulator() -> Profile {
    Profile {
        id: SIMULATOR.to_owned(),
        name: "Simulator".to_owned(),
        colour: ProfileColour::Teal,
        production: false,
        target: Target::Simulator(SimulatorTarget {
            nodes: 1200,
            seed: 1,
            edition: Edition::Platinum,
        }),
        has_secret: true,
    }
}

fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn gone(id: &str) -> IpcError {
    IpcError::new(ErrorKind::Gone, NextStep::Reload).with("profile", id)
}

#[cfg(test)]
mod tests;
