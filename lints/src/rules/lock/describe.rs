//! Words and code that the lints of this family share.

use crate::facts::{Context, Guard, Poison};
use crate::source::Loc;

/// How an exit is called in a message.
pub(super) fn name_of_guard(cx: &Context<'_>, guard: &Guard) -> Option<String> {
    let analysis = cx.analysis(guard.body);
    let local = guard.track.holders.first()?;
    let name = cx.program.name_text(analysis.body.owner, analysis.body.local(*local).name);
    (name != "_").then(|| name.to_owned())
}

/// Where and how a guard was taken, as a label.
pub(super) fn taken(cx: &Context<'_>, guard: &Guard) -> (Loc, String) {
    let text = match guard.poison {
        Poison::Never => "locked here".to_owned(),
        _ => format!("`{}` is locked here", cx.lock_text(guard)),
    };
    (cx.guard_loc(guard), text)
}
