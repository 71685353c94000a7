//! The conventions of the code, kept by tests: documentation and fixtures of lints, the look of messages, the direction of
//! dependencies, and lists that have to agree with each other.
//!
//! A case of a lint is a marked place in its `bad_*.rs` files, and a function with a body in its `good_*.rs` files. Lints
//! about the tool's own comments need one of each, all others four.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use thread_lint_tests::expected::{is_blessing, shown};
use thread_lint_tests::fixture::{self, Job, files_of};
use thread_lint_tests::{on_deep_stacks, report, root};
use thread_lints::lint::{Family, Lint};
use thread_lints::registry::lints;
use thread_lints::syntax::ir::ItemKind;
use thread_lints::{source, syntax};

const SECTIONS: [&str; 5] =
    ["### What it does", "### Why is this bad", "### Example", "### Use instead", "### Known limits"];

#[test]
fn every_lint_is_documented() {
    let mut problems = Vec::new();
    for lint in lints() {
        let name = lint.name;
        let headings: Vec<&str> = lint.docs.lines().map(str::trim).filter(|line| line.starts_with("###")).collect();
        if headings != SECTIONS {
            problems.push(format!("{name}: the sections are {headings:?}, not {SECTIONS:?}"));
            continue;
        }
        for (section, text) in SECTIONS.iter().zip(sections(lint.docs)) {
            let fences: Vec<&str> = text.lines().map(str::trim).filter(|line| line.starts_with("```")).collect();
            if text.trim().is_empty() {
                problems.push(format!("{name}: `{section}` is empty"));
            }
            if !fences.len().is_multiple_of(2) {
                problems.push(format!("{name}: `{section}` has a code block without an end"));
            }
            let wants_code = matches!(*section, "### Example" | "### Use instead");
            if wants_code && !fences.iter().any(|fence| fence.starts_with("```rust")) {
                problems.push(format!("{name}: `{section}` has no ```rust block"));
            }
        }
        if lint.summary().is_empty() {
            problems.push(format!("{name}: there is no summary"));
        }
    }
    report(&problems);
}

/// The texts under the headings.
fn sections(docs: &str) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for line in docs.lines() {
        if line.trim().starts_with("### ") {
            texts.push(String::new());
        } else if let Some(text) = texts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    texts
}

#[test]
fn every_lint_has_fixtures() {
    let (fixtures, mut problems) = on_deep_stacks(fixture::loose);
    for lint in lints() {
        let folder = root().join("fixtures").join(lint.name);
        let own: Vec<_> = fixtures.iter().filter(|fixture| fixture.path.starts_with(&folder)).collect();
        let bad = own.iter().flat_map(|fixture| &fixture.marks).filter(|(_, (_, name))| name == lint.name).count();
        let good = own.iter().filter(|fixture| file_name(&fixture.path).starts_with("good_"));
        let good: usize = good.map(|fixture| on_deep_stacks(|| functions(&fixture.text))).sum();
        let wanted = if lint.family == Family::Meta { 1 } else { 4 };
        if bad < wanted || good < wanted {
            problems
                .push(format!("{}: {bad} bad and {good} good cases, at least {wanted} of each are wanted", lint.name));
        }
    }
    let known: BTreeSet<&str> = lints().iter().map(|lint| lint.name).chain(["crates"]).collect();
    for entry in fs::read_dir(root().join("fixtures")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !known.contains(name.as_str()) {
            problems.push(format!("fixtures/{name} belongs to no lint"));
        }
    }
    report(&problems);
}

fn functions(text: &str) -> usize {
    let Ok(ir) = syntax::parse(text) else { return 0 };
    let has_body = |kind: &ItemKind| matches!(kind, ItemKind::Function(function) if function.body.is_some());
    ir.items.iter().filter(|item| has_body(&item.kind)).count()
}

#[test]
fn messages_have_one_style() {
    let (fixtures, _) = on_deep_stacks(fixture::loose);
    let jobs: Vec<Job> = fixtures
        .iter()
        .flat_map(|fixture| fixture.setup.editions.iter().map(|edition| Job::of(fixture, *edition)))
        .collect();
    let mut problems = BTreeSet::new();
    for (job, outcome) in jobs.iter().zip(fixture::check_all(&jobs)) {
        for found in &outcome.found {
            let labels = found.secondary.iter().map(|label| ("label", &label.message));
            let notes = found.notes.iter().map(|note| ("note", note));
            let helps = found.suggestions.iter().map(|suggestion| ("help", &suggestion.message));
            let steps = found.picture.iter().flat_map(|circle| &circle.stations).flat_map(|station| &station.way);
            let steps = steps.map(|step| ("step of the picture", &step.message));
            let own = [("headline", &found.message), ("label", &found.primary.message)];
            for (what, message) in own.into_iter().chain(labels).chain(notes).chain(steps).chain(helps) {
                if let Some(problem) = style_problem(message) {
                    problems.insert(format!("{}: `{}`, {what} {problem}: {message}", job.path, found.lint.name));
                }
            }
        }
    }
    for path in files_of(&root().join("fixtures"), 0, "stderr") {
        for line in fs::read_to_string(&path).unwrap().lines() {
            let is_headline = ["warning[", "error["].iter().any(|word| line.starts_with(word));
            let headline = line.split_once("]: ").filter(|_| is_headline).map(|(_, message)| message);
            let note = line.trim_start().strip_prefix("= ");
            let help = line.strip_prefix("help: ");
            for message in [headline, note, help].into_iter().flatten() {
                if let Some(problem) = style_problem(message) {
                    problems.insert(format!("{}: {problem}: {message}", shown(&path)));
                }
            }
        }
    }
    report(&problems.into_iter().collect::<Vec<_>>());
}

fn style_problem(message: &str) -> Option<&'static str> {
    if message.is_empty() {
        return Some("is empty");
    }
    if message.starts_with(char::is_uppercase) {
        return Some("starts with a capital");
    }
    if message.ends_with('.') {
        return Some("ends with a full stop");
    }
    if !message.matches('`').count().is_multiple_of(2) {
        return Some("has a backtick too many or too few");
    }
    (message.trim() != message).then_some("has white space around it")
}

#[test]
fn the_registry_is_in_order_and_complete() {
    let mut problems = Vec::new();
    for pair in lints().windows(2) {
        if pair[0].family > pair[1].family {
            problems.push(format!("{} stands before {}, whose family comes first", pair[0].name, pair[1].name));
        }
    }
    let mut names = BTreeSet::new();
    for lint in lints() {
        if !names.insert(lint.name) {
            problems.push(format!("{} is registered twice", lint.name));
        }
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !lint.name.chars().all(is_plain) {
            problems.push(format!("{} is not in snake case", lint.name));
        }
        if !lint_file(lint).is_file() {
            problems.push(format!("{} has no {}", lint.name, shown(&lint_file(lint))));
        }
    }
    for path in files_of(&root().join("lints/src/rules"), 2, "rs") {
        let declares = code_of(&path).contains("declare_lint! {");
        let is_registered = lints().iter().any(|lint| lint_file(lint) == path);
        if declares && !is_registered {
            problems.push(format!("{} declares a lint that is not registered under its file's name", shown(&path)));
        }
    }
    report(&problems);
}

fn lint_file(lint: &Lint) -> PathBuf {
    root().join("lints/src/rules").join(lint.family.group()).join(format!("{}.rs", lint.name))
}

/// Each names only those before it.
const LAYERS: [&str; 6] = ["source", "syntax", "model", "facts", "rules", "registry"];
/// The façade, which no layer names.
const FACADE: [&str; 4] = ["check", "graph", "report", "suppress"];

#[test]
fn nothing_points_back() {
    let mut problems = Vec::new();
    let src = root().join("lints/src");
    for path in files_of(&src, 0, "rs") {
        let inside = path.strip_prefix(&src).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
        let layer = first.trim_end_matches(".rs").to_owned();
        let Some(rank) = LAYERS.iter().position(|own| *own == layer) else {
            continue;
        };
        for (line, named) in crate_paths(&code_of(&path)) {
            let points_back = LAYERS.iter().position(|other| *other == named).is_some_and(|other| other > rank);
            if points_back || FACADE.contains(&named.as_str()) {
                problems.push(format!("{}:{line}: `{layer}` names `{named}`", shown(&path)));
            }
        }
    }
    report(&problems);
}

/// The first segments behind `crate::`, with their lines.
fn crate_paths(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, prefix) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + prefix.len()..];
        if !rest.starts_with('{') {
            found.push((line, first_word(rest)));
            continue;
        }
        let mut depth = 0;
        let mut starts = true;
        for (offset, character) in rest.char_indices() {
            match character {
                '{' => (depth, starts) = (depth + 1, depth == 0),
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => starts = true,
                c if c.is_whitespace() => {}
                _ if starts => {
                    found.push((line, first_word(&rest[offset..])));
                    starts = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn only_syntax_names_the_parser() {
    let mut problems = Vec::new();
    let files =
        files_of(&root().join("lints/src"), 0, "rs").into_iter().chain(files_of(&root().join("driver/src"), 0, "rs"));
    for path in files.filter(|path| !path.starts_with(root().join("lints/src/syntax"))) {
        for (line, word) in words(&code_of(&path)) {
            if word == "syn" || word == "proc_macro2" {
                problems.push(format!("{}:{line}: `{word}`", shown(&path)));
            }
        }
    }
    report(&problems);
}

#[test]
fn the_driver_knows_no_lint_by_name() {
    let names: BTreeSet<&str> = lints().iter().map(|lint| lint.name).collect();
    let mut problems = Vec::new();
    for path in files_of(&root().join("driver/src"), 0, "rs") {
        if path.components().any(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs") == "tests") {
            continue;
        }
        let code = code_of(&path);
        let tests = code.find("#[cfg(test)]\nmod tests {").unwrap_or(code.len());
        for (line, word) in words(&code[..tests]) {
            if names.contains(word.to_lowercase().as_str()) {
                problems.push(format!("{}:{line}: `{word}`", shown(&path)));
            }
        }
    }
    report(&problems);
}

/// A file's text with its comments blanked.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let mut bytes = text.clone().into_bytes();
    for comment in source::scan(&text).expect("our own code is shallow").comments {
        for byte in &mut bytes[comment.span.start as usize..comment.span.end as usize] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(line, text)| {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.filter(|word| !word.is_empty()).map(move |word| (line + 1, word))
    })
}

#[test]
fn every_effect_is_documented() {
    let readme = fs::read_to_string(root().join("lints/catalog/README.md")).unwrap_or_default();
    let code = code_of(&root().join("lints/src/facts/effects.rs"));
    let known = code.rsplit("words! {").next().unwrap().split('}').next().unwrap();
    let mut used: BTreeMap<String, String> = BTreeMap::new();
    for word in known.split('"').skip(1).step_by(2) {
        used.insert(word.to_owned(), String::from("lints/src/facts/effects.rs"));
    }
    for path in files_of(&root().join("lints/catalog"), 1, "rs") {
        for word in effect_words(&code_of(&path)) {
            used.entry(word).or_insert_with(|| shown(&path));
        }
    }
    let is_documented = |word: &str| {
        let plain = readme.contains(&format!("`{word}`"));
        plain || readme.contains(&format!("`{word}("))
    };
    let missing = used.iter().filter(|(word, _)| !is_documented(word));
    let problems: Vec<String> =
        missing.map(|(word, place)| format!("lints/catalog/README.md lacks `{word}` ({place})")).collect();
    report(&problems);
}

/// The words of the `#[effect(..)]` attributes.
fn effect_words(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, head) in code.match_indices("#[effect(") {
        let mut depth = 0;
        let mut word = String::new();
        for character in code[at + head.len()..].chars() {
            match character {
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                ',' if depth == 0 => found.push(std::mem::take(&mut word)),
                c if depth == 0 && !c.is_whitespace() => word.push(c),
                _ => {}
            }
        }
        found.push(word);
    }
    found.retain(|word| !word.is_empty());
    found
}

const LIST_START: &str = "<!-- lints -->";
const LIST_END: &str = "<!-- /lints -->";

#[test]
fn the_readme_lists_the_lints_and_the_settings() {
    let path = root().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let settings = format!("\n{}", cargo_thread_lint::settings::readme_table());
    let current = with_block(&text, LIST_START, &lint_table(), LIST_END);
    let current = with_block(&current, "<!-- settings -->", &settings, "<!-- /settings -->");
    if text != current {
        assert!(is_blessing(), "the tables of lints and settings in README.md are not current; BLESS=1 rewrites them");
        fs::write(&path, current).unwrap();
    }
}

fn with_block(text: &str, start: &str, block: &str, end: &str) -> String {
    let parts = text.split_once(start).and_then(|(before, rest)| Some((before, rest.split_once(end)?)));
    let Some((before, (_, after))) = parts else { panic!("README.md has a block between `{start}` and `{end}`") };
    format!("{before}{start}{block}{end}{after}")
}

#[test]
fn the_schema_of_the_settings_is_current() {
    let path = root().join("driver/thread-lint.schema.json");
    let current = cargo_thread_lint::settings::schema();
    if fs::read_to_string(&path).is_ok_and(|text| text == current) {
        return;
    }
    assert!(is_blessing(), "{} is not current; BLESS=1 rewrites it", path.display());
    fs::write(&path, current).unwrap();
}

fn lint_table() -> String {
    let mut table = String::from("\n| Lint | Family | Level | What it does |\n|---|---|---|---|\n");
    for lint in lints() {
        let summary: Vec<&str> = lint.summary().split_whitespace().collect();
        let summary = summary.join(" ").replace('|', "\\|");
        let (family, level) = (lint.family.group(), lint.level.as_str());
        table.push_str(&format!("| `{}` | {family} | {level} | {summary} |\n", lint.name));
    }
    table
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
