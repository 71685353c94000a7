//! Waits on a condition variable while a second lock is held that whoever notifies has to take first.
//!
//! A wait lets go of its own lock only. What certainty there is comes from three things: the second guard is live at the
//! wait, in its function or in one that calls it; every notify of that condition variable comes after the same lock was
//! taken in a way that has to wait; and on both sides the lock and the condition variable are reached through one object.

use super::condvars::{CondvarWait, Notify, Shared};
use super::context::{Analysis, Context};
use super::guards::{Guard, LockKind, Mode, Patience};
use super::lock_path::PathRoot;
use crate::model::flow::{FlowRoot, NodeId};
use crate::model::{BodyId, DefId};
use crate::source::Loc;
use crate::syntax::ir::ExprId;

/// How many callers up a held lock is looked for.
const CALL_DEPTH: u32 = 2;

/// A wait with a second lock held.
#[derive(Clone, Debug)]
pub struct NestedWait<'c> {
    /// The wait.
    pub wait: &'c CondvarWait,
    /// The second guard.
    pub held: &'c Guard,
    /// The calls that lead from where it is held to the wait, outermost first.
    pub calls: Vec<Loc>,
    /// A notify.
    pub notify: &'c Notify,
    /// Where the notifier takes the lock.
    pub needed: &'c Guard,
}

/// A guard that is held at a wait, with the calls that lead from it to the wait.
type Held<'c> = (&'c Guard, Vec<Loc>);

impl Context<'_> {
    /// Every wait on a condition variable under a second lock that its notifiers need, in order.
    pub fn nested_waits(&self) -> Vec<NestedWait<'_>> {
        let mut found = Vec::new();
        for wait in &self.condvars().waits {
            if wait.timed || wait.guard.is_none() || wait.via.is_some_and(|(body, _)| body == wait.body) {
                continue;
            }
            let (Some(condvar), Some(lock)) = (wait.condvar, wait.lock) else { continue };
            let analysis = self.analysis(wait.body);
            let Some(root) = self.condvar_root(analysis, wait.call) else { continue };
            let Some(node) = self.flow(wait.body, wait.root).node(wait.call) else { continue };
            let mut held = Vec::new();
            self.held_at(analysis, wait.root, node, root, CALL_DEPTH, &mut Vec::new(), &mut held);
            let nested = held.into_iter().find_map(|(guard, calls)| {
                let second = self.lock_of_guard(guard).filter(|second| !second.may_be(lock))?;
                let (notify, needed) = self.notifier_needs(wait, condvar, second, guard.mode)?;
                Some(NestedWait { wait, held: guard, calls, notify, needed })
            });
            found.extend(nested);
        }
        found
    }

    /// The local or static through which a wait or notify reaches its condition variable.
    fn condvar_root(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<PathRoot> {
        Some(self.lock_path(analysis, analysis.receiver(self.program, call)?)?.root)
    }

    /// Whether two are reached through one object. Statics are one each.
    fn is_one_object(&self, own: Option<PathRoot>, other: PathRoot) -> bool {
        match (own, other) {
            (Some(PathRoot::Static(_)), PathRoot::Static(_)) => true,
            (own, other) => own == Some(other),
        }
    }

    /// The guards of locks of one object that are held at a node, here and in callers.
    #[expect(clippy::too_many_arguments, reason = "a walk over callers carries this much")]
    fn held_at<'c>(
        &'c self,
        analysis: &Analysis<'_>,
        root: FlowRoot,
        node: NodeId,
        object: PathRoot,
        depth: u32,
        calls: &mut Vec<Loc>,
        found: &mut Vec<Held<'c>>,
    ) {
        let body = analysis.body.id;
        for guard in self.guards().of(body) {
            let here = guard.root == root && guard.is_live(node) && is_plain(guard);
            if here && self.is_one_object(guard.path.as_ref().map(|path| path.root), object) {
                found.push((guard, calls.iter().rev().copied().collect()));
            }
        }
        let owner = analysis.body.owner;
        if depth == 0 || root != FlowRoot::Body {
            return;
        }
        for (caller, call) in self.calls_seen(owner) {
            let calling = self.analysis(caller);
            let object = match object {
                PathRoot::Local(_, local) => {
                    let given = self.operand_of(calling, call, analysis, local);
                    match given.and_then(|given| self.lock_path(calling, given)) {
                        Some(path) => path.root,
                        None => continue,
                    }
                }
                object => object,
            };
            let root = self.flow_root(caller, call);
            let Some(node) = self.flow(caller, root).node(call) else { continue };
            calls.push(calling.call_loc(call));
            self.held_at(calling, root, node, object, depth - 1, calls, found);
            calls.pop();
        }
    }

    /// The calls of a function that the workspace makes.
    fn calls_seen(&self, function: DefId) -> Vec<(BodyId, ExprId)> {
        let is_other = |(body, _): &(BodyId, ExprId)| self.program.body(*body).owner != function;
        self.calls_of(function).into_iter().filter(is_other).collect()
    }

    /// A notify, and the guard that it comes after, where every notify of a condition variable needs a lock first.
    fn notifier_needs(
        &self,
        wait: &CondvarWait,
        condvar: Shared,
        second: Shared,
        held: Mode,
    ) -> Option<(&Notify, &Guard)> {
        let notifies = &self.condvars().notifies;
        let on_it = |notify: &&Notify| notify.condvar.is_some_and(|own| own.may_be(condvar));
        let is_helper = |notify: &Notify| {
            let owner = self.program.body(notify.body).owner;
            notify.via.is_none() && notifies.iter().any(|other| other.via == Some(owner))
        };
        let mut first = None;
        for notify in notifies.iter().filter(on_it) {
            if notify.body == wait.body || is_helper(notify) {
                continue;
            }
            let needed = self.taken_before(notify, second, held)?;
            first = first.or(Some((notify, needed)));
        }
        first
    }

    /// The guard of a lock that a function takes on the way to a notify, and has to wait for.
    fn taken_before(&self, notify: &Notify, second: Shared, held: Mode) -> Option<&Guard> {
        let analysis = self.analysis(notify.body);
        let flow = self.flow(notify.body, notify.root);
        let node = flow.node(notify.call)?;
        let object = self.condvar_root(analysis, notify.call)?;
        self.guards().of(notify.body).iter().find(|guard| {
            let excluded = held == Mode::Exclusive || guard.mode == Mode::Exclusive;
            guard.root == notify.root
                && excluded
                && self.lock_of_guard(guard).is_some_and(|own| own.may_be(second))
                && is_plain(guard)
                && self.is_one_object(guard.path.as_ref().map(|path| path.root), object)
                && flow.node(guard.call).is_some_and(|taken| self.is_always_before(flow, taken, node))
        })
    }

    /// Whether every way to a node leads through another.
    fn is_always_before(&self, flow: &crate::model::flow::Flow, first: NodeId, then: NodeId) -> bool {
        flow.reaches(first, then) && !flow.reach(flow.entry(), |_, _, next| next != first).contains(then.index())
    }
}

/// Whether a guard is that of one lock which is waited for: no `try_lock`, no permit, no shard of many.
fn is_plain(guard: &Guard) -> bool {
    guard.kind == LockKind::Plain && guard.patience == Patience::Blocking
}
