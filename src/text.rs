//! What people type, parsed once where it comes in: NFC, no NUL and no controls, no bidi overrides where names are meant
//! to be read safely, limits in graphemes (what people count) and bytes (what machines store).

use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::error::{Problem, Result, UserErrorCode};

/// Bytes that a grapheme may take on average; bounds texts of endlessly combined marks.
const BYTES_PER_GRAPHEME: usize = 16;
/// Bytes of the longest address that is kept.
const LONGEST_WEB_ADDRESS: usize = 2000;

/// One line: control characters are refused, white space is trimmed and runs of it become one blank. May be empty.
pub fn optional_line(value: &str, max: usize) -> Result<String, Problem> {
    let value: String = value.nfc().collect();
    if value.chars().any(|c| (c.is_control() && !c.is_whitespace()) || is_bidi_control(c)) {
        return Err(Problem::new(UserErrorCode::Invalid).saying("problem-invisible-character"));
    }
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    within(line, max)
}

/// One line that says something.
pub fn line(value: &str, max: usize) -> Result<String, Problem> {
    let line = optional_line(value, max)?;
    if is_blank(&line) { Err(Problem::new(UserErrorCode::Blank)) } else { Ok(line) }
}

/// Several lines, such as Markdown: line ends become `\n`; other controls but tab are refused. May be empty. Bidi controls
/// stay, since mixed texts need them; rendering isolates each block.
pub fn optional_body(value: &str, max: usize) -> Result<String, Problem> {
    let value: String = value.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Problem::new(UserErrorCode::Invalid).saying("problem-invisible-character"));
    }
    within(value.trim_end().to_owned(), max)
}

/// Several lines that say something.
pub fn body(value: &str, max: usize) -> Result<String, Problem> {
    let body = optional_body(value, max)?;
    if is_blank(&body) { Err(Problem::new(UserErrorCode::Blank)) } else { Ok(body) }
}

/// An address part: lower case ASCII letters, digits and single hyphens, 1 to 80.
pub fn slug(value: &str) -> Result<String, Problem> {
    let fits = (1..=80).contains(&value.len())
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !value.starts_with('-')
        && !value.ends_with('-')
        && !value.contains("--");
    if fits { Ok(value.to_owned()) } else { Err(Problem::new(UserErrorCode::Invalid).saying("problem-slug-form")) }
}

/// An address part made from a title; titles in other scripts give an empty one, and the caller takes something else.
#[must_use]
pub fn slug_from(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfkd().filter(char::is_ascii) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' {
            slug.push('-');
        }
        if slug.len() >= 60 {
            break;
        }
    }
    slug.trim_matches('-').to_owned()
}

/// An e-mail address: what is before the `@` stays as typed, but the whole is compared in the form of [`email_key`].
pub fn email(value: &str) -> Result<String, Problem> {
    let invalid = || Problem::new(UserErrorCode::Invalid).saying("problem-email-form");
    let value: String = value.trim().nfkc().collect();
    if value.is_empty() {
        return Err(Problem::new(UserErrorCode::Blank));
    }
    let (local, domain) = value.rsplit_once('@').ok_or_else(invalid)?;
    let domain = readable(domain).ok_or_else(invalid)?;
    let domain_fits = domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !is_bidi_control(c) && !"<>()[],;:\\\"@".contains(c));
    if value.len() > 254 || !domain_fits || !local_fits || value.parse::<lettre::Address>().is_err() {
        return Err(invalid());
    }
    Ok(format!("{local}@{}", domain.to_lowercase()))
}

/// An address elsewhere on the web: https with a host, at most 2,000 bytes, without white space or controls.
pub fn web_address(value: &str) -> Result<String, Problem> {
    let refused = || Problem::new(UserErrorCode::Invalid).saying("problem-web-address").with("max", LONGEST_WEB_ADDRESS);
    let rest = value.strip_prefix("https://").filter(|_| value.len() <= LONGEST_WEB_ADDRESS).ok_or_else(refused)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_clean = !value.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'));
    // Credentials in an address only ever mislead people about where it leads.
    if host.is_empty() || host.contains('@') || !is_clean { Err(refused()) } else { Ok(value.to_owned()) }
}

/// A time zone by its name in the IANA database, such as Africa/Cairo.
pub fn time_zone(value: &str) -> Result<Tz, Problem> {
    value.parse().map_err(|_| Problem::new(UserErrorCode::Invalid).saying("problem-no-time-zone"))
}

/// The form in which addresses are compared: NFKC, lower case, the domain in letters. Two spellings of one address are one account.
#[must_use]
pub fn email_key(email: &str) -> String {
    let address = email.rsplit_once('@').and_then(|(local, domain)| Some(format!("{local}@{}", readable(domain)?)));
    folded(address.as_deref().unwrap_or(email))
}

/// A domain in letters, which can also be spelt in Punycode (UTS #46); `None` where it is none.
fn readable(domain: &str) -> Option<String> {
    let (domain, is_valid) = idna::domain_to_unicode(domain);
    is_valid.is_ok().then_some(domain)
}

/// The form in which people are searched by name: the full name and the one in Latin letters, a line each.
#[must_use]
pub fn name_key(full: &str, latin: Option<&str>) -> String {
    folded(&latin.map_or_else(|| full.to_owned(), |latin| format!("{full}\n{latin}")))
}

/// The form in which texts are compared that may differ in case, width or composition: NFKC, lower case.
#[must_use]
pub fn folded(value: &str) -> String {
    value.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

fn within(value: String, max: usize) -> Result<String, Problem> {
    let fits = value.len() <= max * BYTES_PER_GRAPHEME && value.graphemes(true).take(max + 1).count() <= max;
    if fits { Ok(value) } else { Err(Problem::new(UserErrorCode::TooLong).with("max", max)) }
}

/// Nothing that can be seen.
#[must_use]
pub fn is_blank(value: &str) -> bool {
    value.chars().all(|c| c.is_whitespace() || is_invisible(c) || c == '\u{2800}')
}

/// Characters that show nothing by themselves: `Default_Ignorable_Code_Point` of Unicode 16 (`DerivedCoreProperties.txt`).
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Characters that change the direction of what follows (UAX #9); joiners (U+200C, U+200D) are none of them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> UserErrorCode {
        result.expect_err("refused").code
    }

    #[test]
    fn joiners_stay_and_bidi_controls_are_refused_in_names() {
        assert_eq!(line("می‌خواهم", 200).expect("allowed"), "می‌خواهم");
        assert_eq!(code(line("admin\u{202e}nimda", 200)), UserErrorCode::Invalid);
        assert_eq!(code(line("a\0b", 200)), UserErrorCode::Invalid);
    }

    #[test]
    fn limits_count_what_people_see() {
        assert!(line("👩‍👩‍👧‍👦é", 2).is_ok());
        assert_eq!(code(line("abc", 2)), UserErrorCode::TooLong);
        assert_eq!(code(line(&format!("a{}", "\u{301}".repeat(100)), 2)), UserErrorCode::TooLong);
        for blank in [" \u{200b}\u{a0}", "\u{3164}", "\u{115f}", "\u{34f}", "\u{fe0f}", "\u{17b4}", "\u{e0041}", "\u{2800}"] {
            assert_eq!(code(line(blank, 5)), UserErrorCode::Blank, "{blank:?}");
        }
    }

    #[test]
    fn spellings_of_one_address_are_one_key() {
        let spellings = ["Zoë@Пример.org", "Zoe\u{308}@пример.ORG", "ＺＯË@ПРИМЕР.org", "zoë@xn--e1afmkfd.org"];
        let keys: Vec<_> = spellings.iter().map(|s| email_key(&email(s).expect("an address"))).collect();
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
        for wrong in [
            "",
            "a",
            "a@b",
            "@example.org",
            "a b@example.org",
            "a@exa mple.org",
            "a@@example.org",
            "a@xn--.org",
            "a@example.org\nBcc: b@example.org",
        ] {
            assert!(email(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn web_addresses_are_https_with_a_host_and_no_credentials() {
        assert!(web_address("https://treaties.un.org/Pages/Home.aspx?clang=_en#top").is_ok());
        for wrong in [
            "",
            "https://",
            "https:///x",
            "http://example.org",
            "javascript:alert(1)",
            "https://a b",
            "https://user@example.org",
            "https://example.org/\"><script>",
        ] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn slugs_come_from_titles() {
        assert_eq!(slug_from("Étape 1 : rejoindre un traité"), "etape-1-rejoindre-un-traite");
        assert_eq!(slug_from("加入条约"), "");
    }

    proptest! {
        #[test]
        fn a_parsed_line_is_parsed_to_itself(value in "\\PC{0,80}") {
            if let Ok(once) = optional_line(&value, 80) {
                prop_assert_eq!(optional_line(&once, 80).expect("still allowed"), once);
            }
        }

        #[test]
        fn slugs_made_from_titles_are_slugs(title in "\\PC{0,200}") {
            let made = slug_from(&title);
            prop_assert!(made.is_empty() || slug(&made).is_ok(), "{}", made);
        }
    }
}
