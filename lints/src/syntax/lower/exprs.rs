//! Expressions, statements and blocks.

use super::super::ir::{
    Arm, BinaryOp, Block, BlockKind, Closure, Expr, ExprId, Literal, LocalItemId, Loop, LoopKind, MethodCall, Operator,
    PathRef, Segment, Stmt, StructLit,
};
use super::Lowering;
use crate::source::{Name, Span};
use syn::punctuated::Punctuated;
use syn::{Attribute, BinOp, Lit, Member, Token, UnOp};

impl Lowering<'_> {
    /// Lowers an expression; `outer` is then its span with its parentheses.
    pub(super) fn expr(&mut self, expr: &mut syn::Expr) -> ExprId {
        if !self.has_allow {
            return self.expr_inner(expr);
        }
        let attrs = take_attrs(expr);
        let id = self.expr_inner(expr);
        self.allow_attrs(&attrs, self.outer);
        id
    }

    fn expr_inner(&mut self, expr: &mut syn::Expr) -> ExprId {
        match expr {
            syn::Expr::Path(path) => self.path_expr(path),
            syn::Expr::MethodCall(call) => self.method_call(call),
            syn::Expr::Call(call) => {
                let callee = self.expr(&mut call.func);
                let start = self.outer.start;
                let args = self.exprs(&mut call.args);
                let end = self.close(&call.paren_token.span);
                self.add(Expr::Call { callee, args }, Span::new(start, end))
            }
            syn::Expr::Lit(literal) => {
                let (literal, span) = self.literal(&literal.lit);
                self.add(Expr::Literal(literal), span)
            }
            syn::Expr::Field(field) => self.field_expr(field),
            syn::Expr::Reference(reference) => {
                let start = self.start(reference.and_token.span);
                let mutable = reference.mutability.is_some();
                self.prefix(start, &mut reference.expr, |expr| Expr::Ref { mutable, expr })
            }
            syn::Expr::RawAddr(address) => {
                let start = self.start(address.and_token.span);
                let mutable = matches!(address.mutability, syn::PointerMutability::Mut(_));
                self.prefix(start, &mut address.expr, |expr| Expr::Ref { mutable, expr })
            }
            syn::Expr::Unary(unary) => match unary.op {
                UnOp::Deref(token) => self.prefix(self.start(token.span), &mut unary.expr, Expr::Deref),
                UnOp::Not(token) => self.prefix(self.start(token.span), &mut unary.expr, Expr::Not),
                UnOp::Neg(token) => self.prefix(self.start(token.span), &mut unary.expr, Expr::Neg),
                _ => self.expr(&mut unary.expr),
            },
            syn::Expr::Macro(call) => self.macro_expr(&mut call.mac),
            syn::Expr::Binary(binary) => self.binary(binary),
            syn::Expr::Block(block) => self.labelled_block(block),
            syn::Expr::If(branch) => self.if_expr(branch),
            syn::Expr::Match(branch) => self.match_expr(branch),
            syn::Expr::Closure(closure) => self.closure(closure),
            syn::Expr::Try(inner) => {
                let expr = self.expr(&mut inner.expr);
                let span = Span::new(self.outer.start, self.start(inner.question_token.span) + 1);
                self.add(Expr::Try(expr), span)
            }
            syn::Expr::Await(inner) => {
                let expr = self.expr(&mut inner.base);
                let span = Span::new(self.outer.start, self.start(inner.await_token.span) + 5);
                self.add(Expr::Await(expr), span)
            }
            syn::Expr::Struct(record) => self.struct_expr(record),
            syn::Expr::Assign(assign) => {
                let target = self.expr(&mut assign.left);
                let start = self.outer.start;
                let value = self.expr(&mut assign.right);
                let span = Span::new(start, self.outer.end);
                self.add(Expr::Assign { target, value, compound: false }, span)
            }
            syn::Expr::Let(condition) => {
                let start = self.start(condition.let_token.span);
                let expr = self.expr(&mut condition.expr);
                let end = self.outer.end;
                let pat = self.pat(&condition.pat);
                self.add(Expr::Let { pat, expr }, Span::new(start, end))
            }
            syn::Expr::Paren(paren) => {
                let id = self.expr(&mut paren.expr);
                self.outer = Span::new(self.open(&paren.paren_token.span), self.close(&paren.paren_token.span));
                id
            }
            syn::Expr::Group(group) => self.expr(&mut group.expr),
            syn::Expr::Tuple(tuple) => {
                let exprs = self.exprs(&mut tuple.elems);
                let span = Span::new(self.open(&tuple.paren_token.span), self.close(&tuple.paren_token.span));
                self.add(Expr::Tuple(exprs), span)
            }
            syn::Expr::Array(array) => {
                let exprs = self.exprs(&mut array.elems);
                let span = Span::new(self.open(&array.bracket_token.span), self.close(&array.bracket_token.span));
                self.add(Expr::Array(exprs), span)
            }
            syn::Expr::Repeat(repeat) => {
                let value = self.expr(&mut repeat.expr);
                let count = self.expr(&mut repeat.len);
                let span = Span::new(self.open(&repeat.bracket_token.span), self.close(&repeat.bracket_token.span));
                self.add(Expr::Repeat { value, count }, span)
            }
            syn::Expr::Index(index) => {
                let base = self.expr(&mut index.expr);
                let start = self.outer.start;
                let inner = self.expr(&mut index.index);
                let span = Span::new(start, self.close(&index.bracket_token.span));
                self.add(Expr::Index { base, index: inner }, span)
            }
            syn::Expr::Range(range) => self.range(range),
            syn::Expr::Cast(cast) => self.cast(cast),
            syn::Expr::Return(jump) => {
                let keyword = self.start(jump.return_token.span);
                let (value, end) = self.jump_value(&mut jump.expr, keyword + 6);
                self.add(Expr::Return(value), Span::new(keyword, end))
            }
            syn::Expr::Break(jump) => self.break_expr(jump),
            syn::Expr::Continue(jump) => {
                let keyword = self.start(jump.continue_token.span);
                let label = jump.label.as_ref().map(|label| self.label(label));
                let end = label.map_or(keyword + 8, |(_, span)| span.end);
                let id = self.add(Expr::Continue { target: None }, Span::new(keyword, end));
                self.jump(id, label.map(|(name, _)| name));
                id
            }
            syn::Expr::Loop(repeat) => self.loop_expr(repeat),
            syn::Expr::While(repeat) => self.while_expr(repeat),
            syn::Expr::ForLoop(repeat) => self.for_expr(repeat),
            syn::Expr::Unsafe(block) => {
                let start = self.start(block.unsafe_token.span);
                self.block(&mut block.block, BlockKind::Unsafe, false, Some(start))
            }
            syn::Expr::Const(block) => {
                let start = self.start(block.const_token.span);
                self.block(&mut block.block, BlockKind::Const, false, Some(start))
            }
            syn::Expr::TryBlock(block) => {
                let start = self.start(block.try_token.span);
                self.block(&mut block.block, BlockKind::Try, false, Some(start))
            }
            syn::Expr::Async(block) => self.async_block(block),
            syn::Expr::Yield(jump) => {
                let keyword = self.start(jump.yield_token.span);
                let (value, end) = self.jump_value(&mut jump.expr, keyword + 5);
                self.add(Expr::Opaque(value.into_iter().collect()), Span::new(keyword, end))
            }
            syn::Expr::Infer(infer) => {
                let start = self.start(infer.underscore_token.span);
                self.add(Expr::Missing, Span::new(start, start + 1))
            }
            syn::Expr::Verbatim(tokens) => self.verbatim(tokens),
            _ => self.add(Expr::Missing, Span::default()),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &mut Punctuated<syn::Expr, Token![,]>) -> Box<[ExprId]> {
        let mut ids = Vec::with_capacity(exprs.len());
        for expr in exprs {
            ids.push(self.expr(expr));
        }
        ids.into_boxed_slice()
    }

    fn prefix(&mut self, start: u32, expr: &mut syn::Expr, kind: impl FnOnce(ExprId) -> Expr) -> ExprId {
        let id = self.expr(expr);
        let span = Span::new(start, self.outer.end);
        self.add(kind(id), span)
    }

    fn path_expr(&mut self, path: &syn::ExprPath) -> ExprId {
        if let (None, None, Some(only), 1) =
            (&path.qself, &path.path.leading_colon, path.path.segments.first(), path.path.segments.len())
            && only.arguments.is_none()
        {
            let (name, span) = self.ident(&only.ident);
            if let Some(local) = self.body.resolve(name) {
                return self.add(Expr::Local(local), span);
            }
            let segments = Box::new([Segment { name, span, args: None }]);
            let path = PathRef { qself: None, global: false, segments, span };
            return self.add(Expr::Path(Box::new(path)), span);
        }
        let path = self.path(path.qself.as_ref(), &path.path);
        let span = path.span;
        self.add(Expr::Path(Box::new(path)), span)
    }

    #[inline(never)]
    fn method_call(&mut self, call: &mut syn::ExprMethodCall) -> ExprId {
        let receiver = self.expr(&mut call.receiver);
        let start = self.outer.start;
        let (method, method_span) = self.ident(&call.method);
        let generics = call.turbofish.as_ref().map(|args| Box::new(self.generic_args(args)));
        let args = self.exprs(&mut call.args);
        let end = self.close(&call.paren_token.span);
        let call = MethodCall { receiver, method, method_span, generics, args };
        self.add(Expr::MethodCall(Box::new(call)), Span::new(start, end))
    }

    fn field_expr(&mut self, field: &mut syn::ExprField) -> ExprId {
        let base = self.expr(&mut field.base);
        let start = self.outer.start;
        let (name, name_span) = self.member(&field.member);
        self.add(Expr::Field { base, name, name_span }, Span::new(start, name_span.end))
    }

    fn member(&mut self, member: &Member) -> (Name, Span) {
        match member {
            Member::Named(ident) => self.ident(ident),
            Member::Unnamed(index) => (self.index_name(index.index), self.at.range(index.span)),
        }
    }

    fn binary(&mut self, binary: &mut syn::ExprBinary) -> ExprId {
        let lhs = self.expr(&mut binary.left);
        let start = self.outer.start;
        let rhs = self.expr(&mut binary.right);
        let span = Span::new(start, self.outer.end);
        let op = match binary.op {
            BinOp::And(_) => BinaryOp::And,
            BinOp::Or(_) => BinaryOp::Or,
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                BinaryOp::Compare
            }
            BinOp::Add(_) => BinaryOp::Arithmetic(Operator::Add),
            BinOp::Sub(_) => BinaryOp::Arithmetic(Operator::Sub),
            BinOp::Mul(_) => BinaryOp::Arithmetic(Operator::Mul),
            BinOp::Div(_) => BinaryOp::Arithmetic(Operator::Div),
            BinOp::Rem(_) => BinaryOp::Arithmetic(Operator::Rem),
            BinOp::BitAnd(_) => BinaryOp::Arithmetic(Operator::BitAnd),
            BinOp::BitOr(_) => BinaryOp::Arithmetic(Operator::BitOr),
            BinOp::BitXor(_) => BinaryOp::Arithmetic(Operator::BitXor),
            BinOp::Shl(_) => BinaryOp::Arithmetic(Operator::Shl),
            BinOp::Shr(_) => BinaryOp::Arithmetic(Operator::Shr),
            // The assigning ones; syn may learn more of them.
            _ => return self.add(Expr::Assign { target: lhs, value: rhs, compound: true }, span),
        };
        self.add(Expr::Binary { op, lhs, rhs }, span)
    }

    #[inline(never)]
    fn if_expr(&mut self, branch: &mut syn::ExprIf) -> ExprId {
        let start = self.start(branch.if_token.span);
        let mark = self.body.enter();
        let cond = self.expr(&mut branch.cond);
        let then = self.plain_block(&mut branch.then_branch);
        self.body.leave(mark);
        let mut end = self.outer.end;
        let els = branch.else_branch.as_mut().map(|(_, els)| {
            let id = self.expr(els);
            end = self.outer.end;
            id
        });
        self.add(Expr::If { cond, then, els }, Span::new(start, end))
    }

    #[inline(never)]
    fn match_expr(&mut self, branch: &mut syn::ExprMatch) -> ExprId {
        let start = self.start(branch.match_token.span);
        let scrutinee = self.expr(&mut branch.expr);
        let mut arms = Vec::with_capacity(branch.arms.len());
        for arm in &mut branch.arms {
            if !arm.attrs.is_empty() && !self.is_in_program(&arm.attrs) {
                continue;
            }
            let first = self.body.next_expr();
            let mark = self.body.enter();
            let (pat, guard) = match &mut arm.pat {
                syn::Pat::Guard(guard) => {
                    let pat = self.pat(&guard.pat);
                    (pat, Some(self.expr(&mut guard.guard)))
                }
                pat => (self.pat(pat), None),
            };
            let body = self.expr(&mut arm.body);
            self.body.leave(mark);
            self.note_cfgs(&arm.attrs, first);
            if self.has_allow {
                let end = self.outer.end;
                let start = self.attrs_start(&arm.attrs).unwrap_or(end);
                self.allow_attrs(&arm.attrs, Span::new(start, end));
            }
            arms.push(Arm { pat, guard, body });
        }
        let end = self.close(&branch.brace_token.span);
        self.add(Expr::Match { scrutinee, arms: arms.into_boxed_slice() }, Span::new(start, end))
    }

    #[inline(never)]
    fn closure(&mut self, closure: &mut syn::ExprClosure) -> ExprId {
        let bar = self.start(closure.inputs_begin.span);
        let keywords = [
            closure.constness.map(|token| token.span),
            closure.asyncness.map(|token| token.span),
            closure.capture.map(|token| token.span),
        ];
        let start = keywords.into_iter().flatten().next().map_or(bar, |span| self.start(span));
        let head = Span::new(start, self.start(closure.inputs_end.span) + 1);
        self.body.enter_closure();
        let mark = self.body.enter();
        let mut params = Vec::with_capacity(closure.inputs.len());
        for input in &closure.inputs {
            params.push(self.typed_pat(input));
        }
        let ret = match &closure.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(self.ty(ty)),
        };
        let body = self.expr(&mut closure.body);
        let span = Span::new(start, self.outer.end);
        self.body.leave(mark);
        let captures = self.body.leave_closure();
        let closure = Closure {
            params: params.into_boxed_slice(),
            ret,
            body,
            is_move: closure.capture.is_some(),
            is_async: closure.asyncness.is_some(),
            captures,
            head,
        };
        self.add(Expr::Closure(Box::new(closure)), span)
    }

    fn async_block(&mut self, block: &mut syn::ExprAsync) -> ExprId {
        let start = self.start(block.async_token.span);
        self.body.enter_closure();
        let body = self.plain_block(&mut block.block);
        let span = Span::new(start, self.outer.end);
        let captures = self.body.leave_closure();
        self.add(Expr::Async { body, is_move: block.capture.is_some(), captures }, span)
    }

    #[inline(never)]
    fn struct_expr(&mut self, record: &mut syn::ExprStruct) -> ExprId {
        let path = self.path(record.qself.as_ref(), &record.path);
        let mut fields = Vec::with_capacity(record.fields.len());
        for field in &mut record.fields {
            if !field.attrs.is_empty() && !self.is_in_program(&field.attrs) {
                continue;
            }
            let (name, span) = self.member(&field.member);
            let value = self.expr(&mut field.expr);
            if self.has_allow {
                let target = Span::new(self.attrs_start(&field.attrs).unwrap_or(span.start), self.outer.end);
                self.allow_attrs(&field.attrs, target);
            }
            fields.push((name, span, value));
        }
        let spread = record.rest.as_mut().map(|rest| self.expr(rest));
        let span = Span::new(path.span.start, self.close(&record.brace_token.span));
        let record = StructLit { path, fields: fields.into_boxed_slice(), spread };
        self.add(Expr::Struct(Box::new(record)), span)
    }

    fn range(&mut self, range: &mut syn::ExprRange) -> ExprId {
        let (dots, length) = match &range.limits {
            syn::RangeLimits::HalfOpen(dots) => (dots.spans[0], 2),
            syn::RangeLimits::Closed(dots) => (dots.spans[0], 3),
        };
        let dots = self.start(dots);
        let mut span = Span::new(dots, dots + length);
        let start = range.start.as_mut().map(|start| self.expr(start));
        if start.is_some() {
            span.start = self.outer.start;
        }
        let end = range.end.as_mut().map(|end| self.expr(end));
        if end.is_some() {
            span.end = self.outer.end;
        }
        self.add(Expr::Range { start, end }, span)
    }

    fn cast(&mut self, cast: &mut syn::ExprCast) -> ExprId {
        let expr = self.expr(&mut cast.expr);
        let start = self.outer.start;
        let ty = self.ty(&cast.ty);
        let end = self.type_end(&cast.ty).unwrap_or_else(|| self.start(cast.as_token.span) + 2);
        self.add(Expr::Cast { expr, ty: Box::new(ty) }, Span::new(start, end))
    }

    /// The last byte of the types that a cast can have.
    fn type_end(&self, ty: &syn::Type) -> Option<u32> {
        match ty {
            syn::Type::Path(path) => {
                let last = path.path.segments.last()?;
                match &last.arguments {
                    syn::PathArguments::AngleBracketed(args) => Some(self.start(args.gt_token.span) + 1),
                    syn::PathArguments::Parenthesized(args) => Some(self.close(&args.paren_token.span)),
                    syn::PathArguments::None => Some(self.at.range(last.ident.span()).end),
                }
            }
            syn::Type::Ptr(pointer) => self.type_end(&pointer.elem),
            syn::Type::Reference(reference) => self.type_end(&reference.elem),
            syn::Type::Infer(infer) => Some(self.start(infer.underscore_token.span) + 1),
            syn::Type::Tuple(tuple) => Some(self.close(&tuple.paren_token.span)),
            syn::Type::Paren(paren) => Some(self.close(&paren.paren_token.span)),
            syn::Type::Slice(slice) => Some(self.close(&slice.bracket_token.span)),
            syn::Type::Array(array) => Some(self.close(&array.bracket_token.span)),
            syn::Type::Group(group) => self.type_end(&group.elem),
            syn::Type::Macro(call) => Some(self.close(call.mac.delimiter.span())),
            syn::Type::FnPtr(pointer) => match &pointer.output {
                syn::ReturnType::Default => Some(self.close(&pointer.paren_token.span)),
                syn::ReturnType::Type(_, ty) => self.type_end(ty),
            },
            _ => None,
        }
    }

    fn jump_value(&mut self, value: &mut Option<Box<syn::Expr>>, end: u32) -> (Option<ExprId>, u32) {
        match value {
            None => (None, end),
            Some(value) => {
                let id = self.expr(value);
                (Some(id), self.outer.end)
            }
        }
    }

    fn break_expr(&mut self, jump: &mut syn::ExprBreak) -> ExprId {
        let keyword = self.start(jump.break_token.span);
        let label = jump.label.as_ref().map(|label| self.label(label));
        let end = label.map_or(keyword + 5, |(_, span)| span.end);
        let (value, end) = self.jump_value(&mut jump.expr, end);
        let id = self.add(Expr::Break { target: None, value }, Span::new(keyword, end));
        self.jump(id, label.map(|(name, _)| name));
        id
    }

    fn jump(&mut self, id: ExprId, label: Option<Name>) {
        if let Some(serial) = self.body.find_loop(label) {
            self.body.add_jump(serial, id);
        }
    }

    /// A label's name without the quote, its span with it.
    fn label(&mut self, label: &syn::Lifetime) -> (Name, Span) {
        let start = self.start(label.apostrophe);
        let length = super::word_length(self.text, start + 1);
        let span = Span::new(start, start + 1 + length);
        (self.ir.names.intern(Span::new(start + 1, span.end).text(self.text)), span)
    }

    fn loop_label(&mut self, label: Option<&syn::Label>) -> Option<(Name, Span)> {
        label.map(|label| self.label(&label.name))
    }

    fn finish_loop(&mut self, kind: LoopKind, keyword: Span, label: Option<(Name, Span)>, body: ExprId) -> ExprId {
        let start = label.map_or(keyword.start, |(_, span)| span.start);
        let span = Span::new(start, self.outer.end);
        self.body.leave_loop();
        self.add(Expr::Loop(Box::new(Loop { kind, keyword, label, body })), span)
    }

    fn loop_expr(&mut self, repeat: &mut syn::ExprLoop) -> ExprId {
        let keyword = self.start(repeat.loop_token.span);
        let label = self.loop_label(repeat.label.as_ref());
        self.body.enter_loop(label.map(|(name, _)| name), false);
        let body = self.plain_block(&mut repeat.body);
        self.finish_loop(LoopKind::Loop, Span::new(keyword, keyword + 4), label, body)
    }

    fn while_expr(&mut self, repeat: &mut syn::ExprWhile) -> ExprId {
        let keyword = self.start(repeat.while_token.span);
        let label = self.loop_label(repeat.label.as_ref());
        self.body.enter_loop(label.map(|(name, _)| name), false);
        let mark = self.body.enter();
        let cond = self.expr(&mut repeat.cond);
        let body = self.plain_block(&mut repeat.body);
        self.body.leave(mark);
        self.finish_loop(LoopKind::While(cond), Span::new(keyword, keyword + 5), label, body)
    }

    fn for_expr(&mut self, repeat: &mut syn::ExprForLoop) -> ExprId {
        let keyword = self.start(repeat.for_token.span);
        let label = self.loop_label(repeat.label.as_ref());
        let iter = self.expr(&mut repeat.expr);
        self.body.enter_loop(label.map(|(name, _)| name), false);
        let mark = self.body.enter();
        let pat = self.pat(&repeat.pat);
        let body = self.plain_block(&mut repeat.body);
        self.body.leave(mark);
        self.finish_loop(LoopKind::For { pat, iter }, Span::new(keyword, keyword + 3), label, body)
    }

    fn labelled_block(&mut self, block: &mut syn::ExprBlock) -> ExprId {
        let Some(label) = &block.label else { return self.plain_block(&mut block.block) };
        let (name, span) = self.label(&label.name);
        self.body.enter_loop(Some(name), true);
        self.block(&mut block.block, BlockKind::Plain, true, Some(span.start))
    }

    pub(super) fn plain_block(&mut self, block: &mut syn::Block) -> ExprId {
        self.block(block, BlockKind::Plain, false, None)
    }

    /// A block; `start` is that of the keyword or label before it.
    pub(super) fn block(
        &mut self,
        block: &mut syn::Block,
        kind: BlockKind,
        labelled: bool,
        start: Option<u32>,
    ) -> ExprId {
        let start = start.unwrap_or_else(|| self.open(&block.brace_token.span));
        let end = self.close(&block.brace_token.span);
        self.statements(&mut block.stmts, kind, labelled, Span::new(start, end))
    }

    pub(super) fn statements(
        &mut self,
        stmts: &mut [syn::Stmt],
        kind: BlockKind,
        labelled: bool,
        span: Span,
    ) -> ExprId {
        let mark = self.body.enter();
        let mut module: Option<(LocalItemId, Vec<LocalItemId>)> = None;
        let mut lowered = Vec::with_capacity(stmts.len());
        let mut tail = None;
        let last = stmts.len().wrapping_sub(1);
        for (index, stmt) in stmts.iter_mut().enumerate() {
            match stmt {
                syn::Stmt::Local(local) => lowered.extend(self.let_stmt(local)),
                syn::Stmt::Item(item) => {
                    let (id, items) = module.get_or_insert_with(|| (self.block_module(span), Vec::new()));
                    self.item(item, Some(*id), items);
                }
                syn::Stmt::Expr(expr, semi) => {
                    let semi = semi.map(|semi| semi.span);
                    if let Some((expr, span)) = self.stmt_expr(expr, semi) {
                        if semi.is_none() && index == last {
                            tail = Some(expr);
                        } else {
                            lowered.push(Stmt::Expr { expr, semi: semi.is_some(), span });
                        }
                    }
                }
                syn::Stmt::Macro(call) => {
                    if Self::declares_statics(&call.mac) {
                        let (id, items) = module.get_or_insert_with(|| (self.block_module(span), Vec::new()));
                        let end = call.semi_token.map(|semi| self.start(semi.span) + 1);
                        self.items_of_macro(&mut call.mac, &call.attrs, end, Some(*id), items);
                        continue;
                    }
                    if !call.attrs.is_empty() && !self.is_in_program(&call.attrs) {
                        continue;
                    }
                    let first = self.body.next_expr();
                    let expr = self.macro_expr(&mut call.mac);
                    self.note_cfgs(&call.attrs, first);
                    let end = call.semi_token.map_or(self.outer.end, |semi| self.start(semi.span) + 1);
                    let span = Span::new(self.outer.start, end);
                    self.allow_stmt(&call.attrs, span);
                    if call.semi_token.is_none() && index == last {
                        tail = Some(expr);
                    } else {
                        lowered.push(Stmt::Expr { expr, semi: call.semi_token.is_some(), span });
                    }
                }
            }
        }
        self.body.leave(mark);
        let module = module.map(|(id, items)| {
            self.finish_block_module(id, items);
            id
        });
        if labelled {
            self.body.leave_loop();
        }
        let block = Block { stmts: lowered.into_boxed_slice(), tail, labelled, kind, module };
        self.add(Expr::Block(Box::new(block)), span)
    }

    fn let_stmt(&mut self, local: &mut syn::Local) -> Option<Stmt> {
        if !local.attrs.is_empty() && !self.is_in_program(&local.attrs) {
            return None;
        }
        let span = Span::new(self.start(local.let_token.span), self.start(local.semi_token.span) + 1);
        self.allow_stmt(&local.attrs, span);
        let first = self.body.next_expr();
        let (mut init, mut els) = (None, None);
        if let Some(value) = &mut local.init {
            init = Some(self.expr(&mut value.expr));
            els = value.diverge.as_mut().map(|(_, els)| self.expr(els));
        }
        let (pat, ty) = self.typed_pat(&local.pat);
        self.note_cfgs(&local.attrs, first);
        Some(Stmt::Let { pat, ty: ty.map(Box::new), init, els, span })
    }

    /// The expression of a statement and the span of the whole; `None` if it is not in the program.
    fn stmt_expr(&mut self, expr: &mut syn::Expr, semi: Option<proc_macro2::Span>) -> Option<(ExprId, Span)> {
        if let syn::Expr::Verbatim(tokens) = expr
            && tokens.is_empty()
        {
            return None;
        }
        // syn hangs the attributes of `#[a] x = y;` on `x`.
        let mut leftmost = &mut *expr;
        loop {
            leftmost = match leftmost {
                syn::Expr::Assign(assign) => &mut assign.left,
                syn::Expr::Binary(binary) => &mut binary.left,
                syn::Expr::Cast(cast) => &mut cast.expr,
                _ => break,
            };
        }
        let attrs = take_attrs(leftmost);
        if !attrs.is_empty() && !self.is_in_program(&attrs) {
            return None;
        }
        let first = self.body.next_expr();
        let id = self.expr(expr);
        self.note_cfgs(&attrs, first);
        let end = semi.map_or(self.outer.end, |semi| self.start(semi) + 1);
        let span = Span::new(self.outer.start, end);
        self.allow_stmt(&attrs, span);
        Some((id, span))
    }

    fn allow_stmt(&mut self, attrs: &[Attribute], span: Span) {
        if self.has_allow && !attrs.is_empty() {
            let start = self.attrs_start(attrs).unwrap_or(span.start);
            let outer = self.outer;
            self.allow_attrs(attrs, Span::new(start, span.end));
            self.outer = outer;
        }
    }

    pub(super) fn literal(&mut self, literal: &Lit) -> (Literal, Span) {
        let kind = match literal {
            Lit::Str(_) => Literal::Str,
            Lit::ByteStr(_) | Lit::CStr(_) => Literal::Bytes,
            Lit::Byte(byte) => Literal::Int(byte.value().into()),
            Lit::Char(_) => Literal::Char,
            Lit::Int(int) if int.suffix().starts_with('f') => Literal::Float,
            Lit::Int(int) => Literal::Int(int.base10_digits().trim_start_matches('-').parse().unwrap_or(u64::MAX)),
            Lit::Float(_) => Literal::Float,
            Lit::Bool(value) => {
                let start = self.start(value.span);
                return (Literal::Bool(value.value), Span::new(start, start + if value.value { 4 } else { 5 }));
            }
            _ => Literal::Bytes,
        };
        (kind, self.at.range(literal.span()))
    }

    fn verbatim(&mut self, tokens: &mut proc_macro2::TokenStream) -> ExprId {
        let mut span: Option<Span> = None;
        for token in std::mem::take(tokens) {
            let token = self.at.range(token.span());
            span = Some(span.map_or(token, |span| span.to(token)));
        }
        self.add(Expr::Missing, span.unwrap_or_default())
    }
}

fn take_attrs(expr: &mut syn::Expr) -> Vec<Attribute> {
    macro_rules! attrs {
        ($($variant:ident)*) => {
            match expr {
                $(syn::Expr::$variant(expr) => std::mem::take(&mut expr.attrs),)*
                _ => Vec::new(),
            }
        };
    }
    attrs!(
        Array Assign Async Await Binary Block Break Call Cast Closure Const Continue Field ForLoop Group If Index Infer
        Let Lit Loop Macro Match MethodCall Paren Path Range RawAddr Reference Repeat Return Struct Try TryBlock Tuple
        Unary Unsafe While Yield
    )
}
