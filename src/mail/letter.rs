//! A letter to one person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    jobs::{Job, Run, Urgency},
    language::{Language, messages},
    token,
};

/// A letter: the messages `mail-<name>-subject` and `mail-<name>-body` of a language, with values. Both also get `site`,
/// the site's name; with a link, the body gets `link`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    /// Stays the same when the letter is sent again.
    pub id: Uuid,
    /// Address.
    pub to: String,
    /// Language of the reader.
    pub language: Language,
    /// Name of the letter.
    pub name: String,
    /// Values of its messages.
    pub values: BTreeMap<String, String>,
    /// What it links to.
    pub link: Option<Link>,
    /// Where its reader says that they want no more invitations; it stands under the letter.
    pub stop: Option<Link>,
    /// Whether its reader waits for it in front of a screen.
    #[serde(skip)]
    is_awaited: bool,
}

/// Where a letter leads: to a page of the site, see [`crate::config::Config::page`]. Tokens are made when it is sent, so that
/// the database never holds one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Link {
    /// A page.
    Page(String),
    /// A page with the token of this purpose and row appended. It ends in a fragment, which no log sees.
    Token {
        /// The page.
        page: String,
        /// What the token is for.
        purpose: token::Purpose,
        /// The row that it stands for.
        row: Uuid,
    },
    /// A page with a token that carries this content for this purpose appended, likewise.
    Sealed {
        /// The page.
        page: String,
        /// What the token is for.
        purpose: String,
        /// What it carries.
        content: Vec<u8>,
    },
}

impl Letter {
    /// A letter named `name`.
    #[must_use]
    pub fn new(name: &str, to: &str, language: &Language) -> Self {
        Self {
            id: Uuid::now_v7(),
            to: to.to_owned(),
            language: language.clone(),
            name: name.to_owned(),
            values: BTreeMap::new(),
            link: None,
            stop: None,
            is_awaited: false,
        }
    }

    /// With a value for its messages.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }

    /// With a link.
    #[must_use]
    pub fn linking(self, link: Link) -> Self {
        Self { link: Some(link), ..self }
    }

    /// With a link by which its reader gets no more invitations.
    #[must_use]
    pub fn stopped_by(self, stop: Link) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// One that its reader waits for in front of a screen.
    #[must_use]
    pub fn awaited(self) -> Self {
        Self { is_awaited: true, ..self }
    }

    fn text(&self, app: &App, part: &str) -> String {
        let mut values = vec![("site", app.config.site_name.clone())];
        if let Some(link) = &self.link {
            values.push(("link", link.address(app)));
        }
        let known = ["title", "name", "when", "minutes", "count"];
        values.extend(known.iter().filter_map(|name| Some((*name, self.values.get(*name)?.clone()))));
        messages::text(&self.language, &format!("mail-{}-{part}", self.name), &values)
    }

    fn body(&self, app: &App) -> String {
        let body = self.text(app, "body");
        match &self.stop {
            Some(stop) => stop.under(app, &self.language, &body),
            None => body,
        }
    }
}

impl Link {
    /// The text of a letter, and under it that its reader gets no more invitations by this link.
    #[must_use]
    pub fn under(&self, app: &App, language: &Language, body: &str) -> String {
        let footer = messages::text(language, "mail-invitation-footer", &[("link", self.address(app))]);
        format!("{body}\n\n--\n{footer}")
    }

    /// The whole address, with its token.
    #[must_use]
    pub fn address(&self, app: &App) -> String {
        match self {
            Self::Page(page) => app.config.page(page),
            Self::Token { page, purpose, row } => app.config.page(&format!("{page}{}", token::sign(app, *purpose, *row))),
            Self::Sealed { page, purpose, content } => app.config.page(&format!("{page}{}", token::seal(app, purpose, content))),
        }
    }
}

impl Job for Letter {
    const KIND: &'static str = "mail.send";
    /// About a day: relays are down for hours.
    const ATTEMPTS: i32 = 30;

    fn urgency(&self) -> Urgency {
        if self.is_awaited { Urgency::Awaited } else { Urgency::Usual }
    }

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let subject: String = self.text(app, "subject").chars().filter(|c| !c.is_control()).collect();
        app.mailer.send(&self.id.to_string(), &self.to, &subject, self.body(app)).await
    }
}
