//! Attributes: `cfg`, tests, module paths, catalogue effects, suppressions.
//!
//! What is inside an attribute's parentheses is read from the text with the small lexer; the tokens that syn keeps would
//! have to be copied.

use super::super::ir::{AllowAttr, Attrs, Cfg, Effect, ExprId};
use super::Lowering;
use crate::source::{Lexer, Name, Span, TokenKind};
use std::iter::Peekable;
use syn::{AttrStyle, Attribute, Expr, Lit, Meta};

/// The tokens of an attribute's arguments.
type Words<'w> = Peekable<Box<dyn Iterator<Item = (TokenKind, Span)> + 'w>>;

impl Lowering<'_> {
    pub(super) fn attrs(&mut self, attrs: &[Attribute]) -> Attrs {
        let mut lowered = Attrs::default();
        for attr in attrs {
            match &attr.meta {
                Meta::NameValue(pair) => {
                    if pair.path.is_ident("path") {
                        lowered.path = string_value(&pair.value).or(lowered.path);
                    }
                }
                Meta::Path(path) => self.plain_attr(path, &mut lowered),
                Meta::List(list) => {
                    let inside = self.inside(list.delimiter.span());
                    if list.path.is_ident("cfg") {
                        let cfg = self.cfg(&mut self.words(inside));
                        add_cfg(&mut lowered, cfg);
                    } else if list.path.is_ident("derive") {
                        let words = self.words(inside).filter(|(kind, _)| *kind == TokenKind::Ident);
                        let names: Vec<Name> = words.map(|(_, span)| Name::of(span.text(self.text))).collect();
                        lowered.derives.extend(names);
                    } else if list.path.is_ident("cfg_attr") {
                        self.cfg_attr(inside, &mut lowered);
                    } else if list.path.is_ident("effect") {
                        let effects = self.effects(inside);
                        lowered.effects.extend(effects);
                    } else {
                        self.plain_attr(&list.path, &mut lowered);
                    }
                }
            }
        }
        lowered
    }

    /// Whether something with these attributes is in the program when it is not built for its tests.
    pub(super) fn is_in_program(&mut self, attrs: &[Attribute]) -> bool {
        attrs.iter().all(|attr| match &attr.meta {
            Meta::List(list) if list.path.is_ident("cfg") => {
                let inside = self.inside(list.delimiter.span());
                self.cfg_in(inside).is_none_or(|cfg| is_outside_tests(&cfg))
            }
            _ => true,
        })
    }

    /// The predicate that a span holds.
    pub(super) fn cfg_in(&self, inside: Span) -> Option<Cfg> {
        self.cfg(&mut self.words(inside))
    }

    /// Remembers the predicates among the attributes of what was lowered since `first`.
    pub(super) fn note_cfgs(&mut self, attrs: &[Attribute], first: ExprId) {
        for attr in attrs {
            if let Some(cfg) = self.cfg_of(attr) {
                self.body.note_cfg(first, cfg);
            }
        }
    }

    /// Reads the suppressions among attributes that stand on `target`.
    pub(super) fn allow_attrs(&mut self, attrs: &[Attribute], target: Span) {
        if !self.has_allow {
            return;
        }
        for attr in attrs {
            if let Meta::List(list) = &attr.meta
                && list.path.is_ident("cfg_attr")
            {
                let span = Span::new(self.start(attr.pound_token.span), self.close(&attr.bracket_token.span));
                let inside = self.inside(list.delimiter.span());
                let allows = self.allows(inside, span, target);
                self.ir.allow_attrs.extend(allows);
            }
        }
    }

    /// The start of a thing with its outer attributes, if it has any.
    pub(super) fn attrs_start(&self, attrs: &[Attribute]) -> Option<u32> {
        let first = attrs.first().filter(|first| matches!(first.style, AttrStyle::Outer))?;
        Some(self.start(first.pound_token.span))
    }

    fn plain_attr(&mut self, path: &syn::Path, attrs: &mut Attrs) {
        let Some(last) = path.segments.last() else { return };
        let start = self.start(last.ident.span());
        let span = Span::new(start, start + super::word_length(self.text, start));
        let word = span.text(self.text);
        attrs.is_test |= is_test_attr(word);
        attrs.macro_scope |= matches!(word, "macro_use" | "macro_export");
    }

    /// `cfg_attr(predicate, attribute, ..)`: whatever the predicate, a test is a test, and a path the best guess.
    fn cfg_attr(&mut self, inside: Span, attrs: &mut Attrs) {
        let mut words = self.words(inside);
        skip_to_comma(&mut words);
        let mut starts_attr = true;
        while let Some((kind, span)) = words.next() {
            let word = span.text(self.text);
            match kind {
                TokenKind::Ident if starts_attr && word == "path" => {
                    words.next_if(|(kind, _)| *kind == TokenKind::Punct(b'='));
                    if let Some((TokenKind::Text, value)) = words.peek()
                        && attrs.path.is_none()
                    {
                        attrs.path = Some(unquote(value.text(self.text)).into());
                    }
                }
                TokenKind::Ident if starts_attr && matches!(words.peek(), None | Some((TokenKind::Punct(b','), _))) => {
                    attrs.is_test |= is_test_attr(word);
                }
                TokenKind::Ident if starts_attr && word == "derive" => {
                    words.next_if(|(kind, _)| matches!(kind, TokenKind::Open(_)));
                    while let Some((kind, span)) = words.next_if(|(kind, _)| !matches!(kind, TokenKind::Close(_))) {
                        if kind == TokenKind::Ident {
                            attrs.derives.push(Name::of(span.text(self.text)));
                        }
                    }
                }
                TokenKind::Open(_) => skip_group(&mut words),
                _ => {}
            }
            starts_attr = matches!(kind, TokenKind::Punct(b',' | b':'));
        }
    }

    fn effects(&mut self, inside: Span) -> Vec<Effect> {
        let mut effects: Vec<Effect> = Vec::new();
        let mut words = self.words(inside).collect::<Vec<_>>().into_iter().peekable();
        while let Some((kind, span)) = words.next() {
            if kind != TokenKind::Ident {
                continue;
            }
            let name = self.ir.names.intern(span.text(self.text));
            let mut args = Vec::new();
            if words.next_if(|(kind, _)| matches!(kind, TokenKind::Open(_))).is_some() {
                for (kind, span) in words.by_ref() {
                    match kind {
                        TokenKind::Close(_) => break,
                        TokenKind::Ident | TokenKind::Number => args.push(span.text(self.text).into()),
                        _ => {}
                    }
                }
            }
            effects.push(Effect { name, span, args });
        }
        effects
    }

    fn allows(&self, inside: Span, span: Span, target: Span) -> Vec<AllowAttr> {
        let mut allows = Vec::new();
        let mut words = self.words(inside);
        skip_to_comma(&mut words);
        while let Some((_, first)) = words.next() {
            let is_ours = first.text(self.text) == "thread_lint"
                && words.next_if(|(kind, _)| *kind == TokenKind::Punct(b':')).is_some()
                && words.next_if(|(kind, _)| *kind == TokenKind::Punct(b':')).is_some()
                && words.next_if(|(_, span)| span.text(self.text) == "allow").is_some()
                && words.next_if(|(kind, _)| matches!(kind, TokenKind::Open(_))).is_some();
            if !is_ours {
                continue;
            }
            let mut allow = AllowAttr { span, target, lints: Vec::new(), reason: None };
            for (kind, span) in words.by_ref() {
                let text = span.text(self.text);
                match kind {
                    TokenKind::Close(_) => break,
                    TokenKind::Ident if text != "reason" => allow.lints.push((text.into(), span)),
                    TokenKind::Text => allow.reason = Some(unquote(text).into()),
                    _ => {}
                }
            }
            allows.push(allow);
        }
        allows
    }

    /// A predicate and the comma after it; `None` at the end or where there is none.
    fn cfg(&self, words: &mut Words<'_>) -> Option<Cfg> {
        let (kind, span) = words.next()?;
        if kind != TokenKind::Ident {
            return None;
        }
        let word = span.text(self.text);
        if words.next_if(|(kind, _)| *kind == TokenKind::Punct(b'=')).is_some() {
            let (_, value) = words.next()?;
            words.next_if(|(kind, _)| *kind == TokenKind::Punct(b','));
            return Some(Cfg::KeyValue(word.into(), unquote(value.text(self.text)).into()));
        }
        if words.next_if(|(kind, _)| matches!(kind, TokenKind::Open(_))).is_none() {
            words.next_if(|(kind, _)| *kind == TokenKind::Punct(b','));
            return Some(Cfg::Flag(word.into()));
        }
        let mut inner = Vec::new();
        while let Some((kind, _)) = words.peek()
            && !matches!(kind, TokenKind::Close(_))
        {
            // The nesting is bounded by the scan.
            match self.cfg(words) {
                Some(cfg) => inner.push(cfg),
                None => break,
            }
        }
        words.next_if(|(kind, _)| matches!(kind, TokenKind::Close(_)));
        words.next_if(|(kind, _)| *kind == TokenKind::Punct(b','));
        Some(match word {
            "all" => Cfg::All(inner),
            "any" => Cfg::Any(inner),
            "not" => Cfg::Not(Box::new(inner.pop()?)),
            _ => Cfg::Flag(word.into()),
        })
    }

    /// The predicate of a `#[cfg(..)]` attribute.
    pub(super) fn cfg_of(&mut self, attr: &Attribute) -> Option<Cfg> {
        match &attr.meta {
            Meta::List(list) if list.path.is_ident("cfg") => {
                let inside = self.inside(list.delimiter.span());
                self.cfg_in(inside)
            }
            _ => None,
        }
    }

    /// What is between the brackets of a delimiter.
    pub(super) fn inside(&self, span: &proc_macro2::extra::DelimSpan) -> Span {
        let start = self.open(span) + 1;
        Span::new(start, self.close(span).saturating_sub(1).max(start))
    }

    fn words(&self, inside: Span) -> Words<'_> {
        let tokens = Lexer::new(self.text, inside).map(|token| (token.kind, token.span));
        let tokens = tokens.filter(|(kind, _)| !matches!(kind, TokenKind::Comment { .. }));
        let tokens: Box<dyn Iterator<Item = (TokenKind, Span)>> = Box::new(tokens);
        tokens.peekable()
    }
}

/// Whether a predicate can hold where the program is not built for its tests.
pub(super) fn is_outside_tests(cfg: &Cfg) -> bool {
    value_outside_tests(cfg) != Some(false)
}

/// Adds a predicate to those that stand on the same thing.
pub(super) fn add_cfg(attrs: &mut Attrs, cfg: Option<Cfg>) {
    let Some(cfg) = cfg else { return };
    attrs.cfg = Some(Box::new(match attrs.cfg.take().map(|cfg| *cfg) {
        None => cfg,
        Some(Cfg::All(mut all)) => {
            all.push(cfg);
            Cfg::All(all)
        }
        Some(other) => Cfg::All(vec![other, cfg]),
    }));
}

/// What a predicate is with `test` off, if that alone decides it.
pub(super) fn value_outside_tests(cfg: &Cfg) -> Option<bool> {
    match cfg {
        Cfg::Flag(flag) => (&**flag == "test").then_some(false),
        Cfg::KeyValue(..) => None,
        Cfg::Not(inner) => value_outside_tests(inner).map(|value| !value),
        Cfg::All(all) => {
            let values: Vec<_> = all.iter().map(value_outside_tests).collect();
            if values.contains(&Some(false)) {
                return Some(false);
            }
            values.iter().all(|value| *value == Some(true)).then_some(true)
        }
        Cfg::Any(any) => {
            let values: Vec<_> = any.iter().map(value_outside_tests).collect();
            if values.contains(&Some(true)) {
                return Some(true);
            }
            values.iter().all(|value| *value == Some(false)).then_some(false)
        }
    }
}

/// The last segment of an attribute that makes a function a test.
fn is_test_attr(word: &str) -> bool {
    word.ends_with("test") || matches!(word, "bench" | "rstest" | "test_case" | "quickcheck" | "test_matrix")
}

fn string_value(value: &Expr) -> Option<Box<str>> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value().into()),
            _ => None,
        },
        _ => None,
    }
}

/// The text of a string literal without escapes.
fn unquote(literal: &str) -> &str {
    literal.trim_start_matches(['r', '#']).trim_end_matches('#').trim_matches('"')
}

fn skip_to_comma(words: &mut Words<'_>) {
    while let Some((kind, _)) = words.next() {
        match kind {
            TokenKind::Open(_) => skip_group(words),
            TokenKind::Punct(b',') => return,
            _ => {}
        }
    }
}

/// From behind an opening bracket to behind its closing one.
fn skip_group(words: &mut Words<'_>) {
    let mut depth = 1_u32;
    for (kind, _) in words {
        match kind {
            TokenKind::Open(_) => depth += 1,
            TokenKind::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}
