//! Quotas (section 4.14).

use ief_api::codes;
use ief_api::quota::{Quota, QuotaList, QuotaType, Quotas, ShowQuota};

use crate::answer::{Refusal, Reply};
use crate::options::Edition;
use crate::routes::{Context, Handle};
use crate::world::World;

impl Handle<ShowQuota> for World {
    fn handle(&mut self, operation: ShowQuota, _: &Context) -> Result<Reply<Quotas>, Refusal> {
        let wanted = operation.types.filter(|types| !types.is_empty());
        let kinds: Vec<QuotaType> = match wanted.as_deref().map(QuotaType::from) {
            Some(QuotaType::Other(kind)) => {
                let message = format!("There is no quota of the type {kind}.");
                return Err(Refusal::new(&codes::QUOTA_TYPE, message));
            }
            Some(kind) => vec![kind],
            None => QuotaType::DOCUMENTED.to_vec(),
        };
        let resources = kinds.into_iter().map(|kind| {
            let (used, quota) = self.quota(&kind);
            Quota {
                used: Some(used),
                min: Some(-1),
                max: Some(10_000_000),
                quota: Some(quota),
                project_id: Some(self.account.project_id.clone()),
                kind: Some(kind),
                ..Quota::default()
            }
        });
        Ok(Reply::new(Quotas {
            quotas: Some(QuotaList {
                resources: resources.collect(),
                ..QuotaList::default()
            }),
            ..Quotas::default()
        }))
    }
}

impl World {
    /// How many things of a kind there are, and how many there may be.
    pub(crate) fn quota(&self, kind: &QuotaType) -> (i64, i64) {
        let (used, usual) = match kind {
            QuotaType::EdgeNode => (self.nodes.len(), room(self.seed.nodes)),
            QuotaType::Device => (self.devices.len(), room(self.seed.devices)),
            QuotaType::Deployment => {
                let seeded = self.seed.deployments(self.edition);
                (self.deployments.len(), room(seeded))
            }
            QuotaType::NodeCert => (self.certificates_kept(), 10_000),
            QuotaType::GroupCert => (self.group_certificates(), 5_000),
            // So many for each resource, so that none is used up in the project.
            QuotaType::Tag => (0, 20),
            QuotaType::IefInstance => (u64::from(self.edition == Edition::Platinum), 1),
            _ => self.stock.quota(kind).unwrap_or((0, 200)),
        };
        let quota = self.quotas.get(kind.as_str()).copied();
        (used as i64, quota.unwrap_or(usual))
    }
}

/// A quarter more than there are at the start, in steps of fifty.
fn room(seeded: u64) -> i64 {
    ((seeded + seeded / 4).div_ceil(50).max(1) * 50) as i64
}
