//! `color_eyre`: another name of `eyre`.

pub use ::eyre;
pub use ::eyre::{Report, Result};
