//! `anyhow`: errors that carry a context.

use ::std::fmt::{Debug, Display};

pub type Result<T, E = Error> = ::std::result::Result<T, E>;

pub struct Error;
impl Error {
    pub fn new<E>(error: E) -> Error {}
    pub fn msg<M>(message: M) -> Error {}
    pub fn context<C>(self, context: C) -> Error {}
    pub fn root_cause(&self) -> &dyn ::std::error::Error {}
    pub fn downcast<E>(self) -> Result<E, Error> {}
    pub fn downcast_ref<E>(&self) -> Option<&E> {}
    pub fn downcast_mut<E>(&mut self) -> Option<&mut E> {}
    pub fn is<E>(&self) -> bool {}
}
impl<E> From<E> for Error {
    fn from(error: E) -> Error {}
}

pub trait Context<T, E> {
    fn context<C>(self, context: C) -> Result<T, Error> {}
    fn with_context<C, F: FnOnce() -> C>(self, f: F) -> Result<T, Error> {}
}
impl<T, E> Context<T, E> for ::std::result::Result<T, E> {
    fn context<C>(self, context: C) -> Result<T, Error> {}
    fn with_context<C, F: FnOnce() -> C>(self, f: F) -> Result<T, Error> {}
}
impl<T> Context<T, ::std::convert::Infallible> for Option<T> {
    fn context<C>(self, context: C) -> Result<T, Error> {}
    fn with_context<C, F: FnOnce() -> C>(self, f: F) -> Result<T, Error> {}
}

#[effect(is_macro)]
pub fn anyhow() -> Error {}
#[effect(is_macro)]
pub fn format_err() -> Error {}
