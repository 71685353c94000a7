// Joining in many ways.

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread::{self, JoinHandle, ScopedJoinHandle};
struct Pool { hs: Vec<JoinHandle<Result<u32, String>>>, named: Vec<(String, Option<JoinHandle<()>>)>, slots: [Option<JoinHandle<()>>; 4] }
type Handles = Vec<Handle>;
type Handle = JoinHandle<()>;
enum WorkerState { Idle, Busy(JoinHandle<u8>), Done { result: u8 } }
impl Drop for Pool {
    fn drop(&mut self) {
        let rs = self.hs.drain(..).map(JoinHandle::join).collect::<Result<Vec<_>, _>>(); //: Result<Vec<Result<u32, String>>, Box<dyn Any + Send>>
        for (name, slot) in self.named.iter_mut() { //: name: &mut String; slot: &mut Option<JoinHandle<()>>
            if let Some(h) = slot.take() { //: h: JoinHandle<()>
            }
        }
        for (name, slot) in &mut self.named { //: name: &mut String; slot: &mut Option<JoinHandle<()>>
        }
        for slot in self.slots.iter_mut() { //: slot: &mut Option<JoinHandle<()>>
            let t = slot.take(); //: Option<JoinHandle<()>>
        }
        for slot in &mut self.slots { //: slot: &mut Option<JoinHandle<()>>
        }
        self.named.iter_mut().filter_map(|(_, slot)| slot.take()).for_each(|h| { //: h: JoinHandle<()>
            h.join().unwrap();
        });
        let done: Vec<JoinHandle<()>> = self.named.iter_mut().flat_map(|(_, h)| h.take()).collect();
        let (fin, rest): (Vec<_>, Vec<_>) = done.into_iter().partition(|h| h.is_finished()); //: fin: Vec<JoinHandle<()>>; rest: Vec<JoinHandle<()>>
    }
}
fn joins(pool: &mut Pool, state: WorkerState, mut hs: Handles) -> thread::Result<u8> {
    let total: u32 = pool.hs.drain(..).map(|h| h.join().unwrap().unwrap()).sum(); //: u32
    let best = pool.hs.drain(..).filter_map(|h| h.join().ok()).filter_map(Result::ok).max(); //: Option<u32>
    let sum = pool.hs.drain(..).fold(0u64, |acc, h| acc + h.join().unwrap().unwrap_or(0) as u64); //: u64
    let h = hs.pop().unwrap(); //: JoinHandle<()>
    let one = hs.remove(0).join().is_err(); //: bool
    let r = match state { WorkerState::Busy(h) => h.join()?, WorkerState::Done { result } => result, WorkerState::Idle => 0 }; //: h: JoinHandle<u8>; r: u8
    let arr: [JoinHandle<u8>; 2] = std::array::from_fn(|i| thread::spawn(move || i as u8));
    for h in arr { //: h: JoinHandle<u8>
    }
    let arr2 = std::array::from_fn::<_, 4, _>(|i| thread::spawn(|| 1u8)); //: [JoinHandle<u8>; _]
    let [a, b] = [thread::spawn(|| 1u8), thread::spawn(|| 2u8)]; //: a: JoinHandle<u8>; b: JoinHandle<u8>
    let (ra, rb) = (a.join(), b.join()); //: ra: Result<u8, Box<dyn Any + Send>>; rb: Result<u8, Box<dyn Any + Send>>
    let v = thread::scope(|s| { //: s: &Scope
        let hs: Vec<ScopedJoinHandle<'_, u8>> = (0..3u8).map(|i| s.spawn(move || i)).collect();
        let x = s.spawn(|| "a"); //: ScopedJoinHandle<&str>
        hs.into_iter().map(|h| h.join().unwrap()).collect::<Vec<_>>()
    });
    let vv = thread::scope(|s| s.spawn(|| 5u8).join().unwrap()); //: u8
    let err = h.join().unwrap_err(); //: Box<dyn Any + Send>
    let msg = err.downcast_ref::<&str>().map(|s| s.to_string()).or_else(|| err.downcast_ref::<String>().cloned()).unwrap_or_default(); //: String
    let dc = err.downcast::<String>(); //: Result<Box<String>, Box<dyn Any + Send>>
    let spawned = ["a", "b"].iter().map(|n| thread::Builder::new().name(n.to_string()).spawn(|| ())).collect::<Result<Vec<_>, _>>().unwrap(); //: Vec<JoinHandle<()>>
    let opt = Some(3).map(|n| thread::spawn(move || n)); //: Option<JoinHandle<i32>>
    let cond = (r > 3).then(|| thread::spawn(|| ())); //: Option<JoinHandle<()>>
    let nested = vec![vec![thread::spawn(|| ())]].into_iter().flatten().next(); //: Option<JoinHandle<()>>
    let chained = hs.drain(..).chain(spawned).collect::<Vec<_>>(); //: Vec<JoinHandle<()>>
    let ids = chained.iter().map(|h| h.thread().id()).collect::<Vec<_>>(); //: Vec<ThreadId>
    let unparked = chained.iter().map(JoinHandle::thread).last(); //: Option<&Thread>
    let helper = |h: JoinHandle<u8>| h.join(); 
    let joined = helper(thread::spawn(|| 1)); //: Result<u8, Box<dyn Any + Send>>
    let idx = chained.iter().position(|h| h.is_finished()).map(|i| &chained[i]); //: Option<&JoinHandle<()>>
    let sp = chained.split_first(); //: Option<(&JoinHandle<()>, &[JoinHandle<()>])>
    let rv = chained.into_iter().rev().skip(1).step_by(2).next(); //: Option<JoinHandle<()>>
    Ok(1)
}
