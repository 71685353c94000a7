//! `locks_across_await`

use super::describe::{self, Keeper};
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, Context, Guard};
use crate::lint::Sink;
use crate::model::flow::Action;
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId};

declare_lint! {
    /// ### What it does
    /// Finds guards of locks that block the thread (std's, parking_lot's) and live over an `.await`: with a name, as a
    /// temporary of what a `match`, `if let` or `for` looks at, or from a function of the crate's own that returns a guard.
    ///
    /// ### Why is this bad
    /// The task can be put aside at the `.await` with the lock held. Another task on the same thread that wants the lock then
    /// blocks the thread, and with it the executor that would have to run the first task on.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// async fn push(list: &Mutex<Vec<u32>>, flush: impl Future<Output = ()>) {
    ///     let mut list = list.lock().unwrap();
    ///     list.push(1);
    ///     flush.await; // the guard is alive
    /// }
    /// ```
    ///
    /// ### Use instead
    /// End the guard in a block of its own, before the `.await`.
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// async fn push(list: &Mutex<Vec<u32>>, flush: impl Future<Output = ()>) {
    ///     {
    ///         let mut list = list.lock().unwrap();
    ///         list.push(1);
    ///     }
    ///     flush.await;
    /// }
    /// ```
    /// Where the lock has to be held over the `.await`, take one that is made for it: `tokio::sync::Mutex`.
    ///
    /// ### Known limits
    /// Allowed by default, since Clippy's `await_holding_lock` finds the plain form. Only the first `.await` under a guard is
    /// reported.
    pub static LOCKS_ACROSS_AWAIT = {
        name: "locks_across_await", family: Deadlock, level: Allow, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for guard in cx.guards().all().filter(|guard| cx.blocks_thread(guard)) {
        let analysis = cx.analysis(guard.body);
        if let Some(awaited) = first_await(cx, analysis, guard) {
            report(cx, analysis, guard, awaited, sink);
        }
    }
}

/// The first `.await` while the guard lives.
fn first_await(cx: &Context<'_>, analysis: &Analysis<'_>, guard: &Guard) -> Option<ExprId> {
    cx.guard_flow(guard).nodes().find_map(|(node, action)| match action {
        Action::Eval(expr) if guard.is_live(node) && cx.is_await(analysis, expr) => Some(expr),
        _ => None,
    })
}

fn report(cx: &Context<'_>, analysis: &Analysis<'_>, guard: &Guard, awaited: ExprId, sink: &mut Sink) {
    let lock = describe::lock(cx, guard);
    let keyword = match analysis.expr(awaited) {
        Expr::Await(_) => {
            let span = analysis.body.expr(awaited).span;
            Loc::new(analysis.body.file, Span::new(span.end.saturating_sub(5).max(span.start), span.end))
        }
        Expr::Macro(call) => analysis.body.loc(call.path.span),
        // `tokio::select!`
        _ => {
            let loc = analysis.body.expr_loc(awaited);
            let name = cx.program.text(loc).find('!').unwrap_or_default() as u32;
            Loc::new(loc.file, Span::new(loc.span.start, loc.span.start + name))
        }
    };
    let (taken, text) = describe::taken_at(cx, guard, awaited);
    // What is done with the answers stands in the macro itself.
    let goes_on = !matches!(analysis.expr(awaited), Expr::Await(_)) || describe::is_used_after_at(cx, guard, awaited);
    let wait = if matches!(analysis.expr(awaited), Expr::Await(_)) { "the `.await`" } else { "the wait" };
    let help = match describe::keeper_at(cx, guard, awaited) {
        Keeper::Local(name) if goes_on => format!("end `{name}` before {wait}, and lock again after it"),
        Keeper::Local(name) => format!("end `{name}` before {wait}, in a block of its own"),
        _ if describe::is_in_argument(analysis, guard, awaited) => {
            "`.await` in a statement before, and lock when it is over".to_owned()
        }
        _ => "take what is needed out of the lock in a statement before".to_owned(),
    };
    sink.emit(
        Diagnostic::new(
            &LOCKS_ACROSS_AWAIT,
            keyword,
            format!("`{lock}` stays locked while this waits"),
            "the task may be put aside here, with the lock held",
        )
        .label(taken, text)
        .note("a task on the same thread that wants the lock blocks the executor, and nobody unlocks it")
        .help(help, ""),
    );
}
