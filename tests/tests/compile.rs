//! What the fixtures, their fixed sources and each fix alone are to the compiler: a fixture that does not compile proves
//! nothing, and a fix that does not compile is none.
//!
//! `FIXTURE=part` keeps the fixtures with the part in their path.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::path::Path;
use thread_lint_tests::compile::{self, Source};
use thread_lint_tests::crates::{self, CrateFixture};
use thread_lint_tests::fixture::{self, Fixture, edition_name};
use thread_lint_tests::{expected, fixes, on_deep_stacks, report};
use thread_lints::Edition;

/// Fixtures that do not compile here, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("crates/library_of_the_house", "a registry that nobody has"),
    ("double_locks/good_macro_arguments.rs", "macros of crates that nobody knows"),
    ("dropped_join_handles/good_owned_up.rs", "an object of a crate that nobody knows"),
    ("locks_across_blocking/bad_requests.rs", "clients of HTTP, which nothing else needs"),
    ("poison_cascades/bad_codes.rs", "Windows alone"),
    ("skipped_unlocks/bad_tokens.rs", "two versions of lock_api at once"),
    ("unstoppable_thread_loops/good_recursive_impl.rs", "types of a crate that nobody knows"),
];

#[test]
fn fixtures_and_fixed_sources_compile() {
    let (fixtures, mut problems) = fixture::loose();
    let left_out = |fixture: &Fixture| LEFT_OUT.iter().any(|(path, _)| fixture.path.ends_with(path));
    let runs: Vec<(Fixture, Edition)> = fixtures
        .iter()
        .filter(|fixture| !left_out(fixture))
        .flat_map(|fixture| fixture.setup.editions.iter().map(|edition| (fixture.clone(), *edition)))
        .collect();
    let originals = runs.iter().map(|(fixture, edition)| Source {
        name: expected::shown(&fixture.path),
        edition: *edition,
        text: fixture.text.clone(),
    });
    let fixed = fixes::fixed_sources(&runs, &mut problems);
    let fixed = fixed.into_iter().map(|source| Source {
        name: format!("{} with its fixes", expected::shown(&source.fixture.path)),
        edition: source.edition,
        text: source.text,
    });
    let alone = fixes::each_alone(&runs).into_iter().map(|(name, edition, text)| Source { name, edition, text });
    let mut sources: Vec<Source> = originals.chain(fixed).chain(alone).collect();
    // A fixture with one fix is fixed by it.
    let mut seen = HashSet::new();
    sources.retain(|source| seen.insert((edition_name(source.edition), source.text.clone())));
    match compile::check(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile"), &sources) {
        Ok(errors) => problems.extend(errors.iter().map(ToString::to_string)),
        Err(problem) => problems.push(problem),
    }
    report(&problems);
}

#[test]
fn crate_fixtures_compile_before_and_after() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crates");
    let mut problems = Vec::new();
    for manifest in crates::manifests() {
        let case = manifest.parent().unwrap();
        if LEFT_OUT.iter().any(|(path, _)| case.ends_with(path)) {
            continue;
        }
        let copy = folder.join(case.file_name().unwrap());
        compile::copy_folder(case, &copy, |_| true).unwrap();
        let mut found = Vec::new();
        let check = |found: &mut Vec<String>| match compile::check_package(&copy, &folder.join("target")) {
            Ok(errors) => found.extend(errors),
            Err(problem) => found.push(problem),
        };
        check(&mut found);
        let fixed = on_deep_stacks(|| {
            let krate = CrateFixture::load(&manifest)?;
            let report = thread_lints::check(&krate.loaded.workspace, &krate.settings);
            Ok::<_, String>(krate.mend(report, &mut found))
        });
        for (path, text) in fixed.unwrap() {
            let path = copy.join(path.canonicalize().unwrap().strip_prefix(case.canonicalize().unwrap()).unwrap());
            std::fs::write(path, text).unwrap();
        }
        check(&mut found);
        problems.extend(found.iter().map(|problem| format!("{}: {problem}", expected::shown(&manifest))));
    }
    report(&problems);
}

#[test]
fn fixtures_that_are_left_out_exist() {
    for (path, reason) in LEFT_OUT {
        assert!(thread_lint_tests::root().join("fixtures").join(path).exists(), "{path} ({reason})");
    }
}
