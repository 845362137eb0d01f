//! Tokens, signatures, instances.

use std::time::Duration;

use ief_sim::{Edition, Options};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::client::{Signing, exchange, password_body, send, still, with};

#[test]
fn a_token_opens_the_service_until_it_ends() {
    let options = Options {
        token_lifetime: Duration::from_secs(60),
        ..still(3)
    };
    with(options, |mut sim| async move {
        assert_eq!(sim.get("/nodes").await.expect(200)["count"], 3);
        sim.running.control().advance(Duration::from_secs(61));
        sim.get("/nodes").await.refused(401, "IEF.310002");
        sim.sign_in().await;
        sim.get("/nodes").await.expect(200);
        sim.running.control().revoke_tokens();
        sim.get("/nodes").await.refused(401, "IEF.310001");
    });
}

#[test]
fn a_wrong_password_is_refused_as_iam_does() {
    with(still(0), |sim| async move {
        let account = sim.account();
        let right = password_body(account);
        let secret = account.password.expose_secret();
        for wrong in [
            right.replace(secret, "wrong"),
            right.replace("operator", "somebody"),
            right.replace("demo", "other"),
            right.replace("cn-north-4", "cn-south-1"),
        ] {
            let answer = send(account, "POST", "/v3/auth/tokens", &[], Some(&wrong))
                .await
                .unwrap();
            assert_eq!(answer.header("x-subject-token"), None);
            assert_eq!(answer.expect(401)["error"]["title"], "Unauthorized");
        }
        let answer = send(account, "POST", "/v3/auth/tokens", &[], Some("{}"))
            .await
            .unwrap();
        answer.expect(400);
    });
}

#[test]
fn projects_are_listed_for_either_proof() {
    with(still(0), |sim| async move {
        let account = sim.account();
        let headers = [("x-auth-token", sim.token.as_str())];
        let answer = send(account, "GET", "/v3/projects", &headers, None)
            .await
            .unwrap();
        assert_eq!(
            answer.expect(200)["projects"][0]["id"],
            account.project_id.as_str()
        );
        let path = "/v3/projects?name=cn-north-4";
        let answer = Signing::of(account)
            .send(account, "GET", path, None, &[])
            .await;
        assert_eq!(answer.expect(200)["projects"][0]["name"], "cn-north-4");
        let path = "/v3/projects?name=elsewhere";
        let answer = Signing::of(account)
            .send(account, "GET", path, None, &[])
            .await;
        assert_eq!(answer.expect(200), json!({"projects": []}));
    });
}

#[test]
fn a_signature_opens_the_service_and_a_wrong_one_does_not() {
    with(still(2), |sim| async move {
        let account = sim.account();
        let path = format!("/v2/{}/edgemgr/nodes?limit=1", account.project_id);
        let answer = Signing::of(account)
            .send(account, "GET", &path, None, &[])
            .await;
        assert_eq!(answer.expect(200)["count"], 2);

        let temporary = &account.temporary;
        let minutes = |minutes: i64| {
            let date = chrono::Utc::now() - chrono::TimeDelta::minutes(minutes);
            date.format("%Y%m%dT%H%M%SZ").to_string()
        };
        let of = || Signing::of(account);
        for wrong in [
            Signing {
                secret_key: "wrong",
                ..of()
            },
            Signing {
                access_key: "WRONG",
                ..of()
            },
            Signing {
                date: minutes(16),
                ..of()
            },
            Signing {
                date: minutes(-16),
                ..of()
            },
            Signing {
                date: "yesterday".to_owned(),
                ..of()
            },
            Signing {
                signed: vec!["host"],
                ..of()
            },
            Signing {
                signed: vec!["x-sdk-date"],
                ..of()
            },
            Signing {
                signed_body: "{}",
                ..of()
            },
            // A temporary key without its token.
            Signing {
                access_key: &temporary.access_key,
                secret_key: temporary.secret_key.expose_secret(),
                ..of()
            },
        ] {
            let answer = wrong.send(account, "GET", &path, None, &[]).await;
            answer.refused(401, "APIGW.0301");
        }

        let signing = Signing {
            access_key: &temporary.access_key,
            secret_key: temporary.secret_key.expose_secret(),
            ..of()
        };
        let token = temporary.security_token.expose_secret();
        for (token, status) in [(token, 200), ("other", 401)] {
            let more = [("x-security-token", token)];
            let answer = signing.send(account, "GET", &path, None, &more).await;
            answer.expect(status);
        }
        let more = [("x-security-token", token)];
        of().send(account, "GET", &path, None, &more)
            .await
            .refused(401, "APIGW.0301");
    });
}

#[test]
fn a_changed_body_is_refused_and_nothing_happens() {
    with(still(0), |sim| async move {
        let account = sim.account();
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let body = json!({"node": {"name": "n1"}}).to_string();
        let other = body.replace("n1", "n2");
        let signing = Signing {
            signed_body: &body,
            ..Signing::of(account)
        };
        let answer = signing
            .send(account, "POST", &path, Some(&other), &[])
            .await;
        answer.refused(401, "APIGW.0301");
        let more = [("x-sdk-content-sha256", "00")];
        let answer = signing
            .send(account, "POST", &path, Some(&body), &more)
            .await;
        answer.refused(401, "APIGW.0301");
        assert_eq!(sim.get("/nodes").await.expect(200)["count"], 0);
        let answer = signing.send(account, "POST", &path, Some(&body), &[]).await;
        answer.expect(201);
    });
}

#[test]
fn the_project_has_to_be_the_callers() {
    with(still(1), |sim| async move {
        let account = sim.account();
        let instance = account.instance_id.as_deref().unwrap();
        let headers = [
            ("x-auth-token", sim.token.as_str()),
            ("ief-instance-id", instance),
        ];
        let answer = send(account, "GET", "/v2/other/edgemgr/nodes", &headers, None).await;
        answer.unwrap().refused(401, "IEF.011005");
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let more = [("x-project-id", "other")];
        let answer = Signing::of(account)
            .send(account, "GET", &path, None, &more)
            .await;
        answer.refused(401, "IEF.011005");
        let answer = send(account, "GET", &path, &[], None).await.unwrap();
        answer.refused(401, "IEF.310000");
    });
}

#[test]
fn a_platinum_instance_is_named_and_the_professional_edition_knows_none() {
    with(still(1), |sim| async move {
        let account = sim.account();
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let token = ("x-auth-token", sim.token.as_str());
        let answer = send(account, "GET", &path, &[token], None).await.unwrap();
        answer.refused(400, "IEF.100100");
        let headers = [token, ("ief-instance-id", "other")];
        let answer = send(account, "GET", &path, &headers, None).await.unwrap();
        answer.refused(404, "IEF.100404");
    });
    let professional = Options {
        edition: Edition::Professional,
        ..still(1)
    };
    with(professional, |sim| async move {
        let account = sim.account();
        assert_eq!(account.instance_id, None);
        sim.get("/nodes").await.expect(200);
        sim.get("/nodes?group_id=x")
            .await
            .refused(400, "IEF.100100");
        let path = format!("/v2/{}/edgemgr/nodes", account.project_id);
        let headers = [
            ("x-auth-token", sim.token.as_str()),
            ("ief-instance-id", "any"),
        ];
        let answer = send(account, "GET", &path, &headers, None).await.unwrap();
        answer.refused(404, "IEF.100404");
    });
}

#[test]
fn iam_can_have_a_port_of_its_own() {
    let options = Options {
        separate_iam: true,
        ..still(0)
    };
    crate::client::block_on(async {
        let running = ief_sim::Simulator::start(options).await.unwrap();
        let account = running.account();
        assert_ne!(account.endpoint, account.iam_endpoint);
        let body = password_body(account);
        let answer = send(account, "POST", "/v3/auth/tokens", &[], Some(&body))
            .await
            .unwrap();
        answer.refused(404, "IEF.011002");
        let iam = ief_sim::Account {
            endpoint: account.iam_endpoint.clone(),
            ..account.clone()
        };
        let answer = send(&iam, "POST", "/v3/auth/tokens", &[], Some(&body))
            .await
            .unwrap();
        answer.expect(201);
    });
}

#[test]
fn tls_is_trusted_by_whoever_trusts_the_simulators_ca() {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, ServerName};
    let options = Options {
        tls: true,
        ..still(0)
    };
    crate::client::block_on(async {
        let running = ief_sim::Simulator::start(options).await.unwrap();
        let account = running.account();
        let file = account.ca_file.clone().unwrap();
        assert_eq!(std::fs::read_to_string(&file).ok(), account.ca_pem);
        let address = account.endpoint.strip_prefix("https://").unwrap();
        let ca = CertificateDer::from_pem_file(&file).unwrap();
        for (trusted, works) in [(Some(ca), true), (None, false)] {
            let mut roots = rustls::RootCertStore::empty();
            roots.add_parsable_certificates(trusted);
            let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
            let config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
            let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let name = ServerName::try_from("127.0.0.1").unwrap();
            let stream = connector.connect(name, stream).await;
            assert_eq!(stream.is_ok(), works);
            if let Ok(stream) = stream {
                let body = password_body(account);
                let path = "/v3/auth/tokens";
                let answer = exchange(stream, address, "POST", path, &[], Some(&body)).await;
                answer.unwrap().expect(201);
            }
        }
        drop(running);
        assert!(!file.exists());
    });
}

#[test]
fn only_loopback_is_listened_on() {
    let options = Options {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..still(0)
    };
    let started = crate::client::block_on(ief_sim::Simulator::start(options));
    assert!(matches!(started, Err(ief_sim::StartError::NotLoopback(_))));
}
