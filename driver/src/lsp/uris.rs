//! `file:` addresses and paths.

use gen_lsp_types::Uri;
use std::path::{Path, PathBuf};

/// The path of a `file:` address, without `.` and `..`; `None` of any other, and of what is no UTF-8.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let text = decoded(path)?;
    let text = match text.as_bytes() {
        // `/c:/folder` on Windows.
        [b'/', drive, b':', ..] if cfg!(windows) && drive.is_ascii_alphabetic() => text.get(1..)?,
        [b'/', ..] => &text,
        _ => return None,
    };
    Some(crate::paths::normal(Path::new(text)))
}

/// The address of a path.
pub(super) fn uri_of(path: &Path) -> Uri {
    let text = crate::paths::with_slashes(path);
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut uri = format!("file://{slash}");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@!$&'()*+,;=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    Uri(uri)
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let digits = after.get(..2).filter(|_| *first == b'%');
        let code = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..)?;
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for path in ["/a b/ü/100%/[x]/lib.rs", "/plain/src/lib.rs", "/a#b?c"] {
            assert_eq!(path_of(&uri_of(Path::new(path))), Some(PathBuf::from(path)));
        }
        assert_eq!(uri_of(Path::new("/a b/ü")).0, "file:///a%20b/%C3%BC");
    }

    #[test]
    fn other_spellings() {
        let path = |uri: &str| path_of(&Uri::from(uri));
        assert_eq!(path("file://localhost/a/./b/../c.rs"), Some(PathBuf::from("/a/c.rs")));
        assert_eq!(path("file:///a%2fb%zz"), Some(PathBuf::from("/a/b%zz")));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://server/share"), None);
        assert_eq!(path("file:///%ff"), None);
    }
}
