//! What a suppression comment covers.

use crate::source::{Lexer, Name, Span, TokenKind};
use crate::syntax::ir::{Body, Expr, ExprId, Item, ItemKind, Stmt};
use crate::workspace::SourceFile;

/// The line of a byte, its end included.
pub(super) fn line(file: &SourceFile, offset: u32) -> Span {
    let line = file.lines.line_of(offset);
    let start = file.lines.line_start(line).unwrap_or(0);
    let end = file.lines.line_start(line + 1).unwrap_or(file.text.len() as u32);
    Span::new(start, end)
}

/// What a comment on a line of its own stands before, or between the attributes of: the smallest item, statement, field,
/// variant or match arm; else the expression and line that follow.
pub(super) fn after(file: &SourceFile, comment: Span) -> Span {
    let start = skip_attributes(&file.text, comment.end);
    let around = bodies_around(file, start);
    named_after(file, &around, start).unwrap_or_else(|| {
        let expressions = around.iter().flat_map(|body| &body.exprs);
        let longest = expressions.filter(|expr| expr.span.start == start).map(|expr| expr.span.end).max();
        let line = line(file, start);
        Span::new(line.start, line.end.max(longest.unwrap_or(line.end)))
    })
}

/// Where a comment above `place` has to start so that it covers it: a line, and the white space in front of its code. The
/// nearest item, statement, field, variant or arm that starts a line and holds the place; else the place's own line.
pub(crate) fn place_for_comment(file: &SourceFile, place: Span) -> Option<(u32, String)> {
    let own = file.lines.line_of(place.start);
    let mut candidates = (own.saturating_sub(MAX_LINES_ABOVE)..=own).rev().filter_map(|line| {
        let start = file.lines.line_start(line)?;
        let text = file.lines.line_text(&file.text, line);
        // The mark of the byte order is no white space, and stays in front.
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        let (start, text) = (start + mark as u32, text.get(mark..)?);
        let code = text.trim_start();
        let indentation = text.get(..text.len() - code.len())?.to_owned();
        let is_code = !code.is_empty() && !code.starts_with("//") && !is_inside_token(&file.text, start);
        is_code.then_some((start, indentation))
    });
    let holds = |start: u32| {
        let start = skip_attributes(&file.text, start);
        let named = named_after(file, &bodies_around(file, start), start);
        named.is_some_and(|named| named.start <= place.start && place.start < named.end)
    };
    let own = candidates.clone().next();
    candidates.find(|(start, _)| holds(*start)).or(own)
}

/// A statement that starts further above its finding is not looked for.
const MAX_LINES_ABOVE: u32 = 12;

/// Whether a string or a comment starts before a byte and ends behind it.
fn is_inside_token(text: &str, at: u32) -> bool {
    let whole = Span::new(0, text.len() as u32);
    let mut tokens = Lexer::new(text, whole).skip_while(|token| token.span.end <= at);
    tokens.next().is_some_and(|token| token.span.start < at)
}

fn bodies_around(file: &SourceFile, start: u32) -> Vec<&Body> {
    let bodies = file.ir.bodies.iter();
    let around = bodies.filter(|body| body.span().is_none_or(|function| function.contains(Span::new(start, start))));
    around.map(|body| body.body(&file.text)).collect()
}

/// The smallest item, statement, field, variant or match arm that starts at a byte.
fn named_after(file: &SourceFile, around: &[&Body], start: u32) -> Option<Span> {
    let places = Places { text: &file.text, start };
    let mut best: Option<Span> = None;
    let mut consider = |span: Span| {
        let is_smaller = best.is_none_or(|best| span.end - span.start < best.end - best.start);
        if is_smaller && places.starts(span) {
            best = Some(span);
        }
    };
    for item in &file.ir.items {
        places.item(item, &mut consider);
    }
    for body in around {
        places.body(body, &mut consider);
    }
    best
}

/// The first code from `at` on that is no comment and no attribute.
fn skip_attributes(text: &str, at: u32) -> u32 {
    let whole = Span::new(at, text.len() as u32);
    let mut tokens =
        Lexer::new(text, whole).filter(|token| !matches!(token.kind, TokenKind::Comment { .. })).peekable();
    while let Some(token) = tokens.next() {
        if token.kind != TokenKind::Punct(b'#') {
            return token.span.start;
        }
        tokens.next_if(|next| next.kind == TokenKind::Punct(b'!'));
        if tokens.next_if(|next| next.kind == TokenKind::Open(b'[')).is_none() {
            return token.span.start;
        }
        let mut depth = 1_u32;
        while depth > 0 {
            match tokens.next().map(|token| token.kind) {
                Some(TokenKind::Open(_)) => depth += 1,
                Some(TokenKind::Close(_)) => depth -= 1,
                Some(_) => {}
                None => return text.len() as u32,
            }
        }
    }
    text.len() as u32
}

/// Looks for what starts at `start`, its attributes aside.
struct Places<'t> {
    text: &'t str,
    start: u32,
}

impl Places<'_> {
    fn starts(&self, span: Span) -> bool {
        if span.start == self.start {
            return true;
        }
        let has_head = self.text.as_bytes().get(span.start as usize).is_some_and(|byte| matches!(byte, b'#' | b'/'));
        has_head
            && span.start < self.start
            && self.start < span.end
            && skip_attributes(self.text, span.start) == self.start
    }

    fn item(&self, item: &Item, consider: &mut impl FnMut(Span)) {
        // The anonymous module of a block with items is the block.
        let is_written = !(matches!(item.kind, ItemKind::Module(_)) && item.name == Name::NONE);
        if is_written {
            consider(item.span);
        }
        if !item.span.contains(Span::new(self.start, self.start)) {
            return;
        }
        match &item.kind {
            ItemKind::Struct(data) => {
                let names: Vec<Span> = data.fields.iter().map(|field| field.span).collect();
                self.member(&names, item.span.end, consider);
            }
            ItemKind::Enum(data) => {
                let names: Vec<Span> = data.variants.iter().map(|variant| variant.span).collect();
                self.member(&names, item.span.end, consider);
                for (index, variant) in data.variants.iter().enumerate() {
                    let fields: Vec<Span> = variant.fields.iter().map(|field| field.span).collect();
                    let end = names.get(index + 1).map_or(item.span.end, |next| next.start);
                    self.member(&fields, end, consider);
                }
            }
            _ => {}
        }
    }

    /// A field or variant, known by its name alone: it reaches up to the next one.
    fn member(&self, names: &[Span], end: u32, consider: &mut impl FnMut(Span)) {
        let Some(index) = names.iter().position(|name| name.start >= self.start) else {
            return;
        };
        let Some(name) = names.get(index) else {
            return;
        };
        if is_visibility(Span::new(self.start, name.start).text(self.text)) {
            let end = names.get(index + 1).map_or(end, |next| next.start);
            consider(Span::new(self.start, end.max(name.end)));
        }
    }

    fn body(&self, body: &Body, consider: &mut impl FnMut(Span)) {
        let span_of = |id: ExprId| body.exprs.get(id.index()).map(|expr| expr.span);
        for expr in &body.exprs {
            if !(expr.span.start <= self.start && self.start < expr.span.end) {
                continue;
            }
            match &expr.kind {
                Expr::Block(block) => {
                    for stmt in &block.stmts {
                        let (Stmt::Let { span, .. } | Stmt::Expr { span, .. }) = stmt;
                        consider(*span);
                    }
                    if let Some(tail) = block.tail.and_then(span_of) {
                        consider(tail);
                    }
                }
                Expr::Match { arms, .. } => {
                    for arm in arms {
                        let pat = body.pats.get(arm.pat.index()).map(|pat| pat.span);
                        if let (Some(pat), Some(value)) = (pat, span_of(arm.body)) {
                            consider(pat.to(value));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Nothing, `pub`, or `pub(..)`.
fn is_visibility(text: &str) -> bool {
    let text = text.trim();
    let Some(rest) = text.strip_prefix("pub") else {
        return text.is_empty();
    };
    let rest = rest.trim();
    rest.is_empty() || (rest.starts_with('(') && rest.find(')') == Some(rest.len() - 1))
}
