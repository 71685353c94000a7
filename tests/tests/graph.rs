//! `graph`: the text kept beside a fixture, its syntax by programs and checks of others, and the flags.
//!
//! Where `dot` is installed it reads every graph; `THREAD_LINT_DOT=required` in the environment makes its absence a failure.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use thread_lint_tests::binary::{Ran, run};
use thread_lint_tests::expected::Expected;
use thread_lint_tests::{fixture, report, root};

/// The fixtures whose graphs are kept; a thread of the first has a name to quote.
const KEPT: [&str; 2] = ["lock_order_across_files", "pool_of_a_library"];

fn crates() -> Vec<PathBuf> {
    let manifests = fixture::files_of(&root().join("fixtures/crates"), 2, "toml");
    let manifests = manifests.into_iter().filter(|path| path.ends_with("Cargo.toml"));
    manifests.map(|manifest| manifest.parent().unwrap().to_path_buf()).collect()
}

fn graph(dir: &Path, arguments: &[&str]) -> Ran {
    let mut all = vec!["graph"];
    all.extend(arguments);
    run(dir, &all)
}

fn text(dir: &Path, format: &str) -> String {
    let ran = graph(dir, &["--format", format]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn kept_graphs() {
    let mut expected = Expected::default();
    for dir in KEPT.map(|name| root().join("fixtures/crates").join(name)) {
        expected.file(dir.join("graph.dot"), text(&dir, "dot"));
        expected.file(dir.join("graph.mmd"), text(&dir, "mermaid"));
    }
    let mut problems = Vec::new();
    expected.settle(&[], &mut problems);
    report(&problems);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for dir in crates() {
        for format in ["dot", "mermaid"] {
            let one = graph(&dir, &["--format", format, "-j1"]).out;
            assert_eq!(one, graph(&dir, &["--format", format, "-j7"]).out, "{}", dir.display());
        }
    }
}

#[test]
fn graphviz_reads_every_graph() {
    let is_there = Command::new("dot").arg("-V").stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !is_there {
        assert_ne!(std::env::var("THREAD_LINT_DOT").as_deref(), Ok("required"), "`dot` is not installed");
        eprintln!("`dot` is not installed: its reading of the graphs is not tested");
        return;
    }
    for dir in crates() {
        let svg = drawn(&text(&dir, "dot"));
        assert!(svg.contains("</svg>"), "{}", dir.display());
        if dir.ends_with(KEPT[0]) {
            // Every name comes out as it went in.
            assert!(svg.contains(r#"teller &quot;A&quot; &lt;1&gt;; end | #1 \n<"#), "{svg}");
        }
    }
}

fn drawn(dot: &str) -> String {
    let mut child = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let dot = dot.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(dot.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    // Fonts are the machine's.
    let complaints: Vec<&str> = complaints.lines().filter(|line| !line.to_lowercase().contains("font")).collect();
    assert!(output.status.success() && complaints.is_empty(), "{complaints:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn mermaid_is_well_formed() {
    let mut problems = Vec::new();
    for dir in crates() {
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        problems
            .extend(mermaid_problems(&text(&dir, "mermaid")).into_iter().map(|problem| format!("{name}: {problem}")));
    }
    report(&problems);
}

/// What is wrong with a flow chart of the kind that is written here: a frame that is not closed, an id that stands for two
/// things, an edge between nodes that are not there, a character in a text that would end it.
fn mermaid_problems(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let (mut ids, mut open, mut edges) = (BTreeSet::new(), 0, 0);
    let mut ends: Vec<(String, String)> = Vec::new();
    let mut lines = text.lines().map(str::trim);
    if lines.next() != Some("flowchart LR") {
        problems.push(String::from("the first line is not `flowchart LR`"));
    }
    for line in lines {
        let (bare, texts) = split_texts(line);
        if texts.iter().any(|text| text.contains(['`', '|', '\\']) || text.replace("<br/>", "").contains(['<', '>'])) {
            problems.push(format!("a text that would be read as markup: {line}"));
        }
        let words: Vec<&str> = bare.split_whitespace().collect();
        match words.as_slice() {
            ["end"] if open > 0 => open -= 1,
            ["subgraph", frame] => {
                open += 1;
                let id = frame.trim_end_matches(r#"[""]"#);
                problems.extend((!ids.insert(id.to_owned())).then(|| format!("`{id}` twice")));
            }
            ["classDef", ..] => {}
            ["linkStyle", which, _] => {
                let numbers = which.split(',').map(|number| number.parse::<usize>());
                if numbers.into_iter().any(|number| number.is_ok_and(|number| number >= edges)) {
                    problems.push(format!("a style for an edge that is not there: {line}"));
                }
            }
            [from, arrow, to] if ["-->", "-.->", "==>"].iter().any(|own| arrow.trim_end_matches(r#"|""|"#) == *own) => {
                edges += 1;
                ends.push(((*from).to_owned(), (*to).to_owned()));
            }
            [node] if node.contains(r#""""#) || node.contains(r#"("")"#) || node.contains('"') => {
                let id: String = node.chars().take_while(char::is_ascii_alphanumeric).collect();
                let shape = node[id.len()..].split(":::").next().unwrap_or_default();
                if ![r#"[""]"#, r#"("")"#, r#"[[""]]"#, r#"([""])"#, r#"[("")]"#, r#"{{""}}"#].contains(&shape) {
                    problems.push(format!("no shape of a node: {line}"));
                }
                problems.extend((!ids.insert(id.clone())).then(|| format!("`{id}` twice")));
            }
            _ => problems.push(format!("not understood: {line}")),
        }
    }
    if open != 0 {
        problems.push(String::from("a `subgraph` without its `end`"));
    }
    for end in ends.iter().flat_map(|(from, to)| [from, to]) {
        problems.extend((!ids.contains(end)).then(|| format!("`{end}` is no node")));
    }
    problems
}

/// A line with its quoted texts taken out, and the texts.
fn split_texts(line: &str) -> (String, Vec<&str>) {
    let parts: Vec<&str> = line.split('"').collect();
    let bare: Vec<&str> = parts.iter().step_by(2).copied().collect();
    (bare.join("\"\""), parts.iter().skip(1).step_by(2).copied().collect())
}

#[test]
fn the_check_of_mermaid_finds_mistakes() {
    let good =
        "flowchart LR\n  subgraph a[\"A\"]\n  n0(\"x\"):::main\n  end\n  n0 -->|\"y\"| n0\n  linkStyle 0 stroke:#c00\n";
    assert_eq!(mermaid_problems(good), [""; 0]);
    for (from, to) in
        [("  end\n", ""), ("| n0", "| n1"), ("linkStyle 0", "linkStyle 1"), ("x", "<b>"), ("(\"x\")", "(\"x\"")]
    {
        assert_ne!(mermaid_problems(&good.replace(from, to)), [""; 0], "{from}");
    }
    assert_ne!(mermaid_problems(&good.replace("  end\n", "  end\n  n0[\"again\"]\n")), [""; 0]);
}

#[test]
fn nothing_to_draw_is_a_graph_too() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.rs"), "fn main() {}\n").unwrap();
    for (format, wanted) in [("dot", "digraph threads {"), ("mermaid", "flowchart LR")] {
        let ran = graph(dir.path(), &["a.rs", "--format", format]);
        assert_eq!(ran.code, 0);
        assert!(
            ran.out.starts_with(wanted) && ran.out.contains("no threads, channels or nested locks found"),
            "{}",
            ran.out
        );
        assert!(ran.err.contains("Finished no threads"), "{}", ran.err);
    }
}

#[test]
fn into_a_file_and_what_goes_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    fs::write(at.join("a.rs"), "fn main() {\n    std::thread::spawn(|| {});\n}\n").unwrap();
    fs::write(at.join("broken.rs"), "fn main() {\n").unwrap();
    let ran = graph(at, &["a.rs", "-q", "--output-file", "a.dot"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(at.join("a.dot")).unwrap(), graph(at, &["a.rs"]).out);
    let failing: [(&[&str], &str); 6] = [
        (&["a.rs", "-o", "missing/a.dot"], "cannot write `missing/a.dot`: no such file or directory"),
        (&["nowhere"], "`nowhere`: no such file or directory"),
        (&["--manifest-path", "Cargo.toml"], "does not exist"),
        (&["a.rs", "--format", "svg"], "invalid value 'svg'"),
        (&["a.rs", "-p", "b"], "cannot be used with"),
        (&["broken.rs"], "broken.rs:"),
    ];
    for (arguments, wanted) in failing {
        let ran = graph(at, arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(wanted), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn the_packages_that_are_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\nresolver = \"3\"\n");
    for name in ["a", "b"] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        write(&format!("{name}/Cargo.toml"), &manifest);
        let code = format!("pub fn start_{name}() {{\n    std::thread::spawn(|| {{}});\n}}\n");
        write(&format!("{name}/src/lib.rs"), &code);
    }
    let both = graph(dir.path(), &["--workspace"]).out;
    assert!(both.contains("start_a") && both.contains("start_b"), "{both}");
    assert!(both.contains("subgraph cluster_threads_1 {"), "crates stand in frames of their own: {both}");
    let one = graph(dir.path(), &["-p", "b"]).out;
    assert!(!one.contains("start_a") && one.contains("start_b") && !one.contains("cluster_threads_"), "{one}");
}
