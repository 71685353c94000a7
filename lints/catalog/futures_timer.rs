//! futures-timer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Delay;
impl Delay {
    #[effect(blocks(sleep), timed, is_async)]
    pub fn new(dur: Duration) -> Delay {}
    pub fn reset(&mut self, dur: Duration) {}
}
impl Future for Delay {
    type Output = ();
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<()> {}
}
