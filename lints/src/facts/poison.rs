//! Who suffers when a lock is poisoned: other code that unwraps it, or takes it for busy.

use super::context::Context;
use super::guards::{Guard, Poison};
use super::lock_roots::LockRoots;
use super::place::Place;
use crate::model::Parent;
use crate::model::flow::{EndKind, FlowRoot};
use crate::syntax::ir::ExprId;
use rustc_hash::FxHashMap;

/// The guards by lock that suffer from a poison: a `Drop` first, then a closure (a thread, mostly), then any other function.
#[derive(Debug)]
pub struct PoisonVictims<'c, 'a> {
    cx: &'c Context<'a>,
    by_place: FxHashMap<Place, Vec<&'c Guard>>,
    roots: LockRoots<'c, 'a>,
}

impl<'c, 'a> PoisonVictims<'c, 'a> {
    /// Looks through all guards.
    pub fn collect(cx: &'c Context<'a>) -> PoisonVictims<'c, 'a> {
        let mut by_place: FxHashMap<Place, Vec<&Guard>> = FxHashMap::default();
        let mut roots = LockRoots::with_elements(cx);
        for guard in cx.guards().all() {
            let suffers = matches!(guard.poison, Poison::Unwrapped(_) | Poison::Mistaken) && !is_handed_on(guard);
            if let Some(place) = guard.place.filter(|_| suffers) {
                for root in roots.of(place) {
                    by_place.entry(root).or_default().push(guard);
                }
            }
        }
        PoisonVictims { cx, by_place, roots }
    }

    /// The one name of a lock that goes by several.
    pub fn lock_of(&mut self, guard: &Guard) -> Option<Place> {
        guard.place.map(|place| self.roots.only_root(place))
    }

    /// Whether other code takes the lock too and suffers if it is poisoned.
    pub fn may_have(&mut self, guard: &Guard) -> bool {
        self.others(guard).next().is_some()
    }

    fn others<'n>(&'n mut self, guard: &'n Guard) -> impl Iterator<Item = &'c Guard> + 'n {
        let cx = self.cx;
        let roots = guard.place.map(|place| self.roots.of(place)).unwrap_or_default();
        let by_place = &self.by_place;
        let known = roots.into_iter().filter_map(|root| by_place.get(&root)).flatten().copied();
        let others = known.filter(|other| (other.body, other.root) != (guard.body, guard.root));
        others.filter(move |other| cx.may_protect_same(guard, other))
    }

    /// The other code that suffers most from a panic under a guard, at the call `under`.
    pub fn of(&mut self, guard: &Guard, under: ExprId) -> Option<&'c Guard> {
        let cx = self.cx;
        let others = self.others(guard).filter(|other| may_run_after(cx, guard, under, other));
        others.min_by_key(|other| {
            let in_drop = cx.is_drop(cx.program.body(other.body).owner);
            (!in_drop, other.poison == Poison::Mistaken, other.root == FlowRoot::Body, other.body, other.call)
        })
    }
}

/// A helper that returns the guard it takes: those who call it suffer.
fn is_handed_on(guard: &Guard) -> bool {
    guard.root == FlowRoot::Body && guard.track.ends.iter().any(|end| end.kind == EndKind::Returned)
}

/// Whether other code can run once a panic has left: a thread that the same function starts later never takes its local lock.
fn may_run_after(cx: &Context<'_>, guard: &Guard, under: ExprId, other: &Guard) -> bool {
    if !matches!(guard.place, Some(Place::Local(..))) || other.body != guard.body {
        return true;
    }
    let analysis = cx.analysis(guard.body);
    let mut at = other.call;
    let mut user = None;
    while let FlowRoot::Closure(closure) = cx.flow_root(guard.body, at) {
        if guard.root == FlowRoot::Closure(closure) {
            break;
        }
        user = match analysis.tree.parent(closure) {
            Parent::Arg(call, _) => Some(call),
            _ => None,
        };
        at = closure;
    }
    let flow = cx.guard_flow(guard);
    let Some(user) = user else { return true };
    let (Some(from), Some(to)) = (flow.node(user), flow.node(under)) else { return true };
    user != under && flow.reaches(from, to)
}
