//! futures-executor.

pub use ::futures::executor::{block_on, block_on_stream, enter, Enter, LocalPool, LocalSpawner, ThreadPool};
pub use ::futures::executor::ThreadPoolBuilder;
