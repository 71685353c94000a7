//! Comments that own up to it: the author says that nobody waits for a thread, and means it.
//!
//! A comment counts where a reader looks for the reason: above the statement, above the `let`s that prepare what the
//! thread takes with it, at the end of its lines, and first thing inside the spawned closure. A doc comment of the
//! function speaks to its callers, so only words that leave no doubt count there.

use super::context::{Analysis, Context};
use super::shares::captured_locals;
use super::spawns::HandleSite;
use crate::model::{BodyId, DefId, FieldRef, Parent};
use crate::source::{Comment, Loc, Span};
use crate::syntax::ir::{Expr, ExprId, LocalId, Stmt};
use crate::workspace::SourceFile;

/// How far up prepared `let`s and enclosing blocks are read.
const MAX_STEPS: usize = 8;

impl Context<'_> {
    /// The comment that owns up to letting the thread go that `expr` starts, or whose handle it lets go.
    pub fn owned_up(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Loc> {
        self.said_near(analysis, expr, Strength::Near)
    }

    /// As [`Context::owned_up`], of a thread whose handle is kept: "the background thread" says what it is, not that nobody
    /// waits for it.
    pub fn kept_owned_up(&self, analysis: &Analysis<'_>, expr: ExprId) -> Option<Loc> {
        self.said_near(analysis, expr, Strength::Kept)
    }

    fn said_near(&self, analysis: &Analysis<'_>, expr: ExprId, strength: Strength) -> Option<Loc> {
        let source = self.program.source(analysis.body.file)?;
        if source.ir.comments.is_empty() {
            return None;
        }
        let near = Near { analysis, source, strength };
        let found = near.around(expr).or_else(|| near.on_function(self, expr))?;
        Some(Loc::new(analysis.body.file, found))
    }

    /// Whether a comment of a wait's block, above it, or of its function says that it may wake for nothing: the author knows.
    // rayon's `Sleep::sleep`: "Note that if we get a false wakeup it's not a problem for us, we'll just loop around".
    pub(super) fn expects_to_wake_for_nothing(&self, analysis: &Analysis<'_>, wait: ExprId) -> bool {
        let Some(source) = self.program.source(analysis.body.file) else { return false };
        let block = analysis.tree.ancestors(wait).find(|around| matches!(analysis.expr(*around), Expr::Block(_)));
        let start = block.map_or(0, |block| analysis.body.expr(block).span.start);
        let item = self.program.item(analysis.body.owner);
        let spans = [
            Span::new(start, analysis.body.expr(wait).span.end),
            Span::new(item.span.start, item.name_span.start.max(item.span.start)),
        ];
        spans.iter().any(|span| {
            let text = joined(source, comments_in(&source.ir.comments, *span));
            let regrets = text.split(' ').any(|said| REGRETS.contains(&said.trim_start_matches(['(', '['])));
            !regrets && WAKES_FOR_NOTHING.iter().any(|words| text.contains(words))
        })
    }

    /// The comment by which a function that tells the thread to stop owns up to not waiting for it.
    // xplr's `PwdWatcher::stop_async`: "Don't block, let the thread exit on its own".
    pub fn stop_owned_up(&self, site: HandleSite) -> Option<Loc> {
        let owner = self.owner_of(self.program.body(site.body).owner);
        let signals = self.stop_signals(site, owner);
        let told = signals.iter().map(|signal| signal.body);
        told.chain(self.stopped_elsewhere(site)).find_map(|body| self.owned_up_inside(body))
    }

    /// The first comment inside a body, if its comments own up to not waiting for a thread.
    fn owned_up_inside(&self, body: BodyId) -> Option<Loc> {
        let body = self.program.body(body);
        let source = self.program.source(body.file)?;
        let whole = body.expr(body.ir.root).span;
        let inside = comments_in(&source.ir.comments, whole);
        let owns_up = says_so(&joined(source, inside), Strength::Kept);
        owns_up.then(|| body.loc(inside.first().map_or(whole, |comment| comment.span)))
    }

    /// Whether a comment on a field, above it or at the end of its line, owns up to not joining what it keeps.
    pub fn field_owned_up(&self, field: FieldRef) -> bool {
        let Some(loc) = self.field_loc(field) else { return false };
        let Some(source) = self.program.source(loc.file) else { return false };
        let line = source.lines.line_of(loc.span.start);
        let end = source.lines.line_start(line + 1).unwrap_or(u32::MAX);
        let beside = comments_in(&source.ir.comments, Span::new(loc.span.end, end));
        let (above, _) = comment_block_above(source, line);
        says_so(&joined(source, beside), Strength::Kept) || says_so(&joined(source, above), Strength::Kept)
    }
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
    strength: Strength,
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
        !matches!(self.analysis.tree.parent(block), Parent::Root | Parent::ClosureBody(_) | Parent::AsyncBody(_))
    }

    /// Comment lines above the statement, and above the `let`s before it that bind what it captures.
    fn above(&self, expr: ExprId, statement: Span) -> Option<Span> {
        let (lines, text) = (&self.source.lines, &*self.source.text);
        let captured = captured_locals(self.analysis, expr);
        let mut line = lines.line_of(statement.start);
        for _ in 0..MAX_STEPS {
            let (block, top) = comment_block_above(self.source, line);
            if says_so(&joined(self.source, block), self.strength) {
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
                counts && says_so(&joined(self.source, std::slice::from_ref(comment)), self.strength)
            })
            .map(|comment| comment.span)
            .or_else(|| self.begun_with(closure?))
            .or_else(|| self.below(expr, statement))
    }

    /// The comment lines right below the last statement of a block.
    // bat's `start_offload_build_all`: "Note that this thread is not joined upon completion because ..".
    fn below(&self, expr: ExprId, statement: Span) -> Option<Span> {
        let mut at = expr;
        let block = loop {
            match self.analysis.tree.parent(at) {
                Parent::Stmt(block, _) | Parent::BlockTail(block) => break block,
                Parent::LetInit(..) => return None,
                parent => at = parent.expr()?,
            }
        };
        let Expr::Block(data) = self.analysis.expr(block) else { return None };
        let last = match (data.tail, data.stmts.last()) {
            (Some(tail), _) => self.analysis.body.expr(tail).span.end,
            (None, Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. })) => span.end,
            (None, None) => return None,
        };
        let rest = Span::new(statement.end, self.analysis.body.expr(block).span.end);
        let comments = comments_in(&self.source.ir.comments, rest);
        let owns_up = last <= statement.end && says_so(&joined(self.source, comments), self.strength);
        owns_up.then(|| comments.first().map(|comment| comment.span)).flatten()
    }

    /// The comments before the first statement of the closure, read together.
    fn begun_with(&self, (body, first): (Span, u32)) -> Option<Span> {
        let block = comments_in(&self.source.ir.comments, Span::new(body.start, first));
        says_so(&joined(self.source, block), self.strength).then(|| block.first().map(|comment| comment.span)).flatten()
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
    /// Near a handle that is kept, or where its thread is told to stop.
    Kept,
    /// In the documentation of the function.
    Docs,
}

/// Words that leave no doubt, wherever they stand.
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
    "nor joined",
    "nobody joins",
    "no one joins",
    "nobody waits",
    "no one waits",
    "daemon thread",
    "as a daemon",
];

/// Words that say so next to a spawn whose handle nobody keeps.
const NEAR: &[&str] = &[
    "in the background",
    "in background",
    "background thread",
    "background task",
    "background job",
    "background worker",
];

/// Words that say so next to a thread, where they cannot mean something else.
const KEPT: &[&str] = &[
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

/// Words that say how long the thread lives: as long as everything else.
const PROCESS: &[&str] = &[
    "until the process ends",
    "until the process exits",
    "until the program ends",
    "until the program exits",
    "when the process exits",
    "when the program exits",
    "when the application exits",
    "when application exits",
    "when the application quits",
    "when application quits",
];

/// Words for a wake without a notify.
const WAKES_FOR_NOTHING: &[&str] = &["spurious", "false wake", "wakes for nothing", "woken for nothing"];

/// Words by which the author says that it is no good as it is.
const REGRETS: &[&str] = &["bug", "bug:", "todo", "todo:", "fixme", "fixme:", "xxx", "xxx:"];

/// Whether a text (see [`joined`]) owns up to letting a thread go.
fn says_so(text: &str, strength: Strength) -> bool {
    if text.is_empty() {
        return false;
    }
    // sccache's heartbeat: "TODO: detect if this panics". A reason that is given all the same stands.
    let regrets = text.split(' ').any(|said| REGRETS.contains(&said.trim_start_matches(['(', '['])));
    if regrets && !text.contains("detached: ") {
        return false;
    }
    if PLAIN.iter().chain(PROCESS).any(|words| text.contains(words)) {
        return true;
    }
    if strength == Strength::Docs {
        return false;
    }
    // cpal's pulseaudio host: "no other option than to leak the thread".
    let leaks = text.contains("leak") && text.contains("thread");
    // zellij's reader of stdin: "this event pump stays alive forever on this thread".
    let for_ever = ["forever", "for ever"].iter().any(|words| text.contains(words)) && text.contains("thread");
    // xplr: "let the thread exit on its own"; "on its own thread" says something else.
    let alone = ["on its own", "on their own", "by itself"].iter().filter_map(|words| text.split_once(words)).any(
        |(before, after)| {
            let ends = before.split(' ').any(|said| ENDS.iter().any(|verb| said.starts_with(verb)));
            ends && !after.trim_start().starts_with("thread")
        },
    );
    let near = strength == Strength::Near && NEAR.iter().any(|words| text.contains(words));
    leaks || for_ever || alone || near || KEPT.iter().any(|words| text.contains(words))
}

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
            "it stays alive forever on this thread",
            "stops when the application quits",
            "the handle is neither kept nor joined",
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
        assert!(!says_so("stop the background thread", Strength::Kept));
        assert!(!says_so("todo: this thread is detached, somebody has to wait for it", Strength::Near));
    }
}
