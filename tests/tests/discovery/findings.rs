//! Which targets are reported on: by folder, `-p`, `--workspace` and default members.

use std::collections::BTreeSet;
use std::path::Path;
use thread_lint_tests::binary::run;
use thread_lint_tests::package::tree;

/// A bug in every target of every package.
const TREE: &str = r#"
== Cargo.toml
[package]
name = "root"
edition = "2021"
[workspace]
members = ["a", "tools/*"]
default-members = ["a", "tools/x"]
[dependencies]
outside = { path = "../outside" }
== src/lib.rs
pub fn f() { std::thread::spawn(|| {}); }
== a/Cargo.toml
[package]
name = "a"
edition = "2021"
autobins = false
[features]
extra = []
[[bin]]
name = "told"
path = "src/bin/told.rs"
required-features = ["extra"]
[dependencies]
before = { path = "../tools/x", package = "x" }
== a/src/lib.rs
pub fn f() { std::thread::spawn(|| {}); }
== a/src/bin/told.rs
fn main() { std::thread::spawn(|| {}); }
== a/src/bin/untold.rs
fn main() { std::thread::spawn(|| {}); }
== a/tests/it.rs
#[test]
fn it() { std::thread::spawn(|| {}); }
== tools/x/Cargo.toml
[package]
name = "x"
edition = "2021"
[lib]
name = "named_otherwise"
path = "lib/x.rs"
== tools/x/lib/x.rs
pub fn f() { std::thread::spawn(|| {}); }
== tools/y/Cargo.toml
[package]
name = "y"
edition = "2021"
build = "gen.rs"
== tools/y/src/main.rs
fn main() { std::thread::spawn(|| {}); }
== tools/y/gen.rs
fn main() { std::thread::spawn(|| {}); }
== tools/y/examples/demo/main.rs
fn main() { std::thread::spawn(|| {}); }
== alone/Cargo.toml
[package]
name = "alone"
edition = "2021"
== alone/src/lib.rs
pub fn f() { std::thread::spawn(|| {}); }
"#;

fn reported(dir: &Path, arguments: &[&str]) -> BTreeSet<String> {
    let ran = run(dir, &[&["--message-format", "short"], arguments].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
    let lines = ran.out.lines().filter(|line| line.contains("thread_lint::"));
    lines.filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect()
}

#[test]
fn the_right_targets_are_reported_on() {
    let dir = tree(TREE);
    let root = dir.path();
    for (folder, arguments, expected) in [
        (".", &[][..], &["a/src/bin/told.rs", "a/src/lib.rs", "tools/x/lib/x.rs"][..]),
        (".", &["-p", "root"], &["src/lib.rs"]),
        (".", &["-p", "a"], &["a/src/bin/told.rs", "a/src/lib.rs"]),
        (".", &["-p", "a", "--all-targets"], &["a/src/bin/told.rs", "a/src/lib.rs", "a/tests/it.rs"]),
        (".", &["-p", "a", "--bin", "told"], &["a/src/bin/told.rs"]),
        (
            ".",
            &["--workspace"],
            &["a/src/bin/told.rs", "a/src/lib.rs", "src/lib.rs", "tools/x/lib/x.rs", "tools/y/src/main.rs"],
        ),
        (".", &["--workspace", "--lib"], &["a/src/lib.rs", "src/lib.rs", "tools/x/lib/x.rs"]),
        (".", &["--workspace", "--exclude", "a", "--exclude", "x", "--exclude", "root"], &["tools/y/src/main.rs"]),
        ("tools/y", &[], &["tools/y/src/main.rs"]),
        ("tools/y/examples", &["--examples"], &["tools/y/examples/demo/main.rs"]),
        ("tools/y", &["--all-targets"], &["tools/y/examples/demo/main.rs", "tools/y/gen.rs", "tools/y/src/main.rs"]),
        ("tools/y", &["-p", "x"], &["tools/x/lib/x.rs"]),
        ("a", &["--lib"], &["a/src/lib.rs"]),
        // It is no member, and cargo would refuse it; it is linted on its own.
        ("alone", &[], &["alone/src/lib.rs"]),
    ] {
        let expected: BTreeSet<String> = expected.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(reported(&root.join(folder), arguments), expected, "{folder} {arguments:?}");
    }
}
