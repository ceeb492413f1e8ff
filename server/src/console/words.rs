//! Every word that the console says, in both languages, in one table. Templates and code ask it by name, so a word
//! that is missing in one language doesn't compile.
//!
//! Chinese: short, the result first, then what to do; 您 for whoever sits here. English: sentence case, verb first.

mod enums;
#[macro_use]
mod table;
mod office;

use axum::http::{HeaderMap, header};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

/// The words in one language. `w.today()` in a template is the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Lang);

impl Lang {
    /// What the page element says.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.get(..2) {
            Some("zh") => Some(Lang::Zh),
            Some("en") => Some(Lang::En),
            _ => None,
        }
    }

    pub fn other(self) -> Self {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// The language that somebody chose here, or else the first that his browser names, or else Chinese.
    pub fn of(headers: &HeaderMap) -> Self {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let chosen = pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, tag)| Self::parse(tag));
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        chosen.or_else(|| accepted.split(',').find_map(Self::parse)).unwrap_or(Lang::Zh)
    }
}

/// Where a browser keeps the language that was chosen.
pub const COOKIE: &str = "outpost_lang";

impl Words {
    pub fn is_zh(self) -> bool {
        self.0 == Lang::Zh
    }

    pub fn lang(self) -> &'static str {
        self.0.tag()
    }

    /// The one of two texts that is in this language.
    pub fn of<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        if self.is_zh() { zh } else { en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn what_was_chosen_counts_before_what_the_browser_prefers() {
        let headers = |cookie: &'static str, accept: &'static str| {
            Lang::of(&HeaderMap::from_iter([
                (header::COOKIE, HeaderValue::from_static(cookie)),
                (header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept)),
            ]))
        };
        assert_eq!(headers("outpost_lang=en", "zh-CN"), Lang::En);
        assert_eq!(headers("", "de, en-GB;q=0.8"), Lang::En);
        assert_eq!(headers("outpost_lang=xx", "fr"), Lang::Zh);
    }
}
