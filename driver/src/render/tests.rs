//! Findings made by hand, rendered.

use super::*;
use crate::load::{Loaded, load_loose_file};
use std::path::Path;
use tempfile::TempDir;
use thread_lints::Edition;
use thread_lints::diagnostic::{Applicability, Circle, Edit, Label, Station};
use thread_lints::facts::Context;
use thread_lints::lint::{Family, Lint, Sink};
use thread_lints::source::Loc;

fn finds_nothing(_: &Context<'_>, _: &mut Sink) {}

static LINT: Lint = Lint {
    name: "some_lint",
    family: Family::Join,
    level: Level::Warn,
    nursery: false,
    applicability: Applicability::MaybeIncorrect,
    docs: "",
    check: finds_nothing,
};

const TEXT: &str = "\
fn start() {
    let wörker = thread::spawn(run);
    stop.store(true);
}
";

struct Case {
    // Holds the files while they are shown.
    _dir: TempDir,
    loaded: Loaded,
}

fn case(text: &str) -> Case {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.rs"), text).unwrap();
    let loaded = load_loose_file(Path::new("a.rs"), Edition::E2021, dir.path(), false).unwrap();
    Case { _dir: dir, loaded }
}

fn place(text: &str, what: &str) -> Loc {
    let start = text.find(what).unwrap() as u32;
    Loc::new(FileId(0), Span::new(start, start + what.len() as u32))
}

fn shown(case: &Case, found: Diagnostic, format: Format) -> String {
    let report = Report { diagnostics: vec![found], ..Report::default() };
    render(&case.loaded, &report, format, Look::default())
}

fn story() -> Diagnostic {
    let next_line = TEXT.find('}').unwrap() as u32;
    Diagnostic::new(&LINT, place(TEXT, "stop.store(true)"), "the headline", "told to stop here")
        .label(place(TEXT, "thread::spawn"), "the thread starts here")
        .note("why it matters\nin two lines")
        .suggest(
            "join the thread after the signal",
            Applicability::MaybeIncorrect,
            vec![Edit::insert(FileId(0), next_line, "    let _ = wörker.join();\n")],
        )
        .help("or keep it", "self.worker = Some(worker);\n")
}

#[test]
fn a_story_in_full() {
    let expected = "\
warning[thread_lint::some_lint]: the headline
  ┌─ a.rs:3:5
  │
2 │     let wörker = thread::spawn(run);
  │                  ------------- the thread starts here
3 │     stop.store(true);
  │     ^^^^^^^^^^^^^^^^ told to stop here
  │
  = why it matters
    in two lines
help: join the thread after the signal
  │
3 │     stop.store(true);
4 +     let _ = wörker.join();
help: or keep it
  │
  │ self.worker = Some(worker);

";
    assert_eq!(shown(&case(TEXT), story(), Format::Human), expected);
}

#[test]
fn a_circle_is_drawn_beneath_the_notes() {
    let step = |what: &str, message: &str| Label { loc: place(TEXT, what), message: message.to_owned() };
    let station = |name: &str, way: Vec<Label>| Station { name: name.to_owned(), way };
    let stations = vec![
        station("Bank::accounts", vec![step("thread", "held by thread A"), step("stop", "which waits for")]),
        station(
            "JOURNÄL",
            vec![step("fn", "held by thread B"), step("let", "which calls `log`"), step("}", "\u{1b}v\n")],
        ),
    ];
    let found = Diagnostic::new(&LINT, place(TEXT, "stop"), "the headline", "here").note("why").help("what to do", "");
    let drawn = shown(&case(TEXT), found.clone().picture(Circle { stations }), Format::Human);
    let expected = "= why
  │
  │   ┌─> Bank::accounts
  │   │     │ held by thread A    a.rs:2
  │   │     v which waits for     a.rs:3
  │   │   JOURNÄL
  │   │     │ held by thread B    a.rs:1
  │   │     │ which calls `log`   a.rs:2
  │   │     v ?v                  a.rs:4
  │   └─────┘
help: what to do

";
    let plain = shown(&case(TEXT), found.clone(), Format::Human);
    assert_eq!(drawn, plain.replace("= why\nhelp: what to do\n\n", expected));
    let empty = Circle { stations: Vec::new() };
    assert_eq!(shown(&case(TEXT), found.picture(empty), Format::Human), plain);
}

#[test]
fn one_line_a_finding() {
    let mut found = story();
    found.level = Level::Deny;
    assert_eq!(shown(&case(TEXT), found, Format::Short), "a.rs:3:5: error[thread_lint::some_lint]: the headline\n");
}

#[test]
fn a_link_changes_nothing_but_the_code() {
    // A headline that brings an escape of its own.
    let found = Diagnostic { message: String::from("in \u{1b}]8;;http://evil\u{1b}\\`a`"), ..story() };
    let report = Report { diagnostics: vec![found], ..Report::default() };
    let case = case(TEXT);
    let link = format!("\u{1b}]8;;{}\u{1b}\\thread_lint::some_lint\u{1b}]8;;\u{1b}\\", LINT.page());
    for (format, color) in
        [(Format::Human, false), (Format::Human, true), (Format::Short, false), (Format::Short, true)]
    {
        let plain = render(&case.loaded, &report, format, Look { color, links: false });
        let linked = render(&case.loaded, &report, format, Look { color, links: true });
        assert_eq!(plain.matches("\u{1b}]8").count(), 0);
        assert_eq!(linked, plain.replacen("thread_lint::some_lint", &link, 1));
    }
}

#[test]
fn edits_as_a_diff() {
    let text = "a();\nb();\nc();\nd();\ne();\nf();\ng();\nh();\n";
    let case = case(&format!("fn x() {{\n{text}}}\n"));
    let text = &*case.loaded.workspace.files[0].text;
    let edits = vec![
        Edit::replace(place(text, "g();\n"), ""),
        Edit::replace(place(text, "b"), "B"),
        Edit::insert(FileId(0), place(text, "c();").span.start, "more();\n"),
    ];
    let found =
        Diagnostic::new(&LINT, place(text, "a"), "m", "l").suggest("s", Applicability::MachineApplicable, edits);
    let rendered = shown(&case, found, Format::Human);
    let diff = rendered.split("help: s\n").nth(1).unwrap();
    let expected = "  │
3 - b();
3 + B();
4 + more();
  ·
8 - g();

";
    assert_eq!(diff, expected);
}

#[test]
fn hostile_places_and_texts() {
    let case = case("fn a() {} // \u{1b}[31m\u{202e}\r*\r\n");
    let text = case.loaded.workspace.files[0].text.len() as u32;
    for span in [Span::new(0, text), Span::new(text, text), Span::new(text + 5, text + 9), Span::new(17, 18)] {
        let loc = Loc::new(FileId(0), span);
        let found = Diagnostic::new(&LINT, loc, "m\u{1b}[0m", "l\nm").suggest(
            "s",
            Applicability::MaybeIncorrect,
            vec![Edit::replace(loc, "\u{1b}"), Edit::replace(loc, "x")],
        );
        let rendered = shown(&case, found.clone(), Format::Human);
        assert!(!rendered.contains(['\u{1b}', '\u{202e}', '\r']), "{rendered}");
        assert!(rendered.contains("some_lint]: m"), "{rendered}");
        let report = Report { diagnostics: vec![found], ..Report::default() };
        let lines = json(&case.loaded, &report, &[], Format::Human, false) + &build_finished(true, None);
        assert_eq!(lines.lines().count(), 2);
    }
    let nowhere = Loc::new(FileId(9), Span::new(3, 4));
    let found = Diagnostic::new(&LINT, nowhere, "lost", "l");
    assert!(shown(&case, found, Format::Human).contains("lost"));
}

#[test]
fn every_line_is_a_message_of_cargo() {
    use cargo_metadata::Message;
    use cargo_metadata::diagnostic::{Applicability as Told, DiagnosticLevel};
    let case = case(TEXT);
    let mut denied = story();
    denied.level = Level::Deny;
    let report = Report { diagnostics: vec![story(), denied], ..Report::default() };
    let notes = [Note {
        file: FileId(0),
        span: None,
        place: String::from("a.rs"),
        reason: String::from("r"),
        whole_file: true,
    }];
    let lines = json(&case.loaded, &report, &notes, Format::Short, false) + &build_finished(false, None);
    let messages: Vec<Message> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(messages.len(), 4);
    let Message::CompilerMessage(first) = &messages[0] else { panic!("{lines}") };
    assert_eq!(first.target.name, "a");
    assert!(first.target.is_bin());
    let message = &first.message;
    assert_eq!(message.level, DiagnosticLevel::Warning);
    assert_eq!(message.code.as_ref().unwrap().code, "thread_lint::some_lint");
    assert_eq!(message.rendered.as_deref(), Some("a.rs:3:5: warning[thread_lint::some_lint]: the headline\n"));
    assert_eq!(message.spans.iter().filter(|span| span.is_primary).count(), 1);
    let spawn = &message.spans[1];
    assert_eq!((spawn.line_start, spawn.column_start, spawn.column_end), (2, 18, 31));
    assert_eq!(spawn.text[0].highlight_start, 18);
    assert_eq!(spawn.label.as_deref(), Some("the thread starts here"));
    assert_eq!(message.children.len(), 3);
    let fix = &message.children[1].spans[0];
    assert_eq!(fix.suggested_replacement.as_deref(), Some("    let _ = wörker.join();\n"));
    assert_eq!(fix.suggestion_applicability, Some(Told::MaybeIncorrect));
    assert!(message.children[2].message.contains("self.worker = Some(worker);"));
    let Message::CompilerMessage(note) = &messages[2] else { panic!("{lines}") };
    assert_eq!(note.message.level, DiagnosticLevel::Note);
    assert!(matches!(&messages[3], Message::BuildFinished(done) if !done.success));
}
