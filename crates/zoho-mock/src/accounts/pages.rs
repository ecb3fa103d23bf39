//! The accounts server's pages. Whatever came from outside goes through [`Text`].

use std::fmt;

use super::DataCentre;
use super::consent::{ConsentError, Question};

/// Where the answers to consent pages go.
pub(super) const DECISIONS: &str = "/oauth/v2/auth";
/// Where users enter the codes of their devices.
pub(super) const DEVICES: &str = "/oauth/v3/device";

/// The style of every page; system colours follow the user's light or dark scheme.
pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}\
body{margin:0;background:Canvas;color:CanvasText}\
main{max-width:34rem;margin:8vh auto;padding:1.5rem 2rem;border:1px solid GrayText;border-radius:.5rem}\
h1{font-size:1.4rem;margin:0 0 1rem}\
ul{padding-left:1.2rem}\
code{overflow-wrap:anywhere}\
fieldset{border:1px solid GrayText;border-radius:.3rem;margin:1rem 0}\
label{display:block;padding:.2rem 0}\
input[type=text]{display:block;font:inherit;padding:.4rem;letter-spacing:.15em;text-transform:uppercase}\
button{font:inherit;padding:.5rem 1.5rem;margin:1rem .5rem 0 0;border-radius:.3rem;border:1px solid GrayText}\
button.first{background:Highlight;color:HighlightText}\
:focus-visible{outline:3px solid Highlight;outline-offset:2px}\
footer{margin-top:1.5rem;font-size:.85rem;color:GrayText}";

/// Text as HTML shows it, in content and in quoted attributes alike.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            let (plain, tail) = rest.split_at(at);
            formatter.write_str(plain)?;
            let mut letters = tail.chars();
            formatter.write_str(match letters.next() {
                Some('&') => "&amp;",
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = letters.as_str();
        }
        formatter.write_str(rest)
    }
}

fn page(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
         {content}\n<footer>This is zoho-mock, a local stand-in for Zoho. Nothing here reaches Zoho.</footer>\n\
         </main>\n</body>\n</html>\n"
    )
}

/// Asks the user whether a client may have what it wants.
pub(super) fn consent(question: &Question, centre: DataCentre) -> String {
    let scopes: String = question
        .scopes
        .iter()
        .map(|scope| format!("<li><code>{}</code></li>\n", Text(scope)))
        .collect();
    let afterwards = match &question.redirect_uri {
        Some(address) => format!(
            "<p>Either answer takes you to <code>{}</code>.</p>",
            Text(address)
        ),
        None => "<p>Either answer reaches the device that shows the code you entered.</p>".to_owned(),
    };
    page(
        "Allow access?",
        &format!(
            "<p>The client <code id=\"client\">{}</code> asks for:</p>\n<ul id=\"scopes\">\n{scopes}</ul>\n\
             <form method=\"post\" action=\"{}{DECISIONS}\">\n\
             <input type=\"hidden\" name=\"ticket\" value=\"{}\">\n{}\n{afterwards}\n\
             <button class=\"first\" id=\"accept\" name=\"decision\" value=\"accept\">Accept</button>\n\
             <button id=\"reject\" name=\"decision\" value=\"reject\">Reject</button>\n</form>",
            Text(&question.client),
            centre.prefix(),
            Text(&question.ticket),
            people(question),
        ),
    )
}

/// Who is signed in: stated, or to be chosen where there are several.
fn people(question: &Question) -> String {
    let name = |name: &str, email: &str, centre: DataCentre| {
        format!(
            "{} ({}, data centre <code>{centre}</code>)",
            Text(name),
            Text(email)
        )
    };
    if let [person] = question.people.as_slice() {
        let user = &person.user;
        return format!(
            "<p>You are signed in as {}.</p>",
            name(&user.name, &user.email, user.centre)
        );
    }
    let choices: String = question
        .people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let checked = if at == 0 { " checked" } else { "" };
            format!(
                "<label><input type=\"radio\" name=\"user\" value=\"{}\"{checked}> {}</label>\n",
                person.id,
                name(&person.user.name, &person.user.email, person.user.centre)
            )
        })
        .collect();
    format!("<fieldset>\n<legend>Signed in as</legend>\n{choices}</fieldset>")
}

/// Asks for the code that a device shows.
pub(super) fn device(centre: DataCentre, typed: &str, error: Option<ConsentError>) -> String {
    let error = match error {
        Some(error) => format!("<p id=\"error\" role=\"alert\">{error}: no device waits for it.</p>\n"),
        None => String::new(),
    };
    page(
        "Connect a device",
        &format!(
            "{error}<form method=\"post\" action=\"{}{DEVICES}\">\n\
             <label for=\"user_code\">The code that your device shows</label>\n\
             <input type=\"text\" id=\"user_code\" name=\"user_code\" value=\"{}\" autocomplete=\"off\" \
             spellcheck=\"false\" required>\n\
             <button class=\"first\" id=\"continue\">Continue</button>\n</form>",
            centre.prefix(),
            Text(typed)
        ),
    )
}

/// Sends the user back to the device.
pub(super) fn device_answered(accepted: bool) -> String {
    match accepted {
        true => page(
            "Device connected",
            "<p>Your device can go on now. You can close this page.</p>",
        ),
        false => page(
            "Device rejected",
            "<p>Your device gets no access. You can close this page.</p>",
        ),
    }
}

/// Says why there is nothing to consent to. It shows nothing that was sent.
pub(super) fn error(error: ConsentError) -> String {
    let reason = match error {
        ConsentError::InvalidClient => {
            "This data centre knows no such client: its id is wrong, or it is registered elsewhere."
        }
        ConsentError::InvalidRedirectUri => {
            "The address to return to is not one that the client registered. You were not sent there."
        }
        ConsentError::InvalidScope => "The request names no scope, or one that does not exist.",
        ConsentError::InvalidResponseType => "The only response type is <code>code</code>.",
        ConsentError::InvalidChallengeMethod => {
            "The methods of a code challenge are <code>plain</code> and <code>S256</code>."
        }
        ConsentError::InvalidAnswer => {
            "It was answered already, it is too old, or it never was. Start again where you came from."
        }
        ConsentError::InvalidUser => "Nobody of that name can sign in here.",
        ConsentError::InvalidUserCode => "No device waits for that code.",
    };
    page(&error.to_string(), &format!("<p id=\"error\">{reason}</p>"))
}

#[cfg(test)]
mod tests {
    use super::super::clients::Person;
    use super::*;
    use crate::config::User;
    use proptest::prelude::*;

    /// What the page is made of, apart from text: its tags as they stand.
    fn marks(page: &str) -> Vec<usize> {
        ['<', '>', '"', '\'']
            .iter()
            .map(|mark| page.matches(*mark).count())
            .collect()
    }

    fn plain(page: &str) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")];
        let page = entities.iter().fold(page.to_owned(), |page, (entity, letter)| {
            page.replace(entity, letter)
        });
        page.replace("&amp;", "&")
    }

    fn question(text: &str, scopes: &[String], people: usize, device: bool) -> Question {
        let person = |id| Person {
            id,
            user: User {
                name: text.to_owned(),
                email: text.to_owned(),
                centre: DataCentre::US,
            },
        };
        Question {
            ticket: text.to_owned(),
            client: text.to_owned(),
            scopes: scopes.to_vec(),
            people: (0..people as u64).map(person).collect(),
            redirect_uri: (!device).then(|| text.to_owned()),
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            ".*",
            "[<>&\"'=/a-z ]{0,40}",
            Just("\"><script>alert(1)</script>".to_owned()),
            Just("' onfocus='alert(1)' autofocus='".to_owned()),
            Just("</code></style><img src=x onerror=alert(1)>".to_owned()),
            Just("&lt;script&gt;&#x3c;".to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn nothing_that_came_in_becomes_markup(
            text in hostile(),
            scopes in prop::collection::vec(hostile(), 1..4),
            people in 1_usize..4,
            device in any::<bool>(),
        ) {
            let harmless = vec!["scope".to_owned(); scopes.len()];
            let page = consent(&question(&text, &scopes, people, device), DataCentre::EU);
            let model = consent(&question("text", &harmless, people, device), DataCentre::EU);
            prop_assert_eq!(marks(&page), marks(&model));
            // And it is shown as it came.
            let page = plain(&page);
            for shown in scopes.iter().chain([&text]) {
                prop_assert!(page.contains(shown.as_str()));
            }
        }

        #[test]
        fn a_typed_code_becomes_no_markup(text in hostile()) {
            let page = device(DataCentre::US, &text, None);
            prop_assert_eq!(marks(&page), marks(&device(DataCentre::US, "ABC", None)));
            prop_assert!(plain(&page).contains(&text));
        }
    }
}
