//! `unstoppable_thread_loops`

use super::never_set_stop_flags::{constant_flag, copied_flag};
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, LoopFacts, Step, StepKind, Thread, word};
use crate::lint::Sink;
use crate::model::BodyId;
use crate::rules::text::pause_of;
use crate::syntax::ir::{ExprId, TypeRef};
use rustc_hash::FxHashSet;

declare_lint! {
    /// ### What it does
    /// Finds a loop that runs on a spawned thread and that nothing can end: no `break`, `return`, `?`, panic or diverging
    /// call leads out of it. Loops are followed through the functions and closures that the thread calls. Three more
    /// shapes count as endless: a `for` over `TcpListener::incoming()`, a `for` over `0..`, and a loop that only ends
    /// when a channel disconnects whose sender the thread keeps itself.
    ///
    /// ### Why is this bad
    /// The thread cannot be stopped: it can never be joined, whatever it owns is never dropped, and it ends in the middle
    /// of its work when `main` returns.
    ///
    /// ### Example
    /// ```rust,no_run
    /// use std::thread;
    /// use std::time::Duration;
    ///
    /// let flusher = thread::spawn(|| loop {
    ///     thread::sleep(Duration::from_secs(1));
    ///     println!("flush");
    /// });
    /// flusher.join().unwrap(); // never returns
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::sync::mpsc::{self, RecvTimeoutError};
    /// use std::thread;
    /// use std::time::Duration;
    ///
    /// let (stop, stopped) = mpsc::channel::<()>();
    /// let flusher = thread::spawn(move || {
    ///     while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_secs(1)) {
    ///         println!("flush");
    ///     }
    /// });
    /// // later: the disconnect ends the loop
    /// drop(stop);
    /// flusher.join().unwrap();
    /// ```
    ///
    /// ### Known limits
    /// Every `unwrap` and `expect` in the loop counts as a way out, but for those on a lock's result; so does a macro that
    /// could not be read and has a `break` or `return` in it. Panics inside called functions count where the call was
    /// followed. A loop in a function that returns `!`, and one whose thread or loop has a comment that says that it lives
    /// as long as the process, is left alone. Tasks of async runtimes are not threads.
    pub static UNSTOPPABLE_THREAD_LOOPS = {
        name: "unstoppable_thread_loops", family: Stop, level: Warn, applicability: HelpOnly, check: check,
    };
}

/// How many steps of a loop the story tells.
const MAX_STEPS: usize = 3;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<(BodyId, ExprId)> = FxHashSet::default();
    for thread in cx.threads() {
        if thread.execution.gave_up {
            continue;
        }
        for (key, facts) in &thread.execution.loops {
            if is_endless(cx, *key, facts) && !cx.is_process_lifetime(thread, *key) && reported.insert(*key) {
                report(cx, thread, *key, facts, sink);
            }
        }
    }
}

/// Whether a loop has no way out, on purpose of nobody: the innermost such loop is the one to report.
fn is_endless(cx: &Context<'_>, (body, expr): (BodyId, ExprId), facts: &LoopFacts) -> bool {
    if !facts.exits.is_empty() || facts.inner_endless {
        return false;
    }
    let body = cx.program.body(body);
    let says_never = cx.program.function(body.owner).is_some_and(|function| function.ret == TypeRef::Never);
    // `while running` with a copied `bool` is the other lint's to explain, and so is a field that nobody assigns.
    !says_never && copied_flag(cx, (body.id, expr)).is_none() && constant_flag(cx, facts).is_none()
}

fn report(cx: &Context<'_>, thread: &Thread, (body, expr): (BodyId, ExprId), facts: &LoopFacts, sink: &mut Sink) {
    let analysis = cx.analysis(body);
    let spawner = cx.analysis(thread.spawn.body);
    let waits_on_own = thread
        .own_senders
        .iter()
        .find(|own| facts.steps.iter().any(|step| step.place == Some(own.receiver) && step.kind != StepKind::Load));
    let polls = facts.steps.iter().any(|step| step.kind == StepKind::ReceiveTimed);
    let message = match waits_on_own {
        Some(_) if polls => "this thread's loop never ends: it keeps the sender of its own stop channel",
        Some(_) => "this thread's loop never ends: it keeps a sender of the channel that it reads",
        None => "this thread's loop has no way to end",
    };
    let mut diagnostic =
        Diagnostic::new(&UNSTOPPABLE_THREAD_LOOPS, analysis.call_loc(expr), message, "nothing leaves this loop")
            .label(spawner.call_loc(thread.spawn.call), "the thread starts here");
    for call in &facts.chain {
        diagnostic = diagnostic.label(*call, "and gets to the loop through this call");
    }
    if let Some(own) = waits_on_own {
        let receiver = cx.place_text(own.receiver);
        let lives = match own.is_inside {
            true => "holds a sender as long as the thread runs",
            false => "lives as long as the thread",
        };
        diagnostic = diagnostic.label(own.loc, format!("`{}` {lives}, so `{receiver}` never disconnects", own.name));
    }
    for step in facts.steps.iter().filter(|step| is_telling(cx, body, step)).take(MAX_STEPS) {
        let own = waits_on_own.is_some_and(|own| step.place == Some(own.receiver));
        let may_disconnect = can_disconnect(cx, thread, step);
        let text = match step.kind {
            StepKind::Receive | StepKind::ReceiveTimed if own => {
                "the disconnect that could end the loop never comes here"
            }
            StepKind::Receive | StepKind::ReceiveTimed if may_disconnect => {
                "waits here, and a disconnect does not end the loop"
            }
            StepKind::Receive | StepKind::ReceiveTimed => "waits here",
            StepKind::Block => "blocks here",
            StepKind::Pause => "pauses here",
            StepKind::ReceiveTry | StepKind::Load => continue,
        };
        diagnostic = diagnostic.label(cx.analysis(step.body).call_loc(step.call), text);
    }
    let (help, code) = advice(cx, thread, facts, waits_on_own.is_some());
    sink.emit(
        diagnostic
            .note("the thread can never be joined, and is killed in the middle of its work when `main` returns")
            .help(help, code),
    );
}

/// What can be used here: a disconnect where there is a channel, a time-out where there is a sleep, a flag else.
fn advice(cx: &Context<'_>, thread: &Thread, facts: &LoopFacts, own_sender: bool) -> (&'static str, String) {
    let step = |wanted: StepKind| facts.steps.iter().find(|step| step.kind == wanted);
    let timed = step(StepKind::ReceiveTimed).map(|step| source(cx, step));
    if own_sender {
        let Some(receive) = timed else {
            return (
                "leave the loop at a message of its own, which the thread's owner sends before it joins",
                "Message::Stop => break,".to_owned(),
            );
        };
        return (
            "keep the sender with the thread's owner, and leave the loop when it is dropped",
            format!(
                "match {receive} {{\n    Err(RecvTimeoutError::Timeout) => {{ /* the periodic work */ }}\n    \
                 Ok(()) | Err(RecvTimeoutError::Disconnected) => break,\n}}"
            ),
        );
    }
    let receives = |kind: StepKind| step(kind).filter(|step| can_disconnect(cx, thread, step));
    if let Some(step) = receives(StepKind::Receive).or(receives(StepKind::ReceiveTimed)) {
        let receive = source(cx, step);
        return (
            "leave the loop when the senders are gone",
            format!("match {receive} {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => break,\n}}"),
        );
    }
    if let Some(pause) = step(StepKind::Pause) {
        return (
            "wait on a channel instead of sleeping: dropping its sender ends the thread at once",
            format!(
                "while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout({}) {{\n    /* the periodic work */\n}}",
                pause_of(cx, pause.body, pause.call)
            ),
        );
    }
    let accepts = |step: &Step| {
        let callee = cx.analysis(step.body).callee(step.call);
        callee.is_some_and(|callee| cx.effects(callee).with(word::BLOCKS, "accept"))
    };
    if facts.steps.iter().any(accepts) {
        return (
            "test a flag that the thread's owner sets; it then connects once, so that the wait for a connection ends",
            "if stop.load(Ordering::Relaxed) {\n    break;\n}".to_owned(),
        );
    }
    (
        "test a flag that the thread's owner sets before it joins",
        "while !stop.load(Ordering::Relaxed) {\n    /* the work */\n}".to_owned(),
    )
}

/// Whether a step says how the loop spends its time: a wait for a message, or a pause of the loop's own that is not I/O.
fn is_telling(cx: &Context<'_>, body: BodyId, step: &Step) -> bool {
    match step.kind {
        StepKind::Receive | StepKind::ReceiveTimed => true,
        StepKind::Block | StepKind::Pause => {
            let callee = cx.analysis(step.body).callee(step.call);
            step.body == body && callee.is_none_or(|callee| !cx.effects(callee).with(word::BLOCKS, "io"))
        }
        StepKind::ReceiveTry | StepKind::Load => false,
    }
}

/// Whether the channel of a step can lose its senders while the thread runs.
fn can_disconnect(cx: &Context<'_>, thread: &Thread, step: &Step) -> bool {
    step.place.is_none_or(|place| !cx.may_be_self_connected(thread, place))
}

/// The call of a step as it is written.
fn source(cx: &Context<'_>, step: &Step) -> String {
    cx.program.text(cx.analysis(step.body).body.expr_loc(step.call)).to_owned()
}
