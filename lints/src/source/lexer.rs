//! A small lexer over the raw text: the comments, and a guard for everything behind it.
//!
//! syn descends recursively, and so do the lowering of its tree and the tree's `Drop`; an overflow of the stack aborts the
//! process. [`scan`] therefore refuses, before the parse, any text whose tree could be too deep for a stack of 64 MiB.
//! It also refuses the one token on which syn is quadratic, a long number.
//!
//! Invariants: linear in the text and not recursive; every string, character, lifetime, raw identifier and nested
//! comment is told apart as rustc does; a text that is not Rust gives some tokens, never a panic.

use super::Span;
use super::head::code_start;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How deep a tree may get, in steps of the guard: see [`Guard`].
const MAX_DEPTH: u32 = 3_000;

/// What a bracket or a `<` adds: the longest way through syn from one level to the next.
const BRACKET_STEPS: u32 = 6;

/// What a prefix operator or keyword adds.
const PREFIX_STEPS: u32 = 2;

/// syn reads a number in time quadratic in its digits: 50,000 take 5.5 s.
const MAX_NUMBER: u32 = 1_000;

/// What [`scan`] reads.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Every comment in order of position.
    pub comments: Vec<Comment>,
    /// The deepest nesting of brackets.
    pub max_depth: u32,
    /// What stands before the code: byte-order mark, shebang line, frontmatter.
    pub code_start: u32,
    /// There is no byte above 127.
    pub is_ascii: bool,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Where it stands, without the line ending.
    pub span: Span,
    /// Only white space stands before it on its line.
    pub own_line: bool,
    /// `///`, `//!`, `/** */`, `/*! */`
    pub doc: bool,
    /// `/* */`
    pub block: bool,
}

/// Why a text is not given to the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanProblem {
    /// What is wrong.
    pub kind: ScanProblemKind,
    /// The byte where it goes too far.
    pub offset: u32,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanProblemKind {
    /// Brackets, generics or operators nest too deeply.
    TooDeep,
    /// A number has too many digits.
    LongNumber,
    /// The text does not fit 32-bit positions.
    TooLarge,
}

impl fmt::Display for ScanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ScanProblemKind::TooDeep => "the code nests too deeply",
            ScanProblemKind::LongNumber => "a number is longer than 1,000 characters",
            ScanProblemKind::TooLarge => "the file is larger than 4 GiB",
        })
    }
}

/// Reads the comments of `text` and checks that it is safe to parse.
pub fn scan(text: &str) -> Result<Scan, ScanProblem> {
    scan_with(text, |_| {})
}

/// [`scan`], with every token and comment shown to `see`.
pub(crate) fn scan_with(text: &str, mut see: impl FnMut(Token)) -> Result<Scan, ScanProblem> {
    if u32::try_from(text.len()).is_err() {
        return Err(ScanProblem { kind: ScanProblemKind::TooLarge, offset: 0 });
    }
    let mut scan = Scan { code_start: code_start(text), is_ascii: text.is_ascii(), ..Scan::default() };
    let mut guard = Guard::default();
    let mut before_end: Option<u32> = None;
    for token in Lexer::new(text, Span::new(scan.code_start, text.len() as u32)) {
        see(token);
        match token.kind {
            TokenKind::Comment { doc, block } => {
                let gap = before_end.map(|end| Span::new(end, token.span.start).text(text));
                let own_line = gap.is_none_or(|gap| gap.contains('\n'));
                scan.comments.push(Comment { span: token.span, own_line, doc, block });
            }
            TokenKind::Number if token.span.end - token.span.start > MAX_NUMBER => {
                return Err(ScanProblem { kind: ScanProblemKind::LongNumber, offset: token.span.start });
            }
            _ => {
                guard.step(token, text);
                if guard.depth > MAX_DEPTH {
                    return Err(ScanProblem { kind: ScanProblemKind::TooDeep, offset: token.span.start });
                }
            }
        }
        before_end = Some(token.span.end);
    }
    scan.max_depth = guard.max_levels;
    Ok(scan)
}

/// An upper bound of the depth of the syntax tree, kept token by token.
///
/// A node gets deeper than its parent only by a bracket, a `<`, an operator, a postfix or a keyword before an operand;
/// `,` and `;` end what was going on at their level. So the depth at a token is at most the sum, over the brackets
/// around it, of such tokens since the last separator. `a + b + c` counts although a loop parses it: its tree is a chain,
/// and dropping and lowering it recurse.
struct Guard {
    depth: u32,
    /// The depth at the start of the level.
    base: u32,
    levels: Vec<Level>,
    /// For each `<` that may be open, the depth after it.
    angles: Vec<u32>,
    /// Where the angles of the level start.
    angle_base: usize,
    max_levels: u32,
    /// The last token; `;` at the start.
    before: Token,
    /// The last token is the second half of a two-character operator.
    paired: bool,
}

struct Level {
    depth: u32,
    base: u32,
    angle_base: usize,
}

impl Default for Guard {
    fn default() -> Guard {
        Guard {
            depth: 0,
            base: 0,
            levels: Vec::new(),
            angles: Vec::new(),
            angle_base: 0,
            max_levels: 0,
            before: Token { kind: TokenKind::Punct(b';'), span: Span::new(0, 0) },
            paired: false,
        }
    }
}

impl Guard {
    #[inline]
    fn step(&mut self, token: Token, text: &str) {
        let before = std::mem::replace(&mut self.before, token);
        match token.kind {
            TokenKind::Open(_) => self.open(),
            TokenKind::Close(_) => self.close(),
            TokenKind::Punct(byte) => self.punct(byte, token, before),
            _ => self.word(token, before, text),
        }
    }

    fn open(&mut self) {
        self.levels.push(Level { depth: self.depth, base: self.base, angle_base: self.angle_base });
        self.max_levels = self.max_levels.max(self.levels.len() as u32);
        self.depth += BRACKET_STEPS;
        self.base = self.depth;
        self.angle_base = self.angles.len();
    }

    fn close(&mut self) {
        self.angles.truncate(self.angle_base);
        if let Some(level) = self.levels.pop() {
            self.depth = level.depth + 1;
            self.base = level.base;
            self.angle_base = level.angle_base;
        }
    }

    fn punct(&mut self, byte: u8, token: Token, before: Token) {
        let joined = (before.span.end == token.span.start).then_some(before.kind);
        let paired = std::mem::take(&mut self.paired);
        match byte {
            b',' => self.depth = self.innermost_angle(),
            b';' => self.reset(),
            b'<' => {
                self.depth += BRACKET_STEPS;
                self.angles.push(self.depth);
            }
            // Not the `>` of `->` and `=>`.
            b'>' if joined == Some(TokenKind::Punct(b'-')) || joined == Some(TokenKind::Punct(b'=')) => {}
            b'>' => {
                if self.angles.len() > self.angle_base
                    && let Some(depth) = self.angles.pop()
                {
                    self.depth = self.depth.min(depth).saturating_sub(BRACKET_STEPS).max(self.base) + 1;
                }
            }
            b'!' | b'&' | b'*' | b'-' => self.depth += PREFIX_STEPS,
            // The second half of `||`, `..`, `::`, `==`, `+=`.
            b'|' | b'.' | b':' if !paired && joined == Some(TokenKind::Punct(byte)) => self.paired = true,
            b'=' if matches!(joined, Some(TokenKind::Punct(_))) => {}
            b'#' | b'$' | b'\'' => self.restart_after_block(before),
            _ => self.depth += 1,
        }
    }

    #[inline]
    fn word(&mut self, token: Token, before: Token, text: &str) {
        match before.kind {
            TokenKind::Close(b'}') if !matches!(token.span.text(text), "else" | "as" | "in") => self.reset(),
            TokenKind::Ident if comes_before_operand(before.span.text(text)) => self.depth += PREFIX_STEPS,
            TokenKind::Lifetime => self.depth += PREFIX_STEPS,
            _ => {}
        }
    }

    /// A statement or item starts after a block that ends one.
    fn restart_after_block(&mut self, before: Token) {
        if before.kind == TokenKind::Close(b'}') {
            self.reset();
        }
    }

    fn reset(&mut self) {
        self.angles.truncate(self.angle_base);
        self.depth = self.base;
    }

    /// `A<(), A<(), ..` nests although a comma stands between.
    fn innermost_angle(&self) -> u32 {
        match self.angles.get(self.angle_base..) {
            Some([.., last]) => *last,
            _ => self.base,
        }
    }
}

/// `return return x` nests without any punctuation.
fn comes_before_operand(word: &str) -> bool {
    matches!(
        word,
        "as" | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "do"
            | "dyn"
            | "else"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "move"
            | "return"
            | "static"
            | "try"
            | "unsafe"
            | "while"
            | "yield"
    )
}

/// A token of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// What a token is; operators come one character at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier, keyword or raw identifier.
    Ident,
    /// `'a`
    Lifetime,
    /// A number with its suffix.
    Number,
    /// A string, raw string, character or byte of any kind.
    Text,
    /// An operator character.
    Punct(u8),
    /// `(`, `[` or `{`
    Open(u8),
    /// `)`, `]` or `}`
    Close(u8),
    /// A comment.
    Comment {
        /// It documents.
        doc: bool,
        /// `/* */`
        block: bool,
    },
}

/// The tokens of a part of a text.
pub(crate) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
}

impl<'t> Lexer<'t> {
    /// Reads `part` of `text`, which must start between two tokens.
    pub(crate) fn new(text: &'t str, part: Span) -> Lexer<'t> {
        let text = text.get(..part.end as usize).unwrap_or(text);
        Lexer { text, bytes: text.as_bytes(), at: part.start as usize }
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        // Zero is in no token, so the end of the text needs no case of its own.
        self.bytes.get(at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_while(&mut self, class: u8) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| CLASS[*byte as usize] & class == 0).unwrap_or(rest.len());
    }

    #[inline]
    fn ident(&mut self) -> TokenKind {
        let start = self.at;
        self.skip_while(WORD);
        if self.at - start > 2 { TokenKind::Ident } else { self.short_ident(start) }
    }

    /// A word of one or two letters, which may be the prefix of a literal.
    fn short_ident(&mut self, start: usize) -> TokenKind {
        let quote = self.byte(self.at);
        if !matches!(quote, b'"' | b'\'' | b'#') {
            return TokenKind::Ident;
        }
        let prefix = self.bytes.get(start..self.at).unwrap_or_default();
        match (prefix, quote) {
            (b"b" | b"c", b'"') => self.string(b'"'),
            (b"b", b'\'') => self.string(b'\''),
            (b"r" | b"br" | b"cr", b'"' | b'#') => self.raw_string(prefix == b"r"),
            _ => TokenKind::Ident,
        }
    }

    /// From the opening quote.
    fn string(&mut self, quote: u8) -> TokenKind {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            if *byte == b'\\' {
                self.at += 1;
            } else if *byte == quote {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
        TokenKind::Text
    }

    /// From the first `#` or the quote.
    fn raw_string(&mut self, may_be_ident: bool) -> TokenKind {
        let mut at = self.at;
        while self.byte(at) == b'#' {
            at += 1;
        }
        let hashes = at - self.at;
        if self.byte(at) != b'"' {
            if may_be_ident && hashes == 1 && CLASS[self.byte(at) as usize] & WORD != 0 {
                self.at = at;
                self.skip_while(WORD);
            }
            return TokenKind::Ident;
        }
        at += 1;
        while let Some(byte) = self.bytes.get(at) {
            at += 1;
            if *byte == b'"' {
                let closing = self.bytes.get(at..at + hashes);
                if closing.is_some_and(|closing| closing.iter().all(|byte| *byte == b'#')) {
                    at += hashes;
                    break;
                }
            }
        }
        self.at = at.min(self.bytes.len());
        TokenKind::Text
    }

    /// From a `'`.
    fn quote(&mut self) -> TokenKind {
        let first = self.byte(self.at + 1);
        if first == b'\\' {
            return self.string(b'\'');
        }
        let width = match first {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        if self.byte(self.at + 1 + width) == b'\'' {
            self.at += width + 2;
            return TokenKind::Text;
        }
        self.at += 1;
        if CLASS[first as usize] & WORD == 0 {
            return TokenKind::Punct(b'\'');
        }
        self.skip_while(WORD);
        TokenKind::Lifetime
    }

    fn number(&mut self) -> TokenKind {
        let start = self.at;
        let has_radix = self.byte(start) == b'0' && matches!(self.byte(start + 1), b'x' | b'o' | b'b');
        loop {
            self.skip_while(WORD);
            let (last, next, after) = (self.byte(self.at - 1), self.byte(self.at), self.byte(self.at + 1));
            let is_fraction = next == b'.' && after.is_ascii_digit();
            let is_exponent =
                !has_radix && matches!(last, b'e' | b'E') && matches!(next, b'+' | b'-') && after.is_ascii_digit();
            if !is_fraction && !is_exponent {
                return TokenKind::Number;
            }
            self.at += 1;
        }
    }

    /// A comment, if the `/` starts one.
    fn slash(&mut self) -> TokenKind {
        let start = self.at;
        let byte = |offset: usize| self.byte(start + offset);
        match byte(1) {
            b'/' => {
                let doc = byte(2) == b'!' || byte(2) == b'/' && byte(3) != b'/';
                // `find` looks at a word of bytes at a time.
                let rest = self.text.get(start..).unwrap_or("");
                let length = rest.find('\n').unwrap_or(rest.len());
                let return_before = length < rest.len() && rest.as_bytes().get(length - 1) == Some(&b'\r');
                self.at = start + length - usize::from(return_before);
                TokenKind::Comment { doc, block: false }
            }
            b'*' => {
                let doc = byte(2) == b'!' || byte(2) == b'*' && !matches!(byte(3), b'*' | b'/');
                self.block_comment();
                TokenKind::Comment { doc, block: true }
            }
            _ => {
                self.at += 1;
                TokenKind::Punct(b'/')
            }
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.bytes.len() {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    #[inline(always)]
    fn next(&mut self) -> Option<Token> {
        self.skip_while(SPACE);
        let start = self.at;
        let byte = *self.bytes.get(start)?;
        let class = CLASS[byte as usize];
        let kind = if class & DIGIT != 0 {
            self.number()
        } else if class & WORD != 0 {
            self.ident()
        } else {
            match byte {
                b'"' => self.string(b'"'),
                b'\'' => self.quote(),
                b'/' => self.slash(),
                _ => {
                    self.at += 1;
                    match byte {
                        b'(' | b'[' | b'{' => TokenKind::Open(byte),
                        b')' | b']' | b'}' => TokenKind::Close(byte),
                        _ => TokenKind::Punct(byte),
                    }
                }
            }
        };
        // A quote at the very end may step over it.
        self.at = self.at.min(self.bytes.len());
        Some(Token { kind, span: Span::new(start as u32, self.at as u32) })
    }
}

const SPACE: u8 = 1;
const WORD: u8 = 2;
const DIGIT: u8 = 4;

/// What each byte may be part of. Every byte of a character beyond ASCII counts as part of a word.
static CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let ascii = byte as u8;
        class[byte] = match ascii {
            0..=b' ' => SPACE,
            b'0'..=b'9' => WORD | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => WORD,
            _ => 0,
        };
        byte += 1;
    }
    class
};

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        Lexer::new(text, Span::new(0, text.len() as u32)).map(|token| (token.kind, token.span.text(text))).collect()
    }

    fn texts(text: &str) -> Vec<&str> {
        kinds(text).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn tells_lifetimes_from_characters() {
        use TokenKind::{Lifetime, Text};
        for (text, kind) in [
            ("'a'", Text),
            ("'a", Lifetime),
            ("'static", Lifetime),
            ("'_", Lifetime),
            (r"'\''", Text),
            (r"'\\'", Text),
            (r"'\u{1F600}'", Text),
            ("'é'", Text),
            ("'漢'", Text),
            ("'😀'", Text),
            ("'('", Text),
            ("' '", Text),
            ("b'\\''", Text),
            ("b'x'", Text),
        ] {
            assert_eq!(kinds(text), [(kind, text)], "{text}");
        }
        assert_eq!(texts("&'a str"), ["&", "'a", "str"]);
        assert_eq!(texts("'a: loop { break 'a; }"), ["'a", ":", "loop", "{", "break", "'a", ";", "}"]);
    }

    #[test]
    fn strings_hide_what_is_in_them() {
        for text in [
            r#""a \" } // no""#,
            r#""\\""#,
            r##"r"\""##,
            r###"r#"a " } /* "#"###,
            r####"r##"a "# b"##"####,
            r###"br#"x"y"#"###,
            r#"b"\"""#,
            r#"c"x""#,
            r###"cr#"x"#"###,
            "\"line\nline\"",
        ] {
            assert_eq!(kinds(text), [(TokenKind::Text, text)], "{text}");
        }
    }

    #[test]
    fn raw_identifiers_are_no_strings() {
        assert_eq!(texts("r#fn r#type br"), ["r#fn", "r#type", "br"]);
        assert!(kinds("r#fn r br cr b c").iter().all(|(kind, _)| *kind == TokenKind::Ident));
        assert_eq!(texts("r # x"), ["r", "#", "x"]);
    }

    #[test]
    fn numbers() {
        assert_eq!(texts("1..2"), ["1", ".", ".", "2"]);
        assert_eq!(texts("1.max(2)"), ["1", ".", "max", "(", "2", ")"]);
        assert_eq!(texts("1.5e-3f64 0x1e-2 1e10 1_000u8"), ["1.5e-3f64", "0x1e", "-", "2", "1e10", "1_000u8"]);
    }

    #[test]
    fn comments() {
        let text =
            "//! head\r\nfn f() {} // after\n  /* a /* b */ c */ x /// doc\n//// plain\n/**/ /*** no */\n/** doc */";
        let scan = scan(text).expect("shallow");
        let comments: Vec<_> = scan.comments.iter().map(|c| (c.span.text(text), c.own_line, c.doc, c.block)).collect();
        assert_eq!(
            comments,
            [
                ("//! head", true, true, false),
                ("// after", false, false, false),
                ("/* a /* b */ c */", true, false, true),
                ("/// doc", false, true, false),
                ("//// plain", true, false, false),
                ("/**/", true, false, true),
                ("/*** no */", false, false, true),
                ("/** doc */", true, true, true),
            ]
        );
        assert!(super::scan("let s = \"// no\"; let c = '/'; let u = 'a / 'b;").expect("shallow").comments.is_empty());
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["'", "\"", "\"\\", "r#\"", "b'", "/*", "/* /* */", "'\\", "'é", "//", "\u{feff}", "0.", "1e", "r#"]
        {
            let last = Lexer::new(text, Span::new(0, text.len() as u32)).last().expect("a token");
            assert_eq!(last.span.end as usize, text.len(), "{text}");
            assert!(scan(text).is_ok());
        }
        assert!(kinds("").is_empty());
    }

    #[test]
    fn depth_is_bounded() {
        let too_deep = |text: String| matches!(scan(&text), Err(ScanProblem { kind: ScanProblemKind::TooDeep, .. }));
        for unit in [
            "(",
            "[",
            "{",
            "A<",
            "A<(), ",
            "!",
            "&",
            "&mut ",
            "*",
            "- ",
            "a + ",
            "a.b().",
            "a ? ",
            "x = ",
            "|| ",
            "|x| ",
            "return ",
            "if a { b } else ",
            "break 'a ",
            "f(",
            "a as ",
            ".. ",
            "fn() -> ",
            "impl F<",
            "a[0]",
            "a()",
            "&&",
            "loop { ",
            "match x { y => ",
            "a::<",
            "use a::{",
            "x += ",
            "<A as ",
            "*const ",
            "dyn ",
            "#[a(",
        ] {
            assert!(too_deep(unit.repeat(20_000)), "{unit}");
        }
    }

    #[test]
    fn long_but_flat_code_is_read() {
        for unit in [
            "fn f(a: &A<B>) -> C { a.b(c)?.d() }\n",
            "x.y = a + b * -c; ",
            "a::b(c, d), ",
            "#[test] fn f() {} ",
            "impl A<B> for C {} ",
            "if a == b { return } ",
            "A::B => { c(); } ",
            "a < b, ",
            "match x { A { b } if c => d, _ => e } ",
            "pub struct A<T: B<C>>(T); ",
            "-> A<B>, ",
        ] {
            let text = unit.repeat(400);
            assert!(scan(&text).is_ok(), "{unit}");
        }
        assert_eq!(scan("f(a[b{c}])").map(|scan| scan.max_depth), Ok(3));
    }

    #[test]
    fn long_numbers_are_refused() {
        let text = format!("const A: u8 = {};", "9".repeat(2_000));
        assert_eq!(scan(&text).map(|_| ()), Err(ScanProblem { kind: ScanProblemKind::LongNumber, offset: 14 }));
        assert!(scan(&format!("const A: &str = \"{}\";", "9".repeat(2_000))).is_ok());
    }
}
