//! Every lint with its documentation as a page of its own, which [`Lint::page`](crate::lint::Lint::page) leads to.
//!
//! Invariant: made of the registry's list, so that no lint lacks its page.

macro_rules! pages {
    ($($family:ident::$file:ident::$lint:ident)*) => {
        $(#[doc(inline)] pub use crate::rules::$family::$file::$lint;)*
    };
}
crate::registry::registered!(pages);
