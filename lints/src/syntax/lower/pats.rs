//! Patterns.

use super::super::ir::{Pat, PatData, PatId, PathRef, Segment, TypeRef};
use super::Lowering;
use crate::source::Span;
use syn::punctuated::Punctuated;
use syn::{Member, Token};

impl Lowering<'_> {
    /// A whole pattern: its alternatives share their locals.
    pub(super) fn pat(&mut self, pat: &syn::Pat) -> PatId {
        self.body.start_pattern();
        self.sub_pat(pat)
    }

    /// The pattern and the type written after it.
    pub(super) fn typed_pat(&mut self, pat: &syn::Pat) -> (PatId, Option<TypeRef>) {
        let syn::Pat::Type(typed) = pat else { return (self.pat(pat), None) };
        let ty = self.ty(&typed.ty);
        let pat = self.pat(&typed.pat);
        self.declare_type(pat, &ty);
        (pat, Some(ty))
    }

    /// Gives the local of a plain binding its type.
    pub(super) fn declare_type(&mut self, pat: PatId, ty: &TypeRef) {
        if let Some(PatData { kind: Pat::Bind { local, sub: None }, .. }) = self.body.pats.get(pat.index())
            && let Some(local) = self.body.locals.get_mut(local.index())
        {
            local.ty = Some(Box::new(ty.clone()));
        }
    }

    fn add_pat(&mut self, kind: Pat, span: Span) -> PatId {
        let id = PatId(self.body.pats.len() as u32);
        self.body.pats.push(PatData { kind, span });
        id
    }

    fn pat_span(&self, pat: PatId) -> Span {
        self.body.pats.get(pat.index()).map_or(Span::default(), |pat| pat.span)
    }

    fn sub_pat(&mut self, pat: &syn::Pat) -> PatId {
        match pat {
            syn::Pat::Ident(ident) => self.binding(ident),
            syn::Pat::Wild(wild) => {
                let start = self.start(wild.underscore_token.span);
                self.add_pat(Pat::Wild, Span::new(start, start + 1))
            }
            syn::Pat::Rest(rest) => {
                let start = self.start(rest.dot2_token.spans[0]);
                self.add_pat(Pat::Rest, Span::new(start, start + 2))
            }
            syn::Pat::Path(path) => {
                let path = self.path(path.qself.as_ref(), &path.path);
                let span = path.span;
                self.add_pat(Pat::Path(Box::new(path)), span)
            }
            syn::Pat::TupleStruct(tuple) => {
                let path = self.path(tuple.qself.as_ref(), &tuple.path);
                let pats = self.sub_pats(&tuple.elems);
                let span = Span::new(path.span.start, self.close(&tuple.paren_token.span));
                self.add_pat(Pat::TupleStruct { path: Box::new(path), pats }, span)
            }
            syn::Pat::Struct(record) => {
                let path = self.path(record.qself.as_ref(), &record.path);
                let fields = record.fields.iter().map(|field| {
                    let name = match &field.member {
                        Member::Named(ident) => self.ident(ident).0,
                        Member::Unnamed(index) => self.index_name(index.index),
                    };
                    (name, self.sub_pat(&field.pat))
                });
                let fields = fields.collect();
                let span = Span::new(path.span.start, self.close(&record.brace_token.span));
                self.add_pat(Pat::Struct { path: Box::new(path), fields }, span)
            }
            syn::Pat::Tuple(tuple) => {
                let pats = self.sub_pats(&tuple.elems);
                let span = Span::new(self.open(&tuple.paren_token.span), self.close(&tuple.paren_token.span));
                self.add_pat(Pat::Tuple(pats), span)
            }
            syn::Pat::Slice(slice) => {
                let pats = self.sub_pats(&slice.elems);
                let span = Span::new(self.open(&slice.bracket_token.span), self.close(&slice.bracket_token.span));
                self.add_pat(Pat::Slice(pats), span)
            }
            syn::Pat::Reference(reference) => {
                let start = self.start(reference.and_token.span);
                let inner = self.sub_pat(&reference.pat);
                let span = Span::new(start, self.pat_span(inner).end);
                self.add_pat(Pat::Ref(inner), span)
            }
            syn::Pat::Or(or) => {
                let pats: Box<[PatId]> = or.cases.iter().map(|case| self.sub_pat(case)).collect();
                let span = match &*pats {
                    [first, .., last] => self.pat_span(*first).to(self.pat_span(*last)),
                    [only] => return *only,
                    [] => Span::default(),
                };
                self.add_pat(Pat::Or(pats), span)
            }
            syn::Pat::Lit(literal) => {
                let (literal, span) = self.literal(&literal.lit);
                self.add_pat(Pat::Literal(literal), span)
            }
            syn::Pat::Paren(paren) => self.sub_pat(&paren.pat),
            syn::Pat::Type(typed) => self.sub_pat(&typed.pat),
            syn::Pat::Guard(guard) => self.sub_pat(&guard.pat),
            syn::Pat::Range(range) => {
                let limits = match &range.limits {
                    syn::RangeLimits::HalfOpen(dots) => {
                        Span::new(self.start(dots.spans[0]), self.start(dots.spans[1]) + 1)
                    }
                    syn::RangeLimits::Closed(dots) => {
                        Span::new(self.start(dots.spans[0]), self.start(dots.spans[2]) + 1)
                    }
                };
                let ends = [&range.start, &range.end].into_iter().flatten();
                let span = ends.fold(limits, |span, end| match &**end {
                    syn::Expr::Lit(literal) => span.to(self.at.range(literal.lit.span())),
                    syn::Expr::Path(path) => span.to(self.path(path.qself.as_ref(), &path.path).span),
                    _ => span,
                });
                self.add_pat(Pat::Opaque, span)
            }
            syn::Pat::Const(block) => {
                let span = Span::new(self.start(block.const_token.span), self.close(&block.block.brace_token.span));
                self.add_pat(Pat::Opaque, span)
            }
            syn::Pat::Macro(call) => {
                let path = self.path(None, &call.mac.path);
                let span = Span::new(path.span.start, self.close(call.mac.delimiter.span()));
                self.add_pat(Pat::Opaque, span)
            }
            _ => self.add_pat(Pat::Opaque, Span::default()),
        }
    }

    fn sub_pats(&mut self, pats: &Punctuated<syn::Pat, Token![,]>) -> Box<[PatId]> {
        let mut lowered = Vec::with_capacity(pats.len());
        for pat in pats {
            lowered.push(self.sub_pat(pat));
        }
        lowered.into_boxed_slice()
    }

    fn binding(&mut self, ident: &syn::PatIdent) -> PatId {
        let (name, name_span) = self.ident(&ident.ident);
        let is_plain = ident.by_ref.is_none() && ident.mutability.is_none() && ident.subpat.is_none();
        // A unit variant or constant looks like a binding; the conventions of naming tell them apart.
        if is_plain && name_span.text(self.text).chars().next().is_some_and(char::is_uppercase) {
            let segments = Box::new([Segment { name, span: name_span, args: None }]);
            let path = PathRef { qself: None, global: false, segments, span: name_span };
            return self.add_pat(Pat::Path(Box::new(path)), name_span);
        }
        let by_ref = ident.by_ref.map(|token| self.start(token.span));
        let mutability = ident.mutability.map(|token| self.start(token.span));
        let local = self.body.bind(name, name_span, ident.mutability.is_some(), ident.by_ref.is_some());
        let sub = ident.subpat.as_ref().map(|(_, sub)| self.sub_pat(sub));
        let start = by_ref.or(mutability).unwrap_or(name_span.start);
        let end = sub.map_or(name_span.end, |sub| self.pat_span(sub).end);
        self.add_pat(Pat::Bind { local, sub }, Span::new(start, end))
    }
}
