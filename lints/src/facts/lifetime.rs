//! Threads that live as long as the process on purpose: a comment says so, or the settings name the thread.

use super::context::{Analysis, Context};
use super::effects::word;
use super::place::Place;
use super::spawns::Spawn;
use super::threads::Thread;
use crate::model::{BodyId, Parent, Ty, ValueRef};
use crate::source::{Name, Span};
use crate::syntax::ir::{Expr, ExprId, ItemKind, Literal, Visibility};

/// How many lines above a loop or spawn a comment may stand.
const LINES_ABOVE: u32 = 4;

/// What such a comment says, in lower case.
const SAYS: [&str; 16] = [
    "life of the process",
    "lifetime of the process",
    "life of the program",
    "lifetime of the program",
    "lifetime of the application",
    "as long as the process",
    "as long as the program",
    "until the process",
    "until process exit",
    "until the program",
    "process-lifetime",
    "process lifetime",
    "never exits",
    "never returns",
    "never terminates",
    "runs forever",
];

/// Where something stands that runs code once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum OnceIn {
    /// In a value too.
    Anywhere,
    /// In a static: once a process.
    Static,
}

impl Context<'_> {
    /// Whether the author says that this thread, or this loop of it, never ends.
    pub fn is_process_lifetime(&self, thread: &Thread, (body, expr): (BodyId, ExprId)) -> bool {
        let spawner = self.analysis(thread.spawn.body);
        let named = self.thread_name(&thread.spawn);
        if named.is_some_and(|name| self.settings.process_lifetime_threads.contains(&name)) {
            return true;
        }
        if self.starts_once(thread.spawn.body, thread.spawn.call, OnceIn::Anywhere, 3) {
            return true;
        }
        let analysis = self.analysis(body);
        self.says_for_ever(spawner, spawner.statement(thread.spawn.call))
            || self.says_for_ever(spawner, spawner.call_span(thread.spawn.call))
            || self.says_for_ever(analysis, analysis.call_span(expr))
            || self.says_for_ever(analysis, self.program.item(analysis.body.owner).name_span)
    }

    /// Whether a thread belongs to the process, and to nobody in it: it starts where a static is set up, or works for a pool of
    /// a library that its own calls run.
    // rayon's documentation of `ThreadPoolBuilder::spawn_handler` drops the handles.
    pub fn belongs_to_process(&self, spawn: &Spawn) -> bool {
        self.starts_once(spawn.body, spawn.call, OnceIn::Static, 3)
            || spawn.entry.code(self).is_some_and(|(body, root)| {
                let analysis = self.analysis(body);
                analysis
                    .parts(root)
                    .any(|part| analysis.callee(part).is_some_and(|callee| self.effects(callee).has(word::TRACKED)))
            })
    }

    /// Whether an expression is evaluated only while something that exists once a process is set up: in the initialiser of a
    /// static, in a closure given to a `once` of the catalogue, or in a function that is only used so.
    // async-io's reactor thread, may's schedulers: a runtime for the whole process, which nobody can own.
    fn starts_once(&self, body: BodyId, expr: ExprId, once: OnceIn, budget: u32) -> bool {
        let analysis = self.analysis(body);
        // `ONCE.call_once(start)`, `CELL.get_or_init(|| start())`
        let closures = std::iter::successors(Some(expr), |at| analysis.tree.enclosing_closure(analysis.body, *at));
        if closures.into_iter().any(|code| self.is_given_to_once(analysis, code, once)) {
            return true;
        }
        let owner = analysis.body.owner;
        if matches!(self.program.item(owner).kind, ItemKind::Static(_)) {
            return true;
        }
        if budget == 0 || self.program.function(owner).is_none() {
            return false;
        }
        // ipc-channel's `RouterProxy::new` fills a static, and its users may call it again.
        let item = self.program.item(owner);
        let is_open = item.vis == Visibility::Public && self.program.krate(owner).is_some_and(|own| own.is_public_api);
        if once == OnceIn::Static && is_open {
            return false;
        }
        let mut callers = 0;
        for caller in self.bodies_naming(owner) {
            let calling = self.analysis(caller.id);
            let by_path = calling
                .types
                .values
                .iter()
                .filter(|(_, value)| **value == ValueRef::Function(owner))
                .map(|(expr, _)| *expr);
            let by_method = calling.types.methods.iter().filter(|(_, (def, _))| *def == owner).map(|(expr, _)| *expr);
            for used in by_path.chain(by_method) {
                callers += 1;
                if !self.starts_once(caller.id, used, once, budget - 1) {
                    return false;
                }
            }
        }
        callers > 0
    }

    /// Whether a function or closure is handed to something that runs it once.
    // starship's `Context` reads a directory once, on a thread: that is no thread of the process.
    fn is_given_to_once(&self, analysis: &Analysis<'_>, code: ExprId, once: OnceIn) -> bool {
        let Parent::Arg(call, _) = analysis.tree.parent(code) else { return false };
        let is_once = |ty: &Ty| self.roles().says(&self.roles().pointee(ty), word::ONCE);
        let on = analysis.receiver(self.program, call);
        let given = on.is_some_and(|on| is_once(analysis.types.ty(on))) || is_once(analysis.types.ty(call));
        let is_static = || on.and_then(|on| self.object(analysis, on)).is_some_and(|on| matches!(on, Place::Static(_)));
        given && (once == OnceIn::Anywhere || is_static())
    }

    fn says_for_ever(&self, analysis: &Analysis<'_>, span: Span) -> bool {
        let Some(source) = self.program.source(analysis.body.file) else { return false };
        let line = source.lines.line_of(span.start);
        source.ir.comments.iter().any(|comment| {
            let last = source.lines.line_of(comment.span.end.saturating_sub(1));
            let near =
                last <= line && last + LINES_ABOVE >= line || source.lines.line_of(comment.span.start) == line + 1;
            near && {
                let text = source.text_of(comment.span).to_lowercase();
                SAYS.iter().any(|phrase| text.contains(phrase))
            }
        })
    }

    /// The name that a builder gives the thread, where it is a literal.
    pub fn thread_name(&self, spawn: &Spawn) -> Option<String> {
        const NAME: Name = Name::of("name");
        let analysis = self.analysis(spawn.body);
        let mut at = spawn.call;
        for _ in 0..8 {
            let Expr::MethodCall(call) = analysis.expr(at) else {
                match analysis.expr(at) {
                    Expr::Local(local) => {
                        at = analysis.initializer(*local)?;
                        continue;
                    }
                    _ => return None,
                }
            };
            let is_builder = self.roles().says(analysis.types.ty(call.receiver), word::BUILDER);
            if call.method == NAME && is_builder {
                return literal_inside(self, analysis, *call.args.first()?);
            }
            at = call.receiver;
        }
        None
    }
}

/// The string literal in `"x".into()`, `String::from("x")`, `"x".to_string()`.
fn literal_inside(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<String> {
    let mut at = expr;
    for _ in 0..4 {
        match analysis.expr(at) {
            Expr::Literal(Literal::Str) => {
                let text = cx.program.text(analysis.body.expr_loc(at));
                return Some(text.trim_matches('"').to_owned());
            }
            Expr::MethodCall(call) => at = call.receiver,
            Expr::Call { args, .. } => at = *args.first()?,
            _ => return None,
        }
    }
    None
}
