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
                let why = match tokio::time::timeout(PATIENCE, transport.send(message)).await {
                    Ok(Ok(_)) => return Ok(()),
                    // What a relay says often names the recipient, which no log needs.
                    Ok(Err(err)) => err.status().map_or_else(|| err.to_string(), |code| format!("it answered {code}")),
                    Err(_) => "it stalls".to_owned(),
                };
                tracing::warn!(error = why, "the mail relay refused or can't be reached");
                Err(Error::Unavailable("mail relay"))
            }
            Self::Folder { folder, .. } => {
                tokio::fs::create_dir_all(folder).await.map_err(Error::internal)?;
                tokio::fs::write(folder.join(format!("{id}.eml")), message.formatted()).await.map_err(Error::internal)
            }
        }
    }
}
