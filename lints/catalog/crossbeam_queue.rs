//! crossbeam-queue: queues that never wait.

#[effect(collection, interior)]
pub struct ArrayQueue<T>(T);
impl<T> ArrayQueue<T> {
    #[effect(panics)]
    pub fn new(cap: usize) -> ArrayQueue<T> {}
    #[effect(puts(0), polls)]
    pub fn push(&self, value: T) -> Result<(), T> {}
    #[effect(puts(0), takes)]
    pub fn force_push(&self, value: T) -> Option<T> {}
    #[effect(takes, polls)]
    pub fn pop(&self) -> Option<T> {}
    pub fn capacity(&self) -> usize {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn is_full(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
}
#[effect(collection, interior)]
pub struct SegQueue<T>(T);
impl<T> SegQueue<T> {
    pub fn new() -> SegQueue<T> {}
    #[effect(puts(0))]
    pub fn push(&self, value: T) {}
    #[effect(takes, polls)]
    pub fn pop(&self) -> Option<T> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
}
