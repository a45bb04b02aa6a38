//! A report as XLSX: what the numbers mean, everybody, and a sheet for each thing that people are counted by. Texts are written as
//! texts, so none of them is a formula.

use chrono::Datelike as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    dimension::Dimension,
    report::Report,
    table::{self, Row},
    wording::{HIDDEN, Words},
};
use crate::{
    error::{Error, Result},
    language::TextDirection,
};

/// Widths of columns, in characters: titles, codes, categories, numbers.
const WIDTHS: [f64; 4] = [40.0, 10.0, 36.0, 14.0];
/// Columns before the numbers.
const TEXTS: usize = 3;

/// The workbook.
pub fn write(report: &Report) -> Result<Vec<u8>> {
    filled(report).map_err(Error::internal)
}

fn filled(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let words = Words(&report.language);
    let mut book = Workbook::new();
    let (year, month, day) = (report.taken_at.year(), report.taken_at.month(), report.taken_at.day());
    let made = ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or(2000),
        u8::try_from(month).unwrap_or(1),
        u8::try_from(day).unwrap_or(1),
    )?;
    book.set_properties(&DocProperties::new().set_title(&report.title).set_creation_datetime(&made));
    notes(sheet(&mut book, report, &words.say("counts-sheet-notes", &[]))?, report)?;
    lines(sheet(&mut book, report, &words.say("counts-everybody", &[]))?, words, &table::totals(report))?;
    for dimension in Dimension::ALL {
        lines(sheet(&mut book, report, &words.dimension(dimension))?, words, &table::by(report, dimension))?;
    }
    book.save_to_buffer()
}

/// A new sheet, which runs as its language does.
fn sheet<'a>(book: &'a mut Workbook, report: &Report, name: &str) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = book.add_worksheet().set_name(name)?;
    sheet.set_right_to_left(report.language.direction() == TextDirection::Rtl);
    Ok(sheet)
}

fn notes(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    let words = Words(&report.language);
    let (heading, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    sheet.set_column_width(0, 100.0)?;
    sheet.write_string_with_format(0, 0, &report.title, &heading)?;
    let taken = words.say("counts-taken", &[("date", words.day(report.taken_at))]);
    let texts = std::iter::once(taken).chain(words.notes(report.attendance_percent)).chain(report.credits.iter().cloned());
    for (row, text) in (1..).zip(texts) {
        sheet.write_string_with_format(row, 0, text, &wrapped)?;
    }
    Ok(())
}

fn lines(sheet: &mut Worksheet, words: Words<'_>, rows: &[Row<'_>]) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let mut headings = ["of", "code", "category"].map(|name| words.say(&format!("counts-column-{name}"), &[])).to_vec();
    headings.extend(table::headings(words));
    for (column, name) in (0..).zip(&headings) {
        sheet.write_string_with_format(0, column, name, &heading)?;
        sheet.set_column_width(column, WIDTHS[usize::from(column).min(TEXTS)])?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let hidden = Format::new().set_align(FormatAlign::Right);
    for (at, row) in (1..).zip(rows) {
        for (column, text) in (0..).zip([row.of, &row.code, &row.label]) {
            sheet.write_string(at, column, text)?;
        }
        let numbers = 3..;
        for (column, number) in numbers.zip(row.line.people) {
            match number {
                Some(number) => sheet.write_number(at, column, number)?,
                None => sheet.write_string_with_format(at, column, HIDDEN, &hidden)?,
            };
        }
        if let (Some(gain), Some(column)) = (row.line.gain, headings.len().checked_sub(1)) {
            sheet.write_number(at, u16::try_from(column).unwrap_or_default(), gain)?;
        }
    }
    Ok(())
}
