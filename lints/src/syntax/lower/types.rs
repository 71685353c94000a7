//! Types, paths and generics.

use super::super::ir::{GenericArgs, GenericParam, Generics, PathRef, Segment, TypeRef};
use super::Lowering;
use crate::source::{Name, Span};
use syn::punctuated::Punctuated;
use syn::{GenericArgument, PathArguments, Token, Type, TypeParamBound};

impl Lowering<'_> {
    pub(super) fn ty(&mut self, ty: &Type) -> TypeRef {
        match ty {
            Type::Path(path) => match &path.qself {
                None => TypeRef::Path(self.path(None, &path.path)),
                Some(qself) => {
                    let mut path = self.path(Some(qself), &path.path);
                    match path.qself.take() {
                        Some(qself) => {
                            let (self_ty, trait_ref) = *qself;
                            TypeRef::Qualified {
                                self_ty: Box::new(self_ty),
                                trait_ref: trait_ref.map(Box::new),
                                rest: path.segments,
                            }
                        }
                        None => TypeRef::Unknown,
                    }
                }
            },
            Type::Reference(reference) => {
                TypeRef::Ref { mutable: reference.mutability.is_some(), inner: Box::new(self.ty(&reference.elem)) }
            }
            Type::Ptr(pointer) => TypeRef::Ptr {
                mutable: matches!(pointer.mutability, syn::PointerMutability::Mut(_)),
                inner: Box::new(self.ty(&pointer.elem)),
            },
            Type::Tuple(tuple) => TypeRef::Tuple(self.types(&tuple.elems)),
            Type::Slice(slice) => TypeRef::Slice(Box::new(self.ty(&slice.elem))),
            Type::Array(array) => TypeRef::Array(Box::new(self.ty(&array.elem))),
            Type::FnPtr(pointer) => TypeRef::Fn {
                params: pointer.inputs.iter().map(|input| self.ty(&input.ty)).collect(),
                ret: Box::new(self.return_type(&pointer.output)),
            },
            Type::Never(_) => TypeRef::Never,
            Type::ImplTrait(bounds) => TypeRef::ImplTrait(self.bounds(&bounds.bounds).into()),
            Type::TraitObject(bounds) => TypeRef::DynTrait(self.bounds(&bounds.bounds).into()),
            Type::Infer(_) => TypeRef::Infer,
            Type::Paren(paren) => self.ty(&paren.elem),
            Type::Group(group) => self.ty(&group.elem),
            _ => TypeRef::Unknown,
        }
    }

    fn types(&mut self, types: &Punctuated<Type, Token![,]>) -> Box<[TypeRef]> {
        types.iter().map(|ty| self.ty(ty)).collect()
    }

    /// The type after `->`, `()` where there is none.
    pub(super) fn return_type(&mut self, output: &syn::ReturnType) -> TypeRef {
        match output {
            syn::ReturnType::Default => TypeRef::unit(),
            syn::ReturnType::Type(_, ty) => self.ty(ty),
        }
    }

    /// The traits among bounds; `?Sized` is none.
    pub(super) fn bounds(&mut self, bounds: &Punctuated<TypeParamBound, Token![+]>) -> Vec<PathRef> {
        let traits = bounds.iter().filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) if bound.maybe.is_none() => Some(&bound.path),
            _ => None,
        });
        traits.map(|path| self.path(None, path)).collect()
    }

    pub(super) fn path(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> PathRef {
        let of_trait = qself.map_or(0, |qself| qself.position.min(path.segments.len()));
        let mut start = path.leading_colon.map(|colon| self.start(colon.spans[0]));
        let mut global = start.is_some();
        let qself =
            qself.map(|qself| {
                let self_ty = self.ty(&qself.ty);
                let trait_ref = (of_trait > 0).then(|| self.segments(path, 0, of_trait)).map(|(segments, span)| {
                    PathRef { qself: None, global, segments, span: Span::new(start.unwrap_or(span.start), span.end) }
                });
                start = Some(self.start(qself.lt_token.span));
                global = false;
                Box::new((self_ty, trait_ref))
            });
        let (segments, span) = self.segments(path, of_trait, path.segments.len());
        let span = Span::new(start.unwrap_or(span.start), span.end);
        PathRef { qself, global, segments, span }
    }

    fn segments(&mut self, path: &syn::Path, from: usize, to: usize) -> (Box<[Segment]>, Span) {
        let mut segments = Vec::with_capacity(to.saturating_sub(from));
        let mut span: Option<Span> = None;
        for segment in path.segments.iter().take(to).skip(from) {
            let (name, name_span) = self.ident(&segment.ident);
            let (args, end) = match &segment.arguments {
                PathArguments::None => (None, name_span.end),
                PathArguments::AngleBracketed(args) => {
                    (Some(Box::new(self.generic_args(args))), self.start(args.gt_token.span) + 1)
                }
                PathArguments::Parenthesized(args) => {
                    let params = args.inputs.iter().map(|input| self.ty(&input.ty)).collect();
                    let ret = self.return_type(&args.output);
                    let fn_sugar = Some((params, ret));
                    (
                        Some(Box::new(GenericArgs { fn_sugar, ..GenericArgs::default() })),
                        self.close(&args.paren_token.span),
                    )
                }
            };
            span = Some(span.unwrap_or(name_span).to(Span::new(name_span.start, end)));
            segments.push(Segment { name, span: name_span, args });
        }
        (segments.into_boxed_slice(), span.unwrap_or_default())
    }

    pub(super) fn generic_args(&mut self, args: &syn::AngleBracketedGenericArguments) -> GenericArgs {
        let mut lowered = GenericArgs::default();
        for arg in &args.args {
            match arg {
                GenericArgument::Type(ty) => lowered.types.push(self.ty(ty)),
                GenericArgument::Const(_) => lowered.types.push(TypeRef::Unknown),
                GenericArgument::AssocType(binding) => {
                    let (name, _) = self.ident(&binding.ident);
                    lowered.bindings.push((name, self.ty(&binding.ty)));
                }
                GenericArgument::Constraint(constraint) => {
                    let (name, _) = self.ident(&constraint.ident);
                    lowered.bindings.push((name, TypeRef::ImplTrait(self.bounds(&constraint.bounds).into())));
                }
                _ => {}
            }
        }
        lowered
    }

    pub(super) fn generics(&mut self, generics: &syn::Generics) -> Generics {
        let mut lowered = Generics::default();
        for param in &generics.params {
            match param {
                syn::GenericParam::Type(param) => {
                    let (name, _) = self.ident(&param.ident);
                    let bounds = self.bounds(&param.bounds);
                    let default = param.default.as_ref().map(|(_, ty)| self.ty(ty));
                    lowered.params.push(GenericParam { name, is_const: false, bounds, default });
                }
                syn::GenericParam::Const(param) => {
                    let (name, _) = self.ident(&param.ident);
                    lowered.params.push(GenericParam { name, is_const: true, bounds: Vec::new(), default: None });
                }
                syn::GenericParam::Lifetime(_) => {}
            }
        }
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        for predicate in predicates {
            if let syn::WherePredicate::Type(predicate) = predicate {
                let ty = self.ty(&predicate.bounded_ty);
                lowered.bounds.push((ty, self.bounds(&predicate.bounds)));
            }
        }
        lowered
    }

    /// The names of a path, without their arguments.
    pub(super) fn path_names(path: &PathRef) -> Box<[Name]> {
        path.segments.iter().map(|segment| segment.name).collect()
    }
}
