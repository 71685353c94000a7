//! On which threads code runs, as far as its callers can be seen: for people to look at, not to conclude from.
//!
//! Where [`Context::threads_at`] has to know all of them, this gives those that it finds; callers that are not seen are left
//! out without a word.

use super::context::Context;
use super::entry::Entry;
use super::spawns::Spawn;
use crate::model::{BodyId, DefId};
use crate::syntax::ir::{Expr, ExprId, Stmt};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// How many callers deep is looked.
const DEPTH: u32 = 6;
/// How many functions are looked at for one question.
const MAX_FUNCTIONS: usize = 400;

/// What comes to a piece of code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Runner {
    /// The program's first thread, from this `main` on.
    Main(DefId),
    /// The thread, task or job that is started here.
    Started(BodyId, ExprId),
}

/// Answers who comes to code, each function's callers once.
#[derive(Debug)]
pub struct Runners<'c, 'a> {
    cx: &'c Context<'a>,
    by_function: FxHashMap<DefId, Vec<Runner>>,
    by_closure: FxHashMap<(BodyId, ExprId), Runner>,
    known: RefCell<FxHashMap<DefId, BTreeSet<Runner>>>,
}

impl<'c, 'a> Runners<'c, 'a> {
    /// Over all that the program starts.
    pub fn new(cx: &'c Context<'a>) -> Runners<'c, 'a> {
        let mut by_function: FxHashMap<DefId, Vec<Runner>> = FxHashMap::default();
        let mut by_closure = FxHashMap::default();
        for spawn in &cx.spawns().all {
            let runner = Runner::Started(spawn.body, spawn.call);
            match spawn.entry {
                Entry::Closure(body, closure) => {
                    by_closure.entry((body, closure)).or_insert(runner);
                }
                Entry::Function(function) => by_function.entry(function).or_default().push(runner),
                Entry::Param(..) | Entry::Unknown => {}
            }
        }
        Runners { cx, by_function, by_closure, known: RefCell::default() }
    }

    /// The threads that are seen to come to an expression.
    pub fn of(&self, body: BodyId, expr: ExprId) -> BTreeSet<Runner> {
        if let Some(own) = self.closure_around(body, expr) {
            return BTreeSet::from([own]);
        }
        let function = self.cx.program.body(body).owner;
        if let Some(known) = self.known.borrow().get(&function) {
            return known.clone();
        }
        let mut found = BTreeSet::new();
        self.climb(function, DEPTH, &mut FxHashSet::default(), &mut found);
        self.known.borrow_mut().insert(function, found.clone());
        found
    }

    fn climb(&self, function: DefId, depth: u32, seen: &mut FxHashSet<DefId>, found: &mut BTreeSet<Runner>) {
        if seen.len() >= MAX_FUNCTIONS || !seen.insert(function) {
            return;
        }
        let program = self.cx.program;
        if self.cx.is_main(function) {
            found.insert(Runner::Main(function));
            return;
        }
        found.extend(self.by_function.get(&function).into_iter().flatten());
        let Some(depth) = depth.checked_sub(1) else { return };
        // A call of the trait's function may run this one.
        let declared = program.declared_by_trait(function).filter(|declared| program.is_user(*declared));
        for called in [Some(function), declared].into_iter().flatten() {
            for (body, call) in self.cx.calls_of(called) {
                match self.closure_around(body, call) {
                    Some(runner) => {
                        found.insert(runner);
                    }
                    None => self.climb(program.body(body).owner, depth, seen, found),
                }
            }
        }
    }

    /// The thread whose closure an expression stands in.
    fn closure_around(&self, body: BodyId, expr: ExprId) -> Option<Runner> {
        let analysis = self.cx.analysis(body);
        let around = |at: &ExprId| analysis.tree.enclosing_closure(analysis.body, *at);
        let mut closures = std::iter::successors(around(&expr), around);
        closures.find_map(|closure| self.by_closure.get(&(body, closure)).copied())
    }
}

impl Context<'_> {
    /// The function of the user's that a thread runs: given by name, or all that its closure calls.
    pub fn started_function(&self, spawn: &Spawn) -> Option<DefId> {
        match spawn.entry {
            Entry::Function(def) => Some(def).filter(|def| self.program.is_user(*def)),
            Entry::Closure(..) => {
                let (body, mut at) = spawn.entry.code(self)?;
                let analysis = self.analysis(body);
                loop {
                    at = match analysis.expr(at) {
                        Expr::Block(block) => match (block.tail, &*block.stmts) {
                            (Some(tail), []) => tail,
                            (None, [Stmt::Expr { expr, .. }]) => *expr,
                            _ => return None,
                        },
                        // `async move { serve(listener).await }`
                        Expr::Await(inner) => *inner,
                        _ => break,
                    };
                }
                analysis.callee(at).filter(|def| self.program.is_user(*def))
            }
            Entry::Param(..) | Entry::Unknown => None,
        }
    }

    /// The functions of the user's that the code of a thread calls itself, each once, in order.
    pub fn called_by_started(&self, spawn: &Spawn) -> Vec<DefId> {
        let Some((body, root)) = spawn.entry.code(self).filter(|_| matches!(spawn.entry, Entry::Closure(..))) else {
            return Vec::new();
        };
        let analysis = self.analysis(body);
        let mut called: Vec<DefId> = Vec::new();
        for (call, callee) in analysis.calls() {
            let is_own = self.program.is_user(callee) && self.program.body_of(callee).is_some();
            if is_own && !called.contains(&callee) && analysis.tree.is_inside(call, root) {
                called.push(callee);
            }
        }
        called
    }

    /// Whether a spawn stands in rounds of a loop or iterator, inside the code that runs it.
    pub fn is_started_in_rounds(&self, spawn: &Spawn) -> bool {
        let analysis = self.analysis(spawn.body);
        let is_entry = |closure: ExprId| {
            let entry = Entry::Closure(spawn.body, closure);
            self.spawns_in(spawn.body).any(|other| other.entry == entry)
        };
        for around in analysis.tree.ancestors(spawn.call) {
            match analysis.expr(around) {
                Expr::Loop(_) => return true,
                Expr::Closure(_) | Expr::Async { .. } if is_entry(around) => return false,
                Expr::Closure(_) => {
                    let call = analysis.tree.parent(around).expr();
                    if call.is_some_and(|call| self.runs_per_element(analysis, call)) {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// The spawn of the catalogue behind a call of the user's own function that starts what it is given.
    pub fn spawn_inside(&self, spawn: &Spawn) -> Option<&Spawn> {
        let callee = self.analysis(spawn.body).callee(spawn.call).filter(|_| !spawn.direct)?;
        let body = self.program.body_of(callee)?;
        self.spawns_in(body).find(|inner| matches!(inner.entry, Entry::Param(owner, _) if owner == callee))
    }

    /// Whether a spawn starts what its function is given, and calls of that function are seen, which are spawns themselves.
    pub fn is_handed_on(&self, spawn: &Spawn) -> bool {
        let Entry::Param(owner, _) = spawn.entry else { return false };
        let is_call = |other: &Spawn| self.analysis(other.body).callee(other.call) == Some(owner);
        self.spawns().all.iter().any(|other| !other.direct && is_call(other))
    }
}
