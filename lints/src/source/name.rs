//! Identifiers as 64-bit content hashes.
//!
//! Two files lowered on two threads, or in two runs, agree on every name with no shared interner, so a `FileIr` stays a
//! pure function of its text. Well-known names are constants: `const JOIN: Name = Name::of("join")`. A raw identifier
//! has the name of its plain form.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

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
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    texts: FxHashMap<Name, Box<str>>,
}

impl NameTable {
    /// The name of `text`, remembered.
    pub fn intern(&mut self, text: &str) -> Name {
        let name = Name::of(text);
        self.texts.entry(name).or_insert_with(|| text.strip_prefix("r#").unwrap_or(text).into());
        name
    }

    /// The text of a name that was interned here.
    pub fn text(&self, name: Name) -> Option<&str> {
        self.texts.get(&name).map(|text| &**text)
    }
}

/// The texts alone, in order: the names are computed from them.
impl Serialize for NameTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut texts: Vec<&str> = self.texts.values().map(|text| &**text).collect();
        texts.sort_unstable();
        serializer.collect_seq(texts)
    }
}

impl<'de> Deserialize<'de> for NameTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NameTable, D::Error> {
        let texts = Vec::<Box<str>>::deserialize(deserializer)?;
        Ok(NameTable { texts: texts.into_iter().map(|text| (Name::of(&text), text)).collect() })
    }
}
