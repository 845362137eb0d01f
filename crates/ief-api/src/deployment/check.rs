//! The documented limits of deployments.

use super::{Container, DeploymentUpdate, NewDeployment, PodConfigs, PodTemplate};
use crate::container::{
    CommandForm, Env, Probe, RestartPolicy, Volume, check_amounts, check_lines, check_ports,
};
use crate::node::KeyValue;
use crate::rules::{Check, Problem, Violations, container, deployment as rules};

impl Check for NewDeployment {
    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::DEPLOYMENT_NAME, self.name.as_deref());
        let description = self.description.as_deref();
        violations.optional("description", &rules::DEPLOYMENT_DESCRIPTION, description);
        violations.optional("source", &rules::DEPLOYMENT_SOURCE, self.source.as_deref());
        let group = self.group_id.as_deref().filter(|id| !id.is_empty());
        check_target(group, &self.node_ids, violations);
        check_tags(&self.tags, violations);
        let Some(run) = &self.deployment else {
            violations.add("deployment", &rules::REPLICAS, Problem::Missing);
            return;
        };
        violations.at("deployment", |violations| {
            check_run(run.replicas, run.template.as_ref(), violations);
            let configs = run.template.as_ref().and_then(|it| it.configs.as_ref());
            if group.is_some() && configs.is_some_and(|it| it.migration.is_none()) {
                let place = "template.configs.migration";
                violations.add(place, &rules::MIGRATION, Problem::Missing);
            }
        });
    }
}

impl Check for DeploymentUpdate {
    fn check(&self, violations: &mut Violations) {
        let description = self.description.as_deref();
        violations.optional("description", &rules::DEPLOYMENT_DESCRIPTION, description);
        if let Some(run) = &self.deployment {
            violations.at("deployment", |violations| {
                check_run(run.replicas, run.template.as_ref(), violations);
            });
        }
    }
}

fn check_target(group: Option<&str>, nodes: &[String], violations: &mut Violations) {
    let rule = &rules::DEPLOYMENT_TARGET;
    match (group, nodes) {
        (None, []) => violations.add("node_ids", rule, Problem::Missing),
        (Some(_), [_, ..]) => {
            let other = "node_ids".to_owned();
            violations.add("group_id", rule, Problem::Contradicts { other });
        }
        _ => {}
    }
    violations.optional("group_id", rule, group);
    violations.count("node_ids", &rules::DEPLOYMENT_NODES, nodes.len());
    violations.at("node_ids", |violations| {
        for (place, node) in nodes.iter().enumerate() {
            violations.required(&place.to_string(), rule, Some(node));
        }
    });
}

fn check_tags(tags: &[KeyValue], violations: &mut Violations) {
    violations.count("tags", &rules::DEPLOYMENT_TAGS, tags.len());
    let keys = tags.iter().filter_map(|tag| tag.key.as_deref());
    violations.unique("tags", &rules::DEPLOYMENT_TAG_KEY, keys);
    violations.at("tags", |violations| {
        for (place, tag) in tags.iter().enumerate() {
            violations.at(place, |violations| {
                violations.required("key", &rules::DEPLOYMENT_TAG_KEY, tag.key.as_deref());
                let value = tag.value.as_deref();
                violations.optional("value", &rules::DEPLOYMENT_TAG_VALUE, value);
            });
        }
    });
}

fn check_run(replicas: Option<i64>, template: Option<&PodTemplate>, violations: &mut Violations) {
    match replicas {
        None => violations.add("replicas", &rules::REPLICAS, Problem::Missing),
        replicas => violations.integer("replicas", &rules::REPLICAS, replicas),
    }
    match template {
        None => violations.add("template", &rules::CONTAINERS, Problem::Missing),
        Some(template) => violations.at("template", |violations| template.check(violations)),
    }
}

impl PodTemplate {
    fn check(&self, violations: &mut Violations) {
        match &self.configs {
            None => violations.add("configs", &rules::HOST_NETWORK, Problem::Missing),
            Some(configs) => violations.at("configs", |violations| configs.check(violations)),
        }
        if let Some(affinity) = &self.affinity {
            violations.at("affinity", |violations| affinity.check(violations));
        }
        if self.containers.is_empty() {
            violations.add("containers", &rules::CONTAINERS, Problem::Missing);
        }
        let names = self.all_containers().filter_map(|it| it.name.as_deref());
        violations.unique("containers", &rules::CONTAINER_NAME, names);
        let lists = [
            ("init_containers", &self.init_containers),
            ("containers", &self.containers),
        ];
        for (place, containers) in lists {
            violations.at(place, |violations| {
                for (place, container) in containers.iter().enumerate() {
                    violations.at(place, |violations| container.check(violations));
                }
            });
        }
    }
}

impl PodConfigs {
    fn check(&self, violations: &mut Violations) {
        if self.host_network.is_none() {
            violations.add("host_network", &rules::HOST_NETWORK, Problem::Missing);
        }
        let policy = self.restart_policy.as_ref().map(RestartPolicy::as_str);
        violations.required("restart_policy", &container::RESTART_POLICY, policy);
        let seconds = self.toleration_seconds;
        violations.integer("toleration_seconds", &rules::TOLERATION_SECONDS, seconds);
        let dns = self.dns_policy.as_deref();
        violations.optional("dns_policy", &container::DNS_POLICY, dns);
        // Each of the two belongs to one kind of network only.
        let wrong = match self.host_network {
            Some(true) => "ClusterFirst",
            _ => "ClusterFirstWithHostNet",
        };
        if self.host_network.is_some() && dns == Some(wrong) {
            let other = "host_network".to_owned();
            let problem = Problem::Contradicts { other };
            violations.add("dns_policy", &container::DNS_POLICY, problem);
        }
    }
}

impl Container {
    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::CONTAINER_NAME, self.name.as_deref());
        let image = self.image_url.as_deref();
        violations.required("image_url", &container::IMAGE_URL, image);
        check_lines("args", &self.args, violations);
        check_lines("command", &self.command, violations);
        if let Some(resources) = &self.resources {
            let (limits, requests) = (resources.limits.as_ref(), resources.requests.as_ref());
            check_amounts(limits, requests, violations);
        }
        Env::check_all(&self.envs, violations);
        check_ports(&self.ports, violations);
        violations.integer("run_as_user", &container::RUN_AS_USER, self.run_as_user);
        let form = CommandForm::Nested;
        let (ready, alive) = (self.readiness_probe.as_ref(), self.liveness_probe.as_ref());
        Probe::check_at(ready, "readiness_probe", form, violations);
        Probe::check_at(alive, "liveness_probe", form, violations);
        violations.optional(
            "version",
            &rules::CONTAINER_VERSION,
            self.version.as_deref(),
        );
        Volume::check_all(&self.volumes, violations);
        let npu = self.npu_type.as_deref();
        violations.optional("npu_type", &container::CONTAINER_NPU, npu);
    }
}
