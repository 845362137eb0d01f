//! Tags by the service's tag interface (section 4.6): the same six operations for nodes, deployments,
//! application templates and devices.
//!
//! Operations that change tags touch no kind as a whole: what looks different is the one thing that they name
//! ([`TaggedType::kind`]).

use crate::node::KeyValue;
use crate::operation::{Call, Effect, Repeat};
use crate::rules::{Check, Problem, Rule, Violations, common, node, resource_tag as rules};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

operation! {
    /// POST /v2/{project_id}/{resource_type}/resource_instances/action
    ///
    /// Lists the things of a type by their tags, or counts them. It changes nothing. Section 4.6.1.
    ListResourceByTags = "list_resource_by_tags", Post "/v2/{project_id}/{resource_type}/resource_instances/action" {
        path: { resource_type },
        query: {},
        body: TagQuery,
        response: TaggedResources,
        spec: {
            section: Some("4.6.1"),
            check_query: Some(check_type),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/{resource_type}/{resource_id}/tags/action
    ///
    /// Puts several tags on a thing, or takes several off. Section 4.6.2.
    BatchAddDeleteTags = "batch_add_delete_tags", Post "/v2/{project_id}/{resource_type}/{resource_id}/tags/action" {
        path: { resource_type, resource_id },
        query: {},
        body: TagChanges,
        response: Nothing,
        spec: {
            section: Some("4.6.2"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            check_query: Some(check_type),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/{resource_type}/{resource_id}/tags
    ///
    /// Puts a tag on a thing. One with the same key gets the new value. Section 4.6.3.
    CreateTag = "create_tag", Post "/v2/{project_id}/{resource_type}/{resource_id}/tags" {
        path: { resource_type, resource_id },
        query: {},
        body: NewTag,
        response: Nothing,
        spec: {
            section: Some("4.6.3"),
            // Nothing new is there that could be there twice.
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            check_query: Some(check_type),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/{resource_type}/{resource_id}/tags/{key}
    ///
    /// Takes a tag off a thing. Section 4.6.4.
    DeleteResourceTag = "delete_resource_tag", Delete "/v2/{project_id}/{resource_type}/{resource_id}/tags/{key}" {
        path: { resource_type, resource_id, key },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.6.4"),
            // What has other tags is the resource; nothing is gone that a name would be asked for.
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            check_query: Some(check_type),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/{resource_type}/{resource_id}/tags
    ///
    /// Lists the tags of a thing. Section 4.6.5.
    ListTags = "list_tags", Get "/v2/{project_id}/{resource_type}/{resource_id}/tags" {
        path: { resource_type, resource_id },
        query: {},
        response: ResourceTags,
        spec: {
            section: Some("4.6.5"),
            check_query: Some(check_type),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/{resource_type}/tags
    ///
    /// Lists all tags that things of a type have. Section 4.6.6.
    ListTagsByResourceType = "list_tags_by_resource_type", Get "/v2/{project_id}/{resource_type}/tags" {
        path: { resource_type },
        query: {},
        response: ProjectTags,
        spec: {
            section: Some("4.6.6"),
            check_query: Some(check_type),
        }
    }
}

open_enum! {
    /// What tags can be put on (table 4-296).
    pub enum TaggedType {
        /// Edge nodes.
        EdgeNode = "ief-edge_node",
        /// Containerized applications.
        Deployment = "ief-deployment",
        /// Application templates.
        Application = "ief-application",
        /// End devices.
        Device = "ief-device",
    }
}

impl TaggedType {
    /// The type of what an inventory calls `kind`, when tags can be put on it.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        let all = [
            Self::EdgeNode,
            Self::Device,
            Self::Deployment,
            Self::Application,
        ];
        all.into_iter().find(|known| known.kind() == Some(kind))
    }

    /// The kind of resource whose tags these are: the thing that looks different when they change.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            Self::EdgeNode => Some("node"),
            Self::Deployment => Some("deployment"),
            Self::Application => Some("app"),
            Self::Device => Some("device"),
            Self::Other(_) => None,
        }
    }
}

open_enum! {
    /// Whether things are listed or counted (table 4-298).
    pub enum TagQueryAction {
        /// Listed.
        Filter = "filter",
        /// Counted.
        Count = "count",
    }
}

open_enum! {
    /// Whether tags are put on or taken off (table 4-306).
    pub enum TagChangeAction {
        /// Put on.
        Create = "create",
        /// Taken off.
        Delete = "delete",
    }
}

wire! {
    /// Body of [`ListResourceByTags`] (table 4-298).
    pub struct TagQuery {
        /// Has each of these keys, with one of its values.
        pub tags: Vec<TagCondition>,
        /// Has any of these keys, with one of its values. What either of the two finds is found.
        pub tags_any: Vec<TagCondition>,
        /// Has none of these.
        pub not_tags: Vec<TagCondition>,
        /// Lacks one of these at least.
        pub not_tags_any: Vec<TagCondition>,
        /// Things at most; not when they are counted.
        pub limit: Option<String>,
        /// Things to leave out; not when they are counted.
        pub offset: Option<String>,
        /// Whether things are listed or counted.
        pub action: Option<TagQueryAction>,
        /// What else they must have.
        pub matches: Vec<TagMatch>,
        /// Whether the service's own console asks.
        pub console: Option<bool>,
        /// Order.
        pub sorted: Option<TagOrder>,
    }

    /// A key with the values that are looked for (table 4-299).
    pub struct TagCondition {
        /// Key.
        pub key: Option<String>,
        /// Values; any when there is none. `*` before one finds it anywhere in the value.
        #[always(true)]
        pub values: Vec<String>,
    }

    /// A field that is looked for (table 4-300).
    pub struct TagMatch {
        /// `resource_name`, which is found anywhere in the name, whatever the case.
        pub key: Option<String>,
        /// What is looked for.
        pub value: Option<String>,
    }

    /// Order of what is found (table 5-31).
    pub struct TagOrder {
        /// Field.
        pub key: Option<String>,
        /// Whether the largest comes first.
        pub reverse: Option<bool>,
    }

    /// Answer of [`ListResourceByTags`] (table 4-301).
    pub struct TaggedResources {
        /// What was found; absent when it was only counted.
        pub resources: Option<Vec<TaggedResource>>,
        /// How much there is, on all pages.
        pub total_count: Option<i64>,
    }

    /// A thing with its tags (table 4-302).
    pub struct TaggedResource {
        /// Identifier.
        pub resource_id: Option<String>,
        /// Tags.
        #[always(true)]
        pub tags: Vec<KeyValue>,
        /// Name.
        pub resource_name: Option<String>,
    }

    /// Body of [`BatchAddDeleteTags`] (table 4-306).
    pub struct TagChanges {
        /// Tags. To take one off, its key is enough; with a value it has to have that.
        pub tags: Vec<KeyValue>,
        /// Whether they are put on or taken off.
        pub action: Option<TagChangeAction>,
    }

    /// Body of [`CreateTag`] (table 4-310).
    pub struct NewTag {
        /// The tag.
        pub tag: Option<KeyValue>,
    }

    /// Answer of [`ListTags`] (table 4-316).
    pub struct ResourceTags {
        /// The tags.
        #[always(true)]
        pub tags: Vec<KeyValue>,
        /// How many there are.
        pub count: Option<i64>,
    }

    /// Answer of [`ListTagsByResourceType`] (table 4-320).
    pub struct ProjectTags {
        /// How many keys there are.
        pub count: Option<i64>,
        /// Each key with its values.
        #[always(true)]
        pub tags: Vec<TagValues>,
    }

    /// A key with the values it has somewhere (table 4-321).
    pub struct TagValues {
        /// Key.
        pub key: Option<String>,
        /// Values.
        #[always(true)]
        pub values: Vec<String>,
    }
}

/// The type of resource, which stands in the path of all six.
fn check_type(call: &Call, violations: &mut Violations) {
    let kind = call.path.get("resource_type").map(String::as_str);
    violations.required("resource_type", &rules::TAGGED_TYPE, kind);
}

impl Check for TagQuery {
    fn check(&self, violations: &mut Violations) {
        let action = self.action.as_ref().map(TagQueryAction::as_str);
        violations.required("action", &rules::TAG_QUERY_ACTION, action);
        let counts = self.action == Some(TagQueryAction::Count);
        for (place, rule, value) in [
            ("limit", &common::PAGE_LIMIT, &self.limit),
            ("offset", &common::PAGE_OFFSET, &self.offset),
        ] {
            let Some(text) = value.as_deref().filter(|text| !text.is_empty()) else {
                continue;
            };
            if counts {
                let other = "action".to_owned();
                violations.add(place, rule, Problem::Contradicts { other });
            } else {
                check_number(place, rule, text, violations);
            }
        }
        for (place, conditions) in [
            ("tags", &self.tags),
            ("tags_any", &self.tags_any),
            ("not_tags", &self.not_tags),
            ("not_tags_any", &self.not_tags_any),
        ] {
            check_conditions(place, conditions, violations);
        }
        let keys = self.matches.iter().filter_map(|it| it.key.as_deref());
        violations.unique("matches", &rules::TAG_MATCH_KEY, keys);
        for (index, part) in self.matches.iter().enumerate() {
            violations.at(format_args!("matches.{index}"), |violations| {
                violations.required("key", &rules::TAG_MATCH_KEY, part.key.as_deref());
                violations.optional("value", &rules::TAG_MATCH_VALUE, part.value.as_deref());
            });
        }
    }
}

fn check_number(place: &str, rule: &'static Rule, text: &str, violations: &mut Violations) {
    let result = match text.parse() {
        Ok(number) => rule.integer(number),
        Err(_) => Err(Problem::NotANumber),
    };
    violations.result(place, rule, result);
}

fn check_conditions(place: &str, conditions: &[TagCondition], violations: &mut Violations) {
    violations.count(place, &rules::TAG_CONDITIONS, conditions.len());
    let keys = conditions.iter().filter_map(|it| it.key.as_deref());
    violations.unique(place, &rules::TAG_CONDITION_KEY, keys.map(str::trim));
    for (index, condition) in conditions.iter().enumerate() {
        violations.at(format_args!("{place}.{index}"), |violations| {
            let key = condition.key.as_deref().map(str::trim);
            violations.required("key", &rules::TAG_CONDITION_KEY, key);
            let values = &condition.values;
            violations.count("values", &rules::TAG_CONDITION_VALUES, values.len());
            let trimmed = || values.iter().map(|value| value.trim());
            violations.unique("values", &rules::TAG_CONDITION_VALUE, trimmed());
            for (index, value) in trimmed().enumerate() {
                let place = format!("values.{index}");
                violations.optional(&place, &rules::TAG_CONDITION_VALUE, Some(value));
                if !value.is_empty() && value.chars().all(|character| character == '*') {
                    let problem = Problem::Character { character: '*' };
                    violations.add(&place, &rules::TAG_CONDITION_VALUE, problem);
                }
            }
        });
    }
}

impl Check for TagChanges {
    fn check(&self, violations: &mut Violations) {
        let action = self.action.as_ref().map(TagChangeAction::as_str);
        violations.required("action", &rules::TAG_CHANGE_ACTION, action);
        if self.tags.is_empty() {
            violations.add("tags", &common::TAG_KEY, Problem::Missing);
        }
        violations.count("tags", &node::NODE_TAGS, self.tags.len());
        // Whatever a tag that is taken off looks like, taking it off is no harm.
        let deletes = self.action == Some(TagChangeAction::Delete);
        if !deletes {
            let keys = self.tags.iter().filter_map(|tag| tag.key.as_deref());
            violations.unique("tags", &common::TAG_KEY, keys);
        }
        for (index, tag) in self.tags.iter().enumerate() {
            violations.at(format_args!("tags.{index}"), |violations| {
                match (deletes, tag.key.as_deref()) {
                    (true, Some(key)) if !key.is_empty() => {}
                    _ => check_tag(tag, violations),
                }
            });
        }
    }
}

impl Check for NewTag {
    fn check(&self, violations: &mut Violations) {
        match &self.tag {
            Some(tag) => violations.at("tag", |violations| check_tag(tag, violations)),
            None => violations.add("tag", &common::TAG_KEY, Problem::Missing),
        }
    }
}

fn check_tag(tag: &KeyValue, violations: &mut Violations) {
    violations.required("key", &common::TAG_KEY, tag.key.as_deref());
    violations.optional("value", &common::TAG_VALUE, tag.value.as_deref());
}
