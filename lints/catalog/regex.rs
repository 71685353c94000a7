//! regex: a pattern that is given.

pub enum Error {
    Syntax(String),
    CompiledTooBig(usize),
}
impl std::error::Error for Error {}
pub struct Regex;
impl Regex {
    #[effect(input_error)]
    pub fn new(re: &str) -> Result<Regex, Error> {}
    pub fn is_match(&self, haystack: &str) -> bool {}
    pub fn as_str(&self) -> &str {}
}
