//! The state table of bookings, as it is written: state, act, outcome.

/// Every row and column. `due` is a hold whose time ran out and that nobody has written down as expired.
pub const ROWS: [(&str, [(&str, &str); 5]); 6] = [
    (
        "held",
        [
            ("confirm", "confirmed"),
            ("extend", "held"),
            ("release", "released"),
            ("expire", "not_due"),
            ("cancel", "not_confirmed"),
        ],
    ),
    ("due", EXPIRED),
    ("expired", EXPIRED),
    (
        "confirmed",
        [
            ("confirm", "already_confirmed"),
            ("extend", "already_confirmed"),
            ("release", "already_confirmed"),
            ("expire", "already_confirmed"),
            ("cancel", "cancelled"),
        ],
    ),
    ("released", all("released")),
    ("cancelled", all("cancelled")),
];

const EXPIRED: [(&str, &str); 5] = [
    ("confirm", "hold_expired"),
    ("extend", "hold_expired"),
    ("release", "hold_expired"),
    ("expire", "expired"),
    ("cancel", "hold_expired"),
];

const fn all(outcome: &'static str) -> [(&'static str, &'static str); 5] {
    [
        ("confirm", outcome),
        ("extend", outcome),
        ("release", outcome),
        ("expire", outcome),
        ("cancel", outcome),
    ]
}
