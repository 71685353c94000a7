//! What can be odd about code that is well-formed, or nearly so.

use super::{BAD, Case, FOUND, FOUND_BELOW, main_file, module};
use thread_lint_tests::package::write;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("a type that contains itself", |dir| {
            module(dir, "pub struct A { a: A, b: Vec<B> } pub struct B(A); pub enum C { C(Box<C>), D([C; 2]) }\n\
                         impl A { pub fn go(self) { self.a.a.a.go(); std::thread::spawn(move || self.b); } }\n");
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:2:45: dropped_join_handles"]),
        Case::new("type aliases in a circle", |dir| {
            module(dir, "type A = B; type B = C; type C = A; type D<T> = D<Vec<T>>; type E = <E as Iterator>::Item;\n\
                         pub fn a(a: A, d: D<u8>, e: E) { a.lock().unwrap(); d.join(); e.send(1); }\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("traits in a circle", |dir| {
            module(dir, "pub trait A: B { fn a(&self) { self.b() } } pub trait B: A { fn b(&self) { self.a() } }\n\
                         impl<T: B> A for T {} impl<T: A> B for T {} pub fn f<T: A>(t: T) { t.a(); t.b(); }\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("generics that grow with each call", |dir| {
            module(dir, "pub fn a<T>(t: T) { a(Some(t)) } pub struct N<T>(T); impl<T> N<T> { fn n(self) -> N<N<T>> { N(self).n() } }\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("`Deref` to itself", |dir| {
            module(dir, "pub struct A; impl std::ops::Deref for A { type Target = A; fn deref(&self) -> &A { self } }\n\
                         pub fn f(a: A) { a.nothing(); a.lock().unwrap(); }\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("functions that call each other under a lock", |dir| {
            module(dir, "use std::sync::Mutex;\npub struct S { m: Mutex<u8> }\nimpl S {\n\
                         pub fn a(&self, n: u8) { let g = self.m.lock().unwrap(); drop(g); if n > 0 { self.b(n - 1) } }\n\
                         pub fn b(&self, n: u8) { self.a(n); self.b(n); }\n}\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("10,000 functions in a file", |dir| {
            let functions: String = (0..10_000).map(|n| format!("pub fn f{n}(n: u8) -> u8 {{ if n > 1 {{ f{}(n - 1) }} else {{ n }} }}\n", (n + 1) % 10_000)).collect();
            module(dir, format!("{functions}pub fn start() {{\n    std::thread::spawn(|| {{}});\n}}\n"));
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:10002:5: dropped_join_handles"]),
        Case::new("10,000 variants, and a `match` on each", |dir| {
            let variants: String = (0..10_000).map(|n| format!("V{n},")).collect();
            let arms: String = (0..10_000).map(|n| format!("E::V{n} => {n},")).collect();
            module(dir, format!("pub enum E {{ {variants} }}\npub fn f(e: E) -> u32 {{ match e {{ {arms} }} }}\n"));
        })
        .finds(&[FOUND_BELOW]),
        Case::new("10,000 statements in a function", |dir| {
            let statements: String = (0..10_000).map(|n| format!("let a{n} = m.len() + {n}; drop(a{n});\n")).collect();
            module(dir, format!("pub fn f(m: &[u8]) {{\n{statements}    std::thread::spawn(|| {{}});\n}}\n"));
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:10002:5: dropped_join_handles"]),
        Case::new("a lock taken and given back 100 times in a function", |dir| {
            let statements: String = (0..100).map(|n| format!("let a{n} = m.lock().unwrap(); drop(a{n});\n")).collect();
            module(dir, format!("pub fn f(m: &std::sync::Mutex<u8>) {{\n{statements}    std::thread::spawn(|| {{}});\n}}\n"));
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:102:5: dropped_join_handles"]),
        Case::new("a chain of 1,000 calls", |dir| {
            module(dir, format!("pub fn f(a: Option<u8>) {{\n    a{};\n    std::thread::spawn(|| {{}});\n}}\n", ".map(|a| a)".repeat(1_000)));
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:3:5: dropped_join_handles"]),
        Case::new("a sum of 10,000 terms", |dir| {
            module(dir, format!("pub fn f() -> u32 {{ 1{} }}\n", " + 1".repeat(10_000)));
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:1:11979: not analysed: the code nests too deeply"]),
        Case::new("1,000 `else if`", |dir| {
            let branches: String = (0..1_000).map(|n| format!("else if n == {n} {{ {n} }} ")).collect();
            module(dir, format!("pub fn f(n: u32) -> u32 {{ if n > 5 {{ 1 }} {branches} else {{ 2 }} }}\n"));
        })
        .finds(&[FOUND_BELOW])
        .says(&["note: src/odd.rs:1:12239: not analysed: the code nests too deeply"]),
        Case::new("a macro that calls itself", |dir| {
            module(dir, "macro_rules! m { ($($t:tt)*) => { m!($($t)* $($t)*) } }\npub fn f() { m!(a m!(b m!(c))); }\n");
        })
        .finds(&[FOUND_BELOW]),
        Case::new("a macro's arguments that are no Rust", |dir| {
            module(dir, "macro_rules! sql { ($($t:tt)*) => {} }\npub fn f() {\n    sql!(SELECT * FROM a WHERE b = 'c' || d <> $1 @ e);\n    std::thread::spawn(|| {});\n}\n");
        })
        .finds(&[FOUND_BELOW, "src/odd.rs:4:5: dropped_join_handles"]),
        Case::new("editions 2015, 2018, 2021 and 2024 side by side", |dir| {
            write(dir, "Cargo.toml", "[workspace]\nmembers = [\"e*\"]\n");
            for (edition, text) in [
                ("2015", "#[macro_use] extern crate std as core_of_it;\nuse std::io::Read;\ntrait T { fn t(u8, &Read) -> Box<Fn(u8) -> u8 + Send>; }\n\
                          fn async(dyn: &T) -> Result<(), ()> { let await = try!(Ok(1)); Ok(await) }\n"),
                ("2018", "use std::io::Read;\nasync fn a(r: &dyn Read) { b().await }\nasync fn b() { let gen = 1; }\n\n"),
                ("2021", "fn a(x: Option<u8>) -> u8 { let Some(y) = x else { return 0 }; y }\n\n\n\n"),
                ("2024", "use std::fmt::Debug;\nunsafe extern \"C\" { safe fn f(); }\nfn a<'a>(x: &'a u8) -> impl Debug + use<'a> { x }\n\n"),
            ] {
                write(dir, &format!("e{edition}/Cargo.toml"), format!("[package]\nname = \"e{edition}\"\nversion = \"0.1.0\"\nedition = \"{edition}\"\n"));
                write(dir, &format!("e{edition}/src/main.rs"), format!("{text}{BAD}"));
            }
        })
        .with(&["--workspace"])
        .finds(&["e2015/src/main.rs:6:5: dropped_join_handles", "e2018/src/main.rs:6:5: dropped_join_handles", "e2021/src/main.rs:6:5: dropped_join_handles", "e2024/src/main.rs:6:5: dropped_join_handles"])
        .says(&["note: e2015/src/main.rs:3:18: not analysed: expected `:`"]),
        Case::new("no `main` function", |dir| main_file(dir, "fn other() {\n    std::thread::spawn(|| {});\n}\n")).finds(&[FOUND]),
        Case::new("code that does not compile", |dir| {
            main_file(dir, "fn main() {\n    std::thread::spawn(|| {});\n    let a: u8 = \"text\".nothing(1)?; use missing::*; a.b.c(d) = 5;\n}\n");
        })
        .finds(&[FOUND]),
    ]
}
