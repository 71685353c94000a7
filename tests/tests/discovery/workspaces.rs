//! Which packages are members, and which of them are meant by default.

use crate::{Case, assert_same};

#[test]
fn members_of_virtual_workspaces() {
    assert_same(&[
        Case {
            name: "patterns, plain names, links, excluded and inherited",
            at: &["Cargo.toml", "crates/a/Cargo.toml", "crates/old/Cargo.toml", "tools/x/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["crates/*", "tools/x/", "./single"]
exclude = ["crates/old"]
resolver = "3"
[workspace.package]
version = "2.0.0"
edition = "2024"
rust-version = "1.85"
publish = false
license = "MIT"
[workspace.dependencies]
b = { path = "crates/b" }
[workspace.lints.rust]
unsafe_code = "forbid"
== crates/a/Cargo.toml
[package]
name = "a"
version.workspace = true
edition = { workspace = true }
rust-version.workspace = true
publish.workspace = true
license.workspace = true
[lints]
workspace = true
[dependencies]
b.workspace = true
== crates/a/src/lib.rs
== crates/b/Cargo.toml
[package]
name = "b"
edition = "2018"
autobins = false
== crates/b/src/lib.rs
== crates/b/src/main.rs
== crates/old/Cargo.toml
[package]
name = "old"
== crates/old/src/lib.rs
== crates/notes.txt
no member
== tools/x/Cargo.toml
[package]
name = "x"
== tools/x/src/main.rs
== single/Cargo.toml
[package]
name = "single"
== single/src/lib.rs
"#,
        },
        Case {
            name: "hidden folders fit a star, and two stars reach every folder",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["crates/*", "deep/**/app-*", "[xy]", "z?"]
resolver = "2"
== crates/.hidden/Cargo.toml
[package]
name = "hidden"
== crates/.hidden/src/lib.rs
== deep/app-1/Cargo.toml
[package]
name = "app-1"
== deep/app-1/src/lib.rs
== deep/down/.there/app-2/Cargo.toml
[package]
name = "app-2"
== deep/down/.there/app-2/src/lib.rs
== x/Cargo.toml
[package]
name = "x"
== x/src/lib.rs
== z1/Cargo.toml
[package]
name = "z1"
== z1/src/lib.rs
"#,
        },
        Case {
            name: "excluded folders, and a member listed below one",
            at: &["Cargo.toml", "out/in/Cargo.toml", "out/other/Cargo.toml", "crates/b/nested/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["out/in", "crates/*"]
exclude = ["out", "crates/b/nested", "crates/c"]
resolver = "2"
== out/in/Cargo.toml
[package]
name = "in"
== out/in/src/lib.rs
== out/other/Cargo.toml
[package]
name = "other"
== out/other/src/lib.rs
== crates/b/Cargo.toml
[package]
name = "b"
[dependencies]
nested = { path = "nested" }
c = { path = "../c" }
== crates/b/src/lib.rs
== crates/b/nested/Cargo.toml
[package]
name = "nested"
== crates/b/nested/src/lib.rs
== crates/c/Cargo.toml
[package]
name = "c"
== crates/c/src/lib.rs
"#,
        },
        #[cfg(unix)]
        Case {
            name: "members behind links",
            at: &["Cargo.toml", "crates/linked/Cargo.toml", "direct/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["crates/*", "direct"]
resolver = "2"
== crates/a/Cargo.toml
[package]
name = "a"
== crates/a/src/lib.rs
== real/linked/Cargo.toml
[package]
name = "linked"
== real/linked/src/lib.rs
== real/direct/Cargo.toml
[package]
name = "direct"
== real/direct/src/lib.rs
== crates/linked -> ../real/linked
== direct -> real/direct
"#,
        },
    ]);
}

#[test]
fn default_members() {
    assert_same(&[
        Case {
            name: "by pattern, one of them excluded",
            at: &["Cargo.toml", "crates/c/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["crates/*", "gone"]
default-members = ["crates/[ab]", "gone"]
exclude = ["gone", "crates/b"]
resolver = "2"
== crates/a/Cargo.toml
[package]
name = "a"
== crates/a/src/lib.rs
== crates/b/Cargo.toml
[package]
name = "b"
== crates/b/src/lib.rs
== crates/c/Cargo.toml
[package]
name = "c"
== crates/c/src/lib.rs
== gone/Cargo.toml
[package]
name = "gone"
== gone/src/lib.rs
"#,
        },
        Case {
            name: "of a root package",
            at: &["Cargo.toml", "a/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "root"
[workspace]
members = ["a", "b"]
default-members = [".", "b"]
== src/lib.rs
== a/Cargo.toml
[package]
name = "a"
== a/src/lib.rs
== b/Cargo.toml
[package]
name = "b"
== b/src/lib.rs
"#,
        },
        Case {
            name: "none but the root package",
            at: &["Cargo.toml", "a/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "root"
edition = "2024"
[workspace]
members = ["a"]
== src/lib.rs
== a/Cargo.toml
[package]
name = "a"
== a/src/lib.rs
"#,
        },
        Case {
            name: "none at all",
            at: &["Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["a"]
default-members = []
resolver = "2"
== a/Cargo.toml
[package]
name = "a"
== a/src/lib.rs
"#,
        },
    ]);
}

#[test]
fn roots() {
    assert_same(&[
        Case {
            name: "pointers to a root beside and above",
            at: &["main/Cargo.toml", "beside/Cargo.toml", "beside/below/Cargo.toml", "main/crates/a/Cargo.toml"],
            tree: r#"
== main/Cargo.toml
[workspace]
members = ["../beside", "crates/a", "../beside/below"]
resolver = "2"
[workspace.package]
edition = "2021"
== main/crates/a/Cargo.toml
[package]
name = "a"
workspace = "../.."
edition.workspace = true
== main/crates/a/src/lib.rs
== beside/Cargo.toml
[package]
name = "beside"
workspace = "../main"
edition.workspace = true
== beside/src/lib.rs
== beside/below/Cargo.toml
[package]
name = "below"
edition.workspace = true
== beside/below/src/lib.rs
"#,
        },
        Case {
            name: "a workspace in a folder of another",
            at: &["Cargo.toml", "vendor/inner/Cargo.toml", "vendor/inner/a/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "outer"
[workspace]
members = ["b"]
== src/lib.rs
== b/Cargo.toml
[package]
name = "b"
== b/src/lib.rs
== vendor/inner/Cargo.toml
[workspace]
members = ["a"]
resolver = "2"
[workspace.package]
edition = "2018"
== vendor/inner/a/Cargo.toml
[package]
name = "a"
edition.workspace = true
== vendor/inner/a/src/lib.rs
"#,
        },
        Case {
            name: "excluded here, a member further up",
            at: &["Cargo.toml", "inner/Cargo.toml", "inner/a/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["inner/a"]
resolver = "2"
[workspace.package]
edition = "2021"
== inner/Cargo.toml
[workspace]
exclude = ["a"]
resolver = "2"
== inner/a/Cargo.toml
[package]
name = "a"
edition.workspace = true
== inner/a/src/lib.rs
"#,
        },
        Case {
            name: "the root is no member of its own list, and an empty workspace",
            at: &["Cargo.toml", "alone/Cargo.toml"],
            tree: r#"
== Cargo.toml
[package]
name = "root"
[workspace]
== src/lib.rs
== alone/Cargo.toml
[package]
name = "alone"
[workspace]
== alone/src/main.rs
"#,
        },
    ]);
}
