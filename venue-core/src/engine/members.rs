//! The members of a JSON request, read one by one, so that the wrong one is named.

use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::error::{Error, Invalid};

use super::MAX_REQUEST_BYTES;

/// The members of an object in order, none of them twice.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if members.iter().any(|(other, _)| *other == name) || members.len() >= 64 {
                        return Err(A::Error::custom(format!("{name} stands twice")));
                    }
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl Members {
    /// Takes a member out and reads it; null is as if it was not there.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Invalid> {
        let Some(place) = self.0.iter().position(|(other, _)| other == name) else {
            return Ok(None);
        };
        let (_, raw) = self.0.remove(place);
        serde_json::from_str(raw.get()).map_err(|error| Invalid::argument(name, plain(&error)))
    }

    /// True if there is such a member.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    /// Reads what is left as a request with these members.
    pub(super) fn rest<T: DeserializeOwned>(self, known: Option<&[&str]>) -> Result<T, Invalid> {
        if let Some(known) = known
            && let Some((name, _)) = self.0.iter().find(|(name, _)| !known.contains(&&**name))
        {
            return Err(Invalid::argument(name, "no member is called so"));
        }
        match serde_json::from_str(&self.text(None)) {
            Ok(request) => Ok(request),
            Err(error) => Err(self.blame::<T>(&plain(&error))),
        }
    }

    /// The object again, without one of its members.
    fn text(&self, without: Option<usize>) -> String {
        let kept = self.0.iter().enumerate().filter(|(place, _)| Some(*place) != without);
        let members: Vec<String> = kept
            .map(|(_, (name, raw))| format!("{}:{}", Value::from(&**name), raw.get()))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    /// The member that a request cannot be read for: the one without which the complaint is another.
    fn blame<T: DeserializeOwned>(&self, complaint: &str) -> Invalid {
        let missing =
            complaint.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        if let Some(name) = missing {
            return Invalid::argument(name, "is missing");
        }
        let without = |place| serde_json::from_str::<T>(&self.text(Some(place))).err();
        let complaints: Vec<_> =
            (0..self.0.len()).map(|place| without(place).map(|error| plain(&error))).collect();
        // Without the wrong member all is well, or the next wrong one shows; a wrong one that must be there
        // is missed.
        let missed = |text: &str| text.starts_with("missing field");
        let place = complaints
            .iter()
            .position(Option::is_none)
            .or_else(|| {
                complaints.iter().position(|other| {
                    other.as_deref().is_some_and(|other| other != complaint && !missed(other))
                })
            })
            .or_else(|| complaints.iter().position(|other| other.as_deref() != Some(complaint)));
        if let Some((name, _)) = place.and_then(|place| self.0.get(place)) {
            return Invalid::argument(name, complaint);
        }
        Invalid::argument("request", complaint)
    }
}

/// What a JSON error says, without the place in a text that nobody sent.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Reads the members of a request, within its bounds.
pub(super) fn read_members(request: &[u8]) -> Result<Members, Error> {
    if request.len() > MAX_REQUEST_BYTES {
        let (bytes, limit) = (request.len() as u64, MAX_REQUEST_BYTES as u64);
        return Err(Invalid::TooLarge { bytes, limit }.into());
    }
    let text = std::str::from_utf8(request)
        .map_err(|_| Invalid::argument("request", "UTF-8 is needed"))?;
    if text.trim().is_empty() {
        return Ok(Members::default());
    }
    serde_json::from_str(text)
        .map_err(|error| Invalid::argument("request", error.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_members_and_other_shapes_are_refused() {
        for wrong in ["[]", "1", "{\"a\":1,\"a\":2}", "{", "{} {}", "{\"a\":}"] {
            assert!(read_members(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(read_members(b"\xff").is_err());
        assert!(read_members(&vec![b' '; MAX_REQUEST_BYTES + 1]).is_err());
        assert!(read_members(b" ").unwrap().0.is_empty());
    }
}
