//! What stands before the code of a file: a byte-order mark, a `#!` line, and the manifest of a cargo script between two
//! lines of dashes.

use super::{Lexer, Span, TokenKind};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Where the code proper starts, after the frontmatter if there is one.
pub(crate) fn code_start(text: &str) -> u32 {
    let start = after_shebang(text);
    frontmatter_from(text, start).map_or(start, |(_, end)| end) as u32
}

/// The manifest of a cargo script: the lines between two fences of at least three dashes, before all code.
pub fn frontmatter(text: &str) -> Option<Span> {
    frontmatter_from(text, after_shebang(text)).map(|(manifest, _)| manifest)
}

/// The end of the byte-order mark and the shebang line, as `syn::parse_file` strips them.
fn after_shebang(text: &str) -> usize {
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let code = text.get(start..).unwrap_or("");
    if !code.starts_with("#!") {
        return start;
    }
    // `#![attr]`, with whatever white space and comments between, is no shebang.
    let after = Span::new(start as u32 + 2, text.len() as u32);
    let next = Lexer::new(text, after).find(|token| !matches!(token.kind, TokenKind::Comment { .. }));
    if next.is_some_and(|token| token.kind == TokenKind::Open(b'[')) {
        return start;
    }
    start + code.find('\n').unwrap_or(code.len())
}

/// What stands between the fences, and the end of the second one.
fn frontmatter_from(text: &str, start: usize) -> Option<(Span, usize)> {
    let mut at = start;
    // The dashes of the first fence, and where its line ends.
    let mut open: Option<(usize, usize)> = None;
    for line in text.get(start..)?.split_inclusive('\n') {
        let dashes = line.bytes().take_while(|byte| *byte == b'-').count();
        let rest = line.get(dashes..)?.trim();
        match open {
            None if dashes >= 3 => open = Some((dashes, at + line.len())),
            None if !line.trim().is_empty() => return None,
            Some((opening, manifest)) if dashes == opening && rest.is_empty() => {
                return Some((Span::new(manifest as u32, at as u32), at + dashes));
            }
            _ => {}
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_mark_and_shebang() {
        assert_eq!(code_start("fn f() {}"), 0);
        assert_eq!(code_start("\u{feff}fn f() {}"), 3);
        assert_eq!(code_start("#!/usr/bin/env run\nfn f() {}"), 18);
        assert_eq!(code_start("\u{feff}#!/bin/sh\n"), 12);
        assert_eq!(code_start("#!/bin/sh"), 9);
        assert_eq!(code_start("#![allow(x)]"), 0);
        assert_eq!(code_start("#! /* c */ // d\n [allow(x)]"), 0);
    }

    #[test]
    fn frontmatter_of_cargo_scripts() {
        let between = |text: &'static str| frontmatter(text).map(|span| span.text(text));
        let code = |text: &'static str| &text[code_start(text) as usize..];
        let script = "#!/usr/bin/env cargo\n\n---cargo\r\n[package]\r\nedition = \"2021\"\r\n---\r\nfn main() {}\n";
        assert_eq!(between(script), Some("[package]\r\nedition = \"2021\"\r\n"));
        assert_eq!(code(script), "\r\nfn main() {}\n");
        assert_eq!(between("---\n---\n"), Some(""));
        assert_eq!(between("\u{feff}-----\n---\n-----"), Some("---\n"));
        assert_eq!(code("-----\n---\n-----"), "");
        for none in ["fn f() {}", "--\n--\n", "---\nnever closed", "fn f() {}\n---\n---\n", "", "---\n---x\n"] {
            assert_eq!(between(none), None, "{none}");
            assert_eq!(code_start(none), 0, "{none}");
        }
    }
}
