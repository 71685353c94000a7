//! From syn's tree to [`FileIr`], one file at a time.
//!
//! Invariants: total (what syn cannot read is a [`NotAnalysed`], a form unknown to this code is [`Expr::Missing`]); the
//! spans of composite nodes come from their tokens and children, never from printing them; a name's text is a slice of
//! the source, or of the source as it would be written today. Lowering recurses no deeper than the tree, whose depth the scan has bounded.
//!
//! The tree is lowered through `&mut`, so that the tokens of macros can be taken rather than copied.

mod attrs;
mod body;
mod exprs;
mod items;
mod macros;
mod older;
mod pats;
mod simple;
mod types;

use self::body::BodyBuilder;
use self::older::{with_dyn, without_new_keywords};
use super::bodies::{BodySlot, ReadBody};
use super::ir::{Body, Expr, ExprData, ExprId, FileIr, LocalBodyId, LocalItemId};
use super::outline::{Outline, Outlined};
use super::positions::{Pieces, Positions};
use crate::source::{Comment, Name, NameTable, Scan, ScanProblem, Span, scan, scan_with};
use proc_macro2::extra::DelimSpan;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use syn::buffer::Cursor;
use syn::parse::{ParseStream, Parser};

/// The stack that a thread needs to call [`parse`].
pub const STACK_SIZE: usize = 64 << 20;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotAnalysed {
    /// What is wrong, lower case, no full stop.
    pub reason: String,
    /// Where, if it is known.
    pub span: Option<Span>,
    /// The items that were left out; none where it is the whole file.
    pub unread: Vec<Span>,
}

impl NotAnalysed {
    /// A whole file that could not be read.
    pub fn whole(reason: String, span: Option<Span>) -> NotAnalysed {
        NotAnalysed { reason, span, unread: Vec::new() }
    }

    /// Whether what was not read of a file's text has a word in it.
    pub fn mentions(&self, text: &str, word: &str) -> bool {
        match &self.unread[..] {
            [] => text.contains(word),
            unread => unread.iter().any(|span| span.text(text).contains(word)),
        }
    }
}

impl From<ScanProblem> for NotAnalysed {
    fn from(problem: ScanProblem) -> NotAnalysed {
        NotAnalysed::whole(problem.to_string(), Some(Span::new(problem.offset, problem.offset)))
    }
}

/// Reads a file's text, whole or not at all. The thread must have [`STACK_SIZE`] of stack.
pub fn parse(text: &str) -> Result<FileIr, NotAnalysed> {
    match parse_partly(text) {
        (ir, None) => Ok(ir),
        (_, Some(problem)) => Err(problem),
    }
}

/// Reads the items of a file's text like [`parse_partly`], and of the bodies of its functions only those that cannot be read on
/// their own: the others are read when they are asked for ([`BodySlot::body`]), and so are the problems in them.
pub fn parse_outline(text: &str) -> (FileIr, Option<NotAnalysed>) {
    let has_allow = text.contains("thread_lint");
    let mut outline = Outline::new(text, has_allow);
    match scan_with(text, |token| outline.step(token)) {
        Ok(scan) => match parse_around(text, scan, outline.finish(), has_allow) {
            Some(ir) => (ir, None),
            None => parse_partly(text),
        },
        Err(problem) => (FileIr::default(), Some(problem.into())),
    }
}

/// Reads a text without some bodies and without its comments, unless something is wrong with it.
fn parse_around(text: &str, scan: Scan, mut bodies: Vec<Outlined>, has_allow: bool) -> Option<FileIr> {
    let _forget = ForgetSpans;
    // One that takes the rest of the file with it is left for the parser to refuse.
    if scan.comments.last().is_some_and(|last| is_open(last.span.text(text))) {
        return None;
    }
    let shift = scan.code_start;
    let mut code = String::with_capacity(text.len() / 2);
    let mut pieces = vec![(0, shift)];
    let mut at = shift;
    let mut comments = scan.comments.iter().map(|comment| comment.span).peekable();
    let mut skipped = bodies.iter().map(|body| Span::new(body.open + 1, body.close)).peekable();
    loop {
        let (next, is_comment) = match (comments.peek(), skipped.peek()) {
            (Some(comment), Some(body)) if comment.start < body.start => (*comment, true),
            (Some(comment), None) => (*comment, true),
            (_, Some(body)) => (*body, false),
            (None, None) => break,
        };
        if is_comment {
            comments.next()
        } else {
            skipped.next()
        };
        // A comment in a body.
        if next.start < at {
            continue;
        }
        code.push_str(text.get(at as usize..next.start as usize)?);
        if is_comment {
            code.push(' ');
        }
        at = next.end;
        pieces.push((code.len() as u32, at));
    }
    code.push_str(text.get(at as usize..)?);
    let file = read_tree(&code).ok()?;
    let positions = Positions::new(&code, scan.is_ascii, Pieces::new(pieces));
    let mut lowering = Lowering::new(text, positions, has_allow);
    lowering.ir.comments = scan.comments;
    bodies.reverse();
    lowering.later = bodies;
    let (ir, left) = lowering.file(file);
    // Each must have been met, as the body of a function.
    (left == 0).then_some(ir)
}

/// Reads a body on its own: `span` is that of the function from its signature on.
pub(super) fn read_body(text: &str, span: Span, owner: LocalItemId, mentions: &[Name]) -> ReadBody {
    let _forget = ForgetSpans;
    let code = span.text(text);
    let written_today;
    let (mut names, mut read) = (text, read_function(code));
    if read.is_err() {
        let older = with_dyn(code);
        if let Ok(function) = read_function(&older).or_else(|_| read_function(&without_new_keywords(&older))) {
            let (before, after) = (Span::new(0, span.start), Span::new(span.end, text.len() as u32));
            written_today = format!("{}{older}{}", before.text(text), after.text(text));
            (names, read) = (&written_today, Ok(function));
        }
    }
    let missing = |problem| {
        let body = Body { mentions: mentions.into(), ..Body::missing(owner) };
        ReadBody { body, names: NameTable::default(), problem: Some(problem) }
    };
    let (mut signature, mut block) = match read {
        Ok(function) => function,
        Err(error) => {
            let problem = not_analysed(&error, span.start);
            return missing(NotAnalysed { unread: vec![span], ..problem });
        }
    };
    let positions = Positions::new(code, code.is_ascii(), Pieces::whole(span.start));
    let mut lowering = Lowering::new(names, positions, false);
    lowering.function_body(owner, &mut signature, &mut block);
    let FileIr { bodies, items, names, .. } = lowering.ir;
    match (bodies.into_iter().next(), items.is_empty()) {
        (Some(slot), true) => {
            let body = Body { mentions: mentions.into(), ..slot.into_body(owner) };
            ReadBody { body, names, problem: None }
        }
        _ => missing(NotAnalysed {
            reason: String::from("an item in a function that does not look like one"),
            span: Some(span),
            unread: vec![span],
        }),
    }
}

fn read_function(code: &str) -> syn::Result<(syn::Signature, syn::Block)> {
    let tokens = TokenStream::from_str(code).map_err(|error| {
        let at = error.span().byte_range().start;
        syn::Error::new(error.span(), stopped_at(code.get(at..).unwrap_or("")))
    })?;
    (|input: ParseStream<'_>| Ok((input.parse()?, input.parse()?))).parse2(tokens)
}

/// Reads what can be read of a file's text: where an item has a syntax error, the others are there, beside the problem.
pub fn parse_partly(text: &str) -> (FileIr, Option<NotAnalysed>) {
    let scan = match scan(text) {
        Ok(scan) => scan,
        Err(problem) => return (FileIr::default(), Some(problem.into())),
    };
    let shift = scan.code_start;
    let code = text.get(shift as usize..).unwrap_or("");
    let plain = without_docs(code, &scan);
    let code = plain.as_deref().unwrap_or(code);
    let _forget = ForgetSpans;
    let older;
    // What names are read from.
    let mut names = text;
    let written_today;
    let (file, code, problem) = match read_tree(code) {
        Ok(file) => (file, code, None),
        Err(error) => {
            let problem = not_analysed(&error, shift);
            proc_macro2::extra::invalidate_current_thread_spans();
            older = with_dyn(code);
            let (head, rest) = text.split_at_checked(shift as usize).unwrap_or(("", text));
            written_today = format!("{head}{}", with_dyn(rest));
            names = &written_today;
            match read_tree(&older).or_else(|_| read_tree(&without_new_keywords(&older))) {
                Ok(file) => (file, older.as_str(), None),
                Err(_) => match read_items(&older, shift) {
                    Some((file, unread)) => {
                        let problem = (!unread.is_empty()).then_some(NotAnalysed { unread, ..problem });
                        (file, older.as_str(), problem)
                    }
                    None => return (FileIr::default(), Some(problem)),
                },
            }
        }
    };
    let positions = Positions::new(code, scan.is_ascii, Pieces::whole(shift));
    let mut lowering = Lowering::new(names, positions, names.contains("thread_lint"));
    lowering.ir.comments = scan.comments;
    (lowering.file(file).0, problem)
}

/// The items that can be read, one by one, and the spans of those that cannot: they are skipped up to their block or
/// semicolon.
fn read_items(code: &str, shift: u32) -> Option<(syn::File, Vec<Span>)> {
    let mut skipped = Vec::new();
    let read = |input: ParseStream<'_>| {
        let attrs = input.call(syn::Attribute::parse_inner)?;
        let mut items = Vec::new();
        while !input.is_empty() {
            // syn says of tokens that were left inside a bracket only in the end, so each item is read on its own.
            let ahead = input.fork();
            let end = ahead.parse::<syn::Item>().is_ok().then(|| ahead.cursor());
            let tokens = item_tokens(input, end)?;
            let item = syn::parse2(tokens.iter().cloned().collect()).ok().or_else(|| older::read_item(&tokens));
            match item {
                Some(item) => items.push(item),
                None => skipped.extend(whole(&tokens, shift)),
            }
        }
        Ok(syn::File { shebang: None, frontmatter: None, attrs, items })
    };
    let file = read.parse2(TokenStream::from_str(code).ok()?).ok()?;
    (!file.items.is_empty()).then_some((file, skipped))
}

/// The tokens of an item: up to where it was found to end, or up to its block or semicolon.
fn item_tokens(input: ParseStream<'_>, end: Option<Cursor<'_>>) -> syn::Result<Vec<TokenTree>> {
    input.step(|cursor| {
        let mut rest = *cursor;
        let mut tokens = Vec::new();
        while let Some((tree, next)) = rest.token_tree() {
            rest = next;
            let ends = match (end, &tree) {
                (Some(end), _) => rest == end,
                (None, TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
                (None, TokenTree::Punct(punct)) => punct.as_char() == ';',
                (None, TokenTree::Ident(_) | TokenTree::Literal(_)) => false,
            };
            tokens.push(tree);
            if ends {
                break;
            }
        }
        Ok((tokens, rest))
    })
}

/// From the first token to the last.
fn whole(tokens: &[TokenTree], shift: u32) -> Option<Span> {
    let (first, last) = (tokens.first()?.span().byte_range(), tokens.last()?.span().byte_range());
    Some(Span::new(first.start as u32 + shift, last.end as u32 + shift))
}

/// The code with its documentation turned into plain comments of the same length, if it has any.
///
/// proc-macro2 makes six tokens of a line of documentation, escaped, and syn an attribute with a literal of it: in a
/// well-documented crate a fifth of all time, for nothing that is read here.
fn without_docs(code: &str, scan: &Scan) -> Option<String> {
    let mut docs = scan.comments.iter().filter(|comment| comment.doc).peekable();
    docs.peek()?;
    let mut bytes = code.as_bytes().to_vec();
    for doc in docs {
        // The third of `///`, `//!`, `/**`, `/*!`.
        if let Some(byte) = bytes.get_mut((doc.span.start - scan.code_start) as usize + 2) {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).ok()
}

fn read_tree(code: &str) -> syn::Result<syn::File> {
    // The lexer says where it stopped, not why.
    let tokens = TokenStream::from_str(code).map_err(|error| {
        let at = error.span().byte_range().start;
        syn::Error::new(error.span(), stopped_at(code.get(at..).unwrap_or("")))
    })?;
    syn::parse2(tokens)
}

/// Why the lexer stops before this.
fn stopped_at(rest: &str) -> String {
    let quoted = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    match rest.chars().next() {
        None => String::from("a bracket that is not closed"),
        Some(')' | ']' | '}') => String::from("a closing bracket that closes nothing, or another kind of bracket"),
        Some('(' | '[' | '{') => String::from("a bracket that is not closed"),
        Some('\'') => String::from("a character that is not closed, or none"),
        Some('"') => String::from("a string that is not closed, or has an escape that is none"),
        Some('r' | 'b' | 'c') if quoted.starts_with(['"', '\'']) => {
            String::from("a string that is not closed, or has an escape that is none")
        }
        Some('0'..='9') => String::from("a number that is none"),
        Some('/') => String::from("a comment that is not closed, or has a carriage return without a line feed"),
        Some('\0') => String::from("a NUL character; is this UTF-16?"),
        Some(stray) if stray.is_control() || !stray.is_ascii() => {
            format!("a character that Rust has no use for here: U+{:04X}", u32::from(stray))
        }
        Some(stray) => format!("a character that Rust has no use for here: {stray}"),
    }
}

fn not_analysed(error: &syn::Error, shift: u32) -> NotAnalysed {
    let range = error.span().byte_range();
    // The end of the file has the span of no token.
    let span = (range.end > 0).then(|| Span::new(range.start as u32 + shift, range.end as u32 + shift));
    NotAnalysed::whole(error.to_string(), span)
}

/// proc-macro2 keeps every text that a thread has read until it is told to forget.
struct ForgetSpans;

impl Drop for ForgetSpans {
    fn drop(&mut self) {
        proc_macro2::extra::invalidate_current_thread_spans();
    }
}

struct Lowering<'t> {
    text: &'t str,
    at: Positions,
    ir: FileIr,
    /// The body being lowered; outside of any, what it collects is thrown away.
    body: BodyBuilder,
    /// Builders to use again.
    spare: Vec<BodyBuilder>,
    /// The span of the expression lowered last, with the parentheses around it.
    outer: Span,
    in_macro: bool,
    /// How many macro calls are being read one inside the other.
    macro_depth: u32,
    /// The text has suppression attributes.
    has_allow: bool,
    /// The bodies that were left out, the first last.
    later: Vec<Outlined>,
}

impl<'t> Lowering<'t> {
    fn new(text: &'t str, at: Positions, has_allow: bool) -> Lowering<'t> {
        Lowering {
            text,
            at,
            ir: FileIr::default(),
            body: BodyBuilder::default(),
            spare: Vec::new(),
            outer: Span::default(),
            in_macro: false,
            macro_depth: 0,
            has_allow,
            later: Vec::new(),
        }
    }

    /// The lowered file, and how many of the bodies that were left out were not met.
    fn file(mut self, mut file: syn::File) -> (FileIr, usize) {
        self.ir.attrs = self.attrs(&file.attrs);
        self.allow_attrs(&file.attrs, Span::new(0, self.text.len() as u32));
        let mut top = Vec::with_capacity(file.items.len());
        for item in &mut file.items {
            self.item(item, None, &mut top);
        }
        self.ir.top = top;
        (self.ir, self.later.len())
    }

    fn start(&self, span: proc_macro2::Span) -> u32 {
        self.at.start(span)
    }

    /// Where the documentation before `start` starts, or `start`.
    fn docs_start(&self, mut start: u32) -> u32 {
        let before = self.ir.comments.partition_point(|comment| comment.span.start < start);
        let above = self.ir.comments.get(..before).unwrap_or_default().iter().rev();
        for comment in above {
            let gap = Span::new(comment.span.end, start).text(self.text);
            if !is_outer_doc(comment, self.text) || !gap.bytes().all(|byte| byte.is_ascii_whitespace()) {
                break;
            }
            start = comment.span.start;
        }
        start
    }

    /// The byte before the opening bracket.
    fn open(&self, span: &DelimSpan) -> u32 {
        self.at.start(span.open())
    }

    /// The byte after the closing bracket.
    fn close(&self, span: &DelimSpan) -> u32 {
        self.at.start(span.close()) + 1
    }

    /// An identifier's name, remembered and mentioned, and its span.
    fn ident(&mut self, ident: &proc_macro2::Ident) -> (Name, Span) {
        let start = self.at.start(ident.span());
        let span = Span::new(start, start + word_length(self.text, start));
        (self.mention(span), span)
    }

    fn mention(&mut self, span: Span) -> Name {
        let name = self.ir.names.intern(span.text(self.text));
        self.body.mentions.push(name);
        name
    }

    /// The name of a tuple's field.
    fn index_name(&mut self, index: u32) -> Name {
        const FIRST: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        match FIRST.get(index as usize) {
            Some(text) => self.ir.names.intern(text),
            None => self.ir.names.intern(&index.to_string()),
        }
    }

    fn add(&mut self, kind: Expr, span: Span) -> ExprId {
        self.outer = span;
        let id = ExprId(self.body.exprs.len() as u32);
        self.body.exprs.push(ExprData { kind, span, in_macro: self.in_macro });
        id
    }

    /// Lowers a body of its own with `lower`, which gives its root.
    fn body_of(&mut self, owner: LocalItemId, lower: impl FnOnce(&mut Self) -> ExprId) -> LocalBodyId {
        let mut inner = self.spare.pop().unwrap_or_default();
        inner.owner = Some(owner);
        let outer = std::mem::replace(&mut self.body, inner);
        let root = lower(self);
        let mut inner = std::mem::replace(&mut self.body, outer);
        let body: Body = inner.finish(owner, root);
        self.spare.push(inner);
        self.add_body(BodySlot::of(body))
    }

    fn add_body(&mut self, body: BodySlot) -> LocalBodyId {
        let id = LocalBodyId(self.ir.bodies.len() as u32);
        self.ir.bodies.push(body);
        id
    }
}

/// `///` or `/** */`, not `//!` or `/*! */`
fn is_outer_doc(comment: &Comment, text: &str) -> bool {
    comment.doc && !matches!(text.as_bytes().get(comment.span.start as usize + 2), Some(b'!') | None)
}

/// Whether a comment is a `/*` without its end.
fn is_open(comment: &str) -> bool {
    let mut rest = match comment.strip_prefix("/*") {
        // Most end here.
        Some(rest) if !comment.ends_with("*/") || rest.contains("/*") || rest.len() < 2 => rest,
        _ => return false,
    };
    let mut depth = 1_u32;
    while let Some(at) = rest.find(['/', '*']) {
        let (width, change) = match rest.as_bytes().get(at..at + 2) {
            Some(b"/*") => (2, 1),
            Some(b"*/") => (2, -1),
            _ => (1, 0),
        };
        depth = depth.saturating_add_signed(change);
        rest = rest.get(at + width..).unwrap_or("");
    }
    depth > 0
}

/// The bytes of the identifier that starts at `start`.
fn word_length(text: &str, start: u32) -> u32 {
    let bytes = text.as_bytes().get(start as usize..).unwrap_or_default();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
    let raw = match bytes {
        [b'r', b'#', first, ..] if is_word(first) => 2,
        _ => 0,
    };
    let rest = bytes.get(raw..).unwrap_or_default();
    (raw + rest.iter().take_while(|byte| is_word(byte)).count()) as u32
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests;
