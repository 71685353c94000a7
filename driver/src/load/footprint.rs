//! What a load has found on disk: enough to tell that another would find the same, without parsing anything.
//!
//! A file is known by the hash of its bytes, never by its times. That no other file has come in its place follows from the places
//! where the loader would have looked first, which are still empty. A file that was edited out of sight of the check ([`Seen`]) counts as it
//! was; to know that, it is parsed, alone.
//!
//! Invariants: where [`Footprint::revisit`] gives something, a load of the same plan would give the same files, with the same ids, in the same
//! crates, and a check of them the same report; what it reads may be of anybody's making, so no number in it is trusted.

use super::{CrateId, Loaded, Loader, MissingModule, SourceFile, krate_of, lock, origin_of, parse, read, read_bytes};
use crate::plan::Plan;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::source::{FileId, LineIndex, Loc, Span};
use thread_lints::{FileIr, Seen, Workspace};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// Where more files have changed, somebody has done more than edit: it is likely that something of it was seen.
const MAX_CHANGED: usize = 8;

/// What a load has found on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Footprint {
    /// In the order of their ids.
    files: Vec<FileState>,
    /// Where no file is that would come before one of `files`, or in the place of a missing one.
    absent: Vec<PathBuf>,
    missing: Vec<Missing>,
    /// What the check has asked of bodies that it did not read.
    seen: Seen,
}

/// What a second look at the files of a footprint gives.
#[derive(Debug)]
pub(crate) struct Revisited {
    /// It has the texts of the files that were asked for alone, and nothing that was parsed.
    pub(crate) loaded: Loaded,
    /// The footprint as it is now, if files have changed out of sight.
    pub(crate) moved: Option<Footprint>,
}

/// A file as it was.
#[derive(Debug, Serialize, Deserialize)]
struct FileState {
    path: PathBuf,
    /// As shown.
    shown: String,
    content: Content,
    /// See [`Loaded::file_crates`].
    of_crate: Option<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Content {
    Text {
        /// Of the bytes.
        hash: u128,
        lines: u32,
        /// What a check has seen of it; none where that is all.
        sight: Option<Sight>,
    },
    /// It could not be read, for this reason.
    Unreadable(String),
}

/// A file as a check has seen it.
#[derive(Debug, Serialize, Deserialize)]
struct Sight {
    /// For each body whether it was read, eight to a byte.
    read: Vec<u8>,
    /// Of what was seen.
    hash: u128,
}

/// A [`MissingModule`].
#[derive(Debug, Serialize, Deserialize)]
struct Missing {
    loc: Loc,
    minor: bool,
    reason: String,
}

impl Footprint {
    /// That of a load. The files' texts are hashed on the threads of the pool.
    pub(crate) fn of(loader: &Loader<'_>, loaded: &Loaded, seen: Seen) -> Footprint {
        let files = loaded.workspace.files.par_iter().zip(&loaded.paths).zip(&loaded.file_crates);
        let files = files.map(|((file, path), of_crate)| FileState {
            path: path.clone(),
            shown: file.path.clone(),
            content: match &file.problem {
                // An empty file has no problem.
                Some(problem) if file.text.is_empty() => Content::Unreadable(problem.reason.clone()),
                _ => Content::Text {
                    hash: xxh3_128(file.text.as_bytes()),
                    lines: line_count(file),
                    sight: Sight::of(file, &seen),
                },
            },
            of_crate: of_crate.map(|krate| krate.0),
        });
        let files = files.collect();
        let visited = lock(&loader.visited);
        let absent: FxHashSet<&PathBuf> =
            visited.values().flat_map(|children| children.iter()).flat_map(|child| child.absent()).collect();
        let mut absent: Vec<PathBuf> = absent.into_iter().cloned().collect();
        absent.sort();
        let missing = loaded.missing_modules.iter().map(|missing| Missing {
            loc: Loc::new(missing.file, missing.span),
            minor: missing.minor,
            reason: missing.reason.clone(),
        });
        Footprint { files, absent, missing: missing.collect(), seen }
    }

    /// Looks whether everything is as it was, as far as a check has seen it. `shown` are the files that the report speaks of: of them, all
    /// counts.
    pub(crate) fn revisit(self, plan: &Plan, base: &Path, shown: &FxHashSet<FileId>) -> Option<Revisited> {
        if self.absent.par_iter().any(|path| path.is_file()) {
            return None;
        }
        let of_missing = self.missing.iter().map(|missing| missing.loc.file);
        let shown: FxHashSet<FileId> = shown.iter().copied().chain(of_missing).collect();
        let found = self.files.par_iter().enumerate().map_init(Vec::new, |buffer, (index, state)| {
            let is_shown = shown.contains(&FileId(index as u32));
            match state.content_now(buffer) {
                Now::Same(text) => Some((state.source_file(if is_shown { text } else { "" }), None)),
                Now::Other(text) if !is_shown => Some((state.source_file(""), Some(text.to_owned()))),
                Now::Other(_) | Now::Unlike => None,
            }
        });
        let found: Vec<(SourceFile, Option<String>)> = found.collect::<Option<_>>()?;
        let mut changed = Vec::new();
        let mut files = Vec::with_capacity(found.len());
        for (file, other) in found {
            changed.extend(other.map(|text| (files.len(), text)));
            files.push(file);
        }
        if changed.len() > MAX_CHANGED {
            return None;
        }
        let updates = changed.into_par_iter().map(|(index, text)| {
            let content = self.files.get(index)?.unless_seen(text, &self.seen)?;
            Some((index, content))
        });
        let updates: Vec<(usize, Content)> = updates.collect::<Option<_>>()?;
        let mut now = self;
        let has_moved = !updates.is_empty();
        for (index, content) in updates {
            now.files.get_mut(index)?.content = content;
        }
        let loaded = now.loaded(plan, base, files)?;
        Some(Revisited { loaded, moved: has_moved.then_some(now) })
    }

    /// The load that this is the footprint of, with these files.
    fn loaded(&self, plan: &Plan, base: &Path, files: Vec<SourceFile>) -> Option<Loaded> {
        let ids = self.files.iter().zip(0..).map(|(state, index)| (state.path.as_path(), FileId(index)));
        let ids: FxHashMap<&Path, FileId> = ids.collect();
        let krate = |planned| Some(krate_of(planned, *ids.get(planned.target.path.as_path())?));
        let crates: Vec<_> = plan.crates.iter().map(krate).collect::<Option<_>>()?;
        let of_crate = |state: &FileState| match state.of_crate {
            Some(index) if index as usize >= crates.len() => None,
            known => Some(known.map(CrateId)),
        };
        let missing = self.missing.iter().map(|missing| {
            let Loc { file, span } = missing.loc;
            span_fits(&files, file, span).then(|| MissingModule {
                file,
                span,
                minor: missing.minor,
                reason: missing.reason.clone(),
            })
        });
        Some(Loaded {
            file_crates: self.files.iter().map(of_crate).collect::<Option<_>>()?,
            missing_modules: missing.collect::<Option<_>>()?,
            origins: plan.crates.iter().map(|planned| origin_of(planned, base)).collect(),
            paths: self.files.iter().map(|state| state.path.clone()).collect(),
            base: base.to_path_buf(),
            line_counts: self.files.iter().map(FileState::line_count).collect(),
            workspace: Workspace { crates, files, ..Workspace::default() },
            ..Loaded::default()
        })
    }
}

/// Whether a span lies in a file, between its characters.
pub(crate) fn span_fits(files: &[SourceFile], file: FileId, span: Span) -> bool {
    files.get(file.index()).is_some_and(|file| file.text.get(span.start as usize..span.end as usize).is_some())
}

fn line_count(file: &SourceFile) -> u32 {
    u32::try_from(file.lines.line_count(&file.text)).unwrap_or(u32::MAX)
}

/// What is in a file now.
enum Now<'b> {
    /// What was in it, and what of that is text.
    Same(&'b str),
    /// Another text.
    Other(&'b str),
    /// It can be read now and could not be before, or the other way round.
    Unlike,
}

impl FileState {
    /// Reads it. `buffer` is for the bytes.
    fn content_now<'b>(&self, buffer: &'b mut Vec<u8>) -> Now<'b> {
        match &self.content {
            Content::Text { hash, .. } => {
                buffer.clear();
                if read_bytes(&self.path, buffer).is_err() {
                    return Now::Unlike;
                }
                let is_same = xxh3_128(buffer) == *hash;
                match std::str::from_utf8(buffer) {
                    Ok(text) if is_same => Now::Same(text),
                    Ok(text) => Now::Other(text),
                    Err(_) => Now::Unlike,
                }
            }
            Content::Unreadable(reason) if read(&self.path).as_ref() == Err(reason) => Now::Same(""),
            Content::Unreadable(_) => Now::Unlike,
        }
    }

    /// The file with as much of its text as is needed.
    fn source_file(&self, text: &str) -> SourceFile {
        SourceFile {
            path: self.shown.clone(),
            lines: Arc::new(LineIndex::new(text)),
            text: Arc::from(text),
            ir: Arc::new(FileIr::default()),
            problem: None,
        }
    }

    /// Its content with another text, if the check would not see a difference.
    fn unless_seen(&self, text: String, seen: &Seen) -> Option<Content> {
        let Content::Text { sight: Some(Sight { read, hash }), .. } = &self.content else { return None };
        let parsed = parse(Arc::from(text), false);
        if parsed.fault.is_some() {
            return None;
        }
        let file = SourceFile {
            path: String::new(),
            lines: parsed.lines,
            text: parsed.text,
            ir: parsed.ir,
            problem: parsed.problem,
        };
        let was_read = |body: usize| read.get(body / 8).is_none_or(|byte| byte & (1 << (body % 8)) != 0);
        let sight = Sight { read: read.clone(), hash: hash_of(&file, seen, was_read)? };
        let content =
            Content::Text { hash: xxh3_128(file.text.as_bytes()), lines: line_count(&file), sight: Some(sight) };
        matches!(&content, Content::Text { sight: Some(now), .. } if now.hash == *hash).then_some(content)
    }

    fn line_count(&self) -> u32 {
        match self.content {
            Content::Text { lines, .. } => lines,
            Content::Unreadable(_) => 0,
        }
    }
}

impl Sight {
    fn of(file: &SourceFile, seen: &Seen) -> Option<Sight> {
        let was_read = |body: usize| file.ir.bodies.get(body).is_none_or(|slot| slot.is_read());
        let hash = hash_of(file, seen, was_read)?;
        let bodies: Vec<bool> = (0..file.ir.bodies.len()).map(was_read).collect();
        let byte = |flags: &[bool]| flags.iter().rev().fold(0, |byte, flag| byte << 1 | u8::from(*flag));
        Some(Sight { read: bodies.chunks(8).map(byte).collect(), hash })
    }
}

fn hash_of(file: &SourceFile, seen: &Seen, was_read: impl Fn(usize) -> bool) -> Option<u128> {
    let mut hash = Xxh3::new();
    seen.pieces(file, was_read, &mut |bytes| hash.update(bytes))?;
    Some(hash.digest128())
}
