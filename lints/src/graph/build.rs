//! Puts nodes and edges together, each once, and orders them.

use super::{Detail, Edge, EdgeKind, Graph, Node, NodeKind};
use crate::facts::{Context, Runner, Runners};
use crate::model::{BodyId, DefId};
use crate::source::Loc;
use crate::syntax::ir::ExprId;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Where more threads than this come to a function, the function stands for them.
const MAX_ACTORS: usize = 4;

/// A graph in the making.
pub(super) struct Builder<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    runners: Runners<'c, 'a>,
    nodes: Vec<Node>,
    known: FxHashMap<(Sort, Loc), usize>,
    started: FxHashMap<(BodyId, ExprId), usize>,
    edges: BTreeMap<(EdgeKind, usize, usize), (Vec<Detail>, bool)>,
}

/// What keeps nodes of one place apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Sort {
    Code,
    Started,
    Channel,
    Lock,
}

impl Sort {
    fn of(kind: NodeKind) -> Sort {
        match kind {
            NodeKind::Main | NodeKind::Function => Sort::Code,
            NodeKind::Thread(_) | NodeKind::Task | NodeKind::Job => Sort::Started,
            NodeKind::Channel => Sort::Channel,
            NodeKind::Lock => Sort::Lock,
        }
    }
}

impl<'c, 'a> Builder<'c, 'a> {
    pub(super) fn new(cx: &'c Context<'a>) -> Builder<'c, 'a> {
        Builder {
            cx,
            runners: Runners::new(cx),
            nodes: Vec::new(),
            known: FxHashMap::default(),
            started: FxHashMap::default(),
            edges: BTreeMap::new(),
        }
    }

    /// Whether something stands in a crate that the graph is asked of.
    pub(super) fn is_asked_for(&self, def: DefId) -> bool {
        self.cx.program.krate(def).is_some_and(|krate| krate.selected)
    }

    /// Adds a node; a file that two crates share gives one.
    pub(super) fn node(&mut self, node: Node) -> usize {
        let nodes = &mut self.nodes;
        *self.known.entry((Sort::of(node.kind), node.loc)).or_insert_with(|| {
            nodes.push(node);
            nodes.len() - 1
        })
    }

    /// Remembers the node of a thread, for [`Builder::actors`].
    pub(super) fn started(&mut self, site: (BodyId, ExprId), node: usize) {
        self.started.insert(site, node);
    }

    /// Adds an edge, or one more place of it.
    pub(super) fn edge(&mut self, kind: EdgeKind, (from, to): (usize, usize), place: Detail) {
        let (places, _) = self.edges.entry((kind, from, to)).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }

    /// Notes that an edge is part of a way round.
    pub(super) fn close(&mut self, kind: EdgeKind, from: usize, to: usize) {
        if let Some((_, in_cycle)) = self.edges.get_mut(&(kind, from, to)) {
            *in_cycle = true;
        }
    }

    /// The nodes of the threads that come to an expression; else that of the function that it stands in. Not `own`.
    pub(super) fn actors(&mut self, body: BodyId, expr: ExprId, own: Option<usize>) -> Vec<usize> {
        let mut actors = self.threads(body, expr);
        actors.retain(|actor| Some(*actor) != own);
        if actors.is_empty() {
            let owner = self.cx.program.body(body).owner;
            actors.extend(self.function(owner, NodeKind::Function));
        }
        actors
    }

    /// The nodes of the threads that come to an expression, where they are few.
    pub(super) fn threads(&mut self, body: BodyId, expr: ExprId) -> Vec<usize> {
        let runners = self.runners.of(body, expr);
        let mut threads: Vec<usize> = Vec::new();
        if runners.len() > MAX_ACTORS {
            return threads;
        }
        for runner in runners {
            let thread = match runner {
                Runner::Main(function) => self.function(function, NodeKind::Main),
                Runner::Started(body, call) => self.started.get(&(body, call)).copied(),
            };
            threads.extend(thread.filter(|thread| !threads.contains(thread)));
        }
        threads
    }

    /// The names of the threads that come to an expression, where they are few.
    pub(super) fn thread_names(&self, body: BodyId, expr: ExprId) -> Vec<String> {
        let runners = self.runners.of(body, expr);
        let names = runners.iter().filter_map(|runner| match runner {
            Runner::Main(_) => Some("main".to_owned()),
            Runner::Started(body, call) => {
                let node = self.nodes.get(*self.started.get(&(*body, *call))?)?;
                Some(node.name.clone())
            }
        });
        if runners.len() <= MAX_ACTORS { names.collect() } else { Vec::new() }
    }

    fn function(&mut self, function: DefId, kind: NodeKind) -> Option<usize> {
        let program = self.cx.program;
        self.is_asked_for(function).then(|| {
            let name = function_name(self.cx, function);
            let node = Node {
                kind,
                name,
                details: Vec::new(),
                loc: program.name_loc(function),
                krate: String::new(),
                many: false,
            };
            self.node(self.in_crate(function, node))
        })
    }

    /// The node, as one of the crate that an item stands in.
    pub(super) fn in_crate(&self, def: DefId, node: Node) -> Node {
        Node { krate: self.cx.program.krate(def).map_or_else(String::new, |krate| krate.name.clone()), ..node }
    }

    /// The function that a body belongs to, with a place in it.
    pub(super) fn place_in(&self, body: BodyId, expr: ExprId) -> Detail {
        let analysis = self.cx.analysis(body);
        let text = function_name(self.cx, analysis.body.owner);
        Detail { text, loc: Some(analysis.call_loc(expr)) }
    }

    /// The graph, in its one order.
    pub(super) fn finish(self) -> Graph {
        let mut order: Vec<usize> = (0..self.nodes.len()).collect();
        let key = |index: &usize| self.nodes.get(*index).map(|node| (Sort::of(node.kind), node.loc, node.kind));
        order.sort_by_key(key);
        let mut place_of = vec![0; order.len()];
        for (place, index) in order.iter().enumerate() {
            if let Some(slot) = place_of.get_mut(*index) {
                *slot = place;
            }
        }
        let place = |index: usize| place_of.get(index).copied().unwrap_or(0);
        let edges = self.edges.into_iter().map(|((kind, from, to), (mut places, in_cycle))| {
            places.sort_by_key(|detail| detail.loc);
            Edge { from: place(from), to: place(to), kind, places, in_cycle }
        });
        let mut edges: Vec<Edge> = edges.collect();
        edges.sort_by_key(|edge| (edge.kind, edge.from, edge.to));
        let mut nodes: Vec<(usize, Node)> = self.nodes.into_iter().enumerate().collect();
        nodes.sort_by_key(|(index, _)| place(*index));
        Graph { nodes: nodes.into_iter().map(|(_, node)| node).collect(), edges, ..Graph::default() }
    }
}

/// `Type::method`, or `module::function` where the file tells the module: many modules have a `run`.
pub(super) fn function_name(cx: &Context<'_>, function: DefId) -> String {
    let name = cx.program.path_text(function);
    if cx.program.def(function).parent.is_some() {
        return name;
    }
    let path = cx.program.source(cx.program.file(function)).map_or("", |source| source.path.as_str());
    let mut parts = path.rsplit('/');
    let module = match parts.next().and_then(|file| file.strip_suffix(".rs")) {
        Some("mod") => parts.next().filter(|folder| *folder != "src"),
        Some("main" | "lib") => None,
        stem => stem,
    };
    match module {
        Some(module) if cx.program.is_user(function) && path.contains('/') => format!("{module}::{name}"),
        _ => name,
    }
}
