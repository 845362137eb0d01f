//! The table of routes, derived from the catalogue, and the trait that every operation has to have.

use std::any::TypeId;

use ief_api::operation::{Call, Operation, OperationSpec};
use ief_api::wire::Nothing;
use serde_json::{Map, Value};

use crate::answer::{Refusal, Reply};
use crate::world::World;

/// What a handler knows about the request beside the operation itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    /// The page that is asked for, when the operation is a list.
    pub(crate) page: Page,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// Rows to leave out.
    pub(crate) offset: u64,
    /// Rows at most.
    pub(crate) limit: usize,
}

/// The simulated half of an operation. [`ROUTES`] asks for it for each operation of the catalogue, so that
/// forgetting one does not compile.
pub(crate) trait Handle<O: Operation> {
    /// Carries the operation out. Its parameters have been checked against the documented rules.
    fn handle(&mut self, operation: O, context: &Context) -> Result<Reply<O::Response>, Refusal>;
}

/// A carried out operation whose answer still has to be written, which needs the world no longer.
pub(crate) struct Outcome {
    /// Headers beyond those that every answer has.
    pub(crate) headers: Vec<(hyper::header::HeaderName, hyper::header::HeaderValue)>,
    /// Writes the body; empty for operations that only report success.
    pub(crate) body: Box<dyn FnOnce() -> Vec<u8> + Send>,
}

/// One operation with its handler.
pub(crate) struct Route {
    /// The declaration.
    pub(crate) spec: &'static OperationSpec,
    /// Reads the call, checks it and carries it out.
    pub(crate) run: fn(&mut World, &Call) -> Result<Outcome, Refusal>,
}

macro_rules! routes {
    ($($operation:path,)+) => {
        /// Every operation of the catalogue.
        pub(crate) static ROUTES: &[Route] = &[$(Route {
            spec: <$operation as Operation>::SPEC,
            run: run::<$operation>,
        }),+];
    };
}
ief_api::for_each_operation!(routes);

fn run<O: Operation>(world: &mut World, call: &Call) -> Result<Outcome, Refusal>
where
    World: Handle<O>,
{
    let operation = O::from_call(call).map_err(|error| Refusal::call(&error))?;
    if let Some(violation) = operation.violations().first() {
        return Err(Refusal::violation(violation));
    }
    let context = Context {
        page: page(O::SPEC, call)?,
    };
    let reply = world.handle(operation, &context)?;
    let body = reply.body;
    Ok(Outcome {
        headers: reply.headers,
        body: Box::new(move || write::<O>(&body)),
    })
}

/// Writes the body of an answer; nothing at all for operations that only report success.
fn write<O: Operation>(body: &O::Response) -> Vec<u8> {
    if TypeId::of::<O::Response>() == TypeId::of::<Nothing>() {
        return Vec::new();
    }
    let bytes =
        serde_json::to_vec(body).expect("wire types have text keys and finite numbers only");
    match O::SPEC.page {
        // Wire types leave empty lists out; the service writes them.
        Some(rule) if bytes.len() < EMPTY_LIST => with_rows(bytes, rule.rows),
        _ => bytes,
    }
}

/// An answer without rows is shorter than this, one with rows is longer.
const EMPTY_LIST: usize = 64;

fn with_rows(bytes: Vec<u8>, rows: &str) -> Vec<u8> {
    match serde_json::from_slice::<Map<String, Value>>(&bytes) {
        Ok(mut list) if !list.contains_key(rows) => {
            list.insert(rows.to_owned(), Value::Array(Vec::new()));
            Value::Object(list).to_string().into_bytes()
        }
        _ => bytes,
    }
}

fn page(spec: &OperationSpec, call: &Call) -> Result<Page, Refusal> {
    let Some(rule) = spec.page else {
        return Ok(Page::default());
    };
    let number = |name: &str| {
        call.query_value(name)
            .filter(|text| !text.is_empty())
            .map(str::parse::<u64>)
    };
    let limit = match number("limit") {
        None => rule.default,
        Some(Ok(limit)) if (1..=u64::from(rule.maximum)).contains(&limit) => limit as u32,
        Some(_) => {
            let message = format!("The limit must be a number from 1 to {}.", rule.maximum);
            return Err(Refusal::new(&ief_api::codes::LIMIT, message));
        }
    };
    let offset = match number("offset") {
        None => 0,
        Some(Ok(offset)) => offset,
        Some(Err(_)) => {
            let message = "The offset must be a number from 0.";
            return Err(Refusal::new(&ief_api::codes::OFFSET, message));
        }
    };
    Ok(Page {
        offset,
        limit: limit as usize,
    })
}

/// What a request line leads to.
pub(crate) enum Found {
    /// An operation, with the call read from path and query.
    Route(&'static Route, Call, Option<String>),
    /// The path is known, the method is not.
    OtherMethods(Vec<&'static str>),
    /// No operation has this path.
    Nothing,
}

/// Finds the operation for a request line. The third part of a route is the project in the path.
pub(crate) fn find(
    method: &str,
    path: &str,
    query: &str,
    serves: impl Fn(&OperationSpec) -> bool,
) -> Found {
    let mut best: Option<(usize, &'static Route, _)> = None;
    let mut others = Vec::new();
    for route in ROUTES.iter().filter(|route| serves(route.spec)) {
        let Some(parameters) = route.spec.match_path(path) else {
            continue;
        };
        if route.spec.method.as_str() != method {
            others.push(route.spec.method.as_str());
            continue;
        }
        // Where two paths fit, the one with fewer parameters is meant.
        let depth = parameters.len();
        if best.as_ref().is_none_or(|(known, ..)| depth < *known) {
            best = Some((depth, route, parameters));
        }
    }
    let Some((_, route, mut path)) = best else {
        return if others.is_empty() {
            Found::Nothing
        } else {
            Found::OtherMethods(others)
        };
    };
    let project = path.remove("project_id");
    let call = Call {
        operation: route.spec.name.to_owned(),
        path,
        query: read_query(query),
        body: None,
    };
    Found::Route(route, call, project)
}

fn read_query(query: &str) -> Vec<(String, String)> {
    let read = |text: &str| {
        let spaced = text.replace('+', "%20");
        ief_api::uri::decode(&spaced).unwrap_or(spaced)
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (read(key), read(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Found, ROUTES, find};

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        assert_eq!(ROUTES.len(), ief_api::catalogue::OPERATIONS.len());
        for route in ROUTES {
            let path: String = route.spec.path.replace(['{', '}'], "");
            let method = route.spec.method.as_str();
            let Found::Route(found, call, _) = find(method, &path, "", |_| true) else {
                panic!("{method} {path} leads nowhere");
            };
            assert_eq!(found.spec.name, route.spec.name);
            for name in route.spec.path_parameters {
                assert_eq!(call.path[*name], *name);
            }
        }
    }

    #[test]
    fn other_methods_and_other_paths_are_told_apart() {
        let found = find("PATCH", "/v2/p/edgemgr/nodes/n", "", |_| true);
        assert!(
            matches!(found, Found::OtherMethods(methods) if methods == ["PUT", "GET", "DELETE"])
        );
        for path in ["/", "/v2/p/edgemgr", "/v2/p/edgemgr/nodes/n/x/y/z"] {
            assert!(
                matches!(find("GET", path, "", |_| true), Found::Nothing),
                "{path}"
            );
        }
    }

    #[test]
    fn a_query_is_decoded() {
        let found = find(
            "GET",
            "/v2/p/edgemgr/nodes",
            "name=a+b%2F%C3%BC&limit=5",
            |_| true,
        );
        let Found::Route(_, call, project) = found else {
            panic!("no route");
        };
        assert_eq!(call.query_value("name"), Some("a b/ü"));
        assert_eq!(call.query_value("limit"), Some("5"));
        assert_eq!(project.as_deref(), Some("p"));
    }
}
