//! What a finding looks like to a renderer.
//!
//! Invariants: exactly one primary label; secondary labels in the order of the story; messages in lower case without a
//! full stop, code in backticks (a test holds every fixture's output to it).

use crate::lint::{Level, Lint};
use crate::source::{FileId, Loc, Span};
use serde::{Deserialize, Serialize};

/// A finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The lint that found it.
    pub lint: &'static Lint,
    /// The level in force; the lint's default until the report is put together.
    pub level: Level,
    /// The headline; it stands alone.
    pub message: String,
    /// Where to look first: short and stable.
    pub primary: Label,
    /// The rest of the story, in order.
    pub secondary: Vec<Label>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// What the labels tell, as something to look at.
    pub picture: Option<Circle>,
    /// What to do.
    pub suggestions: Vec<Suggestion>,
    /// What the finding is about, where that is not the primary place: the loop, the spawn. Of several lints that speak
    /// of one site the most specific reports.
    pub site: Loc,
    /// The item around the primary place, from the file's root: `pool::impl Drop for Worker::drop`. Empty outside of all items,
    /// and until the report is put together.
    pub item: String,
}

/// A place with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The place.
    pub loc: Loc,
    /// What is said of it.
    pub message: String,
}

/// Things that lead to one another in a circle: locks that threads wait for. A renderer draws it where it can; nothing in it is
/// new to who has read the labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circle {
    /// In order; the last leads to the first.
    pub stations: Vec<Station>,
}

/// A thing on a [`Circle`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// What it is called.
    pub name: String,
    /// How it leads to the next one, step by step.
    pub way: Vec<Label>,
}

/// A way to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What to do, as a headline.
    pub message: String,
    /// How far the edits may be trusted.
    pub applicability: Applicability,
    /// The edits, applied together or not at all; none for a help text.
    pub edits: Vec<Edit>,
    /// The code to write, for a help text without edits.
    pub code: Option<String>,
}

/// A replacement of a span's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub loc: Loc,
    /// The new text.
    pub text: String,
}

/// How far a suggestion may be trusted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Applicability {
    /// It compiles and means what it says: applied by `--fix`.
    MachineApplicable,
    /// Likely right; somebody has to look.
    MaybeIncorrect,
    /// A sketch of the code to write.
    HelpOnly,
}

impl Diagnostic {
    /// A finding of `lint` at `loc` with its headline and the primary label's text.
    pub fn new(lint: &'static Lint, loc: Loc, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        Diagnostic {
            lint,
            level: lint.level,
            message: message.into(),
            primary: Label { loc, message: label.into() },
            secondary: Vec::new(),
            notes: Vec::new(),
            picture: None,
            suggestions: Vec::new(),
            site: loc,
            item: String::new(),
        }
    }

    /// What the finding is about, where that is not the primary place.
    pub fn site(mut self, site: Loc) -> Diagnostic {
        self.site = site;
        self
    }

    /// The next step of the story. A second label at one place is left out.
    pub fn label(mut self, loc: Loc, message: impl Into<String>) -> Diagnostic {
        if loc != self.primary.loc && self.secondary.iter().all(|label| label.loc != loc) {
            self.secondary.push(Label { loc, message: message.into() });
        }
        self
    }

    /// As [`Diagnostic::label`], for a step that the story needs: where a label stands at its place, that one tells both.
    pub fn step(mut self, loc: Loc, message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        let mut labels = std::iter::once(&mut self.primary).chain(&mut self.secondary);
        match labels.find(|label| label.loc == loc) {
            Some(label) if label.message.contains(&message) => {}
            Some(label) => {
                label.message.push_str("; ");
                label.message.push_str(&message);
            }
            None => self.secondary.push(Label { loc, message }),
        }
        self
    }

    /// What to look at.
    pub fn picture(mut self, picture: Circle) -> Diagnostic {
        self.picture = Some(picture);
        self
    }

    /// Why it matters.
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// What to write instead, as a text.
    pub fn help(mut self, message: impl Into<String>, code: impl Into<String>) -> Diagnostic {
        let code = code.into();
        self.suggestions.push(Suggestion {
            message: message.into(),
            applicability: Applicability::HelpOnly,
            edits: Vec::new(),
            code: (!code.is_empty()).then_some(code),
        });
        self
    }

    /// What to write instead, as edits.
    pub fn suggest(mut self, message: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Diagnostic {
        self.suggestions.push(Suggestion { message: message.into(), applicability, edits, code: None });
        self
    }
}

impl Edit {
    /// Replaces `loc` by `text`.
    pub fn replace(loc: Loc, text: impl Into<String>) -> Edit {
        Edit { loc, text: text.into() }
    }

    /// Inserts `text` at byte `offset`.
    pub fn insert(file: FileId, offset: u32, text: impl Into<String>) -> Edit {
        Edit { loc: Loc::new(file, Span::new(offset, offset)), text: text.into() }
    }
}
