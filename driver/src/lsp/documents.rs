//! The documents that are open in the editor.

use super::positions::{Encoding, Lines};
use super::uris;
use gen_lsp_types::{TextDocumentContentChangeEvent as Change, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A text that the editor has, whatever is on disk.
#[derive(Clone, Debug)]
pub(super) struct Document {
    /// As the client spells it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
    pub(super) lines: Lines,
}

/// The open documents by path. Those without one (a buffer that was never saved) are not followed.
#[derive(Debug, Default)]
pub(super) struct Documents {
    open: BTreeMap<PathBuf, Document>,
}

impl Documents {
    /// The path of an address that a document can have here.
    pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
        uris::path_of(uri).filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
    }

    pub(super) fn get(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&PathBuf, &Document)> {
        self.open.iter()
    }

    pub(super) fn open(&mut self, path: PathBuf, uri: Uri, version: i32, text: String) {
        let lines = Lines::new(&text);
        self.open.insert(path, Document { uri, version, text: Arc::from(text), lines });
    }

    pub(super) fn close(&mut self, path: &Path) -> Option<Document> {
        self.open.remove(path)
    }

    /// Makes changes in their order, each in the text that the one before it left. `None` where no such document is open.
    pub(super) fn change(&mut self, path: &Path, version: i32, changes: Vec<Change>, encoding: Encoding) -> Option<()> {
        let document = self.open.get_mut(path)?;
        let mut text = String::from(&*document.text);
        let mut lines = document.lines.clone();
        for change in changes {
            match change {
                Change::TextDocumentContentChangeWholeDocument(whole) => text = whole.text,
                Change::TextDocumentContentChangePartial(part) => {
                    let span = lines.span(&text, part.range, encoding);
                    text.replace_range(span.start as usize..span.end as usize, &part.text);
                }
            }
            lines = Lines::new(&text);
        }
        (document.version, document.text, document.lines) = (version, Arc::from(text), lines);
        Some(())
    }

    /// The address of a file as the client spells it where it has it open.
    pub(super) fn uri(&self, path: &Path) -> Uri {
        self.get(path).map_or_else(|| uris::uri_of(path), |document| document.uri.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::{Position, Range, TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument};

    #[allow(deprecated, reason = "the length is part of the message")]
    fn part(start: (u32, u32), end: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        Change::TextDocumentContentChangePartial(TextDocumentContentChangePartial {
            range: Range { start: at(start), end: at(end) },
            range_length: None,
            text: text.to_owned(),
        })
    }

    #[test]
    fn changes_build_on_one_another() {
        let path = Path::new("/a.rs");
        let mut documents = Documents::default();
        documents.open(path.to_path_buf(), Uri::from("file:///a.rs"), 1, String::from("a𝕏\r\nb\r\n"));
        let changes = vec![part((0, 3), (1, 0), "c\n"), part((1, 0), (1, 1), ""), part((2, 0), (9, 9), "end")];
        documents.change(path, 2, changes, Encoding::Utf16).unwrap();
        let document = documents.get(path).unwrap();
        assert_eq!((&*document.text, document.version), ("a𝕏c\n\r\nend", 2));
        let whole = TextDocumentContentChangeWholeDocument { text: String::from("x") };
        documents.change(path, 3, vec![whole.into()], Encoding::Utf16).unwrap();
        assert_eq!(&*documents.get(path).unwrap().text, "x");
        assert!(documents.change(Path::new("/b.rs"), 1, Vec::new(), Encoding::Utf16).is_none());
    }
}
