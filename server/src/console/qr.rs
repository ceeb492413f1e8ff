//! A text as a QR code, drawn as one path: black on white whatever the page's colours, with the quiet zone that
//! cameras need.

use qrcode::{Color, QrCode};

/// Modules of white around the code.
const QUIET: usize = 4;

/// The drawing, for reading by cameras; `label` says to everybody else what it is. None if the text is too long.
pub fn draw(text: &str, label: &str) -> Option<String> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let code = QrCode::new(b"OUTPOST1:x").unwrap();
        let drawn = draw("OUTPOST1:x", "code").unwrap();
        let runs = drawn.split("#000\" d=\"").nth(1).unwrap();
        let lengths = runs.split('h').skip(1).filter(|rest| !rest.starts_with('-'));
        let dark: usize = lengths.map(|rest| rest.split('v').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(dark, code.to_colors().iter().filter(|module| **module == Color::Dark).count());
        assert!(draw(&"x".repeat(5_000), "code").is_none(), "longer than any code holds");
    }
}
