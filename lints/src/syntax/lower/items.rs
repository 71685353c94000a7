//! Items: every one gets its id before what it holds.

use super::super::bodies::BodySlot;
use super::super::ir::{
    Cfg, Constant, Enum, Field, FieldsKind, Function, Impl, Item, ItemKind, LocalBodyId, LocalItemId, MacroRules,
    PathRef, Segment, StaticWrapper, Struct, Trait, TypeAlias, TypeRef, UseEntry, Variant, Visibility,
};
use super::super::outline::Outlined;
use super::Lowering;
use super::attrs::add_cfg;
use super::macros::WrappedStatic;
use crate::source::{Name, Span};
use proc_macro2::{TokenStream, extra::DelimSpan};
use syn::{Attribute, FnArg, ReceiverKind};

const SELF: Name = Name::of("self");

/// What is known of an item before what it holds is lowered.
struct Head<'a> {
    name: (Name, Span),
    /// Where it starts, without attributes.
    start: u32,
    vis: Visibility,
    attrs: &'a [Attribute],
    parent: Option<LocalItemId>,
}

impl Lowering<'_> {
    /// Adds an item, or the items that it stands for, to `out`.
    pub(super) fn item(&mut self, item: &mut syn::Item, parent: Option<LocalItemId>, out: &mut Vec<LocalItemId>) {
        match item {
            syn::Item::Fn(function) => {
                let start = self.signature_start(&function.vis, &function.sig);
                let body = Some(&mut *function.block);
                out.push(self.function(
                    &function.attrs,
                    &function.vis,
                    start,
                    &mut function.sig,
                    body,
                    None,
                    parent,
                    false,
                ));
            }
            syn::Item::Impl(item) => self.impl_block(item, parent, out),
            syn::Item::Use(item) => out.push(self.use_item(item, parent)),
            syn::Item::Struct(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.struct_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let (kind, fields, end) = self.fields(&item.fields, Visibility::Private);
                let end = item.semi_token.map(|semi| self.start(semi.span) + 1).or(end);
                let kind = ItemKind::Struct(Box::new(Struct { generics, kind, fields }));
                self.finish_item(id, end, kind, &item.attrs);
                out.push(id);
            }
            syn::Item::Union(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.union_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let fields = item.fields.named.iter().enumerate();
                let fields = fields.map(|(index, field)| self.field(index, field, Visibility::Private)).collect();
                let end = self.close(&item.fields.brace_token.span);
                let kind = ItemKind::Struct(Box::new(Struct { generics, kind: FieldsKind::Named, fields }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            syn::Item::Enum(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.enum_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let variants = item.variants.iter().map(|variant| self.variant(variant)).collect();
                let end = self.close(&item.brace_token.span);
                self.finish_item(id, Some(end), ItemKind::Enum(Box::new(Enum { generics, variants })), &item.attrs);
                out.push(id);
            }
            syn::Item::Const(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.const_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let end = self.start(item.semi_token.span) + 1;
                let constant = self.constant(id, &item.ty, false, StaticWrapper::None, Some(&mut item.expr));
                self.finish_item(id, Some(end), ItemKind::Const(constant), &item.attrs);
                out.push(id);
            }
            syn::Item::Static(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.static_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let end = self.start(item.semi_token.span) + 1;
                let mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                let constant = self.constant(id, &item.ty, mutable, StaticWrapper::None, Some(&mut item.expr));
                self.finish_item(id, Some(end), ItemKind::Static(constant), &item.attrs);
                out.push(id);
            }
            syn::Item::Mod(item) => {
                let start = self.vis_start(&item.vis).or_else(|| item.unsafety.map(|token| self.start(token.span)));
                let start = start.unwrap_or_else(|| self.start(item.mod_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let (items, end) = match &mut item.content {
                    None => (None, item.semi.map(|semi| self.start(semi.span) + 1)),
                    Some((brace, content)) => {
                        let mut items = Vec::with_capacity(content.len());
                        for item in content {
                            self.item(item, Some(id), &mut items);
                        }
                        (Some(items), Some(self.close(&brace.span)))
                    }
                };
                self.finish_item(id, end, ItemKind::Module(items), &item.attrs);
                out.push(id);
            }
            syn::Item::Trait(item) => out.push(self.trait_item(item, parent)),
            syn::Item::TraitAlias(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.trait_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let supertraits = self.bounds(&item.bounds);
                let end = self.start(item.semi_token.span) + 1;
                let kind = ItemKind::Trait(Box::new(Trait { generics, supertraits, items: Vec::new() }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            syn::Item::Type(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.type_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let ty = Some(self.ty(&item.ty));
                let end = self.start(item.semi_token.span) + 1;
                let kind = ItemKind::TypeAlias(Box::new(TypeAlias { generics, ty, bounds: Vec::new() }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            syn::Item::ExternCrate(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.extern_token.span));
                let (krate, _) = self.ident(&item.ident);
                let bound = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
                let id = self.named(bound, start, &item.vis, &item.attrs, parent);
                let end = self.start(item.semi_token.span) + 1;
                self.finish_item(id, Some(end), ItemKind::ExternCrate(krate), &item.attrs);
                out.push(id);
            }
            syn::Item::ForeignMod(item) => self.foreign_block(item, parent, out),
            syn::Item::Macro(item) => self.item_macro(item, parent, out),
            syn::Item::Verbatim(tokens) => self.stub(std::mem::take(tokens), parent, out),
            _ => {}
        }
    }

    fn named(
        &mut self,
        ident: &syn::Ident,
        start: u32,
        vis: &syn::Visibility,
        attrs: &[Attribute],
        parent: Option<LocalItemId>,
    ) -> LocalItemId {
        let name = self.ident(ident);
        self.new_item(Head { name, start, vis: visibility(vis), attrs, parent })
    }

    fn new_item(&mut self, head: Head<'_>) -> LocalItemId {
        let attrs = self.attrs(head.attrs);
        let start = self.docs_start(self.attrs_start(head.attrs).unwrap_or(head.start));
        let id = LocalItemId(self.ir.items.len() as u32);
        self.ir.items.push(Item {
            name: head.name.0,
            name_span: head.name.1,
            span: Span::new(start, head.name.1.end.max(start)),
            vis: head.vis,
            attrs,
            parent: head.parent,
            // Until `finish_item`.
            kind: ItemKind::Module(None),
        });
        id
    }

    fn finish_item(&mut self, id: LocalItemId, end: Option<u32>, kind: ItemKind, attrs: &[Attribute]) {
        let Some(item) = self.ir.items.get_mut(id.index()) else { return };
        item.kind = kind;
        item.span.end = end.unwrap_or(item.span.end);
        let span = item.span;
        self.allow_attrs(attrs, span);
    }

    /// The anonymous module of a block that has items.
    pub(super) fn block_module(&mut self, span: Span) -> LocalItemId {
        let parent = self.body.owner;
        let name = (Name::NONE, span.at_start());
        let id = self.new_item(Head { name, start: span.start, vis: Visibility::Private, attrs: &[], parent });
        if let Some(item) = self.ir.items.get_mut(id.index()) {
            item.span = span;
        }
        id
    }

    pub(super) fn finish_block_module(&mut self, id: LocalItemId, items: Vec<LocalItemId>) {
        if let Some(item) = self.ir.items.get_mut(id.index()) {
            item.kind = ItemKind::Module(Some(items));
        }
    }

    /// Adds a predicate to items that a macro or a foreign block with it held.
    pub(super) fn restrict(&mut self, items: &[LocalItemId], cfg: Option<&Cfg>) {
        let Some(cfg) = cfg else { return };
        for id in items {
            if let Some(item) = self.ir.items.get_mut(id.index()) {
                add_cfg(&mut item.attrs, Some(cfg.clone()));
            }
        }
    }

    fn vis_start(&self, vis: &syn::Visibility) -> Option<u32> {
        match vis {
            syn::Visibility::Public(token) => Some(self.start(token.span)),
            syn::Visibility::Restricted(vis) => Some(self.start(vis.pub_token.span)),
            syn::Visibility::Inherited => None,
        }
    }

    fn signature_start(&self, vis: &syn::Visibility, sig: &syn::Signature) -> u32 {
        self.vis_start(vis).unwrap_or_else(|| self.start(first_of(sig)))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of syn's four kinds of functions")]
    fn function(
        &mut self,
        attrs: &[Attribute],
        vis: &syn::Visibility,
        start: u32,
        sig: &mut syn::Signature,
        block: Option<&mut syn::Block>,
        semi: Option<u32>,
        parent: Option<LocalItemId>,
        is_foreign: bool,
    ) -> LocalItemId {
        let id = self.named(&sig.ident, start, vis, attrs, parent);
        let generics = self.generics(&sig.generics);
        let mut self_param = None;
        let mut params = Vec::with_capacity(sig.inputs.len());
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) => self_param = Some(self.receiver_type(receiver)),
                FnArg::Typed(typed) => params.push(self.ty(&typed.ty)),
            }
        }
        let ret = self.return_type(&sig.output);
        let end = match &block {
            Some(block) => Some(self.close(&block.brace_token.span)),
            None => semi.map(|semi| semi + 1),
        };
        let body = block.map(|block| match self.left_out(block) {
            Some(outlined) => {
                let start = self.start(first_of(sig));
                let params = self.names_of_params(sig);
                self.add_body(BodySlot::later(id, start, outlined, &params))
            }
            None => self.body_of_function(id, sig, block, self_param.as_ref(), &params),
        });
        let function = Function {
            generics,
            self_param,
            params,
            ret,
            is_async: sig.asyncness.is_some(),
            is_extern: is_foreign || sig.abi.is_some(),
            body,
        };
        self.finish_item(id, end, ItemKind::Function(Box::new(function)), attrs);
        id
    }

    /// A function's body alone.
    pub(super) fn function_body(&mut self, owner: LocalItemId, sig: &mut syn::Signature, block: &mut syn::Block) {
        let mut self_param = None;
        let mut params = Vec::with_capacity(sig.inputs.len());
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) => self_param = Some(self.receiver_type(receiver)),
                FnArg::Typed(typed) => params.push(self.ty(&typed.ty)),
            }
        }
        self.body_of_function(owner, sig, block, self_param.as_ref(), &params);
    }

    fn body_of_function(
        &mut self,
        owner: LocalItemId,
        sig: &syn::Signature,
        block: &mut syn::Block,
        self_param: Option<&TypeRef>,
        params: &[TypeRef],
    ) -> LocalBodyId {
        self.body_of(owner, |lower| {
            let mut types = params.iter();
            for input in &sig.inputs {
                match input {
                    FnArg::Receiver(receiver) => lower.bind_self(receiver, self_param),
                    FnArg::Typed(typed) => {
                        let pat = lower.pat(&typed.pat);
                        if let Some(ty) = types.next() {
                            lower.declare_type(pat, ty);
                        }
                        lower.body.params.push(pat);
                    }
                }
            }
            lower.plain_block(block)
        })
    }

    /// What is known of a block that the parser did not get, if it is one.
    fn left_out(&mut self, block: &syn::Block) -> Option<Outlined> {
        let open = self.later.last()?.open;
        let is_next = block.stmts.is_empty() && self.open(&block.brace_token.span) == open;
        if is_next { self.later.pop() } else { None }
    }

    /// The identifiers in the patterns of the parameters.
    fn names_of_params(&mut self, sig: &syn::Signature) -> Box<[Name]> {
        let inner = self.spare.pop().unwrap_or_default();
        let outer = std::mem::replace(&mut self.body, inner);
        for input in &sig.inputs {
            match input {
                FnArg::Receiver(receiver) => self.bind_self(receiver, None),
                FnArg::Typed(typed) => {
                    self.pat(&typed.pat);
                }
            }
        }
        let mut inner = std::mem::replace(&mut self.body, outer);
        let names = inner.mentions.as_slice().into();
        inner.clear();
        self.spare.push(inner);
        names
    }

    fn bind_self(&mut self, receiver: &syn::Receiver, ty: Option<&TypeRef>) {
        let start = self.start(receiver.self_token.span);
        let span = Span::new(start, start + 4);
        let name = self.mention(span);
        self.body.start_pattern();
        let local = self.body.bind(name, span, receiver.mutability.is_some(), false);
        if let Some(local) = self.body.locals.get_mut(local.index()) {
            local.ty = ty.cloned().map(Box::new);
        }
        self.body.self_local = Some(local);
    }

    fn receiver_type(&mut self, receiver: &syn::Receiver) -> TypeRef {
        let mutable = match &receiver.kind {
            ReceiverKind::Typed(_, ty) => return self.ty(ty),
            ReceiverKind::Reference(_, _, mutability) => Some(mutability.is_some()),
            _ => None,
        };
        let start = self.start(receiver.self_token.span);
        let span = Span::new(start, start + 4);
        let name = self.ir.names.intern("Self");
        let segments = Box::new([Segment { name, span, args: None }]);
        let path = TypeRef::Path(PathRef { qself: None, global: false, segments, span });
        match mutable {
            None => path,
            Some(mutable) => TypeRef::Ref { mutable, inner: Box::new(path) },
        }
    }

    pub(super) fn constant(
        &mut self,
        owner: LocalItemId,
        ty: &syn::Type,
        mutable: bool,
        wrapper: StaticWrapper,
        value: Option<&mut syn::Expr>,
    ) -> Box<Constant> {
        let ty = self.ty(ty);
        let body = value.map(|value| self.body_of(owner, |lower| lower.expr(value)));
        Box::new(Constant { ty, mutable, wrapper, body })
    }

    fn fields(&mut self, fields: &syn::Fields, vis: Visibility) -> (FieldsKind, Vec<Field>, Option<u32>) {
        let (kind, span): (_, Option<&DelimSpan>) = match fields {
            syn::Fields::Named(fields) => (FieldsKind::Named, Some(&fields.brace_token.span)),
            syn::Fields::Unnamed(fields) => (FieldsKind::Tuple, Some(&fields.paren_token.span)),
            syn::Fields::Unit => (FieldsKind::Unit, None),
        };
        let mut lowered = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            lowered.push(self.field(index, field, vis));
        }
        (kind, lowered, span.map(|span| self.close(span)))
    }

    fn field(&mut self, index: usize, field: &syn::Field, least: Visibility) -> Field {
        let attrs = self.attrs(&field.attrs);
        let ty = self.ty(&field.ty);
        let (name, span) = match &field.ident {
            Some(ident) => self.ident(ident),
            None => (self.index_name(index as u32), self.type_span(&ty)),
        };
        if self.has_allow {
            let start = self.attrs_start(&field.attrs).unwrap_or(span.start);
            self.allow_attrs(&field.attrs, Span::new(start, span.end));
        }
        let vis = if least == Visibility::Public { least } else { visibility(&field.vis) };
        Field { name, span, vis, ty, attrs }
    }

    /// Where the path at the heart of a type stands: what a label on a tuple's field points at.
    fn type_span(&self, ty: &TypeRef) -> Span {
        match ty {
            TypeRef::Path(path) => path.span,
            TypeRef::Ref { inner, .. } | TypeRef::Ptr { inner, .. } => self.type_span(inner),
            TypeRef::Slice(inner) | TypeRef::Array(inner) => self.type_span(inner),
            TypeRef::Tuple(types) => types.iter().map(|ty| self.type_span(ty)).reduce(Span::to).unwrap_or_default(),
            TypeRef::ImplTrait(bounds) | TypeRef::DynTrait(bounds) => {
                bounds.iter().map(|path| path.span).reduce(Span::to).unwrap_or_default()
            }
            _ => Span::default(),
        }
    }

    fn variant(&mut self, variant: &syn::Variant) -> Variant {
        let (name, span) = self.ident(&variant.ident);
        let (kind, fields, end) = self.fields(&variant.fields, Visibility::Public);
        self.allow_attrs(&variant.attrs, Span::new(span.start, end.unwrap_or(span.end)));
        Variant { name, span, kind, fields }
    }

    fn use_item(&mut self, item: &syn::ItemUse, parent: Option<LocalItemId>) -> LocalItemId {
        let keyword = self.start(item.use_token.span);
        let start = self.vis_start(&item.vis).unwrap_or(keyword);
        let name = (Name::NONE, Span::new(keyword, keyword + 3));
        let id = self.new_item(Head { name, start, vis: visibility(&item.vis), attrs: &item.attrs, parent });
        let mut entries = Vec::new();
        self.use_tree(&item.tree, item.leading_colon.is_some(), &mut Vec::new(), &mut entries);
        let end = self.start(item.semi_token.span) + 1;
        self.finish_item(id, Some(end), ItemKind::Use(entries), &item.attrs);
        id
    }

    fn use_tree(
        &mut self,
        tree: &syn::UseTree,
        global: bool,
        prefix: &mut Vec<(Name, Span)>,
        entries: &mut Vec<UseEntry>,
    ) {
        let length = prefix.len();
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(self.ident(&path.ident));
                self.use_tree(&path.tree, global, prefix, entries);
                prefix.truncate(length);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, global, prefix, entries);
                }
            }
            syn::UseTree::Glob(_) => {
                entries.push(UseEntry { path: prefix.clone(), global, alias: Name::NONE, glob: true });
            }
            syn::UseTree::Name(name) => {
                let path = self.use_path(prefix, &name.ident);
                let alias = path.last().map_or(Name::NONE, |(name, _)| *name);
                entries.push(UseEntry { path, global, alias, glob: false });
            }
            syn::UseTree::Rename(rename) => {
                let path = self.use_path(prefix, &rename.ident);
                let (alias, span) = self.ident(&rename.rename);
                let alias = if span.text(self.text) == "_" { Name::NONE } else { alias };
                entries.push(UseEntry { path, global, alias, glob: false });
            }
        }
    }

    /// `a::b::{self}` is `a::b`.
    fn use_path(&mut self, prefix: &[(Name, Span)], last: &syn::Ident) -> Vec<(Name, Span)> {
        let last = self.ident(last);
        let mut path = Vec::with_capacity(prefix.len() + 1);
        path.extend_from_slice(prefix);
        if prefix.is_empty() || last.0 != SELF {
            path.push(last);
        }
        path
    }

    fn impl_block(&mut self, item: &mut syn::ItemImpl, parent: Option<LocalItemId>, out: &mut Vec<LocalItemId>) {
        // `impl !Send for T {}` says that there is none.
        if item.modifiers.polarity.is_some() {
            return;
        }
        let keyword = self.start(item.impl_token.span);
        let start = item.unsafety.map_or(keyword, |token| self.start(token.span));
        let name = (Name::NONE, Span::new(keyword, keyword + 4));
        let id = self.new_item(Head { name, start, vis: Visibility::Private, attrs: &item.attrs, parent });
        let generics = self.generics(&item.generics);
        let trait_ref = item.trait_.as_ref().map(|(path, _)| self.path(None, path));
        let self_ty = self.ty(&item.self_ty);
        let mut items = Vec::with_capacity(item.items.len());
        for item in &mut item.items {
            self.impl_item(item, id, &mut items);
        }
        let end = self.close(&item.brace_token.span);
        let kind = ItemKind::Impl(Box::new(Impl { generics, trait_ref, self_ty, items }));
        self.finish_item(id, Some(end), kind, &item.attrs);
        out.push(id);
    }

    pub(super) fn impl_item(&mut self, item: &mut syn::ImplItem, parent: LocalItemId, out: &mut Vec<LocalItemId>) {
        let holder = Some(parent);
        match item {
            syn::ImplItem::Fn(function) => {
                let start = self.signature_start(&function.vis, &function.sig);
                let body = Some(&mut function.block);
                out.push(self.function(
                    &function.attrs,
                    &function.vis,
                    start,
                    &mut function.sig,
                    body,
                    None,
                    holder,
                    false,
                ));
            }
            syn::ImplItem::Const(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.const_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, holder);
                let end = self.start(item.semi_token.span) + 1;
                let constant = self.constant(id, &item.ty, false, StaticWrapper::None, Some(&mut item.expr));
                self.finish_item(id, Some(end), ItemKind::Const(constant), &item.attrs);
                out.push(id);
            }
            syn::ImplItem::Type(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.type_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, holder);
                let generics = self.generics(&item.generics);
                let ty = Some(self.ty(&item.ty));
                let end = self.start(item.semi_token.span) + 1;
                let kind = ItemKind::TypeAlias(Box::new(TypeAlias { generics, ty, bounds: Vec::new() }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            syn::ImplItem::Macro(item) => {
                let end = item.semi_token.map(|semi| self.start(semi.span) + 1);
                self.member_macro(&mut item.mac, &item.attrs, end, parent, false, out);
            }
            syn::ImplItem::Verbatim(tokens) => self.stub(std::mem::take(tokens), holder, out),
            _ => {}
        }
    }

    fn trait_item(&mut self, item: &mut syn::ItemTrait, parent: Option<LocalItemId>) -> LocalItemId {
        let start = self.vis_start(&item.vis).or_else(|| item.unsafety.map(|token| self.start(token.span)));
        let start = start.unwrap_or_else(|| self.start(item.trait_token.span));
        let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
        let generics = self.generics(&item.generics);
        let supertraits = self.bounds(&item.supertraits);
        let mut items = Vec::with_capacity(item.items.len());
        for item in &mut item.items {
            self.trait_member(item, id, &mut items);
        }
        let end = self.close(&item.brace_token.span);
        let kind = ItemKind::Trait(Box::new(Trait { generics, supertraits, items }));
        self.finish_item(id, Some(end), kind, &item.attrs);
        id
    }

    pub(super) fn trait_member(&mut self, item: &mut syn::TraitItem, parent: LocalItemId, out: &mut Vec<LocalItemId>) {
        let holder = Some(parent);
        // As visible as the trait.
        let vis = syn::Visibility::Inherited;
        match item {
            syn::TraitItem::Fn(function) => {
                let start = self.signature_start(&vis, &function.sig);
                let semi = function.semi_token.map(|semi| self.start(semi.span));
                let body = function.default.as_mut();
                out.push(self.function(&function.attrs, &vis, start, &mut function.sig, body, semi, holder, false));
            }
            syn::TraitItem::Const(item) => {
                let start = self.start(item.const_token.span);
                let id = self.named(&item.ident, start, &vis, &item.attrs, holder);
                let end = self.start(item.semi_token.span) + 1;
                let value = item.default.as_mut().map(|(_, value)| value);
                let constant = self.constant(id, &item.ty, false, StaticWrapper::None, value);
                self.finish_item(id, Some(end), ItemKind::Const(constant), &item.attrs);
                out.push(id);
            }
            syn::TraitItem::Type(item) => {
                let start = self.start(item.type_token.span);
                let id = self.named(&item.ident, start, &vis, &item.attrs, holder);
                let generics = self.generics(&item.generics);
                let bounds = self.bounds(&item.bounds);
                let ty = item.default.as_ref().map(|(_, ty)| self.ty(ty));
                let end = self.start(item.semi_token.span) + 1;
                let kind = ItemKind::TypeAlias(Box::new(TypeAlias { generics, ty, bounds }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            syn::TraitItem::Macro(item) => {
                let end = item.semi_token.map(|semi| self.start(semi.span) + 1);
                self.member_macro(&mut item.mac, &item.attrs, end, parent, true, out);
            }
            _ => {}
        }
    }

    fn foreign_block(
        &mut self,
        item: &mut syn::ItemForeignMod,
        parent: Option<LocalItemId>,
        out: &mut Vec<LocalItemId>,
    ) {
        let first = out.len();
        for item in &mut item.items {
            self.foreign_item(item, parent, true, out);
        }
        let cfg = self.attrs(&item.attrs).cfg;
        self.restrict(out.get(first..).unwrap_or_default(), cfg.as_deref());
    }

    fn foreign_item(
        &mut self,
        item: &mut syn::ForeignItem,
        parent: Option<LocalItemId>,
        is_foreign: bool,
        out: &mut Vec<LocalItemId>,
    ) {
        match item {
            syn::ForeignItem::Fn(item) => {
                let start = self.signature_start(&item.vis, &item.sig);
                let semi = Some(self.start(item.semi_token.span));
                out.push(self.function(&item.attrs, &item.vis, start, &mut item.sig, None, semi, parent, is_foreign));
            }
            syn::ForeignItem::Static(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.static_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let end = self.start(item.semi_token.span) + 1;
                let mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                let constant = self.constant(id, &item.ty, mutable, StaticWrapper::None, None);
                self.finish_item(id, Some(end), ItemKind::Static(constant), &item.attrs);
                out.push(id);
            }
            syn::ForeignItem::Type(item) => {
                let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.type_token.span));
                let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
                let generics = self.generics(&item.generics);
                let end = self.start(item.semi_token.span) + 1;
                let kind = ItemKind::TypeAlias(Box::new(TypeAlias { generics, ty: None, bounds: Vec::new() }));
                self.finish_item(id, Some(end), kind, &item.attrs);
                out.push(id);
            }
            _ => {}
        }
    }

    /// An item without its body or value, as the catalogue writes them; syn keeps it as tokens.
    fn stub(&mut self, tokens: TokenStream, parent: Option<LocalItemId>, out: &mut Vec<LocalItemId>) {
        if let Ok(mut item) = syn::parse2::<syn::ForeignItem>(tokens.clone()) {
            self.foreign_item(&mut item, parent, false, out);
        } else if let (Some(parent), Ok(mut item)) = (parent, syn::parse2::<syn::TraitItem>(tokens)) {
            self.trait_member(&mut item, parent, out);
        }
    }

    fn item_macro(&mut self, item: &mut syn::ItemMacro, parent: Option<LocalItemId>, out: &mut Vec<LocalItemId>) {
        let end = item.semi_token.map(|semi| self.start(semi.span) + 1);
        let Some(ident) = &item.ident else {
            return self.items_of_macro(&mut item.mac, &item.attrs, end, parent, out);
        };
        let start = item.mac.path.segments.first().map(|segment| self.start(segment.ident.span()));
        let name = self.ident(ident);
        let head =
            Head { name, start: start.unwrap_or(name.1.start), vis: Visibility::Private, attrs: &item.attrs, parent };
        let id = self.new_item(head);
        let inside = self.inside(item.mac.delimiter.span());
        let tokens = self.definition_tokens(inside);
        let end = end.unwrap_or(inside.end + 1);
        self.finish_item(id, Some(end), ItemKind::MacroRules(MacroRules { tokens }), &item.attrs);
        out.push(id);
    }

    /// A macro call in item position that stays one.
    pub(super) fn opaque_item(
        &mut self,
        mac: &syn::Macro,
        attrs: &[Attribute],
        end: Option<u32>,
        parent: Option<LocalItemId>,
    ) -> LocalItemId {
        self.macro_item(mac, attrs, end, parent, |lower, path, inside| {
            let mut tokens = lower.definition_tokens(inside);
            tokens.path = Self::path_names(path);
            ItemKind::MacroCall(tokens)
        })
    }

    /// `include!("file.rs");`
    pub(super) fn include_item(
        &mut self,
        mac: &syn::Macro,
        file: Box<str>,
        attrs: &[Attribute],
        end: Option<u32>,
        parent: Option<LocalItemId>,
    ) -> LocalItemId {
        self.macro_item(mac, attrs, end, parent, |_, _, _| ItemKind::Include(file))
    }

    /// A macro call as an item without a name; `kind` is given its path and what is between its brackets.
    fn macro_item(
        &mut self,
        mac: &syn::Macro,
        attrs: &[Attribute],
        end: Option<u32>,
        parent: Option<LocalItemId>,
        kind: impl FnOnce(&mut Self, &PathRef, Span) -> ItemKind,
    ) -> LocalItemId {
        let path = self.path(None, &mac.path);
        let name = (Name::NONE, path.span);
        let id = self.new_item(Head { name, start: path.span.start, vis: Visibility::Private, attrs, parent });
        let inside = self.inside(mac.delimiter.span());
        let kind = kind(self, &path, inside);
        self.finish_item(id, Some(end.unwrap_or(inside.end + 1)), kind, attrs);
        id
    }

    /// A static that a macro declares.
    pub(super) fn wrapped_static(
        &mut self,
        item: &mut WrappedStatic,
        wrapper: StaticWrapper,
        parent: Option<LocalItemId>,
    ) -> LocalItemId {
        let start = self.vis_start(&item.vis).unwrap_or_else(|| self.start(item.static_token.span));
        let id = self.named(&item.ident, start, &item.vis, &item.attrs, parent);
        let was_in_macro = std::mem::replace(&mut self.in_macro, true);
        let constant = self.constant(id, &item.ty, false, wrapper, Some(&mut item.value));
        self.in_macro = was_in_macro;
        let end = self.outer.end;
        self.finish_item(id, Some(end), ItemKind::Static(constant), &item.attrs);
        id
    }
}

/// The first token of a signature.
fn first_of(sig: &syn::Signature) -> proc_macro2::Span {
    let safety = match &sig.safety {
        syn::Safety::Safe(token) => Some(token.span),
        syn::Safety::Unsafe(token) => Some(token.span),
        syn::Safety::Default => None,
    };
    let first = sig.constness.map(|token| token.span).or(sig.asyncness.map(|token| token.span)).or(safety);
    first.or(sig.abi.as_ref().map(|abi| abi.extern_token.span)).unwrap_or(sig.fn_token.span)
}

fn visibility(vis: &syn::Visibility) -> Visibility {
    match vis {
        syn::Visibility::Public(_) => Visibility::Public,
        // `pub(self)` is no more than nothing, which no rule minds.
        syn::Visibility::Restricted(_) => Visibility::Restricted,
        syn::Visibility::Inherited => Visibility::Private,
    }
}
