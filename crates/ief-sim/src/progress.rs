//! What becomes of the instances of deployments: a function of the clock, of their nodes and of their fate, so that
//! nothing has to be kept while nobody looks.

use ief_api::container::{Probe, RestartPolicy};
use ief_api::deployment::PodTemplate;
use ief_api::node::{EdgeNode, NodeState};
use ief_api::pod::{PodState, Readiness};

use crate::pods::{Fate, PodRecord};
use crate::seed::Stream;
use crate::traffic::is_online;
use crate::world::World;

/// How long an instance takes to stop, in milliseconds.
pub(crate) const STOPPING: i64 = 5_000;
/// How long a container runs before it crashes, in milliseconds.
const CRASHING: i64 = 4_000;
/// How long a container takes that does its work and ends, in milliseconds.
const WORKING: i64 = 20_000;
/// The first and the longest pause between a crash and the next start, in milliseconds.
const PAUSE: (i64, i64) = (10_000, 300_000);

/// How an instance is now.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) state: PodState,
    /// Why it doesn't run, in a word; empty while it does.
    pub(crate) reason: &'static str,
    /// Why it doesn't run, in a sentence.
    pub(crate) message: String,
    /// The state of its containers.
    pub(crate) container: &'static str,
    /// How often they were started again.
    pub(crate) restarts: i64,
    /// For how long they have been running, in milliseconds. None before they first did.
    pub(crate) started: Option<i64>,
    /// When the state came about, in milliseconds.
    pub(crate) changed: i64,
}

impl Progress {
    fn new(state: PodState, changed: i64) -> Self {
        let container = match state {
            PodState::Running => "running",
            PodState::Succeeded | PodState::Failed | PodState::Terminating => "terminated",
            PodState::Unknown => "unknown",
            _ => "waiting",
        };
        Self {
            state,
            reason: "",
            message: String::new(),
            container,
            restarts: 0,
            started: None,
            changed,
        }
    }

    fn because(self, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            ..self
        }
    }

    /// How the containers are that run before the others: done, once those have started.
    pub(crate) fn of_init(&self) -> Self {
        match self.started {
            None => self.clone(),
            Some(_) => Self {
                started: self.started,
                ..Self::new(PodState::Succeeded, self.changed).because("Completed", "")
            },
        }
    }

    /// What a readiness probe says.
    pub(crate) fn readiness(&self, probe: &Probe) -> Readiness {
        let request = probe.http_get.as_ref();
        let asked = request
            .and_then(|it| it.path.as_deref())
            .or(probe.command());
        let first = probe.initial_delay_seconds.unwrap_or(10) * 1000;
        match (&self.state, self.started) {
            (PodState::Unknown, _) | (_, None) => Readiness::Unknown,
            (PodState::Running, Some(time)) if time < first => Readiness::Unknown,
            (PodState::Running, _) if !asked.unwrap_or_default().contains("never-ready") => {
                Readiness::Normal
            }
            _ => Readiness::Abnormal,
        }
    }

    /// Whether an instance counts as one that works.
    fn is_ready(&self, template: &PodTemplate) -> bool {
        let probes = template
            .containers
            .iter()
            .filter_map(|it| it.readiness_probe.as_ref());
        let mut answers = probes.map(|probe| self.readiness(probe));
        self.state == PodState::Running && answers.all(|it| it == Readiness::Normal)
    }
}

impl World {
    /// Whether an instance is still there: what was told to stop goes once its node has done so.
    pub(crate) fn is_there(&self, pod: &PodRecord) -> bool {
        let Some(ending) = pod.ending else {
            return true;
        };
        match pod.node.filter(|node| self.nodes.contains(*node)) {
            Some(node) => {
                let stopped = self.millis() - ending >= STOPPING || pod.began.is_none();
                !(stopped && is_online(&self.node_state(node)))
            }
            None => false,
        }
    }

    /// Whether an instance works.
    pub(crate) fn is_ready(&self, index: u64, pod: &PodRecord) -> bool {
        pod.ending.is_none() && self.progress(index, pod).is_ready(&pod.template)
    }

    /// How an instance is now.
    pub(crate) fn progress(&self, index: u64, pod: &PodRecord) -> Progress {
        let mut progress = self.progress_of(index, pod);
        progress.restarts += pod.restarts;
        progress
    }

    fn progress_of(&self, index: u64, pod: &PodRecord) -> Progress {
        if let Some(since) = pod.ending {
            return Progress::new(PodState::Terminating, since);
        }
        let waiting = Progress::new(PodState::Pending, pod.created);
        let Some(node) = pod.node.filter(|node| self.nodes.contains(*node)) else {
            let message = "No node of the group can take the instance.";
            return waiting.because("Unschedulable", message);
        };
        if let Some(obstacle) = self.obstacle(index, pod, node) {
            return waiting.because("Unschedulable", obstacle);
        }
        let state = self.node_state(node);
        let name = self.node_name(node);
        let Some(began) = pod.began else {
            let message = format!("The node {name} is {state} and has not taken the instance yet.");
            return waiting.because("NodeNotReady", message);
        };
        let number = self
            .seed
            .number(Stream::Pod, index << 24 | pod.serial | 1 << 53);
        let lived = self.lived(pod, began + 3_000 + (number % 9_000) as i64);
        match state {
            NodeState::Freeze => Progress {
                restarts: lived.restarts,
                ..Progress::new(PodState::Freeze, lived.changed)
                    .because("NodeFrozen", format!("The node {name} is frozen."))
            },
            state if !is_online(&state) => Progress {
                restarts: lived.restarts,
                started: lived.started,
                ..Progress::new(PodState::Unknown, lived.changed).because(
                    "NodeLost",
                    format!("The node {name} is {state} and doesn't report."),
                )
            },
            _ => lived,
        }
    }

    /// How an instance is on a node that runs, when its image is there from `pulled` on.
    fn lived(&self, pod: &PodRecord, pulled: i64) -> Progress {
        let image = pod
            .template
            .all_containers()
            .find_map(|it| it.image_url.as_deref());
        let image = image.unwrap_or_default();
        let waiting = Progress::new(PodState::Pending, pod.created);
        let time = self.millis() - pulled;
        if time < 0 {
            return waiting.because("ContainerCreating", format!("Pulling the image {image}."));
        }
        let policy = pod.template.configs.as_ref();
        let policy = policy.and_then(|it| it.restart_policy.clone());
        let never = policy == Some(RestartPolicy::Never);
        let running = |time: i64, restarts: i64| Progress {
            restarts,
            started: Some(time),
            ..Progress::new(PodState::Running, self.millis() - time)
        };
        let ended = |state: PodState, changed: i64| Progress {
            started: Some(changed),
            ..Progress::new(state, changed)
        };
        match pod.fate {
            Fate::Runs => running(time, 0),
            Fate::NoImage => {
                let message = format!("The image {image} can't be pulled: not found.");
                waiting.because("ImagePullBackOff", message)
            }
            Fate::Crashes if never && time >= CRASHING => {
                ended(PodState::Failed, pulled + CRASHING)
                    .because("Error", "The container ended with the exit code 1.")
            }
            Fate::Completes if policy != Some(RestartPolicy::Always) && time >= WORKING => {
                ended(PodState::Succeeded, pulled + WORKING).because("Completed", "")
            }
            Fate::Crashes | Fate::Completes => {
                let once = if pod.fate == Fate::Crashes {
                    CRASHING
                } else {
                    WORKING
                };
                let (restarts, phase) = again_and_again(time, once);
                match phase {
                    Phase::Running(time) => running(time, restarts),
                    Phase::Pausing(time) => Progress {
                        restarts,
                        ..ended(PodState::Failed, self.millis() - time).because(
                            "CrashLoopBackOff",
                            "The container ended and is started again later.",
                        )
                    },
                }
            }
        }
    }

    /// Why a node can't take an instance. None when it can, or when nobody knows yet.
    fn obstacle(&self, index: u64, pod: &PodRecord, node: u64) -> Option<String> {
        let facts = self.node_facts(node);
        let wanted = wanted(&pod.template);
        if let Some(name) = lacking(&facts, &wanted) {
            return Some(format!(
                "The node {} has not enough {name}.",
                self.node_name(node)
            ));
        }
        let ports: Vec<i64> = host_ports(&pod.template).collect();
        if ports.is_empty() {
            return None;
        }
        // Who came first keeps a port.
        for other in self
            .deployments_on(node)
            .into_iter()
            .filter(|other| *other <= index)
        {
            let record = self.deployment(other);
            let earlier = record.pods.iter().filter(|it| {
                it.node == Some(node)
                    && it.ending.is_none()
                    && (other, it.serial) < (index, pod.serial)
            });
            for pod in earlier {
                if let Some(port) = host_ports(&pod.template).find(|port| ports.contains(port)) {
                    let name = record.deployment.name.as_deref().unwrap_or_default();
                    return Some(format!("The port {port} of the node is taken by {name}."));
                }
            }
        }
        None
    }

    /// A node as it is kept, or as the seed made it.
    pub(crate) fn node_facts(&self, node: u64) -> std::borrow::Cow<'_, EdgeNode> {
        use std::borrow::Cow;
        match self.nodes.record(node) {
            Some(record) => Cow::Borrowed(&record.node),
            None => Cow::Owned(self.seed.node(node)),
        }
    }

    /// Whether a node has what a template asks for.
    pub(crate) fn could_take(&self, node: u64, template: &PodTemplate) -> bool {
        lacking(&self.node_facts(node), &wanted(template)).is_none()
    }
}

/// Ports of the node that a template asks for by their numbers.
fn host_ports(template: &PodTemplate) -> impl Iterator<Item = i64> {
    let ports = template.containers.iter().flat_map(|it| &it.ports);
    ports.filter_map(|port| port.host_port)
}

/// CPU cores, memory, GPU memory and NPUs that a template asks for, all containers together.
fn wanted(template: &PodTemplate) -> [f64; 4] {
    let mut sum = [0.0; 4];
    for container in &template.containers {
        let resources = container.resources.as_ref();
        let requests = resources.and_then(|it| it.requests.as_ref().or(it.limits.as_ref()));
        let Some(it) = requests else {
            continue;
        };
        let amounts = [&it.cpu, &it.memory, &it.gpu, &it.npu];
        for (sum, amount) in sum.iter_mut().zip(amounts) {
            let amount = amount.as_deref().and_then(|text| text.trim().parse().ok());
            *sum += amount.unwrap_or(0.0);
        }
    }
    sum
}

/// What a node has too little of. What it has is not known before it has connected.
fn lacking(node: &EdgeNode, wanted: &[f64; 4]) -> Option<&'static str> {
    let cpu = node.cpu.filter(|cpu| *cpu > 0)?;
    let gpu: i64 = node.gpu_info.iter().filter_map(|it| it.capacity).sum();
    let has = [
        cpu,
        node.memory.unwrap_or(0),
        gpu,
        node.npu_num.unwrap_or(0),
    ];
    let names = ["CPU", "memory", "GPU memory", "NPUs"];
    let mut all = wanted.iter().zip(has).zip(names);
    all.find_map(|((wanted, has), name)| (*wanted > has as f64).then_some(name))
}

/// Where a container stands that ends after each start, with the milliseconds since it came there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running(i64),
    Pausing(i64),
}

/// How often a container was started again after `time` milliseconds, when it runs for `once` each time and the
/// pauses grow as those of Kubernetes do.
fn again_and_again(time: i64, once: i64) -> (i64, Phase) {
    let (mut left, mut restarts, mut pause) = (time, 0, PAUSE.0);
    loop {
        if left < once {
            return (restarts, Phase::Running(left));
        }
        if left < once + pause {
            return (restarts, Phase::Pausing(left - once));
        }
        left -= once + pause;
        restarts += 1;
        pause = (pause * 2).min(PAUSE.1);
        if pause == PAUSE.1 {
            // From here on all rounds are alike.
            restarts += left / (once + pause);
            left %= once + pause;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, again_and_again};

    #[test]
    fn pauses_grow_until_they_are_longest() {
        let once = 4_000;
        assert_eq!(again_and_again(0, once), (0, Phase::Running(0)));
        assert_eq!(again_and_again(3_999, once), (0, Phase::Running(3_999)));
        assert_eq!(again_and_again(4_000, once), (0, Phase::Pausing(0)));
        assert_eq!(again_and_again(13_999, once), (0, Phase::Pausing(9_999)));
        assert_eq!(again_and_again(14_000, once), (1, Phase::Running(0)));
        assert_eq!(again_and_again(38_000, once), (2, Phase::Running(0)));
        // 10, 20, 40, 80 and 160 seconds, and 300 from then on.
        let fifth = 5 * once + 310_000;
        assert_eq!(again_and_again(fifth, once), (5, Phase::Running(0)));
        assert_eq!(
            again_and_again(fifth + 303_999, once),
            (5, Phase::Pausing(299_999))
        );
        let many = fifth + 1_000_000 * 304_000;
        assert_eq!(again_and_again(many, once), (1_000_005, Phase::Running(0)));
    }
}
