//! Structs that go out. Each begins with its size, so that it can grow: a program gets as much of it as its header
//! knows.

use std::mem::size_of;

use crate::status::Failure;

/// A struct of plain members, of which the first is its size.
///
/// # Safety
/// The type is `repr(C)`, its first member is a `u32`, it has no bytes between its members, and any bytes are a value
/// of it.
pub(crate) unsafe trait Grows: Sized {
    /// How large it was in the first header.
    const FIRST: usize;
    /// What C calls the argument.
    const NAME: &'static str;
}

/// A struct of C's that is to be written, once all is well.
#[derive(Debug)]
pub(crate) struct Out<T> {
    place: *mut T,
    size: usize,
}

impl<T: Grows> Out<T> {
    /// Looks at where the struct is to go, before anything is done.
    ///
    /// # Safety
    /// `place` is null, or points to a size and to so many bytes that may be written until the call ends.
    pub(crate) unsafe fn at(place: *mut T) -> Result<Self, Failure> {
        if place.is_null() {
            return Err(Failure::Null(T::NAME));
        }
        // SAFETY: the caller vouches for the size, which stands first.
        let size = unsafe { place.cast::<u32>().read_unaligned() } as usize;
        if !(T::FIRST..=4_096).contains(&size) {
            return Err(Failure::BadSize(T::NAME));
        }
        Ok(Self { place, size })
    }

    /// Writes what fits, behind the size. What a newer header knows and this version does not becomes zero.
    pub(crate) fn write(self, value: &T) {
        let known = self.size.min(size_of::<T>()) - size_of::<u32>();
        let rest = self.size - size_of::<u32>() - known;
        // SAFETY: `at` was promised that many bytes; `Grows` promises that the value has no holes.
        unsafe {
            let behind_size = self.place.cast::<u8>().add(size_of::<u32>());
            let bytes = std::ptr::from_ref(value).cast::<u8>().add(size_of::<u32>());
            behind_size.copy_from_nonoverlapping(bytes, known);
            behind_size.add(known).write_bytes(0, rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[repr(C)]
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Grown {
        size: u32,
        first: u32,
        added: u32,
    }

    // SAFETY: three numbers side by side.
    unsafe impl Grows for Grown {
        const FIRST: usize = 8;
        const NAME: &'static str = "grown";
    }

    /// What a program has in 20 bytes after it asked for a struct of so many.
    fn written(size: u32) -> Result<[u32; 5], Failure> {
        let mut place = [size, 7, 7, 7, 7];
        // SAFETY: the place has 20 bytes, and no test asks for more.
        let out = unsafe { Out::<Grown>::at((&raw mut place).cast()) }?;
        out.write(&Grown { size: 0, first: 1, added: 2 });
        Ok(place)
    }

    #[test]
    fn a_program_gets_as_much_as_its_header_knows() {
        assert_eq!(written(8).ok(), Some([8, 1, 7, 7, 7]));
        assert_eq!(written(12).ok(), Some([12, 1, 2, 7, 7]));
        assert_eq!(written(20).ok(), Some([20, 1, 2, 0, 0]));
        for wrong in [0, 4, 7, 4_097, u32::MAX] {
            assert!(matches!(written(wrong), Err(Failure::BadSize("grown"))), "{wrong}");
        }
        // SAFETY: null is never followed.
        let null = unsafe { Out::<Grown>::at(std::ptr::null_mut()) };
        assert!(matches!(null, Err(Failure::Null("grown"))));
    }
}
