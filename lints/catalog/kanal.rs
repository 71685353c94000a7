//! kanal.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

#[effect(channel(bounded))]
pub fn bounded<T>(size: usize) -> (Sender<T>, Receiver<T>) {}
#[effect(channel(bounded))]
pub fn bounded_async<T>(size: usize) -> (AsyncSender<T>, AsyncReceiver<T>) {}
#[effect(channel)]
pub fn unbounded<T>() -> (Sender<T>, Receiver<T>) {}
#[effect(channel)]
pub fn unbounded_async<T>() -> (AsyncSender<T>, AsyncReceiver<T>) {}

#[effect(sender)]
pub struct Sender<T>(T);
impl<T> Sender<T> {
    #[effect(sends(blocking), puts(0))]
    pub fn send(&self, data: T) -> Result<(), SendError> {}
    #[effect(sends(timed), puts(0))]
    pub fn send_timeout(&self, data: T, duration: Duration) -> Result<(), SendErrorTimeout> {}
    #[effect(sends(try), puts(0))]
    pub fn try_send(&self, data: T) -> Result<bool, SendError> {}
    #[effect(aliases)]
    pub fn clone_async(&self) -> AsyncSender<T> {}
    #[effect(aliases)]
    pub fn to_async(self) -> AsyncSender<T> {}
    #[effect(aliases)]
    pub fn as_async(&self) -> &AsyncSender<T> {}
    pub fn close(&self) -> Result<(), CloseError> {}
    pub fn is_closed(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
    pub fn is_empty(&self) -> bool {}
    pub fn len(&self) -> usize {}
}
impl<T> Clone for Sender<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(sender, is_async)]
pub struct AsyncSender<T>(T);
impl<T> AsyncSender<T> {
    #[effect(sends(blocking), puts(0))]
    pub async fn send(&self, data: T) -> Result<(), SendError> {}
    #[effect(sends(try), puts(0))]
    pub fn try_send(&self, data: T) -> Result<bool, SendError> {}
    #[effect(aliases)]
    pub fn clone_sync(&self) -> Sender<T> {}
    #[effect(aliases)]
    pub fn to_sync(self) -> Sender<T> {}
    #[effect(aliases)]
    pub fn as_sync(&self) -> &Sender<T> {}
    pub fn close(&self) -> Result<(), CloseError> {}
    pub fn is_closed(&self) -> bool {}
}
impl<T> Clone for AsyncSender<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(receiver)]
pub struct Receiver<T>(T);
impl<T> Receiver<T> {
    #[effect(receives(blocking))]
    pub fn recv(&self) -> Result<T, ReceiveError> {}
    #[effect(receives(timed))]
    pub fn recv_timeout(&self, duration: Duration) -> Result<T, ReceiveErrorTimeout> {}
    #[effect(receives(try))]
    pub fn try_recv(&self) -> Result<Option<T>, ReceiveError> {}
    #[effect(receives(try))]
    pub fn drain_into(&self, vec: &mut Vec<T>) -> Result<usize, ReceiveError> {}
    #[effect(aliases)]
    pub fn clone_async(&self) -> AsyncReceiver<T> {}
    #[effect(aliases)]
    pub fn to_async(self) -> AsyncReceiver<T> {}
    #[effect(aliases)]
    pub fn as_async(&self) -> &AsyncReceiver<T> {}
    pub fn close(&self) -> Result<(), CloseError> {}
    pub fn is_closed(&self) -> bool {}
    pub fn is_disconnected(&self) -> bool {}
    pub fn is_terminated(&self) -> bool {}
    pub fn is_empty(&self) -> bool {}
    pub fn len(&self) -> usize {}
}
impl<T> Iterator for Receiver<T> {
    type Item = T;
    #[effect(receives(blocking))]
    fn next(&mut self) -> Option<T> {}
}
impl<T> Clone for Receiver<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
#[effect(receiver, is_async)]
pub struct AsyncReceiver<T>(T);
impl<T> AsyncReceiver<T> {
    #[effect(receives(blocking))]
    pub async fn recv(&self) -> Result<T, ReceiveError> {}
    #[effect(receives(try))]
    pub fn try_recv(&self) -> Result<Option<T>, ReceiveError> {}
    #[effect(aliases)]
    pub fn clone_sync(&self) -> Receiver<T> {}
    #[effect(aliases)]
    pub fn to_sync(self) -> Receiver<T> {}
    #[effect(aliases)]
    pub fn as_sync(&self) -> &Receiver<T> {}
    pub fn close(&self) -> Result<(), CloseError> {}
    pub fn is_closed(&self) -> bool {}
}
impl<T> Clone for AsyncReceiver<T> {
    #[effect(aliases)]
    fn clone(&self) -> Self {}
}
pub enum SendError {
    Closed,
    ReceiveClosed,
}
pub enum SendErrorTimeout {
    Closed,
    ReceiveClosed,
    Timeout,
}
// Not written as enums: both of their `..Closed` variants can mean that the senders are gone.
pub struct ReceiveError;
pub struct ReceiveErrorTimeout;
pub struct CloseError;
