//! The rules of holds: how long they live, how far they can be extended, and the token that proves them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::caller::Role;
use super::ids::BookingId;
use super::instant::{Instant, Span};

/// The shortest hold: 30 seconds.
pub const SHORTEST: Span = Span::from_secs(30);
/// The longest hold that anybody can ask for: 60 minutes.
pub const LONGEST: Span = Span::from_mins(60);
/// An event's hold where it says nothing: 5 minutes.
pub const DEFAULT: Span = Span::from_mins(5);
/// The longest that extensions can reach: 2 hours after the hold was made.
pub const LONGEST_IN_ALL: Span = Span::from_hours(2);

/// How long a hold lives. Customers may ask for less than the event gives, staff for up to 60 minutes.
/// `asked` lies within [`SHORTEST`] and [`LONGEST`].
pub fn ttl(event_hold: Span, asked: Option<Span>, role: Role) -> Span {
    match asked {
        None => event_hold,
        Some(asked) if role.is_staff() => asked,
        Some(asked) => asked.min(event_hold),
    }
}

/// Until when an extended hold lives: now and its own length, at most the event's bound, never earlier than
/// before. None if nothing is gained.
pub fn extended(
    created_at: Instant,
    expires_at: Instant,
    ttl: Span,
    max_hold: Span,
    now: Instant,
) -> Option<Instant> {
    let until = now.plus(ttl).min(created_at.plus(max_hold));
    (until > expires_at).then_some(until)
}

/// The secret of a file, from which its hold tokens are made. Never in the database or a backup.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// The secret with these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// What proves that one made a hold: 256 bits, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HoldToken([u8; 32]);

impl std::fmt::Debug for HoldToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HoldToken(..)")
    }
}

impl HoldToken {
    /// The token of a hold: HMAC-SHA-256 of the file's secret over "hold" and the booking's id, so that a
    /// replayed answer can give it again.
    pub fn of(secret: &Secret, booking: BookingId) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        mac.update(b"hold");
        mac.update(&booking.bytes());
        Self(mac.finalize().into_bytes().into())
    }

    /// The token in hexadecimal digits.
    pub fn text(&self) -> String {
        use std::fmt::Write;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    /// What the file keeps of it: its SHA-256.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// True if `text` is the token whose hash the file keeps. Takes as long for a near miss as for any other.
pub fn token_fits(text: &str, hash: &[u8; 32]) -> bool {
    let text = text.as_bytes();
    let mut token = [0; 32];
    if text.len() != 64 {
        return false;
    }
    for (place, pair) in token.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |letter: u8| (letter as char).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match (digit(pair[0]), digit(pair[1])) {
            (Some(high), Some(low)) => *place = high << 4 | low,
            _ => return false,
        }
    }
    HoldToken(token).hash().ct_eq(hash).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::clamped(seconds * 1_000_000)
    }

    #[test]
    fn only_staff_lengthen_a_hold() {
        let hold = Span::from_mins(5);
        for (asked, role, ttl_secs) in [
            (None, Role::Public, 300),
            (None, Role::Terminal, 300),
            (Some(60), Role::Public, 60),
            (Some(600), Role::Customer, 300),
            (Some(600), Role::Terminal, 600),
            (Some(3600), Role::Admin, 3600),
        ] {
            assert_eq!(ttl(hold, asked.map(Span::from_secs), role), Span::from_secs(ttl_secs));
        }
    }

    #[test]
    fn an_extension_gains_or_is_refused() {
        let (ttl, most) = (Span::from_secs(300), Span::from_secs(900));
        for (expires, now, until) in [
            (300, 100, Some(400)),
            (300, 0, None),
            (700, 650, Some(900)),
            (900, 899, None),
            (1000, 999, None),
        ] {
            assert_eq!(extended(at(0), at(expires), ttl, most, at(now)), until.map(at));
        }
    }

    #[test]
    fn a_token_fits_its_own_hold_only() {
        let secret = Secret::new([9; 32]);
        let (one, two) = (BookingId::from_bytes([1; 16]), BookingId::from_bytes([2; 16]));
        let token = HoldToken::of(&secret, one);
        assert_eq!(token, HoldToken::of(&secret, one));
        assert!(token_fits(&token.text(), &token.hash()));
        assert!(token_fits(&token.text().to_uppercase(), &token.hash()));
        for wrong in
            [&HoldToken::of(&secret, two).text(), "", "x", &"ä".repeat(32), &"g".repeat(64)]
        {
            assert!(!token_fits(wrong, &token.hash()));
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let secret = Secret::new([9; 32]);
        let token = HoldToken::of(&secret, BookingId::from_bytes([1; 16]));
        assert_eq!(format!("{secret:?} {token:?}"), "Secret(..) HoldToken(..)");
    }
}
