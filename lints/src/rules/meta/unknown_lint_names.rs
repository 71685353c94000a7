//! `unknown_lint_names`

use super::found_while_suppressing;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::source::Loc;

declare_lint! {
    /// ### What it does
    /// Finds suppressions that name a lint or group that does not exist.
    ///
    /// ### Why is this bad
    /// A misspelt name suppresses nothing, and a name that has gone keeps a promise that nobody checks any more.
    ///
    /// ### Example
    /// ```rust
    /// // thread-lint: allow(droped_join_handles): ends with the process
    /// std::thread::spawn(|| println!("serving"));
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// // thread-lint: allow(dropped_join_handles): ends with the process
    /// std::thread::spawn(|| println!("serving"));
    /// ```
    ///
    /// ### Known limits
    /// Lints of a later version of the tool are unknown to this one. Test code is looked at only when tests are.
    pub static UNKNOWN_LINT_NAMES = {
        name: "unknown_lint_names", family: Meta, level: Warn, applicability: MachineApplicable,
        check: found_while_suppressing,
    };
}

/// Names this close differ by a slip of the finger.
const SURE_DISTANCE: usize = 2;

/// The finding: `name` at `loc` is unknown, and `meant` is the nearest known with its distance.
pub(crate) fn report(loc: Loc, name: &str, meant: Option<(&str, usize)>) -> Diagnostic {
    let found = |label: &str| {
        let headline = format!("unknown lint `{name}` in a suppression");
        Diagnostic::new(&UNKNOWN_LINT_NAMES, loc, headline, label).note("an unknown name suppresses nothing")
    };
    let Some((meant, distance)) = meant else {
        return found("there is no lint or group of this name").help("`cargo thread-lint --list` names all lints", "");
    };
    let applicability =
        if distance <= SURE_DISTANCE { Applicability::MachineApplicable } else { Applicability::MaybeIncorrect };
    found("there is no lint or group of this name").suggest(
        format!("name the lint `{meant}`"),
        applicability,
        vec![Edit::replace(loc, meant)],
    )
}
