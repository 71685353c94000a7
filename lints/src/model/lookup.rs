//! Which function a method call means: autoderef, impls, traits, bounds.

use super::program::{DefId, Program};
use super::signature::{BOUND_DEPTH, Head, ImplHeader, OUTPUT};
use super::ty::{Bound, Prim, Projection, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{ItemKind, TypeRef};
use std::sync::Arc;

const TARGET: Name = Name::of("Target");
const CLONE: Name = Name::of("Clone");
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

    /// Replaces the parameters of an impl in what is bound already: they have their own entries by now.
    pub(super) fn close_over(&mut self, block: DefId) {
        for index in 0..self.entries.len() {
            let Some((_, ty)) = self.entries.get(index) else { continue };
            let closed = ty.map(&mut |ty| match ty {
                Ty::Param(owner, index) if *owner == block => self.get(*owner, *index).cloned(),
                _ => None,
            });
            if let Some((_, ty)) = self.entries.get_mut(index) {
                *ty = closed;
            }
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
    /// The impl, where the function is the trait's own: `impl<T, U: From<T>> Into<U> for T`.
    pub(super) block: Option<DefId>,
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
                    Ty::Projection(inner) if inner.name == TARGET => self.deref(&inner.base),
                    target => Some(target),
                }
            }
            Ty::Param(..) | Ty::Opaque(_) | Ty::Projection(_) => {
                self.bound_type(&self.bounds_of(ty)?, self.lang.deref, TARGET)
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

    fn impls_for(&self, trait_def: DefId, head: Head) -> &[DefId] {
        self.signatures.impls_by_head.get(&(trait_def, head)).map_or(&[], |impls| impls)
    }

    /// The impl of a trait for a type; one for its very head before a blanket one.
    pub(super) fn find_impl(&self, trait_def: DefId, ty: &Ty) -> Option<(DefId, Subst)> {
        self.find_impl_at(trait_def, ty, BOUND_DEPTH)
    }

    fn find_impl_at(&self, trait_def: DefId, ty: &Ty, depth: u32) -> Option<(DefId, Subst)> {
        let depth = depth.checked_sub(1)?;
        if let Some(head) = Head::of(ty).filter(|head| *head != Head::Param) {
            for block in self.impls_for(trait_def, head) {
                let Some(header) = self.known_header(*block) else { continue };
                let mut subst = Subst::default();
                if matches(&header.self_ty, ty, &mut subst) && self.hands_on(*block, trait_def, &subst, depth) {
                    return Some((*block, subst));
                }
            }
        }
        if matches!(ty, Ty::Unknown | Ty::Infer(_)) {
            return None;
        }
        self.impls_for(trait_def, Head::Param).iter().find_map(|block| {
            let header = self.known_header(*block)?;
            let mut subst = Subst::default();
            let fits = matches(&header.self_ty, ty, &mut subst)
                && self.own_bounds(*block).iter().all(|(subject, bound)| self.satisfies(subject, bound, &subst, depth));
            fits.then_some((*block, subst))
        })
    }

    /// Whether a bound of a blanket impl holds: `T: Job<Output = u32>`, `T::Target: Job`.
    fn satisfies(&self, subject: &Ty, bound: &Bound, subst: &Subst, depth: u32) -> bool {
        let actual = match subst.apply(subject) {
            Ty::Projection(inner) => match self.project_at(&inner.base, inner.trait_def, inner.name, depth) {
                Some(known) => known,
                None => return false,
            },
            actual => actual,
        };
        self.implements(&actual, bound.trait_def, depth)
            && bound.bindings.iter().all(|(name, wanted)| {
                let known = self.project_at(&actual, Some(bound.trait_def), *name, depth);
                known.is_none_or(|known| matches(&subst.apply(wanted), &known, &mut subst.clone()))
            })
    }

    /// The impl of a trait for a type and for these arguments of the trait, if only one fits.
    pub(super) fn only_impl(&self, trait_def: DefId, ty: &Ty, args: &[Ty]) -> Option<(DefId, Subst)> {
        let head = Head::of(ty).filter(|head| *head != Head::Param);
        let own = head.map_or(&[][..], |head| self.impls_for(trait_def, head));
        let mut fitting = own.iter().filter_map(|block| {
            let header = self.known_header(*block)?;
            let mut subst = Subst::default();
            let fits = matches(&header.self_ty, ty, &mut subst) && {
                let own = &header.trait_ref.as_ref()?.args;
                // Bound on a copy: what the caller learns it learns by unification.
                let mut subst = subst.clone();
                own.iter().zip(args).all(|(own, asked)| matches(&subst.apply(own), asked, &mut subst))
            };
            fits.then_some((*block, subst))
        });
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Some(only),
            (None, _) => self.find_impl(trait_def, ty),
            _ => None,
        }
    }

    /// `impl<I: Iterator> Iterator for &mut I` holds for references to iterators, not for a `&mut Option<T>`, whose `take` is
    /// its own.
    fn hands_on(&self, block: DefId, trait_def: DefId, subst: &Subst, depth: u32) -> bool {
        self.own_bounds(block).iter().all(|(subject, bound)| match subject {
            Ty::Param(owner, index) if bound.trait_def == trait_def => match subst.get(*owner, *index) {
                Some(Ty::Unknown | Ty::Infer(_)) | None => true,
                Some(inner) => self.implements(inner, trait_def, depth),
            },
            _ => true,
        })
    }

    /// Whether a type is known to implement a trait: through an impl, a derive or its own bounds. A trait that is
    /// automatic or mostly derived is not asked for.
    pub(super) fn implements(&self, ty: &Ty, trait_def: DefId, depth: u32) -> bool {
        if depth == 0 {
            return false;
        }
        match ty {
            Ty::Unknown | Ty::Infer(_) => false,
            _ if self.lang.is_automatic(trait_def) => true,
            Ty::Ref(..) if Some(trait_def) == self.lang.deref => true,
            Ty::Dyn(_) | Ty::Opaque(_) | Ty::Param(..) | Ty::Projection(_)
                if self.bounds_of(ty).is_some_and(|bounds| self.bounds_include(&bounds, trait_def, depth)) =>
            {
                true
            }
            _ => self.find_impl_at(trait_def, ty, depth).is_some(),
        }
    }

    fn bounds_include(&self, bounds: &[Bound], trait_def: DefId, depth: u32) -> bool {
        bounds.iter().any(|bound| {
            bound.trait_def == trait_def
                || (depth > 1 && self.bounds_include(&self.bounds_above(bound), trait_def, depth - 1))
        })
    }

    /// What is asked of a type that is known by its bounds alone.
    fn bounds_of(&self, ty: &Ty) -> Option<Vec<Bound>> {
        match ty {
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => Some(bounds.to_vec()),
            Ty::Param(..) => Some(self.bounds_of_param(ty)),
            Ty::Projection(projection) => Some(self.bounds_of_projection(ty, projection)),
            _ => None,
        }
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

    /// The bounds on `T::Name`: where `T` is declared, and where the trait declares `Name`.
    fn bounds_of_projection(&self, ty: &Ty, projection: &Projection) -> Vec<Bound> {
        let mut bounds = Vec::new();
        if let Ty::Param(owner, _) = projection.base {
            let own = self.own_bounds(owner).iter().filter(|(subject, _)| match subject {
                Ty::Projection(other) => other.base == projection.base && other.name == projection.name,
                _ => subject == ty,
            });
            bounds.extend(own.map(|(_, bound)| bound.clone()));
        }
        if let Some(trait_def) = projection.trait_def {
            let declared = self.bounds_of_assoc(trait_def, projection.name);
            bounds.extend(declared.iter().map(|bound| {
                bound.map(&mut |ty| match ty {
                    Ty::Param(owner, Ty::SELF_INDEX) if *owner == trait_def => Some(projection.base.clone()),
                    _ => None,
                })
            }));
        }
        bounds
    }

    /// The bounds of the bounds: what the traits above a trait are.
    fn bounds_above(&self, bound: &Bound) -> Vec<Bound> {
        let above = self.own_bounds(bound.trait_def).iter();
        let above = above.filter(|(subject, _)| *subject == Ty::Param(bound.trait_def, Ty::SELF_INDEX));
        let apply = |ty: &Ty| match ty {
            Ty::Param(owner, index) if *owner == bound.trait_def => bound.args.get(*index as usize).cloned(),
            _ => None,
        };
        above.map(|(_, above)| above.map(&mut |ty| apply(ty))).collect()
    }

    /// What bounds say of an associated type; of that of one trait, where it is given.
    fn bound_type(&self, bounds: &[Bound], trait_def: Option<DefId>, name: Name) -> Option<Ty> {
        self.bound_type_at(bounds, trait_def, name, BOUND_DEPTH)
    }

    fn bound_type_at(&self, bounds: &[Bound], trait_def: Option<DefId>, name: Name, depth: u32) -> Option<Ty> {
        let depth = depth.checked_sub(1)?;
        let named = |bound: &Bound| bound.bindings.iter().find(|(own, _)| *own == name).map(|(_, ty)| ty.clone());
        // `IntoIterator<Item = T>` says what `Iterator::Item` is: one name means one type in one list of bounds.
        let exact = bounds.iter().filter(|bound| Some(bound.trait_def) == trait_def).find_map(named);
        exact.or_else(|| bounds.iter().find_map(named)).or_else(|| {
            bounds.iter().find_map(|bound| self.bound_type_at(&self.bounds_above(bound), trait_def, name, depth))
        })
    }

    /// `<ty as trait_def>::name`, where that is known; of whatever trait has it, without one.
    pub(super) fn project(&self, ty: &Ty, trait_def: Option<DefId>, name: Name) -> Option<Ty> {
        self.project_at(ty, trait_def, name, BOUND_DEPTH)
    }

    fn project_at(&self, ty: &Ty, trait_def: Option<DefId>, name: Name, depth: u32) -> Option<Ty> {
        let depth = depth.checked_sub(1)?;
        match ty {
            Ty::Dyn(_) | Ty::Opaque(_) | Ty::Param(..) | Ty::Projection(_) => {
                let bounds = self.bounds_of(ty)?;
                self.bound_type(&bounds, trait_def, name).or_else(|| self.project_impl(ty, trait_def, name, depth))
            }
            Ty::Ref(_, inner) => self.project_impl(ty, trait_def, name, depth).or_else(|| match &**inner {
                // `&mut I` and `&dyn Fn` are what they refer to.
                Ty::Dyn(_) | Ty::Opaque(_) | Ty::Param(..) | Ty::Adt(..) => {
                    self.project_at(inner, trait_def, name, depth)
                }
                _ => None,
            }),
            Ty::Unknown | Ty::Infer(_) => None,
            _ => self.project_impl(ty, trait_def, name, depth),
        }
    }

    fn project_impl(&self, ty: &Ty, trait_def: Option<DefId>, name: Name, depth: u32) -> Option<Ty> {
        let aliases = |head: Head| self.signatures.assoc_types.get(&(head, name)).map_or(&[][..], |aliases| aliases);
        let own = Head::of(ty).filter(|head| *head != Head::Param).map_or(&[][..], aliases);
        for alias in own {
            let Some((block, header, of)) = self.impl_of_alias(*alias) else { continue };
            let mut subst = Subst::default();
            if trait_def.is_none_or(|wanted| wanted == of)
                && matches(&header.self_ty, ty, &mut subst)
                && self.hands_on(block, of, &subst, depth)
            {
                return self.assoc_type_of_impl(block, name).map(|target| subst.apply(&target));
            }
        }
        for alias in aliases(Head::Param) {
            let Some((_, _, of)) = self.impl_of_alias(*alias) else { continue };
            if trait_def.is_none_or(|wanted| wanted == of)
                && let Some((block, subst)) = self.find_impl_at(of, ty, depth)
                && let Some(target) = self.assoc_type_of_impl(block, name)
            {
                return Some(subst.apply(&target));
            }
        }
        None
    }

    fn impl_of_alias(&self, alias: DefId) -> Option<(DefId, &ImplHeader, DefId)> {
        let block = self.def(alias).parent?;
        let header = self.known_header(block)?;
        Some((block, header, header.trait_ref.as_ref()?.trait_def))
    }

    /// The `Output` of an operator's trait, or of `Index`, for these operands.
    pub(super) fn operator_output(&self, trait_def: DefId, left: &Ty, right: &Ty) -> Option<Ty> {
        let head = Head::of(left).filter(|head| *head != Head::Param)?;
        self.impls_for(trait_def, head).iter().find_map(|block| {
            let header = self.known_header(*block)?;
            let mut subst = Subst::default();
            let own = header.trait_ref.as_ref()?.args.first().unwrap_or(&header.self_ty);
            if !matches(&header.self_ty, left, &mut subst) || !matches(&subst.apply(own), right, &mut subst) {
                return None;
            }
            self.assoc_type_of_impl(*block, OUTPUT).map(|target| subst.apply(&target))
        })
    }

    /// The function that `receiver.name(..)` calls, and how many dereferences led to it.
    pub(super) fn pick_method(&self, receiver: &Ty, name: Name) -> Option<(Pick, usize)> {
        let steps = self.autoderef(receiver);
        for (depth, step) in steps.iter().enumerate() {
            if matches!(step, Ty::Unknown | Ty::Infer(_)) {
                return None;
            }
            if let Some(pick) = self.pick_at(step, name, true) {
                // `(&n).to_owned()` is that of `n`, although a reference has one too.
                if let (Ty::Ref(..), Some(inner)) = (step, steps.get(depth + 1))
                    && self.borrows_self(pick.function)
                    && !inner.is_unknown()
                    && let Some(behind) = self.pick_at(inner, name, true)
                    && self.borrows_self(behind.function)
                {
                    return Some((behind, depth + 1));
                }
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

    /// Whether a method takes `&self` or `&mut self`.
    fn borrows_self(&self, function: DefId) -> bool {
        let receiver = self.function(function).and_then(|function| function.self_param.as_ref());
        matches!(receiver, Some(TypeRef::Ref { .. }))
    }

    /// What `clone` gives where no impl of `Clone` says so: derives are not impls, and a generic parameter, a closure, a
    /// primitive has none. Never a guard or another library's type that derefs and has no impl: then what it derefs to.
    pub(super) fn cloned(&self, receiver: &Ty) -> Option<(Ty, usize)> {
        self.autoderef(receiver).into_iter().enumerate().find_map(|(depth, step)| {
            let is_own = match &step {
                Ty::Unknown | Ty::Infer(_) | Ty::Ref(..) | Ty::Prim(Prim::Str) | Ty::Slice(_) | Ty::Dyn(_) => false,
                Ty::Adt(def, _) => self.item(*def).attrs.derives.contains(&CLONE) || self.deref(&step).is_none(),
                _ => true,
            };
            is_own.then_some((step, depth))
        })
    }

    /// The function `name` of a type: inherent, of a bound, of a trait.
    pub(super) fn pick_at(&self, ty: &Ty, name: Name, needs_self: bool) -> Option<Pick> {
        if let Some(pick) = self.pick_inherent(ty, name, needs_self) {
            return Some(pick);
        }
        match self.bounds_of(ty) {
            Some(bounds) => {
                self.pick_in_bounds(ty, &bounds, name, BOUND_DEPTH).or_else(|| self.pick_in_traits(ty, name))
            }
            None => self.pick_in_traits(ty, name),
        }
    }

    fn pick_inherent(&self, ty: &Ty, name: Name, needs_self: bool) -> Option<Pick> {
        let candidates = self.signatures.inherent.get(&(Head::of(ty)?, name))?;
        let mut fitting = candidates.iter().filter_map(|function| {
            if self.function(*function)?.self_param.is_none() && needs_self {
                return None;
            }
            let header = self.known_header(self.def(*function).parent?)?;
            let mut subst = Subst::default();
            let fits = matches(&header.self_ty, ty, &mut subst);
            fits.then(|| (header.self_ty == *ty, Pick { function: *function, subst, self_ty: ty.clone(), block: None }))
        });
        let (is_exact, first) = fitting.next()?;
        // `dyn Any + Send` fits an impl for `dyn Any` too, but has one of its own.
        let better = if is_exact { None } else { fitting.find(|(is_exact, _)| *is_exact) };
        Some(better.map_or(first, |(_, pick)| pick))
    }

    /// The constant `name` of a type: inherent, of a trait's impl, or of a bound.
    pub(super) fn assoc_const(&self, ty: &Ty, name: Name) -> Option<(DefId, Subst)> {
        let is_const = |def: DefId| self.item(def).name == name && matches!(self.item(def).kind, ItemKind::Const(_));
        let inherent = Head::of(ty).and_then(|head| self.signatures.inherent.get(&(head, name)));
        let of_type = inherent.into_iter().flatten().copied().filter(|def| is_const(*def)).find_map(|def| {
            let mut subst = Subst::default();
            let header = self.known_header(self.def(def).parent?)?;
            matches(&header.self_ty, ty, &mut subst).then_some((def, subst))
        });
        of_type
            .or_else(|| {
                let blocks = ty.adt().map_or(&[][..], |adt| self.impls_of(adt));
                blocks.iter().find_map(|block| {
                    let ItemKind::Impl(data) = &self.item(*block).kind else { return None };
                    let unit = self.def(*block).unit;
                    let found = data.items.iter().map(|local| self.def_of(unit, *local)).find(|def| is_const(*def))?;
                    let mut subst = Subst::default();
                    matches(&self.known_header(*block)?.self_ty, ty, &mut subst).then_some((found, subst))
                })
            })
            .or_else(|| {
                self.bounds_of(ty)?.iter().find_map(|bound| {
                    let ItemKind::Trait(data) = &self.item(bound.trait_def).kind else { return None };
                    let unit = self.def(bound.trait_def).unit;
                    let found = data.items.iter().map(|local| self.def_of(unit, *local)).find(|def| is_const(*def))?;
                    let mut subst = Subst::default();
                    subst.bind(bound.trait_def, Ty::SELF_INDEX, ty.clone());
                    Some((found, subst))
                })
            })
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
        bounds.iter().find_map(|bound| self.pick_in_bounds(ty, &self.bounds_above(bound), name, depth - 1))
    }

    fn pick_of_trait(&self, function: DefId, bound: &Bound, ty: &Ty) -> Pick {
        let mut subst = Subst::default();
        subst.bind(bound.trait_def, Ty::SELF_INDEX, ty.clone());
        for (index, arg) in bound.args.iter().enumerate() {
            subst.bind(bound.trait_def, index as u32, arg.clone());
        }
        Pick { function, subst, self_ty: ty.clone(), block: None }
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
            let Some((block, impl_subst)) = self.find_impl(trait_def, ty) else {
                if self.derives(ty, trait_def) {
                    let bound = Bound { trait_def, args: Tys::default(), bindings: Arc::from([]) };
                    return Some(self.pick_of_trait(*function, &bound, ty));
                }
                continue;
            };
            let bound = self.known_header(block).and_then(|header| header.trait_ref.clone())?;
            let bound = bound.map(&mut |ty| match ty {
                Ty::Param(owner, index) => impl_subst.get(*owner, *index).cloned(),
                _ => None,
            });
            if let Some(own) = self.impl_function(block, name) {
                return Some(Pick { function: own, subst: impl_subst, self_ty: ty.clone(), block: None });
            }
            let mut pick = self.pick_of_trait(*function, &bound, ty);
            pick.subst.entries.extend(impl_subst.entries);
            pick.block = Some(block);
            return Some(pick);
        }
        None
    }

    /// Whether a type derives a trait. A derived `clone` has no function: see [`Program::cloned`].
    fn derives(&self, ty: &Ty, trait_def: DefId) -> bool {
        if Some(trait_def) == self.lang.clone {
            return false;
        }
        let derives = |def: DefId| self.item(def).attrs.derives.contains(&self.item(trait_def).name);
        self.lang.is_automatic(trait_def) && ty.adt().is_some_and(derives)
    }

    /// A function of an impl by name.
    pub fn impl_function(&self, block: DefId, name: Name) -> Option<DefId> {
        let ItemKind::Impl(data) = &self.item(block).kind else { return None };
        let unit = self.def(block).unit;
        let mut functions = data.items.iter().map(|local| self.def_of(unit, *local));
        functions.find(|def| self.item(*def).name == name && self.function(*def).is_some())
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

    /// Whether a type has a `Clone` of its own, as far as its head says: what its arguments have is another question.
    pub fn is_clone(&self, ty: &Ty) -> bool {
        self.lang.clone.is_some_and(|clone| self.find_impl(clone, ty).is_some())
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
