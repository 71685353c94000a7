//! What a lint is: its name, family, level, documentation and check.

use crate::diagnostic::{Applicability, Diagnostic};
use crate::facts::Context;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A lint. Declared with [`declare_lint!`](crate::declare_lint), listed in [`crate::registry`].
pub struct Lint {
    /// `dropped_join_handles`
    pub name: &'static str,
    /// The family.
    pub family: Family,
    /// The default level.
    pub level: Level,
    /// Off by default because it is not proven yet.
    pub nursery: bool,
    /// The best that its suggestions can be.
    pub applicability: Applicability,
    /// The documentation, Markdown with the sections that a test asks for.
    pub docs: &'static str,
    /// The check over one program.
    pub check: fn(&Context<'_>, &mut Sink),
}

impl fmt::Debug for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lint({})", self.name)
    }
}

impl PartialEq for Lint {
    fn eq(&self, other: &Lint) -> bool {
        self.name == other.name
    }
}

impl Eq for Lint {}

impl Lint {
    /// `thread_lint::dropped_join_handles`
    pub fn code(&self) -> String {
        format!("thread_lint::{}", self.name)
    }

    /// The address of its documentation, there once this version of the crate is published.
    pub fn page(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let name = self.name.to_ascii_uppercase();
        format!("https://docs.rs/thread-lints/{version}/thread_lints/lints/static.{name}.html")
    }

    /// The documentation as Markdown, without the column that a doc comment keeps free.
    pub fn documentation(&self) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.fold(String::with_capacity(self.docs.len()), |text, line| text + line + "\n")
    }

    /// The first sentence of the documentation's first section, for lists.
    pub fn summary(&self) -> &'static str {
        let body = self.docs.split("### What it does").nth(1).unwrap_or(self.docs).trim_start();
        let paragraph = body.split("\n\n").next().unwrap_or(body);
        paragraph.split_once(". ").map_or(paragraph, |(first, _)| first).trim().trim_end_matches('.')
    }

    /// The groups that it can be named by, beside its name.
    pub fn groups(&self) -> impl Iterator<Item = &'static str> {
        let kind = match (self.nursery, self.level) {
            (true, _) => "nursery",
            (false, Level::Allow) => "pedantic",
            _ => "default",
        };
        [self.family.group(), kind, "all"].into_iter()
    }
}

/// A family of lints: a folder of `rules/`, and a group for `-A -W -D -F`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// Thread handles.
    Join,
    /// Stop signals.
    Stop,
    /// Locks across `?` and panics.
    Lock,
    /// Ownership.
    Cycle,
    /// Deadlocks.
    Deadlock,
    /// Pools and loops.
    Pool,
    /// The tool's own comments.
    Meta,
}

impl Family {
    /// The group's name: `join`.
    pub fn group(self) -> &'static str {
        match self {
            Family::Join => "join",
            Family::Stop => "stop",
            Family::Lock => "lock",
            Family::Cycle => "cycle",
            Family::Deadlock => "deadlock",
            Family::Pool => "pool",
            Family::Meta => "meta",
        }
    }
}

/// What becomes of a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported.
    Warn,
    /// Reported, exit 1.
    Deny,
    /// As deny, and no suppression or later flag takes it back.
    Forbid,
}

impl Level {
    /// `allow`, `warn`, `deny`, `forbid`
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
            Level::Forbid => "forbid",
        }
    }
}

/// Where a check puts its findings.
#[derive(Debug, Default)]
pub struct Sink {
    /// The findings so far.
    pub found: Vec<Diagnostic>,
}

impl Sink {
    /// Reports a finding.
    pub fn emit(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }
}

/// Declares a lint with its documentation.
///
/// ```ignore
/// declare_lint! {
///     /// ### What it does
///     /// ...
///     pub static DROPPED_JOIN_HANDLES = {
///         name: "dropped_join_handles", family: Join, level: Warn, applicability: MaybeIncorrect, check: check
///     };
/// }
/// ```
#[macro_export]
macro_rules! declare_lint {
    (
        $(#[doc = $doc:expr])*
        $vis:vis static $lint:ident = {
            name: $name:literal, family: $family:ident, level: $level:ident $(, nursery: $nursery:literal)?,
            applicability: $applicability:ident, check: $check:path $(,)?
        };
    ) => {
        $(#[doc = $doc])*
        $vis static $lint: $crate::lint::Lint = $crate::lint::Lint {
            name: $name,
            family: $crate::lint::Family::$family,
            level: $crate::lint::Level::$level,
            nursery: false $(|| $nursery)?,
            applicability: $crate::diagnostic::Applicability::$applicability,
            docs: concat!($($doc, "\n"),*),
            check: $check,
        };
    };
}
