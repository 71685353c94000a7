//! `never_set_stop_flags`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Analysis, Context, LoopFacts, Place, StepKind, Thread, World};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop on a spawned thread that ends only when a flag changes, where nothing in the crate ever changes that
    /// flag. Deny by default for a plain `bool` that a `move` closure captures: the closure has a copy, and no assignment
    /// outside reaches it.
    ///
    /// ### Why is this bad
    /// The loop looks stoppable and is not. Joining the thread hangs; not joining it leaks it.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::thread;
    ///
    /// let mut running = true;
    /// let worker = thread::spawn(move || {
    ///     while running {
    ///         println!("work");
    ///     }
    /// });
    /// running = false; // changes this copy, not the thread's
    /// println!("{running}");
    /// worker.join().unwrap(); // never returns
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use std::thread;
    ///
    /// let running = Arc::new(AtomicBool::new(true));
    /// let worker = thread::spawn({
    ///     let running = Arc::clone(&running);
    ///     move || {
    ///         while running.load(Ordering::Relaxed) {
    ///             thread::yield_now();
    ///         }
    ///     }
    /// });
    /// running.store(false, Ordering::Relaxed);
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// A flag that is public, returned, passed to a function outside the crate or kept where it cannot be followed is
    /// taken to be set by somebody. Only flags that are made with a literal value are judged.
    pub(crate) static NEVER_SET_STOP_FLAGS = {
        name: "never_set_stop_flags", family: Stop, level: Warn, applicability: HelpOnly, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<(BodyId, ExprId)> = FxHashSet::default();
    for thread in cx.threads() {
        if thread.execution.gave_up {
            continue;
        }
        for (key, facts) in &thread.execution.loops {
            if facts.inner_endless {
                continue;
            }
            if facts.exits.is_empty() {
                if let Some((local, test)) = copied_flag(cx, *key)
                    && reported.insert(*key)
                {
                    report_copy(cx, thread, *key, local, test, sink);
                }
            } else if let Some((place, value, load)) = dead_flag(cx, thread, *key, facts)
                && reported.insert(*key)
            {
                report_flag(cx, thread, *key, (place, value), load, sink);
            }
        }
    }
}

/// The `bool` in the condition of a `while` that the closure has a copy of.
pub(super) fn copied_flag(cx: &Context<'_>, (body, expr): (BodyId, ExprId)) -> Option<(LocalId, ExprId)> {
    let analysis = cx.analysis(body);
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let LoopKind::While(cond) = data.kind else { return None };
    captured_bool(analysis, cond)
}

fn captured_bool(analysis: &Analysis<'_>, cond: ExprId) -> Option<(LocalId, ExprId)> {
    match analysis.expr(cond) {
        Expr::Local(local) if *analysis.types.local(*local) == Ty::BOOL => {
            let inside = analysis.tree.enclosing_closure(analysis.body, cond)?;
            (analysis.body.local(*local).closure != Some(inside)).then_some((*local, cond))
        }
        Expr::Not(inner) => captured_bool(analysis, *inner),
        Expr::Binary { lhs, rhs, .. } => captured_bool(analysis, *lhs).or_else(|| captured_bool(analysis, *rhs)),
        _ => None,
    }
}

/// The flag without which the loop has no way out, where nothing sets it, and its first load there.
fn dead_flag(
    cx: &Context<'_>,
    thread: &Thread,
    key: (BodyId, ExprId),
    facts: &LoopFacts,
) -> Option<(Place, bool, (BodyId, ExprId))> {
    let mut tried: Vec<Place> = Vec::new();
    for step in facts.steps.iter().filter(|step| step.kind == StepKind::Load) {
        let Some(place) = step.place else { continue };
        if tried.contains(&place) {
            continue;
        }
        tried.push(place);
        let Some(value) = cx.flag_life(place).constant() else { continue };
        let world = World { frozen: vec![(place, value)], ..thread.world.clone() };
        let execution = cx.execute(thread.spawn.entry, &world);
        let stuck = !execution.gave_up
            && execution.get(key).is_some_and(|facts| facts.exits.is_empty() && !facts.inner_endless);
        if stuck {
            return Some((place, value, (step.body, step.call)));
        }
    }
    None
}

fn report_copy(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    local: LocalId,
    test: ExprId,
    sink: &mut Sink,
) {
    let analysis = cx.analysis(body);
    let spawner = cx.analysis(thread.spawn.body);
    let name = cx.program.name_text(analysis.body.owner, analysis.body.local(local).name);
    let mut diagnostic = Diagnostic::new(
        &NEVER_SET_STOP_FLAGS,
        analysis.body.expr_loc(test),
        format!("the thread tests its own copy of `{name}`, which never changes"),
        "this copy keeps the value it had when the thread was started",
    )
    .site(analysis.call_loc(expr))
    .label(analysis.body.loc(analysis.body.local(local).span), format!("`{name}` is a plain `bool`"))
    .label(spawner.call_loc(thread.spawn.call), "the `move` closure copies it here");
    let assigned =
        analysis.tree.uses(local).iter().find(|used| matches!(analysis.tree.parent(**used), Parent::AssignTarget(_)));
    if let Some(assigned) = assigned {
        diagnostic = diagnostic.label(analysis.body.expr_loc(*assigned), "this changes the other copy");
    }
    diagnostic.level = Level::Deny;
    // The loop runs as long as the condition holds, so a negated flag starts as `false`.
    let negated =
        matches!(analysis.tree.parent(test), Parent::Operand(up) if matches!(analysis.expr(up), Expr::Not(_)));
    let (initial, not) = if negated { ("false", "!") } else { ("true", "") };
    sink.emit(diagnostic.note("the loop never ends, and joining the thread hangs").help(
        "share an atomic",
        format!(
            "let {name} = Arc::new(AtomicBool::new({initial}));\nlet worker = thread::spawn({{\n    let {name} = Arc::clone(&{name});\n    \
             move || while {not}{name}.load(Ordering::Relaxed) {{ /* the work */ }}\n}});"
        ),
    ));
}

fn report_flag(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    (place, value): (Place, bool),
    (load_body, load): (BodyId, ExprId),
    sink: &mut Sink,
) {
    let analysis = cx.analysis(body);
    let spawner = cx.analysis(thread.spawn.body);
    let name = cx.place_text(place);
    let mut diagnostic = Diagnostic::new(
        &NEVER_SET_STOP_FLAGS,
        cx.analysis(load_body).call_loc(load),
        format!("this thread waits for `{name}` to change, and nothing changes it"),
        "the only way out of the loop tests the flag here",
    )
    .site(analysis.call_loc(expr))
    .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    if let Some(loc) = cx.place_loc(place) {
        diagnostic = diagnostic.label(loc, "no code in the workspace stores to this flag");
    }
    let field = name.rsplit("::").next().unwrap_or(&name).to_owned();
    sink.emit(diagnostic.note("the loop looks stoppable and is not: joining the thread hangs").help(
        "set the flag where the thread is to end, then join",
        format!("{field}.store({}, Ordering::Relaxed);", !value),
    ));
}
