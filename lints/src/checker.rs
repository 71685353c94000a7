//! Checking nearly the same workspace again and again, as an editor does.
//!
//! Types and flow graphs of a body follow from its text and from what is declared anywhere in the program, and hold no
//! positions. So a body keeps them as long as its own text and every text outside of bodies stay as they are. Facts,
//! which look across bodies, are made anew.
//!
//! Invariant: a check gives what [`check`](crate::check) gives for the same workspace.

use crate::catalog;
use crate::check::check_program;
use crate::facts::{Context, Learned};
use crate::model::Program;
use crate::report::Report;
use crate::settings::Settings;
use crate::source::FileId;
use crate::syntax::FileIr;
use crate::workspace::{Krate, SourceFile, Workspace};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Checks one workspace after the other, under the same settings.
#[derive(Debug)]
pub struct Checker {
    settings: Arc<Settings>,
    last: Option<Last>,
}

/// The program that was checked last, and what of it may hold for the next.
#[derive(Debug)]
struct Last {
    crates: Vec<Krate>,
    files: Vec<SourceFile>,
    libraries: Vec<(String, Arc<FileIr>)>,
    learned: Learned,
}

impl Checker {
    /// A checker that knows nothing yet.
    pub fn new(settings: Arc<Settings>) -> Checker {
        Checker { settings, last: None }
    }

    /// The settings that it checks under.
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Checks a workspace. `None`: `cancelled` was set meanwhile. Runs in the current rayon pool, whose threads need
    /// [`crate::syntax::STACK_SIZE`] of stack.
    pub fn check(&mut self, workspace: &Workspace, cancelled: &AtomicBool) -> Option<Report> {
        // A panic below leaves nothing behind that it may have spoiled.
        let last = self.last.take().filter(|last| last.crates == workspace.crates);
        let libraries = match &last {
            Some(last) => last.libraries.clone(),
            None => catalog::load(workspace, &self.settings),
        };
        let program = Program::link(workspace, &libraries, self.settings.tests);
        let mut context = Context::new(&program, &self.settings).until(cancelled);
        if let Some(Last { files, learned, .. }) = last
            && let Some(changes) = Changes::between(&files, &workspace.files)
        {
            context = context.knowing(learned, |file, body| changes.leave(file, body));
        }
        let report = check_program(&context, &());
        let learned = context.into_learned();
        self.last = Some(Last { crates: workspace.crates.clone(), files: workspace.files.clone(), libraries, learned });
        report
    }
}

/// The files that differ in two states of a workspace, in the inside of bodies alone: each as it was and as it is.
struct Changes<'f> {
    files: FxHashMap<FileId, (&'f SourceFile, &'f SourceFile)>,
}

impl<'f> Changes<'f> {
    /// `None` where more than the inside of bodies differs.
    fn between(before: &'f [SourceFile], now: &'f [SourceFile]) -> Option<Changes<'f>> {
        if before.len() != now.len() {
            return None;
        }
        let mut files = FxHashMap::default();
        for (index, (old, new)) in before.iter().zip(now).enumerate() {
            if Arc::ptr_eq(&old.ir, &new.ir) && Arc::ptr_eq(&old.text, &new.text) {
                continue;
            }
            // Where items could not be read, others may be left out than before.
            let whole = old.problem.is_none() && new.problem.is_none();
            if !whole || !FileIr::differ_in_bodies_only((&old.ir, &old.text), (&new.ir, &new.text)) {
                return None;
            }
            files.insert(FileId(index as u32), (old, new));
        }
        Some(Changes { files })
    }

    /// Whether a body is as it was, by its file and its place in it.
    fn leave(&self, file: FileId, body: usize) -> bool {
        let Some((old, new)) = self.files.get(&file) else { return true };
        let text = |file: &'f SourceFile| Some(file.text_of(file.ir.bodies.get(body)?.span()?));
        text(old).is_some_and(|old| Some(old) == text(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::LineIndex;
    use crate::syntax::parse_outline;

    /// Bodies of some length: shorter ones are read with their file.
    const BEFORE: &str = "
struct S { a: u8 }
impl S { fn one(&self) -> u8 { let copied = self.a; copied } }
fn two() { println!(\"{}\", one()); }
mod m { fn three() { println!(\"nothing at all\"); } }
";

    fn file(text: &str) -> SourceFile {
        let (ir, problem) = parse_outline(text);
        SourceFile {
            path: String::from("lib.rs"),
            text: Arc::from(text),
            lines: Arc::new(LineIndex::new(text)),
            ir: Arc::new(ir),
            problem,
        }
    }

    /// Which bodies are as they were, in order.
    fn left(before: &SourceFile, after: &str) -> Option<Vec<bool>> {
        let (before, after) = ([before.clone()], [file(after)]);
        let changes = Changes::between(&before, &after)?;
        Some((0..3).map(|body| changes.leave(FileId(0), body)).collect())
    }

    #[test]
    fn a_body_is_as_it_was_wherever_it_stands() {
        let before = file(BEFORE);
        assert_eq!(left(&before, &BEFORE.replace("self.a;", "self.a + 1;")), Some(vec![false, true, true]));
        assert_eq!(left(&before, &BEFORE.replace("one());", "one());\n\n")), Some(vec![true, false, true]));
        assert_eq!(left(&before, BEFORE), Some(vec![true, true, true]));
        // The same file again needs no look at its text.
        let same = [before.clone()];
        assert!(Changes::between(&[before], &same).is_some_and(|changes| changes.files.is_empty()));
    }

    #[test]
    fn what_is_declared_decides_about_every_body() {
        let before = file(BEFORE);
        for (old, new) in [
            ("a: u8", "a: u16"),
            ("fn two()", "fn two(x: u8)"),
            ("mod m {", "mod m { use super::*;"),
            ("one());", "one()); fn inner() {}"),
            ("one());", "one(; )"),
            ("one());", "one()); }"),
            ("fn three() {", "fn three() -> u8 {"),
            ("\nfn two", "\n#[cfg(test)] fn two"),
        ] {
            let after = BEFORE.replace(old, new);
            assert_ne!(after, BEFORE);
            // An error inside a body alone is that body's affair.
            let expected = (new == "one(; )").then(|| vec![true, false, true]);
            let found = left(&before, &after);
            assert!(found.is_none() || found == expected, "{new}: {found:?}");
        }
    }
}
