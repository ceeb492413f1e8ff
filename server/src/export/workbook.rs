//! Workbooks (XLSX): a cover, then a sheet each table; typed cells, a header that stays, widths that fit. Rows go to a
//! temporary file as they come; a table that is longer than a sheet goes on in the next one.

use super::cover::{self, Cover};
use super::sheet::Sheet;
use super::tongue::Tongue;
use crate::store::StoreError;
use outpost_model::table::{CellType, Column};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use std::io::Write;

/// Rows of a sheet, its header included.
const MOST_ROWS: u32 = 1_048_576;
/// Longest text of a cell, in the units that Excel counts.
const MOST_TEXT: usize = 32_767;
/// Rows by which the widths of text columns are found.
const MEASURED: u32 = 500;
/// Whole numbers that a spreadsheet keeps exactly.
const EXACT: i64 = 1 << 53;

const STEEL: u32 = 0x0010_171E;
const GROUND: u32 = 0x00EC_EFF2;
const LINE: u32 = 0x00C3_CBD4;

pub(super) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    tongue: Tongue,
    most_rows: u32,
    table: Option<Table>,
}

/// The table that is being written, and the sheet on which it stands now.
struct Table {
    title: &'static str,
    columns: Vec<Column>,
    /// Its sheet in the book, and which one of its own that is.
    sheet: usize,
    nth: u32,
    /// Next row of the sheet.
    row: u32,
    widths: Vec<usize>,
}

fn fault(error: XlsxError) -> StoreError {
    match error {
        XlsxError::IoError(error) => StoreError::Folder(error),
        other => StoreError::Folder(std::io::Error::other(other.to_string())),
    }
}

impl Workbook {
    pub fn begin(tongue: Tongue) -> Result<Self, StoreError> {
        Self::with_rows(tongue, MOST_ROWS)
    }

    fn with_rows(tongue: Tongue, most_rows: u32) -> Result<Self, StoreError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().set_name(tongue.of("封面", "Cover")).map_err(fault)?;
        Ok(Self { book, tongue, most_rows, table: None })
    }

    pub fn begin_table(&mut self, title: (&'static str, &'static str), columns: Vec<Column>) -> Result<(), StoreError> {
        let title = self.tongue.pair(title);
        let widths = columns.iter().map(|column| wide(&head(column, self.tongue)) + 3).collect();
        let table = Table { title, columns, sheet: 0, nth: 0, row: 0, widths };
        self.table = Some(table);
        self.next_sheet()
    }

    fn next_sheet(&mut self) -> Result<(), StoreError> {
        let Some(table) = &mut self.table else { return Ok(()) };
        table.nth += 1;
        table.sheet = self.book.worksheets().len();
        table.row = 1;
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(fault)?;
        let done = (|| {
            match table.nth {
                1 => sheet.set_name(table.title)?,
                nth => sheet.set_name(format!("{} {nth}", table.title))?,
            };
            for (at, column) in table.columns.iter().enumerate() {
                if let Some(format) = format_of(column.cell) {
                    sheet.set_column_format(at as u16, &format)?;
                }
            }
            let header = header();
            for (at, column) in table.columns.iter().enumerate() {
                sheet.write_string_with_format(0, at as u16, head(column, self.tongue), &header)?;
            }
            sheet.set_freeze_panes(1, 1)?;
            sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
            sheet.set_repeat_rows(0, 0)?;
            sheet.set_footer("&C&P / &N");
            Ok(())
        })();
        done.map_err(fault)
    }

    pub fn row(&mut self, cells: &[String]) -> Result<(), StoreError> {
        if self.table.as_ref().is_some_and(|table| table.row >= self.most_rows) {
            self.end_sheet()?;
            self.next_sheet()?;
        }
        let Some(table) = &mut self.table else { return Ok(()) };
        let sheet = self.book.worksheet_from_index(table.sheet).map_err(fault)?;
        for (at, (column, cell)) in table.columns.iter().zip(cells).enumerate() {
            if !cell.is_empty() {
                write_cell(sheet, table.row, at as u16, column.cell, cell).map_err(fault)?;
            }
            if column.cell == CellType::Text && table.row <= MEASURED && table.nth == 1 {
                table.widths[at] = table.widths[at].max(wide(cell) + 2);
            }
        }
        table.row += 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), StoreError> {
        let Some(table) = &self.table else { return Ok(()) };
        let sheet = self.book.worksheet_from_index(table.sheet).map_err(fault)?;
        for (at, column) in table.columns.iter().enumerate() {
            let least = match column.cell {
                CellType::Moment => 17,
                CellType::Date | CellType::Money => 12,
                CellType::Text | CellType::Number | CellType::YesNo => 8,
            };
            sheet.set_column_width(at as u16, table.widths[at].clamp(least, 48) as f64).map_err(fault)?;
        }
        let last = table.columns.len().saturating_sub(1) as u16;
        sheet.autofilter(0, 0, table.row.saturating_sub(1).max(1), last).map(drop).map_err(fault)
    }

    pub fn end_table(&mut self) -> Result<(), StoreError> {
        self.end_sheet()?;
        self.table = None;
        Ok(())
    }

    /// The attendance sheet, ready to be printed on A4.
    pub fn sheet(&mut self, sheet: &Sheet) -> Result<(), StoreError> {
        let name = self.tongue.of("考勤表", "Attendance sheet");
        draw_roster(self.book.add_worksheet(), name, sheet).map_err(fault)
    }

    pub fn finish(mut self, cover: &Cover, out: &mut (dyn Write + Send)) -> Result<(), StoreError> {
        let names: Vec<String> = self.book.worksheets().iter().skip(1).map(Worksheet::name).collect();
        draw_cover(self.book.worksheet_from_index(0).map_err(fault)?, cover, &names).map_err(fault)?;
        self.book.save_to_writer(out).map_err(fault)
    }
}

/// What stands over a column; money is in yuan here.
fn head(column: &Column, tongue: Tongue) -> String {
    let text = tongue.of(column.zh, column.en);
    match column.cell {
        CellType::Money => text.replace("（分）", "（元）").replace("(fen)", "(¥)"),
        _ => text.to_owned(),
    }
}

fn format_of(cell: CellType) -> Option<Format> {
    match cell {
        CellType::Money => Some(Format::new().set_num_format("#,##0.00")),
        CellType::Moment => Some(Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left)),
        CellType::Date => Some(Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left)),
        CellType::Text | CellType::Number | CellType::YesNo => None,
    }
}

fn header() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(0x00FF_FFFF)
        .set_background_color(STEEL)
        .set_align(FormatAlign::VerticalCenter)
}

/// A cell as what it is. What doesn't read as its type stays text: it is never dropped.
fn write_cell(sheet: &mut Worksheet, row: u32, at: u16, cell: CellType, text: &str) -> Result<(), XlsxError> {
    let number = || text.parse::<i64>().ok().filter(|number| number.abs() <= EXACT);
    let done = match cell {
        CellType::Number => number().map(|number| sheet.write_number(row, at, number as f64)),
        CellType::Money => number().map(|fen| sheet.write_number(row, at, fen as f64 / 100.0)),
        CellType::YesNo => Some(sheet.write_boolean(row, at, text == "1")),
        CellType::Moment | CellType::Date => moment(text).map(|moment| sheet.write_datetime(row, at, &moment)),
        CellType::Text => None,
    };
    match done {
        Some(done) => done.map(drop),
        None => sheet.write_string(row, at, within(text)).map(drop),
    }
}

/// A day, or the clock on the company's wall at a moment.
fn moment(text: &str) -> Option<ExcelDateTime> {
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u16>().ok());
    let small = |from, to| number(from, to).and_then(|n| u8::try_from(n).ok());
    let day = ExcelDateTime::from_ymd(number(0, 4)?, small(5, 7)?, small(8, 10)?).ok()?;
    if text.len() == 10 {
        return Some(day);
    }
    day.and_hms(number(11, 13)?, small(14, 16)?, f64::from(number(17, 19)?)).ok()
}

/// No cell holds more; what is cut off ends in `…`.
fn within(text: &str) -> String {
    if text.len() <= MOST_TEXT || text.encode_utf16().count() <= MOST_TEXT {
        return text.to_owned();
    }
    let mut room = MOST_TEXT - 1;
    let kept = text.chars().take_while(|one| {
        let fits = one.len_utf16() <= room;
        room = room.saturating_sub(one.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}

/// How wide a text stands, in figures.
fn wide(text: &str) -> usize {
    text.chars().map(|one| if (one as u32) < 0x2E80 { 1 } else { 2 }).sum()
}

fn draw_roster(sheet: &mut Worksheet, name: &str, of: &Sheet) -> Result<(), XlsxError> {
    let (days, sums) = (&of.roster.days, of.sums());
    let columns = (2 + days.len() + sums.len()) as u16;
    let border = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(LINE);
    let middle = |format: Format| border(format).set_align(FormatAlign::Center);
    let (head, day_off) = (middle(header()), middle(Format::new().set_background_color(GROUND)));
    let (plain, mark) = (border(Format::new()), middle(Format::new()));
    sheet.set_name(name)?;
    sheet.write_string_with_format(0, 0, of.title(), &Format::new().set_bold().set_font_size(16))?;
    sheet.write_string(1, 0, of.span())?;
    for (at, text) in of.heads().into_iter().enumerate() {
        sheet.merge_range(2, at as u16, 3, at as u16, text, &head)?;
    }
    for (at, day) in days.iter().enumerate() {
        let column = 2 + at as u16;
        let date = day.to_string();
        sheet.write_string_with_format(2, column, date.get(8..).unwrap_or_default(), &head)?;
        sheet.write_string_with_format(3, column, of.weekday(*day), &head)?;
    }
    for (at, text) in sums.iter().enumerate() {
        let column = (2 + days.len() + at) as u16;
        sheet.merge_range(2, column, 3, column, text, &head)?;
        sheet.set_column_width(column, (wide(text) + 2) as f64)?;
    }
    for (n, line) in of.roster.lines.iter().enumerate() {
        let row = 4 + n as u32;
        sheet.write_string_with_format(row, 0, &line.name, &plain)?;
        sheet.write_string_with_format(row, 1, line.person.as_str(), &plain)?;
        for (day, is_off) in of.weekend.iter().enumerate() {
            let format = if *is_off { &day_off } else { &mark };
            sheet.write_string_with_format(row, 2 + day as u16, of.mark(line, day), format)?;
        }
        let mut column = 2 + days.len() as u16;
        for count in line.totals.days.iter().chain([&line.totals.attended]) {
            sheet.write_number_with_format(row, column, *count, &mark)?;
            column += 1;
        }
        let hours = (line.totals.worked_minutes as f64 / 6.0).round() / 10.0;
        sheet.write_number_with_format(row, column, hours, &border(Format::new().set_num_format("0.0")))?;
        let signed = if of.is_signed(line) { "✓" } else { "" };
        sheet.write_string_with_format(row, column + 1, signed, &mark)?;
    }
    let foot = 5 + of.roster.lines.len() as u32;
    sheet.write_string(foot, 0, of.legend())?;
    let names = of.roster.lines.iter().map(|line| wide(&line.name)).max().unwrap_or(0);
    sheet.set_column_width(0, names.clamp(8, 24) as f64 + 2.0)?;
    sheet.set_column_width(1, 10.0)?;
    for at in 0..days.len() {
        sheet.set_column_width(2 + at as u16, 4.0)?;
    }
    sheet.set_freeze_panes(4, 2)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, 3)?;
    sheet.set_footer("&C&P / &N");
    sheet.set_print_area(0, 0, foot, columns.saturating_sub(1)).map(drop)
}

fn draw_cover(sheet: &mut Worksheet, cover: &Cover, names: &[String]) -> Result<(), XlsxError> {
    let t = cover.tongue;
    let (bold, faint) = (Format::new().set_bold(), Format::new().set_font_color(0x0055_616E));
    let title = t.of("Outpost 导出", "Outpost export");
    sheet.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(16))?;
    sheet.write_string_with_format(1, 0, &cover.verdict, &bold.clone().set_font_size(12))?;
    let mut row = 3;
    for (word, value) in cover.lines() {
        sheet.write_string_with_format(row, 0, word, &faint)?;
        sheet.write_string(row, 1, value)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, t.of("工作表", "Sheets"), &faint)?;
    sheet.write_string(row, 1, names.join(t.of("、", ", ")))?;
    row += 2;
    if !cover.phones.is_empty() {
        let heads = [
            t.of("手机", "Phone"),
            t.of("设备号", "Device"),
            t.of("上次联系", "Last contact"),
            t.of("未送", "Unsent"),
            t.of("齐不齐", "Complete"),
        ];
        for (at, text) in heads.into_iter().enumerate() {
            sheet.write_string_with_format(row, at as u16, text, &header())?;
        }
    }
    let when = Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left);
    for phone in &cover.phones {
        row += 1;
        sheet.write_string(row, 0, &phone.owner)?;
        sheet.write_string(row, 1, &phone.device)?;
        if let Some(at) = moment(&format!("{}:00", phone.contact_text)) {
            sheet.write_datetime_with_format(row, 2, &at, &when)?;
            sheet.write_number(row, 3, phone.unsent)?;
        }
        sheet.write_string(row, 4, cover::state(phone.heard, t))?;
    }
    for (at, width) in [18.0, 24.0, 18.0, 8.0, 22.0].into_iter().enumerate() {
        sheet.set_column_width(at as u16, width)?;
    }
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
    use outpost_model::table::Table as Kind;
    use std::io::Cursor;

    fn cover() -> Cover {
        Cover {
            tongue: Tongue::Zh,
            holds: vec!["旗标，全部日期，全部驻点".into()],
            by: "总部".into(),
            made: "2026-10-26 09:40".into(),
            seq: 7,
            chain: "9c41".into(),
            policy: 1,
            verdict: "1 台在用手机，都已齐。".into(),
            is_whole: true,
            phones: Vec::new(),
        }
    }

    fn read(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        open_workbook_from_rs(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn a_table_longer_than_a_sheet_goes_on_in_the_next_and_loses_no_row() {
        let mut book = Workbook::with_rows(Tongue::Zh, 4).unwrap();
        book.begin_table(Kind::Flags.title(), Kind::Flags.columns().to_vec()).unwrap();
        for n in 0..7 {
            book.row(&["conflict".into(), format!("WO-{n}"), String::new()]).unwrap();
        }
        book.end_table().unwrap();
        let mut out = Vec::new();
        book.finish(&cover(), &mut out).unwrap();
        let mut book = read(out);
        assert_eq!(book.sheet_names(), ["封面", "旗标", "旗标 2", "旗标 3"]);
        let mut numbers = Vec::new();
        for sheet in ["旗标", "旗标 2", "旗标 3"] {
            let range = book.worksheet_range(sheet).unwrap();
            assert_eq!(range.get((0, 1)), Some(&Data::String("工单号".into())), "each has its header");
            numbers.extend(range.rows().skip(1).map(|row| row[1].to_string()));
        }
        assert_eq!(numbers, (0..7).map(|n| format!("WO-{n}")).collect::<Vec<_>>());
    }

    #[test]
    fn cells_are_what_they_are() {
        let mut book = Workbook::begin(Tongue::Zh).unwrap();
        book.begin_table(Kind::Charges.title(), Kind::Charges.columns().to_vec()).unwrap();
        let long = "长".repeat(40_000);
        let cells =
            ["=1+1", "v", "c", "s", "u", "2026-10-20T16:30:00+08:00", &long, "105000", "cash", "", "nonsense", ""];
        book.row(&cells.map(String::from)).unwrap();
        book.end_table().unwrap();
        let mut out = Vec::new();
        book.finish(&cover(), &mut out).unwrap();
        let range = read(out).worksheet_range("收费").unwrap();
        assert_eq!(range.get((0, 7)), Some(&Data::String("金额（元）".into())));
        assert_eq!(range.get((1, 0)), Some(&Data::String("=1+1".into())), "no formula");
        assert_eq!(range.get((1, 7)), Some(&Data::Float(1_050.0)));
        let Some(Data::DateTime(at)) = range.get((1, 5)) else { panic!("{:?}", range.get((1, 5))) };
        assert_eq!(at.to_ymd_hms_milli(), (2026, 10, 20, 16, 30, 0, 0));
        assert_eq!(range.get((1, 9)), Some(&Data::Empty));
        assert_eq!(range.get((1, 10)), Some(&Data::String("nonsense".into())), "what isn't a moment stays");
        let Some(Data::String(text)) = range.get((1, 6)) else { panic!() };
        assert_eq!((text.chars().count(), text.ends_with('…')), (MOST_TEXT, true));
    }
}
