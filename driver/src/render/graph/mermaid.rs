//! A Mermaid flow chart, as forges draw it in Markdown.

use super::{Drawing, Frame, NOTHING, class_of};
use std::fmt::Write;
use thread_lints::graph::{EdgeKind, Node, NodeKind};

const CLASSES: [&str; 9] = [
    "main fill:#e3eefb,stroke:#2f6fb0,stroke-width:2px,color:#000",
    "function fill:#f4f4f4,stroke:#bbb,color:#000",
    "thread fill:#e3eefb,stroke:#888,color:#000",
    "joined fill:#e3eefb,stroke:#2f6fb0,color:#000",
    "detached fill:#e3eefb,stroke:#c05600,stroke-dasharray:5 3,color:#000",
    "task fill:#e8f5e0,stroke:#4d8b31,color:#000",
    "channel fill:#fff3cd,stroke:#a98600,color:#000",
    "lock fill:#f1e4f7,stroke:#7a4a9c,color:#000",
    "circle fill:#fbe3e3,stroke:#c00,stroke-width:2px,color:#000",
];

/// The graph in Mermaid.
pub(super) fn write(drawing: &Drawing<'_>) -> String {
    let mut out = String::from("flowchart LR\n");
    if drawing.graph.nodes.is_empty() {
        let _ = writeln!(out, "  nothing[\"{NOTHING}\"]");
        return out;
    }
    for (index, node) in drawing.groups(None).iter().flat_map(|group| &group.nodes) {
        let _ = writeln!(out, "  n{index}{}", shape(drawing, *index, node));
    }
    for frame in Frame::ALL {
        write_frame(&mut out, drawing, frame);
    }
    for edge in &drawing.graph.edges {
        let arrow = match edge.kind {
            EdgeKind::LockedUnder if edge.in_cycle => "==>",
            EdgeKind::Starts | EdgeKind::LockedUnder => "-->",
            EdgeKind::Sends | EdgeKind::Receives => "-.->",
        };
        let label = drawing.label(edge).map_or_else(String::new, |label| format!("|\"{}\"|", lines(&label)));
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    let red = drawing.graph.edges.iter().enumerate().filter(|(_, edge)| edge.in_cycle);
    let red: Vec<String> = red.map(|(index, _)| index.to_string()).collect();
    if !red.is_empty() {
        let _ = writeln!(out, "  linkStyle {} stroke:#c00,color:#c00", red.join(","));
    }
    for class in CLASSES {
        let _ = writeln!(out, "  classDef {class}");
    }
    out
}

fn write_frame(out: &mut String, drawing: &Drawing<'_>, frame: Frame) {
    let groups = drawing.groups(Some(frame));
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "  subgraph {}[\"{}\"]", frame.id(), frame.title());
    for (number, group) in groups.iter().enumerate() {
        let indent = if group.krate.is_some() { "      " } else { "    " };
        if let Some(krate) = group.krate {
            let _ = writeln!(out, "    subgraph {}_{number}[\"{}\"]", frame.id(), escaped(krate));
        }
        for (index, node) in &group.nodes {
            let _ = writeln!(out, "{indent}n{index}{}", shape(drawing, *index, node));
        }
        if group.krate.is_some() {
            out.push_str("    end\n");
        }
    }
    out.push_str("  end\n");
}

/// `["text"]:::class`
fn shape(drawing: &Drawing<'_>, index: usize, node: &Node) -> String {
    let text = lines(&drawing.lines(node));
    let (open, close) = match node.kind {
        NodeKind::Function => ("[", "]"),
        NodeKind::Main | NodeKind::Thread(_) if node.many => ("[[", "]]"),
        NodeKind::Main | NodeKind::Thread(_) => ("(", ")"),
        NodeKind::Task | NodeKind::Job => ("([", "])"),
        NodeKind::Channel => ("[(", ")]"),
        NodeKind::Lock => ("{{", "}}"),
    };
    let is_red = node.kind == NodeKind::Lock && drawing.is_in_cycle(index);
    let class = if is_red { "circle" } else { class_of(node.kind) };
    format!("{open}\"{text}\"{close}:::{class}")
}

fn lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    lines.join("<br/>")
}

/// Text inside of quotes: what Mermaid, Markdown or HTML would read goes by its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '|' | '\\' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}
