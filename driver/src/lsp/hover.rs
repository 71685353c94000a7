//! What a lint's name in a suppression stands for.

use super::actions::Asked;
use crate::{levels, lints_help};
use gen_lsp_types::{Contents, Hover, MarkupContent, MarkupKind, Position};
use thread_lints::{registry, suppress};

/// The documentation of the lint or group whose name stands at a position of a suppression.
pub(super) fn hover(asked: &Asked<'_>, position: Position) -> Option<Hover> {
    let Asked { client, document, snapshot, file, .. } = asked;
    let offset = document.lines.offset(&document.text, position, client.encoding);
    let source = snapshot.checked.loaded.workspace.files.get(file.index())?;
    let names = suppress::names(source);
    let (name, span) = names.into_iter().find(|(_, span)| span.start <= offset && offset <= span.end)?;
    let kind = if client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent { kind, value: page(&name)? }),
        range: Some(document.lines.range(&document.text, span, client.encoding)),
    })
}

fn page(name: &str) -> Option<String> {
    let lints = registry::lints();
    if levels::find_lint(name, lints).is_ok() {
        return lints_help::explain(name, lints).ok();
    }
    let members = lints.iter().filter(|lint| lint.groups().any(|group| group == name));
    let members: Vec<String> =
        members.map(|lint| format!("- `{}`: {}\n", lint.name, one_line(lint.summary()))).collect();
    (!members.is_empty()).then(|| format!("# thread_lint::{name}\n\nA group of lints:\n\n{}", members.concat()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_and_groups_have_pages() {
        assert!(page("dropped_join_handles").unwrap().contains("### Why is this bad"));
        assert!(page("join").unwrap().contains("- `dropped_join_handles`: Finds"));
        assert_eq!(page("no_such_lint"), None);
    }
}
