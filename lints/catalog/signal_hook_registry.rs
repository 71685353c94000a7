//! signal-hook-registry.

use std::io::Error;

pub struct SigId;
#[effect(stores(1))]
pub unsafe fn register<F: Fn()>(signal: i32, action: F) -> Result<SigId, Error> {}
#[effect(stores(1))]
pub unsafe fn register_sigaction<F: Fn(&std::ffi::c_void)>(signal: i32, action: F) -> Result<SigId, Error> {}
#[effect(stores(1))]
pub unsafe fn register_signal_unchecked<F: Fn()>(signal: i32, action: F) -> Result<SigId, Error> {}
pub fn unregister(id: SigId) -> bool {}
