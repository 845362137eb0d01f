//! Both ways to sign in, and everything that may be wrong with them.

use ief_api::node::ListEdgeNodes;
use ief_client::{Client, Credential, ErrorKind, Party, Step};
use ief_sim::{Edition, Fault, FaultKind, Options};
use secrecy::SecretString;

use super::stage::{Stage, never};

const CANARY: &str = "canary-2c9e51";

async fn refused(client: Client) -> ief_client::Error {
    client
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_who_wait() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.token_client();
    let first = ListEdgeNodes::default();
    let cancel = never();
    let answers =
        futures_util::future::join_all((0..16).map(|_| client.send(&first, &cancel))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(stage.simulator.control().count("create_token"), 1);
    assert_eq!(stage.simulator.control().count("list_edge_nodes"), 16);
}

#[tokio::test]
async fn a_revoked_token_is_renewed_in_the_middle() {
    let stage = Stage::with_nodes(10).await;
    let client = stage.token_client();
    client
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
    stage.simulator.control().revoke_tokens();
    client
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
    assert_eq!(stage.simulator.control().count("create_token"), 2);
}

#[tokio::test]
async fn keys_sign_without_a_token() {
    let stage = Stage::with_nodes(10).await;
    stage
        .client()
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
    assert_eq!(stage.simulator.control().count("create_token"), 0);
}

#[tokio::test]
async fn temporary_keys_need_their_security_token() {
    let stage = Stage::with_nodes(10).await;
    let temporary = &stage.account().temporary;
    let credential = |security_token| Credential::AccessKey {
        access_key: temporary.access_key.clone(),
        secret_key: temporary.secret_key.clone(),
        security_token,
    };
    let whole = credential(Some(temporary.security_token.clone()));
    let client = Client::new(stage.config(whole)).unwrap();
    client
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
    let without = Client::new(stage.config(credential(None))).unwrap();
    assert_eq!(refused(without).await.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn a_wrong_password_is_said_without_repeating_it() {
    let stage = Stage::with_nodes(10).await;
    let Credential::Password { domain, user, .. } = stage.password() else {
        unreachable!()
    };
    let wrong = Credential::Password {
        domain,
        user,
        password: SecretString::from(CANARY),
    };
    let error = refused(Client::new(stage.config(wrong)).unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::SignIn);
    assert!(!format!("{error} {error:?}").contains(CANARY));
    assert_eq!(
        stage.simulator.control().count("create_token"),
        1,
        "a refused password is not tried again"
    );
}

#[tokio::test]
async fn a_wrong_secret_key_is_refused() {
    let stage = Stage::with_nodes(10).await;
    let wrong = Credential::AccessKey {
        access_key: stage.account().access_key.clone(),
        secret_key: SecretString::from(CANARY),
        security_token: None,
    };
    let error = refused(Client::new(stage.config(wrong)).unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert!(!format!("{error} {error:?}").contains(CANARY));
}

#[tokio::test]
async fn a_platinum_instance_has_to_be_named() {
    let stage = Stage::with_nodes(10).await;
    let mut config = stage.config(stage.access_key());
    config.instance_id = None;
    refused(Client::new(config).unwrap()).await;
}

#[tokio::test]
async fn the_professional_edition_knows_no_instance() {
    let stage = Stage::open(Options {
        nodes: 10,
        edition: Edition::Professional,
        ..Options::default()
    })
    .await;
    assert!(stage.account().instance_id.is_none());
    stage
        .client()
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_clock_that_is_off_is_noticed_and_corrected_once() {
    let stage = Stage::with_nodes(10).await;
    stage
        .simulator
        .control()
        .add_fault(Fault::new(FaultKind::Skew(3600)));
    let client = stage.client();
    client
        .send(&ListEdgeNodes::default(), &never())
        .await
        .unwrap();
    assert!(client.clock_skew().is_some());
}

#[tokio::test]
async fn an_unknown_issuer_is_named_until_it_is_trusted() {
    let stage = Stage::open(Options {
        nodes: 10,
        tls: true,
        ..Options::default()
    })
    .await;
    let distrusting = stage.client().test_connection(&never()).await;
    let (step, error) = distrusting.failure().unwrap();
    assert!(
        matches!(step, Step::Tls(Party::Iam | Party::Ief)),
        "{step:?}"
    );
    assert_eq!(error.kind(), ErrorKind::UntrustedCertificate);

    let mut config = stage.config(stage.password());
    config.extra_ca_pem = stage.account().ca_pem.clone();
    let trusting = Client::new(config).unwrap().test_connection(&never()).await;
    assert!(trusting.passed(), "{:?}", trusting.failure());
}

#[tokio::test]
async fn a_host_where_nothing_listens_is_named() {
    let stage = Stage::with_nodes(10).await;
    let config = stage.config(stage.access_key());
    let host = config.endpoint.clone();
    drop(stage);
    let error = refused(Client::new(config).unwrap()).await;
    assert!(
        matches!(error.kind(), ErrorKind::Refused | ErrorKind::Unreachable),
        "{error:?}"
    );
    assert!(host.contains(error.host().unwrap()));
}
