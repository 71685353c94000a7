//! concurrent-queue: nothing waits.

#[effect(collection, interior)]
pub struct ConcurrentQueue<T>(T);
impl<T> ConcurrentQueue<T> {
    #[effect(panics)]
    pub fn bounded(cap: usize) -> ConcurrentQueue<T> {}
    pub fn unbounded() -> ConcurrentQueue<T> {}
    #[effect(puts(0))]
    pub fn push(&self, value: T) -> Result<(), PushError<T>> {}
    #[effect(puts(0), takes)]
    pub fn force_push(&self, value: T) -> Result<Option<T>, ForcePushError<T>> {}
    #[effect(takes)]
    pub fn pop(&self) -> Result<T, PopError> {}
    #[effect(takes)]
    pub fn try_iter(&self) -> std::iter::Iter<T> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
    pub fn capacity(&self) -> Option<usize> {}
    pub fn close(&self) -> bool {}
    pub fn is_closed(&self) -> bool {}
}
pub enum PushError<T> {
    Full(T),
    Closed(T),
}
impl<T> PushError<T> {
    pub fn into_inner(self) -> T {}
    pub fn is_full(&self) -> bool {}
    pub fn is_closed(&self) -> bool {}
}
pub enum PopError {
    Empty,
    Closed,
}
impl PopError {
    pub fn is_empty(&self) -> bool {}
    pub fn is_closed(&self) -> bool {}
}
pub struct ForcePushError<T>(T);
impl<T> ForcePushError<T> {
    pub fn into_inner(self) -> T {}
}
