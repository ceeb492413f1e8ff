//! The tables that people read, made from the lists that the code reads.

use crate::{check_page, check_table, samples};
use outpost_model::access::Action;
use outpost_model::admission::RefusalCode;
use outpost_model::command::Place;
use outpost_model::field;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::State;
use outpost_model::form::{Answers, FormField, builtins};
use outpost_model::header::Kind;
use outpost_model::problem::Code;
use outpost_model::roster::LEGEND;
use outpost_model::table::{CellType, Table};

#[test]
fn every_problem_stands_on_its_page() {
    let mut page = String::from(
        "# Problems\n\nMade from `core/model/src/problem.rs` by a test (`core/model/tests/vectors/`). Every answer that isn't\n\
         yes has one of these codes. A number is never reused, a code never renamed.\n\n\
         An HTTP answer carries one as `application/problem+json` (`docs/protocol.md`); a verdict on a step carries the\n\
         code alone, and the status is that which the same problem would have as an answer to a whole request.\n\n\
         | number | code | status | 中文 | English |\n|---|---|---|---|---|\n",
    );
    let mut codes = Code::ALL.to_vec();
    codes.sort_by_key(|code| code.number());
    for code in codes {
        let (number, name, status) = (code.number(), code.name(), code.status());
        page += &format!("| {number} | `{name}` | {status} | {} | {} |\n", code.zh(), code.en());
    }
    page += "\n## What the gate found\n\nA change that is refused carries one of the codes above, and the gate's own finer \
             code in the detail.\n\n| gate's code | becomes | meaning |\n|---|---|---|\n";
    for refusal in RefusalCode::ALL {
        let problem = Code::from(*refusal).name();
        page += &format!("| `{}` | `{problem}` | {} |\n", refusal.code(), refusal.sentence());
    }
    check_page("problems.md", &page);
}

#[test]
fn every_export_stands_on_its_page() {
    let mut page = String::from(
        "# Exports\n\nMade from `core/model/src/table.rs` by a test (`core/model/tests/vectors/`). One ordered list of columns\n\
         feeds files and screens.\n\n\
         A file is UTF-8, with a header line and LF; rows are sorted by their leading columns as strings, decisions by\n\
         their place in the log. Moments are RFC\n\
         3339 to the second with the tenant's offset, dates `YYYY-MM-DD`, yes and no 1 and 0; money is in fen; what there\n\
         isn't is empty, counts and minutes 0.\n\n\
         `outpost export NAME` and the console's page of exports write the same files: all rows or a cut of them (days,\n\
         stations, columns). A period is about the day of a row in the company's zone: the day a call was opened (orders,\n\
         flags), of the arrival (visits, parts), when money was taken, goods were taken back, a customer signed, work\n\
         was done, something was decided; what has no moment of its own goes with its order's opening.\n\n\
         - **CSV**; for Excel (`--bom`, and from the console) with a mark by which it knows UTF-8, and an apostrophe before\n  \
         any text that it would run as a formula.\n\
         - **JSON Lines**: one object a row, with numbers, booleans and null.\n\
         - **XLSX**: a cover, then a sheet each table with typed cells, a header that stays and money in yuan; a table of more\n  \
         rows than a sheet holds (1,048,576 with its header) goes on in the next. `package` is a month of all tables.\n\
         - The **cover** says how complete it is: up to which row of the log and its chain head, and of each phone when it\n  \
         was last heard of and what it still held. For a CSV it is a file beside it (`--cover`).\n\n\
         Nobody takes along rows that he may not read: a station lead his station's, a cashier nothing of people's time;\n\
         decisions go to who may read everything. Each file that the console gives leaves a line in the audit.\n",
    );
    for table in Table::ALL {
        page += &format!("\n## {}\n\n| column | 中文 | English | holds |\n|---|---|---|---|\n", table.name());
        for column in table.columns() {
            let holds = match column.cell {
                CellType::Text => "text",
                CellType::Number => "whole number",
                CellType::Money => "fen",
                CellType::YesNo => "1 or 0",
                CellType::Moment => "moment",
                CellType::Date => "date",
            };
            page += &format!("| `{}` | {} | {} | {holds} |\n", column.name, column.zh, column.en);
        }
    }
    let list = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    page += &format!(
        "\n## Words in cells\n\n`state`, the first that holds: {}.\n\n`kind` of a flag: {}.\n",
        list(State::ALL.iter().map(|state| state.name()).collect()),
        list(FlagKind::ALL.iter().map(|kind| kind.name()).collect()),
    );
    page += &roster_legend();
    check_page("exports.md", &page);
}

/// What the characters on the attendance sheet mean.
fn roster_legend() -> String {
    let mut table = String::from(
        "\n## The attendance sheet\n\nPeople down, days across, one character a day, and what the days come to. A day that \
         hasn't ended is empty.\n\n| 中文 | English | stands for | 中文 | English |\n|---|---|---|---|---|\n",
    );
    for mark in LEGEND {
        let (status, zh, en) = (mark.status.name(), mark.zh, mark.en);
        table += &format!("| {zh} | {en} | `{status}` | {} | {} |\n", mark.zh_name, mark.en_name);
    }
    table
}

/// The built-in forms, each with what it asks for.
fn forms() -> String {
    let mut table = String::from(
        "| form | 中文 | English | no. | how often | approved by | fields |\n|---|---|---|---|---|---|---|\n",
    );
    for form in builtins() {
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let rhythm = word(serde_json::to_value(form.rhythm).unwrap());
        let approver = form.approver.map(|approver| word(serde_json::to_value(approver).unwrap())).unwrap_or_default();
        let fields: Vec<String> = form.fields.iter().map(field_text).collect();
        table += &format!(
            "| `{}` | {} | {} | {} | {rhythm} | {approver} | {} |\n",
            form.form,
            form.zh,
            form.en,
            form.number.as_deref().unwrap_or_default(),
            fields.join("; ")
        );
    }
    table
}

fn field_text(field: &FormField) -> String {
    let needed = if field.needed { "*" } else { "" };
    let kind = match &field.answer {
        Answers::Text => "text".to_owned(),
        Answers::Number => "number".to_owned(),
        Answers::Money => "money".to_owned(),
        Answers::Date => "date".to_owned(),
        Answers::YesNo => "yes or no".to_owned(),
        Answers::Choice { options } => {
            options.iter().map(|option| format!("`{}`", option.code)).collect::<Vec<_>>().join(", ")
        }
        Answers::Table { columns } => {
            format!("lines of ({})", columns.iter().map(field_text).collect::<Vec<_>>().join(", "))
        }
    };
    format!("`{}`{needed} {}: {kind}", field.name, field.zh)
}

/// One test for the four: they are written to one file.
#[test]
fn the_schema_names_every_field_entry_and_command() {
    check_table("schema.md", "fields", &fields());
    check_table("schema.md", "entries", &entries());
    check_table("schema.md", "commands", &commands());
    check_table("schema.md", "forms", &forms());
}

fn fields() -> String {
    let mut table = String::from("| kind | field | 中文 | English |\n|---|---|---|---|\n");
    for kind in Kind::ALL {
        for field in field::of(kind) {
            table += &format!("| {} | `{}` | {} | {} |\n", kind.name(), field.name, field.zh, field.en);
        }
    }
    table
}

fn entries() -> String {
    let mut table =
        String::from("| type | on | right asked for | signed for | example of `do` |\n|---|---|---|---|---|\n");
    for (_, body) in samples::entries() {
        let on: Vec<&str> = Kind::ALL.into_iter().filter(|kind| body.kind_fits(*kind)).map(Kind::name).collect();
        let right = Action::of_entry(&body).map_or("none: its author".to_owned(), |action| format!("{action:?}"));
        let signed = if body.is_covered_by_signature() { "yes" } else { "" };
        let text = outpost_model::canon::to_canonical(&body).unwrap();
        table += &format!("| `{}` | {} | {right} | {signed} | `{text}` |\n", body.name(), on.join(", "));
    }
    table
}

fn commands() -> String {
    let mut table =
        String::from("| `type` | in flags and logs | right asked for | question | hangs on |\n|---|---|---|---|---|\n");
    for ask in samples::asks() {
        let command = samples::command(ask.clone());
        let text = outpost_model::canon::to_canonical(&ask).unwrap();
        let tag = text.rsplit(r#""type":""#).next().and_then(|rest| rest.split('"').next()).unwrap();
        let place = match ask.place(&samples::tenant(), &samples::user("u-e1")) {
            Place::Page(page) if page == samples::order_id() => "the order",
            Place::Page(page) if page == samples::header(Kind::Customer).page() => "the customer",
            Place::Page(page) if page == samples::header(Kind::Attendance).page() => "the attendance page",
            Place::Page(page) if page == samples::header(Kind::Record).page() => "the form",
            Place::Page(_) => "the page",
            Place::Records => "the records",
            Place::Devices => "the devices",
            Place::Person(_) => "the asker",
        };
        let action = format!("{:?}", Action::of_ask(&ask));
        let question = command.question().to_string();
        // What stands after the colon is this sample's.
        let question = match question.split_once(':') {
            Some((word, _)) => format!("`{word}:…`"),
            None => format!("`{question}`"),
        };
        table += &format!("| `{tag}` | `{}` | {action} | {question} | {place} |\n", ask.name());
    }
    table
}
