//! What a finding is known by from run to run: not its line's number, which every edit above it changes, but what the line
//! says and which item it is in.

use crate::diagnostic::Diagnostic;
use crate::source::{Name, Span};
use crate::syntax::ir::{Item, ItemKind};
use crate::workspace::{SourceFile, Workspace};
use std::collections::BTreeMap;

/// What a finding is known by. Several findings may share one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Identity {
    /// The path of its file, as shown.
    pub path: String,
    /// The item around it, from the file's root: `pool::impl Drop for Worker::drop`. Empty outside of all items.
    pub item: String,
    /// The lint's name.
    pub lint: &'static str,
    /// A hash of its line without the white space (FNV-1a, 64 bits).
    pub line: u64,
}

impl Identity {
    /// That of a finding.
    pub fn of(workspace: &Workspace, found: &Diagnostic) -> Identity {
        let loc = found.primary.loc;
        let file = workspace.files.get(loc.file.index());
        let line = file.map_or("", |file| file.lines.line_text(&file.text, file.lines.line_of(loc.span.start)));
        Identity {
            path: file.map_or(String::new(), |file| file.path.clone()),
            item: found.item.clone(),
            lint: found.lint.name,
            line: stable_hash(line.split_whitespace().flat_map(str::bytes)),
        }
    }

    /// A number for each finding of a report: two that are known by the same get different ones, in their order.
    pub fn fingerprints(workspace: &Workspace, found: &[Diagnostic]) -> Vec<u64> {
        let mut seen: BTreeMap<Identity, usize> = BTreeMap::new();
        let numbers = found.iter().map(|found| {
            let identity = Identity::of(workspace, found);
            let before = seen.entry(identity.clone()).or_default();
            *before += 1;
            identity.fingerprint(*before - 1)
        });
        numbers.collect()
    }

    /// All of it in one number, with how many of the same stand before it.
    fn fingerprint(&self, before: usize) -> u64 {
        let fields = [self.path.as_str(), &self.item, self.lint];
        let texts = fields.iter().flat_map(|field| field.bytes().chain([0]));
        stable_hash(texts.chain(self.line.to_le_bytes()).chain((before as u64).to_le_bytes()))
    }
}

/// The names of the items around a byte, outermost first.
pub(crate) fn item_around(file: &SourceFile, offset: u32) -> String {
    let around = file.ir.items.iter().filter(|item| item.span.start <= offset && offset < item.span.end);
    let names: Vec<String> = around.filter_map(|item| name_of(file, item)).collect();
    names.join("::")
}

fn name_of(file: &SourceFile, item: &Item) -> Option<String> {
    if item.name != Name::NONE {
        return file.ir.names.text(item.name).map(str::to_owned);
    }
    if !matches!(item.kind, ItemKind::Impl(_)) {
        return None;
    }
    // `impl<T> Trait for Type` as it is written.
    let rest = Span::new(item.name_span.start, item.span.end).text(&file.text);
    let head = rest.split('{').next().unwrap_or(rest);
    Some(head.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A hash that is the same on every machine and in every version (FNV-1a, 64 bits). Texts of one length that differ in their
/// last bytes alone differ little in the highest bits.
pub fn stable_hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(stable_hash(b"".iter().copied()), 0xcbf2_9ce4_8422_2325);
        assert_eq!(stable_hash(b"foobar".iter().copied()), 0x8594_4171_f739_67e8);
    }
}
