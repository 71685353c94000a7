//! What the program does with threads, locks, channels, flags and ownership: all that a rule may ask.

use std::marker::PhantomData;

/// What a rule sees.
#[derive(Debug)]
pub struct Context<'a> {
    marker: PhantomData<&'a ()>,
}
