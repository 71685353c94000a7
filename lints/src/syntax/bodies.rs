//! A body's place in its file: read already, or where to read it.
//!
//! Invariants: what a slot says of its body before it is read holds for the read one, so that nothing depends on who asks first; a
//! body that does not parse is an empty one with a problem beside it.

use super::ir::{Body, LocalItemId};
use super::lower::{NotAnalysed, read_body};
use super::outline::{Outlined, Shape};
use crate::source::{Name, NameTable, Span};
use serde::de::Deserializer;
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// A body that is read when it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct BodySlot {
    later: Option<Box<Later>>,
    read: OnceLock<Box<ReadBody>>,
}

/// What is known of a body that need not be read.
#[derive(Clone, Debug)]
struct Later {
    /// The function.
    owner: LocalItemId,
    /// The signature and the body.
    span: Span,
    /// Where the body's block begins.
    open: u32,
    mentions: Box<[Name]>,
    called: Box<[Name]>,
    shape: Shape,
}

/// A body as it was read.
#[derive(Clone, Debug)]
pub(super) struct ReadBody {
    pub(super) body: Body,
    /// The texts of the names that stand in it and were not read before.
    pub(super) names: NameTable,
    /// Why it is empty.
    pub(super) problem: Option<NotAnalysed>,
}

impl BodySlot {
    /// A body that is there.
    pub(super) fn of(body: Body) -> BodySlot {
        let read = ReadBody { body, names: NameTable::default(), problem: None };
        BodySlot { later: None, read: OnceLock::from(Box::new(read)) }
    }

    /// The body of the function whose signature starts at `start`; `params` are the identifiers in its parameters.
    pub(super) fn later(owner: LocalItemId, start: u32, outlined: Outlined, params: &[Name]) -> BodySlot {
        let mut mentions = outlined.mentions.into_vec();
        mentions.extend_from_slice(params);
        mentions.sort_unstable();
        mentions.dedup();
        let span = Span::new(start, outlined.close + 1);
        let Outlined { called, shape, open, .. } = outlined;
        let later = Later { owner, span, open, mentions: mentions.into_boxed_slice(), called, shape };
        BodySlot { later: Some(Box::new(later)), read: OnceLock::new() }
    }

    /// The body itself; one that was not read is missing.
    pub(super) fn into_body(self, owner: LocalItemId) -> Body {
        self.read.into_inner().map_or_else(|| Body::missing(owner), |read| read.body)
    }

    /// The body, from the text of its file. The thread must have [`super::STACK_SIZE`] of stack.
    pub fn body(&self, text: &str) -> &Body {
        &self.reading(text).body
    }

    /// Why the body could not be read, from the text of its file.
    pub fn problem(&self, text: &str) -> Option<&NotAnalysed> {
        self.reading(text).problem.as_ref()
    }

    /// Why the body could not be read, if anybody asked for it.
    pub fn known_problem(&self) -> Option<&NotAnalysed> {
        self.read.get()?.problem.as_ref()
    }

    /// Whether the body was read: with its file, or since somebody asked for it.
    pub fn is_read(&self) -> bool {
        self.read.get().is_some()
    }

    /// Forgets the body if it could not be read, as if nobody had asked for it.
    pub(super) fn forget_problem(&mut self) {
        if self.later.is_some() && self.known_problem().is_some() {
            self.read = OnceLock::new();
        }
    }

    fn reading(&self, text: &str) -> &ReadBody {
        self.read.get_or_init(|| match &self.later {
            Some(later) => Box::new(read_body(text, later.span, later.owner, &later.mentions)),
            // A slot is made with the one or the other.
            None => {
                Box::new(ReadBody { body: Body::missing(LocalItemId(0)), names: NameTable::default(), problem: None })
            }
        })
    }

    /// The function, constant or static.
    pub fn owner(&self) -> LocalItemId {
        match (&self.later, self.read.get()) {
            (Some(later), _) => later.owner,
            (None, read) => read.map_or(LocalItemId(0), |read| read.body.owner),
        }
    }

    /// Identifiers, sorted, each once: every one in the body is among them.
    pub fn mentions(&self) -> &[Name] {
        match (&self.later, self.read.get()) {
            (Some(later), _) => &later.mentions,
            (None, read) => read.map_or(&[], |read| &read.body.mentions),
        }
    }

    /// Names, sorted, each once: every function and method that the body calls, or names by a path, has one of them.
    pub fn called(&self) -> &[Name] {
        self.later.as_ref().map_or_else(|| self.mentions(), |later| &later.called)
    }

    /// What may be in the body.
    pub fn shape(&self) -> Shape {
        self.later.as_ref().map_or(Shape::UNKNOWN, |later| later.shape)
    }

    /// Where the function stands from its signature on, if the body was not read with its file.
    pub fn span(&self) -> Option<Span> {
        self.later.as_ref().map(|later| later.span)
    }

    /// What stands between the braces, if the body was not read with its file.
    pub fn inside(&self) -> Option<Span> {
        self.later.as_ref().map(|later| Span::new(later.open + 1, later.span.end - 1))
    }

    /// The text of a name in it that its file does not know.
    pub(super) fn name_text(&self, name: Name) -> Option<&str> {
        self.later.as_ref()?;
        self.read.get()?.names.text(name)
    }
}

impl Serialize for BodySlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.read.get() {
            Some(read) => read.body.serialize(serializer),
            None => Err(S::Error::custom("a body that was not read")),
        }
    }
}

impl<'de> Deserialize<'de> for BodySlot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BodySlot, D::Error> {
        Body::deserialize(deserializer).map(BodySlot::of)
    }
}
