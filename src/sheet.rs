//! Tables as CSV: read whole, with the number of each line, and written so that no program that opens them takes what
//! people typed for a formula.

use crate::{
    error::{Problem, Problems, UserErrorCode},
    language::Language,
    text::folded,
};

/// Columns that a table may have.
const MOST_COLUMNS: usize = 100;
/// Problems of a table that one answer tells of.
pub const MOST_PROBLEMS: usize = 50;

/// What a cell begins with that programs take for a formula.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A table that was read. Its first line names the columns.
#[derive(Debug)]
pub struct Sheet {
    columns: Vec<String>,
    /// Its lines but the first.
    pub lines: Vec<Line>,
}

/// A line of a table.
#[derive(Debug)]
pub struct Line {
    /// The number that it has in the file, from 1.
    pub number: usize,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads a table with these columns, in any order; only those marked `true` must be there.
    pub fn read(text: &str, columns: &[(&str, bool)], most: usize) -> Result<Self, Problem> {
        let sheet = Self::of_any(text, most)?;
        let named = &sheet.columns;
        if let Some((missing, _)) = columns.iter().find(|(name, is_needed)| *is_needed && !named.iter().any(|has| has == name)) {
            return Err(Problem::new(UserErrorCode::Incomplete).saying("problem-csv-column-missing").with("column", missing));
        }
        let is_twice = |at: usize| named[..at].contains(&named[at]);
        let strange = (0..named.len()).find(|at| is_twice(*at) || !columns.iter().any(|(name, _)| *name == named[*at]));
        if let Some(at) = strange {
            let known: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
            let problem = Problem::new(UserErrorCode::Invalid).saying("problem-csv-column-unknown");
            return Err(problem.with("column", &named[at]).with("columns", known.join(", ")));
        }
        Ok(sheet)
    }

    /// Reads a table whatever its columns are. Tabs or semicolons divide cells where the first line has them: some meeting tools
    /// write so, and spreadsheets of many countries.
    pub fn of_any(text: &str, most: usize) -> Result<Self, Problem> {
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        let divider = [b'\t', b';'].into_iter().find(|divider| head.as_bytes().contains(divider)).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(divider).flexible(true).from_reader(text.as_bytes());
        let unreadable = |_| Problem::new(UserErrorCode::Invalid);
        let columns: Vec<_> = reader.headers().map_err(unreadable)?.iter().map(|name| folded(name.trim())).collect();
        if columns.len() > MOST_COLUMNS {
            return Err(Problem::new(UserErrorCode::LimitReached)
                .saying("problem-csv-too-many-columns")
                .with("max", MOST_COLUMNS));
        }
        let (bytes, mut lines, mut counted, mut number) = (text.as_bytes(), Vec::new(), 0, 1);
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            if lines.len() == most {
                return Err(Problem::new(UserErrorCode::LimitReached).saying("problem-csv-too-many-lines").with("max", most));
            }
            // The reader's own numbers leave out the ends of lines that stand before a record.
            let at = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
            let begins = at + bytes[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            number += bytes[counted..begins].split(|byte| *byte == b'\n').count() - 1;
            counted = begins;
            lines.push(Line { number, cells: record.iter().map(cell).collect() });
        }
        Ok(Self { columns, lines })
    }

    /// The first of these names that the table has a column of.
    #[must_use]
    pub fn named<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.columns.iter().any(|has| has == name))
    }

    /// What stands in a column of a line; nothing where the table does not have it.
    #[must_use]
    pub fn at<'a>(&self, line: &'a Line, column: &str) -> &'a str {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| line.cells.get(at)).map_or("", String::as_str)
    }

    /// Whether a line has as many cells as there are columns: else what belongs where is a guess.
    #[must_use]
    pub fn fits(&self, line: &Line) -> bool {
        line.cells.len() == self.columns.len()
    }
}

/// Notes what is wrong with lines of a table: under the path of its argument, by number and column, and why.
pub struct Checking<'a> {
    /// Where it is noted.
    pub problems: &'a mut Problems,
    /// The path of the table.
    pub path: &'a str,
    /// The language to say it in.
    pub language: &'a Language,
}

impl Checking<'_> {
    /// Notes what is wrong with a cell; nothing more where there is much already.
    pub fn add(&mut self, line: &Line, column: &str, problem: &Problem) {
        if self.problems.count() >= MOST_PROBLEMS {
            return;
        }
        let named = Problem::at(problem.code, &format!("{}.{}.{column}", self.path, line.number)).saying("problem-csv-line");
        let why = problem.text(self.language);
        self.problems.add(named.with("line", line.number).with("column", column).with("why", why));
    }

    /// The value, or its default with the problem noted.
    pub fn take<T: Default>(&mut self, line: &Line, column: &str, parsed: Result<T, Problem>) -> T {
        parsed.unwrap_or_else(|problem| {
            self.add(line, column, &problem);
            T::default()
        })
    }
}

/// A cell as it was before [`safe`] wrote it.
fn cell(written: &str) -> String {
    let written = written.trim();
    let inner = written.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA));
    inner.unwrap_or(written).to_owned()
}

/// A cell that is no formula to any program. A number below zero is none.
fn safe(cell: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let number = cell.strip_prefix('-').filter(|rest| rest.starts_with(is_digit));
    let is_number = number.is_some_and(|rest| rest.chars().all(|c| is_digit(c) || c == '.'));
    if cell.starts_with(FORMULA) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes a table.
#[must_use]
pub fn write(columns: &[&str], lines: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail, and all lines are as long as the first.
    let _ = writer.write_record(columns);
    for line in lines {
        let _ = writer.write_record(line.iter().map(|cell| safe(cell)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [(&str, bool); 2] = [("name", true), ("email", false)];

    #[test]
    fn lines_keep_the_numbers_that_they_have_in_the_file() {
        let sheet = Sheet::read("\u{feff}Name;EMAIL\r\n\r\n\"A\r\nB\";a@b.c\r\nC\r\n", &COLUMNS, 10).expect("a table");
        let read: Vec<_> = sheet.lines.iter().map(|line| (line.number, sheet.at(line, "name"), sheet.fits(line))).collect();
        assert_eq!(read, [(3, "A\r\nB", true), (5, "C", false)]);
    }

    #[test]
    fn tabs_divide_cells_too() {
        let sheet = Sheet::read("name\temail\nA, B; C\ta@b.c\n", &COLUMNS, 10).expect("a table");
        assert_eq!((sheet.at(&sheet.lines[0], "name"), sheet.at(&sheet.lines[0], "email")), ("A, B; C", "a@b.c"));
    }

    #[test]
    fn columns_that_are_missing_unknown_or_there_twice_are_refused() {
        let code = |text: &str| Sheet::read(text, &COLUMNS, 1).err().map(|problem| problem.code);
        assert_eq!(code("email\na@b.c"), Some(UserErrorCode::Incomplete));
        assert_eq!(code("name,phone\nA,1"), Some(UserErrorCode::Invalid));
        assert_eq!(code("name,name\nA,A"), Some(UserErrorCode::Invalid));
        assert_eq!(code("name\nA\nB"), Some(UserErrorCode::LimitReached));
        assert_eq!(code(""), Some(UserErrorCode::Incomplete));
    }

    #[test]
    fn numbers_below_zero_stay_numbers() {
        let written = write(&["gain"], ["-3.5", "-3+4", "+3"].map(|cell| vec![cell.to_owned()]));
        assert_eq!(written, "gain\r\n-3.5\r\n'-3+4\r\n'+3\r\n");
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_each_is_read_back(name in "[=+@'a-z,;-]{1,12}") {
            let written = write(&["name", "email"], [vec![name.clone(), "x".to_owned()]]);
            let body = written.split_once("\r\n").expect("a head").1.trim_start_matches('"');
            prop_assert!(!body.starts_with(FORMULA), "{}", written);
            let sheet = Sheet::read(&written, &COLUMNS, 1).expect("a table");
            // An apostrophe before a formula is taken for ours.
            let plain = name.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(&name);
            prop_assert_eq!(sheet.at(&sheet.lines[0], "name"), plain);
        }
    }
}
