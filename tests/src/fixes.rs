//! What findings suggest, applied.

use crate::fixture::{Fixture, Job, Outcome, check_all, source_file};
use thread_lints::Edition;
use thread_lints::diagnostic::{Diagnostic, Edit};

/// A fixture whose findings all have edits, with them made.
#[derive(Clone, Debug)]
pub struct FixedSource {
    /// The fixture.
    pub fixture: Fixture,
    /// The edition.
    pub edition: Edition,
    /// The text with all edits made.
    pub text: String,
}

/// The edits of a finding: those of its first suggestion that has any.
pub fn edits_of(found: &Diagnostic) -> Option<&[Edit]> {
    found.suggestions.iter().map(|suggestion| suggestion.edits.as_slice()).find(|edits| !edits.is_empty())
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

/// The fixtures' fixed sources: one for each edition in which everything found has edits that do not overlap. `checked`
/// are the fixtures with the outcome of a check in each edition.
pub fn fixed_sources(checked: &[(Fixture, Edition, Outcome)]) -> Vec<FixedSource> {
    let mut sources = Vec::new();
    for (fixture, edition, outcome) in checked {
        let edits: Option<Vec<&[Edit]>> = outcome.found.iter().map(edits_of).collect();
        let Some(edits) = edits.filter(|edits| !edits.is_empty()) else {
            continue;
        };
        let edits: Vec<&Edit> = edits.into_iter().flatten().collect();
        if let Some(text) = apply(&fixture.text, &edits) {
            sources.push(FixedSource { fixture: fixture.clone(), edition: *edition, text });
        }
    }
    sources
}

/// Checks that every finding's edits, made alone, give a text that parses, take the finding away and bring no other; and
/// that a fixed source has no finding.
pub fn verify(checked: &[(Fixture, Edition, Outcome)], fixed: &[FixedSource], problems: &mut Vec<String>) {
    struct Wanted {
        what: String,
        /// How often each lint may report, by name; the mended one once less.
        allowed: Vec<String>,
    }
    let mut jobs: Vec<Job> = Vec::new();
    let mut wanted: Vec<Wanted> = Vec::new();
    for (fixture, edition, outcome) in checked {
        let names: Vec<String> = outcome.sites.iter().map(|(_, lint)| lint.clone()).collect();
        for (index, found) in outcome.found.iter().enumerate() {
            let Some(edits) = edits_of(found) else { continue };
            let (line, lint) = &outcome.sites[index];
            let job = Job::of(fixture, *edition);
            let what = format!("{}:{line}: [{edition:?}] the fix of `{lint}`", job.path);
            match apply(&fixture.text, &edits.iter().collect::<Vec<_>>()) {
                None => problems.push(format!("{what} overlaps itself or lies outside the file")),
                Some(text) => {
                    let mut allowed = names.clone();
                    allowed.remove(index);
                    jobs.push(Job { text, ..job });
                    wanted.push(Wanted { what, allowed });
                }
            }
        }
    }
    for source in fixed {
        let job = Job::of(&source.fixture, source.edition);
        let what = format!("{}: [{:?}] the fixed source", job.path, source.edition);
        jobs.push(Job { text: source.text.clone(), ..job });
        wanted.push(Wanted { what, allowed: Vec::new() });
    }
    for ((job, wanted), outcome) in jobs.iter().zip(&wanted).zip(check_all(&jobs)) {
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
