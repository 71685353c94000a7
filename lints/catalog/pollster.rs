//! pollster.

use std::future::Future;

#[effect(runs_async(0))]
pub fn block_on<F: Future>(fut: F) -> <F as Future>::Output {}
pub trait FutureExt: Future {
    fn block_on(self) -> Self::Output {}
}
impl<F: Future> FutureExt for F {}
