//! Deployments (section 4.5).

use std::borrow::Cow;

use ief_api::codes;
use ief_api::deployment::{
    Container, CreateDeployments, DeleteDeployment, Deployment, DeploymentList, DeploymentState,
    DeploymentUpdate, ListDeployments, NewDeployment, PodConfigs, PodTemplate, ShowDeployment,
    UpdateDeployment,
};
use ief_api::node::NodeState;
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::options::Edition;
use crate::pods::PodRecord;
use crate::routes::{Context, Handle, Page};
use crate::seed::Stream;
use crate::world::{Sort, World, invalid, missing, occurs, taken};

/// A deployment that differs from what the seed made, or that the seed didn't make.
#[derive(Debug, Clone)]
pub(crate) struct DeploymentRecord {
    /// The deployment, without what follows from its instances.
    pub(crate) deployment: Deployment,
    /// Its instances, with those that are being stopped.
    pub(crate) pods: Vec<PodRecord>,
    /// How many instances it has had.
    pub(crate) serial: u64,
    /// How many templates it has had, the first aside.
    pub(crate) revision: u64,
}

impl Handle<CreateDeployments> for World {
    fn handle(
        &mut self,
        operation: CreateDeployments,
        _: &Context,
    ) -> Result<Reply<Deployment>, Refusal> {
        let index = self.deploy(operation.body)?;
        Ok(Reply::new(self.deployment_view(index)))
    }
}

impl Handle<UpdateDeployment> for World {
    fn handle(
        &mut self,
        operation: UpdateDeployment,
        _: &Context,
    ) -> Result<Reply<Deployment>, Refusal> {
        let index = self.find_deployment(&operation.deployment_id)?;
        self.change_deployment(index, operation.body)?;
        Ok(Reply::new(self.deployment_view(index)))
    }
}

impl Handle<ShowDeployment> for World {
    fn handle(
        &mut self,
        operation: ShowDeployment,
        _: &Context,
    ) -> Result<Reply<Deployment>, Refusal> {
        let index = self.find_deployment(&operation.deployment_id)?;
        Ok(Reply::new(self.deployment_view(index)))
    }
}

impl Handle<ListDeployments> for World {
    fn handle(
        &mut self,
        operation: ListDeployments,
        context: &Context,
    ) -> Result<Reply<DeploymentList>, Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let sort = given(&operation.sort);
        let sort = Sort::read(sort.as_deref(), &["created_at"])?;
        let descending = sort.is_none_or(|sort| sort.descending);
        let part = given(&operation.name).map(|name| name.to_lowercase());
        let Page { offset, limit } = context.page;
        let chosen = match (given(&operation.node_id), given(&operation.group_id)) {
            (Some(node), _) => Some(self.deployments_on(self.find_node(&node)?)),
            (None, Some(group)) => {
                self.check_group(&group)?;
                Some(self.deployments_to_group(&group))
            }
            (None, None) if part.is_some() => Some(self.deployments.newest_first().collect()),
            (None, None) => None,
        };
        let (count, rows): (u64, Vec<u64>) = match chosen {
            None if descending => {
                let rows = self.deployments.newest_from(offset);
                (self.deployments.len(), rows.take(limit).collect())
            }
            None => {
                let rows = self.deployments.oldest_from(offset);
                (self.deployments.len(), rows.take(limit).collect())
            }
            Some(mut rows) => {
                if let Some(part) = &part {
                    rows.retain(|index| occurs(part, &self.deployment_name(*index)));
                }
                rows.sort_unstable();
                if descending {
                    rows.reverse();
                }
                let count = rows.len() as u64;
                let page = rows.into_iter().skip(offset as usize);
                (count, page.take(limit).collect())
            }
        };
        let rows = rows.into_iter().map(|index| self.deployment_view(index));
        Ok(Reply::new(DeploymentList {
            count: Some(count as i64),
            deployments: rows.collect(),
            ..DeploymentList::default()
        }))
    }
}

impl Handle<DeleteDeployment> for World {
    fn handle(
        &mut self,
        operation: DeleteDeployment,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let index = self.find_deployment(&operation.deployment_id)?;
        Self::told_to_fail(&self.deployment_name(index), "delete")?;
        let force = operation.force_delete.as_deref() == Some("true");
        let record = self.deployment(index).into_owned();
        let mut nodes = record.pods.iter().filter_map(|pod| pod.node);
        if !force && nodes.any(|node| self.node_state(node) == NodeState::Upgrading) {
            let message = "The node is being updated. The application cannot be deleted.";
            return Err(Refusal::new(&codes::NODE_UPDATING, message));
        }
        self.delete_deployment(index, record, force);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// Creates a deployment, and returns its index.
    pub(crate) fn deploy(&mut self, new: NewDeployment) -> Result<u64, Refusal> {
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.deployment_named(&name).is_some() {
            return Err(taken("deployment", &name));
        }
        let run = new.deployment.unwrap_or_default();
        let template = with_defaults(run.template.unwrap_or_default());
        let replicas = run.replicas.unwrap_or(1);
        let group = new.group_id.unwrap_or_default();
        if !group.is_empty() {
            self.check_group(&group)?;
        }
        self.check_run(replicas, &template)?;
        for id in &new.node_ids {
            self.find_node(id)?;
        }
        self.check_quota(&QuotaType::Deployment)?;
        let index = self.deployments.next();
        let now = self.stamp();
        let mut record = DeploymentRecord {
            deployment: Deployment {
                id: Some(self.seed.id(Stream::Deployment, index).to_string()),
                name: Some(name.clone()),
                replicas: Some(replicas),
                description: Some(new.description.unwrap_or_default()),
                group_id: Some(group),
                node_ids: new.node_ids,
                tags: new.tags,
                source: Some(new.source.unwrap_or_default()),
                created_at: Some(now.clone()),
                updated_at: Some(now),
                template: Some(template),
                annotations: run.annotations,
                ..Deployment::default()
            },
            pods: Vec::new(),
            serial: 0,
            revision: 0,
        };
        self.start_pods(&mut record, replicas as usize);
        self.deployments.add(&name, record.clone());
        self.keep_deployment(index, record);
        self.announce("deployment", "created");
        Ok(index)
    }

    /// Changes what a deployment runs, or what it is.
    pub(crate) fn change_deployment(
        &mut self,
        index: u64,
        update: DeploymentUpdate,
    ) -> Result<(), Refusal> {
        let mut record = self.deployment(index).into_owned();
        Self::told_to_fail(&self.deployment_name(index), "update")?;
        if record.deployment.state.is_some() {
            return Err(invalid("The deployment is being deleted."));
        }
        if let Some(run) = update.deployment {
            let template = with_defaults(run.template.unwrap_or_default());
            let replicas = run.replicas.unwrap_or(1);
            self.check_run(replicas, &template)?;
            self.roll_out(&mut record, replicas, template);
        }
        let deployment = &mut record.deployment;
        deployment.description = update.description.or(deployment.description.take());
        deployment.updated_at = Some(self.stamp());
        let stopped = record.pods.iter().filter(|pod| pod.ending.is_some());
        let left: Vec<u64> = stopped.filter_map(|pod| pod.node).collect();
        self.keep_deployment(index, record);
        self.announce("deployment", "updated");
        self.make_room(&left);
        Ok(())
    }

    /// The deployment with this identifier.
    pub(crate) fn find_deployment(&self, id: &str) -> Result<u64, Refusal> {
        self.seed
            .index(Stream::Deployment, id)
            .filter(|index| self.deployments.contains(*index))
            .ok_or_else(|| missing(&codes::NOT_FOUND, "deployment", id))
    }

    /// The deployment with this name.
    pub(crate) fn deployment_named(&self, name: &str) -> Option<u64> {
        let is_there =
            |index: &u64| self.deployments.is_seeded(*index) && self.deployments.contains(*index);
        self.deployments
            .created_named(name)
            .or_else(|| self.seed.deployment_named(name).filter(is_there))
    }

    pub(crate) fn deployment_name(&self, index: u64) -> Cow<'_, str> {
        match self.deployments.record(index) {
            Some(record) => Cow::Borrowed(record.deployment.name.as_deref().unwrap_or_default()),
            None => Cow::Owned(self.seed.deployment_name(index)),
        }
    }

    /// A deployment as it is kept, or as the seed made it.
    pub(crate) fn deployment(&self, index: u64) -> Cow<'_, DeploymentRecord> {
        match self.deployments.record(index) {
            Some(record) => Cow::Borrowed(record),
            None => Cow::Owned(self.seed.deployment(index)),
        }
    }

    /// A deployment as the service answers it.
    pub(crate) fn deployment_view(&self, index: u64) -> Deployment {
        let record = self.deployment(index);
        let ready = record.pods.iter().filter(|pod| self.is_ready(index, pod));
        let ready_replicas = Some(ready.count() as i64);
        let deployment = record.deployment.clone();
        Deployment {
            ready_replicas,
            api_version: Some("v3".to_owned()),
            source: deployment.source.or_else(|| Some("userdefine".to_owned())),
            source_id: Some(String::new()),
            project_id: Some(self.account.project_id.clone()),
            ..deployment
        }
    }

    /// The deployments that have instances on a node, in ascending order.
    pub(crate) fn deployments_on(&self, node: u64) -> Vec<u64> {
        let untouched = self.seed.deployments_of(node).filter(|index| {
            self.deployments.is_seeded(*index)
                && self.deployments.contains(*index)
                && self.deployments.record(*index).is_none()
        });
        let touched = self.placed.get(&node).into_iter().flatten().copied();
        let mut all: Vec<u64> = untouched.chain(touched).collect();
        all.sort_unstable();
        all
    }

    /// Refuses a node group that isn't there, or can't be.
    pub(crate) fn check_group(&self, id: &str) -> Result<(), Refusal> {
        if self.edition == Edition::Professional {
            return Err(invalid("group_id is for platinum instances only."));
        }
        self.find_group(id).map(|_| ())
    }

    /// The deployments to a node group, in ascending order.
    pub(crate) fn deployments_to_group(&self, group: &str) -> Vec<u64> {
        let first = self.seed.deployments_to_nodes();
        let seeded = (first..first + self.seed.deployments_to_groups()).filter(|index| {
            self.deployments.is_seeded(*index)
                && self.deployments.contains(*index)
                && self.deployments.record(*index).is_none()
                && self.seed.group_of_deployment(*index).as_deref() == Some(group)
        });
        let touched = self.deployments.records();
        let touched = touched
            .filter(|(_, record)| record.deployment.group_id.as_deref() == Some(group))
            .map(|(index, _)| index);
        let mut all: Vec<u64> = seeded.chain(touched).collect();
        all.sort_unstable();
        all
    }

    /// Refuses what the edition doesn't offer, and what takes from a ConfigMap or secret that isn't there.
    fn check_run(&self, replicas: i64, template: &PodTemplate) -> Result<(), Refusal> {
        if self.edition == Edition::Professional {
            let mut ports = template.all_containers().flat_map(|it| &it.ports);
            let affinity = template.affinity.as_ref();
            let what = match () {
                () if replicas != 1 => "More than one instance",
                () if affinity.is_some_and(|it| !it.is_empty()) => "affinity",
                () if ports.any(|it| it.host_port_range.is_some()) => "host_port_range",
                () => "",
            };
            if !what.is_empty() {
                return Err(invalid(format!("{what} is for platinum instances only.")));
            }
        }
        for container in template.all_containers() {
            self.check_references(&container.volumes, &container.envs)?;
        }
        Ok(())
    }

    /// Deletes a deployment: at once, or as soon as its nodes can be told.
    fn delete_deployment(&mut self, index: u64, mut record: DeploymentRecord, force: bool) {
        if force || self.can_go(&record) {
            self.remove_deployment(index);
            return;
        }
        let now = self.millis();
        record.deployment.state = Some(DeploymentState::PendingDelete);
        for pod in &mut record.pods {
            pod.ending = pod.ending.or(Some(now));
        }
        self.keep_deployment(index, record);
    }
}

/// What is not said has its documented default (tables 4-156 and 4-166).
fn with_defaults(template: PodTemplate) -> PodTemplate {
    let of = |containers: Vec<Container>| -> Vec<Container> {
        let containers = containers.into_iter().map(|container| {
            let resources = container.resources.as_ref();
            let limits = resources.and_then(|it| it.limits.as_ref());
            let wants_npu = limits.is_some_and(|it| it.npu.is_some());
            let npu = container.npu_type.clone().filter(|it| !it.is_empty());
            let usual = if wants_npu { "D310" } else { "" };
            Container {
                privileged: Some(container.privileged.unwrap_or(false)),
                npu_type: npu.or_else(|| Some(usual.to_owned())),
                version: Some(container.version.clone().unwrap_or_default()),
                ..container
            }
        });
        containers.collect()
    };
    let configs = template.configs.unwrap_or_default();
    PodTemplate {
        configs: Some(PodConfigs {
            host_pid: Some(configs.host_pid.unwrap_or(false)),
            migration: Some(configs.migration.unwrap_or(false)),
            ..configs
        }),
        init_containers: of(template.init_containers),
        containers: of(template.containers),
        ..template
    }
}
