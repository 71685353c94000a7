//! The items of the standard library that the language itself knows.

use super::program::{Def, DefId, Program};
use super::resolve::Namespace;
use crate::source::Name;

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
    /// `String`
    string = "string::String",
    /// `Box`
    boxed = "boxed::Box",
    /// `Range`
    range = "ops::Range",
    /// `Deref`
    deref = "ops::Deref",
    /// `Drop`
    drop = "ops::Drop",
    /// `Index`
    index = "ops::Index",
    /// `Fn`
    fn_ = "ops::Fn",
    /// `FnMut`
    fn_mut = "ops::FnMut",
    /// `FnOnce`
    fn_once = "ops::FnOnce",
    /// `Future`
    future = "future::Future",
    /// `Iterator`
    iterator = "iter::Iterator",
    /// `IntoIterator`
    into_iterator = "iter::IntoIterator",
    /// The one iterator that every adaptor of the catalogue gives.
    iter = "iter::Iter",
    /// `Clone`
    clone = "clone::Clone",
    /// `Default`
    default = "default::Default",
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
