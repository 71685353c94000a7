//! Source from before edition 2018, at the positions it has.
//!
//! Two ways, both only for files that syn does not read as they are: the text of the whole file written as it would be
//! today, at the same length; and, for an item that is still not read, its tokens with those put in that were not needed
//! then. A token that is put in has the span of its neighbour.

use crate::source::{Lexer, Span, Token, TokenKind};
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};

/// The code as it would be written today, at the same length, for trait objects from before `dyn`.
///
/// syn does not read `Box<Any + Send>`: without the bound it is a path. `Box<FnMut() + Send>` becomes `Box<dyn FnMut()>`.
/// Where there is no room for the word, the trait alone is left, as a path: `Box<FnMut>`.
pub(super) fn with_dyn(code: &str) -> String {
    let plain = without_auto_bounds(code);
    let mut bytes = plain.as_bytes().to_vec();
    let tokens: Vec<Token> = Lexer::new(&plain, Span::new(0, plain.len() as u32)).collect();
    for pair in tokens.windows(2).enumerate() {
        let (index, [before, name]) = pair else { continue };
        let is_object =
            before.kind == TokenKind::Punct(b'<') && matches!(name.span.text(&plain), "Fn" | "FnMut" | "FnOnce");
        let Some(end) = is_object.then(|| closing_angle(&tokens, index + 2)).flatten() else { continue };
        let (start, end) = (name.span.start as usize, end.start as usize);
        let Some(area) = bytes.get_mut(start..end) else { continue };
        if area.len() > 4 && area.ends_with(b"    ") {
            area.rotate_right(4);
            area.iter_mut().zip(b"dyn ").for_each(|(byte, new)| *byte = *new);
        } else if let Some(rest) = area.get_mut((name.span.end - name.span.start) as usize..) {
            rest.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
    }
    String::from_utf8(bytes).unwrap_or(plain)
}

/// The code with the keywords that edition 2015 did not have as plain identifiers of the same length. Names are read from the
/// text before this, so they keep their own.
pub(super) fn without_new_keywords(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for token in Lexer::new(code, Span::new(0, code.len() as u32)) {
        let is_new = token.kind == TokenKind::Ident && matches!(token.span.text(code), "async" | "await" | "try");
        if let (true, Some(second)) = (is_new, bytes.get_mut(token.span.start as usize + 1)) {
            *second = b'_';
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| code.to_owned())
}

/// The `>` that closes the angle bracket in which `from` stands.
fn closing_angle(tokens: &[Token], from: usize) -> Option<Span> {
    let mut depth = 0;
    let mut arrow = false;
    for token in tokens.get(from..)? {
        match token.kind {
            TokenKind::Punct(b'<') | TokenKind::Open(_) => depth += 1,
            TokenKind::Close(_) => depth -= 1,
            TokenKind::Punct(b'>') if arrow => {}
            TokenKind::Punct(b'>') if depth == 0 => return Some(token.span),
            TokenKind::Punct(b'>') => depth -= 1,
            TokenKind::Punct(b';') if depth <= 0 => return None,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
        arrow = token.kind == TokenKind::Punct(b'-');
    }
    None
}

/// The code without `+ Send`, `+ Sync` and `+ 'static`, at the same length.
fn without_auto_bounds(code: &str) -> String {
    const AUTO: [&str; 6] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe", "Sized"];
    let mut bytes = code.as_bytes().to_vec();
    let mut plus: Option<Span> = None;
    for token in Lexer::new(code, Span::new(0, code.len() as u32)) {
        let bound = match token.kind {
            TokenKind::Lifetime => true,
            TokenKind::Ident => AUTO.contains(&token.span.text(code)),
            TokenKind::Comment { .. } => continue,
            _ => false,
        };
        if let (true, Some(plus)) = (bound, plus) {
            let area = plus.to(token.span);
            if let Some(area) = bytes.get_mut(area.start as usize..area.end as usize) {
                area.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
            }
        }
        plus = (token.kind == TokenKind::Punct(b'+')).then_some(token.span);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| code.to_owned())
}

/// An item whose tokens are those of an older edition, or of a compiler that had `box`.
pub(super) fn read_item(tokens: &[TokenTree]) -> Option<syn::Item> {
    let read = |keywords| syn::parse2(repaired(tokens.iter().cloned().collect(), keywords)).ok();
    read(true).or_else(|| read(false))
}

/// Tokens with what today's syntax wants. `keywords`: `async`, `await` and `try` are what they are now.
fn repaired(tokens: TokenStream, keywords: bool) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parameters = parameter_lists(&tokens);
    let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let inside = repaired(group.stream(), keywords);
                let inside = if parameters.contains(&index) { with_names(inside) } else { inside };
                let mut new = Group::new(group.delimiter(), inside);
                new.set_span(group.span());
                out.push(new.into());
            }
            // `box Node { .. }`: what is boxed stands for the box.
            TokenTree::Ident(word) if word == "box" && starts_value(tokens.get(index + 1)) => {}
            TokenTree::Ident(word) if !keywords && (word == "async" || word == "await" || word == "try") => {
                out.push(Ident::new(&format!("{word}_"), word.span()).into());
            }
            TokenTree::Ident(word)
                if (word == "Fn" || word == "FnMut" || word == "FnOnce") && is_bare(&out, tokens.get(index + 1)) =>
            {
                out.push(Ident::new("dyn", word.span()).into());
                out.push(token.clone());
            }
            _ => out.push(token.clone()),
        }
    }
    out.into_iter().collect()
}

/// Whether a `Fn` after and before these tokens is a trait object without its `dyn`.
fn is_bare(before: &[TokenTree], after: Option<&TokenTree>) -> bool {
    let takes = matches!(after, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    takes
        && match before {
            [] => true,
            // A lifetime is two.
            [.., TokenTree::Punct(quote), TokenTree::Ident(_)] if quote.as_char() == '\'' => true,
            [.., TokenTree::Punct(punct)] => matches!(punct.as_char(), '<' | ',' | '&' | '='),
            [.., TokenTree::Ident(word)] => *word == "mut",
            [.., TokenTree::Group(_) | TokenTree::Literal(_)] => false,
        }
}

fn starts_value(token: Option<&TokenTree>) -> bool {
    match token {
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '|' | '&' | '*' | '-' | '!'),
        other => other.is_some(),
    }
}

/// The indices of the parenthesised groups that are parameters of a function with a name.
fn parameter_lists(tokens: &[TokenTree]) -> Vec<usize> {
    let is_fn = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn");
    let starts = tokens
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair, [keyword, TokenTree::Ident(_)] if is_fn(keyword)));
    starts
        .filter_map(|(index, _)| {
            let mut angles = Angles::default();
            let rest = tokens.iter().enumerate().skip(index + 2);
            rest.take_while(|(_, token)| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')).find_map(
                |(index, token)| {
                    angles.pass(token);
                    let is_list =
                        matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
                    (is_list && angles.depth == 0).then_some(index)
                },
            )
        })
        .collect()
}

/// Parameters with `_:` where there is a type alone, as the methods of traits could have it.
fn with_names(parameters: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut parameter: Vec<TokenTree> = Vec::new();
    let mut angles = Angles::default();
    for token in parameters {
        angles.pass(&token);
        let ends = angles.depth == 0 && matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        parameter.push(token);
        if ends {
            out.append(&mut named(std::mem::take(&mut parameter)));
        }
    }
    out.append(&mut named(parameter));
    out.into_iter().collect()
}

fn named(parameter: Vec<TokenTree>) -> Vec<TokenTree> {
    let is_whole = |token: &TokenTree| match token {
        TokenTree::Ident(word) => word == "self",
        TokenTree::Punct(punct) => punct.as_char() == '.',
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    };
    // `::` is two, the first of them joint.
    let mut joint = false;
    let has_type = parameter.iter().any(|token| {
        let TokenTree::Punct(punct) = token else {
            joint = false;
            return false;
        };
        let alone = punct.as_char() == ':' && punct.spacing() == Spacing::Alone && !joint;
        joint = punct.as_char() == ':' && punct.spacing() == Spacing::Joint;
        alone
    });
    let Some(first) = parameter.first().map(TokenTree::span) else { return parameter };
    if has_type || matches!(&parameter[..], [TokenTree::Punct(_)]) || parameter.iter().any(is_whole) {
        return parameter;
    }
    let mut colon = Punct::new(':', Spacing::Alone);
    colon.set_span(first);
    let mut named = vec![Ident::new("_", first).into(), colon.into()];
    named.extend(parameter);
    named
}

/// How deep in angle brackets.
#[derive(Default)]
struct Angles {
    depth: u32,
    /// The last token was the `-` of a `->`.
    arrow: bool,
}

impl Angles {
    fn pass(&mut self, token: &TokenTree) {
        let TokenTree::Punct(punct) = token else {
            self.arrow = false;
            return;
        };
        match punct.as_char() {
            '<' => self.depth += 1,
            '>' if !self.arrow => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.arrow = punct.as_char() == '-';
    }
}
