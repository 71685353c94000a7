// Maps and entries.

use std::collections::{btree_map, hash_map, hash_map::Entry, BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
fn maps(m: &mut HashMap<String, JoinHandle<u8>>, b: &mut BTreeMap<u32, Arc<Mutex<String>>>, cache: &RwLock<HashMap<u64, Vec<String>>>, s: HashSet<String>, h: BinaryHeap<(u32, String)>) {
    match m.entry("a".to_string()) {
        Entry::Occupied(mut e) => { //: e: OccupiedEntry<String, JoinHandle<u8>>
            let v = e.get_mut(); //: &mut JoinHandle<u8>
            let old = e.insert(std::thread::spawn(|| 1u8)); //: JoinHandle<u8>
        }
        Entry::Vacant(v) => { //: v: VacantEntry<String, JoinHandle<u8>>
            let k = v.key(); //: &String
            let r = v.insert(std::thread::spawn(|| 2u8)); //: &mut JoinHandle<u8>
        }
    }
    if let Entry::Occupied(o) = m.entry(String::new()) { let gone = o.remove(); } //: o: OccupiedEntry<String, JoinHandle<u8>>; gone: JoinHandle<u8>
    let a = m.iter().find(|(k, _)| k.as_str() == "x").map(|(_, h)| h.is_finished()); //: Option<bool>
    let c = m.remove_entry("x"); //: Option<(String, JoinHandle<u8>)>
    let d = m.values_mut().next(); //: Option<&mut JoinHandle<u8>>
    let e = m.keys().cloned().collect::<Vec<_>>(); //: Vec<String>
    let f = std::mem::take(m).into_values().map(|h| h.join()).collect::<Vec<_>>(); //: Vec<Result<u8, Box<dyn Any + Send>>>
    let g = b.get(&1).map(|x| x.lock().unwrap().clone()); //: Option<String>
    let i = b.range(1..).next().map(|(k, v)| (*k, v.clone())); //: Option<(u32, Arc<Mutex<String>>)>
    let j = b.first_key_value(); //: Option<(&u32, &Arc<Mutex<String>>)>
    let k = b.pop_first().unwrap().1; //: Arc<Mutex<String>>
    let l = b.entry(3).or_insert_with(|| Arc::new(Mutex::new(String::new()))).clone(); //: Arc<Mutex<String>>
    let n = b.entry(4).or_default().lock().unwrap().len(); //: usize
    let o = cache.read().unwrap().get(&1).and_then(|v| v.last()).cloned(); //: Option<String>
    let p = cache.write().unwrap().entry(1).or_default().pop(); //: Option<String>
    let q = cache.read().unwrap().iter().map(|(k, v)| (*k, v.len())).collect::<BTreeMap<_, _>>(); //: BTreeMap<u64, usize>
    let r = s.iter().max(); //: Option<&String>
    let t = s.into_iter().map(|x| x.len()).collect::<BTreeSet<_>>(); //: BTreeSet<usize>
    let u = h.into_sorted_vec().pop(); //: Option<(u32, String)>
    let mut dq: VecDeque<JoinHandle<()>> = VecDeque::new();
    while let Some(x) = dq.pop_front() { //: x: JoinHandle<()>
    }
    let w = dq.iter().position(|h| h.is_finished()).and_then(|i| dq.remove(i)); //: Option<JoinHandle<()>>
    let y = dq.drain(..).map(|h| h.join()).filter_map(|r| r.err()).next(); //: Option<Box<dyn Any + Send>>
    let z = dq.front_mut().unwrap(); //: &mut JoinHandle<()>
    let aa = dq.swap_remove_back(0); //: Option<JoinHandle<()>>
    let bb = dq.make_contiguous(); //: &mut [JoinHandle<()>]
    m.retain(|k, h| { //: k: &String; h: &mut JoinHandle<u8>
        h.is_finished()
    });
}
