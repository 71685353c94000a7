//! Paths without asking the file system: absolute, free of `.` and `..`, and shown relative to a folder.
//!
//! Symbolic links are not followed here, so one file has one path as long as the sources name it without links.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// `path` seen from `base`, without `.` and `..`.
pub(crate) fn absolute(base: &Path, path: &Path) -> PathBuf {
    normal(&base.join(path))
}

/// `path` without `.` and `..`, by its text alone.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if matches!(out.components().next_back(), Some(Component::Normal(_))) {
                    out.pop();
                } else if !out.has_root() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// How a file is shown: relative to `base` with `/`, through `..` where it lies beside it, else as it is.
pub(crate) fn display_from(base: &Path, path: &Path) -> String {
    if let Ok(inside) = path.strip_prefix(base) {
        return with_slashes(inside);
    }
    let shared = base.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let upwards = base.components().count() - shared;
    // A path that shares little with the base reads better whole.
    if upwards > 3 || shared < 2 {
        return with_slashes(path);
    }
    let mut relative: PathBuf = std::iter::repeat_n(OsString::from(".."), upwards).collect();
    relative.extend(path.components().skip(shared));
    with_slashes(&relative)
}

/// The path as text, with `/` whatever the system's own separator.
pub(crate) fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        return text.into_owned();
    }
    text.replace(std::path::MAIN_SEPARATOR, "/")
}

/// A folder as a `file://` address, escaped as cargo does in package ids.
pub(crate) fn file_url(path: &Path) -> String {
    let text = with_slashes(path);
    let slash = if text.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", escaped(&text))
}

/// A path with `/` as it stands in an address, escaped as cargo does in package ids.
pub(crate) fn escaped(path: &str) -> String {
    let mut url = String::with_capacity(path.len());
    for byte in path.bytes() {
        let plain = byte.is_ascii_graphic() && !br##""#<>?`{}%^|\"##.contains(&byte);
        if plain {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The path in an address that [`escaped`] made. What is no escape stays.
pub(crate) fn unescaped(url: &str) -> String {
    let mut bytes = Vec::with_capacity(url.len());
    let mut rest = url.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_go_away() {
        assert_eq!(normal(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normal(Path::new("/../a")), Path::new("/a"));
        assert_eq!(normal(Path::new("../a/../../b")), Path::new("../../b"));
    }

    #[test]
    fn shown_relative_to_the_base() {
        let base = Path::new("/home/me/project");
        assert_eq!(display_from(base, Path::new("/home/me/project/src/lib.rs")), "src/lib.rs");
        assert_eq!(display_from(base, Path::new("/home/me/other/lib.rs")), "../other/lib.rs");
        assert_eq!(display_from(base, Path::new("/etc/lib.rs")), "/etc/lib.rs");
    }

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(file_url(Path::new("/a b/ü")), "file:///a%20b/%C3%BC");
        for path in ["a b/ü%20", "100%", "%", "%4", "%zz", "ä%C3"] {
            assert_eq!(unescaped(&escaped(path)), path);
        }
        assert_eq!(unescaped("%4%41%zz%"), "%4A%zz%");
    }
}
