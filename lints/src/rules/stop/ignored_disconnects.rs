//! `ignored_disconnects`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, Context, LoopFacts, Place, Step, StepKind, Thread, World, word};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, Parent};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, LoopKind, Pat, Stmt};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop on a spawned thread that receives from a channel and cannot end once all senders of that channel are
    /// gone: the error is swallowed by `if let Ok`, `continue`, `_ => {}`, an empty `Err` arm, `is_err()`,
    /// `unwrap_or(false)`, and every other way out needs a message. So does a loop that reports the error of an I/O
    /// call in place of the disconnect, and goes on at errors. Deny by default where the loop has no other way out at all.
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
    /// alone, since its disconnect may never come, unless the two are seen to be of different channels; so is a receiver in a static, a channel whose sender is kept in one, and one
    /// whose sender belongs to an object whose `Drop` sends a message first.
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
                let found = spins(cx, thread, *key, facts, place);
                if let Some(spin) = found
                    && reported.insert(*key)
                {
                    report(cx, thread, *key, facts, place, spin, sink);
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

/// A loop that goes on for ever without its channel.
#[derive(Clone, Copy)]
struct Spin {
    /// The receive whose disconnect does not end it.
    receive: Step,
    /// The I/O whose error comes before the disconnect is heeded, where it takes one.
    failing: Option<Step>,
    /// It pauses in each round.
    pauses: bool,
}

/// Whether a loop has no way out once the senders of a channel are gone.
fn spins(cx: &Context<'_>, thread: &Thread, key: (BodyId, ExprId), facts: &LoopFacts, place: Place) -> Option<Spin> {
    let world = World { disconnected: vec![place], ..thread.world.clone() };
    let is_io = |step: &&Step| step.kind == StepKind::Block && cx.is_fallible_io(step.body, step.call);
    let spin = match cx.stuck(thread.spawn.entry, &world, key) {
        Some(stuck) => Spin { receive: receive_in(&stuck, place)?, failing: None, pauses: pauses(&stuck) },
        // tracing-appender's worker returns the error of a flush instead of the disconnect, and goes on at an error.
        None => {
            facts.steps.iter().find(is_io)?;
            let stuck = cx.stuck(thread.spawn.entry, &World { io_fails: true, ..world }, key)?;
            let receive = receive_in(&stuck, place)?;
            Spin { receive, failing: Some(*stuck.steps.iter().rfind(is_io)?), pauses: pauses(&stuck) }
        }
    };
    // The object's own `Drop` sends the message that ends the loop.
    let gets_through = match spin.failing {
        None => !facts.exits.is_empty(),
        Some(_) => {
            let world = World { io_fails: true, ..thread.world.clone() };
            cx.stuck(thread.spawn.entry, &world, key).is_none()
        }
    };
    let is_told = gets_through && cx.says_goodbye(place);
    (!is_told).then_some(spin)
}

fn pauses(facts: &LoopFacts) -> bool {
    facts.steps.iter().any(|step| step.kind == StepKind::Pause)
}

fn receive_in(facts: &LoopFacts, place: Place) -> Option<Step> {
    facts.steps.iter().copied().find(|step| step.place == Some(place) && step.kind != StepKind::Load)
}

fn report(
    cx: &Context<'_>,
    thread: &Thread,
    (body, expr): (BodyId, ExprId),
    facts: &LoopFacts,
    place: Place,
    spin: Spin,
    sink: &mut Sink,
) {
    let step = spin.receive;
    let analysis = cx.analysis(body);
    let receive = cx.analysis(step.body);
    let spawner = cx.analysis(thread.spawn.body);
    let loop_loc = analysis.call_loc(expr);
    let channel = cx.place_text(place);
    let exitless = facts.exits.is_empty();
    let (message, label) = match spin.failing {
        None => (
            format!("this thread goes on for ever once the senders of `{channel}` are gone"),
            "the disconnect is swallowed here",
        ),
        Some(_) => (
            format!("this thread spins once the senders of `{channel}` are gone, as long as its I/O fails"),
            "the disconnect is seen here",
        ),
    };
    let mut diagnostic = Diagnostic::new(&IGNORED_DISCONNECTS, receive.call_loc(step.call), message, label)
        .site(loop_loc)
        .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    for call in &facts.chain {
        diagnostic = diagnostic.label(*call, "and gets to the loop through this call");
    }
    if let Some(failing) = spin.failing {
        let loc = cx.analysis(failing.body).call_loc(failing.call);
        diagnostic = diagnostic.label(loc, "an error here takes its place, and the loop goes on at an error");
    }
    diagnostic = diagnostic.label(loop_loc, "this loop is never left then");
    if let Some((_, exit)) = facts.exits.first() {
        let needs = if spin.failing.is_some() { "this way out is not reached" } else { "this way out needs a message" };
        diagnostic = diagnostic.label(*exit, needs);
    }
    let cost = match (step.kind, spin.pauses) {
        (StepKind::ReceiveTry, true) => "the loop polls for ever, and nobody is left who could stop it",
        (_, true) => {
            "a receive on a disconnected channel returns at once: only the pauses of the loop are left, and nobody who \
             could stop it"
        }
        _ => "a receive on a disconnected channel returns at once, so the loop spins at full load",
    };
    diagnostic = match spin.failing {
        None => mend(cx, (body, expr), step, diagnostic.note(cost)),
        Some(_) => diagnostic.note(cost).help(
            "leave the loop at a disconnect even where the I/O after it fails",
            "let result = out.flush();\nif is_disconnected {\n    break;\n}\nresult?;",
        ),
    };
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
        // An iterator does not say why it is at its end.
        StepKind::ReceiveTry if is_iterator(cx, step) => {
            let channel = step.place.map_or_else(String::new, |place| cx.place_text(place));
            let channel = channel.rsplit("::").next().unwrap_or_default();
            format!("match {channel}.try_recv() {{\n    // ...\n    Err(TryRecvError::Disconnected) => break,\n}}")
        }
        _ if is_selected(cx, step) => {
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => break,\n}}")
        }
        StepKind::Receive => format!("while let Ok(message) = {receive} {{\n    /* the work */\n}}"),
        StepKind::ReceiveTimed => {
            format!("match {receive} {{\n    // ...\n    Err(RecvTimeoutError::Disconnected) => break,\n}}")
        }
        _ => format!("match {receive} {{\n    // ...\n    Err(TryRecvError::Disconnected) => break,\n}}"),
    };
    diagnostic.help(MEND, code)
}

/// Whether a receive is that of an operation which a selection has chosen: its one error is the disconnect.
fn is_selected(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).index(word::RECEIVES).is_some())
}

fn is_iterator(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).has(word::EACH_STEP))
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
