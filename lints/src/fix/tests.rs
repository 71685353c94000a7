//! Rounds with a lint that finds words, so that each way to fail can be had.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::source::{LineIndex, Span};
use crate::workspace::{CrateId, Edition, Krate, SourceFile, TargetKind};
use std::sync::Arc;

static WORDS: &Lint = &crate::rules::join::dropped_join_handles::DROPPED_JOIN_HANDLES;
static OTHERS: &Lint = &crate::rules::join::detached_threads::DETACHED_THREADS;

fn workspace(texts: &[&str]) -> Workspace {
    let files = texts.iter().enumerate().map(|(index, text)| SourceFile {
        path: format!("{index}.rs"),
        text: Arc::from(*text),
        lines: Arc::new(LineIndex::new(text)),
        ir: Arc::new(crate::syntax::parse(text).unwrap()),
        problem: None,
    });
    let files: Vec<SourceFile> = files.collect();
    let crates = (0..files.len()).map(|index| Krate {
        name: format!("c{index}"),
        package: format!("c{index}"),
        kind: TargetKind::Loose,
        edition: Edition::E2024,
        root: FileId(index as u32),
        module_files: rustc_hash::FxHashMap::default(),
        selected: true,
        dependencies: Vec::new(),
        rust_version: None,
        panic_abort: false,
        is_public_api: false,
    });
    Workspace { crates: crates.collect(), files, ..Workspace::default() }
}

/// Finds each `fn` whose name is in the list, and would put another text in place of the name.
fn words(workspace: &Workspace, replacements: &[(&str, &str)]) -> Report {
    let mut report = Report::default();
    for (index, file) in workspace.files.iter().enumerate() {
        for (at, word) in names(&file.text) {
            let Some((_, replacement)) = replacements.iter().find(|(bad, _)| *bad == word) else { continue };
            let loc = Loc::new(FileId(index as u32), Span::new(at, at + word.len() as u32));
            let lint = if word.starts_with("other") { OTHERS } else { WORDS };
            report.diagnostics.push(Diagnostic::new(lint, loc, format!("`{word}`"), "here").suggest(
                "call it something else",
                Applicability::MaybeIncorrect,
                vec![Edit::replace(loc, *replacement)],
            ));
        }
    }
    report
}

fn names(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.match_indices("fn ").map(|(at, _)| {
        let start = at + 3;
        let name = text[start..].split(|c: char| !c.is_alphanumeric()).next().unwrap();
        (start as u32, name)
    })
}

fn run(texts: &[&str], replacements: &[(&str, &str)]) -> Fixed {
    let workspace = workspace(texts);
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    run_with(&workspace, &permission, replacements)
}

fn run_with(workspace: &Workspace, permission: &Permission, replacements: &[(&str, &str)]) -> Fixed {
    let lint = |workspace: &Workspace| words(workspace, replacements);
    fix_with(workspace, lint(workspace), permission, &lint)
}

fn texts(fixed: &Fixed) -> Vec<&str> {
    fixed.workspace.files.iter().map(|file| &*file.text).collect()
}

fn reasons(fixed: &Fixed) -> Vec<&str> {
    fixed.refused.iter().map(|refused| refused.reason.as_str()).collect()
}

#[test]
fn what_holds_is_made_in_one_round() {
    let fixed = run(&["fn bad() {}\nfn fine() {}\nfn bad() {}\n", "fn bad() {}"], &[("bad", "good")]);
    assert_eq!(texts(&fixed), ["fn good() {}\nfn fine() {}\nfn good() {}\n", "fn good() {}"]);
    assert_eq!((fixed.applied.len(), fixed.rounds, fixed.unfinished), (3, 1, false));
    assert_eq!(fixed.changed, [FileId(0), FileId(1)]);
    assert!(fixed.refused.is_empty() && fixed.report.diagnostics.is_empty());
}

#[test]
fn what_uncovers_another_finding_is_taken_back() {
    // The second name is found only once the first is another.
    let lint = |workspace: &Workspace| {
        let mut report = words(workspace, &[("one", "two"), ("three", "four")]);
        let first = workspace.files.iter().any(|file| file.text.contains("fn one"));
        report.diagnostics.retain(|found| !first || found.message == "`one`");
        report
    };
    let workspace = workspace(&["fn one() {}", "fn three() {}"]);
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    let fixed = fix_with(&workspace, lint(&workspace), &permission, &lint);
    assert_eq!(reasons(&fixed), ["it would bring a finding of `dropped_join_handles` on line 1 of `1.rs`: `three`"]);
    assert_eq!(texts(&fixed), ["fn one() {}", "fn three() {}"]);
}

#[test]
fn what_breaks_the_syntax_is_taken_back_alone() {
    let texts_before = ["fn bad() {}\nfn worse() {}\nfn bad() {}\n"];
    let fixed = run(&texts_before, &[("bad", "good"), ("worse", "(")]);
    assert_eq!(texts(&fixed), ["fn good() {}\nfn worse() {}\nfn good() {}\n"]);
    assert_eq!(fixed.applied.len(), 2);
    let [refused] = &fixed.refused[..] else { panic!("{:?}", fixed.refused) };
    assert!(refused.reason.starts_with("the code could not be read afterwards: "), "{}", refused.reason);
    // It is where it is in the new text.
    assert_eq!(refused.loc.span.text(&fixed.workspace.files[0].text), "worse");
}

#[test]
fn what_leaves_its_finding_or_brings_one_is_taken_back() {
    let fixed = run(
        &["fn stays() {}\nfn bad() {}\nfn swaps() {}\n"],
        &[("stays", "stays "), ("bad", "good"), ("swaps", "others"), ("others", "x")],
    );
    assert_eq!(texts(&fixed), ["fn stays() {}\nfn good() {}\nfn swaps() {}\n"]);
    assert_eq!(
        reasons(&fixed),
        ["it would leave its finding", "it would bring a finding of `detached_threads` on line 3 of `0.rs`: `others`"]
    );
}

#[test]
fn a_fix_is_made_whole_or_not_at_all() {
    // Its second edit breaks the other file.
    let lint = |workspace: &Workspace| {
        let mut report = words(workspace, &[("bad", "good")]);
        for found in &mut report.diagnostics {
            let end = workspace.files[1].text.len() as u32;
            found.suggestions[0].edits.push(Edit::insert(FileId(1), end, "}"));
        }
        report
    };
    let workspace = workspace(&["fn bad() {}", "fn fine() {}"]);
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    let fixed = fix_with(&workspace, lint(&workspace), &permission, &lint);
    assert_eq!(texts(&fixed), ["fn bad() {}", "fn fine() {}"]);
    assert_eq!((fixed.refused.len(), fixed.changed.len()), (1, 0));
}

#[test]
fn fixes_that_meet_take_turns() {
    // Each finding would take the whole file; in one round only one can have it.
    let lint = |workspace: &Workspace| {
        let mut report = words(workspace, &[("bad", "good")]);
        let text = &workspace.files[0].text;
        for found in &mut report.diagnostics {
            let span = found.primary.loc.span;
            let whole = format!("{}good{}", &text[..span.start as usize], &text[span.end as usize..]);
            let loc = Loc::new(FileId(0), Span::new(0, text.len() as u32));
            found.suggestions[0].edits = vec![Edit::replace(loc, whole)];
        }
        report
    };
    let workspace = workspace(&["fn bad() {}\n".repeat(12).as_str()]);
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    let fixed = fix_with(&workspace, lint(&workspace), &permission, &lint);
    assert_eq!((fixed.rounds, fixed.applied.len(), fixed.unfinished), (MAX_ROUNDS, MAX_ROUNDS, true));
    assert_eq!(fixed.workspace.files[0].text.matches("bad").count(), 2);
}

#[test]
fn trust_and_files_bound_what_is_made() {
    let workspace = workspace(&["fn bad() {}", "fn bad() {}"]);
    let certain = Permission::everywhere(&workspace, Applicability::MachineApplicable);
    assert!(run_with(&workspace, &certain, &[("bad", "good")]).changed.is_empty());
    let mut one = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    one.files[1] = None;
    assert_eq!(texts(&run_with(&workspace, &one, &[("bad", "good")])), ["fn good() {}", "fn bad() {}"]);
}

#[test]
fn files_that_are_one_on_disk_stay_one() {
    let workspace = workspace(&["fn bad() {}", "fn bad() {}"]);
    let mut permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    permission.files[1] = Some(FileId(0));
    let fixed = run_with(&workspace, &permission, &[("bad", "good")]);
    assert_eq!(texts(&fixed), ["fn good() {}", "fn good() {}"]);
    assert_eq!((fixed.applied.len(), fixed.changed), (1, vec![FileId(0)]));
}

#[test]
fn a_file_that_cannot_be_read_whole_is_left() {
    let text = "fn bad() {}\nfn broken() { let ; }\n";
    let mut workspace = workspace(&["fn a() {}"]);
    workspace.files[0] = SourceFile {
        text: Arc::from(text),
        lines: Arc::new(LineIndex::new(text)),
        ir: Arc::new(crate::syntax::parse_outline(text).0),
        ..workspace.files[0].clone()
    };
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    let fixed = run_with(&workspace, &permission, &[("bad", "good")]);
    assert_eq!(texts(&fixed), [text]);
}

#[test]
fn modules_are_found_behind_new_items() {
    let mut workspace = workspace(&["fn bad() {}\nmod m;\n", "fn bad() {}"]);
    let ir = Arc::clone(&workspace.files[0].ir);
    let item = ir.items.iter().position(|item| matches!(item.kind, crate::syntax::ir::ItemKind::Module(None)));
    let item = crate::syntax::ir::LocalItemId(item.unwrap() as u32);
    workspace.crates.truncate(1);
    workspace.crates[0].module_files.insert((FileId(0), item), FileId(1));
    let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
    let fixed = run_with(&workspace, &permission, &[("bad", "good() {}\nfn new")]);
    let modules = &fixed.workspace.crates[0].module_files;
    let [((FileId(0), now), FileId(1))] = modules.iter().map(|(a, b)| (*a, *b)).collect::<Vec<_>>()[..] else {
        panic!("{modules:?}")
    };
    assert_ne!(now, item);
    let items = &fixed.workspace.files[0].ir.items;
    assert!(matches!(items[now.index()].kind, crate::syntax::ir::ItemKind::Module(None)));
    assert_eq!(fixed.workspace.crates[CrateId(0).index()].root, FileId(0));
}
