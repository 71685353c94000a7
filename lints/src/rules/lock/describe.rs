//! Words and code that the lints of this family share.

use crate::facts::{Analysis, Context, Guard};
use crate::source::Loc;
use crate::syntax::ir::ExprId;

/// Longer code is not repeated in a help text.
const MAX_CODE: usize = 100;

/// The name that a guard is bound to.
pub(super) fn guard_name<'c>(cx: &'c Context<'_>, guard: &Guard) -> Option<&'c str> {
    let analysis = cx.analysis(guard.body);
    let local = guard.track.holders.first()?;
    Some(cx.program.name_text(analysis.body.owner, analysis.body.local(*local).name)).filter(|name| *name != "_")
}

/// Where a guard was taken, as a label.
pub(super) fn taken(cx: &Context<'_>, guard: &Guard) -> (Loc, String) {
    (cx.guard_loc(guard), format!("`{}` is locked here", cx.lock_text(guard)))
}

/// The text of an expression, if it is short.
pub(super) fn code<'c>(cx: &'c Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<&'c str> {
    short(cx.program.text(analysis.body.expr_loc(expr)))
}

/// The text of the statement around an expression, if it is short.
pub(super) fn statement<'c>(cx: &'c Context<'_>, analysis: &Analysis<'_>, expr: ExprId) -> Option<&'c str> {
    short(cx.program.text(analysis.body.loc(analysis.statement(expr))))
}

fn short(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty() && text.len() <= MAX_CODE && !text.contains('\n'))
}
