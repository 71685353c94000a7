// Inferred later and by expectation.

use std::collections::{HashMap, BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
struct Cfg { names: Vec<String>, map: HashMap<u8, JoinHandle<()>>, cb: Box<dyn Fn(u32) -> u8> }
fn take(v: Vec<u16>) {}
fn take_cb(f: Box<dyn Fn(&mut Vec<u8>) -> usize>) {}
fn gather() -> Vec<JoinHandle<u8>> {
    let mut out = Vec::new(); //: Vec<JoinHandle<u8>>
    for i in 0..3 { out.push(std::thread::spawn(|| 1u8)); }
    out
}
fn gather2() -> Result<HashMap<String, JoinHandle<u8>>, String> {
    let mut out = HashMap::new(); //: HashMap<String, JoinHandle<u8>>
    Ok(out)
}
fn expect(name: String) -> Cfg {
    let mut names = Vec::new(); //: Vec<String>
    let mut map = HashMap::new(); //: HashMap<u8, JoinHandle<()>>
    map.insert(1u8, std::thread::spawn(|| ()));
    let mut opt = None; //: Option<JoinHandle<()>>
    opt = Some(std::thread::spawn(|| {}));
    let mut q = VecDeque::new(); //: VecDeque<String>
    q.push_back(name.clone());
    let mut e = vec![]; //: Vec<u16>
    take(e);
    let mut groups: HashMap<String, Vec<u8>> = HashMap::new();
    let g = groups.entry(name.clone()).or_default(); //: &mut Vec<u8>
    groups.entry(name).or_insert_with(Vec::new).push(1);
    let shared = Arc::new(Mutex::new(Vec::new())); //: Arc<Mutex<Vec<u8>>>
    shared.lock().unwrap().push(1u8);
    let sh2 = Arc::new(Mutex::new(None)); //: Arc<Mutex<Option<JoinHandle<()>>>>
    *sh2.lock().unwrap() = Some(std::thread::spawn(|| ()));
    let (tx, rx) = mpsc::channel(); //: tx: Sender<String>; rx: Receiver<String>
    std::thread::spawn(move || { tx.send("a".to_string()).unwrap(); });
    take_cb(Box::new(|v| { //: v: &mut Vec<u8>
        v.len()
    }));
    let cb: Box<dyn Fn(u32) -> u8> = Box::new(move |n| { //: n: u32
        1
    });
    let z: BTreeMap<u8, Arc<Mutex<String>>> = BTreeMap::new();
    for (id, m) in &z { //: id: &u8; m: &Arc<Mutex<String>>
        let g = m.lock().unwrap(); //: MutexGuard<String>
    }
    for (_, m) in z { //: m: Arc<Mutex<String>>
    }
    Cfg { names, map, cb: Box::new(|k| 1) } //: k: u32
}
fn local_fn() {
    fn inner(x: u8) -> Vec<u8> { vec![x] }
    let a = inner(1); //: Vec<u8>
    struct L { a: Arc<Mutex<u8>> }
    impl L { fn get(&self) -> u8 { *self.a.lock().unwrap() } }
    let l = L { a: Arc::new(Mutex::new(1)) }; //: L
    let g = l.get(); //: u8
    const K: &str = "a";
    let k = K; //: &str
}
