//! Forms that come back: what was typed stays, and each problem stands beside its field, with a list on top that leads
//! there.

use super::visit::Fields;
use super::words::Words;

/// A form as a page draws it: what stands in its fields, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub fields: Fields,
    problems: Vec<(String, String)>,
    /// What is wrong with the whole of it.
    pub trouble: Option<String>,
}

impl Form {
    pub fn with(fields: Fields) -> Self {
        Self { fields, problems: Vec::new(), trouble: None }
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// Whether that choice of a field was made.
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.fields.get(name) == value
    }

    pub fn blame(&mut self, name: &str, problem: impl Into<String>) {
        if self.problem(name).is_none() {
            self.problems.push((name.to_owned(), problem.into()));
        }
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&str> {
        self.problems.iter().find(|(known, _)| known == name).map(|(_, problem)| problem.as_str())
    }

    pub fn problems(&self) -> &[(String, String)] {
        &self.problems
    }

    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.trouble.is_none()
    }

    /// A text that has to be there, within so many characters.
    pub fn text(&mut self, w: Words, name: &str, word: &str, most: usize) -> String {
        let typed = self.optional(w, name, most);
        if typed.is_empty() {
            self.blame(name, w.must_fill(word));
        }
        typed
    }

    /// A text that may be missing.
    pub fn optional(&mut self, w: Words, name: &str, most: usize) -> String {
        let typed = self.fields.get(name).to_owned();
        if typed.chars().count() > most {
            self.blame(name, w.too_long(most));
        }
        typed
    }

    /// One of some choices.
    pub fn choice<T>(&mut self, w: Words, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let chosen = parse(self.fields.get(name));
        if chosen.is_none() {
            self.blame(name, w.choose_one());
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Lang;
    use super::*;

    #[test]
    fn the_first_problem_of_a_field_stands_and_what_was_typed_stays() {
        let mut form = Form::with(Fields::parse("fault=&note=%E4%BD%A0+x".as_bytes()));
        let w = Words(Lang::En);
        assert_eq!(form.text(w, "fault", "symptom", 10), "");
        form.blame("fault", "something else");
        assert_eq!(form.optional(w, "note", 2), "你 x");
        assert_eq!(form.problem("fault"), Some("Enter symptom"));
        assert_eq!((form.problems().len(), form.get("note")), (2, "你 x"));
        assert!(!form.is_sound());
    }
}
