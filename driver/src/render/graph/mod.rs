//! The graph of the threads, in the languages of programs that draw.
//!
//! Invariants: every name is quoted as the language asks for; the same graph gives the same text.

mod dot;
mod mermaid;
#[cfg(test)]
mod tests;

use super::files::{in_line, printable};
use crate::cli::GraphFormat;
use crate::load::Loaded;
use std::time::Duration;
use thread_lints::Graph;
use thread_lints::graph::{Detail, Edge, EdgeKind, Ending, Node, NodeKind};
use thread_lints::source::Loc;

/// What stands in the picture where there is nothing to draw.
const NOTHING: &str = "no threads, channels or nested locks found";

/// The graph as text.
pub fn graph(loaded: &Loaded, graph: &Graph, format: GraphFormat) -> String {
    let drawing = Drawing { loaded, graph };
    match format {
        GraphFormat::Dot => dot::write(&drawing),
        GraphFormat::Mermaid => mermaid::write(&drawing),
    }
}

/// The line about the run as a whole.
pub fn graph_summary(loaded: &Loaded, graph: &Graph, not_analysed: usize, took: Duration, color: bool) -> String {
    let count = |is_one: fn(NodeKind) -> bool| graph.nodes.iter().filter(|node| is_one(node.kind)).count();
    let found = [
        (count(|kind| matches!(kind, NodeKind::Thread(_))), "thread"),
        (count(|kind| kind == NodeKind::Task), "task"),
        (count(|kind| kind == NodeKind::Job), "job"),
        (count(|kind| kind == NodeKind::Channel), "channel"),
        (count(|kind| kind == NodeKind::Lock), "nested lock"),
    ];
    let found: Vec<String> =
        found.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| super::counted(count, noun)).collect();
    let found = if found.is_empty() { NOTHING.to_owned() } else { found.join(", ") };
    super::finished(loaded, &found, not_analysed, took, color)
}

/// A frame around nodes of one sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Frame {
    Threads,
    Channels,
    Locks,
}

impl Frame {
    const ALL: [Frame; 3] = [Frame::Threads, Frame::Channels, Frame::Locks];

    /// The frame that a node stands in; functions stand outside, where who uses the crate comes from.
    fn of(kind: NodeKind) -> Option<Frame> {
        let frame = match kind {
            NodeKind::Function => return None,
            NodeKind::Main | NodeKind::Thread(_) | NodeKind::Task | NodeKind::Job => Frame::Threads,
            NodeKind::Channel => Frame::Channels,
            NodeKind::Lock => Frame::Locks,
        };
        Some(frame)
    }

    fn id(self) -> &'static str {
        match self {
            Frame::Threads => "threads",
            Frame::Channels => "channels",
            Frame::Locks => "locks",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Frame::Threads => "Threads",
            Frame::Channels => "Channels",
            Frame::Locks => "Lock order",
        }
    }
}

/// What both languages ask of a graph.
struct Drawing<'g> {
    loaded: &'g Loaded,
    graph: &'g Graph,
}

/// The nodes of one crate, with their indices.
struct Group<'g> {
    krate: Option<&'g str>,
    nodes: Vec<(usize, &'g Node)>,
}

impl<'g> Drawing<'g> {
    /// The nodes in a frame, by crate; one group without a name where only one crate has any.
    fn groups(&self, frame: Option<Frame>) -> Vec<Group<'g>> {
        let nodes = self.graph.nodes.iter().enumerate().filter(|(_, node)| Frame::of(node.kind) == frame);
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (index, node) in nodes {
            let krate = Some(node.krate.as_str());
            match groups.iter_mut().find(|group| group.krate == krate) {
                Some(group) => group.nodes.push((index, node)),
                None => groups.push(Group { krate, nodes: vec![(index, node)] }),
            }
        }
        if let [only] = groups.as_mut_slice() {
            only.krate = None;
        }
        groups
    }

    /// What is written in a node, line by line: the name, the place, the remarks.
    fn lines(&self, node: &Node) -> Vec<String> {
        let name = if node.many { format!("{} (several)", node.name) } else { node.name.clone() };
        let own = [one_line(&name), self.place(node.loc)];
        own.into_iter().chain(node.details.iter().map(|detail| self.detail(detail))).collect()
    }

    /// What is written beside an edge, line by line; nothing where its ends say it all.
    fn label(&self, edge: &Edge) -> Option<Vec<String>> {
        let first = edge.places.first()?;
        let more = match edge.places.len() {
            0 | 1 => String::new(),
            count => format!(" (+{})", count - 1),
        };
        match edge.kind {
            EdgeKind::Starts => {
                let from = self.graph.nodes.get(edge.from)?;
                let is_said = first.text == from.name || from.kind == NodeKind::Function;
                (!is_said || !more.is_empty()).then(|| vec![format!("in {}{more}", one_line(&first.text))])
            }
            EdgeKind::Sends | EdgeKind::Receives => None,
            EdgeKind::LockedUnder => {
                let place = first.loc.map_or_else(String::new, |loc| self.place(loc));
                let lines = [one_line(&first.text), format!("{place}{more}")];
                Some(lines.into_iter().filter(|line| !line.is_empty()).collect())
            }
        }
    }

    /// All that is known of an edge, in one line.
    fn tooltip(&self, edge: &Edge) -> String {
        let what = match edge.kind {
            EdgeKind::Starts => "starts in",
            EdgeKind::Sends => "sends in",
            EdgeKind::Receives => "receives in",
            EdgeKind::LockedUnder => "locked in",
        };
        let places: Vec<String> = edge.places.iter().map(|place| self.detail(place)).collect();
        format!("{what} {}", places.join("; "))
    }

    /// Whether a lock is on a way round.
    fn is_in_cycle(&self, index: usize) -> bool {
        self.graph.edges.iter().any(|edge| edge.in_cycle && (edge.from == index || edge.to == index))
    }

    /// `joined src/pool.rs:40`
    fn detail(&self, detail: &Detail) -> String {
        match detail.loc {
            Some(loc) => format!("{} {}", one_line(&detail.text), self.place(loc)),
            None => one_line(&detail.text),
        }
    }

    /// `src/pool.rs:40`
    fn place(&self, loc: Loc) -> String {
        let file = self.loaded.workspace.files.get(loc.file.index());
        file.map_or_else(String::new, |file| {
            format!("{}:{}", in_line(&file.path), file.lines.line_of(loc.span.start) + 1)
        })
    }
}

/// The name of a node's class, and whether its border is broken.
fn class_of(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Main => "main",
        NodeKind::Function => "function",
        NodeKind::Thread(Ending::Joined) => "joined",
        NodeKind::Thread(Ending::Detached) => "detached",
        NodeKind::Thread(Ending::Unknown) => "thread",
        NodeKind::Task | NodeKind::Job => "task",
        NodeKind::Channel => "channel",
        NodeKind::Lock => "lock",
    }
}

/// Text without line breaks and without what steers a terminal.
fn one_line(text: &str) -> String {
    let text = printable(text).replace(['\n', '\r', '\t'], " ");
    text.trim().to_owned()
}
