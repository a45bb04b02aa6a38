//! The list of who was present as a file: CSV as meeting tools write it, with the columns name, e-mail, join time and leave time.
//! What some of them write above and below the table of people is left out.

use chrono::{DateTime, Datelike as _, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{scheduling::YEARS, telling::when};
use crate::{
    clock::Instant,
    error::{Problem, Problems, Result, UserErrorCode},
    sheet::Sheet,
    text,
};

/// The most lines of a list.
const MOST: usize = 2_000;
/// Problems that one answer tells of.
const MOST_PROBLEMS: usize = 50;
/// Lines within which the table of people begins.
const ABOVE: usize = 30;

/// What the columns are called in English, then in French, Spanish, Russian, Chinese and Arabic; in lower case.
const NAME: &str = "name|full name|participant|name (original name)|participant name|nom|nom complet|nombre|nombre completo|\
    имя|полное имя|姓名|名称|全名|الاسم|الاسم الكامل";
const EMAIL: &str = "email|e-mail|user email|email address|e-mail address|address|adresse e-mail|courriel|correo electrónico|\
    correo|электронная почта|адрес электронной почты|电子邮件|البريد الإلكتروني";
const JOINED: &str = "join time|joined|join|first join|joined at|heure d'arrivée|première connexion|hora de entrada|\
    primera entrada|время входа|первый вход|加入时间|وقت الانضمام";
const LEFT: &str = "leave time|left|leave|last leave|left at|heure de départ|dernière déconnexion|hora de salida|\
    última salida|время выхода|последний выход|离开时间|وقت المغادرة";

/// How days and times are written; of those that fit, the one nearest to the webinar is meant.
const FORMS: &str = "%Y-%m-%d %H:%M:%S|%Y-%m-%d %H:%M|%Y-%m-%dT%H:%M:%S|%Y-%m-%dT%H:%M|%Y/%m/%d %H:%M:%S|%Y/%m/%d %H:%M|\
    %m/%d/%Y %I:%M:%S %p|%m/%d/%y %I:%M:%S %p|%m/%d/%Y %I:%M %p|%m/%d/%Y %H:%M:%S|%m/%d/%Y %H:%M|%d/%m/%Y %H:%M:%S|\
    %d/%m/%Y %H:%M|%d/%m/%y %H:%M:%S|%d.%m.%Y %H:%M:%S|%d.%m.%Y %H:%M";

/// A line, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: i32,
    /// Name as it stands there.
    pub name: String,
    /// Address; empty where there is none.
    pub email: String,
    /// When they joined.
    pub joined_at: Instant,
    /// When they left.
    pub left_at: Instant,
}

/// Reads the list of a webinar that began and ended so; every line that can't be read is a problem, and so is a list of another
/// time. Times without an offset are on the clocks of its zone.
pub fn read(csv: &str, zone: &str, (begin, end): (Instant, Instant)) -> Result<Vec<Line>> {
    let (above, table) = table(csv);
    let sheet = Sheet::of_any(table, MOST).map_err(|problem| problem.under("csv"))?;
    let (Some(name), Some(joined), Some(left)) = (column(&sheet, NAME), column(&sheet, JOINED), column(&sheet, LEFT)) else {
        return Err(Problem::at(UserErrorCode::Incomplete, "csv").saying("problem-list-columns").into());
    };
    let email = column(&sheet, EMAIL);
    let clocks = zone.parse().unwrap_or(Tz::UTC);
    let (mut lines, mut problems, mut wrong) = (Vec::new(), Problems::new(), 0);
    for line in &sheet.lines {
        let at = |column| time(sheet.at(line, column), clocks, begin);
        let presence = at(joined).zip(at(left)).filter(|(joined, left)| joined <= left);
        let number = above + line.number;
        let (Ok(name), Some((joined_at, left_at))) = (text::line(sheet.at(line, name), 200), presence) else {
            wrong += 1;
            if wrong <= MOST_PROBLEMS {
                problems.add(Problem::at(UserErrorCode::Invalid, "csv").saying("problem-list-line").with("line", number));
            }
            continue;
        };
        // What is no address names nobody.
        let email = email.and_then(|column| text::email(sheet.at(line, column)).ok()).unwrap_or_default();
        lines.push(Line { number: i32::try_from(number).unwrap_or(i32::MAX), name, email, joined_at, left_at });
    }
    problems.done()?;
    if lines.is_empty() {
        return Err(Problem::at(UserErrorCode::Blank, "csv").into());
    }
    let is_of_webinar = |line: &Line| line.joined_at < end && line.left_at > begin;
    if !lines.iter().any(is_of_webinar) {
        let problem = Problem::at(UserErrorCode::Invalid, "csv").saying("problem-list-other-time");
        return Err(problem.with("when", when(begin, zone)).into());
    }
    Ok(lines)
}

/// The column of a table that has one of these names.
fn column(sheet: &Sheet, names: &'static str) -> Option<&'static str> {
    sheet.named(&names.split('|').collect::<Vec<_>>())
}

/// The table of people, and how many lines stand above it. Below what stands above, a table ends with an empty line.
fn table(csv: &str) -> (usize, &str) {
    let mut begins = 0;
    for (above, line) in csv.split_inclusive('\n').take(ABOVE).enumerate() {
        let cells: Vec<_> = line.split(['\t', ';', ',']).map(|cell| text::folded(cell.trim_matches(is_edge))).collect();
        let has = |names: &str| names.split('|').any(|name| cells.iter().any(|cell| cell == name));
        if has(NAME) && has(JOINED) && has(LEFT) {
            let table = &csv[begins..];
            let blank = table.find("\n\n").or_else(|| table.find("\n\r\n")).filter(|_| above > 0);
            return (above, &table[..blank.unwrap_or(table.len())]);
        }
        begins += line.len();
    }
    (0, csv)
}

/// What may stand about the name of a column.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\u{feff}')
}

/// A time as meeting tools write it.
fn time(text: &str, zone: Tz, near: Instant) -> Option<Instant> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc)).filter(|time| YEARS.contains(&time.year()));
    }
    // Some write a comma after the day, or a narrow space before AM.
    let text = text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let written = FORMS.split('|').filter_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    let locals = written.filter(|local| YEARS.contains(&local.year()));
    let times = locals.filter_map(|local| zone.from_local_datetime(&local).earliest()).map(|time| time.with_timezone(&Utc));
    times.min_by_key(|time| (*time - near).abs())
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::{error::Error, language::Language};

    /// The list of a webinar of an hour and a half in Vienna.
    fn read(csv: &str, start: &str) -> Result<Vec<Line>> {
        let begin: Instant = start.parse().expect("a time");
        super::read(csv, "Europe/Vienna", (begin, begin + Duration::minutes(90)))
    }

    #[test]
    fn lists_of_meeting_tools_are_read() {
        let csv = "\u{feff}Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\r\n\
                   \"Exemple, Awa\",awa@example.org,12/01/2026 02:00:00 PM,12/01/2026 03:30:00 PM,90\r\n\
                   王示例,,2026-12-01T12:00:00Z,2026-12-01T13:30:00Z,60\r\n";
        let lines = read(csv, "2026-12-01T13:00:00Z").expect("it is read");
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].name.as_str(), lines[0].number), ("Exemple, Awa", 2));
        assert_eq!(lines[0].joined_at.to_rfc3339(), "2026-12-01T13:00:00+00:00");
        assert_eq!(lines[1].left_at.to_rfc3339(), "2026-12-01T13:30:00+00:00");
    }

    #[test]
    fn what_stands_above_and_below_the_table_is_left_out() {
        let csv = "1. Summary\nMeeting title\tReservations\nAttended participants\t1\n\n2. Participants\n\
                   Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\n\
                   Awa Exemple\t10/7/26, 2:00:05 PM\t10/7/26, 3:30:05 PM\t1h 30m\tawa@example.org\n\n\
                   3. In-Meeting Activities\nName\tJoin Time\tLeave Time\nAwa Exemple\t?\t?\n";
        let lines = read(csv, "2026-10-07T12:00:00Z").expect("it is read");
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].number, lines[0].email.as_str()), (7, "awa@example.org"));
        assert_eq!(lines[0].joined_at.to_rfc3339(), "2026-10-07T12:00:05+00:00");
    }

    #[test]
    fn of_a_day_and_a_month_that_can_be_either_the_webinars_is_meant() {
        let csv = "Имя;Время входа;Время выхода\nУчастник;07/10/2026 14:00;07/10/2026 15:00\n";
        let lines = read(csv, "2026-10-07T12:00:00Z").expect("it is read");
        assert_eq!(lines[0].joined_at.to_rfc3339(), "2026-10-07T12:00:00+00:00");
        let lines = read(csv, "2026-07-10T12:00:00Z").expect("it is read");
        assert_eq!(lines[0].joined_at.to_rfc3339(), "2026-07-10T12:00:00+00:00");
    }

    #[test]
    fn every_bad_line_is_named_and_columns_are_asked_for() {
        let start = "2026-12-01T09:00:00Z";
        let csv = "name,join,leave\nAwa,yesterday,today\nWang,2026-12-01 10:00,2026-12-01 11:00\n,2026-12-01 10:00,2026-12-01 11:00\nOlga,2026-12-01 11:00,2026-12-01 10:00\n";
        let Err(Error::Invalid(problems)) = read(csv, start) else { panic!("it is refused") };
        assert_eq!(problems.len(), 3);
        assert!(problems[1].text(&Language::english()).contains('4'));
        let Err(Error::Invalid(problems)) = read("name,email\nAwa,awa@example.org\n", start) else { panic!("it is refused") };
        assert_eq!(problems[0].code, UserErrorCode::Incomplete);
    }

    #[test]
    fn the_list_of_another_time_is_refused() {
        let csv = "name,join,leave\nAwa,2026-11-30 10:00,2026-11-30 11:00\n";
        let Err(Error::Invalid(problems)) = read(csv, "2026-12-01T09:00:00Z") else { panic!("it is refused") };
        assert!(problems[0].text(&Language::english()).contains("2026-12-01"), "{problems:?}");
    }
}
