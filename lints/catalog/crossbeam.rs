//! crossbeam: the parts under one roof.

pub use ::crossbeam_channel as channel;
pub use ::crossbeam_deque as deque;
pub use ::crossbeam_queue as queue;
pub use ::crossbeam_utils::atomic;
pub use ::crossbeam_utils::sync;
pub use ::crossbeam_utils::thread;
pub use ::crossbeam_utils::thread::scope;

pub mod utils {
    pub use ::crossbeam_utils::{Backoff, CachePadded};
}
