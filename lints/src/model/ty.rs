//! Light types: good enough to tell std's `JoinHandle` from tokio's, and a field that holds a vector of them from one
//! that holds a path.
//!
//! Lifetimes, const arguments and the widths of numbers are not kept.

use super::program::{BodyId, DefId};
use crate::source::Name;
use crate::syntax::ir::ExprId;
use std::ops::Deref;
use std::sync::Arc;

/// A type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ty {
    /// Not known: silent.
    Unknown,
    /// `!`
    Never,
    /// A variable of the inference of one body; never seen outside it.
    Infer(u32),
    /// A primitive.
    Prim(Prim),
    /// A struct, enum or union with its arguments.
    Adt(DefId, Tys),
    /// `&T`, `&mut T` (true)
    Ref(bool, Arc<Ty>),
    /// `*const T`, `*mut T` (true)
    Ptr(bool, Arc<Ty>),
    /// `(A, B)`
    Tuple(Tys),
    /// `[T]`
    Slice(Arc<Ty>),
    /// `[T; N]`
    Array(Arc<Ty>),
    /// `fn(A) -> B`
    Fn(Arc<FnTy>),
    /// The type of a function's name, or of a tuple constructor's.
    FnDef(DefId),
    /// A closure: the body it stands in and its expression there.
    Closure(BodyId, ExprId, Arc<FnTy>),
    /// A generic parameter: its owner (function, impl, type, trait, alias) and index; [`Ty::SELF_INDEX`] is a trait's
    /// `Self`.
    Param(DefId, u32),
    /// `dyn A + B`
    Dyn(Arc<[Bound]>),
    /// `impl A + B`; also the future of an `async` function or block.
    Opaque(Arc<[Bound]>),
    /// `<T as Trait>::Name` that is not known yet.
    Projection(Arc<Projection>),
}

/// A list of types.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tys(Option<Arc<[Ty]>>);

/// A primitive type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prim {
    /// `bool`
    Bool,
    /// `char`
    Char,
    /// `str`
    Str,
    /// Every integer type.
    Int,
    /// `f32`, `f64`
    Float,
}

/// Parameters and result of something that can be called.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FnTy {
    /// The parameters.
    pub params: Tys,
    /// The result.
    pub ret: Ty,
}

/// An associated type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Projection {
    /// The type it belongs to.
    pub base: Ty,
    /// The trait that declares it; `None` for `T::Name`, which does not say.
    pub trait_def: Option<DefId>,
    /// Its name.
    pub name: Name,
}

/// A trait bound. `Fn(A) -> B` has the one argument `(A,)` and the binding `Output = B`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Bound {
    /// The trait.
    pub trait_def: DefId,
    /// Its arguments.
    pub args: Tys,
    /// Its associated types.
    pub bindings: Arc<[(Name, Ty)]>,
}

impl Tys {
    /// The list of `types`.
    pub fn new(types: Vec<Ty>) -> Tys {
        Tys((!types.is_empty()).then(|| types.into()))
    }
}

impl Deref for Tys {
    type Target = [Ty];

    fn deref(&self) -> &[Ty] {
        self.0.as_deref().unwrap_or(&[])
    }
}

impl FromIterator<Ty> for Tys {
    fn from_iter<I: IntoIterator<Item = Ty>>(iter: I) -> Tys {
        Tys::new(iter.into_iter().collect())
    }
}

impl Ty {
    /// The index of a trait's `Self`.
    pub const SELF_INDEX: u32 = u32::MAX;

    /// `()`
    pub fn unit() -> Ty {
        Ty::Tuple(Tys::default())
    }

    /// `bool`
    pub const BOOL: Ty = Ty::Prim(Prim::Bool);

    /// `&T`
    pub fn reference(self, mutable: bool) -> Ty {
        Ty::Ref(mutable, Arc::new(self))
    }

    /// Whether this is `()`.
    pub fn is_unit(&self) -> bool {
        matches!(self, Ty::Tuple(types) if types.is_empty())
    }

    /// Whether nothing at all is known of it.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Ty::Unknown | Ty::Infer(_) | Ty::Projection(_))
    }

    /// The type behind any number of references.
    pub fn peel_refs(&self) -> &Ty {
        let mut ty = self;
        while let Ty::Ref(_, inner) = ty {
            ty = inner;
        }
        ty
    }

    /// The struct, enum or union.
    pub fn adt(&self) -> Option<DefId> {
        match self {
            Ty::Adt(def, _) => Some(*def),
            _ => None,
        }
    }

    /// The arguments of a struct, enum or union.
    pub fn args(&self) -> &[Ty] {
        match self {
            Ty::Adt(_, args) => args,
            _ => &[],
        }
    }

    /// Calls `visit` on this type and every type inside it, outermost first, until it answers true.
    pub fn any(&self, visit: &mut dyn FnMut(&Ty) -> bool) -> bool {
        if visit(self) {
            return true;
        }
        match self {
            Ty::Adt(_, types) | Ty::Tuple(types) => types.iter().any(|ty| ty.any(visit)),
            Ty::Ref(_, inner) | Ty::Ptr(_, inner) | Ty::Slice(inner) | Ty::Array(inner) => inner.any(visit),
            Ty::Fn(sig) | Ty::Closure(_, _, sig) => sig.params.iter().any(|ty| ty.any(visit)) || sig.ret.any(visit),
            Ty::Dyn(bounds) | Ty::Opaque(bounds) => bounds.iter().any(|bound| {
                bound.args.iter().any(|ty| ty.any(visit)) || bound.bindings.iter().any(|(_, ty)| ty.any(visit))
            }),
            Ty::Projection(projection) => projection.base.any(visit),
            Ty::Unknown | Ty::Never | Ty::Infer(_) | Ty::Prim(_) | Ty::FnDef(_) | Ty::Param(..) => false,
        }
    }

    /// This type with `replace` applied to it and, where that gives nothing, to its parts.
    pub fn map(&self, replace: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Ty {
        if let Some(other) = replace(self) {
            return other;
        }
        match self {
            Ty::Adt(_, args) if args.is_empty() => self.clone(),
            Ty::Adt(def, args) => Ty::Adt(*def, args.iter().map(|ty| ty.map(replace)).collect()),
            Ty::Tuple(types) if types.is_empty() => self.clone(),
            Ty::Tuple(types) => Ty::Tuple(types.iter().map(|ty| ty.map(replace)).collect()),
            Ty::Ref(mutable, inner) => Ty::Ref(*mutable, Arc::new(inner.map(replace))),
            Ty::Ptr(mutable, inner) => Ty::Ptr(*mutable, Arc::new(inner.map(replace))),
            Ty::Slice(inner) => Ty::Slice(Arc::new(inner.map(replace))),
            Ty::Array(inner) => Ty::Array(Arc::new(inner.map(replace))),
            Ty::Fn(sig) => Ty::Fn(Arc::new(sig.map(replace))),
            Ty::Closure(body, expr, sig) => Ty::Closure(*body, *expr, Arc::new(sig.map(replace))),
            Ty::Dyn(bounds) => Ty::Dyn(bounds.iter().map(|bound| bound.map(replace)).collect()),
            Ty::Opaque(bounds) => Ty::Opaque(bounds.iter().map(|bound| bound.map(replace)).collect()),
            Ty::Projection(projection) => projection.on(projection.base.map(replace)),
            Ty::Unknown | Ty::Never | Ty::Infer(_) | Ty::Prim(_) | Ty::FnDef(_) | Ty::Param(..) => self.clone(),
        }
    }
}

impl FnTy {
    fn map(&self, replace: &mut dyn FnMut(&Ty) -> Option<Ty>) -> FnTy {
        FnTy { params: self.params.iter().map(|ty| ty.map(replace)).collect(), ret: self.ret.map(replace) }
    }
}

impl Projection {
    /// The same associated type of another type.
    pub fn on(&self, base: Ty) -> Ty {
        Ty::Projection(Arc::new(Projection { base, trait_def: self.trait_def, name: self.name }))
    }
}

impl Bound {
    /// The bound with `replace` applied to its types.
    pub fn map(&self, replace: &mut dyn FnMut(&Ty) -> Option<Ty>) -> Bound {
        Bound {
            trait_def: self.trait_def,
            args: self.args.iter().map(|ty| ty.map(replace)).collect(),
            bindings: self.bindings.iter().map(|(name, ty)| (*name, ty.map(replace))).collect(),
        }
    }
}
