//! The committed schema is the one that the types make.

use std::path::Path;

#[test]
fn the_committed_schema_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema.json");
    let made = format!("{:#}\n", venue_core::engine::schema());
    if std::env::var_os("VENUE_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/schema.json differs: VENUE_WRITE_SCHEMA=1 cargo test -p venue-tests --test schema writes it"
    );
}
