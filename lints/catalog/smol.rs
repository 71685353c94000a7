//! smol.

use std::future::Future;

pub use ::async_channel as channel;
pub use ::async_executor::{Executor, LocalExecutor, Task};
pub use ::async_io::{block_on, Async, Timer};
pub use ::async_lock as lock;
pub use ::blocking::{unblock, Unblock};
pub use ::futures_lite::{future, io, pin, prelude, ready, stream};

#[effect(spawns(0, task))]
pub fn spawn<T, F: Future<Output = T>>(future: F) -> Task<T> {}
