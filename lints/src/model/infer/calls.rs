//! Calls: what is called, its open signature, and what its arguments learn from it.

use super::{CLONE, CallShape, Infer, Value};
use crate::model::lookup::{Pick, Subst};
use crate::model::program::DefId;
use crate::model::signature::substitute;
use crate::model::ty::{Bound, FnTy, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{Expr, ExprId, GenericArgs, ItemKind, MethodCall};

/// How deep an expected type is handed down into a result.
pub(super) const HINT_DEPTH: u32 = 4;

impl<'p> Infer<'p, '_> {
    pub(super) fn call(&mut self, callee: ExprId, args: &'p [ExprId], expected: &Ty) -> Ty {
        if let Expr::Path(path) = &self.body.expr(callee).kind {
            let value = self.resolve_value(path);
            self.note_value(callee, &value);
            match value {
                Value::Function(def, mut subst) => {
                    let has_self = self.program.signature(def).and_then(|signature| signature.self_ty.clone());
                    let mut shape = self.function_shape(def, &mut subst);
                    if let Some(ty) = has_self {
                        let ty = self.normalize(&subst.apply(&ty));
                        shape.params.insert(0, ty);
                    }
                    if let Some(slot) = self.out.exprs.get_mut(callee.index()) {
                        *slot = Ty::FnDef(def);
                    }
                    return self.apply(shape, args, expected);
                }
                Value::Constructor(def, variant, given) => {
                    let shape = self.constructor_shape(def, variant, &given);
                    return self.apply(shape, args, expected);
                }
                Value::Const(def, _) | Value::Static(def) => {
                    let ty = self.program.value_type(def);
                    if let Some(sig) = self.call_signature(&ty) {
                        let shape = CallShape { params: sig.params.to_vec(), ret: sig.ret };
                        return self.apply(shape, args, expected);
                    }
                }
                Value::Unknown => {}
            }
            return self.unknown_call(args);
        }
        let ty = self.expr_known(callee);
        match self.call_signature(&ty) {
            Some(sig) => self.apply(CallShape { params: sig.params.to_vec(), ret: sig.ret }, args, expected),
            None => self.unknown_call(args),
        }
    }

    pub(super) fn method_call(&mut self, id: ExprId, call: &'p MethodCall, expected: &Ty) -> Ty {
        let receiver = self.expr_known(call.receiver);
        let picked = self.program.pick_method(&receiver, call.method);
        if call.method == CLONE && call.args.is_empty() {
            if let open @ Ty::Infer(_) = receiver.peel_refs() {
                // Whatever it turns out to be.
                return open.clone();
            }
            if let Some((ty, depth)) = self.program.cloned(&receiver)
                && picked.as_ref().is_none_or(|(_, found)| *found > depth)
            {
                return ty;
            }
        }
        let Some((pick, depth)) = picked else { return self.unknown_call(&call.args) };
        self.out.methods.insert(id, (pick.function, depth as u32));
        let subst = self.opened(&pick);
        let Pick { function, self_ty, .. } = pick;
        let mut subst = subst;
        self.turbofish(function, call.generics.as_deref(), &mut subst);
        let shape = self.function_shape(function, &mut subst);
        // `self: Arc<Self>` and trait methods learn what they can from the receiver.
        if let Some(own) = self.program.signature(function).and_then(|signature| signature.self_ty.clone()) {
            let own = self.normalize(&subst.apply(&own));
            if let (Ty::Adt(a, _), Ty::Adt(b, _)) = (&own, &self_ty)
                && a == b
            {
                self.unify(&own, &self_ty);
            }
        }
        self.apply(shape, &call.args, expected)
    }

    pub(super) fn apply(&mut self, shape: CallShape, args: &'p [ExprId], expected: &Ty) -> Ty {
        self.hint_result(&shape.ret, expected, HINT_DEPTH);
        let is_closure = |infer: &Self, arg: ExprId| matches!(infer.body.expr(arg).kind, Expr::Closure(_));
        for closures in [false, true] {
            for (index, arg) in args.iter().enumerate() {
                if is_closure(self, *arg) != closures {
                    continue;
                }
                if closures {
                    self.solve();
                }
                match shape.params.get(index) {
                    Some(param) => {
                        let param = param.clone();
                        self.checked(*arg, &param);
                    }
                    None => {
                        self.expr(*arg, &Ty::Unknown);
                    }
                }
            }
        }
        self.solve();
        self.resolve(&shape.ret)
    }

    pub(super) fn unknown_call(&mut self, args: &'p [ExprId]) -> Ty {
        for arg in args {
            self.expr(*arg, &Ty::Unknown);
        }
        Ty::Unknown
    }

    /// Hands an expectation down into the variables of a result, where no coercion can come between.
    pub(super) fn hint_result(&mut self, ret: &Ty, expected: &Ty, depth: u32) {
        if depth == 0 {
            return;
        }
        match (self.shallow(ret), self.shallow(expected)) {
            (Ty::Adt(a, left), Ty::Adt(b, right)) if a == b => {
                for (left, right) in left.iter().zip(right.iter()) {
                    self.hint_result(left, right, depth - 1);
                }
            }
            (Ty::Tuple(left), Ty::Tuple(right)) => {
                for (left, right) in left.iter().zip(right.iter()) {
                    self.hint_result(left, right, depth - 1);
                }
            }
            (var @ Ty::Infer(_), Ty::Dyn(bounds)) => {
                // `Box::new(|x| ..)` where a `Box<dyn Fn(X)>` is wanted.
                if let Some(bound) = bounds.iter().find(|bound| self.program.lang.is_fn_trait(bound.trait_def)) {
                    self.expect_bound(var, bound.clone());
                }
            }
            (var @ Ty::Infer(_), known @ (Ty::Adt(..) | Ty::Prim(_))) => self.unify(&var, &known),
            // Inside another type nothing coerces.
            (var @ Ty::Infer(_), known @ (Ty::Ref(..) | Ty::Tuple(_) | Ty::Param(..))) if depth < HINT_DEPTH => {
                self.unify(&var, &known);
            }
            _ => {}
        }
    }

    /// What stands for the parameters of a function that was found, those of a blanket impl opened.
    pub(super) fn opened(&mut self, pick: &Pick) -> Subst {
        let mut subst = pick.subst.clone();
        if let Some(block) = pick.block {
            self.open_generics(block, &mut subst);
            subst.close_over(block);
            self.oblige(block, &subst);
        }
        subst
    }

    /// What a method gives, where its arguments are not seen.
    pub(super) fn call_without_args(&mut self, receiver: &Ty, method: Name) -> Ty {
        match self.program.pick_method(receiver, method) {
            Some((pick, _)) => {
                let mut subst = self.opened(&pick);
                self.function_shape(pick.function, &mut subst).ret
            }
            None => Ty::Unknown,
        }
    }

    pub(super) fn turbofish(&mut self, function: DefId, args: Option<&GenericArgs>, subst: &mut Subst) {
        let Some(args) = args else { return };
        for (index, ty) in args.types.iter().enumerate() {
            let ty = self.lower(ty);
            subst.bind(function, index as u32, ty);
        }
    }

    /// Parameters and result of something that can be called.
    pub(super) fn call_signature(&mut self, ty: &Ty) -> Option<FnTy> {
        let mut ty = self.resolve(ty);
        for _ in 0..6 {
            match &ty {
                Ty::Fn(sig) | Ty::Closure(_, _, sig) => return Some((**sig).clone()),
                Ty::FnDef(def) => return self.definition_signature(*def),
                Ty::Dyn(bounds) | Ty::Opaque(bounds) => return self.bound_signature(bounds),
                Ty::Param(..) => return self.bound_signature(&self.program.bounds_of_param(&ty)),
                Ty::Ref(..) | Ty::Adt(..) => ty = self.program.deref(&ty)?,
                _ => return None,
            }
        }
        None
    }

    pub(super) fn bound_signature(&self, bounds: &[Bound]) -> Option<FnTy> {
        let bound = bounds.iter().find(|bound| self.program.lang.is_fn_trait(bound.trait_def))?;
        let Some(Ty::Tuple(params)) = bound.args.first() else { return None };
        let ret = bound.bindings.first().map_or_else(Ty::unit, |(_, ty)| ty.clone());
        Some(FnTy { params: params.clone(), ret })
    }

    pub(super) fn definition_signature(&mut self, def: DefId) -> Option<FnTy> {
        if let ItemKind::Struct(_) = &self.program.item(def).kind {
            let shape = self.constructor_shape(def, 0, &Tys::default());
            return Some(FnTy { params: Tys::new(shape.params), ret: shape.ret });
        }
        let mut subst = Subst::default();
        let has_self = self.program.signature(def)?.self_ty.clone();
        let shape = self.function_shape(def, &mut subst);
        let mut params = Vec::new();
        if let Some(ty) = has_self {
            let ty = self.normalize(&subst.apply(&ty));
            params.push(ty);
        }
        params.extend(shape.params);
        Some(FnTy { params: Tys::new(params), ret: shape.ret })
    }

    /// The parameters (without `self`) and result of a function, with its generics open.
    pub(super) fn function_shape(&mut self, def: DefId, subst: &mut Subst) -> CallShape {
        let Some(signature) = self.program.signature(def) else {
            return CallShape { params: Vec::new(), ret: Ty::Unknown };
        };
        let parent = self.program.def(def).parent;
        let outer =
            parent.filter(|parent| matches!(self.program.item(*parent).kind, ItemKind::Impl(_) | ItemKind::Trait(_)));
        self.open_generics(def, subst);
        if let Some(parent) = outer {
            self.open_generics(parent, subst);
            if matches!(self.program.item(parent).kind, ItemKind::Trait(_)) {
                let var = self.fresh();
                subst.bind(parent, Ty::SELF_INDEX, var);
            }
        }
        let params = signature.params.iter().map(|ty| self.open_param(&subst.apply(ty))).collect();
        let ret = self.normalize(&subst.apply(&signature.ret));
        self.oblige(def, subst);
        if let Some(parent) = outer {
            self.oblige(parent, subst);
        }
        CallShape { params, ret }
    }

    /// A parameter's type; `impl Trait` becomes a variable with its bounds.
    pub(super) fn open_param(&mut self, ty: &Ty) -> Ty {
        let ty = self.normalize(ty);
        match &ty {
            Ty::Opaque(bounds) => {
                let var = self.fresh();
                for bound in bounds.iter() {
                    self.expect_bound(var.clone(), bound.clone());
                }
                var
            }
            _ => ty,
        }
    }

    pub(super) fn constructor_shape(&mut self, def: DefId, variant: u32, args: &Tys) -> CallShape {
        let count = self.program.generics(def).map_or(0, |generics| generics.params.len());
        let args: Tys = (0..count)
            .map(|index| match args.get(index) {
                Some(ty) if *ty != Ty::Unknown => ty.clone(),
                _ => self.fresh(),
            })
            .collect();
        let fields = self.program.field_types(def, variant);
        let params = fields.iter().map(|ty| self.normalize(&substitute(ty, def, &args))).collect();
        CallShape { params, ret: Ty::Adt(def, args) }
    }
}
