//! The rules of deployments and their instances at their edges. What containers are made of has tests beside those
//! of application templates; here only that deployments keep to it.

use serde_json::{Value, json};

use super::{accepts, broken, check_query, refuses, text};

const OP: &str = "create_deployments";
const TEMPLATE: &str = "/deployment/template";

#[test]
fn deployments_keep_to_the_documented_limits() {
    accepts(OP, "/name", text(32));
    refuses(OP, "/name", text(33), "deployment_name");
    for wrong in [
        json!("App"),
        json!("a_b"),
        json!("-a"),
        json!("a-"),
        Value::Null,
    ] {
        refuses(OP, "/name", wrong, "deployment_name");
    }
    for op in [OP, "update_deployment"] {
        accepts(op, "/description", text(255));
        refuses(op, "/description", text(256), "deployment_description");
        refuses(op, "/description", json!("a<b"), "deployment_description");
        for replicas in [1, 99] {
            accepts(op, "/deployment/replicas", json!(replicas));
        }
        for replicas in [json!(0), json!(100), Value::Null] {
            refuses(op, "/deployment/replicas", replicas, "replicas");
        }
        refuses(op, TEMPLATE, Value::Null, "containers");
    }
    for source in ["userdefined", "userdefine"] {
        accepts(OP, "/source", json!(source));
    }
    refuses(OP, "/source", json!("market"), "deployment_source");
    refuses(OP, "/deployment", Value::Null, "replicas");
    let tags = |count: usize| -> Value {
        let tags = 0..count;
        tags.map(|n| json!({"key": format!("k{n}"), "value": "v.1"}))
            .collect()
    };
    accepts(OP, "/tags", tags(10));
    refuses(OP, "/tags", tags(11), "deployment_tags");
    refuses(
        OP,
        "/tags",
        json!([{"key": "k"}, {"key": "k"}]),
        "deployment_tag_key",
    );
    accepts(
        OP,
        "/tags",
        json!([{"key": "k".repeat(36), "value": "v".repeat(43)}]),
    );
    refuses(
        OP,
        "/tags",
        json!([{"key": "k".repeat(37)}]),
        "deployment_tag_key",
    );
    let long = json!([{"key": "k", "value": "v".repeat(44)}]);
    refuses(OP, "/tags", long, "deployment_tag_value");
}

#[test]
fn a_deployment_runs_on_one_node_or_one_group() {
    let target = "deployment_target";
    accepts(OP, "/node_ids", json!(["n".repeat(64)]));
    refuses(OP, "/node_ids", json!(["n".repeat(65)]), target);
    refuses(OP, "/node_ids", json!([]), target);
    refuses(OP, "/node_ids", json!(["a", "b"]), "deployment_nodes");
    refuses(OP, "/group_id", json!("g"), target);
    accepts(OP, "/group_id", json!(""));
    // A group alone, for which it has to be said whether instances move.
    let configs = "/deployment/template/configs";
    let mut body = crate::support::fixture("create_deployments.request").expect("it has one");
    body["node_ids"] = json!([]);
    body["group_id"] = json!("g");
    let check = |body: &Value| {
        let operation = crate::support::operation(OP);
        let call = crate::support::call(operation.spec, Some(body.clone()));
        let found = (operation.violations)(&call).expect("it has the shape");
        found.into_iter().map(|it| it.rule).collect::<Vec<_>>()
    };
    assert_eq!(check(&body), ["migration"]);
    body.pointer_mut(configs).expect("it is there")["migration"] = json!(false);
    assert_eq!(check(&body), [""; 0]);
}

#[test]
fn settings_of_instances_keep_to_the_documented_limits() {
    let configs = "/deployment/template/configs";
    refuses(OP, configs, Value::Null, "host_network");
    let with = |field: &str, value: Value| {
        let mut configs = json!({"host_network": true, "restart_policy": "Always"});
        configs[field] = value;
        configs
    };
    refuses(
        OP,
        configs,
        with("host_network", Value::Null),
        "host_network",
    );
    for policy in ["Always", "OnFailure", "Never"] {
        accepts(OP, configs, with("restart_policy", json!(policy)));
    }
    for wrong in [json!("Sometimes"), Value::Null] {
        refuses(OP, configs, with("restart_policy", wrong), "restart_policy");
    }
    for seconds in [0, 86_400] {
        accepts(OP, configs, with("toleration_seconds", json!(seconds)));
    }
    for seconds in [-1, 86_401] {
        refuses(
            OP,
            configs,
            with("toleration_seconds", json!(seconds)),
            "toleration_seconds",
        );
    }
    for (host, dns, right) in [
        (true, "Default", true),
        (true, "ClusterFirstWithHostNet", true),
        (true, "ClusterFirst", false),
        (false, "Default", true),
        (false, "ClusterFirst", true),
        (false, "ClusterFirstWithHostNet", false),
        (false, "Somebody", false),
    ] {
        let value = json!({"host_network": host, "restart_policy": "Never", "dns_policy": dns});
        let found = broken(OP, configs, value);
        assert_eq!(found.is_empty(), right, "{host} {dns}: {found:?}");
    }
}

#[test]
fn containers_keep_to_the_documented_limits() {
    let one = |field: &str, value: Value| {
        let mut container = json!({"name": "c", "image_url": "nginx:alpine"});
        container[field] = value;
        json!([container])
    };
    let env = |name: &str| json!([{"name": name, "value": "v"}]);
    let volume = |source: &str| {
        json!([{"name": "log-volume", "type": "hostPath", "source": source,
            "destination": "/d", "read_only": false}])
    };
    refuses(
        OP,
        "/deployment/template/containers",
        json!([]),
        "containers",
    );
    for at in [
        "/deployment/template/containers",
        "/deployment/template/init_containers",
    ] {
        for (field, right) in [
            ("name", text(32)),
            ("image_url", text(2083)),
            ("version", text(128)),
            ("npu_type", json!("D310")),
            ("run_as_user", json!(0)),
            ("envs", env("A")),
            ("volumes", volume("/var/IEF")),
            (
                "resources",
                json!({"limits": {"cpu": "0.01", "memory": "4", "npu": "1"}}),
            ),
            ("resources", json!({"requests": {"memory": "0.01"}})),
            ("liveness_probe", json!({"exec": {"command": "true"}})),
            (
                "readiness_probe",
                json!({"http_get": {"path": "/", "port": 1, "scheme": "http"}}),
            ),
            (
                "ports",
                json!([{"container_port": 80, "host_port_range": {"min_port": 1, "max_port": 2}}]),
            ),
        ] {
            accepts(OP, at, one(field, right));
        }
        let range = |range: Value| json!([{"container_port": 80, "host_port_range": range}]);
        for (field, wrong, rule) in [
            ("name", text(33), "container_name"),
            ("name", json!("A"), "container_name"),
            ("name", Value::Null, "container_name"),
            ("image_url", json!(""), "image_url"),
            ("version", text(129), "container_version"),
            ("npu_type", json!("D1"), "container_npu_type"),
            ("run_as_user", json!(65535), "run_as_user"),
            ("command", json!(["c".repeat(65_537)]), "container_command"),
            ("args", json!(["a".repeat(65_537)]), "container_command"),
            ("envs", env("9"), "env_name"),
            ("volumes", volume("var"), "volume_host_path"),
            (
                "resources",
                json!({"limits": {"memory": "3"}}),
                "memory_limit",
            ),
            ("resources", json!({"limits": {"cpu": "250m"}}), "cpu"),
            ("resources", json!({"requests": {"npu": "1.5"}}), "npu"),
            ("liveness_probe", json!({}), "probe_way"),
            (
                "liveness_probe",
                json!({"exec_command": "true"}),
                "probe_way",
            ),
            (
                "readiness_probe",
                json!({"exec": {"command": ""}}),
                "probe_way",
            ),
            (
                "readiness_probe",
                json!({"exec": {"command": "c".repeat(10_241)}}),
                "probe_command",
            ),
            ("ports", json!([{"host_port": 80}]), "port"),
            (
                "ports",
                json!([{"container_port": 80, "host_port": 65536}]),
                "port",
            ),
            (
                "ports",
                json!([{"container_port": 80, "host_ip": "a b"}]),
                "host_address",
            ),
            (
                "ports",
                range(json!({"min_port": 2, "max_port": 2})),
                "host_port_range",
            ),
            (
                "ports",
                range(json!({"min_port": 0, "max_port": 2})),
                "host_port_range",
            ),
            ("ports", range(json!({"min_port": 2})), "host_port_range"),
            (
                "ports",
                json!([{"container_port": 80, "host_port": 1,
                    "host_port_range": {"min_port": 1, "max_port": 2}}]),
                "host_port_range",
            ),
        ] {
            refuses(OP, at, one(field, wrong), rule);
        }
    }
    let twice = json!([{"name": "c", "image_url": "a"}, {"name": "c", "image_url": "b"}]);
    refuses(
        OP,
        "/deployment/template/containers",
        twice,
        "container_name",
    );
}

#[test]
fn affinities_keep_to_the_documented_limits() {
    let at = "/deployment/template/affinity";
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let expressions = |expression: &Value| json!({"matchExpressions": [expression]});
    let places: [&dyn Fn(&Value) -> Value; 4] = [
        &|it| json!({"nodeAffinity": {required: {"nodeSelectorTerms": [expressions(it)]}}}),
        &|it| json!({"nodeAffinity": {preferred: [{"weight": 1, "preference": expressions(it)}]}}),
        &|it| {
            let term = json!({"labelSelector": expressions(it), "topologyKey": "zone"});
            json!({"podAffinity": {required: [term]}})
        },
        &|it| {
            let term = json!({"labelSelector": expressions(it), "topologyKey": "zone"});
            json!({"podAntiAffinity": {preferred: [{"weight": 100, "podAffinityTerm": term}]}})
        },
    ];
    for place in places {
        for (operator, values, right) in [
            ("In", json!(["a", "b"]), true),
            ("In", json!([]), false),
            ("NotIn", json!(["a"]), true),
            ("NotIn", json!([]), false),
            ("Exists", json!([]), true),
            ("Exists", json!(["a"]), false),
            ("DoesNotExist", json!([]), true),
            ("DoesNotExist", json!(["a"]), false),
            ("Gt", json!(["5"]), true),
            ("Gt", json!(["a"]), false),
            ("Lt", json!([]), false),
            ("Lt", json!(["1", "2"]), false),
            ("Is", json!(["a"]), false),
        ] {
            let expression = json!({"key": "line", "operator": operator, "values": values});
            let found = broken(OP, at, place(&expression));
            assert_eq!(found.is_empty(), right, "{expression}: {found:?}");
        }
        let nameless = json!({"operator": "Exists"});
        refuses(OP, at, place(&nameless), "affinity_key");
        refuses(OP, at, place(&json!({"key": "line"})), "affinity_operator");
    }
    for weight in [json!(0), json!(101), Value::Null] {
        let wish = json!({"weight": weight, "preference": {}});
        refuses(
            OP,
            at,
            json!({"nodeAffinity": {preferred: [wish]}}),
            "affinity_weight",
        );
    }
    let homeless = json!({"podAffinity": {required: [{"labelSelector": {}}]}});
    refuses(OP, at, homeless, "affinity_key");
}

#[test]
fn queries_of_deployments_keep_to_the_documented_limits() {
    let op = "list_deployments";
    check_query(op, &[("limit", "100"), ("sort", "created_at:asc")], &[]);
    check_query(op, &[("limit", "101")], &[("limit", "IEF.100005")]);
    check_query(op, &[("sort", "name:asc")], &[("sort", "IEF.100100")]);
    check_query(op, &[("node_id", "n"), ("group_id", "")], &[]);
    check_query(
        op,
        &[("node_id", "n"), ("group_id", "g")],
        &[("group_id", "IEF.100100")],
    );
    let op = "delete_deployment";
    check_query(op, &[("force_delete", "true")], &[]);
    check_query(
        op,
        &[("force_delete", "yes")],
        &[("force_delete", "IEF.100100")],
    );
    let op = "list_pods";
    for name in ["node_id", "group_id", "deployment_id", "deployment_ids"] {
        check_query(op, &[(name, "a-1,b-2"), ("limit", "1000")], &[]);
        check_query(op, &[(name, "a/b")], &[(name, "IEF.100100")]);
    }
    check_query(op, &[], &[("deployment_id", "IEF.100100")]);
    check_query(op, &[("node_id", "")], &[("deployment_id", "IEF.100100")]);
    let both = [("deployment_id", "a"), ("node_id", "b")];
    check_query(op, &both, &[("deployment_id", "IEF.100100")]);
    check_query(
        op,
        &[("node_id", "n"), ("limit", "1001")],
        &[("limit", "IEF.100005")],
    );
}

#[test]
fn expressions_hold_as_they_do_in_kubernetes() {
    use ief_api::affinity::{Expression, Operator};
    let check = |operator: &str, values: &[&str], label: Option<&str>, expected: bool| {
        let expression = Expression {
            key: Some("line".to_owned()),
            operator: Some(Operator::from(operator)),
            values: values.iter().map(|it| (*it).to_owned()).collect(),
            ..Expression::default()
        };
        assert_eq!(
            expression.holds(label),
            expected,
            "{operator} {values:?} {label:?}"
        );
    };
    check("In", &["l1", "l2"], Some("l2"), true);
    check("In", &["l1"], None, false);
    check("NotIn", &["l1"], Some("l1"), false);
    check("NotIn", &["l1"], None, true);
    check("Exists", &[], Some(""), true);
    check("Exists", &[], None, false);
    check("DoesNotExist", &[], None, true);
    check("DoesNotExist", &[], Some("x"), false);
    check("Gt", &["5"], Some("6"), true);
    check("Gt", &["5"], Some("5"), false);
    check("Gt", &["x"], Some("5"), false);
    check("Gt", &["5"], None, false);
    check("Lt", &["5"], Some("4"), true);
    check("Lt", &["5"], Some("x"), false);
    check("Lt", &[], Some("4"), false);
    check("Near", &["l1"], Some("l1"), false);
}
