//! Packages in a single file. Stable cargo does not read them yet (`-Zscript`), so there is nothing to compare with.

use std::fs;
use thread_lint_tests::binary::run;
use thread_lint_tests::package::tree;

const SCRIPT: &str = r#"
== script.rs
#!/usr/bin/env -S cargo +nightly -Zscript
---
[package]
edition = "2021"
[dependencies]
flume = "0.11"
---

use std::thread;

fn main() {
    let worker = thread::spawn(|| 1);
    if std::env::args().len() > 1 {
        return;
    }
    worker.join().unwrap();
}
"#;

#[test]
fn findings_and_edits_stand_where_they_belong() {
    let dir = tree(SCRIPT);
    for arguments in [&["script.rs"][..], &["--manifest-path", "script.rs"]] {
        let ran = run(dir.path(), &[&["--message-format", "short"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.starts_with("script.rs:14:9: warning[thread_lint::join_skipped_on_early_exit]"), "{}", ran.out);
    }
    let before = fs::read_to_string(dir.path().join("script.rs")).unwrap();
    let ran = run(dir.path(), &["script.rs", "--add-suppressions=seen", "--allow-no-vcs"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let after = fs::read_to_string(dir.path().join("script.rs")).unwrap();
    let comment = "        // thread-lint: allow(join_skipped_on_early_exit): seen\n        return;\n";
    assert_eq!(after, before.replace("        return;\n", comment));
}
