//! The rules of encrypted data at their edges.

use serde_json::{Value, json};

use super::{accepts, check_query, refuses, refuses_whole, text};

#[test]
fn encrypted_data_keeps_to_the_documented_limits() {
    for op in ["create_encryptdatas", "update_encryptdatas"] {
        let name = "/encrypt_data/name";
        accepts(op, name, text(64));
        accepts(op, name, json!("9-a-"));
        refuses(op, name, text(65), "encrypted_data_name");
        for wrong in [json!("-a"), json!("A"), json!("a_b"), Value::Null] {
            refuses(op, name, wrong, "encrypted_data_name");
        }
        accepts(op, "/encrypt_data/description", text(255));
        let description = "encrypted_data_description";
        refuses(op, "/encrypt_data/description", text(256), description);
        let name = "/encrypt_data/config/0/name";
        accepts(op, name, text(32));
        refuses(op, name, text(33), "encrypted_item_name");
        for wrong in [json!("-a"), json!("a.b"), json!("")] {
            refuses(op, name, wrong, "encrypted_item_name");
        }
        let twice = json!([{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]);
        refuses(op, "/encrypt_data/config", twice, "encrypted_item_name");
        let value = "/encrypt_data/config/0/value";
        accepts(op, value, text(1_048_576));
        accepts(op, value, Value::Null);
        for wrong in [text(1_048_577), json!(""), json!(7), json!(["a"])] {
            refuses(op, value, wrong, "encrypted_item_value");
        }
        accepts(op, "/encrypt_data/config", json!([]));
        refuses(op, "/encrypt_data", Value::Null, "encrypted_data_name");
    }
    let op = "create_node_encryptdatas";
    accepts(op, "/encrypt_datas/0", text(64));
    refuses(op, "/encrypt_datas/0", text(65), "encrypted_data_id");
    refuses(op, "/encrypt_datas/0", json!("a/b"), "encrypted_data_id");
    refuses_whole(op, json!({}), "encrypt_datas", "encrypted_data_id");
    for op in [
        "list_encryptdatas",
        "list_node_encryptdatas",
        "list_encryptdata_nodes",
    ] {
        check_query(op, &[("limit", "1000")], &[]);
        check_query(op, &[("limit", "1001")], &[("limit", "IEF.100005")]);
    }
}
