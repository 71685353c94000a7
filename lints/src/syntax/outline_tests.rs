//! A file whose bodies are read later holds what the whole file does.
#![allow(clippy::expect_used)]

use super::ir::Body;
use super::{BodySlot, FileIr, STACK_SIZE, Shape, parse, parse_outline};
use crate::source::Name;
use std::path::{Path, PathBuf};

fn on_big_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run).expect("a thread");
    thread.join().expect("no panic");
}

/// The slots of a text that was read in outline, and of the whole one.
fn both(text: &str) -> (FileIr, FileIr) {
    let (outline, problem) = parse_outline(text);
    assert!(problem.is_none(), "{text}");
    (outline, parse(text).expect("it parses"))
}

fn left_out(ir: &FileIr) -> usize {
    ir.bodies.iter().filter(|body| body.span().is_some()).count()
}

/// A body without what may differ: what it mentions.
fn plain(slot: &BodySlot, text: &str) -> String {
    format!("{:?}", Body { mentions: Box::default(), ..slot.body(text).clone() })
}

/// How many bodies were left out at first; all are what they are in the whole file, and no more than was said of them.
fn compare(text: &str, at: &Path) -> usize {
    let (outline, whole) = both(text);
    let count = left_out(&outline);
    assert_eq!(format!("{:?}", outline.items), format!("{:?}", whole.items), "{}", at.display());
    assert_eq!(outline.comments, whole.comments, "{}", at.display());
    assert_eq!(outline.bodies.len(), whole.bodies.len(), "{}", at.display());
    for (later, slot) in outline.bodies.iter().zip(&whole.bodies) {
        assert_eq!(plain(later, text), plain(slot, text), "{}", at.display());
        assert!(later.known_problem().is_none(), "{}", at.display());
        let unsaid = slot.mentions().iter().find(|name| later.mentions().binary_search(name).is_err());
        assert_eq!(unsaid.and_then(|name| whole.name_text(*name)), None, "{}", at.display());
        assert_eq!(later.owner(), slot.owner());
        let local_names = later.body(text).locals.iter().map(|local| outline.name_text(local.name));
        assert!(local_names.into_iter().all(|name| name.is_some()), "{}", at.display());
    }
    count
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn bodies_read_later_are_the_same() {
    on_big_stack(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        for folder in ["lints/src", "driver/src", "fixtures", "tests"] {
            rust_files(&root.join(folder), &mut files);
        }
        let mut left_out = 0;
        for path in files {
            let text = std::fs::read_to_string(&path).expect("a text");
            if parse(&text).is_ok() {
                left_out += compare(&text, &path);
            }
        }
        assert!(left_out > 3_000, "{left_out}");
    });
}

#[test]
fn bodies_are_found_among_all_items() {
    const BODY: &str = "{ let value = compute(1, 2); value + 1 }";
    for item in [
        "fn f() BODY",
        "pub(crate) const unsafe extern \"C\" fn f() -> u8 BODY",
        "#[inline] #[doc = \"x\"] pub async fn f<T>(a: A<{ 1 }>) -> B<{ 2 }, T> where T: Fn(u8) -> u8, BODY",
        "fn f<const N: usize>() -> [u8; { N }] BODY",
        "impl<T> A<{ 3 }> for B<T> where T: C, { const X: u8 = { 1 }; type Y = u8; fn f(&self) BODY }",
        "trait A { fn f(&self); fn g(self: Arc<Self>) BODY }",
        "unsafe impl A for B { default fn f() BODY }",
        "mod m { pub mod n { use a::{b, c}; struct D; struct E(u8); struct F { g: u8 } fn f() BODY } }",
        "const A: B = B { c: 1 }; static mut D: u8 = { 1 }; enum E { F = 1 << 3 } fn f() BODY",
        "extern \"C\" { fn a(); } extern crate b as c; a::b! { fn no() { let a = 1; let b = 2; } } fn f() BODY",
        "macro_rules! m { ($a:ident) => { fn $a() { let a = 1; let b = 2; } } } m!(a); fn f() BODY",
        "thread_local! { static A: u8 = 1; } fn f(A { b, .. }: A, (c, d): (u8, u8)) BODY",
        "// fn g() {\n/* fn h() { */ const S: &str = \"fn i() {\"; fn f() /* { */ BODY",
        "pub union U<T> { a: u8, b: T } auto trait Z {} trait Y = X; fn f() -> impl Fn() -> u8 BODY",
    ] {
        let text = item.replace("BODY", BODY);
        let item_text = text.clone();
        on_big_stack(move || assert_eq!(compare(&item_text, Path::new(&item_text)), 1, "{item_text}"));
    }
}

#[test]
fn what_cannot_be_read_alone_is_read_in_its_place() {
    for inside in [
        "use std::thread; thread::spawn(run);",
        "fn inner() {} inner(); inner(); inner();",
        "struct Local { a: u8 } let local = Local { a: 1 };",
        "thread_local! { static A: u8 = 1; } let a = 1;",
        "#![allow(unused)] let a = 1; let b = 2;",
        "macro_rules! m { () => {} } m!(); let c = 3;",
        "cfg_if! { if #[cfg(unix)] { one(); } else { two(); } }",
        "#[cfg_attr(any(), thread_lint::allow(busy_wait_loops))] loop { step(); }",
        "let a = 1; /// documentation\n let b = 2; let c = 3;",
        "short();",
    ] {
        let text = format!("fn f() {{ {inside} }}");
        on_big_stack(move || assert_eq!(compare(&text, Path::new(&text)), 0, "{text}"));
    }
    // Not items, though they hold the words.
    for inside in ["let a = b as *const u8; let c = d;", "let set = a.union(&b).count(); use_it(set);"] {
        let text = format!("fn f() {{ {inside} }}");
        on_big_stack(move || assert_eq!(compare(&text, Path::new(&text)), 1, "{text}"));
    }
}

#[test]
fn a_text_that_is_not_rust_is_read_whole() {
    for text in
        ["fn f() { let a = 1; let b = 2; } }", "fn f( { let a = 1; let b = 2; }", "fn f() { let a = (1; let b = 2; }"]
    {
        on_big_stack(move || {
            let (_, problem) = parse_outline(text);
            assert!(problem.is_some(), "{text}");
        });
    }
}

#[test]
fn a_broken_body_is_a_problem_of_its_own() {
    on_big_stack(|| {
        let text = "fn f() { let a = ; let b = 2; let c = 3; }\nfn g() { let a = 1; let b = 2; a + b }";
        let (ir, problem) = parse_outline(text);
        assert!(problem.is_none());
        let [f, g] = &ir.bodies[..] else { panic!("two bodies") };
        assert!(f.known_problem().is_none(), "nobody has asked");
        let problem = f.problem(text).expect("a problem");
        assert_eq!(problem.span.map(|span| span.text(text)), Some(";"));
        assert!(problem.mentions(text, "let") && !problem.mentions(text, "fn g"));
        assert!(g.problem(text).is_none() && g.body(text).exprs.len() > 5);
    });
}

#[test]
fn old_code_is_read_in_bodies_too() {
    on_big_stack(|| {
        let text = "fn f() { let a: Box<Fn() + Send> = make(); let b = a; b() }";
        let (ir, problem) = parse_outline(text);
        assert!(problem.is_none() && left_out(&ir) == 1);
        assert!(ir.bodies[0].problem(text).is_none());
        assert_eq!(ir.bodies[0].body(text).locals.len(), 2);
    });
}

#[test]
fn heads_tell_what_may_be_in_a_body() {
    let head = |inside: &str| {
        let text = format!("fn f(given: G) {{ {inside} done(); done(); }}");
        let (ir, _) = parse_outline(&text);
        let [body] = &ir.bodies[..] else { panic!("one body: {text}") };
        assert!(body.span().is_some(), "{text}");
        body.clone()
    };
    on_big_stack(move || {
        for (part, with, without) in [
            (Shape::LOOP, "while a() {}", "for a in b {}"),
            (Shape::LOOP, "'a: loop { break 'a }", "let looped = 1;"),
            (Shape::DISCARD, "let (a, _) = b();", "match a { _ => b(), }"),
            (Shape::DISCARD, "_ = b();", "let f = |_| b();"),
            (Shape::MOVE_CLOSURE, "run(move |x| x);", "run(async move { x });"),
            (Shape::TUPLE_FIELD, "a.0.lock();", "a.b.lock(); 1.max(0);"),
            (Shape::INDIRECT_CALL, "(self.a)(1);", "self.a(1); if (a) {}"),
            (Shape::INDIRECT_CALL, "given(1);", "given.a(1);"),
            (Shape::INDIRECT_CALL, "let g = h; g(2);", "g(2); g(3);"),
            (Shape::INDIRECT_CALL, "list[0](2);", "Some(list[0]);"),
        ] {
            assert!(head(with).shape().has(part), "{with}");
            assert!(!head(without).shape().has(part), "{without}");
        }
        let body = head("a.lock(); b::c(d); println!(\"{e} {:f$}\", g); h::<I>(j); k!(l); let m = n;");
        for name in ["a", "lock", "b", "c", "d", "e", "f", "g", "h", "I", "j", "k", "l", "m", "n", "given", "println"] {
            assert!(body.mentions().binary_search(&Name::of(name)).is_ok(), "{name}");
        }
        for (name, called) in [("lock", true), ("c", true), ("h", true), ("d", false), ("k", false), ("n", false)] {
            assert_eq!(body.called().binary_search(&Name::of(name)).is_ok(), called, "{name}");
        }
    });
}
