//! Exports: what, which days and stations, which columns, which file; how many rows there will be and how complete they
//! are before anything is taken along; one button. Every file leaves a line in the audit.

mod choice;
mod running;

use super::audit::{self, Act};
use super::page::{Frame, Nav, render_as};
use super::show::{Almanac, grouped};
use super::visit::{Fields, Filed, Visitor};
use super::words::Words;
use crate::export::{Cover, Export, Paper, Tongue, counts};
use crate::http::{Gateway, Problem};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use choice::{Choice, Trouble};
use outpost_model::problem::Code;
use outpost_model::table::{Heard, Table};
use running::Running;
use serde::Serialize;
use std::sync::Arc;

/// A table that can be chosen.
struct Tile {
    name: &'static str,
    word: &'static str,
    /// How many rows, or what a row is where nobody has counted.
    note: String,
    is_chosen: bool,
}

pub struct Pick {
    pub value: String,
    pub word: String,
    pub is_chosen: bool,
}

struct Line {
    owner: String,
    device: String,
    contact: String,
    unsent: String,
    look: &'static str,
    icon: &'static str,
    state: String,
}

#[derive(Template)]
#[template(path = "exports.html")]
struct Page {
    f: Frame,
    tiles: Vec<Tile>,
    table: &'static str,
    from: String,
    to: String,
    trouble: Option<&'static str>,
    months: Vec<(String, String, bool)>,
    stations: Vec<Pick>,
    layouts: Vec<Pick>,
    formats: Vec<Pick>,
    columns: Vec<Pick>,
    verdict: String,
    is_whole: bool,
    drawn: String,
    lines: Vec<Line>,
    log: String,
    button: String,
    packages: Vec<Pick>,
    id: String,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/exports", get(page))
        .route("/exports/cover", get(cover))
        .route("/exports/file", post(file))
        .route("/exports/progress", get(progress))
        .layer(Extension(Arc::new(Running::default())))
}

fn fields_of(visitor: &Visitor) -> Fields {
    Fields::parse(visitor.address.split_once('?').map_or("", |(_, query)| query).as_bytes())
}

async fn page(State(gateway): State<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Exports.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, &fields_of(&visitor), StatusCode::OK)).await
}

/// The cover alone, as text: to look at, or to lie beside a CSV.
async fn cover(State(gateway): State<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Exports.check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let choice = Choice::of(&visitor, &fields_of(&visitor))?;
            let text = cover_of(gateway, &visitor, &choice)?.text();
            Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
        })
        .await
}

fn paper(visitor: &Visitor) -> Paper {
    Paper {
        tongue: visitor.w.tongue(),
        now: visitor.now,
        by: visitor.sight.person.name.clone(),
        people: visitor.sight.people().clone(),
    }
}

fn export_of(visitor: &Visitor, choice: &Choice) -> Export {
    Export { format: choice.format, parts: choice.parts(visitor), paper: paper(visitor) }
}

fn cover_of(gateway: &Gateway, visitor: &Visitor, choice: &Choice) -> Result<Cover, Problem> {
    Ok(export_of(visitor, choice).cover(gateway.relay())?)
}

async fn file(
    State(gateway): State<Arc<Gateway>>,
    Extension(running): Extension<Arc<Running>>,
    filed: Filed,
) -> Result<Response, Problem> {
    let Filed { visitor, fields } = filed;
    Nav::Exports.check(&visitor)?;
    let choice = Choice::of(&visitor, &fields)?;
    if choice.trouble.is_some() {
        return gateway
            .blocking(move |gateway| draw(gateway, &visitor, &fields, StatusCode::UNPROCESSABLE_ENTITY))
            .await;
    }
    let export = export_of(&visitor, &choice);
    // Whatever a table's rows tell of must be his to read.
    if export.parts.is_empty() || export.parts.iter().any(|part| part.cut.reach.is_nothing()) {
        return Err(Problem::of(Code::NotFound));
    }
    let told = choice.told();
    let writing = running.begin(&visitor.user, fields.get("id"))?;
    let by = visitor.user.clone();
    gateway
        .blocking(move |gateway| {
            audit::note(gateway, &by, Act::Export, told);
            Ok(())
        })
        .await?;
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", choice.file_name()))
        .map_err(|_| Problem::of(Code::BadRequest))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(choice.format.media_type())),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, running::stream(gateway, export, writing)).into_response())
}

#[derive(Serialize)]
struct Reached {
    rows: u64,
    done: bool,
    words: String,
}

async fn progress(Extension(running): Extension<Arc<Running>>, visitor: Visitor) -> Result<Response, Problem> {
    let (rows, end) = running.reached(&visitor.user, visitor.asked("id")).ok_or(Problem::of(Code::NotFound))?;
    let count = grouped(rows);
    let words = match end {
        None => visitor.w.export_rows_so_far(count),
        Some(true) => visitor.w.export_rows_done(count),
        Some(false) => visitor.w.export_broke_off(count),
    };
    Ok(Json(Reached { rows, done: end.is_some(), words }).into_response())
}

fn draw(gateway: &Gateway, visitor: &Visitor, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let choice = Choice::of(visitor, fields)?;
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let tables = choice::tables(visitor);
    let cuts: Vec<_> = tables.iter().map(|table| (*table, choice.cut(visitor, *table))).collect();
    let counted = match choice.trouble {
        None => counts(gateway.relay(), &cuts)?,
        Some(_) => vec![None; cuts.len()],
    };
    let chosen_count = tables.iter().position(|table| *table == choice.table).and_then(|at| counted[at]);
    let tiles = tables.iter().zip(&counted).map(|(table, count)| Tile {
        name: table.name(),
        word: w.tongue().pair(table.title()),
        note: count.map_or_else(|| w.export_row_is(*table).to_owned(), |count| w.export_rows(grouped(count))),
        is_chosen: *table == choice.table,
    });
    let cover = cover_of(gateway, visitor, &choice)?;
    let lines = cover.phones.iter().map(|phone| {
        let (look, icon) = look_of(phone.heard);
        Line {
            owner: phone.owner.clone(),
            device: phone.device.clone(),
            contact: phone.contact.map(|at| almanac.moment(at)).unwrap_or_default(),
            unsent: phone.contact.map_or_else(|| w.export_unknown().to_owned(), |_| phone.unsent.to_string()),
            look,
            icon,
            state: w.phone_heard(phone.heard, |at| almanac.moment(at)),
        }
    });
    let format = choice.format_word();
    let button = match chosen_count {
        _ if choice.as_sheet => w.export_button_plain(format),
        Some(rows) => w.export_button(format, grouped(rows)),
        None => w.export_button_plain(format),
    };
    let pick = |value: &str, word: &str, is_chosen| Pick { value: value.to_owned(), word: word.to_owned(), is_chosen };
    let reach = visitor.sight.table(choice.table, directory);
    let stations =
        directory.stations.values().filter(|one| choice.table.has_stations() && reach.holds(Some(&one.station)));
    let chosen_columns = choice.columns();
    let columns = choice.table.columns().iter().enumerate();
    Ok(render_as(
        status,
        &Page {
            tiles: tiles.collect(),
            table: choice.table.name(),
            from: choice.from.clone(),
            to: choice.to.clone(),
            trouble: choice.trouble.map(|trouble| trouble_word(w, trouble)),
            months: choice.months(visitor),
            stations: stations
                .map(|one| pick(one.station.as_str(), &one.name, choice.at.as_ref() == Some(&one.station)))
                .collect(),
            layouts: match choice.table {
                Table::Attendance => vec![
                    pick("rows", w.export_by_rows(), !choice.as_sheet),
                    pick("sheet", w.export_as_sheet(), choice.as_sheet),
                ],
                _ => Vec::new(),
            },
            formats: choice::FORMATS
                .iter()
                .filter(|(name, ..)| !(choice.as_sheet && *name == "jsonl"))
                .map(|(name, word, format)| pick(name, word, *format == choice.format))
                .collect(),
            columns: match choice.as_sheet {
                true => Vec::new(),
                false => columns
                    .map(|(at, column)| {
                        let is_chosen = chosen_columns.is_empty() || chosen_columns.contains(&at);
                        pick(column.name, w.of(column.zh, column.en), is_chosen)
                    })
                    .collect(),
            },
            verdict: cover.verdict.clone(),
            is_whole: cover.is_whole,
            drawn: almanac.moment(visitor.now),
            lines: lines.collect(),
            log: w.export_log(grouped(cover.seq), &cover.chain[..16.min(cover.chain.len())], cover.policy),
            button,
            packages: choice.packages(visitor),
            id: super::act::fresh_id(visitor.now),
            f: Frame::of(visitor, Some(Nav::Exports), w.exports()),
        },
    ))
}

fn look_of(heard: Heard) -> (&'static str, &'static str) {
    match heard {
        Heard::Whole => ("green bare", "circle-check"),
        Heard::Holds(_) | Heard::SilentSince(_) => ("amber outlined", "clock-question"),
        Heard::Never => ("amber outlined", "wifi-off"),
        Heard::Ended => ("slate outlined", "lock"),
    }
}

fn trouble_word(w: Words, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoDay => w.export_no_day(),
        Trouble::Backwards => w.export_backwards(),
        Trouble::TooManyDays => w.export_too_many_days(),
    }
}

impl Words {
    pub fn tongue(self) -> Tongue {
        if self.is_zh() { Tongue::Zh } else { Tongue::En }
    }

    /// What one row is, where nobody has counted them.
    fn export_row_is(self, table: Table) -> &'static str {
        match table {
            Table::Parts => self.of("每种配件一行", "one row a part"),
            Table::Daily => self.of("每人每天一行", "one row a person and day"),
            Table::Decisions => self.of("每个决定一行", "one row a decision"),
            Table::Orders
            | Table::Attendance
            | Table::Flags
            | Table::Sealed
            | Table::Visits
            | Table::Charges
            | Table::Custody
            | Table::Surveys => "",
        }
    }

    fn phone_heard(self, heard: Heard, moment: impl Fn(outpost_model::time::Millis) -> String) -> String {
        match heard {
            Heard::Whole => self.of("齐", "Complete").to_owned(),
            Heard::Holds(n) => self.export_may_lack(n),
            Heard::SilentSince(at) => self.export_silent_since(moment(at)),
            Heard::Never => self.of("从没联系过", "Never heard of").to_owned(),
            Heard::Ended => self.of("已停用，不再计入", "No longer in use").to_owned(),
        }
    }
}
