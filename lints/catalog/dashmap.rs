//! dashmap: a map of read-write locks, one a shard. A `Ref` or an iterator holds its shard; which one is not known here.

pub use self::mapref::entry::Entry;
pub use self::mapref::one::{Ref, RefMut};

#[effect(lock(sharded), interior, collection)]
pub struct DashMap<K, V, S = std::hash::RandomState>(K, V, S);
impl<K, V> DashMap<K, V> {
    pub fn new() -> DashMap<K, V> {}
    pub fn with_capacity(capacity: usize) -> DashMap<K, V> {}
}
impl<K, V, S> DashMap<K, V, S> {
    pub fn with_hasher(hasher: S) -> DashMap<K, V, S> {}
    #[effect(puts(1), takes, locks_shards(key, exclusive))]
    pub fn insert(&self, key: K, value: V) -> Option<V> {}
    #[effect(takes, locks_shards(key, exclusive))]
    pub fn remove<Q: ?Sized>(&self, key: &Q) -> Option<(K, V)> {}
    #[effect(takes, locks_shards(key, exclusive))]
    pub fn remove_if<Q: ?Sized, F: FnOnce(&K, &V) -> bool>(&self, key: &Q, f: F) -> Option<(K, V)> {}
    #[effect(elements, acquires(shared, blocking))]
    pub fn iter(&self) -> std::iter::Iter<mapref::multiple::RefMulti<K, V>> {}
    #[effect(elements, acquires(exclusive, blocking))]
    pub fn iter_mut(&self) -> std::iter::Iter<mapref::multiple::RefMutMulti<K, V>> {}
    #[effect(elements, acquires(shared, blocking), locks_shards(key, shared))]
    pub fn get<Q: ?Sized>(&self, key: &Q) -> Option<Ref<K, V>> {}
    #[effect(elements, acquires(exclusive, blocking), locks_shards(key, exclusive))]
    pub fn get_mut<Q: ?Sized>(&self, key: &Q) -> Option<RefMut<K, V>> {}
    #[effect(elements, acquires(shared, try))]
    pub fn try_get<Q: ?Sized>(&self, key: &Q) -> try_result::TryResult<Ref<K, V>> {}
    #[effect(elements, acquires(exclusive, try))]
    pub fn try_get_mut<Q: ?Sized>(&self, key: &Q) -> try_result::TryResult<RefMut<K, V>> {}
    #[effect(acquires(exclusive, blocking), aliases, locks_shards(key, exclusive))]
    pub fn entry(&self, key: K) -> Entry<K, V> {}
    #[effect(acquires(exclusive, try), aliases)]
    pub fn try_entry(&self, key: K) -> Option<Entry<K, V>> {}
    #[effect(clears, locks_shards(all, exclusive))]
    pub fn retain<F: FnMut(&K, &mut V) -> bool>(&self, f: F) {}
    #[effect(clears, locks_shards(all, exclusive))]
    pub fn clear(&self) {}
    #[effect(locks_shards(all, shared))]
    pub fn len(&self) -> usize {}
    #[effect(locks_shards(all, shared))]
    pub fn is_empty(&self) -> bool {}
    #[effect(locks_shards(key, shared))]
    pub fn contains_key<Q: ?Sized>(&self, key: &Q) -> bool {}
    #[effect(locks_shards(key, exclusive))]
    pub fn alter<Q: ?Sized, F: FnOnce(&K, V) -> V>(&self, key: &Q, f: F) {}
    #[effect(locks_shards(all, exclusive))]
    pub fn alter_all<F: FnMut(&K, V) -> V>(&self, f: F) {}
    #[effect(locks_shards(key, shared))]
    pub fn view<Q: ?Sized, R, F: FnOnce(&K, &V) -> R>(&self, key: &Q, f: F) -> Option<R> {}
}
impl<K, V, S> IntoIterator for DashMap<K, V, S> {
    type Item = (K, V);
    type IntoIter = std::iter::Iter<(K, V)>;
    #[effect(elements)]
    fn into_iter(self) -> std::iter::Iter<(K, V)> {}
}
impl<K, V, S> IntoIterator for &DashMap<K, V, S> {
    type Item = mapref::multiple::RefMulti<K, V>;
    type IntoIter = std::iter::Iter<mapref::multiple::RefMulti<K, V>>;
    #[effect(elements, acquires(shared, blocking))]
    fn into_iter(self) -> std::iter::Iter<mapref::multiple::RefMulti<K, V>> {}
}
impl<K, V, S> FromIterator<(K, V)> for DashMap<K, V, S> {}

#[effect(lock(sharded), interior, collection)]
pub struct DashSet<K, S = std::hash::RandomState>(K, S);
impl<K> DashSet<K> {
    pub fn new() -> DashSet<K> {}
}
impl<K, S> DashSet<K, S> {
    #[effect(puts(0), locks_shards(key, exclusive))]
    pub fn insert(&self, key: K) -> bool {}
    #[effect(takes, locks_shards(key, exclusive))]
    pub fn remove<Q: ?Sized>(&self, key: &Q) -> Option<K> {}
    #[effect(elements, acquires(shared, blocking), locks_shards(key, shared))]
    pub fn get<Q: ?Sized>(&self, key: &Q) -> Option<setref::one::Ref<K>> {}
    #[effect(elements, acquires(shared, blocking))]
    pub fn iter(&self) -> std::iter::Iter<setref::multiple::RefMulti<K>> {}
    #[effect(locks_shards(key, shared))]
    pub fn contains<Q: ?Sized>(&self, key: &Q) -> bool {}
    #[effect(clears, locks_shards(all, exclusive))]
    pub fn clear(&self) {}
    #[effect(locks_shards(all, shared))]
    pub fn len(&self) -> usize {}
    #[effect(locks_shards(all, shared))]
    pub fn is_empty(&self) -> bool {}
}

pub mod try_result {
    pub enum TryResult<R> {
        Present(R),
        Absent,
        Locked,
    }
}
pub mod mapref {
    pub mod one {
        use std::ops::{Deref, DerefMut};

        #[effect(guard(shared))]
        pub struct Ref<K, V>(K, V);
        impl<K, V> Ref<K, V> {
            #[effect(aliases, entry_key)]
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn value(&self) -> &V {}
        }
        impl<K, V> Deref for Ref<K, V> {
            type Target = V;
        }
        #[effect(guard(exclusive))]
        pub struct RefMut<K, V>(K, V);
        impl<K, V> RefMut<K, V> {
            #[effect(aliases, entry_key)]
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn value(&self) -> &V {}
            #[effect(aliases)]
            pub fn value_mut(&mut self) -> &mut V {}
            #[effect(downgrades_guard)]
            pub fn downgrade(self) -> Ref<K, V> {}
        }
        impl<K, V> Deref for RefMut<K, V> {
            type Target = V;
        }
        impl<K, V> DerefMut for RefMut<K, V> {}
    }
    pub mod multiple {
        use std::ops::{Deref, DerefMut};

        #[effect(guard(shared))]
        pub struct RefMulti<K, V>(K, V);
        impl<K, V> RefMulti<K, V> {
            #[effect(aliases, entry_key)]
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn value(&self) -> &V {}
        }
        impl<K, V> Deref for RefMulti<K, V> {
            type Target = V;
        }
        #[effect(guard(exclusive))]
        pub struct RefMutMulti<K, V>(K, V);
        impl<K, V> RefMutMulti<K, V> {
            #[effect(aliases, entry_key)]
            pub fn key(&self) -> &K {}
            #[effect(aliases)]
            pub fn value(&self) -> &V {}
            #[effect(aliases)]
            pub fn value_mut(&mut self) -> &mut V {}
        }
        impl<K, V> Deref for RefMutMulti<K, V> {
            type Target = V;
        }
        impl<K, V> DerefMut for RefMutMulti<K, V> {}
    }
    pub mod entry {
        use super::one::RefMut;

        #[effect(guard(exclusive))]
        pub enum Entry<K, V> {
            Occupied(OccupiedEntry<K, V>),
            Vacant(VacantEntry<K, V>),
        }
        impl<K, V> Entry<K, V> {
            #[effect(aliases)]
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Entry<K, V> {}
            pub fn key(&self) -> &K {}
            #[effect(maps_guard, puts(0))]
            pub fn or_insert(self, value: V) -> RefMut<K, V> {}
            #[effect(maps_guard, puts_result(0))]
            pub fn or_insert_with<F: FnOnce() -> V>(self, value: F) -> RefMut<K, V> {}
            #[effect(maps_guard)]
            pub fn or_default(self) -> RefMut<K, V> {}
            #[effect(maps_guard, puts(0))]
            pub fn insert(self, value: V) -> RefMut<K, V> {}
        }
        #[effect(guard(exclusive))]
        pub struct OccupiedEntry<K, V>(K, V);
        impl<K, V> OccupiedEntry<K, V> {
            #[effect(aliases)]
            pub fn get(&self) -> &V {}
            #[effect(aliases)]
            pub fn get_mut(&mut self) -> &mut V {}
            #[effect(maps_guard)]
            pub fn into_ref(self) -> RefMut<K, V> {}
            #[effect(puts(0), takes)]
            pub fn insert(&mut self, value: V) -> V {}
            #[effect(takes)]
            pub fn remove(self) -> V {}
        }
        #[effect(guard(exclusive))]
        pub struct VacantEntry<K, V>(K, V);
        impl<K, V> VacantEntry<K, V> {
            #[effect(maps_guard, puts(0))]
            pub fn insert(self, value: V) -> RefMut<K, V> {}
            pub fn key(&self) -> &K {}
        }
    }
}
pub mod setref {
    pub mod one {
        #[effect(guard(shared))]
        pub struct Ref<K>(K);
        impl<K> std::ops::Deref for Ref<K> {
            type Target = K;
        }
    }
    pub mod multiple {
        #[effect(guard(shared))]
        pub struct RefMulti<K>(K);
        impl<K> std::ops::Deref for RefMulti<K> {
            type Target = K;
        }
    }
}
