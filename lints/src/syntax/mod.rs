//! Text to [`FileIr`]: the only place that names `syn` and `proc_macro2`.
//!
//! Invariants: `parse` is total (what cannot be read is a [`NotAnalysed`] value), pure, and leaves nothing behind on the
//! thread; its stack use is bounded by the nesting guard, for threads with [`STACK_SIZE`] of stack.

mod bodies;
pub mod ir;
mod lower;
mod outline;
#[cfg(test)]
mod outline_tests;
mod positions;

pub use bodies::BodySlot;
pub use ir::FileIr;
pub use lower::{NotAnalysed, STACK_SIZE, parse, parse_outline, parse_partly};
pub use outline::Shape;
