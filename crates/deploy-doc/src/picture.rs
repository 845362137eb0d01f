//! A document as parts that are connected: what a canvas draws, and what a screen reader is told as a list with
//! relations. Names of parts stay while the document is edited, so that a layout can stay too.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{ContainerList, Document, flag_in, integer_in, text_in};
use crate::edit::ProbeKind;
use crate::path::Path;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// The node it runs on.
    Node,
    /// The node group it runs on.
    Group,
    /// A container that runs before the others.
    InitContainer,
    /// A container.
    Container,
    /// A volume, shared by all containers that mount it.
    Volume,
    /// A ConfigMap.
    ConfigMap,
    /// A secret.
    Secret,
    /// A path of the node.
    HostPath,
    /// A port of the node, or a range of them.
    Port,
    /// A probe.
    Probe,
}

/// A part of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name for as long as the document is edited.
    pub key: String,
    /// What it is.
    pub kind: PartKind,
    /// What it is called.
    pub label: String,
    /// The part of the document; for what is only referred to, the first place that does.
    pub path: Path,
}

/// How two parts belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A container runs on a node or a group.
    RunsOn,
    /// A container ends before another starts.
    Before,
    /// A container mounts a volume and may write it.
    Mounts,
    /// A container mounts a volume to read it.
    MountsToRead,
    /// A volume is made of something.
    MadeOf,
    /// A variable of a container takes its value from something.
    TakesFrom,
    /// A container can be reached at a port.
    ReachedAt,
    /// A probe watches a container.
    Watches,
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Where it begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// What it means.
    pub kind: LinkKind,
    /// Where the document says so, which is what a command to disconnect takes away.
    pub path: Path,
}

/// All parts with their connections.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The parts, in the order of the document.
    pub parts: Vec<Part>,
    /// The connections.
    pub links: Vec<Link>,
}

impl Picture {
    /// The part that a place of the document belongs to: the one whose own place is the innermost around it.
    #[must_use]
    pub fn part_at(&self, path: &Path) -> Option<&Part> {
        let around = self.parts.iter().filter(|it| path.is_in(&it.path));
        around.max_by_key(|it| it.path.depth())
    }

    /// Adds a part, unless it is there, and tells its name.
    fn part(&mut self, key: String, kind: PartKind, label: &str, path: &Path) -> String {
        if !self.parts.iter().any(|it| it.key == key) {
            let (key, label, path) = (key.clone(), label.to_owned(), path.clone());
            self.parts.push(Part {
                key,
                kind,
                label,
                path,
            });
        }
        key
    }

    fn link(&mut self, from: &str, to: &str, kind: LinkKind, path: &Path) {
        self.links.push(Link {
            from: from.to_owned(),
            to: to.to_owned(),
            kind,
            path: path.clone(),
        });
    }

    fn config_map(&mut self, name: &str, path: &Path) -> String {
        self.part(
            format!("config_map:{name}"),
            PartKind::ConfigMap,
            name,
            path,
        )
    }

    fn secret(&mut self, name: &str, path: &Path) -> String {
        self.part(format!("secret:{name}"), PartKind::Secret, name, path)
    }
}

/// The picture of a document.
#[must_use]
pub fn picture(document: &Document) -> Picture {
    let mut picture = Picture::default();
    let target = target(document, &mut picture);
    let mut before: Option<String> = None;
    for list in ContainerList::ALL {
        let path = list.path();
        for (index, container) in document.list(&path).iter().enumerate() {
            let place = path.then(index);
            let kind = match list {
                ContainerList::Init => PartKind::InitContainer,
                ContainerList::Main => PartKind::Container,
            };
            let label = text_in(container, "name").unwrap_or_default();
            let key = picture.part(entry_key(document, &place), kind, &label, &place);
            if let Some(before) = &before {
                picture.link(before, &key, LinkKind::Before, &place);
            }
            if let Some((target, path)) = &target {
                picture.link(&key, target, LinkKind::RunsOn, path);
            }
            contents(document, container, &place, &key, &mut picture);
            if list == ContainerList::Init {
                before = Some(key);
            }
        }
    }
    picture
}

/// The name of an entry of a list, which stays wherever it goes.
fn entry_key(document: &Document, path: &Path) -> String {
    let id = document
        .id_at(path)
        .and_then(|it| serde_json::to_value(it).ok());
    id.map_or_else(|| path.to_string(), |it| format!("part:{it}"))
}

fn target(document: &Document, picture: &mut Picture) -> Option<(String, Path)> {
    let group = Path::root().then("group_id");
    if let Some(id) = document.text(&group) {
        let key = picture.part(format!("group:{id}"), PartKind::Group, &id, &group);
        return Some((key, group));
    }
    let node = Path::root().then("node_ids").then(0);
    let id = document.text(&node)?;
    let key = picture.part(format!("node:{id}"), PartKind::Node, &id, &node);
    Some((key, node))
}

/// What a container touches.
fn contents(document: &Document, container: &Value, path: &Path, key: &str, picture: &mut Picture) {
    let list = path.then("volumes");
    for (index, it) in document.list(&list).iter().enumerate() {
        volume(it, &list.then(index), key, picture);
    }
    let list = path.then("envs");
    for (index, variable) in document.list(&list).iter().enumerate() {
        let place = list.then(index);
        let from = |kind: &str| variable.get("value_from").and_then(|it| it.get(kind));
        let name = |kind: &str| from(kind).and_then(|it| text_in(it, "name"));
        if let Some(name) = name("configmap") {
            let to = picture.config_map(&name, &place.then("value_from"));
            picture.link(key, &to, LinkKind::TakesFrom, &place);
        }
        if let Some(name) = name("secret") {
            let to = picture.secret(&name, &place.then("value_from"));
            picture.link(key, &to, LinkKind::TakesFrom, &place);
        }
    }
    let list = path.then("ports");
    for (index, port) in document.list(&list).iter().enumerate() {
        let place = list.then(index);
        let range = port.get("host_port_range").filter(|it| it.is_object());
        let ends = range.map(|it| (integer_in(it, "min_port"), integer_in(it, "max_port")));
        let label = match (integer_in(port, "host_port").filter(|it| *it > 0), ends) {
            (Some(port), _) => port.to_string(),
            (None, Some((Some(min), Some(max)))) => format!("{min}–{max}"),
            _ => String::new(),
        };
        let port = picture.part(entry_key(document, &place), PartKind::Port, &label, &place);
        picture.link(key, &port, LinkKind::ReachedAt, &place);
    }
    for kind in [ProbeKind::Readiness, ProbeKind::Liveness] {
        let field = kind.field();
        let place = path.then(field);
        if container.get(field).is_some_and(Value::is_object) {
            let probe = picture.part(format!("{key}/{field}"), PartKind::Probe, field, &place);
            picture.link(&probe, key, LinkKind::Watches, &place);
        }
    }
}

fn volume(volume: &Value, path: &Path, key: &str, picture: &mut Picture) {
    let text = |field: &str| text_in(volume, field).unwrap_or_default();
    let (name, source) = (text("name"), text("source"));
    let own = picture.part(format!("volume:{name}"), PartKind::Volume, &name, path);
    let kind = match flag_in(volume, "read_only") {
        Some(true) => LinkKind::MountsToRead,
        _ => LinkKind::Mounts,
    };
    picture.link(key, &own, kind, path);
    let place = path.then("source");
    let of = match text("type").as_str() {
        _ if source.is_empty() => return,
        "configMap" => picture.config_map(&source, &place),
        "secret" => picture.secret(&source, &place),
        "hostPath" => picture.part(
            format!("host_path:{source}"),
            PartKind::HostPath,
            &source,
            &place,
        ),
        _ => return,
    };
    let is_known = picture.links.iter().any(|it| it.from == own && it.to == of);
    if !is_known {
        picture.link(&own, &of, LinkKind::MadeOf, &place);
    }
}
