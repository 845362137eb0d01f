//! The tag interface (section 4.6): one set of handlers for whatever carries tags.

use std::collections::{BTreeMap, BTreeSet};

use ief_api::codes;
use ief_api::node::KeyValue;
use ief_api::quota::QuotaType;
use ief_api::resource_tag::{
    BatchAddDeleteTags, CreateTag, DeleteResourceTag, ListResourceByTags, ListTags,
    ListTagsByResourceType, ProjectTags, ResourceTags, TagChangeAction, TagQueryAction, TagValues,
    TaggedResource, TaggedResources, TaggedType,
};
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::tag_query::TagFilter;
use crate::tagged::{APPS, DEPLOYMENTS, DEVICES, Labelled, NODES, Tagged, UNKNOWN};
use crate::world::{World, invalid, missing};

/// Where the things of a type find their tags. A type that nobody knows has nothing.
fn tagged(kind: &str) -> &'static dyn Tagged {
    match TaggedType::from(kind) {
        TaggedType::EdgeNode => &NODES,
        TaggedType::Device => &DEVICES,
        TaggedType::Deployment => &DEPLOYMENTS,
        TaggedType::Application => &APPS,
        TaggedType::Other(_) => &UNKNOWN,
    }
}

impl Handle<ListResourceByTags> for World {
    fn handle(
        &mut self,
        operation: ListResourceByTags,
        _: &Context,
    ) -> Result<Reply<TaggedResources>, Refusal> {
        let query = operation.body;
        let filter = TagFilter::read(&query);
        let number =
            |text: &Option<String>| text.as_deref().and_then(|it| it.parse::<usize>().ok());
        let offset = number(&query.offset).unwrap_or(0);
        let limit = number(&query.limit).unwrap_or(1000);
        let counts = query.action == Some(TagQueryAction::Count);
        let sorted = query.sorted.is_some();
        let (mut found, mut count) = (Vec::new(), 0);
        tagged(&operation.resource_type).each(self, &mut |thing| {
            if filter.passes(thing) {
                // Of a large fleet only the page is made, unless all of it has to be put in order.
                let in_page = sorted || (offset..offset.saturating_add(limit)).contains(&count);
                if in_page && !counts {
                    found.push(seen(thing));
                }
                count += 1;
            }
        });
        if let Some(order) = &query.sorted {
            match order.key.as_deref() {
                Some("resource_name") | None => {
                    found.sort_by(|a, b| a.resource_name.cmp(&b.resource_name));
                }
                Some("resource_id") => found.sort_by(|a, b| a.resource_id.cmp(&b.resource_id)),
                Some(other) => return Err(invalid(format!("{other} gives no order."))),
            }
            if order.reverse == Some(true) {
                found.reverse();
            }
            found = found.into_iter().skip(offset).take(limit).collect();
        }
        Ok(Reply::new(TaggedResources {
            resources: (!counts).then_some(found),
            total_count: Some(count as i64),
            ..TaggedResources::default()
        }))
    }
}

impl Handle<BatchAddDeleteTags> for World {
    fn handle(
        &mut self,
        operation: BatchAddDeleteTags,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let kind = tagged(&operation.resource_type);
        let id = operation.resource_id.as_str();
        let mut tags = self.tags_of(kind, id)?;
        for change in operation.body.tags {
            match operation.body.action {
                Some(TagChangeAction::Delete) => {
                    let value = change.value.filter(|value| !value.is_empty());
                    let goes = |tag: &KeyValue| {
                        tag.key == change.key && (value.is_none() || tag.value == value)
                    };
                    tags.retain(|tag| !goes(tag));
                }
                _ => set(&mut tags, change),
            }
        }
        self.put_tags(kind, id, tags)
    }
}

impl Handle<CreateTag> for World {
    fn handle(&mut self, operation: CreateTag, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let kind = tagged(&operation.resource_type);
        let id = operation.resource_id.as_str();
        let mut tags = self.tags_of(kind, id)?;
        set(&mut tags, operation.body.tag.unwrap_or_default());
        self.put_tags(kind, id, tags)
    }
}

impl Handle<DeleteResourceTag> for World {
    fn handle(
        &mut self,
        operation: DeleteResourceTag,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let kind = tagged(&operation.resource_type);
        let id = operation.resource_id.as_str();
        let mut tags = self.tags_of(kind, id)?;
        let before = tags.len();
        tags.retain(|tag| tag.key.as_deref() != Some(&operation.key));
        if tags.len() == before {
            return Err(missing(&codes::NOT_FOUND, "tag", &operation.key));
        }
        self.put_tags(kind, id, tags)
    }
}

impl Handle<ListTags> for World {
    fn handle(&mut self, operation: ListTags, _: &Context) -> Result<Reply<ResourceTags>, Refusal> {
        let tags = self.tags_of(tagged(&operation.resource_type), &operation.resource_id)?;
        Ok(Reply::new(ResourceTags {
            count: Some(tags.len() as i64),
            tags,
            ..ResourceTags::default()
        }))
    }
}

impl Handle<ListTagsByResourceType> for World {
    fn handle(
        &mut self,
        operation: ListTagsByResourceType,
        _: &Context,
    ) -> Result<Reply<ProjectTags>, Refusal> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        tagged(&operation.resource_type).each(self, &mut |thing| {
            thing.each_tag(&mut |key, value| {
                // Most tags have been seen before, in a large fleet nearly all.
                match all.get_mut(key) {
                    Some(values) if values.contains(value) => {}
                    Some(values) => {
                        values.insert(value.to_owned());
                    }
                    None => {
                        all.insert(key.to_owned(), [value.to_owned()].into());
                    }
                }
            });
        });
        let tags = all.into_iter().map(|(key, values)| TagValues {
            key: Some(key),
            values: values.into_iter().collect(),
            ..TagValues::default()
        });
        let tags: Vec<TagValues> = tags.collect();
        Ok(Reply::new(ProjectTags {
            count: Some(tags.len() as i64),
            tags,
            ..ProjectTags::default()
        }))
    }
}

impl World {
    /// The tags of a thing that is there.
    fn tags_of(&self, kind: &dyn Tagged, id: &str) -> Result<Vec<KeyValue>, Refusal> {
        let thing = kind.find(self, id)?;
        Ok(tags(&*thing))
    }

    /// Gives a thing these tags in place of those it has, unless they are too many.
    fn put_tags(
        &mut self,
        kind: &dyn Tagged,
        id: &str,
        tags: Vec<KeyValue>,
    ) -> Result<Reply<Nothing>, Refusal> {
        let (_, most) = self.quota(&QuotaType::Tag);
        if most >= 0 && tags.len() as i64 > most {
            let message = format!("A resource can have {most} tags at most.");
            return Err(Refusal::new(&codes::QUOTA, message));
        }
        kind.put(self, id, tags)?;
        Ok(Reply::new(Nothing {}))
    }
}

/// Puts a tag among the others, in the place of one with the same key.
fn set(tags: &mut Vec<KeyValue>, tag: KeyValue) {
    let tag = KeyValue::new(tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
    match tags.iter_mut().find(|present| present.key == tag.key) {
        Some(present) => *present = tag,
        None => tags.push(tag),
    }
}

fn tags(thing: &dyn Labelled) -> Vec<KeyValue> {
    let mut tags = Vec::new();
    thing.each_tag(&mut |key, value| tags.push(KeyValue::new(key, value)));
    tags
}

fn seen(thing: &dyn Labelled) -> TaggedResource {
    TaggedResource {
        resource_id: Some(thing.id()),
        tags: tags(thing),
        resource_name: Some(thing.name().into_owned()),
        ..TaggedResource::default()
    }
}
