//! What a sequence is read from and written to.

use std::ffi::c_char;
use std::ptr::null_mut;

use venue::{VENUE_OK, venue_options, venue_status, venue_text, venue_text_free};

/// The bytes that are left; after their end there are zeroes.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next one.
    pub fn one(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::from(self.one()) % from.len()]
    }

    /// So many of them, or what is left.
    pub fn some(&mut self, size: u8) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(usize::from(size).min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Four of them as a number.
    pub fn word(&mut self) -> u32 {
        let mut word = [0; 4];
        for byte in &mut word {
            *byte = self.one();
        }
        u32::from_le_bytes(word)
    }
}

/// A text as C has it. The pointer is good for as many bytes as are ever read of it.
#[derive(Clone, Copy)]
pub struct Text(pub *const c_char, pub usize);

/// A place that is filled with a pattern, large enough for any struct.
pub struct Place([u64; 600]);

impl Place {
    /// Of this size, as C says it.
    pub fn with(size: u32) -> Self {
        let mut place = Self([0xAAAA_AAAA_AAAA_AAAA; 600]);
        place.0[0] = 0xAAAA_AAAA_0000_0000 | u64::from(size);
        place
    }

    /// True if only the size was ever written.
    pub fn is_as_it_was(&self) -> bool {
        self.0[0] >> 32 == 0xAAAA_AAAA
            && self.0[1..].iter().all(|word| *word == 0xAAAA_AAAA_AAAA_AAAA)
    }
}

/// What C gets: null where there are none.
pub fn pointer(options: Option<&(venue_options, [u64; 512])>) -> *const venue_options {
    options.map_or(std::ptr::null(), |options| std::ptr::from_ref(options).cast())
}

/// Makes a call: a status that the catalogue has, and an error exactly where it failed.
pub fn told(call: impl FnOnce(*mut venue_text) -> venue_status) -> venue_status {
    let mut error = venue_text { data: null_mut(), size: 0 };
    let status = call(&raw mut error);
    assert!(matches!(status / 100, 0 | 1 | 2 | 4), "{status}");
    assert_eq!(status == VENUE_OK, error.data.is_null(), "{status}");
    is_json(&mut error);
    status
}

/// A text of the library's is JSON; it is freed.
pub fn is_json(text: &mut venue_text) {
    if !text.data.is_null() {
        // SAFETY: the library wrote so many bytes there.
        let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.size) };
        assert!(serde_json::from_slice::<serde_json::Value>(bytes).is_ok());
    }
    // SAFETY: the library wrote it, or it is empty; twice is once too many, and allowed.
    unsafe {
        venue_text_free(text);
        venue_text_free(text);
    }
}
