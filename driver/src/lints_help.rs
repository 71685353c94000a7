//! `--list` and `--explain`: what the lints say of themselves.

use crate::levels;
use thread_lints::lint::Lint;

/// The table of `--list`: name, level, family and summary.
pub(crate) fn list(lints: &[&Lint]) -> String {
    let width = lints.iter().map(|lint| lint.name.len()).max().unwrap_or(0).max(4);
    let mut table = format!("{:width$}  {:6}  {:8}  summary\n", "name", "level", "family");
    for lint in lints {
        let summary = lint.summary().split_whitespace().collect::<Vec<_>>().join(" ");
        let level = lint.level.as_str();
        let family = lint.family.group();
        table.push_str(&format!("{:width$}  {level:6}  {family:8}  {summary}\n", lint.name));
    }
    table
}

/// The page of `--explain`.
pub(crate) fn explain(name: &str, lints: &[&Lint]) -> Result<String, String> {
    let lint = levels::find_lint(name, lints).map_err(|meant| {
        let mut message = format!("unknown lint `{name}`");
        match meant {
            Some(meant) => message.push_str(&format!("; did you mean `{meant}`?")),
            None => message.push_str("; `cargo thread-lint --list` shows all"),
        }
        message
    })?;
    let groups = lint.groups().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(", ");
    Ok(format!(
        "# {}\n\nLevel: {} by default. Groups: {groups}.\n\n{}\n",
        lint.code(),
        lint.level.as_str(),
        lint.documentation().trim()
    ))
}
