//! What can be odd about manifests.

use super::{BAD, Case, FOUND, main_file};
use std::fs;
use std::path::Path;
use thread_lint_tests::package::{MANIFEST, write};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("an empty manifest", |dir| manifest(dir, ""))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml: it has neither a `[package]` nor a `[workspace]`"]),
        Case::new("a manifest that is not TOML", |dir| manifest(dir, "[package\nname = \"a\"\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:1:9: unclosed table, expected `]`"]),
        Case::new("a manifest that is not UTF-8", |dir| manifest(dir, b"[package]\nname = \"a\xff\"\n"))
        .exits(2)
        .says(&["error: cannot read manifest `…/Cargo.toml`: not UTF-8: a byte on line 2 is no part of a character"]),
        Case::new("a manifest with a byte-order mark and CRLF", |dir| manifest(dir, format!("\u{feff}{}", MANIFEST.replace('\n', "\r\n"))))
            .finds(&[FOUND]),
        Case::new("a manifest in UTF-16", |dir| {
            manifest(dir, format!("\u{feff}{MANIFEST}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        })
        .exits(2)
        .says(&["error: cannot read manifest `…/Cargo.toml`: not UTF-8 but UTF-16"]),
        Case::new("a manifest with NUL", |dir| manifest(dir, "[package]\nname = \"a\0\"\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:2:10: invalid basic string, expected non-double-quote visible characters, `\\`"]),
        Case::new("a manifest that is a folder", |dir| {
            write(dir, "src/main.rs", BAD);
            fs::create_dir(dir.join("Cargo.toml")).unwrap();
        })
        .exits(2)
        .says(&["error: could not find `Cargo.toml` in `…` or any parent folder"]),
        Case::new("a manifest of 100,000 arrays, one in the other", |dir| {
            manifest(dir, format!("{MANIFEST}[package.metadata]\na = {}{}\n", "[".repeat(100_000), "]".repeat(100_000)));
        })
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:6:85: cannot recurse further; max recursion depth met"]),
        Case::new("no `[package]`", |dir| manifest(dir, "[dependencies]\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml: it has neither a `[package]` nor a `[workspace]`"]),
        Case::new("no name", |dir| manifest(dir, "[package]\nversion = \"0.1.0\"\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:1:1: missing field `name`"]),
        Case::new("a name that is a number", |dir| manifest(dir, "[package]\nname = 1\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:2:8: invalid type: integer `1`, expected a string"]),
        Case::new("a name with an escape sequence", |dir| {
            manifest(dir, "[package]\nname = \"a\\u001b[31m\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        })
        .finds(&[FOUND]),
        Case::new("an edition that is not known", |dir| manifest(dir, "[package]\nname = \"a\"\nedition = \"2077\"\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:3:11: unknown edition `2077`"]),
        Case::new("an edition that is a number", |dir| manifest(dir, "[package]\nname = \"a\"\nedition = 2024\n"))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:3:11: `edition` is not a string"]),
        Case::new("no edition", |dir| manifest(dir, "[package]\nname = \"a\"\n")).finds(&[FOUND]),
        Case::new("a version that is none", |dir| manifest(dir, "[package]\nname = \"a\"\nversion = \"one\"\nedition = \"2024\"\n")).finds(&[FOUND]),
        Case::new("keys that nobody knows", |dir| manifest(dir, format!("{MANIFEST}colour = \"red\"\n[nonsense]\na = 1\n"))).finds(&[FOUND]),
        Case::new("no target", |dir| write(dir, "Cargo.toml", MANIFEST))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:1:1: no targets: neither `src/lib.rs`, `src/main.rs`, a `[lib]` nor a `[[bin]]`"]),
        Case::new("a target without its file", |dir| manifest(dir, format!("{MANIFEST}[[bin]]\nname = \"b\"\npath = \"src/b.rs\"\n")))
        .finds(&[FOUND])
        .says(&["note: src/b.rs: not analysed: cannot read it: no such file or directory"]),
        Case::new("a target out of the workspace", |dir| {
            write(dir, "in/Cargo.toml", format!("{MANIFEST}[[bin]]\nname = \"b\"\npath = \"../b.rs\"\n"));
            write(dir, "in/src/main.rs", BAD);
            write(dir, "b.rs", BAD);
        })
        .with(&["--manifest-path", "in/Cargo.toml"])
        .finds(&["../b.rs:2:5: dropped_join_handles", FOUND]),
        Case::new("two targets of one name", |dir| {
            manifest(dir, format!("{MANIFEST}[[bin]]\nname = \"b\"\npath = \"src/main.rs\"\n[[bin]]\nname = \"b\"\npath = \"src/main.rs\"\n"));
        })
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:5:1: two bin targets are named `b`: src/main.rs and src/main.rs"]),
        Case::new("a build script that is not there", |dir| manifest(dir, format!("{MANIFEST}build = \"missing.rs\"\n"))).finds(&[FOUND]),
        Case::new("a dependency that is not there", |dir| manifest(dir, format!("{MANIFEST}[dependencies]\nb = {{ path = \"../b\" }}\n")))
            .finds(&[FOUND]),
        Case::new("dependencies in a circle", |dir| {
            manifest(dir, format!("{MANIFEST}[dependencies]\nb = {{ path = \"b\" }}\n"));
            write(dir, "b/Cargo.toml", "[package]\nname = \"b\"\n[dependencies]\na = { path = \"..\" }\n");
            write(dir, "b/src/lib.rs", "");
        })
        .finds(&[FOUND]),
        Case::new("a dependency whose manifest is a pipe", |dir| {
            manifest(dir, format!("{MANIFEST}[dependencies]\nb = {{ path = \"b\" }}\n"));
            fs::create_dir(dir.join("b")).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(dir.join("b/Cargo.toml")).status().unwrap().success());
        })
        .finds(&[FOUND]),
        Case::new("a dependency whose manifest is a device", |dir| {
            manifest(dir, format!("{MANIFEST}[dependencies]\nb = {{ path = \"b\" }}\n"));
            fs::create_dir(dir.join("b")).unwrap();
            std::os::unix::fs::symlink("/dev/zero", dir.join("b/Cargo.toml")).unwrap();
        })
        .finds(&[FOUND]),
        Case::new("a manifest of 1 GB", |dir| {
            manifest(dir, MANIFEST);
            fs::File::options().write(true).open(dir.join("Cargo.toml")).unwrap().set_len(1 << 30).unwrap();
        })
        .exits(2)
        .says(&["error: cannot read manifest `…/Cargo.toml`: larger than 16 MiB"]),
        Case::new("a member that is not there", |dir| {
            manifest(dir, format!("{MANIFEST}[workspace]\nmembers = [\"b\"]\n"));
        })
        .with(&["--workspace"])
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:6:12: `b` is listed as a member, but there is no `…/b/Cargo.toml`"]),
        Case::new("a pattern of members that fits nothing", |dir| {
            manifest(dir, format!("{MANIFEST}[workspace]\nmembers = [\"b/*\"]\n"));
        })
        .with(&["--workspace"])
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:6:12: no folder fits `b/*`"]),
        Case::new("a pattern of members with a hundred `**`", |dir| {
            manifest(dir, format!("{MANIFEST}[workspace]\nmembers = [\"{}\"]\n", "**/".repeat(100)));
            fs::create_dir_all(dir.join("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p")).unwrap();
        })
        .with(&["--workspace"])
        .finds(&[FOUND]),
        Case::new("a pattern of members with forty `*/..`", |dir| {
            manifest(dir, format!("{MANIFEST}[workspace]\nmembers = [\"{}*\"]\n", "*/../".repeat(40)));
            for folder in ["a", "b", "c", "d"] {
                fs::create_dir(dir.join(folder)).unwrap();
            }
        })
        .with(&["--workspace"])
        .finds(&[FOUND]),
        Case::new("a workspace without members", |dir| {
            write(dir, "Cargo.toml", "[workspace]\n");
        })
        .says(&["warning: the workspace `…` has no members"]),
        Case::new("`package.workspace` that leads nowhere", |dir| manifest(dir, format!("{MANIFEST}workspace = \"nowhere\"\n")))
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:5:13: cannot read `…/nowhere/Cargo.toml`: no such file or directory"]),
        Case::new("`edition.workspace = true` without a workspace", |dir| {
            manifest(dir, "[package]\nname = \"a\"\nedition.workspace = true\n");
        })
        .exits(2)
        .says(&["error: broken manifest: …/Cargo.toml:3:1: `edition.workspace = true`, but no workspace was found"]),
        Case::new("a workspace in a workspace", |dir| {
            write(dir, "Cargo.toml", "[workspace]\nmembers = [\"b\"]\n");
            write(dir, "b/Cargo.toml", format!("{MANIFEST}[workspace]\n"));
            write(dir, "b/src/main.rs", BAD);
        })
        .finds(&["b/src/main.rs:2:5: dropped_join_handles"]),
        Case::new("two members of one name", |dir| {
            write(dir, "Cargo.toml", "[workspace]\nmembers = [\"b\", \"c\"]\n");
            for member in ["b", "c"] {
                write(dir, &format!("{member}/Cargo.toml"), MANIFEST);
                write(dir, &format!("{member}/src/main.rs"), BAD);
            }
        })
        .with(&["--workspace"])
        .finds(&["b/src/main.rs:2:5: dropped_join_handles", "c/src/main.rs:2:5: dropped_join_handles"]),
    ]
}

fn manifest(dir: &Path, text: impl AsRef<[u8]>) {
    main_file(dir, BAD);
    write(dir, "Cargo.toml", text);
}
