//! `unused_suppressions`

use super::found_while_suppressing;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::source::Loc;

declare_lint! {
    /// ### What it does
    /// Finds suppressions that suppress nothing: the lint they name was on and found nothing there, or they are written
    /// so that they cannot be read.
    ///
    /// ### Why is this bad
    /// A suppression that outlives its reason hides the next bug at the same place, and a malformed one does not do
    /// what its author thinks.
    ///
    /// ### Example
    /// ```rust
    /// // thread-lint: allow(dropped_join_handles): ends with the process
    /// let worker = std::thread::spawn(|| println!("serving"));
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// let worker = std::thread::spawn(|| println!("serving"));
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// A group is called unused only in a run with all of its lints on. A finding that needs a target or package that
    /// is not part of the run is not found, so its suppression looks unused: check the whole workspace before removing
    /// one. Test code is looked at only when tests are.
    pub static UNUSED_SUPPRESSIONS = {
        name: "unused_suppressions", family: Meta, level: Warn, applicability: MachineApplicable,
        check: found_while_suppressing,
    };
}

/// The finding that a whole comment or attribute is unused. `removal` deletes it.
pub(crate) fn report(
    loc: Loc,
    names: &[&str],
    is_attribute: bool,
    removal: Option<(Edit, Applicability)>,
) -> Diagnostic {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let headline = format!("suppression of {} suppresses nothing", listed(&quoted));
    let label = match names {
        [name] => format!("`{name}` finds nothing here"),
        _ => String::from("none of these finds anything here"),
    };
    let thing = if is_attribute { "attribute" } else { "comment" };
    let advice = format!("remove the {thing}");
    let found = Diagnostic::new(&UNUSED_SUPPRESSIONS, loc, headline, label);
    match removal {
        Some((edit, applicability)) => found.suggest(advice, applicability, vec![edit]),
        None => found.help(advice, ""),
    }
}

/// The finding that one of several names is unused. `removal` deletes it.
pub(crate) fn report_name(loc: Loc, name: &str, removal: Edit) -> Diagnostic {
    let headline = format!("suppression of `{name}` suppresses nothing");
    let label = format!("`{name}` finds nothing here");
    Diagnostic::new(&UNUSED_SUPPRESSIONS, loc, headline, label).suggest(
        "remove the name",
        Applicability::MachineApplicable,
        vec![removal],
    )
}

/// The finding that a suppression cannot be read.
pub(crate) fn report_malformed(loc: Loc, expected: &str, correction: Option<Edit>) -> Diagnostic {
    let headline = "malformed suppression suppresses nothing";
    let found = Diagnostic::new(&UNUSED_SUPPRESSIONS, loc, headline, expected);
    match correction {
        Some(edit) => {
            let advice = "write it as the tool reads it";
            found.suggest(advice, Applicability::MachineApplicable, vec![edit])
        }
        None => found.help(
            "a suppression names lints in brackets, and may give a reason",
            "// thread-lint: allow(lint_name): reason",
        ),
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}
