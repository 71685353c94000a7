//! The fixtures: what is found, how it is printed, and what becomes of the code when it is mended.
//!
//! `BLESS=1 cargo test -p thread-lint-tests --test ui` rewrites the output kept beside the fixtures; `FIXTURE=part` keeps the
//! fixtures with the part in their path. Marks are described at [`thread_lint_tests::fixture`].

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use cargo_thread_lint::render::{self, Format, Look};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use thread_lint_tests::crates::{self, CrateFixture};
use thread_lint_tests::expected::{self, Expected};
use thread_lint_tests::fixture::{self, Fixture, Job, Outcome};
use thread_lint_tests::{fixes, on_deep_stacks, report, root};
use thread_lints::Edition;
use thread_lints::source::FileId;

type Checked = Vec<(Fixture, Edition, Outcome)>;

/// Every loose fixture in each of its editions, checked once.
fn checked() -> &'static (Checked, Vec<String>) {
    static CHECKED: OnceLock<(Checked, Vec<String>)> = OnceLock::new();
    CHECKED.get_or_init(|| {
        let (fixtures, problems) = fixture::loose();
        let runs: Vec<(Fixture, Edition)> = fixtures
            .iter()
            .flat_map(|fixture| fixture.setup.editions.iter().map(|edition| (fixture.clone(), *edition)))
            .collect();
        let jobs: Vec<Job> = runs.iter().map(|(fixture, edition)| Job::of(fixture, *edition)).collect();
        let outcomes = fixture::check_all(&jobs);
        let checked = runs.into_iter().zip(outcomes).map(|((fixture, edition), outcome)| (fixture, edition, outcome));
        (checked.collect(), problems)
    })
}

/// The texts of one fixture's editions.
fn by_fixture<T>(items: &[T], fixture_of: impl Fn(&T) -> &Fixture) -> impl Iterator<Item = &[T]> {
    items.chunk_by(move |a, b| fixture_of(a).path == fixture_of(b).path)
}

fn kept_files(extension: &str) -> Vec<PathBuf> {
    let crates = root().join("fixtures/crates");
    let all = fixture::files_of(&root().join("fixtures"), 2, extension);
    all.into_iter().filter(|path| !path.starts_with(&crates) && fixture::is_asked_for(path)).collect()
}

#[test]
fn loose_fixtures() {
    let (checked, mark_problems) = checked();
    let mut problems = mark_problems.clone();
    let mut expected = Expected::default();
    for runs in by_fixture(checked, |(fixture, ..)| fixture) {
        let Some((fixture, ..)) = runs.first() else { continue };
        let at = expected::shown(&fixture.path);
        let name = fixture.path.file_name().unwrap_or_default().to_string_lossy();
        match (name.starts_with("bad_"), name.starts_with("good_"), fixture.marks.is_empty()) {
            (true, _, true) => problems.push(format!("{at}: a `bad_` file without a mark")),
            (_, true, false) => problems.push(format!("{at}: a `good_` file with a mark")),
            (false, false, _) => problems.push(format!("{at}: a fixture's name starts with `bad_` or `good_`")),
            _ => {}
        }
        let mut texts = Vec::new();
        for (_, edition, outcome) in runs {
            problems.extend(outcome.problems.iter().map(|problem| format!("{at}: {problem}")));
            fixture::compare(&at, *edition, &fixture.sites(*edition), &outcome.sites, &mut problems);
            texts.push((fixture::edition_name(*edition), outcome.rendered.clone()));
        }
        expected.by_edition(&fixture.stem(), "stderr", &texts);
    }
    expected.settle(&kept_files("stderr"), &mut problems);
    report(&problems);
}

#[test]
fn fixed_sources() {
    let (checked, _) = checked();
    let mut problems = Vec::new();
    fixes::verify_alone(checked, &mut problems);
    let with_edits = checked.iter().filter(|(.., outcome)| outcome.found.iter().any(fixes::has_edits));
    let runs: Vec<(Fixture, Edition)> = with_edits.map(|(fixture, edition, _)| (fixture.clone(), *edition)).collect();
    let fixed = fixes::fixed_sources(&runs, &mut problems);
    fixes::verify_fixed(&fixed, &mut problems);
    let mut expected = Expected::default();
    for sources in by_fixture(&fixed, |source| &source.fixture) {
        let Some(first) = sources.first() else { continue };
        let text = |source: &fixes::FixedSource| (fixture::edition_name(source.edition), source.text.clone());
        let texts: Vec<(&str, String)> = sources.iter().map(text).collect();
        expected.by_edition(&first.fixture.stem(), "fixed", &texts);
    }
    expected.settle(&kept_files("fixed"), &mut problems);
    report(&problems);
}

#[test]
fn crate_fixtures() {
    let mut problems = Vec::new();
    let mut expected = Expected::default();
    let mut present = Vec::new();
    for manifest in crates::manifests() {
        let case = manifest.parent().unwrap();
        let kept = case.join("expected.stderr");
        present.extend(kept.is_file().then(|| kept.clone()));
        present.extend(fixture::files_of(case, 0, "fixed"));
        let mut found = Vec::new();
        match on_deep_stacks(|| check_crate(&manifest, &mut found)) {
            Err(problem) => found.push(problem),
            Ok((rendered, changed)) => {
                if !rendered.is_empty() {
                    expected.file(kept, rendered);
                }
                for (path, text) in changed {
                    expected.file(path.with_extension("fixed"), text);
                }
            }
        }
        problems.extend(found.iter().map(|problem| format!("{}: {problem}", expected::shown(&manifest))));
    }
    expected.settle(&present, &mut problems);
    report(&problems);
}

/// Lints and mends a crate. Gives what is printed and the files that change.
fn check_crate(manifest: &Path, problems: &mut Vec<String>) -> Result<(String, Vec<(PathBuf, String)>), String> {
    let krate = CrateFixture::load(manifest)?;
    let loaded = &krate.loaded;
    let report = thread_lints::check(&loaded.workspace, &krate.settings);
    problems.extend(report.faults.iter().map(|fault| format!("fault in {fault}")));
    problems.extend(loaded.missing_modules.iter().map(|missing| missing.reason.clone()));
    let edition = loaded.workspace.crates.first().map_or(Edition::E2024, |krate| krate.edition);
    for (index, fixture) in krate.files.iter().enumerate() {
        let at = expected::shown(&fixture.path);
        let outcome = fixture::outcome(loaded, &report, FileId(index as u32));
        problems.extend(outcome.problems.iter().map(|problem| format!("{at}: {problem}")));
        fixture::compare(&at, edition, &fixture.sites(edition), &outcome.sites, problems);
    }
    let rendered = render::render(loaded, &report, Format::Human, Look::default());
    Ok((rendered, krate.mend(report, problems)))
}
