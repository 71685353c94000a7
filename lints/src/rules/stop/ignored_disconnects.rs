//! `ignored_disconnects`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Context, LoopFacts, Place, Step, StepKind, Thread, World};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, Parent};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, LoopKind, Pat, Stmt};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop on a spawned thread that receives from a channel and cannot end once all senders of that channel are
    /// gone: the error is swallowed by `if let Ok`, `continue`, `_ => {}`, an empty `Err` arm, `is_err()`,
    /// `unwrap_or(false)`, and every other way out needs a message. Deny by default where the loop has no other way
    /// out at all.
    ///
    /// ### Why is this bad
    /// A receive on a disconnected channel returns at once, every time. The thread spins at full load, or polls for ever,
    /// and nobody can tell it to stop any more: the sender is gone.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let worker = thread::spawn(move || loop {
    ///     if let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// drop(tx); // the worker spins from now on
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::mpsc;
    /// use std::thread;
    ///
    /// let (tx, rx) = mpsc::channel::<u32>();
    /// let worker = thread::spawn(move || {
    ///     while let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// drop(tx);
    /// worker.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// The loop is executed in a world where the channel gives nothing but its disconnect; whatever is not understood
    /// there counts as a way out. A receiver whose struct or closure also holds a sender of the same message type is left
    /// alone, since its disconnect never comes; so is a receiver in a static.
    pub(crate) static IGNORED_DISCONNECTS = {
        name: "ignored_disconnects", family: Stop, level: Warn, applicability: MachineApplicable, check: check,
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
            for place in channels(facts) {
                if cx.may_be_self_connected(thread, place) {
                    continue;
                }
                if let Some(step) = spins_without(cx, thread, *key, place)
                    && reported.insert(*key)
                {
                    report(cx, thread, *key, facts, place, step, sink);
                }
            }
        }
    }
}

/// The channels that a loop receives from, each once.
fn channels(facts: &LoopFacts) -> Vec<Place> {
    let mut places = Vec::new();
    for step in &facts.steps {
        let receives = matches!(step.kind, StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry);
        if let (true, Some(place)) = (receives, step.place)
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    places
}

/// The receive of a loop that has no way out once the senders of a channel are gone.
fn spins_without(cx: &Context<'_>, thread: &Thread, key: (BodyId, ExprId), place: Place) -> Option<Step> {
    let world = World { disconnected: vec![place], ..thread.world.clone() };
    let execution = cx.execute(thread.spawn.entry, &world);
    if execution.gave_up {
        return None;
    }
    let facts = execution.get(key)?;
    if !facts.exits.is_empty() || facts.inner_endless {
        return None;
    }
    facts.steps.iter().copied().find(|step| step.place == Some(place) && step.kind != StepKind::Load)
}

fn report(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    facts: &LoopFacts,
    place: Place,
    step: Step,
    sink: &mut Sink,
) {
    let analysis = cx.analysis(body);
    let receive = cx.analysis(step.body);
    let spawner = cx.analysis(thread.spawn.body);
    let loop_loc = analysis.call_loc(expr);
    let channel = cx.place_text(place);
    let exitless = facts.exits.is_empty();
    let pauses = facts.steps.iter().any(|step| step.kind == StepKind::Pause);
    let mut diagnostic = Diagnostic::new(
        &IGNORED_DISCONNECTS,
        receive.call_loc(step.call),
        format!("this thread goes on for ever once the senders of `{channel}` are gone"),
        "the disconnect is swallowed here",
    )
    .site(loop_loc)
    .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    for call in &facts.chain {
        diagnostic = diagnostic.label(*call, "and gets to the loop through this call");
    }
    diagnostic = diagnostic.label(loop_loc, "this loop is never left then");
    if let Some((_, exit)) = facts.exits.first() {
        diagnostic = diagnostic.label(*exit, "this way out needs a message");
    }
    let cost = match (step.kind, pauses) {
        (StepKind::ReceiveTry, true) => "the loop polls for ever, and nobody is left who could stop it",
        _ => "a receive on a disconnected channel returns at once, so the loop spins at full load",
    };
    diagnostic = mend(cx, (body, expr), step, diagnostic.note(cost));
    if exitless {
        diagnostic.level = Level::Deny;
    }
    sink.emit(diagnostic);
}

const ERR: Name = Name::of("Err");
const MEND: &str = "leave the loop when the channel is disconnected";

/// The edit where the shape allows one, else the code to write.
fn mend(cx: &Context<'_>, (body, expr): (BodyId, ExprId), step: Step, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(body);
    let receive = cx.program.text(cx.analysis(step.body).body.expr_loc(step.call));
    if step.body == body && step.kind == StepKind::Receive {
        if let Some(edit) = while_let(cx, analysis, expr, step.call) {
            let applicability = match analysis.tree.parent(expr) {
                Parent::Stmt(..) | Parent::ClosureBody(_) => Applicability::MachineApplicable,
                _ => Applicability::MaybeIncorrect,
            };
            return diagnostic.suggest(MEND, applicability, vec![edit]);
        }
        if let Some(edit) = break_arm(cx, analysis, expr, step.call) {
            return diagnostic.suggest(MEND, Applicability::MaybeIncorrect, vec![edit]);
        }
    }
    let code = match step.kind {
        StepKind::Receive => format!("while let Ok(message) = {receive} {{\n    /* the work */\n}}"),
        StepKind::ReceiveTimed => {
            format!("match {receive} {{\n    // ...\n    Err(RecvTimeoutError::Disconnected) => break,\n}}")
        }
        _ => format!("match {receive} {{\n    // ...\n    Err(TryRecvError::Disconnected) => break,\n}}"),
    };
    diagnostic.help(MEND, code)
}

/// `loop { if let Ok(x) = rx.recv() { .. } }` is `while let Ok(x) = rx.recv() { .. }`.
fn while_let(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, receive: ExprId) -> Option<Edit> {
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let (LoopKind::Loop, None) = (data.kind, data.label) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let only = match (&*block.stmts, block.tail) {
        ([Stmt::Expr { expr, .. }], None) => *expr,
        ([], Some(tail)) => tail,
        _ => return None,
    };
    let Expr::If { cond, then, els: None } = analysis.expr(only) else { return None };
    let Expr::Let { expr: operand, .. } = analysis.expr(*cond) else { return None };
    let in_macro = analysis.body.expr(expr).in_macro || analysis.body.expr(only).in_macro;
    if *operand != receive || in_macro {
        return None;
    }
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    let body = outdent(text(*then), has_long_literal(cx, analysis, *then));
    // What stands between the loop and the `if` would be lost: a comment, an attribute.
    let between = |from: u32, to: u32| cx.program.text(analysis.body.loc(Span::new(from, to))).trim();
    let start = analysis.body.expr(data.body).span.start + 1;
    let end = analysis.body.expr(data.body).span.end - 1;
    let inner = analysis.body.expr(only).span;
    if !between(start, inner.start).is_empty() || !matches!(between(inner.end, end), "" | ";") {
        return None;
    }
    Some(Edit::replace(analysis.body.expr_loc(expr), format!("while {} {body}", text(*cond))))
}

/// A string literal over several lines: its inside is not indentation.
fn has_long_literal(cx: &Context<'_>, analysis: &Analysis<'_>, inside: ExprId) -> bool {
    let area = analysis.body.expr(inside).span;
    analysis.body.ir.exprs.iter().any(|data| {
        matches!(data.kind, Expr::Literal(_) | Expr::Macro(_))
            && area.contains(data.span)
            && cx.program.text(analysis.body.loc(data.span)).contains('\n')
    })
}

/// The text with four columns less on every line but the first.
fn outdent(text: &str, keep: bool) -> String {
    if keep {
        return text.to_owned();
    }
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.strip_prefix("    ").unwrap_or(line))
}

/// The empty `Err` arm of the `match` on the receive becomes `break`.
fn break_arm(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, receive: ExprId) -> Option<Edit> {
    let Parent::Scrutinee(found) = analysis.tree.parent(receive) else { return None };
    let nearest =
        analysis.tree.ancestors(found).find(|up| matches!(analysis.expr(*up), Expr::Loop(_) | Expr::Closure(_)));
    let Expr::Match { arms, .. } = analysis.expr(found) else { return None };
    if nearest != Some(expr) {
        return None;
    }
    let arm = arms.iter().find(|arm| {
        let swallows = match analysis.expr(arm.body) {
            Expr::Block(block) => block.stmts.is_empty() && block.tail.is_none(),
            Expr::Tuple(parts) => parts.is_empty(),
            Expr::Continue { .. } => true,
            _ => false,
        };
        // `_` may stand for messages too.
        let is_error = match &analysis.body.pat(arm.pat).kind {
            Pat::TupleStruct { path, .. } => path.last() == ERR,
            _ => false,
        };
        swallows && is_error && arm.guard.is_none() && !analysis.body.expr(arm.body).in_macro
    })?;
    // A block needs no comma after it, `break` does.
    let end = analysis.body.expr(arm.body).span.end;
    let next = cx.program.text(analysis.body.loc(Span::new(end, end + 1)));
    Some(Edit::replace(analysis.body.expr_loc(arm.body), if next == "," { "break" } else { "break," }))
}
