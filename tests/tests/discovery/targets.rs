//! The targets of one package.

use crate::{Case, assert_same};

#[test]
fn by_their_place() {
    assert_same(&[
        Case {
            name: "every usual place",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "all-of-them"
version = "0.1.0"
edition = "2021"
rust-version = "1.70.1"
== src/lib.rs
== src/main.rs
== src/bin/one.rs
== src/bin/two/main.rs
== src/bin/two/helper.rs
== src/bin/helpers/mod.rs
== examples/demo/main.rs
== examples/single.rs
== tests/it.rs
== tests/whole/main.rs
== tests/common/mod.rs
== benches/speed.rs
== build.rs
"#,
        },
        Case {
            name: "edition 2015 where none is written, and no version",
            at: &["Cargo.toml"],
            tree: "
== Cargo.toml
[package]
name = 'old'
== src/lib.rs
",
        },
        Case {
            name: "names with dots and dashes, and folders that end like files",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "a-b_c"
edition = "2024"
== src/lib.rs
== src/bin/with-dash.rs
== src/bin/with.dot.rs
== src/bin/folder.rs/main.rs
== src/bin/.hidden.rs
== src/bin/notes.txt
== tests/v1.2.rs
"#,
        },
        #[cfg(unix)]
        Case {
            name: "links in the usual places",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "linked"
edition = "2021"
== src/lib.rs
== elsewhere/main.rs
== examples/folder -> ../elsewhere
== examples/file.rs -> ../elsewhere/main.rs
== tests/dangling.rs -> nowhere.rs
"#,
        },
        Case {
            name: "nothing is looked for",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "shut"
edition = "2021"
autolib = false
autobins = false
autoexamples = false
autotests = false
autobenches = false
build = false
[[bin]]
name = "told"
path = "src/bin/told.rs"
[[example]]
name = "told"
== src/lib.rs
== src/main.rs
== src/bin/told.rs
== src/bin/untold.rs
== examples/told.rs
== examples/untold.rs
== tests/untold.rs
== benches/untold.rs
== build.rs
"#,
        },
    ]);
}

#[test]
fn that_are_written_out() {
    assert_same(&[
        Case {
            name: "paths, names, and what is left to find",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "written"
version = "1.0.0-rc.1+build.5"
edition = "2021"
build = "tools/../tools/gen.rs"
publish = ["house"]
[features]
extra = []
[lib]
name = "other"
path = "./source/../source/other.rs"
crate-type = ["cdylib", "rlib"]
doctest = false
[[bin]]
name = "renamed"
path = "src/bin/two.rs"
required-features = ["extra"]
test = false
doc = false
[[bin]]
name = "by-name"
[[bin]]
name = "nested"
[[example]]
name = "as-a-library"
crate-type = ["staticlib"]
[[test]]
name = "outside"
path = "../written-tests/it.rs"
harness = false
[[bench]]
name = "b"
edition = "2018"
== source/other.rs
== src/bin/two.rs
== src/bin/by-name.rs
== src/bin/nested/main.rs
== src/bin/found.rs
== examples/as-a-library.rs
== tests/found.rs
== benches/b.rs
== tools/gen.rs
"#,
        },
        Case {
            name: "files that are not there",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "absent"
edition = "2021"
build = "gone.rs"
[lib]
path = "gone/lib.rs"
[[bin]]
name = "gone"
path = "gone/main.rs"
== README.md
"#,
        },
        Case {
            name: "procedural macros, and a crate type that says the same",
            at: &["Cargo.toml", "typed/Cargo.toml", "both/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "macros"
edition = "2021"
[lib]
proc-macro = true
== src/lib.rs
== typed/Cargo.toml
[package]
name = "typed"
edition = "2021"
[lib]
crate-type = ["proc-macro"]
[workspace]
== typed/src/lib.rs
== both/Cargo.toml
[package]
name = "both"
edition = "2021"
[lib]
proc-macro = true
crate-type = ["lib"]
[workspace]
== both/src/lib.rs
"#,
        },
        Case {
            name: "build = true, and a build script by another name",
            at: &["Cargo.toml", "named/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "built"
edition = "2021"
build = true
== src/lib.rs
== build.rs
== named/Cargo.toml
[package]
name = "named"
edition = "2021"
build = "build/main.rs"
[workspace]
== named/src/lib.rs
== named/build.rs
== named/build/main.rs
"#,
        },
        Case {
            name: "a test without a file, which is an error only to who builds it",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "untested"
edition = "2021"
[[test]]
name = "gone"
[[test]]
name = "there"
== src/lib.rs
== tests/there.rs
"#,
        },
        Case {
            name: "underscores in keys",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "underscored"
edition = "2018"
[lib]
crate_type = ["dylib"]
[dev_dependencies]
a = "1"
[build_dependencies]
b = "1"
== src/lib.rs
"#,
        },
    ]);
}

#[test]
fn in_the_2015_edition() {
    assert_same(&[
        Case {
            name: "one that is written stops the search",
            at: &["Cargo.toml", "asked/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "p"
[[bin]]
name = "a"
[[test]]
name = "a"
== src/bin/a.rs
== src/bin/b.rs
== tests/a.rs
== tests/b.rs
== examples/found.rs
== asked/Cargo.toml
[package]
name = "asked"
autobins = true
[[bin]]
name = "a"
[workspace]
== asked/src/bin/a.rs
== asked/src/bin/b.rs
"#,
        },
        Case {
            name: "libraries and binaries beside their usual places",
            at: &["lib/Cargo.toml", "bin/Cargo.toml", "main/Cargo.toml", "deep/Cargo.toml", "bench/Cargo.toml"],
            tree: r#"
== lib/Cargo.toml
[package]
name = "house"
[lib]
name = "house"
== lib/src/house.rs
== bin/Cargo.toml
[package]
name = "p"
[[bin]]
name = "tool"
== bin/src/tool.rs
== main/Cargo.toml
[package]
name = "p"
[[bin]]
name = "tool"
== main/src/lib.rs
== main/src/tool.rs
== main/src/main.rs
== deep/Cargo.toml
[package]
name = "p"
[[bin]]
name = "tool"
== deep/src/lib.rs
== deep/src/bin/main.rs
== bench/Cargo.toml
[package]
name = "p"
[[bench]]
name = "bench"
== bench/src/lib.rs
== bench/src/bench.rs
"#,
        },
    ]);
}
