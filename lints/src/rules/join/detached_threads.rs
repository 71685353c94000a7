//! `detached_threads`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::Context;
use crate::lint::Sink;
use crate::source::{Loc, Span};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds threads that are detached explicitly, by `drop(handle)` or `mem::forget(handle)`, without a comment that says
    /// why nobody has to wait for them.
    ///
    /// ### Why is this bad
    /// It is not, where it is meant: this lint is for crates that want every detached thread to carry its reason. The next
    /// reader has to know what ends the thread, and what happens if the process ends first.
    ///
    /// ### Example
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     drop(thread::spawn(|| println!("maybe")));
    /// }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::thread;
    ///
    /// fn main() {
    ///     // detached: the line is for debugging only, it may be lost when the process ends
    ///     drop(thread::spawn(|| println!("maybe")));
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Only the words of a comment are read, not whether they are true.
    pub static DETACHED_THREADS = {
        name: "detached_threads", family: Join, level: Allow, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut seen: FxHashSet<Loc> = FxHashSet::default();
    for site in &cx.spawns().handles {
        let fate = cx.full_fate(&cx.fate(site.body, site.call));
        let analysis = cx.analysis(site.body);
        if fate.may_be_joined() || cx.owned_up(analysis, site.call).is_some() {
            continue;
        }
        for at in fate.detaches() {
            let said = cx.call_at(at).is_some_and(|(body, call)| cx.owned_up(cx.analysis(body), call).is_some());
            if said || !seen.insert(at) {
                continue;
            }
            let thread = describe::thread(cx, *site);
            let mut finding = Diagnostic::new(
                &DETACHED_THREADS,
                at,
                format!("{thread} is detached without a written reason"),
                "the handle is let go here",
            );
            finding = describe::label_spawn(cx, *site, finding);
            finding = finding.note("nobody can wait for the thread to end, and a panic in it goes unseen");
            if let Some(edit) = reason_above(cx, at) {
                finding = finding.suggest(
                    "write down that nobody has to wait for it",
                    Applicability::MaybeIncorrect,
                    vec![edit],
                );
            }
            sink.emit(finding);
        }
    }
}

/// A comment above the statement.
fn reason_above(cx: &Context<'_>, at: Loc) -> Option<Edit> {
    let (body, call) = cx.call_at(at)?;
    let analysis = cx.analysis(body);
    if analysis.body.expr(call).in_macro {
        return None;
    }
    let statement = analysis.statement(call);
    let indent = describe::indentation(cx, analysis.body.loc(statement));
    let head = Loc::new(at.file, Span::new(statement.start, statement.start));
    Some(Edit::replace(head, format!("// detached: nobody waits for this thread\n{indent}")))
}
