//! Scalars of ours. Those of languages, instants and ids stand with what they are.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

macro_rules! text_scalar {
    ($(#[$doc:meta])* $name:ident as $graphql:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        $(#[$doc])*
        #[Scalar(name = $graphql)]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }
            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_scalar!(
    /// Day as YYYY-MM-DD.
    Date as "Date"
);
text_scalar!(
    /// Absolute http or https address.
    Url as "URL"
);
text_scalar!(
    /// CommonMark source with tables; every Markdown field has an `…Html` field with its sanitised rendering.
    Markdown as "Markdown"
);
text_scalar!(
    /// Sanitised HTML fragment, safe to insert into a page.
    Html as "HTML"
);

/// Any JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json(pub Value);

/// Any JSON value.
#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// Count of bytes as a decimal string, because Int has only 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ByteCount(pub i64);

/// Count of bytes as a decimal string, because Int has only 32 bits.
#[Scalar(name = "ByteCount")]
impl ScalarType for ByteCount {
    fn parse(value: Value) -> InputValueResult<Self> {
        let wrong = || InputValueError::custom("a count of bytes is a string of decimal digits");
        match &value {
            Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().map(Self).map_err(|_| wrong()),
            Value::String(_) => Err(wrong()),
            _ => Err(InputValueError::expected_type(value)),
        }
    }
    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
