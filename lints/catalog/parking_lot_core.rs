//! parking_lot_core: what the locks of parking_lot wait with.

use std::time::Instant;

// Waits until unparked; the last argument is the time-out.
#[effect(blocks(park), timed_by(5))]
pub unsafe fn park<V: FnOnce() -> bool, B: FnOnce(), T: FnOnce(usize, bool)>(
    key: usize,
    validate: V,
    before_sleep: B,
    timed_out: T,
    park_token: ParkToken,
    timeout: Option<Instant>,
) -> ParkResult {
}
#[effect(wakes)]
pub unsafe fn unpark_one<C: FnOnce(UnparkResult) -> UnparkToken>(key: usize, callback: C) -> UnparkResult {}
#[effect(wakes)]
pub unsafe fn unpark_all(key: usize, unpark_token: UnparkToken) -> usize {}
pub struct ParkToken(pub usize);
pub struct UnparkToken(pub usize);
pub struct UnparkResult;
pub enum ParkResult {
    Unparked(UnparkToken),
    Invalid,
    TimedOut,
}
impl ParkResult {
    pub fn is_unparked(self) -> bool {}
}
pub struct SpinWait;
impl SpinWait {
    pub fn new() -> SpinWait {}
    pub fn reset(&mut self) {}
    #[effect(yields)]
    pub fn spin(&mut self) -> bool {}
    #[effect(yields)]
    pub fn spin_no_yield(&mut self) {}
}
