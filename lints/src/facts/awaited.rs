//! Threads whose end is awaited without their handle: by a guard that counts them down, a wait group or barrier, or a
//! channel that the starting function reads to the end.
//!
//! A wait that only says "the thread is up" is none: what is sent must be the last thing that the thread does, or the
//! receiver must read until the thread's sender is gone. A wait with a time-out is none either, but for the answer to a
//! request to stop.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::entry::Entry;
use super::place::Place;
use super::shares::captured_locals;
use super::spawns::HandleSite;
use crate::model::{BodyId, DefId, Parent, PatParent, Prim, Ty};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, LocalId, LoopKind, Pat, PatId, Stmt};

/// How deep the `Drop` of a guard is followed.
const DROP_DEPTH: u32 = 2;

/// How somebody learns that a thread has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Completion {
    /// A value moved into the thread says so when it is dropped: by this `Drop::drop`.
    Guard(DefId),
    /// A barrier or wait group, waited for here.
    Barrier(Loc),
    /// A channel, read here.
    Channel(Loc),
    /// What the thread does last, waited for here: a notification, a flag or count, a message.
    Signal(Loc),
}

/// What counts as waiting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Patience {
    /// Only a wait that goes on for as long as it takes.
    Untimed,
    /// One that gives up after a time, too.
    Timed,
}

impl Patience {
    /// Whether a call that says a word waits long enough.
    pub(super) fn accepts(self, effects: Effects<'_>, word: Name) -> bool {
        effects.with(word, "blocking") || (self == Patience::Timed && effects.with(word, "timed"))
    }
}

impl Context<'_> {
    /// How the end of the thread that a call starts is awaited, if it is, other than by its handle.
    pub fn completion(&self, body: BodyId, call: ExprId) -> Option<Completion> {
        self.completion_within(body, call, Patience::Untimed)
    }

    /// As [`Context::completion`], of a thread whose handle is kept: a wait with a time-out counts where the thread is told to
    /// stop.
    pub fn kept_completion(&self, body: BodyId, call: ExprId) -> Option<Completion> {
        self.completion_within(body, call, Patience::Timed)
    }

    fn completion_within(&self, body: BodyId, call: ExprId, patience: Patience) -> Option<Completion> {
        let analysis = self.analysis(body);
        let captured = captured_locals(analysis, call);
        let thread = self.started_code(body, call);
        self.guard(analysis, call, &captured)
            .or_else(|| self.barrier(analysis, call, &captured, thread))
            .or_else(|| self.channel(analysis, call, &captured, thread))
            .or_else(|| self.sibling_awaited(analysis, call, &captured))
            .or_else(|| self.acknowledged(body, call))
            .or_else(|| self.last_act_awaited(body, call, patience))
    }

    /// Whether a way out, the `?` or `return` at a place, hands on what the thread itself has sent before it ends.
    pub(super) fn is_own_error(&self, analysis: &Analysis<'_>, start: ExprId, exit: Loc) -> bool {
        let captured = captured_locals(analysis, start);
        captured.into_iter().any(|local| {
            let sender = self.place_of(analysis, local);
            let Some(receiver) = sender.and_then(|sender| self.receiver_of(analysis, sender)) else { return false };
            let received = |operand: ExprId| {
                inside(analysis, operand, |inner| {
                    self.receive_on(analysis, inner, receiver).is_some() || self.gives_away(analysis, inner, receiver)
                })
            };
            (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| match analysis.expr(expr) {
                Expr::Try(operand) => {
                    analysis.body.expr(expr).span.end == exit.span.end && self.comes_from(analysis, *operand, &received)
                }
                Expr::Return(_) => {
                    analysis.body.expr(expr).span.start == exit.span.start
                        && self
                            .failed_scrutinees(analysis, expr)
                            .any(|tested| self.comes_from(analysis, tested, &received))
                }
                _ => false,
            })
        })
    }

    /// Whether an expression, or what the local in it was bound from, answers to `wanted`.
    fn comes_from(&self, analysis: &Analysis<'_>, expr: ExprId, wanted: &impl Fn(ExprId) -> bool) -> bool {
        wanted(expr)
            || match analysis.expr(analysis.peel(expr)) {
                Expr::Local(local) => analysis.initializer(*local).is_some_and(wanted),
                _ => false,
            }
    }

    /// Whether a call hands a receiver to a function of the user's, which waits there.
    // reqwest's blocking client: `wait::timeout(spawn_rx, None)`.
    fn gives_away(&self, analysis: &Analysis<'_>, call: ExprId, receiver: LocalId) -> bool {
        analysis.callee(call).is_some_and(|callee| self.program.is_user(callee))
            && analysis
                .args(call)
                .iter()
                .any(|arg| matches!(analysis.expr(*arg), Expr::Local(local) if *local == receiver))
    }

    /// What was tested where an expression stands in the arm or branch of an `Err` or `None`.
    pub(super) fn failed_scrutinees<'n>(
        &'n self,
        analysis: &'n Analysis<'_>,
        expr: ExprId,
    ) -> impl Iterator<Item = ExprId> + 'n {
        let mut at = Some(expr);
        std::iter::from_fn(move || {
            while let Some(inner) = at {
                let parent = analysis.tree.parent(inner);
                at = parent.expr();
                match parent {
                    Parent::ClosureBody(_) | Parent::AsyncBody(_) => at = None,
                    Parent::ArmBody(up, index) => {
                        let Expr::Match { scrutinee, arms } = analysis.expr(up) else { continue };
                        let failed = arms.get(index as usize).is_some_and(|arm| self.is_failure(analysis, arm.pat));
                        if failed {
                            return Some(*scrutinee);
                        }
                    }
                    Parent::Branch(up, 0) => {
                        let Expr::If { cond, .. } = analysis.expr(up) else { continue };
                        let Expr::Let { pat, expr } = analysis.expr(*cond) else { continue };
                        if self.is_failure(analysis, *pat) {
                            return Some(*expr);
                        }
                    }
                    _ => {}
                }
            }
            None
        })
    }

    /// Whether a pattern takes `Err` or `None`, at the top or inside `Ok`.
    fn is_failure(&self, analysis: &Analysis<'_>, pat: PatId) -> bool {
        let lang = &self.program.lang;
        let failure = match analysis.types.pat_variants.get(&pat) {
            Some((adt, variant)) if Some(*adt) == lang.result => *variant == 1,
            Some((adt, variant)) if Some(*adt) == lang.option => *variant == 0,
            _ => false,
        };
        failure
            || match &analysis.body.pat(pat).kind {
                Pat::TupleStruct { pats, .. } => pats.iter().any(|inner| self.is_failure(analysis, *inner)),
                _ => false,
            }
    }

    /// The closure that a call starts, and its value.
    fn started_code(&self, body: BodyId, call: ExprId) -> Option<ExprId> {
        let spawn = self.spawns().at(body, call)?;
        match spawn.entry {
            Entry::Closure(own, _) if own == body => spawn.entry.code(self).map(|(_, root)| root),
            _ => None,
        }
    }

    // rouille's `Executor::execute` moves an `AtomicCounter` into the thread; `Executor::join` waits for it to reach 0.
    fn guard(&self, analysis: &Analysis<'_>, call: ExprId, captured: &[LocalId]) -> Option<Completion> {
        captured.iter().find_map(|local| {
            let drop = self.program.drop_function(analysis.types.local(*local).adt()?)?;
            let owned = self.program.is_user(drop) && moved_into(analysis, call, *local);
            (owned && self.signals_when_dropped(drop, DROP_DEPTH)).then_some(Completion::Guard(drop))
        })
    }

    /// Whether a `Drop` counts down, notifies or sends: more than a flag set to stop something.
    fn signals_when_dropped(&self, function: DefId, depth: u32) -> bool {
        let Some(body) = self.program.body_of(function) else { return false };
        let analysis = self.analysis(body);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let Some(callee) = analysis.callee(expr) else { return false };
            if self.program.is_user(callee) {
                return depth > 1 && self.signals_when_dropped(callee, depth - 1);
            }
            let effects = self.effects(callee);
            // `fetch_sub(1)` counts; a swapped `bool` or pointer does not.
            let counts = effects.has(word::FLAG_UPDATE)
                && analysis.args(expr).first().is_some_and(|arg| *analysis.types.ty(*arg) == Ty::Prim(Prim::Int));
            counts || effects.has(word::NOTIFIES) || effects.has(word::SENDS)
        })
    }

    fn barrier(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        captured: &[LocalId],
        thread: Option<ExprId>,
    ) -> Option<Completion> {
        let shared = captured.iter().any(|local| {
            let ty = analysis.types.local(*local);
            // A wait group counts its clones; a barrier counts only those that reach it.
            let counts_clones = self.roles().says(ty, word::BARRIER);
            let reached_last = self.roles().says(&self.roles().pointee(ty), word::BARRIER)
                && thread.is_some_and(|thread| {
                    self.last_act(analysis, thread, |expr| self.waits_at_barrier(analysis, expr))
                });
            counts_clones || reached_last
        });
        if !shared {
            return None;
        }
        let waited = self.calls_after(analysis, call).find(|expr| self.waits_at_barrier(analysis, *expr))?;
        Some(Completion::Barrier(analysis.call_loc(waited)))
    }

    fn waits_at_barrier(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::COMPLETES))
    }

    fn channel(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        captured: &[LocalId],
        thread: Option<ExprId>,
    ) -> Option<Completion> {
        captured.iter().find_map(|local| {
            if !self.roles().says(&self.roles().pointee(analysis.types.local(*local)), word::SENDER) {
                return None;
            }
            let receiver = self.receiver_of(analysis, self.place_of(analysis, *local)?)?;
            let receives = |expr: ExprId| self.receive_on(analysis, expr, receiver);
            let sends_last = || {
                thread
                    .is_some_and(|thread| self.last_act(analysis, thread, |expr| self.sends_on(analysis, expr, *local)))
            };
            // rdkafka's `NaiveRuntime::delay_for` makes a future of it.
            if self.is_returned(analysis, receiver, false, 1) && sends_last() {
                return Some(Completion::Channel(analysis.call_loc(call)));
            }
            let read = self.calls_after(analysis, call).find_map(|expr| receives(expr).map(|kind| (expr, kind)));
            let (at, kind) = read?;
            let ends = kind == Read::ToTheEnd || sends_last();
            ends.then(|| Completion::Channel(analysis.call_loc(at)))
        })
    }

    /// `let (tx, rx) = oneshot::channel(); spawn(move || tx.send(run())); rx.await`
    fn sibling_awaited(&self, analysis: &Analysis<'_>, call: ExprId, captured: &[LocalId]) -> Option<Completion> {
        let after = analysis.body.expr(call).span.end;
        let home = analysis.tree.enclosing_closure(analysis.body, call);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find_map(|expr| {
            let Expr::Await(operand) = analysis.expr(expr) else { return None };
            let Expr::Local(awaited) = analysis.expr(analysis.peel(*operand)) else { return None };
            let later = analysis.body.expr(expr).span.start > after
                && analysis.tree.enclosing_closure(analysis.body, expr) == home;
            let pair = pair_of(analysis, *awaited)?;
            let sibling = captured.iter().any(|local| local != awaited && pair_of(analysis, *local) == Some(pair));
            (later && sibling).then(|| Completion::Channel(analysis.body.expr_loc(*operand)))
        })
    }

    /// A function that stops the thread sends a message to it and waits for the answer: a message back, or that the thread
    /// takes another one. To give up waiting after a time is on purpose here.
    // sled's `MetadataStore::drop` sends `Shutdown(tx)` to its worker, and receives from `rx`; so does opentelemetry_sdk's
    // `PeriodicReader`, with a time-out. tracing-appender's `WorkerGuard` sends to a channel that holds nothing. The pools of
    // `executors` send a latch along, and wait for it.
    fn acknowledged(&self, body: BodyId, call: ExprId) -> Option<Completion> {
        let shares = self.shares(HandleSite { body, call, wrapper: None });
        let stops = |function: DefId| {
            let about = shares.senders.iter().any(|field| self.is_about(function, field.adt));
            about && (self.stops_things(function) || self.runs_in_drop(function))
        };
        let touching = self.bodies_using(&shares.senders).into_iter();
        touching.filter(|other| stops(self.program.body(*other).owner)).find_map(|other| {
            let other = self.analysis(other);
            let sent_to = |expr: ExprId| {
                let sends = other.callee(expr).is_some_and(|callee| self.effects(callee).has(word::SENDS));
                let receiver = other.receiver(self.program, expr).filter(|_| sends)?;
                self.trail(other, receiver).into_iter().find(|place| shares.receives_from(*place))
            };
            let mut sends =
                (0..other.body.ir.exprs.len() as u32).map(ExprId).filter_map(|expr| Some((expr, sent_to(expr)?)));
            let (sent, channel) = sends.next()?;
            if let Some(given) = self.answer_given(other, sent) {
                return Some(Completion::Channel(other.call_loc(given)));
            }
            let answered = self.calls_after(other, sent).find(|expr| {
                other.callee(*expr).is_some_and(|callee| {
                    let effects = self.effects(callee);
                    let received = Patience::Timed.accepts(effects, word::RECEIVES) && !effects.has(word::EACH_STEP);
                    received
                        || self.waits_until(callee)
                        || (effects.with(word::SENDS, "timed") && sent_to(*expr).is_some_and(|other| other != channel))
                })
            });
            // `finished.await` of a oneshot channel
            let answered = answered.or_else(|| {
                let after = other.body.expr(sent).span.end;
                (0..other.body.ir.exprs.len() as u32).map(ExprId).find(|expr| {
                    let Expr::Await(operand) = other.expr(*expr) else { return false };
                    let is_end = self.roles().says(&self.roles().pointee(other.types.ty(*operand)), word::RECEIVER);
                    is_end && other.body.expr(*expr).span.end > after
                })
            })?;
            Some(Completion::Channel(other.call_loc(answered)))
        })
    }

    /// The message itself, where it takes along the sender of a channel whose receiver goes to the caller: the answer is
    /// waited for there.
    // ksni's `Handle::shutdown` returns a `ShutdownAwaiter` around it.
    fn answer_given(&self, analysis: &Analysis<'_>, sent: ExprId) -> Option<ExprId> {
        let receiver = |part: ExprId| match analysis.expr(part) {
            Expr::Local(local) if self.roles().says(analysis.types.local(*local), word::SENDER) => {
                self.receiver_of(analysis, self.place(analysis, part)?)
            }
            _ => None,
        };
        let message = analysis.args(sent).iter().flat_map(|arg| analysis.parts(*arg));
        let is_answer = |receiver: LocalId| self.is_returned(analysis, receiver, true, 2);
        message.filter_map(receiver).any(is_answer).then_some(sent)
    }

    /// Whether a local leaves its function as its value, or in what that is made of; `kept`: also in a value of the user's.
    fn is_returned(&self, analysis: &Analysis<'_>, local: LocalId, kept: bool, steps: u32) -> bool {
        analysis.tree.uses(local).iter().any(|used| {
            let mut at = *used;
            loop {
                at = match analysis.tree.parent(at) {
                    Parent::Root | Parent::ReturnValue(_) => return true,
                    Parent::LetInit(block, index) => {
                        let Expr::Block(data) = analysis.expr(block) else { return false };
                        let pat = data.stmts.get(index as usize).and_then(|stmt| match stmt {
                            Stmt::Let { pat, .. } => Some(*pat),
                            Stmt::Expr { .. } => None,
                        });
                        let bound = pat.and_then(|pat| match analysis.body.pat(pat).kind {
                            Pat::Bind { local, .. } => Some(local),
                            _ => None,
                        });
                        return steps > 0
                            && bound.is_some_and(|bound| self.is_returned(analysis, bound, kept, steps - 1));
                    }
                    // `rx.map(|_| ())`, `Awaiter::new(rx)`, `async move { rx.await }`
                    Parent::Receiver(up) | Parent::Arg(up, _) => {
                        let effects = analysis.callee(up).map(|callee| self.effects(callee));
                        // What is received is not the receiver.
                        let mut ends = [word::DROPS, word::FORGETS, word::RECEIVES].into_iter();
                        let ends = effects.is_some_and(|effects| ends.any(|word| effects.has(word)));
                        if ends || (!kept && self.is_users_value(analysis, up)) {
                            return false;
                        }
                        up
                    }
                    Parent::BlockTail(up)
                    | Parent::Branch(up, _)
                    | Parent::ArmBody(up, _)
                    | Parent::Element(up, _)
                    | Parent::AsyncBody(up) => up,
                    Parent::AwaitOperand(_) => {
                        let is_future = |up: &ExprId| matches!(analysis.expr(*up), Expr::Async { .. });
                        let Some(future) = analysis.tree.ancestors(at).find(is_future) else { return false };
                        future
                    }
                    Parent::StructField(up, _) if kept => up,
                    _ => return false,
                };
            }
        })
    }

    fn is_users_value(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        analysis.types.ty(expr).any(&mut |ty| ty.adt().is_some_and(|adt| self.program.is_user(adt)))
    }

    /// Whether a function waits for something that others do: a barrier, a condition variable, a latch of the crate's own.
    fn waits_until(&self, function: DefId) -> bool {
        let waits = |function: DefId| {
            let effects = self.effects(function);
            effects.has(word::COMPLETES) || effects.has(word::WAITS)
        };
        match self.program.body_of(function).filter(|_| self.program.is_user(function)) {
            Some(body) => self.analysis(body).calls().any(|(_, callee)| waits(callee)),
            None => waits(function),
        }
    }

    /// Whether a function is a `Drop::drop`, or is called by that of its type.
    fn runs_in_drop(&self, function: DefId) -> bool {
        let Some(drop) = self.owner_of(function).and_then(|adt| self.program.drop_function(adt)) else { return false };
        drop == function
            || self
                .program
                .body_of(drop)
                .is_some_and(|body| self.analysis(body).calls().any(|(_, callee)| callee == function))
    }

    fn place_of(&self, analysis: &Analysis<'_>, local: LocalId) -> Option<Place> {
        analysis.tree.uses(local).first().and_then(|used| self.place(analysis, *used))
    }

    /// The receiver that was made together with a sender: `let (sender, receiver) = channel()`.
    fn receiver_of(&self, analysis: &Analysis<'_>, sender: Place) -> Option<LocalId> {
        let Place::Local(body, sender) = sender else { return None };
        if body != analysis.body.id {
            return None;
        }
        let pair = pair_of(analysis, sender)?;
        let pair_span = analysis.body.pat(pair).span;
        (0..analysis.body.ir.locals.len() as u32).map(LocalId).find(|local| {
            pair_span.contains(analysis.body.local(*local).span)
                && self.roles().says(analysis.types.local(*local), word::RECEIVER)
        })
    }

    /// How an expression reads a receiver, where it does so without a time-out.
    fn receive_on(&self, analysis: &Analysis<'_>, expr: ExprId, receiver: LocalId) -> Option<Read> {
        let is_receiver = |operand: ExprId| matches!(self.place(analysis, analysis.peel(operand)), Some(Place::Local(_, local)) if local == receiver);
        if let Expr::Loop(data) = analysis.expr(expr) {
            return match data.kind {
                LoopKind::For { iter, .. } if is_receiver(iter) => Some(Read::ToTheEnd),
                LoopKind::While(cond) => {
                    let waits = (0..=cond.0).map(ExprId).any(|inner| {
                        analysis.tree.is_inside(inner, cond)
                            && self.receive_on(analysis, inner, receiver) == Some(Read::Once)
                    });
                    waits.then_some(Read::ToTheEnd)
                }
                _ => None,
            };
        }
        let callee = analysis.callee(expr)?;
        let effects = self.effects(callee);
        if !effects.with(word::RECEIVES, "blocking") || !is_receiver(analysis.receiver(self.program, expr)?) {
            return None;
        }
        Some(match effects.has(word::EACH_STEP) {
            true => Read::ToTheEnd,
            false => Read::Once,
        })
    }

    fn sends_on(&self, analysis: &Analysis<'_>, expr: ExprId, sender: LocalId) -> bool {
        analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::SENDS))
            && analysis.receiver(self.program, expr).is_some_and(|receiver| {
                let wanted = self.place_of(analysis, sender);
                wanted.is_some() && self.place(analysis, analysis.peel(receiver)) == wanted
            })
    }

    /// Whether what `wanted` looks for is the last thing that a block does, on every way to its end.
    // cpal's CoreAudio listener sends that it is ready in one arm, and then waits to be shut down.
    fn last_act(&self, analysis: &Analysis<'_>, block: ExprId, wanted: impl Fn(ExprId) -> bool) -> bool {
        let mut open = vec![block];
        while let Some(at) = open.pop() {
            match analysis.expr(at) {
                Expr::Block(data) => {
                    let last = data.stmts.last().and_then(|stmt| match stmt {
                        Stmt::Expr { expr, .. } => Some(*expr),
                        Stmt::Let { init, .. } => *init,
                    });
                    let Some(last) = data.tail.or(last) else { return false };
                    open.push(last);
                }
                Expr::If { cond: tested, .. } | Expr::Match { scrutinee: tested, .. }
                    if inside(analysis, *tested, &wanted) => {}
                Expr::If { then, els: Some(els), .. } => open.extend([*then, *els]),
                Expr::Match { arms, .. } => open.extend(arms.iter().map(|arm| arm.body)),
                Expr::If { .. } | Expr::Loop(_) => return false,
                _ if inside(analysis, at, &wanted) => {}
                _ => return false,
            }
        }
        true
    }

    /// The calls and loops of the same function that stand after a call, outside closures.
    fn calls_after<'n>(&self, analysis: &'n Analysis<'_>, call: ExprId) -> impl Iterator<Item = ExprId> + 'n {
        let after = analysis.body.expr(call).span.end;
        let home = analysis.tree.enclosing_closure(analysis.body, call);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).filter(move |expr| {
            matches!(analysis.expr(*expr), Expr::Call { .. } | Expr::MethodCall(_) | Expr::Loop(_))
                && analysis.body.expr(*expr).span.end > after
                && !analysis.tree.is_inside(*expr, call)
                && analysis.tree.enclosing_closure(analysis.body, *expr) == home
        })
    }
}

/// The tuple pattern that binds a local.
fn pair_of(analysis: &Analysis<'_>, local: LocalId) -> Option<PatId> {
    match analysis.tree.pat_parent(analysis.tree.binding(local)?) {
        PatParent::Pat(pair) => Some(pair),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    Once,
    ToTheEnd,
}

/// Whether a closure among the call's arguments takes a local by value.
fn moved_into(analysis: &Analysis<'_>, call: ExprId, local: LocalId) -> bool {
    (0..call.0).map(ExprId).any(|expr| match analysis.expr(expr) {
        Expr::Closure(closure) => {
            analysis.tree.is_inside(expr, call)
                && closure.captures.contains(&local)
                && (closure.is_move
                    || analysis.tree.uses(local).iter().any(|used| {
                        analysis.tree.is_inside(*used, expr)
                            && matches!(analysis.tree.parent(*used), Parent::LetInit(..) | Parent::Arg(..))
                    }))
        }
        _ => false,
    }) && !matches!(analysis.types.local(local), Ty::Ref(..))
}

/// Whether an expression does what `wanted` looks for, outside of closures.
fn inside(analysis: &Analysis<'_>, outer: ExprId, wanted: impl Fn(ExprId) -> bool) -> bool {
    let home = analysis.tree.enclosing_closure(analysis.body, outer);
    (0..=outer.0).map(ExprId).any(|expr| {
        analysis.tree.is_inside(expr, outer)
            && wanted(expr)
            && (expr == outer || analysis.tree.enclosing_closure(analysis.body, expr) == home)
    })
}
