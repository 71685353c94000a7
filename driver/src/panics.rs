//! Panics as values: caught where they happen, described with their place, never printed by the default hook.

use std::any::Any;
use std::cell::RefCell;
use std::panic::PanicHookInfo;

thread_local! {
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps a panic's place for [`describe`] in place of printing it.
pub fn keep_quiet() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        LAST_PLACE.with(|last| *last.borrow_mut() = place);
    }));
}

/// What a caught panic said, and where, if it was on this thread.
pub fn describe(payload: &(dyn Any + Send)) -> String {
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| String::from("unknown panic"));
    match LAST_PLACE.with(|last| last.borrow_mut().take()) {
        Some(place) => format!("{message} (at {place})"),
        None => message,
    }
}
