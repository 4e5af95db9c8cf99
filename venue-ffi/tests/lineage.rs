//! A process whose number was that of the process it descends from: it is another one all the same. The handlers of a fork
//! are called without one, so this test is alone in its process.

use venue::{VENUE_OK, venue_close, venue_create, venue_open};
use venue_core::engine::forks;

#[test]
fn a_number_that_is_used_again_makes_no_handle_valid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lineage.venue");
    let path = path.to_str().unwrap();
    let (data, size) = (path.as_ptr().cast(), path.len());
    let nobody = std::ptr::null_mut();
    let (mut before, mut own) = (0, 0);
    // SAFETY: the path lives as long as the calls, the handles can be written, and null is never written to.
    unsafe {
        assert_eq!(venue_create(data, size, 0, std::ptr::null(), 0, nobody), VENUE_OK);
        assert_eq!(venue_open(data, size, &raw mut before, nobody), VENUE_OK);
        forks::before_fork();
        forks::in_the_child();
        assert_eq!(venue_close(before, nobody), 212);
        assert_eq!(venue_open(data, size, &raw mut own, nobody), VENUE_OK);
        assert_ne!(own, before);
        assert_eq!(venue_close(own, nobody), VENUE_OK);
    }
}
