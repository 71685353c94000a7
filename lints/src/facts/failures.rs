//! Which `unwrap` fails for a reason that lies outside the program: what a file, the network or the system says, what a text
//! that was given looks like.
//!
//! Followed from the value that is unwrapped back to the call that made it, through what only changes the error, and into
//! functions of the user's that pass such an error on.

use super::context::{Analysis, Context};
use super::effects::{type_effects, word};
use super::guards::{is_error_value, param_index};
use super::origins::{is_param, mentions, origin, sources};
use super::panics::PanicCause;
use super::writes::State;
use crate::model::{DefId, Parent, Prim, Ty, ValueRef};
use crate::syntax::ir::{Expr, ExprId, LocalId};

/// How many functions of the user's an error is followed through.
const CALL_DEPTH: u32 = 2;
const STEPS: usize = 12;
/// How many locals a text is followed through.
const MAX_LOCALS: usize = 24;
/// How deep a text may stand in a type.
const TEXT_DEPTH: u32 = 4;

/// What makes a `Result` or an `Option` fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Failure {
    /// The world: a file, a socket, the environment.
    World,
    /// The system refuses a thread.
    Thread,
    /// A text that is not as expected.
    Text,
    /// The same, of an `Option`: a path without a name, a line without a separator.
    Shape,
    /// What the function that gives it was told: it makes an error of a code.
    Told,
}

impl Context<'_> {
    /// Why an `unwrap` of this may panic. `held` is a state that was checked when it was stored.
    pub(super) fn unwrap_cause(
        &self,
        analysis: &Analysis<'_>,
        value: ExprId,
        held: Option<&State>,
    ) -> Option<PanicCause> {
        match self.failure(analysis, value, CALL_DEPTH) {
            Some(Failure::World) => Some(PanicCause::Failure),
            Some(Failure::Thread) => Some(PanicCause::Spawn),
            Some(Failure::Text) => self.is_given(analysis, value, held).then_some(PanicCause::Text),
            Some(Failure::Shape) => self.depends_on_params(analysis, value).then_some(PanicCause::Argument),
            // `map.get_mut(name).expect("no such player")`
            Some(Failure::Told) => None,
            None if self.documents_panics(analysis.body.owner) && self.depends_on_params(analysis, value) => {
                let is_option = analysis.types.ty(value).adt() == self.program.lang.option;
                is_option.then_some(PanicCause::Argument)
            }
            None => {
                let Expr::Local(local) = analysis.expr(analysis.peel(value)) else { return None };
                let is_param = param_index(analysis, *local).is_some() && analysis.tree.uses(*local).len() == 1;
                is_param.then_some(PanicCause::Argument)
            }
        }
    }

    fn failure(&self, analysis: &Analysis<'_>, value: ExprId, depth: u32) -> Option<Failure> {
        let mut at = value;
        let mut by_type = None;
        for _ in 0..STEPS {
            at = analysis.peel(at);
            by_type = by_type.or_else(|| self.failure_of_type(analysis.types.ty(at)));
            at = match analysis.expr(at) {
                Expr::Local(local) => match analysis.initializer(*local) {
                    Some(init) => init,
                    None => return by_type,
                },
                Expr::Await(inner) => *inner,
                Expr::Call { .. } => return self.failure_of_call(analysis, at, by_type, depth),
                // `.map_err(..)`, `.ok()`, `.context(..)`
                Expr::MethodCall(call) if self.is_outcome(analysis.types.ty(call.receiver)) => call.receiver,
                Expr::MethodCall(_) => return self.failure_of_call(analysis, at, by_type, depth),
                _ => return by_type,
            };
        }
        by_type
    }

    fn failure_of_type(&self, ty: &Ty) -> Option<Failure> {
        let is_result = ty.adt().is_some() && ty.adt() == self.program.lang.result;
        let error = ty.args().get(1).filter(|_| is_result)?;
        let effects = type_effects(self.program, error);
        match () {
            () if !effects.has(word::INPUT_ERROR) => None,
            () if effects.with(word::INPUT_ERROR, "text") => Some(Failure::Text),
            () => Some(Failure::World),
        }
    }

    fn is_outcome(&self, ty: &Ty) -> bool {
        ty.adt().is_some_and(|adt| Some(adt) == self.program.lang.result || Some(adt) == self.program.lang.option)
    }

    fn failure_of_call(
        &self,
        analysis: &Analysis<'_>,
        call: ExprId,
        by_type: Option<Failure>,
        depth: u32,
    ) -> Option<Failure> {
        let Some(callee) = analysis.callee(call) else { return by_type };
        if self.program.is_user(callee) {
            return match depth {
                0 => by_type,
                _ => match self.failure_inside(callee, by_type, depth - 1) {
                    Some(Failure::Told) if self.is_told_by_declared(analysis, call) => None,
                    Some(Failure::Told) => by_type,
                    failure => failure,
                },
            };
        }
        let effects = self.effects(callee);
        if effects.has(word::SPAWNS) {
            let is_task = ["task", "pool"].iter().any(|kind| effects.with(word::SPAWNS, kind));
            return by_type.filter(|_| !is_task).map(|_| Failure::Thread);
        }
        if self.is_in_memory(analysis, call) {
            return None;
        }
        if by_type.is_some() || !effects.has(word::INPUT_ERROR) {
            return by_type;
        }
        let ty = analysis.types.ty(call);
        if ty.adt() == self.program.lang.option {
            return Some(Failure::Shape);
        }
        let never = ty.args().get(1).is_some_and(|error| {
            *error == Ty::Never || (error.adt().is_some() && error.adt() == self.program.lang.infallible)
        });
        (!never).then_some(Failure::Text)
    }

    /// Whether a call reads from or writes to bytes in memory, or a type of the user's that looks like a file: what that
    /// fails of is not known.
    fn is_in_memory(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let Some(callee) = analysis.callee(call) else { return false };
        let Some(block) = self.program.def(callee).parent else { return false };
        if let Some(header) = self.program.impl_header(block) {
            // The catalogue says of `Write for TcpStream` that it blocks, of `Write for Vec<u8>` that it does not.
            return header.trait_ref.is_some() && !self.effects(callee).has(word::BLOCKS);
        }
        let receiver = analysis.receiver(self.program, call);
        let of_user = receiver.and_then(|receiver| self.roles().pointee(analysis.types.ty(receiver)).adt());
        of_user.is_some_and(|adt| self.program.is_user(adt)) && self.effects(callee).has(word::BLOCKS)
    }

    /// The failure that a function of the user's passes on with `?`, or returns as it is.
    fn failure_inside(&self, function: DefId, by_type: Option<Failure>, depth: u32) -> Option<Failure> {
        let signature = self.program.signature(function)?;
        let Some(body) = self.program.body_of(function) else { return by_type };
        if !self.is_outcome(&signature.ret) && by_type.is_none() {
            return None;
        }
        let analysis = self.analysis(body);
        let exprs = (0..analysis.body.ir.exprs.len() as u32).map(ExprId);
        let (mut makes_error, mut is_told) = (false, false);
        let mut given = None;
        for expr in exprs {
            if analysis.tree.enclosing_closure(analysis.body, expr).is_some() {
                continue;
            }
            let passed_on = match analysis.expr(expr) {
                Expr::Try(operand) => *operand,
                _ if is_error_value(self, analysis, expr) => {
                    match self.depends_on_params(analysis, expr) {
                        true => is_told = true,
                        false => makes_error = true,
                    }
                    continue;
                }
                _ if is_result_value(analysis, expr) && self.is_outcome(analysis.types.ty(expr)) => {
                    if self.is_success(analysis, expr) {
                        continue;
                    }
                    expr
                }
                _ => continue,
            };
            match self.failure(analysis, passed_on, depth) {
                Some(Failure::World | Failure::Thread) => return Some(Failure::World),
                Some(Failure::Text) if self.depends_on_params(analysis, passed_on) => given = Some(Failure::Text),
                // It was looked into, and nothing there asks the world.
                None if self.failure_of_type(analysis.types.ty(passed_on)).is_some() => {}
                _ => makes_error = true,
            }
        }
        // An error type alone says nothing of a function that only ever says `Ok`.
        given.or(by_type.filter(|_| makes_error)).or(is_told.then_some(Failure::Told))
    }

    /// Whether the codes that a call is given come from functions that the crate only declares: `ok_errno((), sigaddset(..))`.
    // chan-signal's `sigaddset` fails only for a number that is no signal: the error says nothing of the world.
    fn is_told_by_declared(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        let made_by = |arg: &ExprId| {
            let arg = analysis.peel(*arg);
            let made = match analysis.expr(arg) {
                Expr::Local(local) => analysis.initializer(*local).map_or(arg, |init| analysis.peel(init)),
                _ => arg,
            };
            let is_made = match analysis.expr(made) {
                Expr::Call { callee, .. } => !matches!(analysis.value(*callee), Some(ValueRef::Constructor(..))),
                Expr::MethodCall(_) => true,
                _ => false,
            };
            is_made.then_some(made)
        };
        let calls: Vec<ExprId> = analysis.args(call).iter().filter_map(made_by).collect();
        let is_declared = |call: &ExprId| {
            let callee = analysis.callee(*call);
            callee.is_some_and(|callee| self.program.is_user(callee) && self.program.body_of(callee).is_none())
        };
        !calls.is_empty() && calls.iter().all(is_declared)
    }

    /// `Ok(..)`
    fn is_success(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        match analysis.expr(analysis.peel(expr)) {
            Expr::Call { callee, .. } => matches!(
                analysis.value(*callee),
                Some(ValueRef::Constructor(def, 0)) if Some(def) == self.program.lang.result
            ),
            _ => false,
        }
    }

    /// Whether the text that is read was given from outside: not a constant, and not what the program itself keeps.
    fn is_given(&self, analysis: &Analysis<'_>, value: ExprId, held: Option<&State>) -> bool {
        let mut open = vec![value];
        let mut seen: Vec<LocalId> = Vec::new();
        while let Some(expr) = open.pop() {
            // `args().nth(1).unwrap().parse()`
            if self.reads_world(analysis, expr) {
                return true;
            }
            let mut found = Vec::new();
            mentions(analysis, expr, &mut |part| {
                if let Expr::Local(local) = analysis.expr(part) {
                    found.push((part, *local));
                }
                false
            });
            for (part, local) in found {
                let own = analysis.body.ir.self_local == Some(local)
                    || held.is_some_and(|held| self.leads_into(analysis, held, part).is_some());
                if own || seen.contains(&local) || seen.len() >= MAX_LOCALS {
                    continue;
                }
                seen.push(local);
                if is_param(analysis, local) {
                    // A struct that is written out and read back is no text that was given.
                    if self.is_text(analysis.types.ty(self.whole_place(analysis, part)), TEXT_DEPTH) {
                        return true;
                    }
                    continue;
                }
                open.extend(origin(analysis, local));
                open.extend(self.read_into(analysis, local));
            }
        }
        false
    }

    /// The fields that are read from a local: `request.body`.
    fn whole_place(&self, analysis: &Analysis<'_>, local: ExprId) -> ExprId {
        let mut at = local;
        while let Parent::FieldBase(up) | Parent::IndexBase(up) = analysis.tree.parent(at) {
            at = up;
        }
        at
    }

    /// Whether a type is text or bytes, or holds some.
    fn is_text(&self, ty: &Ty, depth: u32) -> bool {
        let ty = self.roles().pointee(ty);
        // Numbers in a row are bytes.
        let inside = |part: &Ty| *part == Ty::Prim(Prim::Int) || (depth > 0 && self.is_text(part, depth - 1));
        match &ty {
            Ty::Prim(prim) => matches!(prim, Prim::Str | Prim::Char),
            Ty::Slice(inner) | Ty::Array(inner) => inside(inner),
            Ty::Tuple(parts) => parts.iter().any(inside),
            Ty::Param(..) | Ty::Opaque(_) => true,
            Ty::Adt(adt, args) => {
                self.roles().says(&ty, word::TEXT) || (!self.program.is_user(*adt) && args.iter().any(inside))
            }
            _ => false,
        }
    }

    /// Whether any part of an expression asks the world: reads a file, a socket, the environment, a channel.
    fn reads_world(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        mentions(analysis, expr, &mut |part| {
            let Some(callee) = analysis.callee(part).filter(|callee| !self.program.is_user(*callee)) else {
                return false;
            };
            let effects = self.effects(callee);
            let asks = effects.with(word::BLOCKS, "io") || effects.with(word::BLOCKS, "net");
            asks || effects.has(word::RECEIVES) || self.failure_of_type(analysis.types.ty(part)) == Some(Failure::World)
        })
    }

    /// The calls that read from the world into a local: `stream.read(&mut buffer)`.
    fn read_into(&self, analysis: &Analysis<'_>, local: LocalId) -> Vec<ExprId> {
        let uses = analysis.tree.uses(local).iter();
        let calls = uses.filter_map(|used| match analysis.tree.parent(*used) {
            Parent::RefOperand(by_ref) => match analysis.tree.parent(by_ref) {
                Parent::Arg(call, _) => Some(call),
                _ => None,
            },
            _ => None,
        });
        calls.filter(|call| self.reads_world(analysis, *call)).collect()
    }

    /// Whether an expression is made of constants and literals only.
    pub(super) fn is_constant(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        !mentions(analysis, expr, &mut |part| matches!(analysis.expr(part), Expr::Local(_) | Expr::Macro(_)))
            && mentions(analysis, expr, &mut |part| matches!(analysis.expr(part), Expr::Literal(_)))
    }

    /// Whether an expression is made of a parameter other than `self`, directly or through locals.
    pub fn depends_on_params(&self, analysis: &Analysis<'_>, expr: ExprId) -> bool {
        sources(self, analysis, &[expr], &|_| false).into_iter().any(|local| is_param(analysis, local))
    }
}

/// Whether an expression is what its function returns, on some way through it.
fn is_result_value(analysis: &Analysis<'_>, expr: ExprId) -> bool {
    if matches!(analysis.expr(expr), Expr::Block(_) | Expr::If { .. } | Expr::Match { .. }) {
        return false;
    }
    let mut at = expr;
    loop {
        match analysis.tree.parent(at) {
            Parent::Root | Parent::ReturnValue(_) => return true,
            Parent::BlockTail(up) | Parent::Branch(up, _) | Parent::ArmBody(up, _) => at = up,
            _ => return false,
        }
    }
}
