//! Maps of many locks that a thread asks for more while it holds an entry: of all their locks, or of the entry's own.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::{Guard, LockKind, Mode};
use super::held::Held;
use super::lock_path::{LockPath, PathRoot};
use super::reach::{Act, Reached};
use crate::model::flow::FlowRoot;
use crate::model::{BodyId, DefId, Parent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal};
use smallvec::SmallVec;

const CLONE: Name = Name::of("clone");

/// A call that waits for a lock of a map of which the thread holds an entry.
#[derive(Clone, Debug)]
pub struct ShardRelock<'c> {
    /// The guard, and the call under it.
    pub held: Held,
    /// The guard of the entry.
    pub guard: &'c Guard,
    /// What is called.
    pub function: DefId,
    /// The guard is an iterator's that a `for` goes through.
    pub in_round: bool,
    /// It wants every lock of the map; otherwise that of the entry which is held.
    pub wants_all: bool,
}

impl<'a> Context<'a> {
    /// The calls that certainly wait for a part of a map which their own thread holds, in order.
    pub fn shard_relocks(&self) -> Vec<ShardRelock<'_>> {
        let bodies = self.guards().bodies().iter();
        bodies.flat_map(|body| self.shard_relocks_in(*body)).collect()
    }

    fn shard_relocks_in(&self, body: BodyId) -> Vec<ShardRelock<'_>> {
        let guards = self.guards().of(body);
        if !guards.iter().any(|guard| guard.kind == LockKind::Sharded) {
            return Vec::new();
        }
        let analysis = self.analysis(body);
        let mut found: Vec<ShardRelock<'_>> = Vec::new();
        for (index, guard) in guards.iter().enumerate().filter(|(_, guard)| guard.kind == LockKind::Sharded) {
            let Some(path) = &guard.path else { continue };
            let wanted = analysis.calls().filter(|(call, _)| *call != guard.call);
            // The first one hangs.
            found.extend(
                wanted
                    .filter_map(|(call, function)| self.shard_relock(analysis, index, guard, path, call, function))
                    .next(),
            );
        }
        found
    }

    fn shard_relock<'c>(
        &'c self,
        analysis: &Analysis<'a>,
        index: usize,
        guard: &'c Guard,
        path: &LockPath,
        call: ExprId,
        function: DefId,
    ) -> Option<ShardRelock<'c>> {
        let effects = self.effects(function);
        let effect = effects.get(word::LOCKS_SHARDS)?;
        let says = |arg: &str| effect.args.iter().any(|own| &**own == arg);
        if guard.mode == Mode::Shared && says("shared") {
            return None;
        }
        let receiver = analysis.receiver(self.program, call)?;
        if self.lock_path(analysis, receiver).as_ref() != Some(path) {
            return None;
        }
        let at = self.anchors(analysis, call).into_iter().find(|(root, _)| *root == guard.root).map(|(_, at)| at)?;
        let held = Held {
            body: analysis.body.id,
            guard: (analysis.body.id, index as u32),
            lock: Some(path.clone()),
            through: None,
            inside: None,
            at,
            reached: Reached {
                act: Act::Callback(analysis.body.id, call),
                path: Some(path.clone()),
                chain: SmallVec::new(),
            },
        };
        let wants_all = says("all");
        let key = analysis.args(call).get(usize::from(matches!(analysis.expr(call), Expr::Call { .. }))).copied();
        let round = self.round_of(analysis, guard);
        let is_certain = match round {
            Some(round) => {
                let is_inside = guard.root == FlowRoot::Body && analysis.tree.is_inside(at, round);
                is_inside && (wants_all || key.is_some_and(|key| self.is_key_of_round(analysis, round, key)))
            }
            None => {
                let flow = self.guard_flow(guard);
                let node = flow.node(at).filter(|node| guard.is_live(*node));
                node.is_some_and(|node| self.is_surely_guard(guard, node))
                    && self.is_certainly_held(&held)
                    && self.is_lock_held(&held)
                    && (wants_all || key.is_some_and(|key| self.is_key_of(analysis, guard, key, at)))
            }
        };
        is_certain.then_some(ShardRelock { held, guard, function, in_round: round.is_some(), wants_all })
    }

    /// The body of the `for` that goes over the entries: its iterator holds the part that it is in.
    fn round_of(&self, analysis: &Analysis<'a>, guard: &Guard) -> Option<ExprId> {
        let mut at = guard.call;
        while let Parent::RefOperand(up) = analysis.tree.parent(at) {
            at = up;
        }
        let Parent::ForIter(around) = analysis.tree.parent(at) else { return None };
        match analysis.expr(around) {
            Expr::Loop(data) => Some(data.body),
            _ => None,
        }
    }

    /// `entry.key()` of the `for`'s own entry.
    fn is_key_of_round(&self, analysis: &Analysis<'a>, round: ExprId, key: ExprId) -> bool {
        let key = self.named_key(analysis, key);
        let Expr::MethodCall(call) = analysis.expr(key) else { return false };
        let Expr::Local(local) = analysis.expr(call.receiver) else { return false };
        let is_element = analysis.tree.binding(*local).is_some_and(|pat| {
            matches!(analysis.tree.pat_parent(pat), crate::model::PatParent::For(around)
                if matches!(analysis.expr(around), Expr::Loop(data) if data.body == round))
        });
        is_element && analysis.callee(key).is_some_and(|callee| self.effects(callee).has(word::ENTRY_KEY))
    }

    /// Whether a key is the one that the guard's entry was asked for with.
    fn is_key_of(&self, analysis: &Analysis<'a>, guard: &Guard, key: ExprId, at: ExprId) -> bool {
        let Some(own) = analysis.args(guard.call).first() else { return false };
        let (own, key) = (self.named_key(analysis, *own), self.named_key(analysis, key));
        match (analysis.expr(own), analysis.expr(key)) {
            (Expr::Literal(Literal::Int(own)), Expr::Literal(Literal::Int(key))) => own == key,
            (Expr::Literal(_), Expr::Literal(_)) => {
                let text = |expr: ExprId| self.program.text(analysis.body.expr_loc(expr));
                text(own) == text(key)
            }
            (Expr::Local(_) | Expr::Field { .. }, Expr::Local(_) | Expr::Field { .. }) => {
                let flow = self.guard_flow(guard);
                let (Some(own), Some(key)) = (self.lock_path(analysis, own), self.lock_path(analysis, key)) else {
                    return false;
                };
                let ends = flow.node(guard.start).zip(flow.node(at));
                own == key
                    && self.stays(analysis, &own)
                    && ends
                        .is_some_and(|ends| self.is_same_lock(analysis, flow, &own, ends, |node| guard.is_live(node)))
            }
            _ => false,
        }
    }

    /// Whether nothing but an assignment to it can change what a path leads to.
    fn stays(&self, analysis: &Analysis<'a>, path: &LockPath) -> bool {
        let PathRoot::Local(_, local) = path.root else { return false };
        let ty = analysis.types.local(local);
        match ty {
            Ty::Ref(true, _) => false,
            Ty::Ref(false, _) => true,
            _ => !self.is_borrowed_mutably(analysis, local),
        }
    }

    fn is_borrowed_mutably(&self, analysis: &Analysis<'a>, local: crate::syntax::ir::LocalId) -> bool {
        let is_mut = |used: &ExprId| match analysis.tree.parent(*used) {
            Parent::RefOperand(taken) => matches!(analysis.expr(taken), Expr::Ref { mutable: true, .. }),
            Parent::Receiver(call) => {
                let signature = analysis.callee(call).and_then(|callee| self.program.signature(callee));
                signature.is_none_or(|signature| matches!(signature.self_ty, Some(Ty::Ref(true, _))))
            }
            _ => false,
        };
        analysis.tree.uses(local).iter().any(is_mut)
    }

    /// A key without what only borrows or copies it.
    fn named_key(&self, analysis: &Analysis<'a>, key: ExprId) -> ExprId {
        let mut at = analysis.peel(key);
        while let Expr::MethodCall(call) = analysis.expr(at) {
            if call.method != CLONE || !call.args.is_empty() {
                break;
            }
            at = analysis.peel(call.receiver);
        }
        at
    }
}
