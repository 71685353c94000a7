//! Graphviz DOT.

use super::{Drawing, Frame, NOTHING, class_of};
use std::fmt::Write;
use thread_lints::graph::{Edge, EdgeKind, Node};

const HEAD: &str = "\
digraph threads {
  graph [rankdir=LR, newrank=true, fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, nodesep=0.25, ranksep=0.7, labelloc=b];
  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=11, shape=box, style=\"rounded,filled\", fillcolor=\"#e3eefb\", color=\"#2f6fb0\"];
  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=9, color=\"#555555\", fontcolor=\"#555555\"];
";

const LEGEND: &str = "rounded box: thread (dashed: nobody joins it, double: several) | ellipse: task or job | grey box: function | \
                      cylinder: channel | octagon: lock, an arrow leads to what is locked while it is held (red: in a circle)";

/// The graph in DOT.
pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let mut out = String::from(HEAD);
    if drawing.graph.nodes.is_empty() {
        let _ = writeln!(out, "  nothing [shape=plaintext, style=\"\", label={}];", quoted(NOTHING));
    } else {
        let _ = writeln!(out, "  label={};", quoted(LEGEND));
    }
    for (index, node) in drawing.groups(None).iter().flat_map(|group| &group.nodes) {
        let _ = writeln!(out, "  n{index} [{}];", node_attributes(drawing, *index, node));
    }
    for frame in Frame::ALL {
        write_frame(&mut out, drawing, frame);
    }
    for edge in &drawing.graph.edges {
        let _ = writeln!(out, "  n{} -> n{} [{}];", edge.from, edge.to, edge_attributes(drawing, edge));
    }
    out.push_str("}\n");
    out
}

fn write_frame(out: &mut String, drawing: &Drawing<'_>, frame: Frame) {
    let groups = drawing.groups(Some(frame));
    if groups.is_empty() {
        return;
    }
    let open = |out: &mut String, indent: &str, id: &str, title: &str| {
        let _ = writeln!(out, "{indent}subgraph cluster_{id} {{");
        let _ = writeln!(out, "{indent}  label={}; labelloc=t; style=rounded; color=\"#bbbbbb\";", quoted(title));
    };
    open(out, "  ", frame.id(), frame.title());
    for (number, group) in groups.iter().enumerate() {
        let indent = if group.krate.is_some() { "      " } else { "    " };
        if let Some(krate) = group.krate {
            open(out, "    ", &format!("{}_{number}", frame.id()), krate);
        }
        for (index, node) in &group.nodes {
            let _ = writeln!(out, "{indent}n{index} [{}];", node_attributes(drawing, *index, node));
        }
        if group.krate.is_some() {
            out.push_str("    }\n");
        }
    }
    out.push_str("  }\n");
}

fn node_attributes(drawing: &Drawing<'_>, index: usize, node: &Node) -> String {
    let text = drawing.lines(node);
    let mut attributes = format!("label=\"{}\", tooltip={}", lines(&text), quoted(&text.join(", ")));
    let look = match class_of(node.kind) {
        "main" => ", penwidth=2",
        "function" => ", style=filled, fillcolor=\"#f4f4f4\", color=\"#bbbbbb\"",
        "joined" => "",
        "detached" => ", style=\"rounded,filled,dashed\", color=\"#c05600\"",
        "task" => ", shape=ellipse, style=filled, fillcolor=\"#e8f5e0\", color=\"#4d8b31\"",
        "channel" => ", shape=cylinder, style=filled, fillcolor=\"#fff3cd\", color=\"#a98600\"",
        "lock" if drawing.is_in_cycle(index) => {
            ", shape=octagon, style=filled, fillcolor=\"#fbe3e3\", color=\"#cc0000\", penwidth=2"
        }
        "lock" => ", shape=octagon, style=filled, fillcolor=\"#f1e4f7\", color=\"#7a4a9c\"",
        _ => ", color=\"#888888\"",
    };
    attributes.push_str(look);
    if node.many {
        attributes.push_str(", peripheries=2");
    }
    attributes
}

fn edge_attributes(drawing: &Drawing<'_>, edge: &Edge) -> String {
    let mut attributes = format!("tooltip={}", quoted(&drawing.tooltip(edge)));
    if let Some(label) = drawing.label(edge) {
        let _ = write!(attributes, ", label=\"{}\"", lines(&label));
    }
    let look = match edge.kind {
        EdgeKind::Starts => "",
        EdgeKind::Sends | EdgeKind::Receives => ", color=\"#a98600\"",
        EdgeKind::LockedUnder if edge.in_cycle => ", color=\"#cc0000\", fontcolor=\"#cc0000\", penwidth=2",
        EdgeKind::LockedUnder => ", color=\"#7a4a9c\"",
    };
    attributes.push_str(look);
    attributes
}

/// Lines of a label, without the quotes.
fn lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("\\n")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// Text inside of quotes: a backslash would start an escape, an ampersand an entity.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}
