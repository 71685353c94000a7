//! What a run asks for.

use crate::lint::{Level, Lint};
use crate::syntax::FileIr;
use std::sync::Arc;

/// Settings of a check.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Levels by lint or group, in order: the last that names a lint wins, but nothing takes back a `forbid`.
    pub levels: Vec<(String, Level)>,
    /// Report `#[cfg(test)]` and `#[test]` code too, and count what it does as done.
    pub tests: bool,
    /// How many calls deep summaries are followed.
    pub max_call_depth: u32,
    /// Names of threads (as given to a builder) that live as long as the process on purpose.
    pub process_lifetime_threads: Vec<String>,
    /// Catalogue stubs of the user: a library's name and its parsed file.
    pub stubs: Vec<(String, Arc<FileIr>)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            levels: Vec::new(),
            tests: false,
            max_call_depth: 3,
            process_lifetime_threads: Vec::new(),
            stubs: Vec::new(),
        }
    }
}

impl Settings {
    /// The level in force for a lint.
    pub fn level_of(&self, lint: &Lint) -> Level {
        self.level_from(lint, lint.level)
    }

    /// The level in force for a finding of a lint whose own default is `default`: some findings weigh more than others.
    pub fn level_from(&self, lint: &Lint, default: Level) -> Level {
        let mut level = default;
        for (selector, asked) in &self.levels {
            let named = selector == lint.name
                || lint.groups().any(|group| group == selector)
                || (selector == "warnings" && level == Level::Warn);
            if named && level != Level::Forbid {
                level = *asked;
            }
        }
        level
    }
}
