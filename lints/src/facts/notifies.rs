//! Notifies that can be lost: sent between a waiter's look at the condition and its wait.
//!
//! A waiter looks and waits under the lock that goes with its condition variable. What it looks at must change under that
//! lock, or the lock must at least be taken between the change and the notify; else the waiter may have looked before the
//! change and not yet wait when the notify comes.

use super::condvars::{CondvarWait, Notify, Shared};
use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::origins::mentions;
use crate::model::flow::{Action, Flow, FlowRoot, NodeId};
use crate::model::{BodyId, DefId, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LoopKind, Stmt};

/// How many functions deep a lock is looked for.
const CALL_DEPTH: u32 = 2;
/// How many expressions a function may have that is there to change a flag.
const MAX_SETTER: u32 = 24;

/// A flag that waiters look at is set, and they are notified, without their lock.
#[derive(Clone, Copy, Debug)]
pub struct LostNotify<'c> {
    /// The notify.
    pub notify: &'c Notify,
    /// The change before it.
    pub store: ExprId,
    /// The flag.
    pub flag: Shared,
    /// The wait that it may be lost on.
    pub wait: &'c CondvarWait,
    /// Where the waiter looks at the flag.
    pub load: (BodyId, ExprId),
    /// The lock that the waiter holds.
    pub lock: Shared,
}

/// A notify by a function that does not take the waiters' lock before.
#[derive(Clone, Copy, Debug)]
pub struct UnsynchronizedNotify<'c> {
    /// The notify.
    pub notify: &'c Notify,
    /// A wait that it is for.
    pub wait: &'c CondvarWait,
    /// The lock that the waiter holds.
    pub lock: Shared,
    /// Where the function takes the lock after the notify.
    pub taken_after: Option<ExprId>,
}

impl<'a> Context<'a> {
    /// Every notify after a change of a flag that a waiter may miss, in order.
    pub fn lost_notifies(&self) -> Vec<LostNotify<'_>> {
        let condvars = self.condvars();
        let mut found = Vec::new();
        for notify in &condvars.notifies {
            let Some(condvar) = notify.condvar else { continue };
            let locks = condvars.locks_of(condvar);
            let waits = condvars.waits_on(condvar).filter(|wait| !wait.timed && wait.guard.is_some());
            let lost = waits.filter(|_| !locks.is_empty()).find_map(|wait| {
                let lock = wait.lock?;
                let (flag, load, store) = self.tested_flags(wait).into_iter().find_map(|(flag, load)| {
                    let store = self.unlocked_change(notify, flag, &locks)?;
                    Some((flag, load, store))
                })?;
                Some(LostNotify { notify, store, flag, wait, load, lock })
            });
            found.extend(lost);
        }
        found
    }

    /// Every notify by a function that does not hold or take the waiters' lock before it, in order.
    pub fn unsynchronized_notifies(&self) -> Vec<UnsynchronizedNotify<'_>> {
        let condvars = self.condvars();
        let mut found = Vec::new();
        for notify in condvars.notifies.iter().filter(|notify| self.answers_for(notify)) {
            let Some(condvar) = notify.condvar else { continue };
            let locks = condvars.locks_of(condvar);
            let Some(wait) = condvars.waits_on(condvar).find(|wait| !wait.timed && wait.guard.is_some()) else {
                continue;
            };
            let Some(lock) = wait.lock.filter(|_| !locks.is_empty()) else { continue };
            let flow = self.flow(notify.body, notify.root);
            let Some(node) = flow.node(notify.call) else { continue };
            if self.is_repeated(notify.body, notify.call) || self.locks_before(notify, flow, None, node, &locks) {
                continue;
            }
            if self.may_be_called_locked(notify.body, notify.root, &locks) {
                continue;
            }
            let taken_after = self.guards().of(notify.body).iter().find(|guard| {
                guard.root == notify.root
                    && self.lock_of_guard(guard).is_some_and(|own| locks.iter().any(|lock| lock.may_be(own)))
            });
            let taken_after = taken_after.map(|guard| guard.call);
            found.push(UnsynchronizedNotify { notify, wait, lock, taken_after });
        }
        found
    }

    /// Whether a notify is the business of the function that it stands in: it is made there, or by a function that does
    /// nothing else.
    fn answers_for(&self, notify: &Notify) -> bool {
        let helper = notify.via.and_then(|via| self.program.body_of(via));
        let own = |body: BodyId| self.condvars().notifies.iter().find(move |own| own.body == body && own.via.is_none());
        let by_helper = helper.is_none_or(|body| own(body).is_some_and(|own| self.only_hands_on(own)));
        by_helper && !self.only_hands_on(notify)
    }

    /// Whether a notify is all that its function does, or the function is a trait's, so that its callers answer for it.
    pub(super) fn only_hands_on(&self, notify: &Notify) -> bool {
        let analysis = self.analysis(notify.body);
        let owner = analysis.body.owner;
        let root = analysis.peel(analysis.body.ir.root);
        let only = match analysis.expr(root) {
            Expr::Block(block) => match (&*block.stmts, block.tail) {
                ([Stmt::Expr { expr, .. }], None) => *expr,
                _ => root,
            },
            _ => root,
        };
        // wayland-client's `DispatchWaker::wake` is called by whoever has changed the queue.
        let parent = self.program.def(owner).parent.and_then(|block| self.program.impl_header(block));
        let of_trait = parent.is_some_and(|header| header.trait_ref.is_some()) && !self.is_drop(owner);
        only == notify.call || of_trait
    }

    /// The flags that a waiter looks at to decide whether to wait on, and where.
    fn tested_flags(&self, wait: &CondvarWait) -> Vec<(Shared, (BodyId, ExprId))> {
        let analysis = self.analysis(wait.body);
        let mut found = Vec::new();
        if wait.predicate {
            for arg in analysis.args(wait.call) {
                if matches!(analysis.expr(*arg), Expr::Closure(_)) {
                    self.flags_in(analysis, *arg, CALL_DEPTH, &mut found);
                }
            }
            return found;
        }
        let flow = self.flow(wait.body, wait.root);
        let guard = self.guard_of_wait(wait);
        let (Some(node), Some(taken)) = (flow.node(wait.call), guard.and_then(|guard| flow.node(guard.call))) else {
            return found;
        };
        let region = flow.reach(taken, |_, _, _| true);
        for (at, action) in flow.nodes() {
            let Action::Branch(test) = action else { continue };
            let leads_to_wait = flow.reach(at, |_, _, next| next != taken).contains(node.index());
            if !region.contains(at.index()) || !leads_to_wait {
                continue;
            }
            match analysis.expr(test) {
                Expr::Match { scrutinee, .. } => self.flags_in(analysis, *scrutinee, CALL_DEPTH, &mut found),
                Expr::Let { expr, .. } => self.flags_in(analysis, *expr, CALL_DEPTH, &mut found),
                Expr::Loop(data) if matches!(data.kind, LoopKind::For { .. }) => {}
                _ => self.flags_in(analysis, test, CALL_DEPTH, &mut found),
            }
        }
        found
    }

    /// The flags that are read inside an expression, also by functions of the user's that it calls for a plain answer.
    fn flags_in(
        &self,
        analysis: &Analysis<'_>,
        inside: ExprId,
        depth: u32,
        found: &mut Vec<(Shared, (BodyId, ExprId))>,
    ) {
        mentions(analysis, inside, &mut |part| {
            let Some(callee) = analysis.callee(part) else { return false };
            if self.program.is_user(callee) {
                let answers = self.is_plain(analysis.types.ty(part));
                if let Some(body) = self.program.body_of(callee).filter(|_| depth > 1 && answers) {
                    let inner = self.analysis(body);
                    self.flags_in(inner, inner.body.ir.root, depth - 1, found);
                }
                return false;
            }
            let effects = self.effects(callee);
            if (effects.has(word::FLAG_LOAD) || effects.has(word::COMPARE_EXCHANGE))
                && let Some(flag) = analysis.receiver(self.program, part).and_then(|on| self.shared(analysis, on))
            {
                found.push((flag, (analysis.body.id, part)));
            }
            false
        });
    }

    /// The change of a flag before a notify, with the waiters' lock neither held nor taken between the two.
    fn unlocked_change(&self, notify: &Notify, flag: Shared, locks: &[Shared]) -> Option<ExprId> {
        let analysis = self.analysis(notify.body);
        let flow = self.flow(notify.body, notify.root);
        let node = flow.node(notify.call)?;
        // A notify that is sent again and again is not missed for long.
        if flow.reaches(node, node) {
            return None;
        }
        let store = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find(|expr| {
            let changes = self.changes_flag(analysis, *expr, flag)
                || analysis.callee(*expr).is_some_and(|callee| self.is_setter(callee, flag, locks));
            changes && flow.node(*expr).is_some_and(|store| flow.reaches(store, node))
        })?;
        let from = flow.node(store)?;
        let unlocked = !self.locks_before(notify, flow, Some(from), node, locks)
            && !self.may_be_called_locked(notify.body, notify.root, locks);
        unlocked.then_some(store)
    }

    /// Whether a call of a library changes a flag.
    fn changes_flag(&self, analysis: &Analysis<'_>, call: ExprId, flag: Shared) -> bool {
        analysis.callee(call).is_some_and(|callee| sets_flag(self.effects(callee)))
            && analysis
                .receiver(self.program, call)
                .and_then(|on| self.shared(analysis, on))
                .is_some_and(|own| own.may_be(flag))
    }

    /// Whether a function of the user's is there to change a flag: `fn set_done(&self)`. It takes no lock for it.
    fn is_setter(&self, function: DefId, flag: Shared, locks: &[Shared]) -> bool {
        let Some(body) = self.program.body_of(function).filter(|_| self.program.is_user(function)) else {
            return false;
        };
        let analysis = self.analysis(body);
        let count = analysis.body.ir.exprs.len() as u32;
        count <= MAX_SETTER
            && (0..count).map(ExprId).any(|call| self.changes_flag(analysis, call, flag))
            && !self.takes_lock_inside(function, locks, CALL_DEPTH)
    }

    /// Whether a value is a plain answer, or a few of them in a type of the user's: `State(self.state.load(..))`.
    fn is_plain(&self, ty: &Ty) -> bool {
        let is_small = |def: DefId| {
            let variants = 0..self.roles().variant_count(def);
            self.program.is_user(def)
                && variants.flat_map(|variant| self.program.field_types(def, variant)).all(Ty::is_scalar)
        };
        ty.is_scalar() || ty.adt().is_some_and(is_small)
    }

    /// Whether one of the locks is held at a notify, or taken before it (after `from`, where that is given).
    fn locks_before(&self, notify: &Notify, flow: &Flow, from: Option<NodeId>, to: NodeId, locks: &[Shared]) -> bool {
        let analysis = self.analysis(notify.body);
        let is_lock = |own: Option<Shared>| own.is_some_and(|own| locks.iter().any(|lock| lock.may_be(own)));
        let between = |node: NodeId| from.is_none_or(|from| flow.reaches(from, node)) && flow.reaches(node, to);
        let by_guard = self.guards().of(notify.body).iter().any(|guard| {
            guard.root == notify.root
                && (guard.is_live(to)
                    || from.is_some_and(|from| guard.is_live(from))
                    || flow.node(guard.call).is_some_and(between))
                && (is_lock(self.lock_of_guard(guard)) || self.lock_of_guard(guard).is_none())
        });
        by_guard
            || (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                let callee = analysis.callee(expr).filter(|callee| self.program.is_user(*callee));
                let Some(callee) = callee else { return false };
                flow.node(expr).is_some_and(|node| node == to || between(node))
                    && self.takes_lock_inside(callee, locks, CALL_DEPTH)
            })
    }

    /// Whether a function of the user's takes one of the locks.
    fn takes_lock_inside(&self, function: DefId, locks: &[Shared], depth: u32) -> bool {
        let Some(body) = self.program.body_of(function).filter(|_| self.program.is_user(function)) else {
            return false;
        };
        let is_lock = |own: Shared| locks.iter().any(|lock| lock.may_be(own));
        if self.guards().of(body).iter().any(|guard| self.lock_of_guard(guard).is_some_and(is_lock)) {
            return true;
        }
        let analysis = self.analysis(body);
        depth > 1
            && (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| {
                analysis.callee(expr).is_some_and(|callee| self.takes_lock_inside(callee, locks, depth - 1))
            })
    }

    /// Whether some caller of a function holds one of the locks, or takes it first; a closure that is not a function's own
    /// code may be called anywhere.
    fn may_be_called_locked(&self, body: BodyId, root: FlowRoot, locks: &[Shared]) -> bool {
        if let FlowRoot::Closure(closure) = root {
            let started = self.spawns().all.iter().any(|spawn| {
                matches!(spawn.entry, super::entry::Entry::Closure(own, expr) if (own, expr) == (body, closure))
            });
            return !started;
        }
        let owner = self.program.body(body).owner;
        self.is_given_guard(owner) || self.is_called_locked(owner, locks, CALL_DEPTH)
    }

    /// Whether a guard is among what a function is given.
    pub(super) fn is_given_guard(&self, function: DefId) -> bool {
        self.program.signature(function).is_some_and(|signature| {
            signature.params.iter().chain(&signature.self_ty).any(|ty| self.roles().carries_guard(ty.peel_refs()))
        })
    }

    fn is_called_locked(&self, function: DefId, locks: &[Shared], depth: u32) -> bool {
        let name = self.program.item(function).name;
        self.bodies_mentioning(&[name]).any(|body| {
            let analysis = self.analysis(body.id);
            let calls = (0..body.ir.exprs.len() as u32).map(ExprId).filter(|expr| {
                let by_path = analysis.value(*expr) == Some(ValueRef::Function(function));
                by_path || analysis.callee(*expr) == Some(function)
            });
            calls.into_iter().any(|call| {
                let root = self.flow_root(body.id, call);
                let flow = self.flow(body.id, root);
                let held = flow.node_around(&analysis.tree, call).is_none_or(|node| {
                    self.guards().of(body.id).iter().any(|guard| {
                        guard.root == root
                            && self.lock_of_guard(guard).is_none_or(|own| locks.iter().any(|lock| lock.may_be(own)))
                            && (guard.is_live(node)
                                || flow.node(guard.call).is_some_and(|taken| flow.reaches(taken, node)))
                    })
                });
                held || (depth > 1 && body.owner != function && self.is_called_locked(body.owner, locks, depth - 1))
            })
        })
    }
}

/// Whether a function sets, clears or counts a flag.
fn sets_flag(effects: Effects<'_>) -> bool {
    [word::FLAG_STORE, word::FLAG_UPDATE, word::FLAG_CANCEL].iter().any(|word| effects.has(*word))
}
