//! `busy_wait_loops`

use crate::declare_lint;
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::facts::{Analysis, BusyWait, Context, HandleKind, Poll, PollKind, word};
use crate::lint::Sink;
use crate::model::{BodyId, Parent, Ty};
use crate::rules::edits::{laid_out, may_use, starts_line};
use crate::rules::text::indentation;
use crate::syntax::ir::{Expr, ExprId, LoopKind, Pat, Stmt};
use crate::workspace::Edition;

declare_lint! {
    /// ### What it does
    /// Finds loops that wait by asking: they read a flag, look for a message, try a lock, or ask whether a thread has ended,
    /// again and again, with nothing in between that lets others run.
    ///
    /// ### Why is this bad
    /// The loop takes a whole core as long as it waits. The thread that it waits for may not get one: with more
    /// waiters than cores, or with priorities, it waits for ever. On a laptop it empties the battery, in a container it
    /// uses up the quota.
    ///
    /// ### Example
    /// ```rust
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// fn wait(ready: &AtomicBool) {
    ///     while !ready.load(Ordering::Acquire) {}
    /// }
    /// # wait(&AtomicBool::new(true));
    /// ```
    ///
    /// ### Use instead
    /// Something that blocks: `recv()` for a message, `lock()` for a lock, `join()` for a thread, a `Condvar` for a state. Where
    /// the wait is known to be very short, say that it spins:
    /// ```rust
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// fn wait(ready: &AtomicBool) {
    ///     while !ready.load(Ordering::Acquire) {
    ///         std::hint::spin_loop();
    ///     }
    /// }
    /// # wait(&AtomicBool::new(true));
    /// ```
    ///
    /// ### Known limits
    /// A loop is reported only if every call in such a round is known, to the depth of calls that the settings allow. One
    /// pause on the way silences, even if it is not always taken. A loop that works as it asks, tries a bounded number of
    /// times, or tries again because another thread got on (compare and exchange) is none.
    pub static BUSY_WAIT_LOOPS = {
        name: "busy_wait_loops", family: Pool, level: Warn, applicability: MachineApplicable, check: check,
    };
}

/// How many of the questions the story tells.
const MAX_POLLS: usize = 3;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for wait in cx.busy_waits() {
        if let Some(main) = main_poll(wait) {
            report(cx, wait, main, sink);
        }
    }
}

/// The question that tells best what the loop waits for.
fn main_poll(wait: &BusyWait) -> Option<Poll> {
    wait.polls.iter().copied().min_by_key(|poll| match poll.kind {
        PollKind::Receive | PollKind::Finished | PollKind::Io => 0,
        PollKind::TryLock | PollKind::Send => 1,
        PollKind::Exchange => 2,
        PollKind::Other => 3,
        PollKind::Flag => 4,
        PollKind::Locked => 5,
    })
}

fn report(cx: &Context<'_>, wait: &BusyWait, main: Poll, sink: &mut Sink) {
    let analysis = cx.analysis(wait.body);
    let of = main.place.map(|place| format!(" `{}`", cx.place_text(place))).unwrap_or_default();
    let message = match main.kind {
        PollKind::Receive if of.is_empty() => "this loop looks for messages without a pause".to_owned(),
        PollKind::Receive => format!("this loop looks for messages in{of} without a pause"),
        PollKind::Send if of.is_empty() => "this loop tries to send without a pause while there is no room".to_owned(),
        PollKind::Send => format!("this loop tries to put something into{of} without a pause while there is no room"),
        PollKind::Finished => "this loop asks without a pause whether a thread has ended".to_owned(),
        PollKind::TryLock => format!("this loop tries to take the lock{of} without a pause"),
        PollKind::Locked => format!("this loop looks behind the lock{of} without a pause"),
        PollKind::Io => "this loop tries again without a pause what is not ready yet".to_owned(),
        PollKind::Flag | PollKind::Exchange if of.is_empty() => "this loop reads a flag without a pause".to_owned(),
        PollKind::Flag | PollKind::Exchange => format!("this loop reads{of} without a pause"),
        PollKind::Other => "this loop asks without a pause for what others do".to_owned(),
    };
    let mut diagnostic =
        Diagnostic::new(&BUSY_WAIT_LOOPS, analysis.call_loc(wait.expr), message, "goes round at full speed");
    let mut polls: Vec<Poll> = vec![main];
    polls.extend(wait.polls.iter().copied().filter(|poll| *poll != main));
    for poll in polls.iter().take(MAX_POLLS) {
        let text = match poll.kind {
            PollKind::Exchange => "this fails at once until another thread has changed the value",
            PollKind::Locked => "what is looked at here changes only when another thread changes it",
            _ => "this comes back at once, whatever the answer",
        };
        if let Some(call) = call_of(cx, analysis, wait.expr, poll.body) {
            diagnostic = diagnostic.label(analysis.call_loc(call), "asks through this call");
        }
        diagnostic = diagnostic.label(cx.analysis(poll.body).call_loc(poll.call), text);
    }
    let note = "a core runs at full load for nothing, and the thread that is waited for may have to do without it";
    sink.emit(mend(cx, wait, main, diagnostic.note(note)));
}

/// The edit where the shape allows one, and the code to write.
fn mend(cx: &Context<'_>, wait: &BusyWait, main: Poll, diagnostic: Diagnostic) -> Diagnostic {
    let analysis = cx.analysis(wait.body);
    let asked = main.place.map_or_else(|| "state".to_owned(), |place| last_part(&cx.place_text(place)));
    match main.kind {
        PollKind::Flag | PollKind::Exchange | PollKind::Other => match spin_hint(cx, analysis, wait.expr) {
            Some(edit) => diagnostic.suggest(
                "say that this spins, if the wait is very short",
                Applicability::MachineApplicable,
                vec![edit],
            ),
            None => match hint_in_round(cx, analysis, wait.expr).filter(|_| only_flags(wait)) {
                Some(edit) => diagnostic.suggest(
                    "say that this spins, if the wait is very short; else block: on a channel, a `Condvar`, or `park` and `unpark`",
                    Applicability::MaybeIncorrect,
                    vec![edit],
                ),
                None => diagnostic.help(
                    "let others run in each round, or block: on a channel, a `Condvar`, or `park` and `unpark`",
                    "std::thread::yield_now();",
                ),
            },
        },
        PollKind::Receive if main.body != wait.body || has_deadline(cx, analysis, wait.expr) => diagnostic.help(
            "let the channel do the waiting, for as long as this loop may last: `recv_timeout`, where there is one",
            "",
        ),
        PollKind::Receive => match receive(cx, analysis, main) {
            Some(edit) => diagnostic.suggest("wait for the message", Applicability::MaybeIncorrect, vec![edit]),
            None => diagnostic.help(
                "wait for the message, for as long as there is nothing else to do",
                format!("match {asked}.recv() {{\n    Ok(message) => {{ /* the work */ }}\n    Err(_) => break,\n}}"),
            ),
        },
        PollKind::Send => diagnostic.help("wait for room", format!("{asked}.send(message)")),
        PollKind::Finished => {
            let poll = cx.analysis(main.body);
            let handle = poll.receiver(cx.program, main.call).map(|handle| poll.types.ty(handle).peel_refs());
            match handle.map(|handle| (handle, cx.roles().handle(handle))) {
                Some((_, Some(HandleKind::Task))) => {
                    diagnostic.help("wait for the task", format!("let result = {asked}.await;"))
                }
                Some((handle, _)) => diagnostic
                    .help("wait for the thread", format!("let result = {asked}.{}();", cx.joining(handle).method)),
                None => diagnostic.help("wait for the thread", format!("let result = {asked}.join();")),
            }
        }
        PollKind::TryLock => diagnostic.help("wait for the lock", format!("let guard = {asked}.lock();")),
        PollKind::Locked => diagnostic.help(
            "wait on a `Condvar` beside the lock, and notify it where the value changes",
            "let guard = condvar.wait_while(guard, |value| /* not yet */)?;",
        ),
        PollKind::Io => diagnostic.help(
            "wait until it is ready, with the poll that the socket is registered at, or pause",
            "std::thread::sleep(Duration::from_millis(1));",
        ),
    }
}

/// Whether all that is asked is a flag: then the wait may be short, and nothing else would do it.
fn only_flags(wait: &BusyWait) -> bool {
    wait.polls.iter().all(|poll| matches!(poll.kind, PollKind::Flag | PollKind::Exchange))
}

/// The call in a loop that runs another body.
fn call_of(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, body: BodyId) -> Option<ExprId> {
    let owner = cx.program.body(body).owner;
    let mut calls = analysis.calls().filter(|_| body != analysis.body.id);
    calls.find(|(call, callee)| *callee == owner && analysis.tree.is_inside(*call, expr)).map(|(call, _)| call)
}

/// Whether a loop looks at the clock.
fn has_deadline(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> bool {
    let inside = (0..analysis.body.ir.exprs.len() as u32).map(ExprId);
    let mut inside = inside.filter(|part| analysis.tree.is_inside(*part, expr));
    inside.any(|part| cx.roles().says(analysis.types.ty(part).peel_refs(), word::MOMENT))
}

/// `rx` of `Worker::rx`: what can be written in code.
fn last_part(place: &str) -> String {
    let name = place.rsplit([':', '.']).next().unwrap_or(place);
    match place == name {
        true => name.to_owned(),
        false => format!("self.{name}"),
    }
}

/// `spin_loop()` in an empty body.
fn spin_hint(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<Edit> {
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let is_empty = block.stmts.is_empty() && block.tail.is_none();
    if !is_empty || !matches!(data.kind, LoopKind::While(_)) || analysis.body.expr(expr).in_macro {
        return None;
    }
    let hint = hint_text(cx, analysis)?;
    let body = analysis.body.expr_loc(data.body);
    let text = cx.program.text(body);
    if text == "{}" {
        return Some(Edit::replace(body, laid_out(cx, body, &format!("{{\n    {hint}\n}}"))));
    }
    let gap = if text.contains('\n') { laid_out(cx, body, "\n    .").replace('.', "") } else { " ".to_owned() };
    Some(Edit::insert(body.file, body.span.start + 1, format!("{gap}{hint}")))
}

/// The call that tells the processor; where the package's `rust-version` has it.
fn hint_text(cx: &Context<'_>, analysis: &Analysis<'_>) -> Option<&'static str> {
    // `core` is there without `std` too.
    let hint = match cx.program.edition(analysis.body.owner) {
        Edition::E2015 => "::std::hint::spin_loop();",
        _ => "core::hint::spin_loop();",
    };
    may_use(cx, analysis.body.owner, (1, 49)).then_some(hint)
}

/// `spin_loop()` at the end of a round that does something; at its start where the round may go on to the next before its end.
fn hint_in_round(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<Edit> {
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let body = analysis.body.expr_loc(data.body);
    if analysis.body.expr(expr).in_macro
        || matches!(data.kind, LoopKind::For { .. })
        || !cx.program.text(body).contains('\n')
    {
        return None;
    }
    let hint = hint_text(cx, analysis)?;
    let goes_on = analysis.parts(data.body).any(
        |part| matches!(analysis.expr(part), Expr::Continue { target } if target.is_none_or(|target| target == expr)),
    );
    let (end, semi) = match (block.tail, block.stmts.last()) {
        (Some(tail), _) => {
            let is_block =
                matches!(analysis.expr(tail), Expr::If { .. } | Expr::Match { .. } | Expr::Loop(_) | Expr::Block(_));
            (Some(tail).filter(|tail| analysis.types.ty(*tail).is_unit()), if is_block { "" } else { ";" })
        }
        (None, Some(Stmt::Expr { expr, .. })) => {
            (Some(*expr).filter(|last| *analysis.types.ty(*last) != Ty::Never), "")
        }
        (None, _) => (None, ""),
    };
    match end.filter(|_| !goes_on) {
        Some(end) => {
            let span = if block.tail.is_some() { analysis.body.expr(end).span } else { analysis.statement(end) };
            let indent = indentation(cx, analysis.body.loc(span));
            Some(Edit::insert(body.file, span.end, format!("{semi}\n{indent}{hint}")))
        }
        None => {
            let first = match block.stmts.first() {
                Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. }) => *span,
                None => analysis.body.expr(block.tail?).span,
            };
            let indent = indentation(cx, analysis.body.loc(first));
            starts_line(cx, body.file, first.start)
                .then(|| Edit::insert(body.file, first.start, format!("{hint}\n{indent}")))
        }
    }
}

/// `try_recv()` becomes `recv()` where only the message is looked at, and nothing else is in the loop's way.
fn receive(cx: &Context<'_>, analysis: &Analysis<'_>, main: Poll) -> Option<Edit> {
    let same_body = main.body == analysis.body.id;
    let Expr::MethodCall(call) = analysis.expr(main.call) else { return None };
    if !same_body || analysis.body.expr(main.call).in_macro || !call.args.is_empty() {
        return None;
    }
    let Parent::LetOperand(test) = analysis.tree.parent(main.call) else { return None };
    let Expr::Let { pat, .. } = analysis.expr(test) else { return None };
    let Pat::TupleStruct { pats, .. } = &analysis.body.pat(*pat).kind else { return None };
    let takes_all = pats.iter().all(|pat| match &analysis.body.pat(*pat).kind {
        Pat::Bind { sub: None, .. } | Pat::Wild => true,
        Pat::Tuple(parts) => parts.is_empty(),
        _ => false,
    });
    let twin = cx.waiting_twin(analysis.callee(main.call)?).filter(|_| takes_all)?;
    Some(Edit::replace(analysis.body.loc(call.method_span), cx.program.name(twin)))
}
