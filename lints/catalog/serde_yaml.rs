//! serde_yaml: what fails on a text that is given.

use std::io::Read;

pub struct Error;
impl std::error::Error for Error {}
pub type Result<T> = std::result::Result<T, Error>;

#[effect(input_error)]
pub fn from_str<T>(s: &str) -> Result<T> {}
#[effect(input_error)]
pub fn from_slice<T>(v: &[u8]) -> Result<T> {}
#[effect(input_error, blocks(io))]
pub fn from_reader<R: Read, T>(rdr: R) -> Result<T> {}
pub fn to_string<T: ?Sized>(value: &T) -> Result<String> {}
