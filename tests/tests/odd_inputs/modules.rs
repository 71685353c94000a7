//! What can be odd about how files name each other.

use super::{BAD, Case, FOUND, FOUND_BELOW, beside, main_file, module};
use thread_lint_tests::package::{MANIFEST, write};

const START: &str = "pub fn a() {\n    std::thread::spawn(|| {});\n}\n";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a module without a file", beside)
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:5: not analysed: module `odd` has no file: neither `src/odd.rs` nor `src/odd/mod.rs` exists"]),
        Case::new("a module without a file, under a `cfg`", |dir| {
            main_file(dir, format!("#[cfg(windows)] mod odd;\n{BAD}"));
        })
        .finds(&[FOUND_BELOW]),
        Case::new("both `odd.rs` and `odd/mod.rs`", |dir| {
            module(dir, START);
            write(dir, "src/odd/mod.rs", START);
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2:5: dropped_join_handles"]),
        Case::new("a module that is the crate's root", |dir| main_file(dir, format!("#[path = \"main.rs\"] mod odd;\n{BAD}")))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:25: not analysed: module `odd` leads back to a file around it"]),
        Case::new("a circle of `#[path]`", |dir| {
            module(dir, "#[path = \"again.rs\"] mod again;\n");
            write(dir, "src/again.rs", "#[path = \"odd.rs\"] mod odd;\n");
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/again.rs:1:24: not analysed: module `odd` leads back to a file around it"]),
        Case::new("a `#[path]` out of the workspace", |dir| {
            write(dir, "in/Cargo.toml", MANIFEST);
            write(dir, "in/src/main.rs", format!("#[path = \"../../out.rs\"] mod out;\n{BAD}"));
            write(dir, "out.rs", START);
        })
        .with(&["--manifest-path", "in/Cargo.toml"])
        .finds(&["../out.rs:2:5: dropped_join_handles", FOUND_BELOW]),
        Case::new("a `#[path]` to a file that is not Rust", |dir| {
            main_file(dir, format!("#[path = \"../passwords\"] mod passwords;\n{BAD}"));
            write(dir, "passwords", "root:x:0:0:root:/root:/bin/bash\n");
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: passwords:1:5: not analysed: expected `!`"]),
        Case::new("`include!` of a file", |dir| {
            main_file(dir, format!("include!(\"odd.rs\");\n{BAD}"));
            write(dir, "src/odd.rs", START);
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2:5: dropped_join_handles"]),
        Case::new("`include!` of no file", |dir| main_file(dir, format!("include!(\"odd.rs\");\n{BAD}")))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:1: not analysed: `include!` of `odd.rs` has no file: `src/odd.rs` does not exist"]),
        Case::new("`include!` of what a build writes", |dir| {
            main_file(dir, format!("include!(concat!(env!(\"OUT_DIR\"), \"/odd.rs\"));\n{BAD}"));
        })
        .finds(&[FOUND_BELOW]),
        Case::new("`include!` of itself", |dir| main_file(dir, format!("include!(\"main.rs\");\n{BAD}")))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/main.rs:1:1: not analysed: `include!` of `main.rs` leads back to a file around it"]),
        Case::new("a macro that makes a module", |dir| {
            main_file(dir, format!("macro_rules! m {{ ($m:ident) => {{ mod $m; }} }} m!(odd);\n{BAD}"));
            write(dir, "src/odd.rs", START);
        })
        .finds(&[FOUND_BELOW]),
        Case::new("`cfg_if!` around modules", |dir| {
            main_file(dir, format!("cfg_if::cfg_if! {{ if #[cfg(unix)] {{ mod odd; }} else {{ mod other; }} }}\n{BAD}"));
            write(dir, "src/odd.rs", START);
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2:5: dropped_join_handles"]),
        Case::new("`cfg_attr` with a `path`", |dir| {
            main_file(dir, format!("#[cfg_attr(unix, path = \"unix.rs\")] mod odd;\n{BAD}"));
            write(dir, "src/unix.rs", START);
        })
        .finds(&[FOUND_BELOW, "src/unix.rs:2:5: dropped_join_handles"]),
        Case::new("a module in a function", |dir| {
            main_file(dir, "fn main() { mod odd;\n    std::thread::spawn(|| {});\n}\n");
            write(dir, "src/odd.rs", START);
        })
        .finds(&[FOUND, "src/odd.rs:2:5: dropped_join_handles"]),
        Case::new("200 modules, one in the other", |dir| {
            module(dir, "mod odd;\n");
            let mut folder = String::from("src");
            for _ in 0..200 {
                folder.push_str("/odd");
                write(dir, &format!("{folder}/odd.rs"), "pub mod odd;\n");
            }
        })
        .finds(&[FOUND_BELOW]),
        Case::new("modules that import each other whole", |dir| {
            main_file(dir, "mod a { pub use crate::b::*; pub use self::b as a; } mod b { pub use crate::a::*; pub use crate::b; }\n\
                            use a::*; fn main() {\n    std::thread::spawn(|| {});\n}\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("two modules and two functions of one name", |dir| {
            main_file(dir, "mod a { pub fn f() {} } mod a { pub fn f() {} } fn b() {} fn b() {}\nfn main() {\n    std::thread::spawn(b);\n}\n");
        })
        .finds(&[FOUND_BELOW]),
    ]
}
