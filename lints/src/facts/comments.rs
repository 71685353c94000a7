//! Comments that own up to it: the author says that nobody waits for a thread, and means it.
//!
//! A comment counts where a reader looks for the reason: above the statement, above the `let`s that prepare what the
//! thread takes with it, at the end of its lines, and first thing inside the spawned closure. A doc comment of the
//! function speaks to its callers, so only words that leave no doubt count there.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use crate::model::{BodyId, DefId, FieldRef};
use crate::source::{Comment, Loc, Name, Span};
use crate::syntax::ir::{Expr, ExprId, LocalId, Stmt};
use crate::workspace::SourceFile;

/// How far up prepared `let`s and enclosing blocks are read.
const MAX_STEPS: usize = 8;

impl Context<'_> {
    /// The comment that owns up to letting the thread go that `expr` starts, or whose handle it lets go.
    pub fn owned_up(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Loc> {
        let source = self.program.source(analysis.body.file)?;
        if source.ir.comments.is_empty() {
            return None;
        }
        let near = Near { analysis, source };
        let found = near.around(expr).or_else(|| near.on_function(self, expr))?;
        Some(Loc::new(analysis.body.file, found))
    }

    /// The comment by which the function that tells the thread to stop owns up to not waiting for it: it uses a field
    /// that the function of `spawn` fills with its end of a channel or flag that the thread has the other end of.
    // xplr's `PwdWatcher::stop_async`: "Don't block, let the thread exit on its own".
    pub fn stop_owned_up(&self, analysis: &Analysis<'_>, spawn: ExprId) -> Option<Loc> {
        let owner = self.owner_of(analysis.body.owner)?;
        let filled = filled_fields(self, analysis, spawn);
        if filled.is_empty() {
            return None;
        }
        self.program.impls_of(owner).iter().find_map(|block| {
            self.functions_of(*block).find_map(|function| {
                let body = self.program.body_of(function)?;
                if body == analysis.body.id || !self.program.is_analysed(function) {
                    return None;
                }
                self.signal_owned_up(self.analysis(body), &filled)
            })
        })
    }

    fn is_signal(&self, analysis: &Analysis<'_>, call: ExprId) -> bool {
        analysis.callee(call).is_some_and(|callee| {
            let effects = self.effects(callee);
            [word::SENDS, word::FLAG_STORE, word::FLAG_CANCEL, word::NOTIFIES, word::WAKES]
                .iter()
                .any(|word| effects.has(*word))
        })
    }

    /// Where a thread is told to stop: in the function that starts it, after that, on something that it captures; or in
    /// `Drop` or another method of a type, on a field that the starting function fills with the other end.
    pub fn stop_signal(&self, body: BodyId, spawn: ExprId) -> Option<Loc> {
        let analysis = self.analysis(body);
        self.local_signal(analysis, spawn).or_else(|| self.field_signal(analysis, spawn))
    }

    fn local_signal(&self, analysis: &Analysis<'_>, spawn: ExprId) -> Option<Loc> {
        let captured: Vec<Place> = captured_locals(analysis, spawn)
            .into_iter()
            .filter(|local| self.roles().says(&self.roles().pointee(analysis.types.local(*local)), word::FLAG))
            .filter_map(|local| analysis.tree.uses(local).first().and_then(|used| self.place(analysis, *used)))
            .collect();
        let after = analysis.body.expr(spawn).span.end;
        let home = analysis.tree.enclosing_closure(analysis.body, spawn);
        let signals = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).filter(|call| {
            analysis.body.expr(*call).span.start > after
                && self.is_signal(analysis, *call)
                && analysis.tree.enclosing_closure(analysis.body, *call) == home
        });
        self.signal_on(analysis, signals, &captured)
    }

    fn field_signal(&self, analysis: &Analysis<'_>, spawn: ExprId) -> Option<Loc> {
        let fields = filled_fields(self, analysis, spawn);
        let names: Vec<Name> = fields.iter().filter_map(|field| Some(self.field(*field)?.name)).collect();
        let filled: Vec<Place> = fields.into_iter().map(Place::Field).collect();
        let signal = |body: BodyId| {
            let other = self.analysis(body);
            let calls = (0..other.body.ir.exprs.len() as u32).map(ExprId);
            self.signal_on(other, calls.filter(|call| self.is_signal(other, *call)), &filled)
        };
        let mut named: Vec<(bool, BodyId)> = self
            .bodies_mentioning(&names)
            .filter(|body| body.id != analysis.body.id)
            .filter(|body| STOPS.iter().any(|verb| self.program.name(body.owner).contains(verb)))
            .map(|body| {
                let drop = self.owner_of(body.owner).and_then(|adt| self.program.drop_function(adt));
                (drop != Some(body.owner), body.id)
            })
            .collect();
        // `Drop` first: every value ends there.
        named.sort_unstable();
        named.into_iter().find_map(|(_, body)| signal(body))
    }

    fn signal_on(
        &self,
        analysis: &Analysis<'_>,
        mut calls: impl Iterator<Item = ExprId>,
        places: &[Place],
    ) -> Option<Loc> {
        let call = calls.find(|call| {
            let receiver = analysis.receiver(self.program, *call);
            receiver.and_then(|receiver| self.place(analysis, receiver)).is_some_and(|place| places.contains(&place))
        })?;
        Some(analysis.call_loc(call))
    }

    /// Whether a comment on a field, above it or at the end of its line, owns up to not joining what it keeps.
    pub fn field_owned_up(&self, field: FieldRef) -> bool {
        let Some(loc) = self.field_loc(field) else { return false };
        let Some(source) = self.program.source(loc.file) else { return false };
        let line = source.lines.line_of(loc.span.start);
        let end = source.lines.line_start(line + 1).unwrap_or(u32::MAX);
        let beside = comments_in(&source.ir.comments, Span::new(loc.span.end, end));
        let (above, _) = comment_block_above(source, line);
        says_so(&joined(source, beside), Strength::Near) || says_so(&joined(source, above), Strength::Near)
    }

    fn signal_owned_up(&self, analysis: &Analysis<'_>, filled: &[FieldRef]) -> Option<Loc> {
        let source = self.program.source(analysis.body.file)?;
        let uses_field = analysis.types.fields.values().any(|(field, _)| filled.contains(field))
            || analysis.types.pat_fields.values().any(|field| filled.contains(field));
        let signals = (0..analysis.body.ir.exprs.len() as u32).map(ExprId).any(|expr| self.is_signal(analysis, expr));
        if !uses_field || !signals {
            return None;
        }
        let whole = analysis.body.expr(analysis.body.ir.root).span;
        let inside = comments_in(&source.ir.comments, whole);
        let text = joined(source, inside);
        (says_so(&text, Strength::Near))
            .then(|| analysis.body.loc(inside.first().map_or(whole, |comment| comment.span)))
    }
}

/// The fields that a body fills with locals that are made together with what the thread of `spawn` captures:
/// `let (tx, rx) = channel(); self.stopper = Some(tx); spawn(move || run(rx))`, or with clones of what it captures.
pub(super) fn filled_fields(cx: &Context<'_>, analysis: &Analysis<'_>, spawn: ExprId) -> Vec<FieldRef> {
    let captured = captured_locals(analysis, spawn);
    let mut prepared: Vec<LocalId> = captured.clone();
    for local in captured {
        if let Some(span) = let_of(analysis, local) {
            let others = (0..analysis.body.ir.locals.len() as u32).map(LocalId);
            prepared.extend(others.filter(|other| span.contains(analysis.body.local(*other).span)));
        }
        if let Some(Place::Local(_, origin)) =
            analysis.tree.uses(local).first().and_then(|used| cx.place(analysis, *used))
        {
            prepared.push(origin);
        }
    }
    let mut fields = Vec::new();
    let mut fill = |field: FieldRef, value: ExprId| {
        let fills = prepared
            .iter()
            .flat_map(|local| analysis.tree.uses(*local))
            .any(|used| analysis.tree.is_inside(*used, value) && !analysis.tree.is_inside(*used, spawn));
        if fills {
            fields.push(field);
        }
    };
    for (index, data) in analysis.body.ir.exprs.iter().enumerate() {
        match &data.kind {
            Expr::Assign { target, value, compound: false } => {
                if let Some((field, _)) = analysis.types.fields.get(target) {
                    fill(*field, *value);
                }
            }
            Expr::Struct(literal) => {
                let Some((adt, variant)) = analysis.types.literals.get(&ExprId(index as u32)).copied() else {
                    continue;
                };
                for (name, _, value) in &literal.fields {
                    if let Some(field) = cx.field_named(adt, variant, *name) {
                        fill(field, *value);
                    }
                }
            }
            _ => {}
        }
    }
    fields
}

/// The locals that the closures among a call's arguments capture.
pub(super) fn captured_locals(analysis: &Analysis<'_>, call: ExprId) -> Vec<LocalId> {
    // What stands inside the call was lowered just before it, so it ends where something outside begins.
    let area = analysis.body.expr(call).span;
    let mut captured = Vec::new();
    for expr in (0..call.0).rev().map(ExprId) {
        let data = analysis.body.expr(expr);
        if !area.contains(data.span) {
            break;
        }
        if let Expr::Closure(closure) = &data.kind
            && analysis.tree.is_inside(expr, call)
        {
            captured.extend(closure.captures.iter().copied());
        }
    }
    captured
}

/// The `let` that binds a local.
fn let_of(analysis: &Analysis<'_>, local: LocalId) -> Option<Span> {
    let mut pat = analysis.tree.binding(local)?;
    loop {
        match analysis.tree.pat_parent(pat) {
            crate::model::PatParent::Pat(outer) => pat = outer,
            crate::model::PatParent::Let(block, index) => {
                let Expr::Block(block) = analysis.expr(block) else { return None };
                return match block.stmts.get(index as usize)? {
                    Stmt::Let { span, .. } => Some(*span),
                    Stmt::Expr { .. } => None,
                };
            }
            _ => return None,
        }
    }
}

struct Near<'n, 'a> {
    analysis: &'n Analysis<'a>,
    source: &'n SourceFile,
}

impl Near<'_, '_> {
    /// A comment near the statement of `expr`, or near a block that starts with it.
    fn around(&self, expr: ExprId) -> Option<Span> {
        let mut at = expr;
        for _ in 0..MAX_STEPS {
            let statement = self.analysis.statement(at);
            if let Some(found) = self.above(at, statement).or_else(|| self.beside(at, statement)) {
                return Some(found);
            }
            at = self.block_begun_by(at)?;
        }
        None
    }

    /// The block that starts with the statement of `expr`: what is said above `if cond {` is said of its first line.
    fn block_begun_by(&self, expr: ExprId) -> Option<ExprId> {
        use crate::model::Parent;
        let mut at = expr;
        loop {
            match self.analysis.tree.parent(at) {
                Parent::Stmt(block, index) | Parent::LetInit(block, index) => {
                    let Expr::Block(data) = self.analysis.expr(block) else { return None };
                    let before = data.stmts.get(..index as usize)?;
                    // What only prepares the thread does not come between.
                    let prepares = before.iter().all(|stmt| matches!(stmt, Stmt::Let { .. }));
                    return prepares.then_some(block).filter(|block| self.may_leave(*block));
                }
                Parent::BlockTail(block) => {
                    let Expr::Block(data) = self.analysis.expr(block) else { return None };
                    let prepares = data.stmts.iter().all(|stmt| matches!(stmt, Stmt::Let { .. }));
                    return prepares.then_some(block).filter(|block| self.may_leave(*block));
                }
                Parent::Root | Parent::ClosureBody(_) | Parent::AsyncBody(_) => return None,
                parent => at = parent.expr()?,
            }
        }
    }

    fn may_leave(&self, block: ExprId) -> bool {
        use crate::model::Parent;
        !matches!(self.analysis.tree.parent(block), Parent::Root | Parent::ClosureBody(_) | Parent::AsyncBody(_))
    }

    /// Comment lines above the statement, and above the `let`s before it that bind what it captures.
    fn above(&self, expr: ExprId, statement: Span) -> Option<Span> {
        let (lines, text) = (&self.source.lines, &*self.source.text);
        let captured = captured_locals(self.analysis, expr);
        let mut line = lines.line_of(statement.start);
        for _ in 0..MAX_STEPS {
            let (block, top) = comment_block_above(self.source, line);
            if says_so(&joined(self.source, block), Strength::Near) {
                return block.first().map(|comment| comment.span);
            }
            let above = top.checked_sub(1)?;
            if lines.line_text(text, above).trim().is_empty() {
                return None;
            }
            line = self.prepared_by(above, &captured)?;
        }
        None
    }

    /// The first line of the `let` that ends on a line and binds one of the locals.
    fn prepared_by(&self, line: u32, locals: &[LocalId]) -> Option<u32> {
        let lines = &self.source.lines;
        locals.iter().find_map(|local| {
            let span = let_of(self.analysis, *local)?;
            let ends_here = lines.line_of(span.end.saturating_sub(1)) == line;
            ends_here.then(|| lines.line_of(span.start))
        })
    }

    /// Comments on the lines of the statement outside the closure, and those that the closure begins with.
    fn beside(&self, expr: ExprId, statement: Span) -> Option<Span> {
        let lines = &self.source.lines;
        let comments = &self.source.ir.comments;
        let line_end = lines.line_start(lines.line_of(statement.end) + 1).unwrap_or(u32::MAX);
        let closure = self.spawned_block(expr);
        let inside = comments_in(comments, Span::new(statement.start, line_end));
        inside
            .iter()
            .find(|comment| {
                let counts = match closure {
                    Some((body, first)) => !body.contains(comment.span) || comment.span.start < first,
                    None => !comment.own_line,
                };
                counts && says_so(&joined(self.source, std::slice::from_ref(comment)), Strength::Near)
            })
            .map(|comment| comment.span)
            .or_else(|| self.begun_with(closure?))
    }

    /// The comments before the first statement of the closure, read together.
    fn begun_with(&self, (body, first): (Span, u32)) -> Option<Span> {
        let block = comments_in(&self.source.ir.comments, Span::new(body.start, first));
        says_so(&joined(self.source, block), Strength::Near)
            .then(|| block.first().map(|comment| comment.span))
            .flatten()
    }

    /// The block of the closure in the call, and where its code starts.
    fn spawned_block(&self, call: ExprId) -> Option<(Span, u32)> {
        let closure =
            self.analysis.args(call).iter().find_map(|arg| match self.analysis.expr(self.analysis.peel(*arg)) {
                Expr::Closure(closure) => Some(closure),
                _ => None,
            })?;
        let body = self.analysis.body.expr(closure.body).span;
        let Expr::Block(block) = self.analysis.expr(closure.body) else { return Some((body, body.start)) };
        let first = block.stmts.first().map(|stmt| match stmt {
            Stmt::Let { span, .. } | Stmt::Expr { span, .. } => span.start,
        });
        let tail = block.tail.map(|tail| self.analysis.body.expr(tail).span.start);
        Some((body, first.or(tail).unwrap_or(body.end)))
    }

    /// A doc comment of the function that says so in so many words.
    fn on_function(&self, cx: &Context<'_>, expr: ExprId) -> Option<Span> {
        if self.analysis.tree.enclosing_closure(self.analysis.body, expr).is_some() {
            return None;
        }
        let item = cx.program.item(self.analysis.body.owner);
        let head = Span::new(item.span.start, item.name_span.start);
        let docs = comments_in(&self.source.ir.comments, head);
        says_so(&joined(self.source, docs), Strength::Docs).then(|| docs.first().map(|comment| comment.span)).flatten()
    }
}

/// The own-line comments that end right above a line, and the first line that is theirs.
fn comment_block_above(source: &SourceFile, line: u32) -> (&[Comment], u32) {
    let comments = &source.ir.comments;
    let lines = &source.lines;
    let start = lines.line_start(line).unwrap_or(0);
    let last = comments.partition_point(|comment| comment.span.start < start);
    let (mut first, mut top) = (last, line);
    while let Some(comment) = first.checked_sub(1).and_then(|index| comments.get(index))
        && comment.own_line
        && lines.line_of(comment.span.end.saturating_sub(1)) + 1 == top
    {
        top = lines.line_of(comment.span.start);
        first -= 1;
    }
    // An attribute may stand between a comment and its statement.
    if first == last
        && let Some(above) = line.checked_sub(1)
        && lines.line_text(&source.text, above).trim_start().starts_with("#[")
    {
        return comment_block_above(source, above);
    }
    (comments.get(first..last).unwrap_or(&[]), top)
}

/// The comments that start inside a span.
fn comments_in(comments: &[Comment], span: Span) -> &[Comment] {
    let first = comments.partition_point(|comment| comment.span.start < span.start);
    let last = comments.partition_point(|comment| comment.span.start < span.end);
    comments.get(first..last).unwrap_or(&[])
}

/// The text of comments in lower case on one line, without their marks.
fn joined(source: &SourceFile, comments: &[Comment]) -> String {
    let mut text = String::new();
    for comment in comments {
        // The tool's own comments are read elsewhere: a suppression is no reason.
        if source.text_of(comment.span).contains("thread-lint:") {
            continue;
        }
        let words = source.text_of(comment.span).split(|letter: char| letter.is_whitespace() || "/*!".contains(letter));
        for word in words.filter(|word| !word.is_empty()) {
            text.push_str(&word.to_lowercase());
            text.push(' ');
        }
    }
    text.replace(['’', '`'], "'")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// Near the spawn, where what it speaks of is plain.
    Near,
    /// In the documentation of the function.
    Docs,
}

/// Words that leave no doubt.
const PLAIN: &[&str] = &[
    "detach",
    "fire and forget",
    "fire-and-forget",
    "fire & forget",
    "not joined",
    "never joined",
    "unjoined",
    "without joining",
    "no need to join",
    "n't join",
    "not join ",
    "never join",
    "not be joined",
    "n't be joined",
    "nobody joins",
    "no one joins",
    "nobody waits",
    "no one waits",
    "daemon thread",
    "as a daemon",
];

/// Words that say so next to the spawn, where they cannot mean something else.
const NEAR: &[&str] = &[
    "in the background",
    "in background",
    "background thread",
    "background task",
    "background job",
    "background worker",
    "n't wait for",
    "not wait for",
    "never wait for",
    "without waiting for",
    "no need to wait",
    "bound the wait",
    "bounds the wait",
    "lifetime of the process",
    "lifetime of the program",
    "life of the process",
    "life of the program",
    "as long as the process",
    "as long as the program",
    "dies with the process",
];

/// Whether a text (see [`joined`]) owns up to letting a thread go.
fn says_so(text: &str, strength: Strength) -> bool {
    if text.is_empty() {
        return false;
    }
    if PLAIN.iter().any(|words| text.contains(words)) {
        return true;
    }
    if strength == Strength::Docs {
        return false;
    }
    // cpal's pulseaudio host: "no other option than to leak the thread".
    let leaks = text.contains("leak") && text.contains("thread");
    // xplr: "let the thread exit on its own"; "on its own thread" says something else.
    let alone = ["on its own", "on their own", "by itself"].iter().filter_map(|words| text.split_once(words)).any(
        |(before, after)| {
            let ends = before.split(' ').any(|said| ENDS.iter().any(|verb| said.starts_with(verb)));
            ends && !after.trim_start().starts_with("thread")
        },
    );
    leaks || alone || NEAR.iter().any(|words| text.contains(words))
}

/// What a function is called that tells a thread to stop; a sender has other uses.
const STOPS: &[&str] = &["drop", "stop", "shut", "close", "exit", "quit", "cancel", "terminate", "finish"];

const ENDS: &[&str] = &["exit", "end", "finish", "terminate", "stop", "die", "quit", "shut"];

impl Context<'_> {
    /// The struct or enum whose impl a function stands in.
    pub fn owner_of(&self, function: DefId) -> Option<DefId> {
        let block = self.program.def(function).parent?;
        self.program.impl_header(block)?.self_ty.adt().filter(|adt| self.program.is_user(*adt))
    }

    /// The functions of an impl block.
    pub fn functions_of(&self, block: DefId) -> impl Iterator<Item = DefId> + '_ {
        let items = match &self.program.item(block).kind {
            crate::syntax::ir::ItemKind::Impl(data) => &data.items[..],
            _ => &[],
        };
        let unit = self.program.def(block).unit;
        items
            .iter()
            .map(move |local| self.program.def_of(unit, *local))
            .filter(|def| self.program.function(*def).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::{Strength, says_so};

    #[test]
    fn words_that_own_up() {
        for text in [
            "detached on purpose: the process ends it",
            "fire and forget",
            "if this never returns there is no other option than to leak the thread.",
            "run stream creation on a thread so we can bound the wait.",
            "don't block, let the thread exit on its own.",
            "we don't wait for it",
        ] {
            assert!(says_so(text, Strength::Near), "{text}");
        }
    }

    #[test]
    fn words_that_do_not() {
        for text in
            ["runs on its own thread", "spawn the worker", "memory leak", "send it on its own", "waits for the daemon"]
        {
            assert!(!says_so(text, Strength::Near), "{text}");
        }
        assert!(!says_so("starts a background thread", Strength::Docs));
    }
}
