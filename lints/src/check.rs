//! The façade: link, run the lints in parallel, put the report together.

use crate::catalog;
use crate::diagnostic::Diagnostic;
use crate::facts::{Cancelled, Context};
use crate::fix;
use crate::identity::item_around;
use crate::lint::{Level, Lint, Sink};
use crate::model::Program;
use crate::observer::{Observer, Phase, observe};
use crate::registry;
use crate::report::Report;
use crate::seen::Seen;
use crate::settings::Settings;
use crate::source::{FileId, Loc};
use crate::suppress;
use crate::workspace::Workspace;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Checks a workspace. Runs in the current rayon pool, whose threads need [`crate::syntax::STACK_SIZE`] of stack.
pub fn check(workspace: &Workspace, settings: &Settings) -> Report {
    check_observed(workspace, settings, &())
}

/// As [`check`], while somebody watches.
pub fn check_observed(workspace: &Workspace, settings: &Settings, observer: &dyn Observer) -> Report {
    check_seen(workspace, settings, observer).0
}

/// As [`check_observed`]; also what was seen of the bodies that were not read.
pub fn check_seen(workspace: &Workspace, settings: &Settings, observer: &dyn Observer) -> (Report, Seen) {
    let libraries = observe(observer, Phase::Catalogue, || catalog::load(workspace, settings));
    let program = observe(observer, Phase::Linking, || Program::link(workspace, &libraries, settings.tests));
    let context = Context::new(&program, settings);
    let report = check_program(&context, observer);
    let seen = Seen::new(program.asked.words());
    observer.begins(Phase::Disposal);
    context.dispose();
    drop(program);
    observer.ends(Phase::Disposal);
    (report.unwrap_or_default(), seen)
}

/// Runs the lints, unless the context gives up.
pub(crate) fn check_program(context: &Context<'_>, observer: &dyn Observer) -> Option<Report> {
    let settings = context.settings;
    let enabled: Vec<&'static Lint> =
        registry::lints().iter().copied().filter(|lint| settings.level_of(lint) > Level::Allow).collect();
    // A panic here is met again, and reported, by the lint that asks for the fact.
    let _ = observe(observer, Phase::Facts, || catch_unwind(AssertUnwindSafe(|| context.prepare())));
    let run = |lint: &&'static Lint| observe(observer, Phase::Lint(lint.name), || run(lint, context));
    let outcomes: Vec<Option<Result<Vec<Diagnostic>, String>>> = observe(observer, Phase::Lints, || {
        // One task a lint: they take times that differ by orders of magnitude.
        enabled.par_iter().with_max_len(1).map(run).collect()
    });
    // A fact that was given up may have left others in a state that makes lints fail.
    if context.is_cancelled() {
        return None;
    }
    observe(observer, Phase::Report, || assemble(context, enabled, outcomes))
}

/// Puts the report together; `None` where a lint gave up.
fn assemble(
    context: &Context<'_>,
    enabled: Vec<&'static Lint>,
    outcomes: Vec<Option<Result<Vec<Diagnostic>, String>>>,
) -> Option<Report> {
    let (workspace, settings) = (context.program.workspace, context.settings);
    let mut report = Report::default();
    let mut completed: Vec<&'static Lint> = Vec::new();
    for (lint, outcome) in enabled.into_iter().zip(outcomes) {
        match outcome? {
            Ok(found) => {
                completed.push(lint);
                report.diagnostics.extend(found);
            }
            Err(fault) => report.faults.push(fault),
        }
    }
    keep_selected(workspace, &mut report.diagnostics);
    for diagnostic in &mut report.diagnostics {
        diagnostic.level = settings.level_from(diagnostic.lint, diagnostic.level);
    }
    // The specific lint stands for the general one when it is suppressed too.
    keep_most_specific(&mut report.diagnostics);
    suppress::apply(workspace, settings, &completed, &mut report.diagnostics);
    sort(workspace, &mut report.diagnostics);
    adapt_style(workspace, &mut report.diagnostics);
    name_items(workspace, &mut report.diagnostics);
    report.not_analysed = workspace.not_analysed();
    Some(report)
}

/// Runs one lint. A panic in it loses its findings only. `None`: the context gives up.
fn run(lint: &'static Lint, context: &Context<'_>) -> Option<Result<Vec<Diagnostic>, String>> {
    let mut sink = Sink::default();
    let check = || {
        context.give_up_if_cancelled();
        (lint.check)(context, &mut sink);
    };
    match catch_unwind(AssertUnwindSafe(check)) {
        Ok(()) => Some(Ok(sink.found)),
        Err(payload) if payload.is::<Cancelled>() => None,
        Err(payload) => {
            let message = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Some(Err(format!("{}: {message}", lint.name)))
        }
    }
}

/// Drops findings in crates that were loaded for resolution only, and in excluded files.
fn keep_selected(workspace: &Workspace, diagnostics: &mut Vec<Diagnostic>) {
    let reported = workspace.reported();
    diagnostics.retain(|diagnostic| reported.get(diagnostic.primary.loc.file.index()).copied().unwrap_or(false));
}

/// The one order of a report: path, start, end, lint, message. A file that two crates share reports once.
fn sort(workspace: &Workspace, diagnostics: &mut Vec<Diagnostic>) {
    fn key<'d>(workspace: &'d Workspace, diagnostic: &'d Diagnostic) -> (&'d str, u32, u32, &'d str, &'d str) {
        let Loc { file, span } = diagnostic.primary.loc;
        (path(workspace, file), span.start, span.end, diagnostic.lint.name, &diagnostic.message)
    }
    diagnostics.sort_by(|a, b| key(workspace, a).cmp(&key(workspace, b)));
    diagnostics.dedup_by(|a, b| a.lint == b.lint && a.primary.loc == b.primary.loc);
}

/// Edits are written with `\n` and spaces; a file with other line endings or tabs keeps them.
fn adapt_style(workspace: &Workspace, diagnostics: &mut [Diagnostic]) {
    let suggestions = diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.suggestions);
    for edit in suggestions.flat_map(|suggestion| &mut suggestion.edits) {
        let file = workspace.files.get(edit.loc.file.index());
        if let Some(Cow::Owned(adapted)) = file.map(|file| fix::in_style_of(&file.text, &edit.text)) {
            edit.text = adapted;
        }
    }
}

/// Says of each finding which item it is in.
fn name_items(workspace: &Workspace, diagnostics: &mut [Diagnostic]) {
    for diagnostic in diagnostics {
        let Loc { file, span } = diagnostic.primary.loc;
        diagnostic.item = workspace.files.get(file.index()).map_or(String::new(), |file| item_around(file, span.start));
    }
}

/// Where several lints speak of one site, the most specific one reports, alone.
fn keep_most_specific(diagnostics: &mut Vec<Diagnostic>) {
    let mut best: FxHashMap<(usize, Loc), usize> = FxHashMap::default();
    for diagnostic in &*diagnostics {
        if let Some((chain, rank)) = registry::precedence(diagnostic.lint.name) {
            let slot = best.entry((chain, diagnostic.site)).or_insert(rank);
            *slot = (*slot).min(rank);
        }
    }
    diagnostics.retain(|diagnostic| match registry::precedence(diagnostic.lint.name) {
        Some((chain, rank)) => best.get(&(chain, diagnostic.site)).is_none_or(|best| *best == rank),
        None => true,
    });
}

fn path(workspace: &Workspace, file: FileId) -> &str {
    workspace.files.get(file.index()).map_or("", |file| file.path.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::diagnostic::Applicability;
    use crate::lint::Family;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    static FAILS: Lint = Lint {
        name: "fails",
        family: Family::Join,
        level: Level::Warn,
        nursery: false,
        applicability: Applicability::HelpOnly,
        docs: "",
        check: |_, _| {
            let nothing: [u8; 0] = [];
            assert!(!nothing.is_empty(), "it is empty");
        },
    };

    #[derive(Default)]
    struct Log(Mutex<Vec<(&'static str, String)>>);

    impl Observer for Log {
        fn begins(&self, phase: Phase) {
            self.0.lock().unwrap().push(("begins", phase.to_string()));
        }

        fn ends(&self, phase: Phase) {
            self.0.lock().unwrap().push(("ends", phase.to_string()));
        }
    }

    #[test]
    fn each_phase_is_told_once() {
        let log = Log::default();
        let settings = Settings::default();
        check_observed(&Workspace::default(), &settings, &log);
        let told = log.0.into_inner().unwrap();
        let count = |what: &str, name: &str| told.iter().filter(|(w, n)| *w == what && n == name).count();
        let lints = registry::lints().iter().filter(|lint| settings.level_of(lint) > Level::Allow);
        let names: Vec<&str> = lints
            .map(|lint| lint.name)
            .chain(["catalogue", "linking", "facts", "lints", "report", "disposal"])
            .collect();
        assert!(names.iter().all(|name| count("begins", name) == 1 && count("ends", name) == 1), "{told:?}");
        assert_eq!(told.len(), names.len() * 2);
    }

    fn outcome(cancelled: bool) -> Option<Result<usize, String>> {
        let (workspace, settings) = (Workspace::default(), Settings::default());
        let cancelled = AtomicBool::new(cancelled);
        let program = Program::link(&workspace, &[], false);
        let context = Context::new(&program, &settings).until(&cancelled);
        run(&FAILS, &context).map(|outcome| outcome.map(|found| found.len()))
    }

    #[test]
    fn a_panic_in_a_lint_is_a_fault_that_names_it() {
        assert_eq!(outcome(false), Some(Err(String::from("fails: it is empty"))));
    }

    #[test]
    fn a_lint_is_not_begun_once_nobody_waits() {
        assert_eq!(outcome(true), None);
    }
}
