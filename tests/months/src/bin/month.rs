//! Writes a generated month as a folder: `org.json`, `log.jsonl` and `expected/*.csv`.

use outpost_months::generate::{self, Shape};
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
month: writes a month of field service, and the truth about it

usage: month --seed N --out DIR [--size small|medium|large | --story NAME]

  --seed N     which month; the same seed and size give the same bytes
  --out DIR    the folder to write: org.json, log.jsonl, expected/*.csv (made if missing, files replaced)
  --size SIZE  how much happens: small, medium (the default) or large
  --story NAME a month in which only this story is told; --story list names them
  --help       this text
";

struct Wish {
    seed: u64,
    out: PathBuf,
    shape: Shape,
    story: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    if arguments == ["--story", "list"] {
        println!("{}", generate::evening_stories().join("\n"));
        return ExitCode::SUCCESS;
    }
    match parse_wish(&arguments).and_then(|wish| write(&wish)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(said) => {
            eprintln!("month: {said}\n\n{HELP}");
            ExitCode::FAILURE
        }
    }
}

fn parse_wish(arguments: &[String]) -> Result<Wish, String> {
    let (mut seed, mut out, mut shape, mut story) = (None, None, Shape::MEDIUM, None);
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--seed" => seed = Some(value.parse().map_err(|_| format!("{value} is not a whole number"))?),
            "--out" => out = Some(PathBuf::from(value)),
            "--story" => story = Some(value.clone()),
            "--size" => shape = parse_size(value)?,
            _ => return Err(format!("{name} is not known here")),
        }
    }
    let seed = seed.ok_or("which month? --seed is missing")?;
    let out = out.ok_or("where to? --out is missing")?;
    Ok(Wish { seed, out, shape, story })
}

fn parse_size(word: &str) -> Result<Shape, String> {
    match word {
        "small" => Ok(Shape::SMALL),
        "medium" => Ok(Shape::MEDIUM),
        "large" => Ok(Shape::LARGE),
        _ => Err(format!("{word} is no size: small, medium or large")),
    }
}

fn write(wish: &Wish) -> Result<String, String> {
    let (month, stories) = match &wish.story {
        Some(name) => {
            let month =
                generate::one_story(wish.seed, name).ok_or_else(|| format!("{name} is no story; try --story list"))?;
            (month, vec![name.as_str()])
        }
        None => generate::tell(wish.seed, wish.shape),
    };
    month.write(&wish.out).map_err(|error| format!("{}: {error}", wish.out.display()))?;
    let (lines, place) = (month.log.len(), wish.out.display());
    Ok(format!(
        "{place}: {} {}, {lines} lines, {} stories",
        month.org.attendance.month,
        month.org.timezone,
        stories.len()
    ))
}
