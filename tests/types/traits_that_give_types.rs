// Traits that give types.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
trait Task: Send { type Out: Send; fn run(&mut self) -> Self::Out; fn name(&self) -> String { String::new() } fn twice(&mut self) -> (Self::Out, Self::Out) where Self: Sized { (self.run(), self.run()) } }
trait Queue<T> { fn pop(&self) -> Option<T>; fn inner(&self) -> MutexGuard<'_, VecDeque<T>>; }
struct MyQueue<T> { items: Mutex<VecDeque<T>> }
impl<T> Queue<T> for MyQueue<T> {
    fn pop(&self) -> Option<T> { let g = self.inner(); self.items.lock().unwrap().pop_front() } //: g: MutexGuard<VecDeque<T>>
    fn inner(&self) -> MutexGuard<'_, VecDeque<T>> { self.items.lock().unwrap() }
}
struct Sum(Vec<u64>);
impl Task for Sum { type Out = u64; fn run(&mut self) -> u64 { self.0.iter().sum() } }
struct Runner<T: Task> { task: T, results: Vec<T::Out>, queue: Arc<MyQueue<T>> }
impl<T: Task> Runner<T> {
    fn go(&mut self) {
        let r = self.task.run(); //: <T as Task>::Out
        let n = self.task.name(); //: String
        let t = self.queue.pop(); //: Option<T>
        let q = self.queue.inner().len(); //: usize
        let last = self.results.pop(); //: Option<<T as Task>::Out>
    }
}
fn spawn_all<I, T>(it: I) -> Vec<JoinHandle<T::Out>> where I: IntoIterator<Item = T>, T: Task + 'static {
    let hs: Vec<_> = it.into_iter().map(|mut t| std::thread::spawn(move || t.run())).collect(); //: Vec<JoinHandle<<T as Task>::Out>>
    hs
}
fn join_all<I: IntoIterator<Item = JoinHandle<R>>, R>(handles: I) -> Vec<R> {
    for h in handles { //: h: JoinHandle<R>
        let r = h.join().unwrap(); //: R
    }
    vec![]
}
fn use_traits(d: &mut dyn Task<Out = String>, b: Box<dyn Queue<u8>>, m: Arc<Mutex<dyn Task<Out = u16>>>, gen: &impl Queue<Sum>) {
    let a = d.run(); //: String
    let c = b.pop(); //: Option<u8>
    let e = b.inner().front().copied(); //: Option<u8>
    let f = m.lock().unwrap().run(); //: u16
    let g = gen.pop().unwrap().0; //: Vec<u64>
    let h = Sum(vec![]).run(); //: u64
    let i = Sum(vec![]).twice(); //: (u64, u64)
    let j = spawn_all(vec![Sum(vec![])]); //: Vec<JoinHandle<u64>>
    let k = join_all(j); //: Vec<u64>
    let r = Runner { task: Sum(vec![]), results: vec![], queue: Arc::new(MyQueue { items: Default::default() }) }; //: Runner<Sum>
    let l = r.results.first(); //: Option<&u64>
    let m2 = r.queue.pop(); //: Option<Sum>
    let boxed: Box<dyn Iterator<Item = JoinHandle<()>>> = Box::new(std::iter::empty());
    for x in boxed { //: x: JoinHandle<()>
    }
    let v: Vec<Box<dyn Task<Out = u8>>> = Vec::new();
    let outs = v.into_iter().map(|mut t| t.run()).collect::<Vec<_>>(); //: Vec<u8>
}
