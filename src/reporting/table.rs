//! A report as lines, and those as CSV.

use super::{
    counts::{Line, Population},
    dimension::Dimension,
    report::Report,
    stage::Stage,
    wording::{HIDDEN, Words},
};
use crate::sheet;

/// Of a report.
pub struct Row<'a> {
    /// The title of what it counts.
    pub of: &'a str,
    /// By what; `None` where it counts everybody.
    pub dimension: Option<Dimension>,
    /// The code of its category; may be empty.
    pub code: String,
    /// Its category.
    pub label: String,
    /// Its numbers.
    pub line: &'a Line,
}

/// What stands over numbers, in their order.
#[must_use]
pub fn headings(words: Words<'_>) -> Vec<String> {
    let stages = Stage::ALL.map(|stage| words.stage(stage));
    stages.into_iter().chain([words.say("counts-gain", &[])]).collect()
}

/// Of each population, everybody; of a series with the sums over its webinars.
#[must_use]
pub fn totals(report: &Report) -> Vec<Row<'_>> {
    let words = Words(&report.language);
    let rows = report.populations.iter().flat_map(|(of, population)| {
        let total = ("counts-everybody", Some(&population.total));
        let sums = ("counts-sums", population.sums.as_ref());
        [total, sums].into_iter().filter_map(move |(label, line)| {
            Some(Row { of, dimension: None, code: String::new(), label: words.say(label, &[]), line: line? })
        })
    });
    rows.collect()
}

/// Of each population, its categories.
#[must_use]
pub fn by(report: &Report, dimension: Dimension) -> Vec<Row<'_>> {
    let rows = report.populations.iter();
    rows.flat_map(|(of, population)| of_population(report, of, population, dimension)).collect()
}

/// The categories of one population.
#[must_use]
pub fn of_population<'a>(report: &Report, of: &'a str, population: &'a Population, dimension: Dimension) -> Vec<Row<'a>> {
    let words = Words(&report.language);
    let row = |code: &str, label, line| Row { of, dimension: Some(dimension), code: code.to_owned(), label, line };
    let breakdowns = population.breakdowns.iter().filter(|breakdown| breakdown.dimension == dimension);
    let rows = breakdowns.flat_map(|breakdown| {
        let categories = breakdown.categories.iter();
        let categories = categories.map(|it| row(&it.code, words.category(dimension, &it.code), &it.line));
        let others = breakdown.others.iter().map(|line| row("", words.say("counts-others", &[]), line));
        categories.chain(others)
    });
    rows.collect()
}

/// A table in UTF-8 with its mark, which spreadsheets need to read it so. No cell of it is a formula.
#[must_use]
pub fn csv(report: &Report) -> Vec<u8> {
    let words = Words(&report.language);
    let mut columns: Vec<_> =
        ["of", "by", "code", "category"].map(|name| words.say(&format!("counts-column-{name}"), &[])).to_vec();
    columns.extend(headings(words));
    let columns: Vec<_> = columns.iter().map(String::as_str).collect();
    let rows = totals(report).into_iter().chain(Dimension::ALL.iter().flat_map(|dimension| by(report, *dimension)));
    let lines = rows.map(|row| {
        let by = row.dimension.map(|dimension| words.dimension(dimension)).unwrap_or_default();
        let people = row.line.people.iter().map(|number| number.map_or(HIDDEN.to_owned(), |number| number.to_string()));
        let gain = row.line.gain.map(|gain| format!("{gain:.1}")).unwrap_or_default();
        [row.of.to_owned(), by, row.code, row.label].into_iter().chain(people).chain([gain]).collect()
    });
    format!("\u{feff}{}", sheet::write(&columns, lines)).into_bytes()
}
