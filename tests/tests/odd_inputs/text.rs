//! What can be odd about the text of a file.

use super::{BAD, Case, FOUND, FOUND_BELOW, main_file, module};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a byte-order mark", |dir| main_file(dir, format!("\u{feff}{BAD}"))).finds(&[FOUND]),
        Case::new("two byte-order marks", |dir| module(dir, "\u{feff}\u{feff}fn a() {}\n")).finds(&[FOUND_BELOW]),
        Case::new("a byte-order mark between two functions", |dir| {
            module(dir, "fn a() {}\n\u{feff}fn b() {\n    std::thread::spawn(a);\n}\n");
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:1: not analysed: a character that Rust has no use for here: U+FEFF"]),
        Case::new("CRLF", |dir| main_file(dir, BAD.replace('\n', "\r\n"))).finds(&[FOUND]),
        Case::new("CR alone as the end of lines", |dir| main_file(dir, BAD.replace('\n', "\r")))
        .finds(&["src/main.rs:1:17: dropped_join_handles"]),
        Case::new("LF, CRLF and CR in one file", |dir| main_file(dir, "fn a() {}\rfn b() {}\r\nfn main() {\n    std::thread::spawn(a);\r}\r\n"))
        .finds(&[FOUND_BELOW]),
        Case::new("CR alone in documentation", |dir| module(dir, "/// a\rb\npub fn a() {}\n")).finds(&[FOUND_BELOW]),
        Case::new("NUL between tokens", |dir| module(dir, "fn a() {}\n\0\nfn b() {}\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:1: not analysed: a NUL character; is this UTF-16?"]),
        Case::new("NUL in a string and a comment", |dir| {
            module(dir, "// \0\npub fn a() {\n    std::thread::spawn(|| print!(\"\0\"));\n}\n");
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:3:5: dropped_join_handles"]),
        Case::new("UTF-16 with a byte-order mark", |dir| {
            let units = format!("\u{feff}{BAD}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
            module(dir, units);
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: not UTF-8 but UTF-16"]),
        Case::new("UTF-16 without a byte-order mark", |dir| {
            module(dir, BAD.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: a NUL character; is this UTF-16?"]),
        Case::new("Latin-1 in a comment", |dir| module(dir, b"fn a() {}\n// sch\xf6n\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: not UTF-8: a byte on line 2 is no part of a character"]),
        Case::new("half a surrogate pair as UTF-8", |dir| module(dir, b"// \xed\xa0\x80\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs: not analysed: not UTF-8: a byte on line 1 is no part of a character"]),
        Case::new("an empty file", |dir| module(dir, "")).finds(&[FOUND_BELOW]),
        Case::new("an empty `src/main.rs`", |dir| main_file(dir, "")),
        Case::new("white space alone", |dir| module(dir, " \t\r\n\u{b}\u{c}\u{85}\u{200e}\u{2028}\n")).finds(&[FOUND_BELOW]),
        Case::new("a comment alone", |dir| module(dir, "/* nothing */")).finds(&[FOUND_BELOW]),
        Case::new("20 MB of code", |dir| {
            let mut text = String::with_capacity(21 << 20);
            let mut number = 0;
            while text.len() < 20 << 20 {
                text.push_str(&format!("pub const TEXT_{number}: &str = \"{}\";\n", "0123456789 ".repeat(900)));
                number += 1;
            }
            text.push_str("pub fn last() {\n    std::thread::spawn(|| {});\n}\n");
            module(dir, text);
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2114:5: dropped_join_handles"]),
        Case::new("one line of 5 MB", |dir| {
            let text = "a line that goes on ".repeat(250_000);
            let text = format!("pub fn start() {{ std::thread::spawn(|| {{}}); }} pub const TEXT: &str = \"{text}\"; pub fn again() {{ std::thread::spawn(|| {{}}); }}");
            module(dir, text);
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:1:18: dropped_join_handles", "src/odd.rs:1:5000091: dropped_join_handles"]),
        Case::new("a number of 50,000 digits", |dir| module(dir, format!("pub const A: u8 = {};\n", "1".repeat(50_000))))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:1:19: not analysed: a number is longer than 1,000 characters"]),
        Case::new("a name of 100,000 letters", |dir| module(dir, format!("pub fn {}() {{}}\n", "a".repeat(100_000))))
            .finds(&[FOUND_BELOW]),
        Case::new("a string without an end", |dir| module(dir, "fn a() {}\nconst B: &str = \"b;\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:17: not analysed: a string that is not closed, or has an escape that is none"]),
        Case::new("a comment without an end", |dir| module(dir, "fn a() {}\n/* /* b */\n"))
            .finds(&[FOUND_BELOW])
            .says(&["note: src/odd.rs:2:1: not analysed: a comment that is not closed, or has a carriage return without a line feed"]),
        Case::new("a raw string without an end", |dir| module(dir, "fn a() {}\nconst B: &str = r##\"b\"#;\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:17: not analysed: a string that is not closed, or has an escape that is none"]),
        Case::new("a character without an end", |dir| module(dir, "fn a() {}\nconst B: char = '\\n;\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:17: not analysed: a character that is not closed, or none"]),
        Case::new("a raw string with 256 `#`", |dir| {
            let hashes = "#".repeat(256);
            module(dir, format!("const B: &str = r{hashes}\"b\"{hashes};\n"));
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:1:17: not analysed: a string that is not closed, or has an escape that is none"]),
        Case::new("a bracket that is not closed", |dir| module(dir, "fn a() {}\nfn b() {\n    (1;\n}\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:4:1: not analysed: a closing bracket that closes nothing, or another kind of bracket"]),
        Case::new("a bracket too many", |dir| module(dir, "fn a() {}\n}\nfn b() {}\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:1: not analysed: a closing bracket that closes nothing, or another kind of bracket"]),
        Case::new("`{` closed by `)`", |dir| module(dir, "fn a() {\n)\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:1: not analysed: a closing bracket that closes nothing, or another kind of bracket"]),
        Case::new("100,000 brackets, one in the other", |dir| {
            module(dir, format!("const A: u8 = {}1{};\n", "(".repeat(100_000), ")".repeat(100_000)));
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:1:514: not analysed: the code nests too deeply"]),
        Case::new("100,000 comments, one in the other", |dir| {
            module(dir, format!("{}{}\nfn a() {{}}\n", "/*".repeat(100_000), "*/".repeat(100_000)));
        })
        .finds(&[FOUND_BELOW]),
        Case::new("a syntax error in one function", |dir| {
            main_file(dir, format!("{BAD}\nfn broken() -> {{\n}}\n\nfn other() {{\n    std::thread::spawn(|| {{}});\n}}\n"));
        })
        .finds(&[FOUND, "src/main.rs:9:5: dropped_join_handles"])
        .says(&["note: src/main.rs:5:16: not analysed: expected one of: `for`, parentheses, `unsafe`, `fn`, `extern`, identifier, `::`, `<`, `dyn`, square brackets, `*`, `&`, `!`, `impl`, `_`, lifetime"]),
        Case::new("marks of a merge that was not finished", |dir| {
            module(dir, "fn a() {}\n<<<<<<< HEAD\nfn b() {}\n=======\nfn c() {}\n>>>>>>> theirs\n");
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:1: not analysed: expected one of: `fn`, `extern`, `use`, `static`, `const`, `unsafe`, `mod`, `type`, `struct`, `enum`, `union`, `impl`, `trait`, `auto`, `default`, `macro`, identifier, `self`, `super`, `crate`, `::`"]),
        Case::new("`#!/usr/bin/env` on the first line", |dir| main_file(dir, format!("#!/usr/bin/env rustx\n{BAD}")))
            .finds(&[FOUND_BELOW]),
        Case::new("`#![allow(..)]` on the first line", |dir| main_file(dir, format!("#![allow(unused)]\n{BAD}"))).finds(&[FOUND_BELOW]),
        Case::new("the frontmatter of a cargo script", |dir| {
            std::fs::write(dir.join("a.rs"), format!("#!/usr/bin/env cargo\n---\n[package]\nedition = \"2021\"\n---\n{BAD}")).unwrap();
        })
        .with(&["a.rs"])
        .finds(&["a.rs:7:5: dropped_join_handles"]),
        Case::new("frontmatter without an end", |dir| {
            std::fs::write(dir.join("a.rs"), format!("---\n[package]\n{BAD}")).unwrap();
        })
        .with(&["a.rs"])
        .exits(2)
        .says(&["error: a.rs:1:1: not analysed: expected one of: `fn`, `extern`, `use`, `static`, `const`, `unsafe`, `mod`, `type`, `struct`, `enum`, `union`, `impl`, `trait`, `auto`, `default`, `macro`, identifier, `self`, `super`, `crate`, `::`"]),
        Case::new("names with every legal character", |dir| module(dir, every_character()))
        .finds(&[FOUND_BELOW, "src/odd.rs:1589:5: dropped_join_handles"]),
        Case::new("a name that is no identifier (an emoji)", |dir| module(dir, "fn a() {}\nfn 🦀() {}\n"))
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:2:4: not analysed: a character that Rust has no use for here: U+1F980"]),
        Case::new("raw identifiers", |dir| {
            main_file(dir, "mod r#try;\nfn main() {\n    r#try::r#match(1);\n}\n");
            std::fs::write(dir.join("src/try.rs"), "pub fn r#match(r#fn: u8) {\n    std::thread::spawn(move || drop(r#fn));\n}\n").unwrap();
        })
        .finds(&["src/try.rs:2:5: dropped_join_handles"]),
        Case::new("escape sequences and bidirectional overrides", |dir| {
            main_file(dir, "fn main() { // \u{1b}[2J\u{202e}\u{9b}31m\u{7}\n    std::thread::spawn(|| {}); // \u{1b}]0;title\u{7}\n}\n");
        })
        .finds(&[FOUND]),
    ]
}

/// A function for each 100 of the characters that a name may start with, and parameters for those that it may go on with.
fn every_character() -> String {
    let starts: Vec<char> = ('\u{80}'..=char::MAX).filter(|c| unicode_ident::is_xid_start(*c)).collect();
    let goes_on: Vec<char> = ('\u{80}'..=char::MAX)
        .filter(|c| unicode_ident::is_xid_continue(*c) && !unicode_ident::is_xid_start(*c))
        .collect();
    let mut text = String::new();
    for (index, names) in starts.chunks(100).enumerate() {
        let first: String = names.iter().collect();
        text.push_str(&format!("pub fn {first}{index}() {{}}\n"));
    }
    let parameters: String = goes_on.iter().map(|c| format!("a{c}: u8, ")).collect();
    text.push_str(&format!("pub fn start({parameters}) {{\n    std::thread::spawn(|| {{}});\n}}\n"));
    text
}
