//! Mail: a letter is a job, sent in its reader's language through a relay, or written to a folder in embedded mode.

mod letter;

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment as Part, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};
use secrecy::ExposeSecret;
use tokio::{
    fs::{DirBuilder, OpenOptions},
    io::AsyncWriteExt as _,
};

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
    /// As files `<id>.eml` in a folder. Ids begin with the time at which their letter was asked for, by which they are in order.
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
        let body = match self {
            Self::Smtp { .. } => Body::new(body),
            Self::Folder { .. } => readable(&body),
        };
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
                write(folder, id, &message.formatted()).await.map_err(Error::internal)?;
                Ok(Outcome::Taken)
            }
        }
    }
}

/// A text as it is (8bit, RFC 2045, 6.2), for those who look into a file: encoded, other scripts than Latin could not be read
/// there, and no long link be copied.
fn readable(text: &str) -> Body {
    let lines = text.replace("\r\n", "\n").replace('\n', "\r\n");
    Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::EightBit)
}

/// Writes a letter to a file that nobody else on this machine reads: its links let people in.
async fn write(folder: &Path, id: &str, letter: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).await?;
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true).mode(0o600);
    let mut file = options.open(folder.join(format!("{id}.eml"))).await?;
    file.write_all(letter).await?;
    file.flush().await
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn a_letter_in_a_file_is_read_as_it_was_written_by_its_owner_alone() {
        let place = tempfile::tempdir().expect("a folder");
        let from = "Lyceum <no-reply@example.org>".parse().expect("an address");
        let mailer = Mailer::Folder { folder: place.path().join("mail"), from };
        let link = format!("https://learn.example.org/demo/#/confirm?token={}", "3Dé".repeat(60));
        let body = format!("لفتح الحساب:\n{link}\n");
        let entry = Attachment { name: "a.ics".into(), content_type: "text/calendar".into(), body: vec![b'A'; 200] };
        mailer.send("one", "awa@example.org", "Subject", body.clone()).await.expect("it is written");
        mailer.send_with("other", "awa@example.org", "Subject", body, Some(entry)).await.expect("it is written");
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        for name in ["mail/one.eml", "mail/other.eml"] {
            let path = place.path().join(name);
            let letter = std::fs::read_to_string(&path).expect("text");
            assert!(letter.contains(&format!("\r\n\r\nلفتح الحساب:\r\n{link}\r\n")), "{letter}");
            assert_eq!(mode(&path), 0o600);
        }
        assert_eq!(mode(&place.path().join("mail")), 0o700);
    }
}
