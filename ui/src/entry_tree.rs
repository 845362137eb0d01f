//! What an archive holds, as lines of a tree.
//!
//! An archive lists paths in any order, with folders or without. The tree has a line for each entry, in the order in
//! which the archive first leads to it, and one for each folder that only paths tell of.

use std::collections::HashMap;

/// So deep folders have lines of their own. What lies deeper is named by the rest of its path.
const DEEPEST: usize = 16;

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it lies, from 0.
    pub depth: usize,
    /// Its last part.
    pub name: String,
    /// The entry it stands for, by its place in the archive. None for a folder that only paths tell of.
    pub entry: Option<usize>,
    /// Whether something lies below it, or could.
    pub folder: bool,
    /// The lines above it that it lies in, from the outside in.
    pub within: Vec<usize>,
}

struct Branch {
    name: String,
    entry: Option<usize>,
    folder: bool,
    below: Vec<usize>,
}

/// Lays entries out: each with its path and whether it is a folder.
pub fn lines<'a>(entries: impl IntoIterator<Item = (&'a str, bool)>) -> Vec<Line> {
    let mut tree = Tree::default();
    for (at, (path, folder)) in entries.into_iter().enumerate() {
        tree.add(at, path, folder);
    }
    tree.lines()
}

#[derive(Default)]
struct Tree {
    branches: Vec<Branch>,
    top: Vec<usize>,
    /// Folders by the one they lie in and their name.
    folders: HashMap<(Option<usize>, String), usize>,
}

impl Tree {
    fn add(&mut self, at: usize, path: &str, folder: bool) {
        let mut parts: Vec<&str> = path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        // What has no name of its own stands as the archive has it.
        let mut last = parts.pop().unwrap_or(path).to_owned();
        if parts.len() > DEEPEST {
            let rest = parts.split_off(DEEPEST).join("/");
            last = format!("{rest}/{last}");
        }
        let mut within = None;
        for part in parts {
            within = Some(self.folder(within, part));
        }
        if folder {
            let known = self.folder(within, &last);
            // A folder that is there twice stands twice: that it is, is worth seeing.
            if self.branches[known].entry.is_none() {
                self.branches[known].entry = Some(at);
                return;
            }
        }
        self.push(within, &last, Some(at), folder);
    }

    fn folder(&mut self, within: Option<usize>, name: &str) -> usize {
        let key = (within, name.to_owned());
        if let Some(known) = self.folders.get(&key) {
            return *known;
        }
        let made = self.push(within, name, None, true);
        self.folders.insert(key, made);
        made
    }

    fn push(
        &mut self,
        within: Option<usize>,
        name: &str,
        entry: Option<usize>,
        folder: bool,
    ) -> usize {
        let made = self.branches.len();
        self.branches.push(Branch {
            name: name.to_owned(),
            entry,
            folder,
            below: Vec::new(),
        });
        match within {
            Some(within) => self.branches[within].below.push(made),
            None => self.top.push(made),
        }
        made
    }

    /// Without recursion: whoever wrote the archive chose how deep it goes.
    fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::with_capacity(self.branches.len());
        let mut waiting: Vec<(usize, Vec<usize>)> =
            self.top.iter().rev().map(|at| (*at, Vec::new())).collect();
        while let Some((at, within)) = waiting.pop() {
            let branch = &self.branches[at];
            let mut inside = within.clone();
            inside.push(lines.len());
            lines.push(Line {
                depth: within.len(),
                name: branch.name.clone(),
                entry: branch.entry,
                folder: branch.folder,
                within,
            });
            let below = branch.below.iter().rev();
            waiting.extend(below.map(|at| (*at, inside.clone())));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[track_caller]
    fn check(entries: &[(&str, bool)], expected: &[(usize, &str, Option<usize>)]) {
        let found = lines(entries.iter().copied());
        let found: Vec<_> = found
            .iter()
            .map(|line| (line.depth, line.name.as_str(), line.entry))
            .collect();
        assert_eq!(found, expected, "{entries:?}");
    }

    #[test]
    fn entries_lie_in_their_folders() {
        check(
            &[("rootCA.crt", false), ("private_cert.key", false)],
            &[(0, "rootCA.crt", Some(0)), (0, "private_cert.key", Some(1))],
        );
        check(
            &[("a/", true), ("a/x", false), ("b", false), ("a/y", false)],
            &[
                (0, "a", Some(0)),
                (1, "x", Some(1)),
                (1, "y", Some(3)),
                (0, "b", Some(2)),
            ],
        );
    }

    #[test]
    fn folders_that_only_paths_tell_of_have_a_line() {
        check(
            &[("./opt/IEF/x", false), ("opt", true)],
            &[(0, "opt", Some(1)), (1, "IEF", None), (2, "x", Some(0))],
        );
    }

    #[test]
    fn what_is_there_twice_or_leads_outside_is_seen() {
        check(
            &[("a", false), ("a", false), ("../a", false), ("/", true)],
            &[
                (0, "a", Some(0)),
                (0, "a", Some(1)),
                (0, "..", None),
                (1, "a", Some(2)),
                (0, "/", Some(3)),
            ],
        );
        check(
            &[("d", true), ("d", true)],
            &[(0, "d", Some(0)), (0, "d", Some(1))],
        );
    }

    #[test]
    fn a_line_knows_what_it_lies_in() {
        let found = lines([("a/b/c", false), ("d", false)]);
        let within: Vec<_> = found.iter().map(|line| line.within.clone()).collect();
        assert_eq!(within, [vec![], vec![0], vec![0, 1], vec![]]);
    }

    #[test]
    fn a_deep_path_is_no_trouble() {
        let path = "x/".repeat(2_000);
        let found = lines([(path.as_str(), true)]);
        assert_eq!(found.len(), 17);
        assert_eq!(found[16].name.len(), 2 * (2_000 - 16) - 1);
    }
}
