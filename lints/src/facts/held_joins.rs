//! Threads that are waited for by somebody who holds a lock that they need.

use super::context::Context;
use super::effects::word;
use super::entry::Entry;
use super::events::{Deed, Event, Wait};
use super::guards::{Guard, LockKind, Mode, Patience};
use super::held::Held;
use super::lock_path::PathRoot;
use super::origins::mentions;
use super::reach::{Act, Reached};
use super::spawns::{Spawn, SpawnKind};
use super::stalls::Rivals;
use super::writes::State;
use crate::model::flow::{Action, NodeId};
use crate::model::{FieldRef, Parent, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ExprId, Pat, Stmt};
use rustc_hash::FxHashMap;

/// A wait for a thread under a lock that the thread takes.
#[derive(Clone, Debug)]
pub struct HeldJoin<'c> {
    /// The guard, and the wait under it.
    pub held: &'c Held,
    /// The guard.
    pub guard: &'c Guard,
    /// Where the thread starts.
    pub spawn: Spawn,
    /// How the thread comes to take the lock.
    pub taken: Reached,
    /// The acquisition in the thread.
    pub second: &'c Guard,
    /// All of it stands in one function.
    pub is_visible: bool,
}

impl<'a> Context<'a> {
    /// The waits for threads under a lock that the thread takes; the first for each guard.
    pub fn held_joins(&self) -> Vec<HeldJoin<'_>> {
        let is_join = |held: &&Held| {
            held.inside.is_none() && matches!(held.reached.act, Act::Wait(_, _, Wait::Join | Wait::Scope, false))
        };
        let waits: Vec<&Held> = self.held().iter().filter(is_join).collect();
        if waits.is_empty() {
            return Vec::new();
        }
        let joined = self.joined_spawns();
        let mut rivals = Rivals::new(self);
        let mut found: Vec<HeldJoin<'_>> = Vec::new();
        for held in waits {
            let known = |other: &HeldJoin<'_>| other.held.guard == held.guard && other.held.through == held.through;
            if found.iter().any(known) {
                continue;
            }
            let Some(guard) = self.guard_at(held.guard.0, held.guard.1).filter(|guard| guard.kind == LockKind::Plain)
            else {
                continue;
            };
            if self.asks_if_finished(held) || self.is_met_before(guard) {
                continue;
            }
            let spawns = self.waited_for(held, &joined);
            found.extend(spawns.into_iter().find_map(|spawn| self.held_join(held, guard, spawn, &mut rivals)));
        }
        found
    }

    /// Whether the function that waits looks first whether the thread has ended.
    fn asks_if_finished(&self, held: &Held) -> bool {
        let analysis = self.analysis(held.reached.act.site(self).0);
        (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|call| {
            analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::OBSERVES))
                && *analysis.types.ty(call) == Ty::BOOL
        })
    }

    /// Whether the holder has met the thread before it takes the lock, by a message or at a barrier: the thread may be past its
    /// last use of the lock.
    fn is_met_before(&self, guard: &Guard) -> bool {
        let flow = self.guard_flow(guard);
        let Some(start) = flow.node(guard.start) else { return false };
        let meets = |event: &&Event| matches!(event.deed, Deed::Wait(Wait::Receive | Wait::Barrier, false));
        let events = self.events(guard.body).iter().filter(meets);
        let mut meetings = events.filter_map(|event| flow.node(event.anchor(guard.root)?));
        meetings.any(|meeting| flow.reach(meeting, |_, _, _| true).contains(start.index()))
    }

    /// The threads by the places where they are joined.
    fn joined_spawns(&self) -> FxHashMap<Loc, Vec<Spawn>> {
        let mut joined: FxHashMap<Loc, Vec<Spawn>> = FxHashMap::default();
        for site in &self.spawns().handles {
            let Some(spawn) = self.spawns().behind(*site) else { continue };
            for loc in self.full_fate(&self.fate(site.body, site.call)).joins() {
                joined.entry(loc).or_default().push(*spawn);
            }
        }
        for spawn in self.spawns().all.iter().filter(|spawn| spawn.kind == SpawnKind::Scoped) {
            let loc = self.joined_by_hand(spawn);
            loc.into_iter().for_each(|loc| joined.entry(loc).or_default().push(*spawn));
        }
        joined
    }

    /// Where a scoped thread is joined before its scope ends: `let worker = scope.spawn(..); worker.join()`.
    fn joined_by_hand(&self, spawn: &Spawn) -> Option<Loc> {
        let analysis = self.analysis(spawn.body);
        let joins = |value: ExprId| match analysis.tree.parent(value) {
            Parent::Receiver(call) => {
                let callee = analysis.callee(call)?;
                self.effects(callee).has(word::JOINS).then(|| analysis.call_loc(call))
            }
            _ => None,
        };
        joins(spawn.call).or_else(|| {
            let Parent::LetInit(block, index) = analysis.tree.parent(spawn.call) else { return None };
            let Expr::Block(block) = analysis.expr(block) else { return None };
            let Some(Stmt::Let { pat, .. }) = block.stmts.get(index as usize) else { return None };
            let Pat::Bind { local, .. } = &analysis.body.pat(*pat).kind else { return None };
            analysis.tree.uses(*local).iter().find_map(|used| joins(*used))
        })
    }

    /// The threads that a wait is for.
    fn waited_for(&self, held: &Held, joined: &FxHashMap<Loc, Vec<Spawn>>) -> Vec<Spawn> {
        let Act::Wait(body, expr, wait, _) = held.reached.act else { return Vec::new() };
        let analysis = self.analysis(body);
        if wait == Wait::Scope {
            let inside = |spawn: &&Spawn| {
                spawn.kind == SpawnKind::Scoped && spawn.body == body && analysis.tree.is_inside(spawn.call, expr)
            };
            return self.spawns().all.iter().filter(inside).copied().collect();
        }
        joined.get(&analysis.call_loc(expr)).cloned().unwrap_or_default()
    }

    fn held_join<'c>(
        &'c self,
        held: &'c Held,
        guard: &'c Guard,
        spawn: Spawn,
        rivals: &mut Rivals<'c, 'a>,
    ) -> Option<HeldJoin<'c>> {
        let taken = self.taken_by(spawn.entry);
        if self.is_agreed_on(held, guard, &taken) {
            return None;
        }
        let own = guard.place.map(|place| rivals.roots_of(place)).unwrap_or_default();
        taken.into_iter().find_map(|taken| {
            let Act::Take(body, index) = taken.act else { return None };
            let second = self.guard_at(body, index)?;
            let conflicts = self.held_as(held, guard) != Mode::Shared || second.mode != Mode::Shared;
            if second.kind != LockKind::Plain || second.patience == Patience::Bounded || !conflicts {
                return None;
            }
            let is_certain = held.lock.is_some() && held.lock == taken.path && self.is_steady(held);
            let may_be_one = |place| self.may_protect_same(guard, second) && rivals.may_be(place, &own);
            let is_one = is_certain || second.place.is_some_and(may_be_one);
            let is_visible = is_certain && held.reached.chain.is_empty() && spawn.body == held.body;
            is_one.then_some(HeldJoin { held, guard, spawn, taken, second, is_visible })
        })
    }

    /// Whether what the lock guards says that the thread is past its last use of it: a number or flag in it, which the thread
    /// sets, decides whether the thread is waited for.
    fn is_agreed_on(&self, held: &Held, guard: &Guard, taken: &[Reached]) -> bool {
        let asked = if held.through.is_none() { self.deciding_fields(held, guard) } else { Vec::new() };
        if asked.is_empty() {
            return false;
        }
        let takings = taken.iter().filter_map(|taken| match taken.act {
            Act::Take(body, index) => self.guard_at(body, index),
            _ => None,
        });
        let own = takings.filter(|other| other.place.is_some() && self.may_guard_same(guard, other));
        let mut writes = own.flat_map(|own| self.writes(self.analysis(own.body), &State::of_guard(own)));
        writes.any(|write| asked.iter().any(|asked| asked.is_none() || write.field.is_none() || *asked == write.field))
    }

    /// Whether two guards show a value of one type.
    fn may_guard_same(&self, one: &Guard, other: &Guard) -> bool {
        let own = self.roles().guards_in(self.analysis(one.body).types.ty(one.start));
        own.is_empty() || self.roles().may_keep(self.analysis(other.body).types.ty(other.start), &own)
    }

    /// The parts of what a lock guards that decide whether a thread is waited for under it; `None` for all of it.
    fn deciding_fields(&self, held: &Held, guard: &Guard) -> Vec<Option<FieldRef>> {
        let analysis = self.analysis(guard.body);
        let flow = self.guard_flow(guard);
        let state = State::of_guard(guard);
        let mut fields = Vec::new();
        let Some(at) = flow.node(held.at) else { return fields };
        for (node, action) in flow.nodes().filter(|(node, _)| guard.is_live(*node)) {
            let Action::Branch(test) = action else { continue };
            if *analysis.types.ty(test) != Ty::BOOL || matches!(analysis.expr(test), Expr::Let { .. }) {
                continue;
            }
            // Not by asking again: `while !state.done { state = done.wait(state) }`.
            let goes_on = |next: NodeId| {
                next == at || flow.reach(next, |_, _, next| next != node && guard.is_live(next)).contains(at.index())
            };
            let next = flow.successors(node);
            let decides = next.iter().any(|(_, next)| goes_on(*next)) && next.iter().any(|(_, next)| !goes_on(*next));
            if decides {
                let leads = |part: ExprId| self.leads_into(analysis, &state, part);
                mentions(analysis, test, &mut |part| {
                    let is_whole = part == test || analysis.tree.parent(part).expr().and_then(leads).is_none();
                    fields.extend(leads(part).filter(|_| is_whole));
                    false
                });
            }
        }
        // `wait_while` asks in its closure.
        let waits = self.events(guard.body).iter().filter(|event| matches!(event.deed, Deed::Wait(Wait::Condvar, _)));
        let waits = waits.filter_map(|event| flow.node(event.anchor(guard.root)?));
        let mut waits = waits.filter(|wait| guard.is_live(*wait));
        if waits.any(|wait| flow.reach(wait, |_, _, next| guard.is_live(next)).contains(at.index())) {
            fields.push(None);
        }
        fields
    }

    /// Whether the root of the lock that is held means one object in the whole body.
    fn is_steady(&self, held: &Held) -> bool {
        match held.lock.as_ref().map(|lock| lock.root) {
            Some(PathRoot::Local(body, local)) => !super::lock_path::is_assigned(self.analysis(body), local),
            Some(PathRoot::Static(_)) => true,
            None => false,
        }
    }

    /// The locks that a thread takes.
    fn taken_by(&self, entry: Entry) -> Vec<Reached> {
        let depth = self.settings.max_call_depth;
        let all = match entry {
            Entry::Closure(body, closure) => {
                let analysis = self.analysis(body);
                self.done_in(analysis, closure, self.events(body)).into_iter().map(|(_, reached)| reached).collect()
            }
            Entry::Function(function) => self.reached(function, depth, None).to_vec(),
            Entry::Param(..) | Entry::Unknown => Vec::new(),
        };
        all.into_iter().filter(|reached| matches!(reached.act, Act::Take(..))).collect()
    }
}
