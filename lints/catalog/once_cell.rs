//! once_cell.

pub mod sync {
    #[effect(once, interior)]
    pub struct OnceCell<T>(T);
    impl<T> OnceCell<T> {
        pub fn new() -> OnceCell<T> {}
        pub fn with_value(value: T) -> OnceCell<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), T> {}
        #[effect(puts(0), aliases)]
        pub fn try_insert(&self, value: T) -> Result<&T, (&T, T)> {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_try_init<F: FnOnce() -> Result<T, E>, E>(&self, f: F) -> Result<&T, E> {}
        #[effect(blocks(barrier), aliases)]
        pub fn wait(&self) -> &T {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
        pub fn into_inner(self) -> Option<T> {}
    }
    #[effect(once)]
    pub struct Lazy<T, F = fn() -> T>(T, F);
    impl<T, F: FnOnce() -> T> Lazy<T, F> {
        #[effect(stores(0))]
        pub fn new(f: F) -> Lazy<T, F> {}
        #[effect(aliases(0))]
        pub fn force(this: &Lazy<T, F>) -> &T {}
        #[effect(aliases(0))]
        pub fn force_mut(this: &mut Lazy<T, F>) -> &mut T {}
        #[effect(aliases(0))]
        pub fn get(this: &Lazy<T, F>) -> Option<&T> {}
        #[effect(aliases(0))]
        pub fn get_mut(this: &mut Lazy<T, F>) -> Option<&mut T> {}
        pub fn into_value(this: Lazy<T, F>) -> Result<T, F> {}
    }
    impl<T, F> std::ops::Deref for Lazy<T, F> {
        type Target = T;
    }
}

pub mod unsync {
    #[effect(once, interior)]
    pub struct OnceCell<T>(T);
    impl<T> OnceCell<T> {
        pub fn new() -> OnceCell<T> {}
        pub fn with_value(value: T) -> OnceCell<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(aliases)]
        pub fn get_mut(&mut self) -> Option<&mut T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: T) -> Result<(), T> {}
        #[effect(puts(0), aliases)]
        pub fn try_insert(&self, value: T) -> Result<&T, (&T, T)> {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_try_init<F: FnOnce() -> Result<T, E>, E>(&self, f: F) -> Result<&T, E> {}
        #[effect(takes)]
        pub fn take(&mut self) -> Option<T> {}
        pub fn into_inner(self) -> Option<T> {}
    }
    #[effect(once)]
    pub struct Lazy<T, F = fn() -> T>(T, F);
    impl<T, F: FnOnce() -> T> Lazy<T, F> {
        #[effect(stores(0))]
        pub fn new(f: F) -> Lazy<T, F> {}
        #[effect(aliases(0))]
        pub fn force(this: &Lazy<T, F>) -> &T {}
        #[effect(aliases(0))]
        pub fn get(this: &Lazy<T, F>) -> Option<&T> {}
    }
    impl<T, F> std::ops::Deref for Lazy<T, F> {
        type Target = T;
    }
}

// Several threads may run the closure; one result stays. Nobody waits.
pub mod race {
    #[effect(once, interior)]
    pub struct OnceBool;
    impl OnceBool {
        pub fn new() -> OnceBool {}
        pub fn get(&self) -> Option<bool> {}
        #[effect(puts(0))]
        pub fn set(&self, value: bool) -> Result<(), ()> {}
        #[effect(puts_result(0))]
        pub fn get_or_init<F: FnOnce() -> bool>(&self, f: F) -> bool {}
    }
    #[effect(once, interior)]
    pub struct OnceNonZeroUsize;
    #[effect(once, interior)]
    pub struct OnceBox<T>(T);
    impl<T> OnceBox<T> {
        pub fn new() -> OnceBox<T> {}
        #[effect(aliases)]
        pub fn get(&self) -> Option<&T> {}
        #[effect(puts(0))]
        pub fn set(&self, value: Box<T>) -> Result<(), Box<T>> {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_init<F: FnOnce() -> Box<T>>(&self, f: F) -> &T {}
        #[effect(puts_result(0), aliases)]
        pub fn get_or_try_init<F: FnOnce() -> Result<Box<T>, E>, E>(&self, f: F) -> Result<&T, E> {}
    }
}
