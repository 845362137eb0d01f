//! A document for others: the body that creates it, a manifest of Kubernetes, and the request as a line for a shell.

use serde_json::{Map, Value, json};

use crate::document::{ContainerList, Document, integer_in, template_path, text_in};
use crate::path::Path;
use crate::source::{Format, emit};

/// The body that creates the deployment, as text.
#[must_use]
pub fn ief(document: &Document, format: Format) -> String {
    emit(&document.to_create(), format)
}

/// What a request is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// With the scheme, without a path.
    pub address: String,
    /// Identifier of the project.
    pub project_id: String,
    /// Identifier of the platinum instance, if it is one.
    pub instance_id: Option<String>,
}

/// The request that creates or changes the deployment, as a line for a shell. Its token is taken from the environment,
/// so that none stands in the line.
#[must_use]
pub fn curl(document: &Document, endpoint: &Endpoint) -> String {
    let base = format!(
        "{}/v3/{}/edgemgr/deployments",
        endpoint.address, endpoint.project_id
    );
    let (method, address, body) = match document.origin() {
        Some(origin) => ("PUT", format!("{base}/{}", origin.id), document.to_update()),
        None => ("POST", base, document.to_create()),
    };
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let mut headers = vec!["Content-Type: application/json".to_owned()];
    headers.extend(
        endpoint
            .instance_id
            .iter()
            .map(|it| format!("ief-instance-id: {it}")),
    );
    let headers: String = headers
        .iter()
        .map(|it| format!(" \\\n  -H {}", quoted(it)))
        .collect();
    let body = quoted(&body.to_string());
    let address = quoted(&address);
    format!(
        "curl -X {method} {address} \\\n  -H \"X-Auth-Token: $TOKEN\"{headers} \\\n  -d {body}\n"
    )
}

/// A manifest of Kubernetes, and the places of what it can't say.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// The Deployment.
    pub value: Value,
    /// What was left out: places of the document.
    pub left_out: Vec<Path>,
}

impl Manifest {
    /// It as text.
    #[must_use]
    pub fn text(&self) -> String {
        emit(&self.value, Format::Yaml)
    }
}

/// The deployment as a manifest of Kubernetes.
#[must_use]
pub fn kubernetes(document: &Document) -> Manifest {
    // As it would be sent: numbers are numbers, and what has no documented shape is gone.
    let sent = Document::new(document.to_create());
    let mut work = Work {
        document: &sent,
        left_out: Vec::new(),
        volumes: Map::new(),
    };
    let value = work.deployment();
    Manifest {
        value,
        left_out: work.left_out,
    }
}

struct Work<'a> {
    document: &'a Document,
    left_out: Vec<Path>,
    /// Volumes of the instance by name.
    volumes: Map<String, Value>,
}

/// Fields of an object that are dealt with under another name.
const POD: &[(&str, &str)] = &[
    ("host_network", "hostNetwork"),
    ("host_pid", "hostPID"),
    ("restart_policy", "restartPolicy"),
    ("dns_policy", "dnsPolicy"),
];

impl Work<'_> {
    fn rename(
        &mut self,
        path: &Path,
        names: &[(&str, &str)],
        others: &[&str],
    ) -> Map<String, Value> {
        let mut renamed = Map::new();
        let fields = self.document.get(path).and_then(Value::as_object);
        for (key, value) in fields.into_iter().flatten() {
            match names.iter().find(|(from, _)| from == key) {
                Some((_, to)) => {
                    renamed.insert((*to).to_owned(), value.clone());
                }
                None if others.contains(&key.as_str()) => {}
                None => self.left_out.push(path.then(key.as_str())),
            }
        }
        renamed
    }

    fn deployment(&mut self) -> Value {
        let root = Path::root();
        self.rename(
            &root,
            &[],
            &["name", "tags", "deployment", "source", "description"],
        );
        let name = text_in(self.document.value(), "name").unwrap_or_default();
        let run = root.then("deployment");
        let run = self.rename(&run, &[("replicas", "replicas")], &["template"]);
        let tags = self.document.list(&root.then("tags")).iter();
        let labels = tags.filter_map(|tag| {
            Some((
                text_in(tag, "key")?,
                text_in(tag, "value").unwrap_or_default().into(),
            ))
        });
        let mut labels: Map<String, Value> = labels.collect();
        let mut metadata = json!({ "name": name });
        if !labels.is_empty() {
            metadata["labels"] = Value::Object(labels.clone());
        }
        labels.entry("app").or_insert(json!(name));
        let mut spec = run;
        spec.insert(
            "selector".to_owned(),
            json!({ "matchLabels": { "app": labels["app"] } }),
        );
        let pod = self.pod();
        spec.insert(
            "template".to_owned(),
            json!({ "metadata": { "labels": labels }, "spec": pod }),
        );
        json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec })
    }

    fn pod(&mut self) -> Value {
        let template = template_path();
        let mut pod = self.rename(&template.then("configs"), POD, &[]);
        let others = ["configs", "init_containers", "containers"];
        pod.extend(self.rename(&template, &[("affinity", "affinity")], &others));
        for (list, name) in [
            (ContainerList::Init, "initContainers"),
            (ContainerList::Main, "containers"),
        ] {
            let path = list.path();
            let count = self.document.list(&path).len();
            let containers: Vec<Value> = (0..count)
                .map(|at| self.container(&path.then(at)))
                .collect();
            if !containers.is_empty() {
                pod.insert(name.to_owned(), containers.into());
            }
        }
        if !self.volumes.is_empty() {
            let volumes = self.volumes.values().cloned().collect::<Vec<_>>();
            pod.insert("volumes".to_owned(), volumes.into());
        }
        Value::Object(pod)
    }

    fn container(&mut self, path: &Path) -> Value {
        const SAME: &[(&str, &str)] = &[
            ("name", "name"),
            ("image_url", "image"),
            ("command", "command"),
            ("args", "args"),
        ];
        const OTHERS: &[&str] = &[
            "resources",
            "envs",
            "ports",
            "privileged",
            "run_as_user",
            "readiness_probe",
            "liveness_probe",
            "volumes",
        ];
        let mut made = self.rename(path, SAME, OTHERS);
        let fields = self.document.get(path).cloned().unwrap_or_default();
        let mut put = |name: &str, values: Vec<Value>| {
            if !values.is_empty() {
                made.insert(name.to_owned(), values.into());
            }
        };
        let list = |name: &str| {
            fields
                .get(name)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        put("env", list("envs").iter().map(variable).collect());
        let mut ports = Vec::new();
        for (index, port) in list("ports").iter().enumerate() {
            if port.get("host_port_range").is_some() {
                self.left_out
                    .push(path.then("ports").then(index).then("host_port_range"));
            }
            ports.push(mapping(port));
        }
        put("ports", ports);
        let volumes = list("volumes");
        let mounts = volumes.iter().map(|it| self.mount(it)).collect();
        put("volumeMounts", mounts);
        let resources = resources(fields.get("resources"));
        if !resources.is_empty() {
            made.insert("resources".to_owned(), Value::Object(resources));
        }
        for (from, to) in [
            ("readiness_probe", "readinessProbe"),
            ("liveness_probe", "livenessProbe"),
        ] {
            if let Some(probe) = fields.get(from) {
                made.insert(to.to_owned(), self::probe(probe));
            }
        }
        let context = [("privileged", "privileged"), ("run_as_user", "runAsUser")];
        let context = context
            .into_iter()
            .filter_map(|(from, to)| Some((to.to_owned(), fields.get(from)?.clone())));
        let context: Map<String, Value> = context.collect();
        if !context.is_empty() {
            made.insert("securityContext".to_owned(), Value::Object(context));
        }
        Value::Object(made)
    }

    /// Where a volume is mounted; the volume itself is the instance's.
    fn mount(&mut self, volume: &Value) -> Value {
        let text = |name: &str| text_in(volume, name).unwrap_or_default();
        let name = text("name");
        let source = text("source");
        let mode = integer_in(volume, "default_mode");
        let mut made = match text("type").as_str() {
            "configMap" => json!({ "configMap": { "name": source } }),
            "secret" => json!({ "secret": { "secretName": source } }),
            "hostPath" => json!({ "hostPath": { "path": source } }),
            _ if source == "memory" => json!({ "emptyDir": { "medium": "Memory" } }),
            _ => json!({ "emptyDir": {} }),
        };
        for kind in ["configMap", "secret"] {
            if let (Some(fields), Some(mode)) = (made.get_mut(kind), mode) {
                fields["defaultMode"] = mode.into();
            }
        }
        let mut named = Map::from_iter([("name".to_owned(), json!(name))]);
        named.extend(made.as_object().cloned().unwrap_or_default());
        self.volumes
            .entry(name.clone())
            .or_insert(Value::Object(named));
        let mut mount = json!({ "name": name, "mountPath": text("destination") });
        if volume.get("read_only") == Some(&json!(true)) {
            mount["readOnly"] = json!(true);
        }
        mount
    }
}

fn variable(variable: &Value) -> Value {
    let name = text_in(variable, "name").unwrap_or_default();
    let from = variable.get("value_from");
    let reference = |kind: &str| from.and_then(|it| it.get(kind));
    if let Some(path) = text_in(variable, "field_path") {
        return json!({ "name": name, "valueFrom": { "fieldRef": { "fieldPath": path } } });
    }
    for (kind, to) in [("configmap", "configMapKeyRef"), ("secret", "secretKeyRef")] {
        if let Some(reference) = reference(kind) {
            return json!({ "name": name, "valueFrom": { to: reference } });
        }
    }
    json!({ "name": name, "value": text_in(variable, "value").unwrap_or_default() })
}

fn mapping(port: &Value) -> Value {
    let names = [
        ("container_port", "containerPort"),
        ("host_port", "hostPort"),
        ("host_ip", "hostIP"),
    ];
    let fields = names
        .into_iter()
        .filter_map(|(from, to)| Some((to.to_owned(), port.get(from)?.clone())));
    Value::Object(fields.collect())
}

fn resources(resources: Option<&Value>) -> Map<String, Value> {
    let mut sides = Map::new();
    for side in ["limits", "requests"] {
        let amounts = resources.and_then(|it| it.get(side));
        let amount = |name: &str| amounts.and_then(|it| text_in(it, name));
        let mut made = Map::new();
        made.extend(amount("cpu").map(|it| ("cpu".to_owned(), it.into())));
        made.extend(amount("memory").map(|it| ("memory".to_owned(), format!("{it}Mi").into())));
        made.extend(amount("npu").map(|it| ("huawei.com/ascend-310".to_owned(), it.into())));
        if !made.is_empty() {
            sides.insert(side.to_owned(), Value::Object(made));
        }
    }
    sides
}

fn probe(probe: &Value) -> Value {
    let mut made = Map::new();
    if let Some(request) = probe.get("http_get") {
        made.insert("httpGet".to_owned(), request.clone());
    }
    if let Some(command) = probe.pointer("/exec/command") {
        // One line, as the service takes it, is a shell's.
        made.insert(
            "exec".to_owned(),
            json!({ "command": ["sh", "-c", command] }),
        );
    }
    for (from, to) in [
        ("initial_delay_seconds", "initialDelaySeconds"),
        ("timeout_seconds", "timeoutSeconds"),
    ] {
        made.extend(probe.get(from).map(|it| (to.to_owned(), it.clone())));
    }
    Value::Object(made)
}
