//! Text for the edits that several families offer.

use crate::facts::Context;
use crate::source::Loc;

/// The white space that the line of a place starts with.
pub(super) fn indentation<'c>(cx: &'c Context<'_>, loc: Loc) -> &'c str {
    let Some(source) = cx.program.source(loc.file) else { return "" };
    let line = source.lines.line_text(&source.text, source.lines.line_of(loc.span.start));
    let rest = line.trim_start();
    line.get(..line.len() - rest.len()).unwrap_or("")
}
