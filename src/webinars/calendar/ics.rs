//! Writing iCalendar (RFC 5545): events at wall time with the rules of their zone.

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::zone;
use crate::clock::Instant;

/// What a calendar is to do with what it gets (RFC 5546).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Show it.
    Publish,
    /// Take it in, or change what was taken in.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// Whether it takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does, and the person has a seat.
    Confirmed,
    /// The person waits for one.
    Tentative,
    /// It does not, or the person does not come.
    Cancelled,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// The same for all its versions, the world over.
    pub uid: String,
    /// Grows with each version.
    pub sequence: i32,
    /// Start on the clocks of its zone.
    pub local_start: NaiveDateTime,
    /// The same as an instant.
    pub starts_at: Instant,
    /// Its zone.
    pub zone: Tz,
    /// From start to end.
    pub minutes: i32,
    /// Title.
    pub summary: String,
    /// Where there is more to read.
    pub url: String,
    /// Whether it takes place.
    pub status: Status,
    /// Name and address of who invites.
    pub organizer: (String, String),
    /// Address of whose calendar it is.
    pub attendee: String,
}

/// A calendar of `events`, with a name where it is to be shown as one.
#[must_use]
pub fn calendar(method: Method, name: Option<&str>, events: &[Event], now: Instant) -> String {
    let mut lines = Lines::default();
    lines.plain("BEGIN", "VCALENDAR");
    lines.plain("VERSION", "2.0");
    lines.plain("PRODID", "-//Lyceum//Webinars//EN");
    lines.plain("CALSCALE", "GREGORIAN");
    lines.plain("METHOD", method.name());
    if let Some(name) = name {
        lines.text("X-WR-CALNAME", name);
        // How often to ask again (RFC 7986).
        lines.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    }
    let mut zones: Vec<Tz> = events.iter().map(|event| event.zone).filter(|zone| *zone != Tz::UTC).collect();
    zones.sort_by_key(|zone| zone.name());
    zones.dedup();
    for zone in zones {
        let times = events.iter().filter(|event| event.zone == zone).map(|event| event.starts_at);
        write_zone(&mut lines, zone, times.collect());
    }
    for event in events {
        write_event(&mut lines, event, now);
    }
    lines.plain("END", "VCALENDAR");
    lines.0
}

const LOCAL: &str = "%Y%m%dT%H%M%S";
const UTC: &str = "%Y%m%dT%H%M%SZ";

fn write_zone(lines: &mut Lines, zone: Tz, times: Vec<Instant>) {
    lines.plain("BEGIN", "VTIMEZONE");
    lines.plain("TZID", zone.name());
    for observance in zone::observances(zone, times) {
        let kind = if observance.is_daylight { "DAYLIGHT" } else { "STANDARD" };
        lines.plain("BEGIN", kind);
        lines.plain("DTSTART", &observance.begins.format(LOCAL).to_string());
        lines.plain("TZOFFSETFROM", &offset(observance.offset_before));
        lines.plain("TZOFFSETTO", &offset(observance.offset));
        lines.text("TZNAME", &observance.name);
        lines.plain("END", kind);
    }
    lines.plain("END", "VTIMEZONE");
}

/// Seconds east of UTC.
fn offset(seconds: i32) -> String {
    let (sign, rest) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
    let end = if seconds == 0 { String::new() } else { format!("{seconds:02}") };
    format!("{sign}{hours:02}{minutes:02}{end}")
}

fn write_event(lines: &mut Lines, event: &Event, now: Instant) {
    lines.plain("BEGIN", "VEVENT");
    lines.plain("UID", &event.uid);
    lines.plain("SEQUENCE", &event.sequence.to_string());
    lines.plain("DTSTAMP", &now.format(UTC).to_string());
    if event.zone == Tz::UTC {
        lines.plain("DTSTART", &event.starts_at.format(UTC).to_string());
    } else {
        lines.plain(&format!("DTSTART;TZID={}", event.zone.name()), &event.local_start.format(LOCAL).to_string());
    }
    lines.plain("DURATION", &format!("PT{}M", event.minutes));
    lines.text("SUMMARY", &event.summary);
    lines.plain("URL", &event.url);
    // Calendars show the description, and seldom the address above.
    lines.text("DESCRIPTION", &event.url);
    let (name, address) = &event.organizer;
    lines.plain(&format!("ORGANIZER;CN={}", parameter(name)), &mailto(address));
    lines.plain("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED", &mailto(&event.attendee));
    let status = match event.status {
        Status::Confirmed => "CONFIRMED",
        Status::Tentative => "TENTATIVE",
        Status::Cancelled => "CANCELLED",
    };
    lines.plain("STATUS", status);
    lines.plain("END", "VEVENT");
}

/// The address of a mailbox, in which `?` would begin headers of a letter (RFC 6068).
fn mailto(address: &str) -> String {
    format!("mailto:{}", address.replace('%', "%25").replace('?', "%3F").replace('&', "%26").replace('#', "%23"))
}

/// A parameter's value in quotes, which none can stand in (RFC 5545, 3.2).
fn parameter(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "'"))
}

/// Content lines: each ends with CR LF and is folded at 75 bytes, between characters (RFC 5545, 3.1).
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line whose value is written as it is, but for controls.
    fn plain(&mut self, name: &str, value: &str) {
        let (line, mut length) = (format!("{name}:{value}"), 0);
        for c in line.chars().filter(|c| !c.is_control()) {
            if length + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A line whose value is a text (RFC 5545, 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::new();
        for c in value.chars() {
            match c {
                '\n' => escaped.push_str("\\n"),
                '\\' | ';' | ',' => {
                    let _ = write!(escaped, "\\{c}");
                }
                c => escaped.push(c),
            }
        }
        self.plain(name, &escaped);
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeZone as _};
    use icalendar::Component as _;
    use proptest::prelude::*;

    use super::*;

    fn event(summary: &str, local: &str, zone: Tz) -> Event {
        let local_start = NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").expect("a time");
        Event {
            uid: "registration_1@example.org".into(),
            sequence: 3,
            local_start,
            starts_at: zone.from_local_datetime(&local_start).earliest().expect("an instant").to_utc(),
            zone,
            minutes: 90,
            summary: summary.into(),
            url: "https://example.org/#/webinars/1".into(),
            status: Status::Confirmed,
            organizer: ("The \"site\"".into(), "site@example.org".into()),
            attendee: "reader@example.org".into(),
        }
    }

    fn now() -> Instant {
        DateTime::from_timestamp(1_790_000_000, 0).expect("in range")
    }

    fn read(text: &str) -> icalendar::Calendar {
        text.parse().unwrap_or_else(|err| panic!("{err}\n{text}"))
    }

    proptest! {
        #[test]
        fn another_program_reads_what_was_written(summary in "[^\\p{Cc}]{1,200}") {
            let text = calendar(Method::Request, None, &[event(&summary, "2026-12-01T14:00", chrono_tz::Asia::Dubai)], now());
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75), "{}", text);
            let calendar = read(&text);
            let events: Vec<_> = calendar.components.iter().filter_map(icalendar::CalendarComponent::as_event).collect();
            prop_assert_eq!(events.len(), 1);
            prop_assert_eq!(events[0].get_summary(), Some(&*summary));
            prop_assert_eq!(events[0].get_uid(), Some("registration_1@example.org"));
        }
    }

    #[test]
    fn an_event_stands_at_its_wall_time_with_the_rules_of_its_zone() {
        let text =
            calendar(Method::Publish, Some("Mine"), &[event("Treaties", "2026-07-01T14:00", chrono_tz::Europe::Vienna)], now());
        for line in [
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Mine",
            "TZID:Europe/Vienna",
            "BEGIN:DAYLIGHT",
            "DTSTART:20260329T020000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "DTSTART;TZID=Europe/Vienna:20260701T140000",
            "DURATION:PT90M",
            "SEQUENCE:3",
            "STATUS:CONFIRMED",
            "ORGANIZER;CN=\"The 'site'\":mailto:site@example.org",
        ] {
            assert!(text.split("\r\n").any(|each| each == line), "{line} is missing in\n{text}");
        }
        read(&text);
    }

    #[test]
    fn in_utc_no_zone_is_needed() {
        let text = calendar(Method::Publish, None, &[event("Treaties", "2026-07-01T14:00", Tz::UTC)], now());
        assert!(text.contains("DTSTART:20260701T140000Z") && !text.contains("VTIMEZONE"), "{text}");
    }
}
