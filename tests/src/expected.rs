//! Output kept beside the fixtures. With `BLESS=1` in the environment it is rewritten in place of compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Whether expected output is to be rewritten.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| !value.is_empty() && value != "0")
}

/// The files that should stand in some folders, with their texts.
#[derive(Debug, Default)]
pub struct Expected {
    files: BTreeMap<PathBuf, String>,
}

impl Expected {
    /// `path` should hold `text`.
    pub fn file(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, text);
    }

    /// `<stem>.<extension>` should hold what both editions gave, or one file each where they differ; no file stands for an
    /// empty text. `texts` holds the edition's name and its text.
    pub fn by_edition(&mut self, stem: &Path, extension: &str, texts: &[(&str, String)]) {
        let Some((_, first)) = texts.first() else {
            return;
        };
        if texts.iter().all(|(_, text)| text == first) {
            if !first.is_empty() {
                self.file(stem.with_extension(extension), first.clone());
            }
            return;
        }
        for (edition, text) in texts {
            if !text.is_empty() {
                self.file(stem.with_extension(format!("{edition}.{extension}")), text.clone());
            }
        }
    }

    /// Compares with what is there, or writes it. `present` are the files of this kind that are there now; those that
    /// nothing asks for are problems, or removed.
    pub fn settle(&self, present: &[PathBuf], problems: &mut Vec<String>) {
        for path in present.iter().filter(|path| !self.files.contains_key(*path)) {
            if is_blessing() {
                fs::remove_file(path).expect("a file that can be removed");
            } else {
                problems.push(format!("{}: nothing gives this output any more", shown(path)));
            }
        }
        for (path, text) in &self.files {
            let found = fs::read_to_string(path).ok();
            if found.as_ref() == Some(text) {
                continue;
            }
            if is_blessing() {
                fs::write(path, text).expect("a file that can be written");
                continue;
            }
            problems.push(match found {
                None => format!("{}: missing; BLESS=1 writes it", shown(path)),
                Some(found) => {
                    format!("{}: differs; BLESS=1 rewrites it\n{}", shown(path), first_difference(&found, text))
                }
            });
        }
    }
}

/// A path from the root of the checkout.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(crate::root()).unwrap_or(path).display().to_string()
}

fn first_difference(found: &str, wanted: &str) -> String {
    let (mut left, mut right) = (found.lines(), wanted.lines());
    let mut line = 1;
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (None, None) => return String::from("  only line endings differ"),
            (a, b) => {
                let text = |side: Option<&str>| side.unwrap_or("(end)").to_owned();
                return format!("  line {line}\n  kept: {}\n  now:  {}", text(a), text(b));
            }
        }
    }
}
