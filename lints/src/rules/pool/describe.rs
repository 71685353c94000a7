//! Code that the lints of this family share in their helps.

use crate::facts::{Analysis, Context};
use crate::model::Ty;
use crate::rules::edits::may_use;
use crate::syntax::ir::{Expr, ExprId};

/// What is gone through, as code names it, and a name for a part of it: `self.pages` and `pages`.
pub(super) fn list_text(cx: &Context<'_>, analysis: &Analysis<'_>, list: ExprId) -> Option<(String, String)> {
    let mut at = list;
    loop {
        match analysis.expr(at) {
            Expr::Ref { expr, .. } => at = *expr,
            // `urls.iter().cloned()`, `urls.into_iter()`
            Expr::MethodCall(call) if analysis.args(at).is_empty() => at = call.receiver,
            _ => break,
        }
    }
    // What has `chunks`: an array, a slice, a `Vec`.
    let ty = cx.roles().pointee(analysis.types.ty(at));
    let is_list =
        matches!(ty, Ty::Array(_) | Ty::Slice(_)) || ty.adt().is_some_and(|adt| Some(adt) == cx.program.lang.vec);
    let is_place = is_list && matches!(analysis.expr(at), Expr::Local(_) | Expr::Field { .. });
    let text = cx.program.text(analysis.body.expr_loc(at));
    let name = text.rsplit('.').next().unwrap_or_default();
    let is_name = name.starts_with(|first: char| first.is_alphabetic()) && text.len() <= 60 && !text.contains('\n');
    (is_place && is_name).then(|| (text.to_owned(), name.to_owned()))
}

/// The elements of a list, shared out among threads in a scope; as far as the package's `rust-version` has that.
pub(super) fn shared_out(
    cx: &Context<'_>,
    analysis: &Analysis<'_>,
    list: Option<(String, String)>,
    threads: &str,
) -> Option<String> {
    let may = |version| may_use(cx, analysis.body.owner, version);
    if !may((1, 63)) {
        return None;
    }
    let (list, part) = list.unwrap_or_else(|| ("items".to_owned(), "items".to_owned()));
    let share = match may((1, 73)) {
        true => format!("{list}.len().div_ceil({threads}).max(1)"),
        false => format!("{list}.len() / {threads} + 1"),
    };
    Some(format!(
        "let share = {share};\nstd::thread::scope(|scope| {{\n    for {part} in {list}.chunks(share) {{\n        \
         scope.spawn(move || {part}.iter().for_each(work));\n    }}\n}});"
    ))
}
