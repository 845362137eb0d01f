//! What an element is, and what it is called, as assistive technology is told.

use std::fmt;

/// A role of WAI-ARIA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Says what happened, at once.
    Alert,
    /// Does something.
    Button,
    /// A cell of a table.
    Cell,
    /// On or off.
    Checkbox,
    /// The header of a column.
    ColumnHeader,
    /// A choice, or text with choices.
    Combobox,
    /// Something beside the content, such as a panel.
    Complementary,
    /// Asks for something before anything else.
    Dialog,
    /// Fields that belong together, to be sent as one.
    Form,
    /// A table whose cells can be worked on.
    Grid,
    /// A cell of a [`Role::Grid`].
    GridCell,
    /// Things that belong together.
    Group,
    /// A title.
    Heading,
    /// A picture.
    Img,
    /// Goes somewhere.
    Link,
    /// Choices, of which some are taken.
    Listbox,
    /// The page's content.
    Main,
    /// Actions to choose from.
    Menu,
    /// One action of a menu.
    MenuItem,
    /// Ways to other pages.
    Navigation,
    /// One choice of a listbox.
    Choice,
    /// How far something has come.
    Progressbar,
    /// One of several.
    Radio,
    /// A part of the page with a name.
    Region,
    /// A row of a table.
    Row,
    /// A text field to search with.
    Searchbox,
    /// A field for a number.
    Spinbutton,
    /// Says what is going on, when there is time.
    Status,
    /// On or off, at once.
    Switch,
    /// One of several panels' headings.
    Tab,
    /// A table.
    Table,
    /// What a tab shows.
    TabPanel,
    /// A text field.
    Textbox,
}

impl Role {
    /// Its name in WAI-ARIA.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Button => "button",
            Self::Cell => "cell",
            Self::Checkbox => "checkbox",
            Self::ColumnHeader => "columnheader",
            Self::Combobox => "combobox",
            Self::Complementary => "complementary",
            Self::Dialog => "dialog",
            Self::Form => "form",
            Self::Grid => "grid",
            Self::GridCell => "gridcell",
            Self::Group => "group",
            Self::Heading => "heading",
            Self::Img => "img",
            Self::Link => "link",
            Self::Listbox => "listbox",
            Self::Main => "main",
            Self::Menu => "menu",
            Self::MenuItem => "menuitem",
            Self::Navigation => "navigation",
            Self::Choice => "option",
            Self::Progressbar => "progressbar",
            Self::Radio => "radio",
            Self::Region => "region",
            Self::Row => "row",
            Self::Searchbox => "searchbox",
            Self::Spinbutton => "spinbutton",
            Self::Status => "status",
            Self::Switch => "switch",
            Self::Tab => "tab",
            Self::Table => "table",
            Self::TabPanel => "tabpanel",
            Self::Textbox => "textbox",
        }
    }

    /// The elements of HTML that can have this role without saying so. The engine decides which do.
    pub(super) fn native(self) -> &'static [&'static str] {
        match self {
            // WebKit tells a choice as a button that opens it.
            Self::Button => &["button", "input", "summary", "select"],
            Self::Cell | Self::GridCell => &["td"],
            Self::Checkbox | Self::Radio | Self::Searchbox | Self::Spinbutton | Self::Switch => {
                &["input"]
            }
            Self::ColumnHeader => &["th"],
            Self::Combobox | Self::Listbox => &["select", "input"],
            Self::Complementary => &["aside"],
            Self::Dialog => &["dialog"],
            Self::Form => &["form"],
            Self::Group => &["fieldset", "details", "optgroup"],
            Self::Heading => &["h1", "h2", "h3", "h4", "h5", "h6"],
            Self::Img => &["img", "svg"],
            Self::Link => &["a", "area"],
            Self::Main => &["main"],
            Self::Navigation => &["nav"],
            Self::Choice => &["option"],
            Self::Progressbar => &["progress"],
            Self::Region => &["section"],
            Self::Row => &["tr"],
            Self::Status => &["output"],
            Self::Table => &["table"],
            Self::Textbox => &["input", "textarea", "[contenteditable]"],
            Self::Alert | Self::Grid | Self::Menu | Self::MenuItem | Self::Tab | Self::TabPanel => {
                &[]
            }
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an element is called.
#[derive(Clone, Debug)]
pub enum Name {
    /// Exactly this.
    Is(String),
    /// Something with this in it.
    Has(String),
    /// Whatever it is called, with this in what it shows: rows and cells have no name of their own.
    Shows(String),
    /// Whatever it is called.
    Any,
}

impl Name {
    /// A name with this text in it.
    #[must_use]
    pub fn has(text: &str) -> Self {
        Self::Has(text.to_owned())
    }

    /// Something that shows this text.
    #[must_use]
    pub fn shows(text: &str) -> Self {
        Self::Shows(text.to_owned())
    }

    /// The text that occurs in every such name, or in what is shown.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Is(text) | Self::Has(text) | Self::Shows(text) => text,
            Self::Any => "",
        }
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Is(text) => text == name,
            Self::Has(text) => name.contains(text),
            Self::Shows(_) | Self::Any => true,
        }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::Is(text.to_owned())
    }
}

impl From<&String> for Name {
    fn from(text: &String) -> Self {
        Self::Is(text.clone())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(text) => write!(f, "called “{text}”"),
            Self::Has(text) => write!(f, "with “{text}” in its name"),
            Self::Shows(text) => write!(f, "that shows “{text}”"),
            Self::Any => f.write_str("of any name"),
        }
    }
}
