//! How a word stands in a view: as a text or an attribute that follows the language.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::html::attribute::IntoAttributeValue;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use leptos::tachys::view::IntoRender;

use super::Word;

impl IntoRender for Word {
    type Output = AnyView;

    fn into_render(self) -> AnyView {
        (move || self.get()).into_any()
    }
}

impl IntoAttributeValue for Word {
    type Output = SharedReactiveFunction<&'static str>;

    fn into_attribute_value(self) -> Self::Output {
        Arc::new(Mutex::new(move || self.get()))
    }
}
