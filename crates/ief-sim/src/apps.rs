//! Application templates (section 4.4.1 to 4.4.5).

use ief_api::app::{
    App, AppEnvelope, AppList, CreateApp, DeleteApp, ListApps, ShowAppDetail, UpdateApp, Visibility,
};
use ief_api::codes;
use ief_api::node::KeyValue;
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle};
use crate::seeded_apps::RECIPES;
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::world::{World, missing, occurs, taken};

impl Handle<CreateApp> for World {
    fn handle(&mut self, operation: CreateApp, _: &Context) -> Result<Reply<AppEnvelope>, Refusal> {
        let new = operation.body.app.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.apps.named(&name).is_some() {
            return Err(taken("application template", &name));
        }
        self.check_quota(&QuotaType::Application)?;
        let app = App {
            id: Some(self.new_id()),
            name: Some(name),
            alias: Some(new.alias.unwrap_or_default()),
            description: Some(new.description.unwrap_or_default()),
            icon_url: Some(new.icon_url.unwrap_or_default()),
            tags: new.tags,
            visibility: Some(Visibility::Private),
            project_id: Some(self.account.project_id.clone()),
            created_at: Some(self.stamp()),
            ..App::default()
        };
        self.stock.apps.add(app.clone());
        Ok(envelope(app))
    }
}

impl Handle<UpdateApp> for World {
    fn handle(&mut self, operation: UpdateApp, _: &Context) -> Result<Reply<AppEnvelope>, Refusal> {
        let now = self.stamp();
        let id = operation.app_id.as_str();
        let update = operation.body.app.unwrap_or_default();
        let app = self.stock.apps.get_mut(id).ok_or_else(|| not_found(id))?;
        Self::told_to_fail(app.name.as_deref().unwrap_or_default(), "update")?;
        app.alias = update.alias.or(app.alias.take());
        app.description = update.description.or(app.description.take());
        app.updated_at = Some(now);
        let app = app.clone();
        Ok(envelope(self.app_view(app)))
    }
}

impl Handle<ShowAppDetail> for World {
    fn handle(
        &mut self,
        operation: ShowAppDetail,
        _: &Context,
    ) -> Result<Reply<AppEnvelope>, Refusal> {
        let app = self.find_app(&operation.app_id)?.clone();
        Ok(envelope(self.app_view(app)))
    }
}

impl Handle<ListApps> for World {
    fn handle(
        &mut self,
        operation: ListApps,
        context: &Context,
    ) -> Result<Reply<AppList>, Refusal> {
        let part = |text: Option<String>| text.unwrap_or_default().to_lowercase();
        let (name, alias) = (part(operation.name), part(operation.alias));
        let visibility = operation.visibility.filter(|text| !text.is_empty());
        let visibility = visibility
            .as_deref()
            .map_or(Visibility::Private, Visibility::from);
        let (count, rows) = self.stock.apps.page_of(context.page, |app| {
            occurs(&name, app.name.as_deref().unwrap_or_default())
                && occurs(&alias, app.alias.as_deref().unwrap_or_default())
                && app.visibility.as_ref() == Some(&visibility)
        });
        Ok(Reply::new(AppList {
            count: Some(count),
            apps: rows.into_iter().map(|app| self.app_view(app)).collect(),
            ..AppList::default()
        }))
    }
}

impl Handle<DeleteApp> for World {
    fn handle(&mut self, operation: DeleteApp, _: &Context) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.app_id.as_str();
        let app = self.find_app(id)?;
        Self::told_to_fail(app.name.as_deref().unwrap_or_default(), "delete")?;
        self.stock.apps.remove(id);
        for version in self.versions_of(id) {
            self.stock
                .app_versions
                .remove(version.id.as_deref().unwrap_or_default());
        }
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The application template with this identifier.
    pub(crate) fn find_app(&self, id: &str) -> Result<&App, Refusal> {
        self.stock.apps.get(id).ok_or_else(|| not_found(id))
    }

    /// An application template with its versions, the newest first.
    fn app_view(&self, app: App) -> App {
        let app_versions = self.versions_of(app.id.as_deref().unwrap_or_default());
        App {
            app_versions,
            ..app
        }
    }
}

impl Stocked for App {
    type Thing = Self;

    fn seeded(world: &mut World) -> Vec<Self> {
        let recipes = RECIPES.iter().enumerate();
        recipes
            .map(|(place, recipe)| {
                let created = FIRST + place as i64 * 29 * DAY;
                let tag = if place < 6 { "production" } else { "trial" };
                Self {
                    id: Some(world.new_id()),
                    name: Some(recipe.name.to_owned()),
                    alias: Some(recipe.alias.to_owned()),
                    description: Some(recipe.description.to_owned()),
                    icon_url: Some(String::new()),
                    tags: vec![KeyValue::new("stage", tag.to_owned())],
                    visibility: Some(Visibility::Private),
                    project_id: Some(world.account.project_id.clone()),
                    created_at: Some(stamp(created)),
                    updated_at: Some(stamp(created + 2 * DAY)),
                    ..Self::default()
                }
            })
            .collect()
    }
}

fn envelope(app: App) -> Reply<AppEnvelope> {
    Reply::new(AppEnvelope {
        app: Some(app),
        ..AppEnvelope::default()
    })
}

fn not_found(id: &str) -> Refusal {
    missing(&codes::APP_TEMPLATE_NOT_FOUND, "application template", id)
}
