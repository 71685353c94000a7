//! Stubs: what a library does with threads, locks and channels, described by those who use it.
//!
//! A stub is written as a file of the catalogue is, in the words of `catalog/README.md`, and is held to that page: a word or
//! an argument that the page does not have is a mistake with a place, never something that silently says nothing.

use crate::nearest::nearest;
use crate::source::Span;
use crate::syntax::ir::Effect;
use crate::syntax::{self, FileIr};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The page that says which words there are: the first column of its tables.
const VOCABULARY: &str = include_str!("../catalog/README.md");

/// A library that the user describes.
#[derive(Clone, Debug)]
pub struct Stub {
    pub(crate) name: String,
    pub(crate) ir: Arc<FileIr>,
    text: Arc<str>,
}

/// What is wrong with a stub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StubProblem {
    /// What is wrong, lower case, no full stop.
    pub reason: String,
    /// Where, if it is known.
    pub span: Option<Span>,
}

impl Stub {
    /// Reads the stub of the library `name` (its name in paths). The thread must have [`syntax::STACK_SIZE`] of stack.
    pub fn read(name: &str, text: &str) -> Result<Stub, Vec<StubProblem>> {
        if matches!(name, "std" | "core" | "alloc") {
            let reason = format!("`{name}` cannot be replaced");
            return Err(vec![StubProblem { reason, span: None }]);
        }
        let mut ir =
            syntax::parse(text).map_err(|problem| vec![StubProblem { reason: problem.reason, span: problem.span }])?;
        let words = Words::read(VOCABULARY);
        let effects = ir.items.iter().flat_map(|item| &item.attrs.effects);
        let problems: Vec<StubProblem> = effects
            .filter_map(|effect| {
                let reason = words.problem_with(ir.names.text(effect.name)?, effect)?;
                Some(StubProblem { reason, span: Some(effect.span) })
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        // They speak to people only, as in the catalogue.
        ir.comments.clear();
        Ok(Stub { name: name.to_owned(), ir: Arc::new(ir), text: Arc::from(text) })
    }

    /// The library's name in paths.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether its text names another library of the catalogue.
    pub(crate) fn mentions(&self, library: &str) -> bool {
        self.text.match_indices("::").any(|(at, _)| {
            let rest = self.text.get(at + 2..).unwrap_or_default();
            let next = rest.strip_prefix(library).map(|rest| rest.chars().next());
            next.is_some_and(|next| !next.is_some_and(|next| next == '_' || next.is_alphanumeric()))
        })
    }
}

/// The words with the arguments that each can have.
struct Words<'t>(BTreeMap<&'t str, FxHashSet<&'t str>>);

impl<'t> Words<'t> {
    /// Takes the forms in backticks out of the first column: `` | `joins` `joins(i)` | … | ``.
    fn read(page: &'t str) -> Words<'t> {
        let mut words: BTreeMap<&str, FxHashSet<&str>> = BTreeMap::new();
        let first_cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
        for cell in first_cells {
            for form in cell.split('`').step_by(2).filter(|form| !form.is_empty()) {
                let (word, args) = form.trim_end_matches(')').split_once('(').unwrap_or((form, ""));
                let args = args.split(',').map(str::trim).filter(|arg| !arg.is_empty());
                words.entry(word).or_default().extend(args);
            }
        }
        Words(words)
    }

    /// What is wrong with one effect whose word is `word`.
    fn problem_with(&self, word: &str, effect: &Effect) -> Option<String> {
        let Some(known) = self.0.get(word) else {
            return Some(with_nearest(format!("unknown effect `{word}`"), word, self.0.keys().copied()));
        };
        let wrong = effect.args.iter().find(|arg| {
            let position = arg.strip_prefix("arg").unwrap_or(arg).parse::<usize>().is_ok();
            !(if position { known.contains("i") } else { known.contains(&***arg) })
        })?;
        let mut names: Vec<&str> = known.iter().copied().filter(|name| *name != "i").collect();
        names.sort_unstable();
        let message = match (known.contains("i"), names.is_empty()) {
            (_, false) => format!("effect `{word}` has no argument `{wrong}`"),
            (true, true) => format!("effect `{word}` wants the position of an argument, not `{wrong}`"),
            (false, true) => format!("effect `{word}` takes no argument"),
        };
        Some(with_nearest(message, wrong, names.into_iter()))
    }
}

fn with_nearest<'n>(mut message: String, wanted: &str, known: impl Iterator<Item = &'n str>) -> String {
    if let Some((meant, _)) = nearest(wanted, known) {
        message.push_str(&format!("; did you mean `{meant}`?"));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(String, String)> {
        let problems = Stub::read("pool", text).err().unwrap_or_default();
        let place = |span: Option<Span>| span.map_or("", |span| span.text(text)).to_owned();
        problems.into_iter().map(|problem| (problem.reason, place(problem.span))).collect()
    }

    #[test]
    fn words_are_held_to_the_page() {
        let good =
            "pub struct Pool; impl Pool { #[effect(spawns(0, pool))] pub fn run<F: FnOnce()>(&self, job: F) {} }";
        assert!(Stub::read("pool", good).is_ok_and(|stub| stub.name() == "pool"));
        assert_eq!(problems("#[effect(acquires(exclusive, try, raw, arg0))] pub fn take(lock: &u8) {}"), []);
        let of = |reason: &str, place: &str| vec![(reason.to_owned(), place.to_owned())];
        assert_eq!(
            problems("#[effect(spwans(0))] pub fn run<F: FnOnce()>(job: F) {}"),
            of("unknown effect `spwans`; did you mean `spawns`?", "spwans")
        );
        assert_eq!(
            problems("pub mod sync { #[effect(spawns(0, pol))] pub fn run<F: FnOnce()>(job: F) {} }"),
            of("effect `spawns` has no argument `pol`; did you mean `pool`?", "spawns")
        );
        assert_eq!(
            problems("#[effect(observes(0))] pub fn look(handle: &u8) {}"),
            of("effect `observes` takes no argument", "observes")
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        let text = "pub struct Pool;\npub fn run( {}\n";
        let problem = Stub::read("pool", text).err().and_then(|problems| problems.into_iter().next());
        assert!(problem.is_some_and(|problem| problem.span.is_some_and(|span| span.start > 17)));
        assert_eq!(Stub::read("std", "").err().map(|problems| problems.len()), Some(1));
    }

    #[test]
    fn mentions_whole_names() {
        let stub = Stub::read("pool", "pub use ::crossbeam_channel::Sender;").ok();
        assert_eq!(stub.as_ref().map(|stub| stub.mentions("crossbeam_channel")), Some(true));
        assert_eq!(stub.as_ref().map(|stub| stub.mentions("crossbeam")), Some(false));
    }
}
