//! wasm-bindgen: closures that JavaScript calls, kept by what this gives.

pub mod closure {
    pub struct Closure<T: ?Sized>(Box<T>);
    impl<T: ?Sized> Closure<T> {
        pub fn new<F>(t: F) -> Closure<T> {}
        pub fn wrap(data: Box<T>) -> Closure<T> {}
        pub fn once<F>(t: F) -> Closure<T> {}
        #[effect(forgets)]
        pub fn forget(self) {}
        pub fn into_js_value(self) -> crate::JsValue {}
    }
    impl<T: ?Sized> AsRef<crate::JsValue> for Closure<T> {
        fn as_ref(&self) -> &crate::JsValue {}
    }
}
pub mod prelude {
    pub use crate::closure::Closure;
    pub use crate::{JsCast, JsValue};
}
pub struct JsValue;
pub trait JsCast {}
