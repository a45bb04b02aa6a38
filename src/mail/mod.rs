//! Mail: a letter is a job, sent in its reader's language through a relay, or written to a folder in embedded mode.

mod letter;

use std::{path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment as Part, Mailbox, MultiPart, SinglePart, header::ContentType},
};
use secrecy::ExposeSecret;

pub use self::letter::{Letter, Link};
use crate::{
    config::Config,
    error::{Error, Result},
};

/// For a relay to take a letter. The transport itself limits connecting only, and a relay that stalls must not keep a worker.
const PATIENCE: Duration = Duration::from_secs(15);

/// A file that goes with a letter.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Media type, with its parameters.
    pub content_type: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The relay has it.
    Taken,
    /// The relay will never take it for this recipient.
    Refused,
}

/// Answers of a relay that concern the recipient, and stay the same (RFC 5321, 4.2.3; RFC 7504): no such mailbox, a full one,
/// none that may be written to. Others, such as a sender that has to sign in first, are for whoever runs the site.
const REFUSALS: [u16; 7] = [521, 550, 551, 552, 553, 554, 556];

/// Sends mail.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Through a relay.
    Smtp {
        /// The relay.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// Sender.
        from: Mailbox,
    },
    /// As files `<id>.eml` in a folder.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Sender.
        from: Mailbox,
    },
}

impl Mailer {
    /// As the settings say.
    pub fn build(config: &Config) -> Result<Self> {
        let from = config.mail_from.clone();
        match &config.smtp {
            None => Ok(Self::Folder { folder: config.data.join("mail"), from }),
            Some(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .map_err(|err| Error::internal(anyhow::anyhow!("SMTP_URL: {err}")))?
                    .timeout(Some(Duration::from_secs(10)))
                    .build();
                Ok(Self::Smtp { transport, from })
            }
        }
    }

    /// Sends a plain text to one address. `id` makes the message the same when it is sent again.
    pub async fn send(&self, id: &str, to: &str, subject: &str, body: String) -> Result<()> {
        self.send_with(id, to, subject, body, None).await
    }

    /// As [`Mailer::send`], with a file.
    pub async fn send_with(&self, id: &str, to: &str, subject: &str, body: String, attachment: Option<Attachment>) -> Result<()> {
        match self.try_send(id, to, subject, body, attachment).await? {
            Outcome::Taken => Ok(()),
            Outcome::Refused => Err(Error::Unavailable("mail relay")),
        }
    }

    /// As [`Mailer::send_with`], for those who note whom letters do not reach.
    pub async fn try_send(
        &self,
        id: &str,
        to: &str,
        subject: &str,
        body: String,
        attachment: Option<Attachment>,
    ) -> Result<Outcome> {
        let (Self::Smtp { from, .. } | Self::Folder { from, .. }) = self;
        let recipient: Mailbox = to.parse().map_err(|err| Error::internal(anyhow::anyhow!("recipient: {err}")))?;
        let message = Message::builder()
            .message_id(Some(format!("<{id}@{}>", from.email.domain())))
            .from(from.clone())
            .to(recipient)
            .subject(subject);
        let message = match attachment {
            None => message.header(ContentType::TEXT_PLAIN).body(body),
            Some(Attachment { name, content_type, body: bytes }) => {
                let content_type = ContentType::parse(&content_type).map_err(Error::internal)?;
                let file = Part::new(name).body(bytes, content_type);
                message.multipart(MultiPart::mixed().singlepart(SinglePart::plain(body)).singlepart(file))
            }
        };
        let message = message.map_err(Error::internal)?;
        match self {
            Self::Smtp { transport, .. } => {
                let (outcome, why) = match tokio::time::timeout(PATIENCE, transport.send(message)).await {
                    Ok(Ok(_)) => return Ok(Outcome::Taken),
                    // What a relay says often names the recipient, which no log needs.
                    Ok(Err(err)) => match err.status().map(u16::from) {
                        Some(code) if REFUSALS.contains(&code) => (Ok(Outcome::Refused), format!("it answered {code}")),
                        Some(code) => (Err(Error::Unavailable("mail relay")), format!("it answered {code}")),
                        None => (Err(Error::Unavailable("mail relay")), err.to_string()),
                    },
                    Err(_) => (Err(Error::Unavailable("mail relay")), "it stalls".to_owned()),
                };
                tracing::warn!(error = why, "the mail relay refused or can't be reached");
                outcome
            }
            Self::Folder { folder, .. } => {
                tokio::fs::create_dir_all(folder).await.map_err(Error::internal)?;
                let file = folder.join(format!("{id}.eml"));
                tokio::fs::write(file, message.formatted()).await.map_err(Error::internal)?;
                Ok(Outcome::Taken)
            }
        }
    }
}
