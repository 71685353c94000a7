//! Parts as cargo's messages, one a line. A line is kept as it is, byte for byte.

use super::broken;
use crate::render::build_finished;
use crate::shard::Part;
use anyhow::bail;
use serde::Deserialize;
use std::borrow::Cow;

/// A line, and what places it in the whole.
pub(super) struct Line {
    /// Notes come after all findings.
    is_note: bool,
    path: String,
    text: String,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    reason: Cow<'a, str>,
    #[serde(borrow)]
    message: Option<Diagnostic<'a>>,
    shard: Option<Part>,
}

#[derive(Deserialize)]
struct Diagnostic<'a> {
    code: Option<Code>,
    #[serde(borrow)]
    spans: Vec<Span<'a>>,
}

#[derive(Deserialize)]
struct Code {}

#[derive(Deserialize)]
struct Span<'a> {
    #[serde(borrow)]
    file_name: Cow<'a, str>,
    is_primary: bool,
}

/// Reads a part: what it is, how many findings and notes it has, and they themselves.
pub(super) fn read(text: String) -> anyhow::Result<(Part, usize, Vec<Line>)> {
    let mut lines = Vec::new();
    let mut part = None;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = index + 1;
        if part.is_some() {
            bail!("line {number}: something stands behind the end of the part");
        }
        let message: Message<'_> = serde_json::from_str(line).map_err(|error| broken(&error, number))?;
        match (&*message.reason, message.message) {
            ("build-finished", _) => match message.shard {
                Some(found) => part = Some(found),
                None => bail!("line {number}: no part: it was written without `--shard`"),
            },
            ("compiler-message", Some(found)) => {
                let primary = found.spans.iter().find(|span| span.is_primary);
                let path = primary.map_or(String::new(), |span| span.file_name.to_string());
                lines.push(Line { is_note: found.code.is_none(), path, text: format!("{line}\n") });
            }
            (other, _) => bail!("line {number}: `{other}` is no message of this tool"),
        }
    }
    match part {
        Some(part) => Ok((part, lines.len(), lines)),
        None => bail!("line {}: cut off: `build-finished` is missing", text.lines().count()),
    }
}

/// Joins the parts in their order.
pub(super) fn join(parts: Vec<Vec<Line>>, success: bool) -> String {
    let mut lines: Vec<Line> = parts.into_iter().flatten().collect();
    lines.sort_by(|a, b| (a.is_note, &a.path).cmp(&(b.is_note, &b.path)));
    let mut text: String = lines.iter().map(|line| line.text.as_str()).collect();
    text.push_str(&build_finished(success, None));
    text
}
