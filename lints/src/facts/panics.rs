//! Panics that something outside the program's own logic can cause: what a caller passes, what the operating system or a
//! file says, what a user's callback does.
//!
//! Not counted: arithmetic, indexing, `debug_assert!`, the unwrapping of a lock or a channel, and everything that depends
//! on constants alone.

use super::context::{Analysis, Context};
use super::effects::word;
use super::guards::param_index;
use super::writes::State;
use crate::model::{BodyId, DefId, Parent, PatParent, Ty};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, ItemKind, LocalId, LoopKind, MacroCall};

const DERIVED_DEPTH: u32 = 8;

/// What makes it panic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PanicCause {
    /// `panic!` under a condition.
    Explicit,
    /// `assert!` on something that depends on a parameter.
    Assert,
    /// `unwrap` of an I/O or parse error.
    Failure,
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
                if effects.has(word::UNWRAPS) {
                    self.unwrap_cause(analysis, call.receiver)?
                } else if effects.has(word::PANICS) && effects.has(word::SPAWNS) {
                    PanicCause::Spawn
                } else {
                    return None;
                }
            }
            Expr::Call { callee, args } => match analysis.callee(expr) {
                Some(function) => {
                    let effects = self.effects(function);
                    if !(effects.has(word::PANICS) && effects.has(word::SPAWNS)) {
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

    /// The first panic in the function that a call runs: in its own body, not deeper. Of a trait's method the
    /// implementations in the crate are looked at.
    pub fn panic_in_callee(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        held: Option<&State>,
    ) -> Option<(DefId, PanicSite)> {
        let callee = analysis.callee(call).filter(|callee| self.program.is_user(*callee))?;
        let given: Vec<Option<u32>> = held.map(|held| self.given_any(analysis, held, call)).unwrap_or_default();
        let candidates = match self.program.body_of(callee) {
            Some(_) => vec![callee],
            None => self.program.implementors(callee),
        };
        candidates.into_iter().filter(|def| self.program.is_analysed(*def)).find_map(|def| {
            let body = self.program.body_of(def)?;
            let inner = self.analysis(body);
            if inner.body.ir.exprs.len() > 2_000 {
                return None;
            }
            (0..inner.body.ir.exprs.len() as u32).map(ExprId).find_map(|expr| {
                if inner.tree.enclosing_closure(inner.body, expr).is_some() {
                    return None;
                }
                if let Some(param) = self.called_param(inner, expr) {
                    let foreign =
                        !self.is_given_on(inner, expr, &given) && self.is_foreign_argument(analysis, call, param);
                    let site = PanicSite { body, expr, cause: PanicCause::Callback };
                    return foreign.then_some((def, site));
                }
                let site = self.panic_at(inner, expr, None)?;
                let documented = || self.documents_panics(def) || self.documents_panics(analysis.body.owner);
                let counts = match site.cause {
                    PanicCause::Explicit => {
                        (documented() || self.is_api(analysis.body.owner))
                            && self.condition_depends_on_params(inner, expr)
                    }
                    PanicCause::Assert => documented(),
                    PanicCause::Callback => !self.is_given_on(inner, expr, &given),
                    PanicCause::Argument => false,
                    PanicCause::Failure | PanicCause::Spawn => true,
                };
                counts.then_some((def, site))
            })
        })
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

    /// The parameter that a call calls, where it is a callback.
    fn called_param(&self, analysis: &Analysis<'_>, call: ExprId) -> Option<u32> {
        let Expr::Call { callee, .. } = analysis.expr(call) else { return None };
        let Expr::Local(local) = analysis.expr(analysis.peel(*callee)) else { return None };
        param_index(analysis, *local).filter(|_| self.is_callback(analysis, *callee))
    }

    /// Whether what is called comes from outside the crate. A parameter does where the function is part of a library's API:
    /// of the others the callers are known, and hand over code that can be seen.
    fn is_foreign(&self, analysis: &Analysis<'_>, callee: ExprId) -> bool {
        let Expr::Local(local) = analysis.expr(analysis.peel(callee)) else { return true };
        if param_index(analysis, *local).is_some() {
            return self.is_api(analysis.body.owner);
        }
        let is_closure_param = analysis
            .tree
            .binding(*local)
            .is_some_and(|pat| matches!(analysis.tree.pat_parent(pat), PatParent::ClosureParam(..)));
        is_closure_param
            || !matches!(analysis.initializer(*local).map(|init| analysis.expr(init)), Some(Expr::Closure(_)))
    }

    /// Whether a panic that is written down is one that callers can cause, rather than a check of the program's own logic: the
    /// function's documentation says so, or it is part of a library's API.
    pub fn is_callers_panic(&self, site: &PanicSite) -> bool {
        let owner = self.program.body(site.body).owner;
        match site.cause {
            PanicCause::Explicit | PanicCause::Assert | PanicCause::Argument => {
                self.documents_panics(owner) || self.is_api(owner)
            }
            PanicCause::Failure | PanicCause::Callback | PanicCause::Spawn => true,
        }
    }

    /// Whether a function's documentation has a section on its panics.
    fn documents_panics(&self, function: DefId) -> bool {
        let Some(source) = self.program.source(self.program.file(function)) else { return false };
        let item = self.program.item(function);
        let head = crate::source::Span::new(item.span.start, item.name_span.start);
        source.text_of(head).contains("# Panics")
    }

    /// Whether a function can be called from other crates, as far as its own words go.
    fn is_api(&self, function: DefId) -> bool {
        let is_public = self.program.item(function).vis == crate::syntax::ir::Visibility::Public;
        is_public && self.program.krate(function).is_some_and(|krate| krate.is_public_api)
    }

    /// Whether the callback that a call hands over is not code that stands there.
    fn is_foreign_argument(&self, analysis: &Analysis<'_>, call: ExprId, param: u32) -> bool {
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
    fn given_any(&self, analysis: &Analysis<'_>, held: &State, call: ExprId) -> Vec<Option<u32>> {
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
    fn is_given_on(&self, inner: &Analysis<'_>, call: ExprId, given: &[Option<u32>]) -> bool {
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
        let from_outside = |tested: ExprId| {
            self.depends_on_params(analysis, tested)
                || held.is_some_and(|held| {
                    mentions(analysis, tested, &mut |expr| self.leads_into(analysis, held, expr).is_some())
                })
        };
        if name == PANIC {
            let conditions = conditions(analysis, expr);
            let counts = !conditions.iter().any(|tested| asks_for_build(analysis, *tested))
                && conditions.into_iter().any(from_outside);
            return counts.then_some(PanicCause::Explicit);
        }
        let depends = ASSERTS.contains(&name) && call.args.iter().take(2).any(|arg| from_outside(*arg));
        depends.then_some(PanicCause::Assert)
    }

    /// Why an `unwrap` of this may panic.
    fn unwrap_cause(&self, analysis: &Analysis<'_>, value: ExprId) -> Option<PanicCause> {
        if self.is_input_error(analysis.types.ty(value)) {
            return (!self.is_constant(analysis, value)).then_some(PanicCause::Failure);
        }
        match analysis.expr(analysis.peel(value)) {
            Expr::Local(local) => {
                let is_param = param_index(analysis, *local).is_some() && analysis.tree.uses(*local).len() == 1;
                is_param.then_some(PanicCause::Argument)
            }
            _ => None,
        }
    }

    fn is_input_error(&self, ty: &Ty) -> bool {
        let is_result = ty.adt().is_some() && ty.adt() == self.program.lang.result;
        is_result && ty.args().get(1).is_some_and(|error| self.roles().says(error, word::INPUT_ERROR))
    }

    /// Whether an expression is made of constants and literals only.
    fn is_constant(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        !mentions(analysis, expr, &mut |part| matches!(analysis.expr(part), Expr::Local(_) | Expr::Macro(_)))
            && mentions(analysis, expr, &mut |part| matches!(analysis.expr(part), Expr::Literal(_)))
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

    /// Whether an expression is made of a parameter other than `self`, directly or through locals.
    pub fn depends_on_params(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        sources(self, analysis, &[expr], &|_| false).into_iter().any(|local| is_param(analysis, local))
    }

    /// Whether the innermost condition around an expression depends on a parameter.
    fn condition_depends_on_params(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        condition(analysis, expr).is_some_and(|tested| self.depends_on_params(analysis, tested))
    }
}

fn is_param(analysis: &Analysis<'_>, local: LocalId) -> bool {
    let Some(mut root) = analysis.tree.binding(local) else { return false };
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
        root = outer;
    }
    matches!(analysis.tree.pat_parent(root), PatParent::Param(_))
}

/// The conditions and scrutinees that decide whether an expression is reached, innermost first.
fn conditions(analysis: &Analysis<'_>, expr: ExprId) -> Vec<ExprId> {
    std::iter::successors(condition(analysis, expr), |tested| {
        analysis.tree.parent(*tested).expr().and_then(|around| condition(analysis, around))
    })
    .collect()
}

/// Whether a condition asks how the program was built: duct panics under a lock `if cfg!(test)`.
fn asks_for_build(analysis: &Analysis<'_>, tested: ExprId) -> bool {
    mentions(analysis, tested, &mut |part| match analysis.expr(part) {
        Expr::Macro(call) => call.path.last() == CFG,
        _ => false,
    })
}

const CFG: Name = Name::of("cfg");

/// The innermost condition or scrutinee that decides whether an expression is reached.
fn condition(analysis: &Analysis<'_>, expr: ExprId) -> Option<ExprId> {
    let mut at = expr;
    loop {
        let parent = analysis.tree.parent(at);
        match (parent, analysis.expr(parent.expr()?)) {
            (Parent::Branch(..), Expr::If { cond, .. }) => return Some(*cond),
            (Parent::ArmBody(..), Expr::Match { scrutinee, .. }) => return Some(*scrutinee),
            (Parent::LetElse(_, index), Expr::Block(block)) => {
                let crate::syntax::ir::Stmt::Let { init, .. } = block.stmts.get(index as usize)? else { return None };
                return *init;
            }
            (_, Expr::Closure(_) | Expr::Async { .. }) => return None,
            (_, _) => at = parent.expr()?,
        }
    }
}

/// Whether any part of an expression answers to `wanted`.
pub(super) fn mentions(analysis: &Analysis<'_>, expr: ExprId, wanted: &mut dyn FnMut(ExprId) -> bool) -> bool {
    let span = analysis.body.expr(expr).span;
    (0..=expr.0)
        .rev()
        .map(ExprId)
        .any(|part| span.contains(analysis.body.expr(part).span) && analysis.tree.is_inside(part, expr) && wanted(part))
}

/// The locals that an expression is made of, directly or through other locals, and through what is put into a collection.
/// `stop` says of which locals the origin does not matter.
pub(super) fn sources(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    exprs: &[ExprId],
    stop: &dyn Fn(LocalId) -> bool,
) -> Vec<LocalId> {
    let mut found: Vec<LocalId> = Vec::new();
    let mut open: Vec<(ExprId, u32)> = exprs.iter().map(|expr| (*expr, 0)).collect();
    while let Some((expr, depth)) = open.pop() {
        mentions(analysis, expr, &mut |part| {
            if let Expr::Local(local) = analysis.expr(part)
                && !found.contains(local)
                && !stop(*local)
            {
                found.push(*local);
                if depth < DERIVED_DEPTH {
                    open.extend(origin(analysis, *local).map(|source| (source, depth + 1)));
                    open.extend(put_into(cx, analysis, *local).into_iter().map(|arg| (arg, depth + 1)));
                }
            }
            false
        });
    }
    found
}

/// What is put into a local collection: `kept.push(image)`.
fn put_into(cx: &Context<'_>, analysis: &Analysis<'_>, local: LocalId) -> Vec<ExprId> {
    let mut put = Vec::new();
    for used in analysis.tree.uses(local) {
        if let Parent::Receiver(call) = analysis.tree.parent(*used)
            && analysis.callee(call).is_some_and(|callee| cx.effects(callee).has(word::PUTS))
        {
            put.extend(analysis.args(call).iter().copied());
        }
    }
    put
}

/// The expression that a local's pattern is matched against, a `for`'s iterator too.
fn origin(analysis: &Analysis<'_>, local: LocalId) -> Option<ExprId> {
    let mut root = analysis.tree.binding(local)?;
    while let PatParent::Pat(outer) = analysis.tree.pat_parent(root) {
        root = outer;
    }
    match analysis.tree.pat_parent(root) {
        PatParent::For(id) => match analysis.expr(id) {
            Expr::Loop(data) => match data.kind {
                LoopKind::For { iter, .. } => Some(iter),
                _ => None,
            },
            _ => None,
        },
        _ => source_of(analysis, root),
    }
}

/// What a pattern is matched against.
pub(super) fn source_of(analysis: &Analysis<'_>, pat: crate::syntax::ir::PatId) -> Option<ExprId> {
    match analysis.tree.pat_parent(pat) {
        PatParent::Let(block, index) => match analysis.expr(block) {
            Expr::Block(block) => match block.stmts.get(index as usize)? {
                crate::syntax::ir::Stmt::Let { init, .. } => *init,
                crate::syntax::ir::Stmt::Expr { .. } => None,
            },
            _ => None,
        },
        PatParent::LetExpr(id) => match analysis.expr(id) {
            Expr::Let { expr, .. } => Some(*expr),
            _ => None,
        },
        PatParent::Arm(id, _) => match analysis.expr(id) {
            Expr::Match { scrutinee, .. } => Some(*scrutinee),
            _ => None,
        },
        _ => None,
    }
}

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
