//! Panics that something outside the program's own logic can cause: what a caller passes, what the operating system or a
//! file says, what a user's callback does.
//!
//! Not counted: arithmetic, computed indices, `debug_assert!`, the unwrapping of a lock or a channel, and everything that
//! depends on constants alone. What an `unwrap` fails of is asked of [`super::failures`].

use super::context::{Analysis, Context};
use super::effects::{Effects, word};
use super::entry::Entry;
use super::guards::param_index;
use super::origins::{condition, conditions, is_param, mentions, origin, sources};
use super::writes::State;
use crate::model::{BodyId, DefId, Parent, PatParent, Ty};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, MacroCall, Visibility};

/// What makes it panic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PanicCause {
    /// `panic!` under a condition.
    Explicit,
    /// `assert!` on something that depends on a parameter.
    Assert,
    /// `unwrap` of an error of the world's: I/O, the environment.
    Failure,
    /// `unwrap` of the error of reading a text that was given.
    Text,
    /// `unwrap` of a parameter.
    Argument,
    /// A callback.
    Callback,
    /// The operating system refuses a thread.
    Spawn,
}

/// A place that may panic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PanicSite {
    /// The body it stands in.
    pub body: BodyId,
    /// The call or macro that panics.
    pub expr: ExprId,
    /// Why.
    pub cause: PanicCause,
}

const PANIC: Name = Name::of("panic");
const ASSERTS: [Name; 3] = [Name::of("assert"), Name::of("assert_eq"), Name::of("assert_ne")];

impl Context<'_> {
    /// The panic that an expression itself may cause. `held` is the state that a callback may be given without being one
    /// that is called by the way: a helper that runs a closure on the guarded value is made for that.
    pub fn panic_at(&self, analysis: &Analysis<'_>, expr: ExprId, held: Option<&State>) -> Option<PanicSite> {
        let cause = match analysis.expr(expr) {
            Expr::Macro(call) => self.macro_panic(analysis, expr, call, held)?,
            Expr::MethodCall(call) => {
                let callee = analysis.callee(expr)?;
                let effects = self.effects(callee);
                if self.is_users_method(callee) && self.is_registered(analysis, call.receiver, held) {
                    PanicCause::Callback
                } else if effects.has(word::UNWRAPS) {
                    // Where there is an error, there is no guard.
                    if self.roles().carries_guard(analysis.types.ty(call.receiver)) || self.is_ruled_out(analysis, expr)
                    {
                        return None;
                    }
                    self.unwrap_cause(analysis, call.receiver, held)?
                } else if starts_thread(effects) {
                    PanicCause::Spawn
                } else {
                    return None;
                }
            }
            Expr::Index { base, index } => {
                let held = held?;
                if !self.is_unchecked_index(analysis, *index) || self.leads_into(analysis, held, *base).is_none() {
                    return None;
                }
                PanicCause::Argument
            }
            Expr::Call { callee, args } => match analysis.callee(expr) {
                Some(function) => {
                    if !starts_thread(self.effects(function)) {
                        return None;
                    }
                    PanicCause::Spawn
                }
                None => {
                    let on_state = held.is_some_and(|held| args.iter().any(|arg| self.shows(analysis, held, *arg)));
                    if on_state || !self.is_callback(analysis, *callee) || !self.is_foreign(analysis, *callee) {
                        return None;
                    }
                    PanicCause::Callback
                }
            },
            _ => return None,
        };
        Some(PanicSite { body: analysis.body.id, expr, cause })
    }

    /// Whether any part of an expression leads into a state.
    pub fn mentions_state(&self, analysis: &Analysis<'_>, state: &State, expr: ExprId) -> bool {
        mentions(analysis, expr, &mut |part| self.leads_into(analysis, state, part).is_some())
    }

    /// Whether an argument shows the guarded value: a reference into it, something made with one, or a copy of it.
    fn shows(&self, analysis: &Analysis<'_>, held: &State, arg: ExprId) -> bool {
        let into = |expr: ExprId| self.mentions_state(analysis, held, expr);
        let arg = analysis.peel(arg);
        into(arg)
            || match analysis.expr(arg) {
                Expr::Local(local) => analysis.initializer(*local).is_some_and(into),
                _ => false,
            }
    }

    /// The parameter that a call calls, where it is a callback: `f(x)`, `filter.map(|filter| filter(x))`.
    pub(super) fn called_param(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<u32> {
        let Expr::Call { callee, .. } = analysis.expr(call) else { return None };
        if !self.is_callback(analysis, *callee) {
            return None;
        }
        let behind = sources(self, analysis, &[*callee], &|_| false);
        behind.into_iter().find_map(|local| param_index(analysis, local))
    }

    /// Whether what is called comes from outside the crate. A parameter does where the function is part of a library's API:
    /// of the others the callers are known, and hand over code that can be seen.
    pub(super) fn is_foreign(&self, analysis: &Analysis<'_>, callee: ExprId) -> bool {
        let Expr::Local(local) = analysis.expr(analysis.peel(callee)) else { return true };
        if param_index(analysis, *local).is_some() {
            return self.is_api(analysis.body.owner);
        }
        let is_closure_param = analysis
            .tree
            .binding(*local)
            .is_some_and(|pat| matches!(analysis.tree.pat_parent(pat), PatParent::ClosureParam(..)));
        is_closure_param || !self.is_own_closure(analysis, *local)
    }

    /// Whether a local holds code of the crate's own: a closure that stands there, or the one that a field is filled with
    /// which other crates cannot fill.
    // bandwhich's `OsInputOutput::write_to_stdout` is made by a function of the program's own.
    fn is_own_closure(&self, analysis: &Analysis<'_>, local: LocalId) -> bool {
        let Some(init) = analysis.initializer(local) else { return false };
        let is_closed = match analysis.expr(init) {
            Expr::Closure(_) => return true,
            Expr::Field { .. } => {
                analysis.types.fields.get(&init).is_some_and(|(field, _)| !self.is_exported(field.adt))
            }
            _ => false,
        };
        is_closed && matches!(Entry::of(self, analysis, init), Entry::Closure(..))
    }

    /// Whether a panic that is written down is one that callers can cause, rather than a check of the program's own logic: the
    /// function's documentation says so, or it is part of a library's API.
    pub fn is_callers_panic(&self, site: &PanicSite) -> bool {
        let owner = self.program.body(site.body).owner;
        match site.cause {
            PanicCause::Explicit | PanicCause::Assert | PanicCause::Argument => {
                self.documents_panics(owner) || self.is_api(owner)
            }
            PanicCause::Failure | PanicCause::Text | PanicCause::Callback | PanicCause::Spawn => true,
        }
    }

    /// Whether a function's documentation has a section on its panics.
    pub(super) fn documents_panics(&self, function: DefId) -> bool {
        let Some(source) = self.program.source(self.program.file(function)) else { return false };
        let item = self.program.item(function);
        let head = Span::new(item.span.start, item.name_span.start);
        source.text_of(head).contains("# Panics")
    }

    /// Whether a function can be called from other crates, as far as its own words go.
    pub(super) fn is_api(&self, function: DefId) -> bool {
        let is_public = self.program.item(function).vis == Visibility::Public;
        let of_type = || {
            let block = self.program.def(function).parent?;
            self.program.impl_header(block)?.self_ty.adt()
        };
        is_public
            && self.program.krate(function).is_some_and(|krate| krate.is_public_api)
            && self.is_exported(of_type().unwrap_or(function))
    }

    /// Whether the callback that a call hands over is not code that stands there.
    pub(super) fn is_foreign_argument(&self, analysis: &Analysis<'_>, call: ExprId, param: u32) -> bool {
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && analysis.receiver(self.program, call).is_some());
        let Some(arg) = analysis.args(call).get(param as usize + shift) else { return false };
        let arg = analysis.peel(*arg);
        match analysis.expr(arg) {
            Expr::Local(_) => self.is_foreign(analysis, arg),
            Expr::Field { .. } | Expr::Index { .. } => true,
            _ => false,
        }
    }

    /// The parameters of a call that are given the state, by reference or otherwise.
    pub(super) fn given_any(&self, analysis: &Analysis<'_>, held: &State, call: ExprId) -> Vec<Option<u32>> {
        let receiver = analysis.receiver(self.program, call);
        let by_path = matches!(analysis.expr(call), Expr::Call { .. });
        let shift = usize::from(by_path && receiver.is_some());
        let mut given: Vec<Option<u32>> = Vec::new();
        if receiver.is_some_and(|receiver| self.leads_into(analysis, held, receiver).is_some()) {
            given.push(None);
        }
        for (index, arg) in analysis.args(call).iter().skip(shift).enumerate() {
            if self.leads_into(analysis, held, *arg).is_some() {
                given.push(Some(index as u32));
            }
        }
        given
    }

    /// Whether a callback in a callee is called with the state that the callee was given.
    pub(super) fn is_given_on(&self, inner: &Analysis<'_>, call: ExprId, given: &[Option<u32>]) -> bool {
        let states: Vec<State> = given.iter().filter_map(|param| State::of_param(inner, *param)).collect();
        inner.args(call).iter().any(|arg| states.iter().any(|state| self.leads_into(inner, state, *arg).is_some()))
    }

    fn macro_panic(
        &self,
        analysis: &Analysis<'_>,
        expr: ExprId,
        call: &MacroCall,
        held: Option<&State>,
    ) -> Option<PanicCause> {
        if analysis.types.macros.contains_key(&expr) {
            return None;
        }
        let name = call.path.last();
        if self.is_ruled_out(analysis, expr) {
            return None;
        }
        // A part of the state came from a parameter only in that this is where the lock came from.
        let is_state = |local: LocalId| {
            let first = analysis.tree.uses(local).first();
            held.zip(first).is_some_and(|(held, used)| self.leads_into(analysis, held, *used).is_some())
        };
        let from_params = |tested: ExprId| {
            sources(self, analysis, &[tested], &is_state).into_iter().any(|local| is_param(analysis, local))
        };
        // What is tested of the state alone is its own invariant, unless the documentation says who can break it.
        let counts = |tested: ExprId| {
            let of_state = || held.is_some_and(|held| self.mentions_state(analysis, held, tested));
            from_params(tested) || (self.documents_panics(analysis.body.owner) && of_state())
        };
        if name == PANIC {
            let conditions = conditions(analysis, expr);
            let counts = !conditions.iter().any(|tested| asks_for_build(analysis, *tested))
                && conditions.into_iter().any(counts);
            return counts.then_some(PanicCause::Explicit);
        }
        let depends = ASSERTS.contains(&name) && call.args.iter().take(2).any(|arg| counts(*arg));
        depends.then_some(PanicCause::Assert)
    }

    /// Whether the message of a panic says that it cannot happen: persy's `expect("in memory write should never fail")`,
    /// sdl2's `panic!("internal error; ..")`.
    fn is_ruled_out(&self, analysis: &Analysis<'_>, panic: ExprId) -> bool {
        let from = match analysis.expr(panic) {
            Expr::MethodCall(call) => call.args.first().map_or(u32::MAX, |arg| analysis.body.expr(*arg).span.start),
            _ => 0,
        };
        let whole = analysis.body.expr(panic).span;
        let text = self.program.text(analysis.body.loc(Span::new(from.clamp(whole.start, whole.end), whole.end)));
        let message = text.find('"').and_then(|at| text.get(at..)).unwrap_or_default().to_ascii_lowercase();
        RULED_OUT.iter().any(|words| message.contains(words))
    }

    /// Whether an index is a number that the function is passed, and that nothing in it compares with anything.
    fn is_unchecked_index(&self, analysis: &Analysis<'_>, index: ExprId) -> bool {
        let Expr::Local(local) = analysis.expr(index) else { return false };
        let is_plain = param_index(analysis, *local).is_some() && matches!(analysis.types.local(*local), Ty::Prim(_));
        let is_looked_at =
            |used: &ExprId| !matches!(analysis.tree.parent(*used), Parent::IndexValue(_) | Parent::MacroArg(..));
        is_plain && !analysis.tree.uses(*local).iter().any(is_looked_at)
    }

    /// Whether only users of the crate write what a call of a method runs: a method without a body of a public trait that
    /// nothing in the crate implements.
    fn is_users_method(&self, callee: DefId) -> bool {
        let program = self.program;
        let Some(trait_def) = program.def(callee).parent.filter(|_| program.is_user(callee)) else { return false };
        matches!(program.item(trait_def).kind, ItemKind::Trait(_))
            && self.is_api(trait_def)
            && program.body_of(callee).is_none()
            && program.implementing_types(trait_def).is_empty()
    }

    /// Whether an expression is one of several trait objects that the state holds: one of them panics, and all are out of
    /// reach. A lock around a single object is poisoned for good reason.
    fn is_registered(&self, analysis: &Analysis<'_>, object: ExprId, held: Option<&State>) -> bool {
        let is_dyn = matches!(self.roles().pointee(analysis.types.ty(object)), Ty::Dyn(_));
        let is_one_of_many = || {
            let behind = sources(self, analysis, &[object], &|_| false).into_iter();
            let origins = behind.filter_map(|local| origin(analysis, local));
            origins
                .chain([object])
                .any(|expr| mentions(analysis, expr, &mut |part| self.is_collection(analysis.types.ty(part))))
        };
        is_dyn && held.is_some_and(|held| self.leads_into(analysis, held, object).is_some()) && is_one_of_many()
    }

    /// Whether a type, or what its guards and references lead to, is a collection.
    fn is_collection(&self, ty: &Ty) -> bool {
        let mut ty = ty.clone();
        for _ in 0..4 {
            if self.roles().says(&ty, word::COLLECTION) {
                return true;
            }
            match self.program.deref(&ty) {
                Some(inner) => ty = inner,
                None => return false,
            }
        }
        false
    }

    /// Whether what is called came from outside: a boxed, generic or stored function.
    pub fn is_callback(&self, analysis: &Analysis<'_>, callee: ExprId) -> bool {
        let ty = self.roles().pointee(analysis.types.ty(callee));
        let is_fn =
            |bounds: &[crate::model::Bound]| bounds.iter().any(|bound| self.program.lang.is_fn_trait(bound.trait_def));
        match &ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => is_fn(bounds),
            Ty::Param(owner, _) => {
                let bounds = self.program.own_bounds(*owner);
                bounds.iter().any(|(subject, bound)| *subject == ty && self.program.lang.is_fn_trait(bound.trait_def))
            }
            _ => false,
        }
    }

    /// Whether the innermost condition around an expression depends on a parameter.
    pub(super) fn condition_depends_on_params(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        condition(analysis, expr).is_some_and(|tested| self.depends_on_params(analysis, tested))
    }
}

/// How authors say that a panic cannot happen.
const RULED_OUT: [&str; 13] = [
    "should never",
    "can never",
    "must never",
    "will never",
    "never fail",
    "never happen",
    "impossible",
    "internal error",
    "cannot happen",
    "can't happen",
    "cannot fail",
    "can't fail",
    "unreachable",
];

/// Whether a call panics where the system refuses a thread; a task takes none.
fn starts_thread(effects: Effects<'_>) -> bool {
    let takes_none = ["task", "pool"].iter().any(|kind| effects.with(word::SPAWNS, kind));
    effects.has(word::PANICS) && effects.has(word::SPAWNS) && !takes_none
}

/// Whether a condition asks how the program was built: duct panics under a lock `if cfg!(test)`.
fn asks_for_build(analysis: &Analysis<'_>, tested: ExprId) -> bool {
    mentions(analysis, tested, &mut |part| match analysis.expr(part) {
        Expr::Macro(call) => call.path.last() == CFG,
        _ => false,
    })
}

const CFG: Name = Name::of("cfg");

impl Context<'_> {
    /// Whether a function is the `drop` of a `Drop`.
    pub fn is_drop(&self, function: DefId) -> bool {
        let Some(block) = self.program.def(function).parent else { return false };
        matches!(self.program.item(block).kind, ItemKind::Impl(_))
            && self
                .program
                .impl_header(block)
                .and_then(|header| header.trait_ref.as_ref())
                .is_some_and(|bound| Some(bound.trait_def) == self.program.lang.drop)
    }
}
