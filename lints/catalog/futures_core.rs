//! futures-core.

pub use ::futures::{future, stream, Future, Stream};
