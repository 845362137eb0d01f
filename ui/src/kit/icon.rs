//! Drawn icons: 16 × 16, strokes of 1.5, one path each.

use leptos::prelude::*;

/// Declares the icons with their paths.
macro_rules! glyphs {
    ($($name:ident = $path:literal,)+) => {
        /// A drawn icon.
        #[allow(dead_code, reason = "the set is drawn as a whole, whichever of it the pages of the day use")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Glyph { $($name),+ }

        impl Glyph {
            /// The path of its strokes on a grid of 16 × 16.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }
        }
    };
}

glyphs! {
    Plus = "M8 3v10M3 8h10",
    Minus = "M3 8h10",
    Close = "M4 4l8 8M12 4l-8 8",
    Check = "M3 8.5l3.5 3.5L13 4.5",
    ChevronDown = "M4 6l4 4 4-4",
    ChevronUp = "M4 10l4-4 4 4",
    ChevronRight = "M6 4l4 4-4 4",
    ChevronLeft = "M10 4L6 8l4 4",
    ArrowLeft = "M13 8H3M7 4L3 8l4 4",
    ArrowRight = "M3 8h10M9 4l4 4-4 4",
    ArrowUp = "M8 13V3M4 7l4-4 4 4",
    ArrowDown = "M8 3v10M4 9l4 4 4-4",
    Search = "M7 12A5 5 0 107 2a5 5 0 000 10zM10.6 10.6L14 14",
    Filter = "M2 4h12M4.5 8h7M6.5 12h3",
    Refresh = "M13.5 8a5.5 5.5 0 11-1.7-4M13.5 2v3.5H10",
    Lock = "M4 7.5h8a.5.5 0 01.5.5v5a.5.5 0 01-.5.5H4a.5.5 0 01-.5-.5V8a.5.5 0 01.5-.5zM5.5 7.5V5a2.5 2.5 0 015 0v2.5",
    Unlock = "M4 7.5h8a.5.5 0 01.5.5v5a.5.5 0 01-.5.5H4a.5.5 0 01-.5-.5V8a.5.5 0 01.5-.5zM5.5 7.5V4.5a2.5 2.5 0 014.8-1",
    Copy = "M6 5.5h7v8H6zM10 5.5v-3H3v8h3",
    More = "M3.5 8h.01M8 8h.01M12.5 8h.01",
    Overview = "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 9.5h4.5v4H2.5z",
    Node = "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01M8 5h3M8 11h3",
    Group = "M2.5 2.5h5v5h-5zM8.5 8.5h5v5h-5zM10 5h3.5M11.7 3.2v3.6M2.5 11h3.5M4.3 9.2v3.6",
    Deployment = "M8 1.8l5.5 3v6.4L8 14.2l-5.5-3V4.8zM2.7 4.9L8 7.8l5.3-2.9M8 7.8v6.2",
    Device = "M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14",
    Template = "M3 2.5h10v11H3zM3 6h10M6.5 6v7.5",
    App = "M8 2l6 3-6 3-6-3zM2.4 8.1L8 10.9l5.6-2.8M2.4 11.1L8 13.9l5.6-2.8",
    Config = "M3 4.5h5M11 4.5h2M3 11.5h2M8 11.5h5M9.5 3v3M6.5 10v3",
    Secret = "M6 13a3 3 0 100-6 3 3 0 000 6zM8.2 8L13.5 2.7M11 5.2l2 2",
    Encrypted = "M3 2.5h10v11H3zM6 8h4v3H6zM6.7 8V6.5a1.3 1.3 0 012.6 0V8",
    Service = "M8 6a2 2 0 100-4 2 2 0 000 4zM3.5 14a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM12.5 14a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM8 6v2.5M3.5 11V8.5h9V11",
    Journal = "M4 2.5h9v11H4a1.5 1.5 0 01-1.5-1.5V4A1.5 1.5 0 014 2.5zM5.5 2.5v11M8 6h3M8 8.5h3",
    Task = "M2.5 4l1 1 1.5-2M2.5 8.5l1 1L5 7.5M2.5 13l1 1L5 12M7.5 4h6M7.5 8.5h6M7.5 13h6",
    Quota = "M2.5 11.5a5.5 5.5 0 1111 0M8 11.5l3-4",
    Explorer = "M6 4L2.5 8 6 12M10 4l3.5 4-3.5 4",
    Settings = "M8 10a2 2 0 100-4 2 2 0 000 4zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6l1.4 1.4M11 11l1.4 1.4M3.6 12.4L5 11M11 5l1.4-1.4",
    Keyboard = "M1.5 4.5h13v7h-13zM4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 9.3h6",
    Profile = "M8 8a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM3 13.5c.4-2.6 2.4-4 5-4s4.6 1.4 5 4",
    Warning = "M8 2.5l6 11H2zM8 6.5v3.5M8 11.8h.01",
    Info = "M8 14A6 6 0 108 2a6 6 0 000 12zM8 7.5V11M8 5.2h.01",
    Trash = "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9M6.7 7v4M9.3 7v4",
    Edit = "M3 13l.6-3L11 2.6l2.4 2.4L6 12.4zM9.5 4.1l2.4 2.4",
    Play = "M5 3l8 5-8 5z",
    Stop = "M4 4h8v8H4z",
    Pause = "M5.5 3.5v9M10.5 3.5v9",
    Save = "M8 2.5v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
    Open = "M8 10.5v-8M4.5 6L8 2.5 11.5 6M2.5 13.5h11",
    Columns = "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
    Link = "M6.7 9.3l2.6-2.6M7.5 4.8l1.3-1.3a2.6 2.6 0 013.7 3.7l-1.3 1.3M8.5 11.2l-1.3 1.3a2.6 2.6 0 01-3.7-3.7l1.3-1.3",
    Unlink = "M7.5 4.8l1.3-1.3a2.6 2.6 0 013.7 3.7l-1.3 1.3M8.5 11.2l-1.3 1.3a2.6 2.6 0 01-3.7-3.7l1.3-1.3M3 3l10 10",
    Panel = "M2.5 3h11v10h-11zM9.5 3v10",
    Rail = "M2.5 3h11v10h-11zM6 3v10",
    External = "M9 2.5h4.5V7M13.5 2.5L7.5 8.5M11.5 9v4.5h-9v-9H7",
    Eye = "M1.5 8s2.4-4.5 6.5-4.5S14.5 8 14.5 8 12.1 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 100-4 2 2 0 000 4z",
    EyeOff = "M2.5 2.5l11 11M6.3 3.7A6.5 6.5 0 018 3.5c4.1 0 6.5 4.5 6.5 4.5a12 12 0 01-2 2.5M9.9 12.2a6.5 6.5 0 01-1.9.3C3.9 12.5 1.5 8 1.5 8a12 12 0 012.3-2.8",
    Clock = "M8 14A6 6 0 108 2a6 6 0 000 12zM8 4.8V8l2.3 1.5",
    Certificate = "M2.5 2.5h11v7.5h-11zM5 5h6M5 7.3h3M10.7 9.8a1.6 1.6 0 100-.1M9.8 11v3l1-.7 1 .7v-3",
    Globe = "M8 14A6 6 0 108 2a6 6 0 000 12zM2 8h12M8 2c2 1.7 2.8 3.7 2.8 6S10 12.3 8 14c-2-1.7-2.8-3.7-2.8-6S6 3.7 8 2",
    Upgrade = "M8 12.5V4M4.5 7.5L8 4l3.5 3.5M3 14h10",
    Drag = "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
    Cloud = "M4.5 12.5a3 3 0 01-.3-6 4 4 0 017.8.9 2.6 2.6 0 01-.5 5.1z",
    Simulator = "M6 2.5h4M7 2.5v4l-3.7 6.2a.6.6 0 00.5.8h8.4a.6.6 0 00.5-.8L9 6.5v-4M5.3 10h5.4",
    Star = "M8 2.5l1.7 3.5 3.8.5-2.8 2.7.7 3.8L8 11.2 4.6 13l.7-3.8L2.5 6.5l3.8-.5z",
    Twin = "M2.5 4.5h7v7h-7zM9.5 6.5h4v7h-7v-2",
    Endpoint = "M8 9.5a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM5.2 10.8a4 4 0 010-5.6M10.8 5.2a4 4 0 010 5.6M3.1 12.9a7 7 0 010-9.8M12.9 3.1a7 7 0 010 9.8",
    Route = "M3.5 5a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM12.5 14a1.5 1.5 0 100-3 1.5 1.5 0 000 3zM5 3.5h4.3a2.2 2.2 0 010 4.5H6.7a2.2 2.2 0 000 4.5H11",
    Bell = "M4 11.5V7a4 4 0 018 0v4.5M2.5 11.5h11M6.8 13.8h2.4",
    Enrol = "M2.5 9h11v4.5h-11zM5 11.2h.01M8 11.2h3M8 6.5v-4M5.8 4.7L8 2.5l2.2 2.2",
    Batch = "M2.5 6h7.5v7.5H2.5zM5 6V2.5h8.5V11H10M4.5 9.8l1.4 1.4L8.3 8.5",
    Package = "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6M5.2 3.5L10.8 6.6",
    Tag = "M2.5 2.5h5l6 6-5 5-6-6zM5.3 5.3h.01",
}

/// Draws an icon. It says nothing to a screen reader: what it stands beside has to.
pub fn icon(glyph: Glyph) -> AnyView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=glyph.path()></path>
        </svg>
    }
    .into_any()
}
