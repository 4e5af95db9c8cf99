//! Texts across the edge: borrowed on the way in, owned by the caller on the way out.

use std::ffi::c_char;
use std::fmt::Display;
use std::str::FromStr;

use venue_core::domain::error::Invalid;
use venue_core::engine::MAX_REQUEST_BYTES;

use crate::status::Failure;

/// A text from VENUE: `size` bytes of UTF-8 at `data`, and a zero byte behind them that is not counted. It
/// belongs to whoever got it, until `venue_text_free`; neither member may be changed before that.
#[repr(C)]
#[derive(Debug)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_text {
    /// The bytes, or null.
    pub data: *mut c_char,
    /// How many they are.
    pub size: usize,
}

impl venue_text {
    /// No text.
    #[cfg(test)]
    pub(crate) const fn empty() -> Self {
        Self { data: std::ptr::null_mut(), size: 0 }
    }

    /// A text that C owns from now on.
    pub(crate) fn owned(text: String) -> Self {
        let size = text.len();
        let mut bytes = text.into_bytes();
        bytes.push(0);
        let data = Box::into_raw(bytes.into_boxed_slice()).cast::<c_char>();
        Self { data, size }
    }
}

/// Frees a text and makes it empty. Null and empty texts are fine, so freeing twice is too.
///
/// Threads: any; one text from one thread at a time. Ownership: `text` itself stays the caller's, its bytes are
/// gone. Lifetime: pointers into the text end here.
///
/// # Safety
/// `text` is null, or points to a text that this library wrote or that is all zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_text_free(text: *mut venue_text) {
    // SAFETY: the caller vouches for the pointer; null gives none.
    let Some(text) = (unsafe { text.as_mut() }) else { return };
    if !text.data.is_null() {
        let bytes = std::ptr::slice_from_raw_parts_mut(text.data.cast::<u8>(), text.size + 1);
        // SAFETY: `venue_text::owned` made these bytes from a box of this size, and they are freed once: below,
        // the pointer is taken away.
        drop(unsafe { Box::from_raw(bytes) });
    }
    (text.data, text.size) = (std::ptr::null_mut(), 0);
}

/// Reads a text that C lends for the call. What is over 1 MiB is refused by its size, unread.
///
/// # Safety
/// `data` is null, or points to `size` bytes that nobody changes during the call.
pub(crate) unsafe fn borrowed<'a>(
    name: &'static str,
    data: *const c_char,
    size: usize,
) -> Result<&'a str, Failure> {
    if size > MAX_REQUEST_BYTES {
        let (bytes, limit) = (size as u64, MAX_REQUEST_BYTES as u64);
        return Err(Invalid::TooLarge { bytes, limit }.into());
    }
    if data.is_null() {
        return if size == 0 { Ok("") } else { Err(Failure::Null(name)) };
    }
    // SAFETY: the caller vouches for the pointer and the size, which is below isize::MAX.
    let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), size) };
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        Ok(_) | Err(_) => Err(Failure::BadText(name)),
    }
}

/// Reads what a text says, or refuses it by the argument's name.
pub(crate) fn parsed<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|problem: T::Err| Invalid::argument(name, problem.to_string()).into())
}

/// The same for an argument that may be left out: an empty text says nothing.
pub(crate) fn parsed_if_said<T: FromStr<Err: Display>>(
    name: &str,
    text: &str,
) -> Result<Option<T>, Failure> {
    if text.is_empty() { Ok(None) } else { parsed(name, text).map(Some) }
}

/// A text in a struct: cut off at its end if it does not fit, and always with a zero byte behind it.
pub(crate) fn fixed<const N: usize>(text: &str) -> [c_char; N] {
    let mut bytes = [0; N];
    for (byte, letter) in bytes.iter_mut().take(N - 1).zip(text.bytes()) {
        *byte = c_char::from_ne_bytes([letter]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_out_and_is_freed_twice() {
        let mut text = venue_text::owned("Größe".to_owned());
        assert_eq!(text.size, 7);
        // SAFETY: the text was just made; its bytes end with a zero byte.
        let read = unsafe { std::ffi::CStr::from_ptr(text.data) };
        assert_eq!(read.to_str(), Ok("Größe"));
        // SAFETY: it came from `owned`; after the first call it is all zero.
        unsafe {
            venue_text_free(&raw mut text);
            venue_text_free(&raw mut text);
            venue_text_free(std::ptr::null_mut());
        }
        assert!(text.data.is_null() && text.size == 0);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let read = |bytes: &[u8]| {
            // SAFETY: the slice lives longer than the call.
            unsafe { borrowed("name", bytes.as_ptr().cast(), bytes.len()) }.map(str::to_owned)
        };
        assert_eq!(read("hold".as_bytes()).ok().as_deref(), Some("hold"));
        assert!(matches!(read(b"a\xff"), Err(Failure::BadText("name"))));
        assert!(matches!(read(b"a\0b"), Err(Failure::BadText("name"))));
        // SAFETY: a null pointer and a size over the bound are never followed.
        let unread = unsafe { borrowed("name", std::ptr::null(), MAX_REQUEST_BYTES + 1) };
        assert!(matches!(unread, Err(Failure::Engine(error)) if error.code() == "too_large"));
        // SAFETY: a null pointer is never followed.
        assert!(matches!(unsafe { borrowed("x", std::ptr::null(), 1) }, Err(Failure::Null("x"))));
    }
}
