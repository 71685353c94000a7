//! Text to [`FileIr`]: the only place that names `syn` and `proc_macro2`.
//!
//! Invariants: `parse` is total (what cannot be read is a [`NotAnalysed`] value), pure, and leaves nothing behind on the
//! thread; its stack use is bounded by the nesting guard, for threads with [`STACK_SIZE`] of stack.

pub mod ir;
mod lower;
mod positions;

pub use ir::FileIr;
pub use lower::{NotAnalysed, STACK_SIZE, parse, parse_partly};
