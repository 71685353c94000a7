//! The short way for the arguments of most macro calls: `"..", x, &a.b(), c == d` read from the text.
//!
//! syn would copy the tokens of each call into a new buffer before it parses them, a tenth of all time in code that logs
//! and asserts. Invariant: what is read here is exactly what syn would have said; anything else is left to it, and
//! nothing that was added on the way stays.

use super::super::ir::{BinaryOp, Expr, ExprId, Literal, MethodCall, Operator, PathRef, Segment};
use super::Lowering;
use crate::source::{Lexer, Span, Token, TokenKind};

/// The arguments, one token ahead.
struct Cursor<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    next: Option<Token>,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str, inside: Span) -> Cursor<'t> {
        let mut cursor = Cursor { text, lexer: Lexer::new(text, inside), next: None };
        cursor.advance();
        cursor
    }

    fn advance(&mut self) {
        self.next = self.lexer.find(|token| !matches!(token.kind, TokenKind::Comment { .. }));
    }

    fn kind(&self) -> Option<TokenKind> {
        self.next.map(|token| token.kind)
    }

    /// Steps over an operator character.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.kind() == Some(TokenKind::Punct(byte));
        if found {
            self.advance();
        }
        found
    }

    fn eat_open(&mut self, byte: u8) -> bool {
        let found = self.kind() == Some(TokenKind::Open(byte));
        if found {
            self.advance();
        }
        found
    }

    /// The next token's text.
    fn word(&self) -> &'t str {
        self.next.map_or("", |token| token.span.text(self.text))
    }

    /// The byte right behind the next token.
    fn byte_after(&self) -> u8 {
        let end = self.next.map_or(0, |token| token.span.end as usize);
        self.text.as_bytes().get(end).copied().unwrap_or(0)
    }
}

impl Lowering<'_> {
    /// The arguments between a macro's brackets; `None` where they are not of the simple kind.
    pub(super) fn simple_args(&mut self, inside: Span) -> Option<Vec<ExprId>> {
        let exprs = self.body.exprs.len();
        let mentions = self.body.mentions.len();
        let mut cursor = Cursor::new(self.text, inside);
        let args = self.arguments(&mut cursor, true);
        if args.is_none() {
            self.body.exprs.truncate(exprs);
            self.body.mentions.truncate(mentions);
        }
        args
    }

    /// Arguments up to the end or the closing parenthesis, which is stepped over by the caller.
    fn arguments(&mut self, cursor: &mut Cursor<'_>, is_outermost: bool) -> Option<Vec<ExprId>> {
        let mut args = Vec::new();
        loop {
            match cursor.kind() {
                None if is_outermost => return Some(args),
                Some(TokenKind::Close(b')')) if !is_outermost => return Some(args),
                _ => {}
            }
            let arg = self.argument(cursor)?;
            args.push(arg);
            if is_outermost && matches!(self.body.exprs.last()?.kind, Expr::Literal(Literal::Str)) {
                self.format_captures(self.outer, &mut args);
            }
            match cursor.kind() {
                Some(TokenKind::Punct(b',')) => cursor.advance(),
                Some(TokenKind::Punct(b';')) if is_outermost => cursor.advance(),
                None if is_outermost => {}
                Some(TokenKind::Close(b')')) if !is_outermost => {}
                _ => return None,
            }
        }
    }

    /// One operator at most: no precedence to mind.
    fn argument(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprId> {
        let lhs = self.operand(cursor)?;
        let start = self.outer.start;
        let Some(op) = operator(cursor)? else { return Some(lhs) };
        let rhs = self.operand(cursor)?;
        let span = Span::new(start, self.outer.end);
        Some(self.add(Expr::Binary { op, lhs, rhs }, span))
    }

    fn operand(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprId> {
        let token = cursor.next?;
        let start = token.span.start;
        let TokenKind::Punct(byte) = token.kind else { return self.postfix(cursor) };
        if !matches!(byte, b'&' | b'*' | b'!' | b'-') {
            return None;
        }
        cursor.advance();
        let mutable = byte == b'&' && cursor.word() == "mut";
        if mutable {
            cursor.advance();
        } else if byte == b'&' && cursor.word() == "raw" {
            return None;
        }
        // The nesting is bounded by the scan.
        let expr = self.operand(cursor)?;
        let kind = match byte {
            b'&' => Expr::Ref { mutable, expr },
            b'*' => Expr::Deref(expr),
            b'!' => Expr::Not(expr),
            _ => Expr::Neg(expr),
        };
        let span = Span::new(start, self.outer.end);
        Some(self.add(kind, span))
    }

    fn postfix(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprId> {
        let mut expr = self.primary(cursor)?;
        let start = self.outer.start;
        loop {
            if cursor.kind() == Some(TokenKind::Punct(b'?')) {
                let end = cursor.next?.span.end;
                cursor.advance();
                expr = self.add(Expr::Try(expr), Span::new(start, end));
            } else if cursor.eat_open(b'(') {
                let args = self.arguments(cursor, false)?.into_boxed_slice();
                let end = cursor.next?.span.end;
                cursor.advance();
                expr = self.add(Expr::Call { callee: expr, args }, Span::new(start, end));
            } else if cursor.eat(b'.') {
                expr = self.member_access(cursor, expr, start)?;
            } else {
                return Some(expr);
            }
        }
    }

    fn member_access(&mut self, cursor: &mut Cursor<'_>, base: ExprId, start: u32) -> Option<ExprId> {
        let member = cursor.next?;
        let word = cursor.word();
        if member.kind == TokenKind::Number && word.len() < 9 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            cursor.advance();
            let name = self.index_name(word.parse().ok()?);
            let span = Span::new(start, member.span.end);
            return Some(self.add(Expr::Field { base, name, name_span: member.span }, span));
        }
        if member.kind != TokenKind::Ident {
            return None;
        }
        cursor.advance();
        if word == "await" {
            return Some(self.add(Expr::Await(base), Span::new(start, member.span.end)));
        }
        if is_keyword(word) || cursor.kind() == Some(TokenKind::Punct(b':')) {
            return None;
        }
        let name = self.mention(member.span);
        if !cursor.eat_open(b'(') {
            let span = Span::new(start, member.span.end);
            return Some(self.add(Expr::Field { base, name, name_span: member.span }, span));
        }
        let args = self.arguments(cursor, false)?.into_boxed_slice();
        let end = cursor.next?.span.end;
        cursor.advance();
        let call = MethodCall { receiver: base, method: name, method_span: member.span, generics: None, args };
        Some(self.add(Expr::MethodCall(Box::new(call)), Span::new(start, end)))
    }

    fn primary(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprId> {
        let token = cursor.next?;
        let word = cursor.word();
        let literal = match token.kind {
            TokenKind::Text => match word.as_bytes().first()? {
                b'"' | b'r' => Literal::Str,
                b'\'' => Literal::Char,
                // A byte is a number: its value is left to syn.
                b'b' if word.starts_with("b'") => return None,
                _ => Literal::Bytes,
            },
            // Other forms of numbers are rare enough to be left to syn.
            TokenKind::Number => Literal::Int(word.parse().ok()?),
            TokenKind::Ident if matches!(word, "true" | "false") => Literal::Bool(word == "true"),
            TokenKind::Ident => return self.simple_path(cursor),
            _ => return None,
        };
        cursor.advance();
        Some(self.add(Expr::Literal(literal), token.span))
    }

    fn simple_path(&mut self, cursor: &mut Cursor<'_>) -> Option<ExprId> {
        let mut segments: Vec<Segment> = Vec::new();
        loop {
            let token = cursor.next?;
            let word = cursor.word();
            if token.kind != TokenKind::Ident
                || is_keyword(word) && !matches!(word, "self" | "Self" | "super" | "crate")
            {
                return None;
            }
            cursor.advance();
            let name = self.mention(token.span);
            segments.push(Segment { name, span: token.span, args: None });
            match cursor.kind() {
                Some(TokenKind::Punct(b':')) if cursor.byte_after() == b':' => {
                    cursor.advance();
                    cursor.advance();
                }
                // A macro, a record.
                Some(TokenKind::Punct(b'!')) if cursor.byte_after() != b'=' => return None,
                Some(TokenKind::Open(b'{') | TokenKind::Punct(b':')) => return None,
                _ => break,
            }
        }
        let span = segments.first()?.span.to(segments.last()?.span);
        if let [only] = &*segments
            && let Some(local) = self.body.resolve(only.name)
        {
            return Some(self.add(Expr::Local(local), span));
        }
        let path = PathRef { qself: None, global: false, segments: segments.into_boxed_slice(), span };
        Some(self.add(Expr::Path(Box::new(path)), span))
    }
}

/// Steps over a binary operator: `None` for what is no simple one, `Some(None)` where there is none.
fn operator(cursor: &mut Cursor<'_>) -> Option<Option<BinaryOp>> {
    let Some(TokenKind::Punct(byte)) = cursor.kind() else { return Some(None) };
    let (op, length) = match (byte, cursor.byte_after()) {
        (b',' | b';', _) => return Some(None),
        (b'=' | b'!' | b'<' | b'>', b'=') => (BinaryOp::Compare, 2),
        (b'&', b'&') => (BinaryOp::And, 2),
        (b'|', b'|') => (BinaryOp::Or, 2),
        (b'<' | b'>', b' ') => (BinaryOp::Compare, 1),
        (b'+', b' ') => (BinaryOp::Arithmetic(Operator::Add), 1),
        (b'-', b' ') => (BinaryOp::Arithmetic(Operator::Sub), 1),
        (b'*', b' ') => (BinaryOp::Arithmetic(Operator::Mul), 1),
        (b'/', b' ') => (BinaryOp::Arithmetic(Operator::Div), 1),
        (b'%', b' ') => (BinaryOp::Arithmetic(Operator::Rem), 1),
        _ => return None,
    };
    cursor.advance();
    if length == 2 {
        cursor.advance();
    }
    Some(Some(op))
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "builtin"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "final"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "self"
            | "Self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "false"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    )
}
