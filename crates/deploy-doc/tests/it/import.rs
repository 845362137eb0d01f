//! Deployments from Kubernetes and Docker Compose, and for them.

use deploy_doc::diff::diff;
use deploy_doc::export::{self, Endpoint};
use deploy_doc::import::{Import, Kind, Level, Why, import};
use deploy_doc::source::Format;
use deploy_doc::{Document, Origin, Severity, Surroundings, check};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::samples;

const MANIFEST: &str = r#"# A shop of one site.
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data:
  LEVEL: "3"
  MODE: fast
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { token: abc }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: My_Shop
  namespace: prod
  labels: { app: shop, "example.com/tier": front }
spec:
  replicas: 2
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      nodeSelector: { zone: a }
      restartPolicy: Always
      securityContext: { runAsUser: 1000 }
      tolerations: [{ key: x, operator: Exists }]
      initContainers:
        - name: prepare
          image: busybox:1.36
          command: [sh, -c, "true"]
      containers:
        - name: web
          image: nginx:1.27
          imagePullPolicy: Always
          env:
            - name: MODE
              value: slow
            - name: TOKEN
              valueFrom: { secretKeyRef: { name: keys, key: token } }
            - name: HOST
              valueFrom: { fieldRef: { fieldPath: status.hostIP } }
            - name: POD
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
          envFrom:
            - configMapRef: { name: settings }
            - secretRef: { name: nobody }
          ports:
            - { name: http, containerPort: 80, hostPort: 8080 }
            - { containerPort: 9090 }
            - { containerPort: 53, hostPort: 53, protocol: UDP }
          resources:
            limits: { cpu: 500m, memory: 2Gi, nvidia.com/gpu: 1 }
            requests: { cpu: "0.25", memory: 1G }
          readinessProbe:
            httpGet: { path: /ready, port: http }
            initialDelaySeconds: 0
            periodSeconds: 5
          livenessProbe:
            exec: { command: [cat, /tmp/it works] }
          volumeMounts:
            - { name: conf, mountPath: /etc/shop }
            - { name: data, mountPath: /data, subPath: a }
            - { name: data, mountPath: /more, readOnly: true }
            - { name: nothing, mountPath: /x }
          lifecycle: { preStop: { exec: { command: [sleep, "5"] } } }
      volumes:
        - name: conf
          configMap: { name: settings, defaultMode: 0644, items: [{ key: LEVEL, path: l }] }
        - name: data
          persistentVolumeClaim: { claimName: c }
        - name: unused
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata: { name: shop }
"#;

/// What became of a place, by the end of its path.
#[track_caller]
fn told(import: &Import, path: &str, level: Level) -> Why {
    let mut lines = import.report.iter();
    let line = lines.find(|it| it.path.to_string().ends_with(path) && it.level == level);
    line.unwrap_or_else(|| panic!("no line for {path} in {:#?}", import.report))
        .why
        .clone()
}

#[test]
fn a_manifest_is_taken_over_with_a_report() {
    let import = import(MANIFEST).unwrap();
    assert_eq!(import.kind, Kind::Kubernetes);
    assert_eq!(import.config_maps[0].keys, ["LEVEL", "MODE"]);
    assert_eq!(import.secrets[0].keys, ["token"]);
    let [document] = import.deployments.as_slice() else {
        panic!("one deployment is expected");
    };
    let value = document.value();
    assert_eq!(value["name"], "my-shop");
    assert_eq!(value["tags"], json!([{ "key": "app", "value": "shop" }]));
    assert_eq!(value["deployment"]["replicas"], 2);
    let web = value.pointer("/deployment/template/containers/0").unwrap();
    assert_eq!(
        *web,
        json!({
            "name": "web",
            "image_url": "nginx:1.27",
            "resources": {
                "limits": { "cpu": "0.5", "memory": "2048" },
                "requests": { "cpu": "0.25", "memory": "953.68" }
            },
            "envs": [
                { "name": "MODE", "value": "slow" },
                { "name": "TOKEN", "value_from": { "secret": { "name": "keys", "key": "token" } } },
                { "name": "HOST", "field_path": "status.hostIP" },
                { "name": "LEVEL", "value_from": { "configmap": { "name": "settings", "key": "LEVEL" } } }
            ],
            "ports": [{ "container_port": 80, "host_port": 8080 }],
            "readiness_probe": { "http_get": { "path": "/ready", "port": 80 }, "initial_delay_seconds": 1 },
            "liveness_probe": { "exec": { "command": "cat '/tmp/it works'" } },
            "run_as_user": 1000,
            "volumes": [
                { "name": "conf", "type": "configMap", "source": "settings", "read_only": true, "default_mode": 420, "destination": "/etc/shop" },
                { "name": "data", "type": "emptyDir", "source": "disk", "read_only": false, "destination": "/data" },
                { "name": "data-2", "type": "emptyDir", "source": "disk", "read_only": true, "destination": "/more" }
            ]
        })
    );
    let terms = "/deployment/template/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";
    assert_eq!(
        value.pointer(&format!("{terms}/0/matchExpressions/0")),
        Some(&json!({
            "key": "zone", "operator": "In", "values": ["a"]
        }))
    );
    let name = |from: &str, to: &str| Why::Name {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let unit = |from: &str, to: &str| Why::Unit {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let missing = |name: &str| Why::NotFound {
        name: name.to_owned(),
    };
    for (path, level, why) in [
        ("/metadata/name", Level::Changed, Why::Beside),
        ("/limits/cpu", Level::Changed, unit("500m", "0.5")),
        ("/limits/nvidia.com~1gpu", Level::LeftOut, Why::Unsupported),
        ("/tolerations", Level::LeftOut, Why::Unsupported),
        ("/namespace", Level::LeftOut, Why::NotNeeded),
        ("/example.com~1tier", Level::LeftOut, Why::Unsupported),
        ("/fieldPath", Level::LeftOut, Why::Unsupported),
        ("/envFrom/0/configMapRef", Level::Changed, Why::EachKey),
        ("/envFrom/1/secretRef", Level::LeftOut, missing("nobody")),
        ("/ports/1/containerPort", Level::LeftOut, Why::NotNeeded),
        ("/ports/2/protocol", Level::LeftOut, Why::Unsupported),
        ("/periodSeconds", Level::LeftOut, Why::Unsupported),
        ("/volumeMounts/3/name", Level::LeftOut, missing("nothing")),
        (
            "/volumeMounts/2/name",
            Level::Changed,
            name("data", "data-2"),
        ),
        ("/volumeMounts/1/subPath", Level::Changed, Why::WholeVolume),
        ("/items", Level::Changed, Why::WholeVolume),
        ("/persistentVolumeClaim", Level::Changed, Why::NotKept),
        ("/volumes/2", Level::LeftOut, Why::NotNeeded),
        ("/lifecycle", Level::LeftOut, Why::Unsupported),
        ("/image", Level::Carried, Why::AsItIs),
    ] {
        if path != "/metadata/name" {
            assert_eq!(told(&import, path, level), why, "{path}");
        }
    }
    let service = import.report.last().unwrap();
    assert_eq!((service.document, service.level), (3, Level::LeftOut));
    assert!(MANIFEST[service.range.clone()].starts_with("apiVersion: v1\nkind: Service"));
    // What is left to be said is the target.
    let findings = check(document, &Surroundings::default());
    let errors = findings.iter().filter(|it| it.severity == Severity::Error);
    let errors: Vec<_> = errors.map(deploy_doc::Finding::id).collect();
    assert_eq!(errors, ["instances_share_port", "deployment_target"]);
}

const COMPOSE: &str = r#"
name: site
x-common: &common
  restart: unless-stopped
services:
  web:
    <<: *common
    image: nginx:1.27
    command: nginx -g "daemon off;"
    environment:
      MODE: fast
      EMPTY: ""
      FROM_HOST:
    ports: ["127.0.0.1:8080:80", "443", "53:53/udp", { target: 9000, published: 9001 }]
    volumes:
      - /srv/www:/www:ro
      - ./local:/local
      - store:/data
      - { type: tmpfs, target: /tmp }
    healthcheck:
      test: [CMD, curl, -f, "http://localhost/"]
      interval: 30s
      timeout: 5s
      start_period: 1m
    deploy:
      replicas: 2
      resources:
        limits: { cpus: "0.5", memory: 256M }
    depends_on: [db]
  db:
    image: redis:${REDIS:-7}
    entrypoint: ["$RUN"]
    user: "999:999"
    mem_limit: 1g
    volumes: ["store:/backup"]
    tmpfs: /run
volumes: { store: }
networks: { front: }
"#;

#[test]
fn a_compose_file_is_taken_over_with_a_report() {
    let import = import(COMPOSE).unwrap();
    assert_eq!(import.kind, Kind::Compose);
    let value = import.deployments[0].value();
    assert_eq!(value["name"], "site");
    assert_eq!(
        value["deployment"]["template"]["configs"],
        json!({ "host_network": false, "restart_policy": "Always" })
    );
    assert_eq!(
        value["deployment"]["template"]["containers"],
        json!([
            {
                "name": "web",
                "image_url": "nginx:1.27",
                "args": ["nginx", "-g", "daemon off;"],
                "envs": [{ "name": "MODE", "value": "fast" }, { "name": "EMPTY", "value": "" }],
                "ports": [
                    { "container_port": 80, "host_port": 8080, "host_ip": "127.0.0.1" },
                    { "container_port": 9000, "host_port": 9001 }
                ],
                "volumes": [
                    { "name": "web-0", "type": "hostPath", "source": "/srv/www", "destination": "/www", "read_only": true },
                    { "name": "store", "type": "emptyDir", "source": "disk", "destination": "/data", "read_only": false },
                    { "name": "web-2", "type": "emptyDir", "source": "memory", "destination": "/tmp", "read_only": false }
                ],
                "resources": { "limits": { "cpu": "0.5", "memory": "256" } },
                "liveness_probe": {
                    "exec": { "command": "curl -f http://localhost/" },
                    "initial_delay_seconds": 60, "timeout_seconds": 5
                }
            },
            {
                "name": "db",
                "image_url": "redis:7",
            "command": ["$RUN"],
                "run_as_user": 999,
                "volumes": [
                    { "name": "store", "type": "emptyDir", "source": "disk", "destination": "/backup", "read_only": false },
                    { "name": "db-1", "type": "emptyDir", "source": "memory", "destination": "/run", "read_only": false }
                ],
                "resources": { "limits": { "memory": "1024" } }
            }
        ])
    );
    let run = Why::NotFound {
        name: "RUN".to_owned(),
    };
    assert_eq!(told(&import, "/entrypoint/0", Level::LeftOut), run);
    let image = told(&import, "/db/image", Level::Changed);
    assert!(matches!(image, Why::Name { to, .. } if to == "redis:7"));
    let missing = Why::NotFound {
        name: "FROM_HOST".to_owned(),
    };
    for (path, level, why) in [
        ("/environment/FROM_HOST", Level::LeftOut, missing),
        ("/ports/1", Level::LeftOut, Why::Unsupported),
        ("/ports/2", Level::LeftOut, Why::Unsupported),
        ("/ports/0", Level::Carried, Why::AsItIs),
        ("/volumes/1", Level::LeftOut, Why::Unsupported),
        ("/volumes/2", Level::Changed, Why::NotKept),
        ("/volumes/store", Level::Changed, Why::NotKept),
        ("/interval", Level::LeftOut, Why::Unsupported),
        ("/replicas", Level::LeftOut, Why::Unsupported),
        ("/depends_on", Level::LeftOut, Why::Unsupported),
        ("/networks", Level::LeftOut, Why::NotNeeded),
        ("/command", Level::Changed, Why::Form),
        ("/test", Level::Changed, Why::Joined),
    ] {
        assert_eq!(told(&import, path, level), why, "{path}");
    }
    let findings = check(&import.deployments[0], &Surroundings::default());
    let errors = findings.iter().filter(|it| it.severity == Severity::Error);
    assert_eq!(
        errors.map(deploy_doc::Finding::id).collect::<Vec<_>>(),
        ["deployment_target"]
    );
}

#[test]
fn bodies_and_answers_are_taken_as_they_are() {
    for format in [Format::Json, Format::Yaml] {
        let text = export::ief(&Document::new(samples::full()), format);
        let import = import(&text).unwrap();
        assert_eq!(import.kind, Kind::Ief);
        assert_eq!(
            diff(&Document::new(samples::full()), &import.deployments[0]),
            []
        );
    }
    let import = import("- 1\n").unwrap();
    assert_eq!(
        (import.deployments.len(), &import.report[0].why),
        (0, &Why::NoDeployment)
    );
}

/// What Kubernetes has no words for.
fn without_own(document: &Document) -> Document {
    let mut value = document.value().clone();
    let fields = value.as_object_mut().unwrap();
    for field in ["node_ids", "group_id", "description", "source"] {
        fields.shift_remove(field);
    }
    Document::new(value)
}

#[test]
fn what_goes_to_kubernetes_comes_back() {
    let document = Document::new(samples::full());
    let manifest = export::kubernetes(&document);
    let left_out: Vec<_> = manifest.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        left_out,
        ["/node_ids", "/deployment/template/containers/0/x_unknown"]
    );
    let import = import(&manifest.text()).unwrap();
    let before = without_own(&document);
    let found = diff(&before, &import.deployments[0]);
    let told: Vec<_> = found.iter().map(|it| it.path().to_string()).collect();
    // A command in one line comes back as the shell that runs it.
    assert_eq!(
        told,
        [
            "/deployment/template/containers/0/liveness_probe/exec/command",
            "/deployment/template/containers/0/x_unknown",
        ]
    );
}

#[test]
fn a_request_is_a_line_for_a_shell() {
    let mut document = Document::new(json!({ "name": "it's", "deployment": { "replicas": 1 } }));
    let endpoint = Endpoint {
        address: "https://ief.example".to_owned(),
        project_id: "p".to_owned(),
        instance_id: Some("i".to_owned()),
    };
    let line = export::curl(&document, &endpoint);
    assert!(line.starts_with("curl -X POST 'https://ief.example/v3/p/edgemgr/deployments'"));
    assert!(
        line.contains(r#"-d '{"name":"it'\''s","deployment":{"replicas":1}}'"#),
        "{line}"
    );
    assert!(line.contains("-H 'ief-instance-id: i'"));
    document.set_origin(Some(Origin {
        id: "1".to_owned(),
        updated_at: None,
    }));
    let line = export::curl(&document, &endpoint);
    assert!(line.starts_with("curl -X PUT 'https://ief.example/v3/p/edgemgr/deployments/1'"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_lost_on_the_way_to_kubernetes_and_back_unsaid(value in samples::deployment()) {
        let document = Document::new(value);
        let manifest = export::kubernetes(&document);
        let import = import(&manifest.text()).unwrap();
        let before = without_own(&Document::new(document.to_create()));
        let after = &import.deployments[0];
        // Names are made such as the service takes; everything else is there, in its order.
        let parts = |document: &Document| {
            let parts = document.containers().map(|(path, container)| {
                let ports = document.list(&path.then("ports")).to_vec();
                let values = document.list(&path.then("envs")).iter();
                let values: Vec<_> = values.map(|it| (it["name"].clone(), it["value_from"].clone())).collect();
                (container["image_url"].clone(), container["args"].clone(), ports, values)
            });
            parts.collect::<Vec<_>>()
        };
        prop_assert_eq!(parts(&before), parts(after));
        for path in manifest.left_out {
            prop_assert!(document.get(&path).is_some());
        }
    }

    #[test]
    fn no_file_is_too_strange(value in samples::anything(), kind in 0..3usize) {
        let value = match kind {
            0 => json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": value, "spec": { "template": { "spec": value } } }),
            1 => json!({ "services": { "a": value, "b": { "environment": value, "ports": [value], "volumes": [value], "command": value, "healthcheck": { "test": value } } } }),
            _ => value,
        };
        let text = deploy_doc::source::emit(&value, Format::Yaml);
        if let Ok(import) = import(&text) {
            for line in import.report {
                prop_assert!(text.get(line.range).is_some());
            }
        }
        let _: Value = value;
    }
}
