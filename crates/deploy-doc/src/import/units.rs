//! Quantities and names of other systems as the service writes them.

/// An amount of CPU in cores: `250m`, `0.5`, `2`.
pub(super) fn cores(text: &str) -> Option<String> {
    let number = match text.strip_suffix('m') {
        Some(thousandths) => thousandths.trim().parse::<f64>().ok()? / 1000.0,
        None => text.trim().parse::<f64>().ok()?,
    };
    (number.is_finite() && number >= 0.0).then(|| rounded(number))
}

/// An amount of memory in megabytes: `128Mi`, `1G`, `512m` and plain bytes.
pub(super) fn megabytes(text: &str, is_compose: bool) -> Option<String> {
    let text = text.trim();
    let split = text.find(|it: char| !(it.is_ascii_digit() || it == '.'));
    let (number, unit) = text.split_at(split.unwrap_or(text.len()));
    let number: f64 = number.parse().ok()?;
    // Kubernetes takes a small m for thousandths, Compose for megabytes.
    let bytes = match (unit.trim(), is_compose) {
        ("", _) | ("b" | "B", true) => 1.0,
        ("k" | "kb" | "K" | "KB", true) | ("Ki", false) => 1024.0,
        ("m" | "mb" | "M" | "MB", true) | ("Mi", false) => 1_048_576.0,
        ("g" | "gb" | "G" | "GB", true) | ("Gi", false) => 1_073_741_824.0,
        ("Ti", false) => 1_099_511_627_776.0,
        ("k", false) => 1e3,
        ("M", false) => 1e6,
        ("G", false) => 1e9,
        ("T", false) => 1e12,
        ("m", false) => 1e-3,
        _ => return None,
    };
    let megabytes = number * bytes / 1_048_576.0;
    megabytes.is_finite().then(|| rounded(megabytes))
}

/// A number with as many decimals as the service's limits have, upwards so that what fits goes on fitting.
fn rounded(number: f64) -> String {
    let hundredths = (number * 100.0 - 1e-6).ceil().max(0.0);
    (hundredths / 100.0).to_string()
}

/// Seconds of a duration: `30s`, `1m30s`, `500ms`, `1h`.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let split = rest.find(|it: char| !(it.is_ascii_digit() || it == '.'))?;
        let number: f64 = rest[..split].parse().ok()?;
        let unit = &rest[split..];
        let length = unit
            .find(|it: char| it.is_ascii_digit())
            .unwrap_or(unit.len());
        total += number
            * match &unit[..length] {
                "us" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = &unit[length..];
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "durations of days are far below what an i64 holds"
    )]
    (total.is_finite() && total < 1e9).then(|| total.ceil() as i64)
}

/// A name of lower-case letters, digits and hyphens, no longer than it may be.
pub(super) fn name(text: &str, longest: usize) -> String {
    let plain = text.to_ascii_lowercase();
    let plain = plain.replace(
        |it: char| !(it.is_ascii_lowercase() || it.is_ascii_digit()),
        "-",
    );
    let plain: String = plain.trim_matches('-').chars().take(longest).collect();
    plain.trim_end_matches('-').to_owned()
}

/// A command in one line, for a shell.
pub(super) fn shell_line(words: &[String]) -> String {
    let is_safe = |it: char| it.is_ascii_alphanumeric() || "_-./:=@%+,".contains(it);
    let words = words
        .iter()
        .map(|word| match !word.is_empty() && word.chars().all(is_safe) {
            true => word.clone(),
            false => format!("'{}'", word.replace('\'', "'\\''")),
        });
    words.collect::<Vec<_>>().join(" ")
}

/// The words of a line for a shell, without anything that a shell would do with them. `None` when a quote has no end.
pub(super) fn shell_words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => word.push(characters.next()?),
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            it if it.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::{cores, megabytes, name, seconds, shell_line, shell_words};

    #[test]
    fn quantities_are_those_of_the_service() {
        for (text, expected) in [
            ("250m", Some("0.25")),
            ("2", Some("2")),
            ("1m", Some("0.01")),
            ("x", None),
        ] {
            assert_eq!(cores(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("128Mi", Some("128")),
            ("1Gi", Some("1024")),
            ("1G", Some("953.68")),
            ("1048576", Some("1")),
            ("64Ki", Some("0.07")),
            ("1X", None),
        ] {
            assert_eq!(megabytes(text, false).as_deref(), expected, "{text}");
        }
        assert_eq!(megabytes("512m", true).as_deref(), Some("512"));
        assert_eq!(megabytes("1g", true).as_deref(), Some("1024"));
        for (text, expected) in [
            ("30s", Some(30)),
            ("1m30s", Some(90)),
            ("500ms", Some(1)),
            ("5", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn names_and_commands_are_taken_over() {
        assert_eq!(name("My_App.v2-", 32), "my-app-v2");
        assert_eq!(name("abc-def", 4), "abc");
        let words = ["sh", "-c", "echo it's \"me\""].map(str::to_owned);
        assert_eq!(shell_line(&words), "sh -c 'echo it'\\''s \"me\"'");
        assert_eq!(shell_words(&shell_line(&words)).unwrap(), words);
        assert_eq!(shell_words("a 'b"), None);
        assert_eq!(shell_words("  a\\ b  \"\" ").unwrap(), ["a b", ""]);
    }
}
