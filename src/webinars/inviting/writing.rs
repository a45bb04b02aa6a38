//! Writing an invitation for one recipient: the letter of the webinar in their language, its fields filled in, the funders'
//! credit, and how to get no more of them. An invitation names its webinar also where that is for the invited only: its reader
//! is one of them, and nobody can say whether they come to they know not what.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    super::{
        series, series_text,
        telling::{credits, when},
        webinar, webinar_text,
    },
    invitation,
    letter::Audience,
    letter_text, lettering, templating,
};
use crate::{
    app::App,
    error::Result,
    ids::WebinarId,
    language::{Language, messages, translated::choose},
    mail::Link,
};

/// A letter as it goes out.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its language.
    pub language: Language,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Whom a letter is written to.
pub struct Recipient<'a> {
    /// The invitation, made or to be made.
    pub invitation: &'a invitation::Model,
    /// What makes the link of a contact secret.
    pub secret: String,
    /// What makes the link to get no more of them secret.
    pub stop: String,
    /// Whether it only reminds.
    pub is_reminder: bool,
}

impl Recipient<'_> {
    fn link(&self, app: &App) -> String {
        match self.invitation.audience() {
            Audience::Contacts => app.config.page(&format!("#/nomination?token={}", self.secret)),
            Audience::People => app.config.page(&format!("#/webinars/{}", self.invitation.webinar_id)),
        }
    }
}

/// What the letters of a webinar are written from.
pub struct Facts {
    /// The webinar.
    pub webinar: webinar::Model,
    texts: Vec<webinar_text::Model>,
    series: (series::Model, Vec<series_text::Model>),
}

impl Facts {
    /// Of a webinar; `None` when it is gone.
    pub async fn of(app: &App, id: WebinarId) -> Result<Option<Self>> {
        let db = app.db.read();
        let Some(webinar) = webinar::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
        let Some(series) = series::Entity::find_by_id(webinar.series_id).one(db).await? else { return Ok(None) };
        let texts = webinar_text::Entity::find().filter(webinar_text::Column::WebinarId.eq(id)).all(db).await?;
        let of_series = series_text::Entity::find().filter(series_text::Column::SeriesId.eq(series.id)).all(db).await?;
        Ok(Some(Self { webinar, texts, series: (series, of_series) }))
    }

    /// The title in a language, or the nearest to it.
    pub fn title(&self, language: &Language) -> String {
        let text = choose(&self.texts, [language], &self.webinar.original_language);
        text.map(|text| text.title.clone()).unwrap_or_default()
    }

    /// Writes a letter.
    pub async fn write(&self, app: &App, to: &Recipient<'_>) -> Result<Written> {
        let (invitation, audience) = (to.invitation, to.invitation.audience());
        let letters = lettering::texts_of(app.db.read(), self.webinar.id, audience).await?;
        let letter = choose(&letters, [&invitation.language], &self.webinar.original_language);
        let (language, subject, body) = match letter {
            Some(letter_text::Model { language, subject, body, .. }) => (language, subject.clone(), body.clone()),
            None => (
                &invitation.language,
                own(&invitation.language, audience, "subject"),
                own(&invitation.language, audience, "body"),
            ),
        };
        let (series, series_texts) = &self.series;
        let series_title = choose(series_texts, [language], &series.original_language).map(|text| text.title.clone());
        let zone = &self.webinar.time_zone;
        let values = [
            ("name", invitation.name.clone()),
            ("title", self.title(language)),
            ("series", series_title.unwrap_or_default()),
            ("when", when(self.webinar.starts_at, zone)),
            ("site", app.config.site_name.clone()),
            ("link", to.link(app)),
            ("quota", invitation.quota.to_string()),
            ("until", when(invitation.closes_at(&self.webinar), zone)),
        ];
        let (mut subject, mut body) = (templating::fill(&subject, &values), templating::fill(&body, &values));
        if to.is_reminder {
            let say = |id| messages::text(language, id, &[("subject", "{subject}".into()), ("body", "{body}".into())]);
            let letter = [("subject", subject), ("body", body)];
            subject = templating::fill(&say("mail-invitation-reminder-subject"), &letter);
            body = templating::fill(&say("mail-invitation-reminder-body"), &letter);
        }
        for credit in credits(app, &self.webinar, language).await? {
            body = format!("{body}\n\n{credit}");
        }
        let stop = Link::Page(format!("#/stop?token={}", to.stop));
        subject.retain(|c| !c.is_control());
        Ok(Written { language: language.clone(), subject, body: stop.under(app, language, &body) })
    }
}

/// The site's own letter, with its fields.
fn own(language: &Language, audience: Audience, part: &str) -> String {
    let fields: Vec<_> = templating::fields(audience).iter().map(|name| (*name, format!("{{{name}}}"))).collect();
    let name = match audience {
        Audience::Contacts => "contact",
        Audience::People => "person",
    };
    messages::text(language, &format!("mail-invitation-{name}-{part}"), &fields)
}
