//! Certificates of a node (sections 4.1.8 to 4.1.10).

use ief_api::codes;
use ief_api::node::{
    CertificateType, CreateEdgeNodeCerts, DeleteEdgeNodeCerts, IssuedCertificate,
    ListEdgeNodeCerts, NodeCertificate, NodeCertificateList,
};
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;
use secrecy::ExposeSecret;

use crate::answer::{Refusal, Reply};
use crate::package::Order;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{CERTIFICATE_LIFE, DAY, stamp};
use crate::world::{World, missing, taken};

impl Handle<ListEdgeNodeCerts> for World {
    fn handle(
        &mut self,
        operation: ListEdgeNodeCerts,
        context: &Context,
    ) -> Result<Reply<NodeCertificateList>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let all = self.certificates(node);
        let start = usize::try_from(context.page.offset).unwrap_or(usize::MAX);
        Ok(Reply::new(NodeCertificateList {
            count: Some(all.len() as i64),
            node_certs: all
                .into_iter()
                .skip(start)
                .take(context.page.limit)
                .collect(),
            ..NodeCertificateList::default()
        }))
    }
}

impl Handle<CreateEdgeNodeCerts> for World {
    fn handle(
        &mut self,
        operation: CreateEdgeNodeCerts,
        _: &Context,
    ) -> Result<Reply<IssuedCertificate>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let new = operation.body;
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self
            .certificates(node)
            .iter()
            .any(|c| c.name.as_deref() == Some(&name))
        {
            return Err(taken("certificate", &name));
        }
        self.check_quota(&QuotaType::NodeCert)?;
        let id = self.new_id();
        let account = std::sync::Arc::clone(&self.account);
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
        let certificate = NodeCertificate {
            id: Some(id),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(self.stamp()),
            node_id: Some(operation.node_id),
            kind: new.kind.as_deref().map(CertificateType::from),
            serial_num: Some(issued.serial),
            ..NodeCertificate::default()
        };
        self.node_record_mut(node)
            .certificates
            .push(certificate.clone());
        let mut answer = IssuedCertificate {
            id: certificate.id,
            name: certificate.name,
            description: certificate.description,
            created_at: certificate.created_at,
            node_id: certificate.node_id,
            kind: certificate.kind,
            serial_num: certificate.serial_num,
            ca: Some(issued.ca),
            certificate: Some(issued.certificate),
            ..IssuedCertificate::default()
        };
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

impl Handle<DeleteEdgeNodeCerts> for World {
    fn handle(
        &mut self,
        operation: DeleteEdgeNodeCerts,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let id = operation.cert_id.as_str();
        let found = self
            .certificates(node)
            .into_iter()
            .find(|certificate| certificate.id.as_deref() == Some(id))
            .ok_or_else(|| missing(&codes::NOT_FOUND, "certificate", id))?;
        if found.kind == Some(CertificateType::System) {
            let message = "Only application and device certificates can be deleted.";
            return Err(Refusal::new(&codes::PARAMETER, message));
        }
        Self::told_to_fail(found.name.as_deref().unwrap_or_default(), "delete")?;
        self.node_record_mut(node)
            .certificates
            .retain(|certificate| certificate.id.as_deref() != Some(id));
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The certificates of a node, the one of the system first.
    fn certificates(&self, node: u64) -> Vec<NodeCertificate> {
        match self.nodes.record(node) {
            Some(record) => record.certificates.clone(),
            None => self.certificates_of_seed(node),
        }
    }

    pub(crate) fn certificates_of_seed(&self, node: u64) -> Vec<NodeCertificate> {
        let seed = self.seed;
        let id = seed.id(Stream::Node, node).to_string();
        let created = seed.registered(Stream::Node, node, seed.nodes);
        let mut all = vec![self.system_certificate(node, Some(&id), Some(&stamp(created)))];
        let number = seed.number(Stream::NodeCertificate, node);
        let more = [
            (
                "app-cert",
                CertificateType::Application,
                number.is_multiple_of(4),
            ),
            (
                "device-cert",
                CertificateType::Device,
                number.is_multiple_of(6),
            ),
        ];
        for (place, (name, kind, there)) in more.into_iter().enumerate() {
            if there {
                // Indexes of nodes stay far below the bits that tell the certificates apart.
                let index = node | (place as u64 + 1) << 44;
                all.push(NodeCertificate {
                    id: Some(seed.id(Stream::NodeCertificate, index).to_string()),
                    name: Some(name.to_owned()),
                    description: Some(String::new()),
                    created_at: Some(stamp(created + (place as i64 + 1) * DAY)),
                    node_id: Some(id.clone()),
                    kind: Some(kind),
                    serial_num: Some(serial(seed.number(Stream::NodeCertificate, index))),
                    ..NodeCertificate::default()
                });
            }
        }
        all
    }

    /// The certificate that a node gets when it is registered.
    pub(crate) fn system_certificate(
        &self,
        node: u64,
        id: Option<&str>,
        created: Option<&str>,
    ) -> NodeCertificate {
        let number = self.seed.number(Stream::NodeCertificate, node ^ (1 << 43));
        NodeCertificate {
            id: Some(self.seed.id(Stream::NodeCertificate, node).to_string()),
            name: Some("sys-cert".to_owned()),
            description: Some(String::new()),
            created_at: created.map(str::to_owned),
            node_id: id.map(str::to_owned),
            kind: Some(CertificateType::System),
            serial_num: Some(serial(number)),
            ..NodeCertificate::default()
        }
    }

    /// How many application and device certificates were created beyond those of the seed.
    pub(crate) fn certificates_kept(&self) -> u64 {
        self.nodes
            .records()
            .map(|(_, record)| record.certificates.len().saturating_sub(1) as u64)
            .sum()
    }
}

fn serial(number: u64) -> String {
    crate::signature::hex(&(number >> 1).to_be_bytes())
}
