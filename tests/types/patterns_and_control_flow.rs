// Patterns and control flow.

use std::thread::JoinHandle;
enum State { Idle, Running { handle: JoinHandle<()>, since: u64 }, Done(Result<u8, String>), Pair((u8, String)) }
struct Outer { state: State, pos: (i32, Option<String>) }
fn pat(o: &mut Outer, owned: Outer, list: &[State], opt: &Option<(u8, String)>) {
    match &o.state {
        State::Running { handle, since } => {} //: handle: &JoinHandle<()>; since: &u64
        State::Done(Ok(n)) => {} //: n: &u8
        State::Done(Err(e)) if e.len() > 1 => {} //: e: &String
        State::Pair((a, b)) => {} //: a: &u8; b: &String
        s @ State::Idle => {} //: s: &State
        _ => {}
    }
    match &mut o.state { State::Running { handle: h, .. } => {} _ => {} } //: h: &mut JoinHandle<()>
    match owned.state { State::Running { handle, .. } => { let r = handle.join(); } _ => {} } //: handle: JoinHandle<()>; r: Result<(), Box<dyn Any + Send>>
    if let [first, .., last] = list { //: first: &State; last: &State
    }
    if let [x, rest @ ..] = list { //: x: &State; rest: &[State]
    }
    if let Some((n, s)) = opt { //: n: &u8; s: &String
    }
    if let Some(ref pair) = *opt { //: pair: &(u8, String)
    }
    let Outer { pos: (px, ref name), .. } = *o; //: px: i32; name: &Option<String>
    let Some((k, v)) = opt else { return }; //: k: &u8; v: &String
    let x = if let Some((a, _)) = opt { *a } else { return }; //: u8
    let y = match opt { Some(p) => p.1.clone(), None => String::new() }; //: String
    let z = 'outer: loop { if x > 1 { break 'outer 3u16 } }; //: u16
    let b = 'blk: { if x > 2 { break 'blk Some(1u8); } None }; //: Option<u8>
    let c = x as f64 / 2.0; //: f64
    let d = x as usize; //: usize
    let e = !(d > 3) && true; //: bool
    let f = d + 3 - 1; //: usize
    let g = -c; //: f64
    let h = (0..d).rev(); 
    let i = [0u8; 16]; //: [u8; _]
    let j = &i[..4]; //: &[u8]
    let l = i.len(); //: usize
    let m = [[0u8; 2]; 3][1][0]; //: u8
    let n = "abc"; //: &str
    let q = &b"abc"[..]; //: &[u8]
    let r = 'a'; //: char
    let s = format!("{}", 1); //: String
    let t = matches!(o.state, State::Idle); //: bool
    let u = vec![0u8; 4]; //: Vec<u8>
    let w = (1u8, "a").1; //: &str
    let aa = { let q = 1u8; q + 1 }; //: u8
    let bb = unsafe { std::mem::zeroed::<u32>() }; //: u32
    let (cc, dd); //: cc: u8; dd: String
    (cc, dd) = (1u8, String::new());
    while let Some(top) = vec![1u8].pop() { //: top: u8
    }
    let ee = std::mem::replace(&mut o.state, State::Idle); //: State
    let ff = d.checked_sub(1).unwrap_or(0).min(7); //: usize
    let gg = u.len().max(3) as u32; //: u32
    let hh = 3.5f32.sqrt().max(1.0); //: f32
    let ii = i32::MAX; //: i32
    let jj = u8::from_str_radix("1", 2).unwrap(); //: u8
    let kk: u64 = x.into(); //: u64
    let ll = u64::from(x); //: u64
    let mm = u16::try_from(d).unwrap(); //: u16
    let nn: Result<u8, _> = d.try_into();
    let oo = String::from_utf8_lossy(&u).into_owned(); //: String
    let pp = std::str::from_utf8(&u).unwrap(); //: &str
    let qq = &u; //: &Vec<u8>
    let rr = 1 << 4u8;
    let ss = std::mem::size_of::<u8>(); //: usize
    let tt = Vec::<u8>::with_capacity(1); //: Vec<u8>
    let uu = Box::<[u8]>::from(vec![1]); //: Box<[u8]>
    let vv = u.iter().len() == 3; //: bool
}
