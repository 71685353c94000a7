//! `guards_in_scrutinee`

use super::describe::{self, Keeper};
use super::edits;
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::facts::{Analysis, Context, Guard, LockKind};
use crate::lint::Sink;
use crate::model::PatParent;
use crate::model::flow::{Action, Holder};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// This many lines of a body are long.
const LONG: usize = 12;

declare_lint! {
    /// ### What it does
    /// Finds guards that are temporaries of what a `match`, `if let`, `while let` or `for` looks at, where the body is long or
    /// calls functions of the crate.
    ///
    /// ### Why is this bad
    /// The guard lives to the end of the body, though nothing there shows it. Everything in the body runs under the lock, and
    /// what it calls deadlocks as soon as somebody locks the same there.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// fn run(jobs: &Mutex<Vec<u32>>, work: fn(u32)) {
    ///     while let Some(job) = jobs.lock().unwrap().pop() {
    ///         work(job); // under the lock
    ///     }
    /// }
    /// ```
    ///
    /// ### Use instead
    /// Take the value out in a statement of its own.
    /// ```rust
    /// use std::sync::Mutex;
    ///
    /// fn run(jobs: &Mutex<Vec<u32>>, work: fn(u32)) {
    ///     loop {
    ///         let job = jobs.lock().unwrap().pop();
    ///         let Some(job) = job else { break };
    ///         work(job);
    ///     }
    /// }
    /// ```
    ///
    /// ### Known limits
    /// Allowed by default: that the body runs under the lock is often what is meant.
    pub static GUARDS_IN_SCRUTINEE = {
        name: "guards_in_scrutinee", family: Deadlock, level: Allow, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for guard in cx.guards().all() {
        if matches!(guard.kind, LockKind::Semaphore | LockKind::Unknown) {
            continue;
        }
        let analysis = cx.analysis(guard.body);
        if let Some((scrutinee, keyword, under)) = body_under(cx, analysis, guard) {
            report(cx, analysis, guard, (scrutinee, keyword), &under, sink);
        }
    }
}

/// The scrutinee that keeps a guard, its keyword, and what the body under it does.
fn body_under(cx: &Context<'_>, analysis: &Analysis<'_>, guard: &Guard) -> Option<(ExprId, &'static str, Under)> {
    let flow = cx.guard_flow(guard);
    // dashmap's `Entry` goes into the binding of an arm, which ends it by `remove` or `insert`.
    if guard.track.holders.iter().any(|local| is_bound_by_arm(analysis, *local)) {
        return None;
    }
    let mut under = Under::default();
    let mut kept = None;
    for (node, action) in flow.nodes() {
        let Action::Eval(expr) = action else { continue };
        if !guard.is_live(node) {
            continue;
        }
        let is_temp = guard.track.carriers_at(node).any(|carrier| matches!(carrier.holder, Holder::Temp(_)));
        if !is_temp {
            continue;
        }
        let Keeper::Scrutinee(scrutinee, keyword) = describe::keeper_at(cx, guard, expr) else { continue };
        kept = kept.or(Some((scrutinee, keyword)));
        let span = analysis.body.expr(expr).span;
        under.end = under.end.max(span.end);
        let is_call = matches!(analysis.expr(expr), Expr::Call { .. } | Expr::MethodCall(_));
        let calls = analysis.callee(expr).is_some_and(|callee| cx.program.is_user(callee));
        if is_call && calls {
            under.call = under.call.or(Some(expr));
        }
    }
    let (scrutinee, keyword) = kept?;
    let start = analysis.body.expr(scrutinee).span.end;
    let body = crate::source::Span::new(start, under.end.max(start));
    under.lines = cx.program.text(analysis.body.loc(body)).matches('\n').count();
    (under.call.is_some() || under.lines >= LONG).then_some((scrutinee, keyword, under))
}

/// Whether the pattern of an arm binds a local.
fn is_bound_by_arm(analysis: &Analysis<'_>, local: LocalId) -> bool {
    let Some(mut pat) = analysis.tree.binding(local) else { return false };
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(pat) {
        pat = outer;
    }
    matches!(analysis.tree.pat_parent(pat), PatParent::Arm(..))
}

/// What the body does under the guard.
#[derive(Default)]
struct Under {
    call: Option<ExprId>,
    end: u32,
    lines: usize,
}

fn report(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    guard: &Guard,
    (scrutinee, keyword): (ExprId, &'static str),
    under: &Under,
    sink: &mut Sink,
) {
    let lock = describe::lock(cx, guard);
    let mut diagnostic = Diagnostic::new(
        &GUARDS_IN_SCRUTINEE,
        cx.guard_loc(guard),
        format!("`{lock}` stays locked to the end of the `{keyword}`"),
        "the guard is a temporary of what is looked at, and lives as long as the body",
    );
    if let Some(call) = under.call {
        diagnostic = diagnostic.label(analysis.call_loc(call), "runs under the lock");
    }
    diagnostic = match edits::hoist(cx, analysis, scrutinee) {
        Some(edits) => diagnostic.suggest(
            "take the value out of the lock in a statement of its own: its guard ends there",
            Applicability::MaybeIncorrect,
            edits,
        ),
        None => diagnostic.help("take what is needed out of the lock in a statement of its own", ""),
    };
    sink.emit(diagnostic);
}
