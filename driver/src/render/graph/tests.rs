//! Graphs made by hand, with names that nobody should choose.

use super::*;
use crate::load::{Loaded, load_loose_file};
use std::path::Path;
use thread_lints::Edition;
use thread_lints::source::{FileId, Span};

const HOSTILE: &str = "a\"b\\n<c> &amp; #d; `e` |f|\n\u{1b}end\u{202e}";

fn loaded() -> Loaded {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.rs"), "fn a() {}\nfn b() {}\n").unwrap();
    load_loose_file(Path::new("a.rs"), Edition::E2021, dir.path(), false).unwrap()
}

fn node(kind: NodeKind, name: &str, krate: &str) -> Node {
    let loc = Loc::new(FileId(0), Span::new(13, 14));
    let details =
        vec![Detail { text: name.to_owned(), loc: Some(loc) }, Detail { text: "alone".to_owned(), loc: None }];
    Node { kind, name: name.to_owned(), details, loc, krate: krate.to_owned(), many: true }
}

#[test]
fn every_text_is_quoted() {
    let place = || Detail { text: HOSTILE.to_owned(), loc: Some(Loc::new(FileId(9), Span::new(0, 1))) };
    let edge = |kind, from, to| Edge { from, to, kind, places: vec![place()], in_cycle: true };
    let made = Graph {
        nodes: vec![node(NodeKind::Thread(Ending::Detached), HOSTILE, "x"), node(NodeKind::Lock, HOSTILE, "x\"")],
        edges: vec![edge(EdgeKind::Starts, 0, 0), edge(EdgeKind::LockedUnder, 1, 1)],
        ..Graph::default()
    };
    let dot = graph(&loaded(), &made, GraphFormat::Dot);
    let name = r#"a\"b\\n&lt;c&gt; &amp;amp; #d; `e` |f| ?end�"#;
    assert!(dot.contains(&format!(r#"n0 [label="{name} (several)\na.rs:2\n{name} a.rs:2\nalone", tooltip="#)), "{dot}");
    assert!(dot.contains(&format!(r#"n1 -> n1 [tooltip="locked in {name} ", label="{name}""#)), "{dot}");
    let mermaid = graph(&loaded(), &made, GraphFormat::Mermaid);
    let name = "a#34;b#92;n#60;c#62; #38;amp; #35;d; #96;e#96; #124;f#124; ?end�";
    assert!(
        mermaid.contains(&format!("n0[[\"{name} (several)<br/>a.rs:2<br/>{name} a.rs:2<br/>alone\"]]:::detached")),
        "{mermaid}"
    );
    assert!(mermaid.contains(&format!("n1 ==>|\"{name}\"| n1")), "{mermaid}");
    for text in [dot, mermaid] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn crates_have_frames_of_their_own() {
    let made = Graph {
        nodes: vec![node(NodeKind::Task, "t", "x"), node(NodeKind::Job, "j", "y"), node(NodeKind::Channel, "c", "x")],
        ..Graph::default()
    };
    let dot = graph(&loaded(), &made, GraphFormat::Dot);
    assert!(dot.contains("cluster_threads_0 {\n      label=\"x\"") && dot.contains("cluster_threads_1 {"), "{dot}");
    assert!(!dot.contains("cluster_channels_"), "{dot}");
    let mermaid = graph(&loaded(), &made, GraphFormat::Mermaid);
    assert!(mermaid.contains("    subgraph threads_1[\"y\"]\n      n1([\"j (several)"), "{mermaid}");
}

#[test]
fn the_summary_counts() {
    let made =
        Graph { nodes: vec![node(NodeKind::Task, "t", "x"), node(NodeKind::Task, "u", "x")], ..Graph::default() };
    let line = graph_summary(&loaded(), &made, 0, Duration::from_millis(20), false);
    assert_eq!(line, "    Finished 2 tasks in 1 file, 2 lines (0.02 s)\n");
}
