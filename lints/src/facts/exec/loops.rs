//! Loops, and the jumps that leave them.

use super::calls::names;
use super::value::{Env, Value, Var, join};
use super::{Exec, ExitKind, Frame, LoopFacts, StepKind};
use crate::facts::context::{Analysis, Context};
use crate::facts::effects::word;
use crate::facts::place::Place;
use crate::model::{BodyId, DefId};
use crate::source::{Loc, Name};
use crate::syntax::ir::{BlockKind, Expr, ExprId, Loop, LoopKind};

const LOOP_ROUNDS: usize = 5;

impl<'a> Exec<'_, 'a> {
    pub(super) fn push_frame(&mut self, body: BodyId, target: ExprId, is_loop: bool) {
        let depth = self.calls.len() as u32;
        self.frames.push(Frame { body, target, is_loop, depth, breaks: None, continues: None });
    }

    pub(super) fn run_loop(&mut self, analysis: &Analysis<'a>, expr: ExprId, data: &Loop) -> Value {
        let body = analysis.body.id;
        let key = (body, expr);
        let chain = self.chain.clone();
        self.facts.entry(key).or_insert_with(|| LoopFacts { chain, ..LoopFacts::default() });
        let mut endless_iter = false;
        let mut iter = Value::Any;
        let mut received = None;
        if let LoopKind::For { iter: over, .. } = data.kind {
            iter = self.eval(body, over);
            let channel;
            (endless_iter, iter, channel) = self.iteration(analysis, over, iter);
            received = channel.map(|receiver| (receiver, over));
            if self.idle.is_some() && received.is_some() && self.reached() {
                return self.pauses();
            }
        }
        self.push_frame(body, expr, true);
        let mut is_silent = false;
        let mut delivered = None;
        if let Some((receiver, over)) = received {
            let is_ticker = self.never_disconnects(analysis, over);
            let kind = if is_ticker { StepKind::Pause } else { StepKind::Receive };
            self.wait(kind, analysis, over, Some(receiver));
            let place = self.place(analysis, receiver);
            is_silent = place.is_some_and(|place| self.world.silent.contains(&place));
            // What an adaptor makes of a message is not known.
            let is_plain = analysis.callee(over).is_none_or(|callee| self.cx.effects(callee).has(word::RECEIVES));
            delivered = place.filter(|_| is_plain).and_then(|place| self.delivery(place));
        } else if let LoopKind::For { iter: over, .. } = data.kind
            && let Some((at, _)) = self.cx.waits_each_step(analysis, over)
        {
            let on = analysis.receiver(self.cx.program, at).unwrap_or(at);
            self.wait(StepKind::Block, analysis, at, Some(on));
        }
        let mut head = self.state.take();
        let mut leaves: Option<Env> = None;
        for round in 0..LOOP_ROUNDS {
            if round + 1 == LOOP_ROUNDS
                && let Some(env) = &mut head
            {
                env.clear();
                env.insert(Var::Fields, Value::Any);
            }
            self.state = head.clone();
            let mut done: Option<Env> = None;
            match data.kind {
                LoopKind::Loop => {}
                LoopKind::While(cond) => {
                    let asked = self.asked();
                    let (yes, no) = self.condition(body, cond);
                    let runs_once = self.idle.is_some() && round == 0 && self.asked() == asked && yes.is_some();
                    done = no.filter(|_| !runs_once);
                    self.state = yes;
                }
                LoopKind::For { pat, .. } => {
                    let runs_once = self.idle.is_some() && round == 0 && iter != Value::Empty;
                    done = (!endless_iter && !runs_once).then(|| self.state.clone()).flatten();
                    if iter == Value::Empty || is_silent {
                        self.state = None;
                    }
                    self.bind(analysis, pat, delivered.as_ref().unwrap_or(&Value::Any));
                }
            }
            if done.is_some() {
                let own = self.frames.len() - 1;
                let loc = analysis.body.loc(data.keyword);
                let kept = std::mem::replace(&mut self.state, done.clone());
                self.exit(ExitKind::Condition, loc, own);
                self.state = kept;
            }
            leaves = join(leaves, done);
            self.eval(body, data.body);
            let continues = self.frames.last_mut().and_then(|frame| frame.continues.take());
            let back = join(self.state.take(), continues);
            let next = join(head.clone(), back);
            if next == head && (self.idle.is_none() || round > 0) {
                break;
            }
            head = next;
        }
        let breaks = self.frames.pop().and_then(|frame| frame.breaks);
        self.state = join(leaves, breaks);
        let is_endless = self.facts.get(&key).is_some_and(|facts| facts.exits.is_empty());
        if is_endless {
            for outer in self.frames.iter().filter(|frame| frame.is_loop) {
                if let Some(facts) = self.facts.get_mut(&(outer.body, outer.target)) {
                    facts.inner_endless = true;
                }
            }
        }
        Value::Any
    }

    /// Whether what a `for` runs over never ends, what is known of it, and the receiver that it takes from.
    fn iteration(&self, analysis: &Analysis<'a>, over: ExprId, value: Value) -> (bool, Value, Option<ExprId>) {
        let mut endless = false;
        let mut at = over;
        // Through the adaptors that give an element for every element, or wait for one that they like.
        for _ in 0..8 {
            let callee = analysis.callee(at);
            endless |= self.never_disconnects(analysis, at);
            endless |= self.cx.roles().says(analysis.types.ty(at), word::ENDLESS);
            match analysis.expr(at) {
                Expr::MethodCall(call) if callee.is_some_and(|callee| self.cx.keeps_going(callee)) => {
                    at = call.receiver
                }
                Expr::Ref { expr, .. } => at = *expr,
                Expr::MethodCall(_) => return (endless, value, None),
                _ => break,
            }
        }
        if let Expr::Range { start: Some(_), end: None } = analysis.expr(at) {
            return (true, value, None);
        }
        // `for x in rx`, `for x in rx.iter()`
        let receiver = self.cx.roles().pointee(analysis.types.ty(at));
        if !self.cx.roles().says(&receiver, word::RECEIVER) {
            return (endless, value, None);
        }
        let place = self.place(analysis, at);
        let has_sender = |place: Place| {
            let world = self.world;
            world.connected.contains(&place) || world.silent.contains(&place) || self.delivery(place).is_some()
        };
        endless |= place.is_some_and(has_sender);
        match place.is_some_and(|place| self.world.disconnected.contains(&place)) {
            true => (endless, Value::Empty, Some(at)),
            false => (endless, value, Some(at)),
        }
    }

    pub(super) fn jump(&mut self, analysis: &Analysis<'a>, expr: ExprId, target: Option<ExprId>, again: bool) {
        let body = analysis.body.id;
        let depth = self.calls.len() as u32;
        let found = target.and_then(|target| {
            self.frames.iter().rposition(|frame| frame.body == body && frame.target == target && frame.depth == depth)
        });
        let Some(index) = found else {
            self.exit(ExitKind::Unknown, analysis.body.expr_loc(expr), 0);
            self.state = None;
            return;
        };
        // `continue 'outer` leaves the inner loops, `break 'outer` the outer too.
        self.exit(ExitKind::Break, analysis.body.expr_loc(expr), index + usize::from(again));
        let state = self.state.take();
        if let Some(frame) = self.frames.get_mut(index) {
            let slot = if again { &mut frame.continues } else { &mut frame.breaks };
            *slot = join(slot.take(), state);
        }
    }

    pub(super) fn return_with(&mut self, value: Value, kind: ExitKind, loc: Loc) {
        self.exit(kind, loc, self.own_frames());
        let state = self.state.take();
        if state.is_none() {
            return;
        }
        if let Some(call) = self.calls.last_mut() {
            call.returns = join(call.returns.take(), state);
            call.value = Some(match call.value.take() {
                Some(known) => known.or(value),
                None => value,
            });
        }
    }

    /// Something that is not understood may return from the function, and leave any loop of it.
    pub(super) fn may_leave(&mut self, value: Value, breaks: bool, returns: bool, loc: Loc) {
        let kept = self.state.clone();
        if returns {
            self.return_with(value, ExitKind::Unknown, loc);
            self.state.clone_from(&kept);
        }
        if breaks {
            let own = self.own_frames();
            self.exit(ExitKind::Unknown, loc, own);
            for frame in self.frames.iter_mut().skip(own).filter(|frame| frame.is_loop) {
                frame.breaks = join(frame.breaks.take(), kept.clone());
            }
        }
    }

    pub(super) fn try_exit(&mut self, analysis: &Analysis<'a>, expr: ExprId, value: Value, loc: Loc) {
        let depth = self.calls.len() as u32;
        // A `try` block catches it.
        let caught = analysis.tree.ancestors(expr).find_map(|up| match analysis.expr(up) {
            Expr::Block(block) if block.kind == BlockKind::Try => Some(Some(up)),
            Expr::Closure(_) | Expr::Async { .. } => Some(None),
            _ => None,
        });
        if let Some(Some(block)) = caught
            && let Some(index) = self.frames.iter().rposition(|frame| frame.target == block && frame.depth == depth)
        {
            self.exit(ExitKind::Try, loc, index + 1);
            let state = self.state.take();
            if let Some(frame) = self.frames.get_mut(index) {
                frame.breaks = join(frame.breaks.take(), state);
            }
            return;
        }
        self.return_with(value, ExitKind::Try, loc);
    }

    pub(super) fn diverge(&mut self, kind: ExitKind, loc: Loc) {
        // chan's `Sender::send` panics four calls down where a channel is closed that has a sender: no way to stop a loop.
        let nearest = (self.calls.len() as u32).saturating_sub(self.cx.settings.max_call_depth);
        let from = match kind {
            ExitKind::Panic => self.frames.iter().position(|frame| frame.depth >= nearest).unwrap_or(self.frames.len()),
            _ => 0,
        };
        self.exit(kind, loc, from);
        self.state = None;
    }
}

impl Context<'_> {
    /// Where what a `for` runs over comes from that waits before it gives each element, and the function that says so:
    /// `listener.incoming()`, or `&listener` itself.
    pub(in super::super) fn waits_each_step(&self, analysis: &Analysis<'_>, over: ExprId) -> Option<(ExprId, DefId)> {
        const STEPS: [Name; 2] = [Name::of("next"), Name::of("into_iter")];
        let waits = |def: DefId| self.effects(def).has(word::BLOCKS);
        let mut at = over;
        for _ in 0..8 {
            let callee = analysis.callee(at).filter(|callee| !self.program.is_user(*callee));
            if let Some(callee) = callee.filter(|callee| self.effects(*callee).has(word::EACH_STEP) && waits(*callee)) {
                return Some((at, callee));
            }
            at = match analysis.expr(at) {
                Expr::MethodCall(call) if callee.is_some_and(|callee| self.keeps_going(callee)) => call.receiver,
                Expr::Ref { expr, .. } => *expr,
                Expr::MethodCall(_) | Expr::Call { .. } | Expr::Range { .. } | Expr::Macro(_) => return None,
                _ => break,
            };
        }
        let adt = self.roles().pointee(analysis.types.ty(at)).adt().filter(|adt| !self.program.is_user(*adt))?;
        let functions = self.program.impls_of(adt).iter().flat_map(|block| self.functions_of(*block));
        let mut steps = functions.filter(|def| STEPS.contains(&self.program.item(*def).name));
        steps.find(|def| waits(*def)).map(|def| (at, def))
    }

    /// Whether a library's method gives an iterator that ends only when its receiver does.
    fn keeps_going(&self, callee: DefId) -> bool {
        !self.program.is_user(callee) && names::KEEPS_GOING.contains(&self.program.item(callee).name)
    }
}
