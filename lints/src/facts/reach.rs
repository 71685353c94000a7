//! What a function does through the functions that it calls: the locks that it takes, the waits, the callbacks, each with
//! the calls that lead there.
//!
//! Summaries are made on demand, each depth once, and are bounded in length. A body is looked into only if the names that it
//! mentions can lead to something that counts.

use super::context::{Analysis, Context};
use super::effects::word;
use super::events::{Deed, Wait};
use super::guards::Guard;
use super::lock_path::LockPath;
use crate::model::flow::FlowRoot;
use crate::model::{BodyHead, BodyId, BodyRef, DefId, Ty};
use crate::source::Name;
use crate::syntax::Shape;
use crate::syntax::ir::{Expr, ExprId, ItemKind};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A summary is cut off here.
const MAX_REACHED: usize = 48;

/// What is done in the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Act {
    /// The lock of this guard is taken: its body, and its place there.
    Take(BodyId, u32),
    /// Foreign code runs.
    Callback(BodyId, ExprId),
    /// The thread stands still; `true` where it gives up after a while.
    Wait(BodyId, ExprId, Wait, bool),
}

impl Act {
    /// Where it stands.
    pub fn site(self, cx: &Context<'_>) -> (BodyId, ExprId) {
        match self {
            Act::Take(body, index) => (body, cx.guard_at(body, index).map_or(ExprId(0), |guard| guard.call)),
            Act::Callback(body, expr) | Act::Wait(body, expr, ..) => (body, expr),
        }
    }
}

/// A call on the way to an act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallStep {
    /// The body that calls.
    pub body: BodyId,
    /// The call; or the assignment or statement that drops a value.
    pub call: ExprId,
    /// What it runs.
    pub function: DefId,
}

/// Something that happens when a function runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// What happens.
    pub act: Act,
    /// The lock that is taken, as an object of the function that the summary is of.
    pub path: Option<LockPath>,
    /// The calls that lead there, outermost first.
    pub chain: SmallVec<[CallStep; 3]>,
}

/// Summaries by function, depth, and the type that `self` has in a trait's provided function.
pub(super) type Summaries = Mutex<SummaryMap>;

type SummaryMap = FxHashMap<(DefId, u32, Option<DefId>), Arc<[Reached]>>;

impl<'a> Context<'a> {
    /// A guard by its body and its place there.
    pub fn guard_at(&self, body: BodyId, index: u32) -> Option<&Guard> {
        self.guards().of(body).get(index as usize)
    }

    /// What happens when a function of the user's runs, through calls at most `depth` deep.
    pub(super) fn reached(&self, function: DefId, depth: u32, own: Option<DefId>) -> Arc<[Reached]> {
        let key = (function, depth, own);
        if let Some(known) = self.lock_summaries().get(&key) {
            return known.clone();
        }
        let made: Arc<[Reached]> = self.reach(function, depth, own).into();
        self.lock_summaries().entry(key).or_insert(made).clone()
    }

    fn lock_summaries(&self) -> MutexGuard<'_, SummaryMap> {
        self.lock_facts.summaries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reach(&self, function: DefId, depth: u32, own: Option<DefId>) -> Vec<Reached> {
        let Some(body) = self.program.body_of(function) else { return Vec::new() };
        if !self.may_lead(body, depth) {
            return Vec::new();
        }
        let analysis = self.analysis(body);
        let mut reached: Vec<Reached> = Vec::new();
        let mut seen: FxHashSet<(Act, Option<LockPath>)> = FxHashSet::default();
        for event in self.events(body) {
            if event.anchor(FlowRoot::Body).is_none() {
                continue;
            }
            for one in self.reached_by(analysis, event.expr, event.deed, depth, own) {
                if reached.len() < MAX_REACHED && seen.insert((one.act, one.path.clone())) {
                    reached.push(one);
                }
            }
        }
        reached
    }

    /// What an event comes to, in terms of the body that it stands in.
    pub(super) fn reached_by(
        &self,
        analysis: &Analysis<'a>,
        expr: ExprId,
        deed: Deed,
        depth: u32,
        own: Option<DefId>,
    ) -> Vec<Reached> {
        let body = analysis.body.id;
        let direct = |act: Act, path: Option<LockPath>| vec![Reached { act, path, chain: SmallVec::new() }];
        match deed {
            Deed::Take(index) => {
                let path = self.guard_at(body, index).and_then(|guard| guard.path.clone());
                direct(Act::Take(body, index), path)
            }
            Deed::Callback => direct(Act::Callback(body, expr), None),
            Deed::Wait(wait, timed) => direct(Act::Wait(body, expr, wait, timed), None),
            Deed::Call(callee) => {
                let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
                let Some((target, own)) = self.target(analysis, expr, callee, own) else { return Vec::new() };
                let inside = self.reached(target, depth, own);
                let step = CallStep { body, call: expr, function: target };
                let ways = (!inside.is_empty()).then(|| self.ways_of_call(analysis, expr, target)).flatten();
                let is_open = |one: &&Reached| {
                    let (body, at) =
                        one.chain.first().map_or_else(|| one.act.site(self), |step| (step.body, step.call));
                    ways.as_ref().is_none_or(|ways| ways.lead_to(body, at))
                };
                let outside = inside.iter().filter(is_open).map(|one| {
                    let path = one.path.as_ref();
                    let path = path.and_then(|path| self.path_of_callee(analysis, expr, target, path));
                    let chain = std::iter::once(step).chain(one.chain.iter().copied()).collect();
                    Reached { act: one.act, path, chain }
                });
                outside.collect()
            }
        }
    }

    /// The function that a call runs, as far as that is certain, and the type that `self` has in it, where the function is
    /// one that a trait provides.
    pub(super) fn target(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        callee: DefId,
        own: Option<DefId>,
    ) -> Option<(DefId, Option<DefId>)> {
        let program = self.program;
        let is_trait = |def: DefId| {
            program.def(def).parent.is_some_and(|parent| matches!(program.item(parent).kind, ItemKind::Trait(_)))
        };
        if !is_trait(callee) {
            return program.body_of(callee).map(|_| (callee, None));
        }
        let receiver = analysis.receiver(program, call)?;
        let is_self = matches!(analysis.expr(analysis.peel(receiver)), Expr::Local(local) if analysis.body.ir.self_local == Some(*local));
        let adt = match self.roles().pointee(analysis.types.ty(receiver)) {
            Ty::Adt(adt, _) => Some(adt),
            Ty::Param(..) if is_self => own,
            _ => None,
        };
        let candidates = program.implementors(callee);
        let mut candidates = candidates.into_iter().filter(|function| program.is_analysed(*function));
        let implemented = match adt {
            Some(adt) => candidates.find(|function| {
                let block = program.def(*function).parent.and_then(|block| program.impl_header(block));
                block.is_some_and(|header| header.self_ty.adt() == Some(adt))
            }),
            None => candidates.next().filter(|_| candidates.next().is_none() && program.body_of(callee).is_none()),
        };
        match implemented {
            Some(function) => program.body_of(function).map(|_| (function, None)),
            // What the trait provides runs, if no impl can replace it here.
            None => {
                let provided = adt.is_some() || program.implementors(callee).is_empty();
                program.body_of(callee).filter(|_| provided).map(|_| (callee, adt))
            }
        }
    }

    /// Whether what a body mentions can lead to something that counts within some calls.
    fn may_lead(&self, body: BodyId, depth: u32) -> bool {
        let levels = self.lock_facts.lead_levels.get_or_init(|| self.find_lead_levels());
        levels.get(body.index()).is_some_and(|level| u32::from(*level) <= depth)
    }

    /// How many calls away, by names alone, a body is from taking a lock or waiting.
    fn find_lead_levels(&self) -> Vec<u8> {
        let program = self.program;
        let counts = [word::ACQUIRES, word::BLOCKS, word::JOINS, word::RECEIVES, word::SCOPE, word::WAITS];
        let says = self.library_names(|effects| counts.iter().any(|word| effects.has(*word)));
        let mut names: FxHashSet<Name> = says.into_iter().collect();
        let mut levels = vec![u8::MAX; program.body_count()];
        let bodies: Vec<_> = program.user_bodies().collect();
        for level in 0..=self.settings.max_call_depth.min(8) as u8 {
            names.iter().for_each(|name| program.asked.add(*name));
            let mut fresh: FxHashSet<Name> = FxHashSet::default();
            for body in &bodies {
                let slot = &mut levels[body.id.index()];
                if *slot == u8::MAX && body.names().iter().any(|name| names.contains(name)) {
                    *slot = level;
                    fresh.insert(program.item(body.owner).name);
                }
            }
            names = fresh;
        }
        // What a body is given or keeps may be called without a name that tells.
        let calls_given = |head: &&BodyHead<'_>| {
            levels[head.id.index()] > 0 && head.may_have(Shape::INDIRECT_CALL) && {
                let body = head.read();
                body.ir.exprs.iter().any(|data| is_indirect_call(body, &data.kind))
            }
        };
        let indirect: Vec<BodyId> = bodies.par_iter().filter(calls_given).map(|head| head.id).collect();
        for body in indirect {
            levels[body.index()] = 0;
        }
        levels
    }
}

/// A call of something that is no path: a field, a parameter, a result.
fn is_indirect_call(body: BodyRef<'_>, kind: &Expr) -> bool {
    matches!(kind, Expr::Call { callee, .. } if !matches!(body.expr(*callee).kind, Expr::Path(_)))
}
