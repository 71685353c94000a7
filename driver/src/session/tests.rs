//! Sessions over packages in temporary folders.

use super::*;
use std::fs;
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const DROPPED: &str = "pub fn start() { std::thread::spawn(work); }\nfn work() {}\n";
const CLEAN: &str = "pub fn start() { std::thread::spawn(work).join().unwrap(); }\nfn work() {}\n";

fn package(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in [("Cargo.toml", MANIFEST)].iter().chain(files) {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn session(dir: &TempDir) -> Session {
    Session::open(dir.path(), Common::default(), Vec::new()).unwrap()
}

/// The paths and first lines of what is found, and that a session that starts now finds the same.
fn found(session: &mut Session) -> Vec<(String, u32)> {
    let warm = places(&session.check(&AtomicBool::new(false)).unwrap().unwrap());
    let fresh = Session::over(
        Inputs::read(&session.arguments, &session.inputs.working_dir).unwrap(),
        session.arguments.clone(),
        session.levels.clone(),
    );
    let mut fresh = fresh.unwrap();
    for (path, text) in session.kept.overlaid() {
        fresh.overlay(path, Some(Arc::clone(text)));
    }
    assert_eq!(warm, places(&fresh.check(&AtomicBool::new(false)).unwrap().unwrap()));
    warm
}

fn places(checked: &Checked) -> Vec<(String, u32)> {
    let place = |loc: thread_lints::source::Loc| {
        let file = &checked.loaded.workspace.files[loc.file.index()];
        (file.path.clone(), file.lines.line_of(loc.span.start) + 1)
    };
    checked.report.diagnostics.iter().map(|diagnostic| place(diagnostic.primary.loc)).collect()
}

#[test]
fn texts_over_files_and_away_again() {
    let dir = package(&[("src/lib.rs", "mod a;\n"), ("src/a.rs", CLEAN)]);
    let mut session = session(&dir);
    assert_eq!(found(&mut session), []);
    let path = dir.path().join("src/a.rs");
    session.overlay(&path, Some(DROPPED.into()));
    assert_eq!(found(&mut session), [("src/a.rs".into(), 1)]);
    // What is on disk does not matter as long as a text lies over it.
    fs::write(&path, "").unwrap();
    session.changed_on_disk(std::slice::from_ref(&path));
    session.overlay(&path, Some(format!("\n\n{DROPPED}").into()));
    assert_eq!(found(&mut session), [("src/a.rs".into(), 3)]);
    session.overlay(&path, None);
    assert_eq!(found(&mut session), []);
}

#[test]
fn files_come_and_go() {
    let dir = package(&[("src/lib.rs", "mod a;\n")]);
    let mut session = session(&dir);
    let missing =
        |session: &mut Session| session.check(&AtomicBool::new(false)).unwrap().unwrap().loaded.missing_modules.len();
    assert_eq!(missing(&mut session), 1);
    let path = dir.path().join("src/a.rs");
    session.overlay(&path, Some(DROPPED.into()));
    assert_eq!(found(&mut session), [("src/a.rs".into(), 1)]);
    session.overlay(&path, None);
    assert_eq!((found(&mut session), missing(&mut session)), (Vec::new(), 1));
    let nested = dir.path().join("src/a/mod.rs");
    fs::create_dir(dir.path().join("src/a")).unwrap();
    fs::write(&nested, DROPPED).unwrap();
    session.changed_on_disk(std::slice::from_ref(&nested));
    assert_eq!(found(&mut session), [("src/a/mod.rs".into(), 1)]);
    let binary = dir.path().join("src/bin/tool.rs");
    fs::create_dir(dir.path().join("src/bin")).unwrap();
    fs::write(&binary, format!("fn main() {{ start() }}\n{DROPPED}")).unwrap();
    session.changed_on_disk(std::slice::from_ref(&binary));
    assert_eq!(found(&mut session), [("src/a/mod.rs".into(), 1), ("src/bin/tool.rs".into(), 2)]);
    fs::remove_file(&nested).unwrap();
    session.changed_on_disk(&[nested]);
    assert_eq!((found(&mut session).len(), missing(&mut session)), (1, 1));
}

#[test]
fn settings_and_manifests_are_read_again() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    let mut session = session(&dir);
    assert_eq!(found(&mut session).len(), 1);
    let settings = dir.path().join("thread-lint.toml");
    fs::write(&settings, "[lints]\ndropped_join_handles = \"allow\"\n").unwrap();
    session.changed_on_disk(std::slice::from_ref(&settings));
    assert_eq!(found(&mut session), []);
    fs::write(&settings, "[lints]\ndropped_join_handle = \"allow\"\n").unwrap();
    session.changed_on_disk(std::slice::from_ref(&settings));
    let error = session.check(&AtomicBool::new(false)).unwrap_err();
    assert!(error.to_string().contains("thread-lint.toml:2:1"), "{error}");
    fs::remove_file(&settings).unwrap();
    session.changed_on_disk(&[settings]);
    assert_eq!(found(&mut session).len(), 1);
    session.set_levels(vec!["-A".into(), "all".into()]);
    assert_eq!(found(&mut session), []);
}

#[test]
fn a_file_that_cannot_be_read_counts_as_before_where_that_is_asked_for() {
    let dir = package(&[("src/lib.rs", "mod a;\nmod b;\n"), ("src/a.rs", DROPPED), ("src/b.rs", CLEAN)]);
    let (a, b) = (dir.path().join("src/a.rs"), dir.path().join("src/b.rs"));
    let mut editor = session(&dir).keeping_last_good();
    let check = |session: &mut Session| session.check(&AtomicBool::new(false)).unwrap().unwrap();
    assert_eq!(places(&check(&mut editor)).len(), 1);
    editor.overlay(&a, Some(format!("{DROPPED} fn open() {{ ").into()));
    for _ in 0..2 {
        let checked = check(&mut editor);
        assert_eq!((places(&checked).len(), checked.outdated().len()), (1, 1));
        // Something else is typed meanwhile.
        editor.overlay(&b, Some(format!("\n{CLEAN}").into()));
    }
    editor.overlay(&a, Some(CLEAN.into()));
    let checked = check(&mut editor);
    assert_eq!((places(&checked).len(), checked.outdated().len()), (0, 0));
    let mut plain = session(&dir);
    assert_eq!(found(&mut plain).len(), 1);
    plain.overlay(&a, Some(format!("{DROPPED} fn open() {{ ").into()));
    assert_eq!(found(&mut plain).len(), 0);
}

#[test]
fn a_file_alone_need_not_be_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("scratch.rs");
    let mut session = Session::open_file(&path, Common::default(), Vec::new()).unwrap();
    session.overlay(&path, Some(DROPPED.into()));
    let checked = session.check(&AtomicBool::new(false)).unwrap().unwrap();
    assert_eq!(places(&checked), [("scratch.rs".into(), 1)]);
}

#[test]
fn a_cancelled_check_gives_nothing_and_spoils_nothing() {
    let dir = package(&[("src/lib.rs", DROPPED)]);
    let mut session = session(&dir);
    assert!(session.check(&AtomicBool::new(true)).unwrap().is_none());
    assert_eq!(found(&mut session).len(), 1);
}
