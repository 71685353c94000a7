//! The drop rules of both editions, asked through calls of `probe_x()` in snippets.

use super::*;
use crate::model::{BodyRef, BodyTree, DefId, Inference, Program, Ty};
use crate::source::{FileId, LineIndex, Name};
use crate::syntax::ir::{Expr, ItemKind};
use crate::syntax::{FileIr, parse};
use crate::workspace::{Dependency, DependencyTarget, Edition, Krate, SourceFile, TargetKind, Workspace};
use std::sync::{Arc, LazyLock};

const PRELUDE: &str = "
#![allow(warnings)]
use std::sync::{Arc, Mutex, MutexGuard, Condvar, RwLock};
use std::thread::{self, JoinHandle};
pub struct State { pub n: u32, pub name: String, pub opt: Option<u32>, pub list: Vec<u32> }
impl State { fn check(&self) -> bool { true } fn get(&self) -> Option<u32> { None } fn num(&self) -> u32 { 1 } }
fn probe_a() -> bool { true }
fn probe_b() -> bool { true }
fn probe_c() -> bool { true }
fn probe_d() -> bool { true }
fn give() -> u32 { 1 }
fn cond() -> bool { true }
fn fail() -> Result<u32, ()> { Ok(1) }
fn two(a: u32, b: u32) -> u32 { a }
fn eat(g: MutexGuard<'_, State>) {}
fn stop() -> ! { loop {} }
fn mark(t: bool) -> u32 { 1 }
struct Holder<'a> { g: MutexGuard<'a, State> }
";

static STD: LazyLock<Arc<FileIr>> =
    LazyLock::new(|| Arc::new(parse(include_str!("../../../catalog/std.rs")).unwrap_or_default()));

const EDITIONS: [Edition; 2] = [Edition::E2021, Edition::E2024];

/// A loose crate of one file.
fn workspace(text: &str, edition: Edition) -> Workspace {
    let text = format!("{PRELUDE}{text}");
    let ir = match parse(&text) {
        Ok(ir) => ir,
        Err(problem) => unreachable!("{problem:?} in {text}"),
    };
    let text: Arc<str> = text.into();
    let lines = Arc::new(LineIndex::new(&text));
    let std = Dependency { alias: "std".to_owned(), target: DependencyTarget::External("std".to_owned()) };
    Workspace {
        crates: vec![Krate {
            name: "snippet".to_owned(),
            package: "snippet".to_owned(),
            kind: TargetKind::Loose,
            edition,
            root: FileId(0),
            module_files: Default::default(),
            selected: true,
            dependencies: vec![std],
            rust_version: None,
            panic_abort: false,
            is_public_api: false,
        }],
        files: vec![SourceFile { path: "snippet.rs".to_owned(), text, lines, ir: Arc::new(ir), problem: None }],
        ..Workspace::default()
    }
}

/// Runs a question on the flow of `fn f` (or of the closure numbered `closure` in it).
fn with_flow<R>(text: &str, edition: Edition, closure: Option<usize>, ask: impl FnOnce(BodyView<'_>, &Flow) -> R) -> R {
    let workspace = workspace(text, edition);
    let libraries = [("std".to_owned(), STD.clone())];
    let program = Program::link(&workspace, &libraries, false);
    let body: BodyRef<'_> = match program.user_bodies().find(|body| program.item(body.owner).name == Name::of("f")) {
        Some(body) => body.read(),
        None => unreachable!("no fn f in {text}"),
    };
    let types: Inference = program.infer(body);
    let tree = BodyTree::build(body);
    let view = BodyView { program: &program, body, types: &types, tree: &tree };
    let closures = body.ir.exprs.iter().enumerate().filter_map(|(index, data)| {
        matches!(data.kind, Expr::Closure(_) | Expr::Async { .. }).then_some(ExprId(index as u32))
    });
    let root = match closure {
        Some(index) => FlowRoot::Closure(closures.collect::<Vec<_>>()[index]),
        None => FlowRoot::Body,
    };
    let flow = Flow::build(view, root);
    check_invariants(&flow);
    ask(view, &flow)
}

fn check_invariants(flow: &Flow) {
    let reached = flow.reach(flow.entry(), |_, _, _| true);
    for (node, action) in flow.nodes() {
        assert!(node == flow.entry() || reached.contains(node.index()), "{node:?} {action:?} is not reached");
        let ends = matches!(action, Action::Return | Action::Diverge);
        assert_eq!(flow.successors(node).is_empty(), ends, "{node:?} {action:?}");
    }
    for data in flow.loops() {
        let entries = flow.predecessors(data.head).iter().filter(|(kind, _)| *kind != EdgeKind::Back);
        assert_eq!(entries.count(), 1, "the way into a loop");
    }
}

fn calls<'a>(view: BodyView<'a>, name: &'a str) -> impl Iterator<Item = ExprId> + 'a {
    let name = Name::of(name);
    view.body.ir.exprs.iter().enumerate().filter_map(move |(index, data)| {
        let found = match &data.kind {
            Expr::MethodCall(call) => call.method == name,
            Expr::Call { callee, .. } => {
                matches!(&view.body.expr(*callee).kind, Expr::Path(path) if path.last() == name)
            }
            Expr::Macro(call) => call.path.last() == name,
            _ => false,
        };
        found.then_some(ExprId(index as u32))
    })
}

fn effect(view: BodyView<'_>, call: ExprId, word: &str) -> bool {
    view.types.callee(view.body, call).is_some_and(|def: DefId| {
        view.program.item(def).attrs.effects.iter().any(|effect| effect.name == Name::of(word))
    })
}

/// The guard (or handle) is what the first `lock`, `spawn` or `origin` call makes, through `unwrap` and the like.
fn track_first(view: BodyView<'_>, flow: &Flow, origin: &str) -> Track {
    let origin = match calls(view, origin).next() {
        Some(origin) => origin,
        None => unreachable!("no origin"),
    };
    track(view, flow, TrackStart::Expr(origin))
}

fn track(view: BodyView<'_>, flow: &Flow, start: TrackStart) -> Track {
    let role = |role: Parent| match role {
        Parent::Receiver(call) | Parent::Arg(call, _) => {
            let method = match &view.body.expr(call).kind {
                Expr::MethodCall(data) => Some(data.method),
                _ => None,
            };
            let passing = ["unwrap", "expect", "wait", "ok"].map(Name::of);
            if effect(view, call, "drops") {
                CallRole::Drops
            } else if effect(view, call, "forgets") {
                CallRole::Forgets
            } else if effect(view, call, "takes") {
                CallRole::Extracts
            } else if method.is_some_and(|method| passing.contains(&method)) {
                CallRole::Passes
            } else {
                CallRole::Takes
            }
        }
        _ => CallRole::Takes,
    };
    let wanted = ["MutexGuard", "JoinHandle"].map(Name::of);
    let holds = |ty: &Ty| {
        ty.any(&mut |ty| ty.is_unknown() || ty.adt().is_some_and(|def| wanted.contains(&view.program.item(def).name)))
    };
    flow.track(view, start, &Follow { role: &role, holds: &holds, into_structs: false })
}

type Parent = crate::model::Parent;

/// The probes at which the value of the first `origin` call is live: `"a c"`.
fn probes(view: BodyView<'_>, flow: &Flow, track: &Track) -> String {
    let live = |probe: &&str| calls(view, &format!("probe_{probe}")).any(|call| track.live_at(flow, call));
    ["a", "b", "c", "d"].iter().filter(|probe| live(probe)).copied().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn live(text: &str, edition: Edition, expected: &str) {
    let text = format!("fn f(m: &Mutex<State>, m2: &Mutex<State>) {{ {text} }}");
    let found = with_flow(&text, edition, None, |view, flow| {
        let track = track_first(view, flow, "lock");
        probes(view, flow, &track)
    });
    assert_eq!(found, expected, "{edition:?}: {text}");
}

#[track_caller]
fn both(text: &str, expected: &str) {
    for edition in EDITIONS {
        live(text, edition, expected);
    }
}

#[track_caller]
fn differ(text: &str, old: &str, new: &str) {
    live(text, Edition::E2021, old);
    live(text, Edition::E2024, new);
}

#[track_caller]
fn ends(text: &str, origin: &str, expected: &[&str]) {
    for edition in EDITIONS {
        let found = with_flow(text, edition, None, |view, flow| {
            let track = track_first(view, flow, origin);
            let mut kinds: Vec<String> = track
                .ends
                .iter()
                .map(|end| format!("{:?}", end.kind).split('(').next().unwrap_or_default().to_owned())
                .collect();
            kinds.sort();
            kinds.dedup();
            kinds
        });
        assert_eq!(found, expected, "{edition:?}: {text}");
    }
}

// Temporaries.

#[test]
fn scrutinees_hold_to_the_end_of_the_body() {
    both("match m.lock().unwrap().opt { Some(_) => { probe_a(); } None => { probe_b(); } } probe_c();", "a b");
    both("for x in m.lock().unwrap().list.iter() { probe_a(); } probe_b();", "a");
    both("while let Some(x) = m.lock().unwrap().get() { probe_a(); } probe_b();", "a");
    both("while m.lock().unwrap().check() { probe_a(); } probe_b();", "");
}

#[test]
fn if_let_releases_before_else_from_2024() {
    let text = "if let Some(x) = m.lock().unwrap().get() { probe_a(); } else { probe_b(); } probe_c();";
    differ(text, "a b", "a");
    let text = "let x = two(if let Some(x) = m.lock().unwrap().get() { 1 } else { 2 }, mark(probe_a()));";
    differ(text, "a", "");
    let text = "if let Some(x) = m.lock().unwrap().get() { } else if probe_a() { probe_b(); }";
    differ(text, "a b", "");
}

#[test]
fn let_chains_hold_through_later_operands() {
    let text = "if let Some(x) = m.lock().unwrap().get() && probe_a() && let Some(y) = m2.lock().unwrap().get() \
                { probe_b(); } else { probe_c(); } probe_d();";
    live(text, Edition::E2024, "a b");
    let text = "if m.lock().unwrap().check() && let Some(x) = give_opt(probe_a()) { probe_b(); }";
    both(text, "");
}

#[test]
fn conditions_and_logic_release_at_once() {
    both("if m.lock().unwrap().check() { probe_a(); } else { probe_b(); }", "");
    both("let x = m.lock().unwrap().check() && probe_a(); probe_b();", "");
    both("let x = m.lock().unwrap().check() || probe_a(); probe_b();", "");
    both("if m.lock().unwrap().check() || probe_a() { probe_b(); }", "");
    both("if !m.lock().unwrap().check() { probe_a(); }", "");
}

#[test]
fn siblings_in_a_statement_hold() {
    both("two(m.lock().unwrap().n, mark(probe_a())); probe_b();", "a");
    both("let x = m.lock().unwrap().n + mark(probe_a()); probe_b();", "a");
    both("println!(\"{} {}\", m.lock().unwrap().n, probe_a()); probe_b();", "a");
    both("let x = (println!(\"{}\", m.lock().unwrap().n), probe_a());", "");
    both("let x = (assert_eq!(m.lock().unwrap().n, 1), probe_a()); probe_b();", "a");
    both("let x = vec![m.lock().unwrap().n, mark(probe_a())]; probe_b();", "a");
}

#[test]
fn assignments_evaluate_the_right_side_first() {
    both("m2.try_lock().unwrap().n = m.lock().unwrap().n + mark(probe_a()); probe_b();", "a");
    both("m.lock().unwrap().n = mark(probe_a()); probe_b();", "");
    both("m.lock().unwrap().list[mark(probe_a()) as usize] = 1; probe_b();", "a");
    let text = "let mut x = [0, 0]; x[mark(probe_a()) as usize] = m.lock().unwrap().n; probe_b();";
    // `lock` is the right side here, and evaluated before the index.
    both(text, "a");
    both("let mut x = [0]; x[mark(probe_a()) as usize] += m.lock().unwrap().n; probe_b();", "a");
    let text = "let mut x = [0]; x[mark(probe_a()) as usize] = { let n = m.lock().unwrap().n; n };";
    both(text, "");
    let text = "let mut x = [0]; x[mark(probe_a()) as usize] = { m.lock().unwrap().n };";
    differ(text, "a", "");
}

#[test]
fn let_else_releases_before_its_else() {
    both("let Some(x) = m.lock().unwrap().get() else { probe_a(); return; }; probe_b();", "");
    both("let Ok(g) = m.lock() else { return; }; probe_b();", "b");
    both("let Ok(_) = m.lock() else { return; }; probe_b();", "");
}

#[test]
fn tails_outlive_the_block_until_2021() {
    let text = "two({ m.lock().unwrap().n }, mark(probe_a())); probe_b();";
    differ(text, "a", "");
    differ("match { m.lock().unwrap().n } { _ => { probe_a(); } }", "a", "");
    both("let n = { m.lock().unwrap().n }; probe_a();", "");
    // A branch, an arm and a loop's body are ends of their own.
    both("two(if cond() { m.lock().unwrap().n } else { 1 }, mark(probe_a()));", "");
    both("two(match cond() { _ => m.lock().unwrap().n }, mark(probe_a()));", "");
    both("loop { m.lock().unwrap().check(); probe_a(); }", "");
    both("two(match m.lock().unwrap().n { _ => 1 }, mark(probe_a()));", "a");
}

#[test]
fn a_tail_of_the_body_drops_before_or_after_the_locals() {
    let text = "fn f(m: &Mutex<State>) -> u32 { let v = vec![1u32]; m.lock().unwrap().num() }";
    for (edition, expected) in [(Edition::E2021, true), (Edition::E2024, false)] {
        let held = with_flow(text, edition, None, |view, flow| {
            let track = track_first(view, flow, "lock");
            flow.nodes().any(|(node, action)| matches!(action, Action::DropLocal(_)) && track.is_live(node))
        });
        assert_eq!(held, expected);
    }
}

#[test]
fn extended_temporaries() {
    both("let x = &*m.lock().unwrap(); probe_a();", "a");
    both("let x = &mut *m.lock().unwrap(); probe_a();", "a");
    both("let x = &m.lock().unwrap().name; probe_a();", "a");
    both("let x = &m.lock().unwrap(); probe_a();", "a");
    both("let x = m.lock().unwrap().n; probe_a();", "");
    both("let ref x = m.lock().unwrap().name; probe_a();", "a");
    both("let x = Some(&m.lock().unwrap().name); probe_a();", "a");
    both("let x = (&m.lock().unwrap().name, 1); probe_a();", "a");
    both("let x = if cond() { &m.lock().unwrap().name } else { return }; probe_a();", "a");
    both("let x = give_ref(&m.lock().unwrap().name); probe_a();", "");
    both("{ let x = &m.lock().unwrap().name; probe_a(); } probe_b();", "a");
}

// Bindings.

#[test]
fn underscore_releases_at_once() {
    both("let _ = m.lock(); probe_a();", "");
    both("let _ = m.lock().unwrap(); probe_a();", "");
    both("let (_, x) = (m.lock(), 1); probe_a();", "");
    both("let (y, x) = (m.lock(), 1); probe_a();", "a");
    both("_ = m.lock().unwrap(); probe_a();", "");
    both("m.lock().unwrap(); probe_a();", "");
    both("let _g = m.lock(); probe_a();", "a");
    both("let ref r = m.lock(); probe_a();", "a");
    both("if let Ok(_) = m.lock() { probe_a(); } probe_b();", "a");
    both("if let Ok(g) = m.lock() { probe_a(); } probe_b();", "a");
}

#[test]
fn underscore_on_a_place_drops_nothing() {
    both("let g = m.lock().unwrap(); let _ = g; probe_a();", "a");
    both("let g = m.lock().unwrap(); g; probe_a();", "");
}

#[test]
fn a_shadowed_guard_stays_alive() {
    both("let g = m.lock().unwrap(); let g = 1; probe_a();", "a");
    both("let g = m.lock().unwrap(); let h = g; probe_a(); { let g = h; } probe_b();", "a");
    both("{ let g = m.lock().unwrap(); probe_a(); } probe_b();", "a");
}

#[test]
fn drops_and_moves_count_per_path() {
    both("let g = m.lock().unwrap(); drop(g); probe_a();", "");
    both("let g = m.lock().unwrap(); std::mem::drop(g); probe_a();", "");
    both("let g = m.lock().unwrap(); eat(g); probe_a();", "");
    both("let g = m.lock().unwrap(); if cond() { drop(g); probe_a(); } else { probe_b(); } probe_c();", "b c");
    both("let g = m.lock().unwrap(); if cond() { drop(g); return; } probe_a();", "a");
    both("let g = m.lock().unwrap(); let h = Holder { g }; probe_a();", "");
    both("let g = m.lock().unwrap(); let c = move || g.n; probe_a();", "");
    both("let g = m.lock().unwrap(); let c = || g.n; probe_a();", "a");
    both("let mut o = Some(m.lock().unwrap()); probe_a(); o.take(); probe_b();", "a");
    both("let mut o = Some(m.lock().unwrap()); let x = o.take(); probe_a();", "a");
    both("let mut g = m.lock().unwrap(); g = m2.lock().unwrap(); probe_a();", "");
    both("let x = &mut *m.lock().unwrap(); let y = &mut *x; probe_a();", "a");
    both("let mut g = m.lock().unwrap(); let x = &mut *g; let y = g.n; let z = g.num(); probe_a();", "a");
}

#[test]
fn values_pass_through_blocks_and_matches() {
    both("let g = match m.lock() { Ok(g) => g, Err(e) => e.into_inner() }; probe_a();", "a");
    both("let g = match m.lock() { Ok(g) => g, Err(_) => { probe_a(); return; } }; probe_b();", "a b");
    both("let g = if cond() { m.lock().unwrap() } else { m2.lock().unwrap() }; probe_a();", "a");
    both("let g = loop { break m.lock().unwrap(); }; probe_a();", "a");
    both("let g = { probe_a(); m.lock().unwrap() }; probe_b();", "b");
    both("let g; g = m.lock().unwrap(); probe_a();", "a");
    both("let c = Condvar::new(); let mut g = m.lock().unwrap(); g = c.wait(g).unwrap(); probe_a();", "a");
}

#[test]
fn pending_operands_drop_on_the_way_out() {
    let text = "fn f(m: &Mutex<State>) -> Result<(), ()> { let h = (m.lock().unwrap(), fail()?); probe_a(); Ok(()) }";
    ends(text, "lock", &["Dropped"]);
    let text = "fn f(m: &Mutex<State>) -> Option<u32> { eat2(m.lock().unwrap(), fail().ok()?); None }";
    ends(text, "lock", &["Dropped", "MovedInto"]);
}

#[test]
fn ends_of_a_handle() {
    ends("fn f() { let h = thread::spawn(|| 1); h.join(); }", "spawn", &["MovedInto"]);
    ends("fn f() { thread::spawn(|| 1); }", "spawn", &["Dropped"]);
    ends("fn f() -> JoinHandle<u32> { thread::spawn(|| 1) }", "spawn", &["Returned"]);
    ends("fn f() -> JoinHandle<u32> { let h = thread::spawn(|| 1); return h; }", "spawn", &["Returned"]);
    ends("fn f() -> Option<JoinHandle<u32>> { Some(thread::spawn(|| 1)) }", "spawn", &["Returned"]);
    ends(
        "fn f() -> Result<(), ()> { let h = thread::spawn(|| 1); fail()?; h.join(); Ok(()) }",
        "spawn",
        &["Dropped", "MovedInto"],
    );
    ends("fn f() { let h = thread::spawn(|| 1); std::mem::forget(h); }", "spawn", &["Forgotten"]);
    ends("fn f() { let h = thread::spawn(|| 1); drop(h); }", "spawn", &["DroppedExplicitly"]);
    ends("fn f(v: &mut Vec<JoinHandle<u32>>) { v.push(thread::spawn(|| 1)); }", "spawn", &["MovedInto"]);
    ends("fn f(s: &mut S) { s.h = thread::spawn(|| 1); }", "spawn", &["MovedInto"]);
    ends("fn f() { let mut h = thread::spawn(|| 1); h = thread::spawn(|| 2); h.join(); }", "spawn", &["Overwritten"]);
    ends("fn f() { let h = thread::spawn(|| 1); odd!(h); }", "spawn", &["UnknownUse"]);
    ends("fn f() { let h = thread::spawn(|| 1); println!(\"{:?}\", h); }", "spawn", &["Dropped"]);
    let builder = "fn f() -> std::io::Result<()> { let h = thread::Builder::new().spawn(|| 1)?; h.join(); Ok(()) }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let builder = "fn f() { match thread::Builder::new().spawn(|| 1) { Ok(h) => { h.join(); } Err(_) => {} } }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let builder = "fn f() { if let Ok(h) = thread::Builder::new().spawn(|| 1) { h.join(); } }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let builder = "fn f() { match thread::Builder::new().spawn(|| 1) { Ok(h) => { h.join(); } _ => {} } }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let builder = "fn f() { let Ok(h) = thread::Builder::new().spawn(|| 1) else { return }; h.join(); }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let builder = "fn f() { if let Err(e) = thread::Builder::new().spawn(|| 1) { return; } }";
    ends(builder, "spawn", &["Absent", "Dropped"]);
    let builder = "fn f() { let r = thread::Builder::new().spawn(|| 1); if let Ok(h) = r { h.join(); } }";
    ends(builder, "spawn", &["Absent", "MovedInto"]);
    let option = "fn f() { let o = Some(thread::spawn(|| 1)); if let Some(h) = o { h.join(); } }";
    ends(option, "spawn", &["Absent", "MovedInto"]);
    let option = "fn f() { let mut o = None; o = Some(thread::spawn(|| 1)); if let Some(h) = o.take() { h.join(); } }";
    ends(option, "spawn", &["Absent", "MovedInto"]);
}

#[test]
fn a_loop_drops_its_locals_each_round() {
    both("loop { probe_a(); let g = m.lock().unwrap(); if cond() { continue; } probe_b(); }", "b");
    both("while cond() { probe_a(); let g = m.lock().unwrap(); probe_b(); } probe_c();", "b");
    both("let mut g = m.lock().unwrap(); loop { probe_a(); if cond() { drop(g); break; } } probe_b();", "a");
    both("'a: { let g = m.lock().unwrap(); if cond() { break 'a; } probe_a(); } probe_b();", "a");
    both("let g = m.lock().unwrap(); 'a: { if cond() { break 'a; } drop(g); } probe_b();", "b");
}

#[test]
fn guards_of_arms_move_nothing_where_they_fail() {
    let text = "match m.lock() { Ok(g) if probe_a() => { drop(g); } Ok(g) => { probe_b(); } Err(_) => {} } probe_c();";
    both(text, "a b");
}

#[test]
fn parameters_and_captures_can_be_followed() {
    for edition in EDITIONS {
        let text = "fn f(g: MutexGuard<'_, State>) { probe_a(); drop(g); probe_b(); }";
        let found = with_flow(text, edition, None, |view, flow| {
            let local = LocalId(0);
            probes(view, flow, &track(view, flow, TrackStart::Local(local)))
        });
        assert_eq!(found, "a");
        let text = "fn f(h: JoinHandle<u32>) { let c = move || { probe_a(); h.join(); probe_b(); }; }";
        let found = with_flow(text, edition, Some(0), |view, flow| {
            let local = LocalId(0);
            probes(view, flow, &track(view, flow, TrackStart::Local(local)))
        });
        assert_eq!(found, "a");
    }
}

// Control flow.

#[track_caller]
fn loop_exits(text: &str, closure: Option<usize>, expected: &[&[&str]]) {
    for edition in EDITIONS {
        let found: Vec<Vec<String>> = with_flow(text, edition, closure, |_, flow| {
            flow.loops()
                .iter()
                .map(|data| {
                    let cause =
                        |exit: &LoopExit| format!("{:?}", exit.cause).split('(').next().unwrap_or_default().to_owned();
                    data.exits.iter().map(cause).collect()
                })
                .collect()
        });
        assert_eq!(found, expected, "{edition:?}: {text}");
    }
}

#[test]
fn ways_out_of_loops() {
    loop_exits("fn f() { loop { give(); } }", None, &[&[]]);
    loop_exits("fn f() { while true { give(); } }", None, &[&[]]);
    loop_exits("fn f() { for _ in 0.. { give(); } }", None, &[&[]]);
    loop_exits("fn f() { for _ in 0..3 { give(); } }", None, &[&["Exhausted"]]);
    loop_exits("fn f() { while cond() && cond() { give(); } }", None, &[&["Condition", "Condition"]]);
    loop_exits("fn f() { while let Some(x) = give_opt() { give(); } }", None, &[&["Condition"]]);
    loop_exits("fn f() { loop { if cond() { break; } } }", None, &[&["Break"]]);
    loop_exits("fn f() { loop { loop { break; } } }", None, &[&[], &["Break"]]);
    loop_exits("fn f() { 'a: loop { loop { break 'a; } } }", None, &[&["Break"], &["Break"]]);
    loop_exits("fn f() { 'a: loop { loop { if cond() { continue 'a; } } } }", None, &[&[], &["Continue"]]);
    loop_exits("fn f() -> Result<(), ()> { loop { fail()?; } }", None, &[&["Try"]]);
    loop_exits("fn f() { loop { let c = || -> Result<(), ()> { fail()?; return Ok(()); }; } }", None, &[&[]]);
    loop_exits("fn f() { loop { if cond() { stop(); } } }", None, &[&["Diverge"]]);
    loop_exits("fn f() { loop { if cond() { panic!(\"x\"); } } }", None, &[&["Diverge"]]);
    loop_exits("fn f() { loop { if cond() { std::process::exit(1); } } }", None, &[&["Diverge"]]);
    loop_exits("fn f() { thread::spawn(|| loop { give(); if cond() { return; } }); }", Some(0), &[&["Return"]]);
    loop_exits("macro_rules! out { () => { return } } fn f() { loop { out!(); } }", None, &[&["Macro"]]);
    loop_exits("macro_rules! out { () => { break } } fn f() { loop { out!(); } }", None, &[&["Macro"]]);
    loop_exits("fn f() -> Result<(), ()> { loop { bail!(\"x\"); } }", None, &[&["Macro"]]);
    loop_exits(
        "fn f() { loop { match give() { 1 => break, 2 if cond() => continue, _ => return } } }",
        None,
        &[&["Break", "Return"]],
    );
}

#[test]
fn dead_code_has_no_nodes() {
    for (text, is_dead) in [
        ("fn f() { return; probe_a(); }", true),
        ("fn f() { loop { give(); } probe_a(); }", true),
        ("fn f() { stop(); probe_a(); }", true),
        ("fn f() { panic!(\"x\"); probe_a(); }", true),
        ("fn f() { if cond() { return; } probe_a(); }", false),
        ("fn f() { match cond() { true => return, false => stop() } probe_a(); }", true),
        ("fn f() { let Some(x) = give_opt() else { panic!() }; probe_a(); }", false),
        ("fn f() { let x = cond() && return; probe_a(); }", false),
        ("fn f() { 'a: { break 'a; } probe_a(); }", false),
    ] {
        for edition in EDITIONS {
            let found = with_flow(text, edition, None, |view, flow| {
                calls(view, "probe_a").all(|call| flow.node(call).is_none())
            });
            assert_eq!(found, is_dead, "{text}");
        }
    }
}

#[test]
fn a_question_mark_leaves_its_try_block() {
    let text = "fn f(m: &Mutex<State>) { let x: Result<u32, ()> = try { let g = m.lock().unwrap(); fail()?; \
                probe_a(); 1 }; probe_b(); }";
    for edition in EDITIONS {
        with_flow(text, edition, None, |view, flow| {
            let track = track_first(view, flow, "lock");
            assert_eq!(probes(view, flow, &track), "a");
            let after = calls(view, "probe_b").next().and_then(|call| flow.node(call));
            let tried = view.body.ir.exprs.iter().position(|data| matches!(data.kind, Expr::Try(_)));
            let tried = tried.and_then(|index| flow.node(ExprId(index as u32)));
            let (Some(after), Some(tried)) = (after, tried) else { unreachable!() };
            let way = flow.reach(tried, |node, kind, _| node != tried || kind == EdgeKind::TryError);
            assert!(way.contains(after.index()));
        });
    }
}

#[test]
fn an_exit_while_a_value_is_live_can_be_asked_for() {
    let text = "fn f() -> Result<(), ()> { fail()?; let h = thread::spawn(|| 1); fail()?; h.join(); fail()?; Ok(()) }";
    with_flow(text, Edition::E2024, None, |view, flow| {
        let track = track_first(view, flow, "spawn");
        let tries = view.body.ir.exprs.iter().enumerate().filter(|(_, data)| matches!(data.kind, Expr::Try(_)));
        let live: Vec<bool> = tries.map(|(index, _)| track.live_at(flow, ExprId(index as u32))).collect();
        assert_eq!(live, [false, true, false]);
    });
}

#[test]
fn select_branches_over_its_arms() {
    let text = "fn f(a: R, b: R) { loop { crossbeam_channel::select! { recv(a) -> x => { probe_a(); } \
                recv(b) -> y => return, default => break } } }";
    for edition in EDITIONS {
        with_flow(text, edition, None, |view, flow| {
            assert!(view.body.ir.exprs.iter().any(|data| matches!(data.kind, Expr::Select(_))));
            let arms = flow.nodes().map(|(node, _)| {
                flow.successors(node).iter().filter(|(kind, _)| matches!(kind, EdgeKind::Arm(_))).count()
            });
            assert_eq!(arms.max(), Some(3));
            assert_eq!(flow.loops()[0].exits.len(), 2);
        });
    }
}

#[test]
fn many_exits_share_their_drops() {
    let mut text = String::from("fn f() -> Result<(), ()> {");
    for index in 0..200 {
        text.push_str(&format!("let v{index} = vec![fail()?];"));
    }
    text.push_str("Ok(()) }");
    let nodes = with_flow(&text, Edition::E2024, None, |_, flow| flow.len());
    assert!(nodes < 200 * 8, "{nodes} nodes");
}

#[test]
fn every_item_kind_of_body_has_a_flow() {
    let text = "static S: u32 = 1 + 2; fn f() { const X: u32 = 3; let y = X; probe_a(); }";
    let workspace = workspace(text, Edition::E2021);
    let libraries = [("std".to_owned(), STD.clone())];
    let program = Program::link(&workspace, &libraries, false);
    for body in program.user_bodies().map(crate::model::BodyHead::read) {
        let types = program.infer(body);
        let tree = BodyTree::build(body);
        let view = BodyView { program: &program, body, types: &types, tree: &tree };
        let flow = Flow::build(view, FlowRoot::Body);
        check_invariants(&flow);
        if let ItemKind::Static(_) = &program.item(body.owner).kind {
            assert!(flow.exit().is_some());
        }
    }
}
