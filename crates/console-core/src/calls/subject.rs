//! What a call acts on: found from the call itself and read from the service, never from what the window says.

use console_ipc::IpcError;
use console_ipc::error::{ErrorKind, NextStep};
use ief_api::catalogue::{self, OPERATIONS, RESOURCES};
use ief_api::operation::{Call, Method, OperationSpec};
use ief_api::resource::ResourceSpec;
use ief_api::resource_tag::TaggedType;
use serde_json::Value;

use super::vault::discard;
use crate::error::from_client;
use crate::session::Session;

/// So many rows of a list are looked through for one that can't be read by itself.
const MOST_ROWS: u64 = 20_000;

/// When a thing was last changed, by either of the names that the service has for it.
const UPDATED: [&str; 2] = ["updated_at", "updated_time"];

/// What a call acts on.
#[derive(Debug)]
pub(crate) struct Subject {
    /// Its kind: that of a resource, or what its parameter is called without `_id`.
    pub(crate) kind: String,
    /// Its identifier.
    pub(crate) id: String,
    /// The resource, when the console has an inventory of such.
    pub(crate) resource: Option<&'static ResourceSpec>,
    source: Source,
    call: Call,
}

/// How it can be read.
#[derive(Debug)]
enum Source {
    /// By itself.
    Show(&'static OperationSpec),
    /// As a row of a list.
    List(&'static OperationSpec),
    /// Not at all.
    None,
}

/// A subject as the service has it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Its name; empty when it has none.
    pub(crate) name: String,
    /// When it was last changed, as the service writes it.
    pub(crate) updated_at: Option<String>,
    /// The answer without its secrets. Null when it can't be read.
    pub(crate) image: Value,
    id: String,
}

impl Seen {
    /// What has to be typed to confirm: its name, or its identifier when it has none.
    pub(crate) fn to_type(&self) -> String {
        match self.name.as_str() {
            "" => self.id.clone(),
            name => name.to_owned(),
        }
    }
}

/// What a call acts on: what its last path parameter names, or the thing whose tags it is about. `None` when it has
/// none, as for something new.
pub(crate) fn of(spec: &'static OperationSpec, call: &Call) -> Option<Subject> {
    if let Some(subject) = tagged(call) {
        return Some(subject);
    }
    let parameter = *spec.path_parameters.last()?;
    let id = call.path.get(parameter)?.clone();
    let placeholder = format!("{{{parameter}}}");
    let end = spec.path.find(&placeholder)? + placeholder.len();
    let own_path = &spec.path[..end];
    let parent_path = own_path.rsplit_once('/')?.0;
    let read = |path: &str| {
        let mut known = OPERATIONS.iter().copied();
        known.find(|known| {
            known.method == Method::Get && known.service == spec.service && known.path == path
        })
    };
    // What can't be read below its own path is in a list elsewhere, as instances of deployments are.
    let elsewhere = || {
        let mut resources = RESOURCES.iter().copied();
        let named = resources.find(|resource| resource.id_parameter == parameter);
        named.map(|resource| resource.list)
    };
    let source = match (
        read(own_path),
        read(parent_path).filter(|list| list.page.is_some()),
    ) {
        (Some(show), _) => Source::Show(show),
        (None, Some(list)) => Source::List(list),
        (None, None) => elsewhere().map_or(Source::None, Source::List),
    };
    let resource = RESOURCES
        .iter()
        .copied()
        .find(|resource| match source {
            Source::Show(show) => resource.show.is_some_and(|known| known.name == show.name),
            Source::List(list) => resource.list.name == list.name,
            Source::None => false,
        })
        .or_else(|| {
            // What is listed below another thing, as the data bound to a node, is still what it is elsewhere.
            let mut resources = RESOURCES.iter().copied();
            resources.find(|resource| resource.id_parameter == parameter)
        });
    let kind = match resource {
        Some(resource) => resource.kind,
        None => parameter.strip_suffix("_id").unwrap_or(parameter),
    };
    Some(Subject {
        kind: kind.to_owned(),
        id,
        resource,
        source,
        call: call.clone(),
    })
}

/// The thing whose tags a call is about, which its path names by a type and an identifier.
fn tagged(call: &Call) -> Option<Subject> {
    let kind = call.path.get("resource_type")?.as_str();
    let resource = catalogue::resource(TaggedType::from(kind).kind()?)?;
    let id = call.path.get("resource_id")?.clone();
    let show = resource.show?;
    Some(Subject {
        kind: resource.kind.to_owned(),
        id: id.clone(),
        resource: Some(resource),
        source: Source::Show(show),
        call: Call {
            operation: show.name.to_owned(),
            path: [(resource.id_parameter.to_owned(), id)].into(),
            ..Call::default()
        },
    })
}

impl Subject {
    /// Reads it from the service.
    ///
    /// # Errors
    /// Whatever the call fails with; `NotFound` when a list does not have it.
    pub(crate) async fn read(&self, session: &Session) -> Result<Seen, IpcError> {
        match self.source {
            Source::Show(show) => self.show(session, show).await,
            Source::List(list) => self.find(session, list).await,
            Source::None => Ok(Seen {
                name: String::new(),
                updated_at: None,
                image: Value::Null,
                id: self.id.clone(),
            }),
        }
    }

    async fn show(
        &self,
        session: &Session,
        show: &'static OperationSpec,
    ) -> Result<Seen, IpcError> {
        let call = self.call_of(show, Vec::new());
        let mut answer = session
            .read(&call)
            .await
            .map_err(|error| from_client(&error))?;
        discard(show, &mut answer.body);
        let envelope = self.resource.map(|resource| resource.envelope);
        Ok(self.seen(answer.body, envelope))
    }

    async fn find(
        &self,
        session: &Session,
        list: &'static OperationSpec,
    ) -> Result<Seen, IpcError> {
        let Some(page) = list.page else {
            return Err(crate::error::internal("a list without pages"));
        };
        let limit = u64::from(page.maximum);
        let mut offset = 0;
        // A list elsewhere is asked for what the path names before: the instances of this deployment.
        let taken = |name: &str| list.query_parameters.iter().any(|it| it.name == name);
        let named = self.call.path.iter().filter(|(name, _)| taken(name));
        while offset < MOST_ROWS {
            let query = [("offset", offset), ("limit", limit)];
            let query = query.map(|(name, value)| (name.to_owned(), value.to_string()));
            let named = named.clone().map(|(name, id)| (name.clone(), id.clone()));
            let call = self.call_of(list, named.chain(query).collect());
            let mut answer = session
                .read(&call)
                .await
                .map_err(|error| from_client(&error))?;
            discard(list, &mut answer.body);
            let rows = match answer.body.get_mut(page.rows).map(Value::take) {
                Some(Value::Array(rows)) => rows,
                _ => Vec::new(),
            };
            let count = rows.len() as u64;
            if let Some(row) = rows
                .into_iter()
                .find(|row| text(row, self.key()) == Some(self.id.as_str()))
            {
                return Ok(self.seen(row, None));
            }
            if count < limit {
                break;
            }
            offset += limit;
        }
        let mut error = IpcError::new(ErrorKind::NotFound, NextStep::Reload).with("id", &self.id);
        error.operation = Some(list.name.to_owned());
        Err(error)
    }

    /// The field of a row that the path names: some things are named by their name there.
    fn key(&self) -> &'static str {
        match self.resource {
            Some(resource) if resource.id_parameter.ends_with("_name") => "name",
            _ => "id",
        }
    }

    fn call_of(&self, spec: &OperationSpec, query: Vec<(String, String)>) -> Call {
        let own = |name: &&&str| self.call.path.contains_key(**name);
        Call {
            operation: spec.name.to_owned(),
            path: spec
                .path_parameters
                .iter()
                .filter(own)
                .map(|name| ((*name).to_owned(), self.call.path[*name].clone()))
                .collect(),
            query,
            body: None,
        }
    }

    fn seen(&self, image: Value, envelope: Option<&str>) -> Seen {
        let inner = inner(&image, envelope);
        Seen {
            name: name(self.resource, inner).unwrap_or_default().to_owned(),
            updated_at: UPDATED.iter().find_map(|name| match inner.get(name)? {
                Value::String(time) if !time.is_empty() => Some(time.clone()),
                // Some things have milliseconds.
                Value::Number(time) => Some(time.to_string()),
                _ => None,
            }),
            id: self.id.clone(),
            image,
        }
    }
}

/// The thing itself in an answer: below its envelope, or the answer when there is none.
pub(crate) fn inner<'a>(body: &'a Value, envelope: Option<&str>) -> &'a Value {
    if let Some(inner) = envelope.and_then(|envelope| body.get(envelope)) {
        return inner;
    }
    match body {
        Value::Object(fields) if fields.len() == 1 => {
            fields.values().next().filter(|inner| inner.is_object())
        }
        _ => None,
    }
    .unwrap_or(body)
}

/// The name of a thing, as its resource writes it where it is one.
pub(crate) fn name<'a>(resource: Option<&ResourceSpec>, thing: &'a Value) -> Option<&'a str> {
    match resource {
        Some(resource) => resource.name_of(thing),
        None => text(thing, "name"),
    }
}

/// A text of an object, when there is one.
pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use ief_api::catalogue;
    use ief_api::operation::{Call, Effect};

    use super::{Source, of};
    use crate::calls::asks_for_name;

    fn call(operation: &str, path: &[(&str, &str)]) -> Call {
        Call {
            operation: operation.to_owned(),
            path: path
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Call::default()
        }
    }

    #[track_caller]
    fn check(operation: &str, path: &[(&str, &str)], kind: &str, id: &str, read_by: Option<&str>) {
        let spec = catalogue::operation(operation).unwrap();
        let subject = of(spec, &call(operation, path)).unwrap();
        assert_eq!((subject.kind.as_str(), subject.id.as_str()), (kind, id));
        let found = match subject.source {
            Source::Show(spec) | Source::List(spec) => Some(spec.name),
            Source::None => None,
        };
        assert_eq!(found, read_by);
    }

    #[test]
    fn the_subject_is_what_the_path_names_last() {
        check(
            "delete_edge_node",
            &[("node_id", "n")],
            "node",
            "n",
            Some("show_edge_node_detail"),
        );
        check(
            "upgrade_edge_node",
            &[("node_id", "n")],
            "node",
            "n",
            Some("show_edge_node_detail"),
        );
        check(
            "update_edge_node_device",
            &[("node_id", "n")],
            "node",
            "n",
            Some("show_edge_node_detail"),
        );
        check(
            "delete_edge_node_certs",
            &[("node_id", "n"), ("cert_id", "c")],
            "cert",
            "c",
            Some("list_edge_node_certs"),
        );
        check(
            "delete_node_encryptdatas",
            &[("node_id", "n"), ("encryptdata_id", "e")],
            "encrypted_data",
            "e",
            Some("list_node_encryptdatas"),
        );
        check(
            "delete_pod",
            &[("deployment_id", "d"), ("pod_name", "p")],
            "pod",
            "p",
            Some("list_pods"),
        );
        check(
            "update_device_twin",
            &[("device_id", "d")],
            "device",
            "d",
            Some("show_device"),
        );
    }

    #[test]
    fn tags_belong_to_what_has_them() {
        for operation in ["create_tag", "batch_add_delete_tags", "delete_resource_tag"] {
            for (tagged, kind, show) in [
                ("ief-edge_node", "node", "show_edge_node_detail"),
                ("ief-device", "device", "show_device"),
            ] {
                let path = [
                    ("resource_type", tagged),
                    ("resource_id", "i"),
                    ("key", "k"),
                ];
                check(operation, &path, kind, "i", Some(show));
            }
        }
    }

    #[test]
    fn something_new_has_none() {
        let spec = catalogue::operation("create_edge_node").unwrap();
        assert!(of(spec, &call("create_edge_node", &[])).is_none());
    }

    #[test]
    fn whatever_asks_for_a_name_has_a_subject_that_can_be_read() {
        for spec in catalogue::OPERATIONS
            .iter()
            .filter(|spec| asks_for_name(spec))
        {
            let path: Vec<_> = spec
                .path_parameters
                .iter()
                .map(|name| match *name {
                    "resource_type" => (*name, "ief-edge_node"),
                    _ => (*name, "x"),
                })
                .collect();
            let subject = of(spec, &call(spec.name, &path))
                .unwrap_or_else(|| panic!("{} acts on nothing", spec.name));
            assert!(
                !matches!(subject.source, Source::None),
                "{} can't be verified",
                spec.name
            );
        }
    }

    #[test]
    fn whatever_is_deleted_asks_for_a_name() {
        let deletes = |spec: &&&ief_api::operation::OperationSpec| spec.effect == Effect::Delete;
        assert!(
            catalogue::OPERATIONS
                .iter()
                .filter(deletes)
                .all(|spec| asks_for_name(spec))
        );
        assert!(asks_for_name(
            catalogue::operation("upgrade_edge_node").unwrap()
        ));
        assert!(!asks_for_name(
            catalogue::operation("enable_disable_edge_nodes").unwrap()
        ));
    }
}
