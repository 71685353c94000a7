//! What is taken by hand and what is given back: raw locks, forgotten guards and permits, file locks, flags and counts, atomic
//! or behind a lock, and pairs of methods of the crate's own.

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::flag_reads::FlagReads;
use super::origins::mentions;
use super::own_locks::OwnLocks;
use super::place::Place;
use crate::model::flow::FlowRoot;
use crate::model::{DefId, Parent, Ty, ValueRef};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, Literal};

/// How many calls lie between a permit and where it was got.
const STEPS: usize = 8;

/// What is held.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HoldKind {
    /// A raw lock, or the lock of a file.
    Raw,
    /// A lock whose guard was forgotten.
    Forgotten,
    /// A permit that was forgotten.
    Permit,
    /// A flag that is set while something is in progress.
    Flag,
    /// A count that is raised while something is in progress.
    Count,
    /// A lock of the crate's own, taken and given back by methods.
    Own,
    /// An entry that says that something is in progress: a key in a set behind a lock.
    Entry,
}

/// One end of a hold: where it is taken, or given back.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The call or assignment from which on it is held, or not.
    pub(super) expr: ExprId,
    /// The call that stands for it in a report.
    pub(super) site: ExprId,
    pub(super) kind: HoldKind,
    pub(super) place: Place,
    /// The object that a method of the crate's own is called on.
    pub(super) on: Option<Place>,
    /// The guard, by index among those of the body, through which a plain flag is set.
    pub(super) under: Option<usize>,
    /// What it was before and has to be again, of a state that is no `bool`; the key of an entry.
    pub(super) value: Option<Name>,
}

impl End {
    pub(super) fn new(expr: ExprId, kind: HoldKind, place: Place) -> End {
        End { expr, site: expr, kind, place, on: None, under: None, value: None }
    }

    /// Whether two ends are of one object, as far as can be seen.
    pub(super) fn fits(&self, other: &End) -> bool {
        let same_object = match (self.on, other.on) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        // A guard that was forgotten is given back as a raw lock.
        let by_hand = |kind: HoldKind| match kind {
            HoldKind::Forgotten | HoldKind::Permit => HoldKind::Raw,
            kind => kind,
        };
        let same_kind = by_hand(self.kind) == by_hand(other.kind);
        let same = self.place == other.place && self.value == other.value && same_kind;
        same && self.expr != other.expr && same_object
    }
}

/// What a flow takes, and what it gives back.
#[derive(Default)]
pub(super) struct Ends {
    pub(super) takes: Vec<End>,
    pub(super) gives: Vec<End>,
}

impl Ends {
    pub(super) fn add(&mut self, is_taking: bool, end: End) {
        if is_taking { self.takes.push(end) } else { self.gives.push(end) }
    }
}

impl Context<'_> {
    /// The names of what gives something back.
    pub(super) fn release_names(&self) -> Vec<Name> {
        let gives = |effects: Effects<'_>| {
            [word::RELEASES, word::FLAG_STORE, word::LOCK_BY_OP].iter().any(|word| effects.has(*word))
                || effects.with(word::COUNTS, "down")
        };
        self.library_names(gives)
    }

    /// The names of what takes a raw lock, exchanges a flag or raises a count.
    pub(super) fn taking_names(&self) -> Vec<Name> {
        let takes = |effects: Effects<'_>| {
            [word::FLAG_UPDATE, word::COUNTS].iter().any(|word| effects.has(*word))
                || effects.with(word::ACQUIRES, "raw")
        };
        self.library_names(takes)
    }

    pub(super) fn is_exchange(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::COMPARE_EXCHANGE))
    }

    /// What a flow takes and gives back by hand.
    pub(super) fn ends_of(&self, analysis: &Analysis<'_>, root: FlowRoot, own: &OwnLocks) -> Ends {
        let mut ends = Ends::default();
        for (expr, callee) in analysis.calls() {
            if self.flow_root(analysis.body.id, expr) != root {
                continue;
            }
            if self.program.is_user(callee) {
                self.own_end(analysis, expr, callee, own, &mut ends);
                continue;
            }
            let effects = self.effects(callee);
            if let Some((is_taking, kind)) = self.direction(analysis, expr, effects)
                && let Some(place) = self.held_place(analysis, expr, effects)
            {
                let value = self.state_value(analysis, expr, effects);
                ends.add(is_taking, End { value, ..End::new(expr, kind, place) });
            } else if effects.has(word::FORGETS)
                && let Some((site, place)) = self.forgotten_permit(analysis, expr)
            {
                ends.add(true, End { site, ..End::new(expr, HoldKind::Permit, place) });
            }
        }
        self.ends_by_guards(analysis, root, &mut ends);
        ends
    }

    fn own_end(&self, analysis: &Analysis<'_>, call: ExprId, callee: DefId, own: &OwnLocks, ends: &mut Ends) {
        let taken = own.takes.get(&callee).map(|end| (true, *end));
        if let Some((is_taking, (place, kind))) = taken.or_else(|| own.gives.get(&callee).map(|end| (false, *end))) {
            let on = analysis.receiver(self.program, call).and_then(|receiver| self.place(analysis, receiver));
            ends.add(is_taking, End { on, ..End::new(call, kind, place) });
        }
    }

    /// The permit that a call forgets: where it was got, and from what.
    fn forgotten_permit(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<(ExprId, Place)> {
        let mut at = match analysis.expr(call) {
            Expr::MethodCall(call) => call.receiver,
            _ => *analysis.args(call).first()?,
        };
        if !self.roles().says(analysis.types.ty(at), word::PERMIT) {
            return None;
        }
        for _ in 0..STEPS {
            at = match analysis.expr(analysis.peel(at)) {
                Expr::Local(local) => analysis.initializer(*local)?,
                Expr::Await(inner) | Expr::Try(inner) => *inner,
                Expr::MethodCall(method) => {
                    let effects = self.effects(analysis.callee(analysis.peel(at))?);
                    if effects.has(word::ACQUIRES) {
                        return Some((analysis.peel(at), self.lock_place(analysis, method.receiver)?));
                    }
                    method.receiver
                }
                _ => return None,
            };
        }
        None
    }

    /// Whether a call takes (true) or gives back, and what.
    pub(super) fn direction(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        effects: Effects<'_>,
    ) -> Option<(bool, HoldKind)> {
        if effects.with(word::ACQUIRES, "raw") {
            return Some((true, HoldKind::Raw));
        }
        if effects.has(word::RELEASES) {
            return Some((false, HoldKind::Raw));
        }
        if effects.has(word::LOCK_BY_OP) {
            return self.by_op(analysis, call, effects).map(|takes| (takes, HoldKind::Raw));
        }
        if effects.has(word::COUNTS) {
            return Some((effects.with(word::COUNTS, "up"), HoldKind::Count));
        }
        let args = analysis.args(call);
        let literal = |index: usize| match analysis.expr(*args.get(index)?) {
            Expr::Literal(Literal::Bool(value)) => Some(*value),
            _ => None,
        };
        if effects.has(word::COMPARE_EXCHANGE) {
            return Some((literal(1).unwrap_or(true), HoldKind::Flag));
        }
        if effects.has(word::FLAG_STORE) || effects.has(word::FLAG_UPDATE) {
            return Some((literal(0).unwrap_or(false), HoldKind::Flag));
        }
        None
    }

    /// The value of a state that is no `bool`: what a compare and exchange finds, what a store puts back.
    fn state_value(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<Name> {
        let is_flag =
            [word::COMPARE_EXCHANGE, word::FLAG_STORE, word::FLAG_UPDATE].iter().any(|word| effects.has(*word));
        let value = *analysis.args(call).first().filter(|_| is_flag && !effects.has(word::COUNTS))?;
        match analysis.expr(value) {
            Expr::Literal(Literal::Bool(_)) => None,
            _ => Some(Name::of(self.program.text(analysis.body.expr_loc(value)))),
        }
    }

    /// `flock(fd, LOCK_EX)`: whether the constants say to take.
    fn by_op(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<bool> {
        let index: usize = effects.get(word::LOCK_BY_OP)?.args.get(1)?.parse().ok()?;
        let op = *analysis.args(call).get(index)?;
        let says = |arg: &str| {
            mentions(analysis, op, &mut |part| match analysis.value(part) {
                Some(ValueRef::Const(def)) => self.effects(def).with(word::LOCK_OP, arg),
                _ => false,
            })
        };
        if says("release") {
            return Some(false);
        }
        (says("exclusive") || says("shared")).then_some(true)
    }

    /// The lock, flag or count that a call speaks of.
    pub(super) fn held_place(&self, analysis: &Analysis<'_>, call: ExprId, effects: Effects<'_>) -> Option<Place> {
        let words = [word::ACQUIRES, word::RELEASES].iter().filter_map(|word| effects.get(*word));
        let by_arg = words.flat_map(|effect| &effect.args).any(|arg| &**arg == "arg0") || effects.has(word::LOCK_BY_OP);
        let target = if by_arg { *analysis.args(call).first()? } else { analysis.receiver(self.program, call)? };
        // `file.as_raw_fd()`, `self.lock.get()`
        let mut at = analysis.peel(target);
        for _ in 0..4 {
            if let Some(place) = self.place(analysis, at) {
                return Some(place);
            }
            at = match analysis.expr(at) {
                Expr::MethodCall(call) if call.args.is_empty() => analysis.peel(call.receiver),
                Expr::Cast { expr, .. } => analysis.peel(*expr),
                _ => return None,
            };
        }
        None
    }

    /// Whether holding it keeps somebody out: a lock always; a flag that is tested, a count that is read. Not a flag that
    /// tells a loop to end: it is meant to stay.
    pub(super) fn is_held_for_others(&self, analysis: &Analysis<'_>, taking: &End) -> bool {
        match taking.kind {
            HoldKind::Raw | HoldKind::Forgotten | HoldKind::Permit | HoldKind::Own => {
                !self.is_own_file(analysis, taking.place)
            }
            HoldKind::Flag => {
                let reads = FlagReads::of(self, taking.place);
                let is_tested = self.result_is_used(analysis, taking.expr) || reads.is_any();
                is_tested && !reads.end_loops()
            }
            HoldKind::Entry => true,
            HoldKind::Count => self.result_is_used(analysis, taking.expr) || FlagReads::of(self, taking.place).is_any(),
        }
    }

    /// Whether the place is a file that is closed when the function ends.
    fn is_own_file(&self, analysis: &Analysis<'_>, place: Place) -> bool {
        let Place::Local(body, local) = place else { return false };
        if body != analysis.body.id {
            return false;
        }
        let ty = analysis.types.local(local);
        !matches!(ty, Ty::Ref(..) | Ty::Ptr(..) | Ty::Prim(_) | Ty::Unknown)
    }

    pub(super) fn result_is_used(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let is_call = matches!(analysis.expr(call), Expr::Call { .. } | Expr::MethodCall(_));
        let unit = analysis.types.ty(call).is_unit();
        is_call && !unit && !matches!(analysis.tree.parent(call), Parent::Stmt(..))
    }
}
