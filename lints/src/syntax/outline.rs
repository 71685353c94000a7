//! Which function bodies of a text can be left for later: where they stand, and what is in them as far as tokens tell.
//!
//! The items of a file are needed always, most bodies never. The outline is made from the tokens that the scan sees anyway; it knows
//! just enough of the grammar of items to find the braces of functions.
//!
//! Invariants: linear, not recursive; where the text is not what it expects, it leaves the rest of the block alone. A body is left out
//! only if reading it on its own gives what reading it in its place would: no item, no suppression and no inner attribute is in it.

use crate::source::{Name, Span, Token, TokenKind};
use serde::{Deserialize, Serialize};

/// Reading a smaller body later costs more than reading it at once.
const SMALLEST: u32 = 24;

/// What may be in a body, as far as its tokens tell: what is not set is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shape(u8);

impl Shape {
    /// Anything may be there.
    pub const UNKNOWN: Shape = Shape(u8::MAX);
    /// `loop` or `while`.
    pub const LOOP: Shape = Shape(1);
    /// `let .. _ .. =` or `_ =`
    pub const DISCARD: Shape = Shape(2);
    /// `move |x|`
    pub const MOVE_CLOSURE: Shape = Shape(4);
    /// `x.0`
    pub const TUPLE_FIELD: Shape = Shape(8);
    /// A call of something that is no path.
    pub const INDIRECT_CALL: Shape = Shape(16);

    /// Whether one of the things may be there.
    pub fn has(self, part: Shape) -> bool {
        self.0 & part.0 != 0
    }

    /// All of them as one number.
    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    fn add(&mut self, part: Shape) {
        self.0 |= part.0;
    }
}

/// The body of a function, found by its braces.
#[derive(Clone, Debug)]
pub(super) struct Outlined {
    /// The byte of the opening brace.
    pub(super) open: u32,
    /// The byte of the closing brace.
    pub(super) close: u32,
    /// The identifiers in it, those in the placeholders of its strings too, sorted, each once.
    pub(super) mentions: Box<[Name]>,
    /// Those of them that stand before a `(` or beside a `::`, sorted, each once.
    pub(super) called: Box<[Name]>,
    pub(super) shape: Shape,
}

/// What a block holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Block {
    /// Items, or members of a trait or impl.
    Items,
    /// The rest of a block of items that reads like nothing known.
    Lost,
    /// Anything else.
    Other,
}

/// Where in an item the outline is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before its keyword: visibility and modifiers.
    Start,
    /// Behind `fn`.
    FnKeyword,
    /// Between a function's name and its body.
    FnHead,
    /// Between `mod`, `impl`, `trait` or `extern ".."` and the block.
    BlockHead,
    /// `struct`, `enum`, `union`: ends with a block or `;`.
    Data,
    /// `use`, `const`, `static`, `type`: ends with `;`.
    Value,
    /// Behind `const`: a constant or a modifier.
    Const,
    /// Behind `extern`: a modifier, a block or a crate.
    Extern,
    /// The path of a macro call.
    MacroPath,
    /// Behind the `!`.
    MacroCall,
    /// Behind `#` or `#!`.
    Attribute,
}

/// The function whose body is being read.
struct Reading {
    open: u32,
    /// How many brackets are open around its brace.
    level: usize,
    shape: Shape,
    /// It has to be read in its place.
    in_place: bool,
    /// Between `let` and `=`.
    in_let: bool,
    /// Words that stand alone before a `(`.
    plain_calls: Vec<Name>,
}

/// Finds the bodies, token by token.
pub(super) struct Outline<'t> {
    text: &'t str,
    has_allow: bool,
    blocks: Vec<Block>,
    state: State,
    /// How many `<` are open in the head of the item.
    angles: u32,
    before: TokenKind,
    /// Before `before`.
    earlier: TokenKind,
    before_span: Span,
    /// The words of the signature.
    head: Vec<Name>,
    words: Vec<Name>,
    called: Vec<Name>,
    reading: Option<Reading>,
    found: Vec<Outlined>,
}

impl<'t> Outline<'t> {
    /// An outline of `text`, which may have suppressions as attributes in it.
    pub(super) fn new(text: &'t str, has_allow: bool) -> Outline<'t> {
        Outline {
            text,
            has_allow,
            blocks: vec![Block::Items],
            state: State::Start,
            angles: 0,
            before: TokenKind::Punct(b';'),
            earlier: TokenKind::Punct(b';'),
            before_span: Span::default(),
            head: Vec::new(),
            words: Vec::new(),
            called: Vec::new(),
            reading: None,
            found: Vec::new(),
        }
    }

    /// The bodies that can be left out, in order.
    pub(super) fn finish(self) -> Vec<Outlined> {
        self.found
    }

    /// The next token or comment.
    #[inline]
    pub(super) fn step(&mut self, token: Token) {
        if let TokenKind::Comment { doc, .. } = token.kind {
            // Documentation in a body is an attribute to the parser, unless it is taken out of the whole text.
            if let Some(reading) = &mut self.reading {
                reading.in_place |= doc;
            }
            return;
        }
        if self.reading.is_some() {
            self.in_body(token);
        } else {
            match self.blocks.last() {
                Some(Block::Items) => self.in_items(token),
                Some(Block::Lost | Block::Other) => match token.kind {
                    TokenKind::Open(_) => self.blocks.push(Block::Other),
                    TokenKind::Close(byte) => self.close(byte),
                    TokenKind::Ident if self.state == State::FnHead => {
                        self.head.push(Name::of(token.span.text(self.text)));
                    }
                    _ => {}
                },
                // More is closed than was opened.
                None => {}
            }
        }
        self.earlier = std::mem::replace(&mut self.before, token.kind);
        self.before_span = token.span;
    }

    fn in_items(&mut self, token: Token) {
        let state = self.state;
        match token.kind {
            TokenKind::Open(b'{') if self.angles == 0 => match state {
                State::FnHead => {
                    self.reading = Some(Reading {
                        open: token.span.start,
                        level: self.blocks.len(),
                        shape: Shape(0),
                        in_place: false,
                        in_let: false,
                        plain_calls: Vec::new(),
                    });
                    self.blocks.push(Block::Other);
                }
                State::BlockHead | State::Extern => {
                    self.state = State::Start;
                    self.blocks.push(Block::Items);
                }
                State::Data | State::MacroCall | State::Value => self.blocks.push(Block::Other),
                _ => self.lose_and_open(),
            },
            TokenKind::Open(_) => match state {
                // `pub(crate)`, `#[..]`
                State::Start | State::Attribute => self.blocks.push(Block::Other),
                State::FnKeyword | State::MacroPath | State::Const | State::Extern => self.lose_and_open(),
                _ => self.blocks.push(Block::Other),
            },
            TokenKind::Close(byte) => self.close(byte),
            TokenKind::Punct(b';') => self.next_item(),
            TokenKind::Punct(byte) => match (state, byte) {
                (State::Start, b'#') => self.state = State::Attribute,
                (State::Attribute, b'!') | (State::MacroPath, b':') => {}
                (State::MacroPath, b'!') => self.state = State::MacroCall,
                // `::path::of_macro!`
                (State::Start, b':') => self.state = State::MacroPath,
                (State::FnHead | State::BlockHead | State::Data, b'<') => self.angles += 1,
                (State::FnHead | State::BlockHead | State::Data, b'>') => {
                    let is_arrow = self.before == TokenKind::Punct(b'-') && self.before_span.end == token.span.start;
                    if !is_arrow {
                        self.angles = self.angles.saturating_sub(1);
                    }
                }
                (State::FnHead | State::BlockHead | State::Data | State::Value | State::MacroCall, _) => {}
                _ => self.lose(),
            },
            TokenKind::Ident => self.word(token.span),
            TokenKind::Text if state == State::Extern => {}
            TokenKind::Lifetime | TokenKind::Number | TokenKind::Text => {
                if matches!(state, State::Start | State::FnKeyword | State::Const | State::Extern | State::MacroPath) {
                    self.lose();
                }
            }
            TokenKind::Comment { .. } => {}
        }
    }

    fn word(&mut self, span: Span) {
        let word = span.text(self.text);
        match self.state {
            State::Start | State::Const | State::Extern => {
                self.state = match word {
                    "pub" | "default" | "async" | "unsafe" | "safe" | "auto" => self.state,
                    "fn" => State::FnKeyword,
                    "const" => State::Const,
                    "extern" => State::Extern,
                    // `extern crate a;`
                    "crate" if self.state == State::Extern => State::Value,
                    "mod" | "impl" | "trait" => State::BlockHead,
                    "struct" | "enum" | "union" => State::Data,
                    "use" | "static" | "type" => State::Value,
                    _ if self.state == State::Const => State::Value,
                    _ if self.state == State::Start => State::MacroPath,
                    _ => return self.lose(),
                };
                self.head.clear();
            }
            State::FnKeyword => self.state = State::FnHead,
            State::FnHead => self.head.push(Name::of(word)),
            // `a b` is no call of a macro, nor is there an item that starts so.
            State::MacroPath if self.before == TokenKind::Ident => self.lose(),
            State::Attribute => self.lose(),
            State::MacroPath | State::MacroCall | State::BlockHead | State::Data | State::Value => {}
        }
    }

    fn next_item(&mut self) {
        self.state = State::Start;
        self.angles = 0;
    }

    /// The rest of the block is not looked into.
    fn lose(&mut self) {
        if let Some(last) = self.blocks.last_mut() {
            *last = Block::Lost;
        }
    }

    fn lose_and_open(&mut self) {
        self.lose();
        self.blocks.push(Block::Other);
    }

    fn close(&mut self, byte: u8) {
        let closed = self.blocks.pop();
        if self.blocks.last() != Some(&Block::Items) {
            return;
        }
        match (closed, self.state) {
            (Some(Block::Other), State::Attribute) => self.state = State::Start,
            // The block that ends the item.
            (Some(Block::Other), State::Data | State::MacroCall) if byte == b'}' && self.angles == 0 => {
                self.next_item()
            }
            (Some(Block::Items | Block::Lost), _) => self.next_item(),
            _ => {}
        }
    }

    fn in_body(&mut self, token: Token) {
        let Some(reading) = &mut self.reading else { return };
        if self.before == TokenKind::Ident {
            let is_path = self.earlier == TokenKind::Punct(b':') && token.kind != TokenKind::Punct(b'!');
            if is_path || matches!(token.kind, TokenKind::Open(b'(') | TokenKind::Punct(b':')) {
                self.called.extend(self.words.last());
            }
        }
        match token.kind {
            TokenKind::Open(byte) => {
                if byte == b'(' {
                    match self.before {
                        TokenKind::Close(_) | TokenKind::Punct(b'?') => reading.shape.add(Shape::INDIRECT_CALL),
                        TokenKind::Ident
                            if !matches!(self.earlier, TokenKind::Punct(b'.' | b':'))
                                && !is_keyword(self.before_span.text(self.text)) =>
                        {
                            reading.plain_calls.extend(self.words.last());
                        }
                        _ => {}
                    }
                }
                self.blocks.push(Block::Other);
            }
            TokenKind::Close(_) => {
                self.blocks.pop();
                if self.blocks.len() == reading.level {
                    self.end_body(token.span.start);
                }
            }
            TokenKind::Ident => {
                let word = token.span.text(self.text);
                match word {
                    "loop" | "while" => reading.shape.add(Shape::LOOP),
                    "let" => reading.in_let = true,
                    "_" if reading.in_let => reading.shape.add(Shape::DISCARD),
                    _ => {
                        let is_item = !matches!(self.before, TokenKind::Punct(b'.' | b'*' | b':')) && starts_item(word);
                        reading.in_place |= is_item || (self.has_allow && word == "thread_lint");
                    }
                }
                self.words.push(Name::of(word));
            }
            TokenKind::Punct(b'|') => {
                if self.before == TokenKind::Ident && self.before_span.text(self.text) == "move" {
                    reading.shape.add(Shape::MOVE_CLOSURE);
                }
            }
            TokenKind::Punct(b'=') => {
                reading.in_let = false;
                if self.before == TokenKind::Ident && self.before_span.text(self.text) == "_" {
                    let next = self.text.as_bytes().get(token.span.end as usize);
                    if next != Some(&b'>') {
                        reading.shape.add(Shape::DISCARD);
                    }
                }
            }
            TokenKind::Punct(b'!') => reading.in_place |= self.before == TokenKind::Punct(b'#'),
            TokenKind::Number => {
                if self.before == TokenKind::Punct(b'.') {
                    reading.shape.add(Shape::TUPLE_FIELD);
                }
            }
            TokenKind::Text => placeholders(token.span.text(self.text), &mut self.words),
            TokenKind::Punct(_) | TokenKind::Lifetime | TokenKind::Comment { .. } => {}
        }
    }

    fn end_body(&mut self, close: u32) {
        let Some(mut reading) = self.reading.take() else { return };
        self.next_item();
        let words = &mut self.words;
        if !reading.in_place && close - reading.open >= SMALLEST {
            words.sort_unstable();
            reading.plain_calls.sort_unstable();
            if calls_local(&reading.plain_calls, words, &self.head) {
                reading.shape.add(Shape::INDIRECT_CALL);
            }
            words.dedup();
            self.called.sort_unstable();
            self.called.dedup();
            self.found.push(Outlined {
                open: reading.open,
                close,
                mentions: words.as_slice().into(),
                called: self.called.as_slice().into(),
                shape: reading.shape,
            });
        }
        words.clear();
        self.called.clear();
    }
}

/// Whether a word that stands before a `(` may be a local: it stands elsewhere too. All are sorted, with repetitions, but the head.
fn calls_local(called: &[Name], words: &[Name], head: &[Name]) -> bool {
    called.chunk_by(|a, b| a == b).any(|same| {
        let Some(name) = same.first() else { return false };
        let first = words.partition_point(|word| word < name);
        let times = words.iter().skip(first).take_while(|word| *word == name).count();
        times > same.len() || head.contains(name)
    })
}

/// A word that may stand before a `(` and is no function.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "as" | "await"
            | "break"
            | "else"
            | "for"
            | "if"
            | "in"
            | "let"
            | "match"
            | "move"
            | "mut"
            | "ref"
            | "return"
            | "while"
    )
}

/// A word that an item in a body starts with, or the macros that stand for items.
fn starts_item(word: &str) -> bool {
    matches!(
        word,
        "fn" | "struct"
            | "enum"
            | "union"
            | "impl"
            | "trait"
            | "mod"
            | "use"
            | "const"
            | "static"
            | "type"
            | "extern"
            | "macro"
            | "macro_rules"
            | "cfg_if"
            | "cfg_select"
    )
}

/// The words between the braces of a format string.
fn placeholders(literal: &str, words: &mut Vec<Name>) {
    let mut rest = literal;
    while let Some((_, inside)) = rest.split_once('{') {
        let (placeholder, after) = inside.split_once('}').unwrap_or((inside, ""));
        for word in placeholder.split(|c: char| !c.is_alphanumeric() && c != '_') {
            // `{:0width$}`: the zero is a flag.
            for word in [word, word.trim_start_matches('0')] {
                if word.starts_with(|c: char| !c.is_ascii_digit()) {
                    words.push(Name::of(word));
                }
            }
        }
        rest = after;
    }
}
