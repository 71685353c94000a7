//! The grammar of a suppression comment.
//!
//! `thread-lint: allow(name, ..)` or `thread-lint: allow-file(name, ..)` at the start of the comment, then anything, which
//! is the reason. What was meant as one and is not is told apart from prose that happens to name the tool: it has the
//! word for the action with a bracket behind it, or the whole head spelt right.

use crate::nearest::edit_distance;
use crate::source::{Comment, Span};

/// A well-formed suppression.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// From `thread-lint` to the closing bracket.
    pub(super) span: Span,
    /// `allow-file`
    pub(super) whole_file: bool,
    /// The names without `thread_lint::`, each with its place, that included.
    pub(super) names: Vec<(String, Span)>,
}

/// A suppression that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// What there is of it.
    pub(super) span: Span,
    /// `expected ..`
    pub(super) expected: String,
    /// A place and what was meant to stand there.
    pub(super) correction: Option<(Span, String)>,
}

const TOOL: &str = "thread-lint";
const ACTIONS: [&str; 2] = ["allow", "allow-file"];
/// Words that other tools use for the same.
const FOREIGN_ACTIONS: [&str; 8] = ["deny", "disable", "expect", "forbid", "ignore", "off", "skip", "warn"];

/// Reads a comment; `None` where it is no suppression and was not meant as one.
pub(super) fn read(text: &str, comment: &Comment) -> Option<Result<Directive, Malformed>> {
    let mut cursor = Cursor::in_comment(text, comment);
    let start = cursor.at;
    let tool = cursor.word();
    let spelt = tool.to_ascii_lowercase().replace('_', "-");
    if !matches!(&*spelt, "thread-lint" | "thread-lints" | "threadlint" | "cargo-thread-lint") {
        return None;
    }
    cursor.skip_space();
    let colons = cursor.count(':');
    cursor.skip_space();
    let action = cursor.word();
    let action_end = cursor.at;
    cursor.skip_space();
    let open = cursor.at;
    let has_bracket = cursor.count('(') > 0;
    let meant = meant_action(action);
    let is_foreign = FOREIGN_ACTIONS.contains(&action);
    let head_is_right = tool == TOOL && colons == 1 && ACTIONS.contains(&action);
    if !head_is_right && !(has_bracket && (meant.is_some() || is_foreign)) {
        return None;
    }
    let span = |end: u32| Span::new(start, end);
    if !has_bracket {
        let expected = format!("expected `(` and the name of a lint after `{action}`");
        let correction = sole_name(cursor.rest()).map(|(offset, name)| {
            let at = open + offset;
            (Span::new(action_end, at + name.len() as u32), format!("({name})"))
        });
        return Some(Err(Malformed { span: span(action_end), expected, correction }));
    }
    let Some((names, end)) = cursor.names() else {
        let expected = String::from("expected `)` after the names of lints");
        return Some(Err(Malformed { span: span(cursor.end), expected, correction: None }));
    };
    if !head_is_right {
        let expected = match meant {
            None => format!("expected `allow` or `allow-file`, not `{action}`"),
            Some(meant) => format!("expected `{TOOL}: {meant}(..)`"),
        };
        let correction = meant.map(|meant| (span(open), format!("{TOOL}: {meant}")));
        return Some(Err(Malformed { span: span(end), expected, correction }));
    }
    if names.is_empty() {
        let expected = String::from("expected the name of a lint or group between the brackets");
        return Some(Err(Malformed { span: span(end), expected, correction: None }));
    }
    let whole_file = action != "allow";
    Some(Ok(Directive { span: span(end), whole_file, names }))
}

fn meant_action(written: &str) -> Option<&'static str> {
    let written = written.to_ascii_lowercase().replace('_', "-");
    ACTIONS
        .into_iter()
        .map(|action| (edit_distance(&written, action), action))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, action)| action)
}

/// The one lint's name that stands before the end or a colon, with its offset.
fn sole_name(rest: &str) -> Option<(u32, &str)> {
    let written = rest.split(':').next().unwrap_or(rest);
    let name = written.trim();
    let is_name = !name.is_empty() && name.contains('_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let offset = written.len() - written.trim_start().len();
    is_name.then_some((offset as u32, name))
}

struct Cursor<'t> {
    text: &'t str,
    at: u32,
    end: u32,
}

impl<'t> Cursor<'t> {
    /// At the first word of a comment.
    fn in_comment(text: &'t str, comment: &Comment) -> Cursor<'t> {
        let whole = comment.span.text(text);
        let inside = whole.trim_start_matches(if comment.block { &['/', '*'][..] } else { &['/'][..] });
        let ended = if comment.block { inside.trim_end_matches(['*', '/']) } else { inside };
        // A block's lines often start with a star.
        let is_lead = |c: char| c.is_whitespace() || (comment.block && c == '*');
        let trimmed = inside.trim_start_matches(is_lead);
        let at = comment.span.end - trimmed.len() as u32;
        let end = comment.span.end - (inside.len() - ended.len()) as u32;
        Cursor { text, at: at.min(end), end }
    }

    fn rest(&self) -> &'t str {
        Span::new(self.at, self.end).text(self.text)
    }

    fn word(&mut self) -> &'t str {
        self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    }

    fn skip_space(&mut self) {
        self.take(|c| matches!(c, ' ' | '\t'));
    }

    /// Goes over a run of one character; gives its length.
    fn count(&mut self, wanted: char) -> usize {
        self.take(|c| c == wanted).len()
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += taken.len() as u32;
        taken
    }

    /// The names up to the closing bracket, and the place behind it. A `reason = ".."` among them ends them.
    fn names(&mut self) -> Option<(Vec<(String, Span)>, u32)> {
        let rest = self.rest();
        let close = match rest.find("reason") {
            Some(reason) if !rest[..reason].contains(')') => rest.rfind(')')?,
            _ => rest.find(')')?,
        };
        let end = self.at + close as u32 + 1;
        let mut names = Vec::new();
        let mut at = self.at;
        for part in rest[..close].split(',') {
            let name = part.trim();
            let start = at + (part.len() - part.trim_start().len()) as u32;
            at += part.len() as u32 + 1;
            if name.strip_prefix("reason").is_some_and(|rest| rest.trim_start().starts_with('=')) {
                break;
            }
            if name.is_empty() {
                continue;
            }
            let plain = name.strip_prefix("thread_lint::").or_else(|| name.strip_prefix("thread-lint::"));
            let span = Span::new(start, start + name.len() as u32);
            names.push((plain.unwrap_or(name).trim().to_owned(), span));
        }
        Some((names, end))
    }
}
