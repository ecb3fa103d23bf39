//! Which Zoho, and what may be done there.

use zoho_client::{Environment, Error, Region, ZohoBuilder};

/// Where the suite runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The connection.
    pub(crate) builder: ZohoBuilder,
    /// The organization of Books; without one Books is left alone.
    pub(crate) organization: Option<String>,
    /// Whether records may be made, changed and deleted: leads of CRM, each with a mark.
    pub(crate) write: bool,
}

/// Why there are no settings.
#[derive(Debug)]
pub enum NotSet {
    /// No variable is set: nobody wants this.
    Nothing,
    /// They are not complete, or can not be right.
    Wrong(String),
}

impl Settings {
    /// Reads `ZOHO_LIVE_REGION` (or `ZOHO_LIVE_BASE_URL`, a mock on this machine), `ZOHO_LIVE_CLIENT_ID`,
    /// `ZOHO_LIVE_CLIENT_SECRET` and `ZOHO_LIVE_REFRESH_TOKEN`; `ZOHO_LIVE_ENVIRONMENT` is `sandbox` without a word,
    /// `ZOHO_LIVE_ORGANIZATION` is that of Books, and `ZOHO_LIVE_WRITE=yes` allows to write.
    ///
    /// # Errors
    /// Nothing is set, something is missing or wrong, or this is CI and the target is not on this machine.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, NotSet> {
        let own = |name: &str| value(&format!("ZOHO_LIVE_{name}")).filter(|text| !text.trim().is_empty());
        let names = [
            "REGION",
            "BASE_URL",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "REFRESH_TOKEN",
        ];
        if names.iter().all(|name| own(name).is_none()) {
            return Err(NotSet::Nothing);
        }
        let wrong = |error: Error| NotSet::Wrong(error.to_string().replace("ZOHO_", "ZOHO_LIVE_"));
        let local = own("BASE_URL");
        if let Some(address) = &local {
            let region = Region::custom(address).map_err(wrong)?;
            if region.row().is_some() {
                let why = "ZOHO_LIVE_BASE_URL is for a mock on this machine; name Zoho's data centre by ZOHO_LIVE_REGION";
                return Err(NotSet::Wrong(why.to_owned()));
            }
        }
        if local.is_none() && value("CI").is_some_and(|ci| !ci.is_empty() && ci != "false") {
            return Err(NotSet::Wrong(
                "the live suite is not for CI: CI is set".to_owned(),
            ));
        }
        let environment = own("ENVIRONMENT").unwrap_or_else(|| "sandbox".to_owned());
        let environment: Environment = environment.parse().map_err(wrong)?;
        let write = match own("WRITE").as_deref() {
            None | Some("no") => false,
            Some("yes") => true,
            Some(_) => return Err(NotSet::Wrong("ZOHO_LIVE_WRITE is yes or no".to_owned())),
        };
        let builder = ZohoBuilder::from_vars(|name| own(name.strip_prefix("ZOHO_")?)).map_err(wrong)?;
        Ok(Self {
            builder: builder.environment(environment),
            organization: own("ORGANIZATION"),
            write,
        })
    }

    /// Whether records may be made, changed and deleted.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.write
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, String> {
        let value = |name: &str| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Settings::read(value).map_err(|error| match error {
            NotSet::Nothing => "nothing".to_owned(),
            NotSet::Wrong(why) => why,
        })
    }

    const EU: [(&str, &str); 4] = [
        ("ZOHO_LIVE_REGION", "eu"),
        ("ZOHO_LIVE_CLIENT_ID", "1000.X"),
        ("ZOHO_LIVE_CLIENT_SECRET", "s"),
        ("ZOHO_LIVE_REFRESH_TOKEN", "1000.r"),
    ];

    #[test]
    fn it_reads_and_writes_nothing_without_being_told_to() {
        let settings = read(&EU).expect("it is complete");
        assert!(!settings.may_write() && settings.organization.is_none());
        assert!(
            format!("{:?}", settings.builder).contains("environment: Sandbox"),
            "{settings:?}"
        );
        let with = |name, value| read(&[&EU[..], &[(name, value)]].concat());
        assert!(
            with("ZOHO_LIVE_WRITE", "yes")
                .expect("it is complete")
                .may_write()
        );
        let production = with("ZOHO_LIVE_ENVIRONMENT", "production").expect("it is complete");
        assert!(format!("{:?}", production.builder).contains("environment: Production"));
        assert_eq!(
            with("ZOHO_LIVE_WRITE", "maybe").expect_err("no"),
            "ZOHO_LIVE_WRITE is yes or no"
        );
        assert!(
            with("ZOHO_LIVE_ENVIRONMENT", "moon")
                .expect_err("no")
                .contains("moon")
        );
    }

    #[test]
    fn it_is_not_for_ci_and_says_what_is_missing() {
        assert_eq!(read(&[("ZOHO_REGION", "eu")]).expect_err("no"), "nothing");
        let ci = [&EU[..], &[("CI", "true")]].concat();
        assert!(read(&ci).expect_err("no").contains("not for CI"));
        assert!(
            read(&EU[..3])
                .expect_err("no")
                .contains("ZOHO_LIVE_REFRESH_TOKEN is not set")
        );
        let local = [
            &EU[1..],
            &[("ZOHO_LIVE_BASE_URL", "http://127.0.0.1:9"), ("CI", "true")],
        ]
        .concat();
        assert!(read(&local).is_ok());
        let stranger = [&EU[1..], &[("ZOHO_LIVE_BASE_URL", "https://evil.example")]].concat();
        assert!(read(&stranger).expect_err("no").contains("evil.example"));
        let zoho = [
            &EU[1..],
            &[("ZOHO_LIVE_BASE_URL", "https://www.zohoapis.eu"), ("CI", "true")],
        ]
        .concat();
        assert!(read(&zoho).expect_err("no").contains("ZOHO_LIVE_REGION"));
    }
}
