//! The items of the standard library that the language itself knows.

use super::program::{Def, DefId, Program};
use super::resolve::Namespace;
use crate::source::Name;
use crate::syntax::ir::Operator;

macro_rules! lang {
    ($($(#[$doc:meta])* $field:ident = $path:literal,)*) => {
        /// The language items, found by path in the catalogue's `std`.
        #[derive(Clone, Debug, Default)]
        pub struct Lang {
            $($(#[$doc])* pub $field: Option<DefId>,)*
        }

        impl Lang {
            pub(super) fn find(program: &Program<'_>) -> Lang {
                Lang { $($field: find(program, $path),)* }
            }
        }
    };
}

lang! {
    /// `Option`
    option = "option::Option",
    /// `Result`
    result = "result::Result",
    /// `Vec`
    vec = "vec::Vec",
    /// `Poll`
    poll = "task::Poll",
    /// `fmt::Arguments`
    arguments = "fmt::Arguments",
    /// `String`
    string = "string::String",
    /// `Box`
    boxed = "boxed::Box",
    /// `Pin`
    pin = "pin::Pin",
    /// `NonZero`
    non_zero = "num::NonZero",
    /// `Range`
    range = "ops::Range",
    /// `Deref`
    deref = "ops::Deref",
    /// `Drop`
    drop = "ops::Drop",
    /// `Index`
    index = "ops::Index",
    /// `Add`
    add = "ops::Add",
    /// `Sub`
    sub = "ops::Sub",
    /// `Mul`
    mul = "ops::Mul",
    /// `Div`
    div = "ops::Div",
    /// `Rem`
    rem = "ops::Rem",
    /// `BitAnd`
    bit_and = "ops::BitAnd",
    /// `BitOr`
    bit_or = "ops::BitOr",
    /// `BitXor`
    bit_xor = "ops::BitXor",
    /// `Shl`
    shl = "ops::Shl",
    /// `Shr`
    shr = "ops::Shr",
    /// `Neg`
    neg = "ops::Neg",
    /// `Not`
    not = "ops::Not",
    /// `Fn`
    fn_ = "ops::Fn",
    /// `FnMut`
    fn_mut = "ops::FnMut",
    /// `FnOnce`
    fn_once = "ops::FnOnce",
    /// `Future`
    future = "future::Future",
    /// `IntoFuture`
    into_future = "future::IntoFuture",
    /// `Iterator`
    iterator = "iter::Iterator",
    /// `IntoIterator`
    into_iterator = "iter::IntoIterator",
    /// The one iterator that every adaptor of the catalogue gives.
    iter = "iter::Iter",
    /// `Clone`
    clone = "clone::Clone",
    /// `Copy`
    copy = "marker::Copy",
    /// `Send`
    send = "marker::Send",
    /// `Sync`
    sync = "marker::Sync",
    /// `Sized`
    sized = "marker::Sized",
    /// `Unpin`
    unpin = "marker::Unpin",
    /// `Any`
    any = "any::Any",
    /// `Debug`
    debug = "fmt::Debug",
    /// `Display`, which error types derive.
    display = "fmt::Display",
    /// `Error`, which error types derive.
    error = "error::Error",
    /// `Default`
    default = "default::Default",
    /// `PartialEq`
    partial_eq = "cmp::PartialEq",
    /// `Eq`
    eq = "cmp::Eq",
    /// `PartialOrd`
    partial_ord = "cmp::PartialOrd",
    /// `Ord`
    ord = "cmp::Ord",
    /// `Hash`
    hash = "hash::Hash",
    /// `Infallible`
    infallible = "convert::Infallible",
    /// `io::ErrorKind`
    error_kind = "io::ErrorKind",
    /// `LocalKey`
    local_key = "thread::LocalKey",
    /// `LazyLock`, which stands for `lazy_static!` too.
    lazy_lock = "sync::LazyLock",
}

impl Lang {
    /// The trait of an operator.
    pub(super) fn operator(&self, operator: Operator) -> Option<DefId> {
        match operator {
            Operator::Add => self.add,
            Operator::Sub => self.sub,
            Operator::Mul => self.mul,
            Operator::Div => self.div,
            Operator::Rem => self.rem,
            Operator::BitAnd => self.bit_and,
            Operator::BitOr => self.bit_or,
            Operator::BitXor => self.bit_xor,
            Operator::Shl => self.shl,
            Operator::Shr => self.shr,
        }
    }

    /// Whether a trait is one that types have by themselves, or mostly derive.
    pub(super) fn is_automatic(&self, def: DefId) -> bool {
        let automatic = [
            self.send,
            self.sync,
            self.sized,
            self.unpin,
            self.any,
            self.clone,
            self.copy,
            self.debug,
            self.display,
            self.error,
            self.default,
            self.partial_eq,
            self.eq,
            self.partial_ord,
            self.ord,
            self.hash,
        ];
        automatic.contains(&Some(def))
    }

    /// Whether a trait is one of `Fn`, `FnMut`, `FnOnce`.
    pub fn is_fn_trait(&self, def: DefId) -> bool {
        let def = Some(def);
        def == self.fn_ || def == self.fn_mut || def == self.fn_once
    }
}

fn find(program: &Program<'_>, path: &str) -> Option<DefId> {
    let mut module = program.library_root(Name::of("std"))?;
    let mut segments = path.split("::").peekable();
    while let Some(segment) = segments.next() {
        let found = program.lookup_in_module(module, Name::of(segment), Namespace::Types);
        match (found, segments.peek()) {
            (Def::Module(inner), Some(_)) => module = inner,
            (Def::Item(def), None) => return Some(def),
            _ => return None,
        }
    }
    None
}
