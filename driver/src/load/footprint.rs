//! What a load has found on disk: enough to tell that another would find the same, without parsing anything.
//!
//! A file is known by the hash of its bytes, never by its times. That no other file has come in its place follows from the places
//! where the loader would have looked first, which are still empty.
//!
//! Invariants: where [`Footprint::revisit`] gives something, a load of the same plan would give the same files, with the same ids, in the same
//! crates; what it reads may be of anybody's making, so no number in it is trusted.

use super::{CrateId, Loaded, Loader, MissingModule, SourceFile, krate_of, lock, origin_of, read, read_bytes};
use crate::plan::Plan;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thread_lints::source::{FileId, LineIndex, Loc, Span};
use thread_lints::{FileIr, Workspace};
use xxhash_rust::xxh3::xxh3_128;

/// What a load has found on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Footprint {
    /// In the order of their ids.
    files: Vec<FileState>,
    /// Where no file is that would come before one of `files`, or in the place of a missing one.
    absent: Vec<PathBuf>,
    missing: Vec<Missing>,
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
    },
    /// It could not be read, for this reason.
    Unreadable(String),
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
    pub(crate) fn of(loader: &Loader<'_>, loaded: &Loaded) -> Footprint {
        let files = loaded.workspace.files.par_iter().zip(&loaded.paths).zip(&loaded.file_crates);
        let files = files.map(|((file, path), of_crate)| FileState {
            path: path.clone(),
            shown: file.path.clone(),
            content: match &file.problem {
                // An empty file has no problem.
                Some(problem) if file.text.is_empty() => Content::Unreadable(problem.reason.clone()),
                _ => Content::Text {
                    hash: xxh3_128(file.text.as_bytes()),
                    lines: u32::try_from(file.lines.line_count(&file.text)).unwrap_or(u32::MAX),
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
        Footprint { files, absent, missing: missing.collect() }
    }

    /// Looks whether everything is as it was. What is given has the texts of `shown` and of files with missing modules alone, and nothing
    /// that was parsed.
    pub(crate) fn revisit(&self, plan: &Plan, base: &Path, shown: &FxHashSet<FileId>) -> Option<Loaded> {
        if self.absent.par_iter().any(|path| path.is_file()) {
            return None;
        }
        let of_missing = self.missing.iter().map(|missing| missing.loc.file);
        let shown: FxHashSet<FileId> = shown.iter().copied().chain(of_missing).collect();
        let files = self.files.par_iter().enumerate().map_init(Vec::new, |buffer, (index, state)| {
            let text = state.unchanged(buffer)?;
            let text = if shown.contains(&FileId(index as u32)) { text } else { Some("") };
            Some(SourceFile {
                path: state.shown.clone(),
                lines: Arc::new(LineIndex::new(text?)),
                text: Arc::from(text?),
                ir: Arc::new(FileIr::default()),
                problem: None,
            })
        });
        let files: Vec<SourceFile> = files.collect::<Option<_>>()?;
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

impl FileState {
    /// The text, if it is as it was. `buffer` is for the bytes.
    fn unchanged<'b>(&self, buffer: &'b mut Vec<u8>) -> Option<Option<&'b str>> {
        match &self.content {
            Content::Text { hash, .. } => {
                buffer.clear();
                read_bytes(&self.path, buffer).ok()?;
                (xxh3_128(buffer) == *hash).then(|| std::str::from_utf8(buffer).ok())
            }
            Content::Unreadable(reason) => (read(&self.path).as_ref() == Err(reason)).then_some(Some("")),
        }
    }

    fn line_count(&self) -> u32 {
        match self.content {
            Content::Text { lines, .. } => lines,
            Content::Unreadable(_) => 0,
        }
    }
}
