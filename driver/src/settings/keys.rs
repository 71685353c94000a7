//! Every key of the settings, with what it means, what its value may be, and how that is put in force and shown.

use super::{Exclusion, Place, Problem, Project, Source};
use crate::levels::known_name;
use crate::nearest::nearest;
use serde_json::json;
use std::ops::Range;
use thread_lints::lint::{Level, Lint};
use thread_lints::registry;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// What came of a value; `None` where it is of another kind than its key wants.
pub(super) type Applied = Option<Result<(), Vec<Problem>>>;

/// A key of the settings.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// What its value has to be, for messages.
    pub(super) wants: &'static str,
    /// An example, as it stands in a file.
    pub(super) example: &'static str,
    /// What it means: Markdown, one paragraph.
    pub(super) meaning: &'static str,
    /// The JSON schema of its value.
    pub(super) schema: fn() -> serde_json::Value,
    /// Puts a value in force.
    pub(super) apply: fn(&Place<'_>, &Value<'_>, &mut Project) -> Applied,
    /// What is in force, as it would stand in a file; `None` where it takes more than a line.
    pub(super) show: fn(&Project) -> Option<toml::Value>,
}

/// Every key, in alphabetical order.
pub(super) static KEYS: [Key; 7] = [
    Key {
        name: "exclude",
        wants: "a list of patterns of paths",
        example: "exclude = [\"src/generated\", \"**/*_pb.rs\"]",
        meaning: "Files and folders in which nothing is reported; they are read all the same. Patterns as in `members` of a \
                  workspace, from the settings' folder. A file that is named on the command line is reported on",
        schema: || json!({ "type": "array", "items": { "type": "string" } }),
        apply: |place, value, project| {
            let patterns = texts(value)?;
            project.exclude = patterns.iter().map(|(text, _)| Exclusion::new(place.folder(), text)).collect();
            Some(Ok(()))
        },
        show: |project| Some(project.exclude.iter().map(Exclusion::pattern).collect::<Vec<_>>().into()),
    },
    Key {
        name: "lints",
        wants: "a table of lints or groups with their levels",
        example: "lints.join = \"deny\"",
        meaning: "Levels by lint or group in the shape of Cargo's `[lints]`: `\"allow\"`, `\"warn\"`, `\"deny\"`, `\"forbid\"`, \
                  or `{ level = \"warn\", priority = -1 }`. Higher priorities win, among equals a lint wins over a group; \
                  levels on the command line come after",
        schema: lints_schema,
        apply: |place, value, project| Some(lints(place, value.get_ref().as_table()?, project)),
        show: |_| None,
    },
    Key {
        name: "max-call-depth",
        wants: "a whole number",
        example: "max-call-depth = 3",
        meaning: "How many calls deep a finding may reach",
        schema: || json!({ "type": "integer", "minimum": 0, "default": 3 }),
        apply: |_, value, project| {
            let number = value.get_ref().as_integer()?;
            project.settings.max_call_depth = u32::from_str_radix(number.as_str(), number.radix()).ok()?;
            Some(Ok(()))
        },
        show: |project| Some(i64::from(project.settings.max_call_depth).into()),
    },
    Key {
        name: "msrv",
        wants: "a version of Rust such as `\"1.70\"`",
        example: "msrv = \"1.70\"",
        meaning: "The oldest Rust that suggestions may ask for, in place of each package's `rust-version`",
        schema: || json!({ "type": "string", "pattern": "^[0-9]+\\.[0-9]+(\\.[0-9]+)?$" }),
        apply: |_, value, project| {
            project.msrv = Some(version(value.get_ref().as_str()?)?);
            Some(Ok(()))
        },
        show: |project| {
            let (major, minor) = project.msrv?;
            Some(format!("{major}.{minor}").into())
        },
    },
    Key {
        name: "process-lifetime-threads",
        wants: "a list of names of threads",
        example: "process-lifetime-threads = [\"metrics\"]",
        meaning: "Names of threads (as given to a `Builder`) that end with the process on purpose",
        schema: || json!({ "type": "array", "items": { "type": "string" } }),
        apply: |_, value, project| {
            let names = texts(value)?.into_iter().map(|(name, _)| name.to_owned());
            project.settings.process_lifetime_threads = names.collect();
            Some(Ok(()))
        },
        show: |project| Some(project.settings.process_lifetime_threads.clone().into()),
    },
    Key {
        name: "stubs",
        wants: "a list of paths of Rust files",
        example: "stubs = [\"stubs/house_workers.rs\"]",
        meaning: "Descriptions of libraries that the catalogue does not know: Rust signatures with `#[effect(..)]`, written as \
                  [the catalogue's own](lints/catalog/README.md). The file bears the library's name; it takes the place of a file of \
                  the catalogue of that name. Paths start at the settings' folder",
        schema: || json!({ "type": "array", "items": { "type": "string", "pattern": "\\.rs$" } }),
        apply: |place, value, project| {
            let mut problems = Vec::new();
            for (path, span) in texts(value)? {
                match place.stub(path, span) {
                    Ok((path, stub)) => {
                        project.settings.stubs.push(stub);
                        project.stub_paths.push(path);
                    }
                    Err(found) => problems.extend(found),
                }
            }
            Some(if problems.is_empty() { Ok(()) } else { Err(problems) })
        },
        show: |project| {
            let paths = project.stub_paths.iter().map(|path| crate::paths::with_slashes(path));
            Some(paths.collect::<Vec<String>>().into())
        },
    },
    Key {
        name: "tests",
        wants: "`true` or `false`",
        example: "tests = true",
        meaning: "Lint test code too, as `--tests` does",
        schema: || json!({ "type": "boolean", "default": false }),
        apply: |_, value, project| {
            project.settings.tests = value.get_ref().as_bool()?;
            Some(Ok(()))
        },
        show: |project| Some(project.settings.tests.into()),
    },
];

/// The keys as a table in Markdown.
pub fn readme_table() -> String {
    let rows = KEYS.iter().map(|key| format!("| `{}` | {} |\n", key.example, key.meaning));
    format!("| Key | Meaning |\n|---|---|\n{}", rows.collect::<String>())
}

/// A list of texts, each with its place.
fn texts<'v>(value: &'v Value<'_>) -> Option<Vec<(&'v str, Range<usize>)>> {
    let list = value.get_ref().as_array()?;
    list.iter().map(|text| Some((text.get_ref().as_str()?, text.span()))).collect()
}

/// Major and minor of `1.70` or `1.70.0`.
fn version(text: &str) -> Option<(u32, u32)> {
    let parts: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
    match parts?[..] {
        [major, minor] | [major, minor, _] => Some((major, minor)),
        _ => None,
    }
}

const LEVELS: [(&str, Level); 4] =
    [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny), ("forbid", Level::Forbid)];

const LEVEL_SHAPE: &str =
    "a level is `\"allow\"`, `\"warn\"`, `\"deny\"`, `\"forbid\"` or `{ level = \"..\", priority = 0 }`";

fn lints_schema() -> serde_json::Value {
    let level = || json!({ "enum": LEVELS.map(|(name, _)| name) });
    let entry = json!({
        "anyOf": [
            level(),
            {
                "type": "object",
                "properties": { "level": level(), "priority": { "type": "integer", "default": 0 } },
                "required": ["level"],
                "additionalProperties": false
            }
        ]
    });
    let lints = registry::lints();
    let names = lints.iter().map(|lint| lint.name);
    let mut groups: Vec<&str> =
        lints.iter().flat_map(|lint| lint.groups()).chain(crate::levels::GENERAL_GROUPS).collect();
    groups.sort_unstable();
    groups.dedup();
    let properties: serde_json::Map<String, serde_json::Value> =
        names.chain(groups).map(|name| (name.to_owned(), json!({ "$ref": "#/$defs/level" }))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false, "$defs_entry": entry })
}

/// Reads the table of levels.
fn lints(place: &Place<'_>, table: &DeTable<'_>, project: &mut Project) -> Result<(), Vec<Problem>> {
    let known = registry::lints();
    let mut problems = Vec::new();
    let mut levels: Vec<(i64, bool, String, Level, Source)> = Vec::new();
    for (name, value) in table {
        let name_known = known_name(name.get_ref(), known);
        let level = level(place, value);
        match (name_known, level) {
            (Ok(known_name), Ok((level, priority))) => {
                let is_lint = known.iter().any(|lint: &&Lint| lint.name == known_name);
                levels.push((priority, is_lint, known_name, level, place.source(&name.span())));
            }
            (name_known, level) => {
                problems.extend(name_known.err().map(|reason| place.problem(&name.span(), reason)));
                problems.extend(level.err().into_iter().flatten());
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    // What holds comes last: the higher priority, then the special before the general.
    levels.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    project.levels = levels.into_iter().map(|(_, _, name, level, source)| (name, level, source)).collect();
    Ok(())
}

/// A level with its priority.
fn level(place: &Place<'_>, value: &Value<'_>) -> Result<(Level, i64), Vec<Problem>> {
    let shape = || place.problem(&value.span(), String::from(LEVEL_SHAPE));
    let named = |text: &str, span: &Range<usize>| {
        let known = LEVELS.iter().find(|(name, _)| *name == text);
        known.map(|(_, level)| *level).ok_or_else(|| {
            let mut reason = format!("unknown level `{text}`");
            if let Some(meant) = nearest(text, LEVELS.iter().map(|(name, _)| *name)) {
                reason.push_str(&format!("; did you mean `{meant}`?"));
            }
            place.problem(span, reason)
        })
    };
    match value.get_ref() {
        DeValue::String(text) => named(text, &value.span()).map(|level| (level, 0)).map_err(|problem| vec![problem]),
        DeValue::Table(table) => {
            let mut problems = Vec::new();
            let (mut level, mut priority) = (None, 0);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "level" => match value.get_ref().as_str().map(|text| named(text, &value.span())) {
                        Some(Ok(found)) => level = Some(found),
                        Some(Err(problem)) => problems.push(problem),
                        None => problems.push(shape()),
                    },
                    "priority" => {
                        let number = value.get_ref().as_integer();
                        match number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok()) {
                            Some(number) => priority = number,
                            None => {
                                let reason = String::from("`priority` wants a whole number");
                                problems.push(place.problem(&value.span(), reason));
                            }
                        }
                    }
                    other => {
                        let mut reason = format!("unknown key `{other}`");
                        if let Some(meant) = nearest(other, ["level", "priority"]) {
                            reason.push_str(&format!("; did you mean `{meant}`?"));
                        }
                        problems.push(place.problem(&key.span(), reason));
                    }
                }
            }
            match level {
                Some(level) if problems.is_empty() => Ok((level, priority)),
                Some(_) => Err(problems),
                None => {
                    problems.insert(0, shape());
                    problems.dedup();
                    Err(problems)
                }
            }
        }
        _ => Err(vec![shape()]),
    }
}
