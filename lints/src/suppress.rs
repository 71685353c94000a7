//! Suppressions.

use crate::diagnostic::Diagnostic;
use crate::lint::Lint;
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Takes out what is suppressed.
pub(crate) fn apply(_: &Workspace, _: &Settings, _: &[&'static Lint], _: &mut Vec<Diagnostic>) {}
