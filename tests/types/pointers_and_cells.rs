// Pointers and cells.

use std::rc::{Rc, Weak};
use std::cell::{RefCell, Cell, OnceCell};
use std::sync::Arc;
struct Node { parent: RefCell<Weak<Node>>, children: RefCell<Vec<Rc<Node>>>, val: Cell<i32> }
struct Tree { root: Option<Box<Tree>>, v: u8 }
fn ptr(n: Rc<Node>, t: Tree, m: &mut Option<Box<Tree>>) {
    let a = n.parent.borrow().upgrade(); //: Option<Rc<Node>>
    let b = n.children.borrow().iter().map(|c| c.val.get()).collect::<Vec<_>>(); //: Vec<i32>
    let c = n.children.borrow_mut().pop().unwrap(); //: Rc<Node>
    let d = Rc::clone(&n).val.get(); //: i32
    let e = t.root.as_ref().unwrap().v; //: u8
    let f = t.root.as_deref(); //: Option<&Tree>
    let g = m.as_mut().map(|b| &mut b.v); //: Option<&mut u8>
    let h = m.take().map(|b| *b); //: Option<Tree>
    let i = Rc::downgrade(&n); //: Weak<Node>
    let j = Rc::new(RefCell::new(vec![1u8])); //: Rc<RefCell<Vec<u8>>>
    let k = j.borrow()[0]; //: u8
    let l = *n.children.borrow()[0].children.borrow()[1].val.as_ptr(); 
    let o = Arc::new_cyclic(|w| { let w2 = w.clone(); 3u8 }); //: Arc<u8>
    let p: Arc<dyn Fn(u8) -> String> = Arc::new(|x| x.to_string());
    let q = p(3); //: String
    let r = (p.as_ref())(1); //: String
    let s = Box::new([1u8, 2]); //: Box<[u8; _]>
    let u = Rc::try_unwrap(j).ok().unwrap().into_inner(); //: Vec<u8>
    let v = &*n; //: &Node
    let w = n.as_ref(); 
    let x = RefCell::new(Some(3u8)).borrow_mut().take(); //: Option<u8>
    let y = Cell::new(1u8).replace(2); //: u8
    let z = Arc::strong_count(&p); //: usize
    let aa = Rc::ptr_eq(&n, &n); //: bool
    let bb = unsafe { &*(&n as *const Rc<Node>) }; //: &Rc<Node>
    let cc = Box::leak(Box::new(3u8)); //: &mut u8
    let dd = unsafe { Box::from_raw(Box::into_raw(Box::new(1u64))) }; //: Box<u64>
}
