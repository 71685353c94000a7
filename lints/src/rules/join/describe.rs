//! How the messages of this family name a thread, and what they say of what is lost with its handle.

use super::edits::taken_out_of_lock;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Suggestion};
use crate::facts::{Analysis, Context, HandleShape, HandleSite, Joining, Place};
use crate::model::{DefId, FieldRef, Parent, Ty};
use crate::rules::edits::{has_comment, parameters, starts_line};
pub(super) use crate::rules::text::indentation;
use crate::source::{Loc, Span};
use crate::syntax::ir::{Expr, ExprId, ItemKind, Pat, Stmt, TypeRef};

/// The thread behind a handle, as a headline names it.
pub(super) fn thread(cx: &Context<'_>, site: HandleSite) -> String {
    if let Some(spawn) = cx.spawns().behind(site) {
        if let Some(name) = cx.thread_name(spawn).filter(|name| !name.is_empty() && !name.contains(['{', '`'])) {
            return format!("thread `{name}`");
        }
        if let Some(function) = cx.started_function(spawn) {
            return format!("the thread that runs `{}`", cx.program.path_text(function));
        }
    }
    let owner = cx.program.body(site.body).owner;
    format!("the thread started in `{}`", cx.program.path_text(owner))
}

/// Adds where the thread starts: here, or in the function of the user's that is called here.
pub(super) fn label_spawn(cx: &Context<'_>, site: HandleSite, finding: Diagnostic) -> Diagnostic {
    let label = match site.wrapper {
        Some(_) => "this call starts the thread",
        None => "the thread starts here",
    };
    label_start(cx, site, finding.label(cx.analysis(site.body).call_loc(site.call), label))
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
    if let Some(signal) = cx.stop_signal(site) {
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
    let runs = cx
        .program
        .krate(function)
        .is_some_and(|krate| matches!(krate.kind, TargetKind::Bin | TargetKind::Example | TargetKind::Loose));
    is_root && runs && cx.program.name(function) == "main"
}

/// What the thread returns, if that is worth reading.
pub(super) fn lost_value(cx: &Context<'_>, site: HandleSite) -> Option<String> {
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

/// The type whose constructor or method starts the thread. A method that takes `self` by value leaves nothing that could
/// own the thread: notify's `EventLoop::run(self)` moves all of it there.
pub(super) fn starting_type(cx: &Context<'_>, function: DefId) -> Option<DefId> {
    let adt = cx.owner_of(function)?;
    let signature = cx.program.signature(function)?;
    let borrows = matches!(signature.self_ty, Some(Ty::Ref(..)));
    let makes = signature.ret.any(&mut |ty| ty.adt() == Some(adt));
    (borrows || makes).then_some(adt)
}

/// The statement that tells the thread to stop, as it is written.
pub(super) fn signal_text(cx: &Context<'_>, signal: Loc) -> Option<String> {
    let (body, call) = cx.call_at(signal)?;
    let analysis = cx.analysis(body);
    let text = cx.program.text(analysis.body.loc(analysis.statement(call)));
    let line = text.trim();
    (!line.contains('\n') && line.ends_with(';')).then(|| line.to_owned())
}

/// The `Drop` to write for a type, or the lines to add to the one it has: the signal, if there is one, and `join`.
pub(super) fn drop_with(cx: &Context<'_>, adt: DefId, signal: Option<Loc>, join: &str) -> String {
    let drop = cx.program.drop_function(adt);
    let signalled_in = signal.and_then(|signal| cx.body_at(signal)).map(|body| body.owner);
    let in_drop = signalled_in.is_some() && signalled_in == drop;
    // What another type does with its fields cannot be written here.
    let own = signalled_in.is_some_and(|function| cx.owner_of(function) == Some(adt));
    let said = signal.filter(|_| own).and_then(|signal| signal_text(cx, signal));
    let mut lines = match (&said, in_drop) {
        (Some(said), true) => format!("// after `{said}`\n"),
        (None, true) => "// after the signal, with no lock held\n".to_owned(),
        (Some(said), false) if said.starts_with("self.") => format!("{said}\n"),
        _ => "// first tell the thread to stop\n".to_owned(),
    };
    lines.push_str(join);
    if drop.is_some() {
        return indented("fn drop(&mut self) {\n    // ..", &lines, "}");
    }
    let own = parameters(cx, adt);
    let function = indented("fn drop(&mut self) {", &lines, "}");
    let head = format!("impl{} Drop for {}{}{} {{", own.declared, cx.program.name(adt), own.named, own.predicates);
    indented(&head, &function, "}")
}

/// Whether a type is a struct.
pub(super) fn is_struct(cx: &Context<'_>, adt: DefId) -> bool {
    matches!(cx.program.item(adt).kind, ItemKind::Struct(_))
}

/// Whether a field's name is its index: `0`.
fn is_index(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_digit())
}

/// The pattern that takes a field out of a variant of an enum.
fn variant_pattern(cx: &Context<'_>, field: FieldRef, name: &str) -> Option<String> {
    let ItemKind::Enum(data) = &cx.program.item(field.adt).kind else { return None };
    let variant = data.variants.get(field.variant as usize)?;
    let path = format!("{}::{}", cx.program.name(field.adt), cx.program.name_text(field.adt, variant.name));
    let is_tuple = is_index(name);
    Some(match (is_tuple, variant.fields.len()) {
        (true, count) => {
            let parts = (0..count as u32).map(|index| if index == field.index { "handle" } else { "_" });
            format!("{path}({})", parts.collect::<Vec<_>>().join(", "))
        }
        (false, 1) => format!("{path} {{ {name} }}"),
        (false, _) => format!("{path} {{ {name}, .. }}"),
    })
}

/// The `Drop` that joins what a field keeps; for a variant's field, the `if let` that does.
pub(super) fn drop_that_joins(cx: &Context<'_>, field: FieldRef, signal: Option<Loc>) -> String {
    let name = cx.field(field).map_or("handle", |data| cx.program.name_text(field.adt, data.name));
    let joining = cx.joining_in(Place::Field(field));
    if let Some(pattern) = variant_pattern(cx, field, name) {
        let shape = cx.field_type(field).map_or(HandleShape::Plain, |ty| cx.handle_shape(ty));
        let name = if is_index(name) { "handle" } else { name };
        let join = match shape {
            HandleShape::Plain => joining.statement(name),
            _ => join(&joining, shape, name),
        };
        return indented(&format!("if let {pattern} = value {{"), &join, "}");
    }
    let place = format!("self.{name}");
    let shape = cx.field_type(field).map_or(HandleShape::Plain, |ty| cx.handle_shape(ty));
    let join = match shape {
        HandleShape::Plain => {
            format!(
                "// with `{name}: Option<{}>`\n{}",
                written_type(cx, field).unwrap_or_else(|| joining.type_with("..")),
                join(&joining, HandleShape::Optional, &format!("{place}.take()"))
            )
        }
        HandleShape::Optional => join(&joining, shape, &format!("{place}.take()")),
        HandleShape::Many => join(&joining, shape, &format!("{place}.drain(..)")),
        HandleShape::Other => {
            let one = if is_index(name) { "handle" } else { name };
            let taken = cx.field_type(field).and_then(|ty| taken_out_of_lock(cx, ty, &place, (one, "handles"), true));
            match taken {
                Some((taken, HandleShape::Many)) => {
                    format!("{taken}\n{}", join(&joining, HandleShape::Many, "handles"))
                }
                Some((taken, shape)) => format!("{taken}\n{}", join(&joining, shape, one)),
                None => join(&joining, shape, &place),
            }
        }
    };
    drop_with(cx, field.adt, signal, &join)
}

/// The type of a field as it is written.
fn written_type(cx: &Context<'_>, field: FieldRef) -> Option<String> {
    let TypeRef::Path(path) = &cx.field(field)?.ty else { return None };
    let text = cx.program.text(Loc::new(cx.program.file(field.adt), path.span));
    (!text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}

/// The statement that joins what an expression gives.
pub(super) fn join(joining: &Joining, shape: HandleShape, value: &str) -> String {
    let each = joining.statement("handle");
    match shape {
        HandleShape::Plain => joining.checked(value, "// it panicked"),
        HandleShape::Optional => format!("if let Some(handle) = {value} {{\n    {each}\n}}"),
        HandleShape::Many => format!("for handle in {value} {{\n    {each}\n}}"),
        HandleShape::Other => format!("// for each `handle` in `{value}`\n{each}"),
    }
}

fn indented(head: &str, lines: &str, tail: &str) -> String {
    let mut text = head.to_owned();
    for line in lines.lines() {
        text.push_str("\n    ");
        text.push_str(line);
    }
    text.push('\n');
    text.push_str(tail);
    text
}

/// The field to add to the type that starts the thread, and the `Drop` that joins.
pub(super) fn keep_and_join(cx: &Context<'_>, site: HandleSite, adt: DefId) -> String {
    let analysis = cx.analysis(site.body);
    let value = cx.roles().thread_value(analysis.types.ty(site.call));
    let value = match value.is_some_and(|value| value.is_unit()) {
        true => "()",
        false => "..",
    };
    let signature = cx.program.signature(analysis.body.owner);
    let shared = signature.is_some_and(|signature| matches!(signature.self_ty, Some(Ty::Ref(false, _))));
    // A method that borrows its value may be called again.
    let joining = cx.joining_at(site);
    let (handle, joined) = (joining.type_with(value), joining.statement("worker"));
    let (field, join) = match shared {
        true => (
            format!("workers: Mutex<Vec<{handle}>>,"),
            format!(
                "let workers = self.workers.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());\n\
                 for worker in workers.drain(..) {{\n    {joined}\n}}"
            ),
        ),
        false => (
            format!("worker: Option<{handle}>,"),
            format!("if let Some(worker) = self.worker.take() {{\n    {joined}\n}}"),
        ),
    };
    let drop = drop_with(cx, adt, cx.stop_signal(site), &join);
    let (name, declared) = (cx.program.name(adt), parameters(cx, adt).declared);
    format!("struct {name}{declared} {{\n    // ..\n    {field}\n}}\n\n{drop}")
}

/// A name for a handle that no local of the body has, and no other handle of the body is given.
pub(super) fn free_name(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> String {
    let locals = &analysis.body.ir.locals;
    let taken = |name: &str| locals.iter().any(|local| cx.program.name_text(analysis.body.owner, local.name) == name);
    let base = ["handle", "worker"].into_iter().find(|name| !taken(name)).unwrap_or("thread_handle");
    let before = cx.spawns().handles.iter().filter(|site| site.body == analysis.body.id && site.call < call).count();
    match before {
        0 => base.to_owned(),
        before => format!("{base}_{}", before + 1),
    }
}

/// `wanted` as a name of a local: without leading underscores, and another one where the body has it already.
pub(super) fn free_name_for(cx: &Context<'_>, analysis: &Analysis<'_>, wanted: &str) -> String {
    let wanted = wanted.trim_start_matches('_');
    let locals = &analysis.body.ir.locals;
    let taken = locals.iter().any(|local| cx.program.name_text(analysis.body.owner, local.name) == wanted);
    let is_name = wanted.starts_with(|first: char| first.is_alphabetic());
    if taken || !is_name { "worker_thread".to_owned() } else { wanted.to_owned() }
}

/// The text of a value that a spawn makes; without its arguments and settings where it takes several lines.
pub(super) fn in_one_line(cx: &Context<'_>, analysis: &Analysis<'_>, value: ExprId, spawn: ExprId) -> String {
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    if !text(value).contains('\n') {
        return text(value).to_owned();
    }
    let name = cx.program.text(analysis.call_loc(spawn));
    let mut root = spawn;
    while let Expr::MethodCall(call) = analysis.expr(root) {
        root = call.receiver;
    }
    match root == spawn || text(root).contains('\n') {
        true => format!("{name}(/* .. */)"),
        false => format!("{}/* .. */.{name}(/* .. */)", text(root)),
    }
}

/// The statement `expr;` or `let _ = expr;` that a dropped handle stands in, with the expression's span.
pub(super) fn discarding_statement(analysis: &Analysis<'_>, call: ExprId) -> Option<(Span, ExprId)> {
    let mut at = call;
    loop {
        match analysis.tree.parent(at) {
            Parent::Stmt(block, index) | Parent::LetInit(block, index) => {
                let Expr::Block(data) = analysis.expr(block) else { return None };
                let span = match data.stmts.get(index as usize)? {
                    Stmt::Expr { span, semi: true, .. } => *span,
                    Stmt::Let { span, pat, ty: None, els: None, .. } => {
                        let wild = matches!(analysis.body.pat(*pat).kind, Pat::Wild);
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

/// `// detached: ..` and `drop(..)`: the same program, with its intent written down. Why nobody waits only the author knows.
pub(super) fn suggest_detach(cx: &Context<'_>, analysis: &Analysis<'_>, call: ExprId) -> Option<Suggestion> {
    let (statement, value) = discarding_statement(analysis, call).or_else(|| unused_binding(analysis, call))?;
    let file = analysis.body.file;
    let value_span = analysis.body.expr(value).span;
    let indent = indentation(cx, analysis.body.loc(statement));
    let head = Loc::new(file, Span::new(statement.start, value_span.start));
    let comment = format!("// detached: nobody waits for this thread\n{indent}");
    let edits = match cx.handle_kind(analysis.types.ty(value)) {
        Some(_) if has_comment(cx, head) => return None,
        Some(_) => {
            vec![Edit::replace(head, format!("{comment}drop(")), Edit::insert(file, value_span.end, ")")]
        }
        // `let _ = builder.spawn(..);` drops an error too, and goes on doing so.
        None if starts_line(cx, file, statement.start) && cx.program.text(head).starts_with("let ") => {
            vec![Edit::insert(file, statement.start, comment)]
        }
        None => return None,
    };
    Some(Suggestion {
        message: "or, if nobody has to wait for it, say so".to_owned(),
        applicability: Applicability::MaybeIncorrect,
        edits,
        code: None,
    })
}

/// The statement `let handle = expr;` whose name is not used, with the expression.
fn unused_binding(analysis: &Analysis<'_>, call: ExprId) -> Option<(Span, ExprId)> {
    let (block, index) = analysis.let_around(call)?;
    let Expr::Block(data) = analysis.expr(block) else { return None };
    let Stmt::Let { pat, ty: None, init: Some(init), els: None, span } = data.stmts.get(index as usize)? else {
        return None;
    };
    let Pat::Bind { local, sub: None } = analysis.body.pat(*pat).kind else { return None };
    let is_unused = analysis.tree.uses(local).is_empty() && !analysis.body.expr(*init).in_macro;
    let is_value = *init == call || matches!(analysis.tree.parent(call), Parent::Receiver(_) | Parent::TryOperand(_));
    (is_unused && is_value).then_some((*span, *init))
}
