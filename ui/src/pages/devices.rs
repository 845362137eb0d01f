//! End devices: the list, one device with its twin and its binding, and the forms.

use leptos::prelude::*;

mod actions;
mod attribute_editor;
mod binding;
mod detail;
pub mod draft;
mod list;
mod register;
mod setting_fields;
mod settings;
pub mod show;
mod twin;
mod twin_edit;
mod twin_editor;
mod update;

pub use attribute_editor::AttributeEditor;
pub use register::{property_sections, protocol_radio};
pub use twin_editor::TwinEditor;
pub use update::gone_keys;

/// The list, one device, or a form.
pub fn page(path: Vec<String>) -> AnyView {
    let mut path = path.into_iter();
    match (path.next(), path.next().as_deref()) {
        (None, _) => list::view(),
        (Some(id), None) if id == "new" => register::view(),
        (Some(id), Some("edit")) => update::view(id),
        (Some(id), _) => detail::view(id),
    }
}
