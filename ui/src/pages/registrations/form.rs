//! The form that creates a batch registration, ending with its package saved to a file.

use std::sync::Arc;

use ief_api::operation::Call;
use ief_api::rules::{batch as rules, common, node as node_rules};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::KIND;
use crate::kit::form::Check;
use crate::kit::{
    Button, Form, FormFrame, Kind as FieldKind, Look, Notice, Section, TextField, Tone,
};
use crate::pages::parts::{PairRules, Pairs, Rows, call_of, form_page, pairs_body, row_list};
use crate::pages::things;
use crate::router;
use crate::sheet::Change;
use crate::words;
use crate::words::registrations as texts;

/// Tags of a registration (table 4-473).
const TAGS: PairRules = PairRules {
    count: &node_rules::NODE_TAGS,
    key: &common::LABEL_KEY,
    value: &common::LABEL_VALUE,
    empty_value: true,
    path: "product.tags",
};

/// A property as typed (tables 4-471 and 4-472).
#[derive(Clone, Copy)]
struct Property {
    name: RwSignal<String>,
    value: RwSignal<String>,
    kind: RwSignal<String>,
}

impl Property {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            value: RwSignal::new(String::new()),
            // The only type in the reference's examples.
            kind: RwSignal::new("string".to_owned()),
        }
    }

    fn body(self) -> (String, Value) {
        let mut body = Map::new();
        body.insert("value".to_owned(), self.value.get().into());
        let kind = self.kind.get();
        if !kind.is_empty() {
            body.insert("metadata".to_owned(), json!({ "type": kind }));
        }
        (self.name.get(), body.into())
    }
}

pub(super) fn create() -> AnyView {
    form_page((KIND.list, KIND.title), texts::create, form())
}

fn form() -> AnyView {
    let form = Form::new();
    let name = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    let tags = Rows::new();
    let properties = Rows::new();
    let body = move || {
        let attributes: Map<String, Value> = properties
            .get()
            .into_iter()
            .map(|(_, property): (u32, Property)| property.body())
            .collect();
        json!({ "product": {
            "name": name.get(),
            "description": description.get(),
            "attributes": attributes,
            "tags": pairs_body(tags),
        }})
    };
    let submit = move || {
        let name = name.get_untracked();
        let call = Call {
            body: Some(untrack(body)),
            ..call_of("create_product", &[], &[])
        };
        let change = Change::new(texts::create_title(&name), texts::sentence(&name), call)
            .target(KIND.resource.kind, "", &name)
            .button(texts::create)
            .done(texts::created(&name))
            .package(format!("{name}.tar.gz"));
        things::create(&KIND, form, change);
    };
    view! {
        <FormFrame form=form on_submit=submit>
            <Notice tone=Tone::Info text=texts::once />
            <Section title=texts::section>
                <TextField
                    label=texts::name
                    value=name
                    rule=&rules::BATCH_NAME
                    help=words::rules::batch_name
                    path="product.name"
                    required=true
                    autofocus=true
                />
                <TextField
                    label=texts::description
                    value=description
                    rule=&rules::BATCH_DESCRIPTION
                    kind=FieldKind::Lines
                    path="product.description"
                />
            </Section>
            <Section title=texts::tags>
                <p class="second">{texts::tags_help}</p>
                <Pairs rows=tags limits=TAGS add=words::nodes::attributes::add_tag />
            </Section>
            <Section title=texts::properties>
                <p class="second">{texts::properties_help}</p>
                <Properties rows=properties />
            </Section>
            <div class="form-actions">
                <Button label=words::kit::cancel on_press=|| router::go(KIND.list) />
                <Button label=words::kit::review look=Look::Primary submit=true />
            </div>
        </FormFrame>
    }
    .into_any()
}

#[component]
fn Properties(rows: Rows<Property>) -> AnyView {
    let fields = move |_: usize, property: Property| {
        let unique: Check = Arc::new(move |name: &str| {
            let same = rows.get().into_iter();
            let same = same.filter(|(_, it)| it.name.with(|known| known == name));
            match same.count() {
                0 | 1 => Ok(()),
                _ => Err(words::kit::name_twice.get().to_owned()),
            }
        });
        view! {
            <TextField
                label=texts::property
                value=property.name
                rule=&rules::PRODUCT_ATTRIBUTE_KEY
                check=unique
                required=true
            />
            <TextField label=texts::value value=property.value rule=&rules::PRODUCT_ATTRIBUTE_VALUE />
            <TextField label=texts::r#type value=property.kind kind=FieldKind::Code />
        }
        .into_any()
    };
    row_list(
        rows,
        texts::add_property,
        None,
        Property::new,
        "product-property",
        fields,
    )
}
