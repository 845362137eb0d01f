//! Certificates of node groups.

use std::sync::Arc;

use ief_api::codes;
use ief_api::node::CertificateType;
use ief_api::node_group::{
    CreateEdgeGroupCert, DeleteEdgeGroupCert, GroupCertificate, GroupCertificateList,
    GroupCertificates, ListEdgeGroupCerts, NodeGroup, ShowEdgeGroupCertDetail,
};
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;
use secrecy::ExposeSecret;

use crate::answer::{Refusal, Reply};
use crate::package::Order;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{CERTIFICATE_LIFE, DAY, FIRST, stamp};
use crate::world::{World, missing, taken};

impl Handle<ListEdgeGroupCerts> for World {
    fn handle(
        &mut self,
        operation: ListEdgeGroupCerts,
        context: &Context,
    ) -> Result<Reply<GroupCertificateList>, Refusal> {
        let all = &self.find_group(&operation.group_id)?.certificates;
        let start = usize::try_from(context.page.offset).unwrap_or(usize::MAX);
        let page = all.iter().rev().skip(start).take(context.page.limit);
        Ok(Reply::new(GroupCertificateList(GroupCertificates {
            count: Some(all.len() as i64),
            groupcerts: page.map(|it| self.group_certificate(it)).collect(),
            ..GroupCertificates::default()
        })))
    }
}

impl Handle<CreateEdgeGroupCert> for World {
    fn handle(
        &mut self,
        operation: CreateEdgeGroupCert,
        _: &Context,
    ) -> Result<Reply<GroupCertificate>, Refusal> {
        let group_id = operation.group_id;
        let new = operation.body;
        let name = new.name.unwrap_or_default();
        let present = &self.find_group(&group_id)?.certificates;
        Self::told_to_fail(&name, "create")?;
        if present.iter().any(|it| it.name.as_deref() == Some(&name)) {
            return Err(taken("certificate", &name));
        }
        self.check_quota(&QuotaType::GroupCert)?;
        let id = self.new_id();
        let account = Arc::clone(&self.account);
        let order = Order {
            common_name: &id,
            project: &account.project_id,
            from: self.now(),
            days: CERTIFICATE_LIFE / DAY,
            serial: self.new_serial(),
            config: None,
        };
        let issued = self
            .authority
            .issue(&order)
            .map_err(|error| Refusal::new(&codes::INTERNAL, error.to_string()))?;
        let now = self.stamp();
        let certificate = GroupCertificate {
            id: Some(id),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(now.clone()),
            updated_at: Some(now),
            group_id: Some(group_id.clone()),
            is_deleted: Some(false),
            project_id: Some(account.project_id.clone()),
            kind: new.kind.as_deref().map(CertificateType::from),
            serial_num: Some(issued.serial),
            certificate: Some(issued.certificate),
            ..GroupCertificate::default()
        };
        if let Some(record) = self.stock.groups.get_mut(&group_id) {
            record.certificates.push(certificate.clone());
        }
        let mut answer = self.group_certificate(&certificate);
        answer.ca = Some(issued.ca);
        answer.certificate = certificate.certificate;
        // Given out here, once: the wire type has no fields for them.
        for (field, secret) in [
            ("private_key", issued.private_key),
            ("package", issued.package),
        ] {
            let text = secret.expose_secret().to_owned();
            answer.extra.insert(field.to_owned(), text.into());
        }
        Ok(Reply::new(answer))
    }
}

impl Handle<ShowEdgeGroupCertDetail> for World {
    fn handle(
        &mut self,
        operation: ShowEdgeGroupCertDetail,
        _: &Context,
    ) -> Result<Reply<GroupCertificate>, Refusal> {
        let found = self.find_group_certificate(&operation.group_id, &operation.group_cert_id)?;
        Ok(Reply::new(GroupCertificate {
            ca: Some(self.authority.pem().to_owned()),
            certificate: found.certificate.clone(),
            ..self.group_certificate(found)
        }))
    }
}

impl Handle<DeleteEdgeGroupCert> for World {
    fn handle(
        &mut self,
        operation: DeleteEdgeGroupCert,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.group_cert_id.as_str();
        let found = self.find_group_certificate(&operation.group_id, id)?;
        Self::told_to_fail(found.name.as_deref().unwrap_or_default(), "delete")?;
        if let Some(record) = self.stock.groups.get_mut(&operation.group_id) {
            record
                .certificates
                .retain(|certificate| certificate.id.as_deref() != Some(id));
        }
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    fn find_group_certificate(&self, group: &str, id: &str) -> Result<&GroupCertificate, Refusal> {
        let mut all = self.find_group(group)?.certificates.iter();
        all.find(|certificate| certificate.id.as_deref() == Some(id))
            .ok_or_else(|| missing(&codes::NOT_FOUND, "certificate", id))
    }

    /// A certificate as lists show it: what it is and how long it still holds, without itself.
    fn group_certificate(&self, certificate: &GroupCertificate) -> GroupCertificate {
        let created = certificate.created_at.as_deref();
        let created = created.and_then(ief_api::time::parse).unwrap_or_default();
        let left = created + CERTIFICATE_LIFE - self.millis();
        GroupCertificate {
            certificate: None,
            cert_remaining_valid_time: Some((left / DAY).max(0)),
            ..certificate.clone()
        }
    }

    /// How many certificates all groups have.
    pub(crate) fn group_certificates(&self) -> u64 {
        let groups = self.stock.groups.iter();
        groups.map(|group| group.certificates.len() as u64).sum()
    }

    /// The certificates that a group of the seed has: some have none.
    pub(crate) fn group_certificates_of_seed(
        &mut self,
        place: u64,
        group: &NodeGroup,
    ) -> Vec<GroupCertificate> {
        let all = [
            (
                "mqtt-applications",
                "For applications that may run on any node of the plant",
                CertificateType::Application,
            ),
            (
                "mqtt-devices",
                "For devices that move between the nodes of the plant",
                CertificateType::Device,
            ),
        ];
        let number = self.seed.number(Stream::Group, place | 1 << 40);
        let all = all.into_iter().zip(0..).take(number as usize % 3);
        all.map(|((name, description, kind), more)| {
            let created = stamp(FIRST + (place as i64 * 5 + more * 40 + 60) * DAY);
            GroupCertificate {
                id: Some(self.new_id()),
                name: Some(name.to_owned()),
                description: Some(description.to_owned()),
                created_at: Some(created.clone()),
                updated_at: Some(created),
                group_id: group.id.clone(),
                is_deleted: Some(false),
                project_id: Some(self.account.project_id.clone()),
                kind: Some(kind),
                serial_num: Some(crate::signature::hex(&self.new_serial().to_be_bytes())),
                ..GroupCertificate::default()
            }
        })
        .collect()
    }
}
