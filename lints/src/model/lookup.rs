//! Which function a method call means: autoderef, impls, traits, bounds.

use super::program::{DefId, Program};
use super::signature::ImplHeader;
use super::ty::{Bound, Prim, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::ItemKind;
use std::sync::Arc;

const TARGET: Name = Name::of("Target");
const MAX_DEREFS: usize = 12;

/// What stands for generic parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct Subst {
    entries: Vec<((DefId, u32), Ty)>,
}

impl Subst {
    pub(super) fn get(&self, owner: DefId, index: u32) -> Option<&Ty> {
        self.entries.iter().find(|(key, _)| *key == (owner, index)).map(|(_, ty)| ty)
    }

    pub(super) fn bind(&mut self, owner: DefId, index: u32, ty: Ty) {
        if self.get(owner, index).is_none() {
            self.entries.push(((owner, index), ty));
        }
    }

    pub(super) fn apply(&self, ty: &Ty) -> Ty {
        if self.entries.is_empty() {
            return ty.clone();
        }
        ty.map(&mut |ty| match ty {
            Ty::Param(owner, index) => self.get(*owner, *index).cloned(),
            _ => None,
        })
    }
}

/// A function found for a method call or an associated path.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    /// The function: of an impl, or of a trait where the impl leaves it to the trait.
    pub(super) function: DefId,
    /// The parameters of the impl and of the trait.
    pub(super) subst: Subst,
    /// The type that the receiver had when it matched, before a reference is taken.
    pub(super) self_ty: Ty,
}

impl Program<'_> {
    /// What `*value` is, for the types that can be dereferenced.
    pub fn deref(&self, ty: &Ty) -> Option<Ty> {
        match ty {
            Ty::Ref(_, inner) | Ty::Ptr(_, inner) => Some((**inner).clone()),
            Ty::Adt(..) => {
                let (block, subst) = self.find_impl(self.lang.deref?, ty)?;
                match subst.apply(&self.assoc_type_of_impl(block, TARGET)?) {
                    // `Pin<P>` is what `P` is.
                    Ty::Projection(inner) if inner.1 == TARGET => self.deref(&inner.0),
                    target => Some(target),
                }
            }
            _ => None,
        }
    }

    /// The types that a method call looks at, in order.
    pub(super) fn autoderef(&self, ty: &Ty) -> Vec<Ty> {
        let mut steps = vec![ty.clone()];
        while steps.len() < MAX_DEREFS
            && let Some(last) = steps.last()
            && let Some(next) = self.deref(last)
        {
            steps.push(next);
        }
        if let Some(Ty::Array(inner)) = steps.last() {
            let slice = Ty::Slice(inner.clone());
            steps.push(slice);
        }
        steps
    }

    fn assoc_type_of_impl(&self, block: DefId, name: Name) -> Option<Ty> {
        let ItemKind::Impl(data) = &self.item(block).kind else { return None };
        let unit = self.def(block).unit;
        data.items.iter().find_map(|local| {
            let def = self.def_of(unit, *local);
            match &self.item(def).kind {
                ItemKind::TypeAlias(alias) if self.item(def).name == name => {
                    let ty = alias.ty.as_ref()?;
                    Some(self.lower_type(&self.scope_of(def), ty, &mut || Ty::Unknown))
                }
                _ => None,
            }
        })
    }

    /// The head of an impl whose type is known: an unknown one would fit every type.
    fn known_header(&self, block: DefId) -> Option<&ImplHeader> {
        self.impl_header(block).filter(|header| !header.self_ty.is_unknown())
    }

    /// The impl of a trait for a type; one for its very head before a blanket one.
    pub(super) fn find_impl(&self, trait_def: DefId, ty: &Ty) -> Option<(DefId, Subst)> {
        let impls = self.signatures.trait_impls.get(&trait_def)?;
        let mut blanket = None;
        for block in impls {
            let Some(header) = self.known_header(*block) else { continue };
            if matches!(header.self_ty, Ty::Param(..)) {
                blanket = blanket.or(Some((*block, header)));
                continue;
            }
            let mut subst = Subst::default();
            if matches(&header.self_ty, ty, &mut subst) && self.hands_on(&header.self_ty, ty, trait_def) {
                return Some((*block, subst));
            }
        }
        let (block, header) = blanket?;
        let mut subst = Subst::default();
        let fits = matches(&header.self_ty, ty, &mut subst)
            && self.own_bounds(block).iter().all(|(subject, bound)| {
                *subject != header.self_ty || bound.trait_def == trait_def || self.implements(ty, bound.trait_def, 3)
            });
        fits.then_some((block, subst))
    }

    /// `impl<I: Iterator> Iterator for &mut I` holds for references to iterators, not for a `&mut Option<T>`, whose `take` is
    /// its own.
    fn hands_on(&self, header: &Ty, ty: &Ty, trait_def: DefId) -> bool {
        match (header, ty) {
            (Ty::Ref(_, param), Ty::Ref(_, inner)) if matches!(**param, Ty::Param(..)) => {
                self.implements(inner, trait_def, 3)
            }
            _ => true,
        }
    }

    /// Whether a type is known to implement a trait: through an impl or its own bounds.
    pub(super) fn implements(&self, ty: &Ty, trait_def: DefId, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        let is_known_trait = self.signatures.trait_impls.contains_key(&trait_def);
        match ty {
            Ty::Unknown | Ty::Infer(_) => false,
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => self.bounds_include(bounds, trait_def, depth),
            Ty::Param(..) => self.bounds_include(&self.bounds_of_param(ty), trait_def, depth),
            _ => {
                if !is_known_trait {
                    return false;
                }
                self.signatures.trait_impls.get(&trait_def).is_some_and(|impls| {
                    impls.iter().any(|block| {
                        self.known_header(*block).is_some_and(|header| {
                            !matches!(header.self_ty, Ty::Param(..))
                                && matches(&header.self_ty, ty, &mut Subst::default())
                        })
                    })
                })
            }
        }
    }

    fn bounds_include(&self, bounds: &[Bound], trait_def: DefId, depth: u32) -> bool {
        bounds.iter().any(|bound| {
            bound.trait_def == trait_def
                || (depth > 1 && {
                    let above: Vec<Bound> =
                        self.own_bounds(bound.trait_def).iter().map(|(_, bound)| bound.clone()).collect();
                    self.bounds_include(&above, trait_def, depth - 1)
                })
        })
    }

    /// The bounds on a generic parameter, where it is declared and, for a method, on its impl.
    pub(super) fn bounds_of_param(&self, param: &Ty) -> Vec<Bound> {
        let Ty::Param(owner, index) = param else { return Vec::new() };
        let mut bounds: Vec<Bound> = Vec::new();
        if *index == Ty::SELF_INDEX {
            bounds.push(Bound { trait_def: *owner, args: Tys::default(), bindings: Arc::from([]) });
        }
        let own = self.own_bounds(*owner).iter().filter(|(subject, _)| subject == param);
        bounds.extend(own.map(|(_, bound)| bound.clone()));
        bounds
    }

    /// `<ty as _>::name`, where that is known.
    pub(super) fn project(&self, ty: &Ty, name: Name) -> Option<Ty> {
        match ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => binding(bounds, name).or_else(|| self.project_impl(ty, name)),
            Ty::Param(..) => binding(&self.bounds_of_param(ty), name),
            Ty::Ref(_, inner) => self.project_impl(ty, name).or_else(|| match &**inner {
                // `&mut I` and `&dyn Fn` are what they refer to.
                Ty::Dyn(_) | Ty::Opaque(_) | Ty::Param(..) | Ty::Adt(..) => self.project(inner, name),
                _ => None,
            }),
            Ty::Unknown | Ty::Infer(_) | Ty::Projection(_) => None,
            _ => self.project_impl(ty, name),
        }
    }

    fn project_impl(&self, ty: &Ty, name: Name) -> Option<Ty> {
        let aliases = self.signatures.assoc_types.get(&name)?;
        let mut blanket = None;
        for alias in aliases {
            let Some(block) = self.def(*alias).parent else { continue };
            let Some(header) = self.known_header(block) else { continue };
            if matches!(header.self_ty, Ty::Param(..)) {
                blanket = blanket.or(header.trait_ref.as_ref().map(|bound| bound.trait_def));
                continue;
            }
            let mut subst = Subst::default();
            if matches(&header.self_ty, ty, &mut subst) {
                return self.assoc_type_of_impl(block, name).map(|target| subst.apply(&target));
            }
        }
        let (block, subst) = self.find_impl(blanket?, ty)?;
        self.assoc_type_of_impl(block, name).map(|target| subst.apply(&target))
    }

    /// The function that `receiver.name(..)` calls, and how many dereferences led to it.
    pub(super) fn pick_method(&self, receiver: &Ty, name: Name) -> Option<(Pick, usize)> {
        let steps = self.autoderef(receiver);
        for (depth, step) in steps.iter().enumerate() {
            if step.is_unknown() {
                return None;
            }
            if let Some(pick) = self.pick_at(step, name, true) {
                return Some((pick, depth));
            }
            // A trait may be implemented for a reference to the type.
            if !matches!(step, Ty::Ref(..)) {
                let by_ref = step.clone().reference(false);
                if let Some(pick) = self.pick_in_traits(&by_ref, name) {
                    return Some((pick, depth));
                }
            }
        }
        None
    }

    /// The function `name` of a type: inherent, of a bound, of a trait.
    pub(super) fn pick_at(&self, ty: &Ty, name: Name, needs_self: bool) -> Option<Pick> {
        if let Some(pick) = self.pick_inherent(ty, name, needs_self) {
            return Some(pick);
        }
        let bounds: Vec<Bound> = match ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => bounds.to_vec(),
            Ty::Param(..) => self.bounds_of_param(ty),
            _ => return self.pick_in_traits(ty, name),
        };
        self.pick_in_bounds(ty, &bounds, name, 4).or_else(|| self.pick_in_traits(ty, name))
    }

    fn pick_inherent(&self, ty: &Ty, name: Name, needs_self: bool) -> Option<Pick> {
        let candidates = self.signatures.impl_methods.get(&name)?;
        for function in candidates {
            let Some(block) = self.def(*function).parent else { continue };
            let ItemKind::Impl(data) = &self.item(block).kind else { continue };
            if data.trait_ref.is_some() {
                continue;
            }
            if needs_self && self.function(*function).is_none_or(|function| function.self_param.is_none()) {
                continue;
            }
            let Some(header) = self.known_header(block) else { continue };
            let mut subst = Subst::default();
            if matches(&header.self_ty, ty, &mut subst) {
                return Some(Pick { function: *function, subst, self_ty: ty.clone() });
            }
        }
        None
    }

    fn pick_in_bounds(&self, ty: &Ty, bounds: &[Bound], name: Name, depth: u32) -> Option<Pick> {
        if depth == 0 {
            return None;
        }
        for bound in bounds {
            if let Some(function) = self.trait_function(bound.trait_def, name) {
                return Some(self.pick_of_trait(function, bound, ty));
            }
        }
        bounds.iter().find_map(|bound| {
            let above: Vec<Bound> = self
                .own_bounds(bound.trait_def)
                .iter()
                .filter(|(subject, _)| *subject == Ty::Param(bound.trait_def, Ty::SELF_INDEX))
                .map(|(_, bound)| bound.clone())
                .collect();
            self.pick_in_bounds(ty, &above, name, depth - 1)
        })
    }

    fn pick_of_trait(&self, function: DefId, bound: &Bound, ty: &Ty) -> Pick {
        let mut subst = Subst::default();
        subst.bind(bound.trait_def, Ty::SELF_INDEX, ty.clone());
        for (index, arg) in bound.args.iter().enumerate() {
            subst.bind(bound.trait_def, index as u32, arg.clone());
        }
        Pick { function, subst, self_ty: ty.clone() }
    }

    /// A function of a trait by name.
    pub(super) fn trait_function(&self, trait_def: DefId, name: Name) -> Option<DefId> {
        let candidates = self.signatures.trait_methods.get(&name)?;
        candidates.iter().copied().find(|function| self.def(*function).parent == Some(trait_def))
    }

    fn pick_in_traits(&self, ty: &Ty, name: Name) -> Option<Pick> {
        let candidates = self.signatures.trait_methods.get(&name)?;
        for function in candidates {
            let Some(trait_def) = self.def(*function).parent else { continue };
            let Some((block, impl_subst)) = self.find_impl(trait_def, ty) else { continue };
            let bound = self.known_header(block).and_then(|header| header.trait_ref.clone())?;
            let bound = bound.map(&mut |ty| match ty {
                Ty::Param(owner, index) => impl_subst.get(*owner, *index).cloned(),
                _ => None,
            });
            if let Some(own) = self.impl_function(block, name) {
                return Some(Pick { function: own, subst: impl_subst, self_ty: ty.clone() });
            }
            let mut pick = self.pick_of_trait(*function, &bound, ty);
            pick.subst.entries.extend(impl_subst.entries);
            return Some(pick);
        }
        None
    }

    /// A function of an impl by name.
    pub(super) fn impl_function(&self, block: DefId, name: Name) -> Option<DefId> {
        let candidates = self.signatures.impl_methods.get(&name)?;
        candidates.iter().copied().find(|function| self.def(*function).parent == Some(block))
    }

    /// The function of a trait that a function of an impl implements.
    pub fn declared_by_trait(&self, function: DefId) -> Option<DefId> {
        let block = self.def(function).parent?;
        let header = self.impl_header(block)?;
        self.trait_function(header.trait_ref.as_ref()?.trait_def, self.item(function).name)
    }

    /// The functions that implement a trait's function, where the trait is the user's and the impls are all known.
    pub fn implementors(&self, function: DefId) -> Vec<DefId> {
        let Some(trait_def) = self.def(function).parent else { return Vec::new() };
        let name = self.item(function).name;
        let impls = self.signatures.trait_impls.get(&trait_def).map_or(&[][..], |impls| impls);
        impls.iter().filter_map(|block| self.impl_function(*block, name)).collect()
    }

    /// The structs and enums that implement a trait, test code aside, in order.
    pub fn implementing_types(&self, trait_def: DefId) -> Vec<DefId> {
        let impls = self.signatures.trait_impls.get(&trait_def).map_or(&[][..], |impls| impls);
        impls
            .iter()
            .filter(|block| self.is_analysed(**block))
            .filter_map(|block| self.known_header(*block)?.self_ty.adt())
            .collect()
    }

    /// The impl of a trait for a struct or enum of the user: its `Drop`, say.
    pub fn impl_for(&self, trait_def: Option<DefId>, adt: DefId) -> Option<DefId> {
        self.find_impl(trait_def?, &self.identity(adt)).map(|(block, _)| block)
    }

    /// The `Drop::drop` of a struct or enum.
    pub fn drop_function(&self, adt: DefId) -> Option<DefId> {
        let block = self.impl_for(self.lang.drop, adt)?;
        self.impl_function(block, Name::of("drop"))
    }

    /// The impl blocks of a struct or enum.
    pub fn impls_of(&self, adt: DefId) -> &[DefId] {
        self.signatures.adt_impls.get(&adt).map_or(&[], |impls| impls)
    }
}

fn binding(bounds: &[Bound], name: Name) -> Option<Ty> {
    bounds.iter().find_map(|bound| bound.bindings.iter().find(|(own, _)| *own == name).map(|(_, ty)| ty.clone()))
}

/// Whether `actual` is an instance of `pattern`, whose parameters are bound on the way. What is not known matches.
pub(super) fn matches(pattern: &Ty, actual: &Ty, subst: &mut Subst) -> bool {
    match (pattern, actual) {
        (Ty::Param(owner, index), _) => {
            subst.bind(*owner, *index, actual.clone());
            true
        }
        (Ty::Unknown, _) | (Ty::Projection(_), _) => true,
        (_, Ty::Unknown | Ty::Infer(_)) => true,
        (Ty::Prim(a), Ty::Prim(b)) => a == b,
        (Ty::Adt(a, left), Ty::Adt(b, right)) => {
            a == b && left.iter().zip(right.iter()).all(|(left, right)| matches(left, right, subst))
        }
        (Ty::Ref(a, left), Ty::Ref(b, right)) => a == b && matches(left, right, subst),
        (Ty::Ptr(_, left), Ty::Ptr(_, right))
        | (Ty::Slice(left), Ty::Slice(right))
        | (Ty::Array(left), Ty::Array(right)) => matches(left, right, subst),
        (Ty::Tuple(left), Ty::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| matches(left, right, subst))
        }
        (Ty::Dyn(left), Ty::Dyn(right)) => {
            left.first().map(|bound| bound.trait_def) == right.first().map(|bound| bound.trait_def)
        }
        (Ty::Never, Ty::Never) => true,
        (Ty::Fn(_), Ty::Fn(_)) => true,
        _ => false,
    }
}

impl Ty {
    /// Whether this is a whole number, a bool, a float or a char: nothing that owns anything.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Ty::Prim(Prim::Bool | Prim::Char | Prim::Int | Prim::Float))
    }
}
