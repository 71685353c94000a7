//! The fixtures: what is found, how it is printed, and what becomes of the code when it is mended.
//!
//! `BLESS=1 cargo test -p thread-lint-tests --test ui` rewrites the output kept beside the fixtures; `FIXTURE=part` keeps the
//! fixtures with the part in their path. Marks are described at [`thread_lint_tests::fixture`].

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use cargo_thread_lint::load::Loader;
use cargo_thread_lint::manifest::{PackageSelection, Reader, select};
use cargo_thread_lint::plan::{Plan, TargetSelection};
use cargo_thread_lint::progress::Progress;
use cargo_thread_lint::render::{self, Format};
use cargo_thread_lint::settings::{self, Origin};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use thread_lint_tests::expected::{self, Expected};
use thread_lint_tests::fixture::{self, Fixture, Job, Outcome, Setup};
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
        let text = |source: &fixes::FixedSource| (fixture::edition_name(source.edition), source.marked());
        let texts: Vec<(&str, String)> = sources.iter().map(text).collect();
        expected.by_edition(&first.fixture.stem(), "fixed", &texts);
    }
    expected.settle(&kept_files("fixed"), &mut problems);
    report(&problems);
}

#[test]
fn crate_fixtures() {
    let folder = root().join("fixtures/crates");
    let mut problems = Vec::new();
    let mut expected = Expected::default();
    let mut present = Vec::new();
    let manifests = fixture::files_of(&folder, 2, "toml");
    for manifest in manifests.iter().filter(|path| path.ends_with("Cargo.toml") && fixture::is_asked_for(path)) {
        let case = manifest.parent().unwrap();
        let kept = case.join("expected.stderr");
        present.extend(kept.is_file().then(|| kept.clone()));
        match on_deep_stacks(|| check_crate(manifest)) {
            Err(problem) => problems.push(format!("{}: {problem}", expected::shown(manifest))),
            Ok((rendered, found)) => {
                problems.extend(found);
                if !rendered.is_empty() {
                    expected.file(kept, rendered);
                }
            }
        }
    }
    expected.settle(&present, &mut problems);
    report(&problems);
}

/// Lints a crate as the tool does, but for the marks, which are taken out first. Gives what is printed and the problems.
fn check_crate(manifest: &Path) -> Result<(String, Vec<String>), String> {
    let mut reader = Reader::default();
    let selection = PackageSelection { workspace: true, ..PackageSelection::default() };
    let selected = select(&mut reader, manifest, &selection).map_err(|error| error.to_string())?;
    if selected.root != manifest.parent().unwrap() {
        return Err(String::from("a crate fixture has a `[workspace]` table of its own"));
    }
    let mut plan = Plan::default();
    plan.add_packages(&mut reader, &selected, &TargetSelection::default()).map_err(|error| error.to_string())?;
    let progress = Progress::silent();
    let mut loaded = Loader::new(&progress).load(&plan, &selected.root);
    let mut fixtures = Vec::new();
    let mut setup = Setup::default();
    for (file, path) in loaded.workspace.files.iter_mut().zip(&loaded.paths) {
        let fixture = Fixture::read(path)?;
        *file = fixture::source_file(file.path.clone(), &fixture.text);
        if fixture.setup != Setup::default() {
            setup = fixture.setup.clone();
        }
        fixtures.push(fixture);
    }
    let origin = Origin { folder: &selected.root, package: Some(manifest), workspace: Some(manifest) };
    let mut settings = settings::read(origin).map_err(|error| error.to_string())?.into_settings();
    let of_fixtures = setup.settings();
    settings.levels.splice(0..0, of_fixtures.levels);
    settings.tests |= of_fixtures.tests;
    let report = thread_lints::check(&loaded.workspace, &settings);
    let mut problems: Vec<String> = report.faults.iter().map(|fault| format!("fault in {fault}")).collect();
    let missing = loaded.missing_modules.iter().map(|missing| missing.reason.clone());
    problems.extend(missing);
    let edition = loaded.workspace.crates.first().map_or(Edition::E2024, |krate| krate.edition);
    for (index, fixture) in fixtures.iter().enumerate() {
        let at = expected::shown(&fixture.path);
        let outcome = fixture::outcome(&loaded, &report, FileId(index as u32));
        problems.extend(outcome.problems.iter().map(|problem| format!("{at}: {problem}")));
        fixture::compare(&at, edition, &fixture.sites(edition), &outcome.sites, &mut problems);
    }
    Ok((render::render(&loaded, &report, Format::Human, false), problems))
}
