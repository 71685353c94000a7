//! What findings suggest, applied to the fixtures.

use crate::fixture::{self, Fixture, Job, Outcome, Site, check_once, edition_name, source_file, workspace_of};
use crate::{expected, on_deep_stacks};
use cargo_thread_lint::load::Loaded;
use rayon::prelude::*;
use thread_lints::Edition;
use thread_lints::diagnostic::{Applicability, Diagnostic, Edit};
use thread_lints::fix::{self, Permission, Refused};
use thread_lints::source::FileId;

/// A fixture with all edits made that its findings have.
#[derive(Clone, Debug)]
pub struct FixedSource {
    /// The fixture.
    pub fixture: Fixture,
    /// The edition.
    pub edition: Edition,
    /// The text with all edits made.
    pub text: String,
    /// What is found in the fixed text, under all lints.
    pub left: Vec<Site>,
}

/// The edits of a finding that would be made.
pub fn edits_of(found: &Diagnostic) -> Option<&[Edit]> {
    fix::suggestion_of(found, Applicability::MaybeIncorrect).map(|suggestion| suggestion.edits.as_slice())
}

/// Whether a finding has edits.
pub fn has_edits(found: &Diagnostic) -> bool {
    edits_of(found).is_some()
}

/// The fixtures' fixed sources, mended under all lints: one for each edition in which something found has edits.
pub fn fixed_sources(runs: &[(Fixture, Edition)], problems: &mut Vec<String>) -> Vec<FixedSource> {
    let sources = runs.iter().map(|(fixture, edition)| FixedSource {
        fixture: fixture.clone(),
        edition: *edition,
        text: fixture.text.clone(),
        left: Vec::new(),
    });
    let mut sources: Vec<FixedSource> = sources.collect();
    let jobs: Vec<Job> = sources.iter().map(FixedSource::job).collect();
    let outcomes = check_once(&jobs);
    let mut with_edits = outcomes.iter().map(|outcome| outcome.found.iter().any(has_edits));
    sources.retain(|_| with_edits.next().unwrap_or(false));
    let found: Vec<Vec<String>> = on_deep_stacks(|| sources.par_iter_mut().map(FixedSource::mend).collect());
    problems.extend(found.into_iter().flatten());
    sources
}

/// Every suggestion with edits, made alone: the fixture's name with the finding, the edition and the text. Those that are
/// not the first of their finding are made by hand alone, in an editor.
pub fn each_alone(runs: &[(Fixture, Edition)]) -> Vec<(String, Edition, String)> {
    let jobs: Vec<Job> = runs.iter().map(|(fixture, edition)| under_all_lints(fixture, *edition)).collect();
    let mut texts = Vec::new();
    for (job, outcome) in jobs.iter().zip(check_once(&jobs)) {
        for (found, (line, lint)) in outcome.found.iter().zip(&outcome.sites) {
            let column = found.primary.loc.span.start;
            let with_edits = found.suggestions.iter().filter(|suggestion| !suggestion.edits.is_empty());
            for (index, suggestion) in with_edits.enumerate() {
                let name = format!("{} with fix {} of `{lint}` on line {line} ({column})", job.path, index + 1);
                texts.extend(fix::apply(&job.text, &suggestion.edits).map(|text| (name, job.edition, text)));
            }
        }
    }
    texts
}

fn under_all_lints(fixture: &Fixture, edition: Edition) -> Job {
    let mut job = Job::of(fixture, edition);
    job.setup.lints = None;
    job
}

/// Checks that fixed sources parse, and that nothing is found in them: what no edit mends stands in a fixture of its own.
pub fn verify_fixed(fixed: &[FixedSource], problems: &mut Vec<String>) {
    for source in fixed {
        if let Some(problem) = source_file(String::new(), &source.text).problem {
            problems.push(format!("{} does not parse: {}", source.what(), problem.reason));
        }
        for (line, lint) in &source.left {
            let text = source.text.lines().nth(*line as usize - 1).unwrap_or_default().trim();
            problems.push(format!("{} has a finding of `{lint}` on line {line}: `{text}`", source.what()));
        }
    }
}

impl FixedSource {
    /// Mends the text, alone in its workspace. Gives what went wrong.
    fn mend(&mut self) -> Vec<String> {
        let job = self.job();
        let settings = job.setup.settings();
        let workspace = workspace_of(&[&job], source_file);
        let report = thread_lints::check(&workspace, &settings);
        let permission = Permission::everywhere(&workspace, Applicability::MaybeIncorrect);
        let fixed = fix::fix(&workspace, &settings, report, &permission);
        let what = self.what();
        let mut problems = Vec::new();
        if fixed.unfinished {
            problems.push(format!("{what}: fixes are left after {} rounds", fixed.rounds));
        }
        self.text = fixed.workspace.files[0].text.to_string();
        let loaded = Loaded { workspace: fixed.workspace, ..Loaded::default() };
        self.left = fixture::outcome(&loaded, &fixed.report, FileId(0)).sites;
        // What another fix took away meanwhile is no loss.
        let is_left = |refused: &&Refused| self.left.iter().any(|(_, lint)| lint == refused.lint.name);
        for refused in fixed.refused.iter().filter(is_left) {
            let line = loaded.workspace.files[0].lines.line_of(refused.loc.span.start) + 1;
            let (lint, reason) = (refused.lint.name, &refused.reason);
            problems.push(format!("{what}, line {line}: the fix of `{lint}` is taken back: {reason}"));
        }
        problems
    }

    /// The check of the text under all lints.
    pub fn job(&self) -> Job {
        Job { text: self.text.clone(), ..under_all_lints(&self.fixture, self.edition) }
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
            match fix::apply(&fixture.text, edits) {
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
