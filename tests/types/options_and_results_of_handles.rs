// Options and results of handles.

use std::thread::{self, JoinHandle};
use std::sync::{Arc, Mutex, Condvar, RwLock, Weak};
use std::collections::HashMap;
struct Pool { workers: Vec<Worker>, main: Option<JoinHandle<()>>, named: HashMap<String, JoinHandle<u32>>, shared: Arc<Mutex<Option<JoinHandle<u8>>>> }
struct Worker { id: usize, thread: Option<thread::JoinHandle<()>> }
impl Pool {
    fn stop(&mut self) {
        let a = self.main.take(); //: Option<JoinHandle<()>>
        let b = self.main.as_ref(); //: Option<&JoinHandle<()>>
        let c = self.main.as_mut().unwrap(); //: &mut JoinHandle<()>
        let d = self.main.take().map(|h| h.join()); //: Option<Result<(), Box<dyn Any + Send>>>
        let e = std::mem::take(&mut self.workers); //: Vec<Worker>
        let f = std::mem::replace(&mut self.main, None); //: Option<JoinHandle<()>>
        for w in &mut self.workers { //: w: &mut Worker
            if let Some(thread) = w.thread.take() { //: thread: JoinHandle<()>
                let r = thread.join(); //: Result<(), Box<dyn Any + Send>>
            }
        }
        for w in self.workers.drain(..) { //: w: Worker
            let Worker { id, thread: t } = w; //: id: usize; t: Option<JoinHandle<()>>
        }
        for (name, handle) in self.named.drain() { //: name: String; handle: JoinHandle<u32>
            let v = handle.join().unwrap(); //: u32
        }
        let hs: Vec<_> = self.workers.iter_mut().filter_map(|w| w.thread.take()).collect(); //: Vec<JoinHandle<()>>
        let g = self.shared.lock().unwrap().take(); //: Option<JoinHandle<u8>>
        let popped = self.workers.pop(); //: Option<Worker>
        let removed = self.workers.remove(0).thread; //: Option<JoinHandle<()>>
        let swapped = self.workers.swap_remove(1); //: Worker
        let first = self.workers.first().and_then(|w| w.thread.as_ref()); //: Option<&JoinHandle<()>>
        let last = self.workers.last_mut().unwrap(); //: &mut Worker
        let got = self.named.get("a"); //: Option<&JoinHandle<u32>>
        let rem = self.named.remove("a"); //: Option<JoinHandle<u32>>
        let vals: Vec<JoinHandle<u32>> = self.named.drain().map(|(_, h)| h).collect();
        let one = vals.into_iter().next().unwrap(); //: JoinHandle<u32>
        let split = self.workers.split_off(1); //: Vec<Worker>
        let fin = self.main.as_ref().map(|h| h.is_finished()).unwrap_or(true); //: bool
        let fin2 = self.main.as_ref().map_or(false, |h| h.is_finished()); //: bool
        let th = self.main.as_ref().unwrap().thread(); //: &Thread
        let id = th.id(); //: ThreadId
        let inserted = self.main.insert(thread::spawn(|| ())); //: &mut JoinHandle<()>
        let goi = self.main.get_or_insert_with(|| thread::spawn(|| {})); //: &mut JoinHandle<()>
        let ok = self.main.take().ok_or("none"); //: Result<JoinHandle<()>, &str>
        let rep = self.main.replace(thread::spawn(|| ())); //: Option<JoinHandle<()>>
    }
}
