//! Threads whose handle is kept until they are told to stop, and then let go of.

use super::context::{Analysis, Context};
use super::effects::word;
use super::fate::{Fate, FateEnd};
use super::handles::Loss;
use super::place::Place;
use super::spawns::HandleSite;
use super::stop_signals::StopSignal;
use crate::model::{DefId, FieldRef, Ty};
use crate::source::Loc;
use crate::syntax::ir::{Expr, ItemKind, LocalId, LoopKind};

/// A thread that is told to stop, with nobody waiting until it has.
#[derive(Clone, Debug)]
pub struct AbandonedThread {
    /// Where its handle is got.
    pub site: HandleSite,
    /// The field or static that keeps the handle.
    pub kept: Place,
    /// Where it is told to stop.
    pub signal: StopSignal,
    /// Where the function that tells it lets go of the handle, other than by dropping its keeper.
    pub dropped: Option<Loc>,
}

impl Context<'_> {
    /// The statics that handles are put in, with the sites whose handle it is, in order.
    pub fn static_handles(&self) -> Vec<(Place, HandleSite)> {
        let mut stored: Vec<(Place, HandleSite)> = Vec::new();
        for site in &self.spawns().handles {
            for end in &self.fate(site.body, site.call).ends {
                if let FateEnd::StoredStatic(def, _) = end
                    && self.is_plain_static(*def)
                {
                    stored.push((Place::Static(*def), *site));
                }
            }
        }
        stored.sort_by_key(|(place, site)| (*place, site.body, site.call));
        stored.dedup_by_key(|(place, site)| (*place, site.body, site.call));
        stored
    }

    /// Whether a static holds a handle itself, rather than the value of a function that may hand it on.
    pub fn is_plain_static(&self, def: DefId) -> bool {
        matches!(self.program.item(def).kind, ItemKind::Static(_))
            && self.roles().holds_handle(&self.program.value_type(def))
    }

    /// What becomes of the handles in a field or static.
    pub fn kept_fate(&self, kept: Place) -> Fate {
        match kept {
            Place::Field(field) => self.full_fate(&self.field_fate(field)),
            Place::Static(def) => self.static_fate(def),
            Place::Local(..) => Fate::default(),
        }
    }

    /// Whether a field may keep handles that the crate itself has to join: it is declared with them, not `pub` to users,
    /// and no comment owns up to not joining what it holds.
    pub fn has_to_join(&self, field: FieldRef) -> bool {
        // What a generic type holds is its user's affair.
        let declares = self.field_type(field).is_some_and(|ty| self.roles().carries_handle(ty));
        declares && !self.is_open_field(field) && self.program.is_analysed(field.adt) && !self.field_owned_up(field)
    }

    /// Whether the end of a thread whose handle is kept is awaited otherwise, or a comment owns up to not waiting for it.
    pub fn kept_on_purpose(&self, site: HandleSite) -> bool {
        let said = |site: HandleSite| {
            self.kept_owned_up(self.analysis(site.body), site.call).is_some()
                || self.kept_completion(site.body, site.call).is_some()
        };
        let behind = self.spawns().behind(site).map(|spawn| HandleSite { body: spawn.body, call: spawn.call, ..site });
        said(site) || self.stop_owned_up(site).is_some() || behind.is_some_and(said)
    }

    /// The locals that a thread's closure takes along for itself: not references, shared pointers, flags, numbers or senders.
    pub fn owned_by_thread(&self, site: HandleSite) -> Vec<LocalId> {
        let analysis = self.analysis(site.body);
        let mut owned = super::shares::captured_locals(analysis, site.call);
        owned.retain(|local| {
            let ty = analysis.types.local(*local);
            let shared = [word::STRONG, word::WEAK, word::FLAG, word::SENDER, word::LOCK];
            ty.adt().is_some() && !shared.iter().any(|word| self.roles().says(ty, *word))
        });
        owned.sort_unstable();
        owned.dedup();
        owned
    }

    /// The threads that are told to stop and then abandoned, one for each field or static.
    pub fn abandoned_threads(&self) -> Vec<AbandonedThread> {
        let mut kept: Vec<(Place, HandleSite)> = Vec::new();
        for (field, site) in self.stored_handles() {
            kept.push((Place::Field(field), site));
        }
        kept.extend(self.static_handles());
        let mut found = Vec::new();
        for group in kept.chunk_by(|(left, _), (right, _)| left == right) {
            let Some((place, _)) = group.first().copied() else { continue };
            if matches!(place, Place::Field(field) if !self.has_to_join(field)) {
                continue;
            }
            let fate = self.kept_fate(place);
            found.extend(group.iter().find_map(|(_, site)| self.abandoned(place, *site, &fate)));
        }
        found
    }

    fn abandoned(&self, kept: Place, site: HandleSite, fate: &Fate) -> Option<AbandonedThread> {
        let found = self.dropped_after_signal(kept, site, fate).or_else(|| self.never_joined(kept, site, fate))?;
        (!self.kept_on_purpose(site) && !self.polled_to_the_end(fate)).then_some(found)
    }

    /// Whether somebody asks a handle again and again until its thread is finished: `while !self.worker.is_finished() { .. }`.
    pub fn polled_to_the_end(&self, fate: &Fate) -> bool {
        let observed = fate.ends.iter().filter_map(|end| match end {
            FateEnd::Observed(loc) => self.call_at(*loc),
            _ => None,
        });
        observed.into_iter().any(|(body, call)| {
            let analysis = self.analysis(body);
            let asks = *analysis.types.ty(call) == Ty::BOOL;
            asks && analysis.tree.ancestors(call).any(|up| match analysis.expr(up) {
                Expr::Loop(data) => match data.kind {
                    LoopKind::While(cond) => {
                        analysis.tree.is_inside(call, cond) && self.only_waits(analysis, data.body)
                    }
                    _ => false,
                },
                _ => false,
            })
        })
    }

    /// The function that tells the thread to stop takes its handle out and drops it, or puts another one there.
    fn dropped_after_signal(&self, kept: Place, site: HandleSite, fate: &Fate) -> Option<AbandonedThread> {
        self.handles_lost_from(fate).into_iter().find_map(|lost| {
            let body = self.body_at(lost.loc)?;
            let signal = self.signal_in(body.id, site)?;
            if lost.how == Loss::Replaced && !self.replaces_running(kept, lost.loc, &signal) {
                return None;
            }
            Some(AbandonedThread { site, kept, signal, dropped: Some(lost.loc) })
        })
    }

    /// Whether the thread behind a handle that is overwritten was told to stop just before, and its handle not looked at.
    fn replaces_running(&self, kept: Place, assigned: Loc, signal: &StopSignal) -> bool {
        let analysis = self.analysis(signal.body);
        let sends = analysis.callee(signal.at).is_some_and(|callee| self.effects(callee).has(word::SENDS));
        let mentions = |loc: Loc| loc != assigned && loc.span.start < assigned.span.start;
        let looked_at = analysis
            .types
            .fields
            .iter()
            .any(|(expr, (field, _))| Place::Field(*field) == kept && mentions(analysis.body.expr_loc(*expr)));
        signal.loc.span.start < assigned.span.start && !sends && !looked_at
    }

    /// Nothing joins the thread at all.
    fn never_joined(&self, kept: Place, site: HandleSite, fate: &Fate) -> Option<AbandonedThread> {
        let Place::Field(field) = kept else { return None };
        if fate.may_be_joined() || fate.detaches().next().is_some() {
            return None;
        }
        let signals = self.stop_signals(site, Some(field.adt));
        let signal = signals.into_iter().find(|signal| self.speaks_for(self.program.body(signal.body).owner, field))?;
        Some(AbandonedThread { site, kept, signal, dropped: None })
    }
}

impl Context<'_> {
    /// Whether a function stops the thread on behalf of the value that keeps its handle: a method of that type, of one that
    /// owns it, or of one that it owns.
    // scoped_threadpool's `Scope` borrows the pool: what its `Drop` sends is no stop.
    fn speaks_for(&self, function: DefId, field: FieldRef) -> bool {
        self.program.is_analysed(function) && self.is_about(function, field.adt)
    }

    /// Whether a function is a method of a type, of one that owns it, or of one that it owns.
    pub(super) fn is_about(&self, function: DefId, adt: DefId) -> bool {
        let owns = |outer: DefId, inner: DefId| {
            self.roles().owns(&self.program.identity(outer), &mut |ty| ty.adt() == Some(inner), true, 6)
        };
        self.owner_of(function).is_some_and(|owner| owner == adt || owns(owner, adt) || owns(adt, owner))
    }
}

impl Analysis<'_> {
    /// Whether the body binds a guard by a `let`: what is added at its end may run under a lock.
    pub fn binds_guard(&self, cx: &Context<'_>) -> bool {
        self.types.locals.iter().any(|ty| cx.roles().carries_guard(ty))
    }
}
