//! Batch registration of nodes (section 4.12). The reference calls such a registration a product: machines that
//! carry its package register themselves as nodes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::node::KeyValue;
use crate::node_group::check_labels;
use crate::operation::{Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, batch as rules};
use crate::time::Timestamp;
use crate::wire::Nothing;
use crate::{operation, wire};

operation! {
    /// POST /v2/{project_id}/productmgr/products
    ///
    /// Creates a registration. The answer carries, once and never again, the package and the credential that
    /// machines register with. Section 4.12.1.
    CreateProduct = "create_product", Post "/v2/{project_id}/productmgr/products" {
        path: {},
        query: {},
        body: CreateProductBody,
        response: ProductEnvelope,
        spec: {
            section: Some("4.12.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["product", "node"],
            secret_in_response: &["product.private_key", "product.package", "product.identifier"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/productmgr/products
    ///
    /// Lists registrations. `sort` is a field with `:asc` or `:desc` after it. Section 4.12.2.
    ListProducts = "list_products", Get "/v2/{project_id}/productmgr/products" {
        path: {},
        query: { limit: i64, offset: i64, sort: String },
        response: ProductList,
        spec: {
            section: Some("4.12.2"),
            // The reference names neither; those of other lists are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "products" }),
            secret_in_response: &["products.*.private_key", "products.*.package", "products.*.identifier"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/productmgr/products/{product_id}
    ///
    /// Deletes a registration. No more machines can register with it; nodes that have stay.
    /// Section 4.12.3.
    DeleteProduct = "delete_product", Delete "/v2/{project_id}/productmgr/products/{product_id}" {
        path: { product_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.12.3"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["product"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/productmgr/products/{product_id}
    ///
    /// Reads one registration, without its package. Section 4.12.4.
    ShowProductDetail = "show_product_detail", Get "/v2/{project_id}/productmgr/products/{product_id}" {
        path: { product_id },
        query: {},
        response: ProductEnvelope,
        spec: {
            section: Some("4.12.4"),
            secret_in_response: &["product.private_key", "product.package", "product.identifier"],
        }
    }
}

wire! {
    /// Body of [`CreateProduct`].
    pub struct CreateProductBody {
        /// The registration.
        pub product: Option<NewProduct>,
    }

    /// A registration to create (table 4-470).
    pub struct NewProduct {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Properties of the nodes that register with it.
        pub attributes: BTreeMap<String, ProductAttribute>,
        /// Tags.
        pub tags: Vec<KeyValue>,
    }

    /// A property (table 4-471). Text is read as one with that value.
    pub struct ProductAttribute from value {
        /// Value.
        pub value: Option<String>,
        /// What it is made of.
        pub metadata: Option<ProductMetadata>,
    }

    /// What a property is made of (table 4-472).
    pub struct ProductMetadata from kind {
        /// Type.
        #[name("type")]
        pub kind: Option<String>,
    }

    /// Answer of the operations that return one registration.
    pub struct ProductEnvelope {
        /// The registration.
        pub product: Option<Product>,
    }

    /// Answer of [`ListProducts`].
    pub struct ProductList {
        /// How many there are, on all pages.
        pub count: Option<i64>,
        /// The registrations of this page.
        pub products: Vec<Product>,
    }

    /// A registration (tables 4-475 and 4-483), without key, package and credential, which the client hands
    /// over separately.
    pub struct Product {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Properties.
        pub attributes: BTreeMap<String, ProductAttribute>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created, in seconds.
        pub created_at: Option<Timestamp>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// Certificate, PEM; only when just created.
        pub certificate: Option<String>,
        /// Root certificate, PEM; only when just created.
        pub ca: Option<String>,
    }
}

impl Resource for Product {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "product",
        list: ListProducts::SPEC,
        show: Some(ShowProductDetail::SPEC),
        id_parameter: "product_id",
        envelope: "product",
        // The service has one, but no type to ask for it (table 4-524).
        quota: None,
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("attributes", ColumnKind::Integer),
            Column::new("tag", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::length(self.attributes.len()),
            Cell::set(self.tags.iter().map(|tag| Cow::Owned(tag.joined()))),
            Cell::timestamp(self.created_at),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for CreateProductBody {
    fn check(&self, violations: &mut Violations) {
        let Some(product) = &self.product else {
            violations.add("product", &rules::BATCH_NAME, Problem::Missing);
            return;
        };
        violations.at("product", |violations| {
            violations.required("name", &rules::BATCH_NAME, product.name.as_deref());
            let description = product.description.as_deref();
            violations.optional("description", &rules::BATCH_DESCRIPTION, description);
            let attributes = &product.attributes;
            violations.at("attributes", |violations| {
                for (key, attribute) in attributes {
                    let rule = &rules::PRODUCT_ATTRIBUTE_KEY;
                    violations.result(key, rule, rule.text(key));
                    let value = attribute.value.as_deref();
                    violations.at(key, |violations| {
                        violations.optional("value", &rules::PRODUCT_ATTRIBUTE_VALUE, value);
                    });
                }
            });
            check_labels(&product.tags, violations);
        });
    }
}
