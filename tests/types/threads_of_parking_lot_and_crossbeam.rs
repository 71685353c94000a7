// Threads of parking_lot and crossbeam.

use parking_lot::{Mutex, RwLock, Condvar, MappedMutexGuard, MutexGuard};
use crossbeam_channel::{bounded, unbounded, select, Sender, Receiver};
use std::sync::Arc;
struct S { m: Arc<Mutex<Vec<u8>>>, rw: RwLock<Option<String>>, tx: Sender<u8>, rx: Option<Receiver<u8>> }
fn pl(s: &mut S) {
    let a = s.m.lock(); //: MutexGuard<Vec<u8>>
    let b = s.m.lock().pop(); //: Option<u8>
    let c = s.rw.write().take(); //: Option<String>
    let d = s.rw.read().as_ref().map(|x| x.len()); //: Option<usize>
    let e = s.m.try_lock(); //: Option<MutexGuard<Vec<u8>>>
    let f = MutexGuard::map(s.m.lock(), |v| &mut v[0]); //: MappedMutexGuard<u8>
    let (tx, rx) = unbounded::<String>(); //: tx: Sender<String>; rx: Receiver<String>
    let (t2, r2) = bounded(3); //: t2: Sender<u8>; r2: Receiver<u8>
    t2.send(1u8);
    for m in &rx { //: m: String
    }
    let g = s.rx.take().unwrap().recv(); //: Result<u8, RecvError>
    let h = s.m.try_lock_for(std::time::Duration::from_secs(1)).is_some(); //: bool
    crossbeam::thread::scope(|sc| { //: sc: &Scope
        let h = sc.spawn(|_| 1u8); //: ScopedJoinHandle<u8>
    }).unwrap();
    let rg = s.rw.upgradable_read(); //: RwLockUpgradableReadGuard<Option<String>>
}
