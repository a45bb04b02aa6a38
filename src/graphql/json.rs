//! JSON as clients send it, read strictly (RFC 8259, and the interoperable subset of RFC 7493): UTF-8, no lone surrogates,
//! no key twice, at most 128 levels, and no U+0000, which PostgreSQL can't store.

use std::fmt;

use async_graphql::{Name, Value};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

/// Reads one JSON value.
pub fn parse(text: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Strict>(text).map(|strict| strict.0)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = serde_json::Number::from_f64(value).ok_or_else(|| E::custom("a number is not finite"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        if value.contains('\0') { Err(E::custom("U+0000 is not accepted")) } else { Ok(Value::String(value)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if key.contains('\0') {
                return Err(A::Error::custom("U+0000 is not accepted"));
            }
            pairs.push((Name::new(key), value));
        }
        let sent = pairs.len();
        let object = Value::Object(pairs.into_iter().collect());
        match &object {
            Value::Object(kept) if kept.len() < sent => Err(A::Error::custom("a key is there twice")),
            _ => Ok(object),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        for wrong in [
            r#"{"a":1,"a":2}"#.as_bytes(),
            br#"{"a":{"b":[{"c":1,"c":1}]}}"#,
            br#""\ud800""#,
            br#""a\u0000""#,
            br#"{"\u0000":1}"#,
            b"\"\xff\"",
            b"NaN",
            b"1e999",
            b"{} {}",
            "[".repeat(10_000).as_bytes(),
        ] {
            assert!(parse(wrong).is_err(), "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn values_stay_what_they_were() {
        let text = r#"{"text":"ض\n😀","list":[1,-2,1.5,true,null,{}],"large":18446744073709551615}"#;
        let read = parse(text.as_bytes()).and_then(|value| serde_json::to_string(&value)).expect("it is JSON");
        assert_eq!(read, text);
    }
}
