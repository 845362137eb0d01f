//! An element of the page, found as assistive technology would find it.

use anyhow::{Context, Result, bail};
use fantoccini::Client;
use fantoccini::elements::Element as Handle;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::command::Computed;
use super::role::{Name, Role};

/// Picks what might be meant, so that the engine is asked about few elements only. What is in no way
/// visible is left out: it has no role for anyone.
const CANDIDATES: &str = r"
    const [root, selector, text] = arguments;
    const squash = it => (it ?? '').replace(/\s+/g, '').toLowerCase();
    const wanted = squash(text);
    const texts = it => [
        it.textContent, it.getAttribute('aria-label'), it.title, it.placeholder, it.value, it.alt,
        ...[...(it.labels ?? [])].map(label => label.textContent),
        ...(it.getAttribute('aria-labelledby') ?? '').split(' ').map(id => document.getElementById(id)?.textContent),
    ];
    return [...(root ?? document).querySelectorAll(selector)].filter(it =>
        it.checkVisibility({ visibilityProperty: true })
        && (wanted === '' || texts(it).some(one => typeof one === 'string' && squash(one).includes(wanted))));
";

/// An element of the page.
#[derive(Clone, Debug)]
pub struct Element {
    client: Client,
    handle: Handle,
}

/// The one element with this role and name below the root, as soon as there is one.
pub(super) async fn wait(
    client: &Client,
    root: Option<&Handle>,
    role: Role,
    name: &Name,
) -> Result<Element> {
    let what = format!("a {role} {name}");
    super::wait_for(&what, async || {
        let mut found = all(client, root, role, name).await?;
        if found.len() > 1 {
            bail!(
                "there are {} elements where {what} was expected",
                found.len()
            );
        }
        Ok(found.pop())
    })
    .await
}

/// All elements with this role and name below the root, in the order of the page.
pub(super) async fn all(
    client: &Client,
    root: Option<&Handle>,
    role: Role,
    name: &Name,
) -> Result<Vec<Element>> {
    let mut selector = format!("[role={role}]");
    for native in role.native() {
        selector.push(',');
        selector.push_str(native);
    }
    let root = serde_json::to_value(root)?;
    let candidates = client
        .execute(CANDIDATES, vec![root, json!(selector), json!(name.text())])
        .await?;
    let Value::Array(candidates) = candidates else {
        bail!("the page answered {candidates} when asked for elements");
    };

    let mut found = Vec::new();
    for candidate in candidates {
        let id = candidate
            .as_object()
            .and_then(|it| it.values().next())
            .and_then(Value::as_str)
            .with_context(|| format!("{candidate} is no element"))?;
        let handle = Handle::from_element_id(client.clone(), id.to_owned().into());
        let element = Element {
            client: client.clone(),
            handle,
        };
        match element.is(role, name).await {
            Ok(true) => found.push(element),
            Ok(false) => {}
            // The page has moved on between the two questions.
            Err(error) if is_stale(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

impl Element {
    /// The one visible element with this role and name inside this one, as soon as there is one.
    ///
    /// # Errors
    /// When there is none in time, or more than one.
    pub async fn find(&self, role: Role, name: impl Into<Name>) -> Result<Self> {
        wait(&self.client, Some(&self.handle), role, &name.into()).await
    }

    /// All visible elements with this role and name inside this one, none included.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn all(&self, role: Role, name: impl Into<Name>) -> Result<Vec<Self>> {
        all(&self.client, Some(&self.handle), role, &name.into()).await
    }

    /// Its role, as the engine computes it.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn role(&self) -> Result<String> {
        self.ask(Computed::Role(self.handle.element_id())).await
    }

    /// Its name, as the engine computes it.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn name(&self) -> Result<String> {
        self.ask(Computed::Name(self.handle.element_id())).await
    }

    /// The text it shows.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn text(&self) -> Result<String> {
        Ok(self.handle.text().await?)
    }

    /// An attribute, such as `aria-selected`.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn attribute(&self, name: &str) -> Result<Option<String>> {
        // The driver's own answer is not what was written: it makes addresses absolute, for one.
        let value = self
            .client
            .execute(
                "return arguments[0].getAttribute(arguments[1])",
                vec![serde_json::to_value(&self.handle)?, json!(name)],
            )
            .await?;
        Ok(value.as_str().map(str::to_owned))
    }

    /// What stands in a field.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn value(&self) -> Result<String> {
        Ok(self.handle.prop("value").await?.unwrap_or_default())
    }

    /// Whether it can be used.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn is_enabled(&self) -> Result<bool> {
        Ok(self.handle.is_enabled().await?)
    }

    /// Whether it is ticked, chosen or switched on.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn is_selected(&self) -> Result<bool> {
        Ok(self.handle.is_selected().await?)
    }

    /// Clicks it as soon as it can be clicked.
    ///
    /// # Errors
    /// When it stays disabled or covered, or is gone.
    pub async fn click(&self) -> Result<()> {
        super::wait_for("the element to be ready for a click", async || {
            match self.try_click().await {
                Ok(clicked) => Ok(clicked.then_some(Ok(()))),
                // Waiting does not bring it back.
                Err(error) if is_stale(&error) => Ok(Some(Err(error))),
                Err(error) => Err(error),
            }
        })
        .await?
    }

    /// Whether it could be clicked.
    async fn try_click(&self) -> Result<bool> {
        if !self.handle.is_enabled().await? {
            return Ok(false);
        }
        match self.handle.click().await {
            Ok(()) => Ok(true),
            Err(error) if is_covered(&error) => {
                // Under what stays at the edge of a page: someone would scroll it out of there.
                let handle = serde_json::to_value(&self.handle)?;
                let script = "arguments[0].scrollIntoView({ block: 'center' })";
                self.client.execute(script, vec![handle]).await?;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces what stands in it, as someone would who types.
    ///
    /// # Errors
    /// When it can't be typed into.
    pub async fn fill(&self, text: &str) -> Result<()> {
        self.click().await?;
        self.handle.send_keys(&format!("{}a", Key::Control)).await?;
        // The modifier stays down until the end of the keys of one call.
        self.handle
            .send_keys(&char::from(Key::Delete).to_string())
            .await?;
        if !text.is_empty() {
            self.handle.send_keys(text).await?;
        }
        Ok(())
    }

    /// What is painted of it, line by line; of a row, each cell on a line.
    ///
    /// # Errors
    /// When the element is gone.
    pub async fn painted(&self) -> Result<String> {
        let script = "const [it] = arguments;
            const cells = it.matches('[role=row]') ? [...it.querySelectorAll('[role=gridcell]')] : [];
            return (cells.length ? cells : [it]).map(it => it.innerText).join('\\n')";
        let element = serde_json::to_value(&self.handle)?;
        let shown = self.client.execute(script, vec![element]).await?;
        Ok(shown.as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys in it.
    ///
    /// # Errors
    /// When it can't have the focus.
    pub async fn press(&self, keys: &str) -> Result<()> {
        Ok(self.handle.send_keys(keys).await?)
    }

    /// Chooses an option of a native choice by what it says.
    ///
    /// # Errors
    /// When there is no such option.
    pub async fn choose(&self, option: &str) -> Result<()> {
        Ok(self.handle.select_by_label(option).await?)
    }

    async fn is(&self, role: Role, name: &Name) -> Result<bool> {
        if self.role().await? != role.name() {
            return Ok(false);
        }
        Ok(match name {
            Name::Shows(text) => self.painted().await?.contains(text),
            _ => name.matches(&self.name().await?),
        })
    }

    async fn ask(&self, question: Computed) -> Result<String> {
        let answer = self.client.issue_cmd(question).await?;
        Ok(answer.as_str().unwrap_or_default().to_owned())
    }
}

/// Whether an element has left the page.
pub(super) fn is_stale(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<CmdError>()
        .is_some_and(|it| it.is_stale_element_reference() || it.is_no_such_element())
}

/// Whether something lies over an element, as while a panel slides.
fn is_covered(error: &CmdError) -> bool {
    matches!(error, CmdError::Standard(it) if it.error == ErrorStatus::ElementClickIntercepted)
}
