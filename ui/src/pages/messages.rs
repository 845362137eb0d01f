//! What the pages of endpoints, rules and subscriptions have in common: what is on or off, where messages go.

mod looks;
mod node;
mod switch;
mod target;

pub use looks::{
    counts, enabled_sign, enabled_state, endpoint_kind, endpoint_link, endpoint_name, look, named,
    short_topic, stamps, topic_parts,
};
pub use node::node_link;
pub use switch::{Switch, switch, switch_button};
pub use target::{TargetDraft, TargetFields, endpoint_choices, endpoints_of_kinds, resource_facts};
