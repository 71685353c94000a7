//! Baselines: the findings that an old code base has already, kept in a file so that only new ones are reported.
//!
//! An entry names a lint, a path, the item around the finding and a hash of its line, with how many of these there are: an
//! edit above it does not wake it, an edit of its own line does. Each entry is a line of its own, in one order, so that the file
//! merges well.
//!
//! Invariants: an entry is stale only where the run could have found it: its file was read whole and reported on, or is gone, and its lint
//! ran or does not exist; what the run could not have found is kept.

use crate::load::Loaded;
use crate::{output_file, reason_of};
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use thread_lints::lint::Level;
use thread_lints::source::FileId;
use thread_lints::{Identity, Report, Settings, registry};

const VERSION: u32 = 1;

/// Findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: BTreeMap<Key, usize>,
}

/// What an entry is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    item: String,
    lint: String,
    line: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    item: String,
    lint: String,
    /// Sixteen hexadecimal digits.
    line: String,
    count: usize,
}

impl From<Identity> for Key {
    fn from(identity: Identity) -> Key {
        Key { path: identity.path, item: identity.item, lint: identity.lint.to_owned(), line: identity.line }
    }
}

impl Baseline {
    /// The findings of a report.
    pub fn of(loaded: &Loaded, report: &Report) -> Baseline {
        let mut entries = BTreeMap::new();
        for found in &report.diagnostics {
            *entries.entry(Identity::of(&loaded.workspace, found).into()).or_default() += 1;
        }
        Baseline { entries }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> anyhow::Result<Baseline> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| anyhow::anyhow!("cannot read the baseline `{shown}`: {}", reason_of(&error)))?;
        let document: Document = serde_json::from_str(&text).with_context(|| format!("broken baseline `{shown}`"))?;
        if document.version != VERSION {
            bail!("broken baseline `{shown}`: version {} is not known, only {VERSION}", document.version);
        }
        let mut entries = BTreeMap::new();
        for Entry { path, item, lint, line, count } in document.findings {
            let Ok(line) = u64::from_str_radix(&line, 16) else {
                bail!("broken baseline `{shown}`: `{line}` is no hash of a line");
            };
            *entries.entry(Key { path, item, lint, line }).or_default() += count;
        }
        Ok(Baseline { entries })
    }

    /// Writes a file.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let lines: Vec<String> = self
            .entries
            .iter()
            .map(|(key, count)| {
                let Key { path, item, lint, line } = key.clone();
                let entry = Entry { path, item, lint, line: format!("{line:016x}"), count: *count };
                // Texts and numbers always become JSON.
                format!("    {}", serde_json::to_string(&entry).unwrap_or_default())
            })
            .collect();
        let separator = if lines.is_empty() { "" } else { "\n" };
        let text = format!(
            "{{\n  \"version\": {VERSION},\n  \"findings\": [{separator}{}{separator}{}]\n}}\n",
            lines.join(",\n"),
            if lines.is_empty() { "" } else { "  " }
        );
        output_file::write(path, text.as_bytes())
            .map_err(|error| anyhow::anyhow!("cannot write the baseline `{}`: {}", path.display(), reason_of(&error)))
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.entries.values().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes what is known out of a report. What is left of the baseline was not found.
    pub fn take_out(&self, loaded: &Loaded, report: &mut Report) -> Baseline {
        let mut left = self.entries.clone();
        report.diagnostics.retain(|found| match left.get_mut(&Identity::of(&loaded.workspace, found).into()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        left.retain(|_, count| *count > 0);
        Baseline { entries: left }
    }

    /// Of what was not found, what could have been found.
    pub fn stale(self, loaded: &Loaded, report: &Report, settings: &Settings) -> Baseline {
        let is_read = |file: FileId| report.not_analysed.iter().all(|(unread, _)| *unread != file);
        let files = loaded.workspace.files.iter().enumerate();
        let reported = files.filter(|(index, _)| {
            let file = FileId(*index as u32);
            loaded.is_selected(file) && is_read(file)
        });
        let reported: BTreeSet<&str> = reported.map(|(_, file)| file.path.as_str()).collect();
        let could_be_found = |key: &Key| {
            let lint = registry::lints().iter().find(|lint| lint.name == key.lint);
            let ran = lint.is_none_or(|lint| settings.level_of(lint) > Level::Allow);
            ran && (reported.contains(key.path.as_str()) || !loaded.base.join(&key.path).exists())
        };
        Baseline { entries: self.entries.into_iter().filter(|(key, _)| could_be_found(key)).collect() }
    }

    /// The entries of some paths.
    pub fn of_paths(mut self, includes: impl Fn(&str) -> bool) -> Baseline {
        self.entries.retain(|key, _| includes(&key.path));
        self
    }

    /// Without some entries.
    pub fn without(&self, stale: &Baseline) -> Baseline {
        let mut entries = self.entries.clone();
        for (key, count) in &stale.entries {
            if let Some(kept) = entries.get_mut(key) {
                *kept = kept.saturating_sub(*count);
            }
        }
        entries.retain(|_, count| *count > 0);
        Baseline { entries }
    }

    /// What stale entries are called, one a line.
    pub fn describe(&self) -> Vec<String> {
        let lines = self.entries.iter().map(|(key, count)| {
            let inside = if key.item.is_empty() { String::new() } else { format!(" in `{}`", key.item) };
            let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
            format!("{}: `{}`{inside}{times}", key.path, key.lint)
        });
        lines.collect()
    }
}
