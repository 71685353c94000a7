//! rtrb: a ring buffer with two ends; nothing waits.

pub struct RingBuffer<T>(T);
impl<T> RingBuffer<T> {
    #[effect(channel)]
    pub fn new(capacity: usize) -> (Producer<T>, Consumer<T>) {}
}
#[effect(sender)]
pub struct Producer<T>(T);
impl<T> Producer<T> {
    #[effect(sends(try), puts(0))]
    pub fn push(&mut self, value: T) -> Result<(), PushError<T>> {}
    #[effect(polls)]
    pub fn slots(&self) -> usize {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    pub fn is_abandoned(&self) -> bool {}
}
#[effect(receiver)]
pub struct Consumer<T>(T);
impl<T> Consumer<T> {
    #[effect(receives(try))]
    pub fn pop(&mut self) -> Result<T, PopError> {}
    pub fn peek(&self) -> Result<&T, PeekError> {}
    #[effect(polls)]
    pub fn slots(&self) -> usize {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    pub fn is_abandoned(&self) -> bool {}
}
pub enum PushError<T> {
    Full(T),
}
pub enum PopError {
    Empty,
}
pub enum PeekError {
    Empty,
}
