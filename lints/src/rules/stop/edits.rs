//! Edits that lead out of a loop once a channel has no senders.

use crate::diagnostic::Edit;
use crate::facts::{Analysis, Context, Step, StepKind, word};
use crate::model::Parent;
use crate::rules::edits::{has_comment, laid_out, may_use, starts_line};
use crate::rules::text::indentation;
use crate::source::{Name, Span};
use crate::syntax::ir::{Arm, Expr, ExprId, LoopKind, Pat, PatId, Stmt};

const ERR: Name = Name::of("Err");

/// The innermost loop around an expression, in the same closure.
pub(super) fn loop_around(analysis: &Analysis<'_>, expr: ExprId) -> Option<ExprId> {
    let mut around = analysis.tree.ancestors(expr);
    around.find(|up| matches!(analysis.expr(*up), Expr::Loop(_) | Expr::Closure(_) | Expr::Async { .. }))
}

/// The label of a loop, and the edit that gives it one.
pub(super) fn label_of(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> (String, Option<Edit>) {
    let Expr::Loop(data) = analysis.expr(expr) else { return (String::new(), None) };
    if let Some((_, span)) = data.label {
        let written = cx.program.text(analysis.body.loc(span));
        return (format!("'{}", written.trim_start_matches('\'').trim_end_matches(':')), None);
    }
    let text = cx.program.text(analysis.body.expr_loc(analysis.body.ir.root));
    let names = ["'receive", "'messages", "'worker"];
    let label = names.into_iter().find(|name| !text.contains(name)).unwrap_or("'receive_loop");
    (label.to_owned(), Some(Edit::insert(analysis.body.file, data.keyword.start, format!("{label}: "))))
}

/// The edits by which a disconnect leaves the loop: an arm of the `match`, an `else`, or a `match` in the place of a `while let`.
pub(super) fn leaving_edits(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, step: Step) -> Option<Vec<Edit>> {
    if let Some(edit) = told_apart(cx, analysis, expr, step) {
        return Some(vec![edit]);
    }
    let inner = loop_around(analysis, step.call)?;
    if analysis.body.expr(step.call).in_macro || !matches!(analysis.expr(inner), Expr::Loop(_)) {
        return None;
    }
    // The receive may be the condition of an inner loop: what leaves that is not in its body.
    let in_condition = matches!(analysis.tree.parent(step.call), Parent::LetOperand(test)
        if matches!(analysis.tree.parent(test), Parent::Cond(up) if up == inner));
    if inner == expr && !in_condition {
        return leaving_arm(cx, analysis, step, "break").map(|edit| vec![edit]);
    }
    let is_nested = analysis
        .tree
        .ancestors(inner)
        .find(|up| matches!(analysis.expr(*up), Expr::Loop(_) | Expr::Closure(_) | Expr::Async { .. }))
        == Some(expr);
    if !is_nested {
        return None;
    }
    let (label, labelled) = label_of(cx, analysis, expr);
    let leave = format!("break {label}");
    let mut edits: Vec<Edit> = labelled.into_iter().collect();
    match in_condition {
        true => edits.extend(match_in_loop(cx, analysis, inner, step, &leave)?),
        false => edits.push(leaving_arm(cx, analysis, step, &leave)?),
    }
    Some(edits)
}

/// `while rx.try_recv().is_err()` and `if rx.try_recv().unwrap_or(false)` take a disconnect for an empty channel: the error is
/// looked at.
fn told_apart(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, step: Step) -> Option<Edit> {
    let Parent::Receiver(asked) = analysis.tree.parent(step.call) else { return None };
    let Expr::MethodCall(call) = analysis.expr(asked) else { return None };
    let result = analysis.types.ty(step.call);
    let error = result.args().get(1).filter(|_| result.adt() == cx.program.lang.result)?.adt()?;
    let empty = ["Empty", "Timeout"].into_iter().find(|name| cx.variant_named(error, Name::of(name)).is_some())?;
    let path = cx.program.path_from(error, analysis.body.owner)?;
    let asks = analysis.callee(asked).filter(|callee| !cx.program.is_user(*callee))?;
    let (loc, receive) = (analysis.body.expr_loc(asked), cx.program.text(analysis.body.expr_loc(step.call)));
    if analysis.body.expr(asked).in_macro || receive.contains('\n') {
        return None;
    }
    match (cx.program.name(asks), &*call.args, analysis.tree.parent(asked)) {
        ("is_err", [], Parent::Cond(up)) if up == expr && may_use(cx, analysis.body.owner, (1, 42)) => {
            Some(Edit::replace(loc, format!("matches!({receive}, Err({path}::{empty}))")))
        }
        ("unwrap_or", [other], Parent::Cond(up)) if analysis.literal_bool(*other) == Some(false) => {
            let Expr::If { then, .. } = analysis.expr(up) else { return None };
            let leaves =
                analysis.parts(*then).any(|part| matches!(analysis.expr(part), Expr::Break { .. } | Expr::Return(_)));
            let code = format!("{receive}.unwrap_or_else(|error| error != {path}::{empty})");
            leaves.then(|| Edit::replace(loc, code))
        }
        _ => None,
    }
}

/// The pattern of the error that says that a channel is disconnected; all errors where there is no other.
fn disconnected(cx: &Context<'_>, analysis: &Analysis<'_>, step: Step) -> Option<String> {
    if step.kind == StepKind::Receive || is_selected(cx, step) {
        return Some("Err(_)".to_owned());
    }
    let result = analysis.types.ty(step.call);
    let error = result.args().get(1).filter(|_| result.adt() == cx.program.lang.result)?;
    let path = cx.program.path_from(error.adt()?, analysis.body.owner)?;
    cx.variant_named(error.adt()?, Name::of("Disconnected"))?;
    Some(format!("Err({path}::Disconnected)"))
}

/// An arm that leaves, or an `else`.
fn leaving_arm(cx: &Context<'_>, analysis: &Analysis<'_>, step: Step, leave: &str) -> Option<Edit> {
    let pattern = disconnected(cx, analysis, step)?;
    let is_only_error = pattern == "Err(_)";
    match analysis.tree.parent(step.call) {
        Parent::Scrutinee(found) => {
            let Expr::Match { arms, .. } = analysis.expr(found) else { return None };
            let swallowing = arms.iter().find(|arm| takes_errors(analysis, arm))?;
            if analysis.body.expr(swallowing.body).in_macro {
                return None;
            }
            let is_error =
                matches!(&analysis.body.pat(swallowing.pat).kind, Pat::TupleStruct { path, .. } if path.last() == ERR);
            let body = analysis.body.expr(swallowing.body).span;
            let is_silent = match analysis.expr(swallowing.body) {
                Expr::Block(block) => block.stmts.is_empty() && block.tail.is_none(),
                Expr::Tuple(parts) => parts.is_empty(),
                Expr::Continue { .. } => true,
                _ => false,
            };
            if is_only_error && is_error && is_silent && !has_comment(cx, analysis.body.loc(body)) {
                // A block needs no comma after it, `break` does.
                let next = cx.program.text(analysis.body.loc(Span::new(body.end, body.end + 1)));
                let comma = if next == "," { "" } else { "," };
                return Some(Edit::replace(analysis.body.loc(body), format!("{leave}{comma}")));
            }
            if is_only_error && is_error {
                return leave_after(cx, analysis, swallowing.body, leave);
            }
            let at = analysis.body.loc(analysis.body.pat(swallowing.pat).span);
            // An arm before it, on a line of its own.
            starts_line(cx, at.file, at.span.start).then(|| {
                let indent = indentation(cx, at);
                Edit::insert(at.file, at.span.start, format!("{pattern} => {leave},\n{indent}"))
            })
        }
        Parent::LetOperand(test) if is_only_error => {
            let Parent::Cond(up) = analysis.tree.parent(test) else { return None };
            let Expr::If { then, els: None, .. } = analysis.expr(up) else { return None };
            let is_statement = matches!(analysis.tree.parent(up), Parent::Stmt(..) | Parent::BlockTail(_));
            let Expr::Let { pat, .. } = analysis.expr(test) else { return None };
            // `Ok(Message::Stop)` leaves messages over.
            let Pat::TupleStruct { pats, .. } = &analysis.body.pat(*pat).kind else { return None };
            let takes_all =
                pats.iter().all(|pat| matches!(analysis.body.pat(*pat).kind, Pat::Bind { sub: None, .. } | Pat::Wild));
            let at = analysis.body.expr_loc(up);
            let end = analysis.body.expr(*then).span.end;
            (is_statement && takes_all && !analysis.body.expr(up).in_macro)
                .then(|| Edit::insert(at.file, end, laid_out(cx, at, &format!(" else {{\n    {leave};\n}}"))))
        }
        _ => None,
    }
}

/// The arm that reports the error leaves after that.
fn leave_after(cx: &Context<'_>, analysis: &Analysis<'_>, body: ExprId, leave: &str) -> Option<Edit> {
    let loc = analysis.body.expr_loc(body);
    if !analysis.types.ty(body).is_unit() {
        return None;
    }
    let Expr::Block(block) = analysis.expr(body) else {
        let text = cx.program.text(loc);
        let code = format!("{{\n    {text};\n    {leave};\n}}");
        return (!text.contains('\n')).then(|| Edit::replace(loc, laid_out(cx, loc, &code)));
    };
    let (end, semi) = match (block.tail, block.stmts.last()) {
        (Some(tail), _) if analysis.body.expr(tail).in_macro => return None,
        (Some(tail), _) => {
            let is_block =
                matches!(analysis.expr(tail), Expr::If { .. } | Expr::Match { .. } | Expr::Loop(_) | Expr::Block(_));
            (analysis.body.expr(tail).span, if is_block { "" } else { ";" })
        }
        (None, Some(Stmt::Let { span, .. } | Stmt::Expr { span, .. })) => (*span, ""),
        (None, None) => return None,
    };
    let indent = indentation(cx, analysis.body.loc(end));
    let in_lines = cx.program.text(loc).contains('\n');
    let gap = if in_lines { format!("\n{indent}") } else { " ".to_owned() };
    Some(Edit::insert(loc.file, end.end, format!("{semi}{gap}{leave};")))
}

/// Whether an arm takes the error of a disconnect, whatever the error says, and goes on.
fn takes_errors(analysis: &Analysis<'_>, arm: &Arm) -> bool {
    let takes = match &analysis.body.pat(arm.pat).kind {
        Pat::Wild => true,
        Pat::TupleStruct { path, pats } => {
            let all = |pat: &PatId| {
                matches!(analysis.body.pat(*pat).kind, Pat::Wild | Pat::Bind { sub: None, .. } | Pat::Rest)
            };
            path.last() == ERR && pats.iter().all(all)
        }
        _ => false,
    };
    takes && arm.guard.is_none()
}

/// `while let Ok(event) = rx.try_recv() {` with a `match` that tells an empty channel from one that is gone.
fn match_in_loop(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    inner: ExprId,
    step: Step,
    leave: &str,
) -> Option<Vec<Edit>> {
    let Expr::Loop(data) = analysis.expr(inner) else { return None };
    let LoopKind::While(cond) = data.kind else { return None };
    let Expr::Let { pat, expr } = analysis.expr(cond) else { return None };
    let Pat::TupleStruct { pats, .. } = &analysis.body.pat(*pat).kind else { return None };
    let [bound] = &**pats else { return None };
    let pattern = disconnected(cx, analysis, step).filter(|pattern| pattern != "Err(_)")?;
    let Pat::Bind { sub: None, .. } = analysis.body.pat(*bound).kind else { return None };
    let body = analysis.body.expr(data.body).span;
    let head = analysis.body.loc(Span::new(data.keyword.start, body.start + 1));
    if *expr != step.call || has_comment(cx, head) || analysis.body.expr(inner).in_macro {
        return None;
    }
    let text = |span: Span| cx.program.text(analysis.body.loc(span));
    let (name, receive) = (text(analysis.body.pat(*bound).span), text(analysis.body.expr(*expr).span));
    let plain = name.trim_start_matches("mut ");
    let code = format!(
        "loop {{\n    let {name} = match {receive} {{\n        Ok({plain}) => {plain},\n        {pattern} => {leave},\n        \
         Err(_) => break,\n    }};"
    );
    Some(vec![Edit::replace(head, laid_out(cx, head, &code))])
}

/// Whether a receive is that of an operation which a selection has chosen: its one error is the disconnect.
pub(super) fn is_selected(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).index(word::RECEIVES).is_some())
}

pub(super) fn is_iterator(cx: &Context<'_>, step: Step) -> bool {
    let callee = cx.analysis(step.body).callee(step.call);
    callee.is_some_and(|callee| cx.effects(callee).has(word::EACH_STEP))
}

/// `loop { if let Ok(x) = rx.recv() { .. } }` is `while let Ok(x) = rx.recv() { .. }`.
pub(super) fn while_let(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, receive: ExprId) -> Option<Edit> {
    let Expr::Loop(data) = analysis.expr(expr) else { return None };
    let (LoopKind::Loop, None) = (data.kind, data.label) else { return None };
    let Expr::Block(block) = analysis.expr(data.body) else { return None };
    let only = match (&*block.stmts, block.tail) {
        ([Stmt::Expr { expr, .. }], None) => *expr,
        ([], Some(tail)) => tail,
        _ => return None,
    };
    let Expr::If { cond, then, els: None } = analysis.expr(only) else { return None };
    let Expr::Let { expr: operand, .. } = analysis.expr(*cond) else { return None };
    let in_macro = analysis.body.expr(expr).in_macro || analysis.body.expr(only).in_macro;
    if *operand != receive || in_macro {
        return None;
    }
    let text = |expr: ExprId| cx.program.text(analysis.body.expr_loc(expr));
    let body = outdent(text(*then), has_long_literal(cx, analysis, *then));
    // What stands between the loop and the `if` would be lost: a comment, an attribute.
    let between = |from: u32, to: u32| cx.program.text(analysis.body.loc(Span::new(from, to))).trim();
    let start = analysis.body.expr(data.body).span.start + 1;
    let end = analysis.body.expr(data.body).span.end - 1;
    let inner = analysis.body.expr(only).span;
    if !between(start, inner.start).is_empty() || !matches!(between(inner.end, end), "" | ";") {
        return None;
    }
    Some(Edit::replace(analysis.body.expr_loc(expr), format!("while {} {body}", text(*cond))))
}

/// A string literal over several lines: its inside is not indentation.
fn has_long_literal(cx: &Context<'_>, analysis: &Analysis<'_>, inside: ExprId) -> bool {
    let area = analysis.body.expr(inside).span;
    analysis.body.ir.exprs.iter().any(|data| {
        matches!(data.kind, Expr::Literal(_) | Expr::Macro(_))
            && area.contains(data.span)
            && cx.program.text(analysis.body.loc(data.span)).contains('\n')
    })
}

/// The text with four columns less on every line but the first.
fn outdent(text: &str, keep: bool) -> String {
    if keep {
        return text.to_owned();
    }
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.strip_prefix("    ").unwrap_or(line))
}
