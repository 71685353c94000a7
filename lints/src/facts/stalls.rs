//! Threads that stand still with a lock that others want.

use super::callback_calls::{VALUES, is_closure_param};
use super::context::Context;
use super::events::Wait;
use super::exec::{Poll, PollKind};
use super::guards::{Guard, LockKind, Mode, Patience};
use super::held::Held;
use super::lock_roots::LockRoots;
use super::origins::mentions;
use super::place::Place;
use super::polling::BusyWait;
use super::reach::Act;
use super::writes::State;
use crate::model::Ty;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashSet;

/// A wait under a guard.
#[derive(Clone, Copy, Debug)]
pub struct Stall<'c> {
    /// The guard, and the wait under it.
    pub held: &'c Held,
    /// The guard.
    pub guard: &'c Guard,
    /// Where somebody else waits for the lock.
    pub other: &'c Guard,
}

/// A loop that asks again and again under a guard.
#[derive(Clone, Copy, Debug)]
pub struct Spin<'c> {
    /// The loop.
    pub wait: &'c BusyWait,
    /// What it asks for.
    pub poll: Poll,
    /// The guard.
    pub guard: &'c Guard,
    /// Where somebody else waits for the lock.
    pub other: &'c Guard,
}

/// How many calls deep a pause counts.
const SLEEP_DEPTH: usize = 1;

/// Finds who else waits for a lock, under whatever name.
#[derive(Debug)]
pub(super) struct Rivals<'c, 'a> {
    cx: &'c Context<'a>,
    roots: LockRoots<'c, 'a>,
}

impl<'c, 'a> Rivals<'c, 'a> {
    /// Looks on demand.
    pub(super) fn new(cx: &'c Context<'a>) -> Rivals<'c, 'a> {
        Rivals { cx, roots: LockRoots::new(cx) }
    }

    /// Where one lock of a collection may be any other of it.
    fn with_elements(cx: &'c Context<'a>) -> Rivals<'c, 'a> {
        Rivals { cx, roots: LockRoots::with_elements(cx) }
    }

    /// Another acquisition of a guard's lock, in other code, that waits for it.
    fn of(&mut self, guard: &Guard) -> Option<&'c Guard> {
        let own = self.roots.of(guard.place?);
        let cx = self.cx;
        let others = || {
            cx.guards().all().filter(|other| {
                other.patience != Patience::Bounded
                    && (other.body, other.root) != (guard.body, guard.root)
                    && cx.may_protect_same(guard, other)
            })
        };
        let is_own = |other: &&Guard| other.place.is_some_and(|place| own.contains(&place));
        others().find(is_own).or_else(|| {
            let mut passed = others().filter(|other| matches!(other.place, Some(Place::Local(..))));
            passed.find(|other| other.place.is_some_and(|place| self.may_be(place, &own)))
        })
    }

    /// The places that a lock may go by.
    pub(super) fn roots_of(&mut self, place: Place) -> Vec<Place> {
        self.roots.of(place)
    }

    /// Whether a place may be one of those that are roots of a lock.
    pub(super) fn may_be(&mut self, place: Place, own: &[Place]) -> bool {
        self.roots.of(place).iter().any(|root| own.contains(root))
    }
}

impl Context<'_> {
    /// The waits of the kinds that count, under an exclusive guard of a lock that other code waits for; the first for each
    /// guard.
    pub fn stalls(&self, counts: impl Fn(Wait, bool) -> bool) -> Vec<Stall<'_>> {
        let mut seen = FxHashSet::default();
        let mut stalls = Vec::new();
        let mut rivals = Rivals::with_elements(self);
        for held in self.held() {
            let Act::Wait(_, _, wait, timed) = held.reached.act else { continue };
            if !counts(wait, timed) || held.inside.is_some() || seen.contains(&(held.guard, held.through)) {
                continue;
            }
            // A pause deep inside, before something is tried again, is nothing that the holder of the lock thinks of.
            if wait == Wait::Sleep && held.reached.chain.len() > SLEEP_DEPTH {
                continue;
            }
            let Some(guard) = self.guard_at(held.guard.0, held.guard.1) else { continue };
            let is_owned = matches!(guard.kind, LockKind::Plain | LockKind::Reentrant) && guard.mode == Mode::Exclusive;
            let is_owned = is_owned && self.held_as(held, guard) == Mode::Exclusive;
            if !is_owned || self.guards_nothing(guard) || self.waits_for_guarded(held, guard, wait) {
                continue;
            }
            if matches!(wait, Wait::Io | Wait::Net) && self.reads_memory(held) {
                continue;
            }
            if let Some(other) = rivals.of(guard) {
                seen.insert((held.guard, held.through));
                stalls.push(Stall { held, guard, other });
            }
        }
        stalls
    }

    /// The loops that wait by asking, without a pause, under an exclusive guard of a lock that other code waits for.
    pub fn spins(&self) -> Vec<Spin<'_>> {
        let mut rivals = Rivals::with_elements(self);
        let spin = |wait| self.spin(wait, &mut rivals);
        self.busy_waits().iter().filter_map(spin).collect()
    }

    fn spin<'c>(&'c self, wait: &'c BusyWait, rivals: &mut Rivals<'c, '_>) -> Option<Spin<'c>> {
        let analysis = self.analysis(wait.body);
        // What a lock of the loop's own shows is taken in each round.
        let is_question = |poll: &&Poll| poll.kind != PollKind::Locked && poll.body == wait.body;
        let poll = *wait.polls.iter().find(is_question)?;
        let is_around = |guard: &&Guard| {
            let is_owned = matches!(guard.kind, LockKind::Plain | LockKind::Reentrant) && guard.mode == Mode::Exclusive;
            let node = self.guard_flow(guard).node(poll.call);
            is_owned
                && !analysis.tree.is_inside(guard.call, wait.expr)
                && node.is_some_and(|node| guard.is_live(node))
                && !self.guards_nothing(guard)
        };
        let guard = self.guards().of(wait.body).iter().find(is_around)?;
        let receiver = analysis.receiver(self.program, poll.call);
        // `while let Err(Empty) = receiver.lock().unwrap().try_recv()` waits for what the lock guards.
        let leads = |receiver| self.leads_into(analysis, &State::of_guard(guard), receiver).is_some();
        if poll.kind == PollKind::Receive && receiver.is_some_and(leads) {
            return None;
        }
        Some(Spin { wait, poll, guard, other: rivals.of(guard)? })
    }

    /// Whether a lock guards `()`: it keeps sections of code apart, and is held over them on purpose.
    pub(super) fn guards_nothing(&self, guard: &Guard) -> bool {
        // goose's `ScopedLogLevel { _guard: MutexGuard<'static, ()>, .. }`: in a struct that makes a section of its life.
        let guards = self.roles().guards_in(self.analysis(guard.body).types.ty(guard.start));
        !guards.is_empty() && guards.iter().all(|guard| guard.args().last().is_some_and(Ty::is_unit))
    }

    /// Whether what is waited for is what the lock guards.
    fn waits_for_guarded(&self, held: &Held, guard: &Guard, wait: Wait) -> bool {
        let analysis = self.analysis(held.body);
        let call = held.reached.chain.first().map_or_else(|| held.reached.act.site(self).1, |step| step.call);
        let state = State::of_guard(guard);
        let leads = |expr: ExprId| match held.through {
            // The closure is given what the lock guards.
            Some(_) => mentions(analysis, expr, &mut |part| is_closure_param(analysis, part)),
            // A stream may be taken out first: what is guarded is what is read. A thread or a message that was taken out can
            // be waited for without the lock.
            None if matches!(wait, Wait::Io | Wait::Net | Wait::Request) => {
                self.comes_out_of(analysis, &state, expr, VALUES)
            }
            None => self.leads_into(analysis, &state, expr).is_some(),
        };
        let receiver = match analysis.expr(call) {
            Expr::MethodCall(call) => Some(call.receiver),
            _ => None,
        };
        let is_own = analysis.callee(call).is_some_and(|callee| self.program.is_user(callee));
        let lent = |arg: &&ExprId| match analysis.types.ty(**arg) {
            Ty::Ref(true, inner) => !self.is_a_name(inner),
            ty => is_own && !self.is_a_name(ty.peel_refs()),
        };
        receiver.is_some_and(leads) || analysis.args(call).iter().filter(lent).any(|arg| leads(*arg))
    }

    /// Whether a function is given bytes in memory where others give it a file: `decode(&buffer[start..])`.
    fn reads_memory(&self, held: &Held) -> bool {
        let (body, call) = held.reached.act.site(self);
        let inner = self.analysis(body);
        let Some(receiver) = inner.receiver(self.program, call) else { return false };
        if self.is_a_name(inner.types.ty(receiver).peel_refs()) {
            return true;
        }
        let (Expr::Local(local), Some(step)) = (inner.expr(inner.peel(receiver)), held.reached.chain.last()) else {
            return false;
        };
        let outer = self.analysis(step.body);
        let given = self.operand_of(outer, step.call, inner, *local).filter(|_| inner.body.owner == step.function);
        given.is_some_and(|given| self.is_a_name(outer.types.ty(given).peel_refs()))
    }

    /// Numbers, text and bytes: a name of what is waited for, not the thing itself.
    fn is_a_name(&self, ty: &Ty) -> bool {
        let lang = &self.program.lang;
        match ty {
            Ty::Prim(_) | Ty::Slice(_) | Ty::Array(_) => true,
            Ty::Adt(def, _) => [lang.string, lang.vec].contains(&Some(*def)),
            _ => false,
        }
    }

    /// Whether the lock of a guard holds up the thread that waits for it, rather than a task.
    pub fn blocks_thread(&self, guard: &Guard) -> bool {
        let ty = self.analysis(guard.body).types.ty(guard.start);
        matches!(guard.kind, LockKind::Plain | LockKind::Reentrant) && !guard.is_async && !ty.is_unknown()
    }
}
