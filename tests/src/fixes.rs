//! What findings suggest, applied.
//!
//! Invariants: a fix is applied whole or not at all; of two that overlap the first is applied, and the other waits for the next
//! round, in which the text is linted anew.

use crate::expected;
use crate::fixture::{Fixture, Job, Outcome, Site, check_once, edition_name, source_file};
use thread_lints::Edition;
use thread_lints::diagnostic::{Diagnostic, Edit};

/// A fixture with all edits made that its findings have.
#[derive(Clone, Debug)]
pub struct FixedSource {
    /// The fixture.
    pub fixture: Fixture,
    /// The edition.
    pub edition: Edition,
    /// The text with all edits made.
    pub text: String,
    /// What was found that has no edit.
    pub without_edits: Vec<Site>,
    /// What is found in the fixed text.
    pub left: Vec<Site>,
}

/// How often a text is linted and mended.
const ROUNDS: usize = 10;

/// The edits of a finding: those of its first suggestion that has any.
pub fn edits_of(found: &Diagnostic) -> Option<&[Edit]> {
    found.suggestions.iter().map(|suggestion| suggestion.edits.as_slice()).find(|edits| !edits.is_empty())
}

/// Whether a finding has edits.
pub fn has_edits(found: &Diagnostic) -> bool {
    edits_of(found).is_some()
}

/// Makes edits of one text; an edit that stands twice is made once. `None` where they overlap or lie outside the text.
pub fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.loc.span.start, edit.loc.span.end));
    edits.dedup();
    let mut fixed = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let (start, end) = (edit.loc.span.start as usize, edit.loc.span.end as usize);
        // Also `None` where the edit starts before the end of the one before.
        fixed.push_str(text.get(copied..start)?);
        text.get(start..end)?;
        fixed.push_str(&edit.text);
        copied = end;
    }
    fixed.push_str(text.get(copied..)?);
    Some(fixed)
}

/// The text with the fixes that go together, the first ones first; `None` where there are none.
pub fn apply_round(text: &str, found: &[Diagnostic]) -> Option<String> {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut fixed = None;
    for edits in found.iter().filter_map(edits_of) {
        let together: Vec<&Edit> = chosen.iter().copied().chain(edits).collect();
        if let Some(text) = apply(text, &together) {
            chosen = together;
            fixed = Some(text);
        }
    }
    fixed
}

/// The fixtures' fixed sources, mended under all lints: one for each edition in which something found has edits.
pub fn fixed_sources(runs: &[(Fixture, Edition)], problems: &mut Vec<String>) -> Vec<FixedSource> {
    let unmended = |(fixture, edition): &(Fixture, Edition)| FixedSource {
        fixture: fixture.clone(),
        edition: *edition,
        text: fixture.text.clone(),
        without_edits: Vec::new(),
        left: Vec::new(),
    };
    let mut sources: Vec<FixedSource> = runs.iter().map(unmended).collect();
    let mut open: Vec<usize> = (0..sources.len()).collect();
    for round in 0..=ROUNDS {
        let jobs: Vec<Job> = open.iter().map(|index| sources[*index].job()).collect();
        let mut next = Vec::new();
        for (index, outcome) in open.iter().zip(check_once(&jobs)) {
            let source = &mut sources[*index];
            if round == 0 {
                let sites = outcome.sites.iter().zip(&outcome.found).filter(|(_, found)| edits_of(found).is_none());
                source.without_edits = sites.map(|(site, _)| site.clone()).collect();
            }
            match apply_round(&source.text, &outcome.found) {
                Some(text) => {
                    source.text = text;
                    next.push(*index);
                }
                None => source.left = outcome.sites,
            }
        }
        open = next;
    }
    for index in open {
        problems.push(format!("{} has fixes left after {ROUNDS} rounds", sources[index].what()));
    }
    sources.retain(|source| source.text != source.fixture.text);
    sources
}

/// Checks that fixed sources parse, and that nothing is found in them but what had no edit before.
pub fn verify_fixed(fixed: &[FixedSource], problems: &mut Vec<String>) {
    for source in fixed {
        if let Some(problem) = source_file(String::new(), &source.text).problem {
            problems.push(format!("{} does not parse: {}", source.what(), problem.reason));
        }
        let mut before: Vec<&str> = source.without_edits.iter().map(|(_, lint)| lint.as_str()).collect();
        for (line, lint) in &source.left {
            match before.iter().position(|name| name == lint) {
                Some(index) => {
                    before.swap_remove(index);
                }
                None => problems.push(format!("{} has a new finding of `{lint}` on line {line}", source.what())),
            }
        }
    }
}

impl FixedSource {
    /// The text with a mark at each finding that is left.
    pub fn marked(&self) -> String {
        let mut marked = String::with_capacity(self.text.len());
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches(['\n', '\r']);
            let here = self.left.iter().filter(|(at, _)| *at as usize == index + 1);
            let lints: Vec<&str> = here.map(|(_, lint)| lint.as_str()).collect();
            marked.push_str(content);
            if !lints.is_empty() {
                marked.push_str(&format!(" //~ {}", lints.join(", ")));
            }
            marked.push_str(&line[content.len()..]);
        }
        marked
    }

    /// The check of the text under all lints.
    pub fn job(&self) -> Job {
        let mut job = Job { text: self.text.clone(), ..Job::of(&self.fixture, self.edition) };
        job.setup.lints = None;
        job
    }

    fn what(&self) -> String {
        let path = expected::shown(&self.fixture.path);
        format!("{path}: [{}] the fixed source", edition_name(self.edition))
    }
}

/// Checks that every finding's edits, made alone, give a text that parses, take the finding away and bring no other.
pub fn verify_alone(checked: &[(Fixture, Edition, Outcome)], problems: &mut Vec<String>) {
    let mut jobs: Vec<Job> = Vec::new();
    let mut wanted: Vec<Wanted> = Vec::new();
    for (fixture, edition, outcome) in checked {
        for (index, found) in outcome.found.iter().enumerate() {
            let Some(edits) = edits_of(found) else { continue };
            let (line, lint) = &outcome.sites[index];
            let job = Job::of(fixture, *edition);
            let what = format!("{}:{line}: [{edition:?}] the fix of `{lint}`", job.path);
            match apply(&fixture.text, &edits.iter().collect::<Vec<_>>()) {
                None => problems.push(format!("{what} overlaps itself or lies outside the file")),
                Some(text) => {
                    let others = outcome.sites.iter().enumerate().filter(|(other, _)| *other != index);
                    let allowed = others.map(|(_, (_, lint))| lint.clone()).collect();
                    jobs.push(Job { text, ..job });
                    wanted.push(Wanted { what, allowed });
                }
            }
        }
    }
    compare(&jobs, &wanted, problems);
}

struct Wanted {
    what: String,
    /// What may be found, by the lints' names, each as often as it stands here.
    allowed: Vec<String>,
}

fn compare(jobs: &[Job], wanted: &[Wanted], problems: &mut Vec<String>) {
    for ((job, wanted), outcome) in jobs.iter().zip(wanted).zip(check_once(jobs)) {
        if let Some(problem) = source_file(String::new(), &job.text).problem {
            problems.push(format!("{} does not parse: {}", wanted.what, problem.reason));
            continue;
        }
        let mut allowed = wanted.allowed.clone();
        for (line, lint) in &outcome.sites {
            match allowed.iter().position(|name| name == lint) {
                Some(index) => {
                    allowed.swap_remove(index);
                }
                None => problems.push(format!("{} leaves or brings a finding of `{lint}` on line {line}", wanted.what)),
            }
        }
    }
}
