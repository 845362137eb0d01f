//! Every operation and every resource against what must hold for all of them.

use std::collections::{BTreeMap, BTreeSet};

use ief_api::catalogue::{OPERATIONS, RESOURCES, resource};
use ief_api::for_each_resource;
use ief_api::operation::{Effect, Method, OperationSpec, ParameterKind, Repeat, Service};
use ief_api::quota::QuotaType;
use ief_api::relation::{Link, Listing, RELATIONS};
use ief_api::resource::{Cell, ColumnKind, Resource, ResourceSpec};
use serde_json::Value;

use crate::support::{fixture, operations};

/// What the reference and the service's model say about an operation: name, section, method, path,
/// query parameters, whether it has a body.
type Fact = (
    String,
    Option<String>,
    Method,
    String,
    BTreeMap<String, ParameterKind>,
    bool,
);

fn facts() -> Vec<Fact> {
    serde_json::from_str(include_str!("../facts.json")).expect("facts.json is a list of facts")
}

fn braces(path: &str) -> Vec<&str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .collect()
}

#[test]
fn every_operation_equals_its_facts() {
    let facts = facts();
    assert_eq!(facts.len(), 112);
    for spec in OPERATIONS
        .iter()
        .filter(|spec| spec.service == Service::Ief)
    {
        let (_, section, method, path, query, has_body) = facts
            .iter()
            .find(|fact| fact.0 == spec.name)
            .unwrap_or_else(|| panic!("{} is no operation of the service", spec.name));
        assert_eq!(spec.section, section.as_deref(), "{}", spec.name);
        assert_eq!(spec.method, *method, "{}", spec.name);
        assert_eq!(spec.path, path, "{}", spec.name);
        assert_eq!(spec.has_body(), *has_body, "{}", spec.name);
        let declared: BTreeMap<_, _> = spec
            .query_parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), parameter.kind))
            .collect();
        assert_eq!(declared, *query, "{}", spec.name);
    }
}

#[test]
fn operations_are_unique_and_consistent() {
    let mut names = BTreeSet::new();
    let mut lines = BTreeSet::new();
    for spec in OPERATIONS {
        let name = spec.name;
        assert!(names.insert(name), "{name} stands twice");
        assert!(
            lines.insert((spec.method.as_str(), spec.path)),
            "{name} has another's line"
        );
        let parameters: Vec<_> = braces(spec.path)
            .into_iter()
            .filter(|name| *name != "project_id")
            .collect();
        assert_eq!(parameters, spec.path_parameters, "{name}");
        check_effect(spec);
        assert!(
            spec.touches
                .iter()
                .all(|kind| RESOURCES.iter().any(|r| r.kind == *kind)),
            "{name} touches a resource that isn't there"
        );
        if let Some(action) = spec.action {
            assert!(action.starts_with("ief:"), "{name}");
        }
        for path in spec.secret_in_request.iter().chain(spec.secret_in_response) {
            assert!(
                path.split('.').all(|part| matches!(part, "*" | "{}")
                    || (!part.is_empty()
                        && part.chars().all(|c| c.is_ascii_lowercase() || c == '_'))),
                "{name}: {path}"
            );
        }
        assert!(
            spec.has_body() || spec.secret_in_request.is_empty(),
            "{name}"
        );
    }
}

#[track_caller]
fn check_effect(spec: &OperationSpec) {
    let name = spec.name;
    match spec.method {
        Method::Get => assert_eq!(spec.effect, Effect::Read, "{name}"),
        // What loses a tag is another than before, and still there.
        Method::Delete if name == "delete_resource_tag" => {
            assert_eq!(spec.effect, Effect::Update, "{name}");
        }
        Method::Delete => assert_eq!(spec.effect, Effect::Delete, "{name}"),
        Method::Put => {
            assert!(
                matches!(spec.effect, Effect::Update | Effect::Act),
                "{name}"
            );
        }
        // Asking for a token and asking for things by their tags are POSTs that change nothing.
        Method::Post => {
            let asks = spec.service == Service::Iam || name == "list_resource_by_tags";
            assert_eq!(spec.mutates(), !asks, "{name}");
        }
    }
    assert_eq!(spec.mutates(), spec.repeat != Repeat::Safe, "{name}");
    assert!(spec.mutates() || spec.touches.is_empty(), "{name}");
    if spec.effect == Effect::Create {
        assert_eq!(spec.repeat, Repeat::Never, "{name} would create two");
    }
}

#[test]
fn lists_have_pages_and_rows() {
    for spec in OPERATIONS
        .iter()
        .filter(|spec| spec.service == Service::Ief)
    {
        let name = spec.name;
        let paged = ["limit", "offset"]
            .iter()
            .all(|wanted| spec.query_parameters.iter().any(|p| p.name == *wanted));
        assert_eq!(paged, spec.page.is_some(), "{name}");
        let Some(page) = &spec.page else { continue };
        assert!(0 < page.default && page.default <= page.maximum, "{name}");
        let answer = fixture(&format!("{name}.response")).expect("lists have a fixture");
        assert!(
            answer[page.rows].is_array(),
            "{name} has no rows in {}",
            page.rows
        );
    }
}

#[test]
fn every_path_finds_its_own_operation_only() {
    for spec in OPERATIONS {
        let path: String = spec
            .path
            .replace("{project_id}", "p1")
            .split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    "a%2Fb"
                } else {
                    segment
                }
            })
            .collect::<Vec<_>>()
            .join("/");
        let found: Vec<_> = OPERATIONS
            .iter()
            .filter(|other| other.method == spec.method)
            .filter_map(|other| Some((other.name, other.match_path(&path)?)))
            .collect();
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!(found[0].0, spec.name);
        for name in spec.path_parameters {
            assert_eq!(found[0].1[*name], "a/b", "{path}");
        }
    }
}

fn rows<R: Resource>() -> Vec<Value> {
    let spec = R::SPEC;
    let page = spec.list.page.expect("a resource's list has pages");
    let name = format!("{}.response", spec.list.name);
    let answer = fixture(&name).expect("a resource's list has a fixture");
    answer[page.rows]
        .as_array()
        .expect("rows are a list")
        .clone()
}

#[track_caller]
fn check_cells<R: Resource>(row: Value) {
    let spec = R::SPEC;
    let resource: R = serde_json::from_value(row).expect("a row never fails");
    let mut cells = Vec::new();
    resource.cells(&mut cells);
    assert_eq!(cells.len(), spec.columns.len(), "{}", spec.kind);
    for (cell, column) in cells.iter().zip(spec.columns) {
        let fits = matches!(
            (cell, column.kind),
            (Cell::Missing, _)
                | (Cell::Text(_), ColumnKind::Text | ColumnKind::Enum)
                | (Cell::Set(_), ColumnKind::Set)
                | (Cell::Integer(_), ColumnKind::Integer)
                | (Cell::Time(_), ColumnKind::Time)
                | (Cell::Flag(_), ColumnKind::Flag)
        );
        assert!(fits, "{}.{}: {cell:?}", spec.kind, column.name);
    }
}

fn check_resource<R: Resource>() {
    let spec = R::SPEC;
    let mut names = BTreeSet::new();
    for column in spec.columns {
        assert!(
            names.insert(column.name),
            "{}.{} stands twice",
            spec.kind,
            column.name
        );
    }
    assert_eq!(spec.column("name"), Some(0), "{}", spec.kind);
    for row in rows::<R>() {
        let resource: R = serde_json::from_value(row.clone()).expect("a row never fails");
        assert_eq!(Some(resource.id()), spec.id_of(&row), "{}", spec.kind);
        assert_eq!(Some(resource.name()), spec.name_of(&row), "{}", spec.kind);
        check_cells::<R>(row);
    }
    check_cells::<R>(Value::Object(serde_json::Map::new()));
    if let Some(show) = spec.show {
        assert_eq!(show.path_parameters.last(), Some(&spec.id_parameter));
        let answer = fixture(&format!("{}.response", show.name)).expect("it has a fixture");
        let bare = spec.envelope == ResourceSpec::BARE;
        assert!(bare || answer[spec.envelope].is_object(), "{}", spec.kind);
        assert!(spec.id_of(spec.thing(&answer)).is_some(), "{}", spec.kind);
    }
    if let Some(quota) = spec.quota {
        assert!(
            !matches!(QuotaType::from(quota), QuotaType::Other(_)),
            "{quota}"
        );
    }
}

macro_rules! resources {
    ($($resource:path,)+) => {
        #[test]
        fn resources_are_consistent() {
            $(check_resource::<$resource>();)+
        }
    };
}
for_each_resource!(resources);

#[test]
fn every_operation_has_its_fixtures() {
    for operation in operations() {
        let name = operation.spec.name;
        assert_eq!(
            fixture(&format!("{name}.request")).is_some(),
            operation.spec.has_body(),
            "{name}"
        );
        // Answers without a body are written as an empty object.
        let empty = (operation.response)(&Value::Null).is_ok();
        assert_eq!(
            fixture(&format!("{name}.response")).is_some(),
            !empty,
            "{name}"
        );
    }
}

#[test]
fn relations_stand_on_columns_and_operations_that_are_there() {
    let mut names = BTreeSet::new();
    for relation in RELATIONS {
        let name = relation.name;
        assert!(names.insert(name), "{name} stands twice");
        let user = resource(relation.user).expect(name);
        let used = resource(relation.used).expect(name);
        let told_by = |listing: &Listing, of: &str| {
            let known = resource(of).expect(name);
            let in_path = listing
                .operation
                .path_parameters
                .contains(&listing.parameter);
            let query = listing.operation.query_parameters;
            let in_query = query.iter().any(|it| it.name == listing.parameter);
            assert!(in_path || in_query, "{name}: {}", listing.parameter);
            assert_eq!(listing.parameter, known.id_parameter, "{name}");
            let answer = fixture(&format!("{}.response", listing.operation.name)).expect(name);
            assert!(answer[listing.rows].is_array(), "{name}: {}", listing.rows);
        };
        match &relation.link {
            Link::Ids(column) | Link::Names(column) => {
                let at = user.column(column).expect(name);
                let kind = user.columns[at].kind;
                assert!(matches!(kind, ColumnKind::Text | ColumnKind::Set), "{name}");
            }
            Link::Asked {
                used: of_one,
                users,
            } => {
                told_by(of_one, user.kind);
                told_by(users, used.kind);
            }
        }
    }
}
