//! What `start.js` asked for before the interface was there to ask.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Takes the answer to something asked for beforehand: a command by its name, a file by its. The second time, and
/// for what nobody asked for, there is none.
pub async fn take(name: &str) -> Option<Result<JsValue, JsValue>> {
    let asked = Reflect::get(&js_sys::global(), &"beforehand".into()).ok()?;
    let promise: Promise = Reflect::get(&asked, &name.into()).ok()?.dyn_into().ok()?;
    // It is an object of ours, whose properties can go.
    let _ = Reflect::delete_property(asked.unchecked_ref::<Object>(), &name.into());
    Some(JsFuture::from(promise).await)
}
