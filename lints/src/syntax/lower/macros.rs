//! Macro calls: what their tokens say where they read as Rust, and which names and jumps they have where they do not.
//!
//! The tokens are parsed as what the macro's name promises (`select!`, `matches!`), else as expressions with separators,
//! else as statements. Whatever does not read to its last token is left unparsed, and its names and jumps are read from
//! the text.

use super::super::ir::{
    BlockKind, Cfg, Expr, ExprId, LocalId, LocalItemId, MacroCall, MacroExits, MacroTokens, PatId, PathRef, SelectArm,
    SelectOp, StaticWrapper,
};
use super::Lowering;
use super::attrs::is_outside_tests;
use crate::source::{Lexer, Name, Span, TokenKind};
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Ident, Token, token};

/// Each level of macro calls is parsed anew, which would be quadratic in a deep nest of them.
const MAX_MACRO_DEPTH: u32 = 24;

/// What the tokens of a call in expression position are.
enum Content {
    /// Read already.
    Simple(Vec<ExprId>),
    Exprs(Vec<syn::Expr>),
    Stmts(Vec<syn::Stmt>),
    Matches(Box<(syn::Expr, syn::Pat)>),
    Select(Vec<SelectBranch>),
    /// The blocks of `cfg_if!` or `cfg_select!` with their predicates.
    Branches(Vec<CfgBranch<syn::Stmt>>),
}

struct SelectBranch {
    op: SelectHead,
    pat: Option<syn::Pat>,
    guard: Option<syn::Expr>,
    body: syn::Expr,
}

enum SelectHead {
    Recv(syn::Expr),
    Send(Box<(syn::Expr, syn::Expr)>),
    Future(syn::Expr),
    Default(Option<syn::Expr>),
    Else,
}

/// One block of `cfg_if!` or `cfg_select!`; the last may have no predicate.
struct CfgBranch<T> {
    predicate: Option<Predicate>,
    content: Vec<T>,
}

/// The predicate of a block.
enum Predicate {
    /// `#[cfg(..)]`
    Attribute(Box<Attribute>),
    /// What stands before the `=>`: where it starts, and the `=>`.
    Bare(proc_macro2::Span, proc_macro2::Span),
}

/// `static NAME: T = value` of `thread_local!` and `lazy_static!`.
pub(super) struct WrappedStatic {
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: syn::Visibility,
    pub(super) static_token: Token![static],
    pub(super) ident: Ident,
    pub(super) ty: syn::Type,
    pub(super) value: syn::Expr,
}

impl Lowering<'_> {
    /// A macro call in expression or statement position.
    pub(super) fn macro_expr(&mut self, mac: &mut syn::Macro) -> ExprId {
        let path = self.path(None, &mac.path);
        let inside = self.inside(mac.delimiter.span());
        let span = Span::new(path.span.start, inside.end + 1);
        let was_in_macro = std::mem::replace(&mut self.in_macro, true);
        self.macro_depth += 1;
        let kind = match self.content(path.last(), &mut mac.tokens, inside) {
            Some(Content::Simple(args)) => Self::parsed_call(path, args),
            Some(Content::Exprs(exprs)) => {
                let args = self.macro_args(exprs);
                Self::parsed_call(path, args)
            }
            Some(Content::Stmts(mut stmts)) => {
                let block = self.statements(&mut stmts, BlockKind::Plain, false, inside);
                Self::parsed_call(path, vec![block])
            }
            Some(Content::Matches(content)) => {
                let (args, pat) = self.matches_args(*content);
                let mut call = Self::parsed_call(path, args);
                if let Expr::Macro(call) = &mut call {
                    call.pat = Some(pat);
                }
                call
            }
            Some(Content::Select(branches)) => self.select(branches),
            Some(Content::Branches(branches)) => {
                let mut args = Vec::new();
                let mut before: Vec<Cfg> = Vec::new();
                for mut branch in branches {
                    let cfg = branch.predicate.as_ref().and_then(|predicate| self.predicate(predicate));
                    if cfg.as_ref().is_none_or(is_outside_tests) {
                        let first = self.body.next_expr();
                        args.push(self.statements(&mut branch.content, BlockKind::Plain, false, inside));
                        let all: Vec<Cfg> = before.iter().cloned().chain(cfg.clone()).collect();
                        self.body.note_cfg(first, Cfg::All(all));
                    }
                    before.extend(cfg.map(|cfg| Cfg::Not(Box::new(cfg))));
                }
                Self::parsed_call(path, args)
            }
            None => self.unparsed_call(path, inside),
        };
        self.macro_depth -= 1;
        self.in_macro = was_in_macro;
        self.add(kind, span)
    }

    fn content(&mut self, name: Name, tokens: &mut TokenStream, inside: Span) -> Option<Content> {
        if tokens.is_empty() {
            return Some(Content::Simple(Vec::new()));
        }
        if self.macro_depth > MAX_MACRO_DEPTH {
            return None;
        }
        let name = self.ir.names.text(name).unwrap_or("");
        let Some(parse) = special_parser(name) else {
            let is_map = name.ends_with("map");
            let simple = self.simple_args(inside).map(Content::Simple);
            return simple
                .or_else(|| (|input: ParseStream<'_>| parse_any(input, is_map)).parse2(std::mem::take(tokens)).ok());
        };
        parse.parse2(std::mem::take(tokens)).ok()
    }

    fn parsed_call(path: PathRef, args: Vec<ExprId>) -> Expr {
        let tokens = MacroTokens { path: Self::path_names(&path), ..MacroTokens::default() };
        let args = args.into_boxed_slice();
        Expr::Macro(Box::new(MacroCall { path, args, parsed: true, tokens, locals: Box::default(), pat: None }))
    }

    fn unparsed_call(&mut self, path: PathRef, inside: Span) -> Expr {
        let mut locals: Vec<LocalId> = Vec::new();
        let mut tokens = self.tokens(inside, |lower, name, after_dot| {
            lower.body.mentions.push(name);
            if !after_dot
                && let Some(local) = lower.body.resolve(name)
                && !locals.contains(&local)
            {
                locals.push(local);
            }
        });
        tokens.path = Self::path_names(&path);
        let locals = locals.into_boxed_slice();
        Expr::Macro(Box::new(MacroCall { path, args: Box::default(), parsed: false, tokens, locals, pat: None }))
    }

    fn macro_args(&mut self, exprs: Vec<syn::Expr>) -> Vec<ExprId> {
        let mut args = Vec::with_capacity(exprs.len());
        for mut expr in exprs {
            let is_text = matches!(&expr, syn::Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_)));
            args.push(self.expr(&mut expr));
            if is_text {
                self.format_captures(self.outer, &mut args);
            }
        }
        args
    }

    /// The locals that a format string names: `{x}`, `{x:?}`, `{:width$}`, `{:.*}`.
    pub(super) fn format_captures(&mut self, literal: Span, args: &mut Vec<ExprId>) {
        let text = literal.text(self.text);
        let mut from = 0;
        while let Some(open) = text.get(from..).and_then(|rest| rest.find('{')).map(|open| from + open) {
            let inside = open + 1;
            if text.get(inside..).is_some_and(|rest| rest.starts_with('{')) {
                from = inside + 1;
                continue;
            }
            let is_escape = text.get(..open).is_some_and(|before| before.ends_with("\\u"));
            let Some(close) = text.get(inside..).and_then(|rest| rest.find('}')) else { return };
            from = inside + close + 1;
            if is_escape {
                continue;
            }
            let placeholder = text.get(inside..inside + close).unwrap_or("");
            let (name, spec) = placeholder.split_once(':').unwrap_or((placeholder, ""));
            self.format_capture(name, literal.start + inside as u32, args);
            // A width or precision is a name before a `$`.
            let mut at = inside + name.len() + 1;
            for part in spec.split_inclusive('$') {
                if let Some(part) = part.strip_suffix('$') {
                    let is_word = |c: char| c.is_alphanumeric() || c == '_';
                    let start = part.char_indices().rev().take_while(|(_, c)| is_word(*c)).last();
                    let start = start.map_or(part.len(), |(start, _)| start);
                    // `{:0width$}`: the zero is a flag.
                    let word = part.get(start..).unwrap_or("").trim_start_matches('0');
                    let start = part.len() - word.len();
                    self.format_capture(word, literal.start + (at + start) as u32, args);
                }
                at += part.len();
            }
        }
    }

    fn format_capture(&mut self, word: &str, start: u32, args: &mut Vec<ExprId>) {
        let trimmed = word.trim();
        if trimmed.is_empty() || trimmed.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return;
        }
        let name = Name::of(trimmed);
        if let Some(local) = self.body.resolve(name) {
            let start = start + (word.len() - word.trim_start().len()) as u32;
            let span = Span::new(start, start + trimmed.len() as u32);
            self.mention(span);
            args.push(self.add(Expr::Local(local), span));
        }
    }

    fn matches_args(&mut self, (mut expr, pat): (syn::Expr, syn::Pat)) -> (Vec<ExprId>, PatId) {
        let mut args = vec![self.expr(&mut expr)];
        let mark = self.body.enter();
        let pat = match pat {
            syn::Pat::Guard(mut guard) => {
                let pat = self.pat(&guard.pat);
                args.push(self.expr(&mut guard.guard));
                pat
            }
            pat => self.pat(&pat),
        };
        self.body.leave(mark);
        (args, pat)
    }

    fn select(&mut self, branches: Vec<SelectBranch>) -> Expr {
        let mut arms = Vec::with_capacity(branches.len());
        for mut branch in branches {
            let op = match &mut branch.op {
                SelectHead::Recv(receiver) => SelectOp::Recv(self.expr(receiver)),
                SelectHead::Send(operands) => {
                    let (sender, message) = &mut **operands;
                    SelectOp::Send(self.expr(sender), self.expr(message))
                }
                SelectHead::Future(future) => SelectOp::Future(self.expr(future)),
                SelectHead::Default(timeout) => SelectOp::Default(timeout.as_mut().map(|timeout| self.expr(timeout))),
                SelectHead::Else => SelectOp::Else,
            };
            let guard = branch.guard.as_mut().map(|guard| self.expr(guard));
            let mark = self.body.enter();
            let pat = branch.pat.as_ref().map(|pat| self.pat(pat));
            let body = self.expr(&mut branch.body);
            self.body.leave(mark);
            arms.push(SelectArm { op, pat, guard, body });
        }
        Expr::Select(arms.into_boxed_slice())
    }

    /// `thread_local!` and `lazy_static!` stand for items also where a statement can stand.
    pub(super) fn declares_statics(mac: &syn::Macro) -> bool {
        mac.path.segments.last().is_some_and(|last| wrapper_of(&last.ident).is_some())
    }

    /// A macro call among items: the items that it holds, or the call itself.
    pub(super) fn items_of_macro(
        &mut self,
        mac: &mut syn::Macro,
        attrs: &[Attribute],
        end: Option<u32>,
        parent: Option<LocalItemId>,
        out: &mut Vec<LocalItemId>,
    ) {
        let first = out.len();
        let last = mac.path.segments.last().map(|segment| &segment.ident);
        if let Some(path) = included(mac) {
            out.push(self.include_item(mac, path, attrs, end, parent));
            return;
        }
        if let Some(wrapper) = last.and_then(wrapper_of) {
            if let Ok(statics) = parse_statics.parse2(mac.tokens.clone()) {
                for mut item in statics {
                    out.push(self.wrapped_static(&mut item, wrapper, parent));
                }
                return self.inherit(attrs, out.get(first..).unwrap_or_default());
            }
        } else if let Some(parse) = last.and_then(|last| cfg_parser(&last.to_string())) {
            if let Ok(branches) = (|input: ParseStream<'_>| parse(input, parse_items)).parse2(mac.tokens.clone()) {
                self.cfg_if(branches, parent, out);
                return self.inherit(attrs, out.get(first..).unwrap_or_default());
            }
        } else if self.macro_depth < MAX_MACRO_DEPTH
            && let Ok(mut items) = parse_items.parse2(mac.tokens.clone())
            && !items.is_empty()
        {
            let is_transparent = last.is_some_and(|last| last.to_string().starts_with("cfg_"));
            self.in_item_macro(is_transparent, |lower| {
                for item in &mut items {
                    lower.item(item, parent, out);
                }
            });
            return self.inherit(attrs, out.get(first..).unwrap_or_default());
        }
        out.push(self.opaque_item(mac, attrs, end, parent));
    }

    /// A macro call in a trait or an impl.
    pub(super) fn member_macro(
        &mut self,
        mac: &mut syn::Macro,
        attrs: &[Attribute],
        end: Option<u32>,
        parent: LocalItemId,
        in_trait: bool,
        out: &mut Vec<LocalItemId>,
    ) {
        let first = out.len();
        let is_transparent = mac.path.segments.last().is_some_and(|last| last.ident.to_string().starts_with("cfg_"));
        let is_open = self.macro_depth < MAX_MACRO_DEPTH;
        if is_open
            && in_trait
            && let Ok(mut items) = parse_all::<syn::TraitItem>.parse2(mac.tokens.clone())
            && !items.is_empty()
        {
            self.in_item_macro(is_transparent, |lower| {
                for item in &mut items {
                    lower.trait_member(item, parent, out);
                }
            });
        } else if is_open
            && !in_trait
            && let Ok(mut items) = parse_all::<syn::ImplItem>.parse2(mac.tokens.clone())
            && !items.is_empty()
        {
            self.in_item_macro(is_transparent, |lower| {
                for item in &mut items {
                    lower.impl_item(item, parent, out);
                }
            });
        } else {
            out.push(self.opaque_item(mac, attrs, end, Some(parent)));
            return;
        }
        self.inherit(attrs, out.get(first..).unwrap_or_default());
    }

    fn in_item_macro(&mut self, is_transparent: bool, lower: impl FnOnce(&mut Self)) {
        let was_in_macro = self.in_macro;
        self.in_macro |= !is_transparent;
        self.macro_depth += 1;
        lower(self);
        self.macro_depth -= 1;
        self.in_macro = was_in_macro;
    }

    fn inherit(&mut self, attrs: &[Attribute], items: &[LocalItemId]) {
        if !attrs.is_empty() {
            let cfg = self.attrs(attrs).cfg;
            self.restrict(items, cfg.as_deref());
        }
    }

    fn predicate(&mut self, predicate: &Predicate) -> Option<Cfg> {
        match predicate {
            Predicate::Attribute(attr) => self.cfg_of(attr),
            Predicate::Bare(first, arrow) => self.cfg_in(Span::new(self.start(*first), self.start(*arrow))),
        }
    }

    /// Each branch has its own predicate and none of those before it.
    fn cfg_if(&mut self, branches: Vec<CfgBranch<syn::Item>>, parent: Option<LocalItemId>, out: &mut Vec<LocalItemId>) {
        let mut before: Vec<Cfg> = Vec::new();
        for mut branch in branches {
            let first = out.len();
            self.in_item_macro(true, |lower| {
                for item in &mut branch.content {
                    lower.item(item, parent, out);
                }
            });
            let cfg = branch.predicate.as_ref().and_then(|predicate| self.predicate(predicate));
            let all: Vec<Cfg> = before.iter().map(|cfg| Cfg::Not(Box::new(cfg.clone()))).chain(cfg.clone()).collect();
            let items = out.get(first..).unwrap_or_default();
            match <[Cfg; 1]>::try_from(all) {
                Ok([only]) => self.restrict(items, Some(&only)),
                Err(all) if all.is_empty() => {}
                Err(all) => self.restrict(items, Some(&Cfg::All(all))),
            }
            before.extend(cfg);
        }
    }

    /// The tokens of a macro's definition or of a call that stays one.
    pub(super) fn definition_tokens(&mut self, inside: Span) -> MacroTokens {
        self.tokens(inside, |_, _, _| {})
    }

    /// Reads names and jumps from the text; `each` sees every identifier and whether it stands after a `.`.
    fn tokens(&mut self, inside: Span, mut each: impl FnMut(&mut Self, Name, bool)) -> MacroTokens {
        let text = self.text;
        let mut names: Vec<Name> = Vec::new();
        let mut exits = MacroExits::default();
        // For each open bracket, whether a `$` stands before it: `$( .. )?` repeats, and tries nothing.
        let mut dollars: Vec<bool> = Vec::new();
        let mut before = TokenKind::Punct(b',');
        let mut after_repetition = false;
        let mut tokens =
            Lexer::new(text, inside).filter(|token| !matches!(token.kind, TokenKind::Comment { .. })).peekable();
        while let Some(token) = tokens.next() {
            let next = tokens.peek().map(|token| token.kind);
            let mut closes_repetition = false;
            match token.kind {
                TokenKind::Ident => {
                    let word = token.span.text(text);
                    let name = self.ir.names.intern(word);
                    names.push(name);
                    let after_dot = before == TokenKind::Punct(b'.');
                    read_exit(word, after_dot, next, &mut exits);
                    each(self, name, after_dot);
                }
                TokenKind::Open(_) => dollars.push(before == TokenKind::Punct(b'$')),
                TokenKind::Close(_) => closes_repetition = dollars.pop() == Some(true),
                TokenKind::Punct(b'?') => {
                    let after_operand =
                        matches!(before, TokenKind::Ident | TokenKind::Close(_) | TokenKind::Punct(b'?' | b'>'));
                    exits.tries |= after_operand && !after_repetition && next != Some(TokenKind::Ident);
                }
                _ => {}
            }
            after_repetition = closes_repetition;
            before = token.kind;
        }
        names.sort_unstable();
        names.dedup();
        MacroTokens { path: Box::default(), exits, names: names.into_boxed_slice() }
    }
}

fn read_exit(word: &str, after_dot: bool, next: Option<TokenKind>, exits: &mut MacroExits) {
    match word {
        "return" => exits.returns = true,
        "break" => exits.breaks = true,
        "continue" => exits.continues = true,
        "unwrap" | "expect" => exits.panics |= after_dot && matches!(next, Some(TokenKind::Open(_))),
        "panic" | "unreachable" | "todo" | "unimplemented" => exits.panics |= next == Some(TokenKind::Punct(b'!')),
        _ if word.starts_with("assert") || word.starts_with("debug_assert") => {
            exits.panics |= next == Some(TokenKind::Punct(b'!'));
        }
        _ => {}
    }
}

fn wrapper_of(name: &Ident) -> Option<StaticWrapper> {
    if name == "thread_local" {
        Some(StaticWrapper::ThreadLocal)
    } else if name == "lazy_static" {
        Some(StaticWrapper::Lazy)
    } else {
        None
    }
}

/// How to read the tokens of a macro that has a grammar of its own.
fn special_parser(name: &str) -> Option<fn(ParseStream<'_>) -> syn::Result<Content>> {
    match name {
        "matches" | "assert_matches" | "debug_assert_matches" => Some(parse_matches),
        "select" | "select_biased" | "crossbeam_select" => Some(|input| parse_select(input).map(Content::Select)),
        "cfg_if" => Some(|input| parse_cfg_if(input, syn::Block::parse_within).map(Content::Branches)),
        "cfg_select" => Some(|input| parse_cfg_select(input, syn::Block::parse_within).map(Content::Branches)),
        _ => None,
    }
}

/// Expressions, else statements. `is_map`: `hashmap! { k => v }`.
fn parse_any(input: ParseStream<'_>, is_map: bool) -> syn::Result<Content> {
    let attempt = input.fork();
    match parse_exprs(&attempt, is_map) {
        Ok(exprs) => {
            input.advance_to(&attempt);
            Ok(Content::Exprs(exprs))
        }
        Err(_) => syn::Block::parse_within(input).map(Content::Stmts),
    }
}

/// Expressions with `,` or `;` between, and what logging macros write before them.
fn parse_exprs(input: ParseStream<'_>, is_map: bool) -> syn::Result<Vec<syn::Expr>> {
    let mut exprs = Vec::new();
    while !input.is_empty() {
        if input.peek(Token![let]) {
            return Err(input.error("statements"));
        }
        if input.peek(Ident::peek_any)
            && (input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]))
        {
            // `name = value`
            Ident::parse_any(input)?;
            input.parse::<Token![=]>()?;
        } else if input.peek(Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            // `target: value`
            Ident::parse_any(input)?;
            input.parse::<Token![:]>()?;
        }
        if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
        } else if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
        }
        match input.parse()? {
            // `span.name = value`
            syn::Expr::Assign(assign) if matches!(*assign.left, syn::Expr::Field(_) | syn::Expr::Lit(_)) => {
                exprs.push(*assign.right);
            }
            expr => exprs.push(expr),
        }
        if input.is_empty() {
            break;
        }
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        } else if is_map && input.peek(Token![=>]) {
            input.parse::<Token![=>]>()?;
        } else {
            input.parse::<Token![;]>()?;
        }
    }
    Ok(exprs)
}

fn parse_matches(input: ParseStream<'_>) -> syn::Result<Content> {
    let expr = input.parse()?;
    input.parse::<Token![,]>()?;
    let mut pat = syn::Pat::parse_multi_with_leading_vert(input)?;
    if input.peek(Token![if]) {
        let if_token = input.parse()?;
        let guard = input.parse()?;
        pat = syn::Pat::Guard(syn::PatGuard { attrs: Vec::new(), pat: Box::new(pat), if_token, guard });
    }
    // `matches!(e, p,)`, and the message of `assert_matches!`.
    if input.peek(Token![,]) {
        let _: TokenStream = input.parse()?;
    }
    Ok(Content::Matches(Box::new((expr, pat))))
}

fn parse_select(input: ParseStream<'_>) -> syn::Result<Vec<SelectBranch>> {
    // tokio's `biased;`
    if input.peek(Ident) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut branches = Vec::new();
    while !input.is_empty() {
        let (op, pat, guard) = parse_select_head(input)?;
        input.parse::<Token![=>]>()?;
        let body = syn::Expr::parse_with_earlier_boundary_rule(input)?;
        while input.peek(Token![,]) || input.peek(Token![;]) {
            input.parse::<proc_macro2::TokenTree>()?;
        }
        branches.push(SelectBranch { op, pat, guard, body });
    }
    Ok(branches)
}

type BranchHead = (SelectHead, Option<syn::Pat>, Option<syn::Expr>);

fn parse_select_head(input: ParseStream<'_>) -> syn::Result<BranchHead> {
    if input.peek(Token![else]) {
        input.parse::<Token![else]>()?;
        return Ok((SelectHead::Else, None, None));
    }
    if input.peek(Ident) && input.peek2(Token![=>]) {
        let word: Ident = input.parse()?;
        return match word {
            _ if word == "default" => Ok((SelectHead::Default(None), None, None)),
            _ if word == "complete" => Ok((SelectHead::Else, None, None)),
            _ => Err(input.error("an arm without an operation")),
        };
    }
    if input.peek(Ident) && input.peek2(token::Paren) && (input.peek3(Token![->]) || input.peek3(Token![=>])) {
        return parse_channel_head(input);
    }
    let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
    input.parse::<Token![=]>()?;
    let future = input.parse()?;
    let mut guard = None;
    if input.peek(Token![,]) && input.peek2(Token![if]) {
        input.parse::<Token![,]>()?;
        input.parse::<Token![if]>()?;
        guard = Some(input.parse()?);
    }
    Ok((SelectHead::Future(future), Some(pat), guard))
}

/// `recv(r) -> p`, `send(s, m) -> p`, `default(t)`
fn parse_channel_head(input: ParseStream<'_>) -> syn::Result<BranchHead> {
    let word: Ident = input.parse()?;
    let inside;
    syn::parenthesized!(inside in input);
    let args = inside.parse_terminated(syn::Expr::parse, Token![,])?;
    let mut pat = None;
    if input.peek(Token![->]) {
        input.parse::<Token![->]>()?;
        pat = Some(syn::Pat::parse_multi_with_leading_vert(input)?);
    }
    let mut args = args.into_iter();
    let op = match (args.next(), args.next()) {
        (Some(receiver), None) if word == "recv" => SelectHead::Recv(receiver),
        (Some(sender), Some(message)) if word == "send" => SelectHead::Send(Box::new((sender, message))),
        (timeout, None) if word == "default" => SelectHead::Default(timeout),
        _ => return Err(input.error("an arm with an unknown operation")),
    };
    Ok((op, pat, None))
}

/// Reads what a block holds.
type ParseContent<T> = fn(ParseStream<'_>) -> syn::Result<Vec<T>>;
/// Reads the blocks of a macro that chooses by `cfg`.
type ParseBranches<T> = fn(ParseStream<'_>, ParseContent<T>) -> syn::Result<Vec<CfgBranch<T>>>;

/// How to read the branches of a macro that chooses by `cfg`.
fn cfg_parser<T>(name: &str) -> Option<ParseBranches<T>> {
    match name {
        "cfg_if" => Some(parse_cfg_if),
        "cfg_select" => Some(parse_cfg_select),
        _ => None,
    }
}

/// `unix => { .. } all(windows, feature = "x") => { .. } _ => { .. }`
fn parse_cfg_select<T>(input: ParseStream<'_>, content: ParseContent<T>) -> syn::Result<Vec<CfgBranch<T>>> {
    let mut branches = Vec::new();
    while !input.is_empty() {
        let first = input.span();
        let is_rest = input.parse::<Option<Token![_]>>()?.is_some();
        while !input.peek(Token![=>]) {
            input.parse::<proc_macro2::TokenTree>()?;
        }
        let arrow = input.parse::<Token![=>]>()?.spans[0];
        let predicate = (!is_rest).then_some(Predicate::Bare(first, arrow));
        let inside;
        syn::braced!(inside in input);
        branches.push(CfgBranch { predicate, content: content(&inside)? });
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(branches)
}

/// `if #[cfg(..)] { .. } else if #[cfg(..)] { .. } else { .. }`
fn parse_cfg_if<T>(input: ParseStream<'_>, content: ParseContent<T>) -> syn::Result<Vec<CfgBranch<T>>> {
    let mut branches = Vec::new();
    loop {
        let mut attr = None;
        if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            attr = input.call(Attribute::parse_outer)?.into_iter().next();
        }
        let inside;
        syn::braced!(inside in input);
        let is_last = attr.is_none();
        let predicate = attr.map(|attr| Predicate::Attribute(Box::new(attr)));
        branches.push(CfgBranch { predicate, content: content(&inside)? });
        if is_last || input.is_empty() {
            return Ok(branches);
        }
        input.parse::<Token![else]>()?;
    }
}

fn parse_items(input: ParseStream<'_>) -> syn::Result<Vec<syn::Item>> {
    parse_all(input)
}

fn parse_all<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(input.parse()?);
    }
    Ok(all)
}

fn parse_statics(input: ParseStream<'_>) -> syn::Result<Vec<WrappedStatic>> {
    let mut statics = Vec::new();
    while !input.is_empty() {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let static_token = input.parse()?;
        // `static ref` of `lazy_static!`
        input.parse::<Option<Token![ref]>>()?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        statics.push(WrappedStatic { attrs, vis, static_token, ident, ty, value });
        if !input.is_empty() {
            input.parse::<Token![;]>()?;
        }
    }
    Ok(statics)
}

/// The path of an `include!` of a file that is named as it is. What `concat!` puts together is made by a build script.
fn included(mac: &syn::Macro) -> Option<Box<str>> {
    let mut segments = mac.path.segments.iter().map(|segment| &segment.ident);
    let last = segments.next_back()?;
    let is_std = segments.all(|segment| segment == "std" || segment == "core");
    let literal = mac.parse_body::<syn::LitStr>().ok().filter(|_| last == "include" && is_std)?;
    Some(literal.value().into())
}
