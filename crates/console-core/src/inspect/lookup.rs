//! What the service of the profile in use says of whom a package is for. Asked beside everything else: a report never
//! waits for it, and what it finds is told by an event.

use std::sync::Arc;
use std::time::Duration;

use console_ipc::error::NextStep;
use console_ipc::event::Event;
use console_ipc::inspect::Lookup;
use console_ipc::inspect::report::{Identity, Kind};
use console_ipc::{ErrorKind, IpcError};
use edge_package::inspect::{Known, KnownSubject};
use ief_api::node::{EdgeNode, ListEdgeNodeCerts, ListEdgeNodes, ShowEdgeNodeDetail};
use ief_api::node_group::ListEdgeGroupCerts;
use ief_api::operation::Operation;
use ief_api::product::ShowProductDetail;
use ief_api::resource::Resource;

use super::listed::{Holder, HolderKind};
use super::{Asked, Inspection, State};
use crate::console::{Core, Current};
use crate::error::from_client;
use crate::session::Session;

/// The service has so long to answer, all requests of one question together.
const PATIENCE: Duration = Duration::from_secs(10);

/// A certificate begins so long before the registration it was made for at most: clocks differ, and some authorities
/// let certificates begin earlier than they are made.
const LEEWAY_SECONDS: i64 = 24 * 60 * 60;

/// Whether what was asked before is asked once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Only in another session.
    No,
    /// In any case.
    Yes,
}

/// Has the service asked about an inspection, unless it was in this session.
pub(super) fn begin(core: &Arc<Core>, inspection: &Arc<Inspection>, again: Again) {
    let Current::Live(session) = core.current() else {
        return;
    };
    let subject = {
        let mut state = inspection.state_mut();
        let asked = state.asked.as_ref();
        let asked = asked.filter(|asked| asked.session == session.number);
        let is_due = match asked.map(|asked| &asked.lookup) {
            None => true,
            Some(Lookup::UnderWay) => false,
            Some(_) => again == Again::Yes,
        };
        if !is_due {
            return;
        }
        let subject = Subject::of(&state);
        // What was known stays until something else is.
        let known = asked.and_then(|asked| asked.known.clone());
        state.asked = Some(Asked {
            session: session.number,
            lookup: match subject {
                Some(_) => Lookup::UnderWay,
                None => Lookup::Nothing,
            },
            known,
        });
        subject
    };
    let Some(subject) = subject else {
        return;
    };
    let inspection = Arc::clone(inspection);
    tokio::spawn(async move {
        let answer = answer(&session, &subject).await;
        if inspection.learn(session.number, answer) {
            let id = inspection.id.clone();
            session.core.events.push(Event::Inspection { id });
        }
    });
}

impl Inspection {
    /// Takes over what the service said, unless somebody asked in another session since.
    fn learn(&self, session: u64, (lookup, known): (Lookup, Option<Known>)) -> bool {
        let mut state = self.state_mut();
        match &mut state.asked {
            Some(asked) if asked.session == session => {
                // A failure takes nothing away from what was known.
                let known = match lookup {
                    Lookup::Failed { .. } => known.or_else(|| asked.known.take()),
                    _ => known,
                };
                *asked = Asked {
                    session,
                    lookup,
                    known,
                };
                true
            }
            _ => false,
        }
    }
}

/// Whom the service can be asked about.
#[derive(Debug)]
struct Subject {
    kind: SubjectKind,
    identity: Identity,
    /// From when on its own certificate holds, in seconds since 1970.
    since: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SubjectKind {
    /// A node.
    Node,
    /// Perhaps a node: certificates and keys that no package says it of.
    PerhapsNode,
    /// A certificate of a node.
    NodeCertificate,
    /// A certificate of a node group.
    GroupCertificate,
    /// A batch registration.
    Registration,
}

impl Subject {
    /// `None` where nothing says whom to ask about.
    fn of(state: &State) -> Option<Self> {
        let kind = match state.kind {
            Kind::Node => SubjectKind::Node,
            Kind::NodeCertificate => SubjectKind::NodeCertificate,
            Kind::GroupCertificate => SubjectKind::GroupCertificate,
            Kind::Registration => SubjectKind::Registration,
            Kind::Archive | Kind::Certificates | Kind::Bundle => SubjectKind::PerhapsNode,
            Kind::Keys | Kind::Unknown => return None,
        };
        is_identifier(&state.identity.id).then(|| Self {
            kind,
            identity: state.identity.clone(),
            since: state.since,
        })
    }
}

/// Whether a text can be an identifier of the service. Anything else isn't put into a request.
fn is_identifier(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Asks, for as long as there is patience.
async fn answer(session: &Session, subject: &Subject) -> (Lookup, Option<Known>) {
    let elsewhere = || {
        let (own, project) = (session.state().project_id, &subject.identity.project);
        let differs = !own.is_empty() && !project.is_empty() && own != *project;
        differs.then(|| {
            let project = project.clone();
            (Lookup::OtherProject { project }, None)
        })
    };
    if let Some(elsewhere) = elsewhere() {
        return elsewhere;
    }
    // Several files that are dropped together are not all asked about at once.
    let Ok(_turn) = session.core.inspector.asking.acquire().await else {
        return (Lookup::NotAsked, None);
    };
    let asked = match tokio::time::timeout(PATIENCE, ask(session, subject)).await {
        Ok(asked) => asked,
        Err(_) => {
            let error = IpcError::new(ErrorKind::Unreachable, NextStep::TryAgain);
            Err(error.with("seconds", PATIENCE.as_secs()))
        }
    };
    // A session that had not signed in before knows its project only now.
    if let Some(elsewhere) = elsewhere() {
        return elsewhere;
    }
    let profile = session.profile().name;
    let known = |seen_ms: i64, subject| Known {
        source: profile.clone(),
        seen_at: seen_ms.div_euclid(1000),
        subject,
    };
    match asked {
        Ok(Some(found)) => {
            let at_ms = session.core.clock.now_ms();
            let lookup = Lookup::Told {
                profile: profile.clone(),
                at_ms,
            };
            (lookup, Some(known(at_ms, found)))
        }
        Ok(None) => (Lookup::Nothing, None),
        Err(error) => {
            // The list that is at hand tells something even without the service.
            let seen = at_hand(session, subject).map(|(at_ms, found)| known(at_ms, found));
            (Lookup::Failed { error }, seen)
        }
    }
}

/// What the service says. `None` when that is nothing about this one.
async fn ask(session: &Session, subject: &Subject) -> Result<Option<KnownSubject>, IpcError> {
    let id = subject.identity.id.as_str();
    match subject.kind {
        SubjectKind::Node | SubjectKind::PerhapsNode => {
            let found = match node(session, id).await? {
                Some(node) => Some((node, None)),
                None => namesake(session, &subject.identity.name).await?,
            };
            let Some((node, again)) = found else {
                return match subject.kind {
                    SubjectKind::Node => Ok(Some(KnownSubject::Absent)),
                    // The package of a certificate looks like this as well.
                    _ => certificate(session, &subject.identity).await,
                };
            };
            let created = node.created_at.as_deref().and_then(ief_api::time::parse);
            let created = created.map(|created_ms| created_ms.div_euclid(1000));
            let later = created.filter(|created| {
                subject
                    .since
                    .is_some_and(|since| *created > since + LEEWAY_SECONDS)
            });
            let holder = Holder {
                kind: HolderKind::Node,
                id: node.id.clone().unwrap_or_default(),
                name: node.name.clone().unwrap_or_default(),
            };
            Ok(Some(KnownSubject::Present {
                name: holder.name.clone(),
                state: node
                    .state
                    .map(|state| state.as_str().to_owned())
                    .unwrap_or_default(),
                registered_again_at: again.or(later),
                // Without the right to list certificates, the rest is worth telling.
                current_serials: serials(session, &holder).await.unwrap_or_default(),
            }))
        }
        SubjectKind::NodeCertificate | SubjectKind::GroupCertificate => {
            certificate(session, &subject.identity).await
        }
        SubjectKind::Registration => {
            let asked = ShowProductDetail {
                product_id: id.to_owned(),
            };
            let product = found(quietly(session, &asked).await)?.and_then(|it| it.product);
            Ok(Some(match product {
                Some(product) => KnownSubject::Present {
                    name: product.name.unwrap_or_default(),
                    state: String::new(),
                    registered_again_at: None,
                    current_serials: Vec::new(),
                },
                None => KnownSubject::Absent,
            }))
        }
    }
}

/// A certificate of a node or a group. The service finds it through whom it belongs to only, and its package doesn't say
/// that: `None` when the console doesn't know it either.
async fn certificate(
    session: &Session,
    identity: &Identity,
) -> Result<Option<KnownSubject>, IpcError> {
    let find = || session.listed.holder_of(&identity.id, &identity.serial);
    let Some(holder) = find() else {
        return Ok(None);
    };
    let current_serials = serials(session, &holder).await?;
    Ok(Some(match find() {
        Some(holder) => KnownSubject::Present {
            name: holder.name,
            state: String::new(),
            registered_again_at: None,
            current_serials,
        },
        None => KnownSubject::Absent,
    }))
}

/// The node of this identifier.
async fn node(session: &Session, id: &str) -> Result<Option<EdgeNode>, IpcError> {
    let asked = ShowEdgeNodeDetail {
        node_id: id.to_owned(),
    };
    Ok(found(quietly(session, &asked).await)?.and_then(|answer| answer.node))
}

/// A node that has the name of one that is gone, and when it was registered: the same machine, most likely.
async fn namesake(
    session: &Session,
    name: &str,
) -> Result<Option<(EdgeNode, Option<i64>)>, IpcError> {
    if name.is_empty() {
        return Ok(None);
    }
    let asked = ListEdgeNodes {
        name: Some(name.to_owned()),
        ..ListEdgeNodes::default()
    };
    let nodes = quietly(session, &asked).await?.nodes;
    let node = nodes
        .into_iter()
        .find(|node| node.name.as_deref() == Some(name));
    Ok(node.map(|node| {
        let created = node.created_at.as_deref().and_then(ief_api::time::parse);
        let created = created.unwrap_or_default().div_euclid(1000);
        (node, Some(created))
    }))
}

/// Serial numbers of the certificates that the service lists.
async fn serials(session: &Session, holder: &Holder) -> Result<Vec<String>, IpcError> {
    let id = holder.id.clone();
    let body = match holder.kind {
        HolderKind::Node => {
            let asked = ListEdgeNodeCerts {
                node_id: id,
                ..ListEdgeNodeCerts::default()
            };
            serde_json::to_value(quietly(session, &asked).await?)
        }
        HolderKind::Group => {
            let asked = ListEdgeGroupCerts {
                group_id: id,
                ..ListEdgeGroupCerts::default()
            };
            serde_json::to_value(quietly(session, &asked).await?)
        }
    };
    let body = body.map_err(crate::error::internal)?;
    let now_ms = session.core.clock.now_ms();
    let listed = session.listed.take(holder.clone(), &body, now_ms);
    Ok(listed
        .into_iter()
        .filter(|serial| !serial.is_empty())
        .collect())
}

/// Asks without telling the window of a failure: nobody has asked for this.
async fn quietly<O: Operation>(session: &Session, asked: &O) -> Result<O::Response, IpcError> {
    let answer = session.client.send(asked, &session.ended).await;
    answer
        .map(|answer| answer.body)
        .map_err(|error| from_client(&error))
}

/// That there is no such thing is an answer.
fn found<T>(answer: Result<T, IpcError>) -> Result<Option<T>, IpcError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the inventory says, and as of when in milliseconds since the epoch.
fn at_hand(session: &Session, subject: &Subject) -> Option<(i64, KnownSubject)> {
    if !matches!(subject.kind, SubjectKind::Node | SubjectKind::PerhapsNode) {
        return None;
    }
    let shelf = session.inventories.of(EdgeNode::SPEC.kind).ok()?;
    let as_of_ms = shelf.freshness().as_of_ms?;
    let row = shelf.rows().snapshot().row(&subject.identity.id, None);
    let found = match row {
        Some(row) => {
            let state = EdgeNode::SPEC
                .column("state")
                .and_then(|place| row.cells.get(place));
            KnownSubject::Present {
                state: state
                    .map(crate::inventory::commands::text)
                    .unwrap_or_default(),
                name: row.name,
                registered_again_at: None,
                current_serials: Vec::new(),
            }
        }
        None if subject.kind == SubjectKind::Node => KnownSubject::Absent,
        None => return None,
    };
    Some((as_of_ms, found))
}
