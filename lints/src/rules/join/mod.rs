//! JOIN: thread handles.

pub(crate) mod dropped_join_handles;
