//! What holds for any edits that the fixtures' findings suggest, whichever of them are made.
//!
//! Which ones are made is up to a seed: `SEED=number` takes another than the fixed one, `CASES=number` more or fewer rounds. Both
//! are printed when a test fails. `FIXTURE=part` keeps the fixtures with the part in their path.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;
use thread_lint_tests::fixture::{self, Fixture, Job, Outcome, check_once};
use thread_lint_tests::random::Random;
use thread_lint_tests::{expected, fixes, report};
use thread_lints::diagnostic::{Diagnostic, Edit};
use thread_lints::{Edition, fix, syntax};

/// A fixture in one edition, with what all lints find.
struct Case {
    fixture: Fixture,
    edition: Edition,
    job: Job,
    outcome: Outcome,
}

/// The fixtures that have edits.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let (fixtures, _) = fixture::loose();
        let runs =
            fixtures.iter().flat_map(|fixture| fixture.setup.editions.iter().map(move |edition| (fixture, *edition)));
        let jobs: Vec<Job> = runs.clone().map(|(fixture, edition)| under_all_lints(fixture, edition)).collect();
        let cases = runs.zip(check_once(&jobs)).zip(jobs).map(|(((fixture, edition), outcome), job)| Case {
            fixture: fixture.clone(),
            edition,
            job,
            outcome,
        });
        cases.filter(|case| case.outcome.found.iter().any(fixes::has_edits)).collect()
    })
}

fn under_all_lints(fixture: &Fixture, edition: Edition) -> Job {
    let mut job = Job::of(fixture, edition);
    job.setup.lints = None;
    job
}

/// A number from the environment.
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

fn random() -> Random {
    let seed = setting("SEED", 0x5eed);
    println!("SEED={seed} CASES={}", setting("CASES", ROUNDS));
    Random::new(seed)
}

const ROUNDS: u64 = 6;

/// Some of the findings that have edits, in any order, and no two in each other's way.
fn choose<'f>(random: &mut Random, found: &'f [Diagnostic]) -> Vec<&'f Diagnostic> {
    let mut wanted: Vec<&Diagnostic> = found.iter().filter(|found| fixes::has_edits(found)).collect();
    random.shuffle(&mut wanted);
    wanted.truncate(random.below(wanted.len()) + 1);
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    for found in wanted {
        let (made, own) = (edits_of(&chosen), edits_of(&[found]));
        if !own.iter().any(|edit| made.iter().any(|other| meet(edit, other))) {
            chosen.push(found);
        }
    }
    chosen
}

/// Whether two edits are different, and overlap or touch.
fn meet(one: &Edit, other: &Edit) -> bool {
    let (a, b) = (one.loc.span, other.loc.span);
    (a, &one.text) != (b, &other.text) && a.start <= b.end && b.start <= a.end
}

fn edits_of<'f>(found: &[&'f Diagnostic]) -> Vec<&'f Edit> {
    found.iter().filter_map(|found| fixes::edits_of(found)).flatten().collect()
}

#[test]
fn any_edits_fit_together() {
    let mut random = random();
    let mut problems = Vec::new();
    let mut made = 0;
    for _ in 0..setting("CASES", ROUNDS) {
        let mut mended = Vec::new();
        for case in cases() {
            let text = &case.job.text;
            let chosen = choose(&mut random, &case.outcome.found);
            let mut edits = edits_of(&chosen);
            let fixed = fix::apply(text, edits.iter().copied()).expect("chosen to go together");
            random.shuffle(&mut edits);
            let at = || format!("{} {:?}", case.job.path, sites_of(case, &chosen));
            if fix::apply(text, edits.iter().copied()).as_ref() != Some(&fixed) {
                problems.push(format!("{}: the order of the edits tells", at()));
            }
            if one_by_one(text, edits) != fixed {
                problems.push(format!("{}: bytes outside the edits change", at()));
            }
            if let Err(problem) = syntax::parse(&fixed) {
                problems.push(format!("{}: does not parse: {}", at(), problem.reason));
            }
            made += chosen.len();
            mended.push((case, chosen, Job { text: fixed, ..case.job.clone() }));
        }
        let jobs: Vec<Job> = mended.iter().map(|(.., job)| job.clone()).collect();
        for ((case, chosen, _), after) in mended.iter().zip(check_once(&jobs)) {
            for lint in more_than_before(case, chosen, &after) {
                problems.push(format!("{} {:?}: one more finding of `{lint}`", case.job.path, sites_of(case, chosen)));
            }
        }
    }
    println!("{made} fixes in {} fixtures", cases().len());
    report(&problems);
}

/// Makes edits from the last to the first, with what a string can do.
fn one_by_one(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.loc.span.start, edit.loc.span.end)));
    edits.dedup();
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.loc.span.start as usize..edit.loc.span.end as usize, &edit.text);
    }
    text
}

fn sites_of<'c>(case: &'c Case, chosen: &[&Diagnostic]) -> Vec<&'c fixture::Site> {
    let found = case.outcome.found.iter().zip(&case.outcome.sites);
    let of_it = |found: &Diagnostic| chosen.iter().any(|chosen| std::ptr::eq(*chosen, found));
    found.filter(|(found, _)| of_it(found)).map(|(_, site)| site).collect()
}

/// The lints that find more than what the edits have left. What is said of suppressions depends on what they suppress.
fn more_than_before(case: &Case, chosen: &[&Diagnostic], after: &Outcome) -> Vec<String> {
    let mended = sites_of(case, chosen);
    let mut left: Vec<&str> = case.outcome.sites.iter().map(|(_, lint)| lint.as_str()).collect();
    for (_, lint) in mended {
        let place = left.iter().position(|name| name == lint).unwrap();
        left.swap_remove(place);
    }
    let mut more = Vec::new();
    for (_, lint) in &after.sites {
        match left.iter().position(|name| name == lint) {
            Some(place) => {
                left.swap_remove(place);
            }
            None if lint == "unused_suppressions" => {}
            None => more.push(lint.clone()),
        }
    }
    more
}

#[test]
fn line_endings_and_a_mark_at_the_start_stay() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let jobs = cases().iter().map(|case| Job { text: windows(&case.job.text), ..case.job.clone() });
    let jobs: Vec<Job> = jobs.collect();
    let mut problems = Vec::new();
    for ((case, job), outcome) in cases().iter().zip(&jobs).zip(check_once(&jobs)) {
        if case.outcome.sites != outcome.sites {
            problems.push(format!("{}: other findings", case.job.path));
            continue;
        }
        for ((site, found), same) in case.outcome.sites.iter().zip(&case.outcome.found).zip(&outcome.found) {
            let (Some(edits), Some(theirs)) = (fixes::edits_of(found), fixes::edits_of(same)) else { continue };
            let expected = fix::apply(&case.job.text, edits).map(|text| windows(&text));
            if fix::apply(&job.text, theirs) != expected {
                problems.push(format!("{} {site:?}: other edits", case.job.path));
            }
        }
    }
    report(&problems);
}

#[test]
fn fixing_twice_changes_nothing() {
    let mut problems = Vec::new();
    let runs: Vec<(Fixture, Edition)> = cases().iter().map(|case| (case.fixture.clone(), case.edition)).collect();
    let fixed = fixes::fixed_sources(&runs, &mut problems);
    let again: Vec<(Fixture, Edition)> =
        fixed.into_iter().map(|source| (Fixture { text: source.text, ..source.fixture }, source.edition)).collect();
    for source in fixes::fixed_sources(&again, &mut problems) {
        if source.text != source.fixture.text {
            problems.push(format!("{}: mended again", expected::shown(&source.fixture.path)));
        }
    }
    report(&problems);
}
