//! tokio-stream.

pub use ::futures::stream::Stream;

pub trait StreamExt: Stream {
    async fn next(&mut self) -> Option<Self::Item> {}
}
pub mod wrappers {
    #[effect(receiver, is_async)]
    pub struct ReceiverStream<T>(T);
    impl<T> ReceiverStream<T> {
        pub fn new(recv: ::tokio::sync::mpsc::Receiver<T>) -> ReceiverStream<T> {}
        pub fn into_inner(self) -> ::tokio::sync::mpsc::Receiver<T> {}
        pub fn close(&mut self) {}
    }
    impl<T> ::futures::stream::Stream for ReceiverStream<T> {
        type Item = T;
    }
    impl<T> crate::StreamExt for ReceiverStream<T> {
        #[effect(receives(blocking))]
        async fn next(&mut self) -> Option<T> {}
    }
    #[effect(receiver, is_async)]
    pub struct UnboundedReceiverStream<T>(T);
    impl<T> UnboundedReceiverStream<T> {
        pub fn new(recv: ::tokio::sync::mpsc::UnboundedReceiver<T>) -> UnboundedReceiverStream<T> {}
        pub fn into_inner(self) -> ::tokio::sync::mpsc::UnboundedReceiver<T> {}
        pub fn close(&mut self) {}
    }
    impl<T> ::futures::stream::Stream for UnboundedReceiverStream<T> {
        type Item = T;
    }
    impl<T> crate::StreamExt for UnboundedReceiverStream<T> {
        #[effect(receives(blocking))]
        async fn next(&mut self) -> Option<T> {}
    }
}
