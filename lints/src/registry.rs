//! The explicit, ordered list of lints.

use crate::lint::Lint;

/// Every lint, in the order of the documentation.
pub fn lints() -> &'static [&'static Lint] {
    &[]
}
