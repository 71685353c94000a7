// Closures and functions.

use std::collections::HashMap;
struct Cb { on: Option<Box<dyn Fn(&str, usize) -> bool + Send>>, list: Vec<Box<dyn FnMut(u8)>>, by: HashMap<u8, fn(u32) -> u64> }
fn apply<F: Fn(&u8) -> Option<String>>(f: F) -> Option<String> { f(&1) }
fn mk(n: u8) -> impl Fn(u8) -> u16 { move |x| 3 }
fn mkb() -> Box<dyn FnMut() -> String> { Box::new(|| String::new()) }
fn helper(x: u32) -> Result<u8, String> { Ok(1) }
fn cl(cb: &mut Cb, g: &dyn Fn() -> Vec<u8>, h: impl FnOnce(u8) -> i64) {
    let a = (cb.on.as_ref().unwrap())("a", 1); //: bool
    if let Some(f) = &cb.on { //: f: &Box<dyn Fn(&str, usize) -> bool + Send>
        let r = f("x", 2); //: bool
    }
    for c in cb.list.iter_mut() { c(3); } //: c: &mut Box<dyn FnMut(u8)>
    let b = cb.by[&1](3); //: u64
    let c = apply(|x| Some(x.to_string())); //: Option<String>
    let d = mk(1)(2); //: u16
    let e = mkb()(); //: String
    let f = |x: u32, y: u8| x; 
    let g2 = f(1, 2); //: u32
    let h1 = g(); //: Vec<u8>
    let h2 = h(1); //: i64
    let i = Some(3u32).map(helper); //: Option<Result<u8, String>>
    let j = Some(3u32).map(helper).transpose(); //: Result<Option<u8>, String>
    let k = (|| -> Result<u8, String> { let v = helper(1)?; Ok(v) })(); //: Result<u8, String>
    let l = move || async { 3u8 };
    let p: fn(u32) -> Result<u8, String> = helper;
    let q = p(1).unwrap(); //: u8
    let s = Some(1u8).filter(|x| *x > 1).xor(None).or(Some(2)).or_else(|| None).unwrap_or_default(); //: u8
    let t = Some("a").zip(Some(1u8)); //: Option<(&str, u8)>
    let u = Some(Some(1u8)).flatten(); //: Option<u8>
    let v = Some(Ok::<u8, String>(1)).transpose(); //: Result<Option<u8>, String>
    let w = Ok::<u8, String>(1).and_then(|x| helper(x as u32)).map_err(|e| e.len()); //: Result<u8, usize>
    let x = helper(1).or_else(|e| Err(3u8)); //: Result<u8, u8>
    let y = helper(1).is_ok_and(|x| x > 1); //: bool
    let z = helper(1).iter().next(); //: Option<&u8>
    let aa = helper(1).unwrap_or_else(|s| s.len() as u8); //: u8
    let bb = helper(1).as_ref().ok().copied(); //: Option<u8>
    let cc = helper(1).as_ref().map_err(|e| e.as_str()); //: Result<&u8, &str>
}
