//! How the messages of this family name a thread, and what they say of what is lost with its handle.

use crate::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use crate::facts::{Analysis, Context, Entry, HandleSite, Spawn};
use crate::model::{DefId, Ty};
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId, Stmt};

/// The thread behind a handle, as a headline names it.
pub(super) fn thread(cx: &Context<'_>, site: HandleSite) -> String {
    if let Some(spawn) = cx.spawns().behind(site) {
        if let Some(name) = cx.thread_name(spawn).filter(|name| !name.is_empty() && !name.contains(['{', '`'])) {
            return format!("thread `{name}`");
        }
        if let Some(function) = runs(cx, spawn) {
            return format!("the thread that runs `{}`", cx.program.path_text(function));
        }
    }
    let owner = cx.program.body(site.body).owner;
    format!("the thread started in `{}`", cx.program.path_text(owner))
}

/// The function of the user's that a thread runs: given by name, or all that its closure calls.
fn runs(cx: &Context<'_>, spawn: &Spawn) -> Option<DefId> {
    match spawn.entry {
        Entry::Function(def) => Some(def).filter(|def| cx.program.is_user(*def)),
        Entry::Closure(..) => {
            let (body, mut at) = spawn.entry.code(cx)?;
            let analysis = cx.analysis(body);
            while let Expr::Block(block) = analysis.expr(at) {
                at = match (block.tail, &*block.stmts) {
                    (Some(tail), []) => tail,
                    (None, [Stmt::Expr { expr, .. }]) => *expr,
                    _ => return None,
                };
            }
            analysis.callee(at).filter(|def| cx.program.is_user(*def))
        }
        Entry::Param(..) | Entry::Unknown => None,
    }
}

/// Adds where the thread starts, if a function of the user's hides it.
pub(super) fn label_start(cx: &Context<'_>, site: HandleSite, finding: Diagnostic) -> Diagnostic {
    match (site.wrapper, cx.spawns().behind(site)) {
        (Some(wrapper), Some(spawn)) if (spawn.body, spawn.call) != (site.body, site.call) => {
            let loc = cx.analysis(spawn.body).call_loc(spawn.call);
            finding.label(loc, format!("`{}` starts the thread here", cx.program.path_text(wrapper)))
        }
        _ => finding,
    }
}

/// Adds what is lost with the handle, as far as the code shows it.
pub(super) fn note_loss(cx: &Context<'_>, site: HandleSite, finding: Diagnostic) -> Diagnostic {
    let mut finding = finding;
    let owner = cx.program.body(site.body).owner;
    let mut said = false;
    if let Some(signal) = cx.stop_signal(site.body, site.call) {
        finding = finding.label(signal, "it is told to stop here, and nobody waits until it has");
    }
    if is_main(cx, owner) {
        finding = finding.note("when `main` returns the process ends, and the thread is killed wherever it is");
        said = true;
    }
    if let Some(value) = lost_value(cx, site) {
        finding = finding.note(value);
        said = true;
    }
    if let Some(adt) = starting_type(cx, owner) {
        let name = cx.program.name(adt).to_owned();
        match cx.program.drop_function(adt).filter(|drop| cx.program.is_user(*drop)) {
            Some(drop) => {
                finding = finding
                    .label(cx.program.name_loc(drop), format!("when `{name}` is dropped, nothing waits for the thread"))
                    .note(format!("the thread may still run after the `{name}` that started it is gone"));
            }
            None => finding = finding.note(format!("the thread may outlive the `{name}` that started it")),
        }
        said = true;
    }
    match said {
        true => finding,
        false => finding.note("nobody can wait for the thread to end, and a panic in it goes unseen"),
    }
}

/// Whether a function is the `main` of a binary.
pub(super) fn is_main(cx: &Context<'_>, function: DefId) -> bool {
    use crate::workspace::TargetKind;
    let is_root = cx.program.def(function).parent.is_none();
    let runs = cx.program.krate(function).is_some_and(|krate| {
        matches!(krate.kind, TargetKind::Bin | TargetKind::Example | TargetKind::Loose)
    });
    is_root && runs && cx.program.name(function) == "main"
}

/// What the thread returns, if that is worth reading.
fn lost_value(cx: &Context<'_>, site: HandleSite) -> Option<String> {
    let value = cx.roles().thread_value(cx.analysis(site.body).types.ty(site.call))?;
    let (head, args) = match &value {
        Ty::Adt(def, args) => (*def, args),
        Ty::Prim(_) => return Some("the thread returns a value that nobody reads".to_owned()),
        _ => return None,
    };
    let lang = &cx.program.lang;
    // `spawn(move || tx.send(x).ok())` returns an `Option<()>` by accident.
    let empty = |ty: Option<&Ty>| ty.is_none_or(|ty| ty.is_unit() || *ty == Ty::Never || ty.is_unknown());
    if Some(head) == lang.result {
        return Some("the thread returns a `Result`, and nobody sees its error".to_owned());
    }
    if Some(head) == lang.option && empty(args.first()) {
        return None;
    }
    Some(format!("the thread returns a value of type `{}` that nobody reads", cx.program.name(head)))
}

/// The type whose constructor or method starts the thread.
pub(super) fn starting_type(cx: &Context<'_>, function: DefId) -> Option<DefId> {
    let adt = cx.owner_of(function)?;
    let has_self = cx.program.function(function)?.self_param.is_some();
    let makes = cx.program.signature(function)?.ret.any(&mut |ty| ty.adt() == Some(adt));
    (has_self || makes).then_some(adt)
}

/// A name for a handle that no local of the body has.
pub(super) fn free_name(cx: &Context<'_>, analysis: &Analysis<'_>) -> &'static str {
    let taken = |name: &str| {
        let locals = &analysis.body.ir.locals;
        locals.iter().any(|local| cx.program.name_text(analysis.body.owner, local.name) == name)
    };
    ["handle", "worker", "worker_handle"].into_iter().find(|name| !taken(name)).unwrap_or("thread_handle")
}

/// The white space that a line starts with.
pub(super) fn indentation<'c>(cx: &'c Context<'_>, loc: Loc) -> &'c str {
    let Some(source) = cx.program.source(loc.file) else { return "" };
    let line = source.lines.line_text(&source.text, source.lines.line_of(loc.span.start));
    let rest = line.trim_start();
    line.get(..line.len() - rest.len()).unwrap_or("")
}

/// The statement `expr;` or `let _ = expr;` that a dropped handle stands in, with the expression's span.
pub(super) fn discarding_statement(analysis: &Analysis<'_>, call: ExprId) -> Option<(Span, ExprId)> {
    use crate::model::Parent;
    let mut at = call;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(block, index) | Parent::LetInit(block, index) => {
                let Expr::Block(data) = analysis.expr(block) else { return None };
                let span = match data.stmts.get(index as usize)? {
                    Stmt::Expr { span, semi: true, .. } => *span,
                    Stmt::Let { span, pat, ty: None, els: None, .. } => {
                        let wild = matches!(analysis.body.pat(*pat).kind, crate::syntax::ir::Pat::Wild);
                        wild.then_some(*span)?
                    }
                    Stmt::Expr { .. } | Stmt::Let { .. } => return None,
                };
                return (!analysis.body.expr(at).in_macro).then_some((span, at));
            }
            Parent::Receiver(up) | Parent::TryOperand(up) => at = up,
            _ => return None,
        }
    }
}

/// `// detached: ..` and `drop(..)`: the same program, with its intent written down.
pub(super) fn suggest_detach(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> Option<Suggestion> {
    let (statement, value) = discarding_statement(analysis, call)?;
    if cx.handle_kind(analysis.types.ty(value)).is_none() {
        return None;
    }
    let file = analysis.body.file;
    let value_span = analysis.body.expr(value).span;
    let indent = indentation(cx, analysis.body.loc(statement));
    let head = Loc::new(file, Span::new(statement.start, value_span.start));
    Some(Suggestion {
        message: "or, if nobody has to wait for it, say so and why".to_owned(),
        applicability: Applicability::MaybeIncorrect,
        edits: vec![
            Edit::replace(head, format!("// detached: nobody waits for this thread, because ..\n{indent}drop(")),
            Edit::insert(file, value_span.end, ")"),
        ],
        code: None,
    })
}
