//! What happens while a lock is held: every act under every guard, directly or through calls.

use super::context::{Analysis, Context};
use super::events::{Deed, Event};
use super::guards::{Guard, LockKind, Mode};
use super::lock_path::{LockPath, PathRoot};
use super::reach::{Reached, Summaries};
use crate::model::flow::{Action, BitSet, EndKind, Flow, FlowRoot, Holder, NodeId};
use crate::model::{BodyId, DefId, Parent, PatParent};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Pat};
use rayon::prelude::*;
use smallvec::SmallVec;
use std::sync::OnceLock;

/// How many functions deep a closure is handed on until it is run under a lock.
const HAND_DEPTH: u32 = 2;

/// Something that happens under a guard.
#[derive(Clone, Debug)]
pub struct Held {
    /// The body where it happens; the guard's own, or one that gave a closure to a function which runs it under its lock.
    pub body: BodyId,
    /// The guard: its body, and its place there.
    pub guard: (BodyId, u32),
    /// The lock that is held, as an object of `body`.
    pub lock: Option<LockPath>,
    /// The call by which `body` gets under a guard of another.
    pub through: Option<ExprId>,
    /// The closure that the guard is given to, and that all of it happens in: `lock().map(|guard| ..)`.
    pub inside: Option<ExprId>,
    /// The expression of `body` under the guard that does it, or leads to it.
    pub at: ExprId,
    /// What happens.
    pub reached: Reached,
}

/// A closure that stands among the arguments of a call, and is run in the function that is called.
struct ClosureCall {
    /// The call.
    helper: ExprId,
    /// What it runs.
    function: DefId,
    /// The call in there that runs the closure.
    call: ExprId,
    /// The closure.
    closure: ExprId,
}

/// What is known of locks, each part made when it is asked for.
#[derive(Debug)]
pub(super) struct LockFacts {
    pub(super) events: Vec<OnceLock<Box<[Event]>>>,
    pub(super) summaries: Summaries,
    pub(super) lead_levels: OnceLock<Vec<u8>>,
    held: OnceLock<Vec<Held>>,
    pub(super) lifted: OnceLock<Vec<Held>>,
}

impl LockFacts {
    /// Nothing is known yet.
    pub(super) fn new(bodies: usize) -> LockFacts {
        LockFacts {
            events: std::iter::repeat_with(OnceLock::new).take(bodies).collect(),
            summaries: Summaries::default(),
            lead_levels: OnceLock::new(),
            held: OnceLock::new(),
            lifted: OnceLock::new(),
        }
    }
}

impl<'a> Context<'a> {
    /// Everything that happens while a lock is held, by body.
    pub fn held(&self) -> &[Held] {
        self.lock_facts.held.get_or_init(|| {
            let helpers = self.locking_helpers();
            let mut bodies: Vec<BodyId> = self.guards().bodies().to_vec();
            bodies.extend(self.heads_with(&helpers, false).map(|body| body.id));
            bodies.sort_unstable();
            bodies.dedup();
            let found: Vec<Vec<Held>> = bodies.par_iter().map(|body| self.held_in(*body)).collect();
            found.into_iter().flatten().collect()
        })
    }

    /// The names of the functions that run something they are given under a lock of theirs.
    fn locking_helpers(&self) -> Vec<Name> {
        let runs_under_lock = |body: &BodyId| {
            let function = self.program.body(*body).owner;
            let count = self.program.signature(function).map_or(0, |signature| signature.params.len() as u32);
            (0..count)
                .flat_map(|param| self.param_calls(function, param, HAND_DEPTH))
                .any(|call| self.live_at(*body, call).next().is_some())
                .then(|| self.program.item(function).name)
        };
        let mut names: Vec<Name> = self.guards().bodies().par_iter().filter_map(runs_under_lock).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn held_in(&self, body: BodyId) -> Vec<Held> {
        let analysis = self.analysis(body);
        let events = self.events(body);
        let mut held = Vec::new();
        for (index, guard) in self.guards().of(body).iter().enumerate() {
            if guard.kind == LockKind::Semaphore || guard.kind == LockKind::Unknown {
                continue;
            }
            self.held_by(analysis, index as u32, guard, events, &mut held);
        }
        self.held_by_helpers(analysis, events, &mut held);
        held
    }

    fn held_by(&self, analysis: &Analysis<'a>, index: u32, guard: &Guard, events: &[Event], held: &mut Vec<Held>) {
        let flow = self.guard_flow(guard);
        let depth = self.settings.max_call_depth;
        let body = guard.body;
        let mut answers = None;
        for event in events {
            let is_own = event.deed == Deed::Take(index) || event.expr == guard.call;
            if is_own && !matches!(event.deed, Deed::Take(_)) {
                continue;
            }
            for at in event.anchors_on(guard.root) {
                let Some(node) = flow.node(at).filter(|node| guard.is_live(*node)) else { continue };
                if self.never_meet(analysis, guard, node, event.expr) || self.is_given_away(analysis, guard, node, at) {
                    continue;
                }
                let mut reached = self.reached_by(analysis, event.expr, event.deed, depth, None);
                reached.retain(|reached| {
                    let answers = answers.get_or_insert_with(|| self.answers_before(guard));
                    answers.is_empty() || !self.is_answered_otherwise(analysis, answers, event.expr, reached)
                });
                held.extend(reached.into_iter().map(|reached| Held {
                    body,
                    guard: (body, index),
                    lock: guard.path.clone(),
                    through: None,
                    inside: None,
                    at,
                    reached,
                }));
            }
        }
        for closure in self.closures_holding(analysis, guard) {
            let done = self.done_in(analysis, closure, events);
            held.extend(done.into_iter().map(|(at, reached)| Held {
                body,
                guard: (body, index),
                lock: guard.path.clone(),
                through: None,
                inside: Some(closure),
                at,
                reached,
            }));
        }
    }

    /// The closures that a guard is given to, and that hold it to their end: `lock().map(|guard| ..)`,
    /// `lock().ok().and_then(|guard| ..)`.
    fn closures_holding(&self, analysis: &Analysis<'a>, guard: &Guard) -> SmallVec<[ExprId; 1]> {
        let mut closures = SmallVec::new();
        for end in &guard.track.ends {
            let EndKind::MovedInto(call) = end.kind else { continue };
            let Some(callee) = analysis.callee(call).filter(|callee| !self.program.is_user(*callee)) else { continue };
            let given = self.closures_run_by(analysis, call, callee).into_iter();
            closures.extend(given.filter(|closure| self.keeps_param(analysis, *closure)));
        }
        closures
    }

    /// Whether a closure has one parameter, a guard, that it only lets go of at its end.
    fn keeps_param(&self, analysis: &Analysis<'a>, closure: ExprId) -> bool {
        let Expr::Closure(data) = analysis.expr(closure) else { return false };
        let [(pat, _)] = &*data.params else { return false };
        let Pat::Bind { local, .. } = &analysis.body.pat(*pat).kind else { return false };
        let is_guard = self.roles().is_guard(analysis.types.local(*local));
        let is_moved = |used: &ExprId| matches!(analysis.tree.parent(*used), Parent::Arg(..) | Parent::LetInit(..));
        is_guard && !analysis.tree.uses(*local).iter().any(is_moved)
    }

    /// What closures do that are run under the lock of the function they are given to: `self.with_state(|state| ..)`.
    fn held_by_helpers(&self, analysis: &Analysis<'a>, events: &[Event], held: &mut Vec<Held>) {
        for helper in events {
            let Deed::Call(function) = helper.deed else { continue };
            let locks = |inner: &BodyId| !self.guards().of(*inner).is_empty();
            let Some(inner) = self.program.body_of(function).filter(locks) else { continue };
            for (param, closure) in self.closure_args(analysis, helper.expr) {
                for call in self.param_calls(function, param, HAND_DEPTH) {
                    for (index, guard) in self.live_at(inner, call) {
                        let path = guard.path.as_ref();
                        let lock = path.and_then(|path| self.path_of_callee(analysis, helper.expr, function, path));
                        let done = self.done_in(analysis, closure, events);
                        let given = ClosureCall { helper: helper.expr, function, call, closure };
                        held.extend(done.into_iter().map(|(at, mut reached)| {
                            reached.path = reached.path.map(|path| self.path_of_given(analysis, &given, path));
                            Held {
                                body: analysis.body.id,
                                guard: (inner, index),
                                lock: lock.clone(),
                                through: Some(helper.expr),
                                inside: None,
                                at,
                                reached,
                            }
                        }));
                    }
                }
            }
        }
    }

    /// A lock of what a closure is given, as what the function that runs the closure gives it: `self.with(|this| this.len())`.
    fn path_of_given(&self, analysis: &Analysis<'a>, given: &ClosureCall, path: LockPath) -> LockPath {
        let rebased = || {
            let PathRoot::Local(_, local) = path.root else { return None };
            let PatParent::ClosureParam(closure, index) = analysis.tree.pat_parent(analysis.tree.binding(local)?)
            else {
                return None;
            };
            let inner = self.analysis(self.program.body_of(given.function)?);
            let is_direct = closure == given.closure && matches!(inner.expr(given.call), Expr::Call { .. });
            let arg = inner.args(given.call).get(index as usize).filter(|_| is_direct)?;
            let base = self.lock_path(inner, *arg)?;
            let base = self.path_of_callee(analysis, given.helper, given.function, &base)?;
            Some(path.rebased(base))
        };
        rebased().unwrap_or(path)
    }

    /// What a closure does when it is run, with where in it.
    pub(super) fn done_in(&self, analysis: &Analysis<'a>, closure: ExprId, events: &[Event]) -> Vec<(ExprId, Reached)> {
        let depth = self.settings.max_call_depth;
        let own = |event: &Event| event.anchor(FlowRoot::Closure(closure));
        let inside = events.iter().filter_map(|event| Some((own(event)?, event)));
        inside
            .flat_map(|(at, event)| {
                let reached = self.reached_by(analysis, event.expr, event.deed, depth, None);
                reached.into_iter().map(move |reached| (at, reached))
            })
            .collect()
    }

    /// The closures among the arguments of a call, with the parameters that they are for.
    fn closure_args(&self, analysis: &Analysis<'a>, call: ExprId) -> SmallVec<[(u32, ExprId); 1]> {
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && analysis.receiver(self.program, call).is_some());
        let args = analysis.args(call).iter().skip(shift).enumerate();
        // `&mut |row| ..` for a `&mut dyn FnMut(..)`
        args.map(|(index, arg)| (index as u32, analysis.peel(*arg)))
            .filter(|(_, arg)| matches!(analysis.expr(*arg), Expr::Closure(_)))
            .collect()
    }

    /// The guards of a body that are held when a call of it happens.
    fn live_at(&self, body: BodyId, call: ExprId) -> impl Iterator<Item = (u32, &Guard)> + '_ {
        let guards = self.guards().of(body).iter().enumerate();
        guards.map(|(index, guard)| (index as u32, guard)).filter(move |(_, guard)| {
            let node = (guard.root == FlowRoot::Body).then(|| self.guard_flow(guard).node(call)).flatten();
            node.is_some_and(|node| guard.is_live(node))
        })
    }

    /// Whether no build has both the guard, as it is held at a node, and what happens there.
    fn never_meet(&self, analysis: &Analysis<'_>, guard: &Guard, node: NodeId, act: ExprId) -> bool {
        let body = analysis.body;
        if body.ir.cfgs.is_empty() {
            return false;
        }
        let view = self.view(body.id);
        let mut carriers = guard.track.carriers_at(node).peekable();
        let is_absent = |local| {
            let source = analysis.tree.binding(local).and_then(|pat| view.matched(pat));
            source.is_some_and(|source| body.are_exclusive(source, act))
        };
        body.are_exclusive(guard.call, act)
            || (carriers.peek().is_some()
                && carriers.all(|carrier| matches!(carrier.holder, Holder::Local(local) if is_absent(local))))
    }

    /// Whether a call takes the guard itself: what happens in it happens with it or after it.
    fn is_given_away(&self, analysis: &Analysis<'_>, guard: &Guard, node: NodeId, at: ExprId) -> bool {
        let ends = guard.track.ends.iter().any(|end| {
            end.node == node
                && match end.kind {
                    EndKind::MovedInto(expr)
                    | EndKind::DroppedExplicitly(expr)
                    | EndKind::Forgotten(expr)
                    | EndKind::UnknownUse(expr)
                    | EndKind::CapturedByMove(expr) => expr == at,
                    _ => false,
                }
        });
        let view = self.view(analysis.body.id);
        ends || guard.track.carriers_at(node).any(|carrier| match carrier.holder {
            Holder::Temp(temp) => analysis.tree.parent(temp).expr() == Some(at) && view.use_of(temp).is_by_value(),
            Holder::Local(_) => false,
        })
    }

    /// How the lock of a guard is held where something happens.
    pub fn held_as(&self, held: &Held, guard: &Guard) -> Mode {
        let is_here = held.through.is_none() && held.body == guard.body;
        let node = self.guard_flow(guard).node(held.at).filter(|_| is_here);
        node.map_or(guard.mode, |node| self.mode_at(guard, node))
    }

    /// Whether the guard of something is held on every way there, or on those that nothing else decides: `drop` in one
    /// branch and the act in another need not meet.
    pub fn is_certainly_held(&self, held: &Held) -> bool {
        let Some(guard) = self.guard_at(held.guard.0, held.guard.1) else { return false };
        if held.through.is_some() || held.inside.is_some() {
            return true;
        }
        let flow = self.guard_flow(guard);
        match (flow.node(guard.start), flow.node(held.at)) {
            (Some(start), Some(at)) => !self.is_mixed(flow, guard, start, at),
            _ => false,
        }
    }

    /// Whether the lock of an act is the very lock that is held.
    pub fn is_lock_held(&self, held: &Held) -> bool {
        let (Some(lock), Some(path)) = (&held.lock, &held.reached.path) else { return false };
        if lock != path {
            return false;
        }
        let Some(guard) = self.guard_at(held.guard.0, held.guard.1) else { return false };
        if held.through.is_some() || held.inside.is_some() {
            return true;
        }
        let flow = self.guard_flow(guard);
        match (flow.node(guard.start), flow.node(held.at)) {
            (Some(from), Some(to)) => {
                self.is_same_lock(self.analysis(held.body), flow, lock, (from, to), |node| guard.is_live(node))
            }
            _ => false,
        }
    }

    /// Whether a node is reached with and without the guard, or another of the same lock, and a branch between where the two
    /// meet and the node can tell them apart.
    fn is_mixed(&self, flow: &Flow, guard: &Guard, start: NodeId, at: NodeId) -> bool {
        let same =
            self.guards().of(guard.body).iter().filter(|other| other.root == guard.root && other.path == guard.path);
        let same: SmallVec<[&Guard; 4]> = same.collect();
        let starts: SmallVec<[NodeId; 4]> = same.iter().filter_map(|other| flow.node(other.start)).collect();
        let tree = &self.analysis(guard.body).tree;
        let mut without = BitSet::new(flow.len());
        let mut open: Vec<NodeId> = Vec::new();
        let mut enter = |node: NodeId, open: &mut Vec<NodeId>| {
            if !without.contains(node.index()) {
                without.insert(node.index());
                open.push(node);
            }
        };
        if start != flow.entry() {
            enter(flow.entry(), &mut open);
        }
        for end in &guard.track.ends {
            // The new guard is there before the old one goes.
            if let EndKind::Overwritten(assign) = end.kind
                && same.iter().any(|other| tree.is_inside(other.start, assign))
            {
                continue;
            }
            let next = flow.successors(end.node);
            for (_, next) in next.iter().filter(|(_, node)| next.len() == 1 || !guard.is_live(*node)) {
                enter(*next, &mut open);
            }
        }
        while let Some(node) = open.pop() {
            if !starts.contains(&node) {
                flow.successors(node).iter().for_each(|(_, next)| enter(*next, &mut open));
            }
        }
        if !without.contains(at.index()) {
            return false;
        }
        // Back along the only way to where others join.
        let mut node = at;
        loop {
            match flow.predecessors(node) {
                [(_, before)] => {
                    if matches!(flow.action(*before), Action::Branch(_)) {
                        return true;
                    }
                    node = *before;
                }
                _ => return false,
            }
        }
    }
}
