//! `ignored_disconnects`

use super::edits::{is_iterator, is_selected, label_of, leaving_edits, loop_around, while_let};
use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::facts::{Analysis, Context, LoopFacts, Place, Step, StepKind, Thread, World};
use crate::lint::{Level, Sink};
use crate::model::{BodyId, Parent};
use crate::syntax::ir::{Expr, ExprId, LoopKind};
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
    pub static IGNORED_DISCONNECTS = {
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

const MEND: &str = "leave the loop when the channel is disconnected";

/// The edit where the shape allows one, else the code to write.
fn mend(cx: &Context<'_>, (body, expr): (BodyId, ExprId), step: Step, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(body);
    let receive = cx.program.text(cx.analysis(step.body).body.expr_loc(step.call));
    if step.body == body && may_end(cx, analysis, expr) {
        if step.kind == StepKind::Receive
            && let Some(edit) = while_let(cx, analysis, expr, step.call)
        {
            let applicability = match analysis.tree.parent(expr) {
                Parent::Stmt(..) | Parent::ClosureBody(_) => Applicability::MachineApplicable,
                _ => Applicability::MaybeIncorrect,
            };
            return diagnostic.suggest(MEND, applicability, vec![edit]);
        }
        if let Some(edits) = leaving_edits(cx, analysis, expr, step) {
            return diagnostic.suggest(MEND, Applicability::MaybeIncorrect, edits);
        }
    }
    let is_inner = step.body == body && loop_around(analysis, step.call) != Some(expr);
    let leave = match is_inner {
        true => format!("break {}", label_of(cx, analysis, expr).0),
        false => "break".to_owned(),
    };
    let code = match step.kind {
        // An iterator does not say why it is at its end.
        StepKind::ReceiveTry if is_iterator(cx, step) => {
            let channel = step.place.map_or_else(String::new, |place| cx.place_text(place));
            let channel = channel.rsplit("::").next().unwrap_or_default();
            format!("match {channel}.try_recv() {{\n    // ...\n    Err(TryRecvError::Disconnected) => {leave},\n}}")
        }
        _ if is_selected(cx, step) => {
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => {leave},\n}}")
        }
        StepKind::Receive if is_inner => {
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => {leave},\n}}")
        }
        StepKind::Receive => format!("while let Ok(message) = {receive} {{\n    /* the work */\n}}"),
        StepKind::ReceiveTimed => {
            format!("match {receive} {{\n    // ...\n    Err(RecvTimeoutError::Disconnected) => {leave},\n}}")
        }
        _ => format!("match {receive} {{\n    // ...\n    Err(TryRecvError::Disconnected) => {leave},\n}}"),
    };
    match is_inner && label_of(cx, analysis, expr).1.is_some() {
        true => diagnostic
            .help(format!("{MEND}: with `{}:` before the outer loop's keyword", label_of(cx, analysis, expr).0), code),
        false => diagnostic.help(MEND, code),
    }
}

/// Whether a loop that has no end may get one, as far as types go: what stands behind it gives the function's value, or there is
/// none.
fn may_end(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> bool {
    // `while` and `for` end as it is.
    if !matches!(analysis.expr(expr), Expr::Loop(data) if data.kind == LoopKind::Loop) {
        return true;
    }
    let mut at = expr;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(block, index) => {
                let Expr::Block(data) = analysis.expr(block) else { return false };
                if data.tail.is_some() || (index as usize) + 1 < data.stmts.len() {
                    return true;
                }
                at = block;
            }
            Parent::BlockTail(block) => at = block,
            Parent::LoopBody(_) => return true,
            Parent::ClosureBody(closure) => {
                let Expr::Closure(data) = analysis.expr(closure) else { return false };
                let gives_value = analysis.parts(data.body).any(|part| {
                    let own = analysis.tree.enclosing_closure(analysis.body, part) == Some(closure);
                    own && matches!(analysis.expr(part), Expr::Return(Some(_)) | Expr::Try(_))
                });
                return data.ret.is_none() && !gives_value;
            }
            Parent::Root => {
                let signature = cx.program.signature(analysis.body.owner);
                return signature.is_some_and(|signature| signature.ret.is_unit());
            }
            _ => return false,
        }
    }
}
