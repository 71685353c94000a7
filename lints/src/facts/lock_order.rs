//! The order in which locks are taken: one graph over the workspace, whose edges lead from a lock that is held to one that is
//! taken under it, and the ways round in it.
//!
//! A node is a field, a static or a local, of whatever instance; so edges make a cycle only where they speak of the locks of
//! one object, which each of them reaches in the same way. Where both locks are the same field, of two objects, the objects
//! are the nodes.

use super::context::Context;
use super::entry::Entry;
use super::events::{Deed, Event, Wait};
use super::guards::{Guard, LockKind, Mode, Patience, is_wrapper};
use super::held::Held;
use super::lock_path::{LockPath, PathRoot, PathStep};
use super::place::Place;
use super::reach::Act;
use super::spawns::Spawn;
use crate::model::BodyId;
use crate::model::flow::FlowRoot;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Longer ways round are not looked for.
const MAX_CYCLE: usize = 4;
/// How many acquisitions of one pair of locks are looked at.
const MAX_EDGES: usize = 12;
/// How many ways are looked at in all, and how many choices of acquisitions for each.
const MAX_WAYS: u32 = 50_000;
const MAX_TRIES: u32 = 200;
/// How many callers deep a common lock is looked for.
const CALLER_DEPTH: u32 = 3;

/// A lock as a node of the order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LockNode {
    /// A field of whatever instance, a static, or a local.
    Place(Place),
    /// The lock of this object.
    Object(LockPath),
    /// The lock that these steps lead to, from whatever object.
    Part(Vec<PathStep>),
}

/// A lock that is taken while another is held.
#[derive(Clone, Debug)]
pub struct OrderEdge<'c> {
    /// The guard, and the acquisition under it.
    pub held: &'c Held,
    /// The lock that is held.
    pub from: LockNode,
    /// The lock that is taken.
    pub to: LockNode,
    /// The first acquisition.
    pub first: &'c Guard,
    /// How the first lock is held by then.
    pub held_as: Mode,
    /// The second acquisition.
    pub second: &'c Guard,
}

/// Locks that are taken in a circle.
#[derive(Clone, Debug)]
pub struct OrderCycle<'c> {
    /// Each leads from the lock that it holds to the one that the next holds.
    pub edges: Vec<OrderEdge<'c>>,
}

/// The whole order of locks.
#[derive(Clone, Debug, Default)]
pub struct LockOrder<'c> {
    /// What is taken under what: for each pair of locks the acquisitions that were looked at, the shortest way first.
    pub pairs: Vec<Vec<OrderEdge<'c>>>,
    /// The ways round, each once.
    pub cycles: Vec<OrderCycle<'c>>,
}

impl<'a> Context<'a> {
    /// The ways round in the order of locks, each once.
    pub fn order_cycles(&self) -> Vec<OrderCycle<'_>> {
        OrderGraph::collect(self).cycles()
    }

    /// Every pair of locks of which one is taken under the other, in order, and the ways round.
    pub fn lock_order(&self) -> LockOrder<'_> {
        let graph = OrderGraph::collect(self);
        let cycles = graph.cycles();
        LockOrder { pairs: graph.edges.into_values().collect(), cycles }
    }

    /// A lock of the order, for messages.
    pub fn lock_node_text(&self, node: &LockNode) -> String {
        match node {
            LockNode::Place(place) => self.place_text(*place),
            LockNode::Object(path) => self.full_path_text(path),
            LockNode::Part(steps) => self.steps_text(steps),
        }
    }

    /// The place of the lock of an acquisition: by its path where that is known.
    fn placed_lock(&self, path: Option<&LockPath>, guard: &Guard) -> Option<Place> {
        let Some(path) = path else {
            return guard.place.filter(|place| !matches!(place, Place::Local(..)));
        };
        let fields = path.steps.iter().rev().filter_map(|step| match step {
            PathStep::Field(field) => Some(*field),
            PathStep::Element(_) => None,
        });
        match (fields.clone().find(|field| !is_wrapper(self, field.adt)), path.root) {
            (Some(field), _) => Some(Place::Field(field)),
            (None, PathRoot::Static(def)) => Some(Place::Static(def)),
            (None, PathRoot::Local(body, local)) => Some(Place::Local(body, local)),
        }
    }
}

struct OrderGraph<'c, 'a> {
    cx: &'c Context<'a>,
    edges: BTreeMap<(LockNode, LockNode), Vec<OrderEdge<'c>>>,
    next: FxHashMap<LockNode, Vec<LockNode>>,
    /// What is left of the two budgets.
    ways: Cell<u32>,
    tries: Cell<u32>,
}

impl<'c, 'a> OrderGraph<'c, 'a> {
    fn collect(cx: &'c Context<'a>) -> OrderGraph<'c, 'a> {
        let mut edges: BTreeMap<(LockNode, LockNode), Vec<OrderEdge<'c>>> = BTreeMap::new();
        for edge in cx.held().iter().chain(cx.lifted()).filter_map(|held| edge(cx, held)) {
            let known = edges.entry((edge.from.clone(), edge.to.clone())).or_default();
            if known.len() < MAX_EDGES {
                known.push(edge);
            }
        }
        for known in edges.values_mut() {
            known.sort_by_key(|edge| (edge.held.reached.chain.len(), edge.held.body, edge.held.at));
        }
        let mut next: FxHashMap<LockNode, Vec<LockNode>> = FxHashMap::default();
        for (from, to) in edges.keys() {
            next.entry(from.clone()).or_default().push(to.clone());
        }
        OrderGraph { cx, edges, next, ways: Cell::new(MAX_WAYS), tries: Cell::new(MAX_TRIES) }
    }

    fn cycles(&self) -> Vec<OrderCycle<'c>> {
        let mut cycles = Vec::new();
        let mut seen: FxHashSet<Vec<LockNode>> = FxHashSet::default();
        for length in 2..=MAX_CYCLE {
            for (from, to) in self.edges.keys() {
                // A way round starts at its smallest lock.
                if from < to {
                    self.extend(&mut vec![from.clone(), to.clone()], length, &mut seen, &mut cycles);
                }
            }
        }
        cycles
    }

    /// Goes on from a way of locks, to one of this length that ends where it starts.
    fn extend(
        &self,
        way: &mut Vec<LockNode>,
        length: usize,
        seen: &mut FxHashSet<Vec<LockNode>>,
        cycles: &mut Vec<OrderCycle<'c>>,
    ) {
        let (Some(first), Some(last)) = (way.first().cloned(), way.last().cloned()) else { return };
        if !spend(&self.ways) {
            return;
        }
        if way.len() == length {
            // A shorter way round between two of them is the one to mend.
            let has_shortcut =
                seen.iter().any(|known| known.len() < length && known.iter().all(|lock| way.contains(lock)));
            let mut key = way.clone();
            key.sort_unstable();
            if !has_shortcut
                && self.edges.contains_key(&(last.clone(), first.clone()))
                && !seen.contains(&key)
                && let Some(edges) = self.agree(way)
            {
                seen.insert(key);
                cycles.push(OrderCycle { edges });
            }
            return;
        }
        let next = self.next.get(&last).map_or(&[][..], |next| next);
        let next: Vec<LockNode> = next.iter().filter(|to| **to > first && !way.contains(to)).cloned().collect();
        for to in next {
            way.push(to);
            self.extend(way, length, seen, cycles);
            way.pop();
        }
    }

    /// Acquisitions along a way round that can meet.
    fn agree(&self, way: &[LockNode]) -> Option<Vec<OrderEdge<'c>>> {
        let mut chosen: Vec<OrderEdge<'c>> = Vec::new();
        self.tries.set(MAX_TRIES);
        self.choose(way, &mut chosen).then_some(chosen)
    }

    fn choose(&self, way: &[LockNode], chosen: &mut Vec<OrderEdge<'c>>) -> bool {
        let at = chosen.len();
        let Some(from) = way.get(at) else { return spend(&self.tries) && self.can_meet(chosen) };
        let to = way.get(at + 1).or(way.first()).unwrap_or(from);
        let Some(candidates) = self.edges.get(&(from.clone(), to.clone())) else { return false };
        for edge in candidates {
            chosen.push(edge.clone());
            if self.choose(way, chosen) {
                return true;
            }
            chosen.pop();
        }
        false
    }

    fn can_meet(&self, edges: &[OrderEdge<'c>]) -> bool {
        let next = |index: usize| edges.get((index + 1) % edges.len().max(1));
        let conflicts = edges.iter().enumerate().all(|(index, edge)| {
            next(index).is_some_and(|next| edge.second.mode != Mode::Shared || next.held_as != Mode::Shared)
        });
        conflicts
            && self.are_of_one(edges)
            && self.on_threads(edges)
            && !self.have_common_lock(edges)
            && !self.are_of_one_thread(edges)
    }

    /// Whether one thread alone comes to all of them: it cannot meet itself.
    fn are_of_one_thread(&self, edges: &[OrderEdge<'c>]) -> bool {
        let mut all = BTreeSet::new();
        for edge in edges {
            match self.cx.threads_at(edge.held.body, edge.held.at) {
                Some(roots) => all.extend(roots),
                None => return false,
            }
        }
        all.len() <= 1
    }

    /// Whether the edges speak of the same locks: statics and locals are one each; of fields, each edge has to lead from one
    /// object to both, by the ways that its neighbours take.
    fn are_of_one(&self, edges: &[OrderEdge<'c>]) -> bool {
        if edges.iter().all(|edge| !matches!(edge.from, LockNode::Place(Place::Field(_)))) {
            return true;
        }
        let relations: Option<Vec<Relation>> = edges.iter().map(|edge| relation(edge.held)).collect();
        let Some(relations) = relations else { return false };
        let next = relations.iter().cycle().skip(1);
        relations.iter().zip(next).all(|((_, taken), (held, _))| taken == held)
    }

    /// Locals are taken by several threads only where closures have them.
    fn on_threads(&self, edges: &[OrderEdge<'c>]) -> bool {
        let is_local = |node: &LockNode| match node {
            LockNode::Place(place) => matches!(place, Place::Local(..)),
            LockNode::Object(path) => !path.is_static(),
            LockNode::Part(_) => false,
        };
        if !edges.iter().any(|edge| is_local(&edge.from)) {
            return true;
        }
        let sites: Vec<Site> = edges.iter().map(|edge| Site::of(self.cx, edge.held)).collect();
        sites.iter().any(|site| site.thread.is_some())
            && sites
                .iter()
                .enumerate()
                .all(|(index, site)| sites.iter().skip(index + 1).all(|other| site.may_meet(self.cx, other)))
    }

    /// Whether two of them cannot happen together, under one more lock: then no circle of waiting threads closes.
    fn have_common_lock(&self, edges: &[OrderEdge<'c>]) -> bool {
        let outer: Vec<Vec<Outer>> = edges.iter().map(|edge| self.outer_locks(edge)).collect();
        outer.iter().enumerate().any(|(index, own)| {
            let others = outer.iter().skip(index + 1).flatten();
            others.into_iter().any(|(lock, mode)| own.iter().any(|(own, held)| own == lock && exclude(*held, *mode)))
        })
    }

    /// The locks that are held when the second one of an edge is waited for, apart from the first: there, and by all who call.
    fn outer_locks(&self, edge: &OrderEdge<'c>) -> Vec<Outer> {
        let guard = edge.first;
        let is_here = edge.held.through.is_none() && edge.held.body == guard.body;
        let at = if is_here { edge.held.at } else { guard.start };
        let mut locks = self.held_at(guard.body, at, Some(guard));
        locks.extend(self.held_around(guard.body, CALLER_DEPTH));
        if edge.held.body != guard.body {
            locks.extend(self.held_at(edge.held.body, edge.held.at, None));
            locks.extend(self.held_around(edge.held.body, CALLER_DEPTH));
        }
        locks
    }

    /// The locks that are held at an expression.
    fn held_at(&self, body: BodyId, expr: ExprId, own: Option<&Guard>) -> Vec<Outer> {
        let cx = self.cx;
        let others = cx.guards().of(body).iter().filter(|other| own.is_none_or(|own| own.call != other.call));
        let held = others.filter_map(|other| {
            let node = cx.guard_flow(other).node(expr).filter(|node| other.is_live(*node))?;
            Some((cx.placed_lock(other.path.as_ref(), other)?, cx.mode_at(other, node)))
        });
        held.collect()
    }

    /// The locks that all callers of a body hold.
    fn held_around(&self, body: BodyId, depth: u32) -> Vec<Outer> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let function = self.cx.program.body(body).owner;
        let calls = self.cx.visible_calls(function).unwrap_or_default();
        let mut common: Option<Vec<Outer>> = None;
        for (caller, call) in calls {
            let mut locks = self.held_at(caller, call, None);
            locks.extend(self.held_around(caller, depth));
            match &mut common {
                Some(common) => common.retain(|lock| locks.contains(lock)),
                None => common = Some(locks),
            }
        }
        common.unwrap_or_default()
    }
}

/// A lock that is held besides, and how.
type Outer = (Place, Mode);

/// Whether nobody can hold a lock in one way while somebody holds it in the other.
fn exclude(one: Mode, other: Mode) -> bool {
    one == Mode::Exclusive || other == Mode::Exclusive || (one, other) == (Mode::Upgradable, Mode::Upgradable)
}

/// Takes one from a budget, if there is something left.
fn spend(budget: &Cell<u32>) -> bool {
    let left = budget.get();
    budget.set(left.saturating_sub(1));
    left > 0
}

/// How two locks are reached from one object.
type Relation = (Vec<PathStep>, Vec<PathStep>);

fn relation(held: &Held) -> Option<Relation> {
    let (from, to) = (held.lock.as_ref()?, held.reached.path.as_ref()?);
    if from.root != to.root {
        return None;
    }
    let shared = from.steps.iter().zip(&to.steps).take_while(|(left, right)| left == right).count();
    let rest = |path: &LockPath| path.steps.iter().skip(shared).copied().collect();
    Some((rest(from), rest(to)))
}

fn edge<'c>(cx: &'c Context<'_>, held: &'c Held) -> Option<OrderEdge<'c>> {
    let Act::Take(body, index) = held.reached.act else { return None };
    let first = cx.guard_at(held.guard.0, held.guard.1)?;
    let second = cx.guard_at(body, index)?;
    let counts = |guard: &Guard| matches!(guard.kind, LockKind::Plain | LockKind::Reentrant);
    if !counts(first) || !counts(second) || second.patience == Patience::Bounded {
        return None;
    }
    let from = cx.placed_lock(held.lock.as_ref(), first)?;
    let to = cx.placed_lock(held.reached.path.as_ref(), second)?;
    // Who holds the second one already has another problem.
    let is_held = |other: &Guard| {
        let flow = cx.guard_flow(first);
        other.root == first.root
            && cx.placed_lock(other.path.as_ref(), other) == Some(to)
            && flow.node(held.at).is_some_and(|node| other.is_live(node))
    };
    if held.through.is_none() && from != to && cx.guards().of(first.body).iter().any(is_held) {
        return None;
    }
    let alone = |path: &Option<LockPath>| {
        path.as_ref().is_some_and(|path| cx.is_alone(path) || cx.is_unshared_yet(path, held.body, held.at))
    };
    let is_own = held.lock.as_ref().is_some_and(|lock| is_callers_own(cx, lock, CALLER_DEPTH));
    if alone(&held.lock) || alone(&held.reached.path) || is_own {
        return None;
    }
    let (from, to) = nodes(held, from, to)?;
    Some(OrderEdge { held, from, to, first, held_as: cx.held_as(held, first), second })
}

/// What the two locks of an edge go by.
fn nodes(held: &Held, from: Place, to: Place) -> Option<(LockNode, LockNode)> {
    let paths = held.lock.as_ref().zip(held.reached.path.as_ref());
    let is_field = |place: Place| matches!(place, Place::Field(_));
    match paths {
        Some((lock, taken)) if lock.root != taken.root && (is_field(from) || is_field(to)) => {
            match (lock.root, taken.root) {
                // Two objects that one function knows.
                (PathRoot::Local(body, _), PathRoot::Local(other, _)) if body == other => {
                    Some((LockNode::Object(lock.clone()), LockNode::Object(taken.clone())))
                }
                (PathRoot::Static(_), PathRoot::Static(_)) => {
                    Some((LockNode::Object(lock.clone()), LockNode::Object(taken.clone())))
                }
                _ => (from != to).then_some((LockNode::Place(from), LockNode::Place(to))),
            }
        }
        Some(_) if from == to => {
            let (from, to) = relation(held)?;
            (from != to).then_some((LockNode::Part(from), LockNode::Part(to)))
        }
        _ => (from != to).then_some((LockNode::Place(from), LockNode::Place(to))),
    }
}

/// Whether all who call a function have the object of a lock to themselves: redb's `WriteTransaction::commit_inner(&mut self)`.
fn is_callers_own(cx: &Context<'_>, lock: &LockPath, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let PathRoot::Local(body, local) = lock.root else { return false };
    let callee = cx.analysis(body);
    let calls = cx.visible_calls(callee.body.owner).unwrap_or_default();
    !calls.is_empty()
        && calls.into_iter().all(|(caller, call)| {
            let outer = cx.analysis(caller);
            let given = cx.operand_of(outer, call, callee, local).and_then(|given| cx.lock_path(outer, given));
            given.is_some_and(|given| cx.is_alone(&given) || is_callers_own(cx, &given, depth))
        })
}

/// Where an edge comes about: on a thread that is spawned in the body, or in what the body does itself.
struct Site {
    body: BodyId,
    /// What does it, outside of the thread.
    at: ExprId,
    /// The call that starts the thread, or the closure that is kept.
    thread: Option<ExprId>,
}

impl Site {
    fn of(cx: &Context<'_>, held: &Held) -> Site {
        let analysis = cx.analysis(held.body);
        let mut at = held.at;
        while let Some(closure) = analysis.tree.enclosing_closure(analysis.body, at) {
            let starts = |spawn: &&Spawn| spawn.entry == Entry::Closure(held.body, closure);
            if let Some(spawn) = cx.spawns().all.iter().find(starts) {
                return Site { body: held.body, at: spawn.call, thread: Some(spawn.call) };
            }
            match cx.run_at(analysis, closure, 2) {
                Some(call) => at = call,
                None => return Site { body: held.body, at: closure, thread: Some(closure) },
            }
        }
        Site { body: held.body, at, thread: None }
    }

    /// Whether the one may still be under way when the other is: nothing in between waits for threads.
    fn may_meet(&self, cx: &Context<'_>, other: &Site) -> bool {
        if self.body != other.body {
            return true;
        }
        if self.thread == other.thread {
            return false;
        }
        let (first, last) = if self.at < other.at { (self, other) } else { (other, self) };
        let is_wait = |event: &Event| {
            matches!(event.deed, Deed::Wait(Wait::Join | Wait::Scope, _))
                && first.at < event.expr
                && event.expr < last.at
        };
        let analysis = cx.analysis(first.body);
        let closures = analysis.tree.ancestors(first.at).filter(|up| matches!(analysis.expr(*up), Expr::Closure(_)));
        let roots: Vec<FlowRoot> = closures.map(FlowRoot::Closure).chain([FlowRoot::Body]).collect();
        // What the thread's own code waits for is something else.
        let is_around = |event: &Event| roots.iter().any(|root| event.anchor(*root).is_some());
        let waits = cx.events(first.body).iter().any(|event| is_wait(event) && is_around(event));
        let is_repeated =
            analysis.tree.ancestors(first.at).any(|around| matches!(analysis.expr(around), Expr::Loop(_)));
        let is_started = first.thread.is_some() || is_repeated;
        is_started && !waits
    }
}
