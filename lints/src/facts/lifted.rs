//! Two locks that a function takes of what it is given, seen from those who call it: `transfer(&from, &to)`.
//!
//! What the function does says nothing of an order, as its callers choose which lock is which.

use super::context::Context;
use super::guards::param_index;
use super::held::Held;
use super::lock_path::{LockPath, PathRoot};
use super::reach::{Act, CallStep};
use crate::model::BodyId;

/// How many callers deep locks are handed down.
const ROUNDS: usize = 2;
/// How many calls of one function are looked at.
const MAX_CALLS: usize = 24;

impl Context<'_> {
    /// The locks that are taken under locks in functions that were given both, as what the callers do.
    pub(super) fn lifted(&self) -> &[Held] {
        self.lock_facts.lifted.get_or_init(|| {
            let mut all = Vec::new();
            let mut newest: Vec<Held> = self.held().iter().flat_map(|held| self.lift(held)).collect();
            for _ in 1..ROUNDS {
                let next = newest.iter().flat_map(|held| self.lift(held)).collect();
                all.append(&mut newest);
                newest = next;
            }
            all.append(&mut newest);
            all
        })
    }

    fn lift(&self, held: &Held) -> Vec<Held> {
        let (Act::Take(..), Some(lock), Some(taken)) = (held.reached.act, &held.lock, &held.reached.path) else {
            return Vec::new();
        };
        if lock.root == taken.root || ![lock, taken].iter().all(|path| self.is_passed_in(held.body, path)) {
            return Vec::new();
        }
        let function = self.program.body(held.body).owner;
        let calls = self.calls_of(function).into_iter().take(MAX_CALLS);
        calls
            .filter_map(|(caller, call)| {
                let analysis = self.analysis(caller);
                let lock = self.path_of_callee(analysis, call, function, lock)?;
                let path = self.path_of_callee(analysis, call, function, taken)?;
                let mut reached = held.reached.clone();
                reached.path = Some(path);
                reached.chain.insert(0, CallStep { body: caller, call, function });
                Some(Held {
                    body: caller,
                    guard: held.guard,
                    lock: Some(lock),
                    through: Some(call),
                    inside: None,
                    at: call,
                    reached,
                })
            })
            .collect()
    }

    /// Whether an object is a part of something that a function is given.
    fn is_passed_in(&self, body: BodyId, path: &LockPath) -> bool {
        let PathRoot::Local(home, local) = path.root else { return false };
        let analysis = self.analysis(body);
        home == body && (analysis.body.ir.self_local == Some(local) || param_index(analysis, local).is_some())
    }
}
