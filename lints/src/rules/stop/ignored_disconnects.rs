//! `ignored_disconnects`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, LoopFacts, Place, Step, StepKind, Thread, World};
use crate::lint::{Level, Sink};
use crate::model::BodyId;
use crate::syntax::ir::ExprId;
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
    /// ```
    /// # use std::{sync::mpsc, thread};
    /// # let (tx, rx) = mpsc::channel::<u32>();
    /// thread::spawn(move || loop {
    ///     if let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// # drop(tx);
    /// ```
    ///
    /// ### Use instead
    /// ```
    /// # use std::{sync::mpsc, thread};
    /// # let (tx, rx) = mpsc::channel::<u32>();
    /// thread::spawn(move || {
    ///     while let Ok(job) = rx.recv() {
    ///         println!("{job}");
    ///     }
    /// });
    /// # drop(tx);
    /// ```
    ///
    /// ### Known limits
    /// The loop is executed in a world where the channel gives nothing but its disconnect; whatever is not understood
    /// there counts as a way out. A receiver whose struct or closure also holds a sender of the same message type is left
    /// alone, since its disconnect never comes; so is a receiver in a static.
    pub(crate) static IGNORED_DISCONNECTS = {
        name: "ignored_disconnects", family: Stop, level: Warn, applicability: MaybeIncorrect, check: check,
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
        let receives =
            matches!(step.kind, StepKind::Receive | StepKind::ReceiveTimed | StepKind::ReceiveTry);
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
    let code = match step.kind {
        StepKind::Receive => "while let Ok(message) = receiver.recv() {\n    /* the work */\n}",
        StepKind::ReceiveTimed => "Err(RecvTimeoutError::Disconnected) => break,",
        _ => "Err(TryRecvError::Disconnected) => break,",
    };
    diagnostic = diagnostic.note(cost).help("leave the loop when the channel is disconnected", code);
    if exitless {
        diagnostic.level = Level::Deny;
    }
    sink.emit(diagnostic);
}
