//! Text for the edits and helps that several lints offer.

use crate::facts::Context;
use crate::model::BodyId;
use crate::source::Loc;
use crate::syntax::ir::ExprId;

/// The white space that the line of a place starts with.
pub(super) fn indentation<'c>(cx: &'c Context<'_>, loc: Loc) -> &'c str {
    let Some(source) = cx.program.source(loc.file) else { return "" };
    let line = source.lines.line_text(&source.text, source.lines.line_of(loc.span.start));
    let rest = line.trim_start();
    line.get(..line.len() - rest.len()).unwrap_or("")
}

/// The first argument of a call that pauses, as it is written: for how long.
pub(super) fn pause_of(cx: &Context<'_>, body: BodyId, call: ExprId) -> String {
    let analysis = cx.analysis(body);
    let argument = analysis.args(call).first();
    argument.map_or_else(|| "interval".to_owned(), |arg| cx.program.text(analysis.body.expr_loc(*arg)).to_owned())
}
