//! What can go wrong with object storage, in the terms that a caller acts on.

use std::fmt;
use std::io;

use aws_sdk_s3::error::{BoxError, ProvideErrorMetadata, SdkError};

/// The result of an operation on object storage.
pub type Result<T> = std::result::Result<T, Error>;

/// Why object storage did not do what it was asked.
#[derive(Debug)]
pub enum Error {
    /// There is no such object or upload.
    NotFound,
    /// The storage understood and will never do it: a bad key, a part that differs, a range past the end.
    Refused {
        /// The code of S3, such as `InvalidPart`.
        code: String,
        /// For the log; not for people.
        message: String,
    },
    /// The storage did not answer, or not sensibly; the same request may succeed later.
    Unavailable(BoxError),
    /// A file of this machine could not be read or written.
    File(io::Error),
}

impl Error {
    /// A refusal of our own, before the storage is asked.
    pub(super) fn refused(code: &str, message: impl fmt::Display) -> Self {
        Self::Refused { code: code.to_owned(), message: message.to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such object"),
            Self::Refused { code, message } => {
                write!(f, "object storage refused: {code}: {message}")
            }
            Self::Unavailable(_) => f.write_str("object storage is unavailable"),
            Self::File(_) => f.write_str("a local file could not be read or written"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unavailable(source) => Some(source.as_ref()),
            Self::File(source) => Some(source),
            Self::NotFound | Self::Refused { .. } => None,
        }
    }
}

impl<E> From<SdkError<E>> for Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E>) -> Self {
        if let SdkError::ConstructionFailure(_) = &error {
            return Self::refused("InvalidRequest", aws_sdk_s3::error::DisplayErrorContext(&error));
        }
        let code = error.code().unwrap_or_default();
        match error.raw_response().map(|response| response.status().as_u16()) {
            // A missing bucket or refused credentials are the operator's to mend; the request itself may be fine.
            Some(401 | 403 | 408 | 429) => Self::Unavailable(error.into()),
            Some(404) if code == "NoSuchBucket" => Self::Unavailable(error.into()),
            Some(404) => Self::NotFound,
            Some(status @ 400..=499) if code.is_empty() => Self::refused(&format!("status {status}"), "it does not say why"),
            Some(400..=499) => Self::refused(code, error.message().unwrap_or_default()),
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}
