//! Loops of threads that go on as long as input comes, inside a loop that tests a signal to stop.

use super::blocked::is_test;
use super::context::Context;
use super::effects::word;
use super::exec::{Step, StepKind, World};
use super::place::Place;
use super::spawns::{Spawn, SpawnKind};
use super::threads::Thread;
use crate::model::BodyId;
use crate::syntax::ir::{Expr, ExprId, LoopKind};

/// A loop inside a stoppable one that goes on as long as input comes.
#[derive(Clone, Debug)]
pub struct UnheededStop {
    /// Where the thread starts.
    pub spawn: Spawn,
    /// The loop that tests the signal.
    pub outer: (BodyId, ExprId),
    /// The loop that does not.
    pub inner: (BodyId, ExprId),
    /// The wait for input in its condition.
    pub wait: ExprId,
    /// Where the outer loop tests the signal.
    pub test: (BodyId, ExprId),
    /// What it tests.
    pub signal: Place,
}

impl Context<'_> {
    /// The loops of threads that go on as long as input comes, inside a loop that tests a signal.
    pub fn unheeded_stops(&self) -> Vec<UnheededStop> {
        self.threads().iter().filter_map(|thread| self.unheeded_stop(thread)).collect()
    }

    fn unheeded_stop(&self, thread: &Thread) -> Option<UnheededStop> {
        if thread.execution.gave_up || thread.spawn.kind != SpawnKind::Thread {
            return None;
        }
        let loops = &thread.execution.loops;
        loops.iter().find_map(|(inner, facts)| {
            let wait = self.input_condition(*inner)?;
            if facts.steps.iter().any(is_test) || facts.exits.is_empty() {
                return None;
            }
            let analysis = self.analysis(inner.0);
            let (outer, around) = loops.iter().find(|(outer, around)| {
                outer.0 == inner.0
                    && outer.1 != inner.1
                    && analysis.tree.is_inside(inner.1, outer.1)
                    && !around.inner_endless
            })?;
            let (step, signal) = around.steps.iter().filter(|step| is_test(step)).find_map(|step| {
                let signal = step.place?;
                self.is_stop_test(thread, *outer, step, signal).then_some((step, signal))
            })?;
            let joined = self
                .sites_of(thread.spawn)
                .into_iter()
                .any(|site| self.full_fate(&self.fate(site.body, site.call)).may_be_joined());
            joined.then_some(UnheededStop {
                spawn: thread.spawn,
                outer: *outer,
                inner: *inner,
                wait,
                test: (step.body, step.call),
                signal,
            })
        })
    }

    /// The call in `while let Ok(request) = server.recv_timeout(..)` that waits for input from outside the program.
    fn input_condition(&self, (body, home): (BodyId, ExprId)) -> Option<ExprId> {
        let analysis = self.analysis(body);
        let Expr::Loop(data) = analysis.expr(home) else { return None };
        let LoopKind::While(cond) = data.kind else { return None };
        let Expr::Let { expr, .. } = analysis.expr(cond) else { return None };
        let effects = self.effects(analysis.callee(*expr)?);
        let from_outside = effects.with(word::BLOCKS, "net") || effects.with(word::BLOCKS, "accept");
        (from_outside && !effects.has(word::CONNECTS)).then_some(*expr)
    }

    /// Whether a loop has a way out that depends on a signal alone.
    fn is_stop_test(&self, thread: &Thread, home: (BodyId, ExprId), step: &Step, signal: Place) -> bool {
        let before = thread.execution.get(home).map(|facts| facts.exits.len());
        let exits = |world: World| self.execute(thread.spawn.entry, &world).get(home).map(|facts| facts.exits.len());
        match step.kind {
            StepKind::Load => [true, false].into_iter().any(|value| {
                let mut world = thread.world.clone();
                world.frozen.push((signal, value));
                exits(world) < before
            }),
            _ => exits(World { silent: vec![signal], ..thread.world.clone() }) < before,
        }
    }
}
