//! Names of people, and of offices and funders. In a world of scripts, letters look alike: a name in which a Cyrillic or Greek letter stands among Latin ones
//! can be read as that of somebody else, an administrator for example. So each word of a name is of one script, after UTS #39, but
//! for what writes Chinese, Japanese and Korean; words of different scripts may stand side by side. Nor does a name have characters
//! that nobody sees, but where its script needs them.

use unicode_script::{Script, UnicodeScript as _};

use crate::{
    error::{Problem, Result, UserErrorCode},
    text,
};

/// The longest name, in graphemes.
const LONGEST: usize = 200;
/// What divides words beside white space. Apostrophes do not: they are within words.
const DIVIDERS: &str = ".,;:/\\|()[]<>&+_\"«»“”„-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{30fb}";

/// A name that may be missing: empty then.
pub fn optional_name(value: &str) -> Result<String, Problem> {
    if value.trim().is_empty() { Ok(String::new()) } else { name(value) }
}

/// A name: one line that says something, in any script, each word in one.
pub fn name(value: &str) -> Result<String, Problem> {
    let name = text::line(value, LONGEST)?;
    let mut words = name.split(|c: char| c.is_whitespace() || DIVIDERS.contains(c));
    let refused = |message| Err(Problem::new(UserErrorCode::Invalid).saying(message));
    if !words.clone().all(is_of_one_script) {
        refused("problem-name-mixes-scripts")
    } else if words.any(hides_something) {
        refused("problem-name-hides")
    } else {
        Ok(name)
    }
}

/// Whether a word has characters that nobody sees and that its script does not need. Joiners and variation selectors change how the
/// letter before them is written, in other scripts than these three, and in emoji.
fn hides_something(word: &str) -> bool {
    let needs_none = |c: char| matches!(c.script(), Script::Latin | Script::Greek | Script::Cyrillic);
    let changes_a_letter = |c: char| matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let is_needed = |(at, c): (usize, char)| at > 0 && changes_a_letter(c) && !word.chars().any(needs_none);
    word.char_indices().any(|(at, c)| text::is_invisible(c) && !is_needed((at, c)))
}

/// Marks, joiners, apostrophes and digits belong to every script. What writes Chinese, Japanese and Korean is used together, also
/// with Latin letters, and looks like none of them.
fn is_of_one_script(word: &str) -> bool {
    let mut scripts = word.chars().filter_map(|c| match c.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        Script::Hiragana | Script::Katakana | Script::Bopomofo | Script::Hangul => Some(Script::Han),
        script => Some(script),
    });
    let Some(first) = scripts.next() else { return true };
    let (mut with_han, mut other) = (first == Script::Han, Some(first).filter(|script| *script != Script::Han));
    scripts.all(|script| {
        if script == Script::Han {
            with_han = true;
        } else if *other.get_or_insert(script) != script {
            return false;
        }
        !with_han || other.is_none_or(|other| other == Script::Latin)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_all_scripts_stay() {
        for real in [
            "Zoë Brontë-Nováková",
            "Nguyễn Thị Minh Khai",
            "Łukasz Żółć, Şebnem İnce",
            "Keliʻi Kahananui",
            "Conan O’Brien",
            "D'Artagnan d’Étaples",
            "María-José Carreño Quiñones",
            "J. R. R. Tolkien Jr.",
            "Ọláńrewájú Akíǹtọ́lá",
            "Иван Иванов-Петров",
            "Олександр Мар'яненко",
            "Ђорђе Ћирић",
            "Ґанна Їжакевич",
            "Өмірзақ Қайратұлы",
            "Α\u{301}ννα Παπαδοπούλου",
            "Ἀριστοτέλης",
            "محمد عبد الله",
            "می\u{200c}خواهم رضا",
            "فاطمة الزهراء",
            "क\u{94d}\u{200d}ष प\u{94d}रिया शर\u{94d}मा",
            "ශ\u{dca}\u{200d}රී ලංකා",
            "தமிழ்ச்செல்வி",
            "ประยุทธ์ จันทร์โอชา",
            "ဒေါ်အောင်ဆန်းစုကြည်",
            "דוד בן־גוריון",
            "ג׳ורג׳",
            "Արմեն Հակոբյան",
            "გიორგი მარგველაშვილი",
            "አበበ ቢቂላ",
            "ᐊᓇᓇ",
            "王示例",
            "佐々木 さくら",
            "佐々木サクラ",
            "マイケル・ジョーダン",
            "ジョン・Ｆ・ケネディ",
            "김민준",
            "金민준",
            "ㄅㄆㄇ小明",
            "王Amy",
            "آمنة Example",
            "Иванов (Ivanov)",
            "Ivanov/Иванов",
            "Ольга-Marie",
            "ⵎⵓⵃⵎⵎⴰⴷ",
            "4711",
            "👩‍👩‍👧‍👦",
            "葛\u{e0100}城市",
            "ന\u{d4d}\u{200d}",
        ] {
            let code = |name: Result<String, Problem>| name.map_err(|problem| problem.code);
            assert_eq!(code(name(real)), code(text::line(real, LONGEST)), "{real}");
        }
    }

    #[test]
    fn a_word_that_only_looks_like_one_script_is_no_name() {
        for alike in [
            "\u{410}dministrator", // Cyrillic A
            "Moder\u{430}tor",
            "Site Admin\u{456}strator",
            "L\u{443}ceum", // Cyrillic u, like y
            "Lyceu\u{43c}",
            "\u{391}nna Example", // Greek Alpha
            "Ann\u{3b1}",
            "\u{41e}'Brien",       // an apostrophe divides nothing
            "\u{410}\u{301}dmin",  // nor does a mark
            "\u{410}\u{200d}dmin", // nor a joiner
            "\u{410}\u{200b}dmin", // nor what can't be seen
            "\u{410}\u{ad}dmin",
            "Иv\u{430}н",
            "\u{13aa}dmin", // Cherokee
            "Adm\u{585}n",  // Armenian
            "\u{2c9e}live", // Coptic
            "Παп\u{3b1}ς",  // Cyrillic among Greek
            "王\u{410}",    // Cyrillic among Chinese
            "Amy王\u{410}",
            "\u{410}王Amy",
            // What nobody sees makes two names look like one.
            "Mary\u{3164}Sample",
            "Mary\u{34f}Sample",
            "Ma\u{200d}ry",
            "Иван\u{200c}",
            "\u{200d}محمد",
            "محمد \u{200c}عبد",
            "김\u{1160}민준",
            "王\u{e0041}示例",
        ] {
            let problem = name(alike).expect_err(alike);
            assert_eq!((problem.code, problem.field.len()), (UserErrorCode::Invalid, 0), "{alike}");
        }
    }

    proptest! {
        #[test]
        fn one_foreign_letter_anywhere_in_a_word_is_found(start in "[a-zé]{0,12}", letter in "[а-яёα-ω]", end in "[a-zé]{0,12}") {
            let word = format!("{start}{letter}{end}");
            prop_assert_eq!(name(&word).is_ok(), word.chars().count() == 1, "{}", word);
        }

        #[test]
        fn the_order_of_words_does_not_matter(mut words in prop::collection::vec("[a-z]{1,5}|[а-я]{1,5}|[ぁ-ん]{1,5}|[a-z][а-я]", 1..5)) {
            let given = name(&words.join(" ")).is_ok();
            words.reverse();
            prop_assert_eq!(name(&words.join(" ")).is_ok(), given);
        }
    }
}
