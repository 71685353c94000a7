//! The lints: one folder a family, one file a lint.
//!
//! Invariants: a rule asks the facts and the types, builds a [`Diagnostic`](crate::diagnostic::Diagnostic), and nothing else; it names no library and no
//! path of one; it reads top to bottom: documentation, check, message, fix.

pub(crate) mod cycle;
pub(crate) mod deadlock;
mod edits;
pub(crate) mod join;
pub(crate) mod lock;
pub(crate) mod meta;
pub(crate) mod pool;
pub(crate) mod stop;
mod text;
