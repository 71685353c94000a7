//! futures-util: what `futures` is made of.

pub use ::futures::{future, lock, sink, stream, Future, FutureExt, SinkExt, Stream, StreamExt, TryFutureExt};
