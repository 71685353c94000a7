//! Tests of the lowering through [`parse`].

use super::super::ir::*;
use super::{NotAnalysed, STACK_SIZE, parse, parse_outline, parse_partly};
use crate::source::{Name, Span};

fn on_big_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run).expect("a thread");
    thread.join().expect("no panic")
}

fn read(text: &str) -> FileIr {
    parse(text).expect("it parses")
}

/// The file of a function with this body, and the body.
fn body(inside: &str) -> (String, FileIr) {
    let text = format!("fn f() {{ {inside} }}");
    let ir = read(&text);
    (text, ir)
}

fn main_body(ir: &FileIr) -> &Body {
    ir.bodies.last().expect("a body").body("")
}

fn text_of(text: &str, span: Span) -> &str {
    span.text(text)
}

fn local_name<'i>(ir: &'i FileIr, body: &Body, local: LocalId) -> &'i str {
    ir.names.text(body.locals[local.index()].name).expect("interned")
}

fn local_names<'i>(ir: &'i FileIr, body: &Body, locals: &[LocalId]) -> Vec<&'i str> {
    locals.iter().map(|local| local_name(ir, body, *local)).collect()
}

/// Each use of a local in order: the text of the use and the text where it is bound, with the column.
fn uses(text: &str, body: &Body) -> Vec<(String, u32)> {
    let uses = body.exprs.iter().filter_map(|expr| match expr.kind {
        Expr::Local(local) => Some((text_of(text, expr.span).to_owned(), body.locals[local.index()].span.start)),
        _ => None,
    });
    uses.collect()
}

fn macros(body: &Body) -> Vec<&MacroCall> {
    let calls = body.exprs.iter().filter_map(|expr| match &expr.kind {
        Expr::Macro(call) => Some(&**call),
        _ => None,
    });
    calls.collect()
}

fn args<'t>(text: &'t str, body: &Body, call: &MacroCall) -> Vec<&'t str> {
    call.args.iter().map(|arg| text_of(text, body.exprs[arg.index()].span)).collect()
}

fn item<'i>(ir: &'i FileIr, name: &str) -> &'i Item {
    ir.items.iter().find(|item| item.name == Name::of(name)).expect("the item")
}

#[test]
fn spans_are_exact_whatever_the_encoding() {
    for head in [
        "",
        "\u{feff}",
        "#!/usr/bin/env run\n",
        "\u{feff}#!/bin/sh\r\n",
        "// ünïcode 漢字\r\n",
        "/* 😀 */ ",
        "#![allow(a)]\r\n",
    ] {
        let text = format!(
            "{head}/// döc\r\nfn über(ñame: &str, r#type: u8) -> u8 {{\r\n    let é = \"漢字 😀\".len(é2);\r\n    r#type.wrapping_add(é.x as u8)\r\n}}\r\nstruct Last;"
        );
        let ir = read(&text);
        let function = item(&ir, "über");
        assert_eq!(text_of(&text, function.name_span), "über", "{head:?}");
        assert!(text_of(&text, function.span).starts_with("/// döc"), "{head:?}");
        assert!(text_of(&text, function.span).ends_with("\r\n}"));
        let body = main_body(&ir);
        for local in &body.locals {
            assert_eq!(Name::of(text_of(&text, local.span)), local.name);
        }
        let call = body.exprs.iter().find_map(|expr| match &expr.kind {
            Expr::MethodCall(call) => Some((call, expr.span)),
            _ => None,
        });
        let (call, span) = call.expect("a call");
        assert_eq!(text_of(&text, call.method_span), "len");
        assert_eq!(text_of(&text, span), "\"漢字 😀\".len(é2)");
        assert_eq!(text_of(&text, item(&ir, "Last").span), "struct Last;");
    }
}

#[test]
fn spans_of_composite_expressions() {
    for (code, wanted) in [
        ("(a)(b);", "(a)(b)"),
        ("(a.b).c;", "(a.b).c"),
        ("x = (y + z);", "x = (y + z)"),
        ("a as *const u8;", "a as *const u8"),
        ("a as Vec<u8>;", "a as Vec<u8>"),
        ("&mut *a[b];", "&mut *a[b]"),
        ("..b;", "..b"),
        ("a..=(b);", "a..=(b)"),
        ("a.await?;", "a.await?"),
        ("<A as B>::c::<D>();", "<A as B>::c::<D>()"),
        ("::a::b;", "::a::b"),
        ("S { a, b: c, ..d };", "S { a, b: c, ..d }"),
        ("move |a: u8| -> u8 { a };", "move |a: u8| -> u8 { a }"),
        ("async move { a };", "async move { a }"),
        ("[a; 3];", "[a; 3]"),
        ("a.0.1;", "a.0.1"),
        ("return (a);", "return (a)"),
        ("-1i32;", "-1i32"),
        ("m!{ a };", "m!{ a }"),
        ("a::m!(a)[0];", "a::m!(a)[0]"),
    ] {
        let (text, ir) = body(code);
        let body = main_body(&ir);
        let Expr::Block(block) = &body.exprs[body.root.index()].kind else { panic!("a block") };
        let Some(Stmt::Expr { expr, span, semi: true }) = block.stmts.first() else { panic!("a statement in {code}") };
        assert_eq!(text_of(&text, body.exprs[expr.index()].span), wanted);
        assert_eq!(text_of(&text, *span), code);
        assert_eq!(text_of(&text, body.exprs[body.root.index()].span), format!("{{ {code} }}"));
    }
}

#[test]
fn children_come_first() {
    let ir = read("fn f(a: u8) { if let Some(b) = a.c(|d| d + a) { loop { break b; } } else { g!(a, { b }) } }");
    let body = main_body(&ir);
    assert_eq!(body.root.index(), body.exprs.len() - 1);
    for (index, expr) in body.exprs.iter().enumerate() {
        if let Expr::Closure(closure) = &expr.kind {
            assert!(closure.body.index() < index);
        }
        if let Expr::If { cond, then, els } = &expr.kind {
            assert!(cond.index() < index && then.index() < index && els.is_some_and(|els| els.index() < index));
        }
    }
}

#[test]
fn locals_are_scoped() {
    let (text, ir) = body("let x = 1; { let x = x; g(x); } g(x); let x = x; x");
    let starts: Vec<u32> = uses(&text, main_body(&ir)).into_iter().map(|(_, start)| start).collect();
    let bound: Vec<u32> = main_body(&ir).locals.iter().map(|local| local.span.start).collect();
    assert_eq!(starts, [bound[0], bound[1], bound[0], bound[0], bound[2]]);

    let (_, ir) = body("let Some(x) = (if let Some(y) = a && y.b() { y } else { y }) else { x }; x");
    let body_ir = main_body(&ir);
    let used: Vec<&str> = body_ir
        .exprs
        .iter()
        .filter_map(|expr| match expr.kind {
            Expr::Local(local) => Some(local_name(&ir, body_ir, local)),
            _ => None,
        })
        .collect();
    assert_eq!(used, ["y", "y", "x"], "neither the outer else nor that of `let else` sees the binding");

    let (text, ir) = body("match a { A(x) | B(x) if x > 0 => x, C { x: ref y, z } => y + z, None => None, _ => x }");
    let body_ir = main_body(&ir);
    assert_eq!(local_names(&ir, body_ir, &[LocalId(0), LocalId(1), LocalId(2)]), ["x", "y", "z"]);
    assert_eq!(body_ir.locals.len(), 3);
    assert_eq!(uses(&text, body_ir).len(), 4);
    assert!(body_ir.locals[1].by_ref);
    assert!(body_ir.pats.iter().any(|pat| matches!(&pat.kind, Pat::Path(path) if path.last() == Name::of("None"))));

    let (text, ir) = body("while let Some(x) = x() { x; } for x in x { x; } fn g() { x } x");
    // Bodies are finished inside out.
    assert_eq!(ir.bodies.len(), 2);
    assert_eq!(uses(&text, ir.bodies[0].body("")).len(), 0, "a function in a function sees no locals of it");
    assert_eq!(uses(&text, ir.bodies[1].body("")).len(), 2);
}

#[test]
fn parameters_have_types() {
    let ir = read("impl A { fn f(mut self: Arc<Self>, (a, b): (u8, u8), c: &C) { let d: D = self.e; } }");
    let body = main_body(&ir);
    let names: Vec<_> = body.locals.iter().map(|local| (ir.names.text(local.name), local.ty.is_some())).collect();
    assert_eq!(
        names,
        [(Some("self"), true), (Some("a"), false), (Some("b"), false), (Some("c"), true), (Some("d"), true)]
    );
    assert_eq!(body.self_local, Some(LocalId(0)));
    assert!(body.locals[0].mutable);
    assert_eq!(body.params.len(), 2);
    let ItemKind::Function(function) = &item(&ir, "f").kind else { panic!("a function") };
    assert!(matches!(&function.self_param, Some(TypeRef::Path(path)) if path.last() == Name::of("Arc")));
    let ir = read("trait A { fn f(&mut self); }");
    let ItemKind::Function(function) = &item(&ir, "f").kind else { panic!("a function") };
    assert!(matches!(&function.self_param, Some(TypeRef::Ref { mutable: true, .. })));
    assert!(function.body.is_none());
}

#[test]
fn closures_capture() {
    let (_, ir) = body("let a = 1; let b = 2; g(move |c| { let d = a; h(|e| a + b + c + d + e + a) }); async { b };");
    let body = main_body(&ir);
    let closures: Vec<_> = body
        .exprs
        .iter()
        .enumerate()
        .filter_map(|(id, expr)| match &expr.kind {
            Expr::Closure(closure) => Some((ExprId(id as u32), &closure.captures)),
            Expr::Async { captures, .. } => Some((ExprId(id as u32), captures)),
            _ => None,
        })
        .collect();
    let [(inner, of_inner), (outer, of_outer), (_, of_async)] = &closures[..] else { panic!("three") };
    assert_eq!(local_names(&ir, body, of_inner), ["a", "b", "c", "d"]);
    assert_eq!(local_names(&ir, body, of_outer), ["a", "b"]);
    assert_eq!(local_names(&ir, body, of_async), ["b"]);
    let closure_of = |name: &str| {
        let local = body.locals.iter().find(|local| local.name == Name::of(name));
        local.expect("the local").closure
    };
    assert_eq!((closure_of("a"), closure_of("c"), closure_of("d")), (None, Some(*outer), Some(*outer)));
    assert_eq!(closure_of("e"), Some(*inner));
}

#[test]
fn jumps_find_their_loops() {
    let code =
        "'a: loop { 'b: while c { break; continue 'a; g(|| break); break 'x; } let d = 'e: { break 'e 1; break; }; }";
    let (text, ir) = body(code);
    let body = main_body(&ir);
    let jumps: Vec<_> = body
        .exprs
        .iter()
        .filter_map(|expr| match expr.kind {
            Expr::Break { target, .. } | Expr::Continue { target } => Some((text_of(&text, expr.span), target)),
            _ => None,
        })
        .map(|(jump, target)| {
            let target = target.map(|target| match &body.exprs[target.index()].kind {
                Expr::Loop(target) => text_of(&text, target.keyword),
                Expr::Block(block) if block.labelled => "block",
                _ => "wrong",
            });
            (jump, target)
        })
        .collect();
    assert_eq!(
        jumps,
        [
            ("break", Some("while")),
            ("continue 'a", Some("loop")),
            ("break", None),
            ("break 'x", None),
            ("break 'e 1", Some("block")),
            ("break", Some("loop")),
        ]
    );
}

#[test]
fn items_in_bodies_are_in_a_module() {
    let ir = read("fn f() { use a::b; const C: u8 = 1; { fn g() {} g() } thread_local! { static T: u8 = 2; } }");
    let function = ir.top[0];
    let modules: Vec<_> =
        ir.items.iter().filter(|item| item.name == Name::NONE && matches!(item.kind, ItemKind::Module(_))).collect();
    assert_eq!(modules.len(), 2);
    assert!(modules.iter().all(|module| module.parent == Some(function)));
    let ItemKind::Module(Some(items)) = &modules[0].kind else { panic!("items") };
    assert_eq!(items.len(), 3);
    for (index, item) in ir.items.iter().enumerate() {
        assert!(item.parent.is_none_or(|parent| parent.index() < index));
    }
    let with_module =
        main_body(&ir).exprs.iter().filter(|expr| matches!(&expr.kind, Expr::Block(block) if block.module.is_some()));
    assert_eq!(with_module.count(), 2);
}

#[test]
fn uses_are_flattened() {
    let ir = read("pub(crate) use ::a::{self, b::{self as c, *}, d as _, e::self};");
    let ItemKind::Use(entries) = &ir.items[0].kind else { panic!("a use") };
    let shown: Vec<_> = entries
        .iter()
        .map(|entry| {
            let path: Vec<&str> = entry.path.iter().filter_map(|(name, _)| ir.names.text(*name)).collect();
            (path.join("::"), ir.names.text(entry.alias).unwrap_or("-"), entry.glob, entry.global)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("a".to_owned(), "a", false, true),
            ("a::b".to_owned(), "c", false, true),
            ("a::b".to_owned(), "-", true, true),
            ("a::d".to_owned(), "-", false, true),
            ("a::e".to_owned(), "e", false, true),
        ]
    );
    assert_eq!(ir.items[0].vis, Visibility::Restricted);
}

#[test]
fn format_macros_have_their_arguments() {
    let (text, ir) = body(r#"let (x, w) = y; println!("{x:?} {{no}} {z} {0:>w$} {:1$} \u{41} {}", a.b(), n = x);"#);
    let body = main_body(&ir);
    let call = macros(body)[0];
    assert!(call.parsed);
    assert_eq!(args(&text, body, call)[1..], ["x", "w", "a.b()", "x"]);
    assert!(call.args.iter().all(|arg| body.exprs[arg.index()].in_macro));
    assert!(matches!(body.exprs[call.args[1].index()].kind, Expr::Local(LocalId(0))));
}

#[test]
fn macros_read_as_expressions() {
    for (code, wanted) in [
        ("vec![a, b]", vec!["a", "b"]),
        ("vec![a; n]", vec!["a", "n"]),
        ("info!(target: t, ?a, %b, c = d, e.f = g, \"x\")", vec!["t", "a", "b", "d", "g", "\"x\""]),
        ("matches!(e, A(x) | B(x) if x > c)", vec!["e", "x > c"]),
        ("matches!(e, Some(_))", vec!["e"]),
        ("assert_eq!(a, b, \"m\",)", vec!["a", "b", "\"m\""]),
        ("hashmap! { a => b }", vec!["a", "b"]),
        ("todo!()", vec![]),
        ("m! { let a = 1; g(a); }", vec![" let a = 1; g(a); "]),
        ("try_io!(a.b()?)", vec!["a.b()?"]),
        ("debug_assert!(a < b && c > d)", vec!["a < b && c > d"]),
    ] {
        let (text, ir) = body(code);
        let body = main_body(&ir);
        let call = macros(body).into_iter().last().expect("a call");
        assert!(call.parsed, "{code}");
        assert_eq!(args(&text, body, call), wanted, "{code}");
    }
}

#[test]
fn other_macros_keep_their_tokens() {
    let (_, ir) = body("let x = 1; let y = 2; g(|| m!(x => y.x, q @ z, return a?, $(b)?, c.unwrap()));");
    let body = main_body(&ir);
    let call = macros(body)[0];
    assert!(!call.parsed && call.args.is_empty());
    let exits = call.tokens.exits;
    assert!(exits.returns && exits.tries && exits.panics && !exits.breaks && !exits.continues);
    assert_eq!(local_names(&ir, body, &call.locals), ["x", "y"]);
    assert!(call.tokens.names.contains(&Name::of("unwrap")) && body.mentions.contains(&Name::of("q")));
    let Some(Expr::Closure(closure)) =
        body.exprs.iter().map(|expr| &expr.kind).find(|kind| matches!(kind, Expr::Closure(_)))
    else {
        panic!("a closure")
    };
    assert_eq!(local_names(&ir, body, &closure.captures), ["x", "y"]);
    let ir = read("macro_rules! m { ($a:expr, $(b),* $(,)?) => { $a.f() }; ($x:ident ?) => { 1 } }");
    let ItemKind::MacroRules(rules) = &item(&ir, "m").kind else { panic!("rules") };
    assert_eq!(rules.tokens.exits, MacroExits { tries: true, ..MacroExits::default() });
    let ir = read("macro_rules! m { ($a:expr, $(b),* $(,)?) => { x.f() } }");
    let ItemKind::MacroRules(rules) = &item(&ir, "m").kind else { panic!("rules") };
    assert_eq!(rules.tokens.exits, MacroExits::default());
}

#[test]
fn select_of_every_library() {
    let (text, ir) = body(
        "let a = 1; select! { recv(a.r) -> m => { m }, send(s, a) -> _ => g(), default(t) => {} }
         tokio::select! { biased; Some(x) = f(a), if a > 0 => x, _ = h() => { k() } else => return }
         futures::select! { y = z.next() => y, complete => break, default => () }",
    );
    let body = main_body(&ir);
    let selects: Vec<_> = body
        .exprs
        .iter()
        .filter_map(|expr| match &expr.kind {
            Expr::Select(arms) => Some(&**arms),
            _ => None,
        })
        .collect();
    let text_of_expr = |id: ExprId| text_of(&text, body.exprs[id.index()].span);
    let [crossbeam, tokio, futures] = selects[..] else { panic!("three selects") };
    assert!(matches!(crossbeam[0].op, SelectOp::Recv(r) if text_of_expr(r) == "a.r"));
    assert!(matches!(crossbeam[1].op, SelectOp::Send(s, m) if text_of_expr(s) == "s" && text_of_expr(m) == "a"));
    assert!(matches!(crossbeam[2].op, SelectOp::Default(Some(t)) if text_of_expr(t) == "t"));
    assert!(matches!(tokio[0].op, SelectOp::Future(f) if text_of_expr(f) == "f(a)"));
    assert!(tokio[0].guard.is_some() && tokio[0].pat.is_some());
    assert!(matches!(body.exprs[tokio[0].body.index()].kind, Expr::Local(_)));
    assert!(matches!(tokio[2].op, SelectOp::Else));
    assert!(matches!((futures[1].op, futures[2].op), (SelectOp::Else, SelectOp::Default(None))));
    // What does not read as a select is a macro like any other.
    let (_, ir) = super::tests::body("select! { weird -> }");
    assert!(!macros(main_body(&ir))[0].parsed);
}

#[test]
fn item_macros_are_seen_through() {
    let ir = read(
        "cfg_if! { if #[cfg(unix)] { fn a() {} } else if #[cfg(windows)] { fn b() {} } else { fn c() {} } }
         core::cfg_select! { unix => { fn k() {} } all(windows, feature = \"l\") => { fn l() {} } _ => { fn m() {} } }
         lazy_static! { /// d
           pub static ref D: Mutex<u8> = Mutex::new(x()); }
         thread_local!(static E: Cell<u8> = const { Cell::new(1) });
         cfg_rt! { fn g() {} impl H { cfg_x! { fn i(&self) {} } } }
         bitflags! { struct J: u8 { const K = 1; } }",
    );
    let cfg = |name: &str| item(&ir, name).attrs.cfg.as_deref().cloned();
    let (unix, windows) = (Cfg::Flag("unix".into()), Cfg::Flag("windows".into()));
    assert_eq!(cfg("a"), Some(unix.clone()));
    assert_eq!(cfg("b"), Some(Cfg::All(vec![Cfg::Not(Box::new(unix.clone())), windows.clone()])));
    assert_eq!(cfg("c"), Some(Cfg::All(vec![Cfg::Not(Box::new(unix.clone())), Cfg::Not(Box::new(windows.clone()))])));
    let both = Cfg::All(vec![windows, Cfg::KeyValue("feature".into(), "l".into())]);
    assert_eq!(cfg("k"), Some(unix.clone()));
    assert_eq!(cfg("l"), Some(Cfg::All(vec![Cfg::Not(Box::new(unix.clone())), both.clone()])));
    assert_eq!(cfg("m"), Some(Cfg::All(vec![Cfg::Not(Box::new(unix)), Cfg::Not(Box::new(both))])));
    let wrapper = |name: &str| match &item(&ir, name).kind {
        ItemKind::Static(constant) => Some((constant.wrapper, constant.body.is_some())),
        _ => None,
    };
    assert_eq!(wrapper("D"), Some((StaticWrapper::Lazy, true)));
    assert_eq!(item(&ir, "D").vis, Visibility::Public);
    assert_eq!(wrapper("E"), Some((StaticWrapper::ThreadLocal, true)));
    assert!(matches!(item(&ir, "g").kind, ItemKind::Function(_)));
    let ItemKind::Impl(block) =
        &ir.items.iter().find(|item| matches!(item.kind, ItemKind::Impl(_))).expect("an impl").kind
    else {
        panic!("an impl")
    };
    assert_eq!(block.items.len(), 1);
    let calls = ir
        .items
        .iter()
        .filter(|item| matches!(&item.kind, ItemKind::MacroCall(tokens) if *tokens.path == [Name::of("bitflags")]));
    assert_eq!(calls.count(), 1);
    assert_eq!(ir.top.len(), 11);
}

#[test]
fn stubs_have_no_body() {
    let ir = read(
        "#[effect(spawns(0), acquires(exclusive, blocking))] pub fn spawn<F>(f: F) -> JoinHandle<T>;
         impl<T> JoinHandle<T> { #[effect(joins)] pub fn join(self) -> Result<T>; }
         extern \"C\" { fn g(); }",
    );
    let ItemKind::Function(spawn) = &item(&ir, "spawn").kind else { panic!("a function") };
    assert!(spawn.body.is_none() && !spawn.is_extern && spawn.params.len() == 1);
    let effects: Vec<_> = item(&ir, "spawn")
        .attrs
        .effects
        .iter()
        .map(|effect| (ir.names.text(effect.name), effect.args.iter().map(|arg| &**arg).collect::<Vec<_>>()))
        .collect();
    assert_eq!(effects, [(Some("spawns"), vec!["0"]), (Some("acquires"), vec!["exclusive", "blocking"])]);
    let ItemKind::Function(join) = &item(&ir, "join").kind else { panic!("a function") };
    assert!(join.self_param.is_some() && join.body.is_none());
    assert!(matches!(&item(&ir, "g").kind, ItemKind::Function(function) if function.is_extern));
}

#[test]
fn attributes() {
    let ir = read(
        "#[cfg(all(test, feature = \"x\"))] #[cfg(not(unix))] mod a;
         #[tokio::test(flavor = \"multi_thread\")] fn b() {}
         #[cfg_attr(miri, ignore)] #[test] fn c() {}
         #[path = \"x/y.rs\"] mod d;
         #[cfg_attr(unix, path = \"u.rs\")] #[macro_use] mod e;
         #[cfg(loom)] fn contest() {}",
    );
    let attrs = |name: &str| item(&ir, name).attrs.clone();
    let all = Cfg::All(vec![
        Cfg::Flag("test".into()),
        Cfg::KeyValue("feature".into(), "x".into()),
        Cfg::Not(Box::new(Cfg::Flag("unix".into()))),
    ]);
    assert_eq!(attrs("a").cfg.as_deref(), Some(&all));
    assert!(attrs("b").is_test && attrs("c").is_test && !attrs("contest").is_test);
    assert_eq!(attrs("d").path.as_deref(), Some("x/y.rs"));
    assert_eq!(attrs("e").path.as_deref(), Some("u.rs"));
    assert!(attrs("e").macro_scope);
    assert_eq!(read("#![cfg(test)] fn f() {}").attrs.cfg.as_deref(), Some(&Cfg::Flag("test".into())));
}

#[test]
fn what_only_tests_have_is_dropped_from_bodies() {
    let (text, ir) = body(
        "#[cfg(test)] let a = 1; #[cfg(test)] b(); #[cfg(not(test))] c(); #[cfg(unix)] d(); #[cfg(all(test, e))] m!(x);
         match y { #[cfg(test)] f => g(), #[cfg(any(test, unix))] h => i() } S { #[cfg(test)] j: j(), k: l() };",
    );
    let body = main_body(&ir);
    let calls: Vec<_> = body
        .exprs
        .iter()
        .filter_map(|expr| match expr.kind {
            Expr::Call { .. } => Some(text_of(&text, expr.span)),
            _ => None,
        })
        .collect();
    assert_eq!(calls, ["c()", "d()", "i()", "l()"]);
    assert!(macros(body).is_empty());
}

#[test]
fn suppression_attributes() {
    let allow = "#[cfg_attr(any(), thread_lint::allow(a_b, c, reason = \"so\"))]";
    let text = format!(
        "#!{}\n{allow} fn f(x: u8) {{ {allow} let y = x; {allow} g(y); {allow} y = 2; h({allow} 3); }}\nstruct S {{ {allow} t: u8 }} #[cfg_attr(any(), other::allow(d))] fn i() {{}}",
        &allow[1..]
    );
    let ir = read(&text);
    let mut targets: Vec<_> = ir.allow_attrs.iter().map(|attr| text_of(&text, attr.target)).collect();
    targets.sort_unstable_by_key(|target| std::cmp::Reverse(target.len()));
    assert_eq!(targets.len(), 7);
    assert_eq!(targets[0], text);
    assert!(targets[1].starts_with(&format!("{allow} fn f")) && targets[1].ends_with('}'));
    for target in ["let y = x;", "g(y);", "y = 2;", "t"] {
        assert!(targets.contains(&format!("{allow} {target}").as_str()), "{target} in {targets:?}");
    }
    assert!(targets.contains(&"3"));
    for attr in &ir.allow_attrs {
        let lints: Vec<_> = attr.lints.iter().map(|(lint, span)| (&**lint, text_of(&text, *span))).collect();
        assert_eq!(lints, [("a_b", "a_b"), ("c", "c")]);
        assert_eq!(attr.reason.as_deref(), Some("so"));
        assert!(text_of(&text, attr.span).trim_start_matches("#!").trim_start_matches('#').starts_with("[cfg_attr"));
    }
}

#[test]
fn types_and_paths() {
    let ir = read(
        "type A = <B as C>::D; type E = <F>::G<'static, H>; type I = dyn Fn(J) -> K + Send; type L = fn(M);
         type N = [O; 3]; type P = impl Q<R = S, 3>; fn f<T: U + ?Sized, const N: usize>() where T: V {}",
    );
    let ty = |name: &str| match &item(&ir, name).kind {
        ItemKind::TypeAlias(alias) => alias.ty.clone(),
        _ => None,
    };
    assert!(matches!(ty("A"), Some(TypeRef::Qualified { trait_ref: Some(_), rest, .. }) if rest.len() == 1));
    assert!(matches!(ty("E"), Some(TypeRef::Qualified { trait_ref: None, rest, .. })
        if rest[0].args.as_ref().is_some_and(|args| args.types.len() == 1)));
    assert!(matches!(ty("I"), Some(TypeRef::DynTrait(bounds)) if bounds.len() == 2
        && bounds[0].segments[0].args.as_ref().is_some_and(|args| args.fn_sugar.is_some())));
    assert!(matches!(ty("L"), Some(TypeRef::Fn { params, ret }) if params.len() == 1 && *ret == TypeRef::unit()));
    assert!(matches!(ty("N"), Some(TypeRef::Array(_))));
    assert!(matches!(ty("P"), Some(TypeRef::ImplTrait(bounds)) if bounds[0].segments[0].args.as_ref()
        .is_some_and(|args| args.bindings.len() == 1 && args.types == [TypeRef::Unknown])));
    let ItemKind::Function(function) = &item(&ir, "f").kind else { panic!("a function") };
    assert_eq!(function.generics.params.len(), 2);
    assert_eq!(function.generics.params[0].bounds.len(), 1);
    assert!(function.generics.params[1].is_const);
    assert_eq!(function.generics.bounds.len(), 1);
}

#[test]
fn negative_impls_are_none() {
    assert!(read("impl !Send for A {}").items.is_empty());
}

#[test]
fn syntax_errors_are_values() {
    let error = parse("\u{feff}fn f() { let = 1; }").expect_err("no Rust");
    assert_eq!(error.span.map(|span| text_of("\u{feff}fn f() { let = 1; }", span)), Some("="));
    for text in ["fn f( {", "\"", "fn f() { x", "'", "fn f() {} }", "r#\"", "\u{0}"] {
        assert!(parse(text).is_err(), "{text}");
    }
    for text in ["", "\u{feff}", "#!/bin/sh", "// only", "//! only", "#![a]"] {
        assert_eq!(parse(text).map(|ir| ir.items.len()), Ok(0), "{text}");
    }
}

#[test]
fn too_much_is_not_analysed() {
    // Each makes a deep tree of another kind: before, again and again, in the middle, after.
    let shapes = [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{", "1", "}"),
        ("f(", "1", ")"),
        ("!", "1", ""),
        ("-", "1", ""),
        ("- ", "1", ""),
        ("*", "1", ""),
        ("&", "1", ""),
        ("&mut ", "1", ""),
        ("&raw const ", "1", ""),
        ("a + ", "1", ""),
        ("a || ", "1", ""),
        ("a = ", "1", ""),
        ("a += ", "1", ""),
        ("a == (", "1", ")"),
        ("", "a", ".b"),
        ("", "a", ".b()"),
        ("", "a", "?"),
        ("", "a", ".await"),
        ("", "a", "()"),
        ("", "a", "[0]"),
        ("", "a", " as u8"),
        ("", "a", " as &u8"),
        ("|| ", "1", ""),
        ("|x| ", "1", ""),
        ("move || ", "1", ""),
        ("|| -> A { ", "1", "}"),
        ("return ", "1", ""),
        ("break ", "1", ""),
        ("break 'a ", "1", ""),
        ("yield ", "1", ""),
        ("if a { 1 } else ", "{ 1 }", ""),
        ("if ", "a", " {}"),
        ("if a { ", "1", " }"),
        ("match a { b => ", "1", " }"),
        ("match ", "a", " {}"),
        ("loop { ", "1", " }"),
        ("while ", "a", " {}"),
        ("unsafe { ", "1", " }"),
        ("async move { ", "1", " }"),
        ("'a: { ", "1", " }"),
        ("..=", "1", ""),
        ("a..(", "1", ")"),
        ("let a = ", "1", ""),
        ("#[a] ", "1", ""),
        ("m!(", "1", ")"),
        ("m!{ let a = ", "1", "; }"),
        ("println!(\"{}\", ", "1", ")"),
        ("tokio::select! { a = b => ", "1", " }"),
        ("matches!(a, b if ", "1", ")"),
        ("a::<", "A", ">::b"),
        ("a::<{ ", "1", " }>::b"),
        ("S { a: ", "1", " }"),
        ("<", "A", " as B>::C::d"),
        ("{ fn f() { ", "1", " } }"),
        ("const { ", "1", " }"),
    ];
    let types = [
        ("A<", "B", ">"),
        ("A<(), ", "B", ">"),
        ("&", "B", ""),
        ("*const ", "B", ""),
        ("(", "B", ")"),
        ("[", "B", "]"),
        ("[", "B", "; 1]"),
        ("(B, ", "B", ")"),
        ("fn() -> ", "B", ""),
        ("fn(", "B", ")"),
        ("impl Fn() -> ", "B", ""),
        ("impl A<", "B", ">"),
        ("dyn A<", "B", ">"),
        ("<A as B<", "B", ">>::C"),
        ("for<'a> fn(", "B", ")"),
        ("A<B = ", "B", ">"),
        ("A<B: C<", "B", ">>"),
    ];
    let patterns = [
        ("(", "a", ")"),
        ("&", "a", ""),
        ("A(", "a", ")"),
        ("A { b: ", "a", " }"),
        ("[", "a", "]"),
        ("a @ ", "a", ""),
        ("a | ", "a", ""),
    ];
    let items = [("mod a { ", "", " }"), ("impl A { fn f() { ", "", "} }")];
    let wrap = |(before, middle, after): (&str, &str, &str), count: usize| {
        format!("{}{middle}{}", before.repeat(count), after.repeat(count))
    };
    let mut texts: Vec<(String, bool)> = Vec::new();
    for count in [50, 150, 300, 480, 700, 1_000, 1_490, 2_950, 100_000] {
        texts.extend(shapes.map(|shape| (format!("fn f() {{ let x = {}; }}", wrap(shape, count)), count == 100_000)));
        texts.extend(types.map(|shape| (format!("type X = {};", wrap(shape, count)), count == 100_000)));
        texts.extend(patterns.map(|shape| (format!("fn f() {{ let {} = 1; }}", wrap(shape, count)), count == 100_000)));
        texts.extend(items.map(|shape| (wrap(shape, count), count == 100_000)));
        texts.push((format!("use {}b;", "a::".repeat(count)), count == 100_000));
        texts.push((format!("use {}b{};", "a::{".repeat(count), "}".repeat(count)), count == 100_000));
    }
    let outcomes = on_big_stack(move || {
        let outcomes = texts.into_iter().map(|(text, is_refused)| {
            let outcome = parse(&text).map(|_| ());
            (text.chars().take(40).collect::<String>(), is_refused, outcome)
        });
        outcomes.collect::<Vec<_>>()
    });
    for (text, is_refused, outcome) in outcomes {
        let is_deep = matches!(&outcome, Err(NotAnalysed { reason, .. }) if reason == "the code nests too deeply");
        // Attributes in a row are a list.
        if is_refused && !text.contains("#[a]") {
            assert!(is_deep, "{text} {outcome:?}");
        }
    }
}

#[test]
fn long_numbers_are_not_analysed() {
    let error = parse(&format!("const A: u8 = {};", "9".repeat(60_000))).expect_err("too long");
    assert_eq!(error.span, Some(Span::new(14, 14)));
    assert!(parse(&format!("const A: u128 = {};", "9".repeat(900))).is_ok());
}

#[test]
fn literals() {
    let (text, ir) = body("(0x1F, 1_000u32, 99999999999999999999, 1.5, 2f32, 'a', b'a', \"s\", c\"s\", true, -3)");
    let body = main_body(&ir);
    let literals: Vec<_> = body
        .exprs
        .iter()
        .filter_map(|expr| match expr.kind {
            Expr::Literal(literal) => Some((text_of(&text, expr.span), literal)),
            _ => None,
        })
        .collect();
    assert_eq!(
        literals,
        [
            ("0x1F", Literal::Int(31)),
            ("1_000u32", Literal::Int(1_000)),
            ("99999999999999999999", Literal::Int(u64::MAX)),
            ("1.5", Literal::Float),
            ("2f32", Literal::Float),
            ("'a'", Literal::Char),
            ("b'a'", Literal::Int(97)),
            ("\"s\"", Literal::Str),
            ("c\"s\"", Literal::Bytes),
            ("true", Literal::Bool(true)),
            ("3", Literal::Int(3)),
        ]
    );
}

#[test]
fn trait_objects_from_before_dyn() {
    let text = "type Plain = Box<Fn(u8) -> u8>; type Job = Box<FnMut(u8) + Send + 'static>; /* a + Send */ fn late<T: Clone + Send>(job: Job) {}\nfn last() {}";
    let ir = read(text);
    let names: Vec<&str> = ir.items.iter().filter_map(|item| ir.names.text(item.name)).collect();
    assert_eq!(names, ["Plain", "Job", "late", "last"]);
    assert_eq!(ir.items.last().map(|last| last.name_span.text(text)), Some("last"));
    assert!(ir.names.text(Name::of("FnMut")).is_some());
}

#[test]
fn a_broken_item_loses_itself_alone() {
    let text =
        "fn first() {}\nimpl Broken { fn a(&self) { let = 1; } }\nstruct Later { field: u8 }\nfn last() { later(); }";
    let (ir, problem) = parse_partly(text);
    let names: Vec<&str> = ir.items.iter().filter_map(|item| ir.names.text(item.name)).collect();
    assert_eq!(names, ["first", "Later", "last"]);
    let problem = problem.expect("one item is broken");
    assert!(problem.span.is_some());
    assert!(problem.mentions(text, "Broken") && !problem.mentions(text, "later"));
    assert_eq!(
        problem.unread.iter().map(|span| span.text(text)).collect::<Vec<_>>(),
        ["impl Broken { fn a(&self) { let = 1; } }"]
    );
    assert!(parse(text).is_err());
}

#[test]
fn parameters_from_before_their_names() {
    let text = "trait Sink<T> {\n    fn put(&mut self, u32, &HashMap<K, V>) -> bool;\n    fn each<F: Fn(u8) -> u8>(&self, f: F, Option<T>);\n    fn at(a::B, fn(u8) -> u8) { later() }\n}";
    let ir = read(text);
    let functions: Vec<(&str, usize)> = ir
        .items
        .iter()
        .filter_map(|item| match &item.kind {
            ItemKind::Function(function) => Some((ir.names.text(item.name)?, function.params.len())),
            _ => None,
        })
        .collect();
    assert_eq!(functions, [("put", 2), ("each", 2), ("at", 2)]);
}

#[test]
fn items_with_older_syntax_are_read() {
    let text = "struct After { field: u8 }\ntype Job = Box<(Fn(&u32) -> () + 'static)>;\ntype Slot<'a> = (u8, &'a Fn());\nfn make() -> Box<Node> { box Node { next: None } }\nfn last() {}";
    let ir = read(text);
    let names: Vec<&str> = ir.items.iter().filter_map(|item| ir.names.text(item.name)).collect();
    assert_eq!(names, ["After", "Job", "Slot", "make", "last"]);
    assert_eq!(ir.items.last().map(|last| last.name_span.text(text)), Some("last"));
}

#[test]
fn names_from_before_async() {
    let text = "pub mod async { pub fn await() {} }\nfn run() { self::async::await(); }";
    let ir = read(text);
    let names: Vec<&str> = ir.items.iter().filter_map(|item| ir.names.text(item.name)).collect();
    assert_eq!(names, ["async", "await", "run"]);
}

#[test]
fn a_comment_without_an_end_is_an_error_in_both_ways() {
    for (text, open) in [
        ("fn a() {}\n/* b", true),
        ("fn a() {}\n/* /* b */", true),
        ("fn a() {}\n/*/", true),
        ("fn a() {}\n/* /* b */ */", false),
        ("fn a() {}\n/**/", false),
        ("fn a() {}\n/***/", false),
        ("fn a() {}\n// /*", false),
    ] {
        assert_eq!(parse_outline(text).1.is_some(), open, "{text}");
        assert_eq!(parse_partly(text).1.is_some(), open, "{text}");
    }
}
