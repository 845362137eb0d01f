//! Packages as the simulator gives them out, fetched over its real HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use ief_sim::{Account, Edition, Options, Simulator};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::AT;

/// What the simulator gave out.
pub(crate) struct Given {
    /// The whole answer.
    pub(crate) answer: String,
    /// Its package, decoded.
    pub(crate) package: Vec<u8>,
    /// The answer, read.
    pub(crate) read: Value,
}

/// A node, a certificate of it, a node group's certificate and a batch registration.
pub(crate) struct All {
    pub(crate) node: Given,
    pub(crate) node_certificate: Given,
    pub(crate) group_certificate: Given,
    pub(crate) registration: Given,
}

/// Registers one of each.
pub(crate) fn all() -> All {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let options = Options {
            nodes: 0,
            edition: Edition::Platinum,
            start: DateTime::from_timestamp(AT, 0),
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let account = simulator.account().clone();
        tokio::task::spawn_blocking(move || ask_for_all(&account))
            .await
            .unwrap()
    })
}

fn ask_for_all(account: &Account) -> All {
    let token = token(account);
    let ask = |path: &str, body: &Value| {
        let path = format!("/v2/{}/{path}", account.project_id);
        let headers = format!(
            "X-Auth-Token: {token}\r\nief-instance-id: {}\r\n",
            account.instance_id.as_deref().unwrap_or_default()
        );
        let (_, answer) = post(&account.endpoint, &path, &headers, body);
        answer
    };
    let given = |answer: String, field: &str| {
        let read: Value = serde_json::from_str(&answer).unwrap();
        let inner = if field.is_empty() {
            &read
        } else {
            &read[field]
        };
        let package = inner["package"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        Given {
            package: STANDARD.decode(package).unwrap(),
            answer,
            read,
        }
    };
    let node = given(
        ask("edgemgr/nodes", &json!({"node": {"name": "gw-1"}})),
        "node",
    );
    let id = node.read["node"]["id"].as_str().unwrap();
    let certificate = json!({"name": "app-cert", "type": "application"});
    let node_certificate = ask(&format!("edgemgr/nodes/{id}/certs"), &certificate);
    let group = ask("edgemgr/groups", &json!({"name": "plant-7"}));
    let group: Value = serde_json::from_str(&group).unwrap();
    let group = group["id"].as_str().unwrap_or_else(|| panic!("{group}"));
    let certificate = json!({"name": "group-cert", "type": "application"});
    let group_certificate = ask(&format!("edgemgr/groups/{group}/certs"), &certificate);
    let registration = ask(
        "productmgr/products",
        &json!({"product": {"name": "line-2"}}),
    );
    let envelope = |answer: &str| {
        let read: Value = serde_json::from_str(answer).unwrap();
        let fields = read.as_object().unwrap();
        let inner = fields
            .iter()
            .find(|(_, value)| value.get("package").is_some());
        inner.map_or_else(String::new, |(name, _)| name.clone())
    };
    let [of_node, of_group, of_product] =
        [&node_certificate, &group_certificate, &registration].map(|it| envelope(it));
    All {
        node_certificate: given(node_certificate, &of_node),
        group_certificate: given(group_certificate, &of_group),
        registration: given(registration, &of_product),
        node,
    }
}

fn token(account: &Account) -> String {
    let password = account.password.expose_secret();
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": account.user, "password": password, "domain": {"name": account.domain},
        }}},
        "scope": {"project": {"name": account.project_name}},
    }});
    let (head, _) = post(&account.iam_endpoint, "/v3/auth/tokens", "", &body);
    let line = head
        .lines()
        .find(|line| line.to_lowercase().starts_with("x-subject-token:"));
    let line = line.unwrap_or_else(|| panic!("{head}"));
    line.split_once(':').unwrap().1.trim().to_owned()
}

/// The head and the body of an answer.
fn post(endpoint: &str, path: &str, headers: &str, body: &Value) -> (String, String) {
    let address = endpoint.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let body = body.to_string();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{headers}\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
