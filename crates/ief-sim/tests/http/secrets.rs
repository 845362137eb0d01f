//! Secrets.

use std::time::Duration;

use ief_sim::Options;
use serde_json::{Value, json};

use crate::client::{Sim, still, text, with};

const NOBODY: &str = "/secrets/00000000-0000-4000-8000-000000000000";

async fn make(sim: &Sim, name: &str, values: Value) -> Value {
    let body = json!({"secret": {"name": name, "secrets": values}});
    sim.post("/secrets", body).await.expect(201)["secret"].take()
}

#[test]
fn secrets_are_created_changed_and_deleted() {
    with(still(0), |sim| async move {
        let made = make(&sim, "plc-login", json!({"user": "YQ==", "word": "Yg=="})).await;
        assert_eq!(made["type"], "Opaque");
        assert_eq!(made["secrets"], json!({"user": "YQ==", "word": "Yg=="}));
        let path = format!("/secrets/{}", text(&made["id"]));
        assert_eq!(sim.get(&path).await.expect(200)["secret"], made);
        let again = json!({"secret": {"name": "plc-login", "secrets": {"k": ""}}});
        sim.post("/secrets", again).await.refused(409, "IEF.104004");

        sim.running.control().advance(Duration::from_secs(60));
        let change = json!({"secret": {"description": "of the PLC"}});
        let changed = sim.put(&path, change).await.expect(200)["secret"].take();
        assert_eq!(changed["secrets"], made["secrets"]);
        assert_ne!(changed["updated_at"], made["updated_at"]);
        let change = json!({"secret": {"secrets": {"word": "Yw=="}}});
        let changed = sim.put(&path, change).await.expect(200)["secret"].take();
        assert_eq!(changed["secrets"], json!({"word": "Yw=="}));
        assert_eq!(changed["description"], "of the PLC");
        assert_eq!(sim.get(&path).await.expect(200)["secret"], changed);

        sim.delete(&path).await.expect(204);
        sim.get(&path).await.refused(404, "IEF.100404");
        sim.delete(&path).await.refused(404, "IEF.100404");
        let change = json!({"secret": {"description": "x"}});
        sim.put(NOBODY, change).await.refused(404, "IEF.100404");
    });
}

#[test]
fn secrets_are_listed_in_the_order_that_is_asked_for() {
    with(still(0), |sim| async move {
        assert!(sim.get("/secrets").await.expect(200)["count"].as_i64() >= Some(12));
        let mut paths = Vec::new();
        for name in ["order-b", "order-c", "order-a"] {
            let made = make(&sim, name, json!({"k": "YQ=="})).await;
            paths.push(format!("/secrets/{}", text(&made["id"])));
            sim.running.control().advance(Duration::from_secs(60));
        }
        let change = json!({"secret": {"description": "changed last"}});
        sim.put(&paths[1], change).await.expect(200);
        for (sort, expected) in [
            ("", ["a", "c", "b"]),
            ("name", ["a", "b", "c"]),
            ("name%3Adesc", ["c", "b", "a"]),
            ("created_at", ["b", "c", "a"]),
            ("created_at%3Adesc", ["a", "c", "b"]),
            ("updated_at", ["b", "a", "c"]),
            ("updated_at%3Adesc", ["c", "a", "b"]),
        ] {
            let path = format!("/secrets?name=ORDER&sort={sort}");
            let found = sim.get(&path).await.expect(200);
            let names = found["secrets"].as_array().unwrap().iter();
            let names: Vec<String> = names.map(|it| text(&it["name"])).collect();
            assert_eq!(names, expected.map(|it| format!("order-{it}")), "{sort}");
        }
        let page = sim.get("/secrets?name=order&sort=name&limit=1&offset=1");
        let page = page.await.expect(200);
        assert_eq!(
            (&page["secrets"][0]["name"], &page["count"]),
            (&json!("order-b"), &json!(3))
        );
        sim.get("/secrets?sort=size")
            .await
            .refused(400, "IEF.100100");
    });
}

#[test]
fn what_the_seed_holds_could_be_created() {
    with(still(0), |sim| async move {
        crate::apps::delete_all(&sim).await;
        let all = sim.get("/secrets").await.expect(200);
        for secret in all["secrets"].as_array().unwrap() {
            let path = format!("/secrets/{}", text(&secret["id"]));
            sim.delete(&path).await.expect(204);
            let copy = json!({"secret": {
                "name": secret["name"],
                "type": secret["type"],
                "description": secret["description"],
                "secrets": secret["secrets"],
            }});
            sim.post("/secrets", copy).await.expect(201);
        }
    });
}

#[test]
fn secrets_keep_to_their_limits() {
    let options = Options {
        quotas: [("secret".to_owned(), 12)].into(),
        ..still(0)
    };
    with(options, |sim| async move {
        let create = async |secret: Value| sim.post("/secrets", json!({"secret": secret})).await;
        let values = json!({"k": "YQ=="});
        let canary = "canary-of-a-secret";
        for (secret, code) in [
            (json!({"name": "abc", "secrets": values}), "IEF.100148"),
            (json!({"name": "abcd"}), "IEF.100165"),
            (json!({"name": "abcd", "secrets": {}}), "IEF.100165"),
            (json!({"name": "abcd", "secrets": canary}), "IEF.100149"),
            (
                json!({"name": "abcd", "secrets": {"9": "YQ=="}}),
                "IEF.100151",
            ),
            (
                json!({"name": "abcd", "secrets": {"k": canary}}),
                "IEF.100152",
            ),
            (
                json!({"name": "abcd", "type": "tls", "secrets": values}),
                "IEF.100150",
            ),
        ] {
            let answer = create(secret).await;
            assert!(!answer.body.to_string().contains(canary));
            answer.refused(400, code);
        }
        create(json!({"name": "a-fail-create", "secrets": values}))
            .await
            .refused(500, "IEF.120001");
        create(json!({"name": "one-too-many", "secrets": values}))
            .await
            .refused(403, "IEF.100126");
        let quotas = sim.get("/quotas?types=secret").await.expect(200);
        assert_eq!(quotas["quotas"]["resources"][0]["used"], 12);
    });
}
