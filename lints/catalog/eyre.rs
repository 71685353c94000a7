//! `eyre`: errors that carry a report.

pub type Result<T, E = Report> = ::std::result::Result<T, E>;

pub struct Report;
impl Report {
    pub fn new<E>(error: E) -> Report {}
    pub fn msg<M>(message: M) -> Report {}
    pub fn wrap_err<D>(self, msg: D) -> Report {}
    pub fn root_cause(&self) -> &dyn ::std::error::Error {}
    pub fn downcast_ref<E>(&self) -> Option<&E> {}
    pub fn is<E>(&self) -> bool {}
}
impl<E> From<E> for Report {
    fn from(error: E) -> Report {}
}

pub trait WrapErr<T, E> {
    fn wrap_err<D>(self, msg: D) -> Result<T, Report> {}
    fn wrap_err_with<D, F: FnOnce() -> D>(self, f: F) -> Result<T, Report> {}
    fn context<D>(self, msg: D) -> Result<T, Report> {}
    fn with_context<D, F: FnOnce() -> D>(self, f: F) -> Result<T, Report> {}
}
impl<T, E> WrapErr<T, E> for ::std::result::Result<T, E> {}
pub use self::WrapErr as Context;

pub trait ContextCompat<T> {
    fn context<D>(self, msg: D) -> Result<T, Report> {}
    fn with_context<D, F: FnOnce() -> D>(self, f: F) -> Result<T, Report> {}
    fn wrap_err<D>(self, msg: D) -> Result<T, Report> {}
    fn wrap_err_with<D, F: FnOnce() -> D>(self, f: F) -> Result<T, Report> {}
}
impl<T> ContextCompat<T> for Option<T> {}

pub trait OptionExt<T> {
    fn ok_or_eyre<M>(self, message: M) -> Result<T, Report> {}
}
impl<T> OptionExt<T> for Option<T> {}

#[effect(is_macro)]
pub fn eyre() -> Report {}
