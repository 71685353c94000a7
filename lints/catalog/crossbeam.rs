//! crossbeam: the parts under one roof.

pub use ::crossbeam_channel as channel;
pub use ::crossbeam_deque as deque;
pub use ::crossbeam_queue as queue;
pub use ::crossbeam_utils::atomic;
pub use ::crossbeam_utils::thread;
pub use ::crossbeam_utils::thread::scope;

pub mod utils {
    pub use ::crossbeam_utils::{Backoff, CachePadded};
}

pub mod sync {
    pub use ::crossbeam_utils::sync::*;

    // Of versions before 0.5.
    pub use ::crossbeam_queue::SegQueue;

    #[effect(collection, interior)]
    pub struct MsQueue<T>(T);
    impl<T> MsQueue<T> {
        pub fn new() -> MsQueue<T> {}
        #[effect(puts(0))]
        pub fn push(&self, t: T) {}
        #[effect(takes)]
        pub fn try_pop(&self) -> Option<T> {}
        // Waits until there is one.
        #[effect(takes, blocks(park))]
        pub fn pop(&self) -> T {}
        pub fn is_empty(&self) -> bool {}
    }
    #[effect(collection, interior)]
    pub struct TreiberStack<T>(T);
    impl<T> TreiberStack<T> {
        pub fn new() -> TreiberStack<T> {}
        #[effect(puts(0))]
        pub fn push(&self, t: T) {}
        #[effect(takes)]
        pub fn pop(&self) -> Option<T> {}
        #[effect(takes)]
        pub fn try_pop(&self) -> Option<T> {}
        pub fn is_empty(&self) -> bool {}
    }
}
