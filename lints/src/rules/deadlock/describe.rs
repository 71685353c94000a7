//! Words and code that the lints of this family share: where a guard was taken, what keeps it alive, which calls lead on.

use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, CallStep, Context, Guard, Held, Mode, Wait, word};
use crate::model::flow::Holder;
use crate::model::{BodyId, Parent};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, LoopKind};

/// What keeps a guard alive.
pub(super) enum Keeper {
    /// A local of this name.
    Local(String),
    /// It is a temporary in what a `match`, `if let`, `while let` or `for` looks at: the expression it is part of, and the
    /// keyword for messages.
    Scrutinee(ExprId, &'static str),
    /// It is a temporary of the statement.
    Statement,
    /// It is a temporary that a `let` of a reference keeps to the end of the block.
    Block,
    /// A function runs a closure under it.
    Helper,
    /// A closure is given it.
    Given,
}

/// What keeps the guard alive when something happens under it.
pub(super) fn keeper(cx: &Context<'_>, held: &Held, guard: &Guard) -> Keeper {
    if held.through.is_some() {
        return Keeper::Helper;
    }
    if held.inside.is_some() {
        return Keeper::Given;
    }
    keeper_at(cx, guard, held.at)
}

/// What keeps the guard alive at an expression of its flow.
pub(super) fn keeper_at(cx: &Context<'_>, guard: &Guard, at: ExprId) -> Keeper {
    let analysis = cx.analysis(guard.body);
    let node = cx.guard_flow(guard).node(at);
    let holder = node.and_then(|node| guard.track.carriers_at(node).next()).map(|carrier| carrier.holder);
    match holder {
        Some(Holder::Local(local)) => {
            Keeper::Local(cx.program.name_text(analysis.body.owner, analysis.body.local(local).name).to_owned())
        }
        Some(Holder::Temp(temp)) => keeper_of_temp(analysis, temp, at),
        None => Keeper::Statement,
    }
}

/// Whether the local that keeps a guard is used again under it after something happened, `drop` aside.
pub(super) fn is_used_after(cx: &Context<'_>, held: &Held, guard: &Guard) -> bool {
    held.through.is_none() && is_used_after_at(cx, guard, held.at)
}

/// [`is_used_after`] an expression of the guard's flow.
pub(super) fn is_used_after_at(cx: &Context<'_>, guard: &Guard, at: ExprId) -> bool {
    let analysis = cx.analysis(guard.body);
    let flow = cx.guard_flow(guard);
    let Some(node) = flow.node(at) else { return false };
    let after = flow.reach(node, |_, _, next| guard.is_live(next));
    let is_ended = |used: ExprId| match analysis.tree.parent(used) {
        Parent::Arg(call, _) => analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::DROPS)),
        _ => false,
    };
    let used = guard.track.holders.iter().flat_map(|local| analysis.tree.uses(*local));
    used.copied().filter(|used| !is_ended(*used)).any(|used| {
        let node = flow.node_around(&analysis.tree, used);
        node.is_some_and(|node| guard.is_live(node) && after.contains(node.index()))
    })
}

/// Whether something happens in an argument of a call whose receiver holds the guard: it can be done before, and needs
/// nothing of what is guarded.
pub(super) fn is_in_argument(analysis: &Analysis<'_>, guard: &Guard, at: ExprId) -> bool {
    let is_around = |up: ExprId| match analysis.expr(up) {
        Expr::MethodCall(call) => {
            analysis.tree.is_inside(guard.call, call.receiver)
                && call.args.iter().any(|arg| analysis.tree.is_inside(at, *arg))
        }
        _ => false,
    };
    analysis.tree.ancestors(at).any(is_around)
}

/// The name of a function that takes a lock, for labels: no field's name by itself.
pub(super) fn locker(cx: &Context<'_>, guard: &Guard, lock: &str) -> String {
    let function = cx.program.path_text(cx.analysis(guard.body).body.owner);
    if function == lock { format!("{function}()") } else { function }
}

fn keeper_of_temp(analysis: &Analysis<'_>, temp: ExprId, at: ExprId) -> Keeper {
    let mut top = temp;
    loop {
        let parent = analysis.tree.parent(top);
        match parent {
            Parent::Scrutinee(outer) if !analysis.tree.is_inside(at, top) => {
                return Keeper::Scrutinee(top, scrutinized(analysis, outer));
            }
            Parent::ForIter(_) if !analysis.tree.is_inside(at, top) => return Keeper::Scrutinee(top, "for"),
            Parent::LetOperand(test) if !analysis.tree.is_inside(at, top) => {
                let is_while = analysis.tree.ancestors(test).find_map(|up| match analysis.expr(up) {
                    Expr::Binary { .. } => None,
                    Expr::Loop(data) => Some(matches!(data.kind, LoopKind::While(_))),
                    _ => Some(false),
                });
                return Keeper::Scrutinee(top, if is_while == Some(true) { "while let" } else { "if let" });
            }
            Parent::LetInit(..) if !analysis.tree.is_inside(at, top) => return Keeper::Block,
            Parent::Stmt(..) | Parent::LetInit(..) | Parent::Root => return Keeper::Statement,
            _ => match parent.expr() {
                Some(up) => top = up,
                None => return Keeper::Statement,
            },
        }
    }
}

fn scrutinized(analysis: &Analysis<'_>, outer: ExprId) -> &'static str {
    match analysis.expr(outer) {
        Expr::Match { .. } => "match",
        _ => "expression",
    }
}

/// Where the guard was taken and what keeps it, with the call that led there where a helper runs a closure under its lock.
pub(super) fn taken(cx: &Context<'_>, held: &Held, guard: &Guard, diagnostic: Diagnostic) -> Diagnostic {
    let text = taken_text(&held_lock(cx, held, guard), guard, keeper(cx, held, guard));
    let diagnostic = match helper(cx, held) {
        Some((call, name)) => diagnostic.label(call, format!("`{name}` runs the closure under its lock")),
        None => diagnostic,
    };
    diagnostic.label(cx.guard_loc(guard), text)
}

/// Where the guard was taken and what keeps it at an expression of its flow, as a label.
pub(super) fn taken_at(cx: &Context<'_>, guard: &Guard, at: ExprId) -> (Loc, String) {
    (cx.guard_loc(guard), taken_text(&lock(cx, guard), guard, keeper_at(cx, guard, at)))
}

fn taken_text(lock: &str, guard: &Guard, keeper: Keeper) -> String {
    let how = match guard.mode {
        Mode::Exclusive => "locked",
        Mode::Shared => "locked for reading",
        Mode::Upgradable => "locked for an upgradable read",
    };
    match keeper {
        Keeper::Local(name) => format!("`{lock}` is {how} here, and `{name}` keeps it locked"),
        Keeper::Scrutinee(_, keyword) => format!("`{lock}` is {how} here, to the end of the `{keyword}`"),
        Keeper::Statement => format!("`{lock}` is {how} here, to the end of the statement"),
        Keeper::Block => format!("`{lock}` is {how} here, to the end of the block: the reference keeps the guard"),
        Keeper::Given => format!("`{lock}` is {how} here, and the closure that is given the guard keeps it locked"),
        Keeper::Helper => format!("`{lock}` is {how} here, and the closure runs before it is unlocked"),
    }
}

/// The lock of a guard, for messages.
pub(super) fn lock(cx: &Context<'_>, guard: &Guard) -> String {
    guard.path.as_ref().map_or_else(|| cx.lock_text(guard), |path| cx.path_text(path))
}

/// What a wait does, for messages: `this ..`.
pub(super) fn waiting(wait: Wait) -> &'static str {
    match wait {
        Wait::Join => "waits for a thread to end",
        Wait::Scope => "waits for the scope's threads to end",
        Wait::Receive => "waits for a message",
        Wait::Send => "waits for a receiver",
        Wait::Condvar => "waits for a notification",
        Wait::Sleep => "sleeps",
        Wait::Park => "parks the thread",
        Wait::Child => "waits for a child process",
        Wait::Barrier => "waits for other threads",
        Wait::Accept => "waits for a connection",
        Wait::Net => "waits for the network",
        Wait::Request => "waits for a server",
        Wait::Io => "waits for a file or stream",
        Wait::Poll => "waits for events",
    }
}

/// The lock that is held, for messages.
pub(super) fn held_lock(cx: &Context<'_>, held: &Held, guard: &Guard) -> String {
    held.lock.as_ref().map_or_else(|| cx.lock_text(guard), |path| cx.path_text(path))
}

/// The name of the function that a call under the guard runs.
pub(super) fn called(cx: &Context<'_>, held: &Held) -> Option<String> {
    held.reached.chain.first().map(|step| cx.program.path_text(step.function))
}

/// The place under the guard that does it, or leads to it.
pub(super) fn at(cx: &Context<'_>, held: &Held) -> Loc {
    held.reached.chain.first().map_or_else(|| done_at(cx, held), |step| step_loc(cx, step))
}

/// The place that does it in the end.
pub(super) fn done_at(cx: &Context<'_>, held: &Held) -> Loc {
    let (body, expr) = held.reached.act.site(cx);
    loc(cx, body, expr)
}

/// The place of a call on the way.
pub(super) fn step_loc(cx: &Context<'_>, step: &CallStep) -> Loc {
    loc(cx, step.body, step.call)
}

/// The short place of a call, or of an assignment that drops what was there.
fn loc(cx: &Context<'_>, body: BodyId, expr: ExprId) -> Loc {
    let analysis = cx.analysis(body);
    match analysis.expr(expr) {
        Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
        _ => analysis.call_loc(expr),
    }
}

/// The calls that lead to the act, and the act itself with this label, where it is not the primary place.
pub(super) fn chain(cx: &Context<'_>, held: &Held, diagnostic: Diagnostic, last: &str) -> Diagnostic {
    let Some((_, deeper)) = held.reached.chain.split_first() else { return diagnostic };
    calls(cx, deeper, diagnostic).step(done_at(cx, held), last)
}

/// A label for each of some calls.
pub(super) fn calls(cx: &Context<'_>, steps: &[CallStep], mut diagnostic: Diagnostic) -> Diagnostic {
    for step in steps {
        let caller = cx.program.path_text(cx.analysis(step.body).body.owner);
        let text = format!("`{caller}` {}", calls_text(cx, step));
        diagnostic = diagnostic.label(step_loc(cx, step), text);
    }
    diagnostic
}

/// `` calls `function` ``
pub(super) fn calls_text(cx: &Context<'_>, step: &CallStep) -> String {
    let verb = if cx.is_drop(step.function) { "runs" } else { "calls" };
    format!("{verb} `{}`", cx.program.path_text(step.function))
}

/// The call by which a closure gets under the lock of a helper, and the helper.
pub(super) fn helper(cx: &Context<'_>, held: &Held) -> Option<(Loc, String)> {
    let call = held.through?;
    // What a called function does to what it is given is no closure of the caller's.
    if is_lifted(held) {
        return None;
    }
    let analysis = cx.analysis(held.body);
    let name = analysis.callee(call).map_or_else(String::new, |callee| cx.program.path_text(callee));
    Some((analysis.call_loc(call), name))
}

/// Whether both locks are taken in a function that chose neither: its caller did.
pub(super) fn is_lifted(held: &Held) -> bool {
    held.reached.chain.first().is_some_and(|step| held.through == Some(step.call) && held.body == step.body)
}

/// The call by which a closure of the body is run under the guard, where the closure stands elsewhere.
pub(super) fn run(cx: &Context<'_>, held: &Held, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(held.body);
    let first = held.reached.chain.first().map(|step| (step.body, step.call));
    let (body, expr) = first.unwrap_or_else(|| held.reached.act.site(cx));
    if body != held.body || expr == held.at || analysis.tree.is_inside(expr, held.at) {
        return diagnostic;
    }
    diagnostic.label(loc(cx, body, held.at), "the closure runs here, under the guard")
}
