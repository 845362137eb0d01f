//! What tasks of batch jobs deploy, and how they change what is deployed.

use ief_api::batch_job::{BatchJobType, BatchTargetType};
use ief_api::codes;
use ief_api::deployment::{DeploymentUpdate, NewDeployment, NewRun, RunUpdate};
use ief_api::node::NodeState;
use ief_api::rules::deployment as rules;
use serde_json::Value;

use crate::answer::Refusal;
use crate::batch_jobs::JobRecord;
use crate::store::Named;
use crate::world::{World, invalid};

/// So much of a name is kept, so that with what tells tasks apart it is still one of a deployment.
const NAME: usize = 26;

/// What the data of a job describes: the body of creating a deployment, or what is below `deployment` in it. The
/// reference says the one, its example has the other.
pub(crate) fn described(data: Option<&str>) -> Result<NewDeployment, Refusal> {
    let refusal = || invalid("task_data is not the JSON of a deployment.");
    let data: Value = serde_json::from_str(data.unwrap_or_default()).map_err(|_| refusal())?;
    let deployment = data.get("deployment").unwrap_or(&data);
    if !deployment.get("template").is_some_and(Value::is_object) {
        return Err(refusal());
    }
    let run: NewRun = serde_json::from_value(deployment.clone()).map_err(|_| refusal())?;
    let mut new: NewDeployment =
        serde_json::from_value(deployment.clone()).map_err(|_| refusal())?;
    // So names stand in the example, for many deployments at once.
    let prefix = deployment.pointer("/source/userdefined/name_prefix");
    let prefix = prefix.and_then(Value::as_str).map(str::to_owned);
    new.name = new.name.filter(|name| !name.is_empty()).or(prefix);
    new.name = new.name.filter(|name| !name.is_empty());
    if let Some(name) = &new.name
        && rules::DEPLOYMENT_NAME.text(name).is_err()
    {
        let message = format!("The name {name} in task_data is none of a deployment.");
        return Err(Refusal::new(&codes::NAME, message));
    }
    if let Some(count) = run.replicas
        && rules::REPLICAS.integer(count).is_err()
    {
        return Err(invalid(format!("There can't be {count} instances.")));
    }
    new.deployment = Some(run);
    Ok(new)
}

impl World {
    /// Why nothing can be deployed to the target of a task, or changed there.
    pub(crate) fn deploy_obstacle(&self, record: &JobRecord, place: usize) -> Result<(), Refusal> {
        let target = record.target(place);
        let runs = |node: &u64| self.node_state(*node) == NodeState::Running;
        match &record.job.target_type {
            Some(BatchTargetType::NodeGroup) => {
                self.find_group(target)?;
                match self.members(target).iter().any(runs) {
                    true => Ok(()),
                    false => Err(not_running("No node of the group is RUNNING.".to_owned())),
                }
            }
            Some(BatchTargetType::Deployment) => {
                let index = self.find_deployment(target)?;
                let deployment = &self.deployment(index).deployment;
                let nodes = match deployment.group_id.as_deref() {
                    Some(group) if !group.is_empty() => self.members(group),
                    _ => {
                        let nodes = deployment.node_ids.iter();
                        nodes.filter_map(|id| self.find_node(id).ok()).collect()
                    }
                };
                match nodes.iter().any(runs) {
                    true => Ok(()),
                    false => {
                        let message = "No node of the deployment is RUNNING.";
                        Err(not_running(message.to_owned()))
                    }
                }
            }
            _ => match self.node_state(self.find_node(target)?) {
                NodeState::Running => Ok(()),
                state => Err(not_running(format!("The node is {state}, not RUNNING."))),
            },
        }
    }

    /// Does what a task was for. Returns the identifier of the deployment.
    pub(crate) fn finish_deploying(
        &mut self,
        record: &JobRecord,
        place: usize,
    ) -> Result<String, Refusal> {
        // What could be done when the task began may have changed since.
        self.deploy_obstacle(record, place)?;
        let mut new = described(record.job.task_data.as_deref())?;
        let run = new.deployment.clone().unwrap_or_default();
        let template = run.template.clone().unwrap_or_default();
        let containers = template.all_containers();
        let mut images = containers.filter_map(|it| it.image_url.as_deref());
        if let Some(image) = images.find(|image| image.contains("no-such")) {
            return Err(invalid(format!("The image {image} could not be pulled.")));
        }
        let target = record.target(place).to_owned();
        if record.job.job_type == Some(BatchJobType::DeploymentUpgrade) {
            let index = self.find_deployment(&target)?;
            let present = self.deployment(index).deployment.replicas;
            let update = DeploymentUpdate {
                deployment: Some(RunUpdate {
                    replicas: run.replicas.or(present),
                    template: run.template,
                    ..RunUpdate::default()
                }),
                description: new.description.filter(|text| !text.is_empty()),
                ..DeploymentUpdate::default()
            };
            self.change_deployment(index, update)?;
            return Ok(target);
        }
        let job = new.name.as_deref().unwrap_or_else(|| record.name());
        // Names of jobs and deployments are ASCII, so that any place is one to cut at.
        let job = job.get(..NAME.min(job.len())).unwrap_or(job);
        let task = record.job.tasks.get(place);
        let task = task.and_then(|task| task.task_id.as_deref());
        let task = task.and_then(|id| id.get(..5)).unwrap_or_default();
        new.name = Some(format!("{}-{task}", job.trim_end_matches('-')));
        match &record.job.target_type {
            Some(BatchTargetType::NodeGroup) => {
                new.group_id = Some(target);
                new.node_ids = Vec::new();
            }
            _ => {
                new.group_id = None;
                new.node_ids = vec![target];
            }
        }
        let index = self.deploy(new)?;
        let id = self.deployment(index).deployment.id.clone();
        Ok(id.unwrap_or_default())
    }
}

fn not_running(message: String) -> Refusal {
    Refusal::new(&codes::NODE_OPERATION, message)
}
