// Methods that take self in other ways.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, Weak, RwLock};
use std::thread::{self, JoinHandle};
struct Service { state: Mutex<State>, me: Weak<Service>, handle: Mutex<Option<JoinHandle<()>>> }
#[derive(Clone, Default, Debug)]
struct State { names: Vec<String>, on: bool }
impl Service {
    fn start() -> Arc<Self> {
        Arc::new_cyclic(|me| { //: me: &Weak<Service>
            Self { state: Mutex::default(), me: me.clone(), handle: Mutex::new(None) }
        })
    }
    fn run(self: Arc<Self>) -> JoinHandle<()> {
        let this = Arc::clone(&self); //: Arc<Service>
        let st = self.state.lock().unwrap().clone(); //: State
        let names = self.state.lock().unwrap().names.clone(); //: Vec<String>
        let up = self.me.upgrade().unwrap(); //: Arc<Service>
        let h = thread::spawn(move || this.work()); //: JoinHandle<bool>
        let h2 = thread::spawn({ //: JoinHandle<usize>
            let this = up.clone(); //: Arc<Service>
            move || this.state.lock().unwrap().names.len()
        });
        let old = self.handle.lock().unwrap().replace(thread::spawn(|| ())); //: Option<JoinHandle<()>>
        let Some(old) = old else { return thread::spawn(|| ()) }; //: old: JoinHandle<()>
        old
    }
    fn work(&self) -> bool { self.state.lock().unwrap().on }
    fn into_state(self: Box<Self>) -> State { self.state.into_inner().unwrap() }
    fn builder() -> Builder { Builder::default() }
}
#[derive(Default)]
struct Builder { name: Option<String>, workers: usize, on_exit: Option<Box<dyn Fn(usize) + Send + Sync>> }
impl Builder {
    fn name(mut self, n: impl Into<String>) -> Self { self.name = Some(n.into()); self }
    fn workers(&mut self, n: usize) -> &mut Self { self.workers = n; self }
    fn on_exit<F>(mut self, f: F) -> Self where F: Fn(usize) + Send + Sync + 'static { self.on_exit = Some(Box::new(f)); self }
    fn build(self) -> std::io::Result<Arc<Service>> { Ok(Service::start()) }
}
fn selfs(w: Rc<RefCell<State>>, b: Box<Service>) -> Result<(), Box<dyn std::error::Error>> {
    let a = Service::start(); //: Arc<Service>
    let b1 = a.clone().run(); //: JoinHandle<()>
    let c = Service::builder().name("x").on_exit(|n| { //: n: usize
    }).build()?;
    let d = Service::builder().name("x").build()?; //: Arc<Service>
    let e = Builder::default().workers(3).workers; //: usize
    let f = w.borrow().names.first().cloned(); //: Option<String>
    let g = b.into_state(); //: State
    let h = State::default(); //: State
    let i = State { on: true, ..Default::default() }; //: State
    let j: State = Default::default();
    let k = w.borrow_mut().names.iter_mut().map(|n| n.len()).sum::<usize>(); //: usize
    let l = Rc::clone(&w).borrow().clone(); //: State
    let m = std::mem::take(&mut *w.borrow_mut()); //: State
    let o = std::mem::take(&mut w.borrow_mut().names); //: Vec<String>
    Ok(())
}
