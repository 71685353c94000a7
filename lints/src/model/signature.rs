//! Written types to [`Ty`], and the tables of signatures, fields, impls and methods.
//!
//! Lowering never asks for another lowered item (aliases are expanded on the spot, with a budget), so the tables can be
//! filled lazily and from any thread without a cycle.

use super::cfgs::contradict;
use super::program::{Def, DefId, ModuleId, Program};
use super::resolve::Namespace;
use super::ty::{Bound, FnTy, Prim, Projection, Ty, Tys};
use crate::source::Name;
use crate::syntax::ir::{
    Constant, GenericArgs, Generics, Impl, ItemKind, LocalItemId, PathRef, Segment, StaticWrapper, TypeRef,
};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

pub(super) const SELF_TYPE: Name = Name::of("Self");
pub(super) const OUTPUT: Name = Name::of("Output");
const ALIAS_BUDGET: u32 = 12;
/// How far up the traits above a trait are looked into.
pub(super) const BOUND_DEPTH: u32 = 4;

/// A function's types. Its generics are [`Ty::Param`]s of itself and of its impl or trait.
#[derive(Clone, Debug)]
pub struct FnSignature {
    /// `self`, if it has one.
    pub self_ty: Option<Ty>,
    /// The other parameters.
    pub params: Vec<Ty>,
    /// The result; a future for an `async fn`.
    pub ret: Ty,
}

/// The types in the head of an impl.
#[derive(Clone, Debug)]
pub struct ImplHeader {
    /// The type.
    pub self_ty: Ty,
    /// The trait.
    pub trait_ref: Option<Bound>,
}

enum Lowered {
    Function(FnSignature),
    Impl(ImplHeader),
    /// Fields by variant.
    Fields(Vec<Vec<Ty>>),
    Value(Ty),
}

/// What an item asks of its parameters: subject and bound.
type Bounds = Box<[(Ty, Bound)]>;

/// Tables over all items.
#[derive(Default)]
pub(super) struct SignatureTables {
    lowered: Vec<OnceLock<Box<Lowered>>>,
    bounds: Vec<OnceLock<Bounds>>,
    /// Functions and constants of inherent impls, by the head of the type.
    pub(super) inherent: FxHashMap<(Head, Name), Vec<DefId>>,
    /// Functions of traits by name.
    pub(super) trait_methods: FxHashMap<Name, Vec<DefId>>,
    /// Associated types of impls, by the head of the type.
    pub(super) assoc_types: FxHashMap<(Head, Name), Vec<DefId>>,
    /// Impls by trait.
    pub(super) trait_impls: FxHashMap<DefId, Vec<DefId>>,
    /// Impls by trait and the head of the type.
    pub(super) impls_by_head: FxHashMap<(DefId, Head), Vec<DefId>>,
    /// The traits of an item's impl blocks: `Drop` and the rest, by the head type.
    pub(super) adt_impls: FxHashMap<DefId, Vec<DefId>>,
}

/// The outermost part of a type: an impl for another one cannot fit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Head {
    /// A generic parameter: a blanket impl.
    Param,
    Adt(DefId),
    Prim(Prim),
    Ref,
    Ptr,
    Slice,
    Array,
    Tuple,
    Fn,
    Dyn,
    Never,
}

impl Head {
    /// The head of a type; `None` where it is not known, or where only a blanket impl can fit.
    pub(super) fn of(ty: &Ty) -> Option<Head> {
        match ty {
            Ty::Param(..) => Some(Head::Param),
            Ty::Adt(def, _) => Some(Head::Adt(*def)),
            Ty::Prim(prim) => Some(Head::Prim(*prim)),
            Ty::Ref(..) => Some(Head::Ref),
            Ty::Ptr(..) => Some(Head::Ptr),
            Ty::Slice(_) => Some(Head::Slice),
            Ty::Array(_) => Some(Head::Array),
            Ty::Tuple(_) => Some(Head::Tuple),
            Ty::Fn(_) => Some(Head::Fn),
            Ty::Dyn(_) => Some(Head::Dyn),
            Ty::Never => Some(Head::Never),
            Ty::Unknown | Ty::Infer(_) | Ty::FnDef(_) | Ty::Closure(..) | Ty::Opaque(_) | Ty::Projection(_) => None,
        }
    }
}

/// Where a type is written.
#[derive(Clone)]
pub(super) struct TyScope {
    /// The module (or block) whose names are in scope.
    pub(super) module: ModuleId,
    /// The innermost item with generics.
    pub(super) owner: Option<DefId>,
    /// What `Self` means.
    pub(super) self_ty: Option<Ty>,
}

impl SignatureTables {
    pub(super) fn collect(program: &Program<'_>) -> SignatureTables {
        let count = program.defs.len();
        let mut tables = SignatureTables {
            lowered: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            bounds: std::iter::repeat_with(OnceLock::new).take(count).collect(),
            ..SignatureTables::default()
        };
        for def in program.defs() {
            let item = program.item(def);
            if let ItemKind::Impl(block) = &item.kind {
                tables.add_impl(program, def, block);
            } else if let (ItemKind::Function(_), Some(parent)) = (&item.kind, program.def(def).parent)
                && let ItemKind::Trait(_) = &program.item(parent).kind
            {
                tables.trait_methods.entry(item.name).or_default().push(def);
            }
        }
        tables
    }

    fn add_impl(&mut self, program: &Program<'_>, def: DefId, block: &Impl) {
        let unit = program.def(def).unit;
        let scope = TyScope { module: program.def(def).module, owner: Some(def), self_ty: None };
        let head = Head::of(&program.lower_type(&scope, &block.self_ty, &mut || Ty::Unknown));
        // A blanket impl that asks for a trait that is not known would fit every type.
        let head = head.filter(|head| *head != Head::Param || program.knows_bounds(&scope, &block.generics));
        if let Some(Head::Adt(adt)) = head {
            self.adt_impls.entry(adt).or_default().push(def);
        }
        if let Some(trait_ref) = &block.trait_ref
            && let Some(trait_def) = program.resolve_trait(&scope, trait_ref)
        {
            self.trait_impls.entry(trait_def).or_default().push(def);
            if let Some(head) = head {
                self.impls_by_head.entry((trait_def, head)).or_default().push(def);
            }
        }
        let Some(head) = head else { return };
        for child in &block.items {
            let child = program.def_of(unit, *child);
            let item = program.item(child);
            let table = match (&item.kind, &block.trait_ref) {
                (ItemKind::Function(_) | ItemKind::Const(_), None) => &mut self.inherent,
                (ItemKind::TypeAlias(_), Some(_)) => &mut self.assoc_types,
                _ => continue,
            };
            table.entry((head, item.name)).or_default().push(child);
        }
    }
}

impl<'w> Program<'w> {
    fn lowered(&self, def: DefId, make: impl FnOnce() -> Lowered) -> Option<&Lowered> {
        self.signatures.lowered.get(def.index()).map(|slot| &**slot.get_or_init(|| Box::new(make())))
    }

    /// The types of a function.
    pub fn signature(&self, def: DefId) -> Option<&FnSignature> {
        let function = self.function(def)?;
        let lowered = self.lowered(def, || {
            let scope = self.scope_of(def);
            let mut holes = || Ty::Unknown;
            let mut lower = |ty: &TypeRef| self.lower_type(&scope, ty, &mut holes);
            let self_ty = function.self_param.as_ref().map(&mut lower);
            let params = function.params.iter().map(&mut lower).collect();
            let mut ret = lower(&function.ret);
            if function.is_async {
                ret = self.future_of(ret);
            }
            Lowered::Function(FnSignature { self_ty, params, ret })
        });
        match lowered {
            Some(Lowered::Function(signature)) => Some(signature),
            _ => None,
        }
    }

    /// Whether every trait that generics ask for is known.
    fn knows_bounds(&self, scope: &TyScope, generics: &Generics) -> bool {
        let own = generics.params.iter().flat_map(|param| &param.bounds);
        let later = generics.bounds.iter().flat_map(|(_, paths)| paths);
        own.chain(later).all(|path| self.resolve_trait(scope, path).is_some())
    }

    /// `impl Future<Output = ty>`
    pub(super) fn future_of(&self, ty: Ty) -> Ty {
        match self.lang.future {
            Some(trait_def) => {
                let bound = Bound { trait_def, args: Tys::default(), bindings: Arc::from([(OUTPUT, ty)]) };
                Ty::Opaque(Arc::from([bound]))
            }
            None => Ty::Unknown,
        }
    }

    /// The head of an impl block.
    pub fn impl_header(&self, def: DefId) -> Option<&ImplHeader> {
        let ItemKind::Impl(block) = &self.item(def).kind else { return None };
        let lowered = self.lowered(def, || {
            let mut scope = TyScope { module: self.def(def).module, owner: Some(def), self_ty: None };
            let self_ty = self.lower_type(&scope, &block.self_ty, &mut || Ty::Unknown);
            let self_ty = self.twin_for(def, self_ty);
            scope.self_ty = Some(self_ty.clone());
            let trait_ref =
                block.trait_ref.as_ref().and_then(|path| self.lower_bound(&scope, path, &mut || Ty::Unknown));
            Lowered::Impl(ImplHeader { self_ty, trait_ref })
        });
        match lowered {
            Some(Lowered::Impl(header)) => Some(header),
            _ => None,
        }
    }

    /// The type that an impl block is for, where several of one name stand under different `cfg`s: that of the same builds.
    fn twin_for(&self, block: DefId, self_ty: Ty) -> Ty {
        let Ty::Adt(adt, args) = &self_ty else { return self_ty };
        let Some(own) = self.item(block).attrs.cfg.as_deref() else { return self_ty };
        let excludes = |def: DefId| self.item(def).attrs.cfg.as_deref().is_some_and(|cfg| contradict(&[own, cfg]));
        if !excludes(*adt) {
            return self_ty;
        }
        let unit = self.def(*adt).unit;
        let siblings = (0..self.unit(unit).ir.items.len() as u32).map(|local| self.def_of(unit, LocalItemId(local)));
        let is_twin = |def: &DefId| {
            let same_place =
                self.item(*def).name == self.item(*adt).name && self.def(*def).module == self.def(*adt).module;
            same_place && self.is_adt(*def) && !excludes(*def)
        };
        match siblings.into_iter().find(is_twin) {
            Some(twin) => Ty::Adt(twin, args.clone()),
            None => self_ty,
        }
    }

    fn is_adt(&self, def: DefId) -> bool {
        matches!(self.item(def).kind, ItemKind::Struct(_) | ItemKind::Enum(_))
    }

    /// The types of the fields of a variant (0 for a struct), in terms of the item's own parameters.
    pub fn field_types(&self, def: DefId, variant: u32) -> &[Ty] {
        let lowered = self.lowered(def, || {
            let scope = self.scope_of(def);
            let lower = |fields: &[crate::syntax::ir::Field]| -> Vec<Ty> {
                fields.iter().map(|field| self.lower_type(&scope, &field.ty, &mut || Ty::Unknown)).collect()
            };
            Lowered::Fields(match &self.item(def).kind {
                ItemKind::Struct(data) => vec![lower(&data.fields)],
                ItemKind::Enum(data) => data.variants.iter().map(|variant| lower(&variant.fields)).collect(),
                _ => Vec::new(),
            })
        });
        match lowered {
            Some(Lowered::Fields(variants)) => variants.get(variant as usize).map_or(&[], |fields| fields),
            _ => &[],
        }
    }

    /// The type of a constant or static.
    pub fn value_type(&self, def: DefId) -> Ty {
        let (ItemKind::Const(constant) | ItemKind::Static(constant)) = &self.item(def).kind else {
            return Ty::Unknown;
        };
        match self.lowered(def, || Lowered::Value(self.lower_constant(def, constant))) {
            Some(Lowered::Value(ty)) => ty.clone(),
            _ => Ty::Unknown,
        }
    }

    fn lower_constant(&self, def: DefId, constant: &Constant) -> Ty {
        let ty = self.lower_type(&self.scope_of(def), &constant.ty, &mut || Ty::Unknown);
        let wrapper = match constant.wrapper {
            StaticWrapper::None => return ty,
            StaticWrapper::ThreadLocal => self.lang.local_key,
            StaticWrapper::Lazy => self.lang.lazy_lock,
        };
        wrapper.map_or(Ty::Unknown, |wrapper| Ty::Adt(wrapper, Tys::new(vec![ty])))
    }

    /// The bounds that an item puts on its own parameters (those of its impl or trait not included).
    pub fn own_bounds(&self, def: DefId) -> &[(Ty, Bound)] {
        let Some(slot) = self.signatures.bounds.get(def.index()) else { return &[] };
        slot.get_or_init(|| {
            let Some(generics) = self.generics(def) else { return Box::default() };
            let mut scope = TyScope { module: self.def(def).module, owner: Some(def), self_ty: None };
            if let ItemKind::Impl(block) = &self.item(def).kind {
                scope.self_ty = Some(self.lower_type(&scope, &block.self_ty, &mut || Ty::Unknown));
            } else {
                scope = self.scope_of(def);
            }
            let mut bounds = Vec::new();
            for (index, param) in generics.params.iter().enumerate() {
                for path in &param.bounds {
                    if let Some(bound) = self.lower_bound(&scope, path, &mut || Ty::Unknown) {
                        bounds.push((Ty::Param(def, index as u32), bound));
                    }
                }
            }
            for (subject, paths) in &generics.bounds {
                let subject = self.lower_type(&scope, subject, &mut || Ty::Unknown);
                for path in paths {
                    if let Some(bound) = self.lower_bound(&scope, path, &mut || Ty::Unknown) {
                        bounds.push((subject.clone(), bound));
                    }
                }
            }
            if let ItemKind::Trait(data) = &self.item(def).kind {
                for path in &data.supertraits {
                    if let Some(bound) = self.lower_bound(&scope, path, &mut || Ty::Unknown) {
                        bounds.push((Ty::Param(def, Ty::SELF_INDEX), bound));
                    }
                }
            }
            bounds.into()
        })
    }

    /// The bounds on an associated type where its trait declares it.
    pub(super) fn bounds_of_assoc(&self, trait_def: DefId, name: Name) -> Vec<Bound> {
        let ItemKind::Trait(data) = &self.item(trait_def).kind else { return Vec::new() };
        let unit = self.def(trait_def).unit;
        let mut items = data.items.iter().map(|local| self.def_of(unit, *local));
        let found = items.find_map(|def| match &self.item(def).kind {
            ItemKind::TypeAlias(alias) if self.item(def).name == name => Some((def, alias)),
            _ => None,
        });
        let Some((def, alias)) = found else { return Vec::new() };
        let scope = self.scope_of(def);
        alias.bounds.iter().filter_map(|path| self.lower_bound(&scope, path, &mut || Ty::Unknown)).collect()
    }

    /// The scope of types written in an item.
    pub(super) fn scope_of(&self, def: DefId) -> TyScope {
        let data = self.def(def);
        let mut self_ty = None;
        let mut at = Some(def);
        while let Some(here) = at {
            match &self.item(here).kind {
                ItemKind::Impl(_) => {
                    self_ty = self.impl_header(here).map(|header| header.self_ty.clone());
                    break;
                }
                ItemKind::Trait(_) => {
                    self_ty = Some(Ty::Param(here, Ty::SELF_INDEX));
                    break;
                }
                ItemKind::Struct(_) | ItemKind::Enum(_) => {
                    self_ty = Some(self.identity(here));
                    break;
                }
                _ => at = self.def(here).parent,
            }
        }
        TyScope { module: data.module, owner: Some(def), self_ty }
    }

    /// A struct or enum applied to its own parameters.
    pub fn identity(&self, def: DefId) -> Ty {
        let count = self.generics(def).map_or(0, |generics| generics.params.len());
        Ty::Adt(def, (0..count as u32).map(|index| Ty::Param(def, index)).collect())
    }

    /// The type that is written; `holes` gives what stands for `_` and for arguments left out.
    pub(super) fn lower_type(&self, scope: &TyScope, ty: &TypeRef, holes: &mut dyn FnMut() -> Ty) -> Ty {
        self.lower_at(scope, ty, holes, ALIAS_BUDGET)
    }

    fn lower_at(&self, scope: &TyScope, ty: &TypeRef, holes: &mut dyn FnMut() -> Ty, budget: u32) -> Ty {
        if budget == 0 {
            return Ty::Unknown;
        }
        match ty {
            TypeRef::Path(path) => self.lower_path(scope, path, holes, budget),
            TypeRef::Qualified { self_ty, trait_ref, rest } => {
                let base = self.lower_at(scope, self_ty, holes, budget);
                let trait_def = trait_ref.as_ref().and_then(|path| self.resolve_trait(scope, path));
                project_segments(base, trait_def, rest)
            }
            TypeRef::Ref { mutable, inner } => Ty::Ref(*mutable, Arc::new(self.lower_at(scope, inner, holes, budget))),
            TypeRef::Ptr { mutable, inner } => Ty::Ptr(*mutable, Arc::new(self.lower_at(scope, inner, holes, budget))),
            TypeRef::Tuple(types) => {
                Ty::Tuple(types.iter().map(|ty| self.lower_at(scope, ty, holes, budget)).collect())
            }
            TypeRef::Slice(inner) => Ty::Slice(Arc::new(self.lower_at(scope, inner, holes, budget))),
            TypeRef::Array(inner) => Ty::Array(Arc::new(self.lower_at(scope, inner, holes, budget))),
            TypeRef::Fn { params, ret } => {
                let params = params.iter().map(|ty| self.lower_at(scope, ty, holes, budget)).collect();
                Ty::Fn(Arc::new(FnTy { params, ret: self.lower_at(scope, ret, holes, budget) }))
            }
            TypeRef::Never => Ty::Never,
            TypeRef::ImplTrait(bounds) => Ty::Opaque(self.lower_bounds(scope, bounds, holes, budget)),
            TypeRef::DynTrait(bounds) => Ty::Dyn(self.lower_bounds(scope, bounds, holes, budget)),
            TypeRef::Infer => holes(),
            TypeRef::Unknown => Ty::Unknown,
        }
    }

    fn lower_bounds(
        &self,
        scope: &TyScope,
        bounds: &[PathRef],
        holes: &mut dyn FnMut() -> Ty,
        budget: u32,
    ) -> Arc<[Bound]> {
        bounds.iter().filter_map(|path| self.bound_at(scope, path, holes, budget)).collect()
    }

    /// A trait bound; `None` where the trait is not known.
    pub(super) fn lower_bound(&self, scope: &TyScope, path: &PathRef, holes: &mut dyn FnMut() -> Ty) -> Option<Bound> {
        self.bound_at(scope, path, holes, ALIAS_BUDGET)
    }

    fn bound_at(&self, scope: &TyScope, path: &PathRef, holes: &mut dyn FnMut() -> Ty, budget: u32) -> Option<Bound> {
        let trait_def = self.resolve_trait(scope, path)?;
        let args = path.segments.last().and_then(|segment| segment.args.as_deref());
        let Some(args) = args else {
            return Some(Bound { trait_def, args: Tys::default(), bindings: Arc::from([]) });
        };
        if let Some((params, ret)) = &args.fn_sugar {
            let params = params.iter().map(|ty| self.lower_at(scope, ty, holes, budget - 1)).collect();
            let ret = self.lower_at(scope, ret, holes, budget - 1);
            let args = Tys::new(vec![Ty::Tuple(params)]);
            return Some(Bound { trait_def, args, bindings: Arc::from([(OUTPUT, ret)]) });
        }
        let types = args.types.iter().map(|ty| self.lower_at(scope, ty, holes, budget - 1)).collect();
        let bindings =
            args.bindings.iter().map(|(name, ty)| (*name, self.lower_at(scope, ty, holes, budget - 1))).collect();
        Some(Bound { trait_def, args: types, bindings })
    }

    fn resolve_trait(&self, scope: &TyScope, path: &PathRef) -> Option<DefId> {
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        match self.resolve_path(scope.module, &names, path.global, Namespace::Types) {
            (Def::Item(def), taken) if taken == names.len() => {
                matches!(self.item(def).kind, ItemKind::Trait(_)).then_some(def)
            }
            _ => None,
        }
    }

    fn lower_path(&self, scope: &TyScope, path: &PathRef, holes: &mut dyn FnMut() -> Ty, budget: u32) -> Ty {
        if let Some(qself) = &path.qself {
            let base = self.lower_at(scope, &qself.0, holes, budget - 1);
            let trait_def = qself.1.as_ref().and_then(|path| self.resolve_trait(scope, path));
            return project_segments(base, trait_def, &path.segments);
        }
        let Some(first) = path.segments.first() else { return Ty::Unknown };
        if !path.global {
            if first.name == SELF_TYPE {
                return self.lower_self(scope, &path.segments[1..], holes, budget);
            }
            if let Some(param) = self.generic_param(scope.owner, first.name) {
                let rest = &path.segments[1..];
                let trait_def = rest.first().and_then(|assoc| self.trait_of_param(&param, first.name, assoc.name));
                return project_segments(param, trait_def, rest);
            }
        }
        let names: Vec<Name> = path.segments.iter().map(|segment| segment.name).collect();
        let (def, taken) = self.resolve_path(scope.module, &names, path.global, Namespace::Types);
        let base = match def {
            Def::Item(def) => {
                let args = path.segments.get(taken - 1).and_then(|segment| segment.args.as_deref());
                self.applied(scope, def, args, holes, budget)
            }
            Def::Variant(def, _) => {
                let args = path.segments.get(taken.wrapping_sub(2)).and_then(|segment| segment.args.as_deref());
                self.applied(scope, def, args, holes, budget)
            }
            Def::Prim(prim) => Ty::Prim(prim),
            Def::None | Def::Unknown | Def::Module(_) => Ty::Unknown,
        };
        match path.segments.get(taken..) {
            Some(rest) if !rest.is_empty() => project_segments(base, None, rest),
            _ => base,
        }
    }

    /// `Self`, `Self::Item`
    fn lower_self(&self, scope: &TyScope, rest: &[Segment], holes: &mut dyn FnMut() -> Ty, budget: u32) -> Ty {
        let base = scope.self_ty.clone().unwrap_or(Ty::Unknown);
        let Some(first) = rest.first() else { return base };
        // In an impl, the associated type is usually written a few lines above.
        let mut at = scope.owner;
        while let Some(here) = at {
            if let ItemKind::Impl(block) = &self.item(here).kind {
                let unit = self.def(here).unit;
                for child in &block.items {
                    let child = self.def_of(unit, *child);
                    if let ItemKind::TypeAlias(alias) = &self.item(child).kind
                        && self.item(child).name == first.name
                        && let Some(ty) = &alias.ty
                    {
                        let ty = self.lower_at(scope, ty, holes, budget - 1);
                        return project_segments(ty, None, &rest[1..]);
                    }
                }
                break;
            }
            at = self.def(here).parent;
        }
        let trait_def = match &base {
            Ty::Param(owner, Ty::SELF_INDEX) => self.declaring_trait(*owner, first.name, BOUND_DEPTH),
            _ => None,
        };
        project_segments(base, trait_def, rest)
    }

    /// The trait among a parameter's bounds, as written, that declares an associated type.
    fn trait_of_param(&self, param: &Ty, name: Name, assoc: Name) -> Option<DefId> {
        let Ty::Param(owner, index) = param else { return None };
        let generics = self.generics(*owner)?;
        let scope = TyScope { module: self.def(*owner).module, owner: Some(*owner), self_ty: None };
        let own = generics.params.get(*index as usize).map_or(&[][..], |param| &param.bounds);
        let later = generics
            .bounds
            .iter()
            .filter(|(subject, _)| matches!(subject, TypeRef::Path(path) if path.single() == Some(name)));
        let mut paths = own.iter().chain(later.flat_map(|(_, paths)| paths));
        paths.find_map(|path| self.declaring_trait(self.resolve_trait(&scope, path)?, assoc, BOUND_DEPTH))
    }

    /// The trait itself or the one above it that declares an associated type.
    pub(super) fn declaring_trait(&self, trait_def: DefId, name: Name, depth: u32) -> Option<DefId> {
        let ItemKind::Trait(data) = &self.item(trait_def).kind else { return None };
        let unit = self.def(trait_def).unit;
        let declares = data.items.iter().any(|local| {
            let item = self.item(self.def_of(unit, *local));
            item.name == name && matches!(item.kind, ItemKind::TypeAlias(_))
        });
        if declares {
            return Some(trait_def);
        }
        let depth = depth.checked_sub(1)?;
        let scope = TyScope { module: self.def(trait_def).module, owner: Some(trait_def), self_ty: None };
        data.supertraits.iter().find_map(|path| self.declaring_trait(self.resolve_trait(&scope, path)?, name, depth))
    }

    /// A generic parameter by name, of the item or of those around it.
    pub(super) fn generic_param(&self, owner: Option<DefId>, name: Name) -> Option<Ty> {
        let mut at = owner;
        while let Some(here) = at {
            if let Some(generics) = self.generics(here)
                && let Some(index) = generics.params.iter().position(|param| param.name == name)
            {
                return Some(Ty::Param(here, index as u32));
            }
            // An item in a function's body does not see the function's parameters.
            let parent = self.def(here).parent;
            at = parent.filter(|parent| !matches!(self.item(*parent).kind, ItemKind::Function(_)));
        }
        None
    }

    /// An item as a type, with its arguments.
    fn applied(
        &self,
        scope: &TyScope,
        def: DefId,
        args: Option<&GenericArgs>,
        holes: &mut dyn FnMut() -> Ty,
        budget: u32,
    ) -> Ty {
        match &self.item(def).kind {
            ItemKind::Struct(data) => Ty::Adt(def, self.lower_args(scope, def, &data.generics, args, holes, budget)),
            ItemKind::Enum(data) => Ty::Adt(def, self.lower_args(scope, def, &data.generics, args, holes, budget)),
            ItemKind::TypeAlias(alias) => {
                let Some(ty) = &alias.ty else { return Ty::Unknown };
                let args = self.lower_args(scope, def, &alias.generics, args, holes, budget);
                let inner = TyScope { module: self.def(def).module, owner: Some(def), self_ty: None };
                let ty = self.lower_at(&inner, ty, &mut || Ty::Unknown, budget - 1);
                substitute(&ty, def, &args)
            }
            ItemKind::Trait(_) => {
                Ty::Dyn(Arc::from([Bound { trait_def: def, args: Tys::default(), bindings: Arc::from([]) }]))
            }
            _ => Ty::Unknown,
        }
    }

    fn lower_args(
        &self,
        scope: &TyScope,
        def: DefId,
        generics: &Generics,
        args: Option<&GenericArgs>,
        holes: &mut dyn FnMut() -> Ty,
        budget: u32,
    ) -> Tys {
        let mut types: Vec<Ty> = Vec::with_capacity(generics.params.len());
        for (index, param) in generics.params.iter().enumerate() {
            let given = args.and_then(|args| args.types.get(index));
            let ty = match (given, &param.default) {
                (Some(ty), _) => self.lower_at(scope, ty, holes, budget - 1),
                (None, Some(default)) => {
                    let inner = TyScope { module: self.def(def).module, owner: Some(def), self_ty: None };
                    let ty = self.lower_at(&inner, default, &mut || Ty::Unknown, budget - 1);
                    substitute(&ty, def, &types)
                }
                (None, None) => holes(),
            };
            types.push(ty);
        }
        Tys::new(types)
    }

    /// The type of a literal string: `&str`.
    pub(super) fn str_ref(&self) -> Ty {
        Ty::Prim(Prim::Str).reference(false)
    }
}

/// `ty` with the parameters of `owner` replaced by `args`.
pub(super) fn substitute(ty: &Ty, owner: DefId, args: &[Ty]) -> Ty {
    ty.map(&mut |ty| match ty {
        Ty::Param(def, index) if *def == owner => Some(args.get(*index as usize).cloned().unwrap_or(Ty::Unknown)),
        _ => None,
    })
}

/// `<base as trait_def>::rest`
fn project_segments(base: Ty, trait_def: Option<DefId>, rest: &[Segment]) -> Ty {
    let mut trait_def = trait_def;
    rest.iter().fold(base, |base, segment| match base {
        Ty::Unknown => Ty::Unknown,
        // The trait speaks of the first one only.
        base => Ty::Projection(Arc::new(Projection { base, trait_def: trait_def.take(), name: segment.name })),
    })
}
