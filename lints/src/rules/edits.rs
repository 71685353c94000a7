//! What edits have in common: where code may be changed, how new lines are indented, which names and paths may be written.
//!
//! Invariants: an edit is only offered where [`is_free`] says that the text may be replaced: nothing there came through a macro,
//! and no comment is lost. New lines end in `\n`, and follow the indentation of the file.

use super::text::indentation;
use crate::facts::{Analysis, Context, word};
use crate::model::{DefId, Ty};
use crate::source::{FileId, Loc, Name, Span};
use crate::syntax::ir::{ExprId, FieldsKind, ItemKind, LocalId};

/// Whether the text of a span may be replaced: there is no comment in it, and the expression did not come through a macro.
pub(super) fn is_free(cx: &Context<'_>, analysis: &Analysis<'_>, expr: ExprId, replaced: Span) -> bool {
    !analysis.body.expr(expr).in_macro && !has_comment(cx, analysis.body.loc(replaced))
}

/// Whether there is a comment in a place.
pub(super) fn has_comment(cx: &Context<'_>, loc: Loc) -> bool {
    let Some(source) = cx.program.source(loc.file) else { return true };
    let comments = &source.ir.comments;
    let first = comments.partition_point(|comment| comment.span.end <= loc.span.start);
    comments.get(first).is_some_and(|comment| comment.span.start < loc.span.end)
}

/// Whether a place is the first thing on its line.
pub(super) fn starts_line(cx: &Context<'_>, file: FileId, offset: u32) -> bool {
    let text = cx.program.source(file).map_or("", |source| source.text.as_ref());
    let line = text.get(..offset as usize).and_then(|before| before.rsplit('\n').next());
    line.is_some_and(|line| line.trim().is_empty())
}

/// One step of indentation, as the file has it.
pub(super) fn step<'c>(cx: &'c Context<'_>, file: FileId) -> &'c str {
    let text = cx.program.source(file).map_or("", |source| source.text.as_ref());
    let blank = |line: &&str| line.starts_with([' ', '\t']) && !line.trim_start().starts_with('*');
    let first = text.lines().find(|line| blank(line) && !line.trim().is_empty()).unwrap_or("    ");
    match first.get(..first.len() - first.trim_start().len()) {
        Some(white) if white.starts_with('\t') => "\t",
        Some(white @ ("  " | "   " | "        ")) => white,
        _ => "    ",
    }
}

/// Code that is written with four columns a step, as it is indented at a place; the first line stays where it is.
pub(super) fn laid_out(cx: &Context<'_>, at: Loc, code: &str) -> String {
    let (indent, step) = (indentation(cx, at), step(cx, at.file));
    let mut lines = code.split('\n');
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push('\n');
        let inner = line.trim_start_matches("    ");
        if !inner.is_empty() {
            text.push_str(indent);
            text.push_str(&step.repeat((line.len() - inner.len()) / 4));
            text.push_str(inner);
        }
    }
    text
}

/// The first of some names that nothing in the body has; with a number where it has them all.
pub(super) fn free_name(analysis: &Analysis<'_>, wanted: &[&str]) -> String {
    let is_free = |name: &str| !analysis.body.mentions(Name::of(name));
    if let Some(free) = wanted.iter().find(|name| is_free(name)) {
        return (*free).to_owned();
    }
    let base = wanted.first().copied().unwrap_or("value");
    let mut numbered = (2..).map(|number| format!("{base}_{number}"));
    numbered.find(|name| is_free(name)).unwrap_or_default()
}

/// Whether the name of a local means another one somewhere between its declaration and a place.
pub(super) fn is_shadowed(analysis: &Analysis<'_>, local: LocalId, before: u32) -> bool {
    let own = analysis.body.local(local);
    analysis.body.ir.locals.iter().enumerate().any(|(index, other)| {
        index != local.index() && other.name == own.name && (own.span.start..before).contains(&other.span.start)
    })
}

/// Whether the package may use what came with a version of Rust; `rust-version` says which is the oldest it wants.
pub(super) fn may_use(cx: &Context<'_>, def: DefId, version: (u32, u32)) -> bool {
    let wanted = cx.program.krate(def).and_then(|krate| krate.rust_version);
    wanted.is_none_or(|wanted| wanted >= version)
}

/// Whether values of a type are certainly copied.
pub(super) fn is_copied(cx: &Context<'_>, ty: &Ty) -> bool {
    match ty {
        Ty::Prim(_) => ty.is_scalar(),
        Ty::Ref(false, _) | Ty::Fn(_) => true,
        Ty::Tuple(parts) => parts.iter().all(|part| is_copied(cx, part)),
        Ty::Array(inner) => is_copied(cx, inner),
        Ty::Adt(def, args) if Some(*def) == cx.program.lang.option => args.iter().all(|arg| is_copied(cx, arg)),
        Ty::Adt(def, _) if cx.program.is_user(*def) => derives(cx, *def, Name::of("Copy")),
        Ty::Adt(..) => cx.roles().says(ty, word::MOMENT),
        _ => false,
    }
}

/// Whether values of a type certainly have a `clone` that gives a value of the type.
pub(super) fn is_cloned(cx: &Context<'_>, ty: &Ty, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let all = |types: &[Ty]| types.iter().all(|ty| is_cloned(cx, ty, depth));
    match ty {
        Ty::Adt(def, args) if cx.program.is_user(*def) => {
            (derives(cx, *def, Name::of("Clone")) || cx.program.is_clone(ty)) && all(args)
        }
        // A pointer that counts is cloned whatever it points to.
        Ty::Adt(..) if cx.roles().says(ty, word::STRONG) || cx.roles().says(ty, word::WEAK) => true,
        // The third parameter of a map is its hasher.
        Ty::Adt(_, args) => cx.program.is_clone(ty) && args.iter().take(2).all(|arg| is_cloned(cx, arg, depth)),
        Ty::Tuple(parts) => all(parts),
        Ty::Array(inner) => is_cloned(cx, inner, depth),
        _ => is_copied(cx, ty),
    }
}

fn derives(cx: &Context<'_>, def: DefId, wanted: Name) -> bool {
    cx.program.item(def).attrs.derives.contains(&wanted)
}

/// The parameters of a type as its declaration has them, for another impl: `<'a, T: Job>`, `<'a, T>`, ` where T: Clone`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    /// With their bounds, without defaults.
    pub(super) declared: String,
    /// Their names.
    pub(super) named: String,
    /// The predicates, with `where` in front.
    pub(super) predicates: String,
}

/// The parameters of a struct or enum.
pub(super) fn parameters(cx: &Context<'_>, adt: DefId) -> Parameters {
    let item = cx.program.item(adt);
    let loc = cx.program.name_loc(adt);
    let text = cx.program.source(cx.program.file(adt)).map_or("", |source| source.text.as_ref());
    let rest = text.get(loc.span.end as usize..).unwrap_or_default();
    let is_tuple = matches!(&item.kind, ItemKind::Struct(data) if data.kind == FieldsKind::Tuple);
    read_parameters(rest, is_tuple)
}

/// Reads what stands behind a type's name.
fn read_parameters(rest: &str, is_tuple: bool) -> Parameters {
    let mut found = Parameters::default();
    let mut after = rest.trim_start();
    if after.starts_with('<') {
        let Some(end) = matching(after) else { return found };
        let inside = after.get(1..end).unwrap_or_default();
        let params: Vec<&str> = split(inside).into_iter().map(str::trim).filter(|param| !param.is_empty()).collect();
        let declared: Vec<&str> = params.iter().map(|param| without_default(param)).collect();
        let named: Vec<&str> = params.iter().map(|param| name_of(param)).collect();
        found.declared = format!("<{}>", declared.join(", "));
        found.named = format!("<{}>", named.join(", "));
        after = after.get(end + 1..).unwrap_or_default().trim_start();
    }
    if is_tuple {
        after = match matching(after) {
            Some(end) => after.get(end + 1..).unwrap_or_default().trim_start(),
            None => "",
        };
    }
    if after.starts_with("where") {
        let end = after.find(['{', ';']).unwrap_or(0);
        let predicates = after.get(..end).unwrap_or_default();
        let words: Vec<&str> = predicates.split_whitespace().collect();
        // A comment among them is not taken along.
        if !predicates.contains("//") && !predicates.contains("/*") {
            found.predicates = format!(" {}", words.join(" ").trim_end_matches(','));
        }
    }
    found
}

/// Where the bracket that a text starts with is closed.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' | '{' => depth += 1,
            // `Fn() -> T`
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
        before = letter;
    }
    None
}

/// The parts between commas that stand in no bracket.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut before) = (0_u32, 0, ' ');
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
        before = letter;
    }
    parts.extend(text.get(start..));
    parts
}

fn without_default(param: &str) -> &str {
    let mut depth = 0_u32;
    for (at, letter) in param.char_indices() {
        match letter {
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.saturating_sub(1),
            '=' if depth == 0 => return param.get(..at).unwrap_or(param).trim_end(),
            _ => {}
        }
    }
    param
}

fn name_of(param: &str) -> &str {
    let param = param.strip_prefix("const ").unwrap_or(param).trim_start();
    let end = param.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '\'');
    param.get(..end.unwrap_or(param.len())).unwrap_or(param)
}

#[cfg(test)]
mod tests {
    use super::{Parameters, read_parameters};

    fn parameters(declared: &str, named: &str, predicates: &str) -> Parameters {
        Parameters { declared: declared.to_owned(), named: named.to_owned(), predicates: predicates.to_owned() }
    }

    #[test]
    fn parameters_of_a_declaration() {
        let read = |rest: &str| read_parameters(rest, false);
        assert_eq!(read(" { a: u8 }"), Parameters::default());
        assert_eq!(read("<T> { a: T }"), parameters("<T>", "<T>", ""));
        assert_eq!(
            read(
                "<'a, T: Job<'a> + 'a = Plain, const N: usize = 4>\nwhere\n    T: Clone,\n    F: Fn(T) -> Vec<T>,\n{ a: T }"
            ),
            parameters("<'a, T: Job<'a> + 'a, const N: usize>", "<'a, T, N>", " where T: Clone, F: Fn(T) -> Vec<T>")
        );
        assert_eq!(
            read("<F: Fn(u8, u8) -> Option<u8>> { f: F }"),
            parameters("<F: Fn(u8, u8) -> Option<u8>>", "<F>", "")
        );
        assert_eq!(read_parameters("<T>(T, [u8; 4]) where T: Send;", true), parameters("<T>", "<T>", " where T: Send"));
        assert_eq!(read("<T"), Parameters::default());
    }
}
