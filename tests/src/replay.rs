//! Types in the files of a package at random, in a session as an editor holds it open, and compares with a cold run.
//!
//! Edits are what people do: characters typed and deleted one by one (so that the text is broken in between), lines deleted,
//! doubled, swapped and moved elsewhere, statements and items added, everything taken back.

use crate::random::Random;
use cargo_thread_lint::cli::Common;
use cargo_thread_lint::render::{self, Format, Look};
use cargo_thread_lint::session::{Checked, Session};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// What is typed where a statement may stand.
const STATEMENTS: &[&str] = &[
    "std::thread::spawn(|| loop {});",
    "let worker = std::thread::spawn(move || println!(\"x\"));",
    "let _ = std::thread::spawn(|| {}).join();",
    "let lock = std::sync::Mutex::new(0); let a = lock.lock().unwrap(); let b = lock.lock().unwrap();",
    "while !stop.load(std::sync::atomic::Ordering::Relaxed) {}",
    "let (tx, rx) = std::sync::mpsc::channel::<u32>(); for x in rx {} drop(tx);",
    "return;",
    "// thread-lint: allow(all): typed",
];

/// What is typed where an item may stand.
const ITEMS: &[&str] = &[
    "\nfn typed() { std::thread::spawn(typed); }\n",
    "\npub struct Typed { worker: Option<std::thread::JoinHandle<()>> }\n",
    "\nuse std::thread::spawn as typed_spawn;\n",
    "\nmod typed { pub fn inner() {} }\n",
    "\n#[cfg(test)]\nmod typed_tests { #[test] fn t() { std::thread::spawn(|| {}); } }\n",
];

/// A file that is typed in.
#[derive(Debug)]
pub struct Document {
    /// Where it lies.
    pub path: PathBuf,
    /// As it was opened.
    pub original: Arc<str>,
    /// As it is now.
    pub text: String,
}

/// Somebody who types in the files of a package.
#[derive(Debug)]
pub struct Typist {
    documents: Vec<Document>,
    random: Random,
    current: usize,
    /// Edits that belong together and are still to come: where, how many bytes are replaced, by what.
    pending: Vec<(usize, usize, String)>,
}

/// A package open in an editor.
#[derive(Debug)]
pub struct Replay {
    folder: PathBuf,
    session: Session,
    typist: Typist,
}

impl Replay {
    /// Opens a package.
    pub fn open(folder: &Path, seed: u64) -> anyhow::Result<Replay> {
        let mut session = Session::open(folder, Common::default(), Vec::new())?.keeping_last_good();
        let typist = Typist::new(&check(&mut session)?, seed);
        Ok(Replay { folder: folder.to_path_buf(), session, typist })
    }

    /// Makes an edit, lints, and says how long that took.
    pub fn edit(&mut self) -> anyhow::Result<Duration> {
        let Some(document) = self.typist.edit() else { return Ok(Duration::ZERO) };
        let (path, text) = (document.path.clone(), Arc::from(document.text.as_str()));
        let began = Instant::now();
        self.session.overlay(&path, Some(text));
        check(&mut self.session)?;
        Ok(began.elapsed())
    }

    /// The text of the file that was edited last.
    pub fn text(&self) -> &str {
        self.typist.documents.get(self.typist.current).map_or("", |document| &document.text)
    }

    /// Compares with a cold run over the same texts, byte for byte; what cannot be read is put back first.
    pub fn compare(&mut self) -> anyhow::Result<()> {
        self.typist.pending.clear();
        let mut warm = check(&mut self.session)?;
        while let Some(file) = warm.outdated().first() {
            let path = warm.loaded.paths.get(file.index()).cloned().unwrap_or_default();
            if let Some(document) = self.typist.documents.iter_mut().find(|document| document.path == path) {
                document.text = document.original.to_string();
                self.session.overlay(&path, Some(Arc::clone(&document.original)));
            }
            warm = check(&mut self.session)?;
        }
        let mut cold = Session::open(&self.folder, Common::default(), Vec::new())?.sharing_threads_of(&self.session);
        for document in &self.typist.documents {
            cold.overlay(&document.path, Some(Arc::from(document.text.as_str())));
        }
        let cold = check(&mut cold)?;
        let (warm, cold) = (shown(&warm), shown(&cold));
        let different = warm.lines().zip(cold.lines()).find(|(warm, cold)| warm != cold);
        anyhow::ensure!(
            warm == cold,
            "{}: not what a cold run says ({} bytes, cold {}): {different:?}",
            self.folder.display(),
            warm.len(),
            cold.len()
        );
        Ok(())
    }
}

impl Typist {
    /// Who sees the files of a check, as they are now.
    pub fn new(checked: &Checked, seed: u64) -> Typist {
        let files = checked.loaded.workspace.files.iter().zip(&checked.loaded.paths);
        let documents = files.map(|(file, path)| Document {
            path: path.clone(),
            original: Arc::clone(&file.text),
            text: file.text.to_string(),
        });
        let documents = documents.filter(|document| !document.original.is_empty()).collect();
        Typist { documents, random: Random::new(seed), current: 0, pending: Vec::new() }
    }

    /// Makes an edit; gives the file as it is then. `None` where there is no file.
    pub fn edit(&mut self) -> Option<&Document> {
        if self.pending.is_empty() {
            self.plan();
        }
        let (at, length, new) = self.pending.pop().unwrap_or_default();
        let document = self.documents.get_mut(self.current)?;
        let start = floor(&document.text, at);
        let end = floor(&document.text, start + length).max(start);
        document.text.replace_range(start..end, &new);
        Some(document)
    }

    /// Decides what comes next.
    fn plan(&mut self) {
        // People stay in a file for a while.
        if self.random.below(8) == 0 {
            self.current = self.random.below(self.documents.len());
        }
        let Some(document) = self.documents.get(self.current) else { return };
        let text = &document.text;
        let at = floor(text, self.random.below(text.len() + 1));
        let line = line_around(text, at);
        let line_text = text.get(line.clone()).unwrap_or("").to_owned();
        let mut edits = match self.random.below(9) {
            0 => typed(
                at,
                self.random.choose(&["x", ";", "}", "{", "(", "\"", "'", "/*", "//", "é", "𝄞\n"]).unwrap_or(&"x"),
            ),
            1 => vec![(at, 1 + self.random.below(12), String::new())],
            2 => vec![(line.start, line.len(), String::new())],
            3 => vec![(line.start, 0, line_text)],
            4 => {
                let other = line_around(text, floor(text, self.random.below(text.len() + 1)));
                let moved = text.get(other).unwrap_or("").to_owned();
                vec![(line.start, line.len(), moved)]
            }
            5 | 6 => {
                let inside = text.get(at..).and_then(|rest| rest.find("{\n")).map_or(at, |found| at + found + 2);
                typed(inside, self.random.choose(STATEMENTS).unwrap_or(&""))
            }
            7 => typed(text.len(), self.random.choose(ITEMS).unwrap_or(&"")),
            _ => vec![(0, text.len(), document.original.to_string())],
        };
        edits.reverse();
        self.pending = edits;
    }
}

/// Text typed character by character.
fn typed(at: usize, text: &str) -> Vec<(usize, usize, String)> {
    text.char_indices().map(|(offset, character)| (at + offset, 0, character.to_string())).collect()
}

/// A check that nobody cancels.
pub fn check(session: &mut Session) -> anyhow::Result<Checked> {
    let checked = session.check(&AtomicBool::new(false))?;
    checked.ok_or_else(|| anyhow::anyhow!("cancelled by nobody"))
}

/// Everything that a check says.
fn shown(checked: &Checked) -> String {
    let findings = render::render(&checked.loaded, &checked.report, Format::Human, Look::default());
    let notes = render::notes(&checked.loaded, &checked.report.not_analysed, true);
    let notes: Vec<String> = notes.iter().map(render::Note::text).collect();
    format!("{findings}{}\n{}\n{:?}", notes.join("\n"), checked.warnings.join("\n"), checked.report.faults)
}

/// The next place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A line with its end.
fn line_around(text: &str, at: usize) -> std::ops::Range<usize> {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |newline| at + newline + 1);
    start..end
}
