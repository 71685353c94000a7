//! portable-atomic: std's atomics on targets that lack some.

pub use std::sync::atomic::{compiler_fence, fence, AtomicBool, AtomicPtr, Ordering};
pub use std::sync::atomic::{AtomicI16, AtomicI32, AtomicI64, AtomicI8, AtomicIsize};
pub use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, AtomicU8, AtomicUsize};
pub mod hint {
    pub use std::hint::spin_loop;
}
