//! The threads, tasks and jobs: what each runs, who starts it, what becomes of it.

use super::build::{Builder, function_name};
use super::{Detail, EdgeKind, Ending, Node, NodeKind};
use crate::facts::{Context, Entry, Fate, FateEnd, Spawn, SpawnKind};
use crate::model::DefId;
use crate::syntax::ir::Expr;

/// How many functions deep a thread is handed on until it starts.
const WRAPPERS: u32 = 4;
/// How many joins are named.
const MAX_JOINS: usize = 3;
/// How many functions of a closure are named.
const MAX_CALLED: usize = 3;

/// Adds them, and who starts them.
pub(super) fn add(builder: &mut Builder<'_, '_>) {
    let cx = builder.cx;
    let owner = |spawn: &Spawn| cx.program.body(spawn.body).owner;
    let shown: Vec<&Spawn> =
        cx.spawns().all.iter().filter(|spawn| builder.is_asked_for(owner(spawn)) && !cx.is_handed_on(spawn)).collect();
    let mut nodes = Vec::with_capacity(shown.len());
    for spawn in &shown {
        let node = builder.node(builder.in_crate(owner(spawn), describe(cx, spawn)));
        builder.started((spawn.body, spawn.call), node);
        nodes.push(node);
    }
    for (spawn, node) in shown.iter().zip(nodes) {
        let place = builder.place_in(spawn.body, spawn.call);
        for starter in builder.actors(spawn.body, spawn.call, Some(node)) {
            builder.edge(EdgeKind::Starts, (starter, node), place.clone());
        }
    }
}

fn describe(cx: &Context<'_>, spawn: &Spawn) -> Node {
    let analysis = cx.analysis(spawn.body);
    let given = cx.thread_name(spawn).filter(|name| !name.trim().is_empty());
    // It stands as it is written.
    let given = given.map(|name| name.replace("\\\"", "\"").replace("\\\\", "\\"));
    let mut details = Vec::new();
    let runs = main_function(cx, spawn);
    let name = match (given, runs) {
        (Some(name), Some(function)) => {
            let text = format!("runs {}", function_name(cx, function));
            details.push(Detail { text, loc: Some(cx.program.name_loc(function)) });
            name
        }
        (Some(name), None) => name,
        (None, Some(function)) => function_name(cx, function),
        (None, None) => {
            let mut called = cx.called_by_started(spawn);
            // `deref`, `from`, `drop`: nobody starts a thread for them.
            called.retain(|function| is_own(cx, *function));
            if !called.is_empty() && called.len() <= MAX_CALLED {
                let called: Vec<String> = called.into_iter().map(|function| function_name(cx, function)).collect();
                details.push(Detail { text: format!("runs {}", called.join(", ")), loc: None });
            }
            let owner = function_name(cx, analysis.body.owner);
            match spawn.entry {
                Entry::Closure(..) => format!("closure in {owner}"),
                Entry::Param(..) => format!("what {owner} is given"),
                Entry::Function(_) | Entry::Unknown => format!("started in {owner}"),
            }
        }
    };
    let ending = match spawn.kind {
        SpawnKind::Thread | SpawnKind::Scoped => Some(ending(cx, spawn, &mut details)),
        SpawnKind::Task | SpawnKind::Pool => None,
    };
    let kind = match (spawn.kind, ending) {
        (_, Some(ending)) => NodeKind::Thread(ending),
        (SpawnKind::Task, None) => NodeKind::Task,
        _ => NodeKind::Job,
    };
    let many = cx.is_started_in_rounds(spawn);
    Node { kind, name, details, loc: analysis.call_loc(spawn.call), krate: String::new(), many }
}

/// Whether a function is no implementation of another crate's trait.
fn is_own(cx: &Context<'_>, function: DefId) -> bool {
    let header = cx.program.def(function).parent.and_then(|block| cx.program.impl_header(block));
    let foreign = header.and_then(|header| header.trait_ref.as_ref()).map(|own| own.trait_def);
    foreign.is_none_or(|own| cx.program.is_user(own))
}

/// The function that a thread is there for: the one that it is given or that its closure only calls; of several in that one
/// call, as in parity-db's `db.store_err(DbInner::flush_worker(db.clone()))`, the one with a loop, or else the longest.
fn main_function(cx: &Context<'_>, spawn: &Spawn) -> Option<DefId> {
    let only = cx.started_function(spawn)?;
    let weight = |function: &DefId| {
        let body = cx.program.body_of(*function).map(|body| cx.program.body(body));
        let exprs = body.map_or(&[][..], |body| &body.ir.exprs);
        (exprs.iter().any(|data| matches!(data.kind, Expr::Loop(_))), exprs.len())
    };
    cx.called_by_started(spawn).into_iter().rev().max_by_key(weight).or(Some(only))
}

/// What becomes of a thread, told in the details too.
fn ending(cx: &Context<'_>, spawn: &Spawn, details: &mut Vec<Detail>) -> Ending {
    let mut say = |text: String, loc| details.push(Detail { text, loc });
    if spawn.kind == SpawnKind::Scoped {
        say("joined by its scope".to_owned(), None);
        return Ending::Joined;
    }
    let Some(fate) = fate(cx, spawn, WRAPPERS) else {
        say("its handle is not seen".to_owned(), None);
        return Ending::Unknown;
    };
    let joins: Vec<_> = fate.joins().collect();
    if !joins.is_empty() {
        joins.iter().take(MAX_JOINS).for_each(|join| say("joined".to_owned(), Some(*join)));
        return Ending::Joined;
    }
    let mut kept = None;
    for end in &fate.ends {
        match end {
            FateEnd::Returned(function, loc) => {
                say(format!("its handle is returned by {}", function_name(cx, *function)), Some(*loc));
                return Ending::Unknown;
            }
            FateEnd::StoredStatic(def, loc) => {
                say(format!("its handle is kept in {}", cx.program.name(*def)), Some(*loc));
                return Ending::Unknown;
            }
            FateEnd::Escapes(loc) => {
                say("its handle is passed on".to_owned(), Some(*loc));
                return Ending::Unknown;
            }
            FateEnd::Stored(field, loc) => kept = kept.or(Some((*field, *loc))),
            FateEnd::Joined(_)
            | FateEnd::Dropped(..)
            | FateEnd::Detached(_)
            | FateEnd::Observed(_)
            | FateEnd::Overwritten(..) => {}
        }
    }
    match (kept, fate.detaches().next()) {
        (Some((field, loc)), _) => {
            say(format!("never joined; its handle is kept in {}", cx.field_text(field)), Some(loc))
        }
        (None, Some(loc)) => say("detached".to_owned(), Some(loc)),
        (None, None) => say("detached: its handle is dropped".to_owned(), None),
    }
    Ending::Detached
}

/// What becomes of a thread's handle, here or in the function that starts it.
fn fate(cx: &Context<'_>, spawn: &Spawn, depth: u32) -> Option<Fate> {
    let depth = depth.checked_sub(1)?;
    let handles = &cx.spawns().handles;
    match handles.binary_search_by_key(&(spawn.body, spawn.call), |site| (site.body, site.call)) {
        Ok(_) => Some(cx.full_fate(&cx.fate(spawn.body, spawn.call))),
        Err(_) => fate(cx, cx.spawn_inside(spawn)?, depth),
    }
}
