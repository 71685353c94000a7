//! futures-lite.

pub use self::future::{Future, FutureExt};
pub use self::stream::{Stream, StreamExt};

pub mod future {
    pub use std::future::{pending, poll_fn, ready, Future};

    #[effect(runs_async(0))]
    pub fn block_on<T, F: Future<Output = T>>(future: F) -> T {}
    #[effect(yields)]
    pub async fn yield_now() {}
    #[effect(runs_async(0))]
    pub async fn poll_once<T, F: Future<Output = T>>(f: F) -> Option<T> {}
    // The one that is not ready first is dropped.
    #[effect(runs_async(0), limits_time)]
    pub async fn or<T, A: Future<Output = T>, B: Future<Output = T>>(future1: A, future2: B) -> T {}
    #[effect(runs_async(0), limits_time)]
    pub async fn race<T, A: Future<Output = T>, B: Future<Output = T>>(future1: A, future2: B) -> T {}
    #[effect(runs_async(0))]
    pub async fn zip<A: Future, B: Future>(a: A, b: B) -> (<A as Future>::Output, <B as Future>::Output) {}
    pub trait FutureExt: Future {
        fn or<F: Future<Output = Self::Output>>(self, other: F) -> impl Future<Output = Self::Output> {}
        fn race<F: Future<Output = Self::Output>>(self, other: F) -> impl Future<Output = Self::Output> {}
        fn boxed(self) -> std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>> {}
        fn boxed_local(self) -> std::pin::Pin<Box<dyn Future<Output = Self::Output>>> {}
    }
    impl<F: Future> FutureExt for F {}
}
pub mod stream {
    pub use ::futures::stream::{Stream, StreamExt};

    #[effect(runs_async(0))]
    pub fn block_on<S>(stream: S) -> std::iter::Iter<<S as Stream>::Item> {}
}
pub mod io {
    pub use std::io::{Error, ErrorKind, Result, SeekFrom};
}
pub mod prelude {
    pub use crate::future::{Future, FutureExt};
    pub use crate::stream::{Stream, StreamExt};
}
