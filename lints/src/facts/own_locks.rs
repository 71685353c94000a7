//! Locks, semaphores and counts of the crate's own, which one method takes and another gives back.

use super::context::{Analysis, Context};
use super::effects::word;
use super::flag_reads::FlagReads;
use super::place::Place;
use super::takings::{End, HoldKind};
use super::writes::{State, WriteKind};
use crate::model::DefId;
use crate::model::flow::FlowRoot;
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId};
use rustc_hash::FxHashMap;

/// Longer functions do more than take a lock.
const MAX_EXPRS: usize = 60;
/// The same for a function that only counts.
const MAX_COUNTING: usize = 25;

/// What functions of the crate's own do to a lock of `self`.
#[derive(Default)]
pub(super) struct OwnLocks {
    pub(super) takes: FxHashMap<DefId, (Place, HoldKind)>,
    pub(super) gives: FxHashMap<DefId, (Place, HoldKind)>,
}

impl Context<'_> {
    /// The crate's own `lock(&self)` and `unlock(&self)`: a function that takes a raw lock, sets a flag by compare and exchange
    /// or raises a count, and does not give it back, and one that gives it back and does not take it. Also `acquire` and
    /// `release`: one waits on a condvar and counts down, the other counts up.
    pub(super) fn own_locks(&self, names: &[Name]) -> OwnLocks {
        let mut own = OwnLocks::default();
        let none = OwnLocks::default();
        let wide: Vec<Name> = names.iter().copied().chain(self.taking_names()).collect();
        let mut candidates: Vec<_> = self.heads_with(&wide, false).map(|body| body.id).collect();
        candidates.extend(self.guards().bodies());
        candidates.sort_unstable();
        candidates.dedup();
        for id in candidates {
            let body = self.program.body(id);
            if body.ir.exprs.len() >= MAX_EXPRS || body.ir.self_local.is_none() || self.is_drop(body.owner) {
                continue;
            }
            let ret = self.program.signature(body.owner).map(|signature| &signature.ret);
            if !ret.is_some_and(|ret| ret.is_unit() || ret.is_scalar()) {
                continue;
            }
            let analysis = self.analysis(id);
            if let Some((is_taking, place)) = self.semaphore_end(analysis) {
                let ends = if is_taking { &mut own.takes } else { &mut own.gives };
                ends.insert(body.owner, (place, HoldKind::Own));
                continue;
            }
            let mut ends = self.ends_of(analysis, FlowRoot::Body, &none);
            ends.takes.retain(|end| end.value.is_none());
            ends.gives.retain(|end| end.value.is_none());
            let only_counts = body.ir.exprs.len() < MAX_COUNTING;
            let exclusive = |taking: &&End| match taking.kind {
                HoldKind::Raw => true,
                HoldKind::Flag => taking.under.is_none() && self.is_exclusive(analysis, taking.expr),
                HoldKind::Count => only_counts,
                _ => false,
            };
            match (ends.takes.iter().find(exclusive), ends.gives.first()) {
                (Some(taking), None) => drop(own.takes.insert(body.owner, (taking.place, own_kind(taking)))),
                (None, Some(giving)) if ends.takes.is_empty() => {
                    own.gives.insert(body.owner, (giving.place, own_kind(giving)));
                }
                _ => {}
            }
        }
        self.keep_pairs(&mut own);
        own
    }

    /// Whether setting a flag tells whether it was set before: `while locked.swap(true, ..) {}`.
    fn is_exclusive(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        self.is_exchange(analysis, call) || self.result_is_used(analysis, call)
    }

    /// Keeps what one function takes and another gives back; of counts those that somebody reads.
    fn keep_pairs(&self, own: &mut OwnLocks) {
        let mut both: Vec<(Place, HoldKind)> = own.takes.values().copied().collect();
        both.sort_unstable();
        both.dedup();
        both.retain(|(place, kind)| {
            matches!(place, Place::Field(_) | Place::Static(_))
                && own.gives.values().any(|(other, _)| other == place)
                && (*kind != HoldKind::Count || FlagReads::of(self, *place).is_any())
        });
        let is_kept = |place: Place| both.iter().any(|(kept, _)| *kept == place);
        own.takes.retain(|_, (place, _)| is_kept(*place));
        own.gives.retain(|_, (place, _)| is_kept(*place));
    }

    /// What a function does to a count behind a lock: counts down when there is something, which it waits for (true), or counts
    /// up again.
    fn semaphore_end(&self, analysis: &Analysis<'_>) -> Option<(bool, Place)> {
        let waits = (0..analysis.body.ir.exprs.len() as u32)
            .map(ExprId)
            .any(|expr| analysis.callee(expr).is_some_and(|callee| self.effects(callee).has(word::WAITS)));
        self.guards().of(analysis.body.id).iter().find_map(|guard| {
            let writes = self.writes(analysis, &State::of_guard(guard));
            let [only] = &*writes else { return None };
            let (is_up, _) = self.count_step(analysis, only).filter(|_| only.kind == WriteKind::Count)?;
            let Expr::Assign { target, .. } = analysis.expr(only.expr) else { return None };
            let place = match analysis.types.fields.get(target) {
                Some((field, _)) => Place::Field(*field),
                None => guard.place?,
            };
            (is_up != waits).then_some((waits, place))
        })
    }
}

/// A count stays a count behind a method; anything else is a lock.
fn own_kind(end: &End) -> HoldKind {
    match end.kind {
        HoldKind::Count => HoldKind::Count,
        _ => HoldKind::Own,
    }
}
