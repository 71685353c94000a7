//! What a run asks for.

use crate::lint::{Level, Lint};
use crate::stub::Stub;

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
    /// The user's own additions to the catalogue. One that bears the name of a library of the catalogue replaces it.
    pub stubs: Vec<Stub>,
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
        // `warnings` speaks of what would warn without it, so that the last of several wins.
        let mut plain = default;
        for (selector, asked) in &self.levels {
            if level == Level::Forbid {
                break;
            }
            if selector == "warnings" {
                if plain == Level::Warn {
                    level = *asked;
                }
            } else if selector == lint.name || lint.groups().any(|group| group == selector) {
                (level, plain) = (*asked, *asked);
            }
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    fn level(asked: &[(&str, Level)]) -> Option<Level> {
        let levels = asked.iter().map(|(selector, level)| ((*selector).to_owned(), *level)).collect();
        let settings = Settings { levels, ..Settings::default() };
        registry::find("dropped_join_handles").map(|lint| settings.level_of(lint))
    }

    #[test]
    fn the_last_flag_wins() {
        assert_eq!(level(&[]), Some(Level::Warn));
        assert_eq!(level(&[("join", Level::Allow), ("dropped_join_handles", Level::Deny)]), Some(Level::Deny));
        assert_eq!(level(&[("warnings", Level::Deny), ("warnings", Level::Allow)]), Some(Level::Allow));
        assert_eq!(level(&[("warnings", Level::Allow), ("warnings", Level::Deny)]), Some(Level::Deny));
        assert_eq!(level(&[("join", Level::Deny), ("warnings", Level::Allow)]), Some(Level::Deny));
        assert_eq!(level(&[("all", Level::Forbid), ("all", Level::Allow)]), Some(Level::Forbid));
    }
}
