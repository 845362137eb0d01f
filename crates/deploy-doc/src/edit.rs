//! What can be done to a document, each as one command. A command keeps whatever it isn't about, unknown fields
//! included, and tells the change that takes it back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::{ContainerList, Document, Patch, PatchError};
use crate::path::Path;

mod names;
mod parts;
mod work;

use work::Work;

/// Where a volume comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VolumeSource {
    /// The entries of a ConfigMap.
    ConfigMap,
    /// The values of a secret.
    Secret,
    /// An empty folder that lives as long as the instance.
    EmptyDir,
    /// A folder or file of the node.
    HostPath,
}

impl VolumeSource {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConfigMap => "configMap",
            Self::Secret => "secret",
            Self::EmptyDir => "emptyDir",
            Self::HostPath => "hostPath",
        }
    }
}

/// Where a variable takes its value from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableSource {
    /// It is written there.
    Value(String),
    /// An entry of a ConfigMap.
    ConfigMap {
        /// Name of the ConfigMap.
        name: String,
        /// Key.
        key: String,
    },
    /// A value of a secret.
    Secret {
        /// Name of the secret.
        name: String,
        /// Key.
        key: String,
    },
    /// The node's address.
    NodeAddress,
}

/// Which probe of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// It tells whether the container can serve.
    Readiness,
    /// It tells whether the container has to be started again.
    Liveness,
}

impl ProbeKind {
    /// Its field in the container.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Readiness => "readiness_probe",
            Self::Liveness => "liveness_probe",
        }
    }
}

/// How a probe finds out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeWay {
    /// By a request.
    Http,
    /// By a command.
    Command,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Puts a value at a place, with whatever is missing on the way to it.
    Set {
        /// The place.
        path: Path,
        /// The value.
        value: Value,
    },
    /// Takes a field away, with the objects around it that are empty then.
    Clear {
        /// The field.
        path: Path,
    },
    /// Gives a field of a dictionary another name, at its place.
    RenameKey {
        /// The field.
        path: Path,
        /// Its new name.
        to: String,
    },
    /// Adds an entry to a list, which comes to be if it isn't there.
    Add {
        /// The list.
        list: Path,
        /// Before which entry; at the end if nothing is said.
        at: Option<usize>,
        /// The entry.
        value: Value,
    },
    /// Adds a container with a free name.
    AddContainer {
        /// To which list.
        list: ContainerList,
    },
    /// Adds a volume with a free name.
    AddVolume {
        /// To which container.
        container: Path,
        /// Where it comes from.
        source: VolumeSource,
    },
    /// Mounts a volume of one container in another.
    Mount {
        /// The volume.
        volume: Path,
        /// The other container.
        container: Path,
        /// The path in it; that of the volume's own container if nothing is said.
        destination: Option<String>,
    },
    /// Adds a mapping of a port.
    AddPort {
        /// To which container.
        container: Path,
    },
    /// Adds a variable with a free name.
    AddVariable {
        /// To which container.
        container: Path,
        /// Where it takes its value from.
        source: VariableSource,
    },
    /// Adds a tag with a free key.
    AddTag,
    /// Adds a probe, or makes it find out in another way.
    SetProbe {
        /// Of which container.
        container: Path,
        /// Which one.
        probe: ProbeKind,
        /// How it finds out.
        way: ProbeWay,
    },
    /// Makes a volume come from elsewhere.
    SetVolumeSource {
        /// The volume.
        volume: Path,
        /// Where from.
        source: VolumeSource,
    },
    /// Gives a volume another name, in all containers that have it.
    RenameVolume {
        /// The volume.
        volume: Path,
        /// Its new name.
        to: String,
    },
    /// Makes a variable take its value from elsewhere.
    SetVariableSource {
        /// The variable.
        variable: Path,
        /// Where from.
        source: VariableSource,
    },
    /// Whether instances use the node's network.
    SetHostNetwork {
        /// Whether they do.
        on: bool,
    },
    /// Makes it run on a node, and on no group.
    PlaceOnNode {
        /// Identifier of the node.
        node: String,
    },
    /// Makes it run on a node group, and on no node.
    PlaceInGroup {
        /// Identifier of the node group.
        group: String,
    },
    /// Takes away a part; an optional list that is empty then goes with it.
    Remove {
        /// The part.
        path: Path,
    },
    /// Adds a copy of an entry behind it, under a free name and with free ports of the node.
    Duplicate {
        /// The entry.
        path: Path,
    },
    /// Moves an entry within its list.
    Move {
        /// The entry.
        path: Path,
        /// Where it is to stand.
        to: usize,
    },
    /// Moves an entry to another list: a container to those that run first, a volume to another container.
    MoveInto {
        /// The entry.
        path: Path,
        /// The other list.
        list: Path,
        /// Before which entry; at the end if nothing is said.
        at: Option<usize>,
    },
    /// Makes the document say something else as a whole.
    Replace {
        /// What.
        value: Value,
    },
    /// Several, one after the other; all or none.
    Many(Vec<Self>),
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// The change that takes it back.
    pub undo: Patch,
    /// The part it was about, where it is now.
    pub at: Path,
}

impl Document {
    /// Carries out a command.
    ///
    /// # Errors
    /// When a place isn't there, or isn't what the command is about. Nothing has changed then.
    pub fn edit(&mut self, edit: Edit) -> Result<Done, PatchError> {
        let mut work = Work {
            document: self,
            undo: Vec::new(),
        };
        let at = work.carry_out(edit);
        let mut undo = work.undo;
        undo.reverse();
        let undo = Patch::many(undo);
        match at {
            Ok(at) => Ok(Done { undo, at }),
            Err(error) => {
                // What was done so far finds everything as it left it.
                self.patch(undo)?;
                Err(error)
            }
        }
    }
}
