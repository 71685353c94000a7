//! What is in force, as a `thread-lint.toml` that says where each value comes from.

use super::keys::KEYS;
use super::{Project, Source};
use crate::paths;
use std::path::Path;
use thread_lints::Settings;
use thread_lints::lint::{Level, Lint};

/// The settings in force. Paths are shown from `base`.
pub fn show(project: &Project, lints: &[&'static Lint], base: &Path) -> String {
    let mut text = String::new();
    for key in &KEYS {
        let source = project.sources.get(key.name);
        match (key.show)(project) {
            Some(value) => push(&mut text, &format!("{} = {value}", key.name), source, base),
            None if key.name != "lints" => text.push_str(&format!("# {} is not set\n", key.name)),
            None => {}
        }
    }
    text.push_str("\n[lints]\n");
    for lint in lints {
        let (level, source) = level(project, lint);
        push(&mut text, &format!("{} = \"{}\"", lint.name, level.as_str()), source, base);
    }
    text
}

fn push(text: &mut String, line: &str, source: Option<&Source>, base: &Path) {
    let source = match source {
        None => String::from("default"),
        Some(Source::CommandLine) => String::from("command line"),
        Some(Source::File(path, line)) => format!("{}:{line}", paths::display_from(base, path)),
    };
    text.push_str(&format!("{line:<50} # {source}\n"));
}

/// The level of a lint, and what made it so: the last of the levels that names the lint or changes its level.
fn level<'p>(project: &'p Project, lint: &Lint) -> (Level, Option<&'p Source>) {
    let mut settings = Settings::default();
    let mut level = settings.level_of(lint);
    let mut source = None;
    for (name, asked, from) in &project.levels {
        settings.levels.push((name.clone(), *asked));
        let now = settings.level_of(lint);
        let names_it = *name == lint.name || lint.groups().any(|group| group == name);
        if now != level || (names_it && level != Level::Forbid) {
            (level, source) = (now, Some(from));
        }
    }
    (level, source)
}
