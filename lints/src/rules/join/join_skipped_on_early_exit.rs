//! `join_skipped_on_early_exit`

use super::describe;
use crate::declare_lint;
use crate::diagnostic::Diagnostic;
use crate::facts::{Context, HandleSite, Joining, Place, SkippedJoin};
use crate::lint::Sink;
use crate::model::Ty;
use crate::rules::edits::may_use;
use crate::source::Loc;
use crate::syntax::ir::{Expr, LoopKind};

declare_lint! {
    /// ### What it does
    /// Finds a `?`, `return` or `break` that leaves between the start of a thread, or the moment its handle is taken out of
    /// where it was kept, and its only join.
    ///
    /// ### Why is this bad
    /// On that way out the handle is dropped: the thread is detached and runs on behind the back of a caller that has
    /// been told of an error. It may still hold a file, a port or a lock when the caller tries again, and its own error or
    /// panic is lost, although the author meant to wait for it.
    ///
    /// ### Example
    /// ```rust
    /// use std::{fs, io, thread};
    ///
    /// fn count() -> io::Result<usize> {
    ///     let words = thread::spawn(|| "some words".split(' ').count());
    ///     let text = fs::read_to_string("text")?;
    ///     Ok(text.len() + words.join().unwrap_or(0))
    /// }
    /// # fn main() { let _ = count(); }
    /// ```
    ///
    /// ### Use instead
    /// ```rust
    /// use std::{fs, io, thread};
    ///
    /// fn count() -> io::Result<usize> {
    ///     thread::scope(|scope| {
    ///         let words = scope.spawn(|| "some words".split(' ').count());
    ///         let text = fs::read_to_string("text")?;
    ///         Ok(text.len() + words.join().unwrap_or(0))
    ///     })
    /// }
    /// # fn main() { let _ = count(); }
    /// ```
    /// A scope waits for its threads on every way out. So does a value whose `Drop` joins.
    ///
    /// ### Known limits
    /// Panics are no early exits here, nor is a `?` on the panic that `join` reports in a loop of joins. The handle must be in a local, a local collection, or a local value without `Drop`
    /// that owns it. The error of the spawn itself is no such exit. An exit is not reported where a comment at the spawn
    /// owns up to letting the thread go, or where the thread's end is awaited otherwise.
    pub static JOIN_SKIPPED_ON_EARLY_EXIT = {
        name: "join_skipped_on_early_exit", family: Join, level: Warn, applicability: HelpOnly, check: check,
    };
}

/// How many further ways out are shown.
const SHOWN: usize = 3;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for skipped in cx.skipped_joins() {
        let site = start_of_thread(cx, &skipped);
        if !is_intended(cx, &skipped, site) {
            report(cx, &skipped, site, sink);
        }
    }
}

/// Where the thread starts: here, or where the handle that the value owns, or that is taken out of a field, comes from.
fn start_of_thread(cx: &Context<'_>, skipped: &SkippedJoin) -> Option<HandleSite> {
    let analysis = cx.analysis(skipped.body);
    let inside = |site: &HandleSite| site.body == skipped.body && analysis.tree.is_inside(site.call, skipped.start);
    if let Some(own) = cx.spawns().handles.iter().copied().find(inside) {
        return Some(own);
    }
    let kept_in = match skipped.owner {
        Some(owner) => owner,
        None => match cx.place(analysis, analysis.receiver(cx.program, skipped.start)?)? {
            Place::Field(field) => field,
            _ => return None,
        },
    };
    cx.stored_handles().iter().find(|(field, _)| *field == kept_in).map(|(_, site)| *site)
}

fn is_intended(cx: &Context<'_>, skipped: &SkippedJoin, site: Option<HandleSite>) -> bool {
    let said = cx.owned_up(cx.analysis(skipped.body), skipped.start).is_some();
    said || site.is_some_and(|site| {
        cx.owned_up(cx.analysis(site.body), site.call).is_some() || cx.completion(site.body, site.call).is_some()
    })
}

fn report(cx: &Context<'_>, skipped: &SkippedJoin, site: Option<HandleSite>, sink: &mut Sink) {
    let Some(exit) = skipped.exits.first().copied() else { return };
    let analysis = cx.analysis(skipped.body);
    let start = analysis.call_loc(skipped.start);
    let thread = site.map_or_else(|| "the thread".to_owned(), |site| describe::thread(cx, site));
    let word = word_of(cx, exit);
    let (message, label) = match skipped.join_loop {
        None => (
            format!("this {word} leaves without joining {thread}, which is joined otherwise"),
            format!("this {word} drops the handle, and the thread runs on"),
        ),
        Some(_) => (
            format!("this {word} leaves a loop of joins before all threads are joined"),
            format!("this {word} drops the handles that are left, and their threads run on"),
        ),
    };
    let mut finding = Diagnostic::new(&JOIN_SKIPPED_ON_EARLY_EXIT, exit, message, label).site(start);
    if let Some(site) = site {
        finding = describe::label_spawn(cx, site, finding);
    }
    if site.is_none_or(|site| (site.body, site.call) != (skipped.body, skipped.start)) {
        finding = finding.label(start, "its handle is held from here on");
    }
    let others = skipped.exits.get(1..).unwrap_or_default();
    for other in others.iter().take(SHOWN) {
        finding = finding.label(*other, format!("so does this {}", word_of(cx, *other)));
    }
    finding = match skipped.join_loop {
        None => finding.label(skipped.kept, "it is joined, or handed to what joins it, only here"),
        Some(looped) => finding.label(looped, "they are joined one after the other here"),
    };
    finding = match others.len().saturating_sub(SHOWN) {
        0 => finding,
        1 => finding.note("one more way out does the same"),
        more => finding.note(format!("{more} more ways out do the same")),
    };
    let (help, code) = every_way_out(cx, skipped, site);
    finding = finding
        .note(
            "on that way out the thread is detached: it may still use what the caller thinks is free, and its result is lost",
        )
        .help(help, code);
    sink.emit(finding);
}

/// A scope where the thread starts and is joined here; a `Drop` for the value that owns it, or for its handle.
fn every_way_out(cx: &Context<'_>, skipped: &SkippedJoin, site: Option<HandleSite>) -> (String, String) {
    if let Some(looped) = skipped.join_loop {
        let method = site.map_or_else(|| cx.joining(&Ty::Unknown), |site| cx.joining_at(site)).method;
        let handles = gone_through(cx, skipped, looped).unwrap_or_else(|| "handles.into_iter()".to_owned());
        return (
            "join all of them first, and look at their results afterwards".to_owned(),
            format!(
                "let results: Vec<_> = {handles}.map(|handle| handle.{method}()).collect();\nfor result in results {{\n    // ..\n}}"
            ),
        );
    }
    if let Some(field) = skipped.owner {
        let signal = site.and_then(|site| cx.stop_signal(site));
        return (
            format!("join on every way out: let `{}` join when it is dropped", cx.program.name(field.adt)),
            describe::drop_that_joins(cx, field, signal),
        );
    }
    let body = cx.analysis(skipped.body).body;
    let own = site.filter(|site| (site.body, site.call) == (skipped.body, skipped.start));
    let local = own.and_then(|site| cx.handle_local(site));
    let name = local.map_or("handle", |local| cx.program.name_text(body.owner, body.local(local).name));
    let joining = site.map_or_else(|| cx.joining(&Ty::Unknown), |site| cx.joining_at(site));
    let has_scope = joining.gives_result && may_use(cx, body.owner, (1, 63));
    if own.is_some_and(|site| site.wrapper.is_none()) && skipped.joined_here && has_scope {
        return (
            "join on every way out: a scope waits for its threads".to_owned(),
            format!(
                "std::thread::scope(|scope| {{\n    let {name} = scope.spawn(..);\n    // a way out here is fine\n    {name}.{}()\n}})",
                joining.method
            ),
        );
    }
    (
        "join on every way out: let a value hold the handle that joins when it is dropped".to_owned(),
        format!("{}\n\nlet {name} = JoinOnDrop(Some({name}));", join_on_drop(&joining)),
    )
}

/// What a loop of joins goes through, as an iterator: `workers.into_iter()`.
fn gone_through(cx: &Context<'_>, skipped: &SkippedJoin, looped: Loc) -> Option<String> {
    let analysis = cx.analysis(skipped.body);
    let mut loops = analysis.body.ir.exprs.iter().filter_map(|data| match &data.kind {
        Expr::Loop(data) => Some(data),
        _ => None,
    });
    let found = loops.find(|data| analysis.body.loc(data.keyword) == looped)?;
    let LoopKind::For { iter, .. } = found.kind else { return None };
    let text = cx.program.text(analysis.body.expr_loc(iter));
    match analysis.expr(iter) {
        Expr::Local(_) | Expr::Field { .. } => Some(format!("{text}.into_iter()")),
        Expr::MethodCall(_) if !text.contains('\n') => Some(text.to_owned()),
        _ => None,
    }
}

/// A type that joins the handle it holds when it is dropped.
fn join_on_drop(joining: &Joining) -> String {
    let generics = if joining.is_generic { "<T>" } else { "" };
    format!(
        "struct JoinOnDrop{generics}(Option<{}>);\n\nimpl{generics} Drop for JoinOnDrop{generics} {{\n    fn drop(&mut self) {{\n        \
         if let Some(handle) = self.0.take() {{\n            {}\n        }}\n    }}\n}}",
        joining.type_with("T"),
        joining.statement("handle")
    )
}

fn word_of(cx: &Context<'_>, exit: Loc) -> String {
    let text = cx.program.text(exit);
    format!("`{text}`")
}
