//! Names as people paste them, and names that follow others.

/// Identifiers or names as they were copied from anywhere: a column of a sheet, a list with commas, JSON. Each once,
/// in their order.
pub fn split(pasted: &str) -> Vec<String> {
    let apart = |sign: char| sign.is_whitespace() || ",;|，；、".contains(sign);
    let wrapped = |sign: char| "\"'`[](){}<>“”‘’".contains(sign);
    let mut names: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for name in pasted.split(apart) {
        let name = name.trim_matches(wrapped);
        if !name.is_empty() && known.insert(name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The name of what is made after the model of another: `wave-2` after `wave`, at most so many characters.
pub fn next(name: &str, most: usize) -> String {
    let (stem, number) = match name.rsplit_once('-') {
        Some((stem, number)) => match number.parse::<u32>() {
            Ok(number) => (stem, number.saturating_add(1)),
            Err(_) => (name, 2),
        },
        None => (name, 2),
    };
    let number = number.to_string();
    let room = most.saturating_sub(number.len() + 1);
    let stem: String = stem.chars().take(room).collect();
    format!("{}-{number}", stem.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(pasted: &str, names: &[&str]) {
        assert_eq!(super::split(pasted), names, "{pasted}");
    }

    #[test]
    fn names_are_read_from_what_people_paste() {
        check("", &[]);
        check(" \n ,;", &[]);
        check("gw-1\ngw-2\r\n\tgw-3", &["gw-1", "gw-2", "gw-3"]);
        check("gw-1, gw-2; gw-1", &["gw-1", "gw-2"]);
        check("[\"gw-1\", \"gw-2\"]", &["gw-1", "gw-2"]);
        check("网关-1，网关-2", &["网关-1", "网关-2"]);
    }

    #[test]
    fn a_name_is_counted_on() {
        let check = |name: &str, next: &str| assert_eq!(super::next(name, 26), next);
        check("wave", "wave-2");
        check("wave-2", "wave-3");
        check("wave-9", "wave-10");
        check("first-wave", "first-wave-2");
        check("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwx-2");
        check("abcdefghijklmnopqrstuvw-yz", "abcdefghijklmnopqrstuvw-2");
        check("", "-2");
    }
}
