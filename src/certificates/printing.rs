//! Making PDFs.

use super::{
    certificate::{Certificate, Funder},
    fonts::{Fonts, can_show},
    page,
    wording::Wording,
};
use crate::error::{Error, Problem, Result, UserErrorCode};

/// Sets a certificate as PDF, off the threads that answer requests: it takes some hundredths of a second. Problems where no
/// font has all letters of the name or the title. `turn` is kept until the work is done, which goes on when nobody waits for it.
pub async fn print(certificate: Certificate, turn: impl Send + 'static) -> Result<Vec<u8>> {
    let printed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let name = shown_name(&certificate)?;
        let wording = Wording::of(&certificate);
        let credits: Vec<_> = certificate.funders.iter().map(Funder::credit).collect();
        let mut texts = vec![name, &certificate.title, &certificate.issuer];
        texts.extend(wording.facts.iter().chain(&credits).map(String::as_str));
        page::set(&certificate, name, &wording, &Fonts::of(&certificate.language, &texts))
    });
    printed.await.map_err(Error::internal)?
}

/// What is in the way of a PDF.
pub async fn obstacle(certificate: Certificate) -> Result<Option<Problem>> {
    tokio::task::spawn_blocking(move || shown_name(&certificate).err()).await.map_err(Error::internal)
}

/// The name that fonts can show: the full one, else the one in Latin letters.
fn shown_name(certificate: &Certificate) -> Result<&str, Problem> {
    let without = |message| Problem::new(UserErrorCode::Unsupported).saying(message);
    if !can_show(&certificate.title) {
        return Err(without("certificate-title-without-font"));
    }
    let holder = &certificate.holder;
    let mut names = std::iter::once(holder.full_name.as_str()).chain(holder.latin_name.as_deref());
    names.find(|name| can_show(name)).ok_or_else(|| without("certificate-name-without-font"))
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::NaiveDate;
    use futures_util::FutureExt as _;

    use super::{
        super::certificate::{Holder, Kind},
        *,
    };
    use crate::{
        language::{Language, OF_SITE},
        turns::Turns,
    };

    pub fn certificate(language: &str, name: &str, latin_name: Option<&str>) -> Certificate {
        let day = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a day");
        let funder = |sentence: &str| Funder { name: "Union of Esempio".into(), sentence: sentence.into(), emblem: None };
        Certificate {
            kind: Kind::Course,
            language: Language::parse(language).expect("a language"),
            holder: Holder { full_name: name.into(), latin_name: latin_name.map(str::to_owned) },
            title: "Joining the treaty, drafting national implementing legislation and establishing jurisdiction ".repeat(2),
            achievement: "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057".into(),
            at: day.and_hms_opt(12, 0, 0).expect("a time").and_utc(),
            day,
            minutes: Some(90),
            issuer: "Lyceum".into(),
            organisers: vec!["Office of Esempio".into(), "وزارة العدل".into()],
            funders: vec![funder(""), funder("Funded by the Union of Esempio."), funder("资助")],
            code: "7K3F-9QXA-2MVD-H4TB".into(),
            check_url: "https://learn.example.org/demo/#/check/7K3F-9QXA-2MVD-H4TB".into(),
        }
    }

    #[tokio::test]
    async fn a_certificate_is_the_same_file_each_time_in_each_language_and_script() {
        for (language, _) in OF_SITE {
            for name in ["محمد بن عبد الله", "王小明", "Анна Öz-Müller", "Pneumonoultramicroscopicsilicovolcanoconiosis"]
            {
                let pdf = print(certificate(language, name, None), ()).await.expect("it is printed");
                assert!(pdf.starts_with(b"%PDF-1.7"), "{language} {name}");
                assert!(pdf == print(certificate(language, name, None), ()).await.expect("it is printed"), "{language} {name}");
            }
        }
    }

    #[tokio::test]
    async fn who_hangs_up_gives_no_turn_away() {
        let turns = Turns::new(1, 0);
        let turn = turns.place().expect("a place").turn().await.expect("a turn");
        assert!(print(certificate("en", "Anna", None), turn).now_or_never().is_none());
        assert_eq!(turns.running(), 1, "the work goes on");
    }

    #[tokio::test]
    async fn a_name_that_no_font_has_gives_way_to_the_one_in_latin_letters_and_else_is_a_problem() {
        // Letters of Vithkuqi, in Unicode since 2021.
        let name = "\u{10570}\u{10571}";
        assert!(print(certificate("en", name, Some("Anna")), ()).await.is_ok());
        assert!(matches!(print(certificate("en", name, None), ()).await, Err(Error::Invalid(_))));
        assert!(obstacle(certificate("en", name, None)).await.expect("it is judged").is_some());
        assert!(
            obstacle(certificate("en", "Anna \u{1f338}", None)).await.expect("it is judged").is_none(),
            "a picture is no letter"
        );
    }
}
