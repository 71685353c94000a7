//! Joins the parts that runs with `--shard` wrote into the report of one run without it.
//!
//! A part says at its end which one it is, of how many, and a digest of all that its run found, so that a part which is missing,
//! doubled, cut off or of another run is told instead of being left out without a word.
//!
//! Invariant: a merged report is byte for byte that of one run on the first part's machine. The findings of a file are all in one
//! part and in order there, so that sorting by path, equals kept as they come, gives the one order of a report.

mod messages;
mod sarif;

use crate::shard::Part;
use anyhow::{Context as _, bail};
use std::path::{Path, PathBuf};

/// A report made of parts.
pub(crate) struct Merged {
    /// As the parts are written: JSON messages or SARIF.
    pub(crate) text: String,
    /// That of the run as a whole.
    pub(crate) exit_code: u8,
}

/// A part, read.
struct Source<T> {
    path: PathBuf,
    part: Part,
    content: T,
}

/// A form that parts are written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Messages,
    Sarif,
}

/// Reads the parts and joins them.
pub(crate) fn merge(paths: &[PathBuf]) -> anyhow::Result<Merged> {
    let mut texts: Vec<(&Path, String)> = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(path)
            .map_err(|error| anyhow::anyhow!("cannot read `{}`: {}", path.display(), crate::reason_of(&error)))?;
        texts.push((path, text));
    }
    let mut forms: Vec<(&Path, Form)> = Vec::new();
    for (path, text) in &texts {
        forms.push((path, form_of(text).with_context(|| path.display().to_string())?));
    }
    let Some((first, form)) = forms.first().copied() else {
        bail!("there are no parts");
    };
    if let Some((other, _)) = forms.iter().find(|(_, other)| *other != form) {
        bail!("`{}` and `{}` are not in the same format", first.display(), other.display());
    }
    match form {
        Form::Messages => Ok(joined(complete(read_all(texts, messages::read)?)?, messages::join)),
        Form::Sarif => Ok(joined(complete(read_all(texts, sarif::read)?)?, sarif::join)),
    }
}

/// The form of a part, from how it starts.
fn form_of(text: &str) -> anyhow::Result<Form> {
    let start = text.trim_start();
    match start {
        "" => bail!("the file is empty"),
        _ if start.starts_with("{\"reason\"") => Ok(Form::Messages),
        _ if start.starts_with('{') => Ok(Form::Sarif),
        _ => bail!("neither JSON messages nor SARIF"),
    }
}

fn read_all<T>(
    texts: Vec<(&Path, String)>,
    read: impl Fn(String) -> anyhow::Result<(Part, usize, T)>,
) -> anyhow::Result<Vec<Source<T>>> {
    let mut sources = Vec::new();
    for (path, text) in texts {
        let shown = path.display();
        let (part, messages, content) = read(text).with_context(|| shown.to_string())?;
        if messages != part.messages {
            bail!("{shown}: {messages} of its {} findings and notes are there", part.messages);
        }
        if part.index == 0 || part.index > part.count {
            bail!("{shown}: there is no shard {} of {}", part.index, part.count);
        }
        sources.push(Source { path: path.to_path_buf(), part, content });
    }
    Ok(sources)
}

/// How many missing shards are named.
const NAMED: usize = 10;

/// The parts in their order, which are all of one run.
fn complete<T>(mut sources: Vec<Source<T>>) -> anyhow::Result<Vec<Source<T>>> {
    sources.sort_by_key(|source| source.part.index);
    let Some(first) = sources.first() else {
        return Ok(sources);
    };
    let count = first.part.count;
    for other in &sources[1..] {
        let files = || format!("`{}` and `{}`", first.path.display(), other.path.display());
        let (a, b) = (&first.part, &other.part);
        if a.count != b.count {
            bail!("{} are of different runs: shard {}/{} and {}/{}", files(), a.index, a.count, b.index, b.count);
        }
        if a.version != b.version {
            bail!("{} were written by different versions: {} and {}", files(), a.version, b.version);
        }
        if a.run != b.run {
            bail!("{} are of different runs: with other sources, settings or arguments", files());
        }
    }
    for pair in sources.windows(2) {
        if pair[0].part.index == pair[1].part.index {
            let (a, b) = (pair[0].path.display(), pair[1].path.display());
            bail!("`{a}` and `{b}` are both shard {}/{count}", pair[0].part.index);
        }
    }
    let mut missing = (1..=count).filter(|index| sources.binary_search_by_key(index, |it| it.part.index).is_err());
    let named: Vec<String> = missing.by_ref().take(NAMED).map(|index| format!("{index}/{count}")).collect();
    match (named.as_slice(), missing.next()) {
        ([], _) => Ok(sources),
        ([one], _) => bail!("shard {one} is missing"),
        (some, None) => bail!("shards {} are missing", some.join(", ")),
        (some, Some(_)) => bail!("shards {} and more are missing", some.join(", ")),
    }
}

fn joined<T>(sources: Vec<Source<T>>, join: impl Fn(Vec<T>, bool) -> String) -> Merged {
    // A fault or an unread file counts for the whole run wherever it is met.
    let exit_code = sources.iter().map(|source| source.part.exit_code).max().unwrap_or(0);
    let contents = sources.into_iter().map(|source| source.content).collect();
    Merged { text: join(contents, exit_code == 0), exit_code }
}

/// What is wrong with JSON, and where.
fn broken(error: &serde_json::Error, line: usize) -> anyhow::Error {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let cut = if error.is_eof() { ", is it cut off?" } else { "" };
    anyhow::anyhow!("line {}, column {}: {reason}{cut}", line.max(error.line()), error.column())
}
