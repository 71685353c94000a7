//! async-task: a task and what runs it; who starts it is up to the caller.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn spawn<F: Future<Output = T>, T, S: Fn(Runnable)>(future: F, schedule: S) -> (Runnable, Task<T>) {}
pub fn spawn_local<F: Future<Output = T>, T, S: Fn(Runnable)>(future: F, schedule: S) -> (Runnable, Task<T>) {}
pub struct Runnable<M = ()>(M);
impl<M> Runnable<M> {
    pub fn run(self) -> bool {}
    pub fn schedule(self) {}
    pub fn waker(&self) -> std::task::Waker {}
}
// Cancels when dropped.
#[effect(handle_set(task))]
pub struct Task<T, M = ()>(T);
impl<T, M> Task<T, M> {
    #[effect(detaches)]
    pub fn detach(self) {}
    #[effect(aborts, joins)]
    pub async fn cancel(self) -> Option<T> {}
    #[effect(observes)]
    pub fn is_finished(&self) -> bool {}
    pub fn fallible(self) -> FallibleTask<T> {}
}
impl<T, M> Future for Task<T, M> {
    type Output = T;
    #[effect(joins)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<T> {}
}
#[effect(handle_set(task))]
pub struct FallibleTask<T>(T);
impl<T> FallibleTask<T> {
    #[effect(detaches)]
    pub fn detach(self) {}
    #[effect(aborts, joins)]
    pub async fn cancel(self) -> Option<T> {}
    #[effect(observes)]
    pub fn is_finished(&self) -> bool {}
}
impl<T> Future for FallibleTask<T> {
    type Output = Option<T>;
    #[effect(joins)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<Option<T>> {}
}
