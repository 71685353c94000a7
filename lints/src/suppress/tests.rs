//! Unit tests of the grammar and of what is covered; the behaviour as a whole is in the fixtures.
#![allow(clippy::expect_used, reason = "a test may fail by panicking")]

use super::comment::{self, Directive, Malformed};
use super::{coverage, test_code};
use crate::source::{LineIndex, Span};
use crate::syntax;
use crate::workspace::SourceFile;
use std::sync::Arc;

fn file(text: &str) -> SourceFile {
    SourceFile {
        path: String::from("a.rs"),
        text: Arc::from(text),
        lines: Arc::new(LineIndex::new(text)),
        ir: Arc::new(syntax::parse(text).expect("Rust")),
        problem: None,
    }
}

fn read(text: &str) -> Option<Result<Directive, Malformed>> {
    comment::read(text, file(text).ir.comments.first().expect("a comment"))
}

fn names(text: &str) -> Vec<String> {
    let directive = read(text).expect("a directive").expect("well-formed");
    for (name, span) in &directive.names {
        assert!(span.text(text).ends_with(name.as_str()), "{text}");
    }
    directive.names.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn every_form_of_a_comment() {
    assert_eq!(names("// thread-lint: allow(a)"), ["a"]);
    assert_eq!(names("//thread-lint:allow(a,b):why (it is so)"), ["a", "b"]);
    assert_eq!(names("//// thread-lint: allow( a , thread_lint::b, ): é"), ["a", "b"]);
    assert_eq!(names("/* thread-lint: allow(a) why */"), ["a"]);
    assert_eq!(names("/*\n * thread-lint: allow(a)\n */"), ["a"]);
    assert_eq!(names("// thread-lint: allow(a, reason = \"b, (c)\")"), ["a"]);
    assert!(read("// thread-lint: allow-file(a)").expect("one").expect("right").whole_file);
    let text = "// thread-lint: allow(a): why";
    let directive = read(text).expect("one").expect("right");
    assert_eq!(directive.span.text(text), "thread-lint: allow(a)");
}

#[test]
fn prose_is_no_suppression() {
    for text in [
        "// see thread-lint: allow(a)",
        "// thread-lint is a tool",
        "// thread-lint: see allow(a)",
        "// thread-lint: allows more than one",
        "// threads: allow(a)",
        "// thread_lint::allow_me",
        "//",
        "/**/",
        "/*/ */",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn malformed_ones_say_what_was_expected() {
    for (text, expected, correction) in [
        ("// thread-lint: alow(a)", "expected `thread-lint: allow(..)`", Some("// thread-lint: allow(a)")),
        ("// thread_lint: allow(a)", "expected `thread-lint: allow(..)`", Some("// thread-lint: allow(a)")),
        ("// thread-lint allow(a)", "expected `thread-lint: allow(..)`", Some("// thread-lint: allow(a)")),
        ("// thread_lint::allow(a)", "expected `thread-lint: allow(..)`", Some("// thread-lint: allow(a)")),
        (
            "// thread-lint: allow_file (a)",
            "expected `thread-lint: allow-file(..)`",
            Some("// thread-lint: allow-file(a)"),
        ),
        (
            "// thread-lint: allow a_b: c",
            "expected `(` and the name of a lint after `allow`",
            Some("// thread-lint: allow(a_b): c"),
        ),
        ("// thread-lint: allow", "expected `(` and the name of a lint after `allow`", None),
        ("// thread-lint: allow()", "expected the name of a lint or group between the brackets", None),
        ("// thread-lint: allow(a", "expected `)` after the names of lints", None),
        ("// thread-lint: ignore(a)", "expected `allow` or `allow-file`, not `ignore`", None),
    ] {
        let problem = read(text).expect(text).expect_err(text);
        assert_eq!(problem.expected, expected, "{text}");
        let corrected = problem.correction.map(|(span, new)| {
            let (before, after) = (Span::new(0, span.start), Span::new(span.end, text.len() as u32));
            format!("{}{new}{}", before.text(text), after.text(text))
        });
        assert_eq!(corrected.as_deref(), correction, "{text}");
    }
}

/// What the first comment that says `here` covers.
fn covered(text: &str) -> String {
    let file = file(text);
    let comment = file.ir.comments.iter().find(|comment| comment.span.text(text).contains("here"));
    coverage::after(&file, comment.expect("a comment").span).text(text).trim().to_owned()
}

#[test]
fn the_next_thing_is_covered() {
    assert_eq!(covered("// here\nfn f() {}\nfn g() {}"), "fn f() {}");
    assert_eq!(covered("// here\n/// Doc.\n#[inline]\nfn f() {}"), "/// Doc.\n#[inline]\nfn f() {}");
    assert_eq!(covered("#[a(\"]\")]\n// here\n#[b]\npub fn f() {}"), "#[a(\"]\")]\n// here\n#[b]\npub fn f() {}");
    assert_eq!(covered("fn f() {\n    // here\n    a(\n        b,\n    );\n    c();\n}"), "a(\n        b,\n    );");
    assert_eq!(covered("fn f() {\n    // here\n    #[cfg(unix)]\n    let a = b();\n}"), "let a = b();");
    assert_eq!(covered("fn f() -> A {\n    // here\n    a.b()\n        .c()\n}"), "a.b()\n        .c()");
    assert_eq!(
        covered("fn f() {\n    // here\n    std::thread::spawn(|| {\n        a();\n    });\n}"),
        "std::thread::spawn(|| {\n        a();\n    });"
    );
    assert_eq!(
        covered("struct S {\n    a: A,\n    // here\n    pub(crate) b: M<A, B>,\n    c: C,\n}"),
        "pub(crate) b: M<A, B>,"
    );
    assert_eq!(covered("struct S(\n    // here\n    pub A,\n    B,\n);"), "pub A,");
    assert_eq!(covered("// here\npub struct S(A, B);"), "pub struct S(A, B);");
    assert_eq!(covered("enum E {\n    A,\n    // here\n    B { a: A },\n    C,\n}"), "B { a: A },");
    assert_eq!(
        covered(
            "fn f() {\n    match a {\n        // here\n        A => {\n            b();\n        }\n        _ => {}\n    }\n}"
        ),
        "A => {\n            b();\n        }"
    );
    assert_eq!(
        covered("fn f() {\n    g(\n        // here\n        h(\n            1,\n        ),\n        2,\n    );\n}"),
        "h(\n            1,\n        )"
    );
    assert_eq!(covered("fn f() {\n    a\n        // here\n        .b()\n        .c();\n}"), ".b()");
    assert_eq!(covered("impl A {\n    // here\n    fn f() {}\n}"), "fn f() {}");
    assert_eq!(covered("fn f() {\n    // here\n}"), "}");
    assert_eq!(covered("fn f() {}\n// here"), "// here");
}

#[test]
fn test_code_is_told_apart() {
    let covers = |text: &str| test_code::regions(text).iter().any(|region| region.text(text).contains("here"));
    assert!(covers("#[cfg(test)]\nmod tests { fn f() { here(); } }"));
    assert!(covers("#[tokio::test(flavor = \"a\")]\n#[ignore]\nasync fn f<A, B>() -> [u8; 3] { here() }"));
    assert!(covers("fn f() { #[cfg(all(test, unix))]\n let a = if b { 1 } else { here() }; }"));
    assert!(covers("#![cfg(test)]\nfn f() { here() }"));
    assert!(!covers("#[test]\nfn f() {}\nfn g() { here() }"));
    assert!(!covers("#![cfg_attr(test, allow(unused))]\nfn g() { here() }"));
    assert!(!covers("fn f() { #[cfg(test)]\n a(); here() }"));
    assert!(!covers("#[cfg(feature = \"test\")]\nfn g() { here() }"));
    assert!(!covers("#"));
    assert!(!covers("#[cfg(test"));
}
