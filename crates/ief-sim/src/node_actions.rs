//! Starting, stopping and upgrading nodes (sections 4.1.6, 4.1.11 and 4.1.12).

use ief_api::codes;
use ief_api::node::{
    EnableDisableEdgeNodes, NodeActionBody, NodeState, ShowNodeUpgradeCheck, UpgradeCheck,
    UpgradeEdgeNode,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::nodes::check_version;
use crate::routes::{Context, Handle};
use crate::seeded_nodes::{NEWEST_VERSION, is_older};
use crate::world::World;

impl Handle<EnableDisableEdgeNodes> for World {
    fn handle(
        &mut self,
        operation: EnableDisableEdgeNodes,
        _: &Context,
    ) -> Result<Reply<NodeActionBody>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let asked = operation
            .body
            .node
            .as_ref()
            .and_then(|n| n.action.as_deref());
        let starts = asked == Some("start");
        let name = self.node_name(node).into_owned();
        Self::told_to_fail(&name, if starts { "start" } else { "stop" })?;
        let state = self.node_state(node);
        match state {
            NodeState::Upgrading | NodeState::Freeze => {
                return Err(unsupported(format!(
                    "The node operation is not supported while the node is {state}."
                )));
            }
            NodeState::Stopped if starts => self.change_node(node, |node| {
                // A node that never connected has nothing to go back to.
                let known = node
                    .ief_node_version
                    .as_deref()
                    .is_some_and(|v| !v.is_empty());
                node.state = Some(if known {
                    NodeState::Running
                } else {
                    NodeState::Unconnected
                });
                node.error_reason = Some(String::new());
            }),
            NodeState::Stopped => {}
            _ if starts => {}
            _ => self.change_node(node, |node| {
                node.state = Some(NodeState::Stopped);
                node.error_reason = Some(String::new());
            }),
        }
        Ok(Reply::new(operation.body))
    }
}

impl Handle<ShowNodeUpgradeCheck> for World {
    fn handle(
        &mut self,
        operation: ShowNodeUpgradeCheck,
        _: &Context,
    ) -> Result<Reply<UpgradeCheck>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let reason = self
            .upgrade_obstacle(node)
            .err()
            .map(|refusal| refusal.message);
        Ok(Reply::new(UpgradeCheck {
            upgrade_enable: Some(reason.is_none()),
            reason: Some(reason.unwrap_or_default()),
            version: Some(NEWEST_VERSION.to_owned()),
            ..UpgradeCheck::default()
        }))
    }
}

impl Handle<UpgradeEdgeNode> for World {
    fn handle(
        &mut self,
        operation: UpgradeEdgeNode,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        Self::told_to_fail(&self.node_name(node), "upgrade")?;
        self.upgrade_obstacle(node)?;
        self.start_upgrade(node);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// Why a node can't be upgraded.
    pub(crate) fn upgrade_obstacle(&self, node: u64) -> Result<(), Refusal> {
        let node = self.node_view(node);
        let state = node.state.clone().unwrap_or(NodeState::Unconnected);
        if state != NodeState::Running {
            return Err(unsupported(format!("The node is {state}, not RUNNING.")));
        }
        check_version(&node)?;
        let version = node.ief_node_version.unwrap_or_default();
        if !is_older(&version, NEWEST_VERSION) {
            return Err(unsupported(format!(
                "The node has the newest version {version}."
            )));
        }
        Ok(())
    }
}

fn unsupported(message: String) -> Refusal {
    Refusal::new(&codes::NODE_OPERATION, message)
}
