//! The two questions of WebDriver that its client library does not ask.

use fantoccini::elements::ElementRef;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use url::{ParseError, Url};

/// What accessibility says about an element.
#[derive(Debug)]
pub(super) enum Computed {
    Role(ElementRef),
    Name(ElementRef),
}

impl WebDriverCompatibleCommand for Computed {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&match self {
            Self::Role(element) => format!(
                "session/{session}/element/{}/computedrole",
                element.as_ref()
            ),
            Self::Name(element) => format!(
                "session/{session}/element/{}/computedlabel",
                element.as_ref()
            ),
        })
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
