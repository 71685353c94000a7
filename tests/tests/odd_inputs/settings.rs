//! What can be odd about settings, stubs and baselines.

use super::{BAD, Case, FOUND, main_file};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use thread_lint_tests::package::write;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("empty settings", |dir| settings(dir, "")).finds(&[FOUND]),
        Case::new("settings that are not TOML", |dir| settings(dir, "tests = \n"))
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:9: string values must be quoted, expected literal string"]),
        Case::new("settings that are not UTF-8", |dir| settings(dir, b"# \xff\n"))
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml: not UTF-8: a byte on line 1 is no part of a character"]),
        Case::new("a key and a lint that nobody knows, with an escape sequence", |dir| {
            settings(dir, "\"test\\u001b[31m\" = true\n[lints]\n\"\\u009b\\u202e\" = \"warn\"\n");
        })
        .exits(2)
        .says(&["error: broken settings", "  …/thread-lint.toml:1:1: unknown key `test?[31m`", "  …/thread-lint.toml:3:1: unknown lint or group `·�`; `cargo thread-lint --list` shows all"]),
        Case::new("settings of 10,000 arrays, one in the other", |dir| {
            settings(dir, format!("exclude = {}{}\n", "[".repeat(10_000), "]".repeat(10_000)));
        })
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:91: cannot recurse further; max recursion depth met"]),
        Case::new("the greatest of all numbers", |dir| settings(dir, "max-call-depth = 9223372036854775807\n"))
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:18: `max-call-depth` wants a whole number"]),
        Case::new("a call depth of 4,294,967,295", |dir| settings(dir, "max-call-depth = 4294967295\n")).finds(&[FOUND]),
        Case::new("a pattern of files with a hundred `**`", |dir| {
            settings(dir, format!("exclude = [\"{}x\", \"{}\"]\n", "**/".repeat(100), "*a".repeat(500)));
        })
        .finds(&[FOUND]),
        Case::new("settings that are a link to a device", |dir| {
            main_file(dir, BAD);
            symlink("/dev/zero", dir.join("thread-lint.toml")).unwrap();
        })
        .finds(&[FOUND]),
        Case::new("settings of 1 GB", |dir| {
            settings(dir, "");
            fs::File::options().write(true).open(dir.join("thread-lint.toml")).unwrap().set_len(1 << 30).unwrap();
        })
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml: larger than 16 MiB"]),
        Case::new("a stub that is a pipe", |dir| {
            settings(dir, "stubs = [\"pool.rs\"]\n");
            assert!(std::process::Command::new("mkfifo").arg(dir.join("pool.rs")).status().unwrap().success());
        })
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:10: stub `pool.rs`: not a regular file"]),
        Case::new("a stub that is a device", |dir| {
            settings(dir, "stubs = [\"pool.rs\"]\n");
            symlink("/dev/zero", dir.join("pool.rs")).unwrap();
        })
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:10: stub `pool.rs`: not a regular file"]),
        Case::new("a stub that is no stub", |dir| settings(dir, "stubs = [\"/etc/passwd\"]\n"))
        .exits(2)
        .says(&["error: broken settings: …/thread-lint.toml:1:10: stub `/etc/passwd`: a stub is a Rust file with the name of its library"]),
        Case::new("a stub with a syntax error", |dir| {
            settings(dir, "stubs = [\"pool.rs\"]\n");
            write(dir, "pool.rs", "pub fn (\n");
        })
        .exits(2)
        .says(&["error: broken settings: …/pool.rs:1:8: a bracket that is not closed"]),
        Case::new("a baseline that is not there", |dir| main_file(dir, BAD)).with(&["--baseline", "none"])
        .exits(2)
        .says(&["error: cannot read the baseline `none`: no such file or directory"]),
        Case::new("a baseline of 100,000 arrays, one in the other", |dir| {
            main_file(dir, BAD);
            write(dir, "deep", "[".repeat(100_000));
        })
        .with(&["--baseline", "deep"])
        .exits(2)
        .says(&["error: broken baseline `deep`: invalid type: sequence, expected u32 at line 1 column 1"]),
        Case::new("a baseline with paths out of the workspace", |dir| {
            main_file(dir, BAD);
            let entry = "{ \"path\": \"../../\\u001b[31metc/passwd\", \"item\": \"x\", \"lint\": \"dropped_join_handles\", \"line\": \"ff\", \"count\": 18446744073709551615 }";
            write(dir, "hostile", format!("{{ \"version\": 1, \"findings\": [{entry}] }}"));
        })
        .with(&["--baseline", "hostile"])
        .finds(&[FOUND])
        .says(&["warning: the baseline `hostile` has findings that are gone; `--prune-baseline` takes them out:", "  ../../?[31metc/passwd: `dropped_join_handles` in `x` (18446744073709551615 times)"]),
    ]
}

fn settings(dir: &Path, text: impl AsRef<[u8]>) {
    main_file(dir, BAD);
    write(dir, "thread-lint.toml", text);
}
