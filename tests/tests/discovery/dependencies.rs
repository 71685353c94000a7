//! What packages depend on, and which members a workspace gets through that.

use crate::{Case, assert_same};

#[test]
fn names_and_tables() {
    assert_same(&[Case {
        name: "renamed, inherited, by platform, by purpose, in git and registries",
        at: &["Cargo.toml", "user/Cargo.toml"],
        tree: r#"
== Cargo.toml
[workspace]
members = ["user"]
resolver = "2"
[workspace.dependencies]
shared = { path = "lib", package = "the-lib", default-features = false }
serde = { version = "1", features = ["derive"] }
elsewhere = { git = "https://example.com/elsewhere.git", branch = "main" }
house = { version = "1", registry-index = "https://example.com/index" }
== user/Cargo.toml
[package]
name = "user"
edition = "2021"
[features]
extra = ["dep:maybe"]
[dependencies]
shared.workspace = true
serde = { workspace = true }
elsewhere = { workspace = true, optional = true }
house.workspace = true
renamed-one = { version = "0.3", package = "original" }
maybe = { version = "1", optional = true }
[target.'cfg(unix)'.dependencies]
libc = "0.2"
[target.x86_64-unknown-linux-gnu.dev-dependencies]
only-here = "1"
[target.'cfg(windows)'.build-dependencies]
cc = "1"
[dev-dependencies]
serde = "1"
the-lib = { path = "../lib" }
[build-dependencies]
serde = "1"
== user/src/lib.rs
== lib/Cargo.toml
[package]
name = "the-lib"
edition = "2021"
[lib]
name = "named_otherwise"
== lib/src/lib.rs
"#,
    }]);
}

#[test]
fn members_by_path() {
    assert_same(&[
        Case {
            name: "inside at every depth and in every table, outside not",
            at: &["ws/Cargo.toml", "ws/b/Cargo.toml", "outside/Cargo.toml"],
            tree: r#"
== ws/Cargo.toml
[package]
name = "root"
[workspace]
[dependencies]
a = { path = "a" }
outside = { path = "../outside" }
[target.'cfg(any())'.dependencies]
e = { path = "e" }
== ws/src/lib.rs
== ws/a/Cargo.toml
[package]
name = "a"
[dev-dependencies]
b = { path = "../b" }
== ws/a/src/lib.rs
== ws/b/Cargo.toml
[package]
name = "b"
[build-dependencies]
c = { path = "deep/c" }
== ws/b/src/lib.rs
== ws/b/deep/c/Cargo.toml
[package]
name = "c"
== ws/b/deep/c/src/lib.rs
== ws/e/Cargo.toml
[package]
name = "e"
== ws/e/src/lib.rs
== ws/unlisted/README.md
== outside/Cargo.toml
[package]
name = "outside"
[dependencies]
further = { path = "../further" }
== outside/src/lib.rs
== further/Cargo.toml
[package]
name = "further"
== further/src/lib.rs
"#,
        },
        Case {
            name: "outside, but pointing to the workspace",
            at: &["ws/Cargo.toml", "outside/Cargo.toml"],
            tree: r#"
== ws/Cargo.toml
[package]
name = "root"
[workspace]
[dependencies]
outside = { path = "../outside" }
== ws/src/lib.rs
== outside/Cargo.toml
[package]
name = "outside"
workspace = "../ws"
[dependencies]
further = { path = "../further" }
== outside/src/lib.rs
== further/Cargo.toml
[package]
name = "further"
== further/src/lib.rs
"#,
        },
        Case {
            name: "a dependency of the workspace that no member uses, and patches, make no members",
            at: &["Cargo.toml", "a/Cargo.toml"],
            tree: r#"
== Cargo.toml
[workspace]
members = ["a"]
resolver = "2"
[workspace.dependencies]
unused = { path = "unused" }
[patch.crates-io]
patched = { path = "patched" }
renamed = { path = "other", package = "original" }
[patch.'https://example.com/elsewhere.git']
elsewhere = { path = "elsewhere" }
== a/Cargo.toml
[package]
name = "a"
[dependencies]
patched = "1"
original = "1"
elsewhere = { git = "https://example.com/elsewhere.git" }
== a/src/lib.rs
== unused/Cargo.toml
[package]
name = "unused"
== unused/src/lib.rs
== patched/Cargo.toml
[package]
name = "patched"
version = "1.0.0"
== patched/src/lib.rs
== other/Cargo.toml
[package]
name = "original"
version = "1.0.0"
== other/src/lib.rs
== elsewhere/Cargo.toml
[package]
name = "elsewhere"
version = "1.0.0"
== elsewhere/src/lib.rs
"#,
        },
    ]);
}
