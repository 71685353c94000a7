//! META: the tool's own comments and attributes.
//!
//! What is wrong with a suppression is known only when all other lints have run, so the checks are empty and
//! [`crate::suppress`] finds; the documentation and the words are here.

pub(crate) mod unknown_lint_names;
pub(crate) mod unused_suppressions;

use crate::facts::Context;
use crate::lint::Sink;

/// The check of a lint that [`crate::suppress`] finds.
fn found_while_suppressing(_: &Context<'_>, _: &mut Sink) {}
