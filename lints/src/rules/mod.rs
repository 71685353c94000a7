//! The lints: one folder a family, one file a lint.
