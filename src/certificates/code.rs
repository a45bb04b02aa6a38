//! Codes that prove records: what people show to others, and anyone can check.

use crate::error::{Error, Result};

/// Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, of 5 random bits each.
const LENGTH: usize = 16;

/// A new code: 80 random bits, more than anyone can try.
pub fn new() -> Result<String> {
    let mut bytes = [0_u8; LENGTH];
    getrandom::fill(&mut bytes).map_err(|err| Error::internal(anyhow::anyhow!("no random bytes: {err}")))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

/// A code as people see it, in groups of four: `7K3F-9QXA-2MVD-H4TB`.
#[must_use]
pub fn grouped(code: &str) -> String {
    let groups: Vec<String> = code.chars().collect::<Vec<_>>().chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Reads a code as people type it: case, spaces and hyphens do not matter, O is 0, I and L are 1. `None` when it is none.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .take(LENGTH + 1)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_is_read_however_it_is_typed(bytes: [u8; LENGTH]) {
            let code: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
            let typed = format!(" {} ", grouped(&code).to_lowercase().replace('0', "o").replace('1', "l").replace('-', " – "));
            prop_assert_eq!(read(&typed), Some(code));
        }

        #[test]
        fn any_text_as_a_code_is_refused_or_read_without_panic(text in "\\PC{0,40}") {
            let _ = read(&text);
        }
    }

    #[test]
    fn new_codes_have_sixteen_characters_and_differ() {
        let (one, other) = (new().expect("random bytes"), new().expect("random bytes"));
        assert_ne!(one, other);
        assert_eq!(read(&one), Some(one));
    }
}
