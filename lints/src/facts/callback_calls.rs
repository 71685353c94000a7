//! Foreign code that runs under a lock which it may want itself.
//!
//! Foreign is what other crates bring: functions and listeners that they register, and parameters of functions that they
//! call. It may want the lock where a function that they can call takes it. A helper that calls its parameter on what the
//! lock guards is made for that, and a callback that is itself what the lock guards cannot be called without it.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::{Guard, LockKind, Mode, Patience, param_index};
use super::held::Held;
use super::lock_roots::LockRoots;
use super::origins::{conditions, mentions, origin};
use super::reach::Act;
use super::writes::State;
use crate::model::{BodyId, Bound, DefId, Parent, PatParent, Ty};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, Visibility};
use rustc_hash::FxHashSet;

/// How many calls deep foreign code counts.
const MAX_CHAIN: usize = 1;
/// How many locals deep a value is followed back.
const ORIGINS: u32 = 5;
/// How many expressions deep a callback is followed back to the lock.
pub(super) const VALUES: u32 = 12;
/// How many functions deep a lock lies behind one that others can call.
const API_DEPTH: u32 = 3;

/// Foreign code under a guard.
#[derive(Clone, Copy, Debug)]
pub struct CallbackCall<'c> {
    /// The guard, and the call under it.
    pub held: &'c Held,
    /// The guard.
    pub guard: &'c Guard,
    /// The callbacks are kept behind this very lock.
    pub is_stored_inside: bool,
    /// Where else the lock is taken, on the way from a function that the callback can call.
    pub other: &'c Guard,
    /// That function.
    pub entry: DefId,
}

/// How often what is called can be called, and by whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callable {
    /// By anybody at once: an `Fn`, or a method.
    Shared,
    /// By one at a time: an `FnMut`.
    Mut,
    /// Once: an `FnOnce`.
    Once,
}

impl CallbackCall<'_> {
    /// How the callback can be called.
    pub fn kind(&self, cx: &Context<'_>) -> Callable {
        let (body, call) = self.held.reached.act.site(cx);
        let analysis = cx.analysis(body);
        let Expr::Call { callee, .. } = analysis.expr(call) else { return Callable::Shared };
        let (lang, mut kind) = (&cx.program.lang, Callable::Shared);
        analysis.types.ty(*callee).any(&mut |part| {
            if let Ty::Dyn(bounds) | Ty::Opaque(bounds) = part {
                let says = |wanted: Option<DefId>| bounds.iter().any(|bound| Some(bound.trait_def) == wanted);
                kind = match () {
                    () if says(lang.fn_once) => Callable::Once,
                    () if says(lang.fn_mut) => Callable::Mut,
                    () => return false,
                };
            }
            kind != Callable::Shared
        });
        kind
    }
}

impl Context<'_> {
    /// The calls of foreign code under a lock that it may want; the first for each guard.
    pub fn callback_calls(&self) -> Vec<CallbackCall<'_>> {
        let mut seen: FxHashSet<(BodyId, u32, BodyId)> = FxHashSet::default();
        let mut calls = Vec::new();
        for held in self.held() {
            let Act::Callback(body, call) = held.reached.act else { continue };
            if held.inside.is_some() || held.reached.chain.len() > MAX_CHAIN {
                continue;
            }
            if seen.contains(&(held.guard.0, held.guard.1, held.body)) {
                continue;
            }
            let Some(guard) = self.guard_at(held.guard.0, held.guard.1) else { continue };
            if !matches!(guard.kind, LockKind::Plain | LockKind::Sharded) || self.guards_nothing(guard) {
                continue;
            }
            let Some(is_stored_inside) = self.is_foreign_under(held, guard, body, call) else { continue };
            let bounds = self.bounds_of_called(self.analysis(body), call);
            if let Some((other, entry)) = self.wanted_by_others(guard, &bounds) {
                seen.insert((held.guard.0, held.guard.1, held.body));
                calls.push(CallbackCall { held, guard, is_stored_inside, other, entry });
            }
        }
        calls
    }

    /// Whether what is called is foreign; and if so, whether it is kept behind the lock itself.
    fn is_foreign_under(&self, held: &Held, guard: &Guard, body: BodyId, call: ExprId) -> Option<bool> {
        let analysis = self.analysis(body);
        let is_direct = held.reached.chain.is_empty() && held.through.is_none();
        let (called, is_told) = match analysis.expr(call) {
            Expr::Call { callee, .. } => (analysis.peel(*callee), false),
            Expr::MethodCall(method) if self.is_open_dispatch(analysis, call) => (analysis.peel(method.receiver), true),
            // A function of a library runs what the caller passes.
            Expr::MethodCall(_) => {
                let is_passed = is_direct && guard.mode == Mode::Exclusive && self.is_callable(analysis.body.owner);
                return is_passed.then_some(false);
            }
            _ => return None,
        };
        if let Expr::Local(local) = analysis.expr(called)
            && param_index(analysis, *local).is_some()
        {
            // Readers keep out those who write, which is mostly why they are there.
            let is_passed =
                !is_told && is_direct && guard.mode == Mode::Exclusive && self.is_callable(analysis.body.owner);
            return (is_passed && !self.is_ever_given_guarded(analysis, guard, *local)).then_some(false);
        }
        let is_inside = match (is_direct, held.through) {
            (true, _) => self.comes_out_of(analysis, &State::of_guard(guard), called, VALUES),
            (false, Some(_)) => self.is_made_of(analysis, &State::of_guard(guard), called, ORIGINS),
            (false, None) => {
                analysis.types.ty(call).is_unit()
                    && !self.lends_own_object(analysis, call)
                    && self.is_lent_to_callee(held, guard, analysis, called)
            }
        };
        if is_inside {
            let is_listener =
                !is_told || (self.is_one_of_round(analysis, called, ORIGINS) && !lends_mutably(analysis, call));
            return (is_listener && !self.guards_callback(guard) && self.is_brought(analysis, called)).then_some(true);
        }
        let is_listener = !is_told || self.is_one_of_round(analysis, called, ORIGINS);
        let is_beside = held.through.is_none()
            && is_listener
            && !lends_mutably(analysis, call)
            && self.is_kept_beside(held, guard, analysis, called, call);
        (is_beside && self.is_brought(analysis, called)).then_some(false)
    }

    /// Whether a function that is called under a guard is lent what the lock guards, and the callback is a part of that:
    /// `self.state.lock().tell_all()`.
    fn is_lent_to_callee(&self, held: &Held, guard: &Guard, inner: &Analysis<'_>, callback: ExprId) -> bool {
        let [step] = held.reached.chain.as_slice() else { return false };
        let outer = self.analysis(step.body);
        let lent = self
            .given_root(inner, callback, VALUES)
            .filter(|_| inner.body.owner == step.function)
            .and_then(|local| self.operand_of(outer, step.call, inner, local));
        lent.is_some_and(|lent| self.comes_out_of(outer, &State::of_guard(guard), lent, VALUES))
    }

    /// Whether a callback is shown an object that its caller was given: it need not lock for it.
    // indicatif's trackers are given the state of the bar that they belong to.
    fn lends_own_object(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.args(call).iter().any(|arg| {
            let ty = analysis.types.ty(*arg);
            let is_object =
                matches!(ty, Ty::Ref(..)) && ty.peel_refs().adt().is_some_and(|adt| self.program.is_user(adt));
            is_object && self.given_root(analysis, *arg, VALUES) == analysis.body.ir.self_local
        })
    }

    /// What a function was given that a value is a part of: `self` for each of `self.listeners`.
    fn given_root(&self, analysis: &Analysis<'_>, value: ExprId, depth: u32) -> Option<LocalId> {
        let depth = depth.checked_sub(1)?;
        match analysis.expr(analysis.peel(value)) {
            Expr::Local(local) if analysis.body.ir.self_local == Some(*local) => Some(*local),
            Expr::Local(local) if param_index(analysis, *local).is_some() => Some(*local),
            Expr::Local(local) => self.given_root(analysis, origin(analysis, *local)?, depth),
            Expr::Field { base, .. } | Expr::Index { base, .. } => self.given_root(analysis, *base, depth),
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) => {
                self.given_root(analysis, *inner, depth)
            }
            Expr::MethodCall(call) if analysis.callee(value).is_none_or(|callee| !self.program.is_user(callee)) => {
                self.given_root(analysis, call.receiver, depth)
            }
            _ => None,
        }
    }

    /// Whether a callback is a part of what a lock guards, or comes out of it: `listeners.iter().filter_map(Weak::upgrade)`.
    pub(super) fn comes_out_of(&self, analysis: &Analysis<'_>, state: &State, callback: ExprId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        if self.leads_into(analysis, state, callback).is_some() {
            return true;
        }
        let from = match analysis.expr(analysis.peel(callback)) {
            Expr::Local(local) => origin(analysis, *local),
            Expr::MethodCall(call) if analysis.callee(callback).is_none_or(|callee| !self.program.is_user(callee)) => {
                Some(call.receiver)
            }
            Expr::Ref { expr: inner, .. } | Expr::Deref(inner) | Expr::Try(inner) => Some(*inner),
            _ => None,
        };
        from.is_some_and(|from| self.comes_out_of(analysis, state, from, depth))
    }

    /// Whether a callback that gives nothing back is a field, or one of many in a field, of the object that the lock is a field
    /// of; it may be called by a function that the object's guard is held over.
    fn is_kept_beside(
        &self,
        held: &Held,
        guard: &Guard,
        analysis: &Analysis<'_>,
        called: ExprId,
        call: ExprId,
    ) -> bool {
        let path = self.lock_path(analysis, self.keeper_of(analysis, called, VALUES));
        let path = path.and_then(|path| match held.reached.chain.as_slice() {
            [] => Some(path),
            [step] => self.path_of_callee(self.analysis(step.body), step.call, step.function, &path),
            _ => None,
        });
        let (Some(lock), Some(path)) = (&guard.path, path) else { return false };
        let is_field = path.steps.len() == lock.steps.len() && !path.steps.is_empty();
        let kept = path.steps.len().saturating_sub(1);
        analysis.types.ty(call).is_unit()
            && is_field
            && lock.root == path.root
            && lock.steps.get(..kept) == path.steps.get(..kept)
    }

    /// What a callback is kept in: `self.listeners` for each of its elements.
    fn keeper_of(&self, analysis: &Analysis<'_>, callback: ExprId, depth: u32) -> ExprId {
        let Some(depth) = depth.checked_sub(1) else { return callback };
        let callback = analysis.peel(callback);
        let from = match analysis.expr(callback) {
            Expr::Local(local) if param_index(analysis, *local).is_none() => origin(analysis, *local),
            Expr::Index { base, .. } => Some(*base),
            Expr::MethodCall(call) if analysis.callee(callback).is_none_or(|callee| !self.program.is_user(callee)) => {
                Some(call.receiver)
            }
            _ => None,
        };
        from.map_or(callback, |from| self.keeper_of(analysis, from, depth))
    }

    /// Whether a parameter is called somewhere with what the lock guards, or what a closure around it was given.
    fn is_ever_given_guarded(&self, analysis: &Analysis<'_>, guard: &Guard, param: LocalId) -> bool {
        let state = State::of_guard(guard);
        let calls = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).filter(|call| match analysis.expr(*call) {
            Expr::Call { callee, .. } => {
                matches!(analysis.expr(analysis.peel(*callee)), Expr::Local(local) if *local == param)
            }
            _ => false,
        });
        calls.flat_map(|call| analysis.args(call).iter()).any(|arg| self.is_made_of(analysis, &state, *arg, ORIGINS))
    }

    /// Whether a value is made of what a lock guards, directly or through locals.
    fn is_made_of(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        mentions(analysis, expr, &mut |part| {
            if self.leads_into(analysis, state, part).is_some() || is_closure_param(analysis, part) {
                return true;
            }
            let Expr::Local(local) = analysis.expr(part) else { return false };
            let made_of = origin(analysis, *local);
            made_of.is_some_and(|made_of| self.is_made_of(analysis, state, made_of, depth))
        })
    }

    /// Whether the lock guards nothing but one callback.
    fn guards_callback(&self, guard: &Guard) -> bool {
        let ty = self.analysis(guard.body).types.ty(guard.start);
        let guards = self.roles().guards_in(ty);
        guards.iter().filter_map(|guard| guard.args().last()).any(|guarded| self.is_one_callback(guarded, 6))
    }

    fn is_one_callback(&self, ty: &Ty, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match ty {
            Ty::Dyn(_) | Ty::Fn(_) | Ty::Param(..) | Ty::Opaque(_) => true,
            Ty::Ref(_, inner) => self.is_one_callback(inner, depth),
            // opentelemetry's `ErrorHandler(Box<dyn Fn(Error)>)`.
            Ty::Adt(def, _) if self.program.is_user(*def) => {
                let fields = self.program.field_types(*def, 0);
                matches!(fields, [only] if self.roles().variant_count(*def) == 1 && self.is_one_callback(only, depth))
            }
            Ty::Adt(def, args) => {
                let lang = &self.program.lang;
                let is_pointer = [lang.option, lang.boxed].contains(&Some(*def)) || self.roles().says(ty, word::STRONG);
                is_pointer && args.first().is_some_and(|inner| self.is_one_callback(inner, depth))
            }
            _ => false,
        }
    }

    /// Another acquisition of the lock that waits for it, and the function that foreign code comes to it by: best the one that
    /// registers what is called, as a callback that registers another is what users write.
    fn wanted_by_others(&self, guard: &Guard, registered: &[Bound]) -> Option<(&Guard, DefId)> {
        let places = match guard.place? {
            // `start(&self.listeners)`: a parameter is what the callers pass.
            place @ super::Place::Local(..) => LockRoots::new(self).of(place),
            place => vec![place],
        };
        let is_open = |place: &super::Place| !matches!(place, super::Place::Local(..)) && places.contains(place);
        let is_alone = |guard: &Guard| guard.path.as_ref().is_some_and(|path| self.is_alone(path));
        if is_alone(guard) {
            return None;
        }
        let own = self.program.body(guard.body).owner;
        let others = self.guards().all().filter_map(|other| {
            let function = self.program.body(other.body).owner;
            let is_wanted = (other.body, other.call) != (guard.body, guard.call)
                && other.place.is_some_and(|place| is_open(&place))
                && other.patience != Patience::Bounded
                && (guard.mode != Mode::Shared || other.mode != Mode::Shared)
                && !self.is_drop(function)
                && !is_alone(other);
            let entry = is_wanted.then(|| self.entry_to(function, API_DEPTH))??;
            (!self.is_kept_out(guard, other)).then_some((other, entry))
        });
        others.min_by_key(|(other, entry)| {
            let registers = self.takes_such(*entry, registered);
            (!registers, *entry == own, other.mode == Mode::Shared, *entry != self.program.body(other.body).owner)
        })
    }

    /// Whether a flag that the holder sets keeps the other away: tauri's `emitting`.
    fn is_kept_out(&self, guard: &Guard, other: &Guard) -> bool {
        let flags = |body: BodyId, exprs: &mut dyn Iterator<Item = ExprId>, loads: bool| -> Vec<super::Place> {
            let analysis = self.analysis(body);
            let touches = |expr: &ExprId| {
                analysis.callee(*expr).is_some_and(|callee| {
                    let effects = self.effects(callee);
                    effects.has(word::FLAG_UPDATE)
                        || effects.has(if loads { word::FLAG_LOAD } else { word::FLAG_STORE })
                })
            };
            exprs
                .filter(touches)
                .filter_map(|expr| self.place(analysis, analysis.receiver(self.program, expr)?))
                .collect()
        };
        let tested = conditions(self.analysis(other.body), other.call);
        if tested.is_empty() {
            return false;
        }
        let analysis = self.analysis(other.body);
        let mut parts = Vec::new();
        for test in tested {
            mentions(analysis, test, &mut |part| {
                parts.push(part);
                false
            });
        }
        let asked = flags(other.body, &mut parts.into_iter(), true);
        let count = self.analysis(guard.body).body.ir.exprs.len() as u32;
        let set = flags(guard.body, &mut (0..count).map(ExprId), false);
        asked.iter().any(|flag| set.contains(flag))
    }

    /// Whether an object is one of many that a loop goes through, or that a library gives a closure.
    fn is_one_of_round(&self, analysis: &Analysis<'_>, object: ExprId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match analysis.expr(analysis.peel(object)) {
            Expr::Local(local) => {
                let Some(mut pat) = analysis.tree.binding(*local) else { return false };
                while let PatParent::Pat(outer) = analysis.tree.pat_parent(pat) {
                    pat = outer;
                }
                match analysis.tree.pat_parent(pat) {
                    PatParent::For(_) => true,
                    PatParent::ClosureParam(closure, _) => match analysis.tree.parent(closure) {
                        Parent::Arg(run, _) => analysis.callee(run).is_some_and(|callee| !self.program.is_user(callee)),
                        _ => false,
                    },
                    _ => origin(analysis, *local).is_some_and(|from| self.is_one_of_round(analysis, from, depth)),
                }
            }
            Expr::MethodCall(call) if analysis.callee(object).is_none_or(|callee| !self.program.is_user(callee)) => {
                self.is_one_of_round(analysis, call.receiver, depth)
            }
            Expr::Field { base, .. } => self.is_one_of_round(analysis, *base, depth),
            _ => false,
        }
    }

    /// Whether other crates can bring what is called: through a function of the API that takes such a thing, or a public
    /// field.
    fn is_brought(&self, analysis: &Analysis<'_>, called: ExprId) -> bool {
        if let Some((field, _)) = analysis.types.fields.get(&called)
            && self.field(*field).is_some_and(|data| data.vis == Visibility::Public)
            && self.is_exported(field.adt)
        {
            return true;
        }
        match self.roles().pointee(analysis.types.ty(called)) {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => {
                let wanted = self.telling(&bounds);
                self.program
                    .user_defs()
                    .any(|function| self.takes_such(function, &wanted) && self.is_callable(function))
            }
            Ty::Param(owner, _) => self.is_exported(owner),
            _ => false,
        }
    }

    /// The bounds that say what a callback is: `Send` and `'static` do not.
    fn telling(&self, bounds: &[Bound]) -> Vec<Bound> {
        let tells =
            |bound: &&Bound| self.program.lang.is_fn_trait(bound.trait_def) || self.program.is_user(bound.trait_def);
        bounds.iter().filter(tells).cloned().collect()
    }

    /// What is known of a callback that is called.
    fn bounds_of_called(&self, analysis: &Analysis<'_>, call: ExprId) -> Vec<Bound> {
        let called = match analysis.expr(call) {
            Expr::Call { callee, .. } => *callee,
            Expr::MethodCall(method) => method.receiver,
            _ => return Vec::new(),
        };
        match self.roles().pointee(analysis.types.ty(analysis.peel(called))) {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => self.telling(&bounds),
            _ => Vec::new(),
        }
    }

    /// Whether a function takes a callback of one of the bounds.
    fn takes_such(&self, function: DefId, wanted: &[Bound]) -> bool {
        let Some(signature) = self.program.signature(function).filter(|_| !wanted.is_empty()) else { return false };
        let own = self.program.own_bounds(function);
        let is_such = |bounds: &[Bound]| bounds.iter().any(|bound| wanted.iter().any(|own| may_be_one(own, bound)));
        signature.params.iter().any(|param| {
            param.any(&mut |part| match part {
                Ty::Dyn(bounds) | Ty::Opaque(bounds) => is_such(bounds),
                Ty::Param(..) => {
                    own.iter().any(|(subject, bound)| subject == part && is_such(std::slice::from_ref(bound)))
                }
                _ => false,
            })
        })
    }

    /// Whether a method call tells something to whatever implementation others have of a trait of the user's: a listener,
    /// which gives nothing back.
    pub(super) fn is_open_dispatch(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let Expr::MethodCall(method) = analysis.expr(call) else { return false };
        let Some(callee) = analysis.callee(call).filter(|callee| self.program.is_user(*callee)) else { return false };
        let Some(parent) = self.program.def(callee).parent else { return false };
        let item = self.program.item(parent);
        let is_open = matches!(item.kind, ItemKind::Trait(_))
            && item.vis == Visibility::Public
            && self.program.krate(parent).is_some_and(|krate| krate.is_public_api);
        let tells = self.program.signature(callee).is_some_and(|signature| signature.ret.is_unit());
        is_open && tells && matches!(self.roles().pointee(analysis.types.ty(method.receiver)), Ty::Dyn(_))
    }
}

/// Whether two bounds may speak of one callback: the same trait, and as far as known the same parameters.
fn may_be_one(kept: &Bound, taken: &Bound) -> bool {
    let params = |bound: &Bound| match bound.args.first() {
        Some(Ty::Tuple(params)) => Some(params.clone()),
        _ => None,
    };
    match (params(kept), params(taken)) {
        (Some(kept), Some(taken)) => {
            kept.len() == taken.len() && kept.iter().zip(taken.iter()).all(|(kept, taken)| may_be_same(kept, taken))
        }
        (None, None) => kept.trait_def == taken.trait_def,
        _ => false,
    }
}

fn may_be_same(kept: &Ty, taken: &Ty) -> bool {
    match (kept.peel_refs(), taken.peel_refs()) {
        (Ty::Adt(kept, _), Ty::Adt(taken, _)) => kept == taken,
        (Ty::Prim(kept), Ty::Prim(taken)) => kept == taken,
        (Ty::Adt(..), Ty::Prim(_)) | (Ty::Prim(_), Ty::Adt(..)) => false,
        _ => true,
    }
}

/// Whether a call is given something to change: the callee works on what the caller has, rather than being told of it.
fn lends_mutably(analysis: &Analysis<'_>, call: ExprId) -> bool {
    analysis.args(call).iter().any(|arg| matches!(analysis.types.ty(*arg), Ty::Ref(true, _)))
}

/// Whether an expression is a parameter of a closure.
pub(super) fn is_closure_param(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    matches!(analysis.expr(expr), Expr::Local(local) if closure_of_param(analysis, *local).is_some())
}

/// The closure that a local is a parameter of, or a part of one.
fn closure_of_param(analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
    let mut pat = analysis.tree.binding(local)?;
    loop {
        match analysis.tree.pat_parent(pat) {
            PatParent::Pat(outer) => pat = outer,
            PatParent::ClosureParam(closure, _) => return Some(closure),
            _ => return None,
        }
    }
}
