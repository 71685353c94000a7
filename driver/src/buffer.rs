//! A text on standard input in place of a file's: an editor's buffer that is not saved yet.
//!
//! The packages around the file are read with the text in its place, so that the same is found as if it were saved; only what is
//! found in that file is reported, and only that file's text may be edited, which is then printed in place of being written.

use crate::cli::Arguments;
use crate::load::utf8;
use crate::paths;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a text without a file is called.
const NAMELESS: &str = "<stdin>";

/// A text, and the file that it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Buffer {
    /// Absolute. Nothing needs to be there.
    pub(crate) path: PathBuf,
    pub(crate) text: Arc<str>,
    /// It stands for a file.
    pub(crate) is_named: bool,
}

impl Buffer {
    /// Reads standard input to its end, if the arguments ask for that.
    pub(crate) fn read(arguments: &Arguments, working_dir: &Path) -> anyhow::Result<Option<Buffer>> {
        if !arguments.reads_stdin() {
            return Ok(None);
        }
        let named = arguments.stdin_filename.as_deref();
        let path = paths::absolute(working_dir, named.unwrap_or(Path::new(NAMELESS)));
        if path.is_dir() {
            anyhow::bail!("`{}` is a folder: `--stdin-filename` takes a file", path.display());
        }
        let cannot = |reason: &str| anyhow::anyhow!("cannot read standard input: {reason}");
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| cannot(&crate::reason_of(&error)))?;
        let text = utf8(bytes).map_err(|reason| cannot(&reason))?;
        Ok(Some(Buffer { path, text: Arc::from(text), is_named: named.is_some() }))
    }
}
