//! Where a thread is told to stop: a flag set, a message sent, the sender of its channel dropped, a waiter woken, on something
//! that the thread shares (see [`super::shares`]); in a function whose name says that it stops things, `Drop` above all.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use super::shares::{Shares, captured_locals};
use super::spawns::HandleSite;
use crate::model::{BodyId, DefId, Parent, ValueRef};
use crate::source::{Loc, Name};
use crate::syntax::ir::{Expr, ExprId, Pat, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// What a function is called that tells a thread to stop; a sender has other uses.
const STOPS: &[&str] = &["drop", "stop", "shut", "close", "exit", "quit", "cancel", "terminate", "finish"];

/// How many calls deep a signal is looked for in a helper.
const HELPERS: u32 = 2;

/// How many calls deep it is looked for what a thread waits on.
const CALLS: u32 = 3;

/// A place where a thread is told to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StopSignal {
    /// The body it stands in.
    pub body: BodyId,
    /// The call or assignment.
    pub at: ExprId,
    /// Its short span.
    pub loc: Loc,
    /// The signal itself, where the call is to a function that gives it.
    pub through: Option<Loc>,
}

impl Context<'_> {
    /// Where a thread is told to stop: in the function that starts it, after that, on something that it captures; or in
    /// `Drop` or another method of a type, on a field that the starting function fills with the other end.
    pub fn stop_signal(&self, site: HandleSite) -> Option<Loc> {
        let analysis = self.analysis(site.body);
        self.local_signal(analysis, site.call).or_else(|| {
            let starter = self.owner_of(analysis.body.owner);
            let mut signals = self.stop_signals(site, starter).into_iter();
            // A free function may start the thread for anybody.
            let about = |signal: &StopSignal| {
                starter.is_none_or(|adt| self.is_about(self.program.body(signal.body).owner, adt))
            };
            signals.find(about).map(|signal| signal.through.unwrap_or(signal.loc))
        })
    }

    /// Where the functions that stop things tell a thread to stop: `Drop` first, where every value ends, then the methods of
    /// `keeper`; at most one place of a function, the first.
    pub fn stop_signals(&self, site: HandleSite, keeper: Option<DefId>) -> Vec<StopSignal> {
        let shares = self.shares(site);
        let mut found: Vec<StopSignal> = Vec::new();
        let mut helpers: Vec<(DefId, Loc)> = Vec::new();
        for body in self.bodies_sharing(&shares).into_iter().filter(|body| *body != site.body) {
            let function = self.program.body(body).owner;
            let stops = self.stops_things(function);
            if !stops && !self.owner_of(function).is_some_and(|owner| shares.is_of(owner)) {
                continue;
            }
            let Some(signal) = self.first_signal(self.analysis(body), &shares) else { continue };
            helpers.push((function, signal.loc));
            if stops {
                found.push(signal);
            }
        }
        for _ in 0..HELPERS {
            if helpers.is_empty() {
                break;
            }
            let through = self.signals_through(&helpers, &found, site.body);
            helpers = through
                .iter()
                .map(|signal| (self.program.body(signal.body).owner, signal.through.unwrap_or(signal.loc)))
                .collect();
            found.extend(through.into_iter().filter(|signal| self.stops_things(self.program.body(signal.body).owner)));
        }
        // The signal itself tells more than a call of the method that gives it.
        let own = found.iter().filter(|signal| self.owner_of(self.program.body(signal.body).owner) == keeper);
        let given: Vec<Loc> = own.filter(|signal| signal.through.is_none()).map(|signal| signal.loc).collect();
        found.retain(|signal| signal.through.is_none_or(|through| !given.contains(&through)));
        let rank = |signal: &StopSignal| {
            let function = self.program.body(signal.body).owner;
            let owner = self.owner_of(function);
            let is_drop = owner.and_then(|adt| self.program.drop_function(adt)) == Some(function);
            (keeper.is_some() && owner != keeper, !is_drop, signal.body)
        };
        found.sort_by_key(rank);
        found
    }

    /// The first signal to a thread in one body, if there is one.
    pub fn signal_in(&self, body: BodyId, site: HandleSite) -> Option<StopSignal> {
        let shares = self.shares(site);
        let analysis = self.analysis(body);
        if let Some(signal) = self.first_signal(analysis, &shares) {
            return Some(signal);
        }
        let calls = (0..analysis.body.ir.exprs.len() as u32).map(ExprId);
        calls.filter(|call| !self.is_on_thread(analysis, *call)).find_map(|call| {
            let callee = analysis.callee(call).filter(|callee| self.program.is_user(*callee))?;
            let inner = self.analysis(self.program.body_of(callee).filter(|inner| *inner != body)?);
            let through = self.first_signal(inner, &shares)?.loc;
            Some(StopSignal { body, at: call, loc: analysis.call_loc(call), through: Some(through) })
        })
    }

    /// The functions that stop things and have another crate's object do so which the thread shares: `self.server.stop()`.
    // grin's `Server::stop` says there why it does not wait for the thread that runs `p2p::Server::listen`.
    pub(super) fn stopped_elsewhere(&self, site: HandleSite) -> Vec<BodyId> {
        let shares = self.shares(site);
        let is_shared = |place: Place| matches!(place, Place::Field(field) if shares.state.contains(&field));
        let mut bodies = self.bodies_sharing(&shares);
        bodies.retain(|body| {
            let analysis = self.analysis(*body);
            let stops = |at: ExprId| {
                let Expr::MethodCall(call) = analysis.expr(at) else { return false };
                let is_ours = analysis.callee(at).is_some_and(|callee| self.program.is_user(callee));
                let name = self.program.name_text(analysis.body.owner, call.method);
                !is_ours
                    && STOPS.iter().any(|verb| name.contains(verb))
                    && self.trail(analysis, call.receiver).into_iter().any(is_shared)
            };
            *body != site.body
                && self.stops_things(analysis.body.owner)
                && (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(stops)
        });
        bodies
    }

    /// Whether a function's name says that it stops things.
    pub fn stops_things(&self, function: DefId) -> bool {
        let name = self.program.name(function);
        STOPS.iter().any(|verb| name.contains(verb))
    }

    /// The calls of functions that give a signal, in functions that stop things or are methods of the same type.
    fn signals_through(&self, helpers: &[(DefId, Loc)], known: &[StopSignal], starts: BodyId) -> Vec<StopSignal> {
        let mut through: Vec<StopSignal> = Vec::new();
        for (helper, loc) in helpers {
            let name = self.program.item(*helper).name;
            let mut calls = self.stop_calls(name).get(helper).cloned().unwrap_or_default();
            let blocks = self.owner_of(*helper).map_or(&[][..], |owner| self.program.impls_of(owner));
            for function in blocks.iter().flat_map(|block| self.functions_of(*block)) {
                let body = self.program.body_of(function).map(|body| self.program.body(body));
                if let Some(body) = body.filter(|body| body.mentions(name) && !self.stops_things(function)) {
                    calls.extend(
                        self.analysis(body.id)
                            .calls()
                            .filter(|(_, callee)| callee == helper)
                            .map(|(at, _)| (body.id, at)),
                    );
                }
            }
            for (body, at) in calls {
                let analysis = self.analysis(body);
                let is_new = body != starts
                    && analysis.body.owner != *helper
                    && !known.iter().chain(&through).any(|known| known.body == body);
                if is_new && self.program.is_analysed(analysis.body.owner) && !self.is_on_thread(analysis, at) {
                    through.push(StopSignal { body, at, loc: analysis.call_loc(at), through: Some(*loc) });
                }
            }
        }
        through
    }

    /// The calls of the user's functions of a name in functions that stop things, by function.
    fn stop_calls(&self, name: Name) -> Arc<StopCalls> {
        if let Ok(known) = self.known_stop_calls.lock()
            && let Some(calls) = known.get(&name)
        {
            return calls.clone();
        }
        let mut calls = StopCalls::default();
        for body in self.bodies_mentioning(&[name]).filter(|body| self.stops_things(body.owner)) {
            for (at, callee) in self.analysis(body.id).calls() {
                if self.program.is_user(callee) && self.program.item(callee).name == name {
                    calls.entry(callee).or_default().push((body.id, at));
                }
            }
        }
        let calls = Arc::new(calls);
        if let Ok(mut known) = self.known_stop_calls.lock() {
            known.insert(name, calls.clone());
        }
        calls
    }

    /// Every signal to a thread in one body.
    fn all_signals<'n>(&'n self, analysis: &'n Analysis<'_>, shares: &'n Shares) -> impl Iterator<Item = ExprId> + 'n {
        let calls = (0..analysis.body.ir.exprs.len() as u32).map(ExprId);
        calls.filter(|at| self.signals(analysis, *at, shares) && !self.is_on_thread(analysis, *at))
    }

    /// Where the last signal to a thread in one body ends.
    pub fn signals_end(&self, signal: &StopSignal, site: HandleSite) -> ExprId {
        let analysis = self.analysis(signal.body);
        let shares = self.shares(site);
        let last = self.all_signals(analysis, &shares).max_by_key(|at| analysis.body.expr(*at).span.end);
        last.filter(|last| analysis.body.expr(*last).span.end > analysis.body.expr(signal.at).span.end)
            .unwrap_or(signal.at)
    }

    /// The first place of a body where a thread is told to stop.
    fn first_signal(&self, analysis: &Analysis<'_>, shares: &Shares) -> Option<StopSignal> {
        let at = self.all_signals(analysis, shares).min_by_key(|at| analysis.call_span(*at).start)?;
        let loc = match analysis.expr(at) {
            Expr::Assign { target, .. } => analysis.body.expr_loc(*target),
            _ => analysis.call_loc(at),
        };
        Some(StopSignal { body: analysis.body.id, at, loc, through: None })
    }

    /// Whether code runs on a thread that its function starts.
    fn is_on_thread(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        self.spawns_in(analysis.body.id).any(|spawn| spawn.call != expr && analysis.tree.is_inside(expr, spawn.call))
    }

    fn signals(&self, analysis: &Analysis<'_>, at: ExprId, shares: &Shares) -> bool {
        match analysis.expr(at) {
            Expr::Assign { target, value, compound: false } => self.assigns_signal(analysis, *target, *value, shares),
            Expr::MethodCall(_) | Expr::Call { .. } => {
                analysis.callee(at).is_some_and(|callee| self.call_signals(analysis, at, callee, shares))
            }
            _ => false,
        }
    }

    /// `self.sender = None;`, `self.shared.state.lock().stopping = true;`
    fn assigns_signal(&self, analysis: &Analysis<'_>, target: ExprId, value: ExprId, shares: &Shares) -> bool {
        let trail = self.trail(analysis, target);
        if trail.first().is_some_and(|place| shares.receives_from(*place)) {
            // zookeeper's `PathChildrenCache::start` puts a new sender there.
            let none = match analysis.value(value) {
                Some(ValueRef::Constructor(adt, _)) => Some(adt) == self.program.lang.option,
                _ => false,
            };
            return none && matches!(analysis.expr(value), Expr::Path(_));
        }
        let constant = matches!(analysis.expr(value), Expr::Literal(_) | Expr::Path(_));
        constant && self.is_locked(analysis, target) && trail.iter().any(|place| shares.sees(*place))
    }

    /// Whether a place is reached through a lock: it is shared, and changes for all.
    fn is_locked(&self, analysis: &Analysis<'_>, place: ExprId) -> bool {
        let mut at = place;
        loop {
            if self.roles().is_guard(analysis.types.ty(at).peel_refs()) {
                return true;
            }
            at = match analysis.expr(at) {
                Expr::Field { base, .. } | Expr::Index { base, .. } => *base,
                Expr::Deref(inner) | Expr::Ref { expr: inner, .. } => *inner,
                Expr::MethodCall(call) => call.receiver,
                _ => return false,
            };
        }
    }

    fn call_signals(&self, analysis: &Analysis<'_>, at: ExprId, callee: DefId, shares: &Shares) -> bool {
        let effects = self.effects(callee);
        let on = || {
            let object = analysis.receiver(self.program, at).or_else(|| analysis.args(at).first().copied());
            object.map_or(Vec::new(), |object| self.trail(analysis, object))
        };
        if effects.has(word::NOTIFIES) {
            return on().into_iter().any(|place| shares.sees(place) && self.may_wait_on(place, shares));
        }
        let sets = [word::FLAG_STORE, word::FLAG_CANCEL, word::FLAG_UPDATE, word::WAKES];
        if sets.iter().any(|word| effects.has(*word)) && !effects.has(word::COUNTS) {
            return on().iter().any(|place| shares.sees(*place));
        }
        if effects.has(word::SENDS) {
            return on().into_iter().any(|place| match place {
                Place::Field(sender) => {
                    shares.receives_from(place) && !self.goes_on_after(analysis, at, sender, shares)
                }
                _ => false,
            });
        }
        // `drop(self.sender.take());`, `self.sender.take();`
        let lets_go = effects.has(word::DROPS) || (effects.has(word::TAKES) && is_discarded(analysis, at));
        // `drop(guard)` leaves what is behind the lock where it is.
        let gone = analysis.args(at).first().copied().filter(|_| effects.has(word::DROPS));
        let is_guard = gone.is_some_and(|gone| self.roles().carries_guard(analysis.types.ty(gone)));
        lets_go && !is_guard && on().iter().any(|place| shares.receives_from(*place))
    }

    /// Whether a thread may wait on a condition variable, itself or in what it calls.
    // threadpool's workers notify `empty_condvar` for those who wait for the pool, as its sentinel does in its `Drop`.
    fn may_wait_on(&self, condvar: Place, shares: &Shares) -> bool {
        let code = shares.thread.and_then(|(body, call)| self.spawns().at(body, call)?.entry.code(self));
        let Some((own, root)) = code else { return true };
        let mut called = FxHashSet::default();
        self.collect_called(own, root, CALLS, &mut called);
        let waits = |analysis: &Analysis<'_>, call: ExprId| {
            let waits = analysis.callee(call).is_some_and(|callee| self.effects(callee).has(word::WAITS));
            let object = || {
                let object = analysis.receiver(self.program, call).or_else(|| analysis.args(call).first().copied());
                object.map_or(Vec::new(), |object| self.trail(analysis, object))
            };
            waits && {
                let trail = object();
                trail.contains(&condvar) || !trail.iter().any(|place| matches!(place, Place::Field(_)))
            }
        };
        let analysis = self.analysis(own);
        analysis.parts(root).any(|part| waits(analysis, part))
            || called.into_iter().any(|body| {
                let analysis = self.analysis(body);
                analysis.calls().any(|(call, _)| waits(analysis, call))
            })
    }

    /// In the function that starts the thread: a flag that the thread captures is set, after it has started.
    fn local_signal(&self, analysis: &Analysis<'_>, spawn: ExprId) -> Option<Loc> {
        let captured: Vec<Place> = captured_locals(analysis, spawn)
            .into_iter()
            .filter(|local| self.roles().says(&self.roles().pointee(analysis.types.local(*local)), word::FLAG))
            .filter_map(|local| analysis.tree.uses(local).first().and_then(|used| self.place(analysis, *used)))
            .collect();
        let after = analysis.body.expr(spawn).span.end;
        let home = analysis.tree.enclosing_closure(analysis.body, spawn);
        let call = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).find(|call| {
            analysis.body.expr(*call).span.start > after
                && self.sets_flag(analysis, *call)
                && analysis.tree.enclosing_closure(analysis.body, *call) == home
                && analysis
                    .receiver(self.program, *call)
                    .and_then(|receiver| self.place(analysis, receiver))
                    .is_some_and(|place| captured.contains(&place))
        })?;
        Some(analysis.call_loc(call))
    }

    fn sets_flag(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.callee(call).is_some_and(|callee| {
            let effects = self.effects(callee);
            [word::SENDS, word::FLAG_STORE, word::FLAG_CANCEL, word::NOTIFIES, word::WAKES]
                .iter()
                .any(|word| effects.has(*word))
        })
    }
}

type StopCalls = FxHashMap<DefId, Vec<(BodyId, ExprId)>>;

/// What is known of [`Context::stop_calls`], by name.
pub(super) type KnownStopCalls = std::sync::Mutex<FxHashMap<Name, Arc<StopCalls>>>;

/// Whether a call's value is let go of at once: `call;`, `let _ = call;`.
fn is_discarded(analysis: &Analysis<'_>, call: ExprId) -> bool {
    match analysis.tree.parent(call) {
        Parent::Stmt(..) => true,
        Parent::LetInit(block, index) => match analysis.expr(block) {
            Expr::Block(data) => match data.stmts.get(index as usize) {
                Some(Stmt::Let { pat, .. }) => matches!(analysis.body.pat(*pat).kind, Pat::Wild),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
