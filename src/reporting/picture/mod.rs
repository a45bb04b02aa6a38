//! A report as one page of bars, SVG in the size of A4: how many came how far, and who those are that registered and came. Every
//! number stands there as text, and the two kinds of bars differ by pattern as well as by colour.

mod canvas;

use canvas::{Canvas, Fill};

use super::{
    counts::Line,
    dimension::Dimension,
    report::Report,
    stage::Stage,
    table::{self, Row},
    wording::{HIDDEN, Words},
};

/// The page, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 36.0;
/// Where bars of stages begin, and how long the longest is.
const STAGES_AT: f32 = 190.0;
const LONGEST_STAGE: f32 = 320.0;
/// Panels: how wide, how far apart, where the first stand, how high.
const PANEL: f32 = 250.0;
const PANEL_STEP: f32 = 273.0;
const PANELS_AT: f32 = 298.0;
const PANEL_HEIGHT: f32 = 158.0;
/// How long the longest bar of a panel is.
const LONGEST: f32 = 205.0;
/// What the bars of panels are.
const BARS: [(Stage, Fill); 2] = [(Stage::Registered, Fill::Full), (Stage::Attended, Fill::Hatched)];
/// Categories of a panel, before all others.
const MOST: usize = 5;
/// Lines of credits.
const CREDITS: usize = 4;

/// The page.
#[must_use]
pub fn draw(report: &Report) -> String {
    let words = Words(&report.language);
    let mut canvas = Canvas::new(&report.language, PAGE);
    let taken = words.say("counts-taken", &[("date", words.day(report.taken_at))]);
    let heading = words.say("counts-title", &[("title", format!("\u{2068}{}\u{2069}", report.title))]);
    let mut y = 44.0;
    for line in canvas::wrapped(&heading, (PAGE.0 - 2.0 * MARGIN) / 15.0, 2) {
        canvas.text((MARGIN, y), 15.0, true, &line);
        y += 18.0;
    }
    canvas.text((MARGIN, y), 9.0, false, &taken);
    let Some((of, population)) = report.populations.first() else { return canvas.finish(&heading, &taken) };
    stages(&mut canvas, words, &population.total);
    legend(&mut canvas, words);
    for (at, dimension) in Dimension::ALL.into_iter().enumerate() {
        let rows = table::of_population(report, of, population, dimension);
        let column = if at % 2 == 0 { 0.0 } else { PANEL_STEP };
        let row = f32::from(u8::try_from(at / 2).unwrap_or_default());
        let place = (MARGIN + column, PANELS_AT + row * PANEL_HEIGHT);
        panel(&mut canvas, place, &words.dimension(dimension), &rows, &population.total, words);
    }
    foot(&mut canvas, words, report);
    let said = Stage::ALL.map(|stage| format!("{}: {}", words.stage(stage), written(population.total.at(stage))));
    canvas.finish(&heading, &format!("{taken} {}", said.join("; ")))
}

fn written(number: Option<i32>) -> String {
    number.map_or(HIDDEN.to_owned(), |number| number.to_string())
}

#[allow(clippy::cast_precision_loss, reason = "a length on paper")]
fn length(number: Option<i32>, most: i32, longest: f32) -> f32 {
    number.unwrap_or_default() as f32 / most.max(1) as f32 * longest
}

/// How many came how far, and what was learnt.
fn stages(canvas: &mut Canvas, words: Words<'_>, total: &Line) {
    let most = total.people.iter().flatten().copied().max().unwrap_or_default();
    let mut y = 106.0;
    for stage in Stage::ALL {
        let long = length(total.at(stage), most, LONGEST_STAGE);
        canvas.label((MARGIN, y + 8.0), 8.5, &words.stage(stage), STAGES_AT - MARGIN - 8.0);
        canvas.bar((STAGES_AT, y), (long, 11.0), Fill::Full);
        canvas.text((STAGES_AT + long + 4.0, y + 8.5), 8.5, true, &written(total.at(stage)));
        y += 18.0;
    }
    if let Some(gain) = total.gain {
        let gain = format!("{}: \u{2068}{gain:+.1}\u{2069}", words.say("counts-gain", &[]));
        canvas.text((MARGIN, y + 8.0), 8.5, true, &gain);
    }
}

/// What the two kinds of bars are.
fn legend(canvas: &mut Canvas, words: Words<'_>) {
    let y = PANELS_AT - 22.0;
    for (x, (stage, fill)) in [MARGIN, MARGIN + PANEL_STEP].into_iter().zip(BARS) {
        canvas.bar((x, y - 6.0), (14.0, 6.0), fill);
        canvas.text((x + 19.0, y), 8.0, false, &words.stage(stage));
    }
}

/// The largest categories of one thing, and all others together.
fn panel(canvas: &mut Canvas, at: (f32, f32), heading: &str, rows: &[Row<'_>], total: &Line, words: Words<'_>) {
    canvas.text((at.0, at.1), 9.5, true, heading);
    let numbers = |line: &Line| BARS.map(|(stage, _)| line.at(stage));
    let is_known = |row: &&Row<'_>| !row.code.is_empty() && row.line.at(Stage::Registered).is_some_and(|number| number > 0);
    let mut bars: Vec<_> = rows.iter().filter(is_known).take(MOST).map(|row| (row.label.clone(), numbers(row.line))).collect();
    let rest = std::array::from_fn(|at| {
        let shown: i32 = bars.iter().filter_map(|(_, numbers)| numbers[at]).sum();
        numbers(total)[at].map(|total| total - shown)
    });
    if rest.iter().flatten().any(|number| *number > 0) {
        bars.push((words.say("counts-others", &[]), rest));
    }
    let most = bars.iter().flat_map(|(_, numbers)| numbers.iter().flatten().copied()).max().unwrap_or_default();
    let mut y = at.1 + 12.0;
    for (label, numbers) in bars {
        canvas.label((at.0, y), 7.5, &label, PANEL - 8.0);
        for ((number, (_, fill)), below) in numbers.into_iter().zip(BARS).zip([3.0, 9.0]) {
            let long = length(number, most, LONGEST);
            canvas.bar((at.0, y + below), (long, 5.0), fill);
            canvas.text((at.0 + long + 3.0, y + below + 5.0), 6.0, false, &written(number));
        }
        y += 23.5;
    }
}

/// What the star means, and who is credited.
fn foot(canvas: &mut Canvas, words: Words<'_>, report: &Report) {
    let width = PAGE.0 - 2.0 * MARGIN;
    let mut y = PANELS_AT + 3.0 * PANEL_HEIGHT + 4.0;
    for line in canvas::wrapped(&words.say("counts-note-hidden", &[]), width / 7.0, 3) {
        canvas.text((MARGIN, y), 7.0, false, &line);
        y += 9.0;
    }
    y += 4.0;
    for line in canvas::wrapped(&report.credits.join(" · "), width / 8.0, CREDITS) {
        canvas.text((MARGIN, y), 8.0, false, &line);
        y += 10.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::{Language, OF_SITE},
        reporting::counts::{Breakdown, Category, Population},
    };

    /// A report whose texts try to be more than that.
    fn report(language: &str) -> Report {
        let line = |first: i32| Line { people: std::array::from_fn(|at| (at != 4).then_some(first)), gain: Some(-2.5) };
        let codes = ["FEMALE", "MALE", "202", "KE", "GOVERNMENT", "ar"];
        let breakdowns = Dimension::ALL.map(|dimension| {
            let categories = codes.map(|code| Category { code: code.into(), line: line(20) }).to_vec();
            Breakdown { dimension, categories, others: Some(line(9)) }
        });
        let population = Population { total: line(120), sums: None, breakdowns: breakdowns.to_vec() };
        let title = "</text><script>alert(1)</script> & \"Beitritt\" \u{7}".to_owned();
        Report {
            language: Language::parse(language).expect("a language"),
            title: title.clone(),
            taken_at: chrono::DateTime::from_timestamp(1_795_000_000, 0).expect("a time"),
            attendance_percent: 75,
            populations: vec![(title, population)],
            credits: vec!["Funded by <b>the Union of Esempio</b>.".into(), "资助".repeat(60)],
        }
    }

    #[test]
    fn a_page_is_drawn_in_each_language_and_nothing_in_it_runs() {
        for (language, _) in OF_SITE {
            let drawn = draw(&report(language));
            let page = roxmltree::Document::parse(&drawn).unwrap_or_else(|err| panic!("{language}: {err}\n{drawn}"));
            let known = ["svg", "title", "desc", "defs", "pattern", "path", "rect", "text"];
            for element in page.descendants().filter(roxmltree::Node::is_element) {
                let name = element.tag_name().name();
                assert!(known.contains(&name), "{language}: {name}");
                let harmless = |name: &str| !name.starts_with("on") && name != "href";
                assert!(element.attributes().all(|attribute| harmless(attribute.name())), "{language}: {element:?}");
            }
            let root = page.root_element();
            assert_eq!(root.attribute("role"), Some("graphics-document"));
            assert_eq!(root.attribute("direction"), Some(if language == "ar" { "rtl" } else { "ltr" }));
            let texts: Vec<_> = page.descendants().filter_map(|node| node.text()).collect();
            assert!(texts.iter().any(|text| text.contains("<script>alert(1)")), "{language}: the title is a text");
            assert!(texts.contains(&"120") && texts.contains(&"*"), "{language}");
            let inside = |name: &str| {
                page.descendants()
                    .filter_map(|node| node.attribute(name)?.parse::<f32>().ok())
                    .all(|at| (0.0..=842.0).contains(&at))
            };
            assert!(inside("x") && inside("y") && inside("width"), "{language}");
        }
    }
}
