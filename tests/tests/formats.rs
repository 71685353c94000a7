//! What is written for other tools, read by readers that were not written here.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use quick_xml::events::Event;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, run};
use thread_lint_tests::package::package;

/// A finding with a story, a fix and characters that every format has to escape.
const BAD: &str = "\
use std::sync::atomic::{AtomicBool, Ordering};

pub fn wait(flag: &AtomicBool) {
    while !flag.load(Ordering::Acquire) {}
}

pub fn start() {
    std::thread::Builder::new().name(\"<a> & 'b', 100%: ü\".to_owned()).spawn(|| ()).unwrap();
}
";

fn bad() -> TempDir {
    package(&[("src/lib.rs", BAD), ("src/main.rs", "mod gone;\nfn main() {}\n"), ("src/odd name,#1.rs", "")])
}

fn clean() -> TempDir {
    package(&[("src/lib.rs", "")])
}

fn in_format(dir: &Path, format: &str) -> Ran {
    run(dir, &["--message-format", format, "--", "-D", "dropped_join_handles"])
}

/// The published schema, as it comes with a library that reads the format.
fn sarif_schema() -> Value {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(thread_lint_tests::root().join("tests/Cargo.toml"))
        .other_options(vec![String::from("--offline"), format!("--filter-platform={}", host())])
        .exec()
        .unwrap();
    let library = metadata.packages.iter().find(|package| *package.name == "serde-sarif").unwrap();
    let schema = library.manifest_path.parent().unwrap().join("src/schema.json");
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    // The pattern of languages has a bracket too many; we name no language.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language")).unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    schema
}

/// The platform that this runs on: the libraries of others need not be there.
fn host() -> String {
    let told = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

fn problems(schema: &Value, document: &Value) -> Vec<String> {
    let schema = jsonschema::validator_for(schema).unwrap();
    schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn sarif_holds_to_its_schema() {
    let schema = sarif_schema();
    // The check can fail.
    assert!(!problems(&schema, &serde_json::json!({ "version": "2.1.0", "runs": [{ "results": [] }] })).is_empty());
    for dir in [bad(), clean()] {
        let ran = in_format(dir.path(), "sarif");
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(problems(&schema, &document), Vec::<String>::new());
        let _: serde_sarif::sarif::Sarif = serde_json::from_str(&ran.out).unwrap();
    }
}

#[test]
fn sarif_tells_the_story_and_the_fix() {
    let dir = bad();
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&in_format(dir.path(), "sarif").out).unwrap();
    let run = &log.runs[0];
    let results = run.results.as_ref().unwrap();
    assert_eq!(results.len(), 2);
    let rules = run.tool.driver.rules.as_ref().unwrap();
    for result in results {
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.help.as_ref().unwrap().markdown.as_ref().unwrap().contains("### What it does"));
        assert_eq!(result.partial_fingerprints.as_ref().unwrap().len(), 1);
        let flow = &result.code_flows.as_ref().unwrap()[0].thread_flows[0].locations;
        assert_eq!(flow.len(), 1 + result.related_locations.as_ref().unwrap().len());
    }
    let text = serde_json::to_value(&results[0]).unwrap();
    let replacement = &text["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert!(replacement["insertedContent"]["text"].as_str().unwrap().contains("spin_loop"), "{replacement}");
    assert_eq!(text["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/lib.rs");
    // What was not analysed is said, and no failure.
    let invocation = serde_json::to_value(&run.invocations.as_ref().unwrap()[0]).unwrap();
    assert_eq!(invocation["executionSuccessful"], true);
    assert!(invocation["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap().contains("`gone`"));
}

#[test]
fn fingerprints_outlive_edits_above() {
    let prints = |text: &str| -> Vec<Value> {
        let dir = package(&[("src/lib.rs", text)]);
        let log: Value = serde_json::from_str(&in_format(dir.path(), "sarif").out).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    let before = prints(BAD);
    assert_eq!(before, prints(&format!("// one more line\n\n{}", BAD.replace("    while", "  while"))));
    assert_ne!(before, prints(&BAD.replace("fn wait", "fn wait_for")));
    // Twice the same line in one item are two findings.
    let twice = BAD.replace(
        "    while !flag.load(Ordering::Acquire) {}\n",
        &"    while !flag.load(Ordering::Acquire) {}\n".repeat(2),
    );
    let twice = prints(&twice);
    assert!(twice.len() == 3 && twice[0] != twice[1] && twice.contains(&before[0]), "{twice:?}");
}

#[test]
fn github_annotates_within_its_limits() {
    let ran = in_format(bad().path(), "github");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.out);
    // What is denied comes first.
    assert!(lines[0].starts_with("::error file=src/lib.rs,line=8,endLine=8,col="), "{}", lines[0]);
    assert!(
        lines[0].contains("title=thread_lint%3A%3Adropped_join_handles::thread `<a> & 'b', 100%25: ü`"),
        "{}",
        lines[0]
    );
    assert!(lines[1].starts_with("::warning file=src/lib.rs,line=4,") && lines[1].contains("%0A"), "{}", lines[1]);
    assert!(lines[2].starts_with("::notice title=thread-lint::src/main.rs:1:5: not analysed"), "{}", lines[2]);
    let many = "pub fn f() {\n".to_owned() + &"    std::thread::spawn(|| ());\n".repeat(25) + "}\n";
    let ran = run(package(&[("src/lib.rs", &many)]).path(), &["--message-format", "github"]);
    let count = |start: &str| ran.out.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("::warning "), count("::notice ")), (10, 1));
    assert!(ran.out.contains("15 findings more"), "{}", ran.out);
}

#[test]
fn gitlab_gets_what_it_asks_for() {
    let issues: Vec<Value> = serde_json::from_str(&in_format(bad().path(), "gitlab").out).unwrap();
    assert_eq!(issues.len(), 2);
    for issue in &issues {
        let text = |key: &str| issue[key].as_str().unwrap_or_else(|| panic!("{key}: {issue}")).to_owned();
        assert!(!text("description").is_empty() && text("check_name").starts_with("thread_lint::"));
        assert_eq!((text("type"), &issue["categories"][0]), (String::from("issue"), &Value::from("Bug Risk")));
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&&*text("severity")));
        assert_eq!((text("fingerprint").len(), &issue["location"]["path"]), (16, &Value::from("src/lib.rs")));
    }
    assert_eq!(issues[0]["location"]["lines"]["begin"], 4);
    assert_eq!(in_format(clean().path(), "gitlab").out, "[]\n");
}

#[test]
fn junit_is_read_by_a_reader_of_junit() {
    let ran = in_format(bad().path(), "junit");
    let suites = junit_parser::from_reader(ran.out.as_bytes()).unwrap();
    assert_eq!((suites.tests, suites.failures), (2, 2));
    let cases: Vec<&junit_parser::TestCase> = suites.suites.iter().flat_map(|suite| &suite.cases).collect();
    assert_eq!(
        cases.iter().map(|case| case.original_name.as_str()).collect::<Vec<_>>(),
        ["busy_wait_loops at line 4", "dropped_join_handles at line 8"]
    );
    let junit_parser::TestStatus::Failure(failure) = &cases[1].status else { panic!("{:?}", cases[1]) };
    assert!(failure.message.contains("`<a> & 'b', 100%: ü`"), "{}", failure.message);
    assert!(failure.text.contains("src/lib.rs:8:"), "{}", failure.text);
    let passed = junit_parser::from_reader(in_format(clean().path(), "junit").out.as_bytes()).unwrap();
    assert_eq!((passed.tests, passed.failures), (1, 0));
    assert!(matches!(passed.suites[0].cases[0].status, junit_parser::TestStatus::Success));
}

#[test]
fn checkstyle_is_files_with_errors() {
    let ran = in_format(bad().path(), "checkstyle");
    let mut reader = quick_xml::Reader::from_str(&ran.out);
    let mut found = Vec::new();
    let mut file = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => {
                let attribute = |name: &str| {
                    let attribute = element.try_get_attribute(name).unwrap();
                    attribute.map(|attribute| quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
                };
                match element.name().as_ref() {
                    "checkstyle" => assert_eq!(attribute("version").as_deref(), Some("4.3")),
                    "file" => file = attribute("name").unwrap(),
                    "error" => {
                        let text = |name: &str| attribute(name).unwrap();
                        assert!(text("column").parse::<u32>().unwrap() > 0);
                        found.push((file.clone(), text("line"), text("severity"), text("source")));
                        assert!(!text("message").is_empty());
                    }
                    other => panic!("{other}"),
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let found: Vec<(&str, &str, &str, &str)> =
        found.iter().map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), d.as_str())).collect();
    assert_eq!(
        found,
        [
            ("src/lib.rs", "4", "warning", "thread_lint::busy_wait_loops"),
            ("src/lib.rs", "8", "error", "thread_lint::dropped_join_handles")
        ]
    );
}

#[test]
fn markdown_counts_and_tells() {
    let ran = in_format(bad().path(), "markdown");
    assert!(
        ran.out.contains("| error | `dropped_join_handles` | 1 |\n| warning | `busy_wait_loops` | 1 |\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("<details><summary>error: thread <code>&lt;a&gt; &amp; 'b', 100%: ü</code>"),
        "{}",
        ran.out
    );
    assert_eq!(ran.out.matches("<details>").count(), ran.out.matches("</details>").count());
    assert!(in_format(clean().path(), "markdown").out.contains("No findings."));
}

#[test]
fn several_formats_in_one_run() {
    let dir = bad();
    let ran = run(dir.path(), &["--message-format", "short", "--output", "sarif=out.sarif", "--output=junit=out.xml"]);
    assert_eq!(ran.out.lines().count(), 2);
    let _: Value = serde_json::from_str(&fs::read_to_string(dir.path().join("out.sarif")).unwrap()).unwrap();
    junit_parser::from_reader(fs::read(dir.path().join("out.xml")).unwrap().as_slice()).unwrap();
    let to_file = run(dir.path(), &["--message-format", "short", "--output-file", "out.txt"]);
    assert_eq!((to_file.out.as_str(), fs::read_to_string(dir.path().join("out.txt")).unwrap()), ("", ran.out));
    let nowhere = run(dir.path(), &["--output", "sarif=no/such/folder.sarif"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("cannot write `no/such/folder.sarif`"), "{}", nowhere.err);
}

#[test]
fn the_schema_of_the_settings_accepts_what_the_tool_accepts() {
    let schema: Value = serde_json::from_str(&cargo_thread_lint::settings::schema()).unwrap();
    let good = serde_json::json!({
        "exclude": ["src/gen"], "max-call-depth": 2, "msrv": "1.70", "stubs": ["a.rs"], "tests": true,
        "process-lifetime-threads": [], "lints": { "join": "deny", "torn_updates": { "level": "warn", "priority": -1 } }
    });
    assert_eq!(problems(&schema, &good), Vec::<String>::new());
    let bad = serde_json::json!({ "test": true, "msrv": "1", "lints": { "jion": "deny", "join": "wern" } });
    assert_eq!(problems(&schema, &bad).len(), 4, "{:?}", problems(&schema, &bad));
}
