// Statics.

use std::sync::{Mutex, OnceLock, LazyLock, Once};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::cell::{RefCell, Cell};
static RUN: AtomicBool = AtomicBool::new(true);
static TABLE: Mutex<Vec<String>> = Mutex::new(Vec::new());
static CELL: OnceLock<Mutex<u32>> = OnceLock::new();
static LAZY: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(|| Mutex::new(vec![]));
thread_local! {
    static LOCAL: RefCell<Vec<String>> = RefCell::new(Vec::new());
    static COUNT: Cell<u32> = const { Cell::new(1) };
}
fn f() {
    let a = RUN.load(Ordering::SeqCst); //: bool
    let b = TABLE.lock().unwrap().pop(); //: Option<String>
    let c = CELL.get_or_init(|| Mutex::new(1)); //: &Mutex<u32>
    let d = CELL.get(); //: Option<&Mutex<u32>>
    let e = LAZY.lock().unwrap(); //: MutexGuard<Vec<u8>>
    let f = e.len(); //: usize
    let g = LOCAL.with(|l| l.borrow_mut().pop()); //: Option<String>
    LOCAL.with(|v| { //: v: &RefCell<Vec<String>>
        let b = v.borrow_mut(); //: RefMut<Vec<String>>
    });
    let h = COUNT.with(|c| c.get()); //: u32
    let i = LOCAL.with_borrow(|v| v.len()); //: usize
    let j = COUNT.get(); //: u32
    let k = RUN.compare_exchange(true, false, Ordering::SeqCst, Ordering::SeqCst); //: Result<bool, bool>
    let l = AtomicUsize::new(3).fetch_add(1, Ordering::Relaxed) + 1; //: usize
}
