//! What the text of a document may be, before it is parsed.

use super::{too_complex, too_deep};
use crate::graphql::answer::Refusal;

/// Tokens of a document.
const TOKENS: usize = 4_000;
/// Brackets that are open at once.
const NESTING: usize = 64;

/// Refuses a text that is too long or too deep to be parsed, and strings with U+0000, which PostgreSQL can't store.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    let bytes = text.as_bytes();
    let (mut at, mut tokens, mut open) = (0, 0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let length = match byte {
            b'#' => bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at),
            b'"' => string_length(&bytes[at..]),
            byte if is_word(byte) => bytes[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at),
            _ => 1,
        };
        match byte {
            b'{' | b'[' | b'(' => open += 1,
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'"' if names_nul(&bytes[at..at + length]) => {
                return Err(Refusal::new("BAD_USER_INPUT", "U+0000 is not accepted."));
            }
            _ => {}
        }
        tokens += usize::from(!matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'#'));
        if open > NESTING {
            return Err(too_deep());
        }
        if tokens > TOKENS {
            return Err(too_complex("The document is too long."));
        }
        at += length;
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of the string or block string that `bytes` begins with.
fn string_length(bytes: &[u8]) -> usize {
    let (quote, escape): (&[u8], &[u8]) = if bytes.starts_with(br#"""""#) { (br#"""""#, br#"\""""#) } else { (b"\"", b"\\") };
    let mut at = quote.len();
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(escape) {
            at += escape.len().max(2);
        } else if rest.starts_with(quote) {
            return at + quote.len();
        } else if quote.len() == 1 && matches!(rest[0], b'\n' | b'\r') {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Whether a string or block string holds U+0000, as it is or escaped (block strings know no such escape).
fn names_nul(string: &[u8]) -> bool {
    let is_block = string.starts_with(br#"""""#);
    let mut rest = string;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            0 => return true,
            b'\\' if !is_block && after.starts_with(b"u0000") => return true,
            // What follows is escaped, a backslash too.
            b'\\' if !is_block => rest = after.get(1..).unwrap_or_default(),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_with_a_nul_are_refused_however_it_is_written() {
        let code = |text: &str| check_text(text).err().map(|refusal| refusal.code);
        for wrong in [r#"{a(b:"\u0000")}"#, r#"{a(b:"\\\u0000")}"#, "{a(b:\"\0\")}", "{a(b:\"\"\"\0\"\"\")}"] {
            assert_eq!(code(wrong), Some("BAD_USER_INPUT"), "{wrong}");
        }
        for right in [r#"{a(b:"\\u0000")}"#, r#"{a(b:"""\u0000""")}"#, r#"{a(b:"\u0001")}"#] {
            assert_eq!(code(right), None, "{right}");
        }
    }
}
