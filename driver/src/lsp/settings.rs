//! What the editor's settings say: which lints, and which code.
//!
//! They come with `initialize`, with `workspace/didChangeConfiguration`, or as the answer to a question for the section
//! `threadLint`. What the project's own files say is the loader's affair.

use crate::levels;
use serde_json::Value;

/// The section of an editor's settings.
pub(super) const SECTION: &str = "threadLint";

/// Other spellings of it.
const OTHER_SECTIONS: [&str; 2] = ["thread-lint", "thread_lint"];

/// The editor's settings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Options {
    /// Flags as they stand after `--` on the command line.
    pub(super) levels: Vec<String>,
    /// Test code too.
    pub(super) tests: bool,
    /// Tests, examples, benches and build scripts too.
    pub(super) all_targets: bool,
}

impl Options {
    /// Reads what a client sends; `null` means that nothing is set. Errors say what is wrong, all of it.
    pub(super) fn read(sent: &Value) -> Result<Options, String> {
        let sections = || [SECTION].into_iter().chain(OTHER_SECTIONS);
        let own = sections().find_map(|section| sent.get(section)).unwrap_or(sent);
        let mut options = Options::default();
        let mut problems = Vec::new();
        let entries = match own {
            Value::Null => return Ok(options),
            Value::Object(entries) => entries,
            _ => return Err(String::from("the settings are no object")),
        };
        for (key, value) in entries {
            let done = match (key.as_str(), value) {
                (_, Value::Null) => Some(()),
                ("levels", value) => flags(value).map(|flags| options.levels = flags),
                ("tests", value) => value.as_bool().map(|on| options.tests = on),
                ("allTargets", value) => value.as_bool().map(|on| options.all_targets = on),
                // What a client keeps for itself: where the program is, how to trace.
                _ => Some(()),
            };
            if done.is_none() {
                let wants = if key == "levels" { "flags such as [\"-W\", \"pedantic\"]" } else { "`true` or `false`" };
                problems.push(format!("`{key}` wants {wants}"));
            }
        }
        if let Err(problem) = levels::parse(&options.levels, thread_lints::registry::lints()) {
            problems.push(format!("`levels`: {problem}"));
        }
        if problems.is_empty() { Ok(options) } else { Err(problems.join("; ")) }
    }
}

fn flags(value: &Value) -> Option<Vec<String>> {
    let flags = value.as_array()?.iter().map(|flag| flag.as_str().map(str::to_owned));
    flags.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_send_them() {
        let wanted = Options { levels: vec![String::from("-Wpedantic")], tests: true, all_targets: false };
        let plain = json!({ "levels": ["-Wpedantic"], "tests": true, "path": "/bin/x", "allTargets": null });
        assert_eq!(Options::read(&plain), Ok(wanted.clone()));
        assert_eq!(Options::read(&json!({ "threadLint": plain })), Ok(wanted.clone()));
        assert_eq!(Options::read(&json!({ "thread-lint": plain })), Ok(wanted));
        assert_eq!(Options::read(&Value::Null), Ok(Options::default()));
        assert_eq!(Options::read(&json!({ "rust-analyzer": {} })), Ok(Options::default()));
    }

    #[test]
    fn mistakes() {
        let read = |sent| Options::read(&sent).unwrap_err();
        assert_eq!(read(json!({ "tests": "yes" })), "`tests` wants `true` or `false`");
        assert!(read(json!({ "levels": ["-W", "pedantik"] })).contains("did you mean `pedantic`?"));
        assert!(read(json!({ "levels": "pedantic", "tests": 1 })).contains("; "));
        assert!(Options::read(&json!([1])).is_err());
    }
}
