//! serde_json: what fails on a text that is given. Writing one fails on types that JSON has no form for, which is the program's
//! own affair.

use std::io::{Read, Write};

pub struct Error;
impl std::error::Error for Error {}
pub type Result<T> = std::result::Result<T, Error>;

#[effect(input_error)]
pub fn from_str<T>(s: &str) -> Result<T> {}
#[effect(input_error)]
pub fn from_slice<T>(v: &[u8]) -> Result<T> {}
#[effect(input_error, blocks(io))]
pub fn from_reader<R: Read, T>(rdr: R) -> Result<T> {}
#[effect(input_error)]
pub fn from_value<T>(value: Value) -> Result<T> {}
pub fn to_string<T: ?Sized>(value: &T) -> Result<String> {}
pub fn to_string_pretty<T: ?Sized>(value: &T) -> Result<String> {}
pub fn to_vec<T: ?Sized>(value: &T) -> Result<Vec<u8>> {}
pub fn to_vec_pretty<T: ?Sized>(value: &T) -> Result<Vec<u8>> {}
#[effect(blocks(io))]
pub fn to_writer<W: Write, T: ?Sized>(writer: W, value: &T) -> Result<()> {}
#[effect(blocks(io))]
pub fn to_writer_pretty<W: Write, T: ?Sized>(writer: W, value: &T) -> Result<()> {}
pub fn to_value<T>(value: T) -> Result<Value> {}

pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(Map<String, Value>),
}
pub struct Number;
#[effect(collection)]
pub struct Map<K, V>(K, V);
