//! What can be odd about files and folders.

use super::{BAD, Case, FOUND, FOUND_BELOW, beside, main_file, module};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a file name that is not UTF-8", |dir| {
            main_file(dir, BAD);
            fs::create_dir(dir.join("src/bin")).unwrap();
            fs::write(dir.join("src/bin").join(not_utf8()), BAD).unwrap();
        })
        .finds(&["src/bin/a�.rs:2:5: dropped_join_handles", FOUND]),
        Case::new("a folder name that is not UTF-8", |dir| {
            let folder = dir.join(not_utf8());
            fs::create_dir(&folder).unwrap();
            main_file(&folder, BAD);
        })
        .with(&["."])
        .finds(&["a�.rs/src/main.rs:2:5: dropped_join_handles"]),
        Case::new("escape sequences and a line break in a file's name", |dir| {
            main_file(dir, BAD);
            fs::create_dir(dir.join("src/bin")).unwrap();
            fs::write(dir.join("src/bin/a\u{1b}[31m\nb\u{202e}.rs"), BAD).unwrap();
        })
        .finds(&["src/bin/a?[31m?b�.rs:2:5: dropped_join_handles", FOUND]),
        Case::new("a file name of 255 bytes", |dir| {
            main_file(dir, BAD);
            fs::create_dir(dir.join("src/bin")).unwrap();
            fs::write(dir.join(format!("src/bin/{}.rs", "a".repeat(252))), "fn main() {}\n").unwrap();
        })
        .finds(&[FOUND]),
        Case::new("folders that links make a circle of", |dir| {
            fs::create_dir(dir.join("a")).unwrap();
            fs::write(dir.join("a/b.rs"), BAD).unwrap();
            symlink("..", dir.join("a/up")).unwrap();
        })
        .with(&["."])
        .finds(&["a/b.rs:2:5: dropped_join_handles"]),
        Case::new("a link to itself", |dir| {
            beside(dir);
            symlink("odd.rs", dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: neither `src/odd.rs` nor `src/odd/mod.rs` exists"]),
        Case::new("a link to nothing", |dir| {
            beside(dir);
            symlink("nowhere.rs", dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: neither `src/odd.rs` nor `src/odd/mod.rs` exists"]),
        Case::new("a module in a folder that links make a circle of", |dir| {
            beside(dir);
            fs::write(dir.join("src/odd.rs"), "mod odd;\n").unwrap();
            symlink(".", dir.join("src/odd")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd.rs:1:5: not analysed: module `odd` has no file: neither `src/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd.rs` nor `src/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/odd/mod.rs` exists"]),
        Case::new("a pipe as a module", |dir| {
            beside(dir);
            pipe(&dir.join("src/odd.rs"));
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: `src/odd.rs` is not a regular file"]),
        Case::new("a pipe as `src/main.rs`", |dir| {
            main_file(dir, BAD);
            fs::remove_file(dir.join("src/main.rs")).unwrap();
            pipe(&dir.join("src/main.rs"));
        })
        .says(&["note: src/main.rs: not analysed: cannot read it: not a regular file"]),
        Case::new("a pipe that is named", |dir| pipe(&dir.join("a.rs"))).with(&["a.rs"])
        .exits(2)
        .says(&["error: a.rs: not analysed: cannot read it: not a regular file"]),
        Case::new("a socket as a module", |dir| {
            beside(dir);
            std::os::unix::net::UnixListener::bind(dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: `src/odd.rs` is not a regular file"]),
        Case::new("a device as a module", |dir| {
            beside(dir);
            symlink("/dev/zero", dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: `src/odd.rs` is not a regular file"]),
        Case::new("a file that opens and cannot be read", |dir| {
            beside(dir);
            symlink("/proc/self/mem", dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: cannot read it: input/output error"]),
        Case::new("a folder with the name of a file", |dir| {
            beside(dir);
            fs::create_dir(dir.join("src/odd.rs")).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: `src/odd.rs` is not a regular file"]),
        Case::new("a folder as `src/main.rs`", |dir| {
            main_file(dir, BAD);
            fs::remove_file(dir.join("src/main.rs")).unwrap();
            fs::create_dir(dir.join("src/main.rs")).unwrap();
        })
        .says(&["note: src/main.rs: not analysed: cannot read it: not a regular file"]),
        Case::new("a folder that is named like a file", |dir| fs::create_dir(dir.join("a.rs")).unwrap()).with(&["a.rs"])
        .says(&["warning: no Rust file in `…/a.rs`"]),
        Case::new("a file of 300 MB", |dir| {
            module(dir, "");
            fs::File::options().write(true).open(dir.join("src/odd.rs")).unwrap().set_len(300 << 20).unwrap();
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: larger than 256 MiB"]),
        Case::new("a file that is not there", |dir| fs::write(dir.join("b.rs"), BAD).unwrap()).with(&["a.rs"])
        .exits(2)
        .says(&["error: `a.rs`: no such file or directory"]),
        Case::new("a file that is not Rust", |dir| fs::write(dir.join("a.txt"), BAD).unwrap()).with(&["a.txt"])
        .exits(2)
        .says(&["error: `a.txt` is neither a folder nor a Rust file"]),
        Case::new("a folder without Rust files", |_| {}).with(&["."])
        .says(&["warning: no Rust file in `…`"]),
        Case::new("a folder without a package", |_| {})
        .exits(2)
        .says(&["error: could not find `Cargo.toml` in `…` or any parent folder"]),
        Case::new("one file as two modules", |dir| {
            main_file(dir, format!("#[path = \"odd.rs\"] mod a; #[path = \"odd.rs\"] mod b;\n{BAD}"));
            fs::write(dir.join("src/odd.rs"), "pub fn a() {\n    std::thread::spawn(|| {});\n}\n").unwrap();
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2:5: dropped_join_handles"]),
        Case::new("one file under two names, by a link", |dir| {
            main_file(dir, format!("mod a; mod b;\n{BAD}"));
            fs::write(dir.join("src/a.rs"), "pub fn a() {\n    std::thread::spawn(|| {});\n}\n").unwrap();
            symlink("a.rs", dir.join("src/b.rs")).unwrap();
        })
        .finds(&["src/a.rs:2:5: dropped_join_handles", "src/b.rs:2:5: dropped_join_handles", FOUND_BELOW]),
        Case::new("1,000 files", |dir| {
            let modules: String = (0..1_000).map(|number| format!("mod m{number};")).collect();
            main_file(dir, format!("{modules}\n{BAD}"));
            for number in 0..1_000 {
                fs::write(dir.join(format!("src/m{number}.rs")), "pub fn a() {}\n").unwrap();
            }
        })
        .finds(&[FOUND_BELOW]),
    ]
}

fn not_utf8() -> std::ffi::OsString {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(b"a\xff.rs".to_vec())
}

fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo");
    assert!(made.success());
}
