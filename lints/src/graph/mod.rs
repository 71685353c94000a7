//! What a program does with threads, as a graph to look at: who starts whom, who sends to whom, which lock is taken under
//! which.
//!
//! Invariants: nodes and edges are in one order, that of kind and place, whatever the number of threads; an edge leads between
//! nodes of the graph; what stands in files that are not asked for is left out. It shows what is seen: an edge that is missing
//! proves nothing.

mod build;
mod channels;
mod locks;
mod threads;

use crate::catalog;
use crate::facts::Context;
use crate::model::Program;
use crate::settings::Settings;
use crate::source::{FileId, Loc};
use crate::syntax::NotAnalysed;
use crate::workspace::Workspace;
use build::Builder;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The threads, channels and nested locks of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The nodes, by kind and place.
    pub nodes: Vec<Node>,
    /// The edges, by kind and ends.
    pub edges: Vec<Edge>,
    /// Files that were not analysed, or only in part, with the reason and the place, in the order of path and place.
    pub not_analysed: Vec<(FileId, NotAnalysed)>,
    /// Panics while a part of it was made; the rest stands.
    pub faults: Vec<String>,
}

/// Something to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// What it is called: a thread's name or function, `Type::field` of a lock.
    pub name: String,
    /// What else is known of it, in order.
    pub details: Vec<Detail>,
    /// Where it is started, made or declared.
    pub loc: Loc,
    /// The crate that it stands in.
    pub krate: String,
    /// It is started in a loop: there may be several.
    pub many: bool,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeKind {
    /// The first thread of a program, from its `main` on.
    Main,
    /// A function of which it is not seen on which threads it runs: usually a part of the crate's interface.
    Function,
    /// An OS thread.
    Thread(Ending),
    /// A task of an async runtime.
    Task,
    /// A job of a pool.
    Job,
    /// A channel.
    Channel,
    /// A lock that is taken under another, or another under it.
    Lock,
}

/// What becomes of a thread in the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ending {
    /// Somebody joins it, or its scope does.
    Joined,
    /// Its handle is let go of, or kept and never joined.
    Detached,
    /// Its handle goes where it cannot be followed.
    Unknown,
}

/// A short remark with its place, if it has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Detail {
    /// The remark: lower case, names as they stand.
    pub text: String,
    /// Its place.
    pub loc: Option<Loc>,
}

/// What leads from one node to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index of the node that it leads from.
    pub from: usize,
    /// The index of the node that it leads to.
    pub to: usize,
    /// What it is.
    pub kind: EdgeKind,
    /// Where it happens: the function, with the place; several where it happens more than once.
    pub places: Vec<Detail>,
    /// It is part of a way round: of locks that are taken in a circle.
    pub in_cycle: bool,
}

/// What an edge is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EdgeKind {
    /// Starts a thread, task or job.
    Starts,
    /// Sends on a channel.
    Sends,
    /// From a channel to who takes its messages.
    Receives,
    /// From a lock that is held to the one that is taken meanwhile.
    LockedUnder,
}

/// The graph of a workspace. Runs in the current rayon pool, whose threads need [`crate::syntax::STACK_SIZE`] of stack.
///
/// ```
/// let graph = thread_lints::graph(&thread_lints::Workspace::default(), &thread_lints::Settings::default());
/// assert!(graph.nodes.is_empty() && graph.edges.is_empty());
/// ```
pub fn graph(workspace: &Workspace, settings: &Settings) -> Graph {
    let libraries = catalog::load(workspace, settings);
    let program = Program::link(workspace, &libraries, settings.tests);
    let cx = Context::new(&program, settings);
    let mut builder = Builder::new(&cx);
    let mut faults = Vec::new();
    let mut part = |name: &str, add: fn(&mut Builder<'_, '_>)| {
        if catch_unwind(AssertUnwindSafe(|| add(&mut builder))).is_err() {
            faults.push(format!("the graph's {name} are missing after a panic"));
        }
    };
    part("threads", threads::add);
    part("channels", channels::add);
    part("locks", locks::add);
    Graph { not_analysed: workspace.not_analysed(), faults, ..builder.finish() }
}
