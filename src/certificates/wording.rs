//! What stands on every certificate, in its language.

use chrono::Datelike as _;

use super::certificate::{Certificate, Kind};
use crate::language::messages;

/// The words of one certificate, in the order in which they are read.
pub struct Wording {
    /// What it is.
    pub heading: String,
    /// Before the name.
    pub lead: String,
    /// Between the name and the title.
    pub sentence: String,
    /// When it was, how long, and by whom.
    pub facts: Vec<String>,
    /// Where to check it.
    pub check: String,
    /// What the picture with the address says.
    pub qr: String,
}

impl Wording {
    /// The words of `certificate`.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        let say = |id: &str, values: &[(&'static str, String)]| messages::text(&certificate.language, id, values);
        let kind = match certificate.kind {
            Kind::Course => "course",
            Kind::Webinar => "webinar",
        };
        let day = certificate.day;
        let date = [("day", day.day().to_string()), ("month", day.month().to_string()), ("year", day.year().to_string())];
        let date = say("certificate-date", &date);
        let mut facts = vec![say(&format!("certificate-{kind}-date"), &[("date", date)])];
        facts.extend(certificate.minutes.map(|minutes| say("certificate-minutes", &[("minutes", minutes.to_string())])));
        if !certificate.organisers.is_empty() {
            let names: Vec<_> = certificate.organisers.iter().map(|name| isolated(name)).collect();
            facts.push(say("certificate-organisers", &[("names", names.join(separator(certificate)))]));
        }
        let code_and_address = [("code", isolated(&certificate.code)), ("address", isolated(&certificate.check_url))];
        Self {
            heading: say(&format!("certificate-{kind}-heading"), &[]),
            lead: say("certificate-lead", &[]),
            sentence: say(&format!("certificate-{kind}-sentence"), &[]),
            facts,
            check: say("certificate-check", &code_and_address),
            qr: say("certificate-qr", &[("address", certificate.check_url.clone())]),
        }
    }
}

/// A value that turns nothing round in the sentence about it.
fn isolated(value: &str) -> String {
    format!("\u{2068}{value}\u{2069}")
}

fn separator(certificate: &Certificate) -> &'static str {
    match certificate.language.primary() {
        "ar" => "، ",
        "zh" => "、",
        _ => ", ",
    }
}
