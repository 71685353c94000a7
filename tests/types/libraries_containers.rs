//! Containers of other crates keep what is put into them.

use ahash::AHashMap;
use arrayvec::ArrayVec;
use fnv::FnvHashMap;
use hashbrown::HashMap;
use indexmap::{IndexMap, IndexSet};
use lru::LruCache;
use rustc_hash::{FxHashMap, FxHashSet};
use slab::Slab;
use smallvec::SmallVec;
use std::num::NonZeroUsize;
use std::thread::{self, JoinHandle};

fn vectors() {
    let mut small: SmallVec<[JoinHandle<()>; 4]> = SmallVec::new();
    small.push(thread::spawn(|| ()));
    let last = small.pop(); //: Option<JoinHandle<()>>
    let first = small.first(); //: Option<&JoinHandle<()>>
    let drained = small.drain(..).next(); //: Option<JoinHandle<()>>
    for handle in small { //: JoinHandle<()>
        let _ = handle.join();
    }
    let mut array: ArrayVec<JoinHandle<()>, 4> = ArrayVec::new();
    array.push(thread::spawn(|| ()));
    let taken = array.pop_at(0); //: Option<JoinHandle<()>>
    for handle in &array { //: &JoinHandle<()>
        println!("{}", handle.is_finished());
    }
}

fn maps(capacity: NonZeroUsize) {
    let mut brown: HashMap<u8, JoinHandle<()>> = HashMap::new();
    let old = brown.insert(1, thread::spawn(|| ())); //: Option<JoinHandle<()>>
    let mut fx: FxHashMap<u8, JoinHandle<()>> = FxHashMap::default();
    let removed = fx.remove(&1); //: Option<JoinHandle<()>>
    let mut set: FxHashSet<u8> = FxHashSet::default();
    let fresh = set.insert(1); //: bool
    let mut fnv: FnvHashMap<u8, JoinHandle<()>> = FnvHashMap::default();
    let one = fnv.get(&1); //: Option<&JoinHandle<()>>
    let mut a: AHashMap<u8, JoinHandle<()>> = AHashMap::default();
    let entry = a.entry(1).or_insert_with(|| thread::spawn(|| ())); //: &mut JoinHandle<()>
    let mut ordered: IndexMap<u8, JoinHandle<()>> = IndexMap::new();
    let swapped = ordered.swap_remove(&1); //: Option<JoinHandle<()>>
    let shifted = ordered.shift_remove_index(0); //: Option<(u8, JoinHandle<()>)>
    let at = ordered.get_index(0); //: Option<(&u8, &JoinHandle<()>)>
    for (key, handle) in ordered { //: key: u8; handle: JoinHandle<()>
        println!("{key}");
        let _ = handle.join();
    }
    let mut names: IndexSet<u8> = IndexSet::new();
    let taken = names.swap_take(&1); //: Option<u8>
    let mut cache: LruCache<u8, JoinHandle<()>> = LruCache::new(capacity);
    let evicted = cache.push(1, thread::spawn(|| ())); //: Option<(u8, JoinHandle<()>)>
    let popped = cache.pop(&1); //: Option<JoinHandle<()>>
}

fn slabs() {
    let mut slab = Slab::new(); //: Slab<JoinHandle<()>>
    let key = slab.insert(thread::spawn(|| ())); //: usize
    let removed = slab.try_remove(key); //: Option<JoinHandle<()>>
    for (key, handle) in &slab { //: key: usize; handle: &JoinHandle<()>
        println!("{key} {}", handle.is_finished());
    }
}
