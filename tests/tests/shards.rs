//! `--shard` and `merge`: the parts of a report, and the whole that is made of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use thread_lint_tests::binary::{Ran, run};
use thread_lint_tests::package::write;

/// A workspace with findings in many files, one whose story leads through another file, files with odd names, and files that cannot be analysed.
fn workspace() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\", \"Z\"]\n");
    for member in ["a", "b", "Z"] {
        let manifest = format!("[package]\nname = \"{member}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        write(dir.path(), &format!("{member}/Cargo.toml"), manifest);
        let mut library = String::from("#[path = \"odd name%20.rs\"]\nmod odd;\nmod gone;\nmod broken;\nmod late;\n");
        for number in 0..6 {
            library.push_str(&format!("mod m{number};\n"));
            let text =
                "pub fn start() {\n    std::thread::spawn(|| ());\n    std::thread::spawn(|| ());\n}\n".repeat(number);
            let text = text.replace("start()", "start<const N: usize>()").replacen("start", "begin", 1);
            write(dir.path(), &format!("{member}/src/m{number}.rs"), text);
        }
        write(dir.path(), &format!("{member}/src/lib.rs"), library);
        write(dir.path(), &format!("{member}/src/odd name%20.rs"), "fn ü() {\n    std::thread::spawn(|| ());\n}\n");
        write(dir.path(), &format!("{member}/src/broken.rs"), "fn f( {\n");
        write(dir.path(), &format!("{member}/src/late.rs"), "mod lost;\nfn f() {}\nfn g( {\n");
    }
    dir
}

fn part(dir: &Path, format: &str, shard: &str, file: &str, more: &[&str]) -> Ran {
    let start = ["--workspace", "--message-format", format, "--shard", shard, "--output-file", file];
    run(dir, &[&start[..], more].concat())
}

/// Runs all shards; the names of what they wrote, the last one first, and their exit codes.
fn parts(dir: &Path, format: &str, count: usize, more: &[&str]) -> (Vec<String>, Vec<i32>) {
    let shards = (1..=count).rev().map(|index| {
        let file = format!("{format}-{index}-of-{count}");
        let ran = part(dir, format, &format!("{index}/{count}"), &file, more);
        (file, ran.code)
    });
    shards.unzip()
}

fn merged(dir: &Path, parts: &[String]) -> Ran {
    let arguments: Vec<&str> = std::iter::once("merge").chain(parts.iter().map(String::as_str)).collect();
    run(dir, &arguments)
}

/// Findings and notes of a file, in JSON or SARIF.
fn messages(dir: &Path, file: &str) -> usize {
    let text = fs::read_to_string(dir.join(file)).unwrap();
    if text.starts_with("{\"reason\"") {
        return text.lines().count() - 1;
    }
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    run["results"].as_array().unwrap().len() + told.len()
}

#[test]
fn the_parts_make_the_whole_byte_for_byte() {
    let dir = workspace();
    let cases: [(&str, usize, &[&str]); 6] = [
        ("json", 1, &[]),
        ("json", 2, &["--", "-D", "warnings"]),
        ("json-diagnostic-short", 7, &["--exit-zero", "-v", "--", "-D", "warnings"]),
        ("sarif", 3, &[]),
        ("sarif", 5, &["-v", "--", "-D", "warnings"]),
        ("sarif", 40, &["a/src/broken.rs"]),
    ];
    for (format, count, more) in cases {
        let named = more.first().is_some_and(|first| first.ends_with(".rs"));
        let scope: &[&str] = if named { &[] } else { &["--workspace"] };
        let whole = run(dir.path(), &[scope, &["--message-format", format], more].concat());
        let (files, codes) = if named {
            // Shards without anything are parts too.
            (1..=count)
                .map(|index| {
                    let (shard, file) = (format!("{index}/{count}"), format!("named-{index}"));
                    let start = ["--message-format", format, "--shard", &shard, "--output-file", &file];
                    let code = run(dir.path(), &[&start[..], more].concat()).code;
                    (file, code)
                })
                .unzip()
        } else {
            parts(dir.path(), format, count, more)
        };
        let together = merged(dir.path(), &files);
        assert_eq!((&together.out, together.code), (&whole.out, whole.code), "{format} of {count}: {}", together.err);
        assert_eq!(codes.iter().max(), Some(&whole.code), "{format} of {count}");
        write(dir.path(), "whole", &whole.out);
        let sizes: Vec<usize> = files.iter().map(|file| messages(dir.path(), file)).collect();
        assert_eq!(sizes.iter().sum::<usize>(), messages(dir.path(), "whole"), "{sizes:?}");
        if !named {
            assert!(messages(dir.path(), "whole") > 90 && sizes.iter().all(|size| *size > 0), "{sizes:?}");
        }
        // The parts of another run of the same are the same.
        let first = fs::read(dir.path().join(&files[0])).unwrap();
        let index = if named { 1 } else { count };
        let shard = format!("{index}/{count}");
        let again = ["--message-format", format, "--shard", &shard, "--output-file", "again", "-j1"];
        run(dir.path(), &[scope, &again, more].concat());
        assert_eq!(fs::read(dir.path().join("again")).unwrap(), first, "{format} {shard}");
    }
}

#[test]
fn people_see_their_part() {
    let dir = workspace();
    let whole = run(dir.path(), &["--workspace", "--message-format", "short"]);
    let mut lines: Vec<String> = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let ran = run(dir.path(), &["--workspace", "--message-format", "short", "--shard", shard]);
        assert!(ran.err.contains(&format!("of shard {shard} in 30 files")), "{}", ran.err);
        lines.extend(ran.out.lines().map(str::to_owned));
    }
    lines.sort();
    let mut all: Vec<&str> = whole.out.lines().collect();
    all.sort_unstable();
    assert_eq!(lines, all);
}

#[test]
fn baselines_and_changed_lines_count_in_each_shard() {
    let dir = workspace();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").current_dir(dir.path()).args(identity).args(arguments).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let based = ["--workspace", "--baseline", "known"];
    assert_eq!(run(dir.path(), &[&based[..], &["--write-baseline"]].concat()).code, 0);
    // New findings in two files, and known ones that are gone in two.
    for file in ["a/src/m0.rs", "Z/src/m1.rs"] {
        write(dir.path(), file, "pub fn new() {\n    std::thread::spawn(|| ());\n}\n");
    }
    write(dir.path(), "b/src/m1.rs", "");
    fs::remove_file(dir.path().join("b/src/m2.rs")).unwrap();
    for (format, more) in
        [("json", ["--baseline", "known"]), ("sarif", ["--baseline", "known"]), ("json", ["--changed-since", "HEAD"])]
    {
        let whole = run(dir.path(), &[&["--workspace", "--message-format", format], &more[..]].concat());
        let (files, _) = parts(dir.path(), format, 4, &more);
        let together = merged(dir.path(), &files);
        assert!(whole.out.contains("a/src/m0.rs") && !whole.out.contains("a/src/m3.rs:"), "{}", whole.out);
        assert_eq!((together.out, together.code), (whole.out, whole.code), "{format} {more:?}");
    }
    // What is stale is told by the shard of its file alone.
    let stale = |shard: &str| {
        let ran = run(dir.path(), &[&based[..], &["--message-format=short", "--shard", shard]].concat());
        ran.err
            .lines()
            .filter(|line| line.starts_with("  ") && !line.contains("Finished"))
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let mut told: Vec<String> = ["1/3", "2/3", "3/3"].into_iter().flat_map(stale).collect();
    told.sort();
    let mut whole = stale("1/1");
    whole.sort();
    assert!(!whole.is_empty());
    assert_eq!(told, whole);
}

#[test]
fn parts_that_make_no_whole_are_told() {
    let dir = workspace();
    for format in ["json", "sarif"] {
        let (files, _) = parts(dir.path(), format, 3, &[]);
        let [third, second, first] = files.as_slice() else { panic!("{files:?}") };
        let text = |file: &str| fs::read_to_string(dir.path().join(file)).unwrap();
        let fails = |files: &[&str], wanted: &str| {
            write(dir.path(), "out", "as it was");
            let arguments = [&["merge", "--output-file", "out"], files].concat();
            let ran = run(dir.path(), &arguments);
            assert!(ran.code == 2 && ran.err.contains(wanted), "{files:?}: {}", ran.err);
            assert!(ran.out.is_empty() && text("out") == "as it was", "{files:?}");
        };
        fails(&[first, third], "shard 2/3 is missing");
        fails(&[second], "shards 1/3, 3/3 are missing");
        let doubled = format!("`{second}` and `{second}` are both shard 2/3");
        fails(&[first, second, third, second], &doubled);
        fails(&[first, second, "no-such"], "cannot read `no-such`");
        write(dir.path(), "empty", "");
        fails(&[first, second, "empty"], "empty: the file is empty");
        // Another number of shards, other sources, another version.
        part(dir.path(), format, "4/4", "other", &[]);
        fails(
            &[first, second, third, "other"],
            &format!("`{first}` and `other` are of different runs: shard 1/3 and 4/4"),
        );
        let old = text("b/src/m5.rs");
        write(dir.path(), "b/src/m5.rs", format!("//\n{old}"));
        part(dir.path(), format, "3/3", "other", &[]);
        write(dir.path(), "b/src/m5.rs", old);
        fails(&[first, second, "other"], &format!("`{first}` and `other` are of different runs: with other sources"));
        part(dir.path(), format, "3/3", "other", &["--", "-A", "pool"]);
        let version = concat!("\"", env!("CARGO_PKG_VERSION"));
        let own = text(third).rfind("\"shard\"").unwrap();
        let at = own + text(third)[own..].find(version).unwrap();
        let (before, after) = (text(third)[..at].to_owned(), text(third)[at + version.len()..].to_owned());
        write(dir.path(), "other", format!("{before}\"9.9.9{after}"));
        fails(&[first, second, "other"], "were written by different versions: ");
        // Cut off, wherever that is.
        let whole = text(third);
        for length in (20..whole.len() - 2).step_by(whole.len() / 40) {
            let cut: String = whole.chars().take(length).collect();
            write(dir.path(), "cut", cut);
            fails(&[first, second, "cut"], "cut: line ");
        }
        // No part at all.
        run(dir.path(), &["--workspace", "--message-format", format, "--output-file", "whole"]);
        fails(&["whole"], "no part: it was written without `--shard`");
        write(dir.path(), "other", "{\"reason\":1}\n");
        fails(&["other"], "other: line 1, column 11: invalid type");
        write(dir.path(), "other", "{\"runs\": [1]}");
        fails(&["other"], "other: no part");
        write(dir.path(), "other", "<xml/>");
        fails(&["other"], "other: neither JSON messages nor SARIF");
    }
    let (json, _) = parts(dir.path(), "json", 2, &[]);
    let (sarif, _) = parts(dir.path(), "sarif", 2, &[]);
    let ran = merged(dir.path(), &[json[0].clone(), sarif[1].clone()]);
    assert!(ran.code == 2 && ran.err.contains("are not in the same format"), "{}", ran.err);
    // A line taken out, a part behind another.
    let text = fs::read_to_string(dir.path().join(&json[0])).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    write(dir.path(), "cut", rest);
    let ran = merged(dir.path(), &[String::from("cut"), json[1].clone()]);
    assert!(ran.code == 2 && ran.err.contains("of its") && ran.err.contains("cut: "), "{}", ran.err);
    write(dir.path(), "both", format!("{text}{rest}"));
    let ran = merged(dir.path(), &[String::from("both")]);
    assert!(ran.code == 2 && ran.err.contains("behind the end of the part"), "{}", ran.err);
}

#[test]
fn parts_are_what_other_readers_expect() {
    let dir = workspace();
    part(dir.path(), "json", "1/2", "part", &[]);
    let text = fs::read(dir.path().join("part")).unwrap();
    let messages: Vec<cargo_metadata::Message> =
        cargo_metadata::Message::parse_stream(text.as_slice()).map(Result::unwrap).collect();
    let is_text = |message: &&cargo_metadata::Message| matches!(message, cargo_metadata::Message::TextLine(_));
    assert_eq!(messages.iter().find(is_text), None);
    assert!(matches!(messages.last(), Some(cargo_metadata::Message::BuildFinished(end)) if end.success));
    part(dir.path(), "sarif", "1/2", "part", &[]);
    let text = fs::read_to_string(dir.path().join("part")).unwrap();
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let properties = log.runs[0].properties.as_ref().unwrap();
    assert_eq!(properties.additional_properties["shard"]["index"], 1);
}
