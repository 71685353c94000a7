// Locks and guards.

use std::sync::{Arc, Mutex, MutexGuard, RwLock, Condvar, PoisonError};
use std::collections::{HashMap, VecDeque, BTreeMap, HashSet};
struct Inner { queue: VecDeque<u64>, stop: bool, map: HashMap<String, Arc<Mutex<Vec<u8>>>> }
struct Shared { inner: Mutex<Inner>, cond: Condvar, table: RwLock<BTreeMap<u32, String>>, pair: Arc<(Mutex<bool>, Condvar)> }
impl Shared {
    fn guard(&self) -> MutexGuard<'_, Inner> { self.inner.lock().unwrap() }
    fn go(&self) {
        let g = self.inner.lock(); //: Result<MutexGuard<Inner>, PoisonError<MutexGuard<Inner>>>
        let g = self.inner.lock().unwrap(); //: MutexGuard<Inner>
        let g2 = self.inner.lock().unwrap_or_else(|e| e.into_inner()); //: MutexGuard<Inner>
        let g3 = self.inner.lock().unwrap_or_else(PoisonError::into_inner); //: MutexGuard<Inner>
        let g4 = match self.inner.lock() { Ok(g) => g, Err(poisoned) => poisoned.into_inner() }; //: MutexGuard<Inner>
        let q = &mut g.queue; //: &mut VecDeque<u64>
        let n = self.guard().queue.pop_front(); //: Option<u64>
        let g5 = self.cond.wait(self.guard()).unwrap(); //: MutexGuard<Inner>
        let (g6, res) = self.cond.wait_timeout(g5, std::time::Duration::from_secs(1)).unwrap(); //: g6: MutexGuard<Inner>; res: WaitTimeoutResult
        let to = res.timed_out(); //: bool
        let g7 = self.cond.wait_while(g6, |i| !i.stop).unwrap(); //: MutexGuard<Inner>
        let t = self.table.read().unwrap(); //: RwLockReadGuard<BTreeMap<u32, String>>
        let s = t.get(&1).cloned(); //: Option<String>
        let first = t.iter().next(); //: Option<(&u32, &String)>
        for (k, v) in t.iter() { //: k: &u32; v: &String
        }
        for (k, v) in &*t { //: k: &u32; v: &String
        }
        let w = self.table.write().unwrap().entry(3).or_insert_with(String::new); //: &mut String
        let m = g7.map.get("a").unwrap().clone(); //: Arc<Mutex<Vec<u8>>>
        let m2 = g7.map["a"].clone(); //: Arc<Mutex<Vec<u8>>>
        let bytes = m.lock().unwrap().drain(..).collect::<Vec<u8>>(); //: Vec<u8>
        let (lock, cvar) = &*self.pair; //: lock: &Mutex<bool>; cvar: &Condvar
        let started = lock.lock().unwrap(); //: MutexGuard<bool>
        let is = *started; //: bool
        let &(ref l2, ref c2) = &*self.pair; //: l2: &Mutex<bool>; c2: &Condvar
        let pair2 = Arc::clone(&self.pair); //: Arc<(Mutex<bool>, Condvar)>
        let l3 = &pair2.0; //: &Mutex<bool>
        let x = Arc::new(Mutex::new(HashMap::<String, u8>::new())); //: Arc<Mutex<HashMap<String, u8>>>
        let y = x.lock().unwrap().insert("a".to_string(), 1); //: Option<u8>
        let z = Arc::try_unwrap(x).unwrap().into_inner().unwrap(); //: HashMap<String, u8>
        let tl = self.inner.try_lock(); //: Result<MutexGuard<Inner>, TryLockError<MutexGuard<Inner>>>
        if let Ok(mut inner) = self.inner.try_lock() { //: inner: MutexGuard<Inner>
            let taken = std::mem::take(&mut inner.queue); //: VecDeque<u64>
        }
        let weak = Arc::downgrade(&self.pair); //: Weak<(Mutex<bool>, Condvar)>
        let up = weak.upgrade().map(|p| p.0.lock().unwrap().clone()); //: Option<bool>
        let locks = vec![Mutex::new(1u8), Mutex::new(2)]; //: Vec<Mutex<u8>>
        let lk = &locks[0]; //: &Mutex<u8>
        let sum = locks.iter().map(|l| *l.lock().unwrap()).sum::<u8>(); //: u8
        let slice = &locks[1..]; //: &[Mutex<u8>]
        let gs: Vec<_> = locks.iter().map(|l| l.lock().unwrap()).collect(); //: Vec<MutexGuard<u8>>
        let mx = locks.iter().max_by_key(|l| 1).unwrap(); //: &Mutex<u8>
        let dflt: Arc<Mutex<Vec<String>>> = Default::default();
        let st = dflt.lock().unwrap().iter().map(|s| s.len()).collect::<HashSet<_>>(); //: HashSet<usize>
    }
}
