//! Waits on condition variables that do not look again: whoever wakes them for nothing is taken for the news.
//!
//! A wait is safe where a way leads from it back to it under the same guard (`while`, `loop` with a test), where its
//! function is called again and again and does nothing after it, or where it loops itself (`wait_while`). A wait that cannot
//! wake without a notify still has to look again where somebody else can undo in between what it was woken for.

use super::condvars::CondvarWait;
use super::context::{Analysis, Context};
use super::effects::word;
use super::entry::Entry;
use super::guards::Guard;
use super::origins::mentions;
use super::writes::{State, WriteKind};
use crate::model::flow::{Action, BitSet, EdgeKind, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::syntax::ir::{Expr, ExprId, Literal, LoopKind, Visibility};

/// Why a wait is not enough.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitFault {
    /// It stands in no loop.
    Once,
    /// As that; it does not wake for nothing, but somebody else may be faster.
    Stolen,
    /// Whether the time is over is all that is asked after it.
    OnlyTime,
    /// It waits before it looks, round after round.
    Blind,
}

/// A wait that does not look again.
#[derive(Clone, Copy, Debug)]
pub struct UnloopedWait<'c> {
    /// The wait.
    pub wait: &'c CondvarWait,
    /// Why that is not enough.
    pub fault: WaitFault,
    /// The `if` around it.
    pub tested_by: Option<ExprId>,
}

/// What surrounds a wait on its graph.
struct Surroundings<'c> {
    flow: &'c Flow,
    node: NodeId,
    guard: &'c Guard,
    /// What can come after it under this guard or none.
    after: BitSet,
}

impl Context<'_> {
    /// Every wait that does not look again, in order.
    pub fn unlooped_waits(&self) -> Vec<UnloopedWait<'_>> {
        let waits = self.condvars().waits.iter().filter(|wait| wait.param.is_none() && !wait.predicate);
        waits
            .filter_map(|wait| {
                let fault = self.wait_fault(wait)?;
                Some(UnloopedWait { wait, fault, tested_by: self.if_around(wait) })
            })
            .collect()
    }

    fn wait_fault(&self, wait: &CondvarWait) -> Option<WaitFault> {
        let guard = self.guard_of_wait(wait)?;
        if !self.is_understood(wait.body, wait.root) {
            return None;
        }
        let flow = self.flow(wait.body, wait.root);
        let node = flow.node(wait.call)?;
        let taken = flow.node(guard.call)?;
        let after = flow.reach(node, |_, _, next| next != taken);
        let around = Surroundings { flow, node, guard, after };
        if wait.timed && wait.spurious && self.ends_on_time_alone(wait, &around) {
            return Some(WaitFault::OnlyTime);
        }
        if self.goes_round(wait) {
            return None;
        }
        if flow.reaches(node, node) {
            return self.repeated_fault(wait, &around, taken);
        }
        if wait.timed {
            return (wait.spurious && self.asks_only_the_time(wait, &around)).then_some(WaitFault::OnlyTime);
        }
        if self.is_called_again(wait, &around)
            || (wait.spurious && self.expects_to_wake_for_nothing(self.analysis(wait.body), wait.call))
        {
            return None;
        }
        if wait.spurious {
            return Some(WaitFault::Once);
        }
        self.can_be_undone(wait, &around).then_some(WaitFault::Stolen)
    }

    /// A graph whose code runs once a call: a function's, or that of a thread's closure.
    fn is_understood(&self, body: BodyId, root: FlowRoot) -> bool {
        match root {
            FlowRoot::Body => true,
            FlowRoot::Closure(closure) => {
                self.spawns().all.iter().any(|spawn| spawn.entry == Entry::Closure(body, closure))
            }
        }
    }

    /// A wait in a loop that takes the lock anew each round.
    fn repeated_fault(&self, wait: &CondvarWait, around: &Surroundings<'_>, taken: NodeId) -> Option<WaitFault> {
        let analysis = self.analysis(wait.body);
        let state = State::of_guard(around.guard);
        let before = around.flow.reach(taken, |_, _, next| next != around.node);
        let leads_on = |node: NodeId| around.flow.reach(node, |_, _, next| next != taken).contains(around.node.index());
        let tested_before = self.branches(analysis, around.flow, &before).any(|(node, _)| leads_on(node));
        match tested_before {
            true if !wait.timed && wait.spurious => {
                self.goes_on_blindly(analysis, around, &state).then_some(WaitFault::Once)
            }
            false if !wait.timed => {
                let writes = self.writes(analysis, &state);
                let at = |expr: ExprId| around.flow.node(expr).map(NodeId::index);
                let prepares = writes.iter().any(|write| {
                    at(write.expr).is_some_and(|index| before.contains(index) && leads_on(NodeId(index as u32)))
                });
                let takes = writes.iter().any(|write| {
                    matches!(write.kind, WriteKind::Take | WriteKind::Clear)
                        && at(write.expr).is_some_and(|index| around.after.contains(index))
                });
                (takes && !prepares).then_some(WaitFault::Blind)
            }
            _ => None,
        }
    }

    /// Whether the rest of the round takes what was waited for as there: no test is made of the state, and its value is
    /// unwrapped or written.
    // timer's `WaiterChannel` drops the guard that the wait gives, and looks when it has locked again.
    fn goes_on_blindly(&self, analysis: &Analysis<'_>, around: &Surroundings<'_>, state: &State) -> bool {
        let tests: Vec<ExprId> = self.branches(analysis, around.flow, &around.after).map(|(_, test)| test).collect();
        if tests.iter().any(|test| self.asks_state(analysis, state, *test)) {
            return false;
        }
        let unwraps = around.after.iter().any(|index| match around.flow.action(NodeId(index as u32)) {
            Action::Eval(expr) => self.is_unwrapped_state(analysis, state, expr),
            _ => false,
        });
        unwraps || self.is_undone_here(analysis, around, state)
    }

    /// Whether a test is one of the state, or of a value that was taken out of it and may be missing.
    fn asks_state(&self, analysis: &Analysis<'_>, state: &State, test: ExprId) -> bool {
        let tested = match analysis.expr(test) {
            Expr::Match { scrutinee, .. } => *scrutinee,
            Expr::Let { expr, .. } => *expr,
            _ => test,
        };
        mentions(analysis, tested, &mut |part| match analysis.expr(part) {
            Expr::Local(local) => {
                self.leads_into(analysis, state, part).is_some()
                    || analysis.initializer(*local).is_some_and(|init| {
                        self.mentions_state(analysis, state, init)
                            && !self.is_unwrapped_state(analysis, state, value_of(analysis, init))
                    })
            }
            _ => false,
        })
    }

    /// `queue.pop_front().unwrap()`
    fn is_unwrapped_state(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> bool {
        let Expr::MethodCall(call) = analysis.expr(expr) else { return false };
        let opens_lock = analysis.callee(call.receiver).is_some_and(|callee| {
            let effects = self.effects(callee);
            effects.has(word::ACQUIRES) || effects.has(word::WAITS)
        });
        !opens_lock
            && analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::UNWRAPS))
            && self.mentions_state(analysis, state, call.receiver)
    }

    /// The tests among some nodes: conditions and matches, not the next round of a `for`.
    fn branches<'f>(
        &'f self,
        analysis: &'f Analysis<'_>,
        flow: &'f Flow,
        nodes: &'f BitSet,
    ) -> impl Iterator<Item = (NodeId, ExprId)> + 'f {
        nodes.iter().filter_map(move |index| {
            let node = NodeId(index as u32);
            let Action::Branch(expr) = flow.action(node) else { return None };
            let is_for = matches!(analysis.expr(expr), Expr::Loop(data) if matches!(data.kind, LoopKind::For { .. }));
            let opens_lock = analysis.callee(expr).is_some_and(|callee| {
                let effects = self.effects(callee);
                effects.has(word::ACQUIRES) || effects.has(word::WAITS)
            });
            (!is_for && !opens_lock).then_some((node, expr))
        })
    }

    /// Whether the only question after a timed wait is whether the time is over: the state is not looked at, or taken for
    /// granted.
    fn asks_only_the_time(&self, wait: &CondvarWait, around: &Surroundings<'_>) -> bool {
        let analysis = self.analysis(wait.body);
        let Some(result) = self.timeout_result(analysis.types.ty(wait.call)) else { return false };
        let state = State::of_guard(around.guard);
        let mut asks = false;
        for expr in (0..analysis.body.ir.exprs.len() as u32).map(ExprId) {
            let later = around.flow.node(expr).is_some_and(|node| around.after.contains(node.index()));
            if !later || analysis.tree.is_inside(wait.call, expr) {
                continue;
            }
            let Expr::MethodCall(call) = analysis.expr(expr) else { continue };
            let on = analysis.types.ty(call.receiver).peel_refs();
            asks |= on.adt() == Some(result) && *analysis.types.ty(expr) == Ty::BOOL;
        }
        asks && !self.looks_at_state(analysis, around, &state, wait.call)
    }

    /// Whether a way on which a timed wait has not timed out leads out of its loop and function, past the next wait, with
    /// nothing else asked.
    // wasmtime's sampling profiler ends its loop when a wait comes back before its time.
    fn ends_on_time_alone(&self, wait: &CondvarWait, around: &Surroundings<'_>) -> bool {
        let analysis = self.analysis(wait.body);
        let Some(result) = self.timeout_result(analysis.types.ty(wait.call)) else { return false };
        let state = State::of_guard(around.guard);
        let Some(exit) = around.flow.exit() else { return false };
        let tests: Vec<(NodeId, ExprId)> = self.branches(analysis, around.flow, &around.after).collect();
        tests.iter().any(|(node, test)| {
            let (asked, negated) = match analysis.expr(*test) {
                Expr::Not(inner) => (*inner, true),
                _ => (*test, false),
            };
            let Expr::MethodCall(call) = analysis.expr(asked) else { return false };
            if analysis.types.ty(call.receiver).peel_refs().adt() != Some(result) {
                return false;
            }
            let in_time = if negated { EdgeKind::True } else { EdgeKind::False };
            let asks = |node: NodeId| {
                tests.iter().any(|(own, _)| *own == node) || self.reads_plainly(analysis, &state, around.flow, node)
            };
            let starts = around.flow.successors(*node).iter().filter(|(kind, _)| *kind == in_time);
            starts.into_iter().any(|(_, start)| {
                let free = |next: NodeId| next != around.node && !asks(next);
                *start == exit
                    || (free(*start) && around.flow.reach(*start, |_, _, next| free(next)).contains(exit.index()))
            })
        })
    }

    /// Whether a node reads a plain value out of the state: `*done`, `state.len()`.
    fn reads_plainly(&self, analysis: &Analysis<'_>, state: &State, flow: &Flow, node: NodeId) -> bool {
        let Action::Eval(expr) = flow.action(node) else { return false };
        let reads = match analysis.expr(expr) {
            Expr::Deref(inner) => *inner,
            Expr::Field { base, .. } => *base,
            Expr::MethodCall(call) => call.receiver,
            _ => return false,
        };
        analysis.types.ty(expr).is_scalar() && self.leads_into(analysis, state, reads).is_some()
    }

    /// Whether the state is read after a wait other than by taking for granted that it is there.
    fn looks_at_state(&self, analysis: &Analysis<'_>, around: &Surroundings<'_>, state: &State, wait: ExprId) -> bool {
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
            let leads = matches!(analysis.expr(expr), Expr::Local(_))
                && self.leads_into(analysis, state, expr).is_some()
                && !analysis.tree.is_inside(expr, wait);
            if !leads {
                return false;
            }
            let node = around.flow.node_around(&analysis.tree, expr);
            node.is_some_and(|node| around.after.contains(node.index())) && !self.is_taken_for_granted(analysis, expr)
        })
    }

    /// `slot.take().unwrap()`, `drop(slot)`, `slot = guard`
    fn is_taken_for_granted(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        let mut at = expr;
        loop {
            at = match analysis.tree.parent(at) {
                Parent::Receiver(call) => {
                    if analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::UNWRAPS)) {
                        return true;
                    }
                    call
                }
                Parent::DerefOperand(up) | Parent::RefOperand(up) | Parent::FieldBase(up) => up,
                Parent::AssignTarget(_) => return true,
                Parent::Arg(call, _) => {
                    return analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::DROPS));
                }
                Parent::AssignValue(assign) => {
                    let Expr::Assign { target, .. } = analysis.expr(assign) else { return false };
                    return self.roles().is_guard(analysis.types.ty(*target));
                }
                _ => return false,
            }
        }
    }

    /// The type that says whether a timed wait has timed out.
    fn timeout_result(&self, ty: &Ty) -> Option<DefId> {
        let payload = match ty {
            Ty::Adt(def, args) if Some(*def) == self.program.lang.result => args.first()?,
            other => other,
        };
        match payload {
            Ty::Tuple(parts) => parts.get(1)?.adt(),
            other => other.adt(),
        }
        .filter(|def| !self.program.is_user(*def))
    }

    /// Whether the function of a wait calls itself after it, or is called in loops only and leaves what follows to them.
    fn is_called_again(&self, wait: &CondvarWait, around: &Surroundings<'_>) -> bool {
        if wait.root != FlowRoot::Body {
            return false;
        }
        let analysis = self.analysis(wait.body);
        let owner = analysis.body.owner;
        // A condition variable of the user's own: whoever waits on it looks again.
        // no_deadlocks' `Condvar::wait` waits with a lock of its own while its caller's is open.
        if self.is_given_guard(owner) || self.is_condvar_by_another_name(wait) {
            return true;
        }
        let mut acts = false;
        for index in around.after.iter() {
            let Action::Eval(expr) = around.flow.action(NodeId(index as u32)) else { continue };
            if !matches!(analysis.expr(expr), Expr::Call { .. } | Expr::MethodCall(_) | Expr::Macro(_)) {
                continue;
            }
            match analysis.callee(expr) {
                Some(callee) if callee == owner => return true,
                Some(callee) if self.program.is_user(callee) => acts = true,
                Some(callee) => {
                    let effects = self.effects(callee);
                    let only_looks = [word::UNWRAPS, word::DROPS, word::ALIASES, word::FLAG_LOAD, word::WAITS]
                        .iter()
                        .any(|word| effects.has(*word));
                    acts |= !only_looks && !self.is_question(analysis, expr);
                }
                None => acts |= matches!(analysis.expr(expr), Expr::MethodCall(_) | Expr::Macro(_)),
            }
        }
        if acts {
            return false;
        }
        let calls = self.known_calls(owner).unwrap_or_default();
        !calls.is_empty() && calls.iter().all(|(body, call)| self.is_repeated(*body, *call))
    }

    /// Whether the type that a wait belongs to is a condition variable of its own: it notifies by a method that does nothing
    /// else.
    fn is_condvar_by_another_name(&self, wait: &CondvarWait) -> bool {
        let Some(adt) = self.owner_of(self.program.body(wait.body).owner) else { return false };
        let Some(condvar) = wait.condvar else { return false };
        self.condvars().notifies.iter().any(|notify| {
            notify.condvar.is_some_and(|own| own.may_be(condvar))
                && self.owner_of(self.program.body(notify.body).owner) == Some(adt)
                && self.only_hands_on(notify)
                && self.is_public_method(self.program.body(notify.body).owner)
        })
    }

    fn is_public_method(&self, function: DefId) -> bool {
        self.program.item(function).vis == Visibility::Public
    }

    /// A method that takes `&self` and gives a plain value.
    fn is_question(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.types.ty(call).is_scalar()
    }

    /// Whether somebody may undo what a wait is woken for before it has the lock again: the condition that it is in is asked
    /// of the guarded value, and that can go both ways.
    // log4rs' `FixedWindowRoller::roll` waits until `ready` and clears it: of two that wait, the second finds it cleared.
    fn can_be_undone(&self, wait: &CondvarWait, around: &Surroundings<'_>) -> bool {
        let analysis = self.analysis(wait.body);
        let state = State::of_guard(around.guard);
        let Some(Expr::If { cond, .. }) = self.if_around(wait).map(|test| analysis.expr(test)) else { return false };
        if !self.mentions_state(analysis, &state, *cond) {
            return false;
        }
        let compares = (0..=cond.0).map(ExprId).any(|expr| {
            analysis.tree.is_inside(expr, *cond)
                && matches!(analysis.expr(expr), Expr::Binary { op: crate::syntax::ir::BinaryOp::Compare, .. })
        });
        compares || self.is_undone_here(analysis, around, &state) || self.is_set_both_ways(wait)
    }

    /// The function itself uses up after the wait what it waited for.
    fn is_undone_here(&self, analysis: &Analysis<'_>, around: &Surroundings<'_>, state: &State) -> bool {
        self.writes(analysis, state)
            .iter()
            .any(|write| around.flow.node(write.expr).is_some_and(|node| around.after.contains(node.index())))
    }

    /// `true` here and `false` there.
    fn is_set_both_ways(&self, wait: &CondvarWait) -> bool {
        let Some(lock) = wait.lock else { return false };
        let (mut yes, mut no) = (false, false);
        for guard in self.guards().all().filter(|guard| self.lock_of_guard(guard).is_some_and(|own| own.may_be(lock))) {
            let analysis = self.analysis(guard.body);
            for write in self.writes(analysis, &State::of_guard(guard)) {
                let Expr::Assign { value, .. } = analysis.expr(write.expr) else { continue };
                match analysis.expr(*value) {
                    Expr::Literal(Literal::Bool(true)) => yes = true,
                    Expr::Literal(Literal::Bool(false)) => no = true,
                    _ => {}
                }
            }
        }
        yes && no
    }

    /// The `if` in whose first branch a wait stands, inside its function and its innermost loop.
    fn if_around(&self, wait: &CondvarWait) -> Option<ExprId> {
        let analysis = self.analysis(wait.body);
        let mut at = wait.call;
        loop {
            at = match analysis.tree.parent(at) {
                Parent::Branch(test, 0) => return Some(test),
                Parent::Root | Parent::ClosureBody(_) | Parent::AsyncBody(_) | Parent::LoopBody(_) => return None,
                parent => parent.expr()?,
            };
        }
    }
}

/// The value that a block comes to.
fn value_of(analysis: &Analysis<'_>, expr: ExprId) -> ExprId {
    let mut at = expr;
    while let Expr::Block(block) = analysis.expr(at) {
        match block.tail {
            Some(tail) => at = tail,
            None => break,
        }
    }
    at
}
