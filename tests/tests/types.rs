//! The inference, line by line: `tests/types/*.rs` say which type a local has.
//!
//! ```text
//! let x = handles.pop();                 //: Option<JoinHandle<()>>
//! let (tx, rx) = channel();              //: tx: Sender<u8>; rx: Receiver<u8>
//! ```
//! A mark speaks of the first local that is bound on its line, or of those that it names. Types are written as if every name
//! was imported; the widths of numbers do not count, `_` is what the inference does not know. Each file is a crate of its own
//! that depends on every library of the catalogue; the code is never compiled, but should be.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use thread_lint_tests::{on_deep_stacks, report, root};
use thread_lints::model::{BodyRef, Inference, Program};
use thread_lints::source::{FileId, LineIndex};
use thread_lints::{Edition, FileIr, Krate, Settings, SourceFile, TargetKind, Workspace, libraries, syntax};

#[test]
fn locals_have_the_types_that_are_marked() {
    let mut paths: Vec<_> =
        fs::read_dir(root().join("tests/types")).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (mut marks, mut problems) = (0, Vec::new());
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        marks += text.matches("//:").count();
        problems.extend(on_deep_stacks(|| check(&path, &text)));
    }
    println!("{} of {marks} lines hold", marks - problems.len());
    report(&problems);
}

/// The lines of a file whose marks do not hold.
fn check(path: &Path, text: &str) -> Vec<String> {
    let workspace = match syntax::parse(text) {
        Ok(ir) => workspace(text, ir),
        Err(problem) => return vec![format!("{}: {problem:?}", path.display())],
    };
    let libraries = libraries(&workspace, &Settings::default());
    let program = Program::link(&workspace, &libraries, true);
    let lines = LineIndex::new(text);
    let bodies: Vec<(BodyRef<'_>, Inference)> =
        program.user_bodies().map(|body| (body.read(), program.infer(body.read()))).collect();
    let mut problems = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((code, mark)) = line.split_once("//:") else { continue };
        let mut found: Vec<(u32, String, String)> = Vec::new();
        for (body, types) in &bodies {
            for (local, ty) in body.ir.locals.iter().zip(&types.locals) {
                if lines.line_of(local.span.start) as usize == index {
                    let name = program.name_text(body.owner, local.name).to_owned();
                    found.push((local.span.start, name, program.show(ty).to_string()));
                }
            }
        }
        found.sort();
        let wrong: Vec<String> = parts(mark).iter().filter_map(|part| contradiction(part, &found)).collect();
        if !wrong.is_empty() {
            let name = path.file_name().unwrap().to_string_lossy();
            problems.push(format!("{name}:{}: {}   in {}", index + 1, wrong.join("; "), code.trim()));
        }
    }
    problems
}

/// The parts of a mark; a `;` in an array's type separates nothing.
fn parts(mark: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in mark.split("; ") {
        match parts.last_mut() {
            Some(last) if !piece.contains(": ") => *last = format!("{last}; {piece}"),
            _ => parts.push(piece.trim().to_owned()),
        }
    }
    parts
}

/// What is wrong with one `name: Type` or `Type`, where `found` are the locals of the line.
fn contradiction(part: &str, found: &[(u32, String, String)]) -> Option<String> {
    let named = part.split_once(": ").filter(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    let (local, wanted) = match named {
        Some((name, ty)) => (found.iter().find(|(_, own, _)| own == name), ty),
        None => (found.first(), part),
    };
    let Some((_, name, ty)) = local else { return Some(format!("no local for `{part}`")) };
    let wanted = numbers(wanted);
    (*ty != wanted).then(|| format!("{name} is {ty}, not {wanted}"))
}

/// A type with its numbers as the inference prints them.
fn numbers(ty: &str) -> String {
    let integers = ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
    let mut text = String::new();
    for word in ty.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_') {
        let end = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_').len();
        let (word, rest) = word.split_at(end);
        text.push_str(match word {
            "f32" | "f64" => "{float}",
            _ if integers.contains(&word) => "{integer}",
            _ => word,
        });
        text.push_str(rest);
    }
    text
}

fn workspace(text: &str, ir: FileIr) -> Workspace {
    Workspace {
        crates: vec![Krate {
            name: "snippets".to_owned(),
            package: "snippets".to_owned(),
            kind: TargetKind::Loose,
            edition: Edition::E2021,
            root: FileId(0),
            module_files: Default::default(),
            selected: true,
            dependencies: Vec::new(),
            rust_version: None,
            panic_abort: false,
            is_public_api: false,
        }],
        files: vec![SourceFile {
            path: "snippets.rs".to_owned(),
            text: text.into(),
            lines: LineIndex::new(text).into(),
            ir: Arc::new(ir),
            problem: None,
        }],
        ..Workspace::default()
    }
}
