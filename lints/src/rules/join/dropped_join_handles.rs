//! `dropped_join_handles`

use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, DropKind, FateEnd, HandleSite};
use crate::lint::Sink;

declare_lint! {
    /// ### What it does
    /// Finds thread handles that are dropped without a word.
    pub(crate) static DROPPED_JOIN_HANDLES = {
        name: "dropped_join_handles", family: Join, level: Warn, applicability: MaybeIncorrect, check: check,
    };
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for site in &cx.spawns().handles {
        check_site(cx, *site, sink);
    }
}

fn check_site(cx: &Context<'_>, site: HandleSite, sink: &mut Sink) {
    let analysis = cx.analysis(site.body);
    let fate = cx.fate(site.body, site.call);
    if fate.may_be_joined() || fate.detaches().next().is_some() || fate.fields().next().is_some() {
        return;
    }
    if fate.ends.iter().any(|end| matches!(end, FateEnd::StoredStatic(..))) {
        return;
    }
    let how = fate.ends.iter().find_map(|end| match end {
        FateEnd::Dropped(loc, kind) => Some((*loc, *kind)),
        _ => None,
    });
    let label = match how {
        Some((_, DropKind::Unused)) => "this handle is never used",
        _ => "this handle is dropped at once",
    };
    sink.emit(Diagnostic::new(&DROPPED_JOIN_HANDLES, analysis.call_loc(site.call), "thread handle is dropped, which detaches the thread", label));
}
