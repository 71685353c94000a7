// Iterators.

use std::collections::{HashMap, BTreeMap, HashSet};
fn it(v: Vec<(String, u32)>, s: &[u8], words: &str, map: HashMap<u8, Vec<String>>) -> Option<u8> {
    let a = v.iter().map(|(n, c)| (c, n)).next(); //: Option<(&u32, &String)>
    let b: HashMap<_, _> = v.iter().cloned().collect(); //: HashMap<String, u32>
    let c = v.iter().map(|p| p.1).max(); //: Option<u32>
    let d = v.iter().position(|p| p.1 == 1); //: Option<usize>
    let e = v.iter().find(|(n, _)| n == "x").map(|(_, c)| *c); //: Option<u32>
    let f = s.iter().copied().fold(0u64, |acc, b| acc + b as u64); //: u64
    let g = words.split(' ').map(|w| w.trim()).collect::<Vec<&str>>(); //: Vec<&str>
    let h = words.lines().map(str::to_owned).collect::<Vec<String>>(); //: Vec<String>
    let i = words.chars().rev().filter(|c| c.is_alphabetic()).collect::<String>(); //: String
    let j = s.iter().zip(v.iter()).last(); //: Option<(&u8, &(String, u32))>
    let k = v.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect::<BTreeMap<_, _>>(); //: BTreeMap<String, usize>
    let l = v.iter().flat_map(|(n, _)| n.chars()).next(); //: Option<char>
    let m = map.values().flatten().next(); //: Option<&String>
    let n = map.into_iter().map(|(_, v)| v).flatten().next(); //: Option<String>
    let o = v.iter().partition::<Vec<_>, _>(|p| p.1 > 3); //: (Vec<&(String, u32)>, Vec<&(String, u32)>)
    let p = s.chunks(2).map(|c| c.len()).sum::<usize>(); //: usize
    let q = s.windows(2).next(); //: Option<&[u8]>
    let r = words.parse::<u16>().ok()?; //: u16
    let t: Result<Vec<u8>, std::num::ParseIntError> = words.split(',').map(|x| x.parse::<u8>()).collect();
    let u = words.split(',').map(|x| x.parse::<u8>()).collect::<Result<Vec<_>, _>>(); //: Result<Vec<u8>, ParseIntError>
    let w = v.iter().any(|x| x.1 == 1); //: bool
    let x = v.iter().map(|x| &x.0).filter(|x| !x.is_empty()).peekable().peek(); //: Option<&&String>
    let y = s.iter().skip_while(|b| **b == 1).take(3).step_by(2).chain(s.iter()).count(); //: usize
    let z = v.iter().min_by_key(|x| x.1); //: Option<&(String, u32)>
    let aa = std::iter::repeat(3u8).take(4).collect::<Vec<_>>(); //: Vec<u8>
    let bb = std::iter::once(1u8).chain(s.iter().cloned()).collect::<HashSet<_>>(); //: HashSet<u8>
    let cc = v.into_iter().unzip::<_, _, Vec<_>, Vec<_>>(); //: (Vec<String>, Vec<u32>)
    let dd = words.char_indices().map(|(i, c)| i).next(); //: Option<usize>
    let ee = words.split_once('=').map(|(k, v)| (k.to_string(), v.len())); //: Option<(String, usize)>
    let ff = (1..=3u8).rev().map(|x| x * 2).collect::<Vec<_>>(); //: Vec<u8>
    let gg = std::env::args().skip(1).next().unwrap(); //: String
    let hh = words.bytes().scan(0u32, |st, b| { Some(*st) }).next(); //: Option<u32>
    let mut sorted = s.to_vec(); //: Vec<u8>
    let jj = sorted.binary_search(&1).unwrap_or_else(|e| e); //: usize
    let kk = sorted.iter().map(|x| if *x > 1 { Ok(*x) } else { Err("bad") }).collect::<Result<Vec<u8>, &str>>(); //: Result<Vec<u8>, &str>
    let ll = sorted.first().copied().unwrap_or(0); //: u8
    let mm = sorted.iter().try_fold(0u8, |a, b| a.checked_add(*b)); //: Option<u8>
    let nn = sorted.chunks_exact(2).map(<[u8]>::to_vec).next(); //: Option<Vec<u8>>
    let pp = [String::new(), String::new()].join(","); //: String
    let qq = vec![vec![1u8], vec![2]].concat(); //: Vec<u8>
    None
}
