//! bus: one sender, many receivers; each message goes to all.

use std::sync::mpsc::{RecvError, RecvTimeoutError, TryRecvError};
use std::time::Duration;

#[effect(sender)]
pub struct Bus<T>(T);
impl<T> Bus<T> {
    pub fn new(len: usize) -> Bus<T> {}
    #[effect(sends(blocking), puts(0))]
    pub fn broadcast(&mut self, val: T) {}
    #[effect(sends(try), puts(0))]
    pub fn try_broadcast(&mut self, val: T) -> Result<(), T> {}
    pub fn add_rx(&mut self) -> BusReader<T> {}
    pub fn rx_count(&self) -> usize {}
}
#[effect(receiver)]
pub struct BusReader<T>(T);
impl<T> BusReader<T> {
    #[effect(receives(blocking))]
    pub fn recv(&mut self) -> Result<T, RecvError> {}
    #[effect(receives(try))]
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {}
    #[effect(receives(timed))]
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<T, RecvTimeoutError> {}
    #[effect(receives(blocking), each_step)]
    pub fn iter(&mut self) -> BusIter<T> {}
}
pub struct BusIter<T>(T);
impl<T> Iterator for BusIter<T> {
    type Item = T;
    #[effect(receives(blocking))]
    fn next(&mut self) -> Option<T> {}
}
impl<T> IntoIterator for BusReader<T> {
    type Item = T;
    type IntoIter = BusIter<T>;
    #[effect(receives(blocking), each_step)]
    fn into_iter(self) -> BusIter<T> {}
}
impl<T> IntoIterator for &mut BusReader<T> {
    type Item = T;
    type IntoIter = BusIter<T>;
    #[effect(receives(blocking), each_step)]
    fn into_iter(self) -> BusIter<T> {}
}
