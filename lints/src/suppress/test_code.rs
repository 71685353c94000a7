//! Where test code is, generously: a suppression there has nothing to suppress while tests are off.
//!
//! Read from the tokens, since statements that are compiled for tests only are not in the [`FileIr`](crate::FileIr). Whatever
//! stands under a `cfg` that mentions `test` counts, and rather a little more than too little.

use crate::source::{Lexer, Span, TokenKind, code_start};

type Token = (TokenKind, Span);

/// The stretches of a file that may be test code.
pub(super) fn regions(text: &str) -> Vec<Span> {
    let all = Span::new(code_start(text), text.len() as u32);
    let tokens: Vec<Token> = Lexer::new(text, all)
        .map(|token| (token.kind, token.span))
        .filter(|(kind, _)| !matches!(kind, TokenKind::Comment { .. }))
        .collect();
    let mut regions = Vec::new();
    for (index, (kind, span)) in tokens.iter().enumerate() {
        if *kind != TokenKind::Punct(b'#') {
            continue;
        }
        let is = |at: usize, wanted: TokenKind| tokens.get(at).is_some_and(|(kind, _)| *kind == wanted);
        let is_inner = is(index + 1, TokenKind::Punct(b'!'));
        let open = index + 1 + usize::from(is_inner);
        if !is(open, TokenKind::Open(b'[')) {
            continue;
        }
        let close = skip_group(&tokens, open);
        let words = tokens.get(open + 1..close.saturating_sub(1)).unwrap_or_default();
        if !is_for_tests(text, words) {
            continue;
        }
        let (start, end) = if is_inner {
            // The whole of the file or block that it heads; to be generous, from the last bracket before it.
            (enclosing_start(&tokens, index), enclosing_end(&tokens, close, text))
        } else {
            (span.start, end_of_thing(&tokens, close, text))
        };
        regions.push(Span::new(start, end));
    }
    regions
}

/// `cfg(.. test ..)`, or an attribute whose path ends as test attributes do.
fn is_for_tests(text: &str, words: &[Token]) -> bool {
    let ident = |(kind, span): &Token| (*kind == TokenKind::Ident).then(|| span.text(text));
    if words.first().and_then(ident) == Some("cfg") {
        return words.iter().filter_map(ident).any(|word| word == "test");
    }
    let path = words.iter().take_while(|(kind, _)| matches!(kind, TokenKind::Ident | TokenKind::Punct(b':')));
    let last = path.filter_map(ident).last().unwrap_or("");
    last.ends_with("test") || matches!(last, "bench" | "rstest" | "test_case" | "quickcheck" | "test_matrix")
}

/// The index behind the bracket that closes the one at `open`.
fn skip_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_u32;
    for (index, (kind, _)) in tokens.iter().enumerate().skip(open) {
        match kind {
            TokenKind::Open(_) => depth += 1,
            TokenKind::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// Where the item, statement or arm whose attribute ends before `index` ends.
fn end_of_thing(tokens: &[Token], mut index: usize, text: &str) -> u32 {
    while let Some((kind, span)) = tokens.get(index) {
        match kind {
            TokenKind::Punct(b';') => return span.end,
            TokenKind::Close(_) => return span.start,
            TokenKind::Open(bracket) => {
                index = skip_group(tokens, index);
                let goes_on = tokens.get(index).is_some_and(|(kind, span)| match kind {
                    TokenKind::Ident => matches!(span.text(text), "else" | "as"),
                    TokenKind::Punct(punct) => *punct != b'#',
                    TokenKind::Open(_) => true,
                    _ => false,
                });
                if *bracket == b'{' && !goes_on {
                    return tokens.get(index.saturating_sub(1)).map_or(text.len() as u32, |(_, span)| span.end);
                }
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    text.len() as u32
}

fn enclosing_start(tokens: &[Token], index: usize) -> u32 {
    let before = tokens.get(..index).unwrap_or_default();
    let brace = before.iter().rev().find(|(kind, _)| *kind == TokenKind::Open(b'{'));
    brace.map_or(0, |(_, span)| span.start)
}

fn enclosing_end(tokens: &[Token], mut index: usize, text: &str) -> u32 {
    while let Some((kind, span)) = tokens.get(index) {
        match kind {
            TokenKind::Close(_) => return span.start,
            TokenKind::Open(_) => index = skip_group(tokens, index),
            _ => index += 1,
        }
    }
    text.len() as u32
}
