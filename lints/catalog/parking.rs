//! parking.

use std::time::{Duration, Instant};

pub fn pair() -> (Parker, Unparker) {}
pub struct Parker;
impl Parker {
    pub fn new() -> Parker {}
    #[effect(blocks(park))]
    pub fn park(&self) {}
    #[effect(blocks(park), timed)]
    pub fn park_timeout(&self, duration: Duration) -> bool {}
    #[effect(blocks(park), timed)]
    pub fn park_deadline(&self, instant: Instant) -> bool {}
    #[effect(wakes)]
    pub fn unpark(&self) -> bool {}
    pub fn unparker(&self) -> Unparker {}
}
pub struct Unparker;
impl Unparker {
    #[effect(wakes)]
    pub fn unpark(&self) -> bool {}
}
impl Clone for Unparker {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
