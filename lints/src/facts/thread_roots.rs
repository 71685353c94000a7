//! On which threads a piece of code runs, as far as its callers can be seen.

use super::context::Context;
use super::entry::Entry;
use super::spawns::Spawn;
use crate::model::{BodyId, DefId};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId};
use std::collections::BTreeSet;

/// How many callers deep is looked.
const DEPTH: u32 = 5;
const MAIN: Name = Name::of("main");

/// Where a thread begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum ThreadRoot {
    /// The start of the program.
    Main,
    /// This spawn, which stands in no loop.
    Spawn(BodyId, ExprId),
}

impl Context<'_> {
    /// The threads that come to an expression, with an object that others have too; `None` where they cannot be known, or are many.
    pub(super) fn threads_at(&self, body: BodyId, expr: ExprId) -> Option<BTreeSet<ThreadRoot>> {
        let mut roots = BTreeSet::new();
        self.climb_to_threads(body, expr, DEPTH, &mut roots)?;
        Some(roots)
    }

    fn climb_to_threads(&self, body: BodyId, expr: ExprId, depth: u32, roots: &mut BTreeSet<ThreadRoot>) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let analysis = self.analysis(body);
        let mut at = expr;
        while let Some(closure) = analysis.tree.enclosing_closure(analysis.body, at) {
            let spawns = || self.spawns().all.iter();
            if let Some(spawn) = spawns().find(|spawn| spawn.entry == Entry::Closure(body, closure)) {
                roots.insert(self.single_spawn(spawn)?);
                return Some(());
            }
            at = self.run_at(analysis, closure, 2)?;
        }
        let function = analysis.body.owner;
        if self.is_main(function) {
            roots.insert(ThreadRoot::Main);
            return Some(());
        }
        let mut is_reached = false;
        for spawn in self.spawns().all.iter().filter(|spawn| spawn.entry == Entry::Function(function)) {
            roots.insert(self.single_spawn(spawn)?);
            is_reached = true;
        }
        for (caller, call) in self.visible_calls(function)? {
            is_reached = true;
            // Set-up of an object that nobody else has meets nobody.
            let outer = self.analysis(caller);
            let receiver = analysis.body.ir.self_local.and_then(|_| outer.receiver(self.program, call));
            let object = receiver.and_then(|receiver| self.lock_path(outer, receiver));
            if !object.is_some_and(|object| self.is_alone(&object)) {
                self.climb_to_threads(caller, call, depth, roots)?;
            }
        }
        if !is_reached {
            return None;
        }
        Some(())
    }

    /// The one thread that a spawn starts; `None` for one in a loop or in a closure.
    fn single_spawn(&self, spawn: &Spawn) -> Option<ThreadRoot> {
        let analysis = self.analysis(spawn.body);
        let repeats = |around: ExprId| matches!(analysis.expr(around), Expr::Loop(_) | Expr::Closure(_));
        let is_repeated = analysis.tree.ancestors(spawn.call).any(repeats);
        (!is_repeated).then_some(ThreadRoot::Spawn(spawn.body, spawn.call))
    }

    pub(super) fn is_main(&self, function: DefId) -> bool {
        self.program.item(function).name == MAIN && self.program.def(function).parent.is_none()
    }
}
