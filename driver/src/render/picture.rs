//! A circle of a finding, drawn with lines.
//!
//! ```text
//! ┌─> Bank::accounts
//! │     │ held by thread A, in `Bank::post`     src/bank.rs:18
//! │     v which waits for                       src/bank.rs:20
//! │   Bank::journal
//! │     │ held by thread B, in `Bank::replay`   src/bank.rs:24
//! │     v which waits for                       src/bank.rs:31
//! └─────┘
//! ```

use super::files::{Sources, in_line, printable};
use thread_lints::diagnostic::{Circle, Label};

/// The lines of the drawing, from left to right as wide as the longest step asks for. None for an empty circle.
pub(super) fn draw(sources: &Sources<'_>, circle: &Circle) -> Vec<String> {
    let steps = circle.stations.iter().flat_map(|station| &station.way);
    let width = steps.map(|step| one_line(&step.message).chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (index, station) in circle.stations.iter().enumerate() {
        let way_in = if index == 0 { "┌─>" } else { "│  " };
        lines.push(format!("{way_in} {}", one_line(&station.name)));
        for (index, step) in station.way.iter().enumerate() {
            let stroke = if index + 1 == station.way.len() { 'v' } else { '│' };
            let line = format!("│     {stroke} {:width$}   {}", one_line(&step.message), place(sources, step));
            lines.push(line.trim_end().to_owned());
        }
    }
    if !lines.is_empty() {
        lines.push(String::from("└─────┘"));
    }
    lines
}

/// `src/bank.rs:18`
fn place(sources: &Sources<'_>, step: &Label) -> String {
    let Some(file) = sources.file(step.loc.file) else { return String::new() };
    let line = file.lines.line_of(sources.range(step.loc).start as u32) + 1;
    format!("{}:{line}", in_line(&file.path))
}

fn one_line(text: &str) -> String {
    printable(text).replace(['\n', '\r', '\t'], " ")
}
