//! Secrets (section 4.8).
//!
//! Their values are among the unknown fields of the wire types, so that nothing shows one by accident.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ief_api::codes;
use ief_api::quota::QuotaType;
use ief_api::secret::{
    CreateSecret, DeleteSecret, ListSecrets, Secret, SecretEnvelope, SecretList, ShowSecret,
    UpdateSecret,
};
use ief_api::wire::Nothing;
use serde_json::{Map, Value};

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{Sort, World, missing, taken};

/// The field of the values, in requests and in answers.
const VALUES: &str = "secrets";

/// The secrets there are at the start: name, description and keys. What stands behind a key follows from
/// the seed.
const SEEDED: &[(&str, &str, &[&str])] = &[
    (
        "registry-login",
        "Login to the image registry",
        &["username", "password"],
    ),
    (
        "historian-database",
        "Database of the plant historian",
        &["dsn"],
    ),
    (
        "mqtt-bridge",
        "Login of the bridge to the central broker",
        &["user", "password"],
    ),
    (
        "opcua-client",
        "Certificate and key of the OPC UA client",
        &["client.crt", "client.key"],
    ),
    (
        "vision-license",
        "License of the inspection models",
        &["license.key"],
    ),
    (
        "object-store",
        "Keys for the bucket with the pictures",
        &["access-key", "secret-key"],
    ),
    ("alarm-webhook", "Where alarms are sent", &["url", "token"]),
    (
        "smtp-relay",
        "Login to the mail relay",
        &["user", "password"],
    ),
    (
        "grafana-admin",
        "First login of the local dashboards",
        &["admin-password"],
    ),
    (
        "vpn-profile",
        "Profile of the tunnel of the site",
        &["profile.conf", "preshared-key"],
    ),
    (
        "ota-signing",
        "Key that firmware is checked with",
        &["public.pem"],
    ),
    (
        "telemetry-token",
        "Token of the telemetry gateway",
        &["token"],
    ),
];

impl Handle<CreateSecret> for World {
    fn handle(
        &mut self,
        operation: CreateSecret,
        _: &Context,
    ) -> Result<Reply<SecretEnvelope>, Refusal> {
        let mut new = operation.body.secret.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.secrets.named(&name).is_some() {
            return Err(taken("secret", &name));
        }
        self.check_quota(&QuotaType::Secret)?;
        let now = self.stamp();
        let mut secret = Secret {
            id: Some(self.new_id()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            kind: Some(opaque(new.kind)),
            ..Secret::default()
        };
        put_values(&mut secret, new.extra.remove(VALUES));
        self.stock.secrets.add(secret.clone());
        Ok(envelope(secret))
    }
}

impl Handle<UpdateSecret> for World {
    fn handle(
        &mut self,
        operation: UpdateSecret,
        _: &Context,
    ) -> Result<Reply<SecretEnvelope>, Refusal> {
        let now = self.stamp();
        let id = operation.secret_id.as_str();
        let mut update = operation.body.secret.unwrap_or_default();
        let secret = self
            .stock
            .secrets
            .get_mut(id)
            .ok_or_else(|| not_found(id))?;
        Self::told_to_fail(secret.name.as_deref().unwrap_or_default(), "update")?;
        secret.description = update.description.or(secret.description.take());
        put_values(secret, update.extra.remove(VALUES));
        secret.updated_at = Some(now);
        Ok(envelope(secret.clone()))
    }
}

impl Handle<ShowSecret> for World {
    fn handle(
        &mut self,
        operation: ShowSecret,
        _: &Context,
    ) -> Result<Reply<SecretEnvelope>, Refusal> {
        let id = operation.secret_id.as_str();
        let secret = self.stock.secrets.get(id).ok_or_else(|| not_found(id))?;
        Ok(envelope(secret.clone()))
    }
}

impl Handle<ListSecrets> for World {
    fn handle(
        &mut self,
        operation: ListSecrets,
        context: &Context,
    ) -> Result<Reply<SecretList>, Refusal> {
        let fields = ["name", "created_at", "updated_at"];
        let sort = Sort::read(operation.sort.as_deref(), &fields)?;
        let name = operation.name.as_deref();
        let (count, rows) = self
            .stock
            .secrets
            .page_by(name, context.page, |a, b| order(sort, a, b));
        Ok(Reply::new(SecretList {
            count: Some(count),
            secrets: rows,
            ..SecretList::default()
        }))
    }
}

impl Handle<DeleteSecret> for World {
    fn handle(&mut self, operation: DeleteSecret, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.secret_id.as_str();
        let secret = self.stock.secrets.get(id).ok_or_else(|| not_found(id))?;
        let name = secret.name.as_deref().unwrap_or_default();
        Self::told_to_fail(name, "delete")?;
        if let Some(user) = self.user_of(None, Some(name)) {
            let message = format!("The secret {name} is in use by {user}.");
            return Err(Refusal::new(&codes::SECRET_IN_USE, message));
        }
        self.stock.secrets.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Stocked for Secret {
    type Thing = Self;

    fn seeded(world: &mut World) -> Vec<Self> {
        let mut seeded = Vec::new();
        for (place, (name, description, keys)) in SEEDED.iter().enumerate() {
            let created = FIRST + place as i64 * 23 * DAY;
            let mut secret = Self {
                id: Some(world.new_id()),
                name: Some((*name).to_owned()),
                description: Some((*description).to_owned()),
                project_id: Some(world.account.project_id.clone()),
                created_at: Some(stamp(created)),
                updated_at: Some(stamp(created + 5 * DAY)),
                kind: Some(opaque(None)),
                ..Self::default()
            };
            // Random to look at, the same for the same seed, and nobody's.
            let value = |key: &&str| {
                let value = STANDARD.encode(world.new_id());
                ((*key).to_owned(), Value::from(value))
            };
            let values: Map<String, Value> = keys.iter().map(value).collect();
            put_values(&mut secret, Some(values.into()));
            seeded.push(secret);
        }
        seeded
    }
}

/// Puts values in the place of all those there are, or leaves those when none are given. No key can be taken
/// out on its own.
fn put_values(secret: &mut Secret, values: Option<Value>) {
    if let Some(values) = values {
        secret.extra.insert(VALUES.to_owned(), values);
    }
}

/// The type, of which there is only one.
fn opaque(kind: Option<String>) -> String {
    kind.filter(|kind| !kind.is_empty())
        .unwrap_or_else(|| "Opaque".to_owned())
}

fn order(sort: Option<Sort<'_>>, a: &Secret, b: &Secret) -> Ordering {
    let Some(sort) = sort else {
        return Ordering::Equal;
    };
    let by = |secret: &Secret| match sort.field {
        "name" => secret.name.clone(),
        "created_at" => secret.created_at.clone(),
        // Times are all written in one form and in UTC, so that their texts have their order.
        _ => secret.updated_at.clone(),
    };
    let order = by(a).cmp(&by(b));
    if sort.descending {
        order.reverse()
    } else {
        order
    }
}

fn envelope(secret: Secret) -> Reply<SecretEnvelope> {
    Reply::new(SecretEnvelope {
        secret: Some(secret),
        ..SecretEnvelope::default()
    })
}

fn not_found(id: &str) -> Refusal {
    missing(&codes::NOT_FOUND, "secret", id)
}
