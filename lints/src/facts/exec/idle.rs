//! Whether a loop can go round and round doing nothing but ask: is the flag set, is there a message, is the lock free.
//!
//! The round is executed in a world in which every answer is "not yet". A path that gets something done (writes, sends,
//! calls what changes its object) is cut off, and so is one that waits. What is left at the loop's end is a round after
//! which nothing has changed. Where the way depends on an answer, one such path is enough; where it depends on
//! anything else (a setting, a state of its own), every path has to come back empty-handed, for nothing is known of which is
//! taken. One wait anywhere on the way, or one call that may wait, and the loop is not reported.

use super::calls::names;
use super::value::{Env, Value, join};
use super::{Exec, World};
use crate::facts::context::{Analysis, Context};
use crate::facts::effects::{Effects, word};
use crate::facts::entry::Entry;
use crate::facts::place::Place;
use crate::model::{BodyId, DefId, Parent, PatParent, Ty, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, LoopKind, Pat, PatId, SelectArm, SelectOp, Stmt};
use rustc_hash::FxHashMap;

/// After so many rounds that leave no trace there is no reason for the next to.
const ROUNDS: usize = 3;
/// How many bodies a question may lie deep in, that of the loop included.
// tantivy's `DeleteCursor::skip_to` goes on from block to block, and looks behind a lock five functions down.
const DEEPEST: usize = 4;
/// How many callers of a function are asked which closure they give it.
const CALLERS: usize = 8;
/// How deep in a type a socket is looked for.
const TYPE_DEPTH: u32 = 6;

/// A question that a loop asks in each round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Poll {
    /// What it asks for.
    pub kind: PollKind,
    /// Of what.
    pub place: Option<Place>,
    /// The body that the call stands in: the loop's, or a function's that it calls.
    pub body: BodyId,
    /// The call.
    pub call: ExprId,
}

/// What a loop asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PollKind {
    /// A message.
    Receive,
    /// Room for a message.
    Send,
    /// The value of a flag.
    Flag,
    /// The flag, to change it from a value that somebody else has to set.
    Exchange,
    /// A lock, without waiting for it.
    TryLock,
    /// What a lock guards.
    Locked,
    /// Whether a thread has ended.
    Finished,
    /// Bytes or room for bytes, of something that does not block.
    Io,
    /// Something else that the catalogue knows.
    Other,
}

/// The search for an idle round of one loop.
#[derive(Debug)]
pub(super) struct Idle {
    body: BodyId,
    home: ExprId,
    polls: Vec<Poll>,
    /// What was asked last.
    last: Option<PollKind>,
    /// How often something was asked so far.
    asked: Asked,
    /// How many paths got something done.
    progress: u32,
    /// Something waits, or may.
    pauses: bool,
    /// The locals that hold an answer, with what was asked.
    answers: FxHashMap<(BodyId, LocalId), PollKind>,
}

impl Idle {
    fn new(body: BodyId, home: ExprId) -> Idle {
        Idle {
            body,
            home,
            polls: Vec::new(),
            last: None,
            asked: Asked::default(),
            progress: 0,
            pauses: false,
            answers: FxHashMap::default(),
        }
    }
}

/// How often something was asked at some moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Asked {
    /// How often a question was asked.
    questions: u32,
    /// How often an answer of before was read.
    answers: u32,
}

/// A place where the way depends on something that is no answer.
pub(super) struct Fork {
    is_open: bool,
    progress: u32,
    /// One of the ways gets something done.
    pub(super) is_stuck: bool,
    /// Something waited before, or on one of the ways.
    pauses: bool,
}

impl Context<'_> {
    /// The questions of a `loop` or `while` that can go round for ever without doing anything but ask them.
    pub(in crate::facts) fn idle_round(&self, body: BodyId, home: ExprId) -> Option<Vec<Poll>> {
        let analysis = self.analysis(body);
        let Expr::Loop(data) = analysis.expr(home) else { return None };
        let world = World::default();
        let mut exec = Exec::new(self, &world, body);
        exec.idle = Some(Idle::new(body, home));
        exec.push_frame(body, home, true);
        let mut head = Env::default();
        for _ in 0..ROUNDS {
            exec.state = Some(head.clone());
            match data.kind {
                LoopKind::Loop => {}
                LoopKind::While(cond) => {
                    let (yes, _) = exec.condition(body, cond);
                    exec.state = yes;
                }
                LoopKind::For { .. } => return None,
            }
            exec.eval(body, data.body);
            let continues = exec.frames.last_mut().and_then(|frame| frame.continues.take());
            let back = join(exec.state.take(), continues)?;
            if exec.steps == 0 || exec.idle.as_ref().is_none_or(|idle| idle.pauses) {
                return None;
            }
            if back == head {
                break;
            }
            head = back;
        }
        // What a lock guards many calls from here is not what the loop waits for.
        let is_near = |poll: &Poll| poll.kind != PollKind::Locked || self.is_near(analysis, home, poll.body);
        exec.idle.map(|idle| idle.polls).filter(|polls| polls.iter().any(is_near))
    }
}

impl<'a> Exec<'_, 'a> {
    /// The path waits here, or may.
    pub(super) fn pauses(&mut self) -> Value {
        if let Some(idle) = &mut self.idle
            && self.state.is_some()
        {
            idle.pauses = true;
        }
        self.state = None;
        Value::Any
    }

    /// The path gets something done here.
    pub(super) fn progresses(&mut self) -> Value {
        if let Some(idle) = &mut self.idle
            && self.state.is_some()
        {
            idle.progress += 1;
        }
        self.state = None;
        Value::Any
    }

    /// How often answers were asked for so far.
    pub(super) fn asked(&self) -> Asked {
        self.idle.as_ref().map_or(Asked::default(), |idle| idle.asked)
    }

    fn paused(&self) -> bool {
        self.idle.as_ref().is_some_and(|idle| idle.pauses)
    }

    fn progress(&self) -> u32 {
        self.idle.as_ref().map_or(0, |idle| idle.progress)
    }

    /// Notes that a local is read: what holds an answer is one.
    pub(super) fn reads(&mut self, body: BodyId, local: LocalId) {
        if let Some(idle) = &mut self.idle
            && idle.answers.contains_key(&(body, local))
        {
            idle.asked.answers += 1;
        }
    }

    /// Notes that a pattern is given an answer, if something was asked since.
    pub(super) fn gives_answer(&mut self, analysis: &Analysis<'a>, pat: PatId, asked: Asked) {
        let kind = self.idle.as_ref().and_then(|idle| idle.last).filter(|_| self.asked() != asked);
        let Some(kind) = kind else { return };
        let mut open = vec![pat];
        while let Some(pat) = open.pop() {
            match &analysis.body.pat(pat).kind {
                Pat::Bind { local, sub } => {
                    if let Some(idle) = &mut self.idle {
                        idle.answers.insert((analysis.body.id, *local), kind);
                    }
                    open.extend(*sub);
                }
                Pat::TupleStruct { pats, .. } | Pat::Tuple(pats) | Pat::Slice(pats) | Pat::Or(pats) => {
                    open.extend(pats.iter().copied());
                }
                Pat::Struct { fields, .. } => open.extend(fields.iter().map(|(_, pat)| *pat)),
                Pat::Ref(inner) => open.push(*inner),
                Pat::Wild | Pat::Rest | Pat::Path(_) | Pat::Literal(_) | Pat::Opaque => {}
            }
        }
    }

    /// Opens a fork: `asked` is from before its condition.
    pub(super) fn fork(&self, asked: Asked, both_ways: bool) -> Fork {
        let is_open = self.idle.is_some() && both_ways && self.asked() == asked;
        Fork { is_open, progress: self.progress(), is_stuck: false, pauses: self.paused() }
    }

    /// Closes one way of a fork. A way that leaves the loop in the end is as good as one that does nothing.
    pub(super) fn came_back(&mut self, fork: &mut Fork, analysis: &Analysis<'a>, branch: ExprId) {
        // `{ error!(..); break; }` is in no round. Where an exchange failed, what is left may be a failure for no reason
        // (smithay's `AppendList::append_ptr`).
        let is_out = self.idle.as_ref().is_some_and(|idle| {
            if idle.polls.iter().any(|poll| poll.kind == PollKind::Exchange) {
                return false;
            }
            let out = Out { analysis, home: idle.home };
            analysis.body.id == idle.body && out.is_taken(branch, 8) && !out.goes_on_in(branch)
        });
        match &mut self.idle {
            Some(idle) if is_out => idle.pauses = fork.pauses,
            _ => fork.pauses = self.paused(),
        }
        let done = self.progress() != fork.progress;
        fork.progress = self.progress();
        fork.is_stuck |= fork.is_open && done && !self.reached() && !leaves(analysis, branch, 8);
    }

    fn poll(&mut self, kind: PollKind, analysis: &Analysis<'a>, call: ExprId, on: Option<ExprId>) {
        if self.stack.len() > DEEPEST {
            // What so much lies between is asked for reasons that are not seen from here.
            self.pauses();
            return;
        }
        let place = on.and_then(|on| self.place(analysis, on));
        let poll = Poll { kind, place, body: analysis.body.id, call };
        if let Some(idle) = &mut self.idle {
            idle.asked.questions += 1;
            idle.last = Some(kind);
            if !idle.polls.contains(&poll) {
                idle.polls.push(poll);
            }
        }
    }

    /// What a call of a library's function means for the round; `None` where it does nothing to it.
    pub(super) fn idle_call(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        def: DefId,
        receiver: Option<ExprId>,
        receiver_value: &Value,
        args: &[ExprId],
    ) -> Option<Value> {
        let effects = self.cx.effects(def);
        let ty = analysis.types.ty(expr);
        let on = receiver.or_else(|| args.first().copied());
        let is_try = |what: Name| effects.with(what, "try");
        if effects.has(word::YIELDS) || effects.has(word::WAITS) || effects.has(word::JOINS) {
            return Some(self.pauses());
        }
        if effects.has(word::BLOCKS) {
            if receiver.is_some_and(|receiver| self.never_waits(analysis, receiver)) {
                self.poll(PollKind::Io, analysis, expr, receiver);
                return Some(self.not_yet(ty));
            }
            return Some(self.pauses());
        }
        if effects.has(word::RECEIVES) {
            if !is_try(word::RECEIVES) {
                return Some(self.pauses());
            }
            if on.is_some_and(|on| self.was_read(analysis, on, expr)) {
                // `while !queue.is_empty() { queue.try_recv() .. }` finds something.
                return Some(self.progresses());
            }
            self.poll(PollKind::Receive, analysis, expr, on);
            return Some(if effects.has(word::EACH_STEP) { Value::Empty } else { self.not_yet(ty) });
        }
        if effects.has(word::SENDS) {
            // A send that never waits because there is always room is no question.
            let room = matches!(self.not_yet(ty), Value::Err(why) if *why != Value::Any);
            if !is_try(word::SENDS) || !room {
                return Some(self.progresses());
            }
            self.poll(PollKind::Send, analysis, expr, on);
            return Some(self.not_yet(ty));
        }
        if effects.has(word::ACQUIRES) {
            if effects.with(word::ACQUIRES, "timed") {
                return Some(self.pauses());
            }
            let is_try = is_try(word::ACQUIRES);
            if !is_try && on.is_some_and(|on| self.was_tried(analysis, on)) {
                // moka: who does not get the lock at once waits for it.
                return Some(self.pauses());
            }
            self.poll(if is_try { PollKind::TryLock } else { PollKind::Locked }, analysis, expr, on);
            return Some(if is_try { self.not_yet(ty) } else { Value::Any });
        }
        if effects.has(word::FLAG_LOAD) {
            self.poll(PollKind::Flag, analysis, expr, on);
            return Some(Value::Any);
        }
        if effects.has(word::FLAG_UPDATE) {
            return Some(self.idle_update(analysis, expr, effects, on, args));
        }
        if effects.has(word::OBSERVES) && *ty == Ty::BOOL {
            self.poll(PollKind::Finished, analysis, expr, on);
            return Some(Value::Bool(false));
        }
        if effects.has(word::POLLS) {
            let is_io = self.result_error(ty).is_some_and(|error| self.is_input_error(error));
            let kind = match is_io {
                true => PollKind::Io,
                false if effects.has(word::PUTS) => PollKind::Send,
                false => PollKind::Other,
            };
            if effects.has(word::TAKES) && on.is_some_and(|on| self.was_read(analysis, on, expr)) {
                return Some(self.progresses());
            }
            self.poll(kind, analysis, expr, on);
            return Some(self.not_yet(ty));
        }
        if effects.has(word::TAKES) && !effects.has(word::PUTS) {
            return Some(self.idle_take(analysis, ty, on));
        }
        if effects.has(word::CLEARS) {
            // `handles.retain(|handle| !handle.is_finished())`
            let asked = self.asked();
            self.run_callbacks(analysis, args);
            return Some(if self.asked() == asked { self.progresses() } else { Value::Any });
        }
        let changes = [
            word::FLAG_STORE,
            word::FLAG_CANCEL,
            word::PUTS,
            word::PUTS_RESULT,
            word::SWAPS,
            word::NOTIFIES,
            word::WAKES,
            word::SPAWNS,
            word::STORES,
            word::RELEASES,
        ];
        if changes.iter().any(|word| effects.has(*word)) {
            return Some(self.progresses());
        }
        if matches!(receiver_value, Value::Variant(kind, _) if ty.adt() == Some(*kind)) {
            // `error.kind()`
            return Some(receiver_value.clone());
        }
        self.changes_by_reference(analysis, def, receiver, args).then(|| self.progresses())
    }

    /// An update of a flag. One that is tried with a value that the loop itself has just read gets on by itself, however many
    /// threads try it; one with a fixed value waits for another thread to set it.
    fn idle_update(
        &mut self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        effects: Effects<'_>,
        flag: Option<ExprId>,
        args: &[ExprId],
    ) -> Value {
        let fixed = args.first().is_some_and(|arg| self.is_fixed(analysis, *arg, 6));
        // After a look at the flag the fixed value is what was seen: `match state.load(..) { IDLE => compare_exchange(IDLE, BUSY) .. }`
        let seen = flag.is_some_and(|flag| self.was_read(analysis, flag, expr));
        if !fixed || seen || effects.has(word::COUNTS) {
            return self.progresses();
        }
        self.poll(PollKind::Exchange, analysis, expr, flag);
        match effects.has(word::COMPARE_EXCHANGE) {
            true => self.not_yet(analysis.types.ty(expr)),
            false => Value::Any,
        }
    }

    /// Whether an arm is for an exchange that failed although the value was the one it asked for: `Err(IDLE)` for
    /// `compare_exchange_weak(IDLE, BUSY)`. The next try can be expected to get on.
    pub(super) fn is_spurious(&self, analysis: &Analysis<'a>, exchange: ExprId, pat: PatId) -> bool {
        let is_exchange = self.idle.is_some()
            && analysis.callee(exchange).is_some_and(|def| self.cx.effects(def).has(word::COMPARE_EXCHANGE));
        let Some(expected) = analysis.args(exchange).first().filter(|_| is_exchange) else { return false };
        let Pat::TupleStruct { pats, .. } = &analysis.body.pat(pat).kind else { return false };
        let text = |loc: Loc| self.cx.program.text(loc);
        let expected = text(analysis.body.expr_loc(*expected));
        pats.iter().any(|found| {
            let found = analysis.body.pat(*found);
            let is_constant = matches!(found.kind, Pat::Path(_) | Pat::Literal(_));
            is_constant && text(analysis.body.loc(found.span)) == expected
        })
    }

    /// Whether the loop read a flag before.
    fn was_read(&self, analysis: &Analysis<'a>, flag: ExprId, call: ExprId) -> bool {
        let place = self.place(analysis, flag);
        let here = (analysis.body.id, call);
        place.is_some()
            && self
                .idle
                .as_ref()
                .is_some_and(|idle| idle.polls.iter().any(|poll| poll.place == place && (poll.body, poll.call) != here))
    }

    /// Whether the loop tried to take a lock without waiting before.
    fn was_tried(&self, analysis: &Analysis<'a>, lock: ExprId) -> bool {
        let place = self.place(analysis, lock);
        let tries = |poll: &Poll| poll.kind == PollKind::TryLock && poll.place == place;
        place.is_some() && self.idle.as_ref().is_some_and(|idle| idle.polls.iter().any(tries))
    }

    /// Taking out of what others fill: there is nothing in it yet.
    fn idle_take(&mut self, analysis: &Analysis<'a>, ty: &Ty, from: Option<ExprId>) -> Value {
        let asked = from.is_some_and(|from| self.is_shared(analysis, from, 6) && !self.is_locked_twice(analysis, from));
        let is_option = ty.adt().is_some() && ty.adt() == self.cx.program.lang.option;
        match (asked, is_option) {
            (true, true) => Value::None,
            (true, false) if self.cx.roles().says(ty, word::COLLECTION) => Value::Empty,
            _ => self.progresses(),
        }
    }

    /// Whether the loop takes the lock of an object at another place too: `while !jobs.lock().is_empty()` has looked already.
    fn is_locked_twice(&self, analysis: &Analysis<'a>, from: ExprId) -> bool {
        let place = self.place(analysis, from);
        let looks = |poll: &&Poll| poll.kind == PollKind::Locked && poll.place == place;
        place.is_some() && self.idle.as_ref().is_some_and(|idle| idle.polls.iter().filter(looks).count() > 1)
    }

    /// Whether an object is reached through a lock that was taken in this round.
    fn is_shared(&self, analysis: &Analysis<'a>, expr: ExprId, budget: u32) -> bool {
        if budget == 0 {
            return false;
        }
        match analysis.expr(expr) {
            Expr::MethodCall(call) => {
                let acquires = analysis.callee(expr).is_some_and(|def| self.cx.effects(def).has(word::ACQUIRES));
                acquires || self.is_shared(analysis, call.receiver, budget - 1)
            }
            Expr::Field { base, .. } | Expr::Deref(base) | Expr::Ref { expr: base, .. } | Expr::Try(base) => {
                self.is_shared(analysis, *base, budget - 1)
            }
            Expr::Local(local) => {
                let held = self.cx.roles().is_guard(analysis.types.local(*local).peel_refs());
                held && self.is_of_this_round(analysis.body.id, analysis, *local)
            }
            _ => false,
        }
    }

    /// The answer "not yet" as a value of a type.
    fn not_yet(&self, ty: &Ty) -> Value {
        let lang = &self.cx.program.lang;
        match ty {
            Ty::Adt(def, _) if Some(*def) == lang.option => Value::None,
            Ty::Adt(def, args) if Some(*def) == lang.result => {
                let error = args.get(1);
                let named = self.named_variant(error.and_then(Ty::adt));
                // `Ok(None)`, but for channels of optional messages
                let is_optional = args.first().and_then(Ty::adt).is_some_and(|ok| Some(ok) == lang.option);
                if is_optional && named == Value::Any {
                    return Value::good();
                }
                if let Some(wrapped) = error.and_then(|error| self.input_variant(error)) {
                    return Value::error_of(wrapped);
                }
                if error.is_some_and(|error| self.is_input_error(error)) {
                    return Value::error_of(self.named_variant(lang.error_kind));
                }
                Value::error_of(named)
            }
            // `Steal::Empty`
            Ty::Adt(def, _) => self.named_variant(Some(*def)),
            _ => Value::Any,
        }
    }

    /// The variant of an error by which the libraries of the catalogue say "not yet".
    fn named_variant(&self, error: Option<DefId>) -> Value {
        let Some(error) = error else { return Value::Any };
        let ItemKind::Enum(data) = &self.cx.program.item(error).kind else { return Value::Any };
        let index = data.variants.iter().position(|variant| names::NOT_YET.contains(&variant.name));
        index.map_or(Value::Any, |index| Value::Variant(error, index as u32))
    }

    fn result_error<'t>(&self, ty: &'t Ty) -> Option<&'t Ty> {
        (ty.adt().is_some() && ty.adt() == self.cx.program.lang.result).then(|| ty.args().get(1))?
    }

    /// The variant of an error that holds an error of I/O: `tungstenite::Error::Io`.
    fn input_variant(&self, error: &Ty) -> Option<Value> {
        let adt = error.adt()?;
        let ItemKind::Enum(data) = &self.cx.program.item(adt).kind else { return None };
        let count = data.variants.len() as u32;
        let holds =
            |variant: &u32| self.cx.program.field_types(adt, *variant).iter().any(|field| self.is_input_error(field));
        let only = (0..count).find(holds)?;
        Some(Value::Variant(adt, only))
    }

    fn is_input_error(&self, ty: &Ty) -> bool {
        self.cx.roles().says(ty, word::INPUT_ERROR)
    }

    /// Whether the object was told not to block.
    fn never_waits(&self, analysis: &Analysis<'a>, receiver: ExprId) -> bool {
        self.place(analysis, receiver).is_some_and(|place| self.cx.nonblocking_places().contains(&place))
            || self.cx.is_nonblocking(analysis.types.ty(receiver), TYPE_DEPTH)
    }

    /// Whether a function of a library that says nothing of it may change something that outlives the round: through a
    /// mutable reference, or because it can be there for nothing else.
    fn changes_by_reference(
        &self,
        analysis: &Analysis<'a>,
        def: DefId,
        receiver: Option<ExprId>,
        args: &[ExprId],
    ) -> bool {
        let effects = self.cx.effects(def);
        if effects.has(word::DROPS) || effects.has(word::ALIASES) || effects.has(word::UNWRAPS) {
            return false;
        }
        let Some(signature) = self.cx.program.signature(def) else { return true };
        let by_mut = |ty: &Ty| matches!(ty, Ty::Ref(true, _));
        let on_receiver = signature.self_ty.as_ref().is_some_and(by_mut)
            && receiver.is_none_or(|receiver| !self.is_local_of_this_round(analysis, receiver));
        let on_args = signature
            .params
            .iter()
            .zip(args)
            .any(|(ty, arg)| by_mut(ty) && !self.is_local_of_this_round(analysis, analysis.peel(*arg)));
        let runs_closure = args.iter().any(|arg| matches!(analysis.expr(*arg), Expr::Closure(_)));
        on_receiver || on_args || (signature.ret.is_unit() && !runs_closure)
    }

    fn is_local_of_this_round(&self, analysis: &Analysis<'a>, expr: ExprId) -> bool {
        match analysis.expr(expr) {
            Expr::Local(local) => {
                !matches!(analysis.types.local(*local), Ty::Ref(..))
                    && self.is_of_this_round(analysis.body.id, analysis, *local)
            }
            Expr::Field { base, .. } => self.is_local_of_this_round(analysis, *base),
            // The chain of an iterator that is made here.
            Expr::MethodCall(_) | Expr::Call { .. } => true,
            _ => false,
        }
    }

    /// Whether a local is made anew in each round: it is declared inside the loop, or in a function that the loop calls.
    fn is_of_this_round(&self, body: BodyId, analysis: &Analysis<'a>, local: LocalId) -> bool {
        let Some(idle) = &self.idle else { return false };
        if body != idle.body {
            return true;
        }
        let home = analysis.body.expr(idle.home).span;
        analysis.tree.binding(local).is_some_and(|pat| home.contains(analysis.body.pat(pat).span))
    }

    /// Whether an expression has the same value in every round.
    fn is_fixed(&self, analysis: &Analysis<'a>, expr: ExprId, budget: u32) -> bool {
        if budget == 0 {
            return false;
        }
        match analysis.expr(analysis.peel(expr)) {
            Expr::Literal(_) => true,
            Expr::Path(_) => !matches!(analysis.value(analysis.peel(expr)), Some(ValueRef::Static(_)) | None),
            Expr::Local(_) => {
                let (Some(Place::Local(body, local)), Some(idle)) = (self.place(analysis, expr), &self.idle) else {
                    return false;
                };
                let declared = self.cx.analysis(body);
                body == idle.body
                    && !self.is_of_this_round(body, declared, local)
                    && !changed_inside(declared, local, idle.home)
            }
            Expr::Neg(inner) | Expr::Not(inner) | Expr::Deref(inner) | Expr::Cast { expr: inner, .. } => {
                self.is_fixed(analysis, *inner, budget - 1)
            }
            Expr::Binary { lhs, rhs, .. } => {
                self.is_fixed(analysis, *lhs, budget - 1) && self.is_fixed(analysis, *rhs, budget - 1)
            }
            // `ptr::null_mut()`
            Expr::Call { args, .. } => {
                args.is_empty() && analysis.callee(expr).is_some_and(|def| !self.cx.program.is_user(def))
            }
            _ => false,
        }
    }

    /// Whether an assignment leaves things as they were for the next round: to a local of this round, of a literal, or of a
    /// new answer to the same question.
    pub(super) fn assigns_nothing_new(&self, analysis: &Analysis<'a>, assign: ExprId, asked: Asked) -> bool {
        let (Expr::Assign { target, value, compound }, Some(idle)) = (analysis.expr(assign), &self.idle) else {
            return false;
        };
        let local = match analysis.expr(*target) {
            Expr::Missing => return true,
            Expr::Local(local) => *local,
            _ => return self.is_local_of_this_round(analysis, *target),
        };
        if self.is_of_this_round(analysis.body.id, analysis, local) {
            return true;
        }
        if *compound {
            return false;
        }
        match analysis.expr(*value) {
            Expr::Literal(_) => return true,
            // `Err(Full(message)) => kept = message`
            Expr::Local(back) if idle.answers.get(&(analysis.body.id, *back)) == Some(&PollKind::Send) => return true,
            _ => {}
        }
        let builds_on = self.builds_on_rounds(analysis, *value, 5);
        // What a failed exchange gives back is what the next one tries with.
        let exchanges = self.idle.as_ref().is_some_and(|idle| {
            idle.polls.iter().any(|poll| {
                poll.kind == PollKind::Exchange
                    && poll.body == analysis.body.id
                    && analysis.tree.is_inside(poll.call, *value)
            })
        });
        self.asked().questions != asked.questions && !builds_on && !exchanges
    }

    /// Whether a value is made of what the rounds before left, directly or through locals of this round: a walk along a list
    /// gets on.
    fn builds_on_rounds(&self, analysis: &Analysis<'a>, value: ExprId, budget: u32) -> bool {
        let Some(idle) = &self.idle else { return true };
        let area = analysis.body.expr(value).span;
        (0..=value.0).map(ExprId).filter(|expr| area.contains(analysis.body.expr(*expr).span)).any(|expr| {
            let Expr::Local(local) = analysis.expr(expr) else { return false };
            if !self.is_of_this_round(analysis.body.id, analysis, *local) {
                return changed_inside(analysis, *local, idle.home);
            }
            match given_by(analysis, *local) {
                Some(from) if budget > 0 && from != value => self.builds_on_rounds(analysis, from, budget - 1),
                Some(_) => budget == 0,
                None => false,
            }
        })
    }

    /// Whether a comparison is between two readings of one flag: the loop reads something while nobody changes it, and tries
    /// again only because somebody did.
    pub(super) fn compares_snapshots(&self, analysis: &Analysis<'a>, left: ExprId, right: ExprId) -> bool {
        let (left, right) = (self.reading(analysis, left, 5), self.reading(analysis, right, 5));
        left.is_some() && left == right
    }

    /// The flag whose value an expression is.
    fn reading(&self, analysis: &Analysis<'a>, expr: ExprId, budget: u32) -> Option<Place> {
        let expr = analysis.peel(expr);
        match analysis.expr(expr) {
            Expr::Local(local) if budget > 0 => {
                let from = given_by(analysis, *local).or_else(|| only_assigned(analysis, *local))?;
                self.reading(analysis, from, budget - 1)
            }
            Expr::Cast { expr, .. } if budget > 0 => self.reading(analysis, *expr, budget - 1),
            Expr::Call { .. } | Expr::MethodCall(_) => {
                let reads = self.cx.effects(analysis.callee(expr)?).has(word::FLAG_LOAD);
                reads.then(|| self.place(analysis, analysis.receiver(self.cx.program, expr)?))?
            }
            _ => None,
        }
    }

    /// Whether the closures that a method is given run, as far as its receiver is known.
    pub(super) fn idle_callbacks(&self, def: DefId, receiver: &Value) -> bool {
        let on_bad = names::ON_BAD.contains(&self.cx.program.item(def).name);
        match (receiver, receiver.is_good()) {
            (Value::Empty, _) => false,
            (_, Some(good)) => good != on_bad,
            _ => true,
        }
    }

    /// `select!` with a `default` that does not wait: nothing is ready. Any other waits.
    pub(super) fn idle_select(&mut self, analysis: &Analysis<'a>, arms: &[SelectArm]) -> Value {
        let default = arms.iter().find(|arm| arm.op == SelectOp::Default(None));
        let Some(default) = default else { return self.pauses() };
        for arm in arms {
            if let SelectOp::Recv(channel) = arm.op {
                self.poll(PollKind::Receive, analysis, channel, Some(channel));
            }
        }
        self.eval(analysis.body.id, default.body)
    }

    /// Whether a function of the user's was called for what it does, although nothing is seen of it: its value is not used,
    /// and it asks nothing. A placeholder stands for work too.
    pub(super) fn is_work(&self, analysis: &Analysis<'a>, call: ExprId, asked: Asked) -> bool {
        let unused = analysis.types.ty(call).is_unit() || matches!(analysis.tree.parent(call), Parent::Stmt(..));
        self.idle.is_some() && self.reached() && unused && self.asked() == asked
    }

    /// A parameter is called: the closures that the callers give are run, where all are known.
    pub(super) fn run_given(&mut self, analysis: &Analysis<'a>, call: ExprId, owner: DefId, index: u32) -> Value {
        let Some(closures) = self.cx.closures_given(owner, index) else { return self.after(analysis, call) };
        let before = self.state.take();
        let mut after = None;
        let mut result: Option<Value> = None;
        for (body, closure) in closures {
            self.state = before.clone();
            let value = self.run_closure(body, closure);
            after = join(after, self.state.take());
            result = Some(match result {
                Some(known) => known.or(value),
                None => value,
            });
        }
        self.state = after;
        result.unwrap_or(Value::Any)
    }
}

impl Context<'_> {
    /// Whether a body is the loop's own, or that of a function which the loop itself calls.
    fn is_near(&self, analysis: &Analysis<'_>, home: ExprId, asked: BodyId) -> bool {
        let owner = self.program.body(asked).owner;
        let inside = analysis.body.expr(home).span;
        let is_called =
            |(call, callee): (ExprId, DefId)| callee == owner && inside.contains(analysis.body.expr(call).span);
        asked == analysis.body.id || analysis.calls().any(is_called)
    }

    /// The closures that the callers of a function give it for one of its parameters, if every caller gives one.
    fn closures_given(&self, owner: DefId, index: u32) -> Option<Vec<(BodyId, ExprId)>> {
        let has_self = self.program.function(owner)?.self_param.is_some();
        let mut closures = Vec::new();
        for (body, call) in self.calls_of(owner) {
            let analysis = self.analysis(body);
            let by_path = matches!(analysis.expr(call), Expr::Call { .. });
            let arg = *analysis.args(call).get(index as usize + usize::from(by_path && has_self))?;
            match Entry::of(self, analysis, arg) {
                Entry::Closure(body, closure) if closures.len() < CALLERS => closures.push((body, closure)),
                _ => return None,
            }
        }
        (!closures.is_empty()).then_some(closures)
    }
}

/// The ways out of a loop.
struct Out<'o, 'a> {
    analysis: &'o Analysis<'a>,
    home: ExprId,
}

impl Out<'_, '_> {
    /// Whether a `continue` stands in an expression.
    fn goes_on_in(&self, expr: ExprId) -> bool {
        let area = self.analysis.body.expr(expr).span;
        let inside = (0..expr.0).map(ExprId).filter(|part| area.contains(self.analysis.body.expr(*part).span));
        inside.into_iter().any(|part| matches!(self.analysis.expr(part), Expr::Continue { .. }))
    }

    /// Whether an expression ends the loop whenever it is evaluated.
    fn is_taken(&self, expr: ExprId, budget: u32) -> bool {
        let Some(budget) = budget.checked_sub(1) else { return false };
        match self.analysis.expr(expr) {
            Expr::Break { target, .. } => *target == Some(self.home),
            Expr::Return(_) => self.analysis.tree.enclosing_closure(self.analysis.body, expr).is_none(),
            Expr::Block(block) => {
                let last = block.tail.or(match block.stmts.last() {
                    Some(Stmt::Expr { expr, .. }) => Some(*expr),
                    _ => None,
                });
                last.is_some_and(|last| self.is_taken(last, budget))
            }
            Expr::If { then, els: Some(els), .. } => self.is_taken(*then, budget) && self.is_taken(*els, budget),
            Expr::Match { arms, .. } => arms.iter().all(|arm| self.is_taken(arm.body, budget)),
            _ => false,
        }
    }
}

/// Whether control never comes out of an expression at its end: `{ warn!(..); break; }`.
fn leaves(analysis: &Analysis<'_>, expr: ExprId, budget: u32) -> bool {
    if budget == 0 {
        return false;
    }
    match analysis.expr(expr) {
        Expr::Break { .. } | Expr::Return(_) => true,
        Expr::Block(block) => {
            let last = block.tail.or(match block.stmts.last() {
                Some(Stmt::Expr { expr, .. }) => Some(*expr),
                _ => None,
            });
            last.is_some_and(|last| leaves(analysis, last, budget - 1))
        }
        Expr::If { then, els: Some(els), .. } => {
            leaves(analysis, *then, budget - 1) && leaves(analysis, *els, budget - 1)
        }
        Expr::Match { arms, .. } => arms.iter().all(|arm| leaves(analysis, arm.body, budget - 1)),
        _ => *analysis.types.ty(expr) == Ty::Never && !matches!(analysis.expr(expr), Expr::Continue { .. }),
    }
}

/// What a local gets its value from: the initialiser, the scrutinee, what a `for` runs over.
fn given_by(analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
    let mut pat = analysis.tree.binding(local)?;
    loop {
        match analysis.tree.pat_parent(pat) {
            PatParent::Pat(outer) => pat = outer,
            PatParent::Let(block, index) => match analysis.expr(block) {
                Expr::Block(block) => match block.stmts.get(index as usize)? {
                    Stmt::Let { init, .. } => return *init,
                    Stmt::Expr { .. } => return None,
                },
                _ => return None,
            },
            PatParent::LetExpr(test) => match analysis.expr(test) {
                Expr::Let { expr, .. } => return Some(*expr),
                _ => return None,
            },
            PatParent::Arm(outer, _) => match analysis.expr(outer) {
                Expr::Match { scrutinee, .. } => return Some(*scrutinee),
                _ => return None,
            },
            PatParent::For(rounds) => match analysis.expr(rounds) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::For { iter, .. } => return Some(iter),
                    _ => return None,
                },
                _ => return None,
            },
            PatParent::Param(_) | PatParent::ClosureParam(..) => return None,
        }
    }
}

/// The only value that a local is ever assigned.
fn only_assigned(analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
    let mut values = analysis.tree.uses(local).iter().filter_map(|used| match analysis.tree.parent(*used) {
        Parent::AssignTarget(assign) => match analysis.expr(assign) {
            Expr::Assign { value, .. } => Some(*value),
            _ => None,
        },
        _ => None,
    });
    values.next().filter(|_| values.next().is_none())
}

/// Whether a local is assigned, or lent for changing, inside an expression.
fn changed_inside(analysis: &Analysis<'_>, local: LocalId, inside: ExprId) -> bool {
    analysis.tree.uses(local).iter().any(|used| {
        let changes = match analysis.tree.parent(*used) {
            Parent::AssignTarget(_) => true,
            Parent::RefOperand(up) => matches!(analysis.expr(up), Expr::Ref { mutable: true, .. }),
            _ => false,
        };
        changes && analysis.tree.is_inside(*used, inside)
    })
}
