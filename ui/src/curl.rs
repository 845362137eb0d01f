//! A request as a command line for curl, with placeholders for what signs it.

/// What stands for the token, as a variable of the shell that the user sets.
const TOKEN: &str = "$IEF_TOKEN";

/// A request as curl sends it. `body` is JSON with its secrets masked already.
pub fn command(
    method: &str,
    endpoint: &str,
    path: &str,
    instance_id: &str,
    body: Option<&str>,
) -> String {
    let url = format!("{}{path}", endpoint.trim_end_matches('/'));
    let mut lines = vec![
        format!("curl --request {method} {}", quoted(&url)),
        format!("--header \"X-Auth-Token: {TOKEN}\""),
    ];
    if !instance_id.is_empty() {
        lines.push(format!(
            "--header {}",
            quoted(&format!("ief-instance-id: {instance_id}"))
        ));
    }
    if let Some(body) = body {
        lines.push("--header 'Content-Type: application/json'".to_owned());
        lines.push(format!("--data {}", quoted(body)));
    }
    lines.join(" \\\n  ")
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_body_stays_one_word_whatever_is_in_it() {
        let command = command(
            "POST",
            "https://ief.example/",
            "/v2/p/edgemgr/nodes",
            "i-1",
            Some(r#"{"description":"it's $HOME `id`"}"#),
        );
        assert_eq!(
            command,
            "curl --request POST 'https://ief.example/v2/p/edgemgr/nodes' \\\n  \
             --header \"X-Auth-Token: $IEF_TOKEN\" \\\n  \
             --header 'ief-instance-id: i-1' \\\n  \
             --header 'Content-Type: application/json' \\\n  \
             --data '{\"description\":\"it'\\''s $HOME `id`\"}'"
        );
    }

    #[test]
    fn a_read_of_the_professional_edition_has_two_lines() {
        let command = command("GET", "https://ief.example", "/v2/p/quotas", "", None);
        assert_eq!(command.lines().count(), 2);
    }
}
