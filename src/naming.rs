//! Names of people, and of offices and funders. In a world of scripts, letters look alike: a name in which a Cyrillic or Greek
//! letter stands among Latin ones can be read as that of somebody else, an administrator for example. So each word of a name is of
//! one script, after UTS #39, but for what writes Chinese, Japanese and Korean; words of different scripts may stand side by side.
//! Nor does a name have characters that nobody sees, but where its script needs them.

use unicode_normalization::char::canonical_combining_class;
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
    // What the space key of Khmer keyboards gives divides words, though nobody sees it.
    let name = text::line(&value.replace('\u{200b}', " "), LONGEST)?;
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

/// Whether a word has characters that nobody sees and that its script does not need.
fn hides_something(word: &str) -> bool {
    word.char_indices().any(|(at, c)| {
        let (before, rest) = word.split_at(at);
        text::is_invisible(c) && !needs(before, c, rest.chars().nth(1))
    })
}

/// Whether `c`, which nobody sees, changes how what stands `before` it in a word is written. Each of these does so once: a second
/// would only make a name that looks like another.
fn needs(before: &str, c: char, after: Option<char>) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    let is_letter_of = |scripts: &[Script]| last.is_alphabetic() && scripts.contains(&last.script());
    match c {
        // They join what they stand between; after a virama, as in older Malayalam, they choose its form at the end too.
        '\u{200c}' | '\u{200d}' => {
            let is_base = |c: &char| c.script() != Script::Inherited || matches!(c, '\u{200c}' | '\u{200d}');
            let joined = before.chars().rfind(is_base);
            joined.is_some_and(joins) && (is_virama(last) || after.is_some_and(joins))
        }
        // It parts the last vowel from its word.
        '\u{180e}' => last != c && last.script() == Script::Mongolian && after.is_some_and(joins),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => is_letter_of(&[Script::Mongolian]),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => is_symbol(last) || is_letter_of(&[Script::Han, Script::Myanmar]),
        _ => false,
    }
}

/// Whether joiners can change how a character is written: an emoji, or one of a script that is none of those whose letters never
/// change.
fn joins(c: char) -> bool {
    let never_changes = matches!(
        c.script(),
        Script::Common
            | Script::Inherited
            | Script::Unknown
            | Script::Armenian
            | Script::Bopomofo
            | Script::Cherokee
            | Script::Coptic
            | Script::Cyrillic
            | Script::Ethiopic
            | Script::Georgian
            | Script::Greek
            | Script::Han
            | Script::Hangul
            | Script::Hebrew
            | Script::Hiragana
            | Script::Katakana
            | Script::Latin
    );
    is_symbol(c) || !never_changes
}

/// Symbols of all scripts, among them emoji.
fn is_symbol(c: char) -> bool {
    c.script() == Script::Common && matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Signs that take the vowel from a letter: combining class 9 of Unicode.
fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == 9
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
            "র\u{200d}\u{9cd}য\u{9be}ব",
            "ᠪᠠᠲᠤ",
            "ᠭᠣᠸ\u{180e}ᠠ",
            "ᠬ\u{180b}ᠠᠨ ᠴᠢᠩᠭᠢᠰ",
            "នរោត្តម សីហនុ",
            "ហ៊ុន សែន",
            "🏳\u{fe0f}\u{200d}🌈",
            "Amy ❤\u{fe0f}",
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
            "\u{410}\u{ad}dmin",   // nor what can't be seen
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
            "王\u{200d}示例",
            "김\u{fe0f}민준",
            "דוד\u{200c}",
            "ד\u{200d}וד",
            "გიორგი\u{200d}",
            "Արմ\u{200c}են",
            "さ\u{200d}くら",
            "サ\u{200c}クラ",
            "محمد\u{200c}",
            "می\u{200c}\u{200c}خواهم", // one does it
            "ന\u{d4d}\u{200d}\u{200d}",
            "ᠭᠣᠸ\u{180e}\u{180e}ᠠ",
            "ᠭᠣᠸ\u{180e}",
            "محمد\u{fe0f}",
            "प\u{180b}रिया",
            "4711\u{200d}",
            "47\u{200c}11",
            "4711\u{fe0f}",
            "O’\u{200d}Brien",
        ] {
            let problem = name(alike).expect_err(alike);
            assert_eq!((problem.code, problem.field.len()), (UserErrorCode::Invalid, 0), "{alike}");
        }
    }

    #[test]
    fn the_space_of_khmer_keyboards_divides_words() {
        assert_eq!(name("សុខ\u{200b}សុភា\u{200b}").expect("a name"), "សុខ សុភា");
        assert_eq!(name("\u{200b}").expect_err("blank").code, UserErrorCode::Blank);
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
