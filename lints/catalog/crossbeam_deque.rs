//! crossbeam-deque: work-stealing queues that never wait.

#[effect(collection, interior)]
pub struct Injector<T>(T);
impl<T> Injector<T> {
    pub fn new() -> Injector<T> {}
    #[effect(puts(0))]
    pub fn push(&self, task: T) {}
    #[effect(takes, polls)]
    pub fn steal(&self) -> Steal<T> {}
    #[effect(takes, polls)]
    pub fn steal_batch(&self, dest: &Worker<T>) -> Steal<()> {}
    #[effect(takes, polls)]
    pub fn steal_batch_and_pop(&self, dest: &Worker<T>) -> Steal<T> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
}
#[effect(collection, interior)]
pub struct Worker<T>(T);
impl<T> Worker<T> {
    pub fn new_fifo() -> Worker<T> {}
    pub fn new_lifo() -> Worker<T> {}
    pub fn stealer(&self) -> Stealer<T> {}
    pub fn is_empty(&self) -> bool {}
    pub fn len(&self) -> usize {}
    #[effect(puts(0))]
    pub fn push(&self, task: T) {}
    #[effect(takes)]
    pub fn pop(&self) -> Option<T> {}
}
pub struct Stealer<T>(T);
impl<T> Stealer<T> {
    #[effect(takes, polls)]
    pub fn steal(&self) -> Steal<T> {}
    #[effect(takes, polls)]
    pub fn steal_batch_and_pop(&self, dest: &Worker<T>) -> Steal<T> {}
    #[effect(polls)]
    pub fn is_empty(&self) -> bool {}
    #[effect(polls)]
    pub fn len(&self) -> usize {}
}
impl<T> Clone for Stealer<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub enum Steal<T> {
    Empty,
    Success(T),
    Retry,
}
impl<T> Steal<T> {
    pub fn is_empty(&self) -> bool {}
    pub fn is_success(&self) -> bool {}
    pub fn is_retry(&self) -> bool {}
    pub fn success(self) -> Option<T> {}
    pub fn or_else<F: FnOnce() -> Steal<T>>(self, f: F) -> Steal<T> {}
}
impl<T> FromIterator<Steal<T>> for Steal<T> {}
