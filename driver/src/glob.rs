//! Shell patterns: `*`, `?`, `[a-z]`, `[!a]` in one name, and `**` across folders, as cargo reads them in `members` and `-p`.

use crate::paths;
use std::path::{Path, PathBuf};

/// Whether a text is a pattern rather than a plain name.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether `name` fits `pattern`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut read) = (0, 0);
    // Where the last `*` stands, and how much of the name it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, read));
            at += 1;
            continue;
        }
        if let Some(width) = matches_one(&pattern[at..], name[read]) {
            at += width;
            read += 1;
            continue;
        }
        let Some((star_at, taken)) = star else {
            return false;
        };
        star = Some((star_at, taken + 1));
        at = star_at + 1;
        read = taken + 1;
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// How many characters of the pattern's head match `character`; `None` where they do not.
fn matches_one(pattern: &[char], character: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            // A `]` right after the opening (or after `!`) is a member of the set.
            let negated = pattern.get(1) == Some(&'!');
            let first = 1 + usize::from(negated);
            let end = pattern.iter().skip(first + 1).position(|c| *c == ']')? + first + 1;
            let found = in_set(&pattern[first..end], character);
            (found != negated).then_some(end + 1)
        }
        plain => (*plain == character).then_some(1),
    }
}

fn in_set(mut set: &[char], character: char) -> bool {
    loop {
        match set {
            [low, '-', high, rest @ ..] => {
                if (*low..=*high).contains(&character) {
                    return true;
                }
                set = rest;
            }
            [one, rest @ ..] => {
                if *one == character {
                    return true;
                }
                set = rest;
            }
            [] => return false,
        }
    }
}

/// Whether a path, or a folder that it lies in, fits a pattern; both by their components. `**` stands for any number of them.
pub(crate) fn matches_path(pattern: &[&str], path: &[String]) -> bool {
    // `reached[i]`: what was read of the path so far fits the first `i` components of the pattern.
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip_double_stars(pattern, &mut reached);
    for name in path {
        if reached[pattern.len()] {
            return true;
        }
        let mut next = vec![false; pattern.len() + 1];
        for (index, part) in pattern.iter().enumerate().filter(|(index, _)| reached[*index]) {
            if *part == "**" {
                next[index] = true;
            } else if matches(part, name) {
                next[index + 1] = true;
            }
        }
        skip_double_stars(pattern, &mut next);
        reached = next;
    }
    reached[pattern.len()]
}

fn skip_double_stars(pattern: &[&str], reached: &mut [bool]) {
    for (index, part) in pattern.iter().enumerate() {
        if *part == "**" && reached[index] {
            reached[index + 1] = true;
        }
    }
}

/// The folders under `base` that fit a pattern of several components, in order.
pub(crate) fn folders(base: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![base.to_path_buf()];
    let mut components: Vec<&str> = pattern.split(['/', '\\']).filter(|component| !component.is_empty()).collect();
    // One after another, they mean what one of them means.
    components.dedup_by(|later, first| *later == "**" && *first == "**");
    for component in components {
        let mut next = Vec::new();
        for folder in found {
            match component {
                "." => next.push(folder),
                ".." => next.push(paths::normal(&folder.join(".."))),
                "**" => descend(&folder, &mut next),
                _ if is_pattern(component) => {
                    // Unlike in a shell, a star reaches hidden folders: cargo reads it so.
                    next.extend(child_folders(&folder).into_iter().filter(|child| {
                        let name = child.file_name().unwrap_or_default().to_string_lossy();
                        matches(component, &name)
                    }))
                }
                _ => next.push(folder.join(component)),
            }
        }
        // Each folder is gone on from once, by however many ways it is reached.
        next.sort();
        next.dedup();
        found = next;
    }
    found.into_iter().filter(|folder| folder.is_dir()).collect()
}

/// The folder and every folder below it, links not followed.
fn descend(folder: &Path, into: &mut Vec<PathBuf>) {
    let walk = walkdir::WalkDir::new(folder).into_iter();
    into.extend(walk.flatten().filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path));
}

fn child_folders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut children: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    children.sort();
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name) in [
            ("*", "anything"),
            ("foo-*", "foo-bar"),
            ("f?o", "fxo"),
            ("*-sys", "a-b-sys"),
            ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"),
            ("a*b*c", "aXbYbc"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("foo-*", "foo"), ("f?o", "fo"), ("[a-c]x", "dx"), ("a*b", "abc"), ("[", "[")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn folders_of_a_pattern() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for folder in ["crates/a", "crates/b", "crates/.hidden", "tools/x/y"] {
            std::fs::create_dir_all(dir.path().join(folder)).expect("a folder");
        }
        let names = |pattern: &str| -> Vec<String> {
            folders(dir.path(), pattern).iter().map(|found| paths::display_from(dir.path(), found)).collect()
        };
        assert_eq!(names("crates/*"), ["crates/.hidden", "crates/a", "crates/b"]);
        assert_eq!(names("tools/**"), ["tools", "tools/x", "tools/x/y"]);
        assert_eq!(names("crates/a"), ["crates/a"]);
        assert_eq!(names("none/*"), Vec::<String>::new());
        // Each of these reaches every folder once, not once for each way.
        assert_eq!(names("tools/**/**/**"), names("tools/**"));
        assert_eq!(names(&format!("{}tools", "*/../".repeat(40))), ["tools"]);
    }
}
