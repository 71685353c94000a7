//! Identifiers as 64-bit content hashes.
//!
//! Two files lowered on two threads, or in two runs, agree on every name with no shared interner, so a `FileIr` stays a
//! pure function of its text. Well-known names are constants: `const JOIN: Name = Name::of("join")`. A raw identifier
//! has the name of its plain form.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::sync::OnceLock;

/// An identifier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name(u64);

impl Name {
    /// The name of no identifier.
    pub const NONE: Name = Name(0);

    /// The name of `text`, with a leading `r#` ignored: 64-bit FNV-1a, then a finalising mix.
    pub const fn of(text: &str) -> Name {
        let bytes = text.as_bytes();
        let mut index = if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { 2 } else { 0 };
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        while index < bytes.len() {
            hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            index += 1;
        }
        hash ^= hash >> 32;
        hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Name(hash ^ (hash >> 29))
    }

    /// The hash itself.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The name of the field of a tuple or tuple struct at `index`.
    pub fn of_index(index: u32) -> Name {
        Name::of(&index.to_string())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({:016x})", self.0)
    }
}

/// The texts of a file's names.
///
/// A table that was written down is looked into only if somebody wants a text: most runs have no need of a library's.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    texts: OnceLock<FxHashMap<Name, Box<str>>>,
    /// The texts as they were written down, a line each.
    lines: Box<str>,
}

impl NameTable {
    /// The name of `text`, remembered.
    pub fn intern(&mut self, text: &str) -> Name {
        let name = Name::of(text);
        self.texts();
        if let Some(texts) = self.texts.get_mut() {
            texts.entry(name).or_insert_with(|| text.strip_prefix("r#").unwrap_or(text).into());
        }
        name
    }

    /// The text of a name that was interned here.
    pub fn text(&self, name: Name) -> Option<&str> {
        self.texts().get(&name).map(|text| &**text)
    }

    fn texts(&self) -> &FxHashMap<Name, Box<str>> {
        self.texts.get_or_init(|| self.lines.lines().map(|text| (Name::of(text), text.into())).collect())
    }
}

/// The texts alone, in order: the names are computed from them.
impl Serialize for NameTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut texts: Vec<&str> = self.texts().values().map(|text| &**text).collect();
        texts.sort_unstable();
        serializer.serialize_str(&texts.join("\n"))
    }
}

impl<'de> Deserialize<'de> for NameTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NameTable, D::Error> {
        Ok(NameTable { texts: OnceLock::new(), lines: Box::deserialize(deserializer)? })
    }
}
