//! spin_sleep.

use std::time::{Duration, Instant};

#[effect(blocks(sleep), timed)]
pub fn sleep(duration: Duration) {}
#[effect(blocks(sleep), timed)]
pub fn sleep_until(deadline: Instant) {}
#[effect(blocks(sleep), timed)]
pub fn native_sleep(duration: Duration) {}
pub struct SpinSleeper;
impl SpinSleeper {
    pub fn new(native_accuracy_ns: u32) -> SpinSleeper {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep(&self, duration: Duration) {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep_s(&self, seconds: f64) {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep_ns(&self, nanoseconds: u64) {}
    #[effect(blocks(sleep), timed)]
    pub fn sleep_until(&self, deadline: Instant) {}
}
impl Default for SpinSleeper {
    fn default() -> SpinSleeper {}
}
