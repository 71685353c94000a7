//! Locks that are taken again by the thread that holds them.

use super::context::Context;
use super::guards::{Guard, LockKind, Mode, Patience};
use super::held::Held;
use super::lock_path::LockPath;
use super::reach::Act;
use crate::model::BodyId;
use crate::model::flow::NodeId;
use crate::syntax::ir::ExprId;
use rustc_hash::FxHashSet;

/// A lock that is taken while the same thread holds it.
#[derive(Clone, Copy, Debug)]
pub struct Relock<'c> {
    /// The guard, and the act under it.
    pub held: &'c Held,
    /// The first acquisition.
    pub first: &'c Guard,
    /// How the lock is held by then.
    pub held_as: Mode,
    /// The second one.
    pub second: &'c Guard,
    /// Readers both: it hangs only where a writer waits between the two.
    pub among_readers: bool,
}

impl Relock<'_> {
    /// Both acquisitions stand in one function.
    pub fn is_direct(&self) -> bool {
        let makers = [self.first.maker, self.second.maker];
        self.held.reached.chain.is_empty() && self.held.through.is_none() && makers == [None, None]
    }
}

impl Context<'_> {
    /// Every lock that a thread takes while it holds it, in order; where one such place is on every way to the next, only
    /// the first.
    pub fn relocks(&self) -> Vec<Relock<'_>> {
        let mut relocks: Vec<Relock<'_>> = self.held().iter().filter_map(|held| self.relock(held)).collect();
        // The shortest chain of calls for each place.
        relocks.sort_by_key(|relock| {
            let held = relock.held;
            (held.body, held.guard, relock.among_readers, held.at, held.reached.chain.len())
        });
        let mut seen: FxHashSet<(BodyId, ExprId, BodyId, u32, bool)> = FxHashSet::default();
        relocks.retain(|relock| {
            let held = relock.held;
            seen.insert((held.body, held.at, held.guard.0, held.guard.1, relock.among_readers))
        });
        self.keep_first(relocks)
    }

    fn relock<'c>(&'c self, held: &'c Held) -> Option<Relock<'c>> {
        let Act::Take(body, index) = held.reached.act else { return None };
        let first = self.guard_at(held.guard.0, held.guard.1)?;
        let second = self.guard_at(body, index)?;
        if held.lock.is_none() || held.lock != held.reached.path {
            return None;
        }
        if first.kind != LockKind::Plain || second.kind != LockKind::Plain {
            return None;
        }
        // `let guard = lock.try_lock(); if guard.is_none() { lock.lock() }`
        let at = self.guard_flow(first).node(held.at).filter(|_| held.through.is_none() && held.inside.is_none());
        if first.patience == Patience::Bounded && at.is_some_and(|node| !self.is_surely_guard(first, node)) {
            return None;
        }
        let held_as = self.held_as(held, first);
        let among_readers = matches!(
            (held_as, second.mode),
            (Mode::Shared, Mode::Shared | Mode::Upgradable) | (Mode::Upgradable, Mode::Shared)
        );
        // A lock that nobody else has yet has no writers either.
        let is_own = |path: &LockPath| self.is_alone(path) || self.is_unshared_yet(path, held.body, held.at);
        if among_readers && held.lock.as_ref().is_some_and(is_own) {
            return None;
        }
        let waits = match second.patience {
            Patience::Blocking => true,
            Patience::Recursive => held_as == Mode::Exclusive,
            Patience::Bounded => false,
        };
        (waits && self.is_lock_held(held) && self.is_certainly_held(held)).then_some(Relock {
            held,
            first,
            held_as,
            second,
            among_readers,
        })
    }

    fn keep_first<'c>(&self, relocks: Vec<Relock<'c>>) -> Vec<Relock<'c>> {
        let mut kept: Vec<Relock<'c>> = Vec::new();
        for relock in relocks {
            let before = kept.iter().filter(|other| {
                other.held.guard == relock.held.guard
                    && other.held.body == relock.held.body
                    && other.held.through == relock.held.through
                    && other.among_readers == relock.among_readers
            });
            if !before.into_iter().any(|other| self.comes_after(other, &relock)) {
                kept.push(relock);
            }
        }
        kept
    }

    /// Whether the guard that meets one place goes on to the other.
    fn comes_after(&self, first: &Relock<'_>, then: &Relock<'_>) -> bool {
        if first.held.through.is_some() || first.held.inside.is_some() {
            return first.held.inside == then.held.inside;
        }
        let guard = first.first;
        let flow = self.guard_flow(guard);
        let node = |relock: &Relock<'_>| -> Option<NodeId> { flow.node(relock.held.at) };
        match (node(first), node(then)) {
            (Some(from), Some(to)) => flow.reach(from, |_, _, next| guard.is_live(next)).contains(to.index()),
            _ => false,
        }
    }
}
